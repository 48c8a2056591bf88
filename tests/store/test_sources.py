"""The contract of ``Store`` for sources: what follows the configuration, who polls what, when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.model import (
    Article,
    Changes,
    Form,
    Hints,
    Known,
    Missed,
    Profile,
    Proposal,
    Selectors,
    Source,
    SourceState,
    Suspicion,
    Validators,
)
from aggregator.store import Store, rows

LEASE = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def many(hosts: int, each: int) -> list[Source]:
    return [Source(f"u{host}/{number}", f"https://u{host}.example.edu/{number}.xml") for host in range(hosts) for number in range(each)]


def ended(state: SourceState, now: datetime, **fields: object) -> Changes:
    """A poll that found nothing new; the next one is in an hour."""
    return Changes(replace(state, last_poll=now, last_success=now, next_poll=now + HOUR, **fields), claimed=state)  # type: ignore[arg-type]


@pytest.fixture
def claim(store: Store, now: datetime) -> Callable[..., list[str]]:
    """The ids of what is claimed."""

    def claimed(owner: str = "me", *, at: timedelta = timedelta(), limit: int = 100, **fields: object) -> list[str]:
        return [state.source for state in store.claim(now=now + at, limit=limit, owner=owner, lease=LEASE, **fields)]  # type: ignore[arg-type]

    return claimed


@pytest.fixture
def poll(store: Store, now: datetime) -> Callable[..., SourceState]:
    """Claims one source and ends its poll."""

    def polled(at: timedelta = timedelta(), **fields: object) -> SourceState:
        (state,) = store.claim(now=now + at, limit=1, owner="me", lease=LEASE)
        store.apply(ended(state, now + at, **fields))
        return state

    return polled


def only(store: Store) -> SourceState:
    (state,) = store.states()
    return state


# --- sync ----------------------------------------------------------------------------------------------------------------------------


def test_a_new_source_is_due_at_once_and_knows_nothing(store: Store, a_source: Callable[..., Source], now: datetime) -> None:
    store.sync([a_source()], now=now)

    assert store.states() == (SourceState("north/news", "https://north.example.edu/feed.xml", next_poll=now),)


def test_syncing_again_changes_nothing(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState]
) -> None:
    store.sync([a_source()], now=now)
    poll(validators=Validators('"7"', "Mon"), body_hash="abc")
    before = store.states()

    store.sync([a_source()], now=now + HOUR)

    assert store.states() == before


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://north.example.edu/moved.xml"},
        {"kind": "feed"},
        {"selectors": Selectors("li")},
        {"article": "main"},
        {"full_text": "always"},
        {"language": "zh"},
        {"timezone": "Asia/Shanghai"},
    ],
)
def test_a_source_that_moved_or_is_read_differently_is_due_and_asks_unconditionally(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState], change: dict[str, object]
) -> None:
    store.sync([a_source()], now=now)
    poll(validators=Validators('"7"', "Mon"), body_hash="abc", failures=3, problem="down", remedy="wait", gone=True)

    store.sync([a_source(**change)], now=now + timedelta(minutes=5))

    state = only(store)
    assert state.url == a_source(**change).url
    assert state.next_poll == now + timedelta(minutes=5)
    assert (state.validators, state.body_hash, state.gone, state.failures, state.problem, state.remedy) == (
        Validators(),
        None,
        False,
        0,
        None,
        None,
    )
    assert state.last_success == now


@pytest.mark.parametrize("change", [{"title": "Other"}, {"every": HOUR}, {"university": "other"}])
def test_what_does_not_decide_how_a_source_is_read_does_not_make_it_due(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState], change: dict[str, object]
) -> None:
    store.sync([a_source()], now=now)
    poll(body_hash="abc")

    store.sync([a_source(**change)], now=now)

    assert (only(store).body_hash, only(store).next_poll) == ("abc", now + HOUR)


def test_a_source_that_leaves_the_configuration_rests_and_comes_back_as_it_was(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState], claim: Callable[..., list[str]]
) -> None:
    store.sync([a_source()], now=now)
    poll(body_hash="abc")

    store.sync([], now=now)
    resting, claimed = store.states(), claim(at=10 * HOUR)
    store.sync([a_source()], now=now)

    assert (resting, claimed) == ((), [])
    assert (only(store).body_hash, only(store).next_poll) == ("abc", now + HOUR)


def test_a_source_that_comes_back_at_another_address_is_due(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState]
) -> None:
    store.sync([a_source()], now=now)
    poll(body_hash="abc")
    store.sync([], now=now)

    store.sync([a_source(url="https://north.example.edu/moved.xml")], now=now)

    assert (only(store).body_hash, only(store).next_poll, only(store).active) == (None, now, True)


def test_a_source_that_is_changed_while_it_is_polled_is_due_again_after_that_poll(
    store: Store, a_source: Callable[..., Source], now: datetime, claim: Callable[..., list[str]]
) -> None:
    """What the old address answered says nothing about the new one: its validators would hide the first page of it."""
    store.sync([a_source()], now=now)
    (state,) = store.claim(now=now, limit=1, owner="me", lease=LEASE)
    store.sync([a_source(url="https://north.example.edu/moved.xml")], now=now)

    store.apply(ended(state, now, validators=Validators('"7"'), body_hash="abc"))

    assert (only(store).validators, only(store).body_hash) == (Validators(), None)
    assert claim(at=timedelta(seconds=1)) == ["north/news"]


def test_thousands_of_sources_are_synced_at_once(store: Store, now: datetime) -> None:
    store.sync(many(50, 50), now=now)
    store.sync(many(10, 50), now=now)

    assert len(store.states()) == 500


def test_another_version_of_the_program_reads_every_source_anew_once(
    store: Store, now: datetime, poll: Callable[..., SourceState], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Validators('"1"', "Mon, 02 Mar 2026 12:00:00 GMT")
    store.sync(many(1, 1), now=now)
    poll(validators=told, body_hash="abc")

    store.sync(many(1, 1), now=now)
    same = only(store)
    monkeypatch.setattr("aggregator.store.sources._READER", 7)
    store.sync(many(1, 1), now=now)
    other = only(store)
    poll(HOUR, validators=told, body_hash="abc")
    store.sync(many(1, 1), now=now)

    assert (same.validators, same.body_hash) == (told, "abc")
    assert (other.validators, other.body_hash, other.next_poll) == (Validators(), None, same.next_poll)
    assert (only(store).validators, only(store).body_hash) == (told, "abc")


# --- clocks --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"last_poll": HOUR, "next_poll": 2 * HOUR}, True),
        ({"last_poll": timedelta(seconds=20), "next_poll": HOUR}, False),
        ({"last_poll": -HOUR, "next_poll": HOUR}, False),
        ({"last_poll": -HOUR, "next_poll": timedelta(days=40)}, True),
        ({"last_poll": HOUR, "next_poll": timedelta(days=6), "failures": 2}, False),
        ({"last_poll": HOUR, "next_poll": timedelta(days=40), "failures": 2}, True),
        ({"last_poll": HOUR, "next_poll": None, "gone": True}, False),
    ],
    ids=["polled in the future", "a little", "waits", "waits for ever", "was asked to wait", "fails and waits for ever", "gone"],
)
def test_what_a_clock_that_was_set_back_would_leave_waiting_is_due(store: Store, now: datetime, fields: dict[str, Any], due: bool) -> None:  # noqa: FBT001
    store.sync(many(1, 1), now=now)
    (state,) = store.claim(now=now, limit=1, owner="me", lease=LEASE)
    moments = {name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    store.apply(Changes(replace(state, **moments)))

    assert store.replan(now=now, horizon=timedelta(days=8)) == due
    assert bool(store.claim(now=now, limit=1, owner="me", lease=LEASE)) == due


# --- claims --------------------------------------------------------------------------------------------------------------------------


def test_only_what_is_due_is_claimed_the_longest_waiting_first(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    sources = many(4, 1)
    for number in (2, 0, 1):
        store.sync(
            sources[number : number + 1] + [source for source in sources if source.id in {state.source for state in store.states()}],
            now=now - timedelta(minutes=number),
        )
    store.sync(sources, now=now + HOUR)

    assert claim() == ["u2/0", "u1/0", "u0/0"]


def test_what_was_never_polled_goes_before_what_waits(
    store: Store, now: datetime, claim: Callable[..., list[str]], poll: Callable[..., SourceState]
) -> None:
    (first, *others) = many(3, 1)
    store.sync([first], now=now)
    poll()
    store.sync([first, *others], now=now + 3 * HOUR)

    assert claim(at=4 * HOUR) == [others[0].id, others[1].id, first.id]


def test_one_hosts_hundred_sources_do_not_empty_the_batch(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    store.sync(many(1, 100), now=now - HOUR)
    store.sync(many(1, 100) + [Source(f"z{number}/1", f"https://z{number}.example.edu/") for number in range(5)], now=now)

    claimed = claim(limit=4)

    assert claimed == ["u0/0", "z0/1", "z1/1", "z2/1"]


def test_of_each_host_one_is_claimed_and_none_while_somebody_polls_it(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    store.sync(many(3, 4), now=now)

    first, second = claim("me"), claim("you")

    assert Counter(id_.partition("/")[0] for id_ in first) == {"u0": 1, "u1": 1, "u2": 1}
    assert second == []


def test_hosts_that_are_written_differently_are_one_host(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    store.sync(
        [
            Source("a", "http://North.example.edu/a"),
            Source("b", "https://north.example.edu:443/b"),
            Source("c", "https://north.example.edu:8443/c"),
        ],
        now=now,
    )

    assert sorted(claim()) == ["a", "c"]


def test_when_a_poll_ends_its_host_is_free_and_it_is_not_due_itself(
    store: Store, now: datetime, poll: Callable[..., SourceState], claim: Callable[..., list[str]]
) -> None:
    store.sync(many(1, 2), now=now)

    polled = [poll().source, poll().source]

    assert polled == ["u0/0", "u0/1"]
    assert claim() == []
    assert claim(at=2 * HOUR) == ["u0/0"]


def test_a_claim_tells_everything_that_is_known_of_the_source(store: Store, a_source: Callable[..., Source], now: datetime) -> None:
    full = SourceState(
        "north/news",
        "https://north.example.edu/feed.xml",
        next_poll=now,
        last_poll=now - HOUR,
        last_success=now - 2 * HOUR,
        last_change=now - 3 * HOUR,
        failures=4,
        problem="отказ: 503",
        remedy="подождите",
        validators=Validators('W/"é"', "Mon, 02 Mar 2026 12:00:00 GMT"),
        body_hash="abc",
        reader="cms:webplus",
    )
    store.sync([a_source()], now=now)
    store.apply(Changes(full))

    assert store.claim(now=now, limit=1, owner="me", lease=LEASE) == (replace(full, owner="me"),)


def test_a_lease_that_is_over_is_claimed_by_another(
    store: Store, a_source: Callable[..., Source], now: datetime, claim: Callable[..., list[str]]
) -> None:
    store.sync([a_source()], now=now)

    assert claim("me") == ["north/news"]
    assert claim("you", at=LEASE - timedelta(microseconds=1)) == []
    assert claim("you", at=LEASE) == ["north/news"]


def test_what_an_owner_gives_back_is_due_again_and_nothing_else(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    store.sync(many(3, 1), now=now)
    mine, yours = claim("me", limit=2), claim("you")

    freed = store.release(owner="me")

    assert freed == 2
    assert store.owners() == ("you",)
    assert sorted(claim("them")) == sorted(mine)
    assert yours == ["u2/0"]
    assert store.release(owner="nobody") == 0


def test_what_is_given_back_after_a_death_rests_but_what_is_gone_stays_gone(
    store: Store, a_source: Callable[..., Source], now: datetime, claim: Callable[..., list[str]]
) -> None:
    store.sync([a_source(), a_source("east/news")], now=now)
    (state,) = store.claim(now=now, limit=1, owner="me", lease=LEASE, only=["north/news"])
    store.apply(Changes(replace(state, gone=True, next_poll=None, last_poll=now)))
    claim("dead", only=["north/news", "east/news"], untouched_since=now + HOUR)

    assert store.release(owner="dead", due=now + HOUR) == 2
    assert claim("a") == []
    assert claim("a", at=HOUR) == ["east/news"]


def test_a_poll_that_ended_holds_nothing(
    store: Store, a_source: Callable[..., Source], now: datetime, poll: Callable[..., SourceState]
) -> None:
    store.sync([a_source()], now=now)

    poll()

    assert store.owners() == ()


def test_a_source_that_is_gone_is_not_claimed_by_itself_but_when_it_is_named(
    store: Store, a_source: Callable[..., Source], now: datetime, claim: Callable[..., list[str]]
) -> None:
    store.sync([a_source(), a_source("east/news")], now=now)
    (state,) = (state for state in store.claim(now=now, limit=2, owner="me", lease=LEASE) if state.source == "north/news")
    store.apply(Changes(replace(state, gone=True, next_poll=None, last_poll=now)))
    store.release(owner="me")

    by_itself, everything, named = (
        claim("a", at=9 * HOUR),
        store.release(owner="a") and claim("b", at=9 * HOUR, untouched_since=now + 9 * HOUR),
        store.release(owner="b") and claim("c", at=9 * HOUR, untouched_since=now + 9 * HOUR, only=["north/news"]),
    )

    assert by_itself == ["east/news"]
    assert everything == ["east/news"]
    assert named == ["north/news"]


def test_asking_for_everything_claims_each_source_once(store: Store, now: datetime, poll: Callable[..., SourceState]) -> None:
    store.sync(many(2, 2), now=now)
    for _ in range(4):
        poll()
    since = now + timedelta(minutes=1)
    claimed: list[str] = []

    while states := store.claim(now=since, limit=100, owner="me", lease=LEASE, untouched_since=since):
        claimed += [state.source for state in states]
        for state in states:
            store.apply(ended(state, since))

    assert sorted(claimed) == ["u0/0", "u0/1", "u1/0", "u1/1"]


def test_naming_sources_claims_no_others(store: Store, now: datetime, claim: Callable[..., list[str]]) -> None:
    store.sync(many(3, 2), now=now)

    assert sorted(claim(only=["u0/1", "u2/0", "unknown"])) == ["u0/1", "u2/0"]
    assert claim("you", only=[]) == []


def test_moments_survive_to_the_microsecond(store: Store, a_source: Callable[..., Source], now: datetime) -> None:
    odd = now.replace(microsecond=123457)
    store.sync([a_source()], now=odd)

    assert only(store).next_poll == odd


def test_a_claim_can_be_handed_over_once(
    store: Store, a_source: Callable[..., Source], now: datetime, claim: Callable[..., list[str]]
) -> None:
    store.sync([a_source()], now=now)
    claim("queue")

    taken = store.take_over("north/news", holder="queue", owner="worker", now=now, lease=LEASE)
    again = store.take_over("north/news", holder="queue", owner="another", now=now, lease=LEASE)

    assert taken is not None
    assert taken.owner == "worker"
    assert again is None
    assert store.owners() == ("worker",)


def test_who_comes_back_after_the_lease_is_over_neither_frees_nor_changes_what_another_polls_now(
    store: Store, a_source: Callable[..., Source], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    (slow,) = store.claim(now=now, limit=1, owner="slow", lease=LEASE)
    (quick,) = store.claim(now=now + 2 * LEASE, limit=1, owner="quick", lease=LEASE)

    store.apply(ended(slow, now, problem="too late"))

    assert store.owners() == ("quick",)
    assert store.claim(now=now + 2 * LEASE, limit=1, owner="third", lease=LEASE) == ()
    store.apply(ended(quick, now + 2 * LEASE))
    (state,) = store.states()
    assert (state.problem, state.last_poll, store.owners()) == (None, now + 2 * LEASE, ())


def test_who_comes_back_after_another_has_polled_and_gone_changes_nothing(
    store: Store, a_source: Callable[..., Source], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    (slow,) = store.claim(now=now, limit=1, owner="slow", lease=LEASE)
    (quick,) = store.claim(now=now + 2 * LEASE, limit=1, owner="quick", lease=LEASE)
    store.apply(ended(quick, now + 2 * LEASE))
    before = store.states()

    late = ended(slow, now, problem="too late")
    store.apply(replace(late, claimed=slow, state=replace(late.state, failures=4)))

    assert store.states() == before


# --- profiles ------------------------------------------------------------------------------------------------------------------------


def test_what_a_source_is_like_is_kept_whole(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    form = Form("detect", 10, 0.9, 41.5, ("north.example.edu/N",), now, 0.8)
    proposal = Proposal("https://new.example.edu/", "auto", "ul > li", form, 3, ("A title",))
    suspicion = Suspicion(now, ("it is empty",), 2, proposal, ("x/*",))
    profile = Profile(form, 7, "detect", None, (1.0, 2.5), now, now, suspicion, ("y/*",), now, now, "found again")
    store.sync([a_source()], now=now)

    store.apply(Changes(a_state(profile=profile)))

    assert store.states()[0].profile == profile


OWED = (
    Missed("an id", "https://north.example.edu/1", 1, datetime(2026, 3, 2, 9, tzinfo=UTC)),
    Missed("another", "https://north.example.edu/2"),
)


def test_the_article_pages_that_a_source_owes_are_kept_when_it_is_configured_anew(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    store.sync([a_source()], now=now)

    store.apply(Changes(a_state(missed=OWED)))
    kept = store.states()[0].missed
    store.sync([a_source(kind="feed")], now=now)

    assert (kept, store.states()[0].missed) == (OWED, OWED)


def test_what_a_poll_owes_during_which_its_source_was_configured_anew_is_owed(
    store: Store, a_source: Callable[..., Source], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    (claimed,) = store.claim(now=now, limit=1, owner="me", lease=HOUR)
    store.sync([a_source(kind="feed")], now=now)

    store.apply(Changes(replace(claimed, missed=OWED, last_poll=now, next_poll=now + HOUR)))

    (state,) = store.states()
    assert (state.missed, state.last_poll, state.next_poll, state.owner) == (OWED, None, now, None)


def test_a_source_that_is_configured_anew_forgets_what_it_was_like(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    store.apply(Changes(a_state(profile=Profile(Form("feed", 1, 0.0, 1.0, ())))))

    store.sync([a_source(kind="feed")], now=now)

    assert store.states()[0].profile is None


def test_whose_holidays_a_source_keeps_does_not_configure_it_anew(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    store.apply(Changes(a_state(validators=Validators("e"))))

    store.sync([a_source(country="NO")], now=now)

    assert store.states()[0].validators == Validators("e")


def test_a_decision_makes_a_source_due_and_is_not_undone_by_the_poll_under_way(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    (claimed,) = store.claim(now=now, limit=1, owner="me", lease=timedelta(minutes=15))
    profile = Profile(Form("feed", 1, 0.0, 1.0, ()))

    store.decide(replace(claimed, profile=profile), now=now)
    store.apply(Changes(replace(claimed, next_poll=now + timedelta(days=1), problem="as it was")))

    (state,) = store.states()
    assert (state.profile, state.next_poll, state.problem) == (profile, now, None)


def test_a_source_that_is_to_be_read_anew_is_so_after_the_poll_under_way_as_well(
    store: Store, a_source: Callable[..., Source], poll: Callable[..., SourceState], now: datetime
) -> None:
    store.sync([a_source()], now=now)
    poll(validators=Validators("e", "m"), body_hash="of the page")
    (claimed,) = store.claim(now=now + HOUR, limit=1, owner="me", lease=LEASE)

    assert store.hasten(claimed.source, now=now + HOUR)
    store.apply(ended(claimed, now + HOUR))

    (state,) = store.states()
    assert (state.validators, state.body_hash, state.last_poll, store.owners()) == (Validators(), None, now + HOUR, ())


@pytest.mark.parametrize("field", sorted(rows.values(SourceState("", ""))))
def test_a_poll_writes_what_it_has_changed_and_nothing_else(field: str) -> None:
    before = SourceState("s", "https://east.example.edu/", validators=Validators("e", "m"))
    values: dict[str, Any] = {
        "etag": {"validators": Validators("f", "m")},
        "last_modified": {"validators": Validators("e", "n")},
        "hints": {"hints": Hints(hub="https://hub.example.org/")},
        "activity": {"activity": (1.0,)},
        "profile": {"profile": Profile(Form("feed", 1, 0.0, 1.0, ()))},
        "missed": {"missed": (Missed("id", "https://east.example.edu/1"),)},
    }
    after = replace(before, **values.get(field, {field: "something else"}))

    assert rows.changed(before, after) == {field: rows.values(after)[field]}
    assert rows.changed(before, replace(before)) == {}


def test_the_latest_of_a_source_are_what_it_has_shown_whoever_showed_it_first(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], an_article: Callable[..., Article], now: datetime
) -> None:
    store.sync([a_source(), a_source("east/news")], now=now)
    first, second = an_article(1), an_article(2)
    keys = {b"1" * 16: Known(first.id, b"f" * 16), b"2" * 16: Known(second.id, b"f" * 16)}
    store.apply(Changes(a_state(), (first, second), (), keys))
    store.apply(Changes(a_state("east/news"), (), (), {b"1" * 16: Known(first.id, b"f" * 16)}))

    assert [article.title for article in store.latest("east/news")] == [first.title]
    assert {article.id for article in store.latest("north/news")} == {first.id, second.id}
    assert store.latest("south/news") == ()
