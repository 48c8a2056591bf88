"""The title of an article, without the name of its site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from aggregator.read.article import facts
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.text import markup

_SEPARATOR = re.compile(r"\s+[-–—|│·•»«:/~]+\s+|\s*[|｜│_»«]+\s*|\s+::\s+|\s*[-–—－]+\s*")
_SPACE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Title:
    text: str | None
    rule: str | None
    line: int | None = None
    """Where it stands among the lines of the page."""


def find(root: HtmlElement, said: Facts, lines: Sequence[Line]) -> Title:
    """The heading that the document's own title or its metadata repeat; else the metadata; else the document's title up to the site's name."""
    shown = _shown(lines)
    stated = list(_stated(said))
    for text, rule in _headings(root):
        if _agrees(text, said.title, stated):
            return Title(text, rule, shown.get(fold(text)))
    for text, rule in stated:
        trimmed = _trim(text, said, shown)
        return Title(trimmed, rule, shown.get(fold(trimmed)))
    if said.title:
        trimmed = _trim(said.title, said, shown)
        return Title(trimmed, "title of the document", shown.get(fold(trimmed)))
    for text, rule in _headings(root):
        return Title(text, rule, shown.get(fold(text)))
    return Title(None, None)


def fold(text: str) -> str:
    """For comparing: without case, space and punctuation."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _shown(lines: Sequence[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        if len(line.text) < 300:
            found.setdefault(fold(line.text), number)
    return found


def _headings(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for tag in ("h1", "h2", "h3"):
        for element in root.iter(tag):
            text = markup.plain(markup.text_of(element))
            if 2 < len(text) < 400:
                yield text, f"heading {tag}"


def _agrees(text: str, title: str, stated: Sequence[tuple[str, str]]) -> bool:
    folded = fold(text)
    if len(folded) < 4:
        return False
    wholes = [fold(title), *(fold(value) for value, _ in stated)]
    return any(folded == whole or (whole.startswith(folded) and len(folded) > 0.3 * len(whole)) for whole in wholes)


def _stated(said: Facts) -> Iterator[tuple[str, str]]:
    for node in said.articles[:1]:
        if text := facts.text(node.get("headline")):
            yield text, "JSON-LD headline"
    for name in ("og:title", "twitter:title", "dc.title", "dcterms.title", "articletitle", "parsely-title", "sailthru.title", "citation_title", "title"):
        if text := said.first(name):
            yield text, f"meta {name}"


def _trim(text: str, said: Facts, shown: dict[str, int]) -> str:
    """Up to the last separator before which stands what the page shows as a line of its own, or which the site's own name follows."""
    cuts = [match for match in _SEPARATOR.finditer(text) if match.start() > 0]
    for cut in [None, *reversed(cuts)]:
        head = text[: cut.start()] if cut else text
        if len(fold(head)) > 3 and fold(head) in shown:
            return head.strip()
    site = fold(said.first("og:site_name", "application-name", "apple-mobile-web-app-title") or "")
    for cut in cuts:
        tail = fold(text[cut.end() :])
        if site and tail and (tail == site or site.startswith(tail) or tail.startswith(site)):
            return text[: cut.start()].strip()
    spaced = [cut for cut in cuts if cut[0] != cut[0].strip() or "|" in cut[0] or "_" in cut[0] or "｜" in cut[0]]
    if spaced and len(fold(text[spaced[-1].end() :])) <= max(30, len(text) // 3) and len(fold(text[: spaced[-1].start()])) > 3:
        return text[: spaced[-1].start()].strip()
    return text.strip()
