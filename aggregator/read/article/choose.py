"""Which element of a page holds the text of its article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.read.article import marks, media, trim, weigh
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.read.article.title import Title
from aggregator.read.article.weigh import Weights

_LEAST = 40.0
"""A score below it is that of scraps: a footer, a label, a form."""
_SHARE = 0.3
"""Of the score of the densest text, what an element marked as a body must have to be believed."""
_SURE = frozenset(mark for mark, cms in marks.BODY_MARKS.items() if cms in ("vsb", "webplus")) | {"articleBody"}
_HEADINGS = ("h1", "h2", "h3")
_UNLIKELY = frozenset("html body tr table ul ol a".split())
_LAYOUTS = ("table", "ul", "ol", "dl")
_LEVELS, _FEW_LINES, _FEW_LINKS = 4, 3, 0.2
_NUMBER = "data-aggregator-number"


@dataclass(frozen=True, slots=True)
class View:
    """A page without its chrome, and what is known of it so far."""

    root: HtmlElement
    weights: Weights
    lines: Sequence[Line]
    """Of the whole page, its chrome included."""
    headline: Title
    titles: frozenset[HtmlElement]
    """The blocks that show the title."""
    said: Facts


@dataclass(frozen=True, slots=True)
class Choice:
    element: HtmlElement
    rule: str
    silent: bool = False
    """Whether there is no text at all: then only images and files are looked for in the element."""
    exact: bool = False
    """Whether an operator chose it: then nothing outside of it is added."""


def select(root: HtmlElement, selector: str, url: str) -> HtmlElement | None:
    """The first element that an operator's CSS selector finds. Raises ReadError where the selector cannot be understood.

    Selectors are soupsieve's everywhere in a configuration; numbers carry what it found in its own tree back into ours.
    """
    from bs4 import BeautifulSoup  # two megabytes of each process that reads, for the few sources that name a selector
    from soupsieve import SelectorSyntaxError

    elements = list(root.iter(etree.Element))
    for number, element in enumerate(elements):
        element.set(_NUMBER, str(number))
    soup = BeautifulSoup(etree.tostring(root, encoding="unicode", method="html"), "lxml")
    for element in elements:
        del element.attrib[_NUMBER]
    try:
        found = soup.select_one(selector)
    except (SelectorSyntaxError, NotImplementedError, ValueError) as problem:
        raise ReadError(
            f"{url}: the selector {selector!r} cannot be understood: {str(problem).splitlines()[0]}",
            remedy="mend `article:` of the source, or leave it out: the text is found by itself",
        ) from problem
    number_of = found.get(_NUMBER) if found is not None else None
    return elements[int(number_of)] if isinstance(number_of, str) and number_of.isdigit() else None


def bodies(root: HtmlElement) -> list[HtmlElement]:
    """The elements that site builders mark as the body of an article beyond doubt; a form may stand around them, and all else be chrome."""
    return [element for element in root.iter("div", "article", "section", "td") if _mark(element) in _SURE]


def choose(view: View) -> Choice:
    """The marked body or else the densest text; where neither is text, a notice of a line, or the place of images and files."""
    dense = _one_of_many(weigh.best(view.root, view.weights), view)
    marked = _marked(view, dense)
    if marked is not None:
        return marked
    if view.weights[dense].score >= _LEAST:
        return Choice(dense, "densest text")
    if (notice := _notice(view)) is not None:
        return Choice(notice, "line under the title")
    laid_out = _laid_out(view)
    return Choice(laid_out, "table or list under the title") if laid_out is not None else _silent(view, dense)


def _silent(view: View, dense: HtmlElement) -> Choice:
    stage = _stage(view)
    return Choice(dense if stage is None else stage, "no text", silent=True)


def _one_of_many(dense: HtmlElement, view: View) -> HtmlElement:
    """Where several articles follow each other on one page, the one that bears the title."""
    articles = [element for element in dense.iter("article") if element is not dense and view.weights[element].prose > 200]
    if len(articles) < 2:
        return dense
    for article in articles:
        if any(element in view.titles for element in article.iter(*_HEADINGS)):
            return article
    return dense


def _marked(view: View, dense: HtmlElement) -> Choice | None:
    """The element that bears the mark of a body, if it holds a good part of the densest text, or if there is no dense text."""
    goal = view.weights[dense].score
    found: list[tuple[float, HtmlElement, str]] = []
    for element in view.root.iter(etree.Element):
        mark = _mark(element)
        if mark is None or element not in view.weights:
            continue
        score = view.weights[element].score
        if score >= _SHARE * goal or (mark in _SURE and goal < 300):
            found.append((score, element, f"mark {mark}"))
    if not found:
        return None
    top = max(score for score, _, _ in found)
    score, element, rule = next(triple for triple in found if triple[0] >= top - 0.2 * abs(top))
    if len(found) > 1 and sum(s for s, e, _ in found if not _within(e, element)) > 1.2 * score:
        return None
    return Choice(element, rule)


def _within(inner: HtmlElement, outer: HtmlElement) -> bool:
    return inner is not outer and any(ancestor is outer for ancestor in inner.iterancestors())


def _mark(element: HtmlElement) -> str | None:
    if (element.get("itemprop") or "").lower() == "articlebody":
        return "articleBody"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names == " ":
        return None
    return next((name for name in names.lower().split() if name in marks.BODY_MARKS), None)


def _notice(view: View) -> HtmlElement | None:
    """The block of a short notice: a sentence right under the title, too little to weigh anything."""
    if view.headline.line is None:
        return None
    for line in view.lines[view.headline.line + 1 : view.headline.line + 12]:
        if (
            line.block.tag not in _UNLIKELY
            and trim.is_sentence(line.text)
            and not line.block.findall(".//a")
            and next(line.block.iterancestors("object"), None) is None  # it speaks of what a browser cannot show
            and is_attached(line.block, view.root)
        ):
            parent = line.block.getparent()
            title = view.lines[view.headline.line].block
            return line.block if parent is None or parent in (title, *title.iterancestors()) else parent
    return None


def _laid_out(view: View) -> HtmlElement | None:
    """The table or list under the title that holds a few lines and no links: of an article that is a timetable, or the names of those who won."""
    if view.headline.line is None:
        return None
    above = {view.lines[view.headline.line].block, *view.lines[view.headline.line].block.iterancestors()}
    under = view.lines[view.headline.line + 1 : view.headline.line + 12]
    holders = (ancestor for line in under for ancestor in (line.block, *islice(line.block.iterancestors(), _LEVELS)))
    tables = dict.fromkeys(holder for holder in holders if holder.tag in _LAYOUTS and holder not in above)
    return next((table for table in tables if is_attached(table, view.root) and _tells(table, view)), None)


def _tells(table: HtmlElement, view: View) -> bool:
    weight = view.weights.get(table)
    if weight is None or weight.links > _FEW_LINKS * weight.text:
        return False
    inside = frozenset(table.iter(etree.Element))
    told = [line.text for line in view.lines if line.block in inside and trim.is_told(line.text)]
    return len(told) >= _FEW_LINES and sum(map(weigh.width, told)) >= _LEAST


def _stage(view: View) -> HtmlElement | None:
    """Where the images and files of an article without text stand: the smallest element around the title that holds any, or the first behind it."""
    if view.headline.line is None:
        return None
    inside = view.lines[view.headline.line].block
    for ancestor in (inside, *inside.iterancestors()):
        if ancestor.tag == "body":
            break
        if _shows(ancestor):
            return ancestor
        inside = ancestor
    behind = (sister for sister in inside.itersiblings(etree.Element) if not weigh.chrome(sister))
    return next(filter(_shows, behind), inside)


def _shows(element: HtmlElement) -> bool:
    """Whether there is anything to see or to download in an element."""
    return next(element.iter("img", "object", "embed", "iframe"), None) is not None or any(
        media.kind_of(link.get("href") or "") for link in element.iter("a")
    )


def is_attached(block: HtmlElement, root: HtmlElement) -> bool:
    """Whether it is still part of the page, and no part of its chrome."""
    ancestors = list(block.iterancestors())
    return bool(ancestors) and ancestors[-1] is root and not any(weigh.chrome(ancestor) for ancestor in (block, *ancestors[:4]))
