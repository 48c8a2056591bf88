"""Which universities an article is about and which it names, as short words that lead to more about them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aggregator import query
from aggregator.model import Article, Mention, University
from aggregator.serve.speech import Speech, called

IN_A_LIST = 3
"""Universities that an article of a list shows: what it is about, and then as many of those that it names."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A university that somebody else wrote about."""

    name: str
    """In the language of the page where the configuration knows it."""
    university: str | None
    """Its id in the configuration."""
    question: str
    """What finds more of the same: ``about:hit``."""
    about: bool


def subjects(articles: Iterable[Article], universities: Mapping[str, University], speech: Speech) -> Sequence[Subject]:
    """Of one article or of all reports of a story: those that it is about first, each once, its publisher left out."""
    found: dict[str, Mention] = {}
    for article in articles:
        for mention in article.mentions or ():
            key = mention.university or mention.ror or mention.name
            if not (mention.university and mention.university == article.university) and (key not in found or mention.about):
                found[key] = mention
    told = [_subject(mention, universities, speech) for mention in found.values()]
    return sorted(told, key=lambda each: not each.about)


def place(subject: Subject) -> str:
    """The page of all that is about it, or names it."""
    return f"/search?{urlencode({'q': subject.question})}"


def _subject(mention: Mention, universities: Mapping[str, University], speech: Speech) -> Subject:
    configured = universities.get(mention.university or "")
    name = called(configured, speech) if configured else mention.name
    who = configured.id if configured else query.quoted(mention.name)
    return Subject(name, configured.id if configured else None, f"{'about' if mention.about else 'mentions'}:{who}", mention.about)
