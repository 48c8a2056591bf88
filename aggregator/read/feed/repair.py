"""XML that is nearly well-formed → well-formed, by rules that lose nothing a reader would miss. Text → text; every rule is one pass.

The first repairs (entities, ampersands, junk around the feed, undeclared prefixes) change no meaning. ``rebuilt`` is for documents that these
do not help: it quotes attributes, escapes HTML that stands bare in a text, and closes what was left open.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from html.entities import html5
from itertools import islice
from typing import Final

from aggregator.read.feed.names import WELL_KNOWN
from aggregator.text.markup import legal

ROOT: Final = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|entry|channel)[\s>/]", re.IGNORECASE)
"""Where a feed begins."""

_VERBATIM: Final = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_AMPERSAND: Final = re.compile(rf"({_VERBATIM})|&(?:(#[0-9]{{1,8}}|#[xX][0-9a-fA-F]{{1,7}}|[A-Za-z][A-Za-z0-9._-]{{0,40}});)?", re.DOTALL)
_STRAY_LESS: Final = re.compile(rf"({_VERBATIM})|<(?![A-Za-z_/!?])", re.DOTALL)
_PREFIX: Final = re.compile(r"</?([A-Za-z_][\w.-]{0,30}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,30}):[\w.-]{1,40}\s{0,3}=")
_DECLARED: Final = re.compile(r"\bxmlns:([\w.-]{1,30})\s{0,3}=")
_NAMESPACE: Final = re.compile(r"""(xmlns(?::[\w.-]{1,30})?\s{0,3}=\s{0,3})(["'])([^"'<>]{0,300}\s[^"'<>]{0,300})\2""")
_TAG: Final = re.compile(r"<[A-Za-z_/][^<>]{0,5000}")
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


def ended(text: str) -> str:
    """A document that breaks off between two items, with the closing tags of all that its items stand in."""
    first = _ITEM_EDGE.search(text)
    open_tags: list[str] = []
    for token in _TOKEN.finditer(text, 0, first.start() if first else 0):
        if token[3] and not token[2] and not token[5]:
            open_tags.append(token[3])
        elif token[2] and open_tags and open_tags[-1] == token[3]:
            open_tags.pop()
    return text + "".join(f"</{name}>" for name in reversed(open_tags))


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


def with_prefixes(text: str) -> str:
    """Prefixes that the document uses and never declares, declared at its root; namespaces without the spaces that slipped in."""
    text = _NAMESPACE.sub(lambda found: f'{found[1]}"{"".join(found[3].split())}"', text)
    tags = (tag for tag in _TAG.findall(text) if ":" in tag)
    used = {name for tag in tags for found in _PREFIX.findall(tag) for name in found if name}
    missing = sorted(used - set(_DECLARED.findall(text)) - {"xml", "xmlns"})[:100]
    root = ROOT.search(text)
    if not missing or root is None:
        return text
    names = "".join(f' xmlns:{name}="{WELL_KNOWN.get(name.lower(), f"urn:undeclared:{name}")}"' for name in missing)
    place = root.end() - 1
    return f"{text[:place]}{names} {text[place:]}"


# --- documents that are not balanced -----------------------------------------------------------------------------------------------

_TEXTS: Final = re.compile(
    r"<(title|description|summary|subtitle|tagline|content|content:encoded|encoded|body|itunes:summary|itunes:subtitle|media:description|info|copyright|rights)"
    r"(\s[^<>]{0,2000})?(?<!/)>",
    re.IGNORECASE,
)
_ITEM_EDGE: Final = re.compile(r"</?(?:[\w.-]{1,30}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_FIELD_EDGE: Final = re.compile(r"<(?:link|guid|pubdate|published|updated|dc:date|dc:creator|id)[\s>]", re.IGNORECASE)
_TYPE: Final = re.compile(r"""\s(?:type|mode)\s{0,3}=\s{0,3}(?:"[^"<>]{0,99}"|'[^'<>]{0,99}'|[^\s"'<>]{1,99})""", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"""({_VERBATIM}|<[?!][^<>]{{0,5000}}>)|<(/?)([A-Za-z_][\w:.-]{{0,100}})((?:[^<>"']|"[^"<]{{0,5000}}"|'[^'<]{{0,5000}}'){{0,2000}}?)(/?)>""",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"""([A-Za-z_][\w:.-]{0,100})(?:\s{0,9}=\s{0,9}(?:"([^"]{0,5000})"|'([^']{0,5000})'|([^\s"'<>]{1,5000})))?"""
)
_ITEMS: Final = frozenset({"item", "entry"})
_PARENTS: Final = frozenset({"rss", "rdf", "feed", "channel", "items"})
_CONTAINERS: Final = frozenset(
    {"rss", "rdf", "feed", "channel", "item", "entry", "items", "image", "textinput", "author", "group", "source", "owner"}
)
_DEEPEST: Final = 100


def rebuilt(text: str) -> str:
    """The document with HTML in its texts escaped, its attributes quoted and its elements closed."""
    return balanced("".join(_with_plain_texts(text)))


def _with_plain_texts(text: str) -> Iterator[str]:
    """Texts in which markup stands unescaped, escaped: what a browser forgives, XML does not."""
    low = text.lower()
    place = 0
    unclosed: set[str] = set()
    while opening := _TEXTS.search(text, place):
        yield text[place : opening.start()]
        name, start = opening[1].lower(), opening.end()
        end = -1 if name in unclosed else low.find(f"</{name}", start)
        if end < 0:
            unclosed.add(name)
        inside, place = _inside(text, start, end)
        if "<" not in inside or "<![CDATA[" in inside[:200]:
            yield f"{opening[0]}{inside}"
        else:
            yield f'<{opening[1]}{_TYPE.sub("", opening[2] or "")} type="html">{_as_text(inside)}'
        if place != end:
            yield f"</{opening[1]}>"
    yield text[place:]


def _inside(text: str, start: int, end: int) -> tuple[str, int]:
    """What an element holds and where that ends: at its closing tag or, where that is missing, before the next field or the edge of the item."""
    if end >= 0 and not _ITEM_EDGE.search(text, start, end):
        return text[start:end], end
    edge = _ITEM_EDGE.search(text, start)
    field = _FIELD_EDGE.search(text, start, edge.start() if edge else len(text))
    stop = field.start() if field else edge.start() if edge else len(text)
    return text[start:stop], stop


def _as_text(markup: str) -> str:
    return markup.replace("<", "&lt;").replace(">", "&gt;")


def balanced(text: str) -> str:
    """Every element closed, in order: an item ends where the next begins, a closing tag closes what it names, or a misspelt one the last."""
    pieces: list[str] = []
    open_tags: list[str] = []
    place = 0
    for token in _TOKEN.finditer(text):
        pieces.append(_as_text(text[place : token.start()]))
        place = token.end()
        if token[1] is not None:
            pieces.append(token[1] if token[1].startswith("<![CDATA[") and token[1].endswith("]]>") else "")
        elif token[2]:
            _close(token[3], open_tags, pieces)
        elif len(open_tags) < _DEEPEST:
            _open(token, open_tags, pieces)
    pieces.append(_as_text(text[place:]))
    pieces += [f"</{name}>" for name in reversed(open_tags)]
    return "".join(pieces)


def _open(token: re.Match[str], open_tags: list[str], pieces: list[str]) -> None:
    name = token[3]
    if _local(name) in _ITEMS:
        while any(_local(tag) in _PARENTS for tag in open_tags) and _local(open_tags[-1]) not in _PARENTS:
            pieces.append(f"</{open_tags.pop()}>")
    pieces.append(f"<{name}{_attributes(token[4])}{token[5]}>")
    if not token[5]:
        open_tags.append(name)


def _close(name: str, open_tags: list[str], pieces: list[str]) -> None:
    if name in open_tags:
        _close_to(open_tags, pieces, lambda tag: tag == name)
    elif open_tags and _local(open_tags[-1]) not in _CONTAINERS and _local(name) not in _CONTAINERS:
        pieces.append(f"</{open_tags.pop()}>")


def _close_to(open_tags: list[str], pieces: list[str], is_it: Callable[[str], bool]) -> None:
    """Close up to and including the innermost element that ``is_it``; nothing where there is none."""
    if any(is_it(tag) for tag in open_tags):
        while not is_it(tag := open_tags.pop()):
            pieces.append(f"</{tag}>")
        pieces.append(f"</{tag}>")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _attributes(text: str) -> str:
    """The attributes of a tag, each once and quoted."""
    if not text.strip():
        return ""
    found: dict[str, str] = {}
    for attribute in islice(_ATTRIBUTE.finditer(text), 200):
        value = next((group for group in attribute.groups()[1:] if group is not None), "")
        found.setdefault(attribute[1], html.escape(html.unescape(value)))
    return "".join(f' {name}="{value}"' for name, value in found.items())
