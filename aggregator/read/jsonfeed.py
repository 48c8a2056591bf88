"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/) → Reading, tolerant of wrong types."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aggregator.errors import ReadError
from aggregator.model import Enclosure, Entry, Hints, Page, Reading, Source
from aggregator.text import charset, markup, urls
from aggregator.text.dates import Moment, parse_date

LARGEST: Final = 15_000_000
"""Bytes of a feed that are read."""

MOST_ENTRIES: Final = 5_000
_MOST_PARTS: Final = 200
_LONGEST_TITLE: Final = 20_000
_LONGEST_NUMBER: Final = 300
_NEWS: Final = "Give the address of the site's news page or of its feed."
_ERROR_KEYS: Final = ("error", "errors", "message", "detail", "code", "status")

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Context:
    source: Source
    now: datetime
    base: str
    language: str | None
    authors: tuple[str, ...]


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """What the JSON Feed says. Raises ReadError where the page is none, and nothing else. At most 5,000 entries, in the order of the document."""
    if len(page.body) > LARGEST:
        raise ReadError(
            f"{page.url}: a feed of {len(page.body):,} bytes is more than is read ({LARGEST:,})", remedy="Look for a feed with fewer items."
        )
    feed = _feed(_parsed(page), page.url)
    home = urls.absolute(page.url, _text(feed.get("home_page_url")))
    authors = _authors(feed)
    language = _line(feed.get("language"))
    context = _Context(source, now, home or page.url, language, authors)
    items = [item for item in feed["items"][:MOST_ENTRIES] if isinstance(item, dict)]
    return Reading(
        entries=tuple(_entry(item, context) for item in items),
        reader="jsonfeed",
        title=_line(feed.get("title")),
        link=home,
        description=_line(feed.get("description")),
        language=language,
        author=authors[0] if authors else None,
        hints=Hints(hub=_hub(feed, page.url), topic=urls.absolute(page.url, _text(feed.get("feed_url")))),
    )


def _hub(feed: Object, base: str) -> str | None:
    """The first that speaks WebSub; ``rssCloud`` is another protocol."""
    for hub in _list(feed.get("hubs")):
        if (
            isinstance(hub, dict)
            and (_text(hub.get("type")) or "").lower() in ("websub", "pubsubhubbub")
            and (url := _text(hub.get("url")))
        ):
            return urls.absolute(base, url)
    return None


def _parsed(page: Page) -> Any:
    text = charset.decode(page.body, content_type=page.content_type).text.strip("\ufeff\x00 \t\r\n")
    if not text:
        raise ReadError(
            f"{page.url}: an empty page, not a JSON Feed",
            remedy="Try again later; if it stays empty, look for the feed elsewhere on the site.",
        )
    try:
        return json.loads(text, parse_int=_whole, parse_constant=_nothing, strict=False)
    except RecursionError as problem:
        raise ReadError(f"{page.url}: JSON nested too deeply to be read", remedy=_NEWS) from problem
    except ValueError as problem:
        what = "HTML or XML" if text.startswith("<") else "no valid JSON"
        raise ReadError(
            f"{page.url}: {what}, not a JSON Feed ({problem})", remedy="Set `kind: auto`, and the page is read as what it is."
        ) from problem


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _nothing(_: str) -> None:
    """NaN and Infinity are no JSON (RFC 8259 §6)."""


def _feed(found: Any, url: str) -> dict[str, Any]:
    if isinstance(found, dict) and isinstance(found.get("items"), list) and _is_feed(found):
        return found
    if isinstance(found, dict) and "jsonfeed.org" in str(found.get("version", "")):
        return found | {"items": []}
    if isinstance(found, dict) and any(key in found for key in _ERROR_KEYS):
        said = next(_text(found[key]) or "" for key in _ERROR_KEYS if key in found)[:200]
        raise ReadError(
            f"{url}: a JSON error message ({said!r}), not a JSON Feed",
            remedy="Look at the address in a browser; it may have moved or need a login.",
        )
    what = "a JSON list" if isinstance(found, list) else "JSON of another kind" if isinstance(found, dict) else "a single JSON value"
    raise ReadError(f"{url}: {what}, not a JSON Feed: it has no `version` of jsonfeed.org and no `items`", remedy=_NEWS)


def _is_feed(found: dict[str, Any]) -> bool:
    """Its version says so, or its items have the names that only a JSON Feed gives them."""
    if "jsonfeed.org" in str(found.get("version", "")):
        return True
    names = ("content_html", "content_text", "date_published", "external_url", "home_page_url", "feed_url")
    return any(name in holder for holder in (found, *found["items"][:10]) if isinstance(holder, dict) for name in names)


# --- one entry -------------------------------------------------------------------------------------------------------------------


def _entry(item: Object, context: _Context) -> Entry:
    url, url_rule = _url(item, context.base)
    inside = url or context.base
    published, updated = _moment(item.get("date_published"), context), _moment(item.get("date_modified"), context)
    moment = published or updated
    authors = _authors(item)
    image, image_rule = _image(item, inside)
    summary, content = _escaped(item.get("summary")), _content(item)
    title, guid, language = _line(item.get("title")), _text(item.get("id")), _line(item.get("language"))
    stated = {
        "title": (title, "title"),
        "url": (url, url_rule),
        "id": (guid, "id"),
        "published": (published, "date_published"),
        "updated": (updated, "date_modified"),
        "authors": (authors or context.authors, "authors" if authors else "the feed's authors"),
        "summary": (summary, "summary"),
        "content": (content, "content_html" if _text(item.get("content_html")) else "content_text"),
        "image": (image, image_rule),
        "language": (language or context.language, "language" if language else "the feed's language"),
    }
    return Entry(
        title=title,
        url=url,
        id=guid,
        published=published.when if published else None,
        updated=updated.when if updated else None,
        precision=moment.precision if moment else None,
        authors=authors or context.authors,
        summary=summary,
        content=markup.absolutize(content, inside) if content else None,
        image=image,
        language=language or context.language,
        categories=tuple(dict.fromkeys(tag for value in _list(item.get("tags")) if (tag := _line(value)))),
        enclosures=tuple(_enclosures(item, inside)),
        provenance={name: f"jsonfeed: {rule}" for name, (value, rule) in stated.items() if value},
    )


def _url(item: Object, base: str) -> tuple[str | None, str]:
    for name in ("url", "external_url", "id"):
        text = _text(item.get(name))
        if text and (name != "id" or text.startswith(("http://", "https://"))) and (found := urls.absolute(base, text)):
            return found, name
    return None, ""


def _moment(value: Any, context: _Context) -> Moment | None:
    text = _text(value)
    return parse_date(text[:100], now=context.now, timezone=context.source.timezone, language=context.source.language) if text else None


def _content(item: Object) -> str | None:
    return _text(item.get("content_html")) or _escaped(item.get("content_text"))


def _escaped(value: Any) -> str | None:
    """Plain text as HTML; its lines stay lines."""
    text = _text(value)
    return html.escape(text, quote=False).replace("\n", "<br>\n") if text else None


def _image(item: Object, base: str) -> tuple[str | None, str]:
    for name in ("image", "banner_image"):
        value = item.get(name)
        address = value.get("url") if isinstance(value, dict) else value
        if found := urls.absolute(base, _text(address)):
            return found, name
    for attachment in _attachments(item):
        if (_text(attachment.get("mime_type")) or "").startswith("image/") and (found := urls.absolute(base, _text(attachment.get("url")))):
            return found, "attachments"
    return None, ""


def _authors(holder: Object) -> tuple[str, ...]:
    """``authors`` of version 1.1, or the one ``author`` of version 1; a bare string counts as a name."""
    people = _list(holder.get("authors")) or _list(holder.get("author"))
    names = (_line(person.get("name")) if isinstance(person, dict) else _line(person) for person in people)
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosures(item: Object, base: str) -> Iterator[Enclosure]:
    for attachment in _attachments(item):
        if url := urls.absolute(base, _text(attachment.get("url"))):
            yield Enclosure(url, _text(attachment.get("mime_type")), _size(attachment.get("size_in_bytes")), _line(attachment.get("title")))


def _attachments(item: Object) -> list[Object]:
    return [value for value in _list(item.get("attachments")) if isinstance(value, dict)]


def _size(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not 0 < value < 1e15:
        return None
    return int(value)


# --- values of any type ----------------------------------------------------------------------------------------------------------


def _list(value: Any) -> list[Any]:
    return value[:_MOST_PARTS] if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str | None:
    """A string or number as text that XML may hold; None for all else, and where nothing is left."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return markup.legal(str(value)).strip() or None


def _line(value: Any) -> str | None:
    """One line of plain text: titles and names of a JSON Feed hold no markup."""
    text = _text(value)
    return markup.line(html.unescape(text[:_LONGEST_TITLE])) or None if text else None
