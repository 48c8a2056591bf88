"""Two thousand universities for a day: most publish well, a tenth misbehaves. Time in it runs faster than outside.

``python kit/neighbourhood.py HOSTS START FACTOR`` serves until its standard input ends. START is the outer moment (seconds since 1970) at which the day
begins, FACTOR how much faster it runs. Its first line says the port; each later line of input is answered with what was asked so far, as JSON:
host number → [requests for the source, the longest pause between two of them in inner seconds].
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import zlib
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from html import escape

DAY = 86_400
EPOCH = 1_772_409_600
"""The day: Monday, 2 March 2026."""
SHOWN = 20
"""Items of one page; older ones are off it."""
STEADY = 5
"""Items of a source that misbehaves with them."""

GOOD = ("rss with an etag", "atom with a date", "rss without validators", "json feed", "list with article pages")
BAD = (
    "never answers",
    "always 500",
    "404 every other time",
    "429 with Retry-After",
    "503 with a date",
    "body cut short",
    "not HTTP",
    "login page",
    "bomb",
    "body without end",
    "redirects to itself",
    "hangs up",
    "one byte a second",
    "a laughing entity",
    "a hundred thousand levels",
    "guids change",
    "dates are now",
    "empty every other time",
    "order changes",
    "one guid for all",
    "a counter in each text",
    "http and https",
    "titles change",
)
STEADY_ONES = BAD[BAD.index("guids change") :]
"""Those whose five items are always the same, whatever they do to them."""


def is_bad(number: int) -> bool:
    return number % 10 == 9


def habit(number: int) -> str:
    return BAD[(number // 10) % len(BAD)] if is_bad(number) else GOOD[number % len(GOOD)]


def host(number: int) -> str:
    return f"127.{1 + number // 62_500}.{1 + number // 250 % 250}.{1 + number % 250}"


def address(number: int, port: int) -> str:
    return f"http://{host(number)}:{port}/news"


def schedule(number: int) -> list[int]:
    """The inner seconds at which university ``number`` publishes, the earliest first; those below zero are from before the day."""
    chance = random.Random(number)
    rate = min(12.0, chance.lognormvariate(0.7, 0.9))
    today = sorted(min(DAY - 1, max(0, round(chance.gauss(12 * 3600, 3 * 3600)))) for _ in range(round(rate)))
    return [*sorted(-chance.randrange(1, 30 * DAY) for _ in range(8)), *today]


def title(number: int, item: int) -> str:
    return f"University {number} opens its laboratory {item} to the city"


@dataclass
class Asked:
    """When one source was asked for, in inner seconds."""

    times: int = 0
    last: float = 0.0
    longest: float = 0.0
    pages: dict[str, int] = field(default_factory=dict)

    def note(self, now: float) -> None:
        self.longest = max(self.longest, now - self.last) if self.times else 0.0
        self.times += 1
        self.last = now


class Neighbourhood:
    def __init__(self, hosts: int, start: float, factor: float) -> None:
        self._start = start
        self._factor = factor
        self._schedules = [schedule(number) for number in range(hosts)]
        self._asked = [Asked() for _ in range(hosts)]
        self._bomb = _bomb()
        self.port = 0

    def now(self) -> float:
        return (time.time() - self._start) * self._factor

    def told(self) -> str:
        return json.dumps([[asked.times, round(max(asked.longest, self.now() - asked.last))] for asked in self._asked])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, third, fourth = map(int, writer.get_extra_info("sockname")[0].split("."))
        number = (third - 1) * 250 + fourth - 1
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                async for piece in self._answer(number, request):
                    writer.write(piece)
                    await writer.drain()
                if is_bad(number):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the visitor left, or the day is over
        finally:
            writer.close()

    async def _answer(self, number: int, request: bytes) -> AsyncIterator[bytes]:
        path = request.split(b" ", 2)[1].decode("latin-1")
        if path == "/robots.txt":
            yield _reply(b"", status="404 Not Found")
        elif path.startswith("/story/"):
            yield _reply(self._story(number, int(path.removeprefix("/story/").split("?")[0])), "text/html; charset=utf-8")
        else:
            self._asked[number].note(self.now())
            if is_bad(number):
                async for piece in self._misbehaves(number, habit(number)):
                    yield piece
            else:
                yield self._behaves(number, habit(number), request)

    # --- those that publish well ----------------------------------------------------------------------------------------------------

    def _behaves(self, number: int, how: str, request: bytes) -> bytes:
        times = self._schedules[number]
        shown = bisect_right(times, self.now())
        items = list(range(shown))[-SHOWN:][::-1]
        home = f"http://{host(number)}:{self.port}"
        body, kind = _WRITERS[how](home, [(title(number, item), f"{home}/story/{item}", EPOCH + times[item]) for item in items])
        if how == "rss without validators":
            return _reply(body, kind)
        if how == "atom with a date":
            changed = formatdate(EPOCH + times[shown - 1], usegmt=True)
            if f"If-Modified-Since: {changed}".lower().encode() in request.lower():
                return b"HTTP/1.1 304 Not Modified\r\n\r\n"
            return _reply(body, kind, f"Last-Modified: {changed}\r\n")
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if etag.encode() in request:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return _reply(body, kind, f"ETag: {etag}\r\n")

    def _story(self, number: int, item: int) -> bytes:
        at = formatdate(EPOCH + self._schedules[number][item], usegmt=True)
        return (
            f'<!doctype html><html lang="en"><head><title>{title(number, item)}</title></head><body><h1>{title(number, item)}</h1><p>{at}</p>'
            f"<div class=article>{_text(number, item)}</div></body></html>"
        ).encode()

    # --- those that do not ----------------------------------------------------------------------------------------------------------

    async def _misbehaves(self, number: int, how: str) -> AsyncIterator[bytes]:
        visit = self._asked[number].times
        home = f"http://{host(number)}:{self.port}"
        later = max(1, round(1800 / self._factor))
        match how:
            case "never answers":
                await asyncio.sleep(3600)
            case "always 500":
                yield _reply(b"<h1>Sorry</h1>", status="500 Internal Server Error")
            case "404 every other time" if visit % 2:
                yield _reply(b"<h1>Not here</h1>", status="404 Not Found")
            case "429 with Retry-After" if visit % 2:
                yield _reply(b"", "text/plain", f"Retry-After: {later}\r\n", status="429 Too Many Requests")
            case "503 with a date" if visit % 2:
                yield _reply(b"", "text/plain", f"Retry-After: {formatdate(EPOCH + self.now() + 1800, usegmt=True)}\r\n", status="503 Busy")
            case "body cut short":
                whole = _steady(home, number, visit, how)
                yield _reply(whole)[: -len(whole) // 2]
            case "not HTTP":
                yield bytes(range(256)) * 20
            case "login page":
                yield _reply(b"<html><title>Log in</title><form><input type=password></form></html>", "text/html")
            case "bomb":
                yield _reply(self._bomb, "text/xml", "Content-Encoding: gzip\r\n")
            case "body without end":
                yield b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel>"
                while True:
                    yield b"<item><title>and then</title></item>" * 2_000
            case "redirects to itself":
                yield _reply(b"", "text/html", f"Location: {home}/news\r\n", status="302 Found")
            case "hangs up":
                return
            case "one byte a second":
                for byte in _reply(_steady(home, number, visit, how)):
                    yield bytes([byte])
                    await asyncio.sleep(1)
            case "a laughing entity":
                entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
                yield _reply(f'<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]><rss><channel><title>&a9;</title></channel></rss>'.encode())
            case "a hundred thousand levels":
                yield _reply(b"<rss><channel>" + b"<a>" * 100_000)
            case "empty every other time" if visit % 2 == 0:
                yield _reply(b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>')
            case _:
                yield _reply(_steady(home, number, visit, how))


def _steady(home: str, number: int, visit: int, how: str) -> bytes:
    """The same five items, as far as a source that misbehaves leaves them the same."""
    rows = []
    for item in range(STEADY):
        name, link = title(number, item), f"{home}/story/{item}"
        guid, at = link, EPOCH - (item + 1) * 3600
        text = _text(number, item)
        match how:
            case "guids change":
                guid = f"{item}-{visit}"
            case "dates are now":
                at = EPOCH + visit * 60
            case "one guid for all":
                guid = "the guid"
            case "a counter in each text":
                text += f"<p>Views: {visit * 7 + item}</p>"
            case "http and https" if visit % 2:
                guid = link = link.replace("http:", "https:")
            case "titles change" if item == 0:
                name += f", {visit} places left"
        rows.append((name, link, guid, at, text))
    if how == "order changes":
        random.Random(visit).shuffle(rows)
    return _channel(home, rows)


def _rss(home: str, items: Sequence[tuple[str, str, int]]) -> tuple[bytes, str]:
    return _channel(home, [(name, link, link, at, f"<p>{name}.</p>") for name, link, at in items]), "application/rss+xml"


def _channel(home: str, rows: Sequence[tuple[str, str, str, float, str]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(name)}</title><link>{link}</link><guid>{guid}</guid><pubDate>{formatdate(at, usegmt=True)}</pubDate>"
        f"<description>{escape(text)}</description></item>"
        for name, link, guid, at, text in rows
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{home}/</link>{items}</channel></rss>'.encode()


def _atom(home: str, items: Sequence[tuple[str, str, int]]) -> tuple[bytes, str]:
    rows = "".join(
        f'<entry><title>{escape(name)}</title><link href="{link}"/><id>{link}</id><updated>{_iso(at)}</updated><summary>{escape(name)}.</summary></entry>'
        for name, link, at in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>{home}/</id>{rows}</feed>'.encode(), "application/atom+xml"


def _json(home: str, items: Sequence[tuple[str, str, int]]) -> tuple[bytes, str]:
    rows = [{"id": link, "url": link, "title": name, "content_text": f"{name}.", "date_published": _iso(at)} for name, link, at in items]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "home_page_url": home, "items": rows}
    return json.dumps(feed).encode(), "application/feed+json"


def _list(home: str, items: Sequence[tuple[str, str, int]]) -> tuple[bytes, str]:
    rows = "".join(
        f'<li><a href="{link.removeprefix(home)}">{escape(name)}</a><span>{_iso(at)[:10]}</span></li>' for name, link, at in items
    )
    page = f'<!doctype html><html lang="en"><head><title>News</title></head><body><h1>News</h1><ul class="news">{rows}</ul></body></html>'
    return page.encode(), "text/html; charset=utf-8"


_WRITERS: dict[str, Callable[[str, Sequence[tuple[str, str, int]]], tuple[bytes, str]]] = dict(
    zip(GOOD, (_rss, _atom, _rss, _json, _list), strict=True)
)


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _text(number: int, item: int) -> str:
    chance = random.Random(number * 1000 + item)
    words = (
        "the river bridge winter students laboratory choir telescope robot lecture prize harvest sensor archive garden professor".split()
    )
    return "".join(f"<p>{' '.join(chance.choices(words, k=60)).capitalize()}.</p>" for _ in range(3))


def _bomb() -> bytes:
    squeezed = zlib.compressobj(9, wbits=31)
    return b"".join(squeezed.compress(bytes(1 << 20)) for _ in range(256)) + squeezed.flush()


def _reply(body: bytes, kind: str = "application/rss+xml", more: str = "", *, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


async def _main(hosts: int, start: float, factor: float) -> None:
    here = Neighbourhood(hosts, start, factor)
    server = await asyncio.start_server(here.serve, "0.0.0.0", 0, backlog=1024)
    here.port = server.sockets[0].getsockname()[1]
    print(here.port, flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(here.told(), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
