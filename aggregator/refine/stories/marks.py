"""What an article is recognized by: everything that telling stories apart needs, small enough to be kept beside it.

    title, text, language, day ─▶ mark ─▶ Marks ─▶ judge

The names in it are keys of ``readings.sound``, so they compare across scripts; numbers, days, concepts and places are the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import add
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from aggregator.refine.stories import shingles
from aggregator.refine.stories.concepts import INSTITUTION, KNOWN, LONGEST_CJK, NAMED, WORDS
from aggregator.refine.stories.hanzi import SURNAMES, TRANSCRIBING
from aggregator.refine.stories.moments import MONTHS, days, numbers, with_digits, years
from aggregator.refine.stories.readings import fold, sound
from aggregator.text import language as languages
from aggregator.text import urls
from aggregator.text.hanzi import simplified

_TOLD = 600
"""Columns of the text in which an event is told. What follows is background, and the longer two texts are, the more they share by chance."""
_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<kana>[ァ-ヺー]{{2,}})|(?P<hangul>[가-힣]+)|(?P<word>[^\W\d_{_HAN}\u3041-\u30ff가-힣](?:[^\W\d_{_HAN}\u3041-\u30ff가-힣]|['’](?=[^\W\d_]))*)"
)
_WESTERN = re.compile("[\x00-\u2fff\ufb00-\ufeff\U0001f300-\U0001faff]*")
"""A text in scripts with spaces, other than Korean."""
_WORDS = re.compile(r"([\W\d_]*)([^\W\d_]+(?:['’][^\W\d_]+)*)")
_ASCII_WORDS = re.compile("([^A-Za-z]*)([A-Za-z]+(?:'[A-Za-z]+)*)")
"""The same, quicker. The words of such a text, each with what stands before it."""
_CYRILLIC_ENDING = re.compile("(?:ого|его|ому|ему|ыми|ими|ами|ями|ыми|ой|ей|ом|ем|ым|им|ую|юю|ая|яя|ый|ий|ое|ее|ы|и|а|я|у|ю|е|о|ь)$")
_PARTICLE = re.compile("(?:으로|에서|에게|까지|부터|와의|과의|은|는|이|가|을|를|의|에|와|과|도|로)$")
_OFFICES = re.compile(
    "校长|书记|教授|院长|主任|会长|总统|总理|主席|博士|院士|部长|大使|总领事|先生|女士|同学|总长|学长|代表|老师|研究员|主编|厅长|市长|省长"
)
_FOREIGN = re.compile(f"[{''.join(sorted(TRANSCRIBING))}]{{2,}}")
_ANY_HAN = re.compile(f"[{_HAN}]")
_THREE_HAN = re.compile(f"[{_HAN}]{{3}}")
_HEADING = 300
_FEWEST_LETTERS = 4
_JOINING = frozenset("of the de del della di da do dos der des du für fur la".split())
"""Words inside a name, which go on with it: "University of Melbourne"."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Each a set of short words; ``day`` is an ordinal (``date.toordinal``)."""

    language: str
    day: int | None
    exact: frozenset[str]
    """What makes two articles the same without reading them: their address; title and day."""
    heading: str
    """The title without case, width, accents and more than one space."""
    sketch: shingles.Sketch
    title: frozenset[str]
    words: frozenset[str]
    """Words of the title and the told part that carry meaning; pairs of characters in scripts without spaces."""
    names: frozenset[str]
    institutions: frozenset[str]
    acronyms: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    years: frozenset[str]
    concepts: frozenset[int]
    places: frozenset[int]


def mark(article: Any, *, news: bool = True) -> Marks:
    """``article``: an Article, or anything with title, text, language, published, url. Without ``news`` only what tells copies: that takes half as long."""
    title, text = article.title or "", getattr(article, "text", None) or getattr(article, "summary", None) or ""
    told = f"{title}\n{shingles.cut(text, _TOLD)}"
    published: datetime | None = article.published
    day = published.date() if published else None
    language = (article.language or languages.detect(told) or "").partition("-")[0].lower()
    seen = _read(told) if news else _Read()
    figures = with_digits(told)
    heading = " ".join(fold(title).split())[:_HEADING]
    return Marks(
        language=language,
        day=day.toordinal() if day else None,
        exact=frozenset(_exact(heading, article.url, day)),
        heading=heading,
        sketch=shingles.sketch(title, text),
        title=frozenset(_words(title) if news else ()),
        words=frozenset(seen.words),
        names=frozenset(seen.names - seen.institutions),
        institutions=frozenset(seen.institutions),
        acronyms=frozenset(seen.acronyms),
        numbers=frozenset(numbers(figures)),
        days=frozenset(days(figures)),
        years=frozenset(years(figures)),
        concepts=frozenset(seen.concepts),
        places=frozenset(seen.places),
    )


def _exact(heading: str, url: str | None, day: date | None) -> Iterator[str]:
    if url and (key := urls.key(url)) and "/" in key:
        yield f"u{key}"
    if day and shingles.width(heading) >= 24:  # "Admissions 2026" is the title of many
        yield f"t{day.toordinal()}{heading}"


class _Read:
    """What a text speaks of, as it is found."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.names: set[str] = set()
        self.institutions: set[str] = set()
        self.acronyms: set[str] = set()
        self.concepts: set[int] = set()
        self.places: set[int] = set()

    def known(self, form: str) -> bool:
        """Whether ``form`` is a word of the lexicon; it is noted."""
        meant = _LEXICON.get(form)
        if meant is not None:
            self.note(meant)
        return meant is not None

    def note(self, meant: _Meaning) -> None:
        kind, row = meant
        if kind == "name":
            self.names.add(f"#{row}")
        else:
            (self.concepts if kind == "concept" else self.places).add(row)


_Meaning = tuple[str, int]
_LEXICON: dict[str, _Meaning] = {
    **{form: ("name", row) for form, row in KNOWN.items()},
    **{form: ("place", row) for form, row in NAMED.items()},
    **{form: ("concept", row) for form, row in WORDS.items()},
}


_HAN_FORMS = [form for form in _LEXICON if len(form) <= LONGEST_CJK and re.fullmatch(f"[{_HAN}]+", form)]
_HAN_MEANINGS = [_LEXICON[form] for form in _HAN_FORMS]
_IN_HAN = AhoCorasick(_HAN_FORMS, matchkind=MatchKind.LeftmostLongest)


class _Word(NamedTuple):
    """One word of a script with spaces, taken for itself."""

    folded: str
    meant: _Meaning | None
    """In the lexicon: that of its longest beginning there, as long as it is most of the word."""
    content: str
    """By which texts are compared; empty where it carries no meaning."""
    name: bool
    """It may be one: it is capitalized, and no word that all texts have."""
    common: bool
    """It stands in no name, nor tells anything by itself: true of most."""


@lru_cache(maxsize=50_000)
def _word(word: str) -> _Word:
    form = fold(word)
    sizes = range(min(len(form), 14), max(1, len(form) // 2), -1)
    meant = next((found for size in sizes if (found := _LEXICON.get(form[:size])) is not None), None)
    telling = form not in _COMMON and len(form) > 2
    content = form[: 7 if "\u0400" <= form[0] <= "\u04ff" else 9] if telling else ""
    name = word[0].isupper() and meant is None and form not in _COMMON
    common = not name and meant is None and form not in INSTITUTION and not _is_acronym(word)
    return _Word(form, meant, content, name, common)


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isascii()


def _read(text: str) -> _Read:
    seen = _Read()
    if _WESTERN.fullmatch(text):
        _read_words(seen, _spaced(text))
    else:
        text = simplified(text)
        _read_words(seen, _read_runs(seen, text))
        if _ANY_HAN.search(text):
            _read_han(seen, text)
    seen.words.discard("")
    return seen


def _spaced(text: str) -> list[tuple[str, str]]:
    """The words of a script with spaces, each with what stands before it."""
    return (_ASCII_WORDS if text.isascii() else _WORDS).findall(text)


def _read_runs(seen: _Read, text: str) -> list[tuple[str, str]]:
    """What is written without spaces; ``_spaced`` of the rest."""
    spaced: list[tuple[str, str]] = []
    end = 0
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        if kind == "word":
            spaced.append((text[end : found.start()], token))
            end = found.end()
        elif kind == "han":
            seen.words.update(_pairs(token))
        elif kind == "kana":
            _read_kana(seen, token)
            seen.words.add(token)
        elif kind == "hangul":
            _read_hangul(seen, token)
            seen.words.update(_pairs(token))
    return spaced


def _words(text: str) -> set[str]:
    """Those of ``_read``."""
    found: set[str] = set()
    if _WESTERN.fullmatch(text):
        found.update(_word(word).content for _, word in _spaced(text))
    else:
        for token in _TOKEN.finditer(simplified(text)):
            if token.lastgroup == "word":
                found.add(_word(token[0]).content)
            elif token.lastgroup == "kana":
                found.add(token[0])
            else:
                found.update(_pairs(token[0]))
    found.discard("")
    return found


def _pairs(run: str) -> Iterable[str]:
    return map(add, run, run[1:])


def _read_words(seen: _Read, words: list[tuple[str, str]]) -> None:
    """``words``: each with what stands before it. Names stand in runs of capitalized words; a run beside "university" names one."""
    before, institutional = "", False
    pending: list[str] = []
    for gap, word in words:
        folded, meant, content, name, common = _word(word)
        seen.words.add(content)
        if len(gap) > 1:
            before, institutional, pending = "", False, []
        if folded in _JOINING:
            before, pending = "", []
            continue
        if common:
            before, institutional, pending = "", False, []
            continue
        if meant is not None:
            seen.note(meant)
        if folded in INSTITUTION:
            seen.institutions.update(pending)
            before, institutional = "", True
        elif _is_acronym(word):
            before, institutional = "", False
            if 3 <= len(word) <= 8:
                seen.acronyms.add(word)
        elif name:
            keys = _keys(folded, before)
            pending += keys
            (seen.institutions if institutional else seen.names).update(keys)
            before = folded
        else:
            before, institutional, pending = "", False, []


@lru_cache(maxsize=20_000)
def _keys(word: str, before: str) -> tuple[str, ...]:
    """How a name sounds, and how it sounds with the name before it."""
    stem = _CYRILLIC_ENDING.sub("", word) if "\u0400" <= word[0] <= "\u04ff" else word
    alone = sound(stem) if len(word) >= _FEWEST_LETTERS else ""
    both = sound(before + stem) if before and len(word) <= 8 and len(before) <= 8 else ""
    return (*([alone] if len(alone) >= 3 else []), *([f"{both}+"] if len(both) >= 4 else []))


def _read_han(seen: _Read, text: str) -> None:
    for form, _, _ in _IN_HAN.find_matches_as_indexes(text):
        seen.note(_HAN_MEANINGS[form])
    for foreign in _FOREIGN.finditer(text):
        institutional = text.startswith(("大学", "大學", "理工", "州立"), foreign.end())
        for key in _windows(foreign[0]):
            (seen.institutions if institutional else seen.names).add(key)
    for office in _OFFICES.finditer(text):
        for name in (_THREE_HAN.match(text, office.end()), _THREE_HAN.match(text, max(0, office.start() - 3), office.start())):
            if name and name[0][0] in SURNAMES and len(key := sound(name[0])) >= 3:
                seen.names.add(f"{key}+" if len(key) >= 4 else key)


def _windows(run: str) -> Iterator[str]:
    """The names that a run of transcribing characters may be: it may have taken in a character too much on either side."""
    for first in range(min(3, len(run) - 1)):
        for last in range(len(run), max(first + 1, len(run) - 3), -1):
            if last - first <= 7 and len(key := sound(run[first:last])) >= 3:
                yield key


def _read_kana(seen: _Read, run: str) -> None:
    if not any(seen.known(run[:size]) for size in range(len(run), 2, -1)) and len(run) >= 3 and len(key := sound(run)) >= 3:
        seen.names.add(key)


def _read_hangul(seen: _Read, word: str) -> None:
    known = [seen.known(word[start : start + size]) for start in range(len(word)) for size in range(2, min(5, len(word) - start) + 1)]
    stem = _PARTICLE.sub("", word)
    if not any(known) and len(stem) >= 3 and len(key := sound(stem)) >= 4:
        seen.names.add(key)


def _frequent() -> Iterable[str]:
    return (
        fold(word)
        for language in ("en", "de", "fr", "es", "pt", "it", "ru", "bg", "sr", "nl", "pl", "cs", "sv", "uk", "tr")
        for word in languages.frequent(language)
    )


_COMMON = frozenset(_frequent()) | MONTHS.keys()
