"""The universities that are known: the packaged facts, and what an operator's configuration adds.

Forms are what a name may look like in a text (``spelling``): listed ones, and those that ``forms`` derives. A form knows how much it proves.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from aggregator.refine.mentions import forms
from aggregator.refine.mentions.entries import Entries, Entry, abbreviations, configured, entry_of, listed, merged, numbered, plain_name
from aggregator.refine.mentions.forms import Strength, is_unspaced
from aggregator.refine.mentions.spelling import GENERIC, Speller, plain, slavic
from aggregator.refine.mentions.tables import Lines, Words
from aggregator.refine.registry import PACKAGED, Registry
from aggregator.text.cyrillic import stem
from aggregator.text.hanzi import simplified

_BEGINNING: Final = 4
"""Letters by which words are compared before whole names are."""


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

    def __init__(self, lines: Lines, base: Forms | None = None, changed: Mapping[int, str] | None = None) -> None:
        """``lines``: each a form and its owners, sorted."""
        self._base = base
        self._first = len(base) if base else 0
        self._lines = lines
        self._changed = changed or {}
        self._met: dict[int, tuple[tuple[int, str], ...]] = {}
        self._groups = array("I")
        """Of forms that begin alike: where each begins."""
        self._automaton = AhoCorasick(
            self._beginnings(0, len(lines), 1), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
        )

    def _beginnings(self, first: int, end: int, size: int) -> Iterator[str]:
        """How they begin, by so many words, or more where many do: an automaton of whole names would be three times as large."""
        for beginning, group in groupby(range(first, end), lambda place: _beginning(self._lines[place][0], size)):
            places = list(group)
            if len(places) > _FEW:
                yield from self._beginnings(places[0], places[-1] + 1, size + 1)
            else:
                self._groups.append(places[0])
                yield beginning

    def __len__(self) -> int:
        return self._first + len(self._lines)

    def __getitem__(self, form: int) -> str:
        return self.line(form)[0]

    def with_others(self, others: Mapping[str, dict[int, Strength]]) -> Forms:
        places = {form: place for place, form in enumerate(map(self.__getitem__, range(len(self)))) if form in others}
        changed = {place: written(self.owners(place) | others[form]) for form, place in places.items()}
        return Forms(Lines.of((form, written(others[form])) for form in sorted(others.keys() - places.keys())), self, changed)

    def owners(self, form: int) -> dict[int, Strength]:
        return owners_of(self._changed[form] if form in self._changed else self.line(form)[1])

    def line(self, form: int) -> list[str]:
        """It and its owners."""
        return self._lines[form - self._first] if self._base is None or form >= self._first else self._base.line(form)

    def near(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Every form in a spelled text: which, where it begins and ends."""
        if self._base is not None:
            yield from self._base.near(text)
        for group, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for form, padded in self._members(group):
                if text.startswith(padded, start):
                    yield self._first + form, start, start + len(padded)

    def _members(self, group: int) -> tuple[tuple[int, str], ...]:
        found = self._met.get(group)
        if found is None:
            end = self._groups[group + 1] if group + 1 < len(self._groups) else len(self._lines)
            found = self._met[group] = tuple((form, _padded(self._lines[form][0])) for form in range(self._groups[group], end))
        return found


_FEW: Final = 8
"""Names that begin alike, each of which is held against a text that does."""


def _padded(form: str) -> str:
    return form if is_unspaced(form) else f" {form} "


def _beginning(form: str, size: int) -> str:
    """Of the padded form: so many words, or characters and two more where no spaces stand between words."""
    return form[: size + 2] if is_unspaced(form) else f" {' '.join(form.split(' ')[:size])} "


class Gazetteer:
    """Every university that is known, and every form of its names; what a form means is worked out when it is first met."""

    def __init__(self, entries: Entries, speller: Speller, forms: Forms, places: Lines) -> None:
        """``places``: the lines of ``places.tsv``."""
        self.entries = entries
        self.speller = speller
        self.forms = forms
        self.near = forms.near
        self._places = places
        self._meanings: dict[int, Meaning] = {}
        self._cities: dict[str, tuple[str, ...]] = {}

    def with_others(self, changed: Mapping[int, Entry]) -> Gazetteer:
        """``changed``: those that are new, or say something else."""
        entries = self.entries.with_others(changed)
        speller = self.speller.with_others(abbreviations(changed.values()))
        forms = spelled(changed.values(), speller, map(_place, self._places))
        return Gazetteer(entries, speller, self.forms.with_others(forms), self._places)

    def city(self, name: str) -> tuple[str, ...]:
        """What it is called in Han characters, kana and Hangul."""
        if name not in self._cities:
            place = self._by_place.get(name)
            self._cities[name] = () if place is None else _place(self._places[place]).cjk
        return self._cities[name]

    def entry(self, who: str) -> Entry | None:
        """By our id, its English name, or any of its names."""
        wanted = plain_name(who)
        number = self._by_id.get(wanted)
        if number is None:  # each of these tables has all universities, and is made where somebody needs it
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
    def _by_place(self) -> dict[str, int]:
        return {line[0]: number for number, line in enumerate(self._places)}

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return numbered(self.entries, lambda entry: (entry.id,) if entry.id else ())

    @cached_property
    def _by_title(self) -> dict[str, int]:
        return numbered(self.entries, lambda entry: (entry.name,))

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return numbered(self.entries, lambda entry: entry.names)

    def meaning(self, form: int) -> Meaning:
        found = self._meanings.get(form)
        if found is None:
            found = self._meanings[form] = _meaning(self.forms.owners(form), self.entries)
        return found


def owners_of(cell: str) -> dict[int, Strength]:
    """As ``forms.tsv`` has it: ``12f 40w``, an entry and how much the form proves of it."""
    return {int(each[:-1]): _LETTERS[each[-1]] for each in cell.split()}


def written(owners: Mapping[int, Strength]) -> str:
    return " ".join(f"{number}{strength.name[0].lower() if strength is not Strength.FAIR else 'a'}" for number, strength in owners.items())


_LETTERS: Final[Mapping[str, Strength]] = {"f": Strength.FULL, "a": Strength.FAIR, "w": Strength.WEAK}


@lru_cache(maxsize=1)
def _lexicon() -> Words:
    """Word → place, each of which has many words."""
    return Words(Lines.packaged("words.tsv"))


def facts() -> tuple[Entries, tuple[Place, ...]]:
    return Entries.packaged(), places()


def places() -> tuple[Place, ...]:
    return tuple(map(_place, Lines.packaged("places.tsv")))


def _place(line: list[str]) -> Place:
    name, country, latin, cyrillic, kana, han, hangul = line
    return Place(
        name,
        country,
        listed(latin),
        listed(cyrillic),
        tuple(dict.fromkeys(map(simplified, (*listed(han), *listed(kana), *listed(hangul))))),
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


@lru_cache(maxsize=1)
def packaged() -> Gazetteer:
    """The universities that come with the program."""
    names = Forms(Lines.packaged("forms.tsv"))  # first: what building the automaton takes for a moment is room for the rest
    entries = Entries.packaged()
    return Gazetteer(entries, Speller(_lexicon(), abbreviations(entries)), names, Lines.packaged("places.tsv"))


@lru_cache(maxsize=2)
def build(registry: Registry = PACKAGED) -> Gazetteer:
    """The packaged universities with those of ``registry``: added ones are merged with those of the same ROR id, or name and country.

    What is packaged is not built anew: processes that read share its memory.
    """
    known = packaged()
    imported = Lines(
        b"\n".join(Path(registry.imported).read_bytes().splitlines()) if registry.imported else b""
    )  # an editor may end lines as Windows does
    added = [*(entry_of(0, line, {}) for line in imported), *configured(registry.configured)]
    return known.with_others(merged(known.entries, added)) if added else known


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


def _meaning(owners: dict[int, Strength], entries: Entries) -> Meaning:
    strength = max(owners.values())
    return Meaning(
        tuple(owners),
        strength,
        tuple(number for number, each in owners.items() if each is strength and (strength is not Strength.WEAK or entries[number].known)),
    )


def _put(into: dict[str, dict[int, Strength]], form: str, number: int, strength: Strength) -> None:
    owners = into.setdefault(form, {})
    owners[number] = max(strength, owners.get(number, strength))
