"""A loop that stands still ends its process. In processes of their own, which look every few milliseconds instead of seconds."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time

import pytest

from aggregator.run.watchdog import STANDING_STILL, Watchdog

_PROGRAM = """
import asyncio, sys, time
from aggregator import logs
from aggregator.run.watchdog import Watchdog

logs.configure()

def a_function_that_never_ends():
    {stands}

async def main():
    async with Watchdog(look=0.05, looks=5):
        await asyncio.sleep(0.2)
        print("begun", flush=True)
        {does}
    print("ended", flush=True)

asyncio.run(main())
"""


def program(does: str, stands: str = "pass") -> subprocess.Popen[str]:
    code = _PROGRAM.format(does=does, stands=stands)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    "stands", ["time.sleep(60)", "while True: pass", "import threading; threading.Lock().acquire() and threading.Event().wait(60)"]
)
def test_a_loop_that_stands_still_ends_the_process_with_a_status_of_its_own_and_says_where_it_stood(stands: str) -> None:
    with program("a_function_that_never_ends()", stands) as process:
        out, err = process.communicate(timeout=30)

    assert process.returncode == STANDING_STILL
    assert out == "begun\n"
    assert "the event loop stands still" in err
    assert "a_function_that_never_ends" in err  # the stack of the loop's thread
    assert "_watch" in err  # and those of the others


def test_a_process_that_was_stopped_for_long_goes_on() -> None:
    with program("await asyncio.sleep(1)") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(2)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_a_loop_that_is_only_slow_goes_on() -> None:
    with program("for _ in range(5): time.sleep(0.15); await asyncio.sleep(0.05)") as process:
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (0, "begun\nended\n", "")


def test_who_debugs_may_take_all_the_time() -> None:
    with program(
        "import sys; sys.settrace(lambda *_: (lambda *_: None)); a_function_that_never_ends(); sys.settrace(None)", "time.sleep(2)"
    ) as process:
        _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, "")


def test_nothing_is_left_behind_where_the_work_ends() -> None:
    called: list[str] = []

    async def work() -> None:
        async with Watchdog(look=0.01, looks=2, ends=lambda: called.append("ended")):
            await asyncio.sleep(0.05)

    asyncio.run(work())
    deadline = time.monotonic() + 5
    while any(thread.name == "watchdog" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert called == []
    assert not any(thread.name == "watchdog" for thread in threading.enumerate())


def test_a_loop_that_stands_still_in_writing_what_nobody_reads_ends_its_process_as_well() -> None:
    full = "import fcntl, os; from aggregator.run import watchdog; watchdog.LOOK = 0.5; os.set_blocking(2, False)"
    fill = """
    try:
        while True: os.write(2, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(2, True)
    os.write(2, b"x" * 4096)
"""
    with program("a_function_that_never_ends()", f"{full}{fill}") as process:
        assert process.wait(timeout=30) == STANDING_STILL
