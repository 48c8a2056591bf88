"""A page as light nodes: what the search for lists asks of every element, computed in one walk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from aggregator.text import links
from aggregator.text.document import Document
from aggregator.text.markup import SILENT
from aggregator.text.rows import HEADINGS, width, words

CHROME_TAGS: Final = frozenset({"nav", "footer", "menu", "dialog"})
CHROME_ROLES: Final = frozenset({"navigation", "contentinfo", "banner", "search", "menu", "menubar", "dialog", "tablist"})
CHROME_WORDS: Final = frozenset(
    "nav navi navbar navigation navigator menu submenu mainmenu topmenu megamenu dropdown footer foot breadcrumb breadcrumbs crumb crumbs dqwz weizhi "
    "pager pagination paging pagenav pagebar paginate copyright friendlink friendlinks friendship yqlj flink social socials share sharing bshare login signin lang languages "
    "cookie cookies consent searchbox skip skiplink toolbar tagcloud comments comment disqus quicklinks quicklink kslj kjrk "
    "subnav sidenav leftnav lmenu sidemenu localnav accessibility partners sponsors hotlinks".split()
)
"""Words of classes and ids that say: this is furniture of the site. They count where they begin or end a name: ``main-nav``, ``footer_links``."""

SIDE_TAGS: Final = frozenset({"aside"})
SIDE_WORDS: Final = frozenset(
    "sidebar side aside widget widgets related popular recommend recommended tuijian rightbar leftbar sidebox blogroll trending search banner tags location".split()
)
"""Words that say: this stands beside the main thing. Such lists repeat or recommend."""

_PLAIN = frozenset("b strong i em font u big small center tbody".split())
"""Tags that one row has and the next has not: no part of a path."""

_CELLS = frozenset({"td", "th"})
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True, eq=False)
class Node:
    element: HtmlElement
    tag: str
    parent: Node | None
    path: int
    """Equal for nodes with the same tags above them."""
    style: int
    """Equal for nodes with the same tags, classes and ids above them, digits apart."""
    depth: int
    order: int
    words: frozenset[str]
    chrome: bool = False
    side: int = 0
    """How many elements above it, or it itself, say that they stand beside the main thing."""
    heading: bool = False
    pictures: int = 0
    width: int = 0
    """Of the text in it."""
    linked: int = 0
    """Of the text in links in it."""
    anchors: int = 0
    last: int = 0
    """Order of its last descendant."""
    said: str | None = None
    """The beginning of its text, once somebody asked for it."""

    def text(self) -> str:
        """The beginning of its text on one line."""
        if self.said is None:
            self.said = " ".join(" ".join(islice(self.element.itertext(), 400)).split())[:2000]
        return self.said


@dataclass(slots=True, eq=False)
class Anchor:
    """A link that leads somewhere."""

    node: Node
    url: str
    text: str
    title: str
    """What its attributes or its picture call it."""


@dataclass(slots=True)
class Outline:
    """The nodes of a page in document order, and its links."""

    nodes: list[Node] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    headings: list[Node] = field(default_factory=list)


def outline(document: Document) -> Outline:
    return _Walker(document).outline


class _Walker:
    def __init__(self, document: Document) -> None:
        self.outline = Outline()
        self.base = document.base
        self.ids: dict[tuple[int, str], int] = {}
        self.clickable = frozenset(links.clickables(document.root))
        body = document.root.find("body")
        root = document.root if body is None else body
        self._visit(root, str(root.tag), None, 1)
        self._mark()

    def _visit(self, element: HtmlElement, tag: str, parent: Node | None, column: int) -> Node:
        found = self.outline
        names, called = _names(element.get("class"), element.get("id"))
        above, style = (parent.path, parent.style) if parent else (0, 0)
        if tag not in _PLAIN:
            step = f"{tag}{column}" if tag in _CELLS else tag
            above, style = self._id(above, step), self._id(style, step + names)
        node = Node(element, tag, parent, above, style, parent.depth + 1 if parent else 0, len(found.nodes), called)
        found.nodes.append(node)
        if tag in HEADINGS:
            node.heading = True
            found.headings.append(node)
        elif tag == "img":
            node.pictures = 1
        text = element.text
        if text and not text.isspace():
            node.width = width(" ".join(text.split()))
        place = 0
        for child in element:
            below_tag = child.tag
            if isinstance(below_tag, str) and below_tag not in SILENT:
                place += 1
                below = self._visit(child, below_tag, node, place)
                node.width += below.width
                node.linked += below.linked
                node.anchors += below.anchors
                node.pictures += below.pictures
            tail = child.tail
            if tail and not tail.isspace():
                node.width += width(" ".join(tail.split()))
        if tag == "a" or (element in self.clickable and not node.anchors):
            self._link(element, node)
        node.last = len(found.nodes) - 1
        return node

    def _id(self, above: int, step: str) -> int:
        return self.ids.setdefault((above, step), len(self.ids) + 1)

    def _link(self, element: HtmlElement, node: Node) -> None:
        url = links.target(element, self.base)
        if url is None:
            return
        text = " ".join("".join(element.itertext()).split()) if node.width else ""
        title = element.get("title") or element.get("aria-label") or ""
        if not title and node.pictures:
            title = next((alt for picture in element.iter("img") if (alt := picture.get("alt"))), "")
        node.linked = node.width
        node.anchors = 1
        if _in_sentence(element):
            return
        self.outline.anchors.append(Anchor(node, url, text, " ".join(title.split())))

    def _mark(self) -> None:
        """Chrome is inherited; an element that holds nearly all links of the page is the page, whatever it is called."""
        nodes = self.outline.nodes
        total = max(nodes[0].anchors, 1)
        for node in nodes:
            above = node.parent
            if above is not None:
                node.chrome, node.side = above.chrome, above.side
                if above.heading:
                    node.heading = True
            if node.chrome:
                continue
            whole = node.anchors > 0.8 * total and total > 8
            role = node.element.get("role")
            if node.tag in CHROME_TAGS or role in CHROME_ROLES or (node.tag == "header" and node.depth < 6 and not _in_item(node)):
                node.chrome = True
            elif node.words and not whole:
                if _called(node, CHROME_WORDS):
                    node.chrome = True
                elif _called(node, SIDE_WORDS):
                    node.side += 1
            if node.tag in SIDE_TAGS:
                node.side += 1


def _in_sentence(element: HtmlElement) -> bool:
    """Whether running text goes on before and after a link: such links cite, they do not list."""
    after = (element.tail or "").lstrip()
    if len(after) < 2 or not (after[0].isalpha() or after[0] in ".,;:)，。；）、"):
        return False
    previous, above = element.getprevious(), element.getparent()
    before = (previous.tail if previous is not None else above.text if above is not None else None) or ""
    return len(before.strip()) >= 20


@lru_cache(maxsize=4096)
def _names(classes: str | None, name: str | None) -> tuple[str, frozenset[str]]:
    """Class and id of an element with digits masked, and their words."""
    if not (classes or name):
        return "", frozenset()
    names = f"{(classes or '')[:300]} {(name or '')[:100]}"
    return " " + _DIGITS.sub("N", names), words(names)


def _called(node: Node, names: frozenset[str]) -> bool:
    """Whether one of the names of an element begins or ends with one of these words."""
    if not node.words & names:
        return False
    for name in f"{node.element.get('class') or ''} {node.element.get('id') or ''}".split():
        parts = [part for part in _WORD.findall(name.lower()) if part]
        if parts and (parts[0] in names or parts[-1] in names) and not ("has" in parts or "no" in parts or "with" in parts):
            return True
    return False


def _in_item(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in ("article", "li", "main", "section"):
            return True
        above = above.parent
    return False
