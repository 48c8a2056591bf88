"""When an article was published: from what the page states for machines, or else from what it shows to people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml.html import HtmlElement

from aggregator.model import Source
from aggregator.read.article import facts
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.text.dates import Moment, date_in_url, find_date, parse_date

_PUBLISHED = (
    "article:published_time og:article:published_time article:published og:published_time rnews:datepublished datepublished article.published "
    "sailthru.date parsely-pub-date published_at publishdate publish-date publish_date publication_date publication-date pubdate pub_date "
    "dcterms.issued dc.date.issued dcterms.created dc.date.created dcterms.date dc.date dc:date dcterms.available citation_publication_date citation_date "
    "date.release firstpublishdate published article_date_original cxenseparse:recs:publishtime datecreated og:release_date article:create_at "
    "vr:published_time date_published created date"
).split()
_UPDATED = (
    "article:modified_time og:updated_time article:updated_time datemodified dcterms.modified dc.date.modified last-modified lastmod modified "
    "updated_time article:modified og:article:modified_time updated"
).split()
_LABEL = re.compile(
    r"(?i)(?:发布时间|发布日期|发表时间|发表于|发布于|日期|时间|更新时间|投稿日|公開日|掲載日|更新日|작성일|등록일|입력|published|posted|publication date|date|datum|veröffentlicht|erstellt|publié|publicado|fecha|pubblicato|data|дата|опубликовано|yayın|tarih)"
)
_UPDATE = re.compile(r"(?i)updated?|modified|更新|修改|aktualisiert|mis à jour|actualizado|aggiornato|обновлен|изменен")
_DATED = re.compile(r"(?i)date|time|publi|posted|byline|meta|info|stamp|when|datum|fecha|fabu|riqi|shijian")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Found:
    published: Moment | None = None
    updated: Moment | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """How dates of one page are read."""

    now: datetime
    timezone: str | None
    language: str | None

    def parse(self, text: str) -> Moment | None:
        return self._sane(parse_date(text[:100], now=self.now, timezone=self.timezone, language=self.language)) if _DIGIT.search(text[:100]) else None

    def find(self, text: str) -> Moment | None:
        if not _DIGIT.search(text):
            return None
        found = find_date(text[:200], now=self.now, timezone=self.timezone, language=self.language)
        return self._sane(found[0]) if found else None

    def in_url(self, url: str) -> Moment | None:
        return self._sane(date_in_url(url, now=self.now, timezone=self.timezone))

    def _sane(self, moment: Moment | None) -> Moment | None:
        """No article is older than the web or of the future."""
        return moment if moment is not None and moment.when.year >= 1990 and moment.when <= self.now + timedelta(days=2) else None


def find(said: Facts, root: HtmlElement, header: Sequence[Line], trailer: Sequence[Line], url: str, source: Source, language: str | None, *, now: datetime) -> Found:
    """``header`` are the lines from the title to the text, ``trailer`` the last lines of the text and those after it."""
    clock = Clock(now, source.timezone, language)
    updated = next((moment for value in _stated_updates(said) if (moment := clock.parse(value))), None)
    for rule, moment in _candidates(clock, said, root, header, trailer, url):
        if moment is not None:
            return Found(moment, updated if updated and updated.when >= moment.when else None, rule)
    return Found(None, updated, "stated update" if updated else None)


def _candidates(
    clock: Clock, said: Facts, root: HtmlElement, header: Sequence[Line], trailer: Sequence[Line], url: str
) -> Iterator[tuple[str, Moment | None]]:
    for node in said.articles[:1]:
        yield "JSON-LD datePublished", clock.parse(facts.text(node.get("datePublished")) or facts.text(node.get("dateCreated")))
    for name in _PUBLISHED[:6]:
        for value in said.meta.get(name, ())[:1]:
            yield f"meta {name}", clock.parse(value)
    yield from _elements(clock, root)
    for name in _PUBLISHED[6:]:
        for value in said.meta.get(name, ())[:1]:
            yield f"meta {name}", clock.parse(value)
    yield from _header(clock, header)
    in_url = clock.in_url(url)
    if in_url is not None:
        yield "date in the address", in_url
    for node in said.pages[:1]:
        yield "JSON-LD page", clock.parse(facts.text(node.get("datePublished")))
    for line in trailer:
        if len(line.text) < 60:
            yield "line after the text", clock.find(line.text)


def _elements(clock: Clock, root: HtmlElement) -> Iterator[tuple[str, Moment | None]]:
    for element in root.iter("time", "span", "abbr", "div", "p", "meta"):
        if (element.get("itemprop") or "").lower() in ("datepublished", "datecreated"):
            yield "itemprop datePublished", clock.parse(_machine(element))
    for element in root.iter("time"):
        if element.get("pubdate") is not None:
            yield "time pubdate", clock.parse(_machine(element))


def _machine(element: HtmlElement) -> str:
    return element.get("datetime") or element.get("content") or element.get("title") or " ".join("".join(element.itertext()).split())[:100]


def _header(clock: Clock, header: Sequence[Line]) -> Iterator[tuple[str, Moment | None]]:
    late: list[tuple[str, Moment | None]] = []
    for line in header:
        for element in line.block.iter("time"):
            if element.get("datetime"):
                yield "time element by the title", clock.parse(element.get("datetime") or "")
        if line.long or not _DIGIT.search(line.text):
            continue
        found = ("line by the title", clock.find(line.text))
        if _UPDATE.search(line.text) and not _LABEL.search(line.text):
            late.append(found)
        else:
            yield found
    yield from late


def _stated_updates(said: Facts) -> Iterator[str]:
    for node in said.articles[:1]:
        yield facts.text(node.get("dateModified"))
    for name in _UPDATED:
        yield from said.meta.get(name, ())[:1]
