"""The universities themselves: what is known of each, by its number.

The packaged ones stand in their tables until somebody asks for one (``tables``); an operator's are added to them, or to what is known of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from aggregator.refine.mentions import forms
from aggregator.refine.mentions.forms import is_unspaced
from aggregator.refine.mentions.spelling import plain
from aggregator.refine.mentions.tables import Lines

ROR: Final = "https://ror.org/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One university. ``number`` is its place in the gazetteer."""

    number: int
    name: str
    """In English where it has an English name."""
    country: str
    city: str = ""
    ror: str | None = None
    domain: str = ""
    names: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    """Abbreviations and names that prove nothing alone."""
    known: bool = False
    """Its names in the news were collected by hand: of two universities of one name it is the one that is meant."""
    id: str | None = None
    """Ours, of ``config/universities``."""


class Entries:
    """All universities by their numbers: as ``universities.tsv`` and ``names.tsv`` have them, with what is changed of those, and added to them, apart."""

    def __init__(self, universities: Lines, names: Mapping[tuple[str, str], list[str]], changed: Mapping[int, Entry] | None = None) -> None:
        self._universities = universities
        self._names = names
        self._changed = changed or {}
        self._met: dict[int, Entry] = {}

    @classmethod
    def packaged(cls) -> Entries:
        return cls(Lines.packaged("universities.tsv"), {(line[0], line[1]): line[2:] for line in Lines.packaged("names.tsv")})

    def __len__(self) -> int:
        return max(len(self._universities), *(number + 1 for number in self._changed), 0)

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(len(self)))

    def __getitem__(self, number: int) -> Entry:
        found = self._met.get(number)
        if found is None:
            found = self._met[number] = self._entry(number)
        return found

    def _entry(self, number: int) -> Entry:
        return self._changed.get(number) or entry_of(number, self._universities[number], self._names)

    def with_others(self, changed: Mapping[int, Entry]) -> Entries:
        return Entries(self._universities, self._names, {**self._changed, **changed})


def entry_of(number: int, line: list[str], named: Mapping[tuple[str, str], list[str]]) -> Entry:
    """``named``: the names and short names in the news, by name and country."""
    ror, name, country, city, _zone, domain, others, short = line
    more = named.get((name, country))
    extra, brief = map(listed, more) if more else ((), ())
    return Entry(
        number,
        name,
        country,
        city,
        ROR + ror if ror else None,
        domain,
        tuple(dict.fromkeys((*listed(others), *extra))),
        tuple(dict.fromkeys((*brief, *listed(short)))) if more else listed(short),
        more is not None,
    )


def listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def numbered(entries: Entries, names: Callable[[Entry], tuple[str, ...]]) -> dict[str, int]:
    """Where several are called so, a configured one is meant, then a well-known one, then the last."""
    found: dict[str, int] = {}
    for entry in entries:
        for name in map(plain_name, names(entry)):
            if name not in found or _rank(entry) >= _rank(entries[found[name]]):
                found[name] = entry.number
    return found


def _rank(entry: Entry) -> tuple[bool, bool]:
    return entry.id is not None, entry.known


def plain_name(name: str) -> str:
    folded = name.lower() if name.isascii() else plain(name)
    return " ".join(folded.removeprefix("the ").split())


def abbreviations(entries: Iterable[Entry]) -> frozenset[str]:
    """Words that keep their capitals."""
    return frozenset(
        word for entry in entries for short in entry.short for word in short.replace("-", " ").split() if forms.is_abbreviation(word)
    )


def merged(base: Entries, added: Collection[Entry]) -> dict[int, Entry]:
    """Those of all entries that are new or have changed, by their numbers."""
    by_ror, by_name = _same(base, added)
    changed: dict[int, Entry] = {}
    count = len(base)
    for new in added:
        number = by_ror.get(new.ror) if new.ror else None
        if number is None:
            number = next((by_name[key] for key in _keys(new) if key in by_name), None)
        if number is None:
            changed[count] = replace(new, number=count)
            count += 1
        else:
            changed[number] = _joined(changed.get(number) or base[number], new)
    return changed


def _same(base: Entries, added: Collection[Entry]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Who has the ROR ids, and the names in their countries, that ``added`` have: of several of one name the first."""
    wanted = {key for new in added for key in _keys(new)}
    rors = {new.ror for new in added}
    by_ror: dict[str, int] = {}
    by_name: dict[tuple[str, str], int] = {}
    for entry in base:
        if entry.ror and entry.ror in rors:
            by_ror[entry.ror] = entry.number
        for key in wanted.intersection(_keys(entry)):
            by_name.setdefault(key, entry.number)
    return by_ror, by_name


def _keys(entry: Entry) -> Iterator[tuple[str, str]]:
    return ((plain_name(name), entry.country) for name in (entry.name, *entry.names))


def _joined(old: Entry, new: Entry) -> Entry:
    return replace(
        old,
        city=old.city or new.city,
        ror=old.ror or new.ror,
        domain=old.domain or new.domain,
        names=tuple(dict.fromkeys((*old.names, new.name, *new.names))),
        short=tuple(dict.fromkeys((*new.short, *old.short))),
        known=old.known or new.known,
        id=new.id or old.id,
    )


def configured(said: str) -> Iterator[Entry]:
    """As ``registry.configured`` writes them."""
    for each in json.loads(said):
        aliases = each.pop("aliases")
        names = (*each.pop("names"), *(alias for alias in aliases if not _is_short(alias)))
        yield Entry(0, **each, names=names, short=tuple(filter(_is_short, aliases)), known=True)


def _is_short(alias: str) -> bool:
    return " " not in alias and (forms.is_abbreviation(alias) or len(alias) <= 3 or not is_unspaced(alias))
