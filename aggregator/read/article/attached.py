"""Files that belong to an article and stand outside its text: in the list of attachments under it, or between its title and it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import media, weigh
from aggregator.read.article.choose import View
from aggregator.text import furniture, links

_CLASSES: Final = re.compile(
    r"(?<![a-z])(?:attach(?:ed|ment|ments)?|attach-?files?|file-?list|filelinks|files|file-?attach|downloads?|download-?list|uploads|annex|enclosures?|fujian|allegati|adjuntos|anexos|anlagen|prilohy|pliki|zalaczniki|vlozheniya|docs|documents)(?![a-z])"
)
"""Classes of such lists."""
_MOST_LINKS = 100
_LONGEST_LABEL = 60
_LONGEST_LIST = 1_500
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """Where links are looked for."""

    inside: frozenset[HtmlElement]
    around: frozenset[HtmlElement]
    """The text's element and all that holds it."""
    home: HtmlElement
    """See ``home``."""


def files(view: View, element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """The links to files that the page attaches to the text in ``element``, with their addresses; none of sidebars or of other articles."""
    title = _title(view, element)
    place = _Place(frozenset(element.iter("a")), frozenset((element, *element.iterancestors())), home(view, element))
    for address, link in islice(_outside(view, _scope(view, element), title, place), _MOST_LINKS):
        if _belongs(link, place):
            yield address, link


def home(view: View, element: HtmlElement) -> HtmlElement:
    """The smallest element that holds the title as well as the text in ``element``; where that is the whole page, ``element`` alone."""
    title = _title(view, element)
    above = frozenset((title, *title.iterancestors()))
    found = next((ancestor for ancestor in (element, *element.iterancestors()) if ancestor in above), element)
    return element if found.tag in ("body", "html") else found


def _title(view: View, element: HtmlElement) -> HtmlElement:
    return element if view.headline.line is None else view.lines[view.headline.line].block


def _scope(view: View, element: HtmlElement) -> HtmlElement:
    """The largest element around the text that holds no other one: what stands in it is about this article."""
    most = 1.3 * view.weights[element].prose + 200.0
    scope = element
    for ancestor in element.iterancestors():
        if view.weights[ancestor].prose > most:
            break
        scope = ancestor
    return scope


def _outside(view: View, scope: HtmlElement, title: HtmlElement, place: _Place) -> Iterator[tuple[str, HtmlElement]]:
    """The links to files in ``scope`` that stand below the title and not in the text."""
    below = False
    for candidate in scope.iter(etree.Element):
        below = below or candidate is title or candidate in place.inside
        if below and candidate.tag == "a" and candidate not in place.inside:
            address = links.target(candidate, view.said.base)
            if address and media.kind_of(address, _text(candidate)):
                yield address, candidate


def _belongs(link: HtmlElement, place: _Place) -> bool:
    """Whether a link is labelled as an attachment, or stands in a list of files right behind the text."""
    if furniture.ATTACHED.match(_text(link).lstrip("【[(（· ")):
        return True
    near = place.home in link.iterancestors()
    holder = link
    for ancestor in islice(link.iterancestors(), _LEVELS):
        if _is_called(_before(holder, place), near=near):
            return True
        if ancestor in place.around or len(_text(ancestor)) > _LONGEST_LIST:
            break
        if near and _CLASSES.search(weigh.words(ancestor.get("class"), ancestor.get("id"))):
            return True
        holder = ancestor
    return _follows(holder, place)


def _before(element: HtmlElement, place: _Place) -> str:
    """The text right before an element and its neighbours that are files as well, up to the element before them."""
    for _ in range(_MOST_LINKS):
        previous = element.getprevious()
        if previous is None:
            parent = element.getparent()
            return "" if parent is None else (parent.text or "").strip()
        if tail := (previous.tail or "").strip():
            return tail
        if previous in place.around or not _is_files(previous):
            return _text(previous)
        element = previous
    return ""


def _is_files(element: HtmlElement) -> bool:
    """Whether there is little but links to files in an element."""
    found = [element] if element.tag == "a" else list(islice(element.iter("a"), _MOST_LINKS))
    named = sum(len(_text(link)) for link in found if media.kind_of(link.get("href") or "", _text(link)))
    return named >= 0.5 * len(_text(element))


def _is_called(label: str, *, near: bool) -> bool:
    label = label.strip()
    if not label or len(label) > _LONGEST_LABEL:
        return False
    return furniture.ATTACHED.search(label) is not None or (near and furniture.DOWNLOADS.fullmatch(label) is not None)


def _follows(holder: HtmlElement, place: _Place) -> bool:
    """Whether a list of nothing but files is the next that stands behind the text."""
    previous = holder.getprevious()
    while previous is not None and previous not in place.around and not _text(previous):
        previous = previous.getprevious()
    return previous is not None and previous in place.around and _is_files(holder)


def _text(element: HtmlElement) -> str:
    """Of an element, as much of its text as tells whether it is a label or a list."""
    return " ".join("".join(islice(element.itertext(), _LONGEST_LIST)).split())[: _LONGEST_LIST + 1]
