"""A page as a reader sees it: its lines in order, each with the element it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator.text import markup

LONGEST = 400
"""Of a longer line only this much is kept: titles, bylines and dates are short."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    block: HtmlElement
    """The block it stands in."""
    long: bool = False
    apart: str = ""
    """The same with a space between its elements, where that makes a difference: pages set a date apart by style alone."""


@dataclass(frozen=True, slots=True)
class Around:
    """The lines around a text: ``before`` it, those from the title on first, and ``after`` it, its own last lines first."""

    before: list[Line]
    after: list[Line]
    page: Sequence[Line] = ()
    """All lines of the page."""


def of(root: HtmlElement) -> list[Line]:
    return list(_lines(root))


def is_caption(block: HtmlElement) -> bool:
    """Whether a line in it speaks of a picture."""
    return any(element.tag in ("figure", "figcaption") for element in (block, *islice(block.iterancestors(), 3)))


def _lines(root: HtmlElement) -> Iterator[Line]:
    pieces: list[str] = []
    blocks = [root]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or (tag in markup.SILENT and tag != "object"):
                walker.skip_subtree()
                continue
            if tag in markup.BLOCKS:
                if pieces:
                    yield from _line(pieces, blocks[-1])
                blocks.append(element)
            if element.text:
                pieces.append(element.text)
            continue
        if isinstance(tag, str) and tag in markup.BLOCKS and tag not in markup.SILENT:
            if pieces:
                yield from _line(pieces, blocks[-1])
            if len(blocks) > 1:
                blocks.pop()
        if element.tail and element is not root:
            pieces.append(element.tail)


def _line(pieces: list[str], block: HtmlElement) -> Iterator[Line]:
    text = " ".join("".join(pieces).split())
    apart = " ".join(" ".join(pieces).split()) if len(pieces) > 1 else text
    pieces.clear()
    if text:
        yield Line(text[:LONGEST], block, long=len(text) > LONGEST, apart=apart[:LONGEST] if len(apart) > len(text) else "")
