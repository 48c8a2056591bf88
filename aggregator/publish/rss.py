"""RSS 2.0 as the RSS Advisory Board's profile has it, with the modules that readers know: content, dc, dcterms, media, atom."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import QName, SubElement, _Element

from aggregator.model import Article, Enclosure, FeedDocument, Source
from aggregator.text import urls, wire

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_MEDIA = "http://search.yahoo.com/mrss/"
_NAMESPACES = {"atom": _ATOM, "content": _CONTENT, "dc": _DC, "dcterms": _DCTERMS, "fh": _HISTORY, "media": _MEDIA}

_GENERATOR = "University news aggregator"
_SPECIFICATION = "https://www.rssboard.org/rss-specification"
_MINUTES_TO_LIVE = "30"
_TAG = re.compile(r"<(?=[/!?A-Za-z])([^<>]*)(>?)")


def write(document: FeedDocument, address: str) -> bytes:
    """The document as RSS 2.0; ``address`` is its own address. An item that its origin does not date has no ``pubDate``."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=_NAMESPACES)
    channel = SubElement(root, "channel")
    _channel(channel, document, address)
    for article in document.articles:
        item = SubElement(channel, "item")
        _item(item, article, document.sources.get(article.source))
        for report in document.reports.get(article.id, ()):
            if report.url:
                attributes = {"href": wire.uri(report.url), "rel": "related", "type": "text/html", "title": wire.clean(report.title)}
                SubElement(item, QName(_ATOM, "link"), attributes)
    if document.style:
        root.addprevious(wire.styled(document.style))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8")


def _channel(channel: _Element, document: FeedDocument, address: str) -> None:
    title = wire.told(document.title, document.address)
    _text(channel, "title", title)
    _text(channel, "link", wire.uri(document.home))
    _text(channel, "description", wire.told(document.description, title))
    SubElement(channel, QName(_ATOM, "link"), {"href": wire.uri(address), "rel": "self", "type": "application/rss+xml"})
    if document.hub:
        SubElement(channel, QName(_ATOM, "link"), {"href": wire.uri(document.hub), "rel": "hub"})
    for relation, other in document.links.items():
        SubElement(channel, QName(_ATOM, "link"), {"href": wire.uri(other), "rel": relation, "type": "application/rss+xml"})
    if document.archive:
        SubElement(channel, QName(_HISTORY, "archive"))
    if language := wire.language(document.language):
        _text(channel, "language", language)
    if document.updated:
        _text(channel, "lastBuildDate", wire.rfc822(document.updated))
    _text(channel, "generator", _GENERATOR)
    _text(channel, "docs", _SPECIFICATION)
    _text(channel, "ttl", _MINUTES_TO_LIVE)


def _item(item: _Element, article: Article, source: Source | None) -> None:
    _text(item, "title", _title(wire.told(article.title, article.summary, article.url, article.id)))
    if article.url:
        _text(item, "link", wire.uri(article.url))
    _text(item, "guid", f"urn:uuid:{article.id}", isPermaLink="false")
    if article.published:
        _text(item, "pubDate", wire.rfc822(article.published))
    if article.updated:
        _text(item, QName(_DCTERMS, "modified"), wire.rfc3339(article.updated))
    for author in filter(str.strip, map(wire.clean, article.authors)):
        _text(item, QName(_DC, "creator"), author)
    for category in dict.fromkeys(filter(str.strip, map(wire.clean, article.tags))):
        _text(item, "category", category)
    for mention in article.mentions or ():
        _text(item, "category", mention.name, **({"domain": mention.ror} if mention.ror else {}))
    if language := wire.language(article.language):
        _text(item, QName(_DC, "language"), language)
    if source:
        _text(item, "source", wire.told(source.title, urls.host(source.url), source.id), url=wire.uri(source.url))
    summary, content = wire.told(article.summary), wire.told(article.content)
    if summary or content:  # readers of old look for it before the whole text
        _text(item, "description", html.escape(summary, quote=False))
    if content:
        _text(item, QName(_CONTENT, "encoded"), content)
    _media(item, article)


def _title(text: str) -> str:
    """RSS does not say whether titles are text or HTML, and readers take them for the one or the other: what looks like a tag is put into other brackets,
    and what looks like a reference gets another ampersand.
    """
    return wire.without_references(_TAG.sub(lambda tag: f"‹{tag[1]}{'›' if tag[2] else ''}", text))


def _media(item: _Element, article: Article) -> None:
    """The first file whose type and length are known is the enclosure: RSS 2.0 wants both, and readers take only one."""
    enclosure = next(filter(_is_enclosure, article.enclosures), None)
    if enclosure:
        SubElement(
            item,
            "enclosure",
            {"url": wire.uri(enclosure.url), "length": str(enclosure.length), "type": wire.media_type(enclosure.type) or ""},
        )
    for file in article.enclosures:
        if file is not enclosure:
            element = SubElement(item, QName(_MEDIA, "content"), dict(_described(file)))
            if title := wire.told(file.title):
                _text(element, QName(_MEDIA, "title"), title, type="plain")
    if article.image:
        SubElement(item, QName(_MEDIA, "content"), {"url": wire.uri(article.image), "medium": "image"})
        SubElement(item, QName(_MEDIA, "thumbnail"), {"url": wire.uri(article.image)})


def _is_enclosure(file: Enclosure) -> bool:
    return bool(wire.media_type(file.type)) and file.length is not None and wire.is_public(wire.uri(file.url))


def _described(file: Enclosure) -> Iterator[tuple[str, str]]:
    yield "url", wire.uri(file.url)
    if file.length:
        yield "fileSize", str(file.length)
    if kind := wire.media_type(file.type):
        yield "type", kind


def _text(parent: _Element, tag: str | QName, text: str, **attributes: str) -> _Element:
    element = SubElement(parent, tag, {name: wire.clean(value) for name, value in attributes.items()})
    element.text = wire.clean(text)
    return element
