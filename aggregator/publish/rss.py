"""RSS 2.0 as the RSS Advisory Board's profile has it, with the modules that readers know: content, dc, dcterms, media, atom."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from aggregator.model import Article, Enclosure, FeedDocument, Report, Source
from aggregator.publish.items import Writing, authors, title_of
from aggregator.text import wire, xml

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}

_GENERATOR = "University news aggregator"
_SPECIFICATION = "https://www.rssboard.org/rss-specification"
_MINUTES_TO_LIVE = "30"
_TAG = re.compile(r"<(?=[/!?A-Za-z])([^<>]*)(>?)")


def write(document: FeedDocument, address: str, written: Writing) -> bytes:
    """The document as RSS 2.0; ``address`` is its own address. An item that its origin does not date has no ``pubDate``."""
    style = xml.styled(document.style) if document.style else ""
    opened = (
        xml.DECLARATION + style + xml.opening("rss", _NAMESPACES | {"version": "2.0"}) + "<channel>" + "".join(_channel(document, address))
    )
    items = [
        written(_item, article, document.sources.get(article.source), document.reports.get(article.id, ())) for article in document.articles
    ]
    return b"".join((opened.encode(), *items, b"</channel></rss>"))


def _channel(document: FeedDocument, address: str) -> Iterator[str]:
    title = wire.told(document.title, document.address)
    yield xml.element("title", title)
    yield xml.element("link", wire.uri(document.home))
    yield xml.element("description", wire.told(document.description, title))
    yield xml.empty("atom:link", {"href": wire.uri(address), "rel": "self", "type": "application/rss+xml"})
    if document.hub:
        yield xml.empty("atom:link", {"href": wire.uri(document.hub), "rel": "hub"})
    for relation, other in document.links.items():
        yield xml.empty("atom:link", {"href": wire.uri(other), "rel": relation, "type": "application/rss+xml"})
    if document.archive:
        yield xml.empty("fh:archive")
    if language := wire.language(document.language):
        yield xml.element("language", language)
    if document.updated:
        yield xml.element("lastBuildDate", wire.rfc822(document.updated))
    yield xml.element("generator", _GENERATOR)
    yield xml.element("docs", _SPECIFICATION)
    yield xml.element("ttl", _MINUTES_TO_LIVE)


def _item(article: Article, source: Source | None, reports: Sequence[Report]) -> bytes:
    return xml.parent("item", (*_told(article, source), *_related(reports))).encode()


def _told(article: Article, source: Source | None) -> Iterator[str]:
    yield xml.element("title", _title(wire.told(article.title, article.summary, article.url, article.id)))
    if article.url:
        yield xml.element("link", wire.uri(article.url))
    yield xml.element("guid", f"urn:uuid:{article.id}", {"isPermaLink": "false"})
    if article.published:
        yield xml.element("pubDate", wire.rfc822(article.published))
    if article.updated:
        yield xml.element("dcterms:modified", wire.rfc3339(article.updated))
    for author in authors(article, source):
        yield xml.element("dc:creator", author)
    for category in dict.fromkeys(filter(str.strip, map(wire.clean, article.tags))):
        yield xml.element("category", category)
    for mention in article.mentions or ():
        yield xml.element("category", mention.name, {"domain": mention.ror} if mention.ror else {})
    if language := wire.language(article.language):
        yield xml.element("dc:language", language)
    if source:
        yield xml.element("source", title_of(source), {"url": wire.uri(source.url)})
    summary, content = wire.told(article.summary), wire.told(article.content)
    if summary or content:  # readers of old look for it before the whole text
        yield xml.element("description", html.escape(summary, quote=False))
    if content:
        yield xml.element("content:encoded", content)
    yield from _media(article)


def _related(reports: Sequence[Report]) -> Iterator[str]:
    for report in reports:
        if report.url:
            yield xml.empty("atom:link", {"href": wire.uri(report.url), "rel": "related", "type": "text/html", "title": report.title})


def _title(text: str) -> str:
    """RSS does not say whether titles are text or HTML, and readers take them for the one or the other: what looks like a tag is put into other brackets,
    and what looks like a reference gets another ampersand.
    """
    return wire.without_references(_TAG.sub(lambda tag: f"‹{tag[1]}{'›' if tag[2] else ''}", text))


def _media(article: Article) -> Iterator[str]:
    """The first file whose type and length are known is the enclosure: RSS 2.0 wants both, and readers take only one."""
    enclosure = next(filter(_is_enclosure, article.enclosures), None)
    if enclosure:
        length, kind = str(enclosure.length), wire.media_type(enclosure.type) or ""
        yield xml.empty("enclosure", {"url": wire.uri(enclosure.url), "length": length, "type": kind})
    for file in article.enclosures:
        if file is not enclosure:
            title, described = wire.told(file.title), dict(_described(file))
            named = [xml.element("media:title", title, {"type": "plain"})] if title else []
            yield xml.parent("media:content", named, described) if named else xml.empty("media:content", described)
    if article.image:
        yield xml.empty("media:content", {"url": wire.uri(article.image), "medium": "image"})
        yield xml.empty("media:thumbnail", {"url": wire.uri(article.image)})


def _is_enclosure(file: Enclosure) -> bool:
    return bool(wire.media_type(file.type)) and file.length is not None and wire.is_public(wire.uri(file.url))


def _described(file: Enclosure) -> Iterator[tuple[str, str]]:
    yield "url", wire.uri(file.url)
    if file.length:
        yield "fileSize", str(file.length)
    if kind := wire.media_type(file.type):
        yield "type", kind
