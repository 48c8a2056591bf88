"""Feeds that are not XML: what feedparser makes of them, written down as the well-formed Atom feed that they should have been."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import feedparser
from lxml import etree

from aggregator.read.feed.names import ATOM, XML_BASE, XML_LANG, Element
from aggregator.text.markup import legal

LONGEST: Final = 500_000
"""Characters of a broken feed that are read: feedparser takes a second for them. The rest is left, at the end of an item."""

_LONGEST_TAG: Final = 20_000
_TAG: Final = re.compile(rf"<[A-Za-z][^<>]{{{_LONGEST_TAG},}}>")
_END: Final = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)
_DEEPEST: Final = 500
_MOST_ENTRIES: Final = 5_000
_STEP: Final = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)[A-Za-z][^<>]*?(/?)>", re.DOTALL)
_TEXTS: Final = ("title", "subtitle", "summary", "rights")
_DATES: Final = ("published", "updated", "created")
_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


def parse(text: str) -> Element | None:
    """The feed as an Atom tree; None where feedparser finds no feed. ``text`` begins with its root element."""
    text = _bounded(text)
    if _depth(text) > _DEEPEST:
        return None
    try:
        return _written_down(_found(text))
    except Exception:  # noqa: BLE001 -- on hostile input feedparser raises whatever its parsers raise; to the caller all of it means: no feed
        return None


def _found(text: str) -> Mapping[str, Any]:
    """What feedparser makes of it: bytes only, since it would open a ``str`` as a file or an address."""
    body = (_DECLARATION + text).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    found: Mapping[str, Any] = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
    return found


def _written_down(found: Mapping[str, Any]) -> Element | None:
    version, items = str(found.get("version") or ""), found["entries"]
    if not version and not items:
        return None
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _describe(root, found["feed"], is_rss=False)
    for item in items[:_MOST_ENTRIES]:
        _describe(etree.SubElement(root, f"{{{ATOM}}}entry"), item, is_rss=version.startswith("rss"))
    return root


def _bounded(text: str) -> str:
    text = _TAG.sub("", text)
    if len(text) <= LONGEST:
        return text
    last = 0
    for found in _END.finditer(text, 0, LONGEST):
        last = found.end()
    return text[: last or LONGEST]


def _depth(text: str) -> int:
    """How deeply elements are nested, where every element is closed; more where they are not."""
    deepest = level = 0
    for step in _STEP.finditer(text):
        if step[1] is None or step[2]:
            continue
        level += -1 if step[1] else 1
        deepest = max(deepest, level)
    return deepest


def _describe(element: Element, told: Mapping[str, Any], *, is_rss: bool) -> None:
    """``is_rss``: a date of Dublin Core, which feedparser calls ``updated``, is the one date of an item there."""
    found = dict(told)  # feedparser's own mapping makes values up: ``updated`` from ``published``
    for name in _TEXTS:
        detail = found.get(f"{name}_detail")
        if detail and detail.get("value"):
            _text(element, name, detail)
    for detail in found.get("content") or ():
        if isinstance(detail, Mapping) and detail.get("value"):
            _text(element, "content", detail)
    for link in found.get("links") or ():
        _add(element, "link", attributes={name: link.get(name) for name in ("href", "rel", "type", "length", "title")})
    if found.get("id"):
        _add(element, "id", str(found["id"]))
    for name in _DATES:
        if found.get(name):
            _add(element, "published" if name == "updated" and is_rss and "published" not in found else name, str(found[name]))
    for author in _authors(found):
        _add(_add(element, "author"), "name", author)
    for tag in found.get("tags") or ():
        _add(element, "category", attributes={"term": tag.get("term"), "label": tag.get("label")})
    for place in (*(found.get("media_content") or ()), *(found.get("media_thumbnail") or ())):
        kind = str(place.get("type") or place.get("medium") or "")
        rel = "enclosure" if kind.startswith(("audio", "video", "application", "document")) else "image"
        _add(element, "link", attributes={"href": place.get("url"), "rel": rel, "type": place.get("type"), "length": place.get("filesize")})
    image = found.get("image")
    if isinstance(image, Mapping) and image.get("href"):
        _add(element, "logo", str(image["href"]))
    if language := found.get("language"):
        element.set(XML_LANG, _clean(language))


def _text(element: Element, name: str, detail: Mapping[str, Any]) -> None:
    plain = detail.get("type") == "text/plain" and name != "title"
    child = _add(element, name, str(detail["value"]), {"type": "text" if plain else "html"})
    for attribute, key in ((XML_BASE, "base"), (XML_LANG, "language")):
        if detail.get(key):
            child.set(attribute, _clean(detail[key]))


def _authors(found: Mapping[str, Any]) -> Iterable[str]:
    details = found.get("authors") or []
    names = [str(detail.get("name") or detail.get("email") or "") for detail in details]
    return [name for name in names if name] or ([str(found["author"])] if found.get("author") else [])


def _add(parent: Element, name: str, text: str | None = None, attributes: Mapping[str, Any] | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in (attributes or {}).items() if value})
    child.text = None if text is None else _clean(text)
    return child


def _clean(value: object) -> str:
    return legal(str(value))
