"""A daemon whose loop stands still ends by itself, and what starts it again finds everything in order."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from aggregator.run.watchdog import STANDING_STILL

_STANDS = """
import signal, threading, time
from aggregator.run import watchdog

watchdog.Watchdog.__init__.__kwdefaults__.update(look=0.5, looks=8)

def stands_still(*_):
    if any(thread.name == "watchdog" for thread in threading.enumerate()):
        time.sleep(600)
    signal.setitimer(signal.ITIMER_REAL, 0.2)  # it has not begun to look yet

signal.signal(signal.SIGUSR1, stands_still)
signal.signal(signal.SIGALRM, stands_still)
"""
"""Looked for by Python when it starts: a daemon that can be told to stand still, and looks more often than others."""


def test_a_daemon_that_stands_still_ends_and_goes_on_when_it_is_started_again(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    (office.folder / "sitecustomize.py").write_text(_STANDS)
    daemon = office.daemon(PYTHONPATH=str(office.folder))
    daemon.eventually(lambda: len(daemon.feed()) == 3, "the items are served")

    daemon.signal(signal.SIGUSR1)
    daemon.eventually(lambda: daemon.process.poll() is not None, "it ends by itself")

    assert daemon.process.returncode == STANDING_STILL
    assert "the event loop stands still" in daemon.log
    assert "stands_still" in daemon.log
    daemon.eventually(lambda: not _lives(daemon.process.pid), "the processes that read for it end as well")
    again = office.daemon()
    assert len(again.feed()) == 3
    assert again.stop() == 0


def test_a_worker_that_stands_still_ends_as_well(office, site, fresh_postgres):
    office.settings(database=fresh_postgres)
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    (office.folder / "sitecustomize.py").write_text(_STANDS)
    worker = office.starting(command=("worker",), PYTHONPATH=str(office.folder))
    worker.eventually(lambda: "working" in worker.log, "it works")

    worker.signal(signal.SIGUSR1)
    worker.eventually(lambda: worker.process.poll() is not None, "it ends by itself")

    assert worker.process.returncode == STANDING_STILL
    assert "stands_still" in worker.log


def test_a_daemon_that_systemd_aborts_says_where_it_stood(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    daemon = office.daemon()

    daemon.signal(signal.SIGABRT)
    daemon.eventually(lambda: daemon.process.poll() is not None, "it ends")

    assert daemon.process.returncode == -signal.SIGABRT
    assert "most recent call first" in daemon.log


def _lives(group: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False
