"""Which universities an article names, in any language and spelling, and which of them it is about. See README.md of this folder.

text ─▶ spelled alike ─▶ every known form in it ─▶ the longest, whole ones ─▶ which university, if that can be told ─▶ mentions
        spelling         gazetteer, forms           sight                       judge                              about
"""

from __future__ import annotations

from collections import defaultdict

from aggregator.model import Mention, Span
from aggregator.refine.mentions import about, judge, sight
from aggregator.refine.mentions.entries import Entry
from aggregator.refine.mentions.gazetteer import Gazetteer, build

__all__ = ["Entry", "Gazetteer", "Mention", "Span", "build", "find"]

LONGEST = 30_000
"""Characters of a text that are looked at."""


def find(
    title: str, text: str, *, language: str | None = None, publisher: str | None = None, gazetteer: Gazetteer | None = None
) -> tuple[Mention, ...]:
    """The universities that an article names, in the order in which they first stand there.

    ``publisher`` is the id or the English name of the university that publishes it. Nothing is guessed: a name that could be that of several
    universities is left out unless the article, its language or its publisher tells which.
    """
    known = gazetteer or build()
    whole = f"{title}\n{text[:LONGEST]}"
    owner = known.entry(publisher) if publisher else None
    spelled = known.speller.spell(whole)
    seen = sight.seen(whole, spelled, known)
    named = judge.judge(whole, spelled, seen, known, language=(language or "")[:2].lower(), publisher=owner)
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, start, end in sorted(named, key=lambda each: each[1:]):
        places[number].append((start, end))
    subjects = about.subjects(places, len(title), owner.number if owner else None)
    border = len(title) + 1
    return tuple(_mention(known.entries[number], spans, whole, border, number in subjects) for number, spans in places.items())


def _mention(entry: Entry, places: list[tuple[int, int]], whole: str, border: int, subject: bool) -> Mention:  # noqa: FBT001
    spans = tuple(
        Span(start, end, whole[start:end], "title") if start < border else Span(start - border, end - border, whole[start:end], "text")
        for start, end in places
    )
    return Mention(entry.name, entry.id, entry.ror, spans, subject, entry.country or None)
