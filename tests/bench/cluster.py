"""Many machines on one PostgreSQL, played by processes: claims a second, what the queue costs, one worker and two, and a storm in which workers are killed.

    python tests/bench/cluster.py claims | queue | scale | storm [--sources 10000] [--seconds 300]

Needs the programs of PostgreSQL, or AGGREGATOR_TEST_POSTGRES.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from kit import cycle, town

from aggregator.model import Source, SourceState
from aggregator.run.queue import Queue
from aggregator.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "kit"))
import postgres_server  # noqa: E402 - beside the tests

HOSTS = 250
_PATIENCE = 300
"""Seconds."""
BATCH = 500
"""As many as the scheduler claims at most."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["claims", "queue", "scale", "storm"])
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--workers", type=int, default=4)
    asked = parser.parse_args()
    with postgres_server.running() as server:
        address = postgres_server.fresh_database(server)
        if asked.what == "claims":
            _claims(address, asked.sources)
        elif asked.what == "queue":
            asyncio.run(_queue(address, 2_000))
        elif asked.what == "scale":
            for workers in (1, 2):
                _scale(postgres_server.fresh_database(server), workers)
        else:
            _storm(address, asked.sources, asked.workers, asked.seconds)


# --- claims and jobs -----------------------------------------------------------------------------------------------------------------


def _claims(address: str, count: int) -> None:
    now = datetime.now(UTC)
    with Store.open(address) as store:
        store.sync([Source(f"u/{number}", f"https://h{number}.example/feed.xml") for number in range(count)], now=now)
        started, used, claimed = time.monotonic(), time.process_time(), 0
        while batch := store.claim(now=now, limit=BATCH, owner="bench", lease=timedelta(minutes=5)):
            claimed += len(batch)
        passed, spent = time.monotonic() - started, time.process_time() - used
    print(
        f"{claimed} claims of {count} sources in batches of {BATCH}: {claimed / passed:,.0f} a second, {1000 * spent / claimed:.3f} ms CPU of ours each"
    )


async def _queue(address: str, count: int) -> None:
    """Put, fetch and finish jobs that do nothing: CPU of this process, and of the database."""
    states = [SourceState(f"u/{number}", f"https://h{number}.example/feed.xml") for number in range(count)]
    left = count
    done = asyncio.Event()

    async def poll(_source: str, _owner: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    Store.open(address).close()
    queue = Queue(address)
    async with queue.opened():
        before, used, started = _database_cpu(), time.process_time(), time.monotonic()
        for place in range(0, count, 64):
            await queue.put(states[place : place + 64])
        worker = asyncio.create_task(queue.work(poll, concurrency=64, grace=1))
        await done.wait()
        ours, theirs, passed = time.process_time() - used, _database_cpu() - before, time.monotonic() - started
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    print(
        f"{count} jobs: {count / passed:,.0f} a second; CPU a job: {1000 * ours / count:.2f} ms ours, {1000 * theirs / count:.2f} ms PostgreSQL"
    )


def _database_cpu() -> float:
    """Of all servers of this machine, and of those they have reaped."""
    total = 0.0
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            times = process.cpu_times()
            total += times.user + times.system
            if process.parent() is None or process.parent().name() != "postgres":
                total += times.children_user + times.children_system
    return total


# --- whole programs ------------------------------------------------------------------------------------------------------------------


@contextmanager
def _town() -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "kit.town", str(HOSTS)]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server, int(cycle.line(server))


def _seen(server: subprocess.Popen[str]) -> dict[str, Any]:
    seen: dict[str, Any] = json.loads(cycle.asked(server, "seen"))
    return seen


def _configure(folder: Path, address: str, sources: int, port: int, *, gap: str, every: str) -> None:
    (folder / "config/universities").mkdir(parents=True)
    settings = {
        "database": address,
        "port": 0,
        "fetch": {"allow_private": True, "host_gap": gap, "concurrency": 64},
        "poll": {"every": every, "at_least": every},
    }
    (folder / "config/aggregator.yaml").write_text(json.dumps(settings))
    listed = [{"url": town.address(source, HOSTS, port), "id": f"town/{source}", "every": every} for source in range(sources)]
    (folder / "config/universities/town.yaml").write_text(json.dumps({"name": "Town", "sources": listed}))


def _start(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "aggregator", *command], cwd=folder, stdout=log, stderr=log, start_new_session=True)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(60)


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _stored(address: str) -> tuple[int, int, int]:
    """Articles, different addresses of articles, sources that were polled."""
    import psycopg

    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(DISTINCT url) FROM articles), (SELECT count(*) FROM sources WHERE last_success IS NOT NULL)"
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _scale(address: str, workers: int) -> None:
    """How long ``workers`` take for two thousand sources that are new."""
    sources = 2_000
    with tempfile.TemporaryDirectory() as name, _town() as (server, port):
        folder = Path(name)
        _configure(folder, address, sources, port, gap="0s", every="60s")  # who polls more rarely is begun more slowly
        daemon = _start(folder, "run", "--no-poll")
        started = [_start(folder, "worker") for _ in range(workers)]
        while _seen(server)["visits"] < 1:
            time.sleep(0.05)
        begun = time.monotonic()
        while (polled := _stored(address)[2]) < sources:
            time.sleep(0.2)
            if time.monotonic() - begun > _PATIENCE:
                raise SystemExit(f"{workers} workers have polled {polled} of {sources} sources in {_PATIENCE} s: see {folder}/log")
        passed = time.monotonic() - begun
        spent = sum(_tree_cpu(process.pid) for process in started)
        _end(daemon, *started)
    print(
        f"{workers} workers: {sources / passed:,.0f} polls a second, {1000 * spent / sources:.1f} ms CPU of workers each, ten new items a poll"
    )


def _tree_cpu(pid: int) -> float:
    process = psutil.Process(pid)
    every = [process, *process.children(recursive=True)]
    return float(sum(times.user + times.system for times in (each.cpu_times() for each in every)))


def _storm(address: str, sources: int, workers: int, seconds: int) -> None:
    """One worker is killed, with all that it has started, every twenty seconds, and replaced."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name, _town() as (server, port):
        folder = Path(name)
        _configure(folder, address, sources, port, gap="50ms", every=f"{max(60, seconds // 2)}s")
        daemon = _start(folder, "run", "--no-poll")
        crew = [_start(folder, "worker") for _ in range(workers)]
        begun, killed = time.monotonic(), 0
        while time.monotonic() - begun < seconds:
            time.sleep(20)
            number = chance.randrange(workers)
            _kill(crew[number])
            killed += 1
            crew[number] = _start(folder, "worker")
            print(f"{time.monotonic() - begun:5.0f} s  {killed} killed, {_stored(address)}, {_seen(server)}", flush=True)
        while _stored(address)[2] < sources and time.monotonic() - begun < 3 * seconds:
            time.sleep(1)
        _end(daemon, *crew)
        articles, distinct, polled = _stored(address)
        seen = _seen(server)
        traceback = (folder / "log").read_text(errors="replace").count("Traceback")
    wanted = sources * town.ITEMS
    print(
        f"{sources} sources, {workers} workers, {killed} killed in {seconds} s: {polled} sources polled, {articles} articles of {wanted}"
        f" (lost {wanted - distinct}, doubled {articles - distinct}), most requests at one time at one host: {seen['most_at_a_host']},"
        f" {seen['visits']} visits, {traceback} tracebacks"
    )


if __name__ == "__main__":
    main()
