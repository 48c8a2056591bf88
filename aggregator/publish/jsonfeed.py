"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.model import Article, Enclosure, FeedDocument, Report, Source
from aggregator.text import urls, wire

_VERSION = "https://jsonfeed.org/version/1.1"


def write(document: FeedDocument, address: str) -> bytes:
    """The document as JSON Feed 1.1; ``address`` is its own address.

    The format has no word for where an item comes from; ``_aggregator`` says it: the source's title and address, the university's id, when the item was first seen, and where else it stands or is told.
    """
    feed = {
        "version": _VERSION,
        "title": wire.clean(document.title),
        "home_page_url": wire.uri(document.home),
        "feed_url": wire.uri(address),
        "description": wire.clean(document.description),
        "language": document.language and wire.clean(document.language),
        "items": [
            _item(article, document.sources.get(article.source), document.reports.get(article.id, ())) for article in document.articles
        ],
    }
    return json.dumps(_known(feed, always=("title", "items")), ensure_ascii=False, separators=(",", ":")).encode()


def _item(article: Article, source: Source | None, reports: Sequence[Report]) -> Mapping[str, Any]:
    content = (
        {"content_html": wire.clean(article.content)} if article.content else {"content_text": wire.clean(article.summary or article.title)}
    )
    item = {
        "id": f"urn:uuid:{article.id}",
        "url": article.url and wire.uri(article.url),
        "title": wire.clean(article.title),
        **content,
        "summary": article.summary and wire.clean(article.summary),
        "image": article.image and wire.uri(article.image),
        "date_published": article.published and wire.rfc3339(article.published),
        "date_modified": article.updated and wire.rfc3339(article.updated),
        "authors": [{"name": name} for name in map(wire.clean, article.authors) if name.strip()],
        "tags": list(dict.fromkeys(filter(str.strip, map(wire.clean, article.tags)))),
        "language": article.language and wire.clean(article.language),
        "attachments": [_attachment(file) for file in article.enclosures if wire.media_type(file.type)],
        "_aggregator": _origin(article, source, reports),
    }
    return _known(item, always=tuple(content))


def _attachment(file: Enclosure) -> Mapping[str, Any]:
    found = {
        "url": wire.uri(file.url),
        "mime_type": wire.media_type(file.type),
        "title": file.title and wire.clean(file.title),
        "size_in_bytes": file.length,
    }
    return _known(found, always=("size_in_bytes",) if file.length is not None else ())


def _origin(article: Article, source: Source | None, reports: Sequence[Report]) -> Mapping[str, Any]:
    return _known(
        {
            "source": source and {"title": wire.clean(source.title or urls.host(source.url)), "url": wire.uri(source.url)},
            "university": article.university and wire.clean(article.university),
            "first_seen": wire.rfc3339(article.first_seen),
            "also": [_report(report) for report in reports],
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


def _known(fields: Mapping[str, Any], *, always: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """What is not known is left out: the format has no null."""
    return {name: value for name, value in fields.items() if value or name in always}
