"""Element tree of a feed → Reading: which element gives which field, for all dialects at once.

RSS 0.9x/2.0, RSS 1.0 and Atom 0.3/1.0 mean the same things by different names, so a field is a list of names, the best first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from aggregator.model import Enclosure, Entry, Precision, Reading, Source
from aggregator.read.feed import people, pictures
from aggregator.read.feed.names import ABOUT, RESOURCE, XML_BASE, XML_LANG, Element, adopt, short, short_of
from aggregator.read.feed.texts import as_html, as_title, inner, text_of
from aggregator.text import markup, urls
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
    "feedburner:origlink": "feedburner:origLink",
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
        "link",
        "feedburner:origlink",
        "rdf:about",
    )
}
"""Name of an element → what an operator reads about a field that came from it."""

_WEB: Final = re.compile(r"(?i)\s*https?://")
_TAG_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")

Parts = dict[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Context:
    """What all entries of one feed share."""

    source: Source
    now: datetime
    base: str
    """What relative addresses are relative to, where no element says otherwise: ``xml:base``, or else the feed's page for people, or else its address."""
    has_bases: bool
    language: str | None
    authors: tuple[str, ...]
    """Those of an Atom feed, who are also the authors of its entries that name none (RFC 4287 §4.1.2)."""


def reading(root: Element, source: Source, *, url: str, now: datetime, has_bases: bool) -> Reading | None:
    """What the feed says; None where the tree is no feed. ``has_bases``: some ``xml:base`` or ``xml:lang`` stands in it."""
    adopt(root)
    head, items = _head_and_items(root)
    if head is None and not items:
        return None
    parts = _parts(head) if head is not None else {}
    base = _outermost_base(root, head, url) if has_bases else url
    link = _link(parts, base, has_bases=has_bases)[0]
    language = _language(head, parts) or _language(root, {})
    inherited = people.named(parts, ("author",)) if head is not None and short(head) == "feed" else ()
    context = Context(source, now, base if base != url else link or url, has_bases, language, inherited)
    authors = people.named(parts, people.OF_FEED)
    updated = _moment(parts, _FEED_UPDATED, context)[0]
    return Reading(
        entries=tuple(_entry(item, context) for item in items),
        reader="feed",
        title=_title(parts, _TITLE)[0],
        link=link,
        description=_html(parts, _DESCRIPTION, context.base)[0],
        language=language,
        author=authors[0] if authors else None,
        updated=updated.when if updated else None,
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
            items.extend(islice((inside for inside in _flat(child) if short(inside) in _ITEMS), MOST_ENTRIES))
        elif kind in ("items", "entries"):
            items.extend(islice((inside for inside in child if short(inside) in _ITEMS), MOST_ENTRIES))
        if len(items) >= MOST_ENTRIES:
            break
    if head is None and name in ("rss", "rdf:rdf"):
        head = root
    return head, items[:MOST_ENTRIES]


def _flat(channel: Element) -> Iterator[Element]:
    for child in channel:
        if short(child) in ("items", "entries"):
            yield from child
        else:
            yield child


def _parts(element: Element) -> Parts:
    parts: Parts = {}
    for child in element:
        name = short_of(child.tag)  # type: ignore[arg-type]
        if name == "media:group":
            for inside in child:
                parts.setdefault(short(inside), []).append(inside)
        elif name in parts:
            parts[name].append(child)
        elif name not in _ITEMS:
            parts[name] = [child]
    return parts


# --- one entry -------------------------------------------------------------------------------------------------------------------


def _entry(item: Element, context: Context) -> Entry:
    parts = _parts(item)
    base = _base(item, context.base) if context.has_bases else context.base
    why: dict[str, str] = {}
    title, why["title"] = _title(parts, _TITLE)
    url, why["url"] = _link(parts, base, has_bases=context.has_bases)
    guid, why["id"] = _id(item, parts)
    if url is None:
        url, why["url"] = _permalink(parts, item, base)
    published, why["published"] = _moment(parts, _PUBLISHED, context)
    updated, why["updated"] = _moment(parts, _UPDATED, context)
    authors, why["authors"] = _authors(parts, context.authors)
    inside = base if context.has_bases and base != context.base else url or base
    summary, why["summary"] = _html(parts, _SUMMARY, inside)
    content, why["content"] = _html(parts, _CONTENT, inside)
    image, why["image"] = pictures.of(parts, content or summary, inside)
    language = _language(item, parts)
    why["language"] = "feed: entry" if language else "feed: the feed's language"
    values = (title, url, guid, published, updated, authors, summary, content, image, language or context.language)
    return Entry(
        title=title,
        url=url,
        id=guid,
        published=published.when if published else None,
        updated=updated.when if updated else None,
        precision=_precision(published or updated),
        authors=authors,
        summary=summary,
        content=content,
        image=image,
        language=language or context.language,
        categories=_categories(parts),
        enclosures=tuple(_enclosures(parts, base)),
        provenance={name: why[name] for name, value in zip(_EXPLAINED, values, strict=True) if value},
    )


_EXPLAINED: Final = ("title", "url", "id", "published", "updated", "authors", "summary", "content", "image", "language")


def _precision(moment: Moment | None) -> Precision | None:
    return moment.precision if moment else None


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


def _html(parts: Parts, names: tuple[str, ...], base: str) -> tuple[str | None, str]:
    for name in names:
        for element in parts.get(name, ()):
            if found := as_html(text_of(element)):
                return markup.absolutize(found, _base(element, base)) if "<" in found else found, _WHERE[name]
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


def _id(item: Element, parts: Parts) -> tuple[str | None, str]:
    for name in _ID:
        for element in parts.get(name, ()):
            if text := (inner(element) if len(element) else element.text or "").strip():
                return text, _WHERE[name]
    about = (item.get(ABOUT) or "").strip()
    return (about, "feed: rdf:about") if about else (None, "")


def _authors(parts: Parts, inherited: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    for name in people.OF_ENTRY:
        if name in parts and (found := people.named(parts, (name,))):
            return found, _WHERE[name]
    for source in parts.get("source", ())[:1]:
        if found := people.named(_parts(source), ("author",)):
            return found, "feed: source/author"
    return inherited, "feed: the feed's author"


# --- addresses -------------------------------------------------------------------------------------------------------------------


def _base(element: Element, outer: str) -> str:
    """The address that links in ``element`` are relative to: ``xml:base`` of its ancestors, each relative to the next (XML Base §3)."""
    base = outer
    if own := element.get(XML_BASE):
        base = urls.absolute(outer, own) or outer
    return base


def _outermost_base(root: Element, head: Element | None, url: str) -> str:
    base = _base(root, url)
    return base if head is None or head is root else _base(head, base)


def _link(parts: Parts, base: str, *, has_bases: bool) -> tuple[str | None, str]:
    for name in ("link", "feedburner:origlink"):
        best, rank = None, 9
        for element in parts.get(name, ())[:_MOST_PARTS]:
            order = _order(element)
            if order >= rank:
                continue
            place = _base(element, base) if has_bases else base
            if found := urls.absolute(place, _address(element)):
                best, rank = found, order
        if best:
            return best, _WHERE[name]
    return None, ""


def _address(element: Element) -> str | None:
    return element.get("href") or (element.text or "").strip() or element.get(RESOURCE) or None


def _order(element: Element) -> int:
    """How likely a link is the page for people: 0 best, 9 never."""
    href = element.get("href")
    if href is None:
        if (element.get("rel") or "alternate").lower() != "alternate":
            return 9
        return 0 if (element.text or "").strip() else 4
    rel = (element.get("rel") or "").strip().lower().rpartition("/")[2]
    if rel not in ("", "alternate"):
        return 9
    kind = element.get("type") or ""
    return 1 if rel and "html" in kind else 2 if not kind or "html" in kind else 3


def _permalink(parts: Parts, item: Element, base: str) -> tuple[str | None, str]:
    """A guid is an address unless it says that it is none (RSS 2.0, ``isPermaLink``); an Atom id and ``rdf:about`` where they look like one."""
    for element in parts.get("guid", ()):
        text = (element.text or "").strip()
        if (element.get("isPermaLink") or "true").strip().lower() != "false" and (
            _WEB.match(text) or (text.startswith("/") and element.get("isPermaLink"))
        ):
            return urls.absolute(base, text), "feed: guid"
    for name, addresses in (("id", [element.text for element in parts.get("id", ())]), ("rdf:about", [item.get(ABOUT)])):
        for address in addresses:
            if address and _WEB.match(address):
                return urls.absolute(base, address), _WHERE[name]
    for element in _enclosing(parts):
        if found := urls.absolute(base, element.get("url") or element.get("href")):
            return found, "feed: enclosure"
    return None, ""


# --- lists -----------------------------------------------------------------------------------------------------------------------


def _categories(parts: Parts) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _CATEGORIES:
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


def _enclosures(parts: Parts, base: str) -> Iterator[Enclosure]:
    seen: set[str] = set()
    for element in _enclosing(parts):
        url = urls.absolute(base, element.get("url") or element.get("href"))
        if url is None or url in seen:
            continue
        seen.add(url)
        size = (element.get("length") or element.get("fileSize") or "").strip()
        length = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0
        yield Enclosure(url, (element.get("type") or "").strip() or None, length or None, element.get("title"))


def _enclosing(parts: Parts) -> Iterator[Element]:
    yield from parts.get("enclosure", ())[:_MOST_PARTS]
    yield from (element for element in parts.get("link", ())[:_MOST_PARTS] if (element.get("rel") or "").lower() == "enclosure")
    for element in parts.get("media:content", ())[:_MOST_PARTS]:
        kind = (element.get("type") or "").lower()
        if element.get("medium") in ("audio", "video", "document") or kind.startswith(("audio/", "video/", "application/")):
            yield element


def _language(element: Element | None, parts: Mapping[str, list[Element]]) -> str | None:
    own = element.get(XML_LANG) if element is not None else None
    for stated in (own, *(child.text for name in _LANGUAGE for child in parts.get(name, ()))):
        if stated and _TAG_LANGUAGE.fullmatch(stated.strip()):
            return stated.strip()
    return None
