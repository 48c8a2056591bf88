"""Articles as they were last read: of 500 that a feed shows, mostly all but one are known already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Text, cast, select

from aggregator.model import Article
from aggregator.store import rows
from aggregator.store.database import chunks
from aggregator.store.tables import articles

STAMP = (
    articles.c.number,
    articles.c.id,
    articles.c.revision,
    articles.c.source,
    articles.c.university,
    articles.c.story,
    articles.c.copy_of,
    cast(articles.c.mentions, Text).label("named_there"),
    articles.c.content.is_(None).label("has_no_content"),
    articles.c.text.is_(None).label("has_no_text"),
)
"""While these are the same, so is all of an article: what a source says of it is of its revision, the rest is what may change without one."""


_stamped = attrgetter(*(column.key for column in STAMP))
_Stamp = tuple[Any, ...]
"""Values of ``STAMP``."""


class _Kept(NamedTuple):
    stamp: _Stamp
    article: Article
    size: int


class Held:
    """Up to ``room`` characters of articles, the longest unasked for leave first. Thread-safe."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._lock = Lock()

    def whole(self, connection: Connection, stamps: Iterable[Row[Any]]) -> list[Article]:
        """The articles of these rows of ``STAMP``, in their order; only those are read that are not known as they are there."""
        wanted: dict[int, _Stamp] = {row[0]: tuple(row) for row in stamps}
        found = self._known(wanted)
        for chunk in chunks([number for number in wanted if number not in found]):
            found |= self._read(connection, chunk)
        return [found[number] for number in wanted]

    def _known(self, wanted: Mapping[int, _Stamp]) -> dict[int, Article]:
        found = {}
        with self._lock:
            for number, stamp in wanted.items():
                kept = self._kept.get(number)
                if kept is not None and kept.stamp == stamp:
                    self._kept.move_to_end(number)
                    found[number] = kept.article
        return found

    def _read(self, connection: Connection, numbers: Sequence[int]) -> dict[int, Article]:
        """The stamp that an article is kept with is of the same row: that of a moment ago may be another one where the database shows what others write."""
        wanted = select(articles, *(column for column in STAMP if column.key not in articles.c)).where(articles.c.number.in_(numbers))
        read = {row.number: (_stamped(row), rows.article(row)) for row in connection.execute(wanted)}
        with self._lock:
            for number, (stamp, article) in read.items():
                self._keep(number, _Kept(stamp, article, _size(article)))
        return {number: article for number, (_, article) in read.items()}

    def _keep(self, number: int, kept: _Kept) -> None:
        before = self._kept.pop(number, None)
        self._used += kept.size - (before.size if before else 0)
        self._kept[number] = kept
        while self._used > self._room:
            _, gone = self._kept.popitem(last=False)
            self._used -= gone.size


_BESIDE = 1_500
"""Bytes of an article beside its texts, about."""


def _size(article: Article) -> int:
    return _BESIDE + sum(map(len, (article.title, article.summary or "", article.content or "", article.text or "")))
