"""`publish`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typed import Run


@pytest.mark.usefixtures("article")
def test_publishing_writes_the_feed_and_a_second_time_nothing(run: Run, folder: Path) -> None:
    first, second = run("publish", "out"), run("publish", "out")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert b"Students build robot number 1" in (folder / "out" / "feeds" / "all.rss").read_bytes()
    assert re.match(r"out: \d+ files written, 0 unchanged, 0 removed", first.stdout)
    assert re.match(r"out: 0 files written, \d+ unchanged, 0 removed", second.stdout)


def test_publishing_where_nothing_can_be_written_fails(run: Run, folder: Path) -> None:
    (folder / "file").touch()

    assert run("publish", "file/out").exit_code == 1
    assert run("publish", "file").exit_code == 2


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("config", "is the folder of a configuration"),
        ("config/public", "is a part of a configuration"),
        ("elsewhere", "is the folder of a configuration"),
        (".", "holds the configuration"),
        ("data", "holds the database"),
    ],
)
def test_nothing_is_published_where_a_configuration_or_the_database_is(run: Run, folder: Path, place: str, said: str) -> None:
    """A web server would show both to everybody."""
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "aggregator.yaml").write_text("")
    (folder / "data").mkdir()
    (folder / "config/aggregator.yaml").write_text("database: sqlite:///data/wire.db\n")
    before = sorted(folder.rglob("*"))

    result = run("publish", place)

    assert result.exit_code == 1
    assert said in result.stderr
    assert sorted(folder.rglob("*")) == before


def test_who_publishes_for_this_machine_alone_is_warned(run: Run) -> None:
    local, public = run("publish", "out"), run("publish", "out", env={"AGGREGATOR_SITE_URL": "https://wire.example.org"})

    assert "warning: what is published leads to http://127.0.0.1:8000, this machine alone: set site.url first" in local.stderr
    assert "warning" not in public.stderr
