"""Page → what is new on it: reading and refining as one pure step, so that it can run in a process that may be killed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Final

from aggregator.model import Article, Entry, Hints, Known, LeftOut, Mention, Page, Profile, Reading, Source
from aggregator.profile import Sight, doubts, followed, left_out, sight
from aggregator.refine.identity import Identified
from aggregator.refine.registry import PACKAGED, Registry

PARTS = (
    "aggregator.read.article",
    "aggregator.read.cms",
    "aggregator.read.detect",
    "aggregator.read.discover",
    "aggregator.read.feed",
    "aggregator.read.pager",
    "aggregator.read.recall",
    "aggregator.read.structured",
    "aggregator.refine.mentions",
    "aggregator.refine.normalize",
    "aggregator.refine.stories",
)
"""What these functions import when they run, in a process that reads. Who only sends pages there starts faster and is smaller without."""

_NOTHING: Final[Mapping[int, str]] = {}

_THIN = 200
"""Characters of plain text below which an entry is worth a look at its article page."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry that is new to the store, or looks different from what it knows."""

    keys: tuple[bytes, ...]
    fingerprint: bytes
    article: Article
    known_as: str | None
    """The id of the article that it changes; None: it is new."""
    page: str | None
    """The address of its article page, where that should be fetched for the full text."""
    row: Entry
    """The entry itself, kept only where ``page`` is set."""
    place: int
    """In the reading, from 0."""
    moved: bool = False
    """Whether it is known by another address: how it is worded now is no news."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one page brought. ``seen`` counts all its entries, ``fresh`` holds those that matter, in the order of the page."""

    fresh: tuple[Fresh, ...]
    reader: str
    seen: int
    hints: Hints
    sights: tuple[Sight, ...] = ()
    doubts: tuple[str, ...] = ()
    """Why it may be another list than the usual one."""
    left_out: tuple[LeftOut, ...] = ()
    """Lists of the page that are none of the source's."""


def digest(
    page: Page,
    source: Source,
    known: Mapping[bytes, Known],
    *,
    now: datetime,
    depth: int = 0,
    profile: Profile | None = None,
    registry: Registry = PACKAGED,
) -> Digest:
    """Read ``page`` and refine the entries that are not ``known`` as they are. Raises ReadError.

    ``depth``: how many entries stand above those of the page, where it continues a list. With ``profile``, what is unlike it is doubted. ``registry``: the
    universities that articles may name.
    """
    from aggregator.read import read
    from aggregator.refine import identity

    reading = read(page, followed(source, profile), now=now)
    entries = identity.identify(reading.entries, source)
    others = left_out(profile, seen(entries, known)) if profile and profile.left_out else ()
    entries = without(entries, others)
    found = refined(reading, entries, source, known, now=now, depth=depth, registry=registry)
    return found if profile is None else replace(found, doubts=doubts(profile.form, found.sights), left_out=others)


def seen(entries: Iterable[Identified], known: Mapping[bytes, Known]) -> tuple[Sight, ...]:
    """How the entries of a reading look, and which are known."""
    return tuple(_seen(each, _held(each, known)) for each in entries)


def _seen(each: Identified, held: Known | None) -> Sight:
    return sight(each.entry, held.article if held else None, changed=held is not None and held.fingerprint != each.fingerprint)


def without(entries: Iterable[Identified], others: Iterable[LeftOut]) -> tuple[Identified, ...]:
    """The ``entries`` that stand in none of those lists."""
    places = {each.place for each in others}
    return tuple(each for each in entries if each.entry.place not in places)


def _held(each: Identified, known: Mapping[bytes, Known]) -> Known | None:
    return next((known[key] for key in each.keys if key in known), None)


def refined(
    reading: Reading,
    entries: Sequence[Identified],
    source: Source,
    known: Mapping[bytes, Known],
    *,
    now: datetime,
    depth: int = 0,
    again: Mapping[int, str] = _NOTHING,
    registry: Registry = PACKAGED,
) -> Digest:
    """The entries of one reading. ``again``: those that are known by another address, place → id of the article."""
    from aggregator.refine.normalize import normalize

    fresh = []
    below = not known or depth > 0
    sights = []
    for rank, each in enumerate(entries):
        held = _held(each, known)
        held = held if held is not None or rank not in again else Known(again[rank], b"")
        below = below or held is not None
        sights.append(_seen(each, held))
        if held is not None and held.fingerprint == each.fingerprint:
            continue
        entry = _spoken(each.entry, reading.language)
        article = normalize(entry, source, now=now, key=each.keys[0], hint=reading.language, shelf=reading.title)
        wanted = article.url if held is None and _wants_page(entry, article, source, reading.reader) else None
        # A first crawl meets years of undated items at once, and what stands below a known one is older than it: they keep their order
        # and do not claim to be of this minute.
        placed = now - timedelta(hours=depth + rank) if below and article.published is None else article.placed
        article = replace(article, placed=placed, marks=None if wanted else _marks(article), mentions=_mentions(article, registry))
        fresh.append(
            Fresh(
                each.keys,
                each.fingerprint,
                article,
                held.article if held else None,
                wanted,
                entry if wanted else Entry(),
                rank,
                rank in again,
            )
        )
    return Digest(tuple(fresh), reading.reader, len(entries), reading.hints, tuple(sights))


def readdressed(found: Digest, again: Mapping[int, str]) -> Digest:
    """``found``, some entries of which are known by another address after all: place → id of the article."""
    fresh = [
        replace(each, known_as=again[each.place], page=None, row=Entry(), moved=True) if each.place in again else each
        for each in found.fresh
    ]
    sights = [replace(each, article=again[place]) if place in again else each for place, each in enumerate(found.sights)]
    return replace(found, fresh=tuple(fresh), sights=tuple(sights))


def older(page: Page) -> str | None:
    """Where the list on ``page`` goes on with what is older; None: nowhere."""
    from aggregator.read.pager import next_page

    return next_page(page)


@dataclass(frozen=True, slots=True)
class Part:
    """One page of an article, and where it goes on; mostly nowhere."""

    entry: Entry
    following: str | None


def part(page: Page, source: Source, first: str, *, now: datetime) -> Part:
    """What ``page`` says of the article that begins at ``first``. Raises ReadError where it holds no article."""
    from aggregator.read.article import extract
    from aggregator.read.pager import next_part

    return Part(extract(page, source, now=now), next_part(page, first))


def complete(
    parts: tuple[Entry, ...], source: Source, row: Entry, article: Article, *, now: datetime, registry: Registry = PACKAGED
) -> Article:
    """The article of ``row`` with what its own pages add: the first tells of it, the others go on with its text."""
    from aggregator.refine.normalize import merge, normalize

    first, *others = parts
    if others:
        content = "\n".join(each.content for each in parts if each.content)
        text = "\n\n".join(each.text for each in parts if each.text)
        told = f"{first.provenance.get('content', 'article')}, {len(parts)} pages joined"
        enclosures = tuple(dict.fromkeys(file for each in parts for file in each.enclosures))
        first = replace(first, content=content, text=text, enclosures=enclosures, provenance={**first.provenance, "content": told})
    found = normalize(merge(row, first), source, now=now)
    placed = None if found.published else article.placed
    found = replace(found, id=article.id, first_seen=article.first_seen, topic=article.topic, placed=placed)
    return replace(found, marks=_marks(found), mentions=_mentions(found, registry))


def as_row(article: Article) -> Entry:
    """The row that ``article`` was made of, as far as it can be told: what its own page adds to it is added as at first."""
    return Entry(
        title=article.title,
        url=article.url,
        published=article.published,
        updated=article.updated,
        precision=article.precision,
        authors=article.authors,
        summary=escape(article.summary, quote=False) if article.summary else None,
        image=article.image,
        language=article.language,
        categories=article.categories,
        enclosures=article.enclosures,
        provenance=article.provenance,
    )


def _marks(article: Article) -> bytes:
    """What it is recognized by: that takes a moment, which the database's thread should not have to wait for."""
    from aggregator.refine import stories

    return stories.pack(stories.remember(article))


def named(article: Article, registry: Registry = PACKAGED) -> Article:
    """``article`` with the universities that it names."""
    return replace(article, mentions=_mentions(article, registry))


def _mentions(article: Article, registry: Registry) -> tuple[Mention, ...]:
    from aggregator.refine import mentions

    gazetteer = mentions.build(registry)
    text = article.text or article.summary or ""
    return mentions.find(article.title, text, language=article.language, publisher=article.university, gazetteer=gazetteer)


def _wants_page(entry: Entry, article: Article, source: Source, reader: str) -> bool:
    if source.full_text == "never" or article.url is None:
        return False
    if source.full_text == "always":
        return True
    of_list = reader not in ("feed", "jsonfeed")
    return of_list and len(article.text or "") < _THIN and not entry.content


def _spoken(entry: Entry, whole: str | None) -> Entry:
    """``entry`` in the language of the ``whole`` page where it has none of its own; but feeds are often left at the software's default "en",
    which says little about the items: it serves as a hint.
    """
    if entry.language not in (None, whole):
        return entry
    usable = whole if whole and not whole.lower().startswith("en") else None
    if entry.language == usable:
        return entry
    provenance = {name: origin for name, origin in entry.provenance.items() if name != "language"}
    return replace(entry, language=usable, provenance=provenance | ({"language": "the page or feed as a whole"} if usable else {}))
