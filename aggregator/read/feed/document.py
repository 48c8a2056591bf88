"""Text of a feed → element tree, strictly where it is XML, after repairs where it nearly is.

No entity is ever expanded by the parser, nothing is loaded, depth and size are bounded by libxml2 (256 levels, 10 MB in one text).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5
from typing import Final

from lxml import etree

from aggregator.read.feed.names import WELL_KNOWN
from aggregator.text.markup import legal

ROOT: Final = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|entry|channel)[\s>/]", re.IGNORECASE)
"""Where a feed begins."""

_ENDS: Final = ("</rss", "</feed", "</rdf", ":rdf>", ":feed>", "</channel", ":rss>", "</entry", ":entry>")
_TAIL: Final = 400
_LAST_ITEM: Final = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)
_VERBATIM: Final = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_AMPERSAND: Final = re.compile(rf"({_VERBATIM})|&(?:(#[0-9]{{1,8}}|#[xX][0-9a-fA-F]{{1,7}}|[A-Za-z][A-Za-z0-9._-]{{0,40}});)?", re.DOTALL)
_STRAY_LESS: Final = re.compile(rf"({_VERBATIM})|<(?![A-Za-z_/!?])", re.DOTALL)
_PREFIX: Final = re.compile(r"</?([A-Za-z_][\w.-]{0,30}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,30}):[\w.-]{1,40}\s{0,3}=")
_DECLARED: Final = re.compile(r"\bxmlns:([\w.-]{1,30})\s{0,3}=")
_ENTITY: Final = re.compile(
    r"""<!ENTITY\s{1,20}([A-Za-z_][\w.-]{0,40})\s{1,20}(?:"([^"%&<]{0,200})"|'([^'%&<]{0,200})'|"&#(\d{1,7});"|'&#(\d{1,7});')\s{0,20}>"""
)
_PREDEFINED: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_ENTITIES: Final = 300


class Unreadable(Exception):
    """Not XML, and no repair made it so; ``deep`` where it is nested too deeply or one text is too long to be read by anything."""

    def __init__(self, message: str, *, deep: bool) -> None:
        super().__init__(message)
        self.deep = deep


def parse(text: str) -> etree._Element:
    """The root of a well-formed document, or of one that becomes so by repairs that lose nothing. Raises Unreadable."""
    text = text.strip("\ufeff\x00 \t\r\n")
    if "<!DOCTYPE" not in text[:4096] and "<!doctype" not in text[:4096]:
        try:
            return _strict(text)
        except etree.XMLSyntaxError as problem:
            _refuse_depth(problem)
    return _repaired(text)


def _repaired(text: str) -> etree._Element:
    text, entities = _without_doctype(legal(text))
    text = _from_root_to_end(text)
    text = resolved(text, entities)
    text = _STRAY_LESS.sub(lambda found: found[1] or "&lt;", text)
    text = _with_prefixes(text)
    if _is_cut(text):
        return _cut(text)
    try:
        return _strict(text)
    except etree.XMLSyntaxError as problem:
        _refuse_depth(problem)
        raise Unreadable(str(problem), deep=False) from problem


def _strict(text: str) -> etree._Element:
    return etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=False))


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _refuse_depth(problem: etree.XMLSyntaxError) -> None:
    if problem.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise Unreadable(str(problem), deep=True) from problem


def resolved(text: str, entities: Mapping[str, str] | None = None) -> str:
    """The document with HTML's entities (and its own harmless ones) resolved and lone ampersands escaped, outside CDATA."""
    known = entities or {}

    def resolve(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        name = found[2]
        if name is None:
            return "&amp;"
        if name in _PREDEFINED:
            return found[0]
        if name.startswith("#"):
            return _character(name) or ""
        value = known.get(name) or html5.get(f"{name};")
        return _escaped(value) if value is not None else f"&amp;{name};"

    return _AMPERSAND.sub(resolve, text) if "&" in text else text


def _character(reference: str) -> str:
    """A numeric reference as HTML reads it: 128–159 are meant in Windows-1252, what no document may hold is left out."""
    return _escaped(legal(html.unescape(f"&{reference};")))


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_doctype(text: str) -> tuple[str, Mapping[str, str]]:
    """The document without its DOCTYPE, and the entities declared there whose value is a short plain text. Others are never expanded."""
    low = text[:65536].lower()
    start = low.find("<!doctype")
    root = ROOT.search(text)
    if start < 0 or (root and root.start() < start):
        return text, {}
    end = _doctype_end(text, start)
    entities = {
        found[1]: _declared_value(found) for found, _ in zip(_ENTITY.finditer(text[start:end]), range(_MOST_ENTITIES), strict=False)
    }
    return text[:start] + text[end:], entities


def _declared_value(found: re.Match[str]) -> str:
    number = found[4] or found[5]
    return html.unescape(f"&#{number};") if number else found[2] or found[3] or ""


def _doctype_end(text: str, start: int) -> int:
    bracket, close = text.find("[", start), text.find(">", start)
    if 0 <= bracket < close:
        inside = re.compile(r"\]\s{0,99}>").search(text, bracket)
        return inside.end() if inside else len(text)
    return close + 1 if close >= 0 else len(text)


def _from_root_to_end(text: str) -> str:
    """Without what stands before the feed (warnings of a script, blank lines) and after its end."""
    root = ROOT.search(text)
    if root is None:
        return text
    name = re.split(r"[\s>/]", root[0][1:], maxsplit=1)[0]
    end = text.rfind(f"</{name}")
    close = text.find(">", end) if end >= 0 else -1
    return text[root.start() : close + 1] if close >= 0 else text[root.start() :]


def _with_prefixes(text: str) -> str:
    """Prefixes that the document uses and never declares, declared at its root."""
    used = {name for found in _PREFIX.finditer(text) for name in found.groups() if name}
    missing = sorted(used - set(_DECLARED.findall(text)) - {"xml", "xmlns"})[:100]
    if not missing:
        return text
    root = ROOT.search(text)
    if root is None:
        return text
    names = "".join(f' xmlns:{name}="{WELL_KNOWN.get(name.lower(), f"urn:undeclared:{name}")}"' for name in missing)
    place = root.end() - 1
    return f"{text[:place]}{names} {text[place:]}"


def _is_cut(text: str) -> bool:
    tail = text[-_TAIL:].lower()
    return not any(end in tail for end in _ENDS)


def _cut(text: str) -> etree._Element:
    """A document that breaks off: what is complete of it. Half an item would be a lie."""
    last = 0
    for found in _LAST_ITEM.finditer(text):
        last = found.end()
    try:
        root = etree.fromstring((text[:last] if last else text).encode("utf-8", "replace"), _parser(recover=True))
    except etree.XMLSyntaxError as problem:
        raise Unreadable(str(problem), deep=False) from problem
    if root is None:
        raise Unreadable("it breaks off before its first element", deep=False)
    return root
