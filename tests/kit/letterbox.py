"""A mail server on loopback that keeps what it is sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller


class Letterbox:
    """Takes mail, unless it is told what to answer instead."""

    def __init__(self) -> None:
        self.letters = []
        self.refuses: dict[str, str] = {}
        self.answer = "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return self.answer


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def opened() -> Iterator[Letterbox]:
    """``address`` is how the configuration names it."""
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=a_free_port())
    server.start()
    try:
        box.address = f"smtp://127.0.0.1:{server.port}"
        yield box
    finally:
        server.stop()
