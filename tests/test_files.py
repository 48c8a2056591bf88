from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from aggregator import files


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    assert files.write(tmp_path / "a" / "b" / "c.rss", b"one")

    assert (tmp_path / "a" / "b" / "c.rss").read_bytes() == b"one"


def test_what_holds_the_same_already_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "c.rss"
    files.write(path, b"one")
    before = path.stat()

    assert not files.write(path, b"one")

    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_reader_that_has_the_file_open_keeps_the_whole_old_one(tmp_path: Path) -> None:
    path = tmp_path / "c.rss"
    files.write(path, b"one" * 10_000)

    with path.open("rb") as reader:
        begun = reader.read(3)
        assert files.write(path, b"two")
        rest = reader.read()

    assert begun + rest == b"one" * 10_000
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_where_writing_breaks_the_old_file_stays_and_nothing_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "c.rss"
    files.write(path, b"one")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((Path, "replace", fails) if broken == "replace" else (os, "fsync", fails)))
    with pytest.raises(OSError, match="No space left"):
        files.write(path, b"two")

    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_the_rights_of_a_file_stay_and_a_new_one_gets_those_of_its_folder(tmp_path: Path) -> None:
    private, ordinary, ours = tmp_path / "private", tmp_path / "ordinary", tmp_path / "ours"
    files.write(private, b"one")
    private.chmod(0o600)
    ordinary.touch()

    files.write(private, b"two")
    files.write(ours, b"one")

    assert private.stat().st_mode & 0o777 == 0o600
    assert ours.stat().st_mode == ordinary.stat().st_mode


def test_a_folder_in_the_place_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "c.rss").mkdir()

    with pytest.raises(OSError, match="directory"):
        files.write(tmp_path / "c.rss", b"one")


def test_a_name_as_long_as_names_may_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".rss")

    assert files.write(path, b"one")
    assert list(tmp_path.iterdir()) == [path]


def test_content_and_name_are_on_the_disk_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")
        fsync(descriptor)

    def moved(path: Path, target: Path) -> Path:
        steps.append("move")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)

    files.write(tmp_path / "new" / "file", b"content")

    assert steps == ["folder", "content", "move", "folder"]
