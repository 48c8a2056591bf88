from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import plan
from aggregator.errors import Gone, HttpStatus, ReadError, SourceError, TimedOut, Unreachable
from aggregator.model import Article, Enclosure, Form, Hints, Known, Missed, Profile, Source, SourceState, Suspicion, Validators
from aggregator.plan import Answer, Harvest, Rhythm

RHYTHM = Rhythm(every=timedelta(minutes=30), at_least=timedelta(minutes=5), at_most=timedelta(hours=24))
MIDDLE = 0.5
"""The jitter that changes nothing."""
NONE = Validators()
ETAG = Validators(etag='"7"')
URL = "https://north.example.edu/feed.xml"
HALF_HOURLY = Source("north/news", URL, university="north", every=timedelta(minutes=30))

jitters = st.floats(0, 1, exclude_max=True)
durations = st.timedeltas(timedelta(), timedelta(days=400))


def refused(status: int = 503, retry_after: timedelta | None = None) -> HttpStatus:
    return HttpStatus(f"{URL}: answered {status}", url=URL, status=status, retry_after=retry_after, remedy="wait")


def unreached() -> Unreachable:
    return Unreachable(f"{URL}: no such host", url=URL)


# --- intervals -----------------------------------------------------------------------------------------------------------------------


def wait(now: datetime, source: Source, *, expires: timedelta | None = None, jitter: float = 0.0, **state: Any) -> timedelta:
    return plan.interval(SourceState(source.id, source.url, **state), source, RHYTHM, expires, now=now, jitter=jitter)


@pytest.mark.parametrize(
    ("every", "expires", "expected"),
    [
        (timedelta(hours=1), None, timedelta(hours=1)),
        (timedelta(hours=1), timedelta(hours=5), timedelta(hours=1)),
        (timedelta(seconds=1), None, timedelta(minutes=5)),
        (timedelta(days=30), None, timedelta(hours=24)),
    ],
)
def test_an_interval_of_the_operator_is_kept_within_the_bounds(
    a_source: Callable[..., Source], now: datetime, every: timedelta, expires: timedelta | None, expected: timedelta
) -> None:
    assert wait(now, a_source(every=every), expires=expires, jitter=MIDDLE, hints=Hints(ttl=timedelta(days=1))) == expected


@given(durations | st.none(), durations | st.none(), durations | st.none(), jitters)
def test_no_source_is_ever_polled_more_often_than_the_operator_allows_nor_left_longer(
    a_source: Callable[..., Source], now: datetime, every: timedelta | None, expires: timedelta | None, ttl: timedelta | None, jitter: float
) -> None:
    pause = wait(now, a_source(every=every), expires=expires, jitter=jitter, hints=Hints(ttl=ttl))

    assert RHYTHM.at_least <= pause <= RHYTHM.at_most


def test_jitter_spreads_the_polls(a_source: Callable[..., Source], now: datetime) -> None:
    for source in (a_source(), HALF_HOURLY):
        pauses = [wait(now, source, jitter=jitter) for jitter in (0, 0.5, 0.999)]

        assert pauses[0] < pauses[1] < pauses[2] < pauses[0] * 1.25


def test_the_server_is_not_asked_again_before_it_says_that_its_answer_can_change(a_source: Callable[..., Source], now: datetime) -> None:
    own = wait(now, a_source())

    assert wait(now, a_source(), expires=timedelta()) == own
    assert wait(now, a_source(), expires=timedelta(minutes=6)) == own
    assert wait(now, a_source(), expires=timedelta(hours=2)) == timedelta(hours=2)
    assert timedelta(hours=2) < wait(now, a_source(), expires=timedelta(hours=2), jitter=0.9) < timedelta(hours=2.25)
    assert wait(now, a_source(), expires=timedelta(days=365)) == RHYTHM.at_most


def test_the_time_to_live_of_a_feed_counts_likewise(a_source: Callable[..., Source], now: datetime) -> None:
    assert wait(now, a_source(), hints=Hints(ttl=timedelta(hours=3)), expires=timedelta(hours=2)) == timedelta(hours=3)
    assert wait(now, a_source(), hints=Hints(ttl=timedelta(days=7))) == RHYTHM.at_most


def test_skipped_hours_and_days_are_slept_through(a_source: Callable[..., Source], now: datetime) -> None:
    """``now`` is noon of a Monday."""
    until_six = Hints(skip_hours=frozenset({12, 13, 14, 15, 16, 17}))
    until_thursday = Hints(skip_days=frozenset({0, 1, 2}))

    assert wait(now, a_source(), hints=until_six) == timedelta(hours=6)
    assert timedelta(hours=6) < wait(now, a_source(), hints=until_six, jitter=0.9) < timedelta(hours=6.5)
    assert wait(now, a_source(), hints=until_thursday) == timedelta(days=2, hours=12)


@pytest.mark.parametrize("lie", [Hints(skip_hours=frozenset(range(24))), Hints(skip_days=frozenset(range(7)))], ids=["hours", "days"])
def test_a_feed_that_skips_everything_skips_nothing(a_source: Callable[..., Source], now: datetime, lie: Hints) -> None:
    assert wait(now, a_source(), hints=lie) == wait(now, a_source())


@given(st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)), jitters)
def test_nothing_is_planned_beyond_the_horizon(
    a_source: Callable[..., Source], now: datetime, hours: frozenset[int], days: frozenset[int], jitter: float
) -> None:
    pause = wait(now, a_source(), expires=timedelta(days=99), jitter=jitter, hints=Hints(skip_hours=hours, skip_days=days))

    assert pause <= RHYTHM.horizon


# --- moves ---------------------------------------------------------------------------------------------------------------------------

NEW = "https://www.north.example.edu/feed.xml"
NEWER = "https://news.north.example.edu/feed.xml"


def told(state: SourceState, source: Source, now: datetime, *addresses: str | None) -> SourceState:
    """After polls that were each told of one of these addresses."""
    for address in addresses:
        state = plan.unchanged(state, source, RHYTHM, Answer(ETAG, permanent=address), now=now, jitter=MIDDLE).state
    return state


@pytest.mark.parametrize(
    ("addresses", "moved"),
    [
        ((NEW, NEW), None),
        ((NEW, NEW, NEW), NEW),
        ((NEW, NEW, NEWER), None),
        ((NEW, NEW, None, NEW), None),
        ((NEW, NEWER, NEWER, NEWER), NEWER),
        ((NEW, NEW, NEW, NEWER, NEWER, NEWER), NEWER),
        ((NEW, NEW, NEW, URL, URL, URL), None),
        ((NEW, NEW, NEW, None, None), NEW),
    ],
)
def test_a_move_is_believed_when_three_polls_in_a_row_agree(
    a_source: Callable[..., Source],
    a_state: Callable[..., SourceState],
    now: datetime,
    addresses: tuple[str | None, ...],
    moved: str | None,
) -> None:
    after = told(a_state(), a_source(), now, *addresses)

    assert after.moved == moved
    assert after.validators == ETAG


def test_a_failure_breaks_the_row(a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime) -> None:
    state = told(a_state(), a_source(), now, NEW, NEW)

    state = plan.failed(state, a_source(), RHYTHM, ReadError("no list"), now=now, jitter=MIDDLE).state

    assert told(state, a_source(), now, NEW).moved is None


@pytest.mark.parametrize(
    ("error", "polls"),
    [(refused(404), 3), (ReadError("no list"), 3), (unreached(), 8), (refused(503), 8), (TimedOut("late", url=NEW), 8)],
    ids=["404", "read", "unreached", "503", "timed out"],
)
def test_a_new_address_that_fails_on_and_on_is_given_up(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime, error: SourceError, polls: int
) -> None:
    states = [a_state(moved=NEW, validators=ETAG, body_hash="abc")]
    for _ in range(polls):
        states.append(plan.failed(states[-1], a_source(), RHYTHM, error, now=now, jitter=MIDDLE).state)

    assert [state.moved for state in states] == [NEW] * polls + [None]
    assert (states[-1].validators, states[-1].body_hash) == (NONE, None)
    assert states[-1].next_poll is not None
    assert states[-1].next_poll <= now + timedelta(minutes=30)


def test_where_a_source_has_moved_it_is_gone_only_when_its_configured_address_says_so_too(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    gone = Gone("gone", url=NEW, status=410)

    once = plan.failed(a_state(moved=NEW), a_source(), RHYTHM, gone, now=now, jitter=MIDDLE).state
    twice = plan.failed(once, a_source(), RHYTHM, gone, now=now, jitter=MIDDLE).state

    assert (once.moved, once.gone, once.next_poll is not None) == (None, False, True)
    assert (twice.gone, twice.next_poll) == (True, None)


# --- failures ------------------------------------------------------------------------------------------------------------------------


def test_back_off_doubles_with_each_failure_up_to_the_longest_pause(a_source: Callable[..., Source]) -> None:
    pauses = [plan.back_off(a_source(), RHYTHM, refused(), failures, MIDDLE) for failures in range(1, 9)]

    assert pauses[:6] == [timedelta(minutes=30) * 2**power for power in range(6)]
    assert pauses[6:] == [RHYTHM.at_most] * 2


def test_where_nobody_was_reached_the_first_pause_is_a_minute(a_source: Callable[..., Source]) -> None:
    pauses = [plan.back_off(a_source(), RHYTHM, unreached(), failures, MIDDLE) for failures in (1, 2, 3, 12)]

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), RHYTHM.at_most]


def test_where_polls_may_follow_each_other_faster_the_first_pause_is_as_short(a_source: Callable[..., Source]) -> None:
    quick = plan.Rhythm(every=timedelta(seconds=10), at_least=timedelta(seconds=5), at_most=timedelta(minutes=1))

    pauses = [plan.back_off(a_source(), quick, unreached(), failures, MIDDLE) for failures in (1, 2, 9)]

    assert pauses == [timedelta(seconds=5), timedelta(seconds=10), timedelta(minutes=1)]


def test_a_server_that_was_too_slow_was_bothered(a_source: Callable[..., Source]) -> None:
    assert plan.back_off(a_source(), RHYTHM, TimedOut("slow", url=URL), 1, MIDDLE) == timedelta(minutes=30)


def test_a_source_of_a_short_interval_still_backs_off_from_the_shortest_pause(a_source: Callable[..., Source]) -> None:
    assert plan.back_off(a_source(every=timedelta(seconds=10)), RHYTHM, refused(), 1, MIDDLE) == RHYTHM.at_least


@given(st.integers(1, 10_000), durations, jitters)
def test_retry_after_is_obeyed_whatever_the_back_off(
    a_source: Callable[..., Source], failures: int, asked: timedelta, jitter: float
) -> None:
    pause = plan.back_off(a_source(), RHYTHM, refused(429, asked), failures, jitter)

    assert pause >= asked
    assert pause <= max(asked, RHYTHM.at_most)


def test_a_failure_is_told_and_touches_nothing_that_was_known(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    state = a_state(failures=2, last_success=now - timedelta(days=1), validators=ETAG, body_hash="abc", reader="feed", articles=7)

    changes = plan.failed(state, a_source(), RHYTHM, refused(), now=now, jitter=MIDDLE)

    after = changes.state
    assert (after.failures, after.problem, after.remedy, after.state) == (3, f"{URL}: answered 503", "wait", "failing")
    assert after.last_poll == now
    assert after.next_poll == now + timedelta(hours=2)
    assert replace(after, failures=2, problem=None, remedy=None, last_poll=None, next_poll=state.next_poll) == state
    assert (changes.new, changes.revised, changes.keys) == ((), (), {})


def test_gone_ends_the_polling(a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime) -> None:
    changes = plan.failed(a_state(), a_source(), RHYTHM, Gone("asked never to come back", url=URL, status=410), now=now, jitter=MIDDLE)

    assert (changes.state.gone, changes.state.next_poll, changes.state.state) == (True, None, "gone")


def test_a_source_that_was_gone_and_answers_otherwise_is_alive(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    state = a_state(gone=True, failures=1, next_poll=None)

    failing = plan.failed(state, a_source(), RHYTHM, ReadError("no list"), now=now, jitter=MIDDLE).state
    well = plan.unchanged(state, a_source(), RHYTHM, Answer(NONE), now=now, jitter=MIDDLE).state

    assert (failing.state, well.state) == ("failing", "ok")
    assert failing.next_poll is not None
    assert well.next_poll is not None


@given(st.text(max_size=2_000), st.integers(0, 10**6), jitters)
def test_any_failure_ends_in_a_next_poll_and_a_message_of_bounded_length(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime, message: str, failures: int, jitter: float
) -> None:
    after = plan.failed(a_state(failures=failures), a_source(), RHYTHM, SourceError(message), now=now, jitter=jitter).state

    assert after.next_poll is not None
    assert now < after.next_poll <= now + RHYTHM.at_most
    assert len(after.problem or "") <= 500


# --- success -------------------------------------------------------------------------------------------------------------------------


def test_nothing_new_is_a_success_that_clears_the_failures_and_keeps_the_rest(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    state = a_state(failures=5, problem="was down", remedy="wait", body_hash="abc", last_change=now - timedelta(days=3), reader="feed")

    after = plan.unchanged(state, HALF_HOURLY, RHYTHM, Answer(ETAG), now=now, jitter=MIDDLE).state

    assert (after.state, after.failures, after.problem, after.remedy) == ("ok", 0, None, None)
    assert (after.last_poll, after.last_success, after.last_change) == (now, now, state.last_change)
    assert (after.validators, after.body_hash, after.reader) == (ETAG, "abc", "feed")
    assert after.next_poll == now + timedelta(minutes=30)


# --- article pages that failed -------------------------------------------------------------------------------------------------------

OWED = Missed("an id", "https://north.example.edu/news/1.html")


@pytest.mark.parametrize("error", [refused(500), refused(503), refused(429), refused(408), unreached(), TimedOut("slow", url=URL)])
def test_a_page_that_failed_in_passing_is_owed_until_it_was_asked_for_twice_more(now: datetime, error: SourceError) -> None:
    assert plan.missed(OWED, error, now=now) == OWED
    assert plan.missed(replace(OWED, tries=plan.AGAIN - 1), error, now=now) is not None
    assert plan.missed(replace(OWED, tries=plan.AGAIN), error, now=now) is None


@pytest.mark.parametrize("error", [refused(404), refused(403), Gone("gone", url=URL, status=410), ReadError("no article")])
def test_a_page_that_is_not_there_is_owed_by_nobody(now: datetime, error: SourceError) -> None:
    assert plan.missed(OWED, error, now=now) is None


def test_a_page_whose_site_asks_to_wait_is_not_due_before(now: datetime) -> None:
    owed = plan.missed(OWED, refused(429, timedelta(hours=3)), now=now)

    assert owed == replace(OWED, due=now + timedelta(hours=3))


def test_a_poll_without_anything_new_keeps_what_is_owed_unless_it_was_asked_for(
    a_state: Callable[..., SourceState], an_article: Callable[..., Article], now: datetime
) -> None:
    state = a_state(missed=(OWED,))
    late = Harvest((), (an_article(),), {}, "detect", wait=timedelta(hours=9))

    quiet = plan.unchanged(state, HALF_HOURLY, RHYTHM, Answer(ETAG), now=now, jitter=MIDDLE)
    caught_up = plan.unchanged(state, HALF_HOURLY, RHYTHM, Answer(ETAG), now=now, jitter=MIDDLE, late=late)

    assert (quiet.state.missed, quiet.revised) == ((OWED,), ())
    assert (caught_up.state.missed, caught_up.revised) == ((), late.revised)
    assert (caught_up.state.last_change, caught_up.state.next_poll) == (now, now + timedelta(hours=9))


def test_what_a_source_may_owe_is_bounded_and_the_oldest_is_given_up_first(a_state: Callable[..., SourceState], now: datetime) -> None:
    owed = tuple(replace(OWED, article=str(number)) for number in range(1000))

    after = harvested(a_state(), HALF_HOURLY, Harvest((), (), {}, "detect", missed=owed), now).state

    assert len(after.missed) == 100
    assert after.missed[-1] == owed[-1]


def harvested(state: SourceState, source: Source, harvest: Harvest, now: datetime) -> plan.Changes:
    return plan.harvested(state, source, RHYTHM, Answer(ETAG), harvest, now=now, jitter=MIDDLE, body_hash="new")


def test_a_complete_harvest_is_remembered_with_what_it_was_read_from(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], an_article: Callable[..., Article], now: datetime
) -> None:
    article = an_article()
    keys = {b"k" * 16: Known(article.id, b"f" * 16)}

    changes = harvested(a_state(failures=1), HALF_HOURLY, Harvest((article,), (), keys, "feed"), now)

    assert (changes.new, changes.revised, changes.keys) == ((article,), (), keys)
    after = changes.state
    assert (after.validators, after.body_hash, after.reader, after.failures) == (ETAG, "new", "feed", 0)
    assert (after.last_change, after.next_poll) == (now, now + timedelta(minutes=30))


def test_an_incomplete_harvest_is_asked_for_again_soon_and_unconditionally(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], an_article: Callable[..., Article], now: datetime
) -> None:
    state = a_state(validators=Validators(etag='"6"'), body_hash="old")

    after = harvested(state, a_source(), Harvest((an_article(),), (), {}, "detect", complete=False), now).state

    assert (after.validators, after.body_hash) == (NONE, None)
    assert after.next_poll == now + RHYTHM.at_least


def test_a_body_that_differs_without_news_is_no_change(
    a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    before = now - timedelta(days=9)

    after = harvested(a_state(last_change=before), a_source(), Harvest((), (), {}, "feed"), now).state

    assert (after.last_change, after.body_hash) == (before, "new")


# --- revisions -----------------------------------------------------------------------------------------------------------------------


def test_what_says_the_same_is_no_revision(an_article: Callable[..., Article], now: datetime) -> None:
    stored = an_article()

    again = replace(stored, first_seen=now + timedelta(days=1), provenance={"title": "elsewhere"}, updated=now)

    assert plan.revise(stored, again) is None


def test_a_revision_keeps_identity_source_and_every_moment_once_known(an_article: Callable[..., Article], now: datetime) -> None:
    stored = an_article(precision="day", placed=None)
    other_zone = timezone(timedelta(hours=8))
    fresh = an_article(
        2,
        source="east/news",
        university="east",
        title="Corrected",
        first_seen=now + timedelta(days=1),
        published=datetime(2020, 1, 1, tzinfo=other_zone),
        precision="second",
    )

    revised = plan.revise(stored, fresh)

    assert revised is not None
    assert revised.title == "Corrected"
    for name in ("id", "source", "university", "first_seen", "published", "precision", "placed", "at"):
        assert getattr(revised, name) == getattr(stored, name), name


def test_a_date_that_was_missing_is_taken_over_with_its_precision(an_article: Callable[..., Article], now: datetime) -> None:
    stored = an_article(published=None, precision=None)

    revised = plan.revise(stored, an_article(published=now, precision="day"))

    assert revised is not None
    assert (revised.published, revised.precision) == (now, "day")


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://www.north.example.edu/news/1.html?utm_source=rss"},
        {"url": "https://north.example.edu/news/1.html?visit=8812"},
        {
            "summary": "Robot number 1 walks. Views: 12",
            "content": "<p>Robot number 1 walks. Views: <b>12</b></p>",
            "text": "Robot number 1 walks. Views: 12",
        },
    ],
    ids=["another spelling of its address", "the number of a visit in it", "more readers"],
)
def test_what_changes_by_itself_is_no_revision(an_article: Callable[..., Article], fields: dict[str, str]) -> None:
    stored = an_article(
        summary="Robot number 1 walks. Views: 9",
        content="<p>Robot number 1 walks. Views: <b>9</b></p>",
        text="Robot number 1 walks. Views: 9",
    )

    assert plan.revise(stored, replace(stored, **fields)) is None


def test_a_page_that_moved_has_its_new_address(an_article: Callable[..., Article]) -> None:
    revised = plan.revise(an_article(), an_article(url="https://north.example.edu/2026/1.html"))

    assert revised is not None
    assert revised.url == "https://north.example.edu/2026/1.html"


def test_a_row_without_text_wipes_out_nothing_that_the_article_page_told(an_article: Callable[..., Article]) -> None:
    stored = an_article(
        image="https://img.example.edu/1.jpg", categories=("Ice",), enclosures=(Enclosure("https://north.example.edu/a.pdf"),)
    )
    row = Article(stored.id, "A better title", stored.url, stored.source, stored.university, stored.first_seen)

    revised = plan.revise(stored, row)

    assert revised == replace(stored, title="A better title")


def test_a_teaser_does_not_replace_the_full_text_of_the_article_page(an_article: Callable[..., Article]) -> None:
    page, feed = {"content": "article page: the longest block"}, {"content": "feed: content:encoded"}
    stored = an_article(content="<p>" + "A long text. " * 50 + "</p>", text="A long text. " * 50, provenance=page)
    teaser = an_article(title="A better title", content="<p>A long text …</p>", text="A long text …", provenance=feed)

    revised = plan.revise(stored, teaser)

    assert revised is not None
    assert (revised.title, revised.content, revised.text) == ("A better title", stored.content, stored.text)
    assert revised.provenance["content"] == page["content"]


def test_a_text_that_its_own_origin_shortens_is_shortened(an_article: Callable[..., Article]) -> None:
    feed = {"content": "feed: content:encoded"}
    stored = an_article(content="<p>Right. And wrong, at some length.</p>", text="Right. And wrong, at some length.", provenance=feed)

    revised = plan.revise(stored, an_article(content="<p>Right.</p>", text="Right.", provenance=feed))

    assert revised is not None
    assert (revised.content, revised.text) == ("<p>Right.</p>", "Right.")


def test_a_revision_tells_when_and_from_where(an_article: Callable[..., Article], now: datetime) -> None:
    stored = an_article(provenance={"title": "feed: title", "published": "feed: pubDate"})

    revised = plan.revise(stored, an_article(title="Corrected", updated=now, provenance={"title": "feed: media:title"}))

    assert revised is not None
    assert revised.updated == now
    assert revised.provenance == {"title": "feed: media:title", "published": "feed: pubDate"}


def test_a_revision_of_a_revision_is_none(an_article: Callable[..., Article]) -> None:
    fresh = an_article(title="Corrected", authors=(), summary=None)

    revised = plan.revise(an_article(), fresh)

    assert revised is not None
    assert plan.revise(revised, fresh) is None


def test_the_topic_follows_the_title_and_not_the_list_in_which_an_article_stands(an_article: Callable[..., Article]) -> None:
    stored = an_article(topic="notice")

    elsewhere = plan.revise(stored, replace(stored, topic="news"))
    renamed = plan.revise(stored, replace(stored, topic="job", title="We are hiring"))

    assert elsewhere is None
    assert renamed is not None
    assert renamed.topic == "job"


# --- what an operator hears -----------------------------------------------------------------------------------------------------------


def kinds(now: datetime, *states: SourceState) -> list[list[str]]:
    """What each step from one state to the next tells."""
    return [[event.kind for event in plan.happened(before, after, now=now)] for before, after in itertools.pairwise(states)]


def test_a_source_is_told_to_be_broken_once_when_the_third_poll_in_a_row_fails_and_mended_once(now: datetime) -> None:
    polls = [SourceState("s", URL, failures=failures) for failures in (0, 1, 0, 1, 2, 3, 4, 9, 0, 0)]

    assert kinds(now, *polls) == [[], [], [], [], ["broke"], [], [], ["mended"], []]


def test_a_source_that_is_gone_is_told_once_and_when_it_is_back(now: datetime) -> None:
    polls = [SourceState("s", URL, failures=failures, gone=gone) for failures, gone in ((0, False), (1, True), (2, True), (0, False))]

    assert kinds(now, *polls) == [["gone"], [], ["mended"]]


MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def in_doubt(times: int) -> SourceState:
    """A source that has read unlike itself so many times in a row."""
    suspicion = Suspicion(since=MONDAY, reasons=("no item is known",), times=times)
    profile = Profile(Form("feed", 10, 1.0, 40.0, ()), suspicion=suspicion if times else None)
    return SourceState("s", URL, profile=profile)


def test_a_source_that_is_held_back_is_told_once_it_has_been_so_three_times_and_never_as_mended(now: datetime) -> None:
    polls = [in_doubt(times) for times in (0, 1, 0, 1, 2, 3, 4, 0)]

    assert kinds(now, *polls) == [[], [], [], [], ["review"], [], []]
    assert kinds(now, SourceState("s", URL, failures=5), in_doubt(1)) == [[]]


def test_a_source_that_falls_silent_is_told_once(now: datetime) -> None:
    loud = in_doubt(0)
    quiet = replace(loud, profile=replace(loud.profile, silent=now))

    assert kinds(now, loud, quiet, quiet, loud) == [["silent"], [], []]


def test_moves_are_told_with_their_address(now: datetime) -> None:
    here, there = SourceState("s", URL), SourceState("s", URL, moved="https://new.example.edu/")

    assert kinds(now, here, there, there, here) == [["moved"], [], ["returned"]]
    (told,) = plan.happened(here, there, now=now)
    assert "https://new.example.edu/" in told.text


def test_a_poll_that_fails_tells_the_problem_and_what_to_try(now: datetime) -> None:
    before = SourceState("s", URL, failures=2)
    after = plan.failed(before, HALF_HOURLY, RHYTHM, refused(), now=now, jitter=MIDDLE).state

    (told,) = plan.happened(before, after, now=now)

    assert (told.kind, told.source, told.text, told.remedy) == ("broke", "s", f"{URL}: answered 503", "wait")
