"""OPML 2.0 (https://opml.org/spec2.opml): a list of feeds, as readers import it. What a feed is made of is its ``dc:source``, and whose a
folder is its ``dc:identifier``: for those who want that.
"""

from __future__ import annotations

from lxml import etree
from lxml.etree import SubElement, _Element

from aggregator.model import FeedDocument, Outline
from aggregator.publish.items import Writing
from aggregator.text import wire

DC = "http://purl.org/dc/elements/1.1/"


def write(document: FeedDocument, _address: str, _written: Writing) -> bytes:
    """The outlines of the document; those of one group stand together, where its first one stands. The format has no place for its own address, and no items."""
    root = etree.Element(
        "opml", {"version": "2.0"}, nsmap={"dc": DC} if any(each.page or each.identifier for each in document.outlines) else None
    )
    head = SubElement(root, "head")
    SubElement(head, "title").text = wire.told(document.title, document.address)
    if document.updated:
        SubElement(head, "dateModified").text = wire.rfc822(document.updated)
    body = SubElement(root, "body")
    groups: dict[tuple[str, str | None], _Element] = {}
    if not document.outlines:
        SubElement(body, "outline", {"text": wire.told(document.title, document.address)})  # the format wants one at least
    for outline in document.outlines:
        _outline(_group(body, groups, outline), outline)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _group(body: _Element, groups: dict[tuple[str, str | None], _Element], outline: Outline) -> _Element:
    if not outline.group:
        return body
    key = (outline.group, outline.identifier)
    if key not in groups:
        groups[key] = SubElement(body, "outline", {"text": wire.clean(outline.group)})
        if outline.identifier:
            groups[key].set(f"{{{DC}}}identifier", wire.clean(outline.identifier))
    return groups[key]


def _outline(parent: _Element, outline: Outline) -> None:
    address = outline.feed or outline.page or ""
    title = wire.told(outline.title, address)
    kind, place = ("rss", "xmlUrl") if outline.feed else ("link", "url")
    element = SubElement(parent, "outline", {"type": kind, "text": title, "title": title, place: wire.uri(address)})
    if outline.page:
        element.set(f"{{{DC}}}source", wire.uri(outline.page))
    if outline.home:
        element.set("htmlUrl", wire.uri(outline.home))
    if language := wire.language(outline.language):
        element.set("language", language)
