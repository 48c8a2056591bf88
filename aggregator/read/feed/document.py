"""Text of a feed → element tree, strictly where it is XML, after repairs where it nearly is.

No entity is ever expanded by the parser, nothing is loaded, depth and size are bounded by libxml2 (256 levels, 10 MB in one text).
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from aggregator.read.feed import repair
from aggregator.read.feed.names import Element
from aggregator.text.markup import legal

LONGEST_BROKEN: Final = 2_000_000
"""Characters of a document that is not well-formed which are read: its first items. Rebuilding them takes a second."""

_ENDS: Final = ("</rss", "</feed", "</rdf", ":rdf>", ":feed>", "</channel", ":rss>", "</entry", ":entry>")
_TAIL: Final = 400
_LAST_ITEM: Final = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)


class NotWellFormed(Exception):
    """Not XML, and no repair made it so; ``deep`` where it is nested too deeply or one text is too long to be read by anything."""

    def __init__(self, message: str, *, deep: bool) -> None:
        super().__init__(message)
        self.deep = deep


def parse(text: str) -> Element:
    """The root of a well-formed document, or of one that becomes so by repairs. Raises NotWellFormed."""
    text = repair.windows_1252(text.strip("\ufeff\x00 \t\r\n"))
    if not repair.has_doctype(text):
        try:
            return _strict(text)
        except etree.XMLSyntaxError as problem:
            _refuse_depth(problem)
    return _repaired(text)


def _repaired(text: str) -> Element:
    if len(text) > LONGEST_BROKEN:
        text = _complete(text[:LONGEST_BROKEN])
    text, entities = repair.without_doctype(legal(text))
    text = repair.resolved(repair.from_root_to_end(text), entities)
    text = repair.with_prefixes(repair.without_stray_less(text))
    if _is_cut(text):
        text = _complete(text)
    else:
        try:
            return _strict(text)
        except etree.XMLSyntaxError as problem:
            _refuse_depth(problem)
    return _rebuilt(text)


def _rebuilt(text: str) -> Element:
    try:
        return _strict(repair.rebuilt(text))
    except etree.XMLSyntaxError as problem:
        _refuse_depth(problem)
        raise NotWellFormed(str(problem), deep=False) from problem


def _strict(text: str) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _refuse_depth(problem: etree.XMLSyntaxError) -> None:
    if problem.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise NotWellFormed(str(problem), deep=True) from problem


def _is_cut(text: str) -> bool:
    tail = text[-_TAIL:].lower()
    return not any(end in tail for end in _ENDS)


def _complete(text: str) -> str:
    """A document that breaks off, up to its last complete item: half an item would be a lie."""
    last = 0
    for found in _LAST_ITEM.finditer(text):
        last = found.end()
    return text[:last] if last else text
