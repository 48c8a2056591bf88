"""How much each element of a page looks like the text of an article.

Every block gets a score: prose counts for it, links and scraps count against it. The score of an element is the sum over the blocks inside, so
the text of the article is the element with the highest score: a larger one would only add chrome, a smaller one would lose paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import marks

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup html li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul font-block".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_STOP = re.compile(r"[.!?:;,…。！？：；，、।؟،۔]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LEGAL = re.compile(
    r"(?i)^\W{0,3}(?:copyright|©|\(c\) ?\d|版权|版權|all rights reserved|alle rechte|tous droits|todos los derechos|все права|著作権|無断転載|지적재산)|版权所有|ICP备|京公网安备|all rights reserved|©\s{0,2}(?:19|20)\d\d"
)
_COUNTER = re.compile(
    r"(?:发布时间|发布日期|点击|点击数|点击量|点击次数|阅读次数|阅读量|浏览次数|浏览量|浏览数|访问量|访问次数|阅读数|作者|来源|文章来源|信息来源|조회수?|Просмотров|Visits|Hits|Views)\s{0,3}[:：\[]"
)
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
    """Text that flows in one block."""

    text: float = 0.0
    links: float = 0.0
    stops: int = 0
    legal: bool = False
    counter: bool = False


Weights = dict[HtmlElement, Weight]


def weigh(root: HtmlElement, *, apart: frozenset[HtmlElement] = frozenset()) -> Weights:
    """The weight of every element under ``root``; those ``apart`` (the title, say) weigh nothing.

    Children come before parents, so it takes one pass and no recursion.
    """
    weights: Weights = {}
    runs: dict[HtmlElement, _Run] = {}
    for element in reversed(list(root.iter(etree.Element))):
        _weigh(element, weights, runs)
        if element in apart:
            weights[element] = Weight()
    return weights


def _weigh(element: HtmlElement, weights: Weights, runs: dict[HtmlElement, _Run]) -> None:
    weight, run = Weight(), _Run()
    _add(run, element.text)
    for child in element:
        inner = weights.get(child)
        if inner is not None:
            weight.text += inner.text
            weight.links += inner.links
            weight.score += inner.score
            weight.prose += inner.prose
            weight.heads += inner.heads
            flowing = runs.pop(child, None)
            if flowing is not None:
                run.text += flowing.text
                run.links += flowing.links
                run.stops += flowing.stops
                run.legal |= flowing.legal
                run.counter |= flowing.counter
        _add(run, child.tail)
    tag = element.tag
    if tag == "a" and element.get("href"):
        run.links = run.text
        weight.links = weight.text
    if tag in _BLOCKS:
        weight.text += run.text
        weight.links += run.links
        score = _score(run, tag)
        weight.score += score
        weight.prose += max(score, 0.0)
        weight.heads += bool(run.text) and (
            run.links > run.text / 2 or (tag == "li" and run.links > run.text * 0.15 and _is_led_by_link(element))
        )
        if len(element) > 2 and weight.heads > 2 and weight.prose > 0:
            _discount_teasers(element, weight, weights)
    else:
        runs[element] = run
    weights[element] = weight


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
        run.text += len(text) if text.isascii() else len(text) + 1.5 * len(_WIDE.findall(text))
        run.stops += len(_STOP.findall(text))
        if len(text) < 300 and _LEGAL.search(text):
            run.legal = True
        if len(text) < 200 and _COUNTER.search(text):
            run.counter = True


def _score(run: _Run, tag: str) -> float:
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
        return -_SCRAP / 4
    if run.stops == 0:
        return min(free, 100.0) / 4
    return min(free, 1500.0) * (free / run.text)


def best(root: HtmlElement, weights: Weights) -> HtmlElement:
    """The element with the highest score, or rather the innermost that has nearly as high a one."""
    blocks = [element for element in root.iter(*_BLOCKS) if element in weights]
    found = _whole(max(blocks, key=lambda element: weights[element].score, default=root), weights)
    while True:
        enough = weights[found].score * _NEARLY if found in weights else 0.0
        inner = next((child for child in found if child in weights and child.tag in _HOLDERS and 0 < enough <= weights[child].score), None)
        if inner is None:
            return found
        found = inner


def _whole(element: HtmlElement, weights: Weights) -> HtmlElement:
    """Where a single paragraph has the highest score, what it stands in: its neighbours are too short to count, and are text all the same."""
    while element.tag not in _HOLDERS:
        parent = element.getparent()
        if parent is None or parent not in weights or weights[parent].score < weights[element].score * _MOSTLY:
            break
        element = parent
    return element


_NEARLY = 0.9
_MOSTLY = 0.6
_HOLDERS = _BLOCKS - frozenset("p pre blockquote li dt dd h1 h2 h3 h4 h5 h6 caption figcaption address".split())
"""Blocks that hold other blocks: what a whole article can stand in."""


def words(classes: str | None, name: str | None) -> str:
    """Classes and id in one shape: lower case, words split where the case changes, without those that only tell a state or a category."""
    return _shape((classes or "")[:_LONGEST_NAME], (name or "")[:_LONGEST_NAME])


@lru_cache(maxsize=8192)
def _shape(classes: str, name: str) -> str:
    return marks.IGNORED.sub("", _CAMEL.sub("-", f"{classes} {name}").lower())


@lru_cache(maxsize=8192)
def _named(shape: str) -> int:
    """2 where the names are surely those of chrome, 1 where they are likely, 0 where they are not."""
    return 2 if marks.SURE_CHROME.search(shape) else 1 if marks.CHROME.search(shape) else 0


def chrome(element: HtmlElement) -> int:
    """How sure the element says by its tag, role, name or style that it is not part of the text: 2 surely, 1 likely, 0 not."""
    if (
        element.tag in marks.CHROME_TAGS
        or (element.get("role") or "").lower() in marks.CHROME_ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _is_unseen(element.get("style"))
    ):
        return 2 if element.tag in ("nav", "footer", "dialog") else 1
    return _named(words(element.get("class"), None if element.tag in _HEADINGS else element.get("id")))


def _is_unseen(style: str | None) -> bool:
    if not style:
        return False
    folded = style.replace(" ", "").lower()
    return "display:none" in folded or "visibility:hidden" in folded


def prune(root: HtmlElement, weights: Weights, *, keep: frozenset[HtmlElement]) -> None:
    """Drop what is chrome by its own word, but never what holds a good part of the prose of the page, nor what holds one of ``keep``."""
    total = weights[root].prose
    _drop(root, weights, keep, sureness=2, limit=total * 0.85)
    total = weigh(root)[root].prose
    _drop(root, weights, keep, sureness=1, limit=total * 0.4)


def _drop(root: HtmlElement, weights: Weights, keep: frozenset[HtmlElement], *, sureness: int, limit: float) -> None:
    queue = [root]
    while queue:
        for child in list(queue.pop()):
            weight = weights.get(child)
            if weight is None:
                continue
            if child not in keep and child.tag not in ("body", "main") and weight.prose <= limit and chrome(child) >= sureness:
                child.drop_tree()
            else:
                queue.append(child)
