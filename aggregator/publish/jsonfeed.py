"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import JSONEncoder
from typing import Any

from aggregator.model import Article, Enclosure, FeedDocument, Mention, Report, Source
from aggregator.publish.items import Writing, authors, title_of
from aggregator.text import wire

_VERSION = "https://jsonfeed.org/version/1.1"
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(document: FeedDocument, address: str, written: Writing) -> bytes:
    """The document as JSON Feed 1.1; ``address`` is its own address.

    The format has no word for where an item comes from; ``_aggregator`` says it: the source's title and address, the university's id, when the item was first seen, and where else it stands or is told.
    """
    feed = {
        "version": _VERSION,
        "title": wire.told(document.title, document.address),
        "home_page_url": wire.uri(document.home),
        "feed_url": wire.uri(address),
        "description": wire.clean(document.description),
        "next_url": _next(document),
        "hubs": [{"type": "WebSub", "url": wire.uri(document.hub)}] if document.hub else None,
        "language": wire.language(document.language),
    }
    items = b",".join(
        [
            written(_item, article, document.sources.get(article.source), document.reports.get(article.id, ()))
            for article in document.articles
        ]
    )
    return b'%b,"items":[%b]}' % (_encode(_known(feed, always=("title",))).encode()[:-1], items)


def _next(document: FeedDocument) -> str | None:
    """The format has one chain of older items, whichever way they are kept."""
    older = document.links.get("prev-archive") or document.links.get("next")
    return older and wire.uri(older)


def _item(article: Article, source: Source | None, reports: Sequence[Report]) -> bytes:
    title, content_html = wire.told(article.title, article.summary, article.url, article.id), wire.told(article.content)
    content = {"content_html": content_html} if content_html else {"content_text": wire.told(article.summary, title)}
    item = {
        "id": f"urn:uuid:{article.id}",
        "url": article.url and wire.uri(article.url),
        "title": title,
        **content,
        "summary": wire.told(article.summary),
        "image": article.image and wire.uri(article.image),
        "date_published": article.published and wire.rfc3339(article.published),
        "date_modified": article.updated and wire.rfc3339(article.updated),
        "authors": [{"name": name} for name in authors(article, source)],
        "tags": list(dict.fromkeys(filter(str.strip, map(wire.clean, (*article.tags, *(each.name for each in article.mentions or ())))))),
        "language": wire.language(article.language),
        "attachments": [_attachment(file) for file in article.enclosures if wire.media_type(file.type)],
        "_aggregator": _origin(article, source, reports),
    }
    return _encode(_known(item, always=tuple(content))).encode()


def _attachment(file: Enclosure) -> Mapping[str, Any]:
    found = {
        "url": wire.uri(file.url),
        "mime_type": wire.media_type(file.type),
        "title": wire.told(file.title),
        "size_in_bytes": file.length,
    }
    return _known(found, always=("size_in_bytes",) if file.length is not None else ())


def _origin(article: Article, source: Source | None, reports: Sequence[Report]) -> Mapping[str, Any]:
    return _known(
        {
            "source": source and {"title": title_of(source), "url": wire.uri(source.url)},
            "university": article.university and wire.clean(article.university),
            "first_seen": wire.rfc3339(article.first_seen),
            "also": [_report(report) for report in reports],
            "mentions": [_mentioned(mention) for mention in article.mentions or ()],
        }
    )


def _report(report: Report) -> Mapping[str, Any]:
    fields = {
        "title": wire.clean(report.title),
        "url": report.url and wire.uri(report.url),
        "language": report.language and wire.clean(report.language),
        "same_text": report.copy,
    }
    return _known(fields, always=("title",))


def _mentioned(mention: Mention) -> Mapping[str, Any]:
    named = {"name": wire.clean(mention.name), "ror": mention.ror, "university": mention.university, "country": mention.country}
    return _known(named | {"about": mention.about or None})


def _known(fields: Mapping[str, Any], *, always: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """What is not known is left out: the format has no null."""
    return {name: value for name, value in fields.items() if value or name in always}
