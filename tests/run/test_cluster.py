"""Many machines on one real PostgreSQL; the network is a table."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import postgres_server
import pytest

from aggregator.errors import StoreBusy, StoreError
from aggregator.model import Changes, Source, SourceState
from aggregator.plan import Rhythm
from aggregator.poll import Outcome
from aggregator.store import Store

queue = pytest.importorskip("aggregator.run.queue", reason="the extra `postgres` is not installed")
cluster = pytest.importorskip("aggregator.run.cluster")

LEASE = timedelta(minutes=15)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Polls:
    """Stands for the poller: takes ``takes`` seconds, writes down who is polled, and stores that it was."""

    store: Store
    takes: float = 0.0
    polled: list[str] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)
    most_at_a_host: int = 0
    refuses: bool = False
    rhythm: Rhythm = field(default_factory=Rhythm)
    sources: dict[str, Source] = field(default_factory=dict)

    async def poll(self, state: SourceState) -> Outcome:
        host = state.url.split("/")[2]
        self.under_way[host] += 1
        self.most_at_a_host = max(self.most_at_a_host, self.under_way[host])
        try:
            await asyncio.sleep(self.takes)
        finally:
            self.under_way[host] -= 1
        if self.refuses:
            return Outcome(state.source, problem="full", stored=False)
        self.polled.append(state.source)
        later = clock() + timedelta(hours=1)
        await asyncio.to_thread(self.store.apply, Changes(replace(state, last_poll=clock(), last_success=clock(), next_poll=later)))
        return Outcome(state.source)


@pytest.fixture
def address(_postgres: str) -> str:
    return postgres_server.fresh_database(_postgres)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store.open(address) as opened:
        yield opened


@pytest.fixture
def sources(store: Store, a_source: Callable[..., Source]) -> list[Source]:
    """Thirty, of ten hosts."""
    made = [a_source(f"u{number % 10}/s{number}") for number in range(30)]
    store.sync(made, now=clock())
    return made


async def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("waited 20 s in vain")


def running(worker: object) -> asyncio.Task[None]:
    return asyncio.create_task(worker.run(grace=1))


async def end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def tick_until(true: Callable[[], bool], *schedulers: object) -> None:
    for _ in range(400):
        for scheduler in schedulers:
            await scheduler.tick()
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("ticked 20 s in vain")


def test_two_schedulers_and_three_workers_poll_each_source_once_and_each_host_by_one_at_a_time(
    address: str, store: Store, sources: list[Source]
) -> None:
    polls = Polls(store, takes=0.02)

    async def scenario() -> None:
        async with AsyncExitStack() as doors:
            schedulers = []
            for _ in range(2):
                mine = queue.Queue(address)
                await doors.enter_async_context(mine.opened())
                schedulers.append(cluster.Scheduler(store, mine, polls))
            workers = [running(cluster.Worker(store, queue.Queue(address), polls, concurrency=8)) for _ in range(3)]
            await tick_until(lambda: len(polls.polled) >= len(sources), *schedulers)
            await end(*workers)

    asyncio.run(scenario())

    assert sorted(polls.polled) == sorted(source.id for source in sources)
    assert polls.most_at_a_host == 1
    assert store.owners() == ()


def test_a_source_that_waits_already_does_not_keep_the_others_of_its_batch_out(address: str, store: Store, sources: list[Source]) -> None:
    states = [SourceState(source.id, source.url) for source in sources]

    async def scenario() -> tuple[int, int, int]:
        mine = queue.Queue(address)
        async with mine.opened():
            first = await mine.put(states[3:4])
            rest = await mine.put(states[:10])
            return first, rest, await mine.waiting()

    assert asyncio.run(scenario()) == (1, 9, 10)


@pytest.mark.parametrize("pruned", [False, True])
def test_the_sources_of_a_worker_that_was_killed_are_polled_by_another(
    address: str, store: Store, sources: list[Source], monkeypatch: pytest.MonkeyPatch, *, pruned: bool
) -> None:
    """Also when the worker's row is gone, and when a new job of the source waits already (procrastinate issues 1518, 1543)."""
    monkeypatch.setattr(queue, "_DEAD", 0.5)
    monkeypatch.setattr(queue, "_BEAT", 0.1)
    monkeypatch.setattr(cluster, "_RESCUE", timedelta())
    polls = Polls(store)
    first = sources[0]

    async def died(mine: object) -> None:
        """What a worker leaves that was killed in the middle of a poll."""
        (state,) = store.claim(now=clock(), limit=1, owner="queue", lease=LEASE, only=[first.id])
        await mine.put([state])
        run = mine._connector.execute_query_one_async
        row = await run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")
        job = await mine._app.job_manager.fetch_job(queues=None, worker_id=row["id"])
        assert job.task_kwargs == {"source": first.id}
        assert store.take_over(first.id, holder="queue", owner=f"worker:{row['id']}", now=clock(), lease=LEASE) is not None
        await mine.put([state])
        if pruned:
            await mine._app.job_manager.prune_stalled_workers(1)

    async def scenario() -> None:
        mine = queue.Queue(address)
        async with mine.opened():
            await died(mine)
            worker = running(cluster.Worker(store, queue.Queue(address), polls, concurrency=4))
            await tick_until(lambda: len(polls.polled) >= len(sources) - 1, cluster.Scheduler(store, mine, polls))
            rested = first.id not in polls.polled  # what it said may have killed the worker
            later = cluster.Scheduler(store, mine, polls, clock=lambda: clock() + polls.rhythm.at_least)
            await tick_until(lambda: first.id in polls.polled, later)
            await end(worker)
            assert rested

    asyncio.run(scenario())

    assert polls.polled.count(first.id) == 1


def test_a_worker_that_is_asked_to_end_gives_back_what_it_cannot_finish(address: str, store: Store, sources: list[Source]) -> None:
    polls = Polls(store, takes=600)

    async def scenario() -> None:
        mine = queue.Queue(address)
        async with mine.opened():
            await cluster.Scheduler(store, mine, polls).tick()
            worker = asyncio.create_task(cluster.Worker(store, queue.Queue(address), polls, concurrency=4).run(grace=0.2))
            await until(lambda: polls.under_way.total() == 4)
            await end(worker)

    asyncio.run(scenario())

    assert set(store.owners()) <= {"queue"}


def test_what_the_database_refused_is_given_back_at_once(address: str, store: Store, sources: list[Source]) -> None:
    polls = Polls(store, refuses=True)
    told: list[Outcome] = []

    async def scenario() -> None:
        mine = queue.Queue(address)
        async with mine.opened():
            await cluster.Scheduler(store, mine, polls).tick()
            worker = running(cluster.Worker(store, queue.Queue(address), polls, concurrency=4, report=told.append))
            await until(lambda: len(told) == 10)
            await end(worker)

    asyncio.run(scenario())

    assert set(store.owners()) <= {"queue"}
    assert sum(state.next_poll > clock() for state in store.states()) == 10  # whom the database refuses asks nobody over and over again


def test_a_claim_that_the_database_would_not_take_back_is_given_back_later(
    address: str, store: Store, sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only at the end of its lease: a disk that was full has room again long before."""
    monkeypatch.setattr(cluster, "_AGAIN", 0.05)
    polls = Polls(store, refuses=True)
    released, full = store.release, [True]

    def release(**asked: object) -> int:
        if full[0]:
            raise StoreError("no room left")
        return released(**asked)

    monkeypatch.setattr(store, "release", release)

    async def scenario() -> None:
        mine = queue.Queue(address)
        told: list[Outcome] = []
        async with mine.opened():
            await cluster.Scheduler(store, mine, polls).tick()
            worker = running(cluster.Worker(store, queue.Queue(address), polls, concurrency=4, report=told.append))
            await until(lambda: len(told) == 10)
            held = store.owners()
            full[0] = False
            await until(lambda: not any(owner.startswith("worker:") for owner in store.owners()))
            await end(worker)
            assert any(owner.startswith("worker:") for owner in held)

    asyncio.run(scenario())


def test_a_claim_that_was_taken_over_without_an_answer_is_given_back(
    address: str, store: Store, sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_AGAIN", 0.05)
    polls, over, lost = Polls(store), store.take_over, []

    def take_over(source: str, **asked: object) -> object:
        over(source, **asked)
        lost.append(source)
        raise StoreError("the connection broke")

    monkeypatch.setattr(store, "take_over", take_over)

    async def scenario() -> None:
        mine = queue.Queue(address)
        async with mine.opened():
            await cluster.Scheduler(store, mine, polls).tick()
            worker = running(cluster.Worker(store, queue.Queue(address), polls, concurrency=4))
            await until(lambda: len(lost) == 10)
            await until(lambda: not any(owner.startswith("worker:") for owner in store.owners()))
            await end(worker)

    asyncio.run(scenario())


def test_a_claim_that_the_queue_did_not_take_is_given_back_before_the_next_ones(
    address: str, store: Store, sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> tuple[tuple[str, ...], int]:
        mine = queue.Queue(address)
        async with mine.opened():
            scheduler = cluster.Scheduler(store, mine, Polls(store))
            put = mine.put

            async def away(_: object) -> int:
                raise OSError("the queue is away")

            monkeypatch.setattr(mine, "put", away)
            with pytest.raises(StoreBusy):
                await scheduler.tick()
            held = store.owners()
            monkeypatch.setattr(mine, "put", put)
            return held, await scheduler.tick()

    assert asyncio.run(scenario()) == (("queue",), 10)


def test_a_job_without_its_claim_does_nothing(address: str, store: Store, sources: list[Source]) -> None:
    polls = Polls(store)

    async def scenario() -> None:
        mine = queue.Queue(address)
        async with mine.opened():
            await mine.put([SourceState(sources[0].id, sources[0].url)])
            worker = running(cluster.Worker(store, queue.Queue(address), polls, concurrency=4))
            for _ in range(100):
                if await mine.waiting() == 0:
                    break
                await asyncio.sleep(0.05)
            await end(worker)

    asyncio.run(scenario())

    assert polls.polled == []


def test_another_version_of_the_queue_is_replaced(address: str, store: Store, sources: list[Source]) -> None:
    import psycopg

    async def once() -> int:
        mine = queue.Queue(address)
        async with mine.opened():
            return await mine.put([SourceState(sources[0].id, sources[0].url)])

    asyncio.run(once())
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"COMMENT ON SCHEMA {queue.SCHEMA} IS 'procrastinate 2.0'")

    assert asyncio.run(once()) == 1


def test_a_server_that_restarts_is_waited_for(a_source: Callable[..., Source]) -> None:
    with postgres_server.server() as server:
        address = postgres_server.fresh_database(server.address)
        with Store.open(address) as store:
            store.sync([a_source("u1/a")], now=clock())
            polls = Polls(store)

            async def scenario() -> None:
                async with cluster.Cluster(store, address, polls, polls=True, concurrency=4) as both:
                    await tick_until(lambda: polls.polled == ["u1/a"], both)
                    await asyncio.to_thread(server.stop)
                    with suppress(Exception):
                        await both.tick()
                    await asyncio.to_thread(server.start)
                    store.sync([a_source("u1/a"), a_source("u2/b")], now=clock())
                    for _ in range(600):
                        with suppress(Exception):
                            await both.tick()
                        if "u2/b" in polls.polled:
                            break
                        await asyncio.sleep(0.05)
                    await both.stop(1)

            asyncio.run(scenario())

            assert polls.polled == ["u1/a", "u2/b"]
