"""A walk back through a list of thirty pages, over the real readers and the real database; the network is a table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import query
from aggregator.errors import TimedOut
from aggregator.fetch import Response
from aggregator.model import Changes, Page, Selectors, Source, SourceState, Validators
from aggregator.plan import Rhythm
from aggregator.poll import Older, Poller
from aggregator.run.backfill import Until, walk
from aggregator.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIST = "https://north.example.edu/news/"
SOURCE = Source("north/news", LIST, kind="listing", selectors=Selectors("li"), full_text="never")


class Here:
    """Runs in this process what the daemon runs in another."""

    async def run(self, function: Any, *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)


class Pages:
    """``count`` pages of five rows, each with a link to the next one; ``broken`` ones time out."""

    def __init__(self, count: int = 30, *, dated: bool = False) -> None:
        self.count = count
        self.dated = dated
        self.broken: set[int] = set()
        self.asked: list[int] = []

    async def fetch(self, url: str, *, validators: Validators | None = None, despite_robots: bool = False) -> Response:
        number = int(url.removeprefix(LIST).removeprefix("list").removesuffix(".htm") or 1)
        self.asked.append(number)
        if number in self.broken:
            raise TimedOut(f"{url} was not done within 30 s", url=url)
        rows = "".join(
            f"<li><a href='/n/{item}.htm'>A story with the number {item}</a>{self.day(item)}</li>"
            for item in range(number * 5, number * 5 - 5, -1)
        )
        following = f"<div class='pager'><a href='{LIST}list{number + 1}.htm'>下一页</a></div>" if number < self.count else ""
        return Response(Page(url, f"<html><body><ul>{rows}</ul>{following}</body></html>".encode()), url, 200, Validators(), None, None, 0)

    def day(self, item: int) -> str:
        return f" {NOW - timedelta(days=item):%Y-%m-%d}" if self.dated else ""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as opened:
        opened.sync([SOURCE], now=NOW)
        yield opened


def go(store: Store, pages: Pages, until: Until) -> tuple[str, list[Older]]:
    steps: list[Older] = []
    poller = Poller(
        fetcher=pages,
        store=store,
        offload=Here(),
        sources={SOURCE.id: SOURCE},
        rhythm=Rhythm(),
        pages=0,
        clock=lambda: NOW,
        jitter=lambda: 0.5,
    )
    why = asyncio.run(walk(poller, store, SOURCE.id, until, steps.append, clock=lambda: NOW))
    return why, steps


def titles(store: Store) -> list[str]:
    return [article.title for article in store.articles(query.parse(""), limit=1000)]


def test_a_list_is_read_to_its_end(store: Store) -> None:
    why, steps = go(store, Pages(30), Until(pages=100))

    assert why == "the list ends here"
    assert len(steps) == 30
    assert len(set(titles(store))) == len(titles(store)) == 150


def test_a_walk_that_broke_goes_on_where_it_stood_without_gap_or_double(store: Store) -> None:
    pages = Pages(30)
    pages.broken = {12}
    with pytest.raises(TimedOut):
        go(store, pages, Until(pages=100))
    before = len(titles(store))

    pages.broken = set()
    pages.asked.clear()
    go(store, pages, Until(pages=100))

    assert before == 55
    assert pages.asked == list(range(12, 31))
    assert len(set(titles(store))) == len(titles(store)) == 150


def test_it_stops_where_the_site_asks_to_be_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Older(LIST, 5, 5, None, f"{LIST}list2.htm", timedelta(hours=1))

    async def older(_: Poller, state: SourceState) -> Older:
        store.apply(Changes(state))
        return step

    monkeypatch.setattr(Poller, "older", older)

    why, steps = go(store, Pages(30), Until(pages=100))

    assert "asks to wait 3600 s" in why
    assert steps == [step]


def test_it_stops_after_so_many_pages_and_goes_on_from_there(store: Store) -> None:
    pages = Pages(30)

    go(store, pages, Until(pages=3))
    go(store, pages, Until(pages=2))

    assert pages.asked == [1, 2, 3, 4, 5]


def test_it_stops_after_so_many_articles(store: Store) -> None:
    _, steps = go(store, Pages(30), Until(pages=100, items=12))

    assert len(steps) == 3


def test_it_stops_at_a_day(store: Store) -> None:
    why, steps = go(store, Pages(30, dated=True), Until(pages=100, since=NOW - timedelta(days=18)))

    assert why.startswith("older than 2026-02-12")
    assert len(steps) == 4


def test_items_without_a_date_stand_below_those_of_the_pages_before(store: Store) -> None:
    go(store, Pages(3), Until(pages=10))

    numbers = [int(title.rpartition(" ")[2]) for title in titles(store)]
    assert numbers[:5] == [5, 4, 3, 2, 1]
    assert set(numbers[5:10]) == {6, 7, 8, 9, 10}


def test_a_list_without_end_is_left(store: Store) -> None:
    class Calendar(Pages):
        async def fetch(self, url: str, **_: Any) -> Response:
            response = await super().fetch(url)
            assert response.page is not None
            return (
                Response(Page(url, response.page.body.replace(b"/n/", b"/n/1?")), url, 200, Validators(), None, None, 0)
                if len(self.asked) < 2
                else (
                    Response(
                        Page(
                            url,
                            f"<ul><li><a href='/n/1'>A story with the number 1</a></li></ul><a href='{LIST}list{len(self.asked) + 1}.htm'>下一页</a>".encode(),
                        ),
                        url,
                        200,
                        Validators(),
                        None,
                        None,
                        0,
                    )
                )
            )

    why, steps = go(store, Calendar(1000), Until(pages=100))

    assert "nothing new" in why
    assert len(steps) < 10


def test_polls_are_not_touched(store: Store) -> None:
    before = store.states()[0]

    go(store, Pages(5), Until(pages=2))

    after = store.states()[0]
    assert (after.next_poll, after.validators, after.last_poll) == (before.next_poll, before.validators, before.last_poll)
    assert store.owners() == ()
