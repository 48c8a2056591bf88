"""Recorded cases: a page as it was, and what was read on it. Replayed, they tell what reads differently now, so that an upgrade can be judged first.

config/checks/NAME/page      the body, as received
config/checks/NAME/case.json where and when it was fetched, how its source was configured, and what was read
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from aggregator import __version__, files
from aggregator.errors import InputError, Problem, ReadError
from aggregator.model import Entry, Page, Profile, Selectors, Source
from aggregator.profile import followed, read_as
from aggregator.read import read

FOLDER: Final = "checks"
"""In the folder of the configuration."""
_PAGE, _CASE = "page", "case.json"
_SHOWN: Final = 10
"""Differences of one case that are told one by one."""


@dataclass(frozen=True, slots=True)
class Case:
    source: Source
    page: Page
    now: datetime
    """When it was recorded: dates without a year are completed with it."""
    reader: str
    entries: tuple[Mapping[str, str | None], ...]
    kind: str | None = None
    """As in ``model.Profile``: how it was read since it was redesigned."""
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """``differences`` in words; none where the page reads as it did."""

    name: str
    source: str
    entries: int
    differences: tuple[str, ...]


def record(folder: Path, page: Page, source: Source, *, now: datetime, profile: Profile | None = None) -> Path:
    """Save ``page`` with what is read on it as a new case in ``folder``. Raises ReadError where nothing is, InputError where it cannot be written."""
    reading = read(page, followed(source, profile), now=now)
    place = folder / f"{_slug(source.id)}-{now:%Y%m%d-%H%M%S}"
    case = {
        "source": _told(source),
        "kind": profile.kind if profile else None,
        "items": profile.items if profile else None,
        "url": page.url,
        "content_type": page.content_type,
        "recorded": now.isoformat(),
        "version": __version__,
        "reader": reading.reader,
        "entries": [_said(entry) for entry in reading.entries],
    }
    try:
        files.write(place / _PAGE, page.body)
        files.write(place / _CASE, (json.dumps(case, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise InputError([Problem(str(place), None, "", f"cannot be written: {error.strerror}")]) from error
    return place


def replay(folder: Path, sources: Mapping[str, Source]) -> Iterator[Replayed]:
    """Read every case in ``folder`` anew, by name. A source that is configured still is read as it is configured now. Raises InputError at a broken case."""
    for place in sorted(path.parent for path in folder.glob(f"*/{_CASE}")):
        case = _load(place)
        source = read_as(sources.get(case.source.id, case.source), case.kind, case.items)
        try:
            reading = read(case.page, source, now=case.now)
        except ReadError as error:
            yield Replayed(place.name, source.id, 0, (f"cannot be read any more: {error.message}",))
            continue
        differences = list(_differences(case.entries, [_said(entry) for entry in reading.entries]))
        if case.reader != reading.reader and differences:
            differences.insert(0, f"read by {reading.reader}, was {case.reader}")
        yield Replayed(place.name, source.id, len(reading.entries), tuple(differences))


def _differences(before: tuple[Mapping[str, str | None], ...], after: list[Mapping[str, str | None]]) -> Iterator[str]:
    old, new = ({each["url"] or each["title"]: each for each in entries} for entries in (before, after))
    told = [f"gone: {old[key]['title']}" for key in old if key not in new]
    told += [f"new: {new[key]['title']}" for key in new if key not in old]
    told += [
        f"{name} of {old[key]['title']!r}: {_short(new[key].get(name))}, was {_short(old[key].get(name))}"
        for key in old
        if key in new
        for name in old[key]
        if new[key].get(name) != old[key].get(name)
    ]
    if not told and list(old) != list(new):
        told = ["in another order"]
    yield from told[:_SHOWN]
    if len(told) > _SHOWN:
        yield f"… and {len(told) - _SHOWN} more"


def _short(value: str | None) -> str:
    return "nothing" if value is None else value if len(value) <= 80 else f"{value[:79]}…"


def _said(entry: Entry) -> dict[str, str | None]:
    """What an upgrade should not change; long texts by their digest."""
    return {
        "title": entry.title,
        "url": entry.url,
        "id": entry.id,
        "published": entry.published.isoformat() if entry.published else None,
        "authors": ", ".join(entry.authors) or None,
        "summary": _digest(entry.summary),
        "content": _digest(entry.content),
        "image": entry.image,
    }


def _digest(text: str | None) -> str | None:
    return f"{len(text)} characters, {blake2b(text.encode(errors='surrogatepass'), digest_size=6).hexdigest()}" if text else None


_READ: Final = ("id", "url", "kind", "language", "timezone", "selectors")


def _told(source: Source) -> dict[str, Any]:
    return {name: value for name, value in asdict(source).items() if name in _READ and value is not None}


def _load(place: Path) -> Case:
    try:
        said = json.loads((place / _CASE).read_bytes())
        selectors = said["source"].get("selectors")
        source = Source(**{**said["source"], "selectors": Selectors(**selectors) if selectors else None})
        page = Page(said["url"], (place / _PAGE).read_bytes(), said["content_type"])
        return Case(
            source, page, datetime.fromisoformat(said["recorded"]), said["reader"], tuple(said["entries"]), said["kind"], said["items"]
        )
    except OSError as error:
        raise InputError([Problem(str(place), None, "", f"cannot be read: {error.strerror}")]) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError([Problem(str(place / _CASE), None, "", f"is no recorded case: {error!r}")]) from error


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:80] or "source"
