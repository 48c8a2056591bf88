"""Articles as they were last read: of 500 that a feed shows, mostly all but one are known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, select

from aggregator.model import Article
from aggregator.room import Room
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


class Held:
    """Up to ``room`` bytes of articles, the longest unasked for leave first. Thread-safe."""

    def __init__(self, room: int) -> None:
        self._room: Room[int, tuple[_Stamp, Article]] = Room(room)

    def whole(self, connection: Connection, stamps: Iterable[Row[Any]]) -> list[Article]:
        """The articles of these rows of ``STAMP``, in their order; only those are read that are not known as they are there."""
        wanted: dict[int, _Stamp] = {row[0]: tuple(row) for row in stamps}
        found = self._known(wanted)
        for chunk in chunks([number for number in wanted if number not in found]):
            found |= self._read(connection, chunk)
        return [found[number] for number in wanted]

    def _known(self, wanted: Mapping[int, _Stamp]) -> dict[int, Article]:
        held = ((number, stamp, self._room.get(number)) for number, stamp in wanted.items())
        return {number: kept[1] for number, stamp, kept in held if kept is not None and kept[0] == stamp}

    def _read(self, connection: Connection, numbers: Sequence[int]) -> dict[int, Article]:
        """The stamp that an article is kept with is of the same row: that of a moment ago may be another one where the database shows what others write."""
        wanted = select(articles, *(column for column in STAMP if column.key not in articles.c)).where(articles.c.number.in_(numbers))
        read = {row.number: (_stamped(row), rows.article(row)) for row in connection.execute(wanted)}
        for number, stamped in read.items():
            self._room.put(number, stamped, stamped[1].weight)
        return {number: article for number, (_, article) in read.items()}
