"""XML that is nearly well-formed → well-formed, by rules that lose nothing a reader would miss. Text → text; every rule is one pass.

These repairs (entities, ampersands, junk around the feed, undeclared prefixes) change no meaning; ``rebuild`` is for documents that they do not
help.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5
from itertools import islice
from typing import Final

from aggregator.read.feed.names import WELL_KNOWN
from aggregator.text.markup import legal

ROOT: Final = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|entry|channel)[\s>/]", re.IGNORECASE)
"""Where a feed begins."""

VERBATIM: Final = r"<!\[CDATA\[[^\]<]*+(?:(?!\]\]>|<!\[CDATA\[)[\]<][^\]<]*+)*+\]\]>|<!--[^<-]*+(?:(?!-->|<!--)[<-][^<-]*+)*+-->"
"""What is read as it stands: a CDATA section, a comment. One that another begins in was never closed, and is none."""

_AMPERSAND: Final = re.compile(rf"({VERBATIM})|&(?:(#[0-9]{{1,8}}|#[xX][0-9a-fA-F]{{1,7}}|[A-Za-z][A-Za-z0-9._-]{{0,40}});)?", re.DOTALL)
_STRAY_LESS: Final = re.compile(rf"({VERBATIM})|<(?![A-Za-z_/!?])", re.DOTALL)
_PREFIX: Final = re.compile(r"</?([A-Za-z_][\w.-]{0,30}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,30}):[\w.-]{1,40}\s{0,3}=")
_DECLARED: Final = re.compile(r"""\sxmlns:([\w.-]{1,31})\s{0,3}=\s{0,3}["']?[^"'\s]""")
_NAMESPACE: Final = re.compile(r"""(\sxmlns(?::[\w.-]{1,30})?\s{0,3}=\s{0,3})(["'])([^"'<>]{0,300}\s[^"'<>]{0,300})\2""")
_TAG: Final = re.compile(r"<[A-Za-z_/][^<>]{0,100000}")
_VALUE: Final = r"(?:[^{0}%&<]|&#[0-9xXa-fA-F]{{1,8}};){{0,200}}"
_ENTITY: Final = re.compile(
    rf"""<!ENTITY\s{{1,20}}([A-Za-z_][\w.-]{{0,40}})\s{{1,20}}(?:"({_VALUE.format('"')})"|'({_VALUE.format("'")})')\s{{0,20}}>"""
)
_C1: Final = re.compile("[\x80-\x9f]")
_C1_BYTES: Final = re.compile(rb"\xc2[\x80-\x9f]")
_C1_NUMBER: Final = r"(?:0{0,5}1(?:2[89]|[345]\d)|[xX]0{0,5}[89][0-9a-fA-F]);"
_C1_REFERENCE: Final = re.compile("&#" + _C1_NUMBER)
_C1_REFERENCE_BYTES: Final = re.compile(b"#(?<=&#)" + _C1_NUMBER.encode())
"""It looks for the rarer of the two signs."""
_PREDEFINED: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_ENTITIES: Final = 300
_MOST_EXPANDED: Final = 100_000
"""Characters that the entities of one document may bring in."""

_HEAD: Final = 65_536


def has_doctype(text: str) -> bool:
    """Whether a DOCTYPE stands before the feed."""
    root = ROOT.search(text)
    return text.find("<!DOCTYPE", 0, root.start() if root else len(text)) >= 0


def has_c1(document: bytes) -> bool:
    """Whether C1 controls, or numeric references to them, stand in a document in UTF-8."""
    return (b"\xc2" in document and _C1_BYTES.search(document) is not None) or _C1_REFERENCE_BYTES.search(document) is not None


def windows_1252(text: str) -> str:
    """C1 controls, which no text means, as the Windows-1252 characters that were meant; the same for numeric references to them (HTML §13.2.5.80)."""
    text = _C1_REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return _C1.sub(lambda found: html.unescape(f"&#{ord(found[0])};"), text)


def without_doctype(text: str) -> tuple[str, Mapping[str, str]]:
    """The document without its DOCTYPE, and the entities declared there whose value is a short plain text. Others are never expanded."""
    root = ROOT.search(text)
    start = text[: root.start() if root else _HEAD].lower().find("<!doctype")
    if start < 0:
        return text, {}
    end = _doctype_end(text, start)
    entities = {found[1]: html.unescape(found[2] or found[3] or "") for found in islice(_ENTITY.finditer(text[start:end]), _MOST_ENTITIES)}
    return text[:start] + text[end:], entities


_SUBSET_END: Final = re.compile(r"\]\s{0,99}>")


def _doctype_end(text: str, start: int) -> int:
    bracket, close = text.find("[", start), text.find(">", start)
    if 0 <= bracket < close:
        inside = _SUBSET_END.search(text, bracket)
        return inside.end() if inside else len(text)
    return close + 1 if close >= 0 else len(text)


def from_root_to_end(text: str) -> str:
    """Without what stands before the feed (warnings of a script, blank lines) and after its end."""
    root = ROOT.search(text)
    if root is None:
        return text
    name = _root_name(root)
    end = text.rfind(f"</{name}")
    if end < 0:
        return text[root.start() :]
    close = text.find(">", end)
    return text[root.start() : close + 1] if close >= 0 else f"{text[root.start() : end]}</{name}>"


def _root_name(root: re.Match[str]) -> str:
    return re.split(r"[\s>/]", root[0][1:], maxsplit=1)[0]


def resolved(text: str, entities: Mapping[str, str]) -> str:
    """HTML's entities (and the document's own harmless ones) resolved and lone ampersands escaped, outside CDATA."""
    room = _MOST_EXPANDED

    def resolve(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        name = found[2]
        if name is None:
            return "&amp;"
        if name in _PREDEFINED:
            return found[0]
        if name.startswith("#"):
            return _escaped(legal(html.unescape(f"&{name};")))
        nonlocal room
        value = entities.get(name) if room > 0 else None
        room -= len(value or "")
        value = value or html5.get(f"{name};")
        return _escaped(value) if value is not None else f"&amp;{name};"

    return _AMPERSAND.sub(resolve, text) if "&" in text else text


def _escaped(value: str) -> str:
    return html.escape(value, quote=False)


def without_stray_less(text: str) -> str:
    """``<`` that begins no tag is text."""
    return _STRAY_LESS.sub(lambda found: found[1] or "&lt;", text)


def with_whole_namespaces(text: str) -> str:
    """Namespaces without the spaces that slipped in."""
    return _NAMESPACE.sub(lambda found: f'{found[1]}"{"".join(found[3].split())}"', text)


def with_prefixes(text: str) -> str:
    """Prefixes that the document uses and its root does not declare, declared there."""
    root = ROOT.search(text)
    if root is None:
        return text
    tags = (tag for tag in _TAG.findall(text) if ":" in tag)
    used = {name for tag in tags for found in _PREFIX.findall(tag) for name in found if name}
    declared = _DECLARED.findall(text[root.start() :].partition(">")[0])
    missing = sorted(used.difference(declared, ("xml", "xmlns")))[:100]
    if not missing:
        return text
    names = "".join(f' xmlns:{name}="{WELL_KNOWN.get(name.lower(), f"urn:undeclared:{name}")}"' for name in missing)
    place = root.end() - 1
    return f"{text[:place]}{names} {text[place:]}"
