"""The process that forks readers says nothing where the daemon was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from textwrap import dedent

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no forks")

_DIES = """
    import asyncio, os, signal, socket, time
    from multiprocessing import forkserver
    from aggregator.offload import Offload

    ask = forkserver.connect_to_new_process

    def before_it_says_anything(fds):
        client = socket.socket(socket.AF_UNIX)
        client.connect(forkserver._forkserver._forkserver_address)
        time.sleep(0.5)  # it hears that somebody is there
        os.kill(os.getpid(), signal.SIGKILL)

    def before_it_says_what_for(fds):
        ask(fds)
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(Offload(1).run(len, "text"))  # the process that forks is ready from now on
    forkserver.connect_to_new_process = {when}
    asyncio.run(Offload(1).run(len, "text"))
"""


@pytest.mark.parametrize("when", ["before_it_says_anything", "before_it_says_what_for"])
def test_who_is_killed_while_it_asks_for_a_process_leaves_no_traceback(when: str):
    daemon = subprocess.run(
        [sys.executable, "-c", dedent(_DIES).format(when=when)], check=False, capture_output=True, text=True, timeout=60
    )

    assert daemon.returncode == -signal.SIGKILL
    assert "Traceback" not in daemon.stderr


def test_what_else_goes_wrong_there_is_told():
    program = "import aggregator.warm; raise EOFError('a fault of ours')"
    said = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60)

    assert "EOFError: a fault of ours" in said.stderr
