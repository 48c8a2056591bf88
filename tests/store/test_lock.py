from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from aggregator.cli import main
from aggregator.errors import HeldDatabase
from aggregator.store import Store
from aggregator.store.lock import Manner, held

NOW = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
HOLDS = """
import datetime, sys
from aggregator.store.lock import held
with held(sys.argv[1], "aggregator run", now=datetime.datetime.now(datetime.UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/aggregator.db"


def test_one_holds_a_database_and_the_next_is_told_who(address: str) -> None:
    with held(address, "aggregator run", now=NOW) as doubt, pytest.raises(HeldDatabase) as refused, held(address, "other", now=NOW):
        pass

    assert doubt is None
    assert f"aggregator run (process {os.getpid()} on " in refused.value.message
    assert "since 2026-02-03 04:05 UTC" in refused.value.message
    assert refused.value.remedy


def test_who_ends_gives_it_back(address: str) -> None:
    with held(address, "aggregator run", now=NOW):
        pass

    with held(address, "aggregator restore", now=NOW) as doubt:
        assert doubt is None


def test_who_is_killed_gives_it_back(address: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(HeldDatabase, match=f"process {other.pid} "), held(address, "aggregator run", now=NOW):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait(10)

        with held(address, "aggregator run", now=NOW) as doubt:
            assert doubt is None


@pytest.mark.parametrize(
    ("first", "second", "goes"),
    [
        ("once", "once", True),
        ("for good", "once", True),
        ("once", "for good", True),
        ("for good", "for good", False),
        ("once", "alone", False),
        ("alone", "once", False),
        ("for good", "alone", False),
        ("alone", "for good", False),
        ("alone", "alone", False),
    ],
)
def test_many_write_once_one_works_for_good_and_nobody_beside_who_replaces(
    address: str, first: Manner, second: Manner, *, goes: bool
) -> None:
    with held(address, "one", now=NOW, manner=first):
        if goes:
            with held(address, "two", now=NOW, manner=second) as doubt:
                assert doubt is None
        else:
            with pytest.raises(HeldDatabase, match="in use by one"), held(address, "two", now=NOW, manner=second):
                pass
    with held(address, "three", now=NOW, manner="alone") as doubt:
        assert doubt is None


@pytest.mark.parametrize("command", [["restore", "kept.sqlite"], ["move", "--to", "sqlite:///other.db"]])
def test_a_poll_by_cron_is_not_replaced_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    address = f"sqlite:///{tmp_path}/news.db"
    monkeypatch.setenv("AGGREGATOR_DATABASE", address)
    (tmp_path / "config").mkdir()
    assert CliRunner().invoke(main, ["backup", str(tmp_path / "kept.sqlite")]).exit_code == 0

    with held(address, "aggregator poll", now=NOW, manner="once"):
        refused = CliRunner().invoke(main, command)
    done = CliRunner().invoke(main, command)

    assert refused.exit_code == 1
    assert "is in use by aggregator poll (process " in refused.output
    assert "let that one end" in refused.output
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("command", [["poll"], ["forget"]])
def test_while_the_database_is_replaced_nobody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGGREGATOR_DATABASE", f"sqlite:///{tmp_path}/news.db")
    (tmp_path / "config").mkdir()

    with held(f"sqlite:///{tmp_path}/news.db", "aggregator restore", now=NOW, manner="alone"):
        refused = CliRunner().invoke(main, command)

    assert refused.exit_code == 1
    assert "is in use by aggregator restore (process " in refused.output
    assert not (tmp_path / "news.db").exists()


def test_another_name_of_the_file_is_the_same_database(tmp_path: Path, address: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/aggregator.db").touch()
    (tmp_path / "link.db").symlink_to("data/aggregator.db")

    with held(address, "one", now=NOW), pytest.raises(HeldDatabase), held(f"sqlite:///{tmp_path}/link.db", "two", now=NOW):
        pass


def test_a_database_of_its_own_is_another_matter(tmp_path: Path, address: str) -> None:
    with held(address, "one", now=NOW), held(f"sqlite:///{tmp_path}/data/other.db", "two", now=NOW) as doubt:
        assert doubt is None


@pytest.mark.parametrize("address", ["postgresql://news@db.example.edu/news", "no address", "sqlite://"])
def test_where_no_file_is_there_is_no_lock(address: str) -> None:
    with held(address, "one", now=NOW) as first, held(address, "two", now=NOW) as second:
        assert first is None
        assert second is None


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_folder_that_knows_no_locks_is_said(address: str, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def unknown(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", unknown)

    with held(address, "one", now=NOW) as doubt:
        assert doubt is not None
        assert "knows no locks" in doubt


def test_a_folder_that_cannot_be_made_is_said_by_who_opens_the_database(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with held(f"sqlite:///{tmp_path}/file/aggregator.db", "one", now=NOW) as doubt:
        assert doubt is not None


def test_a_postgresql_for_which_a_daemon_speaks_is_not_moved_away(
    empty_postgres: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = empty_postgres()
    monkeypatch.setenv("AGGREGATOR_DATABASE", address)
    (tmp_path / "config").mkdir()
    asked = ["--config", str(tmp_path / "config"), "move", "--to", f"sqlite:///{tmp_path}/other.db"]

    with Store.open(address) as store, store.voice() as voice:
        assert voice.is_ours()
        refused = CliRunner().invoke(main, asked)
    done = CliRunner().invoke(main, asked)

    assert refused.exit_code == 1
    assert "a daemon, a worker or another command works on postgresql" in refused.output
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["", "x.db?nonsense=1", ":memory:"])
def test_an_address_that_cannot_be_right_leaves_no_lock(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "config"
    folder.mkdir()

    with held(f"sqlite:///{folder}/{name}" if name != ":memory:" else f"sqlite:///{name}", "aggregator run", now=NOW):
        assert [each.name for each in tmp_path.rglob("*")] == ["config"]
