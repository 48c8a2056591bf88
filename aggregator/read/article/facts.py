"""What an article page says of itself in its head: meta elements, JSON-LD, microdata. Collected once, judged elsewhere."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from aggregator.read.article import marks
from aggregator.text import markup, urls

_LONGEST_SCRIPT = 1_000_000
_MOST_NODES = 3_000
_LOOSE = re.compile(r'"(datePublished|dateModified|headline)"\s{0,9}:\s{0,9}"([^"]{1,200})"')

Node = Mapping[str, Any]


@dataclass(slots=True)
class Facts:
    """Raw statements of a page. Keys of ``meta`` are names, properties and itemprops of meta elements in lower case."""

    base: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    articles: list[Node] = field(default_factory=list)
    """JSON-LD nodes that are articles, the likeliest first."""
    nodes: dict[str, Node] = field(default_factory=dict)
    """JSON-LD nodes by their ``@id``."""
    pages: list[Node] = field(default_factory=list)
    loose: dict[str, str] = field(default_factory=dict)
    """What could be read of JSON-LD that is no JSON."""
    title: str = ""
    canonical: str | None = None
    language: str | None = None

    def first(self, *names: str) -> str | None:
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def collect(root: HtmlElement, url: str) -> Facts:
    """The statements of the page under ``root``, found at ``url``."""
    facts = Facts(base=_base(root, url))
    for element in root.iter("meta", "title", "link", "script", "html"):
        _READERS[str(element.tag)](element, facts)
    facts.articles.sort(key=lambda node: -_fit(node, facts, url))
    return facts


def _base(root: HtmlElement, url: str) -> str:
    element = next(root.iter("base"), None)
    return (urls.absolute(url, element.get("href")) if element is not None else None) or url


def _meta(element: HtmlElement, facts: Facts) -> None:
    value = markup.plain(element.get("content") or element.get("value"))
    if not value:
        return
    for attribute in ("name", "property", "itemprop", "http-equiv"):
        name = element.get(attribute)
        if name and len(name) < 100:
            facts.meta.setdefault(name.strip().lower(), []).append(value)


def _title(element: HtmlElement, facts: Facts) -> None:
    parent = element.getparent()
    if not facts.title and parent is not None and parent.tag in ("head", "html", "body"):
        facts.title = markup.plain(element.text)


def _link(element: HtmlElement, facts: Facts) -> None:
    if facts.canonical is None and (element.get("rel") or "").strip().lower() == "canonical":
        facts.canonical = urls.absolute(facts.base, element.get("href"))


def _html(element: HtmlElement, facts: Facts) -> None:
    facts.language = (
        facts.language or element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("xml:lang")
    )


def _script(element: HtmlElement, facts: Facts) -> None:
    if "ld+json" not in (element.get("type") or "").lower() or not element.text or len(element.text) > _LONGEST_SCRIPT:
        return
    value = _json(element.text)
    if value is None:
        for name, text in _LOOSE.findall(element.text):
            facts.loose.setdefault(name, text)
    for node in _walk(value):
        name = node.get("@id")
        if isinstance(name, str):
            facts.nodes.setdefault(name, node)
        kinds = node.get("@type")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if isinstance(kind, str) and marks.ARTICLE_TYPES.search(kind):
                facts.articles.append(node)
                break
            if kind in ("WebPage", "ItemPage", "Event", "VideoObject"):
                facts.pages.append(node)
                break


_READERS = {"meta": _meta, "title": _title, "link": _link, "script": _script, "html": _html}


def _json(text: str) -> object:
    """What the script states; None where it is not JSON, not even with the usual wrappings taken off."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().removeprefix("//<![CDATA[").removeprefix("<![CDATA[").strip()
    text = text.removesuffix("//]]>").removesuffix("]]>").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: object) -> Iterator[Node]:
    """Every object in a JSON value, outer ones first, bounded."""
    queue, seen = deque([value]), 0
    while queue and seen < _MOST_NODES:
        item = queue.popleft()
        seen += 1
        if isinstance(item, dict):
            if "@type" in item or "@id" in item:
                yield item
            queue.extend(child for child in item.values() if isinstance(child, dict | list))
        elif isinstance(item, list):
            queue.extend(item)


def _fit(node: Node, facts: Facts, url: str) -> int:
    """How likely the node speaks of this page and not of one that it links to."""
    here = {urls.key(url)} | ({urls.key(facts.canonical)} if facts.canonical else set())
    named = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    addresses = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in named]
    same = any(isinstance(address, str) and urls.key(urls.absolute(url, address) or "") in here for address in addresses)
    headline = node.get("headline") or node.get("name")
    titled = isinstance(headline, str) and len(headline) > 3 and markup.plain(headline)[:40].lower() in facts.title.lower()
    return 2 * same + 2 * titled + bool(headline) + ("datePublished" in node) + ("articleBody" in node)


def text(value: object) -> str:
    """A JSON-LD value as one line: the string, or the name of the object, or the first of a list."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("url") or value.get("headline")
        else:
            break
    return markup.plain(value) if isinstance(value, str) else ""
