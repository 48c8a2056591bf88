"""The site for programs: nouns as JSON, and the description of both in OpenAPI 3.1. Pure. Addresses and fields are only ever added within ``v1``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aggregator import __version__
from aggregator.model import TOPICS, Article, Mention, Source, University
from aggregator.text import wire

PLACE = "/api/v1"
MOST = 100
"""Articles in one answer."""
USUAL = 50

Json = Mapping[str, Any]


def article(found: Article, site: str) -> Json:
    """All that is published of it; what is not known is null, so that every article has the same fields."""
    return {
        "id": found.id,
        "title": wire.clean(found.title),
        "url": found.url and wire.uri(found.url),
        "page": f"{site}/articles/{found.id}/",
        "source": found.source,
        "university": found.university,
        "published": _moment(found.published),
        "updated": _moment(found.updated),
        "precision": found.precision,
        "first_seen": _moment(found.first_seen),
        "language": found.language,
        "authors": [wire.clean(name) for name in found.authors],
        "categories": [wire.clean(name) for name in found.categories],
        "topic": found.topic,
        "mentions": [_mention(each) for each in found.mentions or ()],
        "story": found.story,
        "copy_of": found.copy_of,
        "summary": found.summary and wire.clean(found.summary),
        "content_html": found.content and wire.clean(found.content),
        "image": found.image and wire.uri(found.image),
        "attachments": [
            {"url": wire.uri(each.url), "type": each.type, "length": each.length, "title": each.title} for each in found.enclosures
        ],
    }


def _mention(found: Mention) -> Json:
    names = ("name", "university", "ror", "country", "about")
    return {name: getattr(found, name) for name in names}


def articles(found: Sequence[Article], site: str, following: str | None) -> Json:
    return {"articles": [article(each, site) for each in found], "next": following}


def source(found: Source) -> Json:
    names = ("id", "url", "kind", "title", "university", "language", "timezone")
    return {name: getattr(found, name) for name in names}


def university(found: University, site: str, feeds: Sequence[str]) -> Json:
    names = ("id", "name", "country", "city", "timezone", "ror", "home")
    place = f"{site}/universities/{found.id}"
    told = {name: getattr(found, name) for name in names}
    return told | {
        "names": dict(found.names),
        "aliases": list(found.aliases),
        "feeds": {extension: f"{place}.{extension}" for extension in feeds},
    }


def feed(name: str, title: str, where: str, site: str, feeds: Sequence[str]) -> Json:
    return {"name": name, "title": title, "query": where, "feeds": {extension: f"{site}/feeds/{name}.{extension}" for extension in feeds}}


def problem(status: int, detail: str, *, position: int | None = None, remedy: str | None = None) -> Json:
    """As RFC 9457 has it, with where in a query it is, and what to try."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "position": position, "remedy": remedy}


def written(told: Json) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _moment(moment: datetime | None) -> str | None:
    return wire.rfc3339(moment) if moment else None


# --- OpenAPI -------------------------------------------------------------------------------------------------------------------------------


def description(title: str, site: str) -> Json:
    """What stands at ``/api/openapi.json``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: news of universities",
            "version": __version__,
            "description": "Read only, open to every origin. Answers carry an ETag; ask with If-None-Match. A query is written as in search and feeds.",
        },
        "servers": [{"url": site}],
        "paths": _PATHS,
        "components": {"schemas": _SCHEMAS},
    }


def _object(fields: Mapping[str, Any]) -> Json:
    return {"type": "object", "required": list(fields), "properties": fields}


def _of(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str, schema: str, more: Mapping[str, Any] | None = None) -> Json:
    return _object({name: {"type": "array", "items": _of(schema)}, **(more or {})})


def _answers(schema: Any, **more: str) -> Json:
    told = {"200": {"description": "Found", "content": {"application/json": {"schema": schema}}}}
    refused = {status[1:]: text for status, text in more.items()} | {"503": "The database is busy; Retry-After says when to ask again"}
    problems = {
        status: {"description": text, "content": {"application/problem+json": {"schema": _of("Problem")}}}
        for status, text in refused.items()
    }
    return told | problems | {"304": {"description": "Unchanged since the ETag of If-None-Match"}}


def _get(summary: str, answers: Json, parameters: Sequence[Json] = ()) -> Json:
    return {
        "get": {"summary": summary, "operationId": summary.lower().replace(" ", "_"), "parameters": list(parameters), "responses": answers}
    }


_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_URL = {"type": "string", "format": "uri"}
_MAYBE_URL = {"type": ["string", "null"], "format": "uri"}
_WHEN = {"type": ["string", "null"], "format": "date-time"}
_ADDRESSES = {"type": "object", "additionalProperties": _URL}

_SCHEMAS = {
    "Article": _object(
        {
            "id": {"type": "string", "format": "uuid", "description": "For life; in feeds it is urn:uuid: and this."},
            "title": _TEXT,
            "url": _MAYBE_URL,
            "page": _URL,
            "source": _TEXT,
            "university": _MAYBE,
            "published": _WHEN,
            "updated": _WHEN,
            "precision": {
                "enum": ["day", "minute", "second", None],
                "description": "Of published; a day is noon in the zone of its source.",
            },
            "first_seen": {"type": "string", "format": "date-time"},
            "language": _MAYBE,
            "authors": _TEXTS,
            "categories": _TEXTS,
            "topic": {"enum": list(TOPICS), "description": "What it is for."},
            "mentions": {
                "type": "array",
                "description": "The universities that it names, and those that it is about.",
                "items": _object({"name": _TEXT, "university": _MAYBE, "ror": _MAYBE_URL, "country": _MAYBE, "about": {"type": "boolean"}}),
            },
            "story": {
                "type": ["string", "null"],
                "description": "The story that it and others tell: the id of the article that told it first.",
            },
            "copy_of": {"type": ["string", "null"], "description": "The id of the article whose text this is once more."},
            "summary": _MAYBE,
            "content_html": {"type": ["string", "null"], "description": "Sanitized, with absolute addresses."},
            "image": _MAYBE_URL,
            "attachments": {
                "type": "array",
                "items": _object({"url": _URL, "type": _MAYBE, "length": {"type": ["integer", "null"]}, "title": _MAYBE}),
            },
        }
    ),
    "Source": _object(
        {"id": _TEXT, "url": _URL, "kind": _TEXT, "title": _MAYBE, "university": _MAYBE, "language": _MAYBE, "timezone": _MAYBE}
    ),
    "University": _object(
        {
            "id": _TEXT,
            "name": _TEXT,
            "country": _MAYBE,
            "city": _MAYBE,
            "timezone": _MAYBE,
            "ror": _MAYBE,
            "home": _MAYBE_URL,
            "names": {"type": "object", "additionalProperties": _TEXT},
            "aliases": _TEXTS,
            "feeds": _ADDRESSES,
        }
    ),
    "Feed": _object({"name": _TEXT, "title": _TEXT, "query": _TEXT, "feeds": _ADDRESSES}),
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "position": {"type": ["integer", "null"], "description": "Where in the query, from 0."},
            "remedy": _MAYBE,
        }
    ),
}
_Q = {
    "name": "q",
    "in": "query",
    "description": "Which articles, for example: country:CN ice -hockey",
    "schema": {"type": "string", "maxLength": 1000},
}
_LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}}
_BEFORE = {"name": "before", "in": "query", "description": "Where the next page begins, as the address in `next` has it.", "schema": _TEXT}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_PATHS = {
    f"{PLACE}/articles": _get(
        "List articles",
        _answers(_many("articles", "Article", {"next": _MAYBE_URL}), _400="The query, the limit or the place is not understood"),
        (_Q, _LIMIT, _BEFORE),
    ),
    f"{PLACE}/articles/{{id}}": _get("Get an article", _answers(_of("Article"), _404="There is no such article"), (_ID,)),
    f"{PLACE}/feeds": _get("List feeds", _answers(_many("feeds", "Feed"))),
    f"{PLACE}/sources": _get("List sources", _answers(_many("sources", "Source"))),
    f"{PLACE}/universities": _get("List universities", _answers(_many("universities", "University"))),
}
