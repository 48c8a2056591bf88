"""What a university may be called in a text: the names that are listed, and those that follow from them.

Tomsk Polytechnic University   →   tomsk polytechnic university · polytechnic university tomsk · polytechnic university in tomsk · tomsk polytechnic …
京都大学                        →   京都大学 · 京都大
University of Melbourne        →   墨尔本大学 · メルボルン大学 · 멜버른대학교 …
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Self

from aggregator.refine.mentions.spelling import DIRECTIONS, GENERIC, HAN, HANGUL, KINDS, Speller, plain
from aggregator.text.hanzi import simplified

if TYPE_CHECKING:
    from aggregator.refine.mentions.entries import Entry
    from aggregator.refine.mentions.gazetteer import Place


class Strength(IntEnum):
    """What a form proves."""

    WEAK = 1
    """Nothing alone: an abbreviation or a word of many meanings."""
    FAIR = 2
    """One university, where nothing speaks against it."""
    FULL = 3
    """A whole name."""


_UNSPACED: Final = re.compile(f"[{HAN}{HANGUL}]")
_HANGUL: Final = re.compile(f"[{HANGUL}]")
_ASIDE: Final = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]\s*")
_WORD: Final = re.compile(r"[^\W\d_]+")
_DASH: Final = re.compile(r"\s+[–—-]\s+|\s*/\s*")
_NAMESAKE: Final = re.compile(r"\s+(?:имени|им\.|імені|ім\.|named after)\s.*$")
_LEARNED_HAN: Final = re.compile("(?:大学|学院|研究院|技术院|科学院|书院|学校|学堂|理工|校)$")

# How the last part of a Chinese name is shortened, where its first part stays.
_SHORTENED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("理工大学", ("理工", "理工大")),
    ("科技大学", ("科技大", "科大")),
    ("师范大学", ("师大", "师范大")),
    ("交通大学", ("交大", "交通大")),
    ("农业大学", ("农大", "农业大")),
    ("工业大学", ("工大", "工业大")),
    ("医科大学", ("医大", "医科大")),
    ("财经大学", ("财大", "财经大")),
    ("工程大学", ("工程大",)),
    ("民族大学", ("民大", "民族大")),
    ("中医药大学", ("中医药大",)),
    ("理工学院", ("理工",)),
)

# Concepts of a name of place → how such a university is called in Chinese, Japanese and Korean.
_EASTERN: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("university",): ("大学", "大", "대학교", "대학", "대"),
    ("state", "university"): ("国立大学", "州立大学", "州立大", "대학교", "주립대학교", "주립대", "국립대학교", "국립대"),
    ("national", "university"): ("国立大学", "国立大", "국립대학교", "국립대"),
    ("federal", "university"): ("联邦大学", "連邦大学", "연방대학교", "연방대"),
    ("technical", "university"): ("工业大学", "理工大学", "技术大学", "科技大学", "工科大学", "工科大", "工大", "공과대학교", "공과대학", "공대"),
    ("technology", "university"): ("理工大学", "科技大学", "工业大学", "工科大学", "工科大", "공과대학교", "공과대학", "공대"),
    ("state", "technical", "university"): ("国立技术大学", "国立工业大学", "国立理工大学", "工科大学"),
    ("institute", "technology"): ("理工学院", "工科大学", "工科大", "工業大学", "공과대학교", "공과대학", "공대"),
    ("polytechnic", "university"): ("理工大学", "工业大学", "工科大学", "理工科大学"),
    ("polytechnic",): ("理工大学", "工科大学", "工科大"),
    ("medical", "university"): ("医科大学", "医学院", "医科大", "의과대학교", "의대"),
    ("agricultural", "university"): ("农业大学", "農業大学", "농업대학교"),
    ("free", "university"): ("自由大学", "자유대학교", "자유대"),
    ("normal", "university"): ("师范大学", "師範大学"),
    ("pedagogical", "university"): ("师范大学", "教育大学"),
    ("state", "pedagogical", "university"): ("国立师范大学", "师范大学"),
    ("economics", "university"): ("经济大学", "经济管理大学"),
    ("catholic", "university"): ("天主教大学", "カトリック大学", "가톨릭대학교"),
    ("autonomous", "university"): ("自治大学", "自治大"),
    ("science", "technology", "university"): ("科技大学", "科学技术大学", "理工大学", "과학기술대학교", "과학기술대"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """``eastern``: spelled name of a place → what it is called in Han characters, kana and Hangul; ``words``: all words of places."""

    eastern: Mapping[str, tuple[str, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, places: Iterable[Place]) -> Self:
        eastern: dict[str, list[str]] = defaultdict(list)
        words: set[str] = set()
        for place in places:
            tokens = _WORD.findall(plain(re.sub("['’]", "", place.name)))
            words.update(tokens)
            if place.cjk and not eastern.get(" ".join(tokens)):
                eastern[" ".join(tokens)] = list(place.cjk)
        return cls({name: tuple(others) for name, others in eastern.items()}, frozenset(words))


def is_abbreviation(word: str) -> bool:
    """At least two capitals: these are kept as they are."""
    return sum(letter.isupper() for letter in word) >= 2


def is_unspaced(form: str) -> bool:
    return form[:1] >= "\u3005"  # where Han characters, kana and Hangul begin; all that is written with spaces stands before


def listed(entry: Entry, speller: Speller) -> Iterator[tuple[str, Strength]]:
    """The forms of what is listed."""
    for name in (entry.name, *entry.names):
        for variant in _variants(name):
            form = speller.name(variant)
            if form and (strength := _strength(form, known=entry.known)):
                yield form, strength
        if _DASH.search(name) and len((form := speller.name(_ASIDE.sub(" ", name))).split()) > 3:
            yield form, Strength.FULL  # Mines Paris – PSL
    for short in entry.short:
        form = speller.name(short)
        if form and "." not in form and len(form) > 1:
            yield form, _short_strength(form, entry)


def _variants(name: str) -> Iterator[str]:
    bare = _DASH.sub(" ", _ASIDE.sub(" ", name)).strip()
    yield bare
    if "," in bare:
        yield bare.replace(",", "")
    if any(dot in bare for dot in "·・‧•"):
        yield re.sub("[·・‧•]", "", bare)
    elif _UNSPACED.match(bare) and "-" in bare:
        yield bare.replace("-", "")


def _strength(form: str, *, known: bool) -> Strength | None:
    if is_unspaced(form):
        return _unspaced_strength(form, known=known)
    tokens = form.split()
    if "." in tokens:
        return None
    proper = [word for word in tokens if (word not in GENERIC and word != ",") or word in DIRECTIONS]
    kinds = any(token in KINDS for token in tokens)
    if not proper:
        return Strength.WEAK if len(tokens) > 1 else None
    if kinds and len(tokens) > 1:
        return Strength.FULL
    if len(form) < 3:
        return None
    if len(tokens) == 1:
        return Strength.FAIR if known else Strength.WEAK
    return Strength.FULL if len(tokens) >= 4 else Strength.FAIR if known else Strength.WEAK


def _unspaced_strength(form: str, *, known: bool) -> Strength | None:
    if _HANGUL.match(form):
        return (
            Strength.FULL
            if form.endswith(("대학교", "대학", "기술원", "과학원")) and len(form) >= 4
            else Strength.FAIR
            if len(form) >= 3
            else Strength.WEAK
        )
    if len(form) < 3:
        return Strength.FAIR if known else None
    if _LEARNED_HAN.search(form) and len(form) >= 4:
        return Strength.FULL
    return Strength.FAIR if known else Strength.WEAK


def _short_strength(form: str, entry: Entry) -> Strength:
    if not entry.known:
        return Strength.WEAK
    if is_unspaced(form):
        return Strength.FAIR if len(form) >= 3 else Strength.WEAK
    letters = form.replace(" ", "")
    return Strength.FAIR if len(letters) >= 4 and is_abbreviation(letters) else Strength.WEAK


def derived(entry: Entry, speller: Speller, tables: Tables) -> Iterator[tuple[str, Strength]]:
    """Forms that follow from the listed ones. Where two universities would share one, it is nobody's."""
    if not entry.known and not entry.city:
        return  # of those that are only listed no more is believed than what is listed
    for name in dict.fromkeys((entry.name, *entry.names)):
        if _HANGUL.match(name):
            yield from _korean(name)
        elif _UNSPACED.match(name):
            yield from _chinese(simplified(_ASIDE.sub("", name)), entry)
        else:
            spelled = speller.name(_DASH.sub(" ", _ASIDE.sub(" ", name)))
            tokens = spelled.split()
            if 1 < len(tokens) <= 8 and "." not in tokens:
                yield from _arranged(tokens, tables, frozenset(speller.name(entry.city or "").split()))
                if entry.country not in ("CN", "TW", "HK", "MO", "JP", "KR"):
                    yield from _eastern(tokens, tables)
            head = _NAMESAKE.sub("", name)
            if head != name and (form := speller.name(head)) and _strength(form, known=False) is Strength.FULL:
                yield form, Strength.FULL


def _arranged(tokens: list[str], tables: Tables, city: frozenset[str]) -> Iterator[tuple[str, Strength]]:
    campus = "," in tokens or "in" in tokens
    tokens = [token for token in tokens if token not in (",", "in")]
    if tokens[:2] == ["national", "research"] and len(tokens) > 3:
        tokens = tokens[2:]
    concepts = [token for token in tokens if token in GENERIC]
    proper = [token for token in tokens if token not in GENERIC]
    heads = [token for token in concepts if token in KINDS]
    if not heads or not proper or len(proper) > 3:
        return
    for head, rest in _headed(concepts, heads):
        last, first = " ".join((*rest, head)), " ".join((head, *rest))
        place = " ".join(proper)
        yield f"{place} {last}", Strength.FULL
        yield f"{last} {place}", Strength.FULL
        if rest:
            yield f"{first} {place}", Strength.FULL
        if rest and len(proper) == 1:
            yield f"{last} in {place}", Strength.FULL
        if len(proper) == 2:
            yield f"{proper[0]} {last} {proper[1]}", Strength.FULL
            if campus:
                yield f"{proper[0]} {last} in {proper[1]}", Strength.FULL
                yield f"{last} {proper[0]} in {proper[1]}", Strength.FULL
                yield f"{last} {proper[0]} , {proper[1]}", Strength.FULL
    if len(concepts) == 1 and city and city < set(proper):
        yield " ".join(proper), Strength.FAIR  # Humboldt Berlin; but British Columbia is a province, and Novi Sad a city
    if len(concepts) == 1 and tokens[0] == " ".join(proper) and tokens[0] not in tables.words and len(tokens[0]) > 3:
        yield tokens[0], Strength.WEAK  # Emory University; but not University of Oregon


def _headed(concepts: list[str], heads: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each way to say the same kind of university: its head, and what else it has."""
    head = heads[-1] if heads[-1] != "polytechnic" else heads[0]
    rest = [token for token in concepts if token != head]
    yield head, rest
    if "polytechnic" in concepts and len(concepts) <= 2:
        yield "polytechnic", []
        yield "university", ["polytechnic"]
        yield "institute", ["polytechnic"]
    if rest == ["technical"]:
        yield head, ["technology"]
    if rest == ["technology"]:
        yield head, ["technical"]
        if head == "institute":
            yield "university", ["technology"]


def _eastern(tokens: list[str], tables: Tables) -> Iterator[tuple[str, Strength]]:
    tokens = [token for token in tokens if token not in (",", "in")]
    concepts = tuple(word for word in tokens if word in GENERIC and word not in ("st", "&"))
    place = " ".join(word for word in tokens if word not in (*concepts, "&"))
    names = tables.eastern.get(place)
    endings = _EASTERN.get(concepts) or _EASTERN.get((*concepts[1:], concepts[0])) if concepts else None
    if not names or not endings:
        return
    for name in names:
        korean = _HANGUL.match(name) is not None
        for ending in endings:
            if (_HANGUL.match(ending) is not None) == korean and len(name) >= 2:
                form = simplified(name + ending)
                if len(ending) > 1 or len(form) >= 4:
                    yield form, Strength.FULL if len(ending) > 1 else Strength.FAIR


def _korean(name: str) -> Iterator[tuple[str, Strength]]:
    if name.endswith("대학교") and len(name) >= 5:
        yield name[:-1], Strength.FULL
        yield name[:-2], Strength.FAIR


def _chinese(name: str, entry: Entry) -> Iterator[tuple[str, Strength]]:
    for prefix in ("国立", "私立"):
        if name.startswith(prefix) and len(name) >= 6:
            yield name.removeprefix(prefix), Strength.FULL
            yield from _chinese(name.removeprefix(prefix), entry)
    if entry.country == "TW" and name.startswith("国立") and len(name) >= 6:
        yield f"台湾{name.removeprefix('国立')}", Strength.FULL
    if entry.country == "JP" and name.endswith("大学") and len(name) >= 4:
        yield name.removesuffix("学"), Strength.FAIR if len(name) > 4 or entry.known else Strength.WEAK
    for whole, shorts in _SHORTENED:
        if name.endswith(whole) and len(name) - len(whole) >= 2:
            for short in shorts:
                yield name.removesuffix(whole) + short, Strength.FAIR
