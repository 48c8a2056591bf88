"""Element tree of a feed → Reading: which element gives which field, for all dialects at once.

RSS 0.9x/2.0, RSS 1.0 and Atom 0.3/1.0 mean the same things by different names, so a field is a list of names, the best first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from aggregator.model import Entry, Reading, Source
from aggregator.read.feed import hints, links, people, pictures
from aggregator.read.feed.names import ABOUT, XML_LANG, Element, adopt, short, short_of
from aggregator.read.feed.texts import as_html, as_title, inner, text_of
from aggregator.text import markup
from aggregator.text.dates import Moment, parse_date

MOST_ENTRIES: Final = 5_000
_MOST_PARTS: Final = 200
"""Categories, enclosures, authors and links of one entry that are looked at."""

_TITLE: Final = ("title", "dc:title", "media:title", "itunes:title")
_SUMMARY: Final = (
    "description",
    "summary",
    "dc:description",
    "dcterms:abstract",
    "itunes:summary",
    "media:description",
    "itunes:subtitle",
    "abstract",
)
_CONTENT: Final = ("content:encoded", "content", "xhtml:body", "xhtml:div", "body", "fullitem", "fulltext", "content:content")
_PUBLISHED: Final = (
    "pubdate",
    "published",
    "issued",
    "dcterms:issued",
    "dc:date",
    "dcterms:created",
    "created",
    "dcterms:available",
    "date",
    "prism:publicationdate",
)
_UPDATED: Final = ("updated", "modified", "dcterms:modified", "lastbuilddate", "dc:modified")
_FEED_UPDATED: Final = (*_UPDATED, *_PUBLISHED)
_ID: Final = ("guid", "id", "dc:identifier", "dcterms:identifier")
_DESCRIPTION: Final = ("description", "subtitle", "tagline", "dc:description", "itunes:subtitle", "itunes:summary", "info")
_LANGUAGE: Final = ("language", "dc:language")
_CATEGORIES: Final = ("category", "dc:subject", "itunes:category", "media:category")
_ITEMS: Final = frozenset({"item", "entry"})
_FEEDS: Final = frozenset({"channel", "feed"})
_SPELLED: Final = {
    "pubdate": "pubDate",
    "lastbuilddate": "lastBuildDate",
    "managingeditor": "managingEditor",
}
_WHERE: Final = {
    name: f"feed: {_SPELLED.get(name, name)}"
    for name in (
        *_TITLE,
        *_SUMMARY,
        *_CONTENT,
        *_FEED_UPDATED,
        *_DESCRIPTION,
        *_ID,
        *people.OF_ENTRY,
    )
}
"""Name of an element → what an operator reads about a field that came from it."""

_TAG_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")

Parts = dict[str, list[Element]]


class Used(NamedTuple):
    """Of the names that give a field, those that were met in the feed: to ask each entry for all of them takes longer than to read it."""

    title: tuple[str, ...]
    summary: tuple[str, ...]
    content: tuple[str, ...]
    published: tuple[str, ...]
    updated: tuple[str, ...]
    id: tuple[str, ...]
    people: tuple[str, ...]
    language: tuple[str, ...]
    categories: tuple[str, ...]
    pictures: tuple[str, ...]
    enclosures: tuple[str, ...]


_GIVING: Final = Used(
    *(_TITLE, _SUMMARY, _CONTENT, _PUBLISHED, _UPDATED, _ID, people.OF_ENTRY, _LANGUAGE, _CATEGORIES, pictures.NAMED, links.FILES)
)


_OF_ENTRIES: Final = frozenset(name for names in _GIVING for name in names) | {"media:group", "source", "link", "feedburner:origlink"}


class Shorts(dict[str, str]):
    """Tag → short name, of all tags that were met in the entries of one feed so far; empty for those that give nothing."""

    _used: Used | None = None

    def __missing__(self, tag: str) -> str:
        self._used = None
        name = short_of(tag)
        self[tag] = name = name if name in _OF_ENTRIES else ""
        return name

    @property
    def used(self) -> Used:
        if self._used is None:
            present = frozenset(self.values())
            self._used = Used(*(tuple([name for name in names if name in present]) for names in _GIVING))
        return self._used


@dataclass(frozen=True, slots=True)
class Context:
    """What all entries of one feed share."""

    source: Source
    now: datetime
    base: str
    """What relative addresses are relative to, where no element says otherwise: ``xml:base``, or else the feed's page for people, or else its address."""
    says_base: bool
    """Whether that is an ``xml:base``: the texts of entries are relative to it too (RFC 4287 §2), and to the entry's page only where there is none."""
    has_bases: bool
    has_languages: bool
    language: str | None
    authors: tuple[str, ...]
    """Those of an Atom feed, who are also the authors of its entries that name none (RFC 4287 §4.1.2)."""
    shorts: Shorts


def reading(root: Element, source: Source, *, url: str, now: datetime, has_bases: bool, has_languages: bool) -> Reading | None:
    """What the feed says; None where the tree is no feed. ``has_bases``, ``has_languages``: some ``xml:base``, some ``xml:lang`` stands in it."""
    adopt(root)
    head, items = _head_and_items(root)
    if head is None and not items:
        return None
    parts = _parts(head) if head is not None else {}
    base = links.outermost_base(root, head, url) if has_bases else url
    link = links.page(parts, base, has_bases=has_bases)[0]
    language = _language(head, parts) or _language(root, {})
    inherited = people.named(parts, ("author",)) if head is not None and short(head) == "feed" else ()
    says_base = base != url
    context = Context(source, now, base if says_base else link or url, says_base, has_bases, has_languages, language, inherited, Shorts())
    authors = people.named(parts, people.OF_FEED)
    updated = _moment(parts, _FEED_UPDATED, context)[0]
    return Reading(
        entries=tuple([_entry(item, context) for item in items]),
        reader="feed",
        title=_title(parts, _TITLE)[0],
        link=link,
        description=_html(parts, _DESCRIPTION, context.base, has_bases=has_bases)[0],
        language=language,
        author=authors[0] if authors else None,
        updated=updated.when if updated else None,
        hints=hints.of(parts, context.base),
    )


def _head_and_items(root: Element) -> tuple[Element | None, list[Element]]:
    """The element that describes the feed, and its items, in the order of the document. RSS 1.0 has them beside each other."""
    name = short(root)
    if name in _ITEMS:
        return None, [root]
    head = root if name in _FEEDS else None
    items: list[Element] = []
    for child in root:
        kind = short(child)
        if kind in _ITEMS:
            items.append(child)
        elif kind in _FEEDS:
            head = child if head is None or head is root else head
            items.extend(islice(_items_in(child), MOST_ENTRIES))
        elif kind in ("items", "entries"):
            items.extend(islice(_items_in(child), MOST_ENTRIES))
        if len(items) >= MOST_ENTRIES:
            break
    if head is None and name in ("rss", "rdf:rdf"):
        head = root
    return head, items[:MOST_ENTRIES]


def _items_in(channel: Element) -> Iterator[Element]:
    for child in channel:
        name = short(child)
        if name in _ITEMS:
            yield child
        elif name in ("items", "entries"):
            yield from (inside for inside in child if short(inside) in _ITEMS)


def _parts_of_entry(item: Element, shorts: Shorts) -> Parts:
    parts: Parts = {}
    for child in item:
        name = shorts[child.tag]  # type: ignore[index]
        if name in parts:
            parts[name].append(child)
        elif name == "media:group":
            for inside in child:
                parts.setdefault(shorts[inside.tag], []).append(inside)  # type: ignore[index]
        elif name:
            parts[name] = [child]
    return parts


def _parts(element: Element) -> Parts:
    parts: Parts = {}
    for child in element:
        name = short(child)
        if name not in _ITEMS:
            parts.setdefault(name, []).append(child)
    return parts


# --- one entry -------------------------------------------------------------------------------------------------------------------


def _entry(item: Element, context: Context) -> Entry:
    parts = _parts_of_entry(item, context.shorts)
    used, base = context.shorts.used, context.base
    if context.has_bases:
        base = links.base_of(item, base)
    title, title_from = _title(parts, used.title)
    url, url_from = links.page(parts, base, has_bases=context.has_bases)
    if url is None:
        url, url_from = links.permalink(parts, item, base)
    guid, guid_from = _id(item, parts, used.id)
    published, published_from = _moment(parts, used.published, context)
    updated, updated_from = _moment(parts, used.updated, context)
    authors, authors_from = _authors(parts, context)
    inside = base if context.says_base or base != context.base else url or base
    summary, summary_from = _html(parts, used.summary, inside, has_bases=context.has_bases)
    content, content_from = _html(parts, used.content, inside, has_bases=context.has_bases)
    ways = links.elsewhere(parts)
    image, image_from = pictures.of(parts if used.pictures else {}, ways, content or summary, inside)
    language, language_from = _spoken(item, parts, context)
    moment = published or updated
    stated = (
        ("title", title, title_from),
        ("url", url, url_from),
        ("id", guid, guid_from),
        ("published", published, published_from),
        ("updated", updated, updated_from),
        ("authors", authors, authors_from),
        ("summary", summary, summary_from),
        ("content", content, content_from),
        ("image", image, image_from),
        ("language", language, language_from),
    )
    return Entry(
        title=title,
        url=url,
        id=guid,
        published=published.when if published else None,
        updated=updated.when if updated else None,
        precision=moment.precision if moment else None,
        authors=authors,
        summary=summary,
        content=content,
        image=image,
        language=language,
        categories=_categories(parts, used.categories) if used.categories else (),
        enclosures=tuple(links.enclosures(parts, ways, base)) if used.enclosures or ways else (),
        provenance={name: where for name, value, where in stated if value},
    )


def _title(parts: Parts, names: tuple[str, ...]) -> tuple[str | None, str]:
    """Plain text; empty where the origin gives a title without words, such as a lone picture."""
    wordless = None
    for name in names:
        for element in parts.get(name, ()):
            title = as_title(text_of(element))
            if title:
                return title, _WHERE[name]
            wordless = wordless if title is None else ""
    return wordless, ""


def _html(parts: Parts, names: tuple[str, ...], base: str, *, has_bases: bool) -> tuple[str | None, str]:
    for name in names:
        for element in parts.get(name, ()):
            if found := as_html(text_of(element)):
                if "<" in found:
                    found = markup.absolutize(found, links.base_of(element, base) if has_bases else base)
                return found, _WHERE[name]
    return None, ""


def _moment(parts: Parts, names: tuple[str, ...], context: Context) -> tuple[Moment | None, str]:
    for name in names:
        for element in parts.get(name, ()):
            text = (element.text or "").strip()
            if text and (
                moment := parse_date(text[:100], now=context.now, timezone=context.source.timezone, language=context.source.language)
            ):
                return moment, _WHERE[name]
    return None, ""


def _id(item: Element, parts: Parts, names: tuple[str, ...]) -> tuple[str | None, str]:
    for name in names:
        for element in parts.get(name, ()):
            if text := (inner(element) if len(element) else element.text or "").strip():
                return text, _WHERE[name]
    about = (item.get(ABOUT) or "").strip()
    return (about, "feed: rdf:about") if about else (None, "")


def _authors(parts: Parts, context: Context) -> tuple[tuple[str, ...], str]:
    for name in context.shorts.used.people:
        if name in parts and (found := people.named(parts, (name,))):
            return found, _WHERE[name]
    for source in parts.get("source", ())[:1]:
        if len(source) and (found := people.named(_parts(source), ("author",))):
            return found, "feed: source/author"
    return context.authors, "feed: the feed's author"


# --- lists -----------------------------------------------------------------------------------------------------------------------


def _categories(parts: Parts, names: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        for element in islice(_nested(parts.get(name, ())), _MOST_PARTS):
            label = element.get("label") or element.get("term") or element.get("text") or element.text
            if label and (text := markup.plain(label)):
                found[text] = None
    return tuple(found)


def _nested(elements: Iterable[Element]) -> Iterator[Element]:
    """Categories of iTunes stand inside each other."""
    for element in elements:
        yield element
        if len(element):
            yield from _nested(child for child in element if child.tag == element.tag)


def _spoken(item: Element, parts: Parts, context: Context) -> tuple[str | None, str]:
    if (context.has_languages or context.shorts.used.language) and (language := _language(item, parts)):
        return language, "feed: entry"
    return context.language, "feed: the feed's language"


def _language(element: Element | None, parts: Mapping[str, list[Element]]) -> str | None:
    if element is not None and (own := _tag(element.get(XML_LANG))):
        return own
    for name in _LANGUAGE:
        for child in parts.get(name, ()):
            if stated := _tag(child.text):
                return stated
    return None


def _tag(text: str | None) -> str | None:
    """A language tag (BCP 47) of the usual shape."""
    return text.strip() if text and _TAG_LANGUAGE.fullmatch(text.strip()) else None
