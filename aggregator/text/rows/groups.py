"""Dates that stand above the rows: the heading of a day, under it what was published on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from aggregator.text.rows.pieces import letters, width
from aggregator.text.rows.shown import Clock, Shown, find

LEVELS: Final = 6
"""How far above a row its day may stand."""

MOST_STEPS: Final = 20_000
"""Elements that are looked at on the way, for all rows of a page."""

_ASIDE: Final = 14
"""Letters beside the date in such a heading: a day of the week, "Published on"."""


def grouped(days: Sequence[Shown], elements: Sequence[HtmlElement], clock: Clock) -> list[Shown]:
    """The same dates, or where no row has one of its own, those of the headings above the rows. One heading alone is no order: it may be today's date."""
    if any(day.moment for day in days):
        return list(days)
    above = _Above(clock)
    found = [above.day(element) for element in elements]
    told = [day for day in found if day is not None]
    if len(told) < 0.8 * len(days) or len({day.text for day in told}) < 2:
        return list(days)
    return [replace(head, pieces=day.pieces) if head else day for day, head in zip(days, found, strict=True)]


class _Above:
    """What day is in force at an element: that of the nearest heading before it. Each element is asked once."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.known: dict[HtmlElement, Shown | None] = {}
        self.left = MOST_STEPS

    def day(self, element: HtmlElement) -> Shown | None:
        here: HtmlElement | None = element
        found: Shown | None = None
        passed: list[HtmlElement] = []
        level = 0
        while here is not None and level <= LEVELS and self.left > 0:
            if here in self.known:
                found = self.known[here]
                break
            passed.append(here)
            self.left -= 1
            before = here.getprevious()
            if before is not None and (found := self._said(before)):
                break
            level += before is None
            here = here.getparent() if before is None else before
        self.known.update(dict.fromkeys(passed, found))
        return found

    def _said(self, element: HtmlElement) -> Shown | None:
        """The date that is all of the text of an element, but for a few words."""
        if not isinstance(element.tag, str):
            return None
        text = " ".join(" ".join(islice(element.itertext(), 12)).split())
        if not 4 <= width(text) <= 60 or not any(char.isdigit() for char in text):
            return None
        found = find(text, self.clock)
        if found is None:
            return None
        start, end = found[1]
        return Shown(found[0], "heading above", text[start:end], frozenset()) if len(letters(text[:start] + text[end:])) <= _ASIDE else None
