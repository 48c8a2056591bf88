"""Is the page one story? Then the lists beside it are no list of news, however good they look."""

from __future__ import annotations

from collections import Counter
from typing import Final

from lxml.html import HtmlElement

from aggregator.read.detect.blocks import shape_of
from aggregator.read.detect.choice import Chosen
from aggregator.text.document import Document
from aggregator.text.rows import width

DECLARED: Final = 500
"""Width of running text that makes a story of a page which says that it is one."""

UNDECLARED: Final = 1300
"""… of a page that says nothing: introductions of lists are shorter."""

_INLINE: Final = frozenset({"br", "a", "b", "strong", "em", "i", "span", "font"})


def tells_one_story(parsed: Document, chosen: Chosen) -> bool:
    """Whether one body of running text outside of the rows rules the page."""
    bodies = _bodies(parsed.root, {id(element) for row in chosen.rows for element in row.elements})
    largest, second = ([times for _, times in bodies.most_common(2)] + [0, 0])[:2]
    if largest < DECLARED or largest < 2 * second:
        return False
    if _declared(parsed.root) or _like_its_rows(parsed.url, chosen):
        return True
    limit = 900 if _typed(parsed.root) else UNDECLARED
    return largest >= limit and not chosen.strong


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
    for script in root.iter("script"):
        text = script.text or ""
        if (
            "ld+json" in (script.get("type") or "")
            and any(f'{kind}"' in text for kind in ("NewsArticle", "BlogPosting", '"Article'))
            and '"ItemList"' not in text
        ):
            return True
    return False


def _typed(root: HtmlElement) -> bool:
    """``og:type`` alone is weak: builders write "article" into lists, too."""
    return any(
        (meta.get("property") or "").lower() == "og:type" and (meta.get("content") or "").lower() == "article" for meta in root.iter("meta")
    )


def _like_its_rows(url: str, chosen: Chosen) -> bool:
    """Whether the page's own address has the shape of most addresses in the list: stories link stories, a list does not link lists."""
    own, specific = shape_of(url)
    return specific and bool(chosen.rows) and sum(shape_of(row.url)[0] == own for row in chosen.rows) > len(chosen.rows) / 2
