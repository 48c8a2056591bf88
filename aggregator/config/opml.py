"""Lists of feeds (OPML 1 and 2, or addresses in lines) that people bring from their readers."""

from __future__ import annotations

import re
import shlex
from codecs import BOM_UTF8
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from lxml import etree

from aggregator.config import Settings
from aggregator.errors import InputError, Problem
from aggregator.model import FeedDocument, Outline, Source
from aggregator.text import markup, urls, wire

_MOST = 100_000
_DEEPEST = 50
_ID = "{http://purl.org/dc/elements/1.1/}identifier"
"""Of a folder that is a university, where another installation of ours lists it."""
_MADE_OF = "{http://purl.org/dc/elements/1.1/}source"
"""Of which page a feed is made, where another installation of ours lists it: that page can be read here as well."""
_FEEDS = ("feed", "jsonfeed")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One outline with a feed. ``group`` is the title of the folder that it lies in."""

    url: str
    title: str
    home: str | None = None
    group: str | None = None
    language: str | None = None
    university: str | None = None
    """Its id in another installation of ours, which has listed it; ``group`` is its name then."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a list holds. ``odd`` are outlines that name a feed at what is no address of the web, in words."""

    feeds: tuple[Subscription, ...]
    odd: tuple[str, ...]


def parse(path: Path) -> Subscriptions:
    """The feeds in a file, in its order, each once: of OPML, or of addresses in lines, as newsboat has them. Raises InputError where it is neither."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            [Problem(str(path), None, "", f"cannot be read: {error.strerror}")],
            remedy="name the OPML file that another reader has exported",
        ) from error
    if re.match(rb"(?:[^\S\n]*(?:#.*)?\n)*[^\S\n]*https?://", content.removeprefix(BOM_UTF8), re.IGNORECASE):
        return _lines(content.decode("utf-8-sig", "replace"))
    if b"<" not in content and b"\0" not in content:  # UTF-16 may be XML
        told = "is empty" if not content.strip() else "holds no feeds that are known as such"
        raise InputError(
            [Problem(str(path), None, "", f"{told}: expected an OPML file, or addresses that begin with http:// or https://, one a line")],
            remedy="export the list from your reader, as OPML",
        )
    root = _tree(content, path)
    if etree.QName(root).localname.lower() != "opml":
        raise InputError([Problem(str(path), root.sourceline, "", f"expected an OPML file, found <{etree.QName(root).localname}>")])
    found: dict[str, Subscription] = {}
    odd: list[str] = []
    body = next((child for child in root if isinstance(child.tag, str) and child.tag.lower() == "body"), root)
    _collect(body, None, None, found, odd, 0)
    return Subscriptions(tuple(found.values()), tuple(odd))


def _tree(content: bytes, path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        with suppress(etree.XMLSyntaxError):
            return etree.fromstring(_AMPERSAND.sub(b"&amp;", _CONTROLS.sub(b"", content.removeprefix(BOM_UTF8).strip())), parser)
        if re.search(rb"<(?:!doctype )?html\b", content[:1000], re.IGNORECASE):
            raise InputError(
                [Problem(str(path), None, "", "is a web page, and no list of feeds (OPML)")],
                remedy="download it again, logged in at your reader",
            ) from error
        raise InputError(
            [Problem(str(path), error.lineno or None, "", f"not valid XML: {error.msg}")], remedy="export the list from your reader again"
        ) from error


_AMPERSAND = re.compile(rb"&(?!#?\w{1,30};)")
"""Typed by hand: an address has them."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _lines(text: str) -> Subscriptions:
    """An address a line, with tags behind it, of which the first is its folder, and its name after a tilde (newsboat's ``urls``)."""
    found: dict[str, Subscription] = {}
    odd: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        address, *tags = _words(line) or [""]
        url = urls.absolute("", address)
        if url is not None and len(found) < _MOST:
            title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
            group = next((tag for tag in tags if not tag.startswith(("~", "!"))), None)
            found.setdefault(urls.key(url), Subscription(url, markup.plain(title), None, group))
        elif address and url is None:
            odd.append(f"line {number}: a feed: {address[:100]!r}")
    return Subscriptions(tuple(found.values()), tuple(odd))


def _words(line: str) -> list[str]:
    if line.lstrip().startswith("#"):
        return []
    try:
        return shlex.split(line)
    except ValueError:  # an apostrophe, and no quote
        return line.split()


def _web(scheme: re.Match[str]) -> str:
    """``feed://host`` and ``feed:https://host``, as some readers write addresses."""
    return "http" if scheme.string[scheme.end() :].startswith("://") else ""


def _collect(
    parent: etree._Element, group: str | None, university: str | None, found: dict[str, Subscription], odd: list[str], depth: int
) -> None:
    for outline in parent.iterchildren("outline", "Outline"):
        said = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        title = markup.plain(said.get("title") or said.get("text"))
        stated = said.get(_MADE_OF) or said.get("xmlurl") or ""
        address = urls.absolute("", re.sub(r"(?i)^\s*feed:(?://)?(?=https?:)|^\s*feed(?=://)", _web, stated))
        if address is not None and len(found) < _MOST:
            home = urls.absolute("", said.get("htmlurl"))
            found.setdefault(urls.key(address), Subscription(address, title, home, group, wire.language(said.get("language")), university))
        elif address is None and stated:
            odd.append(f"line {outline.sourceline}: {title or 'a feed'}: {stated[:100]!r}")
        if depth < _DEEPEST:
            inner = (group, university) if address is not None or not title else (title, said.get(_ID, "").strip() or None)
            _collect(outline, *inner, found, odd, depth + 1)


def listing(settings: Settings, found: Mapping[str, str | None], *, answers: bool = True) -> FeedDocument:
    """All configured sources, as a document for format "opml": a page is listed as the feed that we make of it, so that every reader can subscribe to all.

    ``found``: which reader has read a source that does not say its kind. ``answers``: False where nobody is there who makes such feeds; then it is a link.
    """
    outlines = tuple(
        Outline(
            title=source.title or source.id,
            feed=source.url if (is_feed := _is_feed(source, found)) else _made(settings, source) if answers else None,
            page=None if is_feed else source.url,
            home=university.home if (university := settings.universities.get(source.university or "")) else None,
            group=university.name if university else None,
            identifier=university.id if university else None,
            language=source.language,
        )
        for source in settings.sources.values()
    )
    return FeedDocument(
        title=f"Sources of {settings.site.title}", address=f"{settings.site.url}/sources", home=f"{settings.site.url}/", outlines=outlines
    )


def _is_feed(source: Source, found: Mapping[str, str | None]) -> bool:
    """Of what nobody has read yet the address tells, as it mostly came from somebody's list of feeds."""
    read_by = source.kind if source.kind != "auto" else found.get(source.id)
    return read_by in _FEEDS if read_by else urls.promises_feed(source.url)


def _made(settings: Settings, source: Source) -> str:
    return f"{settings.site.url}/search.rss?{urlencode({'q': f'source:{source.id}'})}"
