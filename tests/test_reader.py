"""A process that reads ends without a word where the daemon was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from textwrap import dedent

import pytest

_DIES = """
    import asyncio, os, signal
    from aggregator.offload import Offload
    from aggregator.process import Process

    async def scene():
        offload = Offload(1)
        if {while_it_starts}:
            reader = Process.start(offload.registry)
        else:
            await offload.run(len, "text")
            (reader,) = offload._readers
        if {within_a_page}:
            asyncio.ensure_future(offload.run(__import__("time").sleep, 0.5))
            await asyncio.sleep(0.1)
        print(reader.number, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(scene())
"""


@pytest.mark.parametrize(("while_it_starts", "within_a_page"), [(True, False), (False, False), (False, True)])
def test_who_is_killed_leaves_neither_a_process_nor_a_traceback(while_it_starts, within_a_page):
    program = dedent(_DIES).format(while_it_starts=while_it_starts, within_a_page=within_a_page)
    daemon = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )  # until all have ended

    assert daemon.returncode == -signal.SIGKILL
    assert daemon.stderr == ""
    reader = int(daemon.stdout)
    with suppress(ProcessLookupError):  # it may be waited for by nobody yet
        for _ in range(100):
            os.kill(reader, 0)
            if _is_over(reader):
                break
            time.sleep(0.05)
        else:
            raise AssertionError("it lives on")


def _is_over(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], check=False, capture_output=True, text=True)
    return state.stdout.strip() in ("", "Z")


def test_what_goes_wrong_at_its_start_is_told():
    program = """
        import asyncio, sys
        from aggregator.offload import Offload

        sys.path.remove(next(each for each in sys.path if each.endswith("site-packages")))
        with Offload(1) as offload:
            asyncio.run(offload.run(len, "text"))
    """
    said = subprocess.run([sys.executable, "-S", "-c", _here() + dedent(program)], check=False, capture_output=True, text=True, timeout=60)

    assert "ModuleNotFoundError" in said.stderr


def _here() -> str:
    return f"import sys; sys.path[:] = {sys.path!r}\n"
