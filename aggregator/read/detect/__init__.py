"""A page without selectors: where is its list of news?

    outline ─▶ groups of links ─▶ rows around them ─▶ blocks ─▶ scores ─▶ the lists that are news ─▶ entries

Works on structure alone: no rule for a site, a builder or a language. Not here: structured data and presets, which ``aggregator.read`` asks first.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from aggregator.errors import ReadError
from aggregator.model import Attempt, Page, Reading, Source
from aggregator.read.detect.choice import choose
from aggregator.read.detect.nodes import outline
from aggregator.read.detect.story import tells_one_story
from aggregator.text import rows, suspicion
from aggregator.text.document import Document, document


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """The news of an HTML page, found by the repetition of its structure. Raises ReadError where there is none."""
    return read_document(document(page), source, now=now)


def read_document(parsed: Document, source: Source, *, now: datetime) -> Reading:
    """``read`` for a page that is parsed already."""
    found = search(parsed, source, now=now)
    entries = found.entries()
    if not entries:
        raise _nothing(parsed, "its rows have no titles")
    return parsed.reading(entries, "detect", *found.attempts)


def search(parsed: Document, source: Source, *, now: datetime) -> rows.Found:
    """The list of news of a page, its entries not made yet. Raises ReadError where there is none."""
    if suspect := suspicion.announced(parsed):
        raise suspicion.Suspected(parsed.url, suspect)
    chosen = choose(outline(parsed), parsed.url)
    if not chosen.rows:
        raise _nothing(parsed, chosen.reason, few=chosen.few)
    if tells_one_story(parsed, chosen):
        raise suspicion.Suspected(parsed.url, suspicion.ARTICLE)
    clock = rows.Clock(now, source.timezone, source.language or parsed.language)
    addresses = tuple(dict.fromkeys(row.url for row in chosen.rows))
    attempts = (
        Attempt("detect", len(addresses), chosen.reason),
        *(Attempt("detect", count, reason) for count, reason in chosen.alternatives),
    )
    return rows.Found("detect", addresses, attempts, partial(rows.entries, chosen.rows, clock=clock, base=parsed.base, reader="detect"))


def _nothing(parsed: Document, why: str, *, few: bool = False) -> ReadError:
    suspect = suspicion.guess(parsed)
    if few and suspect is suspicion.MENU:
        suspect = suspicion.FEW
    remedy = f"the page announces a feed: {parsed.feeds[0]}" if parsed.feeds else suspect.remedy
    return ReadError(f"{parsed.url}: this looks like {suspect.what}; no list of news found ({why})", remedy=remedy)
