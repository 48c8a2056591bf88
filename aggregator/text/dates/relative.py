"""Moments told by their distance from now: "3 hours ago", "вчера", "前天"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from aggregator.model import Precision
from aggregator.text.dates.lexicon import pattern
from aggregator.text.dates.tokens import Scan

_AGO = pattern(r"(?P<before>G)?f{0,3}(?:(?P<count>[1-3]|q)?f{0,3}(?P<unit>u)f{0,3}(?:[12]f{0,3}uf{0,3})?|(?P<two>d)f{0,3})(?P<after>G)?")
_FARTHEST = {1: 100_000, 60: 10_000, 3600: 1_000, 86_400: 1_000, 604_800: 200, 2_592_000: 60, 31_536_000: 20}


def relative_at(scan: Scan, index: int, now: datetime) -> tuple[datetime, Precision, bool, int] | None:
    """The moment, how exact it is, whether the words can mean nothing else, and the index after it. ``now`` in the zone of the source: it decides which day was yesterday."""
    value = scan.values[index]
    if isinstance(value, dict):
        if "R" in value:
            return _noon(now.date() - timedelta(days=value["R"]), now), "day", False, index + 1
        if "J" in value:
            return now.replace(second=0, microsecond=0), "minute", False, index + 1
    found = _AGO.match(scan.shape, index)
    if found is None:
        return None
    said = scan.values[found.start("two" if found["two"] else "unit")]
    if not (found["before"] or found["after"] or "G" in said):
        return None
    counted = found["count"]
    number = 2 if found["two"] else scan.values[found.start("count")] if counted else 1
    count = number if isinstance(number, int) else 1
    unit = said["d" if found["two"] else "u"]
    if count > _FARTHEST[unit]:
        return None
    moment = _before(now, count, unit)
    return None if moment is None else (*moment, (counted or found["two"]) is not None, found.end())


def _before(now: datetime, count: int, unit: int) -> tuple[datetime, Precision] | None:
    if unit < 86_400:
        return (now - timedelta(seconds=count * unit)).replace(microsecond=0), "second" if unit == 1 else "minute"
    if unit <= 604_800:
        return _noon(now.date() - timedelta(days=count * unit // 86_400), now), "day"
    months = count * (12 if unit == 31_536_000 else 1)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return _noon(_last_possible(year, month + 1, now.day), now), "day"


def _last_possible(year: int, month: int, day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))


def _noon(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(12), now.tzinfo)
