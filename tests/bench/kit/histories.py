"""Publishing histories of universities that do not exist, drawn from what is known of those that do; repeatable.

rate       articles a day, log-normal between one a month and thirty a day; the median is about one, most of all articles come from a few
country    a zone with its weekend and its holidays
hours      of an office (in a few versions: early, with a long evening, with a break at noon), or one of these kinds

    office      each article by itself, in hours of work, few on days off
    batch       an editor puts several online within minutes
    scheduled   written before, put online at the same minute of each morning (or at noon)
    machine     at any hour: repositories, agencies, shared systems
    term        an office whose term is busy and whose vacation is nearly silent

dates      as its feed tells them: to the second, as a day, late (put online hours after the stated time), or not at all
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read

BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, tzinfo=UTC)

KINDS = {"office": 45, "batch": 20, "scheduled": 10, "machine": 10, "term": 15}
DATES = {"second": 55, "day": 25, "late": 10, "none": 10}
COUNTRIES = {
    "Asia/Shanghai": (18, (5, 6), "noon", ((10, 1, 8), (2, 15, 9))),
    "America/New_York": (16, (5, 6), "early", ((11, 26, 4), (12, 22, 12))),
    "Europe/Berlin": (14, (5, 6), "early", ((12, 22, 14), (10, 3, 1))),
    "Europe/London": (9, (5, 6), "early", ((12, 22, 13),)),
    "Europe/Moscow": (9, (5, 6), "evening", ((1, 1, 9), (11, 4, 1))),
    "Asia/Tokyo": (8, (5, 6), "early", ((12, 28, 8), (11, 3, 1))),
    "America/Sao_Paulo": (7, (5, 6), "evening", ((12, 23, 12), (2, 14, 5))),
    "Asia/Kolkata": (6, (6,), "evening", ((10, 20, 4),)),
    "Asia/Riyadh": (5, (4, 5), "early", ((9, 23, 1), (11, 20, 9))),
    "Africa/Cairo": (4, (4, 5), "evening", ((1, 25, 1),)),
    "Asia/Tehran": (4, (3, 4), "early", ((3, 20, 13),)),
}
"""Zone → share of the universities, days off (0 is Monday), hours, holidays (month, day, how long)."""

HOURS = {
    "early": (0, 0, 0, 0, 0, 0, 1, 5, 16, 26, 30, 26, 18, 20, 24, 22, 14, 7, 3, 2, 1, 1, 0.5, 0.2),
    "evening": (0.5, 0.2, 0, 0, 0, 0, 0.5, 2, 6, 14, 20, 22, 22, 22, 22, 22, 20, 18, 14, 9, 6, 4, 2, 1),
    "noon": (0.5, 0.2, 0, 0, 0, 0, 0.5, 3, 16, 24, 26, 16, 5, 6, 18, 24, 26, 22, 10, 8, 8, 7, 4, 2),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An article: when it appears, and what its feed says of that."""

    appears: datetime
    published: datetime | None
    precision: str | None


@dataclass(frozen=True, slots=True)
class History:
    name: str
    kind: str
    zone: str | None
    rate: float
    """Articles a day."""
    told: tuple[Told, ...]
    """In the order in which they appear; those before ``begin`` are the backlog of the first page."""
    begin: datetime
    end: datetime


def histories(count: int, days: int, seed: int = 1) -> Iterator[History]:
    """Made-up ones of ``days``, with a backlog of 120 more."""
    chance, end = random.Random(seed), BEGIN + timedelta(days=days)
    for number in range(count):
        kind, dates = _choice(chance, KINDS), _choice(chance, DATES)
        zone = _choice(chance, {zone: share for zone, (share, *_) in COUNTRIES.items()})
        rate = min(30.0, max(1 / 30, math.exp(chance.gauss(0, math.log(30) / 2))))
        moments = sorted(_moments(chance, kind, zone, rate, days))
        yield History(f"u{number}", kind, zone, rate, tuple(_told(chance, moment, dates) for moment in moments), BEGIN, end)


def replayed(corpus: Path) -> Iterator[History]:
    """Real ones: the dates in the feeds of ``corpus``, where a feed states times and reaches back far enough. The first half is the backlog."""
    for file in sorted(file for file in corpus.rglob("*") if file.is_file() and file.stat().st_size < 2_000_000):
        try:
            entries = read(
                Page("https://north.example.edu/feed", file.read_bytes()), Source("north/news", "https://north.example.edu/feed"), now=NOW
            ).entries
        except ReadError:
            continue
        dates = sorted({entry.published.astimezone(UTC) for entry in entries if entry.published and entry.precision != "day"})
        dates = [date for date in dates if date > dates[-1] - timedelta(days=400)]
        if len(dates) < 10 or dates[-1] - dates[0] < timedelta(days=3):
            continue
        begin, end = dates[len(dates) // 2], dates[-1] + timedelta(hours=1)
        rate = len(dates) / ((end - dates[0]).total_seconds() / 86400)
        yield History(file.name, "real", None, rate, tuple(Told(date, date, "second") for date in dates), begin, end)


def _choice(chance: random.Random, shares: dict[str, int]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _moments(chance: random.Random, kind: str, zone: str, rate: float, days: int) -> Iterator[datetime]:
    _, off, hours, holidays = COUNTRIES[zone]
    weekend, drift = chance.choice((0.02, 0.1, 0.2)), chance.uniform(-1.0, 1.0)
    weights = _weights(kind, hours)
    times = sorted(chance.sample((7.5, 8, 8.5, 9, 9.5, 10, 12, 14), 2))
    workdays = 7 / (7 - len(off) + len(off) * (1 if kind == "machine" else weekend))
    for day in range(-120, days):
        local = (BEGIN + timedelta(days=day)).replace(tzinfo=None)
        expected = rate * workdays * _busy(kind, local, off, weekend, holidays)
        for hour in _of_day(chance, kind, expected, weights, times, drift):
            yield (local.replace(tzinfo=ZoneInfo(zone)) + timedelta(hours=hour)).astimezone(UTC)


def _weights(kind: str, hours: str) -> tuple[float, ...]:
    return (1.0,) * 24 if kind == "machine" else HOURS[hours]


def _busy(kind: str, local: datetime, off: tuple[int, ...], weekend: float, holidays: tuple[tuple[int, int, int], ...]) -> float:
    if kind == "machine":
        return 1.0
    share = weekend if local.weekday() in off else 1.0
    if any(0 <= (local - local.replace(month=month, day=day)).days < length for month, day, length in holidays):
        share *= 0.08
    if kind == "term":
        share *= 0.15 if local.month in (1, 2, 7, 8) else 1.4
    return share


def _of_day(
    chance: random.Random, kind: str, expected: float, weights: tuple[float, ...], times: list[float], drift: float
) -> Iterator[float]:
    """The hours, with fractions, at which articles come on one day."""
    if kind == "scheduled":
        for _ in range(_poisson(chance, expected)):
            yield chance.choices(times, (3, 1))[0] + abs(chance.gauss(0, 0.01)) if chance.random() < 0.85 else _hour(chance, weights, drift)
    elif kind == "batch":
        for _ in range(_poisson(chance, expected / 3.5)):
            first = _hour(chance, weights, drift)
            yield from (first + place * chance.expovariate(1 / 0.06) for place in range(chance.choice((1, 2, 3, 3, 4, 5, 7))))
    else:
        for _ in range(_poisson(chance, expected)):
            yield _hour(chance, weights, drift)


def _hour(chance: random.Random, weights: tuple[float, ...], drift: float) -> float:
    return (chance.choices(range(24), weights)[0] + chance.random() + drift) % 24


def _poisson(chance: random.Random, mean: float) -> int:
    count, left = 0, math.exp(-mean)
    product = chance.random()
    while product > left:
        count += 1
        product *= chance.random()
    return count


def _told(chance: random.Random, moment: datetime, dates: str) -> Told:
    if dates == "second":
        return Told(moment, moment.replace(microsecond=0), "second")
    if dates == "late":
        return Told(moment, moment - timedelta(hours=chance.uniform(0.5, 20)), "minute")
    if dates == "day":
        return Told(moment, moment.replace(hour=12, minute=0, second=0, microsecond=0), "day")
    return Told(moment, None, None)
