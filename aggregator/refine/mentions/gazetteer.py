"""The universities that are known: the packaged facts, and what an operator's configuration adds.

Forms are what a name may look like in a text (``spelling``): listed ones, and those that ``forms`` derives. A form knows how much it proves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from sys import intern
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from aggregator.refine.mentions import forms
from aggregator.refine.mentions.forms import Strength, is_unspaced
from aggregator.refine.mentions.spelling import GENERIC, Speller, plain, slavic
from aggregator.refine.registry import PACKAGED, Registry
from aggregator.text.cyrillic import stem
from aggregator.text.hanzi import simplified

ROR: Final = "https://ror.org/"
_BEGINNING: Final = 4
"""Letters by which words are compared before whole names are."""


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


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form says: one of ``entries`` is named."""

    entries: tuple[int, ...]
    strength: Strength
    """Of the form for those whose form it is first of all."""
    best: tuple[int, ...]
    """Those."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of many names. ``latin`` without case and accents; ``cjk`` in simplified Han characters, kana and Hangul."""

    name: str
    country: str
    latin: tuple[str, ...]
    cyrillic: tuple[str, ...]
    cjk: tuple[str, ...]


class Forms:
    """What names may look like in a spelled text, and whose they are: as ``forms.tsv`` has it, with what is changed of that, and added to it, apart."""

    def __init__(self, owners: Mapping[str, str], base: Forms | None = None, changed: Mapping[int, str] | None = None) -> None:
        self._base = base
        self._first = len(base.patterns) if base else 0
        self._owners = tuple(owners.values())
        self._changed = changed or {}
        self.patterns: tuple[str, ...] = (*(base.patterns if base else ()), *owners)
        spaced = (pattern if is_unspaced(pattern) else f" {pattern} " for pattern in owners)
        self._automaton = AhoCorasick(spaced, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)

    def with_others(self, others: Mapping[str, dict[int, Strength]]) -> Forms:
        places = {form: place for place, form in enumerate(self.patterns) if form in others}
        changed = {place: written(self.owners(place) | others[form]) for form, place in places.items()}
        return Forms({form: written(owners) for form, owners in others.items() if form not in places}, self, changed)

    def owners(self, form: int) -> dict[int, Strength]:
        if form in self._changed:
            return owners_of(self._changed[form])
        return owners_of(self._owners[form - self._first]) if self._base is None or form >= self._first else self._base.owners(form)

    def near(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Every form in a spelled text: which, where it begins and ends."""
        if self._base is not None:
            yield from self._base.near(text)
        for form, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            yield self._first + form, start, end


class Gazetteer:
    """Every university that is known, and every form of its names; what a form means is worked out when it is first met."""

    def __init__(self, entries: tuple[Entry, ...], speller: Speller, forms: Forms, places: tuple[Place, ...]) -> None:
        self.entries = entries
        self.speller = speller
        self.forms = forms
        self.patterns = forms.patterns
        self.near = forms.near
        self.places = places
        self._meanings: dict[int, Meaning] = {}
        self.cities: Mapping[str, tuple[str, ...]] = {place.name: place.cjk for place in places}
        """City → what it is called in Han characters, kana and Hangul."""

    def entry(self, who: str) -> Entry | None:
        """By our id, its English name, or any of its names."""
        wanted = plain_name(who)
        number = self._by_title.get(wanted)
        if number is None:
            number = self._by_name.get(wanted)
        return None if number is None else self.entries[number]

    def nearest(self, who: str) -> str | None:
        """The English name that is most like ``who``: something in it must begin as a word of that does."""
        wanted = plain_name(who)
        begins = {word[:_BEGINNING] for word in wanted.split() if word not in GENERIC and len(word) > 2}
        near = [name for name in self._by_title if any(word[:_BEGINNING] in begins for word in name.split())]
        found = get_close_matches(wanted, near, 1)
        return self.entries[self._by_title[found[0]]].name if found else None

    @cached_property
    def _by_title(self) -> dict[str, int]:
        named = _numbered(self.entries, lambda entry: (entry.name,))
        return named | _numbered(self.entries, lambda entry: (entry.id,) if entry.id else ())

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return _numbered(self.entries, lambda entry: entry.names)

    def meaning(self, form: int) -> Meaning:
        found = self._meanings.get(form)
        if found is None:
            found = self._meanings[form] = _meaning(self.forms.owners(form), self.entries)
        return found


def _numbered(entries: tuple[Entry, ...], names: Callable[[Entry], tuple[str, ...]]) -> dict[str, int]:
    """Where several are called so, a configured one is meant, then a well-known one."""
    ranked = sorted(entries, key=lambda each: (each.id is not None, each.known))
    return {plain_name(name): entry.number for entry in ranked for name in names(entry)}


def owners_of(cell: str) -> dict[int, Strength]:
    """As ``forms.tsv`` has it: ``12f 40w``, an entry and how much the form proves of it."""
    return {int(each[:-1]): _LETTERS[each[-1]] for each in cell.split()}


def written(owners: Mapping[int, Strength]) -> str:
    return " ".join(f"{number}{strength.name[0].lower() if strength is not Strength.FAIR else 'a'}" for number, strength in owners.items())


_LETTERS: Final[Mapping[str, Strength]] = {"f": Strength.FULL, "a": Strength.FAIR, "w": Strength.WEAK}


def plain_name(name: str) -> str:
    folded = name.lower() if name.isascii() else plain(name)
    return " ".join(folded.removeprefix("the ").split())


@lru_cache(maxsize=1)
def _lexicon() -> Mapping[str, str]:
    """Word → place, each of which has many words."""
    return {word: intern(place) for word, place in _lines("words.tsv")}


def facts() -> tuple[tuple[Entry, ...], tuple[Place, ...]]:
    return tuple(_entries(_lines("universities.tsv"), _lines("names.tsv"))), places()


def places() -> tuple[Place, ...]:
    return tuple(map(_place, _lines("places.tsv")))


def _lines(name: str) -> Iterator[list[str]]:
    """One at a time: what is kept of them must not stand in memory between what is not."""
    with files("aggregator").joinpath("data", name).open(encoding="utf-8") as lines:
        yield from _rows(lines)


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    return (line.rstrip("\n").split("\t") for line in lines if line.strip("\n") and not line.startswith("#"))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _entries(universities: Iterable[list[str]], names: Iterable[list[str]]) -> Iterator[Entry]:
    more = {(name, country): (_listed(others), _listed(short)) for name, country, others, short in names}
    for number, (ror, name, country, city, _zone, domain, others, short) in enumerate(universities):
        known = more.get((name, country))
        extra, brief = known or ((), ())
        yield Entry(
            number,
            name,
            intern(country),
            intern(city),
            ROR + ror if ror else None,
            domain,
            tuple(dict.fromkeys((*_listed(others), *extra))),
            tuple(dict.fromkeys((*brief, *_listed(short)))) if known else _listed(short),
            known is not None,
        )


def _place(line: list[str]) -> Place:
    name, country, latin, cyrillic, kana, han, hangul = line
    return Place(
        name,
        country,
        _listed(latin),
        _listed(cyrillic),
        tuple(dict.fromkeys(map(simplified, (*_listed(han), *_listed(kana), *_listed(hangul))))),
    )


def words_of(places: Iterable[Place]) -> dict[str, str]:
    """Every word for a place, without its ending → the word of its English name. Of two places of one name the first is meant."""
    found: dict[str, str] = {}
    own: set[str] = set()
    for place in places:
        tokens = words(place.name)
        own.update(tokens)
        if len(tokens) == 1:
            for each in place.latin:
                found.setdefault(each, tokens[0])
        for each in place.cyrillic:
            parts = re.split("[ -]", plain(each))
            if len(parts) == len(tokens) and tokens[0][0] in _SOUNDS.get(parts[0][:1], ""):
                for part, token in zip(parts, tokens, strict=True):
                    for form in _adjectives(part):
                        found.setdefault(form, token)
    return {word: slavic(token) for word, token in found.items() if word not in own and word != token}


# Cyrillic letter → how names in English that sound so begin: old names of a place are mostly those of people (Шевченко, now Aktau).
_SOUNDS: Final[Mapping[str, str]] = dict(
    pair.split("=")
    for pair in "а=aoue б=bv в=vw г=ghj ґ=g д=d е=eyj є=ey ж=gjzsy з=zsx и=iyej і=iy ї=iy й=yij к=ckqg л=l м=m н=n о=oa п=pb р=r с=sczx т=tdch у=uwov ф=fpv х=hkcjgx ц=ctzqjs ч=ctjz ш=scxh щ=s ы=yi э=eahi ю=yjui я=yjiax ј=jy љ=l њ=n ћ=c џ=j ђ=d".split()
)


def words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", plain(re.sub("['’]", "", name)))


def _adjectives(noun: str) -> tuple[str, ...]:
    """The stems of a place's noun and of its adjective: Харбин, харбинский; Киото, киотский; Томск, томский."""
    base = stem(noun)
    bare = noun.rstrip("аеиоуыэюяьй") or noun
    if noun.endswith("ск"):
        return base, bare
    adjective = f"{bare.removesuffix('к')}ск" if bare.endswith("нк") else f"{bare}ск"
    return tuple(dict.fromkeys((base, adjective, f"{noun}йск", f"{noun}нск", f"{noun[:-1]}йск", f"{bare}ськ")))


def _configured(said: str) -> Iterator[Entry]:
    """As ``registry.configured`` writes them."""
    for each in json.loads(said):
        aliases = each.pop("aliases")
        names = (*each.pop("names"), *(alias for alias in aliases if not _is_short(alias)))
        yield Entry(0, **each, names=names, short=tuple(filter(_is_short, aliases)), known=True)


def _is_short(alias: str) -> bool:
    return " " not in alias and (forms.is_abbreviation(alias) or len(alias) <= 3 or not is_unspaced(alias))


@lru_cache(maxsize=1)
def packaged() -> Gazetteer:
    """The universities that come with the program."""
    entries, places = facts()
    forms = {form: intern(owners) for form, owners in _lines("forms.tsv")}
    return Gazetteer(entries, Speller(_lexicon(), abbreviations(entries)), Forms(forms), places)


@lru_cache(maxsize=2)
def build(registry: Registry = PACKAGED) -> Gazetteer:
    """The packaged universities with those of ``registry``: added ones are merged with those of the same ROR id, or name and country.

    What is packaged is not built anew: processes that read share its memory.
    """
    known = packaged()
    imported = tuple(_entries(_rows(Path(registry.imported).read_text(encoding="utf-8").splitlines()), [])) if registry.imported else ()
    added = (*imported, *_configured(registry.configured))
    if not added:
        return known
    entries, changed = merged(known.entries, added)
    speller = Speller(_lexicon(), abbreviations(entries))
    return Gazetteer(entries, speller, known.forms.with_others(spelled(changed, speller, known.places)), known.places)


def abbreviations(entries: Iterable[Entry]) -> frozenset[str]:
    """Words that keep their capitals."""
    return frozenset(
        word for entry in entries for short in entry.short for word in short.replace("-", " ").split() if forms.is_abbreviation(word)
    )


def spelled(entries: Iterable[Entry], speller: Speller, places: Iterable[Place]) -> dict[str, dict[int, Strength]]:
    """Every form of ``entries`` → whose it is. A derived form that is listed for another, or would be that of several, is left out."""
    listed: dict[str, dict[int, Strength]] = {}
    derived: dict[str, dict[int, Strength]] = {}
    tables = forms.Tables.of(places)
    for entry in entries:
        for form, strength in forms.listed(entry, speller):
            _put(listed, form, entry.number, strength)
        for form, strength in forms.derived(entry, speller, tables):
            _put(derived, form, entry.number, strength)
    return listed | {form: owners for form, owners in derived.items() if form not in listed and len(owners) == 1}


def _meaning(owners: dict[int, Strength], entries: tuple[Entry, ...]) -> Meaning:
    strength = max(owners.values())
    return Meaning(
        tuple(owners),
        strength,
        tuple(number for number, each in owners.items() if each is strength and (strength is not Strength.WEAK or entries[number].known)),
    )


def _put(into: dict[str, dict[int, Strength]], form: str, number: int, strength: Strength) -> None:
    owners = into.setdefault(form, {})
    owners[number] = max(strength, owners.get(number, strength))


def merged(base: tuple[Entry, ...], added: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """All entries, and those of them that are new or have changed."""
    entries = list(base)
    by_ror = {entry.ror: entry.number for entry in base if entry.ror}
    by_name = (
        {(plain_name(name), entry.country): entry.number for entry in reversed(base) for name in (*entry.names, entry.name)}
        if added
        else {}
    )
    changed: dict[int, Entry] = {}
    for new in added:
        number = by_ror.get(new.ror) if new.ror else None
        if number is None:
            keys = ((plain_name(name), new.country) for name in (new.name, *new.names))
            number = next((by_name[key] for key in keys if key in by_name), None)
        if number is None:
            number = len(entries)
            entries.append(replace(new, number=number))
        else:
            entries[number] = _joined(entries[number], new)
        changed[number] = entries[number]
    return tuple(entries), tuple(changed.values())


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
