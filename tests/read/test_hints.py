"""What feeds ask of those who poll them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Hints, Page, Source
from aggregator.read import read

SOURCE = Source("north/news", "https://north.example.edu/feed")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ITEM = "<item><title>Ice</title><link>https://north.example.edu/1</link></item>"
SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
ATOM = "xmlns:atom='http://www.w3.org/2005/Atom'"
HUB, SELF = "https://hub.example.org/", "https://north.example.edu/feed"


def hints(text: str) -> Hints:
    return read(Page(SOURCE.url, text.encode()), SOURCE, now=NOW).hints


def rss(head: str) -> Hints:
    return hints(f"<?xml version='1.0'?><rss version='2.0' {SY} {ATOM}><channel><title>North</title>{head}{ITEM}</channel></rss>")


def test_a_feed_that_asks_for_nothing_has_no_hints() -> None:
    assert rss("") == Hints()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 1440 </ttl>", timedelta(days=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>an hour</ttl>", None),
        (f"<ttl>{'9' * 400}</ttl>", None),
        ("<ttl/>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", None),
        ("<sy:updatePeriod>\n hourly \n</sy:updatePeriod>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(weeks=1)),
        ("<sy:updateFrequency>2</sy:updateFrequency>", timedelta(hours=12)),
        ("<sy:updatePeriod>whenever</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(minutes=30)),
    ],
)
def test_how_long_a_feed_stays_good(head: str, expected: timedelta | None) -> None:
    assert rss(head).ttl == expected


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        ("<skipHours><hour>0</hour><hour>23</hour></skipHours>", {0, 23}, set()),
        ("<skipHours><hour>24</hour><hour>25</hour><hour>x</hour><minute>3</minute></skipHours>", {0}, set()),
        ("<skipDays><day>Saturday</day><day>sunday</day><day>Funday</day></skipDays>", set(), {5, 6}),
        ("<skipHours/><skipDays>Monday</skipDays>", set(), set()),
    ],
)
def test_when_a_feed_wants_to_be_left_alone(head: str, hours: set[int], days: set[int]) -> None:
    assert (rss(head).skip_hours, rss(head).skip_days) == (hours, days)


def test_the_hub_of_a_feed_and_its_own_name_for_itself() -> None:
    links = (
        f"<atom:link rel='self' href='{SELF}'/><atom:link rel='hub' href='{HUB}'/><atom:link rel='hub' href='https://other.example.org/'/>"
    )
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>North</title><id>n</id>{links.replace('atom:', '')}<entry><title>Ice</title><id>1</id></entry></feed>"

    assert (rss(links).hub, rss(links).topic) == (HUB, SELF)
    assert (hints(atom).hub, hints(atom).topic) == (HUB, SELF)


@pytest.mark.parametrize("href", ["", "javascript:alert(1)", "mailto:a@example.edu", "https://" + "x" * 5_000 + ".example.edu/"])
def test_a_hub_that_is_no_address_of_the_web_is_none(href: str) -> None:
    assert rss(f"<atom:link rel='hub' href='{href}'/>").hub is None


def test_the_hub_of_a_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "feed_url": SELF,
        "hubs": ["x", {"type": "rssCloud", "url": "https://cloud.example.org/"}, {"type": "WebSub", "url": HUB}],
        "items": [{"id": "1", "title": "Ice"}],
    }

    assert hints(json.dumps(feed)) == Hints(hub=HUB, topic=SELF)


@given(st.dictionaries(st.sampled_from(["hubs", "feed_url"]), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)))
def test_whatever_a_json_feed_says_of_hubs_it_is_a_reading(fields: dict[str, object]) -> None:
    found = hints(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Ice"}], **fields}))

    assert found.ttl is None
