"""A document becomes the bytes of a feed. Pure and deterministic: the same document is the same bytes, whoever asks and whenever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from aggregator.model import FeedDocument
from aggregator.publish import atom, jsonfeed, opml, rss
from aggregator.publish.items import Writing, anew

FormatName = Literal["rss", "atom", "json", "opml"]


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the registry: what a format is called, and who writes it."""

    extension: str
    """With which its addresses end, without the dot."""
    media_type: str
    title: str
    """What people call it."""
    write: Callable[[FeedDocument, str, Writing], bytes]
    """``write(document, address, written)``: ``address`` is where these very bytes will be found, ``written`` how its items are."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "rss": Format("rss", "application/rss+xml", "RSS", rss.write),
        "atom": Format("atom", "application/atom+xml", "Atom", atom.write),
        "json": Format("json", "application/feed+json", "JSON Feed", jsonfeed.write),
        "opml": Format("opml", "text/x-opml", "OPML", opml.write),
    }
)
"""Every format by name. A new one is one file and one row."""


def render(document: FeedDocument, format: FormatName, written: Writing = anew) -> bytes:  # noqa: A002  (the word of the contract, DESIGN §3)
    """``document`` in UTF-8, as RSS 2.0, Atom 1.0 (RFC 4287), JSON Feed 1.1 or OPML 2.0. Articles keep their order. ``written`` may remember items that it
    has seen before; the bytes are the same.

    Characters that no reader is sure to take are left out (``text.wire.clean``); nothing else is lost or added.
    """
    chosen = FORMATS[format]
    links = {relation: place(address, chosen.extension) for relation, address in document.links.items()}
    return chosen.write(replace(document, links=links), place(document.address, chosen.extension), written)


def place(address: str, extension: str) -> str:
    """Where a document is found in one format: the extension stands at the end of the path, before a query (``/search.rss?q=hit``)."""
    path, mark, query = address.partition("?")
    return f"{path}.{extension}{mark}{query}"
