"""Pages nested deeper than a parser goes: tags that are never closed, one in each paragraph, as old editors wrote them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import Final, NamedTuple

DEEPEST: Final = 60
"""How many elements may stand in each other. The parser's own limit is 256; paragraphs, rows and cells, which close by themselves, come between them."""

_LINE_ENDS = re.compile("(?:<br>){3,}")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})[^<>]*>")
_SELF_CLOSING = frozenset(
    "area base br col embed hr img input link meta param source track wbr html head body p li dt dd tr td th tbody thead tfoot option".split()
)
"""Elements that hold nothing, or end where the next of their kind begins (HTML §13.1.2)."""
_INLINE = frozenset("a b i u s em strong font span big small sub sup tt code label cite abbr strike mark".split())


def shallow(markup: str) -> str:
    """``markup`` without the tags that stand deeper than ``DEEPEST``; all of its text remains, with a line break in place of a block."""
    opened: list[_Open] = []
    among: Counter[str] = Counter()

    def kept(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _SELF_CLOSING:
            return tag[0]
        if not tag[1]:
            opened.append(_Open(name, shown=len(opened) < DEEPEST))
            among[name] += 1
            return tag[0] if opened[-1].shown else _instead(name)
        while among[name] and _reaches(name, opened):
            last = opened.pop()
            among[last.name] -= 1
            if last.name == name:
                return tag[0] if last.shown else _instead(name)
        return ""

    return _LINE_ENDS.sub("<br><br>", _TAG.sub(kept, markup))


_BEGINS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_FOREIGN = re.compile(r"<(?:svg|math)", re.IGNORECASE)
_FEW = 500
"""Tags that may be nested in any way."""
_MOST_COPIES = 200_000
"""A parser that follows HTML opens what a paragraph left open (``<p><b><i></p>``) again in each later one: so many elements at most."""


def is_tangled(markup: str) -> bool:
    """Whether elements stand so deep in each other, or stay open through so many others, that to parse them as HTML prescribes takes seconds.

    Rather too often than too rarely: a tag counts from its name on, whatever its attributes are, and each end tag closes one element only.
    """
    tags = markup.count("<")
    if tags <= _FEW:
        return False
    flat = frozenset[str]() if _FOREIGN.search(markup) else _SELF_CLOSING
    opened: Counter[str] = Counter()
    level = deepest = 0
    for end, name in _BEGINS.findall(markup.lower()):
        if name in flat:
            continue
        if not end:
            opened[name] += 1
            level += 1
            deepest = max(deepest, level)
        elif opened[name]:
            opened[name] -= 1
            level -= 1
    return deepest > DEEPEST or deepest * tags > _MOST_COPIES


class _Open(NamedTuple):
    name: str
    shown: bool


def _reaches(name: str, opened: list[_Open]) -> bool:
    """Whether an end tag closes its element: that of an inline element does not where a block has begun since."""
    if name not in _INLINE:
        return True
    return next((one.name == name for one in islice(reversed(opened), DEEPEST) if one.name == name or one.name not in _INLINE), False)


def _instead(name: str) -> str:
    return "" if name in _INLINE else "<br>"
