"""Real processes: what they are asked for must be importable there, so functions of the standard library stand for readers."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import util
from pathlib import Path

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.offload import Offload
from aggregator.read import read

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


def test_where_nothing_can_be_written_pages_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    util.get_temp_dir()  # that of multiprocessing, without which there are no processes
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with Offload(1) as pool:
        assert asyncio.run(pool.run(math.comb, 5, 2)) == 10


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Offload(1) as pool:
        asyncio.run(pool.run(math.comb, 5, 2))

    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("aggregator-")] == []
    assert not [name for name in os.environ if "REGISTRY" in name]


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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the pool's own thread says that it broke
def test_a_process_that_somebody_killed_while_it_waited_is_replaced() -> None:
    with Offload(1) as offload:

        async def again() -> tuple[int, int]:
            first = await offload.run(os.getpid)
            os.kill(first, signal.SIGKILL)
            for _ in range(100):  # the pool notices by itself, sooner or later
                await asyncio.sleep(0.05)
                with suppress(ReadError):
                    return first, await offload.run(os.getpid)
            raise AssertionError("it never worked again")

        first, second = asyncio.run(again())

    assert first != second


def test_a_clock_that_is_set_forward_ends_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    real, ahead = time.time, 0

    with Offload(1) as offload:

        async def scene() -> int:
            await offload.run(os.getpid)
            monkeypatch.setattr(time, "time", lambda: real() + ahead)
            reading = asyncio.ensure_future(offload.run(divmod_slowly, 7, 2))
            await asyncio.sleep(0.3)
            leap()
            return (await reading)[0]

        def leap() -> None:
            nonlocal ahead
            ahead = 100_000

        assert asyncio.run(scene()) == 3


def divmod_slowly(a: int, b: int) -> tuple[int, int]:
    time.sleep(1)
    return divmod(a, b)


_IN_AND_OUT = """
import asyncio
from aggregator.offload import Offload
for n in range(25):
    with Offload(8) as pool:
        asyncio.run(pool.run(abs, n))
"""


def test_processes_that_are_just_starting_end_without_a_word() -> None:
    ended = subprocess.run([sys.executable, "-c", _IN_AND_OUT], capture_output=True, text=True, timeout=120)

    assert (ended.returncode, ended.stderr) == (0, "")
