"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from aggregator.model import Article, Enclosure, FeedDocument, Report, Source
from aggregator.publish.items import Writing, authors, title_of
from aggregator.text import wire, xml

_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
_GENERATOR = "University news aggregator"
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""RFC 4287 §4.1.1 demands a moment even of a feed that never had anything: when this program was written."""
_HTML = {"type": "html"}
_MICROSECOND = timedelta(microseconds=1)


def write(document: FeedDocument, address: str, written: Writing) -> bytes:
    """The document as Atom 1.0; ``address`` is its own address.

    Every entry has an author: where its origin names none, the source is one (§4.1.2). Without any date of its own it was updated when first seen (§4.2.15).
    """
    style = xml.styled(document.style) if document.style else ""
    opened = xml.DECLARATION + style + xml.opening("feed", _NAMESPACES | _spoken(document.language)) + "".join(_head(document, address))
    title = wire.told(document.title, document.address)
    entries = [
        written(_entry, article, document.sources.get(article.source), document.reports.get(article.id, ()), moment, title)
        for article, moment in zip(document.articles, _moments(document.articles), strict=True)
    ]
    return b"".join((opened.encode(), *entries, b"</feed>"))


def _head(document: FeedDocument, address: str) -> Iterator[str]:
    yield xml.element("id", uuid5(NAMESPACE_URL, document.address).urn)
    yield xml.element("title", wire.told(document.title, document.address))
    if description := wire.told(document.description):
        yield xml.element("subtitle", description)
    yield xml.element("updated", wire.rfc3339(document.updated or max(map(_updated, document.articles), default=_BEGINNING)))
    yield _link({"rel": "self", "type": "application/atom+xml"}, address)
    yield _link({"rel": "alternate", "type": "text/html"}, document.home)
    if document.hub:
        yield _link({"rel": "hub"}, document.hub)
    for relation, other in document.links.items():
        yield _link({"rel": relation, "type": "application/atom+xml"}, other)
    yield xml.element("generator", _GENERATOR)
    if document.archive:
        yield xml.empty("fh:archive")


def _spoken(tag: str | None) -> dict[str, str]:
    language = wire.language(tag)
    return {"xml:lang": language} if language else {}


def _updated(article: Article) -> datetime:
    return article.updated or article.published or article.first_seen


def _moments(articles: Sequence[Article]) -> Iterator[str]:
    """When each was updated, no two at the same moment: validators and some readers take that for one entry sent twice, and days without a time are all noon.
    Below the second, where nobody states anything, the id of an article decides; so it says the same in every document.
    """
    taken: set[datetime] = set()
    for article in articles:
        moment = _updated(article)
        moment = moment.replace(microsecond=moment.microsecond or crc32(article.id.encode(errors="replace")) % 1_000_000)
        while moment in taken:
            moment += _MICROSECOND
        taken.add(moment)
        yield wire.rfc3339(moment, timespec="microseconds")


def _entry(article: Article, source: Source | None, reports: Sequence[Report], moment: str, feed: str) -> bytes:
    """``moment``: when it was updated; ``feed``: the author where neither it nor its source names one."""
    return xml.parent("entry", _told(article, source, reports, moment, feed), _spoken(article.language)).encode()


def _told(article: Article, source: Source | None, reports: Sequence[Report], moment: str, feed: str) -> Iterator[str]:
    yield xml.element("id", f"urn:uuid:{article.id}")
    title = wire.told(article.title, article.summary, article.url, article.id)
    yield _words("title", title)
    if article.url:
        yield _link({"rel": "alternate", "type": "text/html"}, article.url)
    for report in reports:
        if report.url:
            yield _link({"rel": "related", "type": "text/html", "title": report.title}, report.url)
    yield xml.element("updated", moment)
    if article.published:
        yield xml.element("published", wire.rfc3339(article.published))
    for author in authors(article, source) or (feed,):
        yield xml.parent("author", (xml.element("name", author),))
    for category in dict.fromkeys(filter(str.strip, map(wire.clean, article.tags))):
        yield xml.empty("category", {"term": category})
    for mention in article.mentions or ():
        yield xml.empty("category", {"term": mention.name} | ({"scheme": mention.ror} if mention.ror else {}))
    for file in article.enclosures:
        yield _link({"rel": "enclosure", **dict(_described(file))}, file.url)
    if article.image:
        yield xml.empty("media:thumbnail", {"url": wire.uri(article.image)})
    if source:
        yield xml.parent("source", _source(source, _updated(article)))
    summary, content = wire.told(article.summary), wire.told(article.content)
    if summary:
        yield _words("summary", summary)
    if content:
        yield xml.element("content", content, _HTML)
    elif not (summary and article.url):
        yield _words("content", summary or title)


def _source(source: Source, updated: datetime) -> Iterator[str]:
    """§4.2.11. Of its own ``updated`` we know only that it is not before that of the entry."""
    yield xml.element("id", wire.uri(source.url))
    yield xml.element("title", title_of(source))
    yield _link({"rel": "self" if source.kind in ("feed", "jsonfeed") else "alternate"}, source.url)
    yield xml.element("updated", wire.rfc3339(updated))


def _described(file: Enclosure) -> Iterator[tuple[str, str]]:
    if kind := wire.media_type(file.type):
        yield "type", kind
    if file.length is not None:
        yield "length", str(file.length)
    if title := wire.told(file.title):
        yield "title", title


def _link(said: dict[str, str], address: str) -> str:
    return xml.empty("link", said | {"href": wire.uri(address)})


def _words(tag: str, text: str) -> str:
    """A text construct (§3.1). What might be taken for markup is said to be HTML, and escaped: then nobody has to guess."""
    return xml.element(tag, html.escape(text, quote=False), _HTML) if wire.is_like_markup(text) else xml.element(tag, text)
