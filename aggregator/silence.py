"""Is a source silent for longer than is like it? Pure.

    days on which it published ─▶ gaps in working days ─▶ how likely is a gap as long as this one?

Gaps are counted in working days: a weekend, the holidays of its country, summer and the turn of the year weigh little, because little is published then.
How long gaps are is learned from few of them, so the answer reckons with not knowing better: of n gaps with the sum S, one of t or longer is as likely as
(1 + t/S)^-n (the exponential law with its rate integrated out). A bulletin of four issues a year is thus never called silent before years have passed,
a source that publishes daily is within two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.model import Article, Profile, Source
from aggregator.rhythm import days_off

_KEPT: Final = 12
"""Gaps that are remembered."""
_TRUSTED: Final = 4
"""Gaps from which on anything can be said."""
_LIKELY: Final = 0.001
_USUAL: Final = 3.0
"""Usual gaps that silence lasts at least …"""
_LONGEST: Final = 1.5
"""… and how many times the longest of them …"""
_LEAST: Final = 3.0
"""… and working days: no source is silent after a day."""
_BURST: Final = 0.5
"""Working days within which what is published is one event, counted from its first article."""
_CENTURY: Final = timedelta(days=1100)
"""Longer silences are not counted any more exactly."""

_DAY_OFF: Final = 0.25
_HOLIDAY: Final = 0.1
_SUMMER: Final = 0.35
_TURN_OF_YEAR: Final = 0.1
_NEW_YEAR_BY_THE_MOON: Final = 0.15
"""Of a day, what a working day is 1.0 of."""
_SOUTHERN: Final = frozenset("AO AR AU BO BR BW CL FJ LS MG MU MW MZ NA NZ PE PG PY SZ UY ZA ZM ZW".split())
"""Countries whose long holidays are in January and February."""
_BY_THE_MOON: Final = frozenset("CN HK KR MO MY SG TW VN".split())


def heard(profile: Profile, new: Sequence[Article], source: Source, *, now: datetime, first: bool) -> Profile:
    """``profile`` after ``new`` articles came, now or, where it is the ``first`` reading of a source, when their dates say."""
    days = sorted({min(article.published, now) for article in new if article.published and article.published > now - _CENTURY})
    if not first:
        days = [now]
    gaps, last = list(profile.gaps), profile.heard
    for day in days:
        gap = _BURST if last is None else working_days(last, day, source)
        if gap < _BURST:
            continue
        if last is not None:
            gaps.append(round(gap, 2))
        last = day
    return replace(profile, gaps=tuple(gaps[-_KEPT:]), heard=last, silent=None)


def listened(profile: Profile, source: Source, *, now: datetime) -> Profile:
    """``profile`` after a poll at ``now`` that found the source well: whether it is silent."""
    if profile.silent is None and is_silent(profile, source, now=now):
        return replace(profile, silent=now)
    return profile


def is_silent(profile: Profile, source: Source, *, now: datetime) -> bool:
    if profile.heard is None or len(profile.gaps) < _TRUSTED:
        return False
    total = sum(profile.gaps)
    least = max(_LEAST, _USUAL * total / len(profile.gaps), _LONGEST * max(profile.gaps))
    if now - profile.heard < timedelta(days=least):
        return False
    passed = working_days(profile.heard, now, source)
    return passed >= least and (1 + passed / total) ** -len(profile.gaps) < _LIKELY


def told(profile: Profile) -> tuple[str, str]:
    """What is the matter with a silent source, and what to try."""
    heard, gaps = profile.heard, profile.gaps
    usual = sum(gaps) / len(gaps)
    every = f"every {usual:.0f} working days" if usual >= 1.5 else "every working day"
    since = f" since {heard:%d %B %Y}" if heard else ""
    return (
        f"it answers, but has published nothing{since}; it usually does {every}",
        "open its page in a browser: where news are there that are not here, tell us; where the site has moved its news, change the address",
    )


# --- working days ------------------------------------------------------------------------------------------------------------------


def working_days(since: datetime, until: datetime, source: Source) -> float:
    """Between two moments, as much as is published in so many ordinary working days."""
    zone = _zone(source.timezone)
    begin, end = max(since, until - _CENTURY).astimezone(zone), until.astimezone(zone)
    if end <= begin:
        return 0.0
    days = (end.date() - begin.date()).days
    total = sum(_weight(begin.date() + timedelta(days=day), source.country, source.timezone) for day in range(days))
    before, after = (_weight(moment.date(), source.country, source.timezone) * _passed(moment) for moment in (begin, end))
    return total - before + after


def _passed(moment: datetime) -> float:
    """Share of its day."""
    return (moment.hour * 60 + moment.minute) / 1440


@lru_cache(maxsize=20_000)
def _weight(day: date, country: str | None, zone: str | None) -> float:
    weight = _DAY_OFF if day.weekday() in days_off(zone) else 1.0
    if day in _holidays(country, day.year):
        weight = min(weight, _HOLIDAY)
    return min([weight, *_breaks(day, country)])


def _breaks(day: date, country: str | None) -> Iterable[float]:
    place = (day.month, day.day)
    if place >= (12, 20) or place <= (1, 8):
        yield _TURN_OF_YEAR
    if country in _BY_THE_MOON and (1, 15) <= place <= (2, 28):
        yield _NEW_YEAR_BY_THE_MOON
    if (place <= (2, 20)) if country in _SOUTHERN else ((6, 25) <= place <= (9, 5)):
        yield _SUMMER


@lru_cache(maxsize=2048)
def _holidays(country: str | None, year: int) -> frozenset[date]:
    """Public holidays; none where nothing is known of the country."""
    if country is None:
        return frozenset()
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # how the library says that it does not know a country
        return frozenset()


@lru_cache(maxsize=1024)
def _zone(name: str | None) -> tzinfo:
    return ZoneInfo(name) if name else UTC
