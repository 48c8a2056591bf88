"""Where the text of an article is on its page, and what of it is not text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Enclosure
from aggregator.read.article import marks, media, trim, weigh
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.read.article.title import Title
from aggregator.read.article.weigh import Weights
from aggregator.read.article.write import Writer


@dataclass(frozen=True, slots=True)
class Body:
    element: HtmlElement
    rule: str
    html: str
    text: str
    images: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]


def find(
    root: HtmlElement, weights: Weights, *, selector: str | None, headline: Title, titles: frozenset[HtmlElement], lines: Sequence[Line], said: Facts
) -> Body:
    """The element that holds the text, and the rule that found it."""
    element, rule = _choose(root, weights, selector, titles)
    silent = False
    if rule == "densest text" and weights[element].score < _LEAST:
        notice = _notice(lines, headline, root)
        element, rule, silent = (notice, "line under the title", False) if notice is not None else (_stage(lines, headline, element), "no text", True)
    writer = Writer(said.base, skip=lambda child: weigh.chrome(child) > 0 and weights[child].prose < weights[element].prose * 0.3)
    for lead in leads(lines, headline, element, root):
        writer.write(lead)
    writer.write(element)
    for paragraph in list(writer.paragraphs) if silent else trim.surplus(writer.paragraphs, headline.text):
        if not (silent and paragraph.pictured and not paragraph.text):
            writer.drop(paragraph)
    enclosures = [*media.viewers(element, said.base), *media.attachments(writer.links)]
    unique = tuple({enclosure.url: enclosure for enclosure in reversed(enclosures)}.values())[::-1]
    stated = _stated(said)
    if len(stated) > 300 and len(writer.text) < 0.3 * len(stated):
        paragraphs = [line for part in stated.split("\n") if (line := part.strip())]
        html = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
        return Body(element, "JSON-LD articleBody", html, "\n\n".join(paragraphs), tuple(writer.images), unique)
    return Body(element, rule, writer.html, writer.text, tuple(writer.images), unique)


def _stated(said: Facts) -> str:
    """The text that the page states for machines."""
    value = said.articles[0].get("articleBody") if said.articles else None
    if not isinstance(value, str):
        return ""
    return unescape(_TAG.sub("\n", value) if "<" in value else value)


def _notice(lines: Sequence[Line], headline: Title, root: HtmlElement) -> HtmlElement | None:
    """The block of a short notice: a sentence right under the title, too little to weigh anything."""
    if headline.line is None:
        return None
    for line in lines[headline.line + 1 : headline.line + 12]:
        if line.block.tag not in _UNLIKELY and trim.is_sentence(line.text) and not line.block.findall(".//a") and _is_attached(line.block, root):
            parent = line.block.getparent()
            title = lines[headline.line].block
            return line.block if parent is None or parent in (title, *title.iterancestors()) else parent
    return None


def _stage(lines: Sequence[Line], headline: Title, element: HtmlElement) -> HtmlElement:
    """Where the images and files of an article without text stand: the smallest element around the title that holds any."""
    if headline.line is None:
        return element
    for ancestor in (lines[headline.line].block, *lines[headline.line].block.iterancestors()):
        if ancestor.tag == "body":
            break
        if next(ancestor.iter("img", "object", "embed", "iframe"), None) is not None or any(media.kind_of(link.get("href") or "") for link in ancestor.iter("a")):
            return ancestor
    return element


def _is_attached(block: HtmlElement, root: HtmlElement) -> bool:
    """Whether it is still part of the page, and no part of its chrome."""
    ancestors = list(block.iterancestors())
    return bool(ancestors) and ancestors[-1] is root and not any(weigh.chrome(ancestor) for ancestor in (block, *ancestors[:4]))


_LEAST = 40.0
_UNLIKELY = frozenset("html body tr table ul ol a".split())
_TAG = re.compile(r"<[^<>]{1,300}>")


def leads(lines: Sequence[Line], headline: Title, element: HtmlElement, root: HtmlElement) -> list[HtmlElement]:
    """The blocks between the title and the text that are prose: the lead of the article, which many pages set apart."""
    if headline.line is None:
        return []
    inside = frozenset(element.iter(etree.Element))
    found: list[HtmlElement] = []
    for line in lines[headline.line + 1 : headline.line + 25]:
        if line.block in inside:
            return found
        if line.block in found or not _is_lead(line, root):
            continue
        found.append(line.block)
    return []


def _is_lead(line: Line, root: HtmlElement) -> bool:
    if line.long or len(line.text) < 25 or trim.is_scrap(line.text) or line.block.tag in _CELLS:
        return False
    if not _is_attached(line.block, root):
        return False
    linked = sum(len("".join(link.itertext())) for link in line.block.iter("a"))
    return linked < len(line.text) / 3


_CELLS = frozenset("td th li dd dt figcaption body html".split())


def _choose(root: HtmlElement, weights: Weights, selector: str | None, titles: frozenset[HtmlElement]) -> tuple[HtmlElement, str]:
    if selector and (chosen := root.cssselect(selector)):
        return chosen[0], f"selector {selector}"
    dense = _one_of_many(weigh.best(root, weights), weights, titles)
    return _marked(root, weights, dense) or (dense, "densest text")


def _one_of_many(dense: HtmlElement, weights: Weights, titles: frozenset[HtmlElement]) -> HtmlElement:
    """Where several articles follow each other on one page, the one that bears the title."""
    articles = [element for element in dense.iter("article") if element is not dense and weights[element].prose > 200]
    if len(articles) < 2:
        return dense
    for article in articles:
        if any(element in titles for element in article.iter(*_HEADINGS)):
            return article
    return dense


_HEADINGS = ("h1", "h2", "h3")


def _marked(root: HtmlElement, weights: Weights, dense: HtmlElement) -> tuple[HtmlElement, str] | None:
    """The element that bears the mark of a body, if it holds a good part of the densest text, or if there is no dense text."""
    goal = weights[dense].score
    found: list[tuple[float, HtmlElement, str]] = []
    for element in root.iter(etree.Element):
        mark = _mark(element)
        if mark is None or element not in weights:
            continue
        score = weights[element].score
        if score >= _SHARE * goal or (mark in _SURE and goal < 300):
            found.append((score, element, f"mark {mark}"))
    if not found:
        return None
    top = max(score for score, _, _ in found)
    score, element, rule = next(triple for triple in found if triple[0] >= top - 0.2 * abs(top))
    if len(found) > 1 and sum(s for s, e, _ in found if not _within(e, element)) > 1.2 * score:
        return None
    return element, rule


def _within(inner: HtmlElement, outer: HtmlElement) -> bool:
    return inner is not outer and any(ancestor is outer for ancestor in inner.iterancestors())


_SHARE = 0.3
_SURE = frozenset(mark for mark, cms in marks.BODY_MARKS.items() if cms in ("vsb", "webplus")) | {"articleBody"}
def _mark(element: HtmlElement) -> str | None:
    if (element.get("itemprop") or "").lower() == "articlebody":
        return "articleBody"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names == " ":
        return None
    return next((name for name in names.lower().split() if name in marks.BODY_MARKS), None)
