"""`check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typed import Run

from aggregator import checks
from aggregator.config import load
from aggregator.model import (
    Source,
)
from aggregator.store import Store


def test_check_tells_what_there_is(run: Run) -> None:
    result = run("check")

    assert (result.exit_code, result.output) == (0, "config: 1 university, 1 source, 2 published feeds: no problem found\n")


@pytest.mark.usefixtures("article")
def test_check_warns_of_a_query_that_names_a_university_that_was_renamed(run: Run, folder: Path, now: Any) -> None:
    (folder / "config/universities/north.yaml").rename(folder / "config/universities/arctic.yaml")
    (folder / "config/aggregator.yaml").write_text("database: sqlite:///wire.db\nfeeds:\n  - {name: ours, where: 'university:north'}\n")
    settings = load(folder / "config")
    with Store.open("sqlite:///wire.db") as store:
        store.sync(settings.sources.values(), of=settings.universities.values(), now=now)

    result = run("check")

    assert result.exit_code == 0, result.output
    assert 'aggregator.yaml:3: feeds[0].where: "north" is arctic now, and is followed: write arctic instead' in result.stderr
    assert "no problem found" in result.stdout


RETAKEN = '"north" was North University before, which is arctic now: who subscribes to /universities/north gets Narnia from now on'


@pytest.fixture
def retaken(folder: Path, article: Any, now: Any) -> Path:
    """Its university was renamed, and another one has got its id."""
    north = folder / "config/universities/north.yaml"
    for _ in range(2):
        settings = load(folder / "config")
        with Store.open("sqlite:///wire.db") as store:
            store.sync(settings.sources.values(), of=settings.universities.values(), now=now)
        if north.exists():
            north.rename(folder / "config/universities/arctic.yaml")
    north.write_text("name: Narnia\nsources: [{url: 'https://narnia.example.edu/', paused: true}]\n")
    return folder


def test_check_warns_of_a_file_that_takes_the_id_of_a_university_that_was_renamed(run: Run, retaken: Path) -> None:
    result = run("check")

    assert result.exit_code == 0, result.output
    assert f"warning: config/universities/north.yaml:1: name: {RETAKEN}" in result.stderr


def test_a_poll_warns_of_it_and_says_it_once(run: Run, retaken: Path) -> None:
    assert RETAKEN in run("poll", "north").stderr
    assert RETAKEN not in run("poll", "north").stderr


def test_who_imports_is_warned_of_it(run: Run, retaken: Path) -> None:
    (retaken / "config/universities/north.yaml").unlink()
    (retaken / "feeds.opml").write_text('<opml><body><outline text="Narnia" xmlUrl="https://news.north.org/feed"/></body></opml>')

    assert RETAKEN in run("import", "feeds.opml").stderr


def test_check_needs_no_database_for_that_and_changes_none(run: Run, folder: Path) -> None:
    (folder / "wire.db").write_bytes(b"no database at all")
    result = run("check")

    assert (result.exit_code, result.stdout) == (0, "config: 1 university, 1 source, 2 published feeds: no problem found\n")
    assert (folder / "wire.db").read_bytes() == b"no database at all"


def test_check_refuses_a_query_that_names_what_no_database_knows_and_makes_none(run: Run, folder: Path) -> None:
    (folder / "config/aggregator.yaml").write_text("database: sqlite:///wire.db\nfeeds:\n  - {name: ours, where: 'university:nort'}\n")

    result = run("check")

    assert result.exit_code == 2
    assert 'did you mean "north"?' in result.output
    assert not (folder / "wire.db").exists()


def test_recorded_cases_are_read_anew(
    run: Run, folder: Path, a_source: Callable[..., Source], a_page: Callable[..., Any], now: Any
) -> None:
    feed = "<rss version='2.0'><channel><title>N</title><item><title>Robots walk</title><link>https://north.example.edu/1</link></item></channel></rss>"
    place = checks.record(folder / "config" / "checks", a_page(feed), a_source(), now=now)

    assert run("check").output.endswith("1 recorded case, 0 of them read differently now\n")
    (place / "page").write_text(feed.replace("walk", "run"))
    result = run("check")

    assert result.exit_code == 1
    assert "title of 'Robots walk': Robots run, was Robots walk" in result.output


def test_universities_without_a_source_cannot_be_looked_at(run: Run, folder: Path) -> None:
    (folder / "config/universities/south.yaml").write_text("name: South\n")

    result = run("check", "--online", "--university", "south")

    assert result.exit_code == 1
    assert "none of these universities has a source" in result.stderr


@pytest.mark.parametrize(
    ("address", "meant"), [("sqlite:///var/lib/a.db", "sqlite:////var/lib/a.db"), ("sqlite:///usr/a.db", "sqlite:////usr/a.db")]
)
def test_check_warns_of_a_database_that_lies_elsewhere_than_it_looks(run: Run, folder: Path, address: str, meant: str) -> None:
    (folder / "config/aggregator.yaml").write_text(f"database: {address}\n")

    result = run("check")

    assert result.exit_code == 0
    assert f"warning: database: {address} is a relative path, with three slashes" in result.stderr
    assert f"write {meant}, with four slashes" in result.stderr


@pytest.mark.parametrize(
    "address",
    ["sqlite:///wire.db", "sqlite:///data/aggregator.db", "sqlite:////var/lib/a.db", "sqlite:///../var/a.db", "sqlite:///news/a.db"],
)
def test_check_says_nothing_of_a_database_that_is_where_it_looks(run: Run, folder: Path, address: str) -> None:
    (folder / "config/aggregator.yaml").write_text(f"database: {address}\n")

    assert "slashes" not in run("check").output
