"""Is the page one story? Then the lists beside it are no list of news, however good they look."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from lxml.html import HtmlElement

from aggregator.read.detect.blocks import shape_of
from aggregator.read.detect.choice import Chosen
from aggregator.text.document import Document
from aggregator.text.rows import width

DECLARED: Final = 400
"""Width of running text that makes a story of a page which says that it is one."""

ALIKE: Final = 600
"""… of a page that has an address like those that it lists, in one body."""

TYPED: Final = 900
"""… of a page that ``og:type`` calls an article, in one body."""

UNDECLARED: Final = 1300
"""… of a page that says nothing, in one body: introductions of lists are shorter."""

_ARTICLES: Final = re.compile(r'"(?:News|Scholarly|Tech)?Article"|"BlogPosting"')
"""Types in JSON-LD. One story describes itself, perhaps twice; a list describes many."""

_INLINE: Final = frozenset({"br", "a", "b", "strong", "em", "i", "span", "font"})


def tells_one_story(parsed: Document, chosen: Chosen) -> bool:
    """Whether one body of running text outside of the rows rules the page."""
    bodies = _bodies(parsed.root, {id(element) for row in chosen.rows for element in row.elements})
    largest, second = ([times for _, times in bodies.most_common(2)] + [0, 0])[:2]
    if sum(bodies.values()) >= DECLARED and _declared(parsed.root):
        return True
    if largest >= ALIKE and not chosen.strong and _like_its_rows(parsed.url, chosen):
        return True
    limit = TYPED if _typed(parsed.root) else UNDECLARED
    return largest >= limit and largest >= 2 * second and not chosen.strong


def _bodies(root: HtmlElement, rows: set[int]) -> Counter[HtmlElement]:
    """Width of running text by the element that holds its paragraphs or lines."""
    found: Counter[HtmlElement] = Counter()
    for element in root.iter("p", "div", "td", "span", "section", "article"):
        holder, told = _told(element)
        if told >= 60 and holder is not None and not _within(holder, rows):
            found[holder] += told
    return found


def _told(element: HtmlElement) -> tuple[HtmlElement | None, int]:
    if element.tag == "p":
        said = width(" ".join("".join(element.itertext()).split()))
        linked = sum(width(" ".join("".join(link.itertext()).split())) for link in element.iter("a"))
        return element.getparent(), said - linked if linked < 0.5 * said else 0
    if not any(child.tag == "br" for child in element):
        return None, 0
    lines = [element.text or "", *(child.tail or "" for child in element if child.tag in _INLINE)]
    said = width(" ".join(" ".join(lines).split()))
    return element, said if said > 200 else 0


def _within(element: HtmlElement, rows: set[int]) -> bool:
    return id(element) in rows or any(id(above) in rows for above in element.iterancestors())


def _declared(root: HtmlElement) -> bool:
    if any((meta.get("property") or "").lower() == "article:published_time" and meta.get("content") for meta in root.iter("meta")):
        return True
    described = 0
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            described += len(_ARTICLES.findall((script.text or "")[:200_000]))
    return 1 <= described <= 2


def _typed(root: HtmlElement) -> bool:
    """``og:type`` alone is weak: builders write "article" into lists, too."""
    return any(
        (meta.get("property") or "").lower() == "og:type" and (meta.get("content") or "").lower() == "article" for meta in root.iter("meta")
    )


def _like_its_rows(url: str, chosen: Chosen) -> bool:
    """Whether the page's own address has the shape of most addresses in the list: stories link stories, a list does not link lists."""
    own, specific = shape_of(url)
    return specific and bool(chosen.rows) and sum(shape_of(row.url)[0] == own for row in chosen.rows) > len(chosen.rows) / 2
