"""The text of an article, written anew from its element: clean HTML and plain text in one walk."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import escape

from lxml.html import HtmlElement

from aggregator.read.article import marks, media, weigh
from aggregator.text import links, urls

_DEEPEST = 120
_SPACE = re.compile(r"\s+")
_EMPTY_ROW = re.compile(r"<tr>(?:<(t[dh])(?: [^>]{0,40})?></\1>)*</tr>")
_EMPTY = re.compile(
    r"<(ul|ol|li|dl|dd|dt|blockquote|figure|figcaption|table|tbody|thead|tfoot|tr|pre|caption)(?: [^>]{0,40})?>\s{0,9}</\1>"
)

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_INLINE = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
    "q": "q",
    "cite": "cite",
    "mark": "mark",
}
_CONTAINERS = frozenset("blockquote ul ol li dl dt dd table thead tbody tfoot tr td th caption figure figcaption pre".split())
_WHOLE = frozenset("ul ol dl table blockquote pre".split())
_ROWS = frozenset("thead tbody tfoot tr".split())
_BLOCKS = frozenset(
    "address article aside body center details dialog div fieldset footer form header hgroup html legend main menu nav p section summary option".split()
)
_SILENT = frozenset(
    "script style noscript template head title textarea select iframe object embed svg math canvas button input map".split()
)
_PLAIN = re.compile(r"(?i)https?://")
_EMBED = re.compile(r"twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|reddit-|bluesky-embed|mastodon-embed")
ASIDE = frozenset(("figcaption", "figure", "embed"))
"""Holders of what belongs to an article and is not its text: captions, quoted posts."""
_CAPTIONED = frozenset("p div span small section".split())
_SELF_SUFFICIENT = frozenset("li td th dt dd figcaption caption figure pre".split())
_SPANS = ("colspan", "rowspan")
_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-echo",
    "data-url",
    "vurl",
    "orisrc",
    "_src",
    "data-hi-res-src",
)
_PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|bmp|svg)(?:$|[?#])")


@dataclass(slots=True, eq=False)
class Paragraph:
    """One run of text as it was written. ``linked`` counts the characters of it that are links."""

    text: str
    tag: str
    holder: str
    """The element that it stands in where that is more than a paragraph: "li", "td", "figcaption" …"""
    part: int
    linked: int = 0
    pictured: bool = False
    files: int = 0
    """How many links in it lead to files."""


class Writer:
    """Walks one element, then tells what it wrote: ``html`` and ``text``, both without what was dropped in between."""

    def __init__(self, base: str, *, skip: Callable[[HtmlElement], bool]) -> None:
        self._base = base
        self._skip = skip
        self._parts: list[str] = []
        self.paragraphs: list[Paragraph] = []
        self._linked = 0
        self._files = 0
        self._anchors = 0
        self._html: list[str] = []
        self._text: list[str] = []
        self._depth = 0
        self._inside: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.images: list[str] = []
        self.links: list[tuple[str, HtmlElement]] = []

    def write(self, element: HtmlElement) -> None:
        """What stands in an element; a list or a table is written as one, and rows in a table of their own."""
        around = "table" if element.tag in _ROWS else ""
        self._parts += [f"<{around}>"] * bool(around)
        if around or element.tag in _WHOLE:
            self._container(element, str(element.tag))
        else:
            self._children(element)
            self._flush()
        self._parts += [f"</{around}>"] * bool(around)

    def drop(self, paragraphs: Collection[Paragraph]) -> None:
        for paragraph in paragraphs:
            self._parts[paragraph.part] = ""
        self.paragraphs = [paragraph for paragraph in self.paragraphs if paragraph not in paragraphs]

    @property
    def html(self) -> str:
        written = _EMPTY_ROW.sub("", "".join(self._parts))
        for _ in range(3):
            written = _EMPTY.sub("", written)
        return written

    @property
    def text(self) -> str:
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs if paragraph.text and paragraph.holder not in ASIDE)

    def _children(self, element: HtmlElement) -> None:
        if self._depth > _DEEPEST:
            self._say("".join(element.itertext()))
            return
        self._depth += 1
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str) and not self._skip(child):
                self._element(child)
            self._say(child.tail)
        self._depth -= 1

    def _element(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "iframe":
            self._frame(element)
        if tag in _SILENT:
            return
        if tag == "br":
            self._break()
        elif tag == "img":
            self._image(element)
        elif tag == "a":
            self._link(element)
        elif tag in _INLINE:
            self._inline(element, _INLINE[tag])
        elif tag in _HEADINGS:
            self._block(element, _HEADINGS[tag])
        elif tag in _CONTAINERS:
            self._container(element, tag)
        elif tag == "hr":
            self._flush()
            self._parts.append("<hr>")
        elif tag in _CAPTIONED and is_caption(element):
            self._container(element, "figcaption")
        elif tag in _BLOCKS:
            self._flush()
            self._children(element)
            self._flush()
        else:
            self._children(element)

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if "pre" in self._inside:
            self._html.append(escape(text, quote=False))
            self._text.append(text)
            return
        text = _SPACE.sub(" ", text)
        self._html.append(escape(text, quote=False))
        self._text.append(text)
        if self._anchors or any(tag == "a" for _, tag in self._open):
            self._linked += len(text)

    def _break(self) -> None:
        """One line end stays a line end; two make a paragraph."""
        while self._html and self._html[-1] == " ":
            self._html.pop()
        if self._html and self._html[-1] == "<br>":
            self._html.pop()
            self._flush()
        elif self._html:
            self._html.append("<br>")
            self._text.append("\n")

    def _inline(self, element: HtmlElement, tag: str, *, opening: str | None = None) -> None:
        """An inline element; where blocks stand inside, it is closed before and opened again after each."""
        said = len(self._text)
        self._open.append((opening or f"<{tag}>", tag))
        self._html.append(self._open[-1][0])
        self._children(element)
        self._open.pop()
        if self._html and self._html[-1] == (opening or f"<{tag}>"):
            self._html.pop()
        elif self._html or said < len(self._text):
            self._html.append(f"</{tag}>")

    def _link(self, element: HtmlElement) -> None:
        href = (element.get("href") or "").strip()
        address = urls.absolute(self._base, href) if _PLAIN.match(href) else links.target(element, self._base)
        if address is None:
            self._anchors += href.startswith("#")
            self._children(element)
            self._anchors -= href.startswith("#")
            return
        self.links.append((address, element))
        self._files += media.kind_of(address) is not None
        self._inline(element, "a", opening=f'<a href="{escape(address)}">')

    def _image(self, element: HtmlElement) -> None:
        address = picture(element, self._base)
        if address is None:
            return
        alt = escape(_SPACE.sub(" ", element.get("alt") or "").strip())
        self._html.append(f'<img src="{escape(address)}" alt="{alt}">')
        self.images.append(address)

    def _frame(self, element: HtmlElement) -> None:
        """A player becomes a link to its film: frames do not travel in feeds."""
        address = media.film(element)
        if address is not None:
            self._flush()
            title = _SPACE.sub(" ", element.get("title") or "").strip()[:300] or address
            self._parts.append(f'<p><a href="{escape(address)}">{escape(title, quote=False)}</a></p>')

    def _block(self, element: HtmlElement, tag: str) -> None:
        self._flush()
        self._children(element)
        self._flush(tag)

    def _container(self, element: HtmlElement, tag: str) -> None:
        self._flush()
        start = len(self._parts)
        name = "embed" if tag == "blockquote" and _EMBED.search(element.get("class") or "") else tag
        spans = "".join(f' {name}="{value}"' for name in _SPANS if (value := element.get(name) or "").isdigit())
        self._parts.append(f"<{tag}{spans}>")
        self._inside.append(name)
        self._children(element)
        self._flush()
        self._inside.pop()
        if len(self._parts) == start + 1 and tag not in ("td", "th"):
            self._parts.pop()
        else:
            self._parts.append(f"</{tag}>")

    def _flush(self, tag: str | None = None) -> None:
        text = "\n".join(line for part in "".join(self._text).split("\n") if (line := " ".join(part.split())))
        markup = "".join(self._html).strip()
        linked, self._linked = self._linked, 0
        files, self._files = self._files, 0
        self._text.clear()
        self._html = [opening for opening, _ in self._open]
        if not text and "<img" not in markup:
            return
        while markup.endswith("<br>"):
            markup = markup[:-4].rstrip()
        markup += "".join(f"</{name}>" for _, name in reversed(self._open))
        holder = next((name for name in reversed(self._inside) if name not in ("blockquote", "table", "tr", "tbody")), "")
        tag = tag or ("" if self._inside and self._inside[-1] in _SELF_SUFFICIENT else "p")
        self.paragraphs.append(Paragraph(text, tag, holder, len(self._parts), linked, "<img" in markup, files))
        self._parts.append(f"<{tag}>{markup}</{tag}>" if tag else markup)


def is_caption(element: HtmlElement) -> bool:
    classes = element.get("class")
    return classes is not None and len("".join(element.itertext())) < 400 and marks.CAPTIONS.search(weigh.words(classes, None)) is not None


def picture(element: HtmlElement, base: str) -> str | None:
    """The address of an image: what a lazy loader would show before a place holder."""
    source = element.get("src") or ""
    if not source or source.startswith("data:") or not _PICTURE.search(source) or _is_holder(source):
        lazy = next((value for name in _LAZY if (value := element.get(name)) and not value.startswith("data:")), None)
        source = lazy or _largest(element.get("data-srcset") or element.get("srcset")) or source
    if source.startswith("data:"):
        return None
    return urls.absolute(base, source)


def _is_holder(source: str) -> bool:
    name = source.rpartition("/")[2].lower()
    return any(word in name for word in ("placeholder", "blank", "spacer", "loading", "lazy", "transparent", "1x1"))


def _largest(candidates: str | None) -> str | None:
    """The last of a srcset, which by habit is the largest."""
    parts = [part.strip().split(" ")[0] for part in (candidates or "").split(", ") if part.strip()]
    return parts[-1] if parts else None
