"""A feed that no small repair makes well-formed → well-formed: what is sound in it stays as it is, the rest is rebuilt around it.

    head  item  item  broken item  item  tail
      │     │     │        │         │     │
     kept  kept  kept    rebuilt    kept  rebuilt

So one broken item changes nothing in the others: they are read as if it were not there. Rebuilding quotes attributes, escapes HTML that stands bare
in a text and what only looks like a tag, and closes what was left open. Text → text; every rule is one pass.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from aggregator.read.feed.repair import VERBATIM, resolved

_PREFIX: Final = r"(?:[A-Za-z_][A-Za-z0-9_.-]{0,30}:)?"
_QNAME: Final = _PREFIX + "[A-Za-z_][A-Za-z0-9_.-]{0,99}"
_TEXTS: Final = re.compile(
    r"<(title|description|summary|subtitle|tagline|content|content:encoded|encoded|body|itunes:summary|itunes:subtitle|media:description|info|copyright|rights)"
    r"(\s[^<>]{0,2000})?(?<!/)>",
    re.IGNORECASE,
)
_ITEM_EDGE: Final = re.compile(r"</?(?:[\w.-]{1,30}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ITEM_TAG: Final = re.compile(rf"{VERBATIM}|<(/)?({_PREFIX}(?:item|entry))(?:\s[^<>]{{0,5000}})?>", re.IGNORECASE)
_FIELD_EDGE: Final = re.compile(r"<(?:link|guid|pubdate|published|updated|dc:date|dc:creator|id)[\s>]", re.IGNORECASE)
_TYPE: Final = re.compile(r"""\s(?:type|mode)\s{0,3}=\s{0,3}(?:"[^"<>]{0,99}"|'[^'<>]{0,99}'|[^\s"'<>]{1,99})""", re.IGNORECASE)
_OPEN_VERBATIM: Final = re.compile(rf"({VERBATIM})|<!\[CDATA\[|<!--")
_TOKEN: Final = re.compile(
    rf"""({VERBATIM}|<[?!][^<>]{{0,5000}}>)|<(/?)({_QNAME})(?![:@.\w-])((?:[^<>"']|"[^"<]{{0,5000}}"|'[^'<]{{0,5000}}'){{0,2000}}?)(/?)>"""
)
_ATTRIBUTE: Final = re.compile(
    r"""([A-Za-z_][\w:.-]{0,100})(?:\s{0,9}=\s{0,9}(?:"([^"]{0,5000})"|'([^']{0,5000})'|([^\s"'<>]{1,5000})))?"""
)
_NAMESPACE: Final = re.compile(
    r"(?!http://www\.w3\.org/(?:2000/xmlns/|XML/1998/namespace)$)(?:https?://|urn:[a-z0-9-]{1,32}:|[a-z]{1,20}:(?!/))?[A-Za-z0-9/._~?=&+,;@-]+(?:#[A-Za-z0-9/._-]*)?"
)
"""An address that a parser takes for one."""
_READ: Final = re.compile(r"(?:xml|rdf):[A-Za-z]{1,20}|[A-Za-z_][A-Za-z0-9_.-]{0,60}|xmlns:(?!xml)[A-Za-z_][A-Za-z0-9_.-]{0,30}")
"""The attributes that are kept: of others, two may turn out to be the same one."""
_ITEMS: Final = frozenset({"item", "entry"})
_ROOTS: Final = frozenset({"rss", "rdf", "feed", "channel", "entry"})
_PARENTS: Final = frozenset({"rss", "rdf", "feed", "channel", "items"})
_CONTAINERS: Final = frozenset(
    {"rss", "rdf", "feed", "channel", "item", "entry", "items", "image", "textinput", "author", "group", "source", "owner"}
)
_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "meta", "param", "track", "wbr"})
"""What holds nothing in HTML, and means nothing in a feed."""
_DEEPEST: Final = 100
_MOST_KEPT: Final = 5_000
_LONGEST_FRAME: Final = 10_000
"""Characters of namespaces in whose scope each item is looked at by itself."""


def ended(text: str) -> str:
    """A document that breaks off between two items, with the closing tags of all that its items stand in."""
    first = _ITEM_EDGE.search(text)
    within = _left_open(text[: first.start() if first else 0])
    return text + _closed(within) if _may_hold_items(within) else text


def rebuilt(text: str, is_sound: Callable[[str], bool]) -> str:
    """``text``, which begins with its root element, rebuilt but for its head and those items that ``is_sound`` by themselves."""
    first = next((tag for tag in _ITEM_TAG.finditer(text, 1) if tag[2] and not tag[1]), None)
    head = text[: first.start()] if first else ""
    kept: list[str] = []
    rest = "".join(_set_aside(text[len(head) :], head, kept, is_sound))
    within = _left_open(head)
    if within and _may_hold_items(within) and is_sound(head + _closed(within)):
        return _put_back(head + balanced(_prepared(rest), within), kept)
    return _put_back(balanced(_prepared(_without_open_verbatim(head) + rest)), kept)


# --- what is sound ---------------------------------------------------------------------------------------------------------------


def _set_aside(text: str, head: str, kept: list[str], is_sound: Callable[[str], bool]) -> Iterator[str]:
    """``text`` with an empty item in place of each that is sound; those go to ``kept``."""
    frame = _frame(head)
    place = start = 0
    name = ""
    for tag in _ITEM_TAG.finditer(text):
        if tag[2] is None:
            continue
        if not tag[1]:
            start, name = tag.start(), tag[2]
        elif tag[2] == name and len(kept) < _MOST_KEPT and is_sound(f"{frame}{text[start : tag.end()]}</_>"):
            yield f'{_without_open_verbatim(text[place:start])}<{name} kept="{len(kept)}"/>'
            kept.append(text[start : tag.end()])
            place, name = tag.end(), ""
    yield _without_open_verbatim(text[place:])


def _put_back(text: str, kept: list[str]) -> str:
    """Each once: the document may hold such an item of its own."""
    waiting = dict(enumerate(kept))
    return _KEPT.sub(lambda found: waiting.pop(int(found[1]), ""), text)


_KEPT: Final = re.compile(r'<[\w.:-]{1,40} kept="([0-9]{1,4})"/>')


def _frame(head: str) -> str:
    """An element with the namespaces of all that the items stand in."""
    scopes: dict[str, str] = {}
    for token in _TOKEN.finditer(head):
        if token[3] and _local(token[3]) in _PARENTS:
            scopes |= {name: value for name, value in _attributes(token[4]).items() if name.startswith("xmlns")}
    return f"<_{_written(scopes)}>"[:_LONGEST_FRAME]


def _left_open(head: str) -> list[str]:
    open_tags: list[str] = []
    for token in _TOKEN.finditer(head):
        if token[3] and not token[2] and not token[5] and token[3].lower() not in _VOID:
            open_tags.append(token[3])
        elif token[2] and open_tags and open_tags[-1] == token[3]:
            open_tags.pop()
    return open_tags


def _may_hold_items(open_tags: list[str]) -> bool:
    return all(_local(name) in _PARENTS for name in open_tags)


def _closed(open_tags: list[str]) -> str:
    return "".join(f"</{name}>" for name in reversed(open_tags))


# --- what is not -----------------------------------------------------------------------------------------------------------------


def _without_open_verbatim(text: str) -> str:
    """Without what begins a CDATA section or a comment that nothing ends."""
    return _OPEN_VERBATIM.sub(lambda found: found[1] or "", text)


def _prepared(text: str) -> str:
    return "".join(_with_plain_texts(text))


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
    return resolved(markup, {}).replace("<", "&lt;").replace(">", "&gt;")


def balanced(text: str, within: list[str] | None = None) -> str:
    """Every element closed, in order: an item ends where the next begins, a closing tag closes what it names, or a misspelt one the last.

    ``within``: the elements that are open already, the outermost first; without them the first in ``text`` that may be the root of a feed is it, and ends last.
    """
    pieces: list[str] = []
    open_tags = within or []
    place = 0
    for token in _TOKEN.finditer(text):
        if open_tags:
            pieces.append(_as_text(text[place : token.start()]))
        place = token.end()
        if token[1] is not None:
            pieces.append(token[1] if open_tags and token[1].startswith("<![CDATA[") and token[1].endswith("]]>") else "")
        elif token[2]:
            _close(token[3], open_tags, pieces)
        elif len(open_tags) < _DEEPEST:
            _open(token, open_tags, pieces)
    pieces += [_as_text(text[place:]) if open_tags else "", _closed(open_tags)]
    return "".join(pieces)


def _open(token: re.Match[str], open_tags: list[str], pieces: list[str]) -> None:
    name, is_root = token[3], not open_tags
    if name == open_tags[0] if open_tags else _local(name) not in _ROOTS:
        return
    if _local(name) in _ITEMS:
        while any(_local(tag) in _PARENTS for tag in open_tags) and _local(open_tags[-1]) not in _PARENTS:
            pieces.append(f"</{open_tags.pop()}>")
    ends = "" if is_root else "/" if name.lower() in _VOID else token[5]
    pieces.append(f"<{name}{_written(_attributes(token[4]))}{ends}>")
    if not ends:
        open_tags.append(name)


def _close(name: str, open_tags: list[str], pieces: list[str]) -> None:
    """The root stays open: what stands after its end belongs to it too."""
    if name in open_tags[1:]:
        while (tag := open_tags.pop()) != name:
            pieces.append(f"</{tag}>")
        pieces.append(f"</{name}>")
    elif len(open_tags) > 1 and _local(open_tags[-1]) not in _CONTAINERS and _local(name) not in _CONTAINERS:
        pieces.append(f"</{open_tags.pop()}>")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a tag, each once, those that make no sense left out."""
    found: dict[str, str] = {}
    if text.strip():
        for attribute in islice(_ATTRIBUTE.finditer(text), 200):
            value = next((group for group in attribute.groups()[1:] if group is not None), "")
            if _READ.fullmatch(attribute[1]) and (not attribute[1].startswith("xmlns") or _NAMESPACE.fullmatch(value)):
                found.setdefault(attribute[1], html.unescape(value))
    return found


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
