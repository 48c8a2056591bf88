"""Universities that do not exist: their feeds and lists as bytes, and a server for many of them, on 250 loopback addresses.

``python kit/campus.py SOURCES [SECONDS]`` serves until its standard input ends, each answer after so many seconds; its first line says the port. A line of
input makes every hundredth feed change. Feeds have validators, lists have none.
"""

from __future__ import annotations

import asyncio
import random
import sys
from email.utils import formatdate
from functools import lru_cache
from html import escape

ITEMS = 30
HOSTS = 250
_EPOCH = 1_767_225_600
_WORDS = (
    "river bridge winter students laboratory choir telescope robot lecture prize harvest sensor archive garden professor north ice campus",
    "река мост зима студенты лаборатория хор телескоп робот лекция премия урожай датчик архив сад профессор север лёд кампус",
    "河流 大桥 冬季 学生 实验室 合唱团 望远镜 机器人 讲座 奖项 丰收 传感器 档案 花园 教授 北方 冰雪 校园",
)


def addresses(sources: int, port: int, page: str = "feed.xml") -> list[str]:
    """``page``: "feed.xml" or "list.html"."""
    return [f"http://{_host(number % HOSTS)}:{port}/{number}/{page}" for number in range(sources)]


def _host(number: int) -> str:
    return f"127.0.1.{number + 1}"


def feed(number: int, kind: str = "rss", *, items: int = ITEMS, news: int = 0) -> bytes:
    """The feed of university ``number``: ``items`` of some 2 kB, and ``news`` more on top. Kind: "rss", "atom" or "rdf"."""
    said = [_item(number, item) for item in reversed(range(items + news))]
    return _FEEDS[kind](f"http://university-{number}.example", said).encode()


def _item(number: int, item: int) -> tuple[str, str, str, int]:
    """Title, path, text, seconds; always the same for the same numbers."""
    chance = random.Random(number * 1000 + item)
    words = _WORDS[number % len(_WORDS)].split()

    def said(length: int) -> str:
        return " ".join(chance.choices(words, k=length)).capitalize()

    text = "".join(f'<p>{said(40)}. <a href="/about/{chance.randrange(99)}">{said(3)}</a> {said(20)}.</p>' for _ in range(4))
    return said(8), f"/news/{item}.html", text, _EPOCH + item * 3600


def _rss(home: str, items: list[tuple[str, str, str, int]]) -> str:
    rows = "".join(
        f"<item><title>{escape(title)}</title><link>{home}{path}</link><guid>{home}{path}</guid><pubDate>{formatdate(at, usegmt=True)}</pubDate>"
        f"<description>{escape(text)}</description></item>"
        for title, path, text, at in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{home}/</link><description>News</description>{rows}</channel></rss>'


def _atom(home: str, items: list[tuple[str, str, str, int]]) -> str:
    rows = "".join(
        f'<entry><title>{escape(title)}</title><link href="{home}{path}"/><id>{home}{path}</id><updated>{_iso(at)}</updated>'
        f'<content type="html">{escape(text)}</content></entry>'
        for title, path, text, at in items
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>{home}/</id><updated>{_iso(_EPOCH)}</updated>{rows}</feed>'


def _rdf(home: str, items: list[tuple[str, str, str, int]]) -> str:
    rows = "".join(
        f'<item rdf:about="{home}{path}"><title>{escape(title)}</title><link>{home}{path}</link><dc:date>{_iso(at)}</dc:date>'
        f"<description>{escape(text)}</description></item>"
        for title, path, text, at in items
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{home}/"><title>News</title><link>{home}/</link></channel>{rows}</rdf:RDF>'
    )


def _iso(at: int) -> str:
    day, rest = divmod(at - _EPOCH, 86_400)
    return f"2026-01-{day + 1:02}T{rest // 3600:02}:00:00Z"


_FEEDS = {"rss": _rss, "atom": _atom, "rdf": _rdf}


def listing(number: int, *, items: int = ITEMS) -> bytes:
    """The page of university ``number`` that lists its news."""
    rows = "".join(
        f'<li><a href="/{number}{path}">{escape(title)}</a> <time datetime="{_iso(at)}">{_iso(at)[:10]}</time></li>'
        for title, path, _, at in (_item(number, item) for item in reversed(range(items)))
    )
    menu = "".join(f'<li><a href="/about/{place}">{word}</a></li>' for place, word in enumerate(_WORDS[0].split()))
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News</title></head>'
    return f"{head}<body><nav><ul>{menu}</ul></nav><main><h1>News</h1><ul>{rows}</ul></main></body></html>".encode()


_NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Campus:
    """Answers over connections that stay open."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._news = 0
        """Items that every hundredth feed has more by now."""

    def change(self) -> None:
        self._news += 2

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self._delay)
                writer.write(self._answer(asked))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    def _answer(self, asked: bytes) -> bytes:
        _, number, *page = asked.split(b" ", 2)[1].split(b"/")
        if page == [b"list.html"]:
            return _OK % (b"text/html", len(body := _list(int(number))), b"") + body
        if page != [b"feed.xml"]:
            return _NONE
        news = 0 if int(number) % 100 else self._news
        etag = b'ETag: "%b-%d"\r\n' % (number, news)
        if etag[6:-2] in asked:
            return b"HTTP/1.1 304 Not Modified\r\n%b\r\n" % etag
        return _OK % (b"application/xml; charset=utf-8", len(body := _feed(int(number), news)), etag) + body


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n"
_list = lru_cache(HOSTS)(listing)


@lru_cache(HOSTS)  # more would fill the memory; the time that it takes to write them anew is not counted
def _feed(number: int, news: int) -> bytes:
    return feed(number, ("rss", "rss", "atom", "rdf")[number % 4], news=news)


async def _main(sources: int, delay: float = 0.0) -> None:
    campus = _Campus(delay)
    first = await asyncio.start_server(campus.serve, _host(0), 0)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(campus.serve, [_host(number) for number in range(1, HOSTS)], port)
    for number in range(min(sources, HOSTS)):
        _feed(number, 0)
    print(port, flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        campus.change()
        print("changed", flush=True)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), *map(float, sys.argv[2:])))
