"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 → Reading.

    bytes ─▶ text ─▶ element tree ─▶ Reading
             charset  document.py     entries.py
                      repair.py
                      rebuild.py

Well-formed XML is read straight from its tree. What is not is mended as text until it is, the sound items of a broken feed untouched, so that one
set of rules reads them all.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from aggregator.errors import ReadError
from aggregator.model import Page, Reading, Source
from aggregator.read.feed import document, entries, likeness
from aggregator.read.feed.names import Element
from aggregator.text import charset

LARGEST: Final = 15_000_000
"""Bytes of a feed that are read; a larger one is refused."""


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """What the feed ``page`` says, whatever content type it came with. Raises ReadError where it is none, and nothing else.

    At most 5,000 entries, in the order of the document.
    """
    if len(page.body) > LARGEST:
        raise ReadError(
            f"{page.url}: a feed of {len(page.body):,} bytes is more than is read ({LARGEST:,})", remedy="Look for a feed with fewer items."
        )
    if binary := likeness.of_bytes(page.body):
        raise ReadError(f"{page.url}: {binary.what}, not a feed", remedy=binary.remedy)
    decoded = charset.decode(page.body, content_type=page.content_type)
    text = decoded.text
    if other := likeness.of_text(text, page.url):
        raise ReadError(f"{page.url}: {other.what}, not a feed", remedy=other.remedy)
    root = _tree(text, page.url, body=page.body if decoded.is_strict else None)
    says = frozenset(_XML_SAYS.findall(text))
    found = entries.reading(root, source, url=page.url, now=now, has_bases="xml:base" in says, has_languages="xml:lang" in says)
    if found is None:
        raise ReadError(f"{page.url}: XML with the root <{root.tag!s}>, not a feed", remedy=_ELSEWHERE)
    return found


def _tree(text: str, url: str, *, body: bytes | None = None) -> Element:
    try:
        return document.parse(text, body)
    except document.NotWellFormed as problem:
        raise ReadError(f"{url}: it begins like a feed but cannot be read: {problem}", remedy=_BROKEN) from problem


_XML_SAYS: Final = re.compile("xml:(?:base|lang)")
_BROKEN: Final = "Tell the site's owner (validator.w3.org/feed shows the place), or read the site's news page instead."
_ELSEWHERE: Final = "Give the address of the site's news page or of its feed."
