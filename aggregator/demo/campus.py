"""The miniature campus: each site of ``sites`` behind a port of its own on 127.0.0.1, for as long as a ``with`` block lasts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from types import MappingProxyType
from typing import Self
from urllib.parse import unquote, urlsplit

from aggregator.demo.sites import SITES, Reply, Site, is_redesigned, pages, write_config
from aggregator.errors import ServeError

_HOST = "127.0.0.1"


class Campus:
    """A context manager: the sites answer from ``with`` to its end.

    Ports are chosen by the system, or count up from ``base_port``. One site shows its second design after ``redesign_after``
    visits to its news page, or as soon as ``redesign`` is called. ``today`` is the day of its news, by default that on which it opens, UTC.
    ``ServeError`` where a port is taken.
    """

    def __init__(self, *, base_port: int | None = None, redesign_after: int = 2, today: date | None = None) -> None:
        self.addresses: Mapping[str, str] = MappingProxyType({})
        """Base address of each site by its name, without a final slash; empty outside the ``with`` block."""
        self._base_port = base_port
        self._redesign_after = redesign_after
        self._today = today
        self._receptions: list[_Reception] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            doors = {site.name: opening.enter_context(self._bind(site, index)) for index, site in enumerate(SITES)}
            self.addresses = MappingProxyType({name: _address(door) for name, door in doors.items()})
            for site in SITES:
                if not site.down:
                    self._receive(site, doors[site.name], opening)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._receptions.clear()
        self.addresses = MappingProxyType({})

    def redesign(self) -> None:
        """The site that redesigns itself does it now."""
        for reception in self._receptions:
            reception.redesign()

    def config(self, directory: Path) -> None:
        """Write a whole configuration directory that points at the running campus, database included."""
        write_config(directory, self.addresses)

    def _bind(self, site: Site, index: int) -> socket.socket:
        """A port that nobody listens on yet: until then, and for a site that is down for good, it refuses connections."""
        port = 0 if self._base_port is None else self._base_port + index
        door = socket.socket()
        if port:  # asked for again soon after its last use
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((_HOST, port))
        except (OSError, OverflowError) as error:
            door.close()
            message = f"The demo site {site.name!r} cannot have port {port} of {_HOST}: {error}"
            raise ServeError(message, remedy="Give another base port, or none: then the system chooses free ones.") from error
        return door

    def _receive(self, site: Site, door: socket.socket, opening: ExitStack) -> None:
        today = self._today or datetime.now(UTC).date()
        designs = [pages(site, self.addresses, today=today)]
        if is_redesigned(site):
            designs.append(pages(site, self.addresses, redesigned=True, today=today))
        reception = _Reception(site.news, designs, self._redesign_after)
        server = _Server(door, reception)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=f"campus-{site.name}", daemon=True)
        thread.start()
        self._receptions.append(reception)
        opening.callback(thread.join)
        opening.callback(server.shutdown)


class _Reception:
    """Which page a visitor of one site sees: its designs follow each other after so many visits to its news."""

    def __init__(self, news: str, designs: list[dict[str, Reply]], visits: int) -> None:
        self._news = news
        self._designs = designs
        self._visits = visits
        self._lock = threading.Lock()

    def answer(self, path: str) -> Reply | None:
        with self._lock:
            if path == self._news:
                self._visits -= 1
            if self._visits < 0:
                self._advance()
            return self._designs[0].get(path)

    def redesign(self) -> None:
        with self._lock:
            self._advance()

    def _advance(self) -> None:
        del self._designs[:-1]


class _Server(ThreadingMixIn, TCPServer):
    """One site. Not ``http.server.HTTPServer``: that looks up its own name, which can take seconds without a network."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, door: socket.socket, reception: _Reception) -> None:
        super().__init__(door.getsockname(), _Visit, bind_and_activate=False)
        self.socket.close()
        self.socket = door
        self.reception = reception
        self.server_activate()


class _Visit(BaseHTTPRequestHandler):
    """Answers GET and HEAD, with validators and 304 (RFC 9110 §13)."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "Campus/1"
    sys_version = ""
    timeout = 10
    wbufsize = -1  # headers and body leave in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        reply = self.server.reception.answer(_path(self.path))
        if reply is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif self._is_known(reply):
            self._send(HTTPStatus.NOT_MODIFIED, reply)
        else:
            self._send(HTTPStatus.OK, reply)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name http.server gave it)
        """Say nothing: the demonstration is about who asks, not about who answers."""

    def _is_known(self, reply: Reply) -> bool:
        """If-None-Match decides alone where it is given (RFC 9110 §13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return reply.etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return self.headers.get("If-Modified-Since") == reply.last_modified

    def _send(self, status: HTTPStatus, reply: Reply) -> None:
        self.send_response(status)
        self.send_header("ETag", reply.etag)
        self.send_header("Last-Modified", reply.last_modified)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if status is not HTTPStatus.NOT_MODIFIED and self.command != "HEAD":
            self.wfile.write(reply.body)


def _address(door: socket.socket) -> str:
    return "http://{}:{}".format(*door.getsockname())


def _path(target: str) -> str:
    """The path of a request target; a final slash makes no difference."""
    return unquote(urlsplit(target).path).rstrip("/") or "/"
