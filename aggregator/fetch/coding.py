"""Content codings undone within bounds (RFC 9110 §8.4): a body of 1.6 kB that unpacks to a gigabyte ends as an error after ``limit`` bytes.

Not the business of the HTTP library: httpx and aiohttp unpack each piece in full before anybody can look at its size.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from aggregator.errors import MalformedResponse, TooLarge

ACCEPTED = "gzip, br"
"""What we ask for. Not zstd: no decoder of it bounds its window. Deflate is understood but not asked for, as servers disagree what it is."""

_MEMBERS = 1_000
"""A gzip body may be many files in a row; more than this many is an attack on the CPU."""

_PIECE = 1 << 18
"""Bytes unpacked at a time."""

_GZIP_MARK = b"\x1f\x8b"


class Body:
    """Collects one body piece by piece; ``limit`` bounds what it unpacks to.

    ``codings`` is the Content-Encoding header. One coding is undone; several at once, which no honest server sends, are refused, as is an unknown one.
    A body that says gzip but is not is taken as it is: proxies that unpack and forget the header are common.
    """

    def __init__(self, url: str, codings: str, *, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._coding = _only(codings, url)
        self._decoder: _Decoder | None = None
        self._head = b""
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        """Raises TooLarge and MalformedResponse."""
        if self._decoder is None:
            data = self._head + data
            if len(data) < len(_GZIP_MARK):
                self._head = data
                return
            self._decoder = _decoder(self._coding, data)
            self._head = b""
        self._run(self._decoder, data)

    def whole(self) -> bytes:
        """All of it. Raises MalformedResponse where the end is missing."""
        if self._decoder is None and self._head:
            self._decoder = _decoder(self._coding, self._head)
            self._run(self._decoder, self._head)
        if self._decoder is not None and not self._decoder.complete:
            raise MalformedResponse(
                f"The {self._coding} body of {self._url} is cut off", url=self._url, remedy="Nothing: it is asked again at the next poll."
            )
        return self.so_far()

    def so_far(self) -> bytes:
        """What has been unpacked, ``limit`` bytes at most; after TooLarge too."""
        return b"".join(self._parts)

    def _run(self, decoder: _Decoder, data: bytes) -> None:
        try:
            while (piece := decoder.decode(data, self._limit - self._size + 1)) is not None:
                self._keep(piece)
                data = b""
        except (zlib.error, brotli.error, _TooManyMembers) as error:
            raise MalformedResponse(
                f"The body of {self._url} is not the {self._coding} it claims to be ({error})",
                url=self._url,
                remedy="Open the address in a browser; if it works there, report this as a bug.",
            ) from error

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._parts.append(piece[: self._limit - self._size])
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge(
                f"{self._url} unpacks to more than {self._limit:,} bytes",
                url=self._url,
                remedy="Raise fetch.max_body if the page really is that long.",
            )


class _Decoder(Protocol):
    @property
    def complete(self) -> bool:
        """Whether the body may end here."""

    def decode(self, data: bytes, room: int) -> bytes | None:
        """At most about ``room`` bytes, which is > 0; None when more data is needed. Called with all data once, then with b"" until None."""


class _Identity:
    complete = True

    def decode(self, data: bytes, room: int) -> bytes | None:  # noqa: ARG002 - the limit is checked on what comes out
        return data or None


class _Zlib:
    """gzip (RFC 1952), several members in a row included, and both kinds of deflate (RFC 1950, RFC 1951)."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._member = zlib.decompressobj(window)
        self._members = 1
        self._pending = b""
        self._full = False
        """The last piece filled its room, so there may be more of it inside."""

    @property
    def complete(self) -> bool:
        return self._member.eof

    def decode(self, data: bytes, room: int) -> bytes | None:
        data = self._pending + data
        if self._member.eof and not self._next(data):
            return None
        if not data and not self._full:
            return None
        room = min(room, _PIECE)
        piece = self._member.decompress(data, room)
        self._pending = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._full = len(piece) == room
        return piece if piece or self._pending else None

    def _next(self, data: bytes) -> bool:
        """Whether another member starts here. What else follows the last one is padding."""
        if self._window < 0 or not data.startswith(_GZIP_MARK):
            self._pending = data[:1] if data == _GZIP_MARK[:1] else b""
            return False
        self._members += 1
        if self._members > _MEMBERS:
            raise _TooManyMembers(f"more than {_MEMBERS} members")
        self._member = zlib.decompressobj(self._window)
        return True


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._more = False
        """The last call gave something, so the next may. Not asked of ``can_accept_more_data``: it says yes with output still inside."""

    @property
    def complete(self) -> bool:
        return bool(self._stream.is_finished())

    def decode(self, data: bytes, room: int) -> bytes | None:
        if self._stream.is_finished() or not (data or self._more):
            return None
        piece = bytes(self._stream.process(data, output_buffer_limit=min(room, _PIECE)))
        self._more = bool(piece)
        return piece or None


class _TooManyMembers(Exception):
    pass


_KNOWN = frozenset({"gzip", "deflate", "br"})
_ALIASES = {"x-gzip": "gzip", "identity": "", "none": "", "utf-8": ""}
"""The last two are no codings, but servers write them where they mean none."""


def _only(codings: str, url: str) -> str:
    names = [name.strip().lower() for name in codings.split(",")]
    applied = [name for name in (_ALIASES.get(name, name) for name in names) if name]
    if not applied:
        return ""
    if len(applied) == 1 and applied[0] in _KNOWN:
        return applied[0]
    raise MalformedResponse(
        f"{url} comes in a content coding that we did not ask for: {codings[:60]}",
        url=url,
        remedy=f"Tell the site's owner that we accept {ACCEPTED}.",
    )


def _decoder(coding: str, head: bytes) -> _Decoder:
    if coding == "br":
        return _Brotli()
    if coding == "gzip" and head.startswith(_GZIP_MARK):
        return _Zlib(16 + zlib.MAX_WBITS)
    if coding == "deflate":
        # RFC 9110 §8.4.1.2 means zlib; raw deflate is what some servers send. The zlib header has a check of its own (RFC 1950 §2.2).
        with_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
        return _Zlib(zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS)
    return _Identity()
