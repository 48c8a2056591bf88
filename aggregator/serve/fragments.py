"""Items of feeds as they were written: of 500 items of which one is new, one is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

from aggregator.model import Article, Report, Source
from aggregator.publish.items import Writer

_Place = tuple[Writer, str, Sequence[Report]]
"""One article has its item in each format, and another one in the feed of stories, which names who else tells of it."""


class _Kept(NamedTuple):
    said: tuple[object, ...]
    """All that it was written of."""
    item: bytes
    size: int


class Fragments:
    """A ``publish.items.Writing`` that keeps items of up to ``room`` bytes, their articles included; the longest unused leave first.

    An item is kept with all that it was written of, and written again where anything of that differs: it cannot be out of date. Thread-safe.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[_Place, _Kept] = OrderedDict()
        self._lock = Lock()

    def __call__(self, write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes:
        place = (write, article.id, reports)
        said = (article, source, reports, *more)
        kept = self._kept.get(place)
        if kept is None or kept.said != said:
            kept = _Kept(said, item := write(*said), len(item) + _size(article))
        self._keep(place, kept)
        return kept.item

    def _keep(self, place: _Place, kept: _Kept) -> None:
        with self._lock:
            before = self._kept.pop(place, None)
            self._used += kept.size - (before.size if before else 0)
            self._kept[place] = kept
            while self._used > self._room:
                _, gone = self._kept.popitem(last=False)
                self._used -= gone.size


_BESIDE = 1_500
"""Bytes of an article beside its texts, about."""


def _size(article: Article) -> int:
    return _BESIDE + sum(map(len, (article.title, article.summary or "", article.content or "", article.text or "")))
