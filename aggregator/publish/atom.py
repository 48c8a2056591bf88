"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from lxml import etree
from lxml.etree import SubElement, _Element

from aggregator.model import Article, Enclosure, FeedDocument, Source
from aggregator.text import urls, wire

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_MEDIA = "http://search.yahoo.com/mrss/"
_NAMESPACES = {None: _ATOM, "fh": _HISTORY, "media": _MEDIA}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "University news aggregator"
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""RFC 4287 §4.1.1 demands a moment even of a feed that never had anything: when this program was written."""
_MICROSECOND = timedelta(microseconds=1)


def write(document: FeedDocument, address: str) -> bytes:
    """The document as Atom 1.0; ``address`` is its own address.

    Every entry has an author: where its origin names none, the source is one (§4.1.2). Without any date of its own it was updated when first seen (§4.2.15).
    """
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
    if language := wire.language(document.language):
        root.set(_LANGUAGE, language)
    _text(root, "id", uuid5(NAMESPACE_URL, document.address).urn)
    _text(root, "title", wire.told(document.title, document.address))
    if description := wire.told(document.description):
        _text(root, "subtitle", description)
    _text(root, "updated", wire.rfc3339(document.updated or max(map(_updated, document.articles), default=_BEGINNING)))
    _link(root, rel="self", type="application/atom+xml", href=address)
    _link(root, rel="alternate", type="text/html", href=document.home)
    if document.hub:
        _link(root, rel="hub", href=document.hub)
    for relation, other in document.links.items():
        _link(root, rel=relation, type="application/atom+xml", href=other)
    _text(root, "generator", _GENERATOR)
    if document.archive:
        SubElement(root, f"{{{_HISTORY}}}archive")
    for article, moment in zip(document.articles, _moments(document.articles), strict=True):
        _entry(SubElement(root, f"{{{_ATOM}}}entry"), article, moment, document)
    if document.style:
        root.addprevious(wire.styled(document.style))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8")


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


def _entry(entry: _Element, article: Article, moment: str, document: FeedDocument) -> None:
    source = document.sources.get(article.source)
    if language := wire.language(article.language):
        entry.set(_LANGUAGE, language)
    _text(entry, "id", f"urn:uuid:{article.id}")
    title = wire.told(article.title, article.summary, article.url, article.id)
    _words(entry, "title", title)
    if article.url:
        _link(entry, rel="alternate", type="text/html", href=article.url)
    for report in document.reports.get(article.id, ()):
        if report.url:
            _link(entry, rel="related", type="text/html", title=report.title, href=report.url)
    _text(entry, "updated", moment)
    if article.published:
        _text(entry, "published", wire.rfc3339(article.published))
    for author in tuple(filter(str.strip, map(wire.clean, article.authors))) or (
        _title(source) if source else wire.told(document.title, document.address),
    ):
        _text(SubElement(entry, f"{{{_ATOM}}}author"), "name", author)
    for category in dict.fromkeys(filter(str.strip, map(wire.clean, article.tags))):
        SubElement(entry, f"{{{_ATOM}}}category", {"term": category})
    for mention in article.mentions or ():
        said = {"term": wire.clean(mention.name)} | ({"scheme": mention.ror} if mention.ror else {})
        SubElement(entry, f"{{{_ATOM}}}category", dict(said))
    for file in article.enclosures:
        _link(entry, rel="enclosure", href=file.url, **dict(_described(file)))
    if article.image:
        SubElement(entry, f"{{{_MEDIA}}}thumbnail", {"url": wire.uri(article.image)})
    if source:
        _source(SubElement(entry, f"{{{_ATOM}}}source"), source, _updated(article))
    summary, content = wire.told(article.summary), wire.told(article.content)
    if summary:
        _words(entry, "summary", summary)
    if content:
        _text(entry, "content", content, type="html")
    elif not (summary and article.url):
        _words(entry, "content", summary or title)


def _source(element: _Element, source: Source, updated: datetime) -> None:
    """§4.2.11. Of its own ``updated`` we know only that it is not before that of the entry."""
    _text(element, "id", wire.uri(source.url))
    _text(element, "title", _title(source))
    _link(element, rel="self" if source.kind in ("feed", "jsonfeed") else "alternate", href=source.url)
    _text(element, "updated", wire.rfc3339(updated))


def _title(source: Source) -> str:
    return wire.told(source.title, urls.host(source.url), source.id)


def _described(file: Enclosure) -> Iterator[tuple[str, str]]:
    if kind := wire.media_type(file.type):
        yield "type", kind
    if file.length is not None:
        yield "length", str(file.length)
    if title := wire.told(file.title):
        yield "title", title


def _link(parent: _Element, *, href: str, **attributes: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}link", {name: wire.clean(value) for name, value in attributes.items()} | {"href": wire.uri(href)})


def _words(parent: _Element, name: str, text: str) -> None:
    """A text construct (§3.1). What might be taken for markup is said to be HTML, and escaped: then nobody has to guess."""
    if wire.is_like_markup(text):
        _text(parent, name, html.escape(text, quote=False), type="html")
    else:
        _text(parent, name, text)


def _text(parent: _Element, name: str, text: str, **attributes: str) -> None:
    element = SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = wire.clean(text)
