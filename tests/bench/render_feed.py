"""Writing one feed of 500 articles: ours, ours again when one of them is new, and the standard library writing the same fields without a look at them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import count
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from kit import campus, measure

from aggregator.model import Article, FeedDocument, Page, Source
from aggregator.publish import FormatName, render
from aggregator.read import read
from aggregator.refine.normalize import normalize
from aggregator.serve.fragments import Fragments
from aggregator.serve.press import ROOM

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SOURCE = Source("bench", "http://university-1.example/feed.xml", title="A university")
ARTICLES = 500


def main() -> None:
    document = _document()
    formats: tuple[tuple[str, FormatName, Callable[[FeedDocument], bytes], str], ...] = (
        ("RSS", "rss", _plain_rss, "xml.etree"),
        ("JSON Feed", "json", _plain_json, "json"),
        ("Atom", "atom", _plain_rss, "xml.etree (RSS)"),
    )
    for title, name, plain, reference in formats:
        rows: dict[str, Callable[[], object]] = {
            "aggregator": partial(render, document, name),
            "again, one new": _again(document, name),
            reference: partial(plain, document),
        }
        measure.table(f"{ARTICLES} articles as {title}", measure.calls(rows, rounds=7), reference=reference)


def _again(document: FeedDocument, name: FormatName) -> Callable[[], bytes]:
    """Writes the feed with another new article each time, remembering items as the site does."""
    fragments, numbers = Fragments(ROOM), count(ARTICLES)

    def write() -> bytes:
        number = next(numbers)
        newest = replace(_copy(document.articles[0], number), title=f"News {number}", published=NOW + timedelta(seconds=number))
        return render(replace(document, articles=(newest, *document.articles[:-1])), name, fragments)

    write()
    return write


def _document() -> FeedDocument:
    entries = read(Page(SOURCE.url, campus.feed(0, news=20)), SOURCE, now=NOW).entries
    some = [normalize(entry, SOURCE, now=NOW) for entry in entries]
    articles = tuple(_copy(some[number % len(some)], number) for number in range(ARTICLES))
    address = "https://news.example.edu"
    return FeedDocument("News", f"{address}/feeds/all", f"{address}/", updated=NOW, articles=articles, sources={SOURCE.id: SOURCE})


def _copy(article: Article, number: int) -> Article:
    return replace(
        article, id=str(uuid5(NAMESPACE_URL, str(number))), url=f"{article.url}?{number}", published=NOW - timedelta(hours=number)
    )


def _plain_rss(document: FeedDocument) -> bytes:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    ET.SubElement(channel, "title").text = document.title
    for article in document.articles:
        item = ET.SubElement(channel, "item")
        for name, value in (("title", article.title), ("link", article.url), ("guid", article.id), ("description", article.content)):
            ET.SubElement(item, name).text = value
        ET.SubElement(item, "pubDate").text = format_datetime(article.at)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return written


def _plain_json(document: FeedDocument) -> bytes:
    rows = [
        {
            "id": each.id,
            "url": each.url,
            "title": each.title,
            "content_html": each.content,
            "summary": each.summary,
            "date_published": each.at.isoformat(),
        }
        for each in document.articles
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": document.title, "items": rows}, ensure_ascii=False).encode()


if __name__ == "__main__":
    main()
