"""The day that is written at one place of a scan: the rules applied, their parts put together, the impossible left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from aggregator.text.dates.calendars import REPUBLIC, day_of, full_year, is_hijri
from aggregator.text.dates.clocks import zone_of
from aggregator.text.dates.lexicon import ANY
from aggregator.text.dates.rules import RULES, Rule, Strength
from aggregator.text.dates.tokens import Scan

YEAR_FIRST_LANGUAGES = frozenset("zh ja ko hu lt mn fa".split())
AMERICAN_ZONES = frozenset(
    "America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix America/Detroit America/Boise America/Anchorage America/Juneau "
    "America/Indiana/Indianapolis America/Kentucky/Louisville Pacific/Honolulu US/Eastern US/Central US/Mountain US/Pacific".split()
)
OLDEST = date(1970, 1, 1)
FUTURE = timedelta(days=731)
"""Between these a day is believed."""
SOON = timedelta(days=7)
"""A day without a year lies in the past, or so little ahead."""


@dataclass(slots=True)
class Hints:
    """What is known beside the text."""

    now: datetime
    zone: str | None
    language: str | None
    day_first: bool | None
    tz: tzinfo = field(init=False)
    today: date = field(init=False)
    tongue: str = field(init=False)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            self.now = self.now.replace(tzinfo=UTC)
        self.tz = zone_of(self.zone)
        self.today = self.now.date()
        self.tongue = (self.language or "").replace("_", "-").partition("-")[0].lower()

    @property
    def month_first(self) -> bool:
        """Is 03/04/2024 the fourth of March?"""
        if self.day_first is not None:
            return not self.day_first
        language = (self.language or "").replace("_", "-").lower()
        return language == "en-us" or (self.tongue in ("", "en") and self.zone in AMERICAN_ZONES)

    @property
    def taiwanese(self) -> bool:
        return (self.language or "").lower().replace("_", "-") in ("zh-tw", "zh-hant-tw") or self.zone == "Asia/Taipei"

    def tz_of(self, source: str) -> tzinfo:
        """Korean notation without a known zone is Korean time: the country has one."""
        return zone_of("Asia/Seoul") if self.zone is None and source == "ymd-ko" else self.tz


class Written(NamedTuple):
    day: date
    source: str
    strength: Strength
    clock: int | None = None
    """Where the time stands, if not behind the day."""


def days_at(scan: Scan, index: int, hints: Hints, *, whole: bool) -> Iterator[tuple[Written, int]]:
    """Every day that can be read from ``index`` on, the best reading first, with the index after it."""
    for rule in RULES.get(scan.shape[index], ()):
        if rule.strength == "alone" and not whole:
            continue
        found = rule.shape.match(scan.shape, index)
        if (
            found
            and (not rule.spaced or _stands_apart(scan, found))
            and (rule.source != "ymd-initial" or scan.tight(index, found.end() - 1))
        ):
            day = _believable(_day(scan, rule, found, hints), hints)
            if day:
                clock = found.start("clock") if "clock" in found.re.groupindex else None
                yield Written(day, _source(scan, rule, found, hints), rule.strength, clock), found.end()


def _stands_apart(scan: Scan, found: re.Match[str]) -> bool:
    """White space only, or a slash, between the numbers that no sign joins."""
    for index in range(found.start(), found.end() - 1):
        if scan.shape[index] in "1234" and scan.shape[index + 1] in "1234" and scan.gap(index).strip():
            return False
    return True


def _source(scan: Scan, rule: Rule, found: re.Match[str], hints: Hints) -> str:
    if rule.strength == "full" and _is_hijri(scan, found, hints):
        return "hijri"
    if rule.source == "ymd-cjk" and "년" in scan.text[scan.starts[found.start()] : scan.ends[found.end() - 1]]:
        return "ymd-ko"
    return rule.source


def _is_hijri(scan: Scan, found: re.Match[str], hints: Hints) -> bool:
    year = next((name for name in "yc" if name in found.re.groupindex), None)
    value = scan.values[found.start(year)] if year else None
    return isinstance(value, int) and is_hijri(value, _month(scan, found, hints) or 0)


def _day(scan: Scan, rule: Rule, found: re.Match[str], hints: Hints) -> date | None:
    if composer := _COMPOSED.get(rule.source):
        return composer(scan, found, hints)
    parts = found.groupdict()
    month = _month(scan, found, hints)
    if month is None:
        return None
    day = int(scan.values[found.start("d")]) if parts.get("d") else 1
    if rule.source == "year" and not OLDEST.year <= scan.values[found.start("y")] <= hints.today.year + 1:
        return None
    if rule.strength == "partial" or not parts.get("y"):
        return nearest(month, day, hints.today)
    return day_of(_year(scan, found, rule, hints), month, day)


def _month(scan: Scan, found: re.Match[str], hints: Hints) -> int | None:
    if not found.re.groupindex.get("m"):
        return 1
    value = scan.values[found.start("m")]
    if isinstance(value, int):
        return value
    if "o" in value:
        return int(value["o"])
    months: dict[str, int] = value["M"]
    return months.get(hints.tongue) or months.get(ANY)


def _year(scan: Scan, found: re.Match[str], rule: Rule, hints: Hints) -> int:
    place = found.start("y")
    year = int(scan.values[place])
    if rule.source == "ymd-initial":
        return year + int(scan.values[found.start("era")]["E"])
    if found.re.groupindex.get("era") and found["era"]:
        return year + int(scan.values[found.start("era")]["A"])
    if scan.shape[place] == "3":
        return year + REPUBLIC
    if scan.shape[place] not in "12":
        return year
    if rule.source == "ymd-cjk" and year >= 80 and hints.taiwanese:
        return year + REPUBLIC
    thai = hints.tongue == "th" or "\u0e00" < scan.text[scan.starts[found.start("m")]] < "\u0e7f"
    return full_year(year, hints.today.year, thai=thai)


def nearest(month: int, day: int, today: date) -> date | None:
    """The last such day, or one a few days ahead."""
    years = (
        today.year + 1,
        today.year,
        today.year - 1,
        *((today.year - 2, today.year - 3, today.year - 4) if (month, day) == (2, 29) else ()),
    )
    days = (day_of(year, month, day) for year in years)
    return next((day for day in days if day and day <= today + SOON), None)


def _compact(scan: Scan, found: re.Match[str], hints: Hints) -> date | None:
    digits = scan.text[scan.starts[found.start("c")] : scan.ends[found.start("c")]]
    return _believable(day_of(int(digits[:4]), int(digits[4:6]), int(digits[6:8])), hints)


def _joined(scan: Scan, found: re.Match[str], hints: Hints) -> date | None:
    """YYYYMM-DD, DDYYYY-MM or MM-DDYYYY."""
    digits = scan.text[scan.starts[found.start("c")] : scan.ends[found.start("c")]]
    other = int(scan.values[found.start("b")])
    if found.start("b") < found.start("c"):
        return _believable(day_of(int(digits[2:]), other, int(digits[:2])), hints)
    return _believable(day_of(int(digits[:4]), int(digits[4:]), other), hints) or _believable(
        day_of(int(digits[2:]), other, int(digits[:2])), hints
    )


def _numeric(scan: Scan, found: re.Match[str], hints: Hints) -> date | None:
    a, b, c = (int(scan.values[found.start(name)]) for name in "abc")
    sign = found["s"] if "s" in found.re.groupindex else "."
    if scan.shape[found.start("c")] == "4":
        orders = ((c, a, b), (c, b, a)) if hints.month_first and sign != "." else ((c, b, a), (c, a, b))
        return next((day for year, month, day_ in orders if (day := day_of(year, month, day_))), None)
    year_first = _short(a, b, c, hints) if scan.shape[found.start("a")] == "2" else None
    day_last = _short(c, b, a, hints) if scan.shape[found.start("c")] == "2" else None
    month_first = _short(c, a, b, hints) if scan.shape[found.start("c")] == "2" else None
    if hints.tongue in YEAR_FIRST_LANGUAGES or (sign == "-" and hints.day_first is None and hints.tongue in ("", "sv")):
        candidates = (year_first, day_last, month_first)
    elif hints.month_first and sign != ".":
        candidates = (month_first, day_last, year_first)
    else:
        candidates = (day_last, month_first, year_first)
    past = (day for day in candidates if day and day <= hints.today + SOON)
    return next(past, None) or next((day for day in candidates if day), None)


def _short(year: int, month: int, day: int, hints: Hints) -> date | None:
    return _believable(day_of(full_year(year, hints.today.year), month, day), hints)


def _month_and_day(scan: Scan, found: re.Match[str], hints: Hints) -> date | None:
    """09-28 is written where the month comes first, 28.09. where the day does."""
    a, b = int(scan.values[found.start("a")]), int(scan.values[found.start("b")])
    sign = found["s"]
    written_out = scan.shape[found.start("a")] == scan.shape[found.start("b")] == "2"
    if sign != "." and not (scan.tight(found.start(), found.end() - 1) and (written_out or hints.tongue in YEAR_FIRST_LANGUAGES)):
        return None
    undecided = sign == "-" and hints.day_first is None and hints.tongue in ("", "en", "sv")
    month_first = undecided or hints.month_first or hints.tongue in YEAR_FIRST_LANGUAGES
    orders = ((a, b), (b, a)) if month_first else ((b, a), (a, b))
    return next((day for month, day_ in orders if (day := nearest(month, day_, hints.today))), None)


def _year_and_month(scan: Scan, found: re.Match[str], hints: Hints) -> date | None:
    """-0312: December 2003 in ISO 8601:1988."""
    digits = scan.text[scan.starts[found.start("c")] : scan.ends[found.start("c")]]
    return day_of(full_year(int(digits[:2]), hints.today.year), int(digits[2:]), 1) if scan.text.startswith("-") else None


def _believable(day: date | None, hints: Hints) -> date | None:
    return day if day and OLDEST <= day <= hints.today + FUTURE else None


_COMPOSED = {
    "compact": _compact,
    "joined": _joined,
    "numeric": _numeric,
    "md": _month_and_day,
    "year-month": _year_and_month,
}
