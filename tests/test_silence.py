from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Form, Profile, Source
from aggregator.silence import heard, is_silent, listened, working_days

NORWAY = Source("north/news", "https://north.example.edu/", country="NO", timezone="Europe/Oslo")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FORM = Form("feed", 10, 1.0, 40.0, ("north.example.edu/news/N",))


def quiet(*gaps: float, since: datetime = MONDAY) -> Profile:
    return Profile(FORM, gaps=gaps, heard=since)


def silent_after(profile: Profile, source: Source = NORWAY) -> int:
    """Days until it is called silent."""
    assert profile.heard is not None
    return next(days for days in range(10_000) if is_silent(profile, source, now=profile.heard + days * DAY))


@pytest.mark.parametrize(
    ("since", "until", "source", "expected"),
    [
        (MONDAY, MONDAY + DAY, NORWAY, 1.0),
        (MONDAY, MONDAY + 7 * DAY, NORWAY, 5.5),
        (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC), NORWAY, 0.2),
        (datetime(2025, 12, 22, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), NORWAY, 1.4),
        (datetime(2026, 7, 6, tzinfo=UTC), datetime(2026, 7, 13, tzinfo=UTC), NORWAY, 2.25),
        (datetime(2026, 2, 9, tzinfo=UTC), datetime(2026, 2, 16, tzinfo=UTC), Source("a", "https://a", country="AU"), 2.25),
        (datetime(2026, 2, 9, tzinfo=UTC), datetime(2026, 2, 23, tzinfo=UTC), Source("a", "https://a", country="CN"), 2.0),
        (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC), Source("a", "https://a", timezone="Asia/Tehran"), 0.5),
    ],
    ids=[
        "a day",
        "a week",
        "the first of May",
        "the turn of the year",
        "summer",
        "summer in the south",
        "new year by the moon",
        "a Persian weekend",
    ],
)
def test_weekends_and_holidays_weigh_little(since: datetime, until: datetime, source: Source, expected: float) -> None:
    assert working_days(since, until, source) == pytest.approx(expected, abs=0.25)


@given(st.integers(0, 800), st.integers(0, 800), st.integers(0, 800))
def test_working_days_add_up(a: int, b: int, c: int) -> None:
    first, second, third = (MONDAY + days * DAY for days in sorted((a, b, c)))

    whole = working_days(first, second, NORWAY) + working_days(second, third, NORWAY)
    assert whole == pytest.approx(working_days(first, third, NORWAY))


def test_a_source_that_publishes_daily_is_silent_within_three_weeks() -> None:
    assert 7 <= silent_after(quiet(*[1.0] * 12)) <= 21


def test_a_bulletin_of_four_issues_a_year_is_never_silent_before_a_year() -> None:
    assert not is_silent(quiet(*[60.0] * 4), NORWAY, now=MONDAY + 365 * DAY)


def test_a_source_of_few_items_is_never_silent() -> None:
    assert not is_silent(quiet(1.0, 1.0, 1.0), NORWAY, now=MONDAY + 3000 * DAY)


def test_the_turn_of_the_year_is_no_silence() -> None:
    assert not is_silent(quiet(*[1.0] * 12, since=datetime(2025, 12, 19, tzinfo=UTC)), NORWAY, now=datetime(2026, 1, 9, tzinfo=UTC))


def test_one_long_gap_makes_patient() -> None:
    assert silent_after(quiet(*[1.0] * 11, 20.0)) > 1.5 * 20


@given(st.lists(st.floats(0.5, 100), max_size=12), st.integers(0, 4000), st.integers(0, 400))
def test_who_is_silent_stays_silent(gaps: list[float], days: int, more: int) -> None:
    profile = quiet(*gaps)

    if is_silent(profile, NORWAY, now=MONDAY + days * DAY) and days < 700:
        assert is_silent(profile, NORWAY, now=MONDAY + (days + more) * DAY)


def test_silence_is_remembered_from_when_it_was_noticed_and_ends_with_the_next_article(an_article: Any) -> None:
    noticed = listened(quiet(*[1.0] * 12), NORWAY, now=MONDAY + 30 * DAY)
    later = listened(noticed, NORWAY, now=MONDAY + 40 * DAY)
    spoken = heard(later, [an_article()], NORWAY, now=MONDAY + 41 * DAY, first=False)

    assert noticed.silent == later.silent == MONDAY + 30 * DAY
    assert (spoken.silent, spoken.heard) == (None, MONDAY + 41 * DAY)
    assert spoken.gaps[-1] == pytest.approx(working_days(MONDAY, MONDAY + 41 * DAY, NORWAY), abs=0.01)


def test_the_first_reading_tells_the_rhythm_by_its_dates(an_article: Any, now: datetime) -> None:
    learned = heard(Profile(FORM), [an_article(number) for number in range(1, 8)], NORWAY, now=now, first=True)

    assert learned.heard == now - 2 * DAY  # the Saturday; what came on the Sunday is no event of its own
    assert len(learned.gaps) == 5


def test_several_articles_of_one_day_are_one_event(an_article: Any, now: datetime) -> None:
    profile = Profile(FORM, gaps=(1.0,), heard=now)

    assert heard(profile, [an_article(1), an_article(2)], NORWAY, now=now + timedelta(hours=2), first=False).gaps == (1.0,)
