"""What systemd is told of a service of ``Type=notify`` (sd_notify(3)): a datagram of lines to the socket that $NOTIFY_SOCKET names. Without one, nothing.

The service is ready once its address answers. Its watchdog is fed by the tick: a loop that hangs is started again, a database that is away is not, because
that would help nobody.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping

import structlog

_log = structlog.get_logger()


class Systemd:
    """Of this process. A socket that does not take what it is told is no reason to end: it is said once."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watched = "WATCHDOG_USEC" in environment and environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._said: str | None = None

    def ready(self, status: str) -> None:
        """The service has begun, or has read its configuration again."""
        self._tell("READY=1", f"STATUS={_line(status)}")

    def alive(self) -> None:
        if self._watched:
            self._tell("WATCHDOG=1")

    def status(self, status: str) -> None:
        """For ``systemctl status``; told when it changes."""
        if status != self._said:
            self._said = status
            self._tell(f"STATUS={_line(status)}")

    def reloading(self) -> None:
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        self._tell("STOPPING=1", "STATUS=ending: polls under way are finished")

    def _tell(self, *lines: str) -> None:
        if not self._address.startswith(("/", "@")):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
                told.setblocking(False)  # a full queue must not stop the loop
                told.sendto("\n".join(lines).encode(), address)
        except BlockingIOError:
            pass  # systemd is behind; the next one says it again
        except OSError as error:
            self._address = ""
            _log.warning("systemd does not take what it is told", socket=address.replace("\0", "@"), problem=str(error))


def _line(text: str) -> str:
    return " ".join(text.split())
