"""Article pages that failed in passing, and are owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from polling import LIST, Wire, busy, rows, story

from aggregator.errors import Gone, HttpStatus, TimedOut, Unreachable
from aggregator.poll import Outcome


def passing(status: int = 503) -> HttpStatus:
    return HttpStatus(f"answered {status}", url=LIST, status=status)


@pytest.mark.parametrize("failure", [passing(), passing(429), TimedOut("slow", url=LIST), Unreachable("no route", url=LIST)], ids=str)
@pytest.mark.parametrize("then", [b"<!-- changed -->", b"", None], ids=["changed", "equal", "304"])
def test_an_article_page_that_fails_once_is_asked_for_at_the_next_poll_and_its_item_quietly_revised(
    wire: Wire, failure: Exception, then: bytes | None
) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": failure, f"{LIST}1.html": story(1)}
    wire.poll("north/list")
    before = wire.articles()
    wire.network.answers |= {LIST: None if then is None else rows(2, 1) + then, f"{LIST}2.html": story(2)}

    outcome = wire.poll("north/list")

    assert "the next two polls ask again" in before[0].provenance["content"]
    after = wire.articles()
    assert outcome == Outcome("north/list", revised=1)
    assert all("frozen river" in (article.text or "") for article in after)
    assert [(article.id, article.at, article.title, article.url) for article in after] == [
        (article.id, article.at, article.title, article.url) for article in before
    ]
    assert after[0].provenance["content"].startswith("article")
    assert wire.state("north/list").missed == ()
    assert wire.state("north/list").last_change == wire.now

    wire.poll("north/list")
    assert wire.network.pages() == [f"{LIST}2.html", f"{LIST}1.html", f"{LIST}2.html"]


@pytest.mark.parametrize("full_text", ["auto", "never"])
def test_what_is_owed_is_asked_for_although_the_source_is_configured_anew_unless_it_wants_no_pages_any_more(
    wire: Wire, full_text: Any
) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": passing(), f"{LIST}1.html": story(1)}
    wire.poll("north/list")
    wire.sources["north/list"] = anew = replace(wire.sources["north/list"], topic="job", full_text=full_text, timezone="Europe/Rome")
    wire.store.sync([anew], now=wire.now)
    wire.network.answers |= {f"{LIST}2.html": story(2)}

    wire.poll("north/list")

    asked = [f"{LIST}2.html", f"{LIST}1.html"]
    assert wire.network.pages() == (asked if full_text == "never" else [*asked, f"{LIST}2.html"])
    assert wire.state("north/list").missed == ()


def test_what_never_comes_is_asked_for_twice_more_and_then_no_more(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": passing()}

    owed = []
    for _ in range(5):
        wire.poll("north/list")
        owed.append([page.tries for page in wire.state("north/list").missed])

    assert wire.network.pages() == [f"{LIST}1.html"] * 3
    assert owed == [[0], [1], [], [], []]
    assert [article.title[-1] for article in wire.articles()] == ["1"]


@pytest.mark.parametrize("answer", [HttpStatus("answered 404", url=LIST, status=404), Gone("gone", url=LIST, status=410), b"%PDF-1.7"])
def test_what_another_try_would_not_mend_is_not_asked_for_again(wire: Wire, answer: Any) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": answer}

    wire.poll("north/list")
    wire.poll("north/list")

    assert wire.network.pages() == [f"{LIST}1.html"]


def test_pages_that_are_owed_share_the_budget_of_new_ones_and_come_after_them(wire: Wire) -> None:
    wire.pages = 2
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": passing(), f"{LIST}1.html": passing()}
    wire.poll("north/list")
    wire.network.answers |= {LIST: rows(3, 2, 1)} | {f"{LIST}{number}.html": story(number) for number in (1, 2, 3)}
    wire.network.asked.clear()

    wire.poll("north/list")
    second = wire.network.pages()
    wire.poll("north/list")

    assert second == [f"{LIST}3.html", f"{LIST}2.html"]
    assert wire.network.pages() == [*second, f"{LIST}1.html"]
    assert all("frozen river" in (article.text or "") for article in wire.articles())


def test_a_site_that_asked_to_wait_is_asked_for_what_it_owes_when_that_is_over(wire: Wire) -> None:
    far = "https://far.example.edu/1.html"
    wire.network.answers |= {LIST: rows(1).replace(b"/news/1.html", far.encode()), far: busy(7200)}
    wire.poll("north/list")
    wire.network.answers |= {LIST: None, far: story(1)}

    polls = [wire.poll("north/list") for _ in range(3)]

    assert [outcome.revised for outcome in polls] == [0, 1, 0]
    assert wire.network.pages() == [far, far]


def test_a_site_that_asks_to_wait_while_it_is_asked_again_is_polled_no_earlier(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": passing()}
    wire.poll("north/list")
    wire.network.answers |= {LIST: None, f"{LIST}1.html": busy(7200)}

    wire.poll("north/list")

    assert wire.state("north/list").next_poll == wire.now + timedelta(hours=2)
    assert [page.tries for page in wire.state("north/list").missed] == [1]


def test_of_too_many_pages_that_are_owed_the_oldest_are_given_up(wire: Wire) -> None:
    wire.pages = 300
    wire.network.answers |= {f"{LIST}{number}.html": busy(300_000) for number in range(1, 121)}
    for latest in range(60, 121, 10):
        wire.network.answers[LIST] = rows(*range(latest, latest - 60, -1))
        wire.poll("north/list")

    owed = {int(page.url.rpartition("/")[2].removesuffix(".html")) for page in wire.state("north/list").missed}
    assert len(owed) == 100
    assert set(range(111, 121)) <= owed  # those of the last poll


def test_a_date_that_only_a_late_page_tells_never_lifts_its_item(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": story(2), f"{LIST}1.html": passing()}
    wire.poll("north/list")
    held = next(article for article in wire.articles() if article.title.endswith("1"))
    dated = story(1).replace(b"<p>", f'<time datetime="{(wire.now + timedelta(days=400)).isoformat()}">then</time><p>'.encode(), 1)
    wire.network.answers |= {LIST: None, f"{LIST}1.html": dated}

    wire.poll("north/list")

    after = next(article for article in wire.articles() if article.id == held.id)
    assert "frozen river" in (after.text or "")
    assert after.at <= held.first_seen


def test_a_source_that_fails_meanwhile_still_owes(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(1), f"{LIST}1.html": passing()}
    wire.poll("north/list")
    wire.network.answers |= {LIST: passing(), f"{LIST}1.html": story(1)}

    wire.poll("north/list")
    owed = len(wire.state("north/list").missed)
    wire.network.answers[LIST] = None

    assert owed == 1
    assert wire.poll("north/list").revised == 1
