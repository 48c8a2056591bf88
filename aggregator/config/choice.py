"""Which universities of the catalogue are meant: by id, country and language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from aggregator.config import Settings
from aggregator.errors import Phrase, QueryError
from aggregator.model import Source, University


@dataclass(frozen=True, slots=True)
class Choice:
    """All that is said must hold; nothing said chooses every university."""

    ids: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, in any case."""
    languages: tuple[str, ...] = ()
    """A source is said to be written in one of these; ``zh`` means ``zh-Hant`` too."""
    enabled: bool | None = None

    def __bool__(self) -> bool:
        return bool(self.ids or self.countries or self.languages)


def choose(settings: Settings, choice: Choice) -> tuple[University, ...]:
    """The universities that are meant, by id. Raises QueryError for an id, a country or a language that no university has."""
    known = settings.universities
    countries = {country.upper() for country in choice.countries}
    _expect("university is called", choice.ids, known)
    _expect("university is in the country", countries, {each.country for each in known.values() if each.country})
    spoken = _languages(settings)
    heard = set().union(*spoken.values())
    _expect("university writes in the language", [wanted for wanted in choice.languages if not _speaks(wanted, heard)], heard)
    return tuple(
        each
        for id, each in sorted(known.items())
        if (not choice.ids or id in choice.ids)
        and (not countries or each.country in countries)
        and (not choice.languages or any(_speaks(wanted, spoken.get(id, ())) for wanted in choice.languages))
        and choice.enabled in (None, each.enabled)
    )


def sources_of(settings: Settings, university: str) -> tuple[Source, ...]:
    return tuple(source for source in (*settings.sources.values(), *settings.offered.values()) if source.university == university)


def _languages(settings: Settings) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for source in (*settings.sources.values(), *settings.offered.values()):
        if source.university and source.language:
            found.setdefault(source.university, set()).add(source.language.lower())
    return found


def _speaks(wanted: str, spoken: set[str] | tuple[()]) -> bool:
    return any(language == wanted.lower() or language.startswith(f"{wanted.lower()}-") for language in spoken)


_CODES = "; countries are two letters, as CN, languages two or three, as zh"


def _expect(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f'did you mean "{near[0]}"?' if near else f'"aggregator universities list" shows what there is{_CODES}'
            raise QueryError(Phrase(f'no configured {what} "{name}"'), remedy=Phrase(hint))
