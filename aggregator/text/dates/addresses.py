"""The day that the address of an article names: …/2024/09/28/…, …/t20240928_123.html. Numbers of other kinds (ids) are left alone."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from aggregator.text.dates.clocks import zone_of
from aggregator.text.dates.moments import Moment

_PATH = re.compile(
    r"(?<![0-9])(?P<y>19[7-9][0-9]|20[0-9]{2})"
    r"(?:(?P<s>[-/_.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
    r"|(?P<t>[-/_]?)(?P<m2>[01][0-9])[-/_]?(?P<d2>[0-3][0-9])(?P<clock>(?<=[0-9]{8})[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?)"
    r"(?![0-9])"
)
_BEGINNING = re.compile(r"[/_-][a-zA-Z]?$")
_OTHER_NUMBER = re.compile(r"[0-9]{6,}[^/0-9]{1,3}$")
"""A number right before it makes both of them parts of an id: a case number, a file number."""
_LONGEST = 2_000


def date_in_url(url: str, *, now: datetime, timezone: str | None = None) -> Moment | None:
    """Noon of the day in the path of ``url``; None where there is none, or only one after tomorrow. Queries are not looked at: they hold ids."""
    try:
        path = urlsplit(url[:_LONGEST]).path
    except ValueError:
        return None
    last = (now + timedelta(days=2)).date()
    for found in _PATH.finditer(path):
        if _stands_alone(path, found) and (day := _day(found)) and day <= last:
            return Moment(datetime.combine(day, time(12), zone_of(timezone)), "day", "url")
    return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"]))
    except ValueError:
        return None


def _stands_alone(path: str, found: re.Match[str]) -> bool:
    """At the beginning or the end of a segment or of a part of it; a bare run of digits also after one letter, as in ``t20240928_12.htm``."""
    before, after = path[: found.start()], path[found.end() :]
    if after and after[0] not in "/_-.":
        return False
    return not _OTHER_NUMBER.search(before) and _BEGINNING.search(before) is not None
