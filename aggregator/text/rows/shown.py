"""The date that a row shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Final, Literal

from lxml.html import HtmlElement

from aggregator.text import dates
from aggregator.text.columns import width
from aggregator.text.phrases import MORE
from aggregator.text.rows.pieces import Piece, bare, block, inside, is_code, words_of

TRIED: Final = 12
"""Pieces of one row in which a date is looked for."""

MOST_PAIRS: Final = 20
"""… and in which two numbers are that stand for a day."""

LONGEST_ALONE: Final = 24
"""Characters of a date in pieces of its own: "28 September 2026"."""

_SMALL = re.compile(r"[0-3]?\d")

_DATE_WORDS = frozenset(
    "date dates datetime time times pubdate published posted postdate timestamp day month year rq sj riqi shijian fecha datum tarih data dato ngay tanggal "
    "timestyle newsdate createtime addtime fbsj fbrq updatetime calendar dt".split()
)
_NOT_DATE_WORDS = frozenset("title headline name summary excerpt description intro tit bt".split())
_LATER_WORDS = frozenset("updated modified changed lastmod".split())
_NUMERIC = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\W{0,2}\d\d/\d\d\W{0,2}")
_EDGE = re.compile(
    r"\d{1,4}\s?[-./年]\s?\d{1,2}(?:\s?[-./月]\s?\d{1,4}日?)?\W{0,3}$|(?:19|20)\d\d\W{0,3}$|^\W{0,3}\d{1,4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,4}"
    r"|^\W{0,3}(?:[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s|\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?)(?:19|20)\d\d"
)
_DATE_ONLY = re.compile(
    r"[\s\[(（【\-–—/.:：,，|年月日號号\d]{4,40}|\[?\s*\d{1,4}\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,4}\s*日?)?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[\])）】]?"
)


_Found = tuple[dates.Moment, str, str]
"""A date, where it was found, and the text that said it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How the dates of one page are meant. ``day_first`` None: not voted on."""

    now: datetime
    timezone: str | None = None
    language: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """What the rows of one list have in common."""

    clock: Clock
    at_the_edge: bool
    """Whether titles end or begin with the date of the row; one title that ends in "on Dec. 15" tells of an event."""
    stacked: Literal["day", "month"] | None = None
    """What the first of two bare numbers is that rows show as their date; None: such numbers are no date."""


def style(rows: Sequence[Sequence[Piece]], clock: Clock) -> Style:
    """What the pieces of all rows of a list say about how it writes dates."""
    if clock.day_first is None:
        numeric = (part.text for parts in rows for part in parts if _NUMERIC.search(part.text) and len(part.text) < 200)
        clock = replace(clock, day_first=dates.vote_day_first(numeric))
    edged = sum(any(_EDGE.search(part.text) for part in _titular(parts)) for parts in rows)
    return Style(clock, edged >= 2 and edged > len(rows) / 2, _stacked(rows, clock.now))


def _titular(parts: Sequence[Piece]) -> list[Piece]:
    """The pieces in which the title of a row may be: its headings and links, or all of it where the link is a number or says only that there is more."""
    found = [part for part in parts if part.heading or part.linked]
    said = (bare(part.text) for part in found)
    return found if any(width(text) >= 8 and not is_code(text) and not MORE.fullmatch(text) for text in said) else list(parts)


def _stacked(rows: Sequence[Sequence[Piece]], now: datetime) -> Literal["day", "month"] | None:
    """How rows write days as two bare numbers: as only one reading allows, or as that in which the newest stands first."""
    pairs = [pair for parts in rows if (pair := _pair(parts))]
    if len(pairs) < 3 or len(pairs) < 0.8 * len(rows):
        return None
    values = [(int(bare(one.text)), int(bare(two.text))) for one, two in pairs]
    marked = all(_is_date(one) and _is_date(two) for one, two in pairs)
    fits = {"day": [(month, day) for day, month in values], "month": values}
    able = {first: days for first, days in fits.items() if all(1 <= month <= 12 and 1 <= day <= 31 for month, day in days)}
    falling = [first for first, days in able.items() if len(set(days)) > 1 and _falls(days, now)]
    sure = falling if falling or not marked else list(able)
    return ("day" if "day" in sure else "month") if sure and (marked or len(falling) == 1) else None


def _falls(days: Sequence[tuple[int, int]], now: datetime) -> bool:
    """Whether (month, day) go back in time from row to row, beginning at ``now``."""
    ages = [(now.year - (day > (now.month, now.day)), *day) for day in days]
    return ages == sorted(ages, reverse=True)


def _pair(parts: Sequence[Piece]) -> tuple[Piece, Piece] | None:
    """The first two pieces of a row that follow each other, stand in one element and are numbers of one or two digits, nothing else."""
    for one, two in pairwise(parts[:MOST_PAIRS]):
        if _SMALL.fullmatch(bare(one.text)) and _SMALL.fullmatch(bare(two.text)) and _near(one.element, two.element):
            return one, two
    return None


def _near(one: HtmlElement, two: HtmlElement) -> bool:
    return two.getparent() in (one, one.getparent()) or one.getparent() is two


@dataclass(frozen=True, slots=True)
class Shown:
    """The date that a row shows, and which of its pieces say only that."""

    moment: dates.Moment | None
    where: str
    text: str
    pieces: frozenset[int]
    """``id`` of each piece that is a date or a part of one."""


def shown(parts: Sequence[Piece], elements: Sequence[HtmlElement], url: str, common: Style, *, named: HtmlElement | None = None) -> Shown:
    """The date of a row, looked for in ``named`` or where its author marked it, at the edge of the title where the list writes it there, in the text
    of the row, in its address.
    """
    clock = common.clock
    dated = ((inside(parts, named) if named is not None else []) or [part for part in parts if _is_date(part)])[:TRIED]
    only = frozenset(id(part) for part in dated)
    short = [part.text for part in _short(parts)[:TRIED]]
    titles = [part.text for part in _titular(parts)] if common.at_the_edge else []
    found = (
        _machine_date(elements, clock)
        or _first_date([" ".join(part.text for part in dated), *(part.text for part in dated)], clock, "row date")
        or next((edge for text in titles if (edge := _at_the_edge(text, clock))), None)
        or _first_date([*short, " ".join(short)], clock, "row text")
    )
    if found:
        return Shown(*found, only)
    if common.stacked and (pair := _pair(parts)) and (found := _of_pair(pair, common)):
        return Shown(*found, only | {id(piece) for piece in pair})
    if alone := _alone(parts, clock):
        return Shown(*alone[0], only | {id(piece) for piece in alone[1]})
    moment = dates.date_in_url(url, now=clock.now, timezone=clock.timezone)
    return Shown(moment, "address", url, only) if moment else Shown(None, "", "", only)


def _alone(parts: Sequence[Piece], clock: Clock) -> tuple[_Found, Sequence[Piece]] | None:
    """The date that short pieces beside a title are, and nothing else, in a link around the whole row: "28" over "Oct"."""
    first = parts[:MOST_PAIRS]
    for group in (first[start : start + length] for start in range(len(first)) for length in (3, 2, 1)):
        text = " ".join(part.text for part in group)
        if len(text) > LONGEST_ALONE or not any(map(str.isdigit, text)) or any(part.heading for part in group):
            continue
        together = all(_near(one.element, two.element) for one, two in pairwise(group))
        found = find(text, clock) if together and any(width(part.text) >= 8 for part in parts if part not in group) else None
        if found and not bare(text[: found[1][0]] + text[found[1][1] :]):
            return (found[0], "row date", text), group
    return None


def _of_pair(pair: tuple[Piece, Piece], common: Style) -> _Found | None:
    day, month = (bare(piece.text) for piece in (pair if common.stacked == "day" else reversed(pair)))
    found = find(f"{month}月{day}日", common.clock)
    return (found[0], f"{common.stacked} first of two numbers", f"{pair[0].text} {pair[1].text}") if found else None


def _short(parts: Sequence[Piece]) -> list[Piece]:
    """The pieces in which a date is that of the row: not in titles, and not in running text, which tells of other days."""
    wide: Counter[HtmlElement] = Counter()
    for part in parts:
        wide[block(part.element)] += 0 if part.heading or part.linked else width(part.text)
    return [part for part in parts if not (part.heading or part.linked) and width(part.text) <= 60 and wide[block(part.element)] <= 140]


def _is_date(part: Piece) -> bool:
    if part.element.tag == "time" or (part.words & _DATE_WORDS and not part.words & _NOT_DATE_WORDS):
        return width(part.text) <= 60
    return bool(_DATE_ONLY.fullmatch(part.text))


def _machine_date(elements: Sequence[HtmlElement], clock: Clock) -> _Found | None:
    """The moment that an element tells machines; one of an update only where there is no other."""
    told = [(found, value) for element in elements for found in element.iter("time", "meta", "abbr") if (value := _told(found))]
    for found, value in sorted(told, key=lambda pair: bool(words_of(pair[0]) & _LATER_WORDS)):
        if moment := parse(value, clock):
            return _in_its_zone(moment, found, clock), f"<{found.tag!s}>", value[:60]
    return None


def _in_its_zone(moment: dates.Moment, element: HtmlElement, clock: Clock) -> dates.Moment:
    """The same instant in the zone of the clock time that people are shown: ``2012-12-15T20:30:00Z`` beside "16.12.2012 00:30" is told at +04:00."""
    if moment.precision == "day" or moment.when.utcoffset():
        return moment
    seen = find(" ".join("".join(element.itertext()).split())[:80], clock)
    if seen is None or seen[0].precision == "day":
        return moment
    quarters = round((seen[0].when.replace(tzinfo=UTC) - moment.when).total_seconds() / 900)
    return replace(moment, when=moment.when.astimezone(timezone(timedelta(minutes=15 * quarters)))) if 0 < abs(quarters) <= 56 else moment


def _told(element: HtmlElement) -> str | None:
    if element.tag == "time":
        return element.get("datetime")
    if element.tag == "meta":
        return element.get("content") if element.get("itemprop") == "datePublished" else None
    return element.get("title") if words_of(element) & _DATE_WORDS else None


def _first_date(texts: Iterable[str], clock: Clock, where: str) -> _Found | None:
    for text in texts:
        if text and (found := find(text, clock)):
            return found[0], where, text[found[1][0] : found[1][1]]
    return None


def _at_the_edge(text: str, clock: Clock) -> _Found | None:
    """The date that ends or begins a title; one in its middle is told about, not of it."""
    if not any(char.isdigit() for char in text[-24:] + text[:24]):
        return None
    end, start = text[-30:], text[:30]
    found = find(end, clock)
    if found and not bare(end[found[1][1] :]):
        return found[0], "row title", end[found[1][0] : found[1][1]]
    found = find(start, clock)
    if found and not bare(start[: found[1][0]]):
        return found[0], "row title", start[found[1][0] : found[1][1]]
    return None


def parse(text: str, clock: Clock) -> dates.Moment | None:
    """``text`` as a date, as the page means it."""
    return dates.parse_date(text, now=clock.now, timezone=clock.timezone, language=clock.language, day_first=clock.day_first)


def find(text: str, clock: Clock) -> tuple[dates.Moment, tuple[int, int]] | None:
    """The first date in ``text`` and where it stands."""
    return dates.find_date(text, now=clock.now, timezone=clock.timezone, language=clock.language, day_first=clock.day_first)
