"""Sources that are redesigned, move or break, polled with a network that is a table of answers; everything else is real."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import plan, query
from aggregator.errors import HttpStatus
from aggregator.fetch import Response
from aggregator.model import Article, Page, Selectors, Source, SourceState, Suspicion, Validators
from aggregator.plan import Rhythm
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.store import Store

LIST = "https://north.example.edu/news/"
HOME = "https://north.example.edu/"
ELSEWHERE = "https://stories.north.example.edu/all/"
SUBJECTS = "river bridge opera vaccine glacier telescope poem turbine harvest archive marathon enzyme mosaic battery drone clinic".split()
MENU = "".join(f"<li><a href='/{name.lower()}/'>{name}</a></li>" for name in ("About", "Study", "Research", "Library", "Contact", "Jobs"))
DAY = timedelta(days=1)


def title(number: int) -> str:
    return f"Students of {SUBJECTS[number % 16]} sciences present their work number {number}"


def dated(number: int) -> str:
    return f"{datetime(2026, 2, 18) + number * DAY:%Y-%m-%d}"  # noqa: DTZ001


def page(main: str, heading: str = "News") -> bytes:
    return (
        f"<html lang='en'><head><title>{heading}</title></head><body><nav><ul>{MENU}</ul></nav><main><h1>{heading}</h1>{main}</main></body></html>"
    ).encode()


def rows(*numbers: int, path: str = "/news/{}.html") -> bytes:
    """The usual list, newest first."""
    items = "".join(f"<li class='item'><a href='{path.format(n)}'>{title(n)}</a> <time>{dated(n)}</time></li>" for n in numbers)
    return page(f"<ul class='news'>{items}</ul>")


def cards(*numbers: int, path: str = "/news/{}.html") -> bytes:
    """Another system."""
    items = "".join(f"<article class='card'><h2><a href='{path.format(n)}'>{title(n)}</a></h2><p>{dated(n)}</p></article>" for n in numbers)
    return page(f"<section class='grid'>{items}</section>")


def feed(*numbers: int, link: str = "https://north.example.edu/news/{}.html", called: Callable[[int], str] = title) -> bytes:
    items = "".join(f"<item><title>{called(n)}</title><link>{link.format(n)}</link><guid>{link.format(n)}</guid></item>" for n in numbers)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>North</title>{items}</channel></rss>".encode()


LOGIN = page("<form action='/login'><input name='user'><input type='password' name='password'><button>Log in</button></form>", "Log in")
MENU_ONLY = page(
    f"<ul>{''.join(f'<li><a href=/{name}/>All about {name} at this university</a></li>' for name in SUBJECTS)}</ul>", "Welcome"
)
OTHERS = rows(*range(40, 20, -1), path="https://south.example.org/blog/{}/")
LEADING = OTHERS.replace(b"</main>", f"<p>Our <a href='{ELSEWHERE}'>News</a> have moved.</p></main>".encode())


class Network:
    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def fetch(self, url: str, *, validators: Validators | None = None, despite_robots: bool = False) -> Response:
        self.asked.append(url)
        if url not in self.answers:
            raise HttpStatus(f"{url}: answered 404", url=url, status=404)
        body = self.answers[url]
        return Response(Page(url, body), url, 200, Validators(), None, None, len(body), {})


class Inline:
    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)


class Watched:
    """One source under watch."""

    def __init__(self, store: Store, source: Source, now: datetime) -> None:
        self.store, self.source, self.now, self.network = store, source, now, Network()
        store.sync([source], now=now)

    def shows(self, body: bytes | None, *, after: timedelta = timedelta(hours=1)) -> SourceState:
        """Its page is ``body`` (None: not there) when it is polled next."""
        self.network.answers.pop(LIST, None)
        if body is not None:
            self.network.answers[LIST] = body
        return self.poll(after=after)

    def poll(self, *, after: timedelta = timedelta(hours=1)) -> SourceState:
        self.now += after
        (claimed,) = self.store.claim(now=self.now, limit=1, owner="me", lease=LEASE, untouched_since=self.now)
        poller = Poller(
            fetcher=self.network,  # type: ignore[arg-type]
            store=self.store,
            offload=Inline(),  # type: ignore[arg-type]
            sources={self.source.id: self.source},
            rhythm=Rhythm(),
            pages=0,
            clock=lambda: self.now,
            jitter=lambda: 0.5,
        )
        self.outcome = asyncio.run(poller.poll(claimed))
        return self.state

    @property
    def state(self) -> SourceState:
        return self.store.states()[0]

    def articles(self) -> dict[str, Article]:
        return {article.title: article for article in self.store.articles(query.Everything(), limit=1000)}

    def ids(self) -> dict[str, str]:
        return {name: article.id for name, article in self.articles().items()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as opened:
        yield opened


@pytest.fixture
def watched(store: Store, now: datetime) -> Watched:
    """A list of ten that has been read twice."""
    found = Watched(store, Source("north/news", LIST, full_text="never"), now)
    found.shows(rows(*range(10, 0, -1)))
    found.shows(rows(*range(11, 1, -1)))
    assert len(found.ids()) == 11
    return found


def selected(store: Store, now: datetime) -> Watched:
    found = Watched(store, Source("north/news", LIST, kind="listing", selectors=Selectors("ul.news > li.item"), full_text="never"), now)
    found.shows(rows(*range(10, 0, -1)))
    found.shows(rows(*range(11, 1, -1)))
    return found


# --- it is redesigned ----------------------------------------------------------------------------------------------------------------


def test_a_redesign_with_new_addresses_brings_what_is_new_and_nothing_twice(watched: Watched) -> None:
    before = watched.ids()

    state = watched.shows(cards(*range(12, 2, -1), path="/en/stories/{}-story"))

    assert state.state == "ok"
    assert {name: id for name, id in watched.ids().items() if name in before} == before
    assert set(watched.ids()) - set(before) == {title(12)}
    assert state.profile is not None
    assert state.profile.how == "9 of 10 entries found again by detect, 9 of them at new addresses"


def test_items_are_published_at_their_new_addresses_under_their_old_ids(watched: Watched) -> None:
    watched.shows(cards(*range(12, 2, -1), path="/en/stories/{}-story"))

    assert watched.articles()[title(11)].url == "https://north.example.edu/en/stories/11-story"


def test_after_a_redesign_news_come_in_as_before(watched: Watched) -> None:
    watched.shows(cards(*range(12, 2, -1), path="/en/stories/{}-story"))

    state = watched.shows(cards(*range(14, 4, -1), path="/en/stories/{}-story"))

    assert (state.state, len(watched.ids())) == ("ok", 14)


def test_a_list_whose_selectors_find_nothing_any_more_is_found_without(store: Store, now: datetime) -> None:
    found = selected(store, now)

    state = found.shows(cards(*range(12, 2, -1)))

    assert (state.state, len(found.ids())) == ("ok", 12)
    assert state.profile is not None
    assert state.profile.kind == "auto"


def test_a_repaired_source_is_read_as_configured_again_once_its_configuration_changes(store: Store, now: datetime) -> None:
    found = selected(store, now)
    found.shows(cards(*range(12, 2, -1)))

    store.sync([replace(found.source, selectors=Selectors("article.card"))], now=now)

    assert found.state.profile is None


def test_a_redesign_that_loses_the_dates_is_no_alarm(watched: Watched) -> None:
    state = watched.shows(rows(*range(12, 2, -1)).replace(b"<time>2026-", b"<time hidden>x"))

    assert (state.state, len(watched.ids())) == ("ok", 12)


# --- it shows something else ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [MENU_ONLY, OTHERS, rows(*range(900, 880, -1), path="/archive/old/{}/x")], ids=["menu", "another site", "another list"]
)
def test_nothing_of_another_list_is_published(watched: Watched, body: bytes) -> None:
    before = watched.ids()

    state = watched.shows(body.replace(b"<time>2028", b"<time>1998"))

    assert watched.ids() == before
    assert state.state in ("review", "failing")


def test_a_suspect_source_says_why_and_what_to_do(watched: Watched) -> None:
    state = watched.shows(OTHERS)

    assert state.state == "review"
    assert state.problem is not None
    assert "20 of 20 entries are new and unlike its news: they lead to south.example.org/blog/N" in state.problem
    assert state.remedy == "nothing of it is published; decide with: aggregator review north/news"


def test_a_suspect_source_that_is_itself_again_goes_on_by_itself(watched: Watched) -> None:
    watched.shows(OTHERS)

    state = watched.shows(rows(*range(12, 2, -1)))

    assert (state.state, state.problem, len(watched.ids())) == ("ok", None, 12)


def test_a_login_page_fails_and_publishes_nothing(watched: Watched) -> None:
    assert watched.shows(LOGIN).state == "failing"
    assert len(watched.ids()) == 11


def test_a_small_new_source_is_never_suspected_of_a_new_item(store: Store, now: datetime) -> None:
    found = Watched(store, Source("north/news", LIST, full_text="never"), now)
    found.shows(rows(3, 2, 1))

    for number in range(4, 9):
        assert found.shows(rows(number, number - 1, number - 2)).state == "ok"
    assert len(found.ids()) == 8


# --- feeds ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fed(store: Store, now: datetime) -> Watched:
    found = Watched(store, Source("north/news", LIST), now)
    found.shows(feed(*range(10, 0, -1)))
    found.shows(feed(*range(11, 1, -1)))
    return found


def commented(number: int) -> str:
    return f"Comment on the news of today by reader {'abcdefghijklm'[number % 13]}"


@pytest.mark.parametrize(
    "body",
    [
        feed(),
        feed(*range(30, 20, -1), link="https://south.example.org/{}.html"),
        feed(*range(11, 1, -1), link="https://north.example.edu/news/{}.html#comment-7", called=commented),
    ],
    ids=["empty", "another site's", "of comments"],
)
def test_a_feed_that_turns_into_another_is_held_back(fed: Watched, body: bytes) -> None:
    before = fed.articles()

    state = fed.shows(body)

    assert state.state == "review"
    assert fed.articles() == before


def test_a_feed_that_turns_into_the_page_of_its_news_is_read_as_a_page(fed: Watched) -> None:
    state = fed.shows(rows(*range(12, 2, -1)))

    assert (state.state, len(fed.ids())) == ("ok", 12)


def test_a_feed_on_a_new_host_keeps_its_items(fed: Watched) -> None:
    before = fed.ids()

    state = fed.shows(feed(*range(12, 2, -1), link="https://www.new.example.org/item/{}"))

    assert (state.state, len(fed.ids())) == ("ok", 12)
    assert before.items() <= fed.ids().items()


# --- it moves ------------------------------------------------------------------------------------------------------------------------


def test_a_source_that_is_gone_is_found_where_its_site_leads(watched: Watched) -> None:
    watched.network.answers[HOME] = page(f"<p>Our <a href='{ELSEWHERE}'>News</a> have moved.</p>")
    watched.network.answers[ELSEWHERE] = cards(*range(12, 2, -1), path="/all/{}")

    assert watched.shows(None).state == "failing"
    state = watched.poll()

    assert (state.state, state.moved, len(watched.ids())) == ("ok", ELSEWHERE, 12)


def test_after_a_move_the_new_address_is_polled(watched: Watched) -> None:
    watched.network.answers[HOME] = page(f"<p>Our <a href='{ELSEWHERE}'>News</a> have moved.</p>")
    watched.network.answers[ELSEWHERE] = cards(*range(12, 2, -1), path="/all/{}")
    watched.shows(None)
    watched.poll()
    watched.network.asked.clear()

    watched.network.answers[ELSEWHERE] = cards(*range(13, 3, -1), path="/all/{}")
    state = watched.poll()

    assert watched.network.asked == [ELSEWHERE]
    assert (state.state, len(watched.ids())) == ("ok", 13)


def test_a_page_without_the_known_items_is_not_moved_to(watched: Watched) -> None:
    watched.network.answers[HOME] = page(f"<p>Our <a href='{ELSEWHERE}'>News</a> have moved.</p>")
    watched.network.answers[ELSEWHERE] = OTHERS

    watched.shows(None)
    state = watched.poll()

    assert state.moved is None
    assert len(watched.ids()) == 11


def test_looking_elsewhere_costs_a_site_a_handful_of_requests_a_day(watched: Watched) -> None:
    links = "".join(f"<li><a href='/{n}/news/'>News {n}</a></li>" for n in range(50))
    watched.network.answers |= {HOME: page(f"<ul>{links}</ul>")} | {f"{HOME}{n}/news/": OTHERS for n in range(50)}
    watched.shows(None)
    watched.network.asked.clear()

    for _ in range(10):
        watched.poll()

    assert len([url for url in watched.network.asked if url != LIST]) <= 8


# --- the operator decides ------------------------------------------------------------------------------------------------------------


def test_what_the_operator_accepts_is_published_from_then_on(watched: Watched) -> None:
    state = watched.shows(OTHERS)

    watched.store.decide(plan.accepted(state, watched.source), now=watched.now)
    state = watched.poll()

    assert (state.state, len(watched.ids())) == ("ok", 31)


def test_what_the_operator_rejects_is_not_asked_about_again(watched: Watched) -> None:
    state = watched.shows(OTHERS)

    assert watched.outcome == Outcome(watched.source.id, held_back=True)
    watched.store.decide(plan.rejected(state), now=watched.now)
    state = watched.poll()

    assert not watched.outcome.held_back
    assert state.profile is not None
    assert state.profile.suspicion is not None
    assert state.profile.suspicion.is_settled
    assert len(watched.ids()) == 11


@pytest.fixture
def doubtful(watched: Watched) -> Watched:
    """Another list is in its place, and somewhere else on the site one that has two of its items."""
    watched.network.answers[ELSEWHERE] = cards(11, 10, *range(60, 50, -1), path="/all/{}")
    watched.shows(LEADING)
    watched.poll()
    return watched


def suspected(state: SourceState) -> Suspicion:
    assert state.profile is not None
    assert state.profile.suspicion is not None
    return state.profile.suspicion


def proposed(state: SourceState) -> str:
    proposal = suspected(state).proposal
    assert proposal is not None
    return proposal.url


def test_what_was_found_elsewhere_waits_until_it_is_decided(doubtful: Watched) -> None:
    for _ in range(5):
        state = doubtful.poll()
        assert (state.state, proposed(state), suspected(state).is_settled) == ("review", ELSEWHERE, False)

    doubtful.store.decide(plan.accepted(doubtful.state, doubtful.source), now=doubtful.now)

    assert (doubtful.poll().moved, len(doubtful.ids())) == (ELSEWHERE, 21)


def test_what_was_found_elsewhere_waits_while_the_page_is_missing_which_is_asked_for_more_and_more_seldom(watched: Watched) -> None:
    watched.network.answers[HOME] = page(f"<p>Our <a href='{ELSEWHERE}'>News</a> have moved.</p>")
    watched.network.answers[ELSEWHERE] = cards(11, 10, *range(60, 50, -1), path="/all/{}")
    watched.shows(None)
    assert proposed(watched.poll()) == ELSEWHERE

    for failures in range(1, 60):
        state = watched.poll()
        assert (state.state, state.failures, proposed(state)) == ("review", failures, ELSEWHERE)
        assert state.remedy is not None
        assert ELSEWHERE in state.remedy


def test_a_rejected_proposal_does_not_come_back_while_others_are_asked_about(doubtful: Watched) -> None:
    doubtful.store.decide(plan.rejected(doubtful.state), now=doubtful.now)
    state = doubtful.poll()
    assert (proposed(state), suspected(state).is_settled) == (LIST, False)
    doubtful.store.decide(plan.rejected(state), now=doubtful.now)

    for _ in range(60):
        assert suspected(doubtful.poll()).is_settled
    assert len(doubtful.ids()) == 11


def test_what_was_rejected_is_remembered_when_the_source_has_been_itself_meanwhile(doubtful: Watched) -> None:
    for _ in range(2):
        doubtful.store.decide(plan.rejected(doubtful.state), now=doubtful.now)
        doubtful.poll()
    assert doubtful.shows(rows(*range(11, 1, -1))).state == "ok"

    assert suspected(doubtful.shows(LEADING)).is_settled


def test_the_proposal_tells_what_would_be_published(watched: Watched) -> None:
    state = watched.shows(OTHERS)

    assert state.profile is not None
    assert state.profile.suspicion is not None
    proposal = state.profile.suspicion.proposal
    assert proposal is not None
    assert (proposal.known, proposal.titles[0], proposal.form.items) == (0, title(40), 20)


# --- silence -------------------------------------------------------------------------------------------------------------------------


def test_a_source_that_stops_publishing_is_called_silent_until_it_publishes(watched: Watched) -> None:
    last = rows(*range(11, 1, -1))

    states = [watched.shows(last, after=7 * DAY).state for _ in range(12)]
    assert states[0] == "ok"
    assert states[-1] == "silent"
    assert watched.state.problem is not None
    assert "has published nothing since" in watched.state.problem

    assert watched.shows(rows(*range(12, 2, -1))).state == "ok"


def redesigned(*numbers: int, side: range = range(0)) -> bytes:
    """The usual list in other clothes, and another list of the site in a column beside it, whose rows look and lead alike."""
    items = "".join(f"<div class='teaser'><a href='/news/{n}.html'>{title(n)}</a> <time>{dated(n)}</time></div>" for n in numbers)
    beside = "".join(
        f"<div class='teaser'><a href='/news/{n}.html'>{title(n)} of an earlier year</a> <time>{dated(n - 400)}</time></div>" for n in side
    )
    return page(f"<section class='latest'>{items}</section><section class='classics'>{beside}</section>")


def test_a_list_that_came_with_a_redesign_and_holds_nothing_known_is_left_out_for_good(watched: Watched) -> None:
    state = watched.shows(redesigned(*range(13, 0, -1), side=range(105, 100, -1)))

    assert (state.state, watched.shows(redesigned(*range(14, 1, -1), side=range(106, 101, -1))).state) == ("ok", "ok")
    assert [name for name in watched.ids() if "earlier year" in name] == []
    assert {title(13), title(14)} <= set(watched.ids())


SIDE = range(105, 100, -1)


def titled(number: int) -> str:
    return f"{title(number)} of an earlier year"


def test_the_operator_sees_a_list_that_is_left_out_and_takes_it_in(watched: Watched) -> None:
    state = watched.shows(redesigned(*range(13, 0, -1), side=SIDE))

    assert state.profile is not None
    (left_out,) = state.profile.undecided
    assert (left_out.items, left_out.titles[0]) == (5, titled(105))
    (told,) = watched.store.events(limit=9)
    assert (told.kind, told.remedy) == ("left_out", "if that is news: aggregator review north/news")

    watched.store.decide(plan.taken_in(state, left_out.place), now=watched.now)
    state = watched.shows(redesigned(*range(14, 1, -1), side=SIDE))
    state = watched.shows(redesigned(*range(14, 1, -1), side=range(106, 101, -1)))

    assert (state.state, state.profile and state.profile.left_out) == ("ok", ())
    assert {titled(number) for number in range(101, 107)} <= set(watched.ids())


def test_a_list_that_the_operator_wants_left_out_stays_so_and_is_asked_about_no_more(watched: Watched) -> None:
    state = watched.shows(redesigned(*range(13, 0, -1), side=SIDE))
    assert state.profile is not None
    watched.store.decide(plan.kept_out(state, state.profile.left_out[0].place), now=watched.now)

    state = watched.shows(redesigned(*range(14, 1, -1), side=range(106, 101, -1)))
    again = watched.shows(cards(*range(15, 2, -1)))

    for each in (state, again):
        assert each.profile is not None
        assert (each.state, each.profile.undecided, len(each.profile.left_out)) == ("ok", (), 1)
    assert [name for name in watched.ids() if "earlier year" in name] == []


def split(top: range, more: range) -> bytes:
    """One list in two columns."""
    columns = (
        "".join(f"<div class='teaser'><a href='/news/{n}.html'>{title(n)}</a> <time>{dated(n)}</time></div>" for n in column)
        for column in (top, more)
    )
    return page(
        "".join(f"<section class='{name}'>{column}</section>" for name, column in zip(("latest", "classics"), columns, strict=True))
    )


def test_a_list_that_is_left_out_comes_back_by_itself_once_known_items_stand_in_it(watched: Watched) -> None:
    watched.shows(redesigned(*range(13, 0, -1), side=SIDE))
    mixed = watched.shows(redesigned(*range(14, 1, -1), side=range(106, 101, -1)).replace(b"/news/105.html", b"/news/9.html"))
    assert mixed.profile is not None
    assert len(mixed.profile.left_out) == 1

    state = watched.shows(split(range(14, 8, -1), range(8, 2, -1)))
    later = watched.shows(split(range(15, 9, -1), range(9, 2, -1)))

    assert (state.profile and state.profile.left_out, later.state) == ((), "ok")
    assert title(15) in watched.ids()
    assert [name for name in watched.ids() if "earlier year" in name] == []


def test_what_mends_itself_at_once_is_told_as_well(watched: Watched) -> None:
    watched.shows(cards(*range(12, 2, -1), path="/en/stories/{}/"))

    (told,) = watched.store.events(limit=9)

    assert (told.kind, told.text) == (
        "repaired",
        "its page reads otherwise, and its news were found again: 9 of 10 entries found again by detect, 9 of them at new addresses",
    )


NOTHING = page("<div class='news'><p>No news found.</p></div>")


@pytest.mark.parametrize("body", [NOTHING, feed()], ids=["page", "feed"])
def test_a_list_may_be_empty_when_the_year_has_just_begun(watched: Watched, body: bytes) -> None:
    watched.now = datetime(2026, 12, 31, 8, tzinfo=watched.now.tzinfo)
    watched.shows(rows(*range(315, 305, -1)))

    begun = watched.shows(body, after=DAY)
    filled = watched.shows(rows(320, 319), after=4 * DAY)

    assert (begun.state, begun.problem, begun.profile and begun.profile.form.items) == ("ok", None, 10)
    assert filled.state == "ok"
    assert {title(320), title(319)} <= set(watched.ids())


@pytest.mark.parametrize("day", [datetime(2026, 12, 31, 8), datetime(2027, 1, 20, 8)], ids=str)  # noqa: DTZ001
def test_at_other_times_an_empty_list_is_a_failure(watched: Watched, day: datetime) -> None:
    watched.now = day.replace(tzinfo=watched.now.tzinfo)

    assert watched.shows(NOTHING).state == "failing"
