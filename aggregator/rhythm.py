"""When to look next: a source is polled often when it is likely to publish, seldom when it is not. Pure and deterministic.

    articles found ─▶ learn() ─▶ activity, kept with the source ─▶ pause()

What is learned of a source is its rate (articles a day) and its shape (by hour of the day and by day of the week, in the zone of its campus); both fade,
so that terms and holidays are followed. Of a source of little history, the shape is that of an office and the rate that of a typical university.

The density of polls goes with a power of what is expected: were it the first, a rare article would wait for weeks; were it zero, nights would cost as much
as mornings. With the square root the mean delay is the least that a given number of requests can buy; a little above it the median falls while the mean
hardly rises. ``tests/bench/rhythm.py`` shows it, and that looking more often just after an article buys nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.model import Article

TYPICAL: Final = 2.0
"""Articles a day of the source that is polled once in ``poll.every`` on average over a week, when they come as ``_OFFICE`` and ``_WORKDAY`` say. With it,
a wire of many universities takes as many requests as with ``poll.every`` for each of them.
"""

_POWER: Final = 0.6
_RATE_FADES: Final = 21.0
"""Days after which what was counted weighs 1/e: a holiday is noticed within a week or two."""
_SHAPE_FADES: Final = 120.0
"""Days likewise: hours of work change with the terms at most."""
_RATE_TRUST: Final = 1.0
"""Articles as many as the typical rate is trusted for, before a source's own count outweighs it."""
_SHAPE_TRUST: Final = 8.0
"""Articles likewise, of the shape."""
_MOST_AT_ONCE: Final = 20
"""Articles of one poll that are learned from: an archive that is put online tells nothing about tomorrow."""
_STICKY: Final = 0.1
"""The share of a first page that may be pinned there, and is not taken for its oldest news."""
_LATE: Final = timedelta(days=3)
"""What is dated longer ago than that before the last look is no news: the rest of a first page, or an archive that was put online."""
_LONGEST: Final = timedelta(days=7)
"""Between two looks that is heeded: a week has all hours."""
_OLDEST: Final = 1000.0
"""Days of age beyond which an article tells nothing about the shape of a week."""

_HOUR: Final = 3600.0
_DAY: Final = 86400.0

_OFFICE: Final = (2, 1, 1, 1, 1, 2, 4, 9, 20, 30, 34, 32, 26, 26, 30, 30, 28, 22, 13, 8, 6, 5, 4, 3)
"""Articles by local hour, as universities of many countries publish; only their proportions count."""
_WORKDAY, _DAY_OFF = 10.0, 2.0
"""Articles likewise, by day."""
_FRIDAY_AND_SATURDAY: Final = (
    "Africa/Algiers Africa/Cairo Africa/Khartoum Africa/Tripoli Asia/Aden Asia/Amman Asia/Baghdad Asia/Bahrain Asia/Damascus Asia/Dhaka Asia/Gaza "
    "Asia/Hebron Asia/Jerusalem Asia/Kuwait Asia/Muscat Asia/Qatar Asia/Riyadh Indian/Maldives"
)
_THURSDAY_AND_FRIDAY: Final = "Asia/Kabul Asia/Tehran"
_DAYS_OFF: Final = dict.fromkeys(_FRIDAY_AND_SATURDAY.split(), (4, 5)) | dict.fromkeys(_THURSDAY_AND_FRIDAY.split(), (3, 4))
"""Days off, 0 is Monday, where they are not Saturday and Sunday (CLDR, weekData)."""


def pause(
    activity: Sequence[float] | None, *, every: timedelta, at_most: timedelta, zone: str | None, now: datetime, jitter: float
) -> timedelta:
    """Until the next poll, ``at_most`` so long. ``every`` is what a typical source gets on average; ``zone`` is that of the campus; ``jitter`` in [0, 1)
    spreads the pause by ± 10 % of what is expected in it.
    """
    held = _held(activity)
    shape = _Shape(held, zone)
    scale = _rate(held, now) ** _POWER / (every.total_seconds() * _mean_density())
    left = 0.9 + jitter / 5
    waited, most = 0.0, at_most.total_seconds()
    for hour, day, seconds in _hours(now.astimezone(_zone(zone))):
        density = scale * shape.at(hour, day) ** _POWER
        if density * seconds >= left or waited >= most:
            waited += left / density
            break
        left -= density * seconds
        waited += seconds
    return timedelta(seconds=min(waited, most))


def learn(
    activity: Sequence[float] | None, found: Iterable[Article], *, since: datetime | None, zone: str | None, now: datetime
) -> tuple[float, ...]:
    """``activity`` with what a poll at ``now`` found new. ``since``: of the poll before it that succeeded; None: this is the first."""
    held = _faded(_held(activity), now)
    if since is None:
        _learn_backlog(held, found, _zone(zone), now)
    elif news := [article for article in found if _is_news(article, since)]:
        _learn_news(held, news, max(since, now - _LONGEST), zone, now)
    return held.kept()


def days_off(zone: str | None) -> tuple[int, int]:
    """Of a campus in that zone, 0 is Monday."""
    return _DAYS_OFF.get(zone or "", (5, 6))


# --- what is kept ------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Held:
    """What is known of one source. ``watched`` are days and ``articles`` what came in them, both faded; the shape is in articles, faded."""

    at: float
    watched: float
    articles: float
    hours: list[float]
    days: list[float]

    def kept(self) -> tuple[float, ...]:
        return (round(self.at), *(round(value, 3) for value in (self.watched, self.articles, *self.hours, *self.days)))


_FIELDS: Final = 3 + 24 + 7


def _held(activity: Sequence[float] | None) -> _Held:
    if activity is None or len(activity) != _FIELDS:
        return _Held(0.0, 0.0, 0.0, [0.0] * 24, [0.0] * 7)
    return _Held(activity[0], activity[1], activity[2], list(activity[3:27]), list(activity[27:]))


def _counted(held: _Held, now: datetime) -> tuple[float, float]:
    """Articles and days as they weigh at ``now``. That nothing came since ``at`` counts as well: polls that find nothing need not be written down."""
    fading = math.exp(-_passed(held, now) / _RATE_FADES)
    return held.articles * fading, held.watched * fading + _RATE_FADES * (1 - fading)


def _faded(held: _Held, now: datetime) -> _Held:
    articles, watched = _counted(held, now)
    fading = math.exp(-_passed(held, now) / _SHAPE_FADES)
    return _Held(now.timestamp(), watched, articles, [hour * fading for hour in held.hours], [day * fading for day in held.days])


def _passed(held: _Held, now: datetime) -> float:
    """Days since ``at``; none where nothing is held yet, or the clock went back."""
    return max(0.0, now.timestamp() - held.at) / _DAY if held.at else 0.0


def _rate(held: _Held, now: datetime) -> float:
    """In typical rates: what was counted, and the typical rate for as long as little was."""
    articles, watched = _counted(held, now)
    return (articles + _RATE_TRUST) / (watched * TYPICAL + _RATE_TRUST)


def rate(activity: Sequence[float] | None, now: datetime) -> float:
    """Articles a day that are expected of a source."""
    return TYPICAL * _rate(_held(activity), now)


# --- learning ----------------------------------------------------------------------------------------------------------------------


def _learn_news(held: _Held, articles: Sequence[Article], since: datetime, zone: str | None, now: datetime) -> None:
    """What came between two polls: at the time it states, where that lies between them; else at some time between them, as the hours are likely."""
    weight = min(1.0, _MOST_AT_ONCE / len(articles))
    held.articles += weight * len(articles)
    untold = 0.0
    for article in articles:
        if article.published is not None and _tells_hour(article) and since <= article.published <= now:
            local = article.published.astimezone(_zone(zone))
            held.hours[local.hour] += weight
            held.days[local.weekday()] += weight
        else:
            untold += weight
    if untold:
        _learn_between(held, untold, since, zone, now)


def _learn_between(held: _Held, weight: float, since: datetime, zone: str | None, now: datetime) -> None:
    shape = _Shape(held, zone)
    left = (now - since).total_seconds()
    likely: list[tuple[int, int, float]] = []
    for hour, day, seconds in _hours(since.astimezone(_zone(zone))):
        likely.append((hour, day, shape.at(hour, day) * min(seconds, left)))
        left -= seconds
        if left <= 0:
            break
    total = sum(share for _, _, share in likely)
    for hour, day, share in likely if total > 0 else ():
        held.hours[hour] += weight * share / total
        held.days[day] += weight * share / total


def _is_news(article: Article, since: datetime) -> bool:
    return article.placed is None if article.published is None else article.published >= since - _LATE


def _learn_backlog(held: _Held, found: Iterable[Article], zone: tzinfo, now: datetime) -> None:
    """The first page tells the rate, over the days that it reaches back, and the shape by the dates on it."""
    dated = sorted(_dated(found, now), key=lambda pair: pair[0])
    dated = dated[: len(dated) - math.floor(len(dated) * _STICKY + 0.5)]
    for age, moment, article in dated:
        if age > _OLDEST:
            break
        local = moment if article.precision == "day" else moment.astimezone(zone)
        weight = math.exp(-age / _SHAPE_FADES)
        held.days[local.weekday()] += weight
        if _tells_hour(article):
            held.hours[local.hour] += weight
    if len(dated) > 1:
        held.watched = _RATE_FADES * (1 - math.exp(-dated[-1][0] / _RATE_FADES))
        held.articles = math.fsum(math.exp(-age / _RATE_FADES) for age, _, _ in dated)


def _dated(found: Iterable[Article], now: datetime) -> Iterator[tuple[float, datetime, Article]]:
    """Articles with their dates and their age in days."""
    for article in found:
        if article.published is not None and article.published <= now:
            yield (now - article.published).total_seconds() / _DAY, article.published, article


def _tells_hour(article: Article) -> bool:
    """Midnight to the second is how programs write a day."""
    moment = article.published
    return article.precision in ("minute", "second") and moment is not None and (moment.hour, moment.minute, moment.second) != (0, 0, 0)


# --- the shape of a week -----------------------------------------------------------------------------------------------------------


class _Shape:
    """How many times the mean is expected in an hour of a day, on a day of a week."""

    __slots__ = ("_articles", "_held", "_likely")

    def __init__(self, held: _Held, zone: str | None) -> None:
        self._held = held
        self._likely = _expected(zone)
        self._articles = (sum(held.hours) + _SHAPE_TRUST) * (sum(held.days) + _SHAPE_TRUST)

    def at(self, hour: int, day: int) -> float:
        hours, days = self._likely
        of_hour = 24 * self._held.hours[hour] + _SHAPE_TRUST * hours[hour]
        return of_hour * (7 * self._held.days[day] + _SHAPE_TRUST * days[day]) / self._articles


@lru_cache(maxsize=1024)
def _expected(zone: str | None) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Hours and days of a campus that nothing is known of; where not even its zone is, all hours are alike."""
    off = days_off(zone)
    days = tuple(_DAY_OFF if day in off else _WORKDAY for day in range(7))
    return _about_one(_OFFICE if zone else (1.0,) * 24), _about_one(days)


def _about_one(values: Sequence[float]) -> tuple[float, ...]:
    mean = sum(values) / len(values)
    return tuple(value / mean for value in values)


@lru_cache(maxsize=1)
def _mean_density() -> float:
    """Of the polls of a typical source over a week, before it is scaled to ``every``."""
    hours, days = _about_one(_OFFICE), _about_one((_WORKDAY,) * 5 + (_DAY_OFF,) * 2)
    return math.fsum(hour**_POWER for hour in hours) / 24 * math.fsum(day**_POWER for day in days) / 7


def _hours(local: datetime) -> Iterator[tuple[int, int, float]]:
    """Hour of the day, day of the week and the seconds left in it, from ``local`` on without end. A change of the clocks is not heeded: it is one hour of one night."""
    hour, day = local.hour, local.weekday()
    seconds = _HOUR - local.minute * 60 - local.second
    while True:
        yield hour, day, seconds
        hour, seconds = hour + 1, _HOUR
        if hour == 24:
            hour, day = 0, (day + 1) % 7


@lru_cache(maxsize=1024)
def _zone(name: str | None) -> tzinfo:
    return ZoneInfo(name) if name else UTC
