"""Text of a feed → element tree, strictly where it is XML, after repairs where it nearly is.

No entity is ever expanded by the parser, nothing is loaded, depth and size are bounded by libxml2 (256 levels, 10 MB in one text).
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from aggregator.read.feed import rebuild, repair
from aggregator.read.feed.names import Element
from aggregator.text.markup import legal

LONGEST_BROKEN: Final = 2_000_000
"""Characters of a document that is not well-formed which are read: its first items. Rebuilding them takes a second."""

_ENDS: Final = ("</rss", "</feed", "</rdf", ":rdf>", ":feed>", "</channel", ":rss>", "</entry", ":entry>")
_TAIL: Final = 400
_LAST_ITEM: Final = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)


class NotWellFormed(Exception):
    """Not XML, and no repair made it so."""


def parse(text: str, body: bytes | None = None) -> Element:
    """The root of a well-formed document, or of one that becomes so by repairs. Raises NotWellFormed.

    ``body`` is the same document in UTF-8, where there is one: large ones take long to encode.
    """
    clean = text.strip("\ufeff\x00 \t\r\n")
    document = body if body is not None and clean is text else _encoded(clean)
    if repair.has_c1(document):
        clean = repair.windows_1252(clean)
        document = _encoded(clean)
    if not repair.has_doctype(clean) and (root := _well_formed(document)) is not None:
        return root
    return _repaired(clean)


def _repaired(text: str) -> Element:
    """By the repairs that most documents need, and by the others where these do not suffice."""
    if len(text) > LONGEST_BROKEN:
        text = _complete(text[:LONGEST_BROKEN])
    text, entities = repair.without_doctype(legal(text))
    text = repair.resolved(repair.from_root_to_end(text), entities)
    is_cut = _is_cut(text)
    if is_cut:
        text = _complete(text)
    if (root := _well_formed(_encoded(rebuild.ended(text) if is_cut else text))) is not None:
        return root
    text = repair.with_prefixes(repair.with_whole_namespaces(repair.without_stray_less(text)))
    if not is_cut and (root := _well_formed(_encoded(text))) is not None:
        return root
    return _rebuilt(text)


def _rebuilt(text: str) -> Element:
    """Around what is sound in it, or from the ground up where that did not help."""
    if (root := _well_formed(_encoded(repair.with_prefixes(rebuild.rebuilt(text, is_sound))))) is not None:
        return root
    try:
        return _strict(_encoded(repair.with_prefixes(rebuild.rebuilt(text, lambda _: False))))
    except etree.XMLSyntaxError as problem:
        raise NotWellFormed(str(problem)) from problem


def is_sound(text: str) -> bool:
    return _well_formed(_encoded(text)) is not None


def _well_formed(document: bytes) -> Element | None:
    try:
        return _strict(document)
    except etree.XMLSyntaxError:
        return None


def _strict(document: bytes) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        recover=False,
    )
    return etree.fromstring(document, parser)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _is_cut(text: str) -> bool:
    tail = text[-_TAIL:].lower()
    return not any(end in tail for end in _ENDS)


def _complete(text: str) -> str:
    """A document that breaks off, up to its last complete item: half an item would be a lie."""
    last = 0
    for found in _LAST_ITEM.finditer(text):
        last = found.end()
    return text[:last] if last else text
