"""How much each element of a page looks like the text of an article.

Every block gets a score: prose counts for it, links and scraps count against it. The score of an element is the sum over the blocks inside, so
the text of the article is the element with the highest score: a larger one would only add chrome, a smaller one would lose paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import marks
from aggregator.text import counters

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup html li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul font-block".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LINES = frozenset("p li dt dd td th".split())
"""What holds a line. Short ones without a link are no sign of a text, nor of chrome: rules, names, prizes, cells of a table."""
_WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_STOP = re.compile(r"[.!?:;,…。！？：；，、।؟،۔]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LEGAL = re.compile(
    r"(?i)^\W{0,3}(?:copyright|©|\(c\) ?\d|版权|版權|all rights reserved|alle rechte|tous droits|todos los derechos|все права|著作権|無断転載|지적재산)|版权所有|ICP备|京公网安备|all rights reserved|©\s{0,2}(?:19|20)\d\d"
)
_COLON = re.compile(r"[:：\[]")
_LABELS = re.compile(r"(?:发布时间|发布日期|作者|来源|文章来源|信息来源)\s{0,3}[:：\[]")
_SCRAP = 25.0
_LONGEST_NAME = 200
"""Of classes or an id, only this much is looked at."""
_TEASER = 900.0


@dataclass(slots=True)
class Weight:
    """Of one element: how much text it holds, how much of that is links, how many sentence marks, and its score."""

    text: float = 0.0
    links: float = 0.0
    score: float = 0.0
    prose: float = 0.0
    """The part of the score that counts for it."""
    heads: int = 0
    """Blocks in it that are links and little else."""


@dataclass(slots=True)
class _Run:
    """The text that flows in one block, and what the blocks inside of it weigh."""

    weight: Weight
    text: float = 0.0
    links: float = 0.0
    stops: int = 0
    legal: bool = False
    counter: bool = False


Weights = dict[HtmlElement, Weight]
_NOTHING = Weight()


def weigh(root: HtmlElement, *, apart: frozenset[HtmlElement] = frozenset()) -> Weights:
    """The weight of every element under ``root``; those ``apart`` (the title, say) weigh nothing. One walk, without recursion."""
    weights: Weights = {}
    runs = [_Run(Weight())]
    starts: list[tuple[float, ...]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if element.tag in _BLOCKS:
                runs.append(_Run(Weight()))
            elif _is_plain(element):
                weights[element] = _NOTHING
            else:
                starts.append(_sums(runs[-1]))
            if element.text:
                _add(runs[-1], element.text)
            continue
        if element.tag in _BLOCKS:
            run = runs.pop()
            _close(element, run, weights)
            if element in apart:
                run.weight = Weight()
            weights[element] = run.weight
            _join(runs[-1].weight, run.weight)
        elif element not in weights:
            weights[element] = _since(starts.pop(), runs[-1], linked=_is_link(element))
        if element.tail:
            _add(runs[-1], element.tail)
    return weights


def _is_plain(element: HtmlElement) -> bool:
    """Whether no block can stand in an inline element, and its text counts as any other."""
    return not len(element) and not _is_link(element)


def _is_link(element: HtmlElement) -> bool:
    return element.tag == "a" and bool(element.get("href"))


def _sums(run: _Run) -> tuple[float, ...]:
    weight = run.weight
    return (weight.text, weight.links, weight.score, weight.prose, weight.heads, run.text)


def _since(start: tuple[float, ...], run: _Run, *, linked: bool) -> Weight:
    """What an inline element added to the block around it since it began."""
    text, links, score, prose, heads, flowing = (now - before for now, before in zip(_sums(run), start, strict=True))
    if linked:
        run.links += flowing
        run.weight.links += text - links
        links = text
    return Weight(text, links, score, prose, int(heads))


def _join(outer: Weight, inner: Weight) -> None:
    outer.text += inner.text
    outer.links += inner.links
    outer.score += inner.score
    outer.prose += inner.prose
    outer.heads += inner.heads


def _close(element: HtmlElement, run: _Run, weights: Weights) -> None:
    """Complete the weight of a block with that of its own text."""
    weight, tag = run.weight, element.tag
    if run.text:
        weight.text += run.text
        weight.links += run.links
        score = _score(run, tag)
        weight.score += score
        weight.prose += max(score, 0.0)
        weight.heads += run.links > run.text / 2 or (tag == "li" and run.links > run.text * 0.15 and _is_led_by_link(element))
    if weight.heads > 2 and weight.prose > 0 and len(element) > 2:
        _discount_teasers(element, weight, weights)


def _is_led_by_link(element: HtmlElement) -> bool:
    first = next(iter(element), None)
    return first is not None and first.tag == "a" and not (element.text or "").strip()


def _discount_teasers(element: HtmlElement, weight: Weight, weights: Weights) -> None:
    """Three or more neighbours of one kind, each a linked headline and a little prose, lead to other articles: their prose is not ours."""
    kinds: dict[tuple[str, str | None], list[Weight]] = {}
    for child in element:
        inner = weights.get(child)
        if inner is not None and inner.heads and inner.text < _TEASER and inner.heads * 2 * _SCRAP + inner.links * 2 > inner.prose / 3:
            kinds.setdefault((str(child.tag), child.get("class")), []).append(inner)
    for teasers in kinds.values():
        if len(teasers) < 3:
            continue
        for inner in teasers:
            weight.prose -= inner.prose
            weight.score -= inner.score + _SCRAP
            inner.prose, inner.score = 0.0, -_SCRAP


def _add(run: _Run, text: str | None) -> None:
    if text and not text.isspace():
        text = text.strip()
        run.text += width(text)
        run.stops += len(_STOP.findall(text))
        if len(text) < 300 and _LEGAL.search(text):
            run.legal = True
        if len(text) < 200 and _COLON.search(text) and (_LABELS.search(text) or counters.is_label(text)):
            run.counter = True


def width(text: str) -> float:
    """How long a text is to a reader: scripts that write a word in a character or two count for more."""
    return len(text) if text.isascii() else len(text) + 1.5 * sum(map(len, _WIDE.findall(text)))


def _score(run: _Run, tag: object) -> float:
    if not run.text:
        return 0.0
    if (run.legal and run.text < 700) or (run.counter and run.text < 300):
        return -_SCRAP
    if tag in _HEADINGS:
        return 0.0 if run.links < run.text / 2 else -_SCRAP
    free = run.text - run.links
    if free < run.text * 0.5:
        return -_SCRAP - min(run.links, 200.0) / 4
    if free < 80 and run.stops < 2:
        return 0.0 if tag in _LINES and not run.links else -_SCRAP / 4
    if run.stops == 0:
        return min(free, 100.0) / 4
    return min(free, 1500.0) * (free / run.text)


def best(root: HtmlElement, weights: Weights) -> HtmlElement:
    """The element with the highest score, or rather the innermost that has nearly as high a one."""
    blocks = [element for element in root.iter(*_BLOCKS) if element in weights]
    found = _whole(max(blocks, key=lambda element: weights[element].score, default=root), weights)
    while True:
        enough = weights[found].score * _NEARLY if found in weights else 0.0
        inner = next((child for child in found if child in weights and 0 < enough <= weights[child].score and _holds(child)), None)
        if inner is None:
            return found
        found = inner


def _whole(element: HtmlElement, weights: Weights) -> HtmlElement:
    """Where a single paragraph has the highest score, what it stands in: its neighbours are too short to count, and are text all the same."""
    while not _holds(element):
        parent = element.getparent()
        if parent is None or parent not in weights or weights[parent].score < weights[element].score * _MOSTLY:
            break
        element = parent
    return element


def _holds(element: HtmlElement) -> bool:
    """Whether a whole article can stand in it; a ``div`` without blocks is a paragraph."""
    return element.tag in _HOLDERS and any(child.tag in _BLOCKS for child in element)


_NEARLY = 0.9
_MOSTLY = 0.6
_HOLDERS = _BLOCKS - frozenset("p pre blockquote li dt dd h1 h2 h3 h4 h5 h6 caption figcaption address".split())
"""Blocks that hold other blocks: what a whole article can stand in."""


def words(classes: str | None, name: str | None) -> str:
    """Classes and id in one shape: lower case, words split where the case changes, without those that only tell a state or a category."""
    if not classes and not name:
        return ""
    return _shape((classes or "")[:_LONGEST_NAME], (name or "")[:_LONGEST_NAME])


@lru_cache(maxsize=8192)
def _shape(classes: str, name: str) -> str:
    whole = f"{classes} {name}"
    if not whole.islower():
        whole = _CAMEL.sub("-", whole).lower()
    return marks.IGNORED.sub("", whole) if "-" in whole or "_" in whole else whole


@lru_cache(maxsize=8192)
def _named(shape: str) -> int:
    """2 where the names are surely those of chrome, 1 where they are likely, 0 where they are not."""
    return 2 if marks.SURE_CHROME.search(shape) else 1 if marks.CHROME.search(shape) else 0


def chrome(element: HtmlElement) -> int:
    """How sure the element says by its tag, role, name or style that it is not part of the text: 2 surely, 1 likely, 0 not."""
    if element.tag in marks.CHROME_TAGS:
        return 2 if element.tag in ("nav", "footer", "dialog") else 1
    said = dict(element.items())
    if not said:
        return 0
    if (
        (said.get("role") or "").lower() in marks.CHROME_ROLES
        or "hidden" in said
        or said.get("aria-hidden") == "true"
        or _is_unseen(said.get("style"))
    ):
        return 1
    return _named(words(said.get("class"), None if element.tag in _HEADINGS else said.get("id")))


def _is_unseen(style: str | None) -> bool:
    if not style:
        return False
    folded = style.replace(" ", "").lower()
    return "display:none" in folded or "visibility:hidden" in folded


def prune(root: HtmlElement, weights: Weights, *, keep: frozenset[HtmlElement]) -> None:
    """Drop what is chrome by its own word, but never what holds a good part of the prose of the page, nor what holds one of ``keep``."""
    total = weights[root].prose
    sure: list[HtmlElement] = []
    likely: list[tuple[HtmlElement, HtmlElement | None]] = []
    queue: list[tuple[HtmlElement, HtmlElement | None]] = [(root, None)]
    while queue:
        parent, outer = queue.pop()
        for child in list(parent):
            weight = weights.get(child)
            if weight is None:
                continue
            sureness = 0 if child in keep or child.tag in ("body", "main") else chrome(child)
            if sureness == 2 and weight.prose <= weights[root].prose * _MOST_SURE:
                total -= weight.prose
                sure.append(child)
                continue
            if sureness:
                likely.append((child, outer))
            queue.append((child, child if sureness else outer))
    dropped: set[HtmlElement | None] = set()
    for element, outer in likely:
        if outer in dropped or weights[element].prose <= total * _MOST_LIKELY:
            dropped.add(element)
    _detach(root, [*sure, *(element for element, outer in likely if element in dropped and outer not in dropped)])


def _detach(root: HtmlElement, elements: Sequence[HtmlElement]) -> None:
    """Take elements out of the tree and leave the text behind them. All at once: one by one, each would copy the text before it."""
    tags = [element.tag for element in elements]
    for element in elements:
        element.tag = _DETACHED
    etree.strip_elements(root, _DETACHED, with_tail=False)
    for element, tag in zip(elements, tags, strict=True):
        element.tag = tag


_DETACHED = "detached"
_MOST_SURE, _MOST_LIKELY = 0.85, 0.4
"""Of the prose of the page, what an element may hold and still be dropped, by how sure it is chrome."""
