"""The text of a row in pieces: each run of text that stands for itself, and what the author of the page calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from aggregator.text.markup import BLOCKS, SILENT
from aggregator.text.phrases import BADGES

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

MOST: Final = 300
"""Pieces of one row."""

_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*")
_JOINED = frozenset("b strong i em u font sup sub mark wbr small big bdi bdo q".split())
_NUMBER = re.compile(r"\d{1,4}\s?[年月日년월일./-]?")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Not the joiners: Persian and the scripts of India are misspelled without them."""
_SPOKEN = re.compile(r"[^\W\d_]{5}|[\u2e80-\u9fff\uac00-\ud7a3]{3}")
_NO_LETTERS = re.compile(r"[\W_]+")
_AROUND = " \t\n\r\u00a0\u3000·•|–—-－_:：,，;；>»›→▶►◆◇■□●○★☆※*.。、/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stands for itself: its words, where it stands and what its author called it."""

    text: str
    element: HtmlElement
    words: frozenset[str]
    """Words of the classes, ids and roles from the row down to the text."""
    linked: bool
    heading: bool
    apart: bool = True
    """Whether space or the edge of a block stands before it."""


@lru_cache(maxsize=4096)
def words(names: str) -> frozenset[str]:
    """The words of a class or id: ``"newsList-item_2"`` → news, list, item."""
    return frozenset(word.lower() for word in _WORD.findall(names[:300]))


def words_of(element: HtmlElement) -> frozenset[str]:
    """The words by which the author of a page calls an element."""
    names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"), element.get("role"))))
    return words(names) if names else frozenset()


def pieces(elements: Sequence[HtmlElement], link: HtmlElement | None = None) -> list[Piece]:
    """The text of a row in reading order, at most ``MOST``. Inside ``link`` a piece counts as linked."""
    found: list[Piece] = []
    for element in elements:
        row = element if any(isinstance(child.tag, str) for child in element) else None
        _Walk(found, link, row).through(element, frozenset(), linked=False, heading=False)
    return found


class _Walk:
    """Collects pieces: a new one begins wherever an element that means something begins or ends."""

    def __init__(self, found: list[Piece], link: HtmlElement | None, row: HtmlElement | None) -> None:
        self.found = found
        self.link = link
        self.row = row
        """The element of the whole row, unless it is a mere paragraph: what it is called (``status-publish``) says nothing of its pieces."""
        self.buffer: list[str] = []
        self.space = True

    def through(self, element: HtmlElement, names: frozenset[str], *, linked: bool, heading: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT or len(self.found) > MOST:
            return
        if element.attrib and element is not self.row:
            names |= words_of(element)
        linked, heading = linked or element is self.link, heading or tag in HEADINGS
        if element.text:
            self.buffer.append(element.text)
        for child in element:
            apart = child.tag not in _JOINED or bool(child.get("class")) or _stands_apart(child)
            if apart:
                self._flush(element, names, linked=linked, heading=heading)
            self.space = self.space or child.tag in BLOCKS
            self.through(child, names, linked=linked, heading=heading)
            if apart:
                self._flush(child, names | words_of(child), linked=linked or child is self.link, heading=heading or child.tag in HEADINGS)
            self.space = self.space or child.tag in BLOCKS
            if child.tail:
                self.buffer.append(child.tail)
        if element.getparent() is None or tag not in _JOINED:
            self._flush(element, names, linked=linked, heading=heading)

    def _flush(self, element: HtmlElement, names: frozenset[str], *, linked: bool, heading: bool) -> None:
        if not self.buffer:
            return
        raw = _INVISIBLE.sub("", "".join(self.buffer))
        text = " ".join(raw.split())
        self.buffer.clear()
        if text:
            self.found.append(Piece(text, element, names, linked=linked, heading=heading, apart=self.space or raw[0].isspace()))
        self.space = raw[-1:].isspace() or (self.space and not text)


def _stands_apart(element: HtmlElement) -> bool:
    """Whether an element that only changes the type of its text is more than a part of the sentence: a badge, half of a date, the title before a text."""
    text = (element.text or "").strip()
    if len(element) or not text or not isinstance(element.tag, str) or len(text) > 300:
        return False
    if len(text) < 12:
        return text.lower() in BADGES or (
            bool(_NUMBER.fullmatch(text)) and any(_is_number(other) for other in (element.getprevious(), element.getnext()))
        )
    before = element.getprevious() is None and not (getattr(element.getparent(), "text", None) or "").strip()
    return before and element.tag in ("b", "strong") and text[-1] not in ":：," and len(element.tail or "") >= 80


def _is_number(element: HtmlElement | None) -> bool:
    return element is not None and element.tag in _JOINED and not len(element) and bool(_NUMBER.fullmatch((element.text or "").strip()))


def joined(parts: Sequence[Piece]) -> str:
    """Pieces as one text. Where no space stood between two, a word goes on; a new sentence or number is set apart all the same."""
    text = ""
    for part in parts:
        goes_on = text and not part.apart and text[-1].isalpha() and part.text[0].islower()
        text += part.text if not text or goes_on else f" {part.text}"
    return text


def block(element: HtmlElement) -> HtmlElement:
    found = element
    while found.tag not in BLOCKS and (above := found.getparent()) is not None:
        found = above
    return found


def inside(parts: Sequence[Piece], element: HtmlElement) -> list[Piece]:
    """The pieces that stand in an element."""
    within = frozenset(element.iter())
    return [part for part in parts if part.element in within]


def letters(text: str) -> str:
    """Only its letters and digits, small: what two writings of one title have in common."""
    return _NO_LETTERS.sub("", text).lower()


def is_code(text: str) -> bool:
    """Whether a text is a number or a file mark rather than words: ``2024-15``, ``No. 16-0775``, ``A/HRC/12``."""
    if _SPOKEN.search(text):
        return False
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    return digits > 0 and letters < 2 * digits + 3


def bare(text: str) -> str:
    """Without the punctuation, arrows and brackets around it."""
    return text.strip(_AROUND + "[]()（）【】《》〈〉…")
