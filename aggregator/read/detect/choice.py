"""Which of the lists on a page are its news."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.read.detect.blocks import Block, Record, blocks
from aggregator.read.detect.nodes import Anchor, Node, Outline
from aggregator.read.detect.score import BESIDE, BESIDE_DATED, ENOUGH, Score, score
from aggregator.text.phrases import MORE
from aggregator.text.rows import Row, bare, width

MOST: Final = 300
"""Lists of one page that are scored, the longest first: a hostile page has ten thousand."""

MOST_ROWS: Final = 5000
"""Rows in all of them together."""


@dataclass(frozen=True, slots=True)
class Chosen:
    rows: tuple[Row, ...]
    """In the order of the page."""
    reason: str
    strong: bool = False
    """Whether the best list would be news on any page: long, dated, in the main part."""
    alternatives: tuple[tuple[int, str], ...] = ()
    """Lists that lost: their rows, and why."""
    few: bool = False
    """Whether none was taken, and the best has dates, but only one row or two."""


def choose(outline: Outline, page: str) -> Chosen:
    """The best list, and those beside it that are news in their own right."""
    found = list(_affordable(sorted(blocks(outline, page), key=lambda block: -len(block.records))))
    ranked = sorted(((score(block), block) for block in found if not _is_menu(block)), key=lambda pair: -pair[0].value)
    if not ranked or ranked[0][0].value < ENOUGH:
        few = bool(ranked) and ranked[0][0].rows < 3 and ranked[0][0].dated > 0
        return Chosen((), f"the best list is not like news: {ranked[0][0].reason if ranked else 'no list of links'}", few=few)
    best = ranked[0][0]
    taken: list[Block] = []
    covered = Spans()
    lost: list[tuple[int, str]] = []
    for mark, block in ranked:
        refused = "" if _leads(block, mark, *ranked[0]) else _refused(mark, best, alike=any(_alike(block, other) for other in taken))
        if not refused and sum(covered.touch(record.node) for record in block.records) > len(block.records) / 2:
            refused = "it stands inside rows that are taken"
        if refused:
            lost.append((mark.rows, f"{refused}: score {mark.value:.2f}, {mark.reason}"))
            continue
        taken.append(block)
        covered.add(record.node for record in block.records)
    records = sorted((record for block in taken for record in block.records), key=lambda record: record.node.order)
    return Chosen(tuple(_rows(records, outline.anchors)), f"score {best.value:.2f}: {best.reason}", _strong(best), tuple(lost[:5]))


class Spans:
    """The parts of a page that are taken."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def add(self, nodes: Iterable[Node]) -> None:
        self.spans = sorted([*self.spans, *((node.order, node.last) for node in nodes)])

    def touch(self, node: Node) -> bool:
        """Whether a node lies in a part that is taken, or around one."""
        place = bisect_right(self.spans, (node.order, sys.maxsize))
        before = place > 0 and self.spans[place - 1][1] >= node.order
        return before or (place < len(self.spans) and self.spans[place][0] <= node.last)


def _affordable(found: Sequence[Block]) -> Iterator[Block]:
    rows = 0
    for block in found[:MOST]:
        rows += len(block.records)
        if rows > MOST_ROWS:
            return
        yield block


def _is_menu(block: Block) -> bool:
    """Narrow links in the furniture of the site: no score could make news of them, so none is computed."""
    rows = block.records
    return (
        all(record.node.chrome for record in rows)
        and sum(width(record.anchor.text) for record in rows) < 16 * len(rows)
        and not any(record.node.heading for record in rows)
    )


def _strong(best: Score) -> bool:
    return best.rows >= 8 and best.dated >= 0.6 and best.side < 0.5 and not best.chrome


def _refused(mark: Score, best: Score, *, alike: bool) -> str:
    """Why a list is not taken beside the best one; empty where it is."""
    if mark is best or (alike and mark.value >= 0.45 * best.value and mark.side < best.side + 0.5):
        return ""
    if mark.value < ENOUGH:
        return "not like news"
    if best.rows >= 5 and (mark.side >= best.side + 0.5 or mark.chrome > best.chrome):
        return "beside the main list"
    undated = best.dated >= 0.6 and mark.dated < 0.3 and best.rows >= 4 and mark.shape != best.shape
    if mark.value < (BESIDE_DATED if undated else BESIDE) * best.value:
        return "much less like news than the best"
    return ""


def _leads(block: Block, mark: Score, best: Score, main: Block) -> bool:
    """Whether a single row before the best list is its first story, shown larger: a heading and a date, and an address of the same shape."""
    row = block.features[0]
    ahead = len(block.records) == 1 and block.records[0].node.last < main.records[0].node.order
    dated = row.dated or best.dated < 0.3
    return (
        ahead and row.heading and row.linked and dated and row.specific and row.shape == best.shape and not mark.chrome and mark.side < 0.5
    )


def _alike(block: Block, other: Block) -> bool:
    """Whether the rows of two lists are built the same and called the same."""
    one, two = block.records[0].node, other.records[0].node
    return one.path == two.path and bool(one.words) and one.words == two.words


def _rows(records: Iterable[Record], anchors: list[Anchor]) -> Iterable[Row]:
    """Each record with the link in it that says most: a card may link its picture, its title and its "more" to one address."""
    orders = [anchor.node.order for anchor in anchors]
    for record in records:
        inside = anchors[bisect_left(orders, record.node.order) : bisect_right(orders, record.node.last)]
        same = [anchor for anchor in inside if anchor.url == record.url] or [record.anchor]
        link = max(same, key=_says)
        yield Row((record.node.element, *record.more), link.node.element, record.url)


def _says(anchor: Anchor) -> tuple[bool, int]:
    says = bool(anchor.text) and not MORE.fullmatch(bare(anchor.text))
    return says and anchor.node.heading, width(anchor.text) if says else 0
