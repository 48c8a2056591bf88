"""The addresses in a feed: what they are relative to, which one is the page for people, which are files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aggregator.model import Enclosure
from aggregator.read.feed.names import ABOUT, RESOURCE, XML_BASE, Element
from aggregator.text import urls

FILES: Final = ("enclosure", "media:content")
"""The elements that name a file, beside links that say so."""

_MOST_PARTS: Final = 200
_WEB: Final = re.compile(r"(?i)\s*https?://")

Parts = dict[str, list[Element]]


def base_of(element: Element, outer: str) -> str:
    """The address that links in ``element`` are relative to: ``xml:base`` of its ancestors, each relative to the next (XML Base §3)."""
    base = outer
    if own := element.get(XML_BASE):
        base = urls.absolute(outer, own) or outer
    return base


def outermost_base(root: Element, head: Element | None, url: str) -> str:
    """``base_of`` for what stands in the feed, which was found at ``url``."""
    base = base_of(root, url)
    return base if head is None or head is root else base_of(head, base)


def page(parts: Parts, base: str, *, has_bases: bool) -> tuple[str | None, str]:
    """The page for people that a feed or an entry belongs to, and the rule that found it."""
    for name, rule in (("link", "feed: link"), ("feedburner:origlink", "feed: feedburner:origLink")):
        best, rank = None, 9
        for element in parts.get(name, ())[:_MOST_PARTS]:
            href = element.get("href")
            order = _order(element, href)
            if order >= rank:
                continue
            address = href or (element.text or "").strip().strip("<>") or element.get(RESOURCE)
            if found := urls.absolute(base_of(element, base) if has_bases else base, address):
                best, rank = found, order
                if order == 0:
                    break
        if best:
            return best, rule
    return None, ""


def _order(element: Element, href: str | None) -> int:
    """How likely a link is the page for people: 0 best, 9 never."""
    if href is None:
        if element.get("rel", "alternate").lower() not in ("", "alternate"):
            return 9
        return 0 if (element.text or "").strip() else 4
    rel = (element.get("rel") or "").strip().lower().rpartition("/")[2]
    if rel not in ("", "alternate"):
        return 9
    kind = element.get("type") or ""
    return 1 if rel and "html" in kind else 2 if not kind or "html" in kind else 3


def elsewhere(parts: Parts) -> list[Element]:
    """The links that lead to a picture or a file. The one link of RSS, which is a text, does not."""
    links = parts.get("link", [])
    if len(links) == 1 and links[0].text:
        return []
    return [element for element in links[:_MOST_PARTS] if element.get("rel", "").lower() in ("image", "enclosure")]


def permalink(parts: Parts, item: Element, base: str) -> tuple[str | None, str]:
    """A guid is an address unless it says that it is none (RSS 2.0, ``isPermaLink``); an Atom id and ``rdf:about`` where they look like one."""
    for element in parts.get("guid", ()):
        text = (element.text or "").strip()
        if (element.get("isPermaLink") or "true").strip().lower() != "false" and (
            _WEB.match(text) or (text.startswith("/") and element.get("isPermaLink"))
        ):
            return urls.absolute(base, text), "feed: guid"
    for addresses, rule in (([element.text for element in parts.get("id", ())], "feed: id"), ([item.get(ABOUT)], "feed: rdf:about")):
        for address in addresses:
            if address and _WEB.match(address):
                return urls.absolute(base, address), rule
    for element in _enclosing(parts, elsewhere(parts)):
        if found := urls.absolute(base, element.get("url") or element.get("href")):
            return found, "feed: enclosure"
    return None, ""


def enclosures(parts: Parts, links: list[Element], base: str) -> Iterator[Enclosure]:
    """The files of an entry, each once; ``links`` are those that ``elsewhere`` gave."""
    seen: set[str] = set()
    for element in _enclosing(parts, links):
        said = dict(element.items())
        url = urls.absolute(base, said.get("url") or said.get("href"))
        if url is None or url in seen:
            continue
        seen.add(url)
        size = (said.get("length") or said.get("fileSize") or "").strip()
        length = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0
        yield Enclosure(url, said.get("type", "").strip() or None, length or None, said.get("title"))


def _enclosing(parts: Parts, links: list[Element]) -> Iterator[Element]:
    yield from parts.get("enclosure", ())[:_MOST_PARTS]
    yield from (element for element in links if element.get("rel", "").lower() == "enclosure")
    for element in parts.get("media:content", ())[:_MOST_PARTS]:
        kind = (element.get("type") or "").lower()
        if element.get("medium") in ("audio", "video", "document") or kind.startswith(("audio/", "video/", "application/")):
            yield element
