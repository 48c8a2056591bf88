"""What a page says to machines: JSON-LD, microdata, microformats, and the state that scripts start from.

Certain where it is there, but often only about a part of the page: ``aggregator.read`` compares it with the list that people see.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.model import Attempt, Entry, Page, Reading, Source
from aggregator.text import css, dates, links, rows, urls
from aggregator.text.document import Document, document
from aggregator.text.markup import plain

LONGEST: Final = 2_000_000
"""Characters of one script that are read."""

NEWS_TYPES: Final = frozenset(
    {
        "NewsArticle",
        "Article",
        "BlogPosting",
        "Report",
        "ReportageNewsArticle",
        "ScholarlyArticle",
        "TechArticle",
        "SocialMediaPosting",
        "LiveBlogPosting",
        "DiscussionForumPosting",
        "Announcement",
        "SpecialAnnouncement",
    }
)
"""Types of schema.org that are items of news. Events are not: their date is when they happen."""

TITLES: Final = ("headline", "title", "name", "newsTitle", "subject")
LINKS: Final = ("url", "link", "href", "permalink", "path", "fullUrl", "canonicalUrl", "uri", "slug")
DATES: Final = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "publish_date",
    "pubDate",
    "publicationDate",
    "publishTime",
    "date",
    "dateCreated",
    "createdAt",
    "created_at",
    "releaseTime",
)
SUMMARIES: Final = ("description", "summary", "excerpt", "abstract", "intro", "teaser", "lead")
IMAGES: Final = ("image", "thumbnailUrl", "thumbnail", "imageUrl", "cover", "featuredImage")

_STATE = re.compile(
    r"(?:window\.)?(?:__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|__NEXT_DATA__|__INITIAL_DATA__|__NUXT__|__STATE__|__DATA__)\s{0,5}=\s{0,5}(?=[{\[])"
)

_HOLDERS: Final = ("data-page", "data-props", "props", "data-react-props", "data-state", "data-initial-state", "data-items", "data-json")
"""Attributes in which frameworks leave the state of what a script builds: Inertia, islands of Astro and React."""

_HOLDING: Final = etree.XPath("descendant-or-self::*[" + " or ".join(f"@{name}" for name in _HOLDERS) + "]")
_MOST_HOLDERS: Final = 50

Item = Mapping[str, Any]


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """The items that the page describes for machines. Raises ReadError where it describes no list of news."""
    return read_document(document(page), source, now=now)


def read_document(parsed: Document, source: Source, *, now: datetime) -> Reading:
    """``read`` for a page that is parsed already."""
    found = search(parsed, source, now=now)
    entries = found.entries()
    if len(entries) < 2:
        raise _nothing(parsed)
    return parsed.reading(entries, found.reader, *found.attempts)


def search(parsed: Document, source: Source, *, now: datetime) -> rows.Found:
    """The first form in which the page describes a list, its entries not made yet. Raises ReadError where there is none."""
    clock = rows.Clock(now, source.timezone, source.language or parsed.language)
    for reader, find in _FORMS.items():
        told = find(parsed, clock)
        addresses = tuple(_others((item.url for item in told), parsed))
        if len(addresses) > 1:
            attempt = Attempt(reader, len(addresses), "described for machines")
            return rows.Found(reader, addresses, (attempt,), partial(_made, told, parsed, clock, reader))
    raise _nothing(parsed)


def _nothing(parsed: Document) -> ReadError:
    return ReadError(
        f"{parsed.url}: no list of news is described for machines (JSON-LD, microdata, microformats, embedded state)",
        remedy="take the kind detect",
    )


def _made(told: Sequence[Entry | rows.Row], parsed: Document, clock: rows.Clock, reader: str) -> tuple[Entry, ...]:
    shown = [item for item in told if isinstance(item, rows.Row)]
    entries = (*(item for item in told if isinstance(item, Entry)), *rows.entries(shown, clock=clock, base=parsed.base, reader=reader))
    wanted = dict.fromkeys(_others((entry.url for entry in entries if entry.title), parsed))
    by_address = {entry.url: entry for entry in reversed(entries) if entry.title}
    return tuple(by_address[url] for url in wanted)


def _others(addresses: Iterable[str | None], parsed: Document) -> Iterator[str]:
    """Each address once, and never that of the page itself: an article describes itself before it describes others."""
    seen = {urls.key(parsed.url)}
    for url in addresses:
        if url and (key := urls.key(url)) not in seen:
            seen.add(key)
            yield url
        if len(seen) > rows.LONGEST:
            return


def _json_ld(parsed: Document, clock: rows.Clock) -> list[Entry]:
    return [
        entry
        for element in parsed.root.iter("script")
        if (element.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"
        for item in _objects(_loaded(element.text))
        if _types(item) & NEWS_TYPES and (entry := _entry(item, parsed, clock, "structured:json-ld")).title
    ]


def _microdata(parsed: Document, _: rows.Clock) -> list[rows.Row]:
    items = [
        element
        for element in _find(parsed.root, "[itemscope][itemtype]")
        if {name.rpartition("/")[2] for name in (element.get("itemtype") or "").split()} & NEWS_TYPES
    ]
    named = (_row(item, parsed, title="[itemprop~=headline], [itemprop~=name]", date="[itemprop~=datePublished]") for item in items)
    return [row for row in named if row]


def _microformats(parsed: Document, _: rows.Clock) -> list[rows.Row]:
    """h-entry (microformats2) and hAtom."""
    named = (
        _row(item, parsed, title=".p-name, .entry-title", date=".dt-published, .published")
        for item in _find(parsed.root, ".h-entry, .hentry")
    )
    return [row for row in named if row]


def _state(parsed: Document, clock: rows.Clock) -> list[Entry]:
    """The longest list of objects with a title and an address in the state of a script."""
    best: list[Entry] = []
    for state in _states(parsed.root):
        for items in _lists(state):
            found = [_entry(item, parsed, clock, "structured:state") for item in items[: rows.LONGEST]]
            told = [entry for entry in found if entry.url and entry.title and entry.published]
            if len(told) > len(best):
                best = told
    return best


def _states(root: HtmlElement) -> Iterator[object]:
    yield from map(_state_of, root.iter("script"))
    for element in _HOLDING(root)[:_MOST_HOLDERS]:
        yield from (_loaded(value) for name in _HOLDERS if (value := element.get(name) or "")[:1] in ("{", "[") and len(value) > 1)


_FORMS: Final[Mapping[str, Callable[[Document, rows.Clock], Sequence[Entry | rows.Row]]]] = {
    "structured:json-ld": _json_ld,
    "structured:microdata": _microdata,
    "structured:h-feed": _microformats,
    "structured:state": _state,
}


def _find(element: HtmlElement, selector: str) -> list[HtmlElement]:
    return list(css.compiled(selector)(element))


def _row(element: HtmlElement, parsed: Document, *, title: str, date: str) -> rows.Row | None:
    titles, dated = _find(element, title), _find(element, date)
    if not titles:
        return None
    named = titles[0]
    around = named.getparent()
    for scope in (named, around if around is not None else named, element):
        for link in scope.iter("a"):
            if url := links.target(link, parsed.base):
                return rows.Row((element,), link, url, title=named, date=dated[0] if dated else None)
    return None


def _loaded(text: str | None) -> object:
    """JSON as found in pages, with comment marks and line ends in strings; None where it is no JSON."""
    if not text or len(text) > LONGEST:
        return None
    try:
        return json.loads(text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _state_of(element: HtmlElement) -> object:
    text = element.text or ""
    kind = (element.get("type") or "").lower()
    if kind == "application/json":
        return _loaded(text)
    match = _STATE.search(text[:LONGEST]) if "__" in text[:LONGEST] else None
    if match is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, match.end())[0]
    except (ValueError, RecursionError):
        return None


def _objects(value: object) -> Iterator[Item]:
    """Every object in a JSON value, outer ones first, at most some thousands."""
    waiting, count = [value], 0
    while waiting and count < 20_000:
        found = waiting.pop()
        count += 1
        if isinstance(found, dict):
            yield found
            waiting.extend(reversed(list(found.values())))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def _lists(value: object) -> Iterator[list[Item]]:
    for holder in _objects(value if isinstance(value, dict) else {"state": value}):
        for found in holder.values():
            if isinstance(found, list) and len(found) > 2 and all(isinstance(item, dict) for item in found):
                yield found


def _types(item: Item) -> set[str]:
    found = item.get("@type")
    names = found if isinstance(found, list) else [found]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _entry(item: Item, parsed: Document, clock: rows.Clock, reader: str) -> Entry:
    moment = next((moment for name in DATES if (moment := _moment(item.get(name), clock))), None)
    title, where = _text(item, TITLES)
    summary, _ = _text(item, SUMMARIES)
    return Entry(
        title=title,
        url=_address(item, LINKS, parsed.base) or _address(item, ("mainEntityOfPage", "@id"), parsed.base),
        published=moment.when if moment else None,
        precision=moment.precision if moment else None,
        authors=tuple(_names(item.get("author"))),
        summary=html.escape(summary, quote=False) if summary else None,
        image=_address(item, IMAGES, parsed.base),
        provenance={"title": f"{reader}: {where}", "url": reader} | ({"published": f"{reader}: {moment.source}"} if moment else {}),
    )


def _moment(value: object, clock: rows.Clock) -> dates.Moment | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        return rows.parse(datetime.fromtimestamp(seconds, tz=clock.now.tzinfo).isoformat(), clock) if 1e8 < seconds < 4e9 else None
    return rows.parse(value[:100], clock) if isinstance(value, str) else None


def _text(item: Item, names: tuple[str, ...]) -> tuple[str | None, str]:
    for name in names:
        value = item.get(name)
        value = value.get("rendered") if isinstance(value, dict) else value
        if isinstance(value, str) and (text := plain(value[:5000])):
            return text, name
    return None, ""


def _address(item: Item, names: tuple[str, ...], base: str) -> str | None:
    for name in names:
        value = item.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = (value.get("url") or value.get("@id") or value.get("src")) if isinstance(value, dict) else value
        if (
            isinstance(value, str)
            and (value.startswith(("http://", "https://", "/")) or "/" in value)
            and (url := urls.absolute(base, value))
        ):
            return url
    return None


def _names(value: object) -> Iterator[str]:
    for found in value[:10] if isinstance(value, list) else [value]:
        name = found.get("name") if isinstance(found, dict) else found
        if isinstance(name, str) and (text := plain(name[:200])) and not text.startswith(("http:", "https:")):
            yield text
