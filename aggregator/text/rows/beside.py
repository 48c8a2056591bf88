"""Dates in bare text beside the link of a row, which no element holds: ``28.09.2024 – <a>…</a><br>``, ``<a>…</a> (28.09.2024)<br>``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from aggregator.text import dates
from aggregator.text.columns import width
from aggregator.text.markup import BLOCKS
from aggregator.text.rows.shown import Clock, Shown, find

_BOUNDS: Final = (BLOCKS, BLOCKS - {"br"})
"""What ends a line, and what ends the lines of a paragraph."""

_LONGEST: Final = 60
"""Width from which on a text tells of something, and its date is no row's."""

_MOST_STEPS: Final = 12
"""Elements that are passed on the way from a link to the end of its line."""


def beside(days: Sequence[Shown], elements: Sequence[HtmlElement], clock: Clock) -> list[Shown]:
    """The same dates; where rows that are no blocks show none, those in the text before them or behind them: on their lines, else on the next."""
    if any(day.moment for day in days) or any(element.tag in BLOCKS for element in elements):
        return list(days)
    rows = frozenset(elements)
    for bounds in _BOUNDS:
        sides = [[_line(element, rows, bounds, preceding=preceding) for element in elements] for preceding in (True, False)]
        found = max((_dated(texts, clock) for texts in sides), key=lambda told: sum(day is not None for day in told))
        if sum(day is not None for day in found) > max(1, 0.8 * len(found)):
            return [replace(told, pieces=day.pieces) if told else day for day, told in zip(days, found, strict=True)]
    return list(days)


def _dated(texts: Sequence[str], clock: Clock) -> list[Shown | None]:
    if clock.day_first is None:
        clock = replace(clock, day_first=dates.vote_day_first(texts))
    return [
        Shown(told[0], "text beside the link", text[slice(*told[1])], frozenset()) if (told := find(text, clock)) else None
        for text in texts
    ]


def _line(element: HtmlElement, rows: frozenset[HtmlElement], bounds: frozenset[str], *, preceding: bool) -> str:
    """The text between a row and what bounds it on one side: another row or one of ``bounds``. Empty where it is more than a label."""
    pieces = list(islice(_pieces(element, rows, bounds, preceding=preceding), 2 * _MOST_STEPS))
    text = " ".join("".join(reversed(pieces) if preceding else pieces).split())
    return text if any(map(str.isdigit, text)) and width(text) <= _LONGEST else ""


def _pieces(element: HtmlElement, rows: frozenset[HtmlElement], bounds: frozenset[str], *, preceding: bool) -> Iterator[str]:
    here: HtmlElement | None = element
    while here is not None:
        beyond = here.getprevious() if preceding else here.getnext()
        if not preceding:
            yield here.tail or ""
        else:
            parent = here.getparent()
            yield (beyond.tail if beyond is not None else parent.text if parent is not None else None) or ""
        if beyond is None or beyond in rows or beyond.tag in bounds:
            return
        yield " " if beyond.tag == "br" else "".join(islice(beyond.itertext(), _MOST_STEPS)) if isinstance(beyond.tag, str) else ""
        here = beyond
