"""Who signs an article: from what the page states for machines, or else from the line by its title or at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import facts, weigh
from aggregator.read.article.facts import Facts, Node
from aggregator.read.article.lines import Line
from aggregator.text import bylines, markup

_META = "author article:author parsely-author sailthru.author dc.creator dc.creator.name dcterms.creator dc:creator byl byline citation_author article:author_name authors article.author creator cxenseparse:author".split()
_NAMED = re.compile(r"(?<![a-z])(?:byline|by-line|author|authors|authorname|author-name|autor|auteur|writer|reporter|contributor|contributors|creator|zuozhe|fn)(?![a-z])")


@dataclass(frozen=True, slots=True)
class Byline:
    authors: tuple[str, ...] = ()
    rule: str | None = None
    lines: tuple[int, ...] = ()
    """Lines of the page that are bylines and nothing else."""


def find(said: Facts, marked: Sequence[tuple[str, tuple[str, ...]]], header: Sequence[Line], trailer: Sequence[Line], *, site: str | None) -> Byline:
    """``marked`` is what ``marked`` found, ``header`` the lines from the title to the text, ``trailer`` those that end and follow it."""
    for rule, names in _candidates(said, marked, header, trailer, site):
        if names:
            return Byline(names, rule)
    return Byline()


def _candidates(
    said: Facts, marked: Sequence[tuple[str, tuple[str, ...]]], header: Sequence[Line], trailer: Sequence[Line], site: str | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in said.articles[:1]:
        yield "JSON-LD author", _json(node, said, site)
    for name in _META:
        values = said.meta.get(name, ())[:20]
        yield f"meta {name}", tuple(dict.fromkeys(person for value in values for person in bylines.people(value, site=site)))
    yield from marked
    units: tuple[str, ...] = ()
    for place, some in (("line by the title", header), ("line at the end", trailer)):
        for line in some:
            found = bylines.credits(line.text, site=site) or bylines.signature(line.text, site=site)
            names = bylines.authors(found)
            if names and not any(credit.unit for credit in found if credit.name in names):
                yield place, names
            units = units or names
    yield "unit that signs", units


def _json(node: Node, said: Facts, site: str | None) -> tuple[str, ...]:
    value = node.get("author") or node.get("creator")
    found: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict) and "name" not in item and item.get("@id") in said.nodes:
            item = said.nodes[item["@id"]]  # noqa: PLW2901  # the node that the reference names
        name = facts.text(item)
        found.extend(bylines.people(name, site=site))
    return tuple(dict.fromkeys(found))


def marked(root: HtmlElement, site: str | None) -> list[tuple[str, tuple[str, ...]]]:
    """The names that stand in elements marked as bylines, each with its rule. Asked before chrome is dropped: many bylines stand in it."""
    return [(rule, names) for rule, names in _marked(root, site) if names][:5]


def _marked(root: HtmlElement, site: str | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: list[str] = []
    for element in root.iter("a", "span", "div", "p", "address", "li"):
        if (element.get("itemprop") or "").lower() == "author" or "author" in (element.get("rel") or "").lower().split():
            found.extend(bylines.people(_said(element), site=site))
    yield "itemprop author", tuple(dict.fromkeys(found))
    for element in root.iter(etree.Element):
        classes = element.get("class")
        if classes and _NAMED.search(weigh.words(classes, element.get("id"))):
            text = _said(element)
            if 2 < len(text) < 120 and not _is_elsewhere(element):
                yield f"class {classes}", bylines.authors(bylines.credits(text, site=site)) or bylines.people(text, site=site)


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether it stands in comments, related articles and the like."""
    return any(weigh.chrome(ancestor) == 2 for ancestor in element.iterancestors())


def _said(element: HtmlElement) -> str:
    return markup.plain(markup.text_of(element))
