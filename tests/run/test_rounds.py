from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model import Changes, Source, SourceState
from aggregator.plan import Rhythm
from aggregator.poll import LEASE, Outcome
from aggregator.run.rounds import Rounds, release_dead
from aggregator.store import Store


@dataclass
class Slow:
    """A poller whose polls end when they are let go, or at once."""

    store: Store
    clock: Callable[[], datetime]
    held: bool = False
    under_way: Counter[str] = field(default_factory=Counter)
    most: int = 0
    most_of_a_host: int = 0
    polled: list[str] = field(default_factory=list)
    rhythm: Rhythm = field(default_factory=Rhythm)
    sources: dict[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.free = asyncio.Event()

    async def poll(self, state: SourceState) -> Outcome:
        host = state.source.partition("/")[0]
        self.under_way[host] += 1
        self.most = max(self.most, self.under_way.total())
        self.most_of_a_host = max(self.most_of_a_host, self.under_way[host])
        try:
            await (self.free.wait() if self.held else asyncio.sleep(0))
            now = self.clock()
            self.store.apply(Changes(replace(state, last_poll=now, next_poll=now + timedelta(hours=1))))
        finally:
            self.under_way[host] -= 1
        self.polled.append(state.source)
        return Outcome(state.source)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/rounds.db") as opened:
        yield opened


@pytest.fixture
def slow(store: Store, now: datetime) -> Slow:
    return Slow(store, lambda: now)


def sources(hosts: int, each: int) -> list[Source]:
    return [Source(f"u{host}/{number}", f"https://u{host}.example.edu/{number}") for host in range(hosts) for number in range(each)]


def rounds(slow: Slow, *, concurrency: int = 8, report: Callable[[Outcome], None] = lambda _: None) -> Rounds:
    return Rounds(slow.store, slow, concurrency=concurrency, report=report, clock=slow.clock)  # type: ignore[arg-type]


def test_draining_polls_everything_that_is_due_once_and_reports_it(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(5, 7), now=now)
    told: list[Outcome] = []

    asyncio.run(rounds(slow, report=told.append).drain())

    assert sorted(slow.polled) == sorted(source.id for source in sources(5, 7))
    assert [outcome.source for outcome in told] == slow.polled


def test_never_more_than_the_concurrency_and_one_of_a_host_at_a_time(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(30, 2), now=now)

    asyncio.run(rounds(slow, concurrency=4).drain())

    assert slow.most == 4
    assert slow.most_of_a_host == 1
    assert len(slow.polled) == 60


def test_claims_are_few_and_what_waits_for_a_place_is_due_as_before_when_polling_ends(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(10, 1), now=now)
    slow.held = True

    async def interrupted() -> set[str]:
        several = rounds(slow, concurrency=4)
        with suppress(TimeoutError):
            await asyncio.wait_for(several.drain(), 0.2)
        held = {state.source for state in slow.store.states() if state.owner}
        await several.stop(0)
        return held

    assert len(asyncio.run(interrupted())) == 8
    assert sum(state.next_poll == now for state in slow.store.states()) == 6
    assert not slow.store.owners()


def test_what_is_not_due_is_polled_only_when_everything_is_asked_for(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(3, 1), now=now + timedelta(hours=1))

    asyncio.run(rounds(slow).drain())
    by_itself = list(slow.polled)
    asyncio.run(rounds(slow).drain(everything=True))

    assert by_itself == []
    assert sorted(slow.polled) == ["u0/0", "u1/0", "u2/0"]


def test_named_sources_are_polled_due_or_not_and_no_others(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(3, 2), now=now + timedelta(hours=1))

    asyncio.run(rounds(slow).drain(only=["u1/0", "u1/1", "u2/0"]))

    assert sorted(slow.polled) == ["u1/0", "u1/1", "u2/0"]


def test_draining_nothing_ends(slow: Slow) -> None:
    asyncio.run(asyncio.wait_for(rounds(slow).drain(), 5))

    assert slow.polled == []


def test_a_tick_claims_as_much_as_there_is_room_for(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(10, 1), now=now)
    slow.held = True

    async def ticks() -> list[int]:
        several = rounds(slow, concurrency=4)
        began = [await several.tick(), await several.tick()]
        slow.free.set()
        await asyncio.sleep(0.05)
        slow.free.clear()
        began.append(await several.tick())
        await several.stop(0)
        return began

    assert asyncio.run(ticks()) == [4, 0, 4]


# --- herds and clocks ----------------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def _tick(several: Rounds) -> int:
    began = await several.tick()
    await several.drain(only=())  # lets what began end
    return began


def ticks(slow: Slow, clock: Clock, count: int, *, concurrency: int = 1_000) -> list[int]:
    """How many polls began in each of ``count`` seconds."""

    async def run() -> list[int]:
        several = rounds(slow, concurrency=concurrency)
        began = []
        for _ in range(count):
            began.append(await _tick(several))
            clock.now += timedelta(seconds=1)
        return began

    return asyncio.run(run())


@pytest.fixture
def clock(slow: Slow, now: datetime) -> Clock:
    slow.clock = Clock(now)
    return slow.clock


def test_a_small_wire_starts_all_at_once_however_overdue(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(64, 1), now=clock.now - timedelta(days=3))

    assert ticks(slow, clock, 2) == [64, 0]


def test_a_herd_starts_spread_and_none_is_left_out(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(160, 1), now=clock.now - timedelta(days=3))

    began = ticks(slow, clock, 25)

    assert began[0] == 64
    assert max(began[1:]) == 5
    assert sum(began) == len(set(slow.polled)) == 160


def test_a_wire_of_many_sources_starts_them_all_within_a_part_of_its_interval(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(400, 1), now=clock.now - timedelta(days=3))
    slow.sources = {source.id: source for source in sources(400, 1)}
    slow.rhythm = Rhythm(every=timedelta(minutes=4))

    assert sum(ticks(slow, clock, 30)) == 400


def test_a_long_sleep_does_not_gather_leave_for_a_herd(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(160, 1), now=clock.now)
    ticks(slow, clock, 25)

    clock.now += timedelta(hours=9)

    assert ticks(slow, clock, 3) == [64, 5, 5]


def test_sources_that_were_never_polled_go_before_those_that_are_overdue(slow: Slow, clock: Clock) -> None:
    old = sources(80, 1)
    slow.store.sync(old, now=clock.now)
    ticks(slow, clock, 10)
    clock.now += timedelta(days=1)
    slow.store.sync([*old, Source("new/0", "https://new.example.edu/")], now=clock.now)
    slow.polled.clear()

    ticks(slow, clock, 1, concurrency=1)

    assert slow.polled == ["new/0"]


@pytest.mark.parametrize("restarted", [False, True])
def test_when_the_clock_is_set_back_nothing_waits_until_it_has_caught_up(slow: Slow, clock: Clock, restarted: bool) -> None:  # noqa: FBT001
    slow.store.sync(sources(3, 1), now=clock.now)

    async def run() -> list[int]:
        several = rounds(slow)
        began = [await _tick(several)]
        clock.now -= timedelta(hours=7)
        several = rounds(slow) if restarted else several
        for seconds in (0, 1, 3601):
            clock.now += timedelta(seconds=seconds)
            began.append(await _tick(several))
        return began

    assert asyncio.run(run()) == [3, 3, 0, 3]


def test_a_small_correction_of_the_clock_changes_nothing(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(3, 1), now=clock.now)

    async def run() -> list[int]:
        several = rounds(slow)
        began = [await _tick(several)]
        clock.now -= timedelta(seconds=20)
        return [*began, await _tick(several)]

    assert asyncio.run(run()) == [3, 0]


def test_when_the_clock_leaps_a_poll_under_way_is_not_begun_twice(slow: Slow, clock: Clock) -> None:
    slow.store.sync(sources(2, 1), now=clock.now)
    slow.held = True

    async def run() -> list[int]:
        several = rounds(slow)
        began = [await several.tick()]
        clock.now += timedelta(hours=5)
        began.append(await several.tick())
        slow.free.set()
        await several.stop(5)
        return began

    assert asyncio.run(run()) == [2, 0]
    assert sorted(slow.polled) == ["u0/0", "u1/0"]


# --- the end -------------------------------------------------------------------------------------------------------------------------


def test_stopping_lets_polls_end_within_the_grace(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(2, 1), now=now)
    slow.held = True

    async def stopped() -> None:
        several = rounds(slow)
        await several.tick()
        asyncio.get_running_loop().call_later(0.02, slow.free.set)
        await several.stop(5)

    asyncio.run(stopped())

    assert sorted(slow.polled) == ["u0/0", "u1/0"]
    assert slow.store.owners() == ()


def test_what_does_not_end_within_the_grace_is_given_up_and_given_back(slow: Slow, now: datetime) -> None:
    slow.store.sync(sources(2, 1), now=now)
    slow.held = True

    async def stopped() -> None:
        several = rounds(slow)
        await several.tick()
        await several.stop(0.01)

    asyncio.run(asyncio.wait_for(stopped(), 5))

    assert slow.polled == []
    assert slow.store.owners() == ()
    assert [state.source for state in slow.store.claim(now=now + LEASE, limit=9, owner="you", lease=LEASE)] == ["u0/0", "u1/0"]


def test_a_database_that_does_not_answer_is_a_store_error_of_the_tick(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(slow.store, "claim", fails)

    with pytest.raises(StoreError, match="the disk is full"):
        asyncio.run(rounds(slow).drain())


def test_polls_under_way_end_with_the_poller_that_they_began_with(slow: Slow, store: Store, now: datetime) -> None:
    store.sync(sources(2, 2), now=now)
    slow.held = True
    other = Slow(store, slow.clock)

    async def replaced() -> None:
        several = rounds(slow)
        await several.tick()
        await asyncio.sleep(0)
        several.poller = other  # type: ignore[assignment]
        slow.free.set()
        await several.drain()

    asyncio.run(replaced())

    assert (sorted(slow.polled), sorted(other.polled)) == (["u0/0", "u1/0"], ["u0/1", "u1/1"])


@pytest.mark.parametrize(
    ("owner", "freed"),
    [
        (f"{socket.gethostname()[:60]}/{2**22 + 1}/abcd", 1),
        (f"{socket.gethostname()[:60]}/{os.getpid()}/of-a-former-life", 1),
        (f"{socket.gethostname()[:60]}/{os.getppid()}/abcd", 0),
        (f"another-machine/{2**22 + 1}/abcd", 0),
        ("nonsense", 0),
    ],
    ids=["killed", "with our own number", "alive", "on another machine", "of no process"],
)
def test_the_claims_of_a_process_that_was_killed_are_given_back(store: Store, now: datetime, owner: str, freed: int) -> None:
    store.sync(sources(1, 1), now=now)
    store.claim(now=now, limit=1, owner=owner, lease=LEASE)

    assert release_dead(store, due=now) == freed
    assert store.owners() == (() if freed else (owner,))


def test_what_killed_the_program_is_not_asked_again_at_each_start(store: Store, now: datetime) -> None:
    store.sync(sources(2, 1), now=now)
    dead = f"{socket.gethostname()[:60]}/{2**22 + 1}/abcd"
    held = [state.source for state in store.claim(now=now, limit=1, owner=dead, lease=LEASE)]

    release_dead(store, due=now + timedelta(minutes=5))

    soon = store.claim(now=now + timedelta(minutes=4), limit=9, owner="soon", lease=LEASE)
    later = store.claim(now=now + timedelta(minutes=5), limit=9, owner="later", lease=LEASE)
    assert [state.source for state in later] == held
    assert len(soon) == 1
