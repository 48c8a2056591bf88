"""Dates that stand above the rows: the heading of a day, under it what was published on it; the year, or the month and the year, of days that are told without."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from aggregator.text.columns import width
from aggregator.text.rows.pieces import HEADINGS, Piece, bare, letters
from aggregator.text.rows.shown import Clock, Shown, find, parse

LEVELS: Final = 6
"""How far above a row its day may stand."""

MOST_STEPS: Final = 20_000
"""Elements that are looked at on the way, for all rows of a page."""

_ASIDE: Final = 14
"""Letters beside the date in such a heading: a day of the week, "Published on"."""

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY: Final = re.compile(r"(?:[12]?\d|0\d|3[01])(?:st|nd|rd|th)?\.?")
_YEARLESS: Final = frozenset("md md-cjk md-name dm-name dm-vi".split())
"""The rules that read a day without its year."""

_FIRST_PIECES: Final = 4

_LATELY: Final = timedelta(days=31)
"""A calendar may still show what has just been."""

_SOON: Final = timedelta(days=92)
"""… and does not begin later."""

_COMING: Final = 3
"""Different days to come that make a calendar."""

_A_YEAR: Final = timedelta(days=365)


def grouped(days: Sequence[Shown], rows: Sequence[Sequence[Piece]], elements: Sequence[HtmlElement], clock: Clock) -> list[Shown]:
    """The same dates, or those that headings above the rows tell or complete. One heading alone is no order: it may be today's date."""
    if any(day.moment for day in days):
        return _published(_in_their_years(days, elements, clock), clock)
    found = _told_above(_day_said, elements, clock) or _numbered(rows, elements, clock)
    return (
        [replace(head, pieces=day.pieces | head.pieces) if head else day for day, head in zip(days, found, strict=True)]
        if found
        else list(days)
    )


def _told_above(said: Reader, elements: Sequence[HtmlElement], clock: Clock) -> list[Shown | None]:
    """What the headings above say of nearly all rows, where it is not one thing of all of them; else nothing."""
    above = _Above(said, clock)
    found = [above.of(element) for element in elements]
    told = [head for head in found if head is not None]
    return found if len(told) >= 0.8 * len(elements) and len({head.text for head in told}) >= 2 else []


def _in_their_years(days: Sequence[Shown], elements: Sequence[HtmlElement], clock: Clock) -> list[Shown]:
    """Days that were told without a year, in those of the headings above them."""
    bare_days = [number for number, day in enumerate(days) if day.moment and day.moment.source in _YEARLESS]
    found = _told_above(_year_said, [elements[number] for number in bare_days], clock) if len(bare_days) > 1 else []
    completed = list(days)
    for number, year in zip(bare_days, found, strict=False):
        day = days[number]
        if year and year.moment and day.moment and (when := _in_year(day.moment.when.date(), year.moment.when.year, clock)):
            moved = replace(day.moment, when=day.moment.when.replace(year=when.year, month=when.month, day=when.day))
            completed[number] = replace(day, moment=moved, where=f"{day.where} in the year above")
    return completed


def _published(days: Sequence[Shown], clock: Clock) -> list[Shown]:
    """Without the days of a calendar: those without a year that run forward from now tell when something will be, not when it was published."""
    told = [day.moment.when.date() for day in days if day.moment and day.moment.source in _YEARLESS]
    if not _runs_ahead(told, clock.now.date()):
        return list(days)
    return [replace(day, moment=None) if day.moment and day.moment.source in _YEARLESS else day for day in days]


def _runs_ahead(days: Sequence[date], today: date) -> bool:
    """Whether ``days``, each taken for the last of its name, go on from about now through the months to come: lists of news go back."""
    coming = [today + (day - today) % _A_YEAR for day in days if day < today - _LATELY]
    near = [day for day in days if day >= today - _LATELY]
    forward = [*near, *coming]
    return len(set(coming)) >= _COMING and coming[0] <= today + _SOON and days[: len(near)] == near and forward == sorted(forward)


def _in_year(day: date, year: int, clock: Clock) -> date | None:
    try:
        found = day.replace(year=year)
    except ValueError:
        return None
    return found if found <= clock.now.date() + timedelta(days=7) else None


def _numbered(rows: Sequence[Sequence[Piece]], elements: Sequence[HtmlElement], clock: Clock) -> list[Shown | None]:
    """Days that are a bare number in each row, under headings of months."""
    numbers = [next((part for part in parts[:_FIRST_PIECES] if _DAY.fullmatch(bare(part.text))), None) for parts in rows]
    if sum(number is not None for number in numbers) < 0.8 * len(rows):
        return []
    return [
        _completed(month, number, clock) if month and number else None
        for month, number in zip(_told_above(_month_said, elements, clock) or [None] * len(rows), numbers, strict=True)
    ]


def _completed(month: Shown, number: Piece, clock: Clock) -> Shown | None:
    if month.moment is None:
        return None
    day = int("".join(char for char in number.text if char.isdigit()))
    moment = parse(f"{month.moment.when:%Y-%m}-{day:02d}", clock)
    return Shown(moment, "day under the heading of its month", f"{number.text} {month.text}", frozenset({id(number)})) if moment else None


# --- headings ----------------------------------------------------------------------------------------------------------------------

Reader = Callable[[HtmlElement, str, Clock], Shown | None]
"""What a heading with this text says of the rows under it."""


class _Above:
    """What is in force at an element: what the nearest heading before it says. Each element is asked once."""

    def __init__(self, said: Reader, clock: Clock) -> None:
        self.said = said
        self.clock = clock
        self.known: dict[HtmlElement, Shown | None] = {}
        self.left = MOST_STEPS

    def of(self, element: HtmlElement) -> Shown | None:
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
            if before is not None and (found := self._read(before)):
                break
            level += before is None
            here = here.getparent() if before is None else before
        self.known.update(dict.fromkeys(passed, found))
        return found

    def _read(self, element: HtmlElement) -> Shown | None:
        if not isinstance(element.tag, str):
            return None
        text = " ".join(" ".join(islice(element.itertext(), 12)).split())
        return self.said(element, text, self.clock) if 4 <= width(text) <= 60 and any(char.isdigit() for char in text) else None


def _day_said(_: HtmlElement, text: str, clock: Clock) -> Shown | None:
    """The date that is all of the text of an element, but for a few words."""
    found = find(text, clock)
    if found is None:
        return None
    start, end = found[1]
    return Shown(found[0], "heading above", text[start:end], frozenset()) if len(letters(text[:start] + text[end:])) <= _ASIDE else None


def _year_said(element: HtmlElement, text: str, clock: Clock) -> Shown | None:
    """The one year in a heading, or in a text that is little else. What leads somewhere is no heading: a row may tell of another year."""
    years = _YEAR.findall(text)
    aside = letters(_YEAR.sub("", text))
    room = 2 * _ASIDE if element.tag in HEADINGS else _ASIDE
    if len(years) != 1 or any(char.isdigit() for char in aside) or len(aside) > room or next(element.iter("a"), None) is not None:
        return None
    moment = parse(years[0], clock)
    return Shown(moment, "heading above", years[0], frozenset()) if moment else None


def _month_said(_: HtmlElement, text: str, clock: Clock) -> Shown | None:
    moment = parse(text, clock)
    return Shown(moment, "heading above", text, frozenset()) if moment and moment.precision == "day" and moment.source == "month" else None
