"""A page of HTML by the CSS selectors of its source, which an operator wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import soupsieve
from bs4 import BeautifulSoup, Tag
from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.model import Attempt, Page, Reading, Selectors, Source
from aggregator.text import charset, links, markup, rows
from aggregator.text.document import Document, describe

_MARK: Final = "data-aggregator-part"
"""Carries what a selector found from the soup into the tree of a row."""

_HEAD: Final = 4096
"""Characters in which a page shows that it is HTML after all."""

_PARTS: Final = ("title", "link", "date", "summary", "image")


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """The rows that ``source.selectors.items`` finds, in the order of the page. Raises ReadError, naming the selector, where they yield nothing."""
    selectors = source.selectors
    if selectors is None:
        raise ReadError(
            f"{page.url}: a source of kind listing needs selectors",
            remedy="add `items:` (the CSS selector of one row), or take the kind auto",
        )
    text = charset.decode(page.body, content_type=page.content_type).text
    if text.lstrip("\ufeff \t\r\n").startswith("<?xml") and "<html" not in text[:_HEAD].lower():
        raise ReadError(
            f"{page.url}: this is XML, not a page of HTML", remedy="if it is a feed, remove `items:` and the kind: it is read by itself"
        )
    soup = BeautifulSoup(text, "lxml")
    parsed = describe(page.url, markup.tree(text))
    found = list(_rows(_select(soup, selectors.items, page.url), selectors, parsed))
    clock = rows.Clock(now, source.timezone, source.language or parsed.language)
    entries = rows.entries(found, clock=clock, base=parsed.base, reader="listing")
    if not entries:
        raise ReadError(
            f"{page.url}: the selector `items: {selectors.items}` finds {'rows without a link and a title' if found else 'nothing'}",
            remedy="compare it with the page as it is now, or remove it: the list may be found without",
        )
    return parsed.reading(entries, "listing", Attempt("listing", len(entries), f"rows {selectors.items}"))


def _select(scope: BeautifulSoup | Tag, selector: str, url: str) -> list[Tag]:
    try:
        return list(scope.select(selector, limit=rows.LONGEST))
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError) as problem:
        raise ReadError(
            f"{url}: the selector {selector!r} cannot be understood: {str(problem).splitlines()[0]}",
            remedy="write it as in a style sheet, e.g. `ul.news > li`",
        ) from problem


def _rows(items: list[Tag], selectors: Selectors, parsed: Document) -> Iterator[rows.Row]:
    for item in items:
        for part in _PARTS:
            selector = getattr(selectors, part)
            for named in _select(item, selector, parsed.url)[:1] if selector else ():
                named[_MARK] = f"{named.get(_MARK) or ''} {part}".strip()
        element = _tree(item)
        parts = {name: found for found in element.iter() if isinstance(found.tag, str) for name in (found.get(_MARK) or "").split()}
        link = _link(parts.get("link"), parts.get("title"), element, base=parsed.base)
        if link is not None:
            yield rows.Row(
                (element,), *link, title=parts.get("title"), date=parts.get("date"), summary=parts.get("summary"), image=parts.get("image")
            )


def _tree(item: Tag) -> HtmlElement:
    """The row as a tree of its own. A row of a table stands in a table, or the parser would drop it."""
    text = str(item)
    wrapped = f"<table>{text}</table>" if item.name in ("tr", "tbody", "td", "th") else f"<div>{text}</div>"
    body = markup.tree(wrapped).find("body")
    return markup.tree("") if body is None else body[0]


def _link(named: HtmlElement | None, title: HtmlElement | None, row: HtmlElement, *, base: str) -> tuple[HtmlElement, str] | None:
    clickable = links.clickables(row)
    for scope in (named, title, row):
        for element in () if scope is None else scope.iter():
            if (element.tag == "a" or element in clickable) and (url := links.target(element, base)):
                return element, url
    return None
