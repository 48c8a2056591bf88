"""Does a source that nobody changed ever cry wolf? Months of ordinary publishing, polled by the real poller.

    uv run python tests/bench/ordinary.py [--sources N] [--days N] [--show]

Each source publishes in its own way (``HABITS``): many items a day or four a year, pinned ones, bursts, rotating lists, lists of this year only, links to other
sites, recurring titles, no dates, corrected titles, holidays. A source is a false alarm when it is in the state "review", "failing" or "silent" after any poll.
Lost are items that it showed and that were not published; doubled are items published twice.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import structlog
from redesigns import Life

from aggregator.model import Source
from aggregator.query import Everything

BEGIN = datetime(2025, 10, 6, 7, tzinfo=UTC)
WORDS = (
    "robot river school winter physics opera garden bridge council student engine cloud atlas poem vaccine harbour turbine forest museum algorithm seed "
    "planet archive bicycle glacier festival laser court orchestra marathon telescope clinic drone grammar enzyme mosaic satellite harvest treaty battery"
).split()
MENU = "".join(f"<li><a href='/{name.lower()}/'>{name}</a></li>" for name in ("About", "Study", "Research", "Contact", "Library", "Jobs"))


@dataclass(frozen=True)
class Habit:
    rate: float
    """Items a working day."""
    shown: int = 15
    dated: bool = True
    feed: bool = False
    pinned: int = 0
    burst: float = 0.0
    """How likely a day brings ten times as many."""
    rotates: bool = False
    this_year: bool = False
    other_sites: float = 0.0
    recurring: float = 0.0
    corrected: float = 0.0
    rubrics: bool = False
    summer: float = 0.3
    """Share of the usual rate in summer and between the years."""


HABITS = {
    "a daily list": Habit(1.5),
    "a daily feed": Habit(2.0, feed=True),
    "a busy list": Habit(9.0, shown=20),
    "a weekly list": Habit(0.2),
    "four a year": Habit(0.016, shown=4),
    "a new source with three items": Habit(0.5, shown=3),
    "pinned items": Habit(0.8, pinned=3),
    "bursts": Habit(0.5, burst=0.04),
    "a list that rotates": Habit(0.5, rotates=True, shown=10),
    "this year only": Habit(1.0, this_year=True),
    "other sites linked": Habit(1.0, other_sites=0.3),
    "recurring titles": Habit(1.0, recurring=0.4),
    "no dates": Habit(1.2, dated=False, shown=10),
    "no dates, busy": Habit(6.0, dated=False, shown=10),
    "corrected titles": Habit(1.0, corrected=0.05),
    "many rubrics": Habit(1.0, rubrics=True),
    "a feed of events": Habit(0.7, feed=True, shown=8),
    "closed in summer": Habit(1.0, summer=0.0),
    "a slow feed": Habit(0.08, feed=True, shown=10),
    "a feed, no dates": Habit(0.7, feed=True, dated=False, shown=10),
}


@dataclass
class Story:
    title: str
    url: str
    day: datetime
    pinned: bool = False


@dataclass
class Campus:
    habit: Habit
    random: random.Random
    number: int
    stories: list[Story] = field(default_factory=list)
    made: int = 0

    @property
    def host(self) -> str:
        return f"www.campus{self.number}.example.edu"

    def live(self, now: datetime) -> None:
        """One day."""
        rate = self.habit.rate * (0.1 if now.weekday() > 4 else 1.0) * (self.habit.summer if slack(now) else 1.0)
        if self.random.random() < self.habit.burst:
            rate *= 10
        for _ in range(poisson(rate, self.random)):
            self.publish(now - timedelta(minutes=self.random.randrange(600)))
        for story in self.stories[-15:]:
            if self.random.random() < self.habit.corrected:
                story.title += " (corrected)" if "corrected" not in story.title else "!"

    def publish(self, day: datetime) -> None:
        self.made += 1
        words = self.random.sample(WORDS, self.random.randint(4, 8))
        title = " ".join(words).capitalize()
        if self.random.random() < self.habit.recurring:
            title = "Open seminar of the faculty of physics"
        rubric = self.random.choice(("science", "people", "campus", "events")) if self.habit.rubrics else "news"
        host = self.host if self.random.random() >= self.habit.other_sites else f"{self.random.choice('abcdefgh')}.elsewhere.example.org"
        slug = "-".join(words[:3])
        url = (
            f"https://{host}/{rubric}/{day:%Y/%m}/{slug}-{self.made}"
            if self.number % 2
            else f"https://{host}/{rubric}/{3000 + self.made}.html"
        )
        self.stories.append(Story(title, url, day, pinned=self.made <= self.habit.pinned))

    def visible(self, now: datetime) -> list[Story]:
        stories = [each for each in self.stories if each.day.year == now.year] if self.habit.this_year else self.stories
        if self.habit.rotates:
            return self.random.sample(stories, min(self.habit.shown, len(stories)))
        pinned = [each for each in stories if each.pinned]
        latest = sorted((each for each in stories if not each.pinned), key=lambda each: each.day, reverse=True)
        return pinned + latest[: self.habit.shown]

    def page(self, now: datetime) -> str:
        stories = self.visible(now)
        if self.habit.feed:
            items = "".join(
                f"<item><title>{escape(each.title)}</title><link>{each.url}</link><guid>{each.url}</guid>"
                + (f"<pubDate>{each.day:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if self.habit.dated else "")
                + "</item>"
                for each in stories
            )
            return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Campus</title>{items}</channel></rss>"
        rows = "".join(
            f"<li class='item'><h3><a href='{each.url}'>{escape(each.title)}</a></h3>"
            + (f"<time>{each.day:%Y-%m-%d}</time>" if self.habit.dated else "")
            + "</li>"
            for each in stories
        )
        return (
            f"<html lang='en'><head><title>News</title></head><body><nav><ul>{MENU}</ul></nav><main><h1>News</h1><ul class='news'>{rows}</ul>"
            f"{'' if stories else '<p>No news yet.</p>'}</main></body></html>"
        )


def slack(now: datetime) -> bool:
    return now.month in (7, 8) or (now.month, now.day) >= (12, 22) or (now.month, now.day) <= (1, 6)


def poisson(rate: float, source: random.Random) -> int:
    count, passed = 0, source.expovariate(1.0)
    while passed < rate:
        count, passed = count + 1, passed + source.expovariate(1.0)
    return count


@dataclass
class Told:
    habit: str
    alarms: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    shown: int = 0


def follow(name: str, number: int, days: int, database: Path) -> Told:
    campus = Campus(HABITS[name], random.Random(f"{name} {number}"), number)
    told = Told(name)
    for back in range(400, 0, -1):
        campus.live(BEGIN - timedelta(days=back))
    source = Source("north/news", f"https://{campus.host}/news/", full_text="never", country="NO", timezone="Europe/Oslo")
    life = Life(source, database)
    life.now = BEGIN
    seen: dict[str, Story] = {}
    with life.store:
        for day in range(days):
            now = BEGIN + timedelta(days=day)
            campus.live(now)
            for hour in (2, 9):
                seen |= {each.url: each for each in campus.visible(now)} if not campus.habit.rotates else {}
                life.network.pages = {source.url: campus.page(now)}
                life.poll(now + timedelta(hours=hour) - life.now)
                state = life.state
                if state.state not in ("ok", "new"):
                    told.alarms.setdefault(state.state, f"day {day}, {len(campus.visible(now))} shown: {state.problem}")
        published = [article.url for article in life.store.articles(Everything(), limit=100_000)]
    told.shown = len(published)
    told.doubled = len(published) - len(set(published))
    told.lost = len(set(seen) - set(published)) if not campus.habit.corrected else 0
    return told


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sources", type=int, default=5, help="of each habit")
    arguments.add_argument("--days", type=int, default=120)
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    every: list[Told] = []
    for name in HABITS:
        for number in range(options.sources):
            with tempfile.TemporaryDirectory() as folder:
                every.append(follow(name, number, options.days, Path(folder) / "one.db"))
        mine = [told for told in every if told.habit == name]
        alarms = [(kind, why) for told in mine for kind, why in told.alarms.items()]
        print(
            f"{name:32}{sum(told.shown for told in mine):7} articles, {len(alarms)} alarms, {sum(t.lost for t in mine)} lost, {sum(t.doubled for t in mine)} doubled"
        )
        for kind, why in alarms if options.show else ():
            print(f"    {kind}: {why}"[:300])
        sys.stdout.flush()
    months = len(every) * options.days / 30
    print(
        json.dumps(
            {
                "sources": len(every),
                "source_months": months,
                "alarms": sum(len(told.alarms) for told in every),
                "alarms_per_source_month": round(sum(len(told.alarms) for told in every) / months, 4),
                "sources_alarmed": round(sum(bool(told.alarms) for told in every) / len(every), 4),
                "lost": sum(told.lost for told in every),
                "doubled": sum(told.doubled for told in every),
            }
        )
    )
