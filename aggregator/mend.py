"""A page that reads unlike its source: is the known list still on it? Pure.

Every way to read the page is tried. One that shows enough of the known entries again is taken, with new addresses for old items; the best of the others is
what the operator is asked about. What reads is imported when it runs, in a process that reads (see ``digest.PARTS``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.digest import Digest, refined, seen, without
from aggregator.errors import ReadError
from aggregator.model import Article, Known, LeftOut, Page, Profile, Proposal, Reading, Source
from aggregator.profile import Sight, Weighed, as_left_out, beside, excused, form, is_whole, read_as, weigh
from aggregator.refine import identity
from aggregator.refine.registry import PACKAGED, Registry

_FEWEST = 3
"""Entries that an operator is asked about, at least."""
_TITLES = 5
_LEADS = 4
"""News pages that one page leads to, at most."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of it. ``digest`` is None where nothing may be published; then ``proposal`` is what comes nearest, if anything does."""

    digest: Digest | None
    kind: str | None = None
    items: str | None = None
    known: int = 0
    """Entries of ``digest`` that are known …"""
    again: int = 0
    """… and those of them that have another address now."""
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read the page."""

    kind: str | None
    items: str | None
    reading: Reading
    entries: tuple[identity.Identified, ...]
    sights: tuple[Sight, ...]
    weighed: Weighed
    left_out: tuple[LeftOut, ...] = ()
    """Lists of the reading that are none of the source's: their entries are left out of all others."""

    @property
    def worth(self) -> tuple[bool, int, int, int]:
        dated = sum(each.published is not None for each in self.sights)
        return self.weighed.proves, self.weighed.known, -self.weighed.strange, dated


def mend(
    page: Page,
    source: Source,
    known: Mapping[bytes, Known],
    stored: Sequence[Article],
    *,
    now: datetime,
    profile: Profile | None = None,
    away: timedelta = timedelta(),
    proof: bool = False,
    registry: Registry = PACKAGED,
) -> Mended:
    """The known list on ``page``, if it is there. ``stored``: the latest articles of ``source``; ``away``: since its last good reading; ``proof``: nothing
    else counts, because the page is not read as before, or not the page of before. Never raises.
    """
    usual = profile.form if profile else None
    ways: list[_Way] = []
    for kind, items, reading in _readings(page, source, stored, profile, now):
        ways.append(_way(kind, items, reading, source, known, stored, profile))
        if len(ways) == 1 and ways[0].weighed.proves and (usual is None or is_whole(usual, ways[0].sights)):
            break
    if not ways:
        return Mended(None)
    best = max(ways, key=lambda way: way.worth)
    if not best.weighed.proves and usual is not None and not proof and excused(usual, ways[0].sights, away=away):
        best = ways[0]
    elif not best.weighed.proves:
        return Mended(None, proposal=_proposal(page, best))
    found = refined(best.reading, best.entries, source, known, now=now, again=best.weighed.again, registry=registry)
    return Mended(replace(found, left_out=best.left_out), best.kind, best.items, best.weighed.known, len(best.weighed.again))


def _way(
    kind: str | None,
    items: str | None,
    reading: Reading,
    source: Source,
    known: Mapping[bytes, Known],
    stored: Sequence[Article],
    profile: Profile | None,
) -> _Way:
    usual = profile.form if profile else None
    entries = identity.identify(reading.entries, source)
    sights = seen(entries, known)
    weighed = weigh(sights, stored, usual)
    refused = {each.place for each in profile.left_out if each.settled} if profile else set()
    others: tuple[LeftOut, ...] = ()
    if places := beside(usual, sights, weighed.again) | (refused & {each.place for each in sights}):
        others = tuple(as_left_out(place, sights) for place in sorted(places))
        entries = without(entries, others)
        sights = seen(entries, known)
        weighed = weigh(sights, stored, usual)
    return _Way(kind, items, reading, entries, sights, weighed, others)


def leads(page: Page, *, now: datetime) -> tuple[str, ...]:
    """Where the news of the site of ``page`` may be, best first."""
    from aggregator.read.discover import discover

    found = discover(page, now=now)
    return (*found.feeds[:_LEADS], *(lead.url for lead in found.leads[:_LEADS]))


def _readings(
    page: Page, source: Source, stored: Sequence[Article], profile: Profile | None, now: datetime
) -> Iterator[tuple[str | None, str | None, Reading]]:
    """All that can be read, as it is read now first; a way that shows what another one showed is left out."""
    from aggregator.read import read

    seen = set()
    for kind, items in _ways(page, source, stored, profile):
        try:
            reading = read(page, read_as(source, kind, items), now=now)
        except ReadError:
            continue
        shown = tuple((entry.url, entry.title, entry.published) for entry in reading.entries)
        if shown not in seen:
            seen.add(shown)
            yield kind, items, reading


def _ways(page: Page, source: Source, stored: Sequence[Article], profile: Profile | None) -> Iterator[tuple[str | None, str | None]]:
    from aggregator.read import TIERS
    from aggregator.read.recall import selector

    if profile is not None and (profile.kind or profile.items):
        yield profile.kind, profile.items
    yield None, None
    if source.kind != "auto" or source.selectors is not None:
        yield "auto", None
    for tier in TIERS:
        yield tier, None
    if (items := selector(page, stored)) is not None:
        yield "listing", items


def _proposal(page: Page, way: _Way) -> Proposal | None:
    if len(way.sights) < _FEWEST:
        return None
    new = [each.title for place, each in enumerate(way.sights) if each.article is None and place not in way.weighed.again]
    return Proposal(
        url=page.url,
        kind=way.kind,
        items=way.items,
        form=form(way.sights, way.reading.reader),
        known=way.weighed.known,
        titles=tuple(title[:200] for title in new[:_TITLES]),
        left_out=way.left_out,
    )
