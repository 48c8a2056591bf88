from __future__ import annotations

import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import rhythm
from aggregator.model import Article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Asia/Shanghai"
MONDAY = datetime(2026, 3, 2, tzinfo=ZoneInfo(ZONE))

moments = st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo(ZONE), ZoneInfo("America/New_York")])).filter(
    lambda moment: 1 < moment.year < 9999
)
zones = st.sampled_from([None, ZONE, "Asia/Riyadh", "America/St_Johns"])


def pause(
    activity: tuple[float, ...] | None, now: datetime, *, zone: str | None = ZONE, every: timedelta = HOUR, jitter: float = 0.5
) -> timedelta:
    return rhythm.pause(activity, every=every, at_most=DAY, zone=zone, now=now, jitter=jitter)


def polls(activity: tuple[float, ...] | None, *, zone: str | None = ZONE, begin: datetime = MONDAY, days: int = 7) -> list[datetime]:
    """When a source is polled that brings nothing more."""
    found, now = [], begin
    while now < begin + days * DAY:
        found.append(now)
        now += pause(activity, now, zone=zone)
    return found


@pytest.fixture
def dated(an_article: Callable[..., Article]) -> Callable[..., list[Article]]:
    """Articles of these dates."""

    def build(*dates: datetime | None, precision: str = "second", now: datetime = MONDAY) -> list[Article]:
        return [
            an_article(number, published=date, precision=precision if date else None, first_seen=now)
            for number, date in enumerate(dates, 1)
        ]

    return build


def lived(
    moments: list[datetime], dated: Callable[..., list[Article]], begin: datetime, end: datetime
) -> Iterator[tuple[datetime, tuple[float, ...] | None, list[datetime]]]:
    """Each poll of a source that publishes at ``moments``: when, what was known after it, and what it brought."""
    now, since, activity, seen = begin, None, None, bisect_right(moments, begin)
    chance = random.Random(5)
    first = moments[max(0, seen - 20) : seen]
    while now < end:
        upto = bisect_right(moments, now)
        found = moments[seen:upto]
        activity = rhythm.learn(activity, dated(*(first if since is None else found), now=now), since=since, zone=ZONE, now=now)
        yield now, activity, found
        seen, since = upto, now
        now += max(timedelta(minutes=5), pause(activity, now, jitter=chance.random()))


# --- how often -----------------------------------------------------------------------------------------------------------------------


def test_a_source_of_which_nothing_is_known_is_polled_as_often_as_configured_over_a_week() -> None:
    assert len(polls(None)) == pytest.approx(24 * 7, abs=6)


def test_of_an_office_mornings_are_looked_at_more_often_than_nights_and_sundays() -> None:
    assert pause(None, MONDAY + 10 * HOUR) < pause(None, MONDAY + 21 * HOUR) < pause(None, MONDAY + 25 * HOUR)
    assert pause(None, MONDAY + 10 * HOUR) < pause(None, MONDAY + 6 * DAY + 10 * HOUR)


def test_the_weekend_is_that_of_the_country() -> None:
    friday, sunday = (datetime(2026, 3, day, 10, tzinfo=ZoneInfo("Asia/Riyadh")) for day in (6, 8))

    assert pause(None, sunday, zone="Asia/Riyadh") < pause(None, friday, zone="Asia/Riyadh")
    assert pause(None, friday, zone="Europe/Moscow") < pause(None, sunday, zone="Europe/Moscow")


def test_where_not_even_the_zone_is_known_all_hours_are_alike() -> None:
    night, noon = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (3, 12))

    assert pause(None, night, zone=None) == pause(None, noon, zone=None)


def test_who_publishes_more_is_polled_more_often_and_who_publishes_less_less(dated: Callable[..., list[Article]]) -> None:
    busy = dated(*(MONDAY - number * HOUR for number in range(1, 21)))
    rare = dated(*(MONDAY - number * 30 * DAY for number in range(1, 21)))

    weeks = [len(polls(rhythm.learn(None, first, since=None, zone=ZONE, now=MONDAY))) for first in (busy, [], rare)]

    assert weeks[0] > 2.5 * weeks[1]
    assert weeks[1] > 2.5 * weeks[2]


def test_a_source_that_falls_silent_is_polled_less_and_less(dated: Callable[..., list[Article]]) -> None:
    activity = rhythm.learn(None, dated(*(MONDAY - number * HOUR for number in range(1, 21))), since=None, zone=ZONE, now=MONDAY)

    weeks = [len(polls(activity, begin=MONDAY + days * DAY)) for days in (0, 14, 56)]

    assert weeks[0] > weeks[1] > weeks[2]


def test_pinned_and_undated_articles_of_a_first_page_do_not_hide_its_rate(dated: Callable[..., list[Article]]) -> None:
    dates = [MONDAY - number * 8 * HOUR for number in range(1, 19)]
    plain = rhythm.learn(None, dated(*dates), since=None, zone=ZONE, now=MONDAY)

    pinned = rhythm.learn(None, dated(None, MONDAY - 900 * DAY, MONDAY - 400 * DAY, *dates), since=None, zone=ZONE, now=MONDAY)

    assert len(polls(pinned)) == pytest.approx(len(polls(plain)), rel=0.15)


# --- what is learned -----------------------------------------------------------------------------------------------------------------


def density(activity: tuple[float, ...], hour: int) -> float:
    """Polls in that hour of a Tuesday, as against the mean of the day."""
    pauses = [pause(activity, MONDAY + DAY + each * HOUR, every=timedelta(minutes=1)) for each in range(24)]
    return fmean(each.total_seconds() for each in pauses) / pauses[hour].total_seconds()


def test_the_hours_of_a_source_are_learned_from_the_times_it_states(dated: Callable[..., list[Article]]) -> None:
    night = [MONDAY - day * DAY + 3.5 * HOUR for day in range(1, 60)]

    *_, (_, activity, _) = lived(sorted(night), dated, MONDAY - 40 * DAY, MONDAY)

    assert activity is not None
    assert density(activity, 3) > 2 * density(activity, 10)


def test_hours_are_learned_from_when_articles_are_found_where_they_state_none(dated: Callable[..., list[Article]]) -> None:
    activity, now = rhythm.learn(None, (), since=None, zone=ZONE, now=MONDAY), MONDAY
    for day in range(60):
        now = MONDAY + day * DAY + 4 * HOUR
        found = dated(None, now=now) if day % 2 else dated(now.replace(hour=0), now=now)
        activity = rhythm.learn(activity, found, since=now - HOUR, zone=ZONE, now=now)

    assert density(activity, 3) > 2 * density(activity, 10)


def test_a_stated_time_before_the_last_look_is_not_when_it_appeared(dated: Callable[..., list[Article]]) -> None:
    now = MONDAY + 15 * HOUR
    begun = rhythm.learn(None, (), since=None, zone=ZONE, now=MONDAY)

    late = rhythm.learn(begun, dated(now - 6 * HOUR, now=now), since=now - HOUR, zone=ZONE, now=now)

    assert late == rhythm.learn(begun, dated(now - HOUR / 2, now=now), since=now - HOUR, zone=ZONE, now=now)


def test_an_archive_that_is_put_online_teaches_nothing(dated: Callable[..., list[Article]]) -> None:
    begun = rhythm.learn(None, (), since=None, zone=ZONE, now=MONDAY)

    archive = dated(*(MONDAY - day * DAY for day in range(30, 400)))

    assert rhythm.learn(begun, archive, since=MONDAY - HOUR, zone=ZONE, now=MONDAY) == begun


def test_a_flood_counts_as_a_few(dated: Callable[..., list[Article]]) -> None:
    begun = rhythm.learn(None, (), since=None, zone=ZONE, now=MONDAY)
    flood, few = (dated(*[MONDAY - HOUR / 2] * count) for count in (4_000, 20))

    assert rhythm.learn(begun, flood, since=MONDAY - HOUR, zone=ZONE, now=MONDAY) == pytest.approx(
        rhythm.learn(begun, few, since=MONDAY - HOUR, zone=ZONE, now=MONDAY)
    )


def test_what_is_kept_is_small_and_survives_json(dated: Callable[..., list[Article]]) -> None:
    activity = rhythm.learn(None, dated(*(MONDAY - number * HOUR for number in range(1, 500))), since=None, zone=ZONE, now=MONDAY)

    assert tuple(json.loads(json.dumps(activity))) == activity
    assert len(json.dumps(activity)) < 400


def test_what_another_version_kept_is_forgotten() -> None:
    assert pause((1.0, 2.0), MONDAY) == pause(None, MONDAY)


# --- whatever comes ------------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(moments, st.sampled_from(["day", "minute", "second"]), st.none() | moments), max_size=30),
    moments,
    zones,
    st.none() | moments,
)
def test_whatever_dates_come_there_is_a_next_poll(
    an_article: Callable[..., Article],
    dates: list[tuple[datetime, str, datetime | None]],
    now: datetime,
    zone: str | None,
    since: datetime | None,
) -> None:
    found = [an_article(published=published, precision=precision, placed=placed, first_seen=now) for published, precision, placed in dates]

    activity = rhythm.learn(None, found, since=since, zone=zone, now=now)
    activity = rhythm.learn(activity, found, since=since, zone=zone, now=now)

    assert timedelta() < pause(activity, now, zone=zone) <= DAY


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7 * 24 * 60), zones, st.timedeltas(timedelta(seconds=1), timedelta(days=366)))
def test_more_jitter_is_a_longer_pause_and_never_beyond_the_longest(
    jitter: float, minutes: int, zone: str | None, every: timedelta
) -> None:
    now = MONDAY + timedelta(minutes=minutes)

    assert pause(None, now, zone=zone, every=every, jitter=0) <= pause(None, now, zone=zone, every=every, jitter=jitter) <= DAY


# --- what it is good for -------------------------------------------------------------------------------------------------------------


def office(chance: random.Random, rate: float) -> Iterator[datetime]:
    """What a campus publishes in 100 days, most of it on working days between eight and six."""
    for day in range(-60, 40):
        for _ in range(chance.choice((0, 1, 2)) if rate == 1 else int(rate)):
            if (MONDAY + day * DAY).weekday() < 5 or chance.random() < 0.1:
                yield MONDAY + day * DAY + timedelta(hours=8 + 10 * chance.random())


def test_with_as_many_requests_as_by_the_hour_articles_are_found_in_less_than_half_the_time(dated: Callable[..., list[Article]]) -> None:
    chance = random.Random(3)
    ours: list[float] = []
    requests = 0
    wires = [sorted(office(chance, rate)) for rate in (1, 1, 2, 8)]

    for published in wires:
        for now, _, found in lived(published, dated, MONDAY, MONDAY + 40 * DAY):
            requests += 1
            ours += [(now - moment).total_seconds() / 60 for moment in found]

    by_the_hour = 24 * 40 * len(wires)
    assert median(ours) * max(1.0, requests / by_the_hour) < 30 / 2
