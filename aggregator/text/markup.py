"""HTML as trees and as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragments_fromstring

from aggregator.text import depth, urls

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr html li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""Elements before and after which a reader sees a new line."""

SILENT = frozenset("script style noscript template head title textarea select iframe object embed svg math canvas audio video".split())
"""Elements whose text is not read."""

_TAG = re.compile(r"<(?:/?([a-zA-Z][a-zA-Z0-9]*)|[a-zA-Z/!?])[^>]*>?")
_MUTE = re.compile(r"<(script|style|template)\b", re.IGNORECASE)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_RELATIVE = re.compile(
    r"""(?i)\s(?:href|src|srcset|poster|cite|data-src)\s*=\s*(?:["']\s*)?(?!["'\s]|https?://|mailto:|data:|#|javascript:)"""
)
_SUSPECT = re.compile(
    r"""=(?<=[fFcCtTrReE\s]=)(?!["']https?://)"""
    r"""(?i:(?<=\s\s=)|(?<=(?:ref|src|set|ter|ite)\s=)|(?:(?<=\shref=)|(?<=\ssrc=)|(?<=\ssrcset=)|(?<=\sposter=)|(?<=\scite=)|(?<=\sdata-src=))"""
    r"""\s*(?:["']\s*)?(?!["'\s]|https?://|mailto:|data:|#|javascript:))"""
)
"""Finds all that ``_RELATIVE`` finds and a little more, ten times as fast: it looks back from the few equals signs, and first at what most of them have."""

_LINKS = ("href", "src", "poster", "cite", "data-src")
_addressed = etree.XPath("descendant-or-self::*[" + " or ".join(f"@{name}" for name in (*_LINKS, "srcset")) + "]", smart_strings=False)
"""The elements of a tree that hold an address."""


def legal(text: str) -> str:
    """Without the characters that XML 1.0 forbids (§2.2), lone surrogates among them."""
    unbroken = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return text if unbroken.isprintable() else _ILLEGAL.sub("", text)


def tree(markup: str) -> HtmlElement:
    """The page as an lxml tree, its root ``<html>``. Never raises: an empty page is an empty tree."""
    return _tree(markup, _PARSER)


_PARSER = HTMLParser(encoding="utf-8", huge_tree=False)
_PLAIN_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=False)
"""Quicker: that of lxml.html asks Python for the class of each element."""


def _tree(markup: str, parser: etree.HTMLParser) -> HtmlElement:
    markup = short_tags(legal(_DECLARATION.sub("", markup)))
    root = _parsed(markup, parser)
    last = parser.error_log.last_error
    if last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:  # it gave up, and the rest of the page is missing
        return _parsed(depth.shallow(markup), parser)
    return root


def _parsed(markup: str, parser: etree.HTMLParser) -> HtmlElement:
    try:
        return document_fromstring(markup, parser=parser) if markup.strip() else _empty()  # type: ignore[arg-type]
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _empty()


_LONG = 60_000
_LONG_TAG = re.compile(rf"(<[a-zA-Z][\w:-]{{0,40}})[^<>]{{{_LONG},}}")


def short_tags(markup: str) -> str:
    """Without the attributes of tags that have 60,000 characters of them: parsers compare each with all others, which takes minutes."""
    return _LONG_TAG.sub(r"\1", markup) if len(markup) > _LONG and max(map(len, markup.split(">"))) > _LONG else markup


def untangled(markup: str) -> str:
    """HTML with every element closed in the order in which they were opened and none too deep, where it is tangled; as it is otherwise."""
    if not depth.is_tangled(markup):
        return markup
    parts = (part for part in tree(markup) if isinstance(part.tag, str))
    return "".join(_inside(part) for part in parts)


def _inside(element: HtmlElement) -> str:
    pieces = [html.escape(element.text or "", quote=False)]
    pieces += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(pieces)


def _empty() -> HtmlElement:
    return document_fromstring("<html><body></body></html>")


def plain(markup: str | None) -> str:
    """One line of plain text from a piece of HTML or of text: tags out, entities resolved, spaces folded, invisible characters out."""
    if not markup:
        return ""
    text = markup
    if "<" in text:
        pieces = _TAG.split(_spoken(text))
        pieces[1::2] = [" " if name and name.lower() in BLOCKS else "" for name in pieces[1::2]]
        text = "".join(pieces)
    if "&" in text:
        text = html.unescape(text)
    return line(text)


def _spoken(markup: str) -> str:
    """Without what stands between the tags of scripts and styles."""
    opened = _MUTE.search(markup)
    if opened is None:
        return markup
    low = markup.lower()
    pieces: list[str] = []
    start = 0
    unclosed: set[str] = set()
    while opened is not None:
        name = opened[1].lower()
        end = low.find(f"</{name}", opened.end()) if name not in unclosed else -1
        if end < 0:
            unclosed.add(name)
            opened = _MUTE.search(markup, opened.end())
            continue
        pieces.append(markup[start : opened.start()])
        start = end
        opened = _MUTE.search(markup, end)
    return "".join((*pieces, markup[start:]))


def line(text: str) -> str:
    """One line of a text that is plain already: spaces folded, invisible and forbidden characters out, nothing resolved."""
    return _folded(text if text.isprintable() else _INVISIBLE.sub("", legal(text)))


def _folded(text: str) -> str:
    """With single spaces, and none around: most texts have no others, and only those need to be taken apart."""
    return text.strip() if "  " not in text and text.isprintable() else " ".join(text.split())


def text_in(markup: str) -> str:
    """``text_of`` its tree."""
    return text_of(_tree(markup, _PLAIN_PARSER))


def text_of(element: HtmlElement) -> str:
    """The text that a reader sees in an element: blocks on lines of their own, paragraphs separated by a blank line."""
    pieces: list[str] = []
    _add_pieces(element, pieces.append)
    lines = ("\n".join(_parts(line)) if line else "" for line in "".join(pieces).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


_PARAGRAPHS = frozenset("p div section article blockquote ul ol dl table pre figure h1 h2 h3 h4 h5 h6 header footer main".split())
_EDGE = "\v"
"""The edge of a block that is no paragraph: a new line where text stands on both sides of it. No tree holds this character: XML forbids it."""


def _parts(line: str) -> Iterator[str]:
    return filter(None, map(_folded, line.split(_EDGE)))


def _add_pieces(element: HtmlElement, add: Callable[[str], None]) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in SILENT:
        return
    if tag == "br":
        add("\n")
        return
    gap = _GAPS.get(tag, "")
    keep = tag == "pre"
    add(gap)
    if text := element.text:
        add(text if keep else text.replace("\n", " ").replace("\r", " "))
    for child in element:
        _add_pieces(child, add)
        if tail := child.tail:
            add(tail if keep else tail.replace("\n", " ").replace("\r", " "))
    add(gap)


_GAPS = {**dict.fromkeys(BLOCKS, _EDGE), "td": " ", "th": " ", **dict.fromkeys(_PARAGRAPHS, "\n\n")}
"""What stands around an element."""
_BLANK_LINES = re.compile(r"\n{3,}")


def absolutize(markup: str, base: str) -> str:
    """The HTML fragment with its links and images resolved against ``base``. Costs a parse only where something relative stands in it."""
    if not _SUSPECT.search(markup) or not _RELATIVE.search(markup):
        return markup
    try:
        roots = fragments_fromstring(untangled(legal(markup)), parser=etree.HTMLParser())  # type: ignore[call-overload]  # its own asks Python for each class
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):  # the last where a whole page has no body
        return markup
    for root in roots:
        if not isinstance(root, str) and isinstance(root.tag, str):
            resolve(root, base)
    return "".join(root if isinstance(root, str) else etree.tostring(root, encoding="unicode", method="html") for root in roots)


def resolve(root: HtmlElement, base: str) -> None:
    """Make the addresses in a tree absolute, in place. What cannot be followed is left for the sanitizer to drop."""
    for element in _addressed(root):
        for name in _LINKS:
            value = element.get(name)
            if value and not value.startswith("#") and (found := urls.absolute(base, value)):
                element.set(name, found)
        srcset = element.get("srcset")
        if srcset:
            element.set(
                "srcset", ", ".join(f"{urls.absolute(base, address) or address} {size}".strip() for address, size in candidates(srcset))
            )


_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+([^,]*))?(?:,|$)")


def candidates(srcset: str) -> list[tuple[str, str]]:
    """(address, descriptor or "") of each image in a ``srcset`` (HTML §4.8.4.2.1); a comma may stand inside an address, but not at its end."""
    return [(found[1], (found[2] or "").strip()) for found in _CANDIDATE.finditer(srcset[:20_000])]
