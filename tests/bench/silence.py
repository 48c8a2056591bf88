"""Is a source called silent when it should be, and only then?

    uv run python tests/bench/silence.py [FOLDER of feeds]

Made up: sources that publish at random about an average of so many articles a working day, less in summer and at weekends, hardly between the years, in bursts;
three years of each, asked every day (``false``: how many were ever called silent, and on how many of their days), then they stop (``noticed after``: working
days as a multiple of their mean gap, and days). Real: the dates in feeds; at each date from the tenth on, was the source called silent the moment before?
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from aggregator.errors import ReadError
from aggregator.model import Article, Form, Page, Profile, Source
from aggregator.read import read
from aggregator.silence import heard, is_silent

FEEDS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
BEGIN = datetime(2023, 1, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCES, DAYS = 60, 3 * 365
NORWAY = Source("north/news", "https://north.example.edu/", country="NO", timezone="Europe/Oslo")


def poisson(rate: float, chance: random.Random) -> int:
    count, passed = 0, chance.expovariate(1.0)
    while passed < rate:
        count, passed = count + 1, passed + chance.expovariate(1.0)
    return count


def share(day: datetime) -> float:
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 4):
        return 0.02
    return (0.1 if day.weekday() > 4 else 1.0) * (0.3 if day.month in (7, 8) else 1.0)


def article(day: datetime) -> Article:
    return Article("x", "x", None, "north/news", None, day, day)


def life(rate: float, bursts: float, chance: random.Random) -> tuple[int, int]:
    """Days on which it was wrongly called silent, and the days after its end until it was called so."""
    profile = Profile(Form("feed", 10, 1.0, 40.0, ()))
    days = [BEGIN + n * DAY for n in range(DAYS)]
    made: list[datetime] = []
    false = 0
    for number, day in enumerate(days):
        count = poisson(rate * share(day) / (1 + bursts), chance)
        if count:
            made += [day] * (count * (1 + poisson(bursts, chance)))
            if number > 120:
                profile = heard(profile, [article(day)], NORWAY, now=day, first=False)
        if number == 120:
            profile = heard(profile, [article(each) for each in made[-15:]], NORWAY, now=day, first=True)
        false += number >= 120 and is_silent(profile, NORWAY, now=day)
    end = profile.heard or days[-1]
    return false, next((n for n in range(1, 1500) if is_silent(profile, NORWAY, now=end + n * DAY)), 1500)


def made_up() -> None:
    print(f"{'articles a working day':26}{'sources ever called silent':>28}{'of their days':>15}{'noticed after days':>20}")
    for rate in (10.0, 3.0, 1.0, 0.4, 0.15, 0.05, 0.016):
        for bursts in (0.0, 3.0):
            lives = [life(rate, bursts, random.Random(f"{rate} {bursts} {n}")) for n in range(SOURCES)]
            ever = sum(false > 0 for false, _ in lives)
            name = f"{rate:g}{', in bursts' if bursts else ''}"
            days = sum(false for false, _ in lives) / (SOURCES * (DAYS - 120))
            print(f"{name:26}{ever:>22} of {SOURCES}{days:>15.3%}{median(after for _, after in lives):>20.0f}")


def real(folder: Path) -> None:
    asked = called = sources = any_called = 0
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        try:
            reading = read(
                Page("https://north.example.edu/feed", path.read_bytes()), Source("x", "https://north.example.edu/feed"), now=now
            )
        except ReadError:
            continue
        dates = sorted({each.published for each in reading.entries if each.published and each.published < now})
        if len(dates) < 12:
            continue
        profile = heard(
            Profile(Form("feed", 10, 1.0, 40.0, ())),
            [article(each) for each in dates[:9]],
            replace(NORWAY, country=None),
            now=dates[8],
            first=True,
        )
        alarms = 0
        for date in dates[9:]:
            asked += 1
            alarms += is_silent(profile, NORWAY, now=date - timedelta(minutes=1))
            profile = heard(profile, [article(date)], NORWAY, now=date, first=False)
        sources, called, any_called = sources + 1, called + alarms, any_called + bool(alarms)
    if sources:
        print(f"real feeds: {sources}, {asked} gaps; called silent in {called} of them ({called / asked:.2%}), of {any_called} feeds")


if __name__ == "__main__":
    made_up()
    real(Path(sys.argv[1]) if len(sys.argv) > 1 else FEEDS)
