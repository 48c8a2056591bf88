"""What stands around every page: its names, its language, the links to other pages, and what can be searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.model import University
from aggregator.serve.choice import NOTHING, Choice
from aggregator.serve.speech import SPEECHES, Speech


@dataclass(frozen=True, slots=True)
class Alternate:
    """A feed of the same matter as a page."""

    title: str
    format: str
    """What people call its format."""
    media_type: str
    address: str


_MOST_OPTIONS = 150
"""Universities in a list to choose from."""


@dataclass(frozen=True, slots=True)
class Country:
    """The universities of one country, as a list to choose from shows them."""

    code: str
    """Empty where the configuration names no country."""
    name: str
    universities: Sequence[tuple[University, str]]
    """Each with what it is called in the language of the page."""

    def holds(self, origins: Sequence[str]) -> bool:
        """Whether the country or one of its universities is among those that were chosen."""
        return f"country:{self.code}" in origins or any(f"university:{university.id}" in origins for university, _ in self.universities)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader can choose from."""

    countries: Sequence[Country]
    languages: Sequence[tuple[str, str]]
    """Code and name."""
    topics: Sequence[tuple[str, str]] = ()
    """As a question names them, and what they are called."""

    @property
    def short(self) -> bool:
        """Whether single universities fit into a list on every page; those of a larger wire are found on the list of feeds."""
        return sum(len(country.universities) for country in self.countries) <= _MOST_OPTIONS

    @property
    def terms(self) -> frozenset[str]:
        """What can be chosen, as the query language says it."""
        origins = [f"university:{each.id}" for country in self.countries for each, _ in country.universities] if self.short else []
        countries = [f"country:{country.code}" for country in self.countries if country.code]
        languages = [f"language:{code}" for code, _ in self.languages]
        return frozenset([*origins, *countries, *languages, *(f"topic:{topic}" for topic, _ in self.topics)])


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    site: str
    """The title of the site."""
    base: str
    """Its address."""
    title: str
    """Of the page; empty for the site's own."""
    place: str = "/"
    """Path and question of the page itself, without its language."""
    speech: Speech = SPEECHES["en"]
    kept: bool = False
    """Whether the reader chose this language by hand: then every link asks for it again, and nothing has to be remembered about anybody."""
    alternates: Sequence[Alternate] = ()
    choice: Choice = NOTHING
    """What stands in the search field and its filters."""
    filters: Filters | None = None
    """None: the page has only a search field."""
    still: bool = False
    """Whether it is a file, which answers no questions: then there is neither search nor a choice of languages."""

    @property
    def shown(self) -> Choice:
        """The choice as the search field and its filters show it."""
        return self.choice.shown(self.filters.terms) if self.filters and ":" in self.choice.words else self.choice

    @property
    def root(self) -> str:
        """The path under which the site lives; mostly empty."""
        return urlsplit(self.base).path

    @property
    def speeches(self) -> Sequence[Speech]:
        return tuple(SPEECHES.values())

    def to(self, place: str) -> str:
        """The link to a page of ours."""
        return self.root + (_asking(place, f"lang={self.speech.code}") if self.kept else place)

    def speaking(self, speech: Speech) -> str:
        """The link to this page in another language."""
        return self.root + _asking(self.place, f"lang={speech.code}")


def _asking(place: str, parameter: str) -> str:
    return f"{place}{'&' if '?' in place else '?'}{parameter}"
