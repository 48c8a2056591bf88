"""The queue of polls on PostgreSQL: Procrastinate, in a schema of its own beside our tables.

What is due stands in the rows of the sources, not here. The queue only carries claims from who schedules to who polls, so a job that is lost costs a lease,
and the whole schema may be thrown away at any time; a new version of Procrastinate makes just that of it.

One job polls one source. ``queueing_lock`` is the source: it waits once at most. ``lock`` is its host: two sources of it are never polled at the same time.
A job is never retried: a retry would meet the next job of the same source in the queue (procrastinate issue 1543). One whose worker died is thrown away.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import procrastinate
import psycopg
import psycopg_pool
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job

from aggregator.errors import StoreBusy
from aggregator.model import SourceState
from aggregator.store.postgres import CONNECT, VIGILANT, arguments
from aggregator.text import urls

SCHEMA: Final = "aggregator_queue"
OWNED: Final = "worker:"
"""How the owners of claims begin that are workers of the queue."""
_QUEUE: Final = "polls"
_TASK: Final = "poll"
_LOCK: Final = 0x554E4558
"""Of the advisory lock under which the schema is made."""
_CONNECTIONS: Final = 4
_SLOWEST: Final = 30_000
"""Milliseconds that a statement may take by which the schema is made, the wait for another one who makes it included."""
_SESSION: Final = {
    "search_path": SCHEMA,
    "application_name": "aggregator-queue",
    "synchronous_commit": "off",  # what a crash of the server takes is claimed again
    # A table that is full now and empty a minute later has no statistics worth the name: without these, a fetch may go through all that waits.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_TUNED: Final = (
    "CREATE INDEX aggregator_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')",
    "ALTER TABLE procrastinate_jobs SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)",
    "ALTER TABLE procrastinate_events SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 8000)",
)
_DEAD: Final = 30.0
"""Seconds without a heartbeat after which a worker is dead; it beats each ``_BEAT``."""
_BEAT: Final = 5.0
_LOOK: Final = 2.0
"""Seconds between two looks at the queue where no notification came."""

FAILURES: Final = (ConnectorException, psycopg.Error, psycopg_pool.PoolTimeout, OSError)
"""What it may raise while the database is away."""


class _Known(logging.Filter):
    """That the database is away is told by who asks for it; the library would add a traceback at each attempt. How a job of ours ended is another matter."""

    def filter(self, record: logging.LogRecord) -> bool:
        away = record.exc_info is not None and isinstance(record.exc_info[1], FAILURES)
        return not away or getattr(record, "action", "").startswith("job_")


for _name in ("procrastinate.utils", "procrastinate.worker"):
    logging.getLogger(_name).addFilter(_Known())
for _name in ("psycopg", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # a line for each attempt to connect, which is told once a minute by us

Polled = Callable[[str, str], Awaitable[None]]
"""Polls the source of this id in the name of this worker."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """A job whose worker died. ``owner`` held the claim; None: nobody knows."""

    source: str
    owner: str | None


class Queue:
    """Open between ``opened``'s enter and exit. ``address`` is that of the database: ``postgresql://…``."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._patience = arguments(address, connect_timeout=CONNECT)
        options = " ".join(f"-c {name}={value}" for name, value in (VIGILANT | _SESSION).items())
        self._connector = procrastinate.PsycopgConnector(
            conninfo=address, kwargs={"options": options, **self._patience}, min_size=1, max_size=_CONNECTIONS, timeout=5
        )
        self._app = procrastinate.App(connector=self._connector)
        self._poll: Polled | None = None
        self._app.task(name=_TASK, queue=_QUEUE, pass_context=True)(self._run)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Make the schema where it is missing or of another version, and connect."""
        await self._make()
        async with self._app.open_async():
            yield

    async def _make(self) -> None:
        wanted = f"procrastinate {procrastinate.__version__}"
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True, **self._patience) as connection:
            await connection.execute(f"SET statement_timeout = {_SLOWEST}")
            await connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            found = await connection.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA])
            if await found.fetchone() == (wanted,):
                return
            async with connection.transaction():
                await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
                await connection.execute(f"CREATE SCHEMA {SCHEMA}")
                await connection.execute(f"SET LOCAL search_path = {SCHEMA}")
                await connection.execute(procrastinate.schema.SchemaManager.get_schema())
                for statement in _TUNED:
                    await connection.execute(statement)
                await connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'")

    # --- who schedules ---------------------------------------------------------------------------------------------------------

    async def waiting(self) -> int:
        """How many jobs nobody has begun."""
        row = await self._connector.execute_query_one_async("SELECT count(*) AS count FROM procrastinate_jobs WHERE status = 'todo'")
        return int(row["count"])

    async def put(self, states: Sequence[SourceState]) -> int:
        """Let these sources be polled. One that waits already is left as it is; it does not keep the others out. Returns how many were added."""
        jobs = [_job(state) for state in states]
        try:
            await self._app.job_manager.batch_defer_jobs_async(jobs)
        except AlreadyEnqueued:  # one is enough to refuse all of a batch
            return await self._one_by_one(jobs)
        return len(jobs)

    async def _one_by_one(self, jobs: Iterable[Job]) -> int:
        added = 0
        for job in jobs:
            try:
                await self._app.job_manager.defer_job_async(job)
            except AlreadyEnqueued:
                continue
            added += 1
        return added

    async def rescue(self) -> tuple[Rescued, ...]:
        """Throw away the jobs of workers that died, also of those whose row has been pruned (procrastinate issue 1518)."""
        stalled = list(await self._app.job_manager.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=_DEAD))
        rescued = []
        for job in stalled:
            await self._app.job_manager.finish_job(job, procrastinate.jobs.Status.FAILED, delete_job=True)
            rescued.append(Rescued(str(job.task_kwargs["source"]), None if job.worker_id is None else _owner(job.worker_id)))
        await self._app.job_manager.prune_stalled_workers(_DEAD)
        return tuple(rescued)

    async def living(self) -> frozenset[str]:
        """The owners of claims that live: the workers with a heartbeat."""
        rows = await self._connector.execute_query_all_async(
            "SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - %(dead)s * interval '1 second'", dead=_DEAD
        )
        return frozenset(_owner(row["id"]) for row in rows)

    # --- who polls -------------------------------------------------------------------------------------------------------------

    async def work(self, poll: Polled, *, concurrency: int, grace: float) -> None:
        """Poll what waits until cancelled; what is under way then gets ``grace`` seconds. Returns by itself where the database went away."""
        self._poll = poll
        await self._app.run_worker_async(
            queues=[_QUEUE],
            concurrency=concurrency,
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=grace,
            fetch_job_polling_interval=_LOOK,
            update_heartbeat_interval=_BEAT,
            stalled_worker_timeout=_DEAD,
        )

    async def _run(self, context: procrastinate.JobContext, *, source: str) -> None:
        if self._poll is None or context.job.worker_id is None:
            raise RuntimeError("a job runs inside `work`")
        await self._poll(source, _owner(context.job.worker_id))


def _job(state: SourceState) -> Job:
    return Job(
        id=None,
        queue=_QUEUE,
        lock=urls.host(state.url),
        queueing_lock=state.source,
        task_name=_TASK,
        task_kwargs={"source": state.source},
    )


def _owner(worker: int) -> str:
    return f"{OWNED}{worker}"


def unreachable(error: Exception) -> StoreBusy:
    """A failure of the queue in our words."""
    reason = " ".join(str(error.__cause__ or error).split())
    return StoreBusy(f"the queue of polls does not answer: {reason}", remedy="start the database server, or wait until it is up again")
