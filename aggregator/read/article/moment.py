"""When an article was published: from what the page states for machines, or else from what it shows to people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Precision
from aggregator.read.article import facts, weigh
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Around, Line, is_caption
from aggregator.text.dates import Moment, date_in_url, find_date, parse_date

_STRICT = ("article:published_time og:article:published_time article:published og:published_time rnews:datepublished datepublished").split()
"""Names that have one meaning, asked before what the page marks up."""
_PUBLISHED = (
    "article.published sailthru.date parsely-pub-date published_at publishdate publish-date publish_date publication_date publication-date "
    "pubdate pub_date dcterms.issued dc.date.issued citation_publication_date citation_date date.release firstpublishdate published "
    "article_date_original cxenseparse:recs:publishtime cxenseparse:publishtime og:release_date vr:published_time date_published"
).split()
_LOOSE = "dcterms.created dc.date.created dcterms.date dc.date dc:date dcterms.available datecreated article:create_at created date".split()
"""Names that templates also give to the day of an edit or of an export: what the page shows by its title goes before them."""
_UPDATED = (
    "article:modified_time og:updated_time article:updated_time datemodified dcterms.modified dc.date.modified last-modified lastmod modified "
    "updated_time article:modified og:article:modified_time updated"
).split()
_LABEL = re.compile(
    r"(?i)(?:发布时间|发布日期|发表时间|发表于|发布于|日期|时间|更新时间|投稿日|公開日|掲載日|更新日|작성일|등록일|입력|published|posted|publication date|date|datum|veröffentlicht|erstellt|publié|publicado|fecha|pubblicato|data|дата|опубликовано|yayın|tarih)"
)
_UPDATE = re.compile(r"(?i)updated?|modified|更新|修改|aktualisiert|mis à jour|actualizado|aggiornato|обновлен|изменен")
_DATED = re.compile(
    r"(?<![a-z])(?:date|dates|datetime|publish-?date|published|pubdate|posted|posted-on|timestamp|dateline|datum|fecha|data|fabu|riqi|shijian|newsitem-time|post-time|entry-date|article-date|time)(?![a-z])"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d\d?[./-]\d\d?[./-]\d\d")
_MOST_MARKS = 40
_MOST_TWINS = 200
_MOST_LINES = 60
_ZONED = r"T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?[+-]\d\d:?\d\d(?!\d)"
"""What follows the day in a moment of ISO 8601 with an offset."""
_TIME = re.compile(r"(?i)\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s?(?:[A-Z]{2,4}T|uhr|UTC|GMT)\b)?")
_DIGIT = re.compile(r"\d")


Mark = tuple[str, str]
"""The rule that marks it, and the date as it is written."""
_Candidate = tuple[str, Moment | None]


@dataclass(frozen=True, slots=True)
class Found:
    published: Moment | None = None
    updated: Moment | None = None
    rule: str | None = None

    @property
    def precision(self) -> Precision | None:
        known = self.published or self.updated
        return known.precision if known else None


@dataclass(frozen=True, slots=True)
class Clock:
    """How dates of one page are read."""

    now: datetime
    timezone: str | None
    language: str | None

    def parse(self, text: str) -> Moment | None:
        return (
            self._sane(parse_date(text[:100], now=self.now, timezone=self.timezone, language=self.language))
            if _DIGIT.search(text[:100])
            else None
        )

    def find(self, text: str) -> Moment | None:
        if not _DIGIT.search(text):
            return None
        found = find_date(text[:200], now=self.now, timezone=self.timezone, language=self.language)
        return self._sane(found[0]) if found else None

    def without(self, text: str) -> str:
        """The text without its dates and times."""
        for _ in range(3):
            found = find_date(text[:200], now=self.now, timezone=self.timezone, language=self.language) if _DIGIT.search(text) else None
            if found is None:
                break
            start, end = found[1]
            text = f"{text[:start]}  {text[end:]}"
        return _TIME.sub("  ", text).strip()

    def in_url(self, url: str) -> Moment | None:
        return self._sane(date_in_url(url, now=self.now, timezone=self.timezone))

    def _sane(self, moment: Moment | None) -> Moment | None:
        """No article is older than the web or of the future."""
        return moment if moment is not None and moment.when.year >= 1990 and moment.when <= self.now + timedelta(days=2) else None


def marks(root: HtmlElement) -> list[Mark]:
    """What is marked as a date of the article. Asked before chrome is dropped from the tree: many dates stand in it."""
    return list(islice(_marks(root), _MOST_MARKS))


def find(said: Facts, found: Sequence[Mark], around: Around, *, url: str, clock: Clock, page: str) -> Found:
    """When the article was published and updated; ``found`` are the ``marks``, ``page`` is its source."""
    updated = next((moment for value in _stated_updates(said) if (moment := clock.parse(value))), None)
    for rule, moment in _candidates(clock, said, found, around, url):
        if moment is not None:
            return Found(_at_home(moment, page), updated if updated and updated.when >= moment.when else None, rule)
    return Found(None, updated, "stated update" if updated else None)


def _candidates(clock: Clock, said: Facts, found: Sequence[Mark], around: Around, url: str) -> Iterator[_Candidate]:
    for node in said.articles[:1]:
        yield "JSON-LD datePublished", clock.parse(facts.text(node.get("datePublished")) or facts.text(node.get("dateCreated")))
    yield from _stated(clock, said, _STRICT)
    yield from _read(clock, found, "itemprop datePublished", "time pubdate")
    yield from _stated(clock, said, _PUBLISHED)
    for node in said.pages[:1]:
        yield "JSON-LD page", clock.parse(facts.text(node.get("datePublished")))
    yield "JSON-LD that is broken", clock.parse(said.loose.get("datePublished", ""))
    shown = list(_header(clock, around.before))
    firm = [candidate for candidate, sure in shown if sure]
    stated = list(_stated(clock, said, _LOOSE))
    days = {moment.when.date() for _, moment in firm[:1] if moment is not None}
    yield from ((rule, moment) for rule, moment in stated if moment is not None and moment.when.date() in days)
    yield from firm
    yield from stated
    yield "date in the address", clock.in_url(url)
    yield from _read(clock, found, "class of a date", "time element")
    for line in around.after:
        if len(line.text) < 60 or (len(line.text) < 250 and _LABEL.search(line.text)):
            yield "line after the text", clock.find(line.text)
    yield from (candidate for candidate, _ in shown)
    yield "the only date on the page", _only(clock, around.page)


def _at_home(moment: Moment, page: str) -> Moment:
    """The moment in the offset of its author, where it is stated in UTC and the page names the same instant in another offset elsewhere.

    Publishing systems store UTC and write local time, in which an evening's article is not of the day after.
    """
    if moment.precision == "day" or moment.when.utcoffset():
        return moment
    for day in (moment.when + timedelta(days=shift) for shift in (0, -1, 1)):
        for text in islice(re.findall(rf"{day:%Y-%m-%d}{_ZONED}", page), _MOST_TWINS):
            twin = _instant(text)
            if twin is not None and twin.utcoffset() and abs(twin - moment.when) < timedelta(minutes=1):
                return replace(moment, when=moment.when.astimezone(twin.tzinfo))
    return moment


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _stated(clock: Clock, said: Facts, names: Sequence[str]) -> Iterator[_Candidate]:
    for name in names:
        for value in said.meta.get(name, ())[:1]:
            yield f"meta {name}", clock.parse(value)


def _read(clock: Clock, found: Sequence[Mark], *rules: str) -> Iterator[_Candidate]:
    for wanted in rules:
        for rule, text in found:
            if rule == wanted:
                yield rule, clock.parse(text) or clock.find(text)


def _marks(root: HtmlElement) -> Iterator[Mark]:
    for element in root.iter(etree.Element):
        if (element.get("itemprop") or "").lower() in ("datepublished", "datecreated"):
            rule = "itemprop datePublished"
        elif element.tag == "time":
            rule = "time pubdate" if element.get("pubdate") is not None else "time element"
        elif (classes := element.get("class")) and _DATED.search(weigh.words(classes, None)):
            rule = "class of a date"
        else:
            continue
        text = _machine(element)
        if text and _DIGIT.search(text) and not any(weigh.chrome(ancestor) == 2 for ancestor in element.iterancestors()):
            yield rule, text


def _machine(element: HtmlElement) -> str:
    stated = element.get("datetime") or element.get("content") or (element.get("title") if element.tag in ("abbr", "time") else None)
    if stated and _DIGIT.search(stated):
        return stated[:100]
    text = " ".join("".join(element.itertext()).split())
    return text if len(text) <= 80 else ""


def _header(clock: Clock, header: Sequence[Line]) -> Iterator[tuple[_Candidate, bool]]:
    """Each date by the title, and whether it is firm: with a year, in a line that says little else, not said to be of an update."""
    for number, line in enumerate(header):
        for element in line.block.iter("time"):
            if element.get("datetime"):
                yield ("time element by the title", clock.parse(element.get("datetime") or "")), True
        if line.long or not _DIGIT.search(line.text) or line.block.tag == "h1" or is_caption(line.block):
            continue
        moment = clock.find(line.text)
        if moment is None:
            continue
        terse = len(clock.without(line.text)) < 60 or _LABEL.search(line.text) is not None
        firm = terse and number > 0 and moment.source != "relative" and _YEAR.search(line.text) is not None
        late = _UPDATE.search(line.text) is not None and _LABEL.search(line.text) is None
        yield ("line by the title", moment), firm and not late


def _only(clock: Clock, lines: Sequence[Line]) -> Moment | None:
    """The day that all short lines of the page with a date name: those that label it, if any do; None where they name several."""
    found: list[tuple[bool, Moment]] = []
    for line in islice((line for line in lines if not line.long and _YEAR.search(line.text)), _MOST_LINES):
        moment = clock.find(line.text)
        if moment is not None and len(clock.without(line.text)) < 40 and not _is_elsewhere(line.block):
            found.append((_LABEL.search(line.text) is not None, moment))
    chosen = [moment for labelled, moment in found if labelled] or [moment for _, moment in found]
    return chosen[0] if len({moment.when.date() for moment in chosen}) == 1 else None


def _is_elsewhere(block: HtmlElement) -> bool:
    return any(weigh.chrome(ancestor) for ancestor in (block, *block.iterancestors()))


def _stated_updates(said: Facts) -> Iterator[str]:
    for node in said.articles[:1]:
        yield facts.text(node.get("dateModified"))
    for name in _UPDATED:
        yield from said.meta.get(name, ())[:1]
    yield said.loose.get("dateModified", "")
