"""What may be thrown at the pure core, and what must hold whatever it is.

A target takes bytes and returns; an expected refusal is a return, everything else that is raised is a find. What is checked beyond that is what a
subscriber would see: documents that parse, without active content, in time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import UUID

from lxml import etree, html

from aggregator.errors import ConfigError, QueryError, ReadError
from aggregator.model import Article, Entry, FeedDocument, Hints, Page, Source
from aggregator.publish import render
from aggregator.query import parse as parse_query
from aggregator.read import KINDS, read
from aggregator.read.article import extract
from aggregator.refine.normalize import normalize
from aggregator.text.charset import decode
from aggregator.text.dates import find_date, parse_date

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://www.northfield.example/news/list.htm"
SLOW = 5.0
"""Seconds of CPU in which any input of a few kilobytes must be done."""
TYPES = (
    None,
    "text/html",
    "text/html; charset=gb2312",
    "application/rss+xml",
    "text/xml; charset=windows-1251",
    "application/json",
    "image/png",
    ";;//",
)
ACTIVE = frozenset("script iframe object embed form input button style link meta base svg math applet frame frameset".split())
LANGUAGES = (None, "zh", "ja", "ko", "ru", "en", "de", "fr", "ar", "fa", "he", "hi", "th", "vi", "tr", "el")
ZONES = (None, "Asia/Shanghai", "America/New_York", "Asia/Tehran")
_MOST = 8
"""Entries of one reading that are followed to the end of the line."""


def reading(data: bytes) -> None:
    """A page of any kind, all the way to what is published of it."""
    page, source = _page(data)
    try:
        found = read(page, source, now=NOW)
    except ReadError:
        return
    assert all(_absolute(entry) and _aware(entry) for entry in found.entries), (
        "an address that is not absolute, or a moment without an offset"
    )
    assert isinstance(found.hints, Hints)
    publishing([normalize(entry, source, now=NOW) for entry in found.entries[:_MOST]])


def article(data: bytes) -> None:
    """An article page, all the way to what is published of it."""
    page, source = _page(data)
    try:
        found = extract(page, source, now=NOW)
    except ReadError:
        return
    assert _absolute(found), "an address that is not absolute"
    assert _aware(found), "a moment without an offset"
    publishing([normalize(found, source, now=NOW)])


def dates(data: bytes) -> None:
    """Any text as a date, in any language and zone."""
    language, zone = LANGUAGES[_byte(data, 0) % len(LANGUAGES)], ZONES[_byte(data, 1) % len(ZONES)]
    text = data[2:].decode("utf-8", "replace")
    moment = parse_date(text, now=NOW, timezone=zone, language=language)
    assert moment is None or moment.when.tzinfo is not None, "a moment without an offset"
    found = find_date(text, now=NOW, timezone=zone, language=language)
    if found is not None:
        start, end = found[1]
        assert 0 <= start < end <= len(text), "a date that stands nowhere in the text"


def rendering(data: bytes) -> None:
    """Articles with any strings in them: nothing is promised of what the store holds but its types."""
    parts = (data.decode("utf-8", "surrogateescape").split("|") + [""] * 8)[:8]
    title, url, author, summary, content, category, language, id = parts
    source = Source("north/news", URL)
    entry = Entry(title, url, id, NOW, None, "minute", (author,), summary, content, None, url, language, (category,))
    publishing([normalize(entry, source, now=NOW)])
    raw = Article(
        str(UUID(int=0)),
        title,
        url,
        source.id,
        None,
        NOW,
        authors=(author,),
        summary=summary,
        content=content,
        language=language,
        categories=(category,),
    )
    document(replace(_EMPTY, title=title, description=summary, articles=(raw,)))


def queries(data: bytes) -> None:
    """Any question that somebody asks /search."""
    try:
        parse_query(data.decode("utf-8", "replace"))
    except (QueryError, ConfigError):
        return


def charsets(data: bytes) -> None:
    """Any bytes under any label."""
    label, _, body = data.partition(b"\n")
    text = decode(body, content_type=f"text/html; charset={label.decode('latin-1')}").text
    assert not any("\ud800" <= char <= "\udfff" for char in text), "half a surrogate pair"


TARGETS: MappingProxyType[str, Callable[[bytes], None]] = MappingProxyType(
    {"read": reading, "extract": article, "parse_date": dates, "render": rendering, "query": queries, "charset": charsets}
)


def run(target: str, data: bytes) -> None:
    """Raises what the target raises, and AssertionError where it took longer than any input of this size may."""
    began = time.thread_time()
    TARGETS[target](data)
    took = time.thread_time() - began
    assert took < SLOW, f"{took:.1f} s of CPU for {len(data):,} bytes"


def publishing(articles: list[Article]) -> None:
    """These articles as a feed in every format: well formed, and nothing active in it."""
    for each in articles:
        if each.content:
            root = html.fragment_fromstring(each.content, create_parent="div")
            for element in root.iter(etree.Element):
                assert element.tag not in ACTIVE, f"<{element.tag}> in the content"
                for name, value in element.attrib.items():
                    assert not name.startswith("on"), f"{name}= in the content"
                    assert not value.strip().lower().startswith(("javascript:", "vbscript:", "data:text")), f"{name}={value!r}"
    document(replace(_EMPTY, articles=tuple(articles)))


def document(feed: FeedDocument) -> None:
    for name in ("rss", "atom"):
        etree.fromstring(render(feed, name))
    items = json.loads(render(feed, "json"))["items"]
    assert len(items) == len(feed.articles), "an article that is not published"


_EMPTY = FeedDocument("All", "https://wire.example/feeds/all", "https://wire.example/", sources={"north/news": Source("north/news", URL)})


def _page(data: bytes) -> tuple[Page, Source]:
    """The first two bytes choose how the server labels it and how the operator configured it."""
    kinds = ("auto", "auto", "auto", *(kind for kind in KINDS if kind != "listing"))
    return Page(URL, data[2:], TYPES[_byte(data, 0) % len(TYPES)]), Source("north/news", URL, kinds[_byte(data, 1) % len(kinds)])


def _byte(data: bytes, place: int) -> int:
    return data[place] if place < len(data) else 0


def _absolute(entry: Entry) -> bool:
    given = [entry.url, entry.image, *(file.url for file in entry.enclosures)]
    return all(urlsplit(url).scheme in ("http", "https") for url in given if url is not None)


def _aware(entry: Entry) -> bool:
    return all(moment is None or moment.tzinfo is not None for moment in (entry.published, entry.updated))
