"""What was written of an item is kept, and never one byte of it when it would be written otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Article, FeedDocument, Mention, Report, Source
from aggregator.publish import render
from aggregator.publish.items import anew
from aggregator.serve.fragments import Fragments

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source("north/news", "https://north.example.edu/feed.xml", title="North")
REPORT = Report("r", "Ice, elsewhere", "https://east.example.edu/1", "east/news", None, None, None, copy=True)
LARGE = 1_000_000
FORMATS = ("rss", "atom", "json")


def an_article(number: int) -> Article:
    address = f"https://north.example.edu/{number}"
    return Article(str(number), f"Ice {number}", address, SOURCE.id, "north", NOON, content=f"<p>Ice & snow {number}</p>")


def a_feed(*articles: Article, **fields: object) -> FeedDocument:
    document = FeedDocument("News", "https://wire.example.org/feeds/all", "https://wire.example.org/", articles=articles)
    return replace(document, **{"sources": {SOURCE.id: SOURCE}} | fields)  # type: ignore[arg-type]


class Counting:
    """A writing that tells which items were really written."""

    def __init__(self, room: int = LARGE) -> None:
        self.fragments = Fragments(room)
        self.written: list[str] = []

    def __call__(self, write, article, source, reports, *more):
        def told(*said):
            self.written.append(said[0].id)
            return write(*said)

        self._writers = getattr(self, "_writers", {})
        return self.fragments(self._writers.setdefault(write, told), article, source, reports, *more)


@pytest.mark.parametrize("name", FORMATS)
def test_of_many_items_only_the_new_one_is_written(name):
    counting = Counting()
    many = [an_article(number) for number in range(20)]
    render(a_feed(*many), name, counting)
    counting.written.clear()

    assert render(a_feed(an_article(20), *many[:-1]), name, counting) == render(a_feed(an_article(20), *many[:-1]), name)
    assert counting.written == ["20"]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_item_in_another_feed_is_not_written_again(name):
    counting = Counting()
    render(a_feed(an_article(1)), name, counting)

    render(a_feed(an_article(1), address="https://wire.example.org/universities/north", hub="https://hub.example.org/"), name, counting)

    assert counting.written == ["1"]


def test_a_feed_of_stories_and_its_like_do_not_push_each_other_out():
    counting = Counting()
    for _ in range(3):
        render(a_feed(an_article(1)), "rss", counting)
        render(a_feed(an_article(1), reports={"1": (REPORT,)}), "rss", counting)

    assert counting.written == ["1", "1"]


def test_what_was_longest_unasked_for_leaves_when_there_is_no_room():
    item = len(render(a_feed(an_article(1)), "json")) - len(render(a_feed(), "json"))
    counting = Counting(room=2 * (item + an_article(1).weight))
    for number in (1, 2, 1, 3, 1, 2):
        render(a_feed(an_article(number)), "json", counting)

    assert counting.written == ["1", "2", "3", "2"]


def test_an_item_larger_than_the_room_is_written_all_the_same():
    feed = a_feed(replace(an_article(1), content="x" * 1000))

    assert render(feed, "rss", Fragments(100)) == render(feed, "rss")


ARTICLE_CHANGES = st.sampled_from(
    [
        {"title": "Thaw"},
        {"content": "<p>Thaw</p>"},
        {"content": None, "text": None},
        {"updated": NOON},
        {"updated": NOON + timedelta(hours=1)},
        {"language": "no"},
        {"topic": "event"},
        {"source": "nobody/knows"},
        {"university": "east"},
        {"mentions": (Mention("East University", about=True),)},
        {"mentions": ()},
        {"authors": ("A. Person",)},
        {"first_seen": NOON + timedelta(days=1)},
        {},
    ]
)
FEED_CHANGES = st.sampled_from(
    [
        {"title": "Other news"},
        {"sources": {SOURCE.id: replace(SOURCE, title="Renamed")}},
        {"sources": {SOURCE.id: replace(SOURCE, url="https://moved.example.edu/")}},
        {"sources": {}},
        {"reports": {"1": (REPORT,)}},
        {"reports": {"1": (replace(REPORT, title="Thaw, elsewhere"),), "2": (REPORT,)}},
        {"reports": {}},
        {"hub": "https://hub.example.org/"},
        {"language": "en"},
        {},
    ]
)
STEPS = st.lists(st.tuples(st.integers(0, 4), ARTICLE_CHANGES, FEED_CHANGES, st.sampled_from(FORMATS)), min_size=1, max_size=25)


@settings(deadline=None)
@given(steps=STEPS, room=st.sampled_from([0, 600, 1500, LARGE]))
def test_bytes_are_those_of_a_feed_that_is_written_anew_whatever_changes(steps, room):
    fragments = Fragments(room)
    held = [an_article(number) for number in range(5)]
    for number, of_article, of_feed, name in steps:
        held[number] = replace(held[number], **of_article)
        feed = a_feed(*held, **of_feed)

        assert render(feed, name, fragments) == render(feed, name, anew)
