from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

_ARENAS = """
import ctypes, sys, threading
from aggregator.run.memory import settle
if sys.argv[1] == "settled":
    settle()
together, held = threading.Barrier(9), []
def work():
    together.wait()
    held.append([bytes(5_000) for _ in range(100)])
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
together.wait(); together.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def arenas(how: str) -> int:
    return subprocess.run([sys.executable, "-c", _ARENAS, how], capture_output=True, check=True, text=True).stdout.count("<heap nr=")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc has a place for each thread"
)
def test_threads_take_their_memory_from_one_place() -> None:
    assert arenas("as it is") > 1
    assert arenas("settled") == 1
