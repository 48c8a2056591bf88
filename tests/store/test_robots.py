from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aggregator.model import Robots

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def kept(origin: str, asked: datetime, **more) -> Robots:
    return Robots(origin, "User-agent: *\nDisallow: /intern", asked, asked + DAY, **more)


def test_what_robots_txt_said_is_kept_as_it_was(store):
    said = kept("https://north.example.edu", NOW, unreachable_since=NOW + DAY)

    store.keep_robots(said)

    assert store.robots(["https://north.example.edu"]) == {said.origin: said}
    assert not store.robots(["https://south.example.edu"])


def test_what_many_sites_said_is_found_at_once(store):
    said = {f"https://{number}.example.edu": kept(f"https://{number}.example.edu", NOW) for number in range(900)}
    for each in list(said.values())[::300]:
        store.keep_robots(each)

    assert store.robots(said) == {origin: said[origin] for origin in list(said)[::300]}


def test_sites_that_nobody_asks_any_more_are_forgotten(store):
    store.keep_robots(kept("https://old.example.edu", NOW - 100 * DAY))
    store.keep_robots(kept("https://new.example.edu", NOW - DAY))

    assert store.forget_robots(before=NOW - 90 * DAY) == 1

    assert not store.robots(["https://old.example.edu"])
    assert store.robots(["https://new.example.edu"])


def test_a_site_that_has_been_out_of_reach_for_long_but_is_still_asked_is_remembered(store):
    store.keep_robots(Robots("https://away.example.edu", "", NOW - 100 * DAY, NOW, unreachable_since=NOW - 100 * DAY))

    assert store.forget_robots(before=NOW - 90 * DAY) == 0
