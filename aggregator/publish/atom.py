"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.etree import SubElement, _Element

from aggregator.model import Article, Enclosure, FeedDocument, Source
from aggregator.text import urls, wire

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "University news aggregator"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""RFC 4287 §4.1.1 demands a moment even of a feed that never had anything."""


def write(document: FeedDocument, address: str) -> bytes:
    """The document as Atom 1.0; ``address`` is its own address.

    Every entry has an author: where its origin names none, the source is one (§4.1.2). Without any date of its own it was updated when first seen (§4.2.15).
    """
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    if document.language:
        root.set(_LANGUAGE, wire.clean(document.language))
    _text(root, "id", uuid5(NAMESPACE_URL, document.address).urn)
    _text(root, "title", document.title)
    if document.description:
        _text(root, "subtitle", document.description)
    _text(root, "updated", wire.rfc3339(document.updated or max(map(_updated, document.articles), default=_BEGINNING)))
    _link(root, rel="self", type="application/atom+xml", href=address)
    _link(root, rel="alternate", type="text/html", href=document.home)
    _text(root, "generator", _GENERATOR)
    for article in document.articles:
        _entry(SubElement(root, f"{{{_ATOM}}}entry"), article, document)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _updated(article: Article) -> datetime:
    return article.updated or article.published or article.first_seen


def _entry(entry: _Element, article: Article, document: FeedDocument) -> None:
    source = document.sources.get(article.source)
    if article.language:
        entry.set(_LANGUAGE, wire.clean(article.language))
    _text(entry, "id", f"urn:uuid:{article.id}")
    _text(entry, "title", article.title)
    if article.url:
        _link(entry, rel="alternate", type="text/html", href=article.url)
    for report in document.reports.get(article.id, ()):
        if report.url:
            _link(entry, rel="related", type="text/html", title=report.title, href=report.url)
    _text(entry, "updated", wire.rfc3339(_updated(article)))
    if article.published:
        _text(entry, "published", wire.rfc3339(article.published))
    for author in tuple(filter(str.strip, map(wire.clean, article.authors))) or (_title(source) if source else document.title,):
        _text(SubElement(entry, f"{{{_ATOM}}}author"), "name", author)
    for category in dict.fromkeys(filter(str.strip, map(wire.clean, article.tags))):
        SubElement(entry, f"{{{_ATOM}}}category", {"term": category})
    for file in article.enclosures:
        _link(entry, rel="enclosure", href=file.url, **dict(_described(file)))
    if source:
        _source(SubElement(entry, f"{{{_ATOM}}}source"), source, _updated(article))
    if article.summary:
        _text(entry, "summary", article.summary)
    if article.content:
        _text(entry, "content", article.content, type="html")
    elif not article.url:
        _text(entry, "content", article.summary or article.title)


def _source(element: _Element, source: Source, updated: datetime) -> None:
    """§4.2.11. Of its own ``updated`` we know only that it is not before that of the entry."""
    _text(element, "id", wire.uri(source.url))
    _text(element, "title", _title(source))
    _link(element, rel="self" if source.kind in ("feed", "jsonfeed") else "alternate", href=source.url)
    _text(element, "updated", wire.rfc3339(updated))


def _title(source: Source) -> str:
    return source.title or urls.host(source.url)


def _described(file: Enclosure) -> Iterator[tuple[str, str]]:
    if kind := wire.media_type(file.type):
        yield "type", kind
    if file.length is not None:
        yield "length", str(file.length)
    if file.title and file.title.strip():
        yield "title", file.title


def _link(parent: _Element, *, href: str, **attributes: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}link", {name: wire.clean(value) for name, value in attributes.items()} | {"href": wire.uri(href)})


def _text(parent: _Element, name: str, text: str, **attributes: str) -> None:
    element = SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = wire.clean(text)
