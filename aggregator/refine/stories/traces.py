"""Marks as they are kept, and the numbers by which articles that may belong together are found: whoever shares one is worth a look.

There is a bounded number of them for each article, and those of events are bound to their day, so that looking them up costs the same however much is stored.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b
from itertools import combinations, islice
from typing import NamedTuple

from aggregator.refine.stories.concepts import WEIGHTS
from aggregator.refine.stories.marks import Marks
from aggregator.refine.stories.shingles import Sketch, least

_MOST = 20
"""Event traces of one article: its fullest names first."""
_SUBJECTS = 4
_PLACES = 2
"""With each of so many stand a name that all the world knows, and the main subjects: many reports of a visit share nothing else, and one trace is chance."""
_LEFT, _SOUGHT = 5, 12
"""Hashes of the wording. The least ones of a text are among the least of another that holds most of it, unless that is much longer: of texts that share half of
their shingles 96 % have two of them in common, of those that share three quarters all.
"""
_SETS = [field.name for field in fields(Marks) if field.name not in ("language", "day", "heading", "sketch")]


class Traces(NamedTuple):
    """What an article is found by."""

    exact: tuple[int, ...]
    """Of its address, and of its title and day."""
    wording: tuple[int, ...]
    """Of its shingles, those with the least hashes first. One of them is chance, or a phrase that many texts have; two are worth a look."""
    events: tuple[int, ...]
    """Of what it tells, each bound to its day, so that those of the days around stand around it."""

    @property
    def text(self) -> tuple[int, ...]:
        """What is kept with every article. Of the wording less than is sought: each stands in a place of its own in the database, and to write
        there costs several times as much as to look.
        """
        return self.exact + self.wording[:_LEFT]

    @property
    def left(self) -> tuple[int, ...]:
        """What is kept with one that is no copy; none comes twice."""
        return self.text + self.events


def traces(marks: Marks, *, day: int | None) -> Traces:
    """``day``: the ordinal of the day by which the article is ordered; events are sought some days around it. None: only its text is sought."""
    exact = {_spread(0, _number(each)) for each in marks.exact}
    wording = [_spread(1, hash_) for hash_ in least(marks.sketch, _SOUGHT)]
    events = {(_number(token) & _TOKEN) << _DAYS | day for token in islice(_tokens(marks), _MOST)} if day is not None else set()
    return Traces(tuple(sorted(exact)), tuple(wording), tuple(sorted(events)))


_DAYS = 20
"""Bits of the ordinal of a day."""
_TOKEN = (1 << 62 - _DAYS) - 1
_COPIES = 1 << 62
"""Traces of texts have it, those of events do not."""


def _tokens(marks: Marks) -> Iterator[str]:
    """What an event is known by, the most telling first."""
    names = sorted(marks.names | marks.institutions, key=lambda name: (name[0] != "#", not name.endswith("+"), -len(name), name))
    special = sorted((number for number in marks.numbers if len(number.rstrip("0")) >= 3), key=lambda number: (-len(number), number))
    subjects = sorted((row for row in marks.concepts if WEIGHTS[row] > 1), key=lambda row: (-WEIGHTS[row], row))[:_SUBJECTS]
    yield from (f"{one}&{other}" for one, other in combinations(sorted(subjects), 2))
    known = [name for name in names[:1] if name[0] == "#"]
    main = ["&".join(map(str, sorted(subjects[:2])))] if len(subjects) > 1 else []
    yield from (f"{one}@{place}" for one in known + main for place in sorted(marks.places)[:_PLACES])
    yield from names[: _MOST - 8]
    yield from sorted(marks.acronyms)
    yield from special
    yield from names[_MOST - 8 :]


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def _spread(kind: int, number: int) -> int:
    """Less than 63 bits, which every database has in a whole number: each kind (a band, an address) has its own."""
    return (number + kind * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 >> 1 & _COPIES - 1 | _COPIES


_HEAD = struct.Struct("<IH")
"""How many shingles there are, and how many hashes of them follow."""


_WRITER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def pack(marks: Marks) -> bytes:
    hashes, size = marks.sketch
    kept = [marks.language, marks.day, marks.heading, *(sorted(getattr(marks, name)) for name in _SETS)]
    written = _WRITER.encode(kept).encode(errors="surrogatepass")
    return _HEAD.pack(size, len(hashes) // 4) + hashes + written


def unpack_sketch(packed: bytes) -> Sketch:
    """That of what ``pack`` was given, without the rest."""
    size, count = _HEAD.unpack_from(packed)
    return Sketch(packed[_HEAD.size : _HEAD.size + 4 * count], size)


def unpack(packed: bytes) -> Marks:
    """What ``pack`` was given."""
    wording = unpack_sketch(packed)
    language, day, heading, exact, *sets = json.loads(packed[_HEAD.size + len(wording.hashes) :].decode(errors="surrogatepass"))
    return Marks(language, day, frozenset(exact), heading, wording, *map(frozenset, sets))
