from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.fetch.pace import Pace


class Time:
    """A clock that only sleeping moves: the sleeper that is due first wakes first."""

    def __init__(self):
        self.now = 100.0
        self._sleepers = []

    def monotonic(self):
        return self.now

    async def sleep(self, seconds):
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, len(self._sleepers), future))
        await future

    async def pass_until_done(self, task):
        while not task.done():
            for _ in range(20):
                await asyncio.sleep(0)
            waiting = sorted(entry for entry in self._sleepers if not entry[2].done())
            if waiting and not task.done():
                self.now = max(self.now, waiting[0][0])
                waiting[0][2].set_result(None)
        return task.result()


def play(visits, gap=2.0, pauses=MappingProxyType({})):
    """Visits are (host, seconds it takes), all asked for at once in this order; what happened: (host, index, start, end), and the Pace."""
    time = Time()
    log = []

    async def visit(pace, index, host, seconds):
        async with pace.turn(host, pauses.get(host, 0.0)):
            start = time.now
            await time.sleep(seconds)
            log.append((host, index, start, time.now))

    async def run():
        pace = Pace(timedelta(seconds=gap), monotonic=time.monotonic, sleep=time.sleep)
        everything = asyncio.gather(*(visit(pace, index, *each) for index, each in enumerate(visits)))
        await time.pass_until_done(everything)
        return pace

    return log, asyncio.run(run())


def test_visits_to_one_host_follow_each_other_with_the_gap_between_end_and_start():
    log, _ = play([("a", 3.0), ("a", 1.0), ("a", 1.0)])

    assert [(start - 100, end - 100) for _, _, start, end in log] == [(0, 3), (5, 6), (8, 9)]


def test_hosts_do_not_wait_for_each_other():
    log, _ = play([("a", 3.0), ("b", 1.0), ("c", 2.0)])

    assert [(host, start - 100) for host, _, start, _ in sorted(log)] == [("a", 0), ("b", 0), ("c", 0)]


def test_a_host_that_asks_for_a_longer_pause_gets_it_and_no_other_does():
    log, _ = play([("a", 1.0), ("b", 1.0)] * 3, pauses={"a": 30.0, "b": 0.5})

    assert [start - 100 for host, _, start, _ in sorted(log) if host == "a"] == [0, 31, 62]
    assert [start - 100 for host, _, start, _ in sorted(log) if host == "b"] == [0, 3, 6]


def test_without_a_gap_it_is_still_one_at_a_time():
    log, _ = play([("a", 1.0)] * 3, gap=0)

    assert [start - 100 for _, _, start, _ in log] == [0, 1, 2]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.1, 5)), min_size=1, max_size=12), st.sampled_from([0.0, 2.0]))
def test_turns_never_overlap_keep_the_gap_and_come_in_order(visits, gap):
    log, _ = play(visits, gap)

    for host in "abc":
        turns = sorted(entry[2:] + entry[1:2] for entry in log if entry[0] == host)
        assert [index for _, _, index in turns] == [index for index, (name, _) in enumerate(visits) if name == host]
        assert all(later[0] >= sooner[1] + gap - 1e-9 for sooner, later in pairwise(turns))


def test_a_host_is_forgotten_when_its_pause_is_over():
    time = Time()

    async def run():
        pace = Pace(timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)
        for host in range(1000):
            async with pace.turn(str(host)):
                time.now += 0.01
        return len(pace)

    assert asyncio.run(run()) <= 2 / 0.01 + 1


def test_a_long_pause_does_not_keep_other_hosts_in_memory():
    time = Time()

    async def run():
        pace = Pace(timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)
        async with pace.turn("slow", 120.0):
            pass
        task = asyncio.create_task(_visited(pace))
        await time.pass_until_done(task)
        return len(pace)

    async def _visited(pace):
        for host in [*map(str, range(100)), *["again"] * 3]:
            async with pace.turn(host):
                time.now += 3

    assert asyncio.run(run()) <= 2


def test_a_visitor_who_gives_up_waiting_costs_the_others_nothing():
    time = Time()
    log = []

    async def visit(pace, name):
        async with pace.turn("a"):
            log.append((name, time.now - 100))

    async def run():
        pace = Pace(timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)
        first, impatient, last = (asyncio.create_task(visit(pace, name)) for name in ("first", "impatient", "last"))
        await asyncio.sleep(0.01)
        impatient.cancel()
        await time.pass_until_done(last)
        await asyncio.gather(first, impatient, return_exceptions=True)
        return pace

    pace = asyncio.run(run())

    assert log == [("first", 0), ("last", 2)]
    assert len(pace) == 1


def test_a_visit_that_fails_still_starts_the_pause():
    time = Time()

    async def run():
        pace = Pace(timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)
        with pytest.raises(RuntimeError):
            async with pace.turn("a"):
                raise RuntimeError("the visit failed")
        task = asyncio.create_task(_enter(pace))
        await time.pass_until_done(task)

    async def _enter(pace):
        async with pace.turn("a"):
            pass

    asyncio.run(run())

    assert time.now == 102
