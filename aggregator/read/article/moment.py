"""When an article was published: from what the page states for machines, or else from what it shows to people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from aggregator.model import Precision
from aggregator.read.article import facts, local, shown
from aggregator.read.article.clock import Clock
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Around
from aggregator.read.article.marked import Mark
from aggregator.read.article.shown import Shown
from aggregator.text.dates import Moment, vote_day_first

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
_STATE = re.compile(
    r"(?i)(?:date_?published|publi(?:sh|cation)_?date|published_?at|published_?date|first_?publi(?:sh|cation)_?date|firstPublishedAt|pub_?date)"
    r"(?:\\?[\"']|&quot;)?\s{0,3}:\s{0,3}(?:\\?[\"']|&quot;)?((?:19|20)\d\d-?[01]\d-?[0-3]\d(?:[T ][\d:]{5,8})?(?:[.:]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
)
"""Dates in scripts that a page is built from, and in attributes that hold such."""
_FRACTION = re.compile(r"(?<=:\d\d:\d\d)[.:]\d+")
_MOST_STATES = 200
_SEGMENT = re.compile(r"\s[|–—•·-]\s")

_Candidate = tuple[str, Moment]
"""The rule that found it, and the moment."""


@dataclass(frozen=True, slots=True)
class Found:
    published: Moment | None = None
    updated: Moment | None = None
    rule: str | None = None

    @property
    def precision(self) -> Precision | None:
        known = self.published or self.updated
        return known.precision if known else None


def find(said: Facts, found: Sequence[Mark], around: Around, *, url: str, clock: Clock, page: str) -> Found:
    """When the article was published and updated; ``found`` are the marks of its tree, ``page`` is its source."""
    clock = replace(clock, day_first=vote_day_first(line.text for line in around.page if not line.long))
    updated = next((moment for value in _stated_updates(said) if (moment := clock.parse(value))), None)
    seen = list(shown.by_title(clock, shown.header(around)))
    evidence = Evidence(clock, said, found, around, url, page, seen, updated)
    chosen = next(_candidates(evidence), None)
    if chosen is None:
        return Found(None, updated, "stated update" if updated else None)
    rule, moment = chosen
    published = local.at_home(moment, page, seen, updated, clock.zone)
    return Found(published, updated if updated and updated.when >= moment.when else None, rule)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a date can be taken from."""

    clock: Clock
    said: Facts
    marks: Sequence[Mark]
    around: Around
    url: str
    page: str
    seen: Sequence[Shown]
    """The dates by the title."""
    updated: Moment | None
    """That of the last edit, as it is stated."""


def _candidates(of: Evidence) -> Iterator[_Candidate]:
    """What may be the date of publication, the surest first."""
    clock, said, around = of.clock, of.said, of.around
    address = clock.in_url(of.url)
    firm = [(one.rule, one.moment) for one in of.seen if one.firm]
    stated = list(_statements(of))
    yield from _republished(of, stated)
    yield from _agreeing(stated, firm)
    yield from _under_title(of)
    if address:
        yield from ((one.rule, one.moment) for one in of.seen if one.moment.when.date() == address.when.date())
    loose = list(_metas(clock, said, _LOOSE))
    yield from (candidate for candidate in loose if _day(candidate) in map(_day, firm[:1]))
    yield from firm
    yield from loose
    if address:
        yield "date in the address", address
    yield from _named("date in the title", clock.parse(_SEGMENT.split(said.title)[-1]))
    yield from _named("date in a script", _state(clock, of.page))
    yield from (("dateline", moment) for moment in shown.datelines(clock, around.before))
    yield from _read(of, "class of a date")
    yield from _read(of, "time element")
    after = list(shown.after_text(clock, around.after))
    yield from (("line after the text", moment) for moment, labelled in after if labelled)
    yield from ((one.rule, one.moment) for one in of.seen if one.late)
    yield from (("line after the text", moment) for moment, _ in after)
    yield from ((one.rule, one.moment) for one in of.seen)
    title = around.before[0].text if around.before else ""
    yield from (("row of a list that names it", moment) for moment in shown.beside_title(clock, title, around.page))
    yield from _named("the only date on the page", shown.only(clock, around.page))


def _statements(of: Evidence) -> Iterator[_Candidate]:
    """What the page states for machines, in names that can hardly mean anything else."""
    clock, said = of.clock, of.said
    for node in said.articles[:1]:
        yield from _named(
            "JSON-LD datePublished", clock.parse(facts.text(node.get("datePublished")) or facts.text(node.get("dateCreated")))
        )
    yield from _metas(clock, said, _STRICT)
    yield from _read(of, "itemprop datePublished")
    yield from _if_one_day(_read(of, "time pubdate"))
    yield from _metas(clock, said, _PUBLISHED)
    for node in said.pages[:1]:
        yield from _named("JSON-LD page", clock.parse(facts.text(node.get("datePublished"))))
    yield from _named("JSON-LD that is broken", clock.parse(said.loose.get("datePublished", "")))


def _republished(of: Evidence, stated: list[_Candidate]) -> Iterator[_Candidate]:
    """The one day that the page shows under its title where that is the day of a stated edit, and nothing shown speaks of an edit: it was published anew."""
    shown = [*((one.rule, one.moment) for one in of.seen if one.firm), *_under_title(of)]
    days = {_day(candidate) for candidate in shown} | {one.moment.when.date() for one in of.seen}
    if stated and of.updated and len(days) == 1 and not any(one.late for one in of.seen):
        apart = (_day(shown[0]) - _day(stated[0])).days if shown else 0
        if apart > 1 and abs((_day(shown[0]) - of.updated.when.date()).days) <= 1:
            yield from shown


def _agreeing(stated: list[_Candidate], firm: list[_Candidate]) -> Iterator[_Candidate]:
    """Where statements name different days, the one that the page shows by its title goes first."""
    if stated and firm and abs((_day(stated[0]) - _day(firm[0])).days) > 1:
        yield from (candidate for candidate in stated if _day(candidate) == _day(firm[0]))
    yield from stated


def _day(candidate: _Candidate) -> date:
    return candidate[1].when.date()


def _named(rule: str, moment: Moment | None) -> Iterator[_Candidate]:
    if moment is not None:
        yield rule, moment


def _metas(clock: Clock, said: Facts, names: Sequence[str]) -> Iterator[_Candidate]:
    for name in names:
        for value in said.meta.get(name, ())[:1]:
            yield from _named(f"meta {name}", clock.parse(value))


def _read(of: Evidence, rule: str) -> Iterator[_Candidate]:
    for mark in of.marks:
        if mark.rule == rule:
            yield from _named(rule, of.clock.of_element(mark.stated, mark.text))


def _if_one_day(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """None of them where they name several days: such marks stand in lists."""
    found = list(candidates)
    return found if len(set(map(_day, found))) == 1 else []


def _under_title(of: Evidence) -> Iterator[_Candidate]:
    """The marks right under the title, but for those of an update or of a time that is counted from when the page was fetched."""
    late = {one.moment.when.date() for one in of.seen if one.late}
    for mark in of.marks:
        moment = of.clock.of_element(mark.stated, mark.text) if mark.near and not mark.late else None
        if moment and moment.source != "relative" and moment.when.date() not in late:
            yield f"{mark.rule} under the title", moment


def _state(clock: Clock, page: str) -> Moment | None:
    """The one day of publication that the scripts of a page speak of: of several, most are those of other articles."""
    texts = [_FRACTION.sub("", text) for text in islice((found[1] for found in _STATE.finditer(page)), _MOST_STATES)]
    moments = [moment for text in dict.fromkeys(texts) if (moment := clock.parse(text))]
    return moments[0] if len({moment.when.date() for moment in moments}) == 1 else None


def _stated_updates(said: Facts) -> Iterator[str]:
    for node in said.articles[:1]:
        yield facts.text(node.get("dateModified"))
    for name in _UPDATED:
        yield from said.meta.get(name, ())[:1]
    yield said.loose.get("dateModified", "")
