"""Which order the numeric dates of one page are written in, by all of them together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_NUMERIC = re.compile(r"(?<![0-9/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_YEARLESS = re.compile(r"\W{0,2}([0-9]{2})/([0-9]{2})\W{0,2}")
"""A whole text that is a day and a month: it only tells which is which by a number above 12."""

_ENOUGH = 4
"""So many dates in order, or texts that look like a day and a month, are no accident."""


def vote_day_first(texts: Iterable[str]) -> bool | None:
    """True where the day comes first, False where the month does, None where the page does not tell.

    A number above 12 tells; where none does, the order in which the dates of a list would stand in order of time.
    """
    read = list(texts)
    dates = [(int(a), int(b), int(c)) for text in read for a, _, b, c in _NUMERIC.findall(text[:4_000])]
    bare = [(int(found[1]), int(found[2])) for text in read if (found := _YEARLESS.fullmatch(text))]
    pairs = [(a, b) for a, b, _ in dates] + (bare if len(bare) >= _ENOUGH else [])
    days = sum(a > 12 >= b for a, b in pairs)
    months = sum(b > 12 >= a for a, b in pairs)
    if days or months:
        return days > months if max(days, months) >= 3 * min(days, months) else None
    day_first = _in_order([(c, b, a) for a, b, c in dates])
    month_first = _in_order([(c, a, b) for a, b, c in dates])
    return None if day_first == month_first else day_first


def _in_order(dates: Sequence[tuple[int, int, int]]) -> bool:
    return len(set(dates)) >= _ENOUGH and list(dates) in (sorted(dates), sorted(dates, reverse=True))
