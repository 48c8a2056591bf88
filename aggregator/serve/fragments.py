"""Items of feeds as they were written: of 500 items of which one is new, one is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aggregator.model import Article, Report, Source
from aggregator.publish.items import Writer
from aggregator.room import Room

_Place = tuple[Writer, str, Sequence[Report]]
"""One article has its item in each format, and another one in the feed of stories, which names who else tells of it."""


class _Written(NamedTuple):
    said: tuple[object, ...]
    """All that it was written of."""
    item: bytes


class Fragments:
    """A ``publish.items.Writing`` that keeps items of up to ``room`` bytes, their articles included; the longest unused leave first.

    An item is kept with all that it was written of, and written again where anything of that differs: it cannot be out of date. Thread-safe.
    """

    def __init__(self, room: int) -> None:
        self._room: Room[_Place, _Written] = Room(room)

    def __call__(self, write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes:
        place = (write, article.id, reports)
        said = (article, source, reports, *more)
        written = self._room.get(place)
        if written is None or written.said != said:
            written = _Written(said, write(*said))
            self._room.put(place, written, len(written.item) + article.weight)
        return written.item
