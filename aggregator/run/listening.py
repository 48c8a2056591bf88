"""The web server of a program that does something else beside: uvicorn in its loop, on a socket that is taken before anything begins."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from aggregator.errors import ServeError
from aggregator.serve.connections import Connection

_QUEUE = 2048
"""Clients that may wait to be let in …"""
_AT_A_TIME = 32
"""… and how many are, before those that came before are heard: in a flood, who has just come would be sent away as the one that waits longest."""


class Server(uvicorn.Server):
    """Leaves the signals to the program."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
                server_header=False,
                proxy_headers=False,  # nobody asks who a client is
                backlog=_AT_A_TIME,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(_QUEUE)  # asyncio knows one number for both

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int, *, said: str = "set `port` in aggregator.yaml or AGGREGATOR_PORT") -> socket.socket:
    """``said``: by what the operator chose the port. Raises ServeError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=_QUEUE)
    except OSError as error:
        remedy = (
            f"{said} to a free one, or end the other program" if error.errno in (98, 48) else "set `host` and `port` in aggregator.yaml"
        )
        raise ServeError(f"cannot listen on {host}:{port}: {os.strerror(error.errno) if error.errno else error}", remedy=remedy) from error
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by each connection; without it answers wait for each other
    return listening
