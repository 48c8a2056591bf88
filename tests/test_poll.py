"""One poll, with a network that is a table of answers; the database and the readers are the real ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator import logs, query
from aggregator.errors import Gone, HttpStatus, ReadError, StoreBusy, StoreError, TimedOut, Unreachable
from aggregator.fetch import Response
from aggregator.model import Article, Hints, Page, Selectors, Source, SourceState, Subscription, Validators
from aggregator.plan import Rhythm
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.store import Store

FEED = "https://north.example.edu/feed.xml"
LIST = "https://north.example.edu/news/"
OTHER = "https://east.example.edu/feed.xml"
PARAGRAPH = "The robot walked three kilometres over the frozen river while two hundred pupils of the town watched it from the bridge. "
HALF_HOUR = timedelta(minutes=30)
ROWS = Source("north/list", LIST, kind="listing", selectors=Selectors("li"), university="north", every=HALF_HOUR)


def feed(*numbers: int, title: str = "Story") -> bytes:
    items = "".join(
        f"<item><title>{title} {number}</title><link>https://north.example.edu/{number}.html</link><guid isPermaLink='false'>{number}</guid><description>Robots walk.</description></item>"
        for number in numbers
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>North</title>{items}</channel></rss>".encode()


def rows(*numbers: int) -> bytes:
    return (
        "<html><body><ul>"
        + "".join(f"<li><a href='/news/{number}.html'>A story with the number {number}</a></li>" for number in numbers)
        + "</ul></body></html>"
    ).encode()


def story(number: int) -> bytes:
    return f"<html><body><article><h1>A story with the number {number}</h1>{f'<p>{PARAGRAPH}</p>' * 4}</article></body></html>".encode()


class Network:
    """Answers by address: a body, an error, or None for 304."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | BaseException | None] = {}
        self.asked: list[tuple[str, Validators | None]] = []
        self.despite_robots: list[bool] = []
        self.validators = Validators('"1"')
        self.permanent: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    async def fetch(self, url: str, *, validators: Validators | None = None, despite_robots: bool = False) -> Response:
        self.asked.append((url, validators))
        self.despite_robots.append(despite_robots)
        answer = self.answers[url]
        await asyncio.sleep(0)
        self.meanwhile()
        if isinstance(answer, BaseException):
            raise answer
        page = None if answer is None else Page(url, answer)
        return Response(
            page, url, 304 if page is None else 200, self.validators, self.permanent.get(url), None, len(answer or b""), self.links
        )

    def pages(self) -> list[str]:
        return [url for url, _ in self.asked if url.endswith(".html")]


class Inline:
    """Reads in this process."""

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.breaks: Exception | None = None

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.tasks.append(function.__name__)
        if self.breaks is not None:
            raise self.breaks
        return function(*arguments, **named)


class Pushes:
    """What polls tell of hubs."""

    def __init__(self) -> None:
        self.told: dict[str, Hints] = {}

    def named(self, source: str, hints: Hints) -> None:
        self.told[source] = hints


class Wire:
    """A poller with all its doors, and the clock."""

    def __init__(self, store: Store, sources: list[Source], now: datetime) -> None:
        self.store, self.network, self.inline, self.now = store, Network(), Inline(), now
        self.pushes = Pushes()
        self.sources = {source.id: source for source in sources}
        self.pages = 25
        store.sync(sources, now=now)

    def poller(self) -> Poller:
        return Poller(
            fetcher=self.network,  # type: ignore[arg-type]
            store=self.store,
            offload=self.inline,  # type: ignore[arg-type]
            sources=self.sources,
            rhythm=Rhythm(),
            pages=self.pages,
            pushes=self.pushes,
            clock=lambda: self.now,
            jitter=lambda: 0.5,
        )

    def poll(self, id: str = "north/news", *, after: timedelta = timedelta(hours=1)) -> Outcome:
        """Claims the source, due or not, and polls it."""
        self.now += after
        (state,) = self.store.claim(now=self.now, limit=1, owner="me", lease=LEASE, only=[id], untouched_since=self.now)
        return asyncio.run(self.poller().poll(state))

    def state(self, id: str = "north/news") -> SourceState:
        return next(state for state in self.store.states() if state.source == id)

    def articles(self) -> list[Article]:
        return list(self.store.articles(query.Everything(), limit=1_000))

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.articles())


@pytest.fixture
def wire(tmp_path: Path, a_source: Callable[..., Source], now: datetime) -> Iterator[Wire]:
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        yield Wire(store, [a_source(every=HALF_HOUR), ROWS, a_source("east/news", every=HALF_HOUR)], now)


# --- it answers ----------------------------------------------------------------------------------------------------------------------


def test_the_first_poll_stores_everything_and_remembers_how_to_ask_again(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1, 2)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=2)
    assert wire.titles() == ["Story 1", "Story 2"]
    state = wire.state()
    assert (state.state, state.validators, state.reader, state.articles) == ("ok", Validators('"1"'), "feed", 2)
    assert (state.last_poll, state.last_success, state.last_change) == (wire.now, wire.now, wire.now)
    assert state.next_poll == wire.now + timedelta(minutes=30)
    assert wire.store.owners() == ()


def test_the_next_poll_asks_whether_it_has_changed(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    wire.network.answers[FEED] = None

    outcome = wire.poll()

    assert outcome == Outcome("north/news")
    assert wire.network.asked == [(FEED, Validators()), (FEED, Validators('"1"'))]
    assert (wire.state().last_success, wire.state().last_change) == (wire.now, wire.now - timedelta(hours=1))
    assert wire.inline.tasks == ["digest"]


def test_an_equal_body_is_not_read_again_but_its_validators_are_taken(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    wire.network.validators = Validators('"2"')

    outcome = wire.poll()

    assert outcome == Outcome("north/news")
    assert wire.inline.tasks == ["digest"]
    assert wire.state().validators == Validators('"2"')


def test_new_entries_are_added_to_what_is_there(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1, 2)
    wire.poll()
    wire.network.answers[FEED] = feed(3, 1)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=1)
    assert wire.titles() == ["Story 1", "Story 2", "Story 3"]


def test_a_changed_entry_revises_its_article(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    before = wire.articles()[0]
    wire.network.answers[FEED] = feed(1, title="Corrected story")

    outcome = wire.poll()

    assert outcome == Outcome("north/news", revised=1)
    (after,) = wire.articles()
    assert (after.id, after.first_seen, after.title) == (before.id, before.first_seen, "Corrected story 1")


def test_a_story_that_two_sources_carry_is_stored_once_and_belongs_to_the_first(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: feed(1, title="Elsewhere")}

    wire.poll()
    wire.poll("east/news")
    wire.network.answers[OTHER] = feed(1, title="Changed elsewhere")
    outcome = wire.poll("east/news")

    assert outcome == Outcome("east/news")
    assert [(article.title, article.source) for article in wire.articles()] == [("Story 1", "north/news")]


# --- it moves ------------------------------------------------------------------------------------------------------------------------


def test_a_source_that_says_three_times_that_it_has_moved_is_polled_there_and_its_articles_stay(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1, 2), OTHER: feed(1, 2)}
    wire.network.permanent = {FEED: OTHER}
    with capture_logs() as told:
        before = [wire.poll() for _ in range(3)]
        articles = wire.articles()

        after = wire.poll()

    assert [outcome.new for outcome in [*before, after]] == [2, 0, 0, 0]
    assert [url for url, _ in wire.network.asked] == [FEED, FEED, FEED, OTHER]
    assert wire.network.asked[-1] == (OTHER, Validators('"1"'))
    assert wire.state().moved == OTHER
    assert wire.articles() == articles
    assert [line["event"] for line in told].count("a source has moved") == 1


def test_a_new_address_that_fails_is_given_up_for_the_configured_one(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: HttpStatus("answered 404", url=OTHER, status=404)}
    wire.network.permanent = {FEED: OTHER}
    for _ in range(6):
        wire.poll()
    wire.network.permanent = {}

    outcome = wire.poll()

    assert [url for url, _ in wire.network.asked] == [FEED] * 3 + [OTHER] * 3 + [FEED]
    assert wire.network.asked[-1] == (FEED, Validators())
    assert (outcome.problem, wire.state().moved, wire.state().state) == (None, None, "ok")


def test_what_a_feed_asks_of_us_is_kept(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1).replace(b"<title>North</title>", b"<title>North</title><ttl>90</ttl>")

    wire.poll()

    assert wire.state().hints.ttl == timedelta(minutes=90)


def test_when_a_source_publishes_is_learned_from_poll_to_poll(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    first = wire.state().activity
    wire.network.answers[FEED] = feed(2, 1)

    wire.poll()

    assert first is not None
    assert wire.state().activity != first


# --- article pages -------------------------------------------------------------------------------------------------------------------


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


def calendar(now: datetime, days: range) -> bytes:
    when = [now + timedelta(days=day) for day in days]
    events = "".join(f"<li>{day:%Y-%m-%d} <a href='/events/{day:%j}'>An evening of music, number {day:%j}</a></li>" for day in when)
    return f"<html><body><h1>Events</h1><ul>{events}</ul></body></html>".encode()


def test_a_calendar_is_followed_for_weeks_and_its_events_are_not_pinned_above_the_news(wire: Wire) -> None:
    began = wire.now
    wire.sources["north/list"] = replace(ROWS, kind="auto", selectors=None, full_text="never")

    for _ in range(20):
        wire.network.answers[LIST] = calendar(began, range((wire.now - began).days + 1, (wire.now - began).days + 90, 6))
        outcome = wire.poll("north/list", after=timedelta(days=1))
        assert (outcome.problem, wire.state("north/list").state) == (None, "ok")

    articles = wire.articles()
    assert len(articles) > 30
    assert all(article.at <= article.first_seen for article in articles)
    assert all(article.published is None or article.published <= article.first_seen + timedelta(days=2) for article in articles)


def busy(seconds: int, status: int = 429) -> HttpStatus:
    return HttpStatus("slow down", url=LIST, status=status, retry_after=timedelta(seconds=seconds))


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


# --- it fails ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HttpStatus(f"{FEED}: answered 503", url=FEED, status=503, remedy="wait"), "answered 503"),
        (TimedOut(f"{FEED}: took longer than 30 s", url=FEED), "took longer"),
        (b"%PDF-1.7", "this is a PDF document"),
        (b"", "the answer is empty"),
        (b"<html><body>Under construction</body></html>", ""),
    ],
)
def test_a_failure_is_a_state_that_the_operator_sees_and_the_articles_stay(wire: Wire, answer: Any, said: str) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    revision = wire.store.revision()
    wire.network.answers[FEED] = answer

    outcome = wire.poll()

    state = wire.state()
    assert outcome.problem == state.problem
    assert said in (state.problem or "")
    assert (state.state, state.failures, state.last_success) == ("failing", 1, wire.now - timedelta(hours=1))
    assert (state.validators, wire.titles(), wire.store.revision()) == (Validators('"1"'), ["Story 1"], revision)
    assert wire.store.owners() == ()


def test_a_source_recovers(wire: Wire) -> None:
    wire.network.answers[FEED] = TimedOut("slow", url=FEED)
    wire.poll()
    wire.poll()
    wire.network.answers[FEED] = feed(1)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=1)
    assert (wire.state().state, wire.state().failures, wire.state().problem) == ("ok", 0, None)


def test_a_source_that_is_gone_rests(wire: Wire) -> None:
    wire.network.answers[FEED] = Gone("asked never to come back", url=FEED, status=410)

    wire.poll()

    assert (wire.state().state, wire.state().next_poll) == ("gone", None)


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), KeyError("x"), ValueError("half a character \ud800"), RecursionError()])
def test_a_fault_of_ours_is_a_failure_of_that_source_only(wire: Wire, fault: Exception) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.inline.breaks = fault

    outcome = wire.poll()

    assert "a fault in aggregator itself" in (outcome.problem or "")
    assert wire.state().state == "failing"
    assert wire.state().next_poll == wire.now + timedelta(minutes=30)


def test_reading_that_had_to_be_stopped_is_a_failure(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.inline.breaks = ReadError("reading took longer than 20 s", remedy="name a smaller page")

    outcome = wire.poll()

    assert (outcome.problem, outcome.remedy) == ("reading took longer than 20 s", "name a smaller page")


@pytest.mark.parametrize(
    "failure", [StoreBusy("locked"), StoreError("the disk is full", remedy="free some space"), RuntimeError("a fault of ours")]
)
@pytest.mark.parametrize("method", ["apply", "known"])
def test_where_nothing_can_be_stored_the_claim_runs_out_and_the_source_is_due_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, method: str, failure: Exception
) -> None:
    def fails(*_: object) -> None:
        raise failure

    wire.network.answers[FEED] = feed(1)
    with monkeypatch.context() as patch:
        patch.setattr(wire.store, method, fails)
        outcome = wire.poll()
    due = wire.store.claim(now=wire.now + LEASE, limit=9, owner="you", lease=LEASE, only=["north/news"])

    assert str(failure) in (outcome.problem or "")
    assert wire.articles() == []
    assert method == "known" or [state.source for state in due] == ["north/news"]


def test_a_source_that_left_the_configuration_while_it_was_claimed_does_no_harm(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    del wire.sources["north/news"]

    outcome = wire.poll()

    assert "not in the configuration" in (outcome.problem or "")
    assert wire.network.asked == []


def test_of_polls_that_end_together_one_that_cannot_be_stored_costs_the_others_nothing(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: feed(2)}
    apply = wire.store.apply

    def picky(*polls: Any) -> tuple[int, ...]:
        if any(changes.state.source == "east/news" for changes in polls):
            raise StoreError("cannot be stored")
        return apply(*polls)

    monkeypatch.setattr(wire.store, "apply", picky)
    states = wire.store.claim(now=wire.now, limit=9, owner="me", lease=LEASE, only=["north/news", "east/news"])
    poller = wire.poller()

    async def together() -> list[Outcome]:
        return await asyncio.gather(*(poller.poll(state) for state in states))

    outcomes = asyncio.run(together())

    assert {outcome.source: outcome.problem for outcome in outcomes} == {"north/news": None, "east/news": "cannot be stored"}
    assert wire.titles() == ["Story 1"]


def test_many_polls_at_once_are_all_stored(wire: Wire) -> None:
    sources = [Source(f"u{number}", f"https://u{number}.example.edu/") for number in range(120)]
    wire.sources = {source.id: source for source in sources}
    wire.store.sync(sources, now=wire.now)
    wire.network.answers |= {source.url: feed(number).replace(b"north.", f"u{number}.".encode()) for number, source in enumerate(sources)}
    states = wire.store.claim(now=wire.now, limit=120, owner="me", lease=LEASE)
    poller = wire.poller()

    async def together() -> list[Outcome]:
        return await asyncio.gather(*(poller.poll(state) for state in states))

    outcomes = asyncio.run(together())

    assert {outcome.problem for outcome in outcomes} == {None}
    assert len(wire.articles()) == 120
    assert wire.store.owners() == ()


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


def test_an_interrupted_poll_leaves_nothing_half_done(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": story(2), f"{LIST}1.html": asyncio.CancelledError()}

    with pytest.raises(asyncio.CancelledError):
        wire.poll("north/list")

    assert wire.articles() == []
    assert replace(wire.state("north/list"), next_poll=None) == SourceState("north/list", LIST, owner="me")


# --- hubs ----------------------------------------------------------------------------------------------------------------------------

HUB = "https://hub.example.org/"


def pushing(now: datetime, **fields: Any) -> Subscription:
    return replace(Subscription("north/news", "t", FEED, HUB, "s", "active", now, now + timedelta(days=10)), **fields)


def test_the_hub_of_the_link_header_is_kept_and_told(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}

    wire.poll()

    assert wire.state().hints == wire.pushes.told["north/news"] == Hints(hub=HUB, topic=FEED)


def test_a_feed_that_was_not_read_again_still_has_its_hub(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    wire.network.answers[FEED] = None
    wire.network.links = {}

    wire.poll()

    assert wire.state().hints == wire.pushes.told["north/news"] == Hints(hub=HUB, topic=FEED)


def test_a_poll_that_fails_tells_nothing_new_of_hubs(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    wire.network.answers[FEED] = TimedOut("slow", url=FEED)

    wire.poll()

    assert wire.pushes.told["north/news"].hub == HUB


def test_a_push_that_comes_to_another_process_while_the_source_is_polled_is_not_lost(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}

    def ring() -> None:
        wire.now += timedelta(seconds=1)
        wire.store.ring(pushing(wire.now, pushed=wire.now), due=wire.now)

    wire.network.meanwhile = ring
    wire.poll()

    assert wire.state().next_poll == wire.now + timedelta(seconds=59)


def test_polls_become_rarer_while_pushes_bring_the_news_and_as_frequent_as_before_when_one_is_missed(wire: Wire) -> None:
    wire.sources["north/news"] = replace(wire.sources["north/news"], every=None)
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    plain = wire.state().next_poll - wire.now
    wire.store.ring(pushing(wire.now, pushed=wire.now), due=wire.now)

    wire.network.answers[FEED] = feed(1, 2)
    wire.poll(after=timedelta(seconds=2))
    pushed = wire.state().next_poll - wire.now

    wire.network.answers[FEED] = feed(1, 2, 3)
    wire.poll()
    missed = wire.state().next_poll - wire.now

    assert pushed > 3 * plain
    assert missed < 2 * plain


def test_one_poll_among_many_can_be_followed_from_its_claim_to_its_commit(
    wire: Wire, capsys: pytest.CaptureFixture[str], now: datetime
) -> None:
    wire.network.answers |= {
        LIST: rows(1, 2),
        OTHER: feed(7),
        "https://north.example.edu/news/1.html": story(1),
        "https://north.example.edu/news/2.html": HttpStatus("answered 500", url=LIST, status=500),
    }
    claimed = wire.store.claim(now=now, limit=2, owner="me", lease=LEASE, only=[ROWS.id, "east/news"])
    poller = wire.poller()
    logs.configure("debug", "json")

    async def both() -> None:
        await asyncio.gather(*(poller.poll(state) for state in claimed))

    asyncio.run(both())

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    polls = {line["poll"]: [each["event"] for each in told if each["poll"] == line["poll"]] for line in told}
    of_rows = next(line["poll"] for line in told if line["source"] == ROWS.id)
    assert len(polls) == 2
    assert polls[of_rows] == ["claimed", "fetched", "read", "article page read", "article page skipped", "stored", "polled"]
    assert {line["source"] for line in told if line["poll"] == of_rows} == {ROWS.id}
