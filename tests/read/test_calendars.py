"""Pages that list what will be: the day of an event is not the day on which it was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Page, Source
from aggregator.read import read
from aggregator.refine.normalize import normalize

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
PAGE = "https://north.example.edu/events/"


def _published(days: Sequence[str], title: str = "Events") -> list[date | None]:
    rows = "".join(
        f"<li><span class='date'>{day}</span> <a href='/events/{number}'>Evening number {number} in the great hall</a></li>"
        for number, day in enumerate(days, 1)
    )
    page = Page(PAGE, f"<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{rows}</ul></body></html>".encode(), "text/html")
    source = Source("north/events", PAGE)
    reading = read(page, source, now=NOW)
    assert len(reading.entries) == len(days)
    return [article.published and article.published.date() for article in (normalize(each, source, now=NOW) for each in reading.entries)]


@pytest.mark.parametrize(
    "days",
    [
        ("9 October", "3 November", "15 December", "20 January"),
        ("28 September", "3 October", "9 October", "3 November", "15 December"),
        ("<b>9</b><i>Oct</i>", "<b>3</b><i>Nov</i>", "<b>15</b><i>Dec</i>"),
        ("10-09", "11-03", "11-03", "12-15"),
        ("9 октября", "3 ноября", "15 декабря"),
        ("10月9日", "11月3日", "12月15日"),
    ],
)
def test_days_without_a_year_that_run_ahead_are_no_days_of_publication(days: Sequence[str]) -> None:
    assert set(_published(days)) == {None}


@pytest.mark.parametrize("days", [("9 October 2024", "3 November 2024", "15 December 2024"), ("2024-10-09", "2024-11-03", "2025-01-20")])
def test_days_to_come_are_not_believed(days: Sequence[str]) -> None:
    assert set(_published(days)) == {None}


def test_an_event_of_tomorrow_may_be_dated_but_never_stands_above_what_is_seen_now() -> None:
    page = Page(PAGE, b"<html><body><h1>Events</h1><ul>" + b"".join(
        f"<li><a href='/events/{number}'>Evening number {number} in the great hall</a> <time>2024-10-0{number}</time></li>".encode()
        for number in (1, 2, 3, 4)
    ) + b"</ul></body></html>", "text/html")  # fmt: skip
    source = Source("north/events", PAGE)

    articles = [normalize(each, source, now=NOW) for each in read(page, source, now=NOW).entries]

    assert [article.published and article.published.day for article in articles] == [1, 2, 3, None]
    assert all(article.at <= NOW for article in articles)


@pytest.mark.parametrize(
    "days",
    [
        ("2 October", "28 September", "20 January", "15 December", "3 November", "9 October"),
        ("20 September", "22 September", "25 September", "28 September"),
        ("20 January", "15 June", "3 July", "28 September"),
        ("28 September", "3 July", "20 July", "15 June"),
    ],
)
def test_lists_of_news_keep_their_days(days: Sequence[str]) -> None:
    assert None not in _published(days, "News")


@given(st.lists(st.integers(0, 340), min_size=3, max_size=12))
def test_days_that_go_back_are_never_lost(ages: list[int]) -> None:
    days = [NOW.date() - timedelta(days=age) for age in sorted(ages)]

    assert _published([f"{day.day} {day:%B}" for day in days], "News") == days
