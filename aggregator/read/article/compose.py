"""Puts an article together from what its parts found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Enclosure, Entry, Page, Source
from aggregator.read.article import body, byline, facts, lines, media, moment, refusal, title, weigh
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.read.article.title import Title, fold
from aggregator.text import charset, language, markup, urls


def compose(page: Page, source: Source, *, now: datetime) -> Entry:
    refusal.refuse_files(page)
    root = markup.tree(charset.decode(page.body, content_type=page.content_type).text)
    said = facts.collect(root, page.url)
    media.reveal(root)
    etree.strip_elements(root, "script", "style", "noscript", "template", etree.Comment, with_tail=False)
    shown = lines.of(root)
    headline = title.find(root, said, shown, page.url)
    refusal.refuse_looks(page, said.title or headline.text or "", shown, root)
    titles = _titles(shown, headline)
    signatures, dates = byline.marks(root), moment.marks(root)
    weigh.prune(root, weigh.weigh(root), keep=_line_of(shown, headline.line))
    text = body.find(root, weigh.weigh(root, apart=titles), selector=source.article, headline=headline, titles=titles, lines=shown, said=said)
    refusal.refuse_nothing(page, text, shown)
    first, last = _extent(shown, text.element)
    if headline.text is None:
        headline = title.nearby(shown, first)
    header, trailer = _around(shown, headline, first, last)
    tongue = language.detect(text.text, hint=said.language or source.language)
    clock = moment.Clock(now, source.timezone, said.language or source.language or tongue)
    dated = moment.find(said, dates, header, trailer, url=page.url, clock=clock)
    signed = byline.find(said, signatures, header, trailer, url=page.url, undated=clock.without)
    image, image_rule = media.lead_image(said, text.images)
    return Entry(
        title=headline.text,
        url=_address(page.url, said),
        published=dated.published.when if dated.published else None,
        updated=dated.updated.when if dated.updated else None,
        precision=(dated.published or dated.updated).precision if dated.published or dated.updated else None,
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


def _line_of(shown: Sequence[Line], number: int | None) -> frozenset[HtmlElement]:
    """The block of a line and all that it stands in."""
    return frozenset() if number is None else frozenset((shown[number].block, *shown[number].block.iterancestors()))


def _titles(shown: Sequence[Line], headline: Title) -> frozenset[HtmlElement]:
    """The blocks that show the title and nothing else."""
    folded = fold(headline.text or "")
    return frozenset(line.block for line in shown if folded and fold(line.text) == folded)


def _extent(shown: Sequence[Line], element: HtmlElement) -> tuple[int, int]:
    """The first and the last line of the text."""
    inside = set(element.iter(etree.Element))
    numbers = [number for number, line in enumerate(shown) if line.block in inside]
    return (numbers[0], numbers[-1]) if numbers else (min(len(shown), 60), len(shown) - 1)


def _around(shown: Sequence[Line], headline: Title, first: int, last: int) -> tuple[list[Line], list[Line]]:
    """The lines before the text, those near the title first, and the lines that end it or follow it."""
    start = _last_title(shown, headline, until=first + 4)
    if start is None:
        start = max(0, first - 12)
    header = [*shown[start : max(first, start) + 4], *reversed(shown[max(0, start - 4) : start])]
    return header[:40], [*reversed(shown[max(first, last - 3) : last + 1]), *shown[last + 1 : last + 12]]


def _last_title(shown: Sequence[Line], headline: Title, *, until: int) -> int | None:
    """The last line before the text that shows the title: the first may stand in a breadcrumb."""
    folded = fold(headline.text or "")
    return max((number for number, line in enumerate(shown[:until]) if folded and fold(line.text) == folded), default=headline.line)


def _address(url: str, said: Facts) -> str:
    """The canonical address where it can be the same page: same host, and not the front page."""
    canonical = said.canonical
    if canonical and urls.host(canonical).removeprefix("www.") == urls.host(url).removeprefix("www.") and len(urls.key(canonical)) > len(urls.host(canonical)) + 2:
        return canonical
    return url


def _categories(said: Facts) -> tuple[str, ...]:
    found = [*said.meta.get("article:section", ())[:3], *said.meta.get("article:tag", ())[:20]]
    return tuple(dict.fromkeys(found))


def _provenance(**rules: str | None) -> dict[str, str]:
    return {name: f"article: {rule}" for name, rule in rules.items() if rule}


