"""The digest for the operator: what it says of a day, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.bulletin import Bulletin, compose, due
from aggregator.model import Event, Form, LeftOut, Profile, SourceState, Suspicion

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def states(**facts: SourceState | int) -> dict[str, SourceState]:
    """By name: how often it failed in a row, or all of it."""
    return {name: SourceState(name, "https://x.example/", failures=told) if isinstance(told, int) else told for name, told in facts.items()}


def day(*told: tuple[str, str | None] | tuple[str, str | None, str]) -> list[Event]:
    """What happened, in order; newest first, as the store tells it."""
    events = [
        Event(NOW + timedelta(minutes=number), kind, source, *(text or [f"{source} {kind}"]), number=number)
        for number, (kind, source, *text) in enumerate(told)
    ]
    return events[::-1]


def composed(events: list[Event], now: dict[str, SourceState]) -> Bulletin | None:
    return compose(events, now, title="News", address="https://news.example.edu")


def test_what_broke_and_still_fails_is_told_with_what_to_try():
    event = Event(NOW, "broke", "north", "https://n.example/ answered 403", "ask their web team")

    told = composed([event], states(north=5, east=0))

    assert told == Bulletin(
        "News: 1 broke",
        "Broke\n=====\n- north: https://n.example/ answered 403\n  try: ask their web team\n\n\nAll sources: https://news.example.edu/status\n",
    )


def test_a_day_on_which_nothing_happened_is_not_worth_a_message():
    assert composed([], states(north=0)) is None


def test_what_has_been_broken_for_longer_is_no_reason_for_a_message_but_counted_in_one():
    assert composed([], states(north=9)) is None

    told = composed(day(("broke", "east")), states(north=9, east=3))

    assert "1 more has been failing for longer" in told.text
    assert "- north" not in told.text


def test_what_broke_and_mended_within_the_day_is_only_counted():
    assert composed(day(("broke", "north"), ("mended", "north")), states(north=0)) is None

    told = composed(day(("broke", "north"), ("mended", "north"), ("broke", "east")), states(north=0, east=4))

    assert told.subject == "News: 1 broke"
    assert "1 more failed for a while and is well again" in told.text


def test_what_mended_by_itself_is_told_where_its_breaking_was_told_before():
    told = composed(day(("mended", "north")), states(north=0))

    assert told.subject == "News: 1 mended"
    assert "- north: north mended" in told.text


def test_what_mended_and_broke_again_is_broken():
    told = composed(day(("mended", "north"), ("broke", "north")), states(north=3))

    assert told.subject == "News: 1 broke"


def test_gone_and_moved_sources_and_a_wrong_configuration_need_a_decision():
    gone = SourceState("north", "https://n.example/", gone=True)
    moved = SourceState("east", "https://e.example/", moved="https://new.example/")
    events = day(
        ("gone", "north"), ("moved", "east", "it is at https://new.example/ now"), ("misconfigured", None, "hit.yaml:3: no such key")
    )

    told = composed(events, states(north=gone, east=moved))

    assert told.subject == "News: 3 to decide"
    assert [line.partition(": ")[2] for line in told.text.splitlines() if line.startswith("- ")] == [
        "hit.yaml:3: no such key", "north gone", "it is at https://new.example/ now",
    ]  # fmt: skip


def test_a_configuration_that_was_mended_is_no_longer_told():
    assert composed(day(("misconfigured", None, "wrong"), ("configured", None, "right")), states(north=0)) is None


def test_sources_that_left_the_configuration_are_not_told():
    assert composed(day(("broke", "south")), states(north=0)) is None


def test_hours_offline_are_told_without_every_source():
    events = day(("offline", None, "no source"), ("broke", "north"), ("online", None, "again"), ("mended", "north"))

    told = composed(events, states(north=0))

    assert told.subject == "News: was offline for a while"
    assert "- north" not in told.text


def test_a_long_list_is_cut_and_says_so():
    names = [f"s{number}" for number in range(100)]

    told = composed(day(*(("broke", name) for name in names)), states(**dict.fromkeys(names, 3)))

    assert told.subject == "News: 100 broke"
    assert told.text.count("- s") == 40
    assert "- and 60 more" in told.text


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("2026-03-01 07:00", "2026-03-02 06:59", False),
        ("2026-03-01 07:00", "2026-03-02 07:00", True),
        ("2026-03-02 07:00", "2026-03-02 23:00", False),
        ("2026-03-01 19:00", "2026-03-02 07:30", True),
        ("2026-02-20 07:00", "2026-03-02 03:00", True),
        ("2026-03-02 06:00", "2026-03-02 08:00", False),
    ],
    ids=["too early", "the hour", "once a day", "after a late one", "after a long sleep", "never two a day"],
)
def test_it_is_due_once_a_day_at_its_hour(last, now, expected):
    zone = ZoneInfo("Asia/Shanghai")

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)

    assert due(at(last), at(now), at=time(7), zone=zone) is expected


def held_back(now: datetime) -> SourceState:
    suspicion = Suspicion(since=now, reasons=("no item is known",), times=3, proposal=None, rejected=())
    return SourceState("north", "https://x.example/", profile=Profile(Form("feed", 10, 1.0, 40.0, ()), suspicion=suspicion))


def test_a_source_that_is_held_back_needs_a_decision_and_one_that_is_silent_is_told():
    quiet = SourceState("east", "https://y.example/", profile=Profile(Form("feed", 10, 1.0, 40.0, ()), silent=NOW))

    told = composed(day(("review", "north"), ("silent", "east")), states(north=held_back(NOW), east=quiet))

    assert told is not None
    assert told.subject == "News: 1 to decide, 1 silent"
    assert told.text.index("Needs a decision") < told.text.index("north review") < told.text.index("east silent")


def test_one_that_has_been_accepted_meanwhile_needs_no_decision():
    assert composed(day(("review", "north")), states(north=0)) is None


def test_new_lists_that_are_left_out_need_a_decision_until_there_is_one():
    held = Profile(Form("detect", 9, 1.0, 40.0, ()), left_out=(LeftOut("aside", 5),))
    events = day(("left_out", "north", "a list is left out"))

    asked = composed(events, states(north=SourceState("north", "https://x.example/", profile=held)))

    assert asked is not None
    assert asked.subject == "News: 1 to decide"
    assert composed(events, states(north=SourceState("north", "https://x.example/", profile=replace(held, left_out=())))) is None


def test_what_repaired_itself_after_a_redesign_is_told_whatever_came_before():
    well = SourceState("north", "https://x.example/", last_success=NOW)

    told = composed(day(("review", "north"), ("repaired", "north")), states(north=well))

    assert told is not None
    assert told.subject == "News: 1 mended"
    assert composed(day(("repaired", "north"), ("review", "north")), states(north=replace(well, failures=1))) is None
