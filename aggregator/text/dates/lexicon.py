"""From the tables of ``names`` to one lookup: folded word → the kinds of date word it can be.

A kind is one letter. A word of several kinds ("mar": March and Tuesday) gets a character of its own, and ``pattern`` writes rules over kinds as
regular expressions over these characters: a rule says ``M`` and means every word that can be a month.

    M month   W weekday   o Roman month   P half of the day   Z zone     B label   C category      N deadline      f filler     R so many days ago
    G ago     u unit      d two units     O after a day   g after a year      A era      E its initial      q one        r "to"          t "T"        k "o'clock" before a time
    Y K D H I S  年 月 日 時 分 秒 and what stands for them    V "tháng"  J just now   w any other word   ? any other sign
    1 2 3 4 5 6 7 8  a number of so many digits    e 10   l 12   m 13   n 14   x any other number    T a clock time
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from aggregator.text.dates import names

Meaning = int | dict[str, int]
"""What a word says as one kind; for a month a dictionary from language to number, "*" being any language."""


class Word(NamedTuple):
    kind: str
    """The character that stands for this word in a shape."""
    means: dict[str, Meaning]


ANY = "*"
JALALI, HIJRI = 100, 200
"""Added to the month numbers of these calendars."""

_ACCENTED = ((0xC0, 0x250), (0x370, 0x460), (0x4D0, 0x4FA), (0x621, 0x627), (0x6C0, 0x6D4), (0x1E00, 0x2000))
_DIGITS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
_SAME = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u301c\u223c~\uff5e\uff0d\ufe63\u2500",
    ",": "\uff0c\u3001\u060c\uff1b;\u3002|\uff5c\u00b7\u2022\u30fb\u2219\u25cf\u2027\uff20@*\u2020\u25aa\u25a0\u203a\u00bb\u00ab\u25b6\u200e\u200f\u200b\u200c\u200d\ufeff\u2060\u00ad\u202a\u202b\u202c\u2066\u2067\u2068\u2069",
    " ": "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u1680\u2028\u2029\x0b\x0c\x85\x1c\x1d\x1e\x1f",
    "(": "\uff08\u3010\u3014\uff3b[\u300c\u300e\u300a\u3008\uff5b{<\uff1c",
    ")": "\uff09\u3011\u3015\uff3d]\u300d\u300f\u300b\u3009\uff5d}>\uff1e",
    "'": "\u2018\u2019\u02bc\u00b4\u0060\u2032",
    '"': "\u201c\u201d\u201e\u2033",
    ".": "\uff0e\u2024", "/": "\uff0f\u2044\u2215", ":": "\uff1a\ufe55\u2236", "+": "\uff0b", "º": "°", "〇": "\u25cb\u25ef零",
    "i": "\u0130\u0131", "l": "ł", "o": "ø", "d": "đð", "\u064a": "\u0649\u06cc", "\u0643": "\u06a9", "\u0647": "\u0629\u06c1",
}  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u093c]")


def _folding() -> dict[int, str]:
    table = {ord(character): base for base, characters in _SAME.items() for character in characters}
    for first, last in _ACCENTED:
        for code in range(first, last):
            base = chr(code)
            while (parts := unicodedata.decomposition(base)) and parts[0] != "<":
                base = chr(int(parts.split()[0], 16))
            if base != chr(code):
                table.setdefault(code, base.lower())
    for zero in _DIGITS:
        table |= {zero + digit: str(digit) for digit in range(10)}
    table |= {0xFF21 + place: chr(0x61 + place) for place in range(26)} | {0xFF41 + place: chr(0x61 + place) for place in range(26)}
    return table


_FOLD = _folding()


def fold(text: str) -> str:
    """Lower case, without accents, digits and punctuation as in ASCII, the first year of an era a number: as many characters as before, so that places in it are places in the text."""
    return (text.lower() if text.isascii() else text.translate(_FOLD).lower().replace("元年", "1年")).translate(_PLAIN)


_PLAIN = str.maketrans(
    {"~": "-", ";": ",", "|": ",", "@": ",", "*": ",", "[": "(", "{": "(", "<": "(", "]": ")", "}": ")", ">": ")", "`": "'"}
)


def unmarked(word: str) -> str:
    """Without combining marks, for text in decomposed form and for vowel points."""
    return _MARKS.sub("", word)


def _forms(words: str) -> Iterator[str]:
    return (word.replace("_", " ").rstrip(".") for word in fold(words).split())


_LONGEST_ABBREVIATION = 4


def _abbreviations(months: list[list[str]]) -> Iterator[tuple[str, int]]:
    """Beginnings of three and four letters that fit one month of the language only."""
    beginnings: dict[str, int] = {}
    for number, forms in enumerate(months, 1):
        for form in forms:
            if form[0] < "\u0590" and form.isalpha():
                for length in range(3, min(len(form), _LONGEST_ABBREVIATION + 1)) if len(form) >= 5 else ():
                    beginning = form[:length]
                    if beginnings.setdefault(beginning, number) != number:
                        beginnings[beginning] = 0
    return ((form, number) for form, number in beginnings.items() if number)


def _months() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for language, row in names.MONTHS.items():
        months = [list(_forms(month)) for month in row.split(",")]
        shy = language in names.SHY_ABBREVIATIONS
        listed = [(form, number) for number, forms in enumerate(months, 1) for form in forms]
        for form, number in [*listed, *_abbreviations(months)]:
            meanings = found.setdefault(form, {})
            meanings.setdefault(language.partition("-")[0], number)
            if not (shy and len(form) <= 3):
                meanings.setdefault(ANY, number)
    for first, row in ((JALALI, names.JALALI_MONTHS), (HIJRI, names.HIJRI_MONTHS)):
        for number, month in enumerate(row.split(","), first + 1):
            for form in _forms(month):
                found.setdefault(form, {}).setdefault(ANY, number)
    return found


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
_PLAIN_KINDS = (
    ("W", names.WEEKDAYS), ("f", names.FILLERS), ("g", names.YEAR_SUFFIXES), ("O", names.DAY_SUFFIXES), ("k", names.CLOCK_WORDS), ("H", names.HOUR_WORDS),
    ("B", names.LABELS), ("C", names.CATEGORIES), ("N", names.DEADLINES), ("r", names.RANGE_WORDS), ("J", names.JUST_NOW), ("G", names.AGO), ("q", names.ONE),
    ("V", "tháng thg th"), ("Y", "năm оны"), ("K", "сарын"), ("t", "t"), *((kind, names.CJK[kind]) for kind in "YKDHISWBCNr"),
)  # fmt: skip


def _senses() -> Iterator[tuple[str, str, Meaning]]:
    """(form, kind, meaning) of every word there is."""
    for form, meanings in _months().items():
        yield form, "M", meanings
    for kind, words in _PLAIN_KINDS:
        for form in _forms(words):
            yield form, kind, 0
    for words, hours in ((names.MORNING, 0), (names.EVENING, 12), (names.CJK["a"], 0), (names.CJK["p"], 12)):
        for form in _forms(words):
            yield form, "P", hours
    for days, words in names.DAYS_AGO.items():
        for form in _forms(words):
            yield form, "R", days
    for unit, words in names.UNITS.items():
        for form in _forms(words):
            yield form, "u", _SECONDS[unit]
    for unit, words in names.TWO_UNITS.items():
        for form in _forms(words):
            yield form, "d", _SECONDS[unit]
    for kind, numbers in (("A", names.ERAS), ("E", names.ERA_INITIALS), ("Z", names.ZONES), ("o", _ROMAN)):
        for form, number in numbers.items():
            yield fold(form), kind, number


_COMBINED = "".join(chr(code) for code in range(0xA1, 0x180))
_kinds: dict[str, str] = {}
"""Sorted letters of the kinds of a word → the character for them."""


def _lexicon() -> dict[str, Word]:
    senses: dict[str, dict[str, Meaning]] = {}
    for form, kind, meaning in _senses():
        senses.setdefault(form, {}).setdefault(kind, meaning)
    words = {}
    for form, means in senses.items():
        key = next(iter(means)) if len(means) == 1 else "".join(sorted(means))
        if key not in _kinds:
            _kinds[key] = key if len(key) == 1 else _COMBINED[len(_kinds)]
        words[form] = Word(_kinds[key], means)
    return words


LEXICON = _lexicon()
_PHRASE = re.compile(r"[^\W\d_]+")


def _phrases(forms: Iterable[str]) -> dict[str, tuple[tuple[str, Word], ...]]:
    """First word → what may follow it to make a phrase, longest first."""
    found: dict[str, list[tuple[str, Word]]] = {}
    for form in forms:
        if form[0] >= "\u3040":
            found.setdefault(form[0], []).append((form[1:], LEXICON[form]))
        elif form[0] < "\u0900" and not form.isalpha() and (first := _PHRASE.match(form)):
            found.setdefault(first[0], []).append((form[first.end() :], LEXICON[form]))
    return {first: tuple(sorted(rest, key=lambda pair: -len(pair[0]))) for first, rest in found.items()}


PHRASES = _phrases(LEXICON)
"""Of words in Chinese, Japanese and Korean the first is a character: they stand in running text without spaces."""


@cache
def pattern(rule: str) -> re.Pattern[str]:
    """A rule over kinds as a regular expression over shapes. In a rule letters are kinds, but for names of groups."""
    return re.compile(re.sub(r"\(\?P[<=]\w+[>)]|\[[^\]]*\]|\\.|[A-Za-z]", lambda part: _spelled(part[0]), rule))


def _spelled(part: str) -> str:
    if part[0] == "(" or part[0] == "\\":
        return part
    if part[0] == "[":
        return "[" + "".join(characters_of(letter) if letter.isalpha() else letter for letter in part[1:-1]) + "]"
    return f"[{characters_of(part)}]"


def characters_of(kind: str) -> str:
    """All characters of shapes that can be of this kind."""
    return kind + "".join(character for letters, character in _kinds.items() if kind in letters and character != kind)
