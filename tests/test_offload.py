"""Real processes: what they are asked for must be importable there, so functions of the standard library stand for readers."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.offload import Offload
from aggregator.process import Process
from aggregator.read import read
from aggregator.refine.registry import Registry

pytestmark = pytest.mark.xdist_group("offload")


@pytest.fixture(scope="module")
def offload() -> Iterator[Offload]:
    with Offload(1, seconds=2) as pool:
        asyncio.run(pool.run(math.factorial, 3))  # the first task waits for the process to start
        yield pool


def test_the_result_and_the_process_are_another(offload: Offload) -> None:
    assert asyncio.run(offload.run(math.comb, 5, 2)) == 10
    assert asyncio.run(offload.run(os.getpid)) != os.getpid()


def test_a_process_that_reads_knows_the_universities_before_its_first_page(offload: Offload) -> None:
    loaded = "__import__('sys').modules['aggregator.refine.mentions.gazetteer'].packaged.cache_info().currsize"

    assert asyncio.run(offload.run(eval, loaded)) == 1


def test_what_the_operator_adds_to_the_universities_is_built_before_the_first_page_and_shared() -> None:
    code = """
import asyncio
from datetime import datetime
from aggregator.digest import named
from aggregator.model import Article, University
from aggregator.offload import Offload
from aggregator.process import Process
from aggregator.refine.registry import Registry, configured

if __name__ == "__main__":
    registry = Registry(configured([University("north", "The Northmost University", country="NO")]))
    with Offload(1, registry=registry) as offload:
        article = Article("1", "The Northmost University opens", None, "north/news", "other", datetime.min)
        print([each.university for each in asyncio.run(offload.run(named, article, registry)).mentions])
        print(asyncio.run(offload.run(eval, "__import__('sys').modules['aggregator.refine.mentions.gazetteer'].build.cache_info().misses")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)

    mentioned, built = done.stdout.splitlines()
    assert mentioned == "['north']"
    assert built == "1"


def test_what_a_reader_raises_arrives_whole(offload: Offload, a_page: object, now: object) -> None:
    page, source = Page("https://north.example.edu/", b"%PDF-1.7"), Source("north/news", "https://north.example.edu/")

    with pytest.raises(ReadError, match="this is a PDF document") as caught:
        asyncio.run(offload.run(read, page, source, now=now))

    assert caught.value.remedy == "give the address of the page that links to it"


def test_what_takes_too_long_is_a_read_error_and_the_next_page_is_read(offload: Offload) -> None:
    with pytest.raises(ReadError, match="longer than 2 s") as caught:
        asyncio.run(offload.run(time.sleep, 60))

    assert caught.value.remedy is not None
    assert asyncio.run(offload.run(math.comb, 5, 2)) == 10


def test_a_process_that_dies_is_a_read_error_and_the_next_page_is_read(offload: Offload) -> None:
    with pytest.raises(ReadError, match="ended its process") as caught:
        asyncio.run(offload.run(os._exit, 9))

    assert caught.value.remedy is not None
    assert asyncio.run(offload.run(math.comb, 5, 2)) == 10


def test_what_takes_too_much_memory_is_a_read_error_and_the_next_page_is_read(offload: Offload) -> None:
    with pytest.raises(ReadError, match="memory") as caught:
        asyncio.run(offload.run(bytes, 3_000_000_000))

    assert caught.value.remedy is not None
    assert asyncio.run(offload.run(math.comb, 5, 2)) == 10


def test_closing_gives_up_what_is_being_read_at_once() -> None:
    async def closed() -> object:
        pool = Offload(1)
        await pool.run(math.comb, 5, 2)
        reading = asyncio.ensure_future(pool.run(time.sleep, 60))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(pool.close)
        reading.cancel()
        (ended,) = await asyncio.gather(reading, return_exceptions=True)
        return ended

    assert isinstance(asyncio.run(closed()), BaseException)  # what had been waited for would be None


def test_a_process_that_somebody_killed_while_it_waited_is_replaced() -> None:
    with Offload(1) as offload:

        async def again() -> tuple[int, int]:
            first = await offload.run(os.getpid)
            os.kill(first, signal.SIGKILL)
            await asyncio.sleep(0.05)
            return first, await offload.run(os.getpid)

        first, second = asyncio.run(again())

    assert first != second


_IN_AND_OUT = """
import asyncio
from aggregator.offload import Offload
from aggregator.process import Process
for n in range(4):
    with Offload(8) as pool:
        asyncio.run(pool.run(abs, n))
"""


def test_processes_that_are_just_starting_end_without_a_word() -> None:
    ended = subprocess.run([sys.executable, "-c", _IN_AND_OUT], capture_output=True, text=True, timeout=120)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_process_reads_all_that_it_can():
    async def read_many(offload: Offload) -> set[int]:
        return set(await asyncio.gather(*(offload.run(os.getpid) for _ in range(50))))

    with Offload(4) as offload:
        assert len(asyncio.run(read_many(offload))) == 1


def test_a_page_that_keeps_its_process_keeps_no_other_page():
    async def scene(offload: Offload) -> tuple[bool, int]:
        await offload.run(os.getpid)
        stuck = asyncio.ensure_future(offload.run(time.sleep, 60))
        await asyncio.sleep(0.05)
        done = await offload.run(math.comb, 5, 2)
        still = not stuck.done()
        stuck.cancel()
        return still, done

    with Offload(2, patience=0.1) as offload:
        assert asyncio.run(scene(offload)) == (True, 10)


_COMPUTES = "sum(range(500_000)) and __import__('os').getpid()"
_SLEEPS = "__import__('time').sleep(0.02) or __import__('os').getpid()"


async def _pages(offload: Offload, count: int, page: str) -> list[int]:
    return await asyncio.gather(*(offload.run(eval, page) for _ in range(count)))


def test_where_pages_wait_although_a_process_computes_all_the_time_it_forks_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Process, "worked", lambda _: 60.0)
    monkeypatch.setattr(time, "process_time", lambda: 0.0)

    async def scene(offload: Offload) -> tuple[int, set[int]]:
        first = await offload.run(os.getpid)
        return first, set(await _pages(offload, 200, _COMPUTES.replace("getpid", "getppid")))

    with Offload(2, patience=0.5) as offload:
        first, parents = asyncio.run(scene(offload))

    assert parents == {os.getpid(), first}


def test_a_process_tells_for_how_long_it_has_computed():
    with Offload(1) as offload:
        asyncio.run(_pages(offload, 2, _COMPUTES))
        (process,) = offload._readers

        assert process.worked() > 0
        assert process.worked() == 0


def test_where_a_process_has_little_to_do_another_would_not_help():
    with Offload(2, patience=0.5) as offload:
        assert len(set(asyncio.run(_pages(offload, 60, _SLEEPS)))) == 1


def test_universities_that_no_socket_holds_at_once_reach_it():
    with Offload(1, registry=Registry(f"[{' ' * 3_000_000}]")) as offload:
        assert asyncio.run(offload.run(math.comb, 5, 2)) == 10


def test_where_this_process_computes_all_the_time_another_would_not_help(monkeypatch: pytest.MonkeyPatch):
    with Offload(2, patience=0.5) as offload:
        monkeypatch.setattr(time, "process_time", time.monotonic)
        assert len(set(asyncio.run(_pages(offload, 150, _COMPUTES)))) == 1


def test_a_process_that_has_nothing_to_do_ends_and_another_starts_with_the_next_page():
    async def scene(offload: Offload) -> tuple[int, int]:
        first = await offload.run(os.getpid)
        await _ended(first)
        return first, await offload.run(os.getpid)

    with Offload(1, idle=0.1) as offload:
        first, second = asyncio.run(scene(offload))

    assert first != second


def test_a_process_that_a_page_has_made_large_is_replaced():
    async def scene(offload: Offload) -> tuple[int, int, int]:
        first = await offload.run(os.getpid)
        size = await offload.run(eval, "len(bytearray(b'x') * 400_000_000)")
        return first, size, await offload.run(os.getpid)

    with Offload(1) as offload:
        first, size, second = asyncio.run(scene(offload))

    assert size == 400_000_000
    assert first != second


def test_what_nobody_waits_for_any_more_is_not_read_on():
    async def scene(offload: Offload) -> None:
        first = await offload.run(os.getpid)
        reading = asyncio.ensure_future(offload.run(time.sleep, 60))
        await asyncio.sleep(0.05)
        reading.cancel()
        await _ended(first)

    with Offload(1) as offload:
        asyncio.run(scene(offload))


def test_who_gives_up_waiting_leaves_the_process_to_the_next():
    async def scene(offload: Offload) -> int:
        await offload.run(os.getpid)
        reading = asyncio.ensure_future(offload.run(time.sleep, 0.3))
        await asyncio.sleep(0.05)
        impatient, patient = (asyncio.ensure_future(offload.run(math.comb, 5, 2)) for _ in range(2))
        await asyncio.sleep(0.05)
        impatient.cancel()
        await reading
        return await patient

    with Offload(1) as offload:
        assert asyncio.run(scene(offload)) == 10


@pytest.mark.parametrize("hung_up", [True, False])
def test_the_number_of_a_process_that_has_hung_up_is_not_killed_as_it_may_be_another_s_by_now(*, hung_up: bool):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        ours, theirs = socket.socketpair()
        process = Process(ours, other.pid, None)
        if hung_up:
            theirs.close()

        process.end()

        theirs.close()
        assert (other.poll() is None) if hung_up else (other.wait(10) == -signal.SIGKILL)
    finally:
        other.kill()
        other.wait()


def test_processes_that_cannot_be_had_are_a_read_error(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object, **__: object) -> int:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(os, "posix_spawn", refused)
    monkeypatch.setattr("aggregator.offload._PAUSES", (0.0, 0.0))
    with Offload(1) as offload, pytest.raises(ReadError, match="killed 2 times in a row"):
        asyncio.run(offload.run(math.comb, 5, 2))


def test_what_cannot_be_sent_back_is_told(offload: Offload):
    with pytest.raises(RuntimeError, match="its result cannot be sent"):
        asyncio.run(offload.run(eval, "lambda: 1"))


def test_a_fault_of_ours_tells_where_it_is(offload: Offload):
    with pytest.raises(ZeroDivisionError) as caught:
        asyncio.run(offload.run(eval, "1 / 0"))

    assert "in a process that reads" in caught.value.__notes__[0]


async def _ended(process: int) -> None:
    for _ in range(200):
        if not _lives(process):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it lives on")


def _lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_a_process_that_can_fork_no_other_reads_on():
    fails = "__import__('os').__dict__.update(fork=lambda: (_ for _ in ()).throw(BlockingIOError(11, 'no more')))"

    async def asked() -> tuple[int, int, int]:
        with Offload(2) as pool:
            first = await pool.run(os.getpid)
            await pool.run(eval, fails)
            pool._fork_next = True
            return first, await pool.run(os.getpid), await pool.run(os.getpid)

    first, *others = asyncio.run(asked())

    assert others == [first, first]


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_what_ends_a_service_does_not_end_what_it_reads(order: signal.Signals):
    async def read() -> int:
        with Offload(1) as pool:
            number = await pool.run(os.getpid)
            reading = asyncio.create_task(pool.run(eval, "__import__('time').sleep(0.5) or 7"))
            await asyncio.sleep(0.2)
            os.kill(number, order)
            return await reading

    assert asyncio.run(read()) == 7


def test_closing_lets_go_of_who_waits_for_a_process():
    async def closed() -> list[object]:
        with Offload(1, patience=0.1) as pool:
            await pool.run(os.getpid)
            waiting = [asyncio.create_task(pool.run(time.sleep, 60)) for _ in range(3)]
            await asyncio.sleep(0.05)
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert all(isinstance(each, asyncio.CancelledError) for each in asyncio.run(closed()))
