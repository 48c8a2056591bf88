"""One row of a list of news, and the entry that it makes.

Shared by all that read lists in HTML: the detector, the CMS presets, microdata, the selectors of a source. They find the rows; here a row becomes an ``Entry``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml.html import HtmlElement

from aggregator.model import Attempt, Entry
from aggregator.text import urls
from aggregator.text.columns import width
from aggregator.text.rows.beside import beside
from aggregator.text.rows.groups import grouped
from aggregator.text.rows.pieces import HEADINGS, Piece, bare, inside, is_code, letters, pieces, words, words_of
from aggregator.text.rows.places import Places
from aggregator.text.rows.repeated import labels
from aggregator.text.rows.shown import Clock, Shown, parse, shown, style
from aggregator.text.rows.titles import title

__all__ = ["HEADINGS", "LONGEST", "Clock", "Found", "Row", "bare", "entries", "image", "is_code", "parse", "width", "words", "words_of"]

LONGEST: Final = 500
"""Rows of one page that are read: ten thousand must not take a minute."""

_AUTHOR_WORDS = frozenset("author authors byline autor auteur autore zuozhe".split())
_PICTURES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-echo", "original", "_src", "src", "srcset")
_ORNAMENT = re.compile(
    r"(?i)^data:|blank\.|spacer|pixel|placeholder|loading|lazy|icon|arrow|bullet|dot\.|logo|avatar|gravatar|(?:^|[/_-])(?:ico[\w-]{0,20}|new\d?|hot\d?)\.(?:gif|png|svg)|transparent|1x1|share|button|btn"
)
_BACKGROUND = re.compile(r"url\(\s*['\"]?([^'\")]{4,2000})['\"]?\s*\)")
_BY = re.compile(r"(?i)^(?:by|von|par|por|di|от|автор|作者|文/)\s*[:：]?\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """``elements`` hold the whole row; ``link`` is the element that leads to ``url``.

    The other elements are known where someone named them: a selector, a preset, microdata. What is None is looked for.
    """

    elements: Sequence[HtmlElement]
    link: HtmlElement
    url: str
    title: HtmlElement | None = None
    date: HtmlElement | None = None
    summary: HtmlElement | None = None
    image: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A list that a reader sees on a page. Its entries cost more than finding it, so they are made only where it wins."""

    reader: str
    addresses: tuple[str, ...]
    """Where its rows lead, once each."""
    attempts: tuple[Attempt, ...]
    """Its own, and then those of lists that lost against it."""
    entries: Callable[[], tuple[Entry, ...]]


def entries(found: Sequence[Row], *, clock: Clock, base: str, reader: str) -> tuple[Entry, ...]:
    """One entry per address, in the order of the rows; the first title of an address stays. Rows without a title make none."""
    taken = [(row, pieces(row.elements, row.link)) for row in found[:LONGEST]]
    common = style([parts for _, parts in taken], clock)
    days = [shown(parts, row.elements, row.url, common, named=row.date) for row, parts in taken]
    told = labels([[part for part in parts if id(part) not in day.pieces] for (_, parts), day in zip(taken, days, strict=True)])
    heads = [row.elements[0] for row, _ in taken]
    days = grouped(beside(days, heads, clock), [parts for _, parts in taken], heads, common.clock)
    made: dict[str, Entry] = {}
    places = Places()
    for (row, parts), day in zip(taken, days, strict=True):
        item = _entry(row, parts, day, told, base=base, reader=reader)
        if item is None:
            continue
        item = replace(item, place=places.of(row.elements[0]))
        known = made.setdefault(row.url, item)
        if known.published is None and item.published is not None:
            origins = {**known.provenance, "published": item.provenance["published"]}
            made[row.url] = replace(known, published=item.published, precision=item.precision, provenance=origins)
    return tuple(made.values())


def _entry(row: Row, parts: Sequence[Piece], day: Shown, told: frozenset[int], *, base: str, reader: str) -> Entry | None:
    """The entry that a row makes; None where no title can be found in it. ``told`` are the pieces of all rows that are only labels."""
    name, said = title([part for part in parts if id(part) not in told], row.link, day, named=row.title)
    if not name:
        return None
    summary = _summary(parts if row.summary is None else inside(parts, row.summary), day, name)
    picture = image(row.elements if row.image is None else (row.image,), base)
    origins = {"title": f"{reader}: {said}", "url": f"{reader}: link of the row"}
    if day.moment is not None:
        origins["published"] = f"{reader}: {day.where} {day.text!r}"
    if summary:
        origins["summary"] = f"{reader}: text of the row"
    if picture:
        origins["image"] = f"{reader}: picture of the row"
    return Entry(
        title=name,
        url=row.url,
        published=day.moment.when if day.moment else None,
        precision=day.moment.precision if day.moment else None,
        summary=html.escape(summary, quote=False) if summary else None,
        image=picture,
        authors=_authors(parts),
        provenance=origins,
    )


def _summary(parts: Sequence[Piece], day: Shown, name: str) -> str | None:
    told = letters(name)
    texts = [
        part.text
        for part in parts
        if id(part) not in day.pieces and not part.heading and width(part.text) >= 40 and letters(part.text) not in told
    ]
    best = max(texts, key=width, default=None)
    return best[:1000] if best and not told.startswith(letters(best)[: len(told)] or "-") else None


def _authors(parts: Sequence[Piece]) -> tuple[str, ...]:
    """Only where the author of the page marked them up."""
    found = [part.text for part in parts if part.words & _AUTHOR_WORDS and width(part.text) <= 60]
    names = [bare(_BY.sub("", text)) for text in found]
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if len(name) >= 2 and not any(char.isdigit() for char in name) and name.lower() not in ("by", "author", "作者")
        )
    )[:5]


def image(elements: Sequence[HtmlElement], base: str) -> str | None:
    """The first picture of a row that is not an ornament; lazily loaded ones from where scripts take them."""
    for element in elements:
        for picture in element.iter("img", "source"):
            for name in _PICTURES:
                value = (picture.get(name) or "").split(",")[0].strip().split(" ")[0]
                if value and not _ORNAMENT.search(value) and (url := urls.absolute(base, value)):
                    return url
        for styled in element.iter():
            style = styled.get("style") if isinstance(styled.tag, str) else None
            if style and "url(" in style and (match := _BACKGROUND.search(style)) and not _ORNAMENT.search(match[1]):
                return urls.absolute(base, match[1])
    return None
