"""The article pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from polling import FEED, LIST, PARAGRAPH, ROWS, Wire, busy, feed, rows, story

from aggregator.errors import Gone, HttpStatus, TimedOut
from aggregator.model import Validators
from aggregator.plan import Rhythm
from aggregator.poll import Outcome


def test_rows_get_their_text_from_their_pages_once(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(2, 1)} | {f"{LIST}{number}.html": story(number) for number in (1, 2)}
    wire.poll("north/list")
    wire.network.answers[LIST] = rows(2, 1) + b"<!-- changed -->"

    outcome = wire.poll("north/list")

    assert outcome == Outcome("north/list")
    assert sorted(wire.network.pages()) == [f"{LIST}1.html", f"{LIST}2.html"]
    assert all((article.text or "").count("frozen river") == 4 for article in wire.articles())


@pytest.mark.parametrize("reason", [None, "agreed with their web team"])
def test_robots_txt_is_passed_over_only_where_the_operator_gives_a_reason(wire: Wire, reason: str | None) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": story(1)}
    wire.sources["north/list"] = replace(ROWS, ignore_robots=reason)

    wire.poll("north/list")

    assert wire.network.despite_robots == [reason is not None] * 2


@pytest.mark.parametrize(
    "failure",
    [
        HttpStatus("answered 404", url=LIST, status=404),
        TimedOut("slow", url=LIST),
        Gone("gone", url=LIST, status=410),
        b"%PDF-1.7",
        b"",
        None,
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_an_article_page_that_fails_costs_the_text_never_the_item(wire: Wire, failure: Any) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": failure, f"{LIST}1.html": story(1)}

    outcome = wire.poll("north/list")

    assert outcome == Outcome("north/list", new=2)
    texts = {article.title[-1]: article.text for article in wire.articles()}
    assert "frozen river" in (texts["1"] or "")
    assert not texts["2"]
    assert wire.state("north/list").state == "ok"
    explained = next(article.provenance for article in wire.articles() if article.title.endswith("2"))
    assert failure is None or "the article page failed" in explained["content"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_to_be_left_alone_is_asked_for_no_more_article_pages_and_polled_no_earlier(wire: Wire, status: int) -> None:
    wire.network.answers |= {LIST: rows(3, 2, 1), f"{LIST}3.html": story(3), f"{LIST}2.html": busy(7200, status)}

    outcome = wire.poll("north/list")

    assert outcome == Outcome("north/list", new=3)
    assert wire.network.pages() == [f"{LIST}3.html", f"{LIST}2.html"]
    assert wire.state("north/list").next_poll >= wire.now + timedelta(hours=2)
    explained = {article.title[-1]: article.provenance["content"] for article in wire.articles() if not article.text}
    assert "slow down" in explained["2"]
    assert "asks to wait 7200 s" in explained["1"]


def test_a_site_that_gives_some_pages_and_then_asks_for_a_short_wait_gives_the_others_at_the_next_poll(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(3, 2, 1), f"{LIST}3.html": story(3), f"{LIST}2.html": busy(60), f"{LIST}1.html": story(1)}

    first = wire.poll("north/list")
    second = wire.poll("north/list")

    assert (first.new, second.new) == (2, 1)
    assert sum("frozen river" in (article.text or "") for article in wire.articles()) == 2


def test_an_article_page_that_breaks_our_reader_costs_the_text_never_the_item(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": story(1)}
    run = wire.inline.run

    async def breaks(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if function.__name__ == "complete":
            raise RuntimeError("a fault of ours")
        return await run(function, *arguments, **named)

    monkeypatch.setattr(wire.inline, "run", breaks)

    assert wire.poll("north/list") == Outcome("north/list", new=1)


def test_pages_beyond_the_budget_come_at_the_next_polls_and_nothing_doubles(wire: Wire) -> None:
    wire.pages = 2
    wire.network.answers |= {LIST: rows(5, 4, 3, 2, 1)} | {f"{LIST}{number}.html": story(number) for number in range(1, 6)}

    outcomes, states = [], []
    for _ in range(4):
        outcomes.append(wire.poll("north/list"))
        states.append(wire.state("north/list"))

    assert [outcome.new for outcome in outcomes] == [2, 2, 1, 0]
    assert [wire.now - timedelta(hours=3 - number) + timedelta(minutes=5 if number < 2 else 30) for number in range(4)] == [
        state.next_poll for state in states
    ]
    assert [validators for url, validators in wire.network.asked if url == LIST] == [Validators()] * 3 + [Validators('"1"')]
    assert len(wire.titles()) == len(set(wire.titles())) == 5
    assert sorted(wire.network.pages()) == [f"{LIST}{number}.html" for number in range(1, 6)]


def test_rows_that_came_later_than_others_keep_the_order_of_the_list(wire: Wire) -> None:
    wire.pages = 2
    wire.network.answers |= {LIST: rows(5, 4, 3, 2, 1)} | {f"{LIST}{number}.html": story(number) for number in range(1, 6)}

    for _ in range(3):
        wire.poll("north/list", after=Rhythm().at_least)

    assert [article.title[-1] for article in wire.articles()] == ["5", "4", "3", "2", "1"]


def test_without_any_budget_for_pages_rows_are_published_as_they_are(wire: Wire) -> None:
    wire.pages = 0
    wire.network.answers[LIST] = rows(2, 1)

    outcome = wire.poll("north/list")

    assert outcome == Outcome("north/list", new=2)
    assert wire.network.pages() == []
    assert wire.state("north/list").next_poll == wire.now + timedelta(minutes=30)


def test_the_page_of_a_story_that_another_source_brought_is_not_fetched(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1).replace(b"/1.html", b"/news/1.html"), LIST: rows(1)}
    wire.poll()

    wire.poll("north/list")

    assert wire.network.pages() == []
    assert len(wire.articles()) == 1


def test_pictures_and_attachments_are_published_and_never_fetched(wire: Wire) -> None:
    """The network here knows no other address: a request for one would break the poll."""
    picture, film = "https://north.example.edu/ice.jpg", "https://north.example.edu/ice.mp4"
    told = f"<enclosure url='{film}' type='video/mp4' length='9'/><description>&lt;img src='{picture}'&gt; {PARAGRAPH}</description>"
    wire.network.answers |= {
        FEED: feed(7).replace(b"<description>Robots walk.</description>", told.encode()),
        LIST: rows(1),
        f"{LIST}1.html": story(1).replace(
            b"</p><p>", f"</p><p><img src='{picture}' width='900' height='600' alt='Ice'></p><p>".encode(), 1
        ),
    }

    wire.poll()
    wire.poll("north/list")

    assert [url for url, _ in wire.network.asked] == [FEED, LIST, f"{LIST}1.html"]
    assert [file.url for article in wire.articles() for file in article.enclosures] == [film]
    assert [article.image for article in wire.articles()] == [picture, picture]


def test_a_story_on_several_pages_is_joined(wire: Wire) -> None:
    second = story(1).replace(b"three kilometres", b"another five kilometres")
    first = story(1).replace(b"</article>", b"</article><div class='pages'><b>1</b> <a href='1_2.html'>2</a></div>")
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": first, f"{LIST}1_2.html": second}

    wire.poll("north/list")

    (article,) = wire.articles()
    assert article.text is not None
    assert article.text.index("three kilometres") < article.text.index("another five kilometres")
    assert "2 pages joined" in article.provenance["content"]


def test_the_pages_of_a_story_on_a_host_that_wants_long_pauses_end_with_the_time_of_the_poll(wire: Wire) -> None:
    first = story(1).replace(b"</article>", b"</article><div class='pages'><b>1</b> <a href='1_2.html'>2</a></div>")
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": first, f"{LIST}1_2.html": story(1)}

    def wait() -> None:
        wire.now += timedelta(minutes=5)

    wire.network.meanwhile = wait

    wire.poll("north/list")
    assert f"{LIST}1_2.html" in wire.network.pages()

    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": first.replace(b"1_2", b"2_2"), f"{LIST}2_2.html": story(1)}
    wire.network.meanwhile = lambda: (wait(), wait())[0]
    wire.poll("north/list")

    assert f"{LIST}2_2.html" not in wire.network.pages()
    assert {article.title[-1] for article in wire.articles()} == {"1", "2"}
