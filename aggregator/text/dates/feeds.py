"""The formats of feeds, read strictly and fast. What they say is taken at its word: they may lie before 1970 and in the future."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

ISO = re.compile(
    r"([0-9]{4})(-?)(?:([0-9]{2})\2([0-9]{2})|W([0-9]{2})(?:\2([1-7]))?|([0-9]{3}))"
    r"(?:[T ]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]{1,9})?)? ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.ASCII,
)
"""RFC 3339, W3C-DTF and ISO 8601 §5.2 with its week and ordinal dates."""

RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? (GMT|UTC?|Z|[ECMP]DT|[EMP]ST|[+-][0-9]{4})",
    re.ASCII,
)
"""RFC 822 §5.1 with the year of RFC 2822 §3.3; the sloppy ones are read by ``rules``."""

_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_YEARS = range(1900, 2101)
_AMERICAN = {
    name: timezone(timedelta(hours=hours))
    for name, hours in (("EDT", -4), ("EST", -5), ("CDT", -5), ("MDT", -6), ("MST", -7), ("PDT", -7), ("PST", -8))
}
"""RFC 822 §5.1. CST is left to ``moments``: in China it means another time."""


def iso8601(text: str) -> tuple[date, tuple[int, int, int | None] | None, tzinfo | None] | None:
    """(day, (hour, minute, second or None) or None, offset or None), or None where this is not the format or not a day."""
    found = ISO.fullmatch(text)
    if found is None:
        return None
    year, _, month, day, week, weekday, ordinal, hour, minute, second, offset = found.groups()
    if ordinal and not hour and "-" not in text:
        return None
    try:
        if month:
            on = date(int(year), int(month), int(day))
        elif week:
            on = date.fromisocalendar(int(year), int(week), int(weekday or 1))
        else:
            on = date(int(year), 1, 1) + timedelta(days=int(ordinal) - 1)
    except (ValueError, OverflowError):
        return None
    if on.year not in _YEARS or (ordinal and on.year != int(year)):
        return None
    if not hour:
        return on, None, None
    return on, (int(hour), int(minute), int(second) if second else None), offset_of(offset)


def rfc822(text: str) -> datetime | None:
    found = RFC822.fullmatch(text)
    if found is None or found[2] not in _MONTHS or int(found[3]) not in _YEARS:
        return None
    try:
        return datetime(
            int(found[3]),
            _MONTHS[found[2]],
            int(found[1]),
            int(found[4]),
            int(found[5]),
            min(int(found[6] or 0), 59),
            tzinfo=offset_of(found[7]) or UTC,
        )
    except ValueError:
        return None


@lru_cache(maxsize=512)
def offset_of(offset: str | None) -> tzinfo | None:
    """From "+0800", "-05:00", "+08" or "Z"; None where nothing is said."""
    if not offset:
        return None
    if offset[0] not in "+-":
        return _AMERICAN.get(offset, UTC)
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes == 0 or minutes >= 1440:
        return UTC
    return timezone(timedelta(minutes=minutes if offset[0] == "+" else -minutes))
