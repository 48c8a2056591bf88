"""The texts of a feed: RSS, which never says whether a text is HTML, and Atom, which does (RFC 4287 §3.1)."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Final

from lxml import etree

from aggregator.read.feed.names import Element, is_atom, is_of_atom
from aggregator.text import markup

_HTML_TYPES: Final = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_TEXT_TYPES: Final = frozenset(
    {
        "",
        "text",
        "text/plain",
        "html",
        "text/html",
        "xhtml",
        "application/xhtml+xml",
        "xml",
        "text/xml",
        "application/xml",
        "multipart/alternative",
    }
)
_BINARY: Final = ("image/", "audio/", "video/", "font/", "application/octet-stream", "application/pdf", "application/zip")
_MARKUP: Final = re.compile(
    r"</?(a|abbr|acronym|address|article|aside|b|bdi|bdo|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|dfn|div|dl|dt|em|embed|figcaption"
    r"|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|map|mark|meta|nav|noscript|object|ol|p|param|picture|pre"
    r"|q|rp|rt|ruby|s|samp|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr)"
    r"(?=[\s/>])[^<>]{0,2000}>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_SILENT: Final = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->", ">"))
_LONGEST_TITLE: Final = 20_000
"""Characters of a text that are looked at for a title: a longer one is none."""


Text = tuple[str, bool]
"""What an element says, and whether that is HTML. A bare tuple: three are made for each entry."""


def text_of(element: Element) -> Text:
    """What an element says. Inline markup is given as HTML; base64 of Atom 0.3 is undone; binary content is no text."""
    if len(element):
        return inner(element), True
    value = element.text or ""
    if not is_of_atom(element.tag):  # type: ignore[arg-type]
        return value, True
    kind = (element.get("type") or "").strip().lower()
    if element.get("mode") == "base64":
        decoded = _from_base64(value)
        return value if decoded is None else decoded, kind in _HTML_TYPES
    if kind in _TEXT_TYPES or kind.startswith("text/"):
        return value, kind in _HTML_TYPES and not kind.endswith(("xhtml", "xhtml+xml"))
    decoded = _from_base64(value)
    return decoded or ("" if kind.startswith(_BINARY) else value), "/" in kind


def _from_base64(value: str) -> str | None:
    """The text behind base64; None where it is none, or no text."""
    try:
        return markup.legal(base64.b64decode("".join(value.split()), validate=True).decode("utf-8"))
    except (binascii.Error, ValueError):
        return None


def inner(element: Element) -> str:
    """The markup inside an element as HTML, without namespaces; the one ``<div>`` around the content of Atom's xhtml is no part of it (RFC 4287 §3.1.1.3)."""
    holder = element
    if len(element) == 1 and is_atom(element) and not (element.text or "").strip() and _local(element[0]) == "div":
        holder = element[0]
    for node in holder.iter(etree.Element):
        if node is not holder:
            node.tag = _local(node)
    etree.cleanup_namespaces(holder)
    pieces = [html.escape(holder.text or "", quote=False)]
    pieces += [_NAMESPACES.sub("", etree.tostring(child, encoding="unicode", method="html")) for child in holder]
    return "".join(pieces)


_NAMESPACES: Final = re.compile(r"""\sxmlns(?::[\w.-]{1,40})?="[^"]{0,300}\"""")


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else "span"


def as_title(text: Text) -> str | None:
    """One line of plain text: empty where no words stand in the markup, None where nothing stands there at all."""
    value, is_html = text
    if not value or value.isspace():
        return None
    value = value[:_LONGEST_TITLE]
    if is_html and "<" in value:
        value = _MARKUP.sub(_gap, _without_silent(value))
    return markup.line(html.unescape(value) if "&" in value else value)


def _gap(tag: re.Match[str]) -> str:
    return " " if (tag[1] or "").lower() in markup.BLOCKS else ""


def _without_silent(value: str) -> str:
    """Without scripts, styles and comments, in one pass."""
    low = value.lower()
    for start, *ends in _SILENT:
        while (first := low.find(start)) >= 0:
            last = next((found + len(end) for end in ends if (found := low.find(end, first)) >= 0), len(low))
            value, low = value[:first] + value[last:], low[:first] + low[last:]
    return value


def as_html(text: Text) -> str | None:
    """HTML; a text that is meant literally is escaped, unless it is plainly HTML whose type was forgotten."""
    value = text[0].strip()
    if not value:
        return None
    return value if text[1] or _MARKUP.search(value[:_LONGEST_TITLE]) else html.escape(value, quote=False)
