"""Which of the lists on a page are its news."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.read.detect.blocks import Block, Record, blocks
from aggregator.read.detect.nodes import Anchor, Node, Outline
from aggregator.read.detect.score import ENOUGH, Score, score
from aggregator.text.phrases import MORE
from aggregator.text.rows import Row, bare, width


@dataclass(frozen=True, slots=True)
class Chosen:
    rows: tuple[Row, ...]
    """In the order of the page."""
    reason: str
    strong: bool = False
    """Whether the best list would be news on any page: long, dated, in the main part."""
    alternatives: tuple[tuple[int, str], ...] = ()
    """Lists that lost: their rows, and why."""


def choose(outline: Outline, page: str) -> Chosen:
    ranked = sorted(((score(block), block) for block in blocks(outline, page)), key=lambda pair: -pair[0].value)
    if not ranked or ranked[0][0].value < ENOUGH:
        best = ranked[0][0].reason if ranked else "no links"
        return Chosen((), f"the best list is not like news: {best}")
    best = ranked[0][0]
    taken: list[Block] = []
    covered: set[Node] = set()
    lost: list[tuple[int, str]] = []
    for mark, block in ranked:
        why = _refused(mark, best) or ("it stands inside rows that are taken" if _overlaps(block, covered) else "")
        if why:
            lost.append((mark.rows, f"{why}: score {mark.value:.2f}, {mark.reason}"))
            continue
        taken.append(block)
        for record in block.records:
            covered.add(record.node)
    records = sorted((record for block in taken for record in block.records), key=lambda record: record.node.order)
    return Chosen(tuple(_rows(records, outline.anchors)), f"score {best.value:.2f}: {best.reason}", _strong(best), tuple(lost[:5]))


def _strong(best: Score) -> bool:
    return best.rows >= 8 and best.dated >= 0.6 and not best.side and not best.chrome


def _refused(mark: Score, best: Score) -> str:
    if mark is best:
        return ""
    if mark.value < ENOUGH:
        return "not like news"
    if mark.value < 0.55 * best.value:
        return "much less like news than the best"
    return ""


def _overlaps(block: Block, covered: set[Node]) -> bool:
    inside = 0
    spans = [(node.order, node.last) for node in covered]
    for record in block.records:
        low, high = record.node.order, record.node.last
        inside += any((start <= low and high <= end) or (low <= start and end <= high) for start, end in spans)
    return inside > len(block.records) / 2


def _rows(records: Iterable[Record], anchors: list[Anchor]) -> Iterable[Row]:
    """Each record with the link in it that says most: a card may link its picture, its title and its "more" to one address."""
    orders = [anchor.node.order for anchor in anchors]
    for record in records:
        inside = anchors[bisect_left(orders, record.node.order) : bisect_right(orders, record.node.last)]
        same = [anchor for anchor in inside if anchor.url == record.url] or [record.anchor]
        link = max(same, key=_says)
        yield Row((record.node.element,), link.node.element, record.url)


def _says(anchor: Anchor) -> tuple[bool, int]:
    says = bool(anchor.text) and not MORE.fullmatch(bare(anchor.text))
    return says and anchor.node.heading, width(anchor.text) if says else 0
