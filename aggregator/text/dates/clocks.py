"""Times of day and offsets, as they stand after (or before) a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.text.dates.lexicon import pattern
from aggregator.text.dates.names import ZONES_AT_HOME
from aggregator.text.dates.tokens import Scan


@dataclass(frozen=True, slots=True)
class Clock:
    hour: int
    minute: int
    second: int | None
    offset: tzinfo | None


_OFFSET = r"(?P<offset>(?P<z>Z)?(?:(?P<sign>[-+])(?P<away>[T1234]))?Z?)"
_JOIN = r"[-.:/tWfkBDgO]{0,8}"
_CLOCK = pattern(
    rf"{_JOIN}(?P<half>P)?k?\.?"
    r"(?:(?P<clock>T)|(?P<h>[12])(?:H\.?(?:(?P<i>[12])I?(?:(?P<s>[12])S?)?)?|(?=\.?P)|(?P<dot>\.)(?P<j>2)|(?P<bare>)(?=\.?(?:$|[-,()?/]))))"
    rf"f{{0,3}}?\.?(?P<unit>H)?\.?k?(?P<after>P)?\.?{_OFFSET}"
)
_ZONE_NAME = re.compile(r"\s*\(?\s*((?:africa|america|antarctica|asia|atlantic|australia|etc|europe|indian|pacific)/[a-z_+\-0-9/]{2,30})")


def clock_at(scan: Scan, index: int, zone: str | None) -> tuple[Clock, int] | None:
    """The time that begins at ``index`` and the index after it; None where there is none, or none that a clock can show."""
    found = _CLOCK.match(scan.shape, index)
    if found is None:
        return None
    read = _hours(scan, found)
    if read is None:
        return None
    hour, minute, second = read
    offset, end = _offset(scan, found, zone)
    if offset is None and (named := _ZONE_NAME.match(scan.text, scan.ends[end - 1])):
        offset = zone_of(_titled(named[1]))
        while end < len(scan.starts) and scan.starts[end] < named.end():
            end += 1
    return Clock(hour, minute, min(second, 59) if second is not None else None, offset), end


def _hours(scan: Scan, found: re.Match[str]) -> tuple[int, int, int | None] | None:
    second: int | None
    if found["clock"]:
        hour, minute, second = scan.values[found.start("clock")]
    else:
        said = found["unit"] or found["after"] or (found["z"] and found["dot"])
        if (found["dot"] or found["bare"] is not None) and not (said or "k" in _kinds_before(scan, found)):
            return None
        hour = scan.values[found.start("h")]
        place = found.start("i") if found["i"] else found.start("j") if found["j"] else -1
        minute = scan.values[place] if place >= 0 else 0
        second = scan.values[found.start("s")] if found["s"] else None
    half = found.start("half") if found["half"] else found.start("after") if found["after"] else -1
    if half >= 0 and hour <= 12:
        later = scan.values[half]["P"]
        hour = hour + 12 if later and hour < 12 else 0 if not later and hour == 12 else hour
    return (hour, minute, second) if hour < 24 and minute < 60 and (second or 0) <= 60 else None


def _kinds_before(scan: Scan, found: re.Match[str]) -> str:
    first = found.start("h")
    return "".join("".join(value) for value in scan.values[found.start() : first] if isinstance(value, dict))


def _offset(scan: Scan, found: re.Match[str], zone: str | None) -> tuple[tzinfo | None, int]:
    """What the zone and the sign after a time say. 10:20:30-05:00 has an offset, 10:20-12:00 is a range: without seconds or a T a minus is none."""
    end = found.end()
    minutes = 0
    if found["z"]:
        minutes = _zone_minutes(scan, found.start("z"), zone)
    if found["sign"]:
        sign, away = found.start("sign"), found.start("away")
        if not _is_offset(scan, sign, away, named=bool(found["z"])):
            return (timezone(timedelta(minutes=minutes)) if found["z"] else None), sign
        minutes += (1 if found["sign"] == "+" else -1) * _distance(scan, away)
    elif not found["z"]:
        return None, end
    return (UTC if minutes == 0 else timezone(timedelta(minutes=minutes)) if abs(minutes) < 1440 else UTC), end


def _is_offset(scan: Scan, sign: int, away: int, *, named: bool) -> bool:
    if not scan.tight(sign, away):
        return False
    if scan.shape[sign] == "+" or named or (scan.shape[away] == "4" and scan.values[away] <= 1400):
        return True
    if scan.shape[away] not in "T2" or (scan.shape[away] == "T" and scan.values[away][2] is not None):
        return False
    clock = scan.values[sign - 1]
    return isinstance(clock, tuple) and (clock[2] is not None or (scan.shape[away] == "T" and sign > 1 and scan.shape[sign - 2] == "t"))


def _distance(scan: Scan, away: int) -> int:
    value = scan.values[away]
    if isinstance(value, tuple):
        return int(value[0]) * 60 + int(value[1])
    return int(value) // 100 * 60 + int(value) % 100 if scan.shape[away] in "34" else int(value) * 60


def _zone_minutes(scan: Scan, index: int, zone: str | None) -> int:
    region, minutes = ZONES_AT_HOME.get(scan.text[scan.starts[index] : scan.ends[index]], ("", 0))
    if region and zone and zone.startswith(region):
        return minutes
    return int(scan.values[index]["Z"])


def _titled(name: str) -> str:
    """The usual spelling of a zone name that was folded."""
    if name.startswith("etc/"):
        return "Etc/" + name[4:].upper()
    return re.sub(r"(?:^|(?<=[/_-]))(?!of_|of$|au_)[a-z]", lambda letter: letter[0].upper(), name)


@lru_cache(maxsize=1024)
def zone_of(name: str | None) -> tzinfo:
    """The zone of that IANA name; UTC where there is no such zone."""
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
