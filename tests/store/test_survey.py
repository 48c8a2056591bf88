"""All sources at one look, for those who watch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import get_args

from aggregator.model import Changes, Form, Profile, State, Subscription, Suspicion, Watched


def test_states_are_those_that_every_page_shows(store, a_source, a_state, now):
    like = Profile(Form("feed", 10, 1.0, 40.0, ("north.example.edu/*",)))
    profiles = (None, like, replace(like, silent=now), replace(like, suspicion=Suspicion(now, ("it is empty",))))
    facts = list(product((False, True), (0, 3), (None, now), profiles))
    paused = a_source("paused/news", paused=True)
    store.sync([*(a_source(f"u{number}/news") for number in range(len(facts))), paused], now=now)
    for number, (gone, failures, success, profile) in enumerate(facts):
        due = None if gone else now
        store.apply(Changes(a_state(f"u{number}/news", gone=gone, failures=failures, last_success=success, profile=profile, next_poll=due)))

    survey = store.survey(now=now, most=10)

    shown = [state.state for state in store.states()]
    assert survey.states == {state: shown.count(state) for state in get_args(State)}
    assert all(survey.states.values())


def test_it_knows_what_is_due_and_since_when(store, a_source, a_state, now):
    early, late, gone, later = (a_source(f"{name}/news") for name in ("early", "late", "gone", "later"))
    store.sync([early, late, gone, later], now=now)
    store.apply(Changes(a_state(early.id, next_poll=now - timedelta(minutes=1))))
    store.apply(Changes(a_state(late.id, next_poll=now - timedelta(hours=1))))
    store.apply(Changes(a_state(gone.id, next_poll=now - timedelta(days=1), gone=True)))
    store.apply(Changes(a_state(later.id, next_poll=now + timedelta(hours=1))))

    survey = store.survey(now=now, most=10)

    assert (survey.due, survey.oldest_due) == (2, now - timedelta(hours=1))


def test_what_is_being_polled_is_not_due(store, a_source, now):
    store.sync([a_source()], now=now)
    store.claim(now=now, limit=1, owner="me", lease=timedelta(minutes=1))

    assert store.survey(now=now, most=10).due == 0
    assert store.survey(now=now + timedelta(minutes=2), most=10).due == 1


def test_the_worst_are_named_first_and_no_more_than_wanted(store, a_source, a_state, now):
    facts = {"bad": (9, now), "silent": (0, now - timedelta(days=3)), "fine": (0, now), "new": (0, None)}
    store.sync([a_source(f"{name}/news") for name in facts], now=now)
    for name, (failures, success) in facts.items():
        store.apply(Changes(a_state(f"{name}/news", failures=failures, last_success=success)))

    assert store.survey(now=now, most=3).watched == (
        Watched("bad/news", 9, now),
        Watched("new/news", 0, None),
        Watched("silent/news", 0, now - timedelta(days=3)),
    )


def test_subscriptions_of_configured_sources_are_counted(store, a_source, now):
    store.sync([a_source("north/news"), a_source("east/news")], now=now)
    for source, state in (("north/news", "active"), ("east/news", "refused")):
        store.keep_subscription(Subscription(source, source, "https://x.example/", "https://hub.example/", "s", state, now))
    store.sync([a_source("north/news")], now=now)

    assert store.survey(now=now, most=3).subscriptions == {"asked": 0, "active": 1, "refused": 0}


def test_all_fail_where_none_of_those_that_were_polled_does_well(store, a_source, a_state, now):
    names = [f"u{number}/news" for number in range(4)]
    store.sync([a_source(name) for name in (*names, "never/polled")], now=now)
    seen = []
    for name, fields in zip(names, ({"failures": 1}, {"failures": 4}, {"gone": True}, {"failures": 2}), strict=True):
        store.apply(Changes(a_state(name, last_poll=now, **fields)))
        seen.append(store.all_fail(at_least=3))
    store.apply(Changes(a_state(names[0], last_poll=now)))

    assert seen == [False, False, False, True]
    assert not store.all_fail(at_least=3)
