"""Elements that page makers mark as dates. Which of them is the date of the article is judged elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import weigh
from aggregator.read.article.title import fold

_DATED = re.compile(
    r"(?<![a-z])(?:date|dates|datetime|publish-?date|published|pubdate|posted|posted-on|timestamp|dateline|datum|fecha|data|fabu|riqi|shijian|newsitem-time|post-time|entry-date|article-date|time)(?![a-z])"
)
_ATTRIBUTES = ("data-date", "data-datetime", "data-published", "data-publish-date", "data-pubdate", "data-timestamp", "data-time")
_MOST = 40
_LONGEST = 100
_MOST_PIECES = 60
_NEAR = 400
_COST = 30
"""So many characters after the heading still belong to it; an element counts as some."""
_LEAST_HEADING = 15
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """``stated`` is the date as it is written for machines or else as it is shown, ``text`` as it is shown."""

    rule: str
    stated: str
    text: str = ""
    near: bool = False
    """Whether it stands right under the heading that shows the title."""
    late: bool = False
    """Whether it is named as that of an update."""


def marks(root: HtmlElement, title: str | None) -> list[Mark]:
    """The marks of the page in order, at most 40. Asked before chrome is dropped from the tree: many dates stand in it."""
    return list(islice(_marks(root, fold(title or "")), _MOST))


def is_late(element: HtmlElement) -> bool:
    """Whether its class names the day of an update and not that of publication as well."""
    classes = (element.get("class") or "").lower()
    return ("updated" in classes or "modified" in classes) and "publish" not in classes


def _marks(root: HtmlElement, title: str) -> Iterator[Mark]:
    around: frozenset[HtmlElement] = frozenset()
    room = 0
    for element in root.iter(etree.Element):
        if _is_heading(element) and _shows(element, title):
            around, room = frozenset(element.iterancestors()), _NEAR
        room -= _COST + len((element.text or "").strip()) + len((element.tail or "").strip())
        near = room > 0 and not _is_chrome(element, around)
        rule = _rule(element)
        if rule is None and near:
            told = next((value for name in _ATTRIBUTES if (value := element.get(name))), None)
            if told:
                yield Mark("attribute", told[:_LONGEST], near=near)
        if rule is None:
            continue
        text = _text(element)
        stated = _stated(element) or text
        if _DIGIT.search(stated) and (near or not _is_chrome(element)):
            yield Mark(rule, stated, text, near, is_late(element))


def _is_heading(element: HtmlElement) -> bool:
    """Not that of the comments, which names the title as well."""
    return element.tag == "h1" or (element.tag == "h2" and not _is_chrome(element))


def _shows(heading: HtmlElement, title: str) -> bool:
    text = fold("".join(islice(heading.itertext(), _MOST_PIECES))[:400])
    return bool(title) and (title in text or (len(text) >= _LEAST_HEADING and text in title))


def _is_chrome(element: HtmlElement, besides: frozenset[HtmlElement] = frozenset()) -> bool:
    return any(weigh.chrome(ancestor) == 2 for ancestor in element.iterancestors() if ancestor not in besides)


def _rule(element: HtmlElement) -> str | None:
    if (element.get("itemprop") or "").lower() in ("datepublished", "datecreated"):
        return "itemprop datePublished"
    if element.tag == "time":
        return "time element" if element.get("pubdate") is None else "time pubdate"
    classes = element.get("class")
    return "class of a date" if classes and _DATED.search(weigh.words(classes, None)) else None


def _stated(element: HtmlElement) -> str:
    stated = element.get("datetime") or element.get("content") or (element.get("title") if element.tag in ("abbr", "time") else None) or ""
    return stated[:_LONGEST] if _DIGIT.search(stated) else ""


def _text(element: HtmlElement) -> str:
    pieces = list(islice(element.itertext(), _MOST_PIECES))
    text = " ".join("".join(pieces).split())
    return text if len(pieces) < _MOST_PIECES and len(text) <= _LONGEST else ""
