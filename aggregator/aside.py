"""Databases that `aggregator restore` has put aside: which there are, how large, and which may go.

What is deleted must be ours for sure. A name proves nothing: an operator's own backup may be called like that. So what was put aside is noted in a file beside the
database, with what tells it from others, and nothing that was not noted, or is not as it was, is ever touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator import files

_BESIDE = ("", "-wal", "-shm")
"""What belongs to a database: its file, and those that SQLite has beside it."""


@dataclass(frozen=True, slots=True)
class Aside:
    path: Path
    since: datetime
    """When it was put aside."""
    size: int
    """Bytes, with the files beside it."""


def note(database: Path, kept: Path, *, now: datetime) -> Aside:
    """Remember that ``kept`` is what ``database`` was before. Raises OSError."""
    held = [each for each in _noted(database) if each["name"] != kept.name]
    state = kept.stat()
    held.append({"name": kept.name, "since": now.isoformat(), "size": state.st_size, "modified": state.st_mtime_ns})
    _write(database, held)
    return Aside(kept, now, _size(kept))


def found(database: Path) -> Sequence[Aside]:
    """Those that are there and as they were put aside, the oldest first. Raises OSError."""
    return sorted(_those(database), key=lambda each: each.since)


def tidy(database: Path, *, before: datetime) -> Sequence[Aside]:
    """Delete those that were put aside before then. Returns them. Raises OSError."""
    old = [each for each in found(database) if each.since < before]
    for each in old:
        for beside in _BESIDE:
            _beside(each.path, beside).unlink(missing_ok=True)
    _write(database, [each for each in _noted(database) if database.with_name(each["name"]).exists()])
    return old


def _those(database: Path) -> Iterator[Aside]:
    for each in _noted(database):
        path = database.with_name(each["name"])
        if path.is_symlink() or not path.is_file():
            continue
        state = path.stat()
        if (state.st_size, state.st_mtime_ns) == (each["size"], each["modified"]):
            yield Aside(path, datetime.fromisoformat(each["since"]), _size(path))


def _size(path: Path) -> int:
    return sum(each.stat().st_size for beside in _BESIDE if (each := _beside(path, beside)).is_file())


def _beside(path: Path, beside: str) -> Path:
    return path.with_name(path.name + beside)


def _notes(database: Path) -> Path:
    return database.with_name(f"{database.name}.aside")


def _noted(database: Path) -> list[dict[str, Any]]:
    """What cannot be understood was not noted by us."""
    try:
        told = json.loads(_notes(database).read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return [each for each in told if _is_note(each)] if isinstance(told, list) else []


def _is_note(each: object) -> bool:
    if not isinstance(each, dict) or {"name", "since", "size", "modified"} - each.keys():
        return False
    name, since = each["name"], each["since"]
    try:
        return bool(name) and name == Path(name).name and datetime.fromisoformat(since).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _write(database: Path, held: list[dict[str, Any]]) -> None:
    if held:
        files.write(_notes(database), (json.dumps(held, indent=1) + "\n").encode())
    else:
        _notes(database).unlink(missing_ok=True)
