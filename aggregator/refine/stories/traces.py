"""Marks as they are kept, and the numbers by which articles that may belong together are found: whoever shares one is worth a look.

There is a bounded number of them for each article, and those of events are bound to their day, so that looking them up costs the same however much is stored.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, islice
from typing import Any, NamedTuple

from aggregator.refine.stories.concepts import WEIGHTS
from aggregator.refine.stories.judge import NEAR
from aggregator.refine.stories.marks import Marks
from aggregator.refine.stories.shingles import Sketch, bands

_MOST = 20
"""Event traces of one article: its fullest names first."""
_SUBJECTS = 4
_SETS = [field.name for field in fields(Marks) if field.name not in ("language", "day", "heading", "sketch")]


class Traces(NamedTuple):
    """``left``: kept with the article. ``sought``: those of articles that may belong to it. ``copies``: which of either are of the text."""

    left: frozenset[int]
    sought: frozenset[int]
    copies: frozenset[int]


def traces(marks: Marks, *, day: int) -> Traces:
    """``day``: the ordinal of the day by which the article is ordered; events are sought within ``NEAR`` days of it."""
    copies = {_spread(band + 1, number) for band, number in enumerate(bands(marks.sketch))}
    copies |= {_spread(0, _number(each)) for each in marks.exact}
    tokens = [_number(token) for token in islice(_tokens(marks), _MOST)]
    left = {_spread(day, token) for token in tokens}
    sought = {_spread(near, token) for token in tokens for near in range(day - NEAR, day + NEAR + 1)}
    return Traces(frozenset(copies | left), frozenset(copies | sought), frozenset(copies))


def _tokens(marks: Marks) -> Iterator[str]:
    """What an event is known by, the most telling first."""
    names = sorted(marks.names | marks.institutions, key=lambda name: (name[0] != "#", not name.endswith("+"), -len(name), name))
    special = sorted((number for number in marks.numbers if len(number.rstrip("0")) >= 3), key=lambda number: (-len(number), number))
    subjects = sorted((row for row in marks.concepts if WEIGHTS[row] > 1), key=lambda row: (-WEIGHTS[row], row))[:_SUBJECTS]
    yield from (f"{one}&{other}" for one, other in combinations(sorted(subjects), 2))
    yield from names[: _MOST - 8]
    yield from sorted(marks.acronyms)
    yield from special
    yield from names[_MOST - 8 :]


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def _spread(kind: int, number: int) -> int:
    """63 bits, which every database has in a whole number: each kind (a band, a day) has its own."""
    return (number + kind * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 >> 1 & 0x7FFFFFFFFFFFFFFF


def pack(marks: Marks) -> bytes:
    sketch = {"hashes": marks.sketch.hashes.tobytes().hex(), "size": marks.sketch.size}
    kept: dict[str, Any] = {name: sorted(getattr(marks, name)) for name in _SETS}
    return json.dumps(
        kept | {"language": marks.language, "day": marks.day, "heading": marks.heading, "sketch": sketch},
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode(errors="surrogatepass")


@lru_cache(maxsize=2_000)  # the latest articles are looked at for each new one
def unpack(packed: bytes) -> Marks:
    """What ``pack`` was given."""
    kept = json.loads(packed.decode(errors="surrogatepass"))
    sketch = Sketch(array("I", bytes.fromhex(kept["sketch"]["hashes"])), kept["sketch"]["size"])
    return Marks(
        language=kept["language"],
        day=kept["day"],
        heading=kept["heading"],
        sketch=sketch,
        **{name: frozenset(kept[name]) for name in _SETS},
    )
