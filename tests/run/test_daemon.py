from __future__ import annotations

import signal

import uvicorn

from aggregator.run.daemon import _Server


def test_the_web_server_leaves_the_signals_to_the_daemon():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    with _Server(uvicorn.Config("none:app")).capture_signals():
        within = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    assert within == before
