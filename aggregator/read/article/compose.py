"""Puts an article together from what its parts found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Entry, Page, Source
from aggregator.read.article import body, byline, choose, facts, lines, marked, media, moment, refusal, title, weigh
from aggregator.read.article.choose import Choice, View
from aggregator.read.article.clock import Clock
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Around, Line
from aggregator.read.article.title import Title, fold
from aggregator.text import charset, language, markup, urls


def compose(page: Page, source: Source, *, now: datetime) -> Entry:
    refusal.refuse_files(page)
    source_text = charset.decode(page.body, content_type=page.content_type).text
    root = markup.tree(source_text)
    _held = _bounded(root)

    said = facts.collect(root, page.url)
    selected = choose.select(root, source.article, page.url) if source.article else None
    media.reveal(root)
    etree.strip_elements(root, "script", "style", "noscript", "template", etree.Comment, with_tail=False)
    shown = lines.of(root)
    headline = title.find(root, said, shown, page.url)
    refusal.refuse_looks(page, said.title or headline.text or "", shown, root)
    titles = _titles(shown, headline)
    signatures, dates = byline.marks(root), marked.marks(root, headline.text)
    weigh.prune(root, weigh.weigh(root), keep=_line_of(shown, headline.line) | _with_ancestors(selected, *choose.bodies(root)))
    view = View(root, weigh.weigh(root, apart=titles), shown, headline, titles, said)
    choice = Choice(selected, "selector of the source", exact=True) if selected is not None else choose.choose(view)
    text = body.write(view, choice)
    refusal.refuse_nothing(page, text, shown)
    first, last = _extent(shown, choice.element)
    if headline.text is None:
        headline = title.nearby(shown, first)
    around = _around(shown, headline, first, last)
    tongue = language.detect(text.text or headline.text or "", hint=said.language or source.language)
    clock = Clock(now, source.timezone, said.language or source.language or tongue)
    dated = moment.find(said, dates, around, url=page.url, clock=clock, page=source_text)
    signed = byline.find(said, signatures, around, url=page.url, undated=clock.without)
    image, image_rule = media.lead_image(said, text.images)
    return Entry(
        title=headline.text,
        url=_address(page.url, said),
        published=dated.published.when if dated.published else None,
        updated=dated.updated.when if dated.updated else None,
        precision=dated.precision,
        authors=signed.authors,
        summary=said.first("og:description", "description", "twitter:description"),
        content=text.html,
        text=text.text,
        image=image,
        language=tongue,
        categories=_categories(said),
        enclosures=text.enclosures,
        provenance=_provenance(title=headline.rule, content=text.rule, authors=signed.rule, published=dated.rule, image=image_rule),
    )


_MOST_ELEMENTS = 30_000
"""Three times as many as the largest article pages have. What follows them is dropped: it is generated, or meant to be slow."""


def _bounded(root: HtmlElement) -> list[HtmlElement]:
    """The elements of a page, after dropping those that are too many. While they are held, lxml makes the object of each only once."""
    elements = list(islice(root.iter(), _MOST_ELEMENTS + 1))
    if len(elements) > _MOST_ELEMENTS:
        last = elements.pop()
        for element in (last, *last.iterancestors()):
            parent = element.getparent()
            if parent is not None:
                del parent[parent.index(element) + (element is not last) :]
    return elements


def _line_of(shown: Sequence[Line], number: int | None) -> frozenset[HtmlElement]:
    return _with_ancestors(None if number is None else shown[number].block)


def _with_ancestors(*elements: HtmlElement | None) -> frozenset[HtmlElement]:
    return frozenset(one for element in elements if element is not None for one in (element, *element.iterancestors()))


def _titles(shown: Sequence[Line], headline: Title) -> frozenset[HtmlElement]:
    """The blocks that show the title and nothing else."""
    folded = fold(headline.text or "")
    return frozenset(line.block for line in shown if folded and fold(line.text) == folded)


def _extent(shown: Sequence[Line], element: HtmlElement) -> tuple[int, int]:
    """The first and the last line of the text."""
    inside = set(element.iter(etree.Element))
    numbers = [number for number, line in enumerate(shown) if line.block in inside]
    return (numbers[0], numbers[-1]) if numbers else (min(len(shown), 60), len(shown) - 1)


def _around(shown: Sequence[Line], headline: Title, first: int, last: int) -> Around:
    start = _last_title(shown, headline, until=first + 4)
    if start is None:
        start = max(0, first - 12)
    until = max(start + 1, min(max(first, start) + 4, last + 1))
    header = [*shown[start:until], *reversed(shown[max(0, start - 4) : start])]
    return Around(header[:40], [*reversed(shown[max(first, last - 3) : last + 1]), *shown[last + 1 : last + 12]], shown)


def _last_title(shown: Sequence[Line], headline: Title, *, until: int) -> int | None:
    """The last line before the text that shows the title: the first may stand in a breadcrumb."""
    folded = fold(headline.text or "")
    return max((number for number, line in enumerate(shown[:until]) if folded and fold(line.text) == folded), default=headline.line)


def _address(url: str, said: Facts) -> str:
    """The canonical address where it is that of the same page: templates state the front page, the section or an older host for all their pages."""
    canonical = said.canonical
    if canonical is None or _site(canonical) != _site(url):
        return url
    here, there = urlsplit(url), urlsplit(canonical)
    if not there.path.strip("/") and not there.query:
        return url
    same_path = here.path.rstrip("/") == there.path.rstrip("/")
    same_name = PurePosixPath(here.path).stem == PurePosixPath(there.path).stem or bool(set(_ID.findall(url)) & set(_ID.findall(canonical)))
    return canonical if (same_path and (there.query or not here.query)) or (same_name and not same_path) else url


_ID = re.compile(r"\d{4,}")


def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _categories(said: Facts) -> tuple[str, ...]:
    found = [*said.meta.get("article:section", ())[:3], *said.meta.get("article:tag", ())[:20]]
    return tuple(dict.fromkeys(found))


def _provenance(**rules: str | None) -> dict[str, str]:
    return {name: f"article: {rule}" for name, rule in rules.items() if rule}
