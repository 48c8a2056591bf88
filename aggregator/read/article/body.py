"""The text of an article as it is published: written anew, with its lead, without what is no text, with its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Enclosure
from aggregator.read.article import attached, media, trim, weigh
from aggregator.read.article.choose import Choice, View, is_attached
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.read.article.write import Paragraph, Writer

_CELLS = frozenset("td th li dd dt figcaption body html".split())
_TAG = re.compile(r"<[^<>]{1,300}>")
_MUCH = 300
"""Characters of a text stated for machines from which on it is more than a summary."""


@dataclass(frozen=True, slots=True)
class Body:
    rule: str
    html: str
    text: str
    images: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]


def write(view: View, choice: Choice) -> Body:
    element, weights = choice.element, view.weights
    small = weights[element].prose * 0.3
    writer = Writer(view.said.base, skip=lambda child: weigh.chrome(child) > 0 and weights[child].prose < small)
    for lead in () if choice.exact else _leads(view, element):
        writer.write(lead)
    writer.write(element)
    writer.drop(_all_but_pictures(writer) if choice.silent else trim.surplus(writer.paragraphs, view.headline.text))
    linked = writer.links if choice.exact else [*writer.links, *attached.files(view, element)]
    shown = element if choice.exact else attached.home(view, element)
    files = (*media.viewers(shown, view.said.base), *media.recordings(element, view.said.base), *media.attachments(linked))
    enclosures = tuple({file.url: file for file in reversed(files)}.values())[::-1]
    stated = _stated(view.said)
    if len(stated) > _MUCH and len(writer.text) < 0.3 * len(stated):
        html, text = _written(stated)
        return Body("JSON-LD articleBody", html, text, tuple(writer.images), enclosures)
    return Body(choice.rule, writer.html, writer.text, tuple(writer.images), enclosures)


def _all_but_pictures(writer: Writer) -> set[Paragraph]:
    return {paragraph for paragraph in writer.paragraphs if paragraph.text or not paragraph.pictured}


def _stated(said: Facts) -> str:
    """The text that the page states for machines."""
    value = said.articles[0].get("articleBody") if said.articles else None
    if not isinstance(value, str):
        return ""
    return unescape(_TAG.sub("\n", value) if "<" in value else value)


def _written(stated: str) -> tuple[str, str]:
    paragraphs = [line for part in stated.split("\n") if (line := part.strip())]
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs), "\n\n".join(paragraphs)


def _leads(view: View, element: HtmlElement) -> list[HtmlElement]:
    """The blocks between the title and the text that are prose: the lead of the article, which many pages set apart."""
    if view.headline.line is None:
        return []
    inside = frozenset(element.iter(etree.Element))
    found: list[HtmlElement] = []
    for line in view.lines[view.headline.line + 1 : view.headline.line + 25]:
        if line.block in inside:
            return found
        if line.block in found or not _is_lead(line, view.root):
            continue
        found.append(line.block)
    return []


def _is_lead(line: Line, root: HtmlElement) -> bool:
    if line.long or len(line.text) < 25 or trim.is_scrap(line.text) or line.block.tag in _CELLS:
        return False
    if not is_attached(line.block, root):
        return False
    linked = sum(len("".join(link.itertext())) for link in line.block.iter("a"))
    return linked < len(line.text) / 3
