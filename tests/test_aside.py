"""What restores have put aside: found again, and deleted only where it is ours for sure."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import aside

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=40)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "wire.db"


def put(database: Path, *, at: datetime = NOON, size: int = 10) -> Path:
    """As a restore does."""
    kept = database.with_name(f"{database.name}.{at:%Y%m%d-%H%M%S}")
    kept.write_bytes(b"x" * size)
    aside.note(database, kept, now=at)
    return kept


def test_what_was_put_aside_is_found_with_its_size_the_oldest_first(database: Path) -> None:
    new, old = put(database, at=LATER), put(database, size=30)
    old.with_name(f"{old.name}-wal").write_bytes(b"x" * 5)

    assert [(each.path, each.since, each.size) for each in aside.found(database)] == [(old, NOON, 35), (new, LATER, 10)]


def test_what_is_old_is_deleted_with_the_files_beside_it(database: Path) -> None:
    old, new = put(database), put(database, at=LATER)
    wal = old.with_name(f"{old.name}-wal")
    wal.touch()
    database.touch()

    gone = aside.tidy(database, before=LATER)

    assert [each.path for each in gone] == [old]
    assert (old.exists(), wal.exists(), new.exists(), database.exists()) == (False, False, True, True)
    assert [each.path for each in aside.found(database)] == [new]


def test_the_last_one_takes_the_notes_along(database: Path) -> None:
    put(database)

    aside.tidy(database, before=LATER)

    assert list(database.parent.iterdir()) == []


def test_a_backup_that_an_operator_has_called_like_that_is_left_alone(database: Path) -> None:
    put(database)
    own = database.with_name("wire.db.20250101-000000")
    own.touch()

    assert len(aside.tidy(database, before=LATER)) == 1
    assert own.exists()


def changed(kept: Path) -> None:
    kept.write_bytes(b"something else")


def touched(kept: Path) -> None:
    os.utime(kept, ns=(1, 1))


def linked(kept: Path) -> None:
    kept.rename(kept.with_name("precious.db"))
    kept.symlink_to(kept.with_name("precious.db"))


@pytest.mark.parametrize("happened", [changed, touched, linked])
def test_what_is_not_as_it_was_put_aside_is_left_alone(database: Path, happened: object) -> None:
    kept = put(database)
    happened(kept)  # type: ignore[operator]

    assert aside.found(database) == aside.tidy(database, before=LATER) == []
    assert kept.exists()


@pytest.mark.parametrize(
    "notes",
    [
        "no json",
        "{}",
        "[7]",
        '[{"name": "../other.db", "since": "2026-03-02T12:00:00+00:00", "size": 0, "modified": 0}]',
        '[{"name": "other.db", "since": "2026-03-02", "size": 0, "modified": 0}]',
        '[{"name": "", "since": "2026-03-02T12:00:00+00:00", "size": 0, "modified": 0}]',
        '[{"name": 7, "since": 7, "size": 7, "modified": 7}]',
    ],
)
def test_notes_that_are_not_ours_delete_nothing(database: Path, notes: str) -> None:
    other = database.with_name("other.db")
    other.touch()
    os.utime(other, ns=(0, 0))
    database.with_name("wire.db.aside").write_text(notes)

    assert aside.tidy(database, before=LATER) == []
    assert other.exists()
