"""Page → Reading: what does this page say is new? One file per kind of page; pure.

``KINDS`` is the registry: the configuration, its JSON Schema and the contract tests come from it. A kind is a function
``read(page, source, *, now) -> Reading`` that raises ``ReadError`` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Final

from aggregator.errors import ReadError
from aggregator.model import KINDS, Attempt, Entry, Page, Reading, Source
from aggregator.text import foreign, rows, urls
from aggregator.text.catalogue import is_catalogue
from aggregator.text.document import document
from aggregator.text.suspicion import CATALOGUE, Suspected

__all__ = ["KINDS", "TIERS", "read"]

TIERS: Final = ("structured", "cms", "detect")
"""Who reads an HTML page of kind "auto", the most certain first. Each has ``search(document, source, *, now) -> Found`` beside ``read``."""

_COVERS: Final = 0.8
"""The share of the detected rows that a more certain tier must know as well: JSON-LD often tells of three highlights above a list of twenty."""

_TYPED: Final = frozenset(("structured:json-ld", "structured:microdata"))
"""Readers of what a page itself calls news to machines, item by item: no title can say otherwise."""

_HEAD: Final = 16_384
"""Bytes in which a page shows what it is."""

_FEED: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|channel)[\s>]")
_WRAPPED_FEED: Final = re.compile(rb"<(?:feed\s[^<>]{0,2000}\bxmlns|rss\s[^<>]{0,2000}\bversion)\s{0,3}=")
"""A feed that some template put between ``<html>`` and ``</html>``. RDF there is a licence or a trackback, not a feed."""


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """What ``page`` says, by the kind of ``source``; with kind "auto", by what the page turns out to be.

    Entries come in the order of the page, with absolute addresses and aware dates; ``now`` serves only to complete dates without a year and
    relative ones. Raises ReadError, and nothing else, where the page holds nothing that could be published.
    """
    _refuse_foreign(page)
    kind = source.kind if source.kind != "auto" else _kind(page, source)
    reader = _html if kind == "html" else _module(kind).read
    try:
        return reader(page, source, now=now)
    except (RecursionError, MemoryError) as problem:
        raise ReadError(f"{page.url}: too deeply nested or too large to read ({type(problem).__name__})") from problem
    except ValueError as problem:  # what parsers say of names and addresses that are none
        raise ReadError(f"{page.url}: not well-formed enough to be read ({problem})") from problem


def _module(kind: str) -> ModuleType:
    return import_module(f"aggregator.read.{kind}")


def _refuse_foreign(page: Page) -> None:
    if not page.body.strip():
        raise ReadError(f"{page.url}: the answer is empty", remedy="open the address in a browser; it may need a script or a login")
    what = foreign.kind_of(page.body, content_type=page.content_type)
    if what is not None:
        raise ReadError(f"{page.url}: this is {what}, not a page or a feed", remedy="give the address of the page that links to it")


def _kind(page: Page, source: Source) -> str:
    head = page.body[:4096].lstrip(b"\xef\xbb\xbf\x00 \t\r\n\xff\xfe")
    if head[:1] in (b"{", b"["):
        return "wordpress" if head[:1] == b"[" and b'"rendered"' in page.body else "jsonfeed"
    if source.selectors is not None:
        return "listing"
    low = page.body[:_HEAD].replace(b"\x00", b"").lower()
    if b"<urlset" in low or b"<sitemapindex" in low:
        return "sitemap"
    if b"<html" in low:
        return "feed" if _WRAPPED_FEED.search(low) else "html"
    if _FEED.search(low):
        return "feed"
    if b"<!doctype html" in low:
        return "html"
    if low.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<?xml"):
        return "feed"
    return "html" if b"<" in low else "feed"


def _html(page: Page, source: Source, *, now: datetime) -> Reading:
    """The page is parsed once; of the tiers, the most certain one wins that knows nearly all of what the structure shows."""
    parsed = document(page)
    _alive = list(parsed.root.iter())  # each reader walks the tree: lxml would make the objects of its elements anew each time
    found: dict[str, rows.Found] = {}
    failures: dict[str, ReadError] = {}
    for tier in TIERS:
        try:
            found[tier] = _module(tier).search(parsed, source, now=now)
        except ReadError as problem:
            failures[tier] = problem
    if not found or isinstance(failures.get("detect"), Suspected):
        raise failures["detect"]
    winner, entries = _first(found)
    entries = tuple(each for each in entries if each.url is None or not urls.is_above(each.url, parsed.url))
    if not entries:
        raise ReadError(f"{page.url}: a list whose rows have no titles", remedy="name the rows with `items:` (a CSS selector)")
    if found[winner].reader not in _TYPED and is_catalogue(parsed, entries):
        raise Suspected(parsed.url, CATALOGUE)
    return parsed.reading(entries, found[winner].reader, *_attempts(winner, found, failures))


def _first(found: Mapping[str, rows.Found]) -> tuple[str, tuple[Entry, ...]]:
    """The most certain tier that knows nearly all of the detected rows, and its entries."""
    detected = found.get("detect")
    entries: tuple[Entry, ...] = ()
    for tier, listing in found.items():
        if detected is None or listing is detected or _knows(listing, detected):
            entries = listing.entries()
            if len(entries) > 1 or (entries and listing is detected):
                return tier, entries
    return tier, entries


def _knows(listing: rows.Found, detected: rows.Found) -> bool:
    known = set(map(urls.key, listing.addresses))
    return sum(urls.key(url) in known for url in detected.addresses) >= _COVERS * len(detected.addresses)


def _attempts(winner: str, found: Mapping[str, rows.Found], failures: Mapping[str, ReadError]) -> list[Attempt]:
    """The winner first, then why each other tier lost, then the lists that lost within a tier."""
    told: list[Attempt] = []
    for tier in sorted(TIERS, key=lambda tier: tier != winner):
        if tier in failures:
            told.append(Attempt(tier, 0, failures[tier].message))
            continue
        own = found[tier].attempts[0]
        lost = "knows fewer of the rows" if TIERS.index(tier) < TIERS.index(winner) else "a more certain reader knows its rows"
        told.append(own if tier == winner else replace(own, reason=f"{lost}; {own.reason}"))
    return told + [attempt for listing in found.values() for attempt in listing.attempts[1:]]
