"""Does a title name a thing that stands there for years, or tell what is new? A course, a person, a form, a room; or a prize, a visit, a discovery.

Only words and marks, no grammar: a single title may deceive, a list of them hardly does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from aggregator.model import Topic
from aggregator.text import search, titlewords, topicwords
from aggregator.text.rows import width

NAMED: Final = 0.5
"""Share of titles from which on a list is one of things."""

ALL: Final = 0.75
"""… where they only ask, or are spelled like names of people."""

LONGEST: Final = 80
"""Width beyond which a title tells more than a name."""

TOLD: Final = 0.25
"""… unless so many of them tell something."""

TELLING: Final = 0.4
"""Share of telling titles that makes news of a list, however alike and short they are: notices all end in "notice"."""

SUBJECTS: Final = 0.5
"""Share of a title's words that speak of subjects which makes the name of a course of it."""

_MOST: Final = 200
"""Characters of a title that are looked at."""

_SMALL: Final = 3
"""Letters up to which a word joins others: articles, prepositions."""

_CODE: Final = re.compile(
    r"[A-ZА-ЯΑ-Ω]{1,6}[A-Z]{0,4}[ .\u00a0/-]{0,2}\d{2,6}(?:[.-]?\d{1,4})?[A-Z]{0,2}\b|\d{1,3}\.\d{2,4}[A-Z]?\b|[A-Z]{1,4}\d{1,2}\.\d{1,4}\b|\(?[A-ZА-Я]{2,6}[ -]?\d{2,6}[A-Z]?\)?$"
)
_CODE_BEHIND: Final = re.compile(r"[\s(\[（［-](?!COVID)[A-ZА-Я]{2,6}[ -]?\d{3,6}[A-Z]?[)\]）］]?$|ISBN|ISSN")
_QUESTION: Final = re.compile(r"[?？؟]|;\s*$")  # Greek asks with a semicolon
_PRICE: Final = re.compile(
    r"\d+[.,]\d\d\s?(?:€|\$|£|EUR|CHF|zł|Kč|kr|руб|₽|грн|TL|лв|Ft|元|円|원|₺)|[€$£¥₹]\s?\d+[.,]\d\d\b|\d\s?(?:元|円)(?:/|$)"
)
_PARTS: Final = re.compile(r"\s*[,;:()/|·•，、：；（）【】〔〕“”«»„「」]\s*|\s[-–—]\s|(?<=[\u3040-\u9fff])\s+(?=[\u3040-\u9fff])")
"""What stands between the parts of a title."""
_INSIDE_NAMES: Final = re.compile(r"[-'’,.]")
_ANYWHERE: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_PARTICLES: Final = frozenset(
    "of de da do dos das del della di du des la le los las el al bin ibn ben van von vom zu zur der den ter ten te y e i san st mac mc af av ud".split()
)
_TELLING: Final[tuple[Topic, ...]] = ("news", "research", "job", "tender", "event", "lecture")


def name_things(titles: Sequence[str]) -> bool:
    """Whether ``titles`` are names of things, most of them."""
    if _share(map(_is_coded, titles)) >= NAMED or _share(map(_asks, titles)) >= ALL:
        return True
    named = _share(map(_names, titles)) >= NAMED or _share(map(_is_person, titles)) >= ALL
    return named and _share(map(_tells, titles)) <= TOLD


def tell_news(titles: Sequence[str]) -> bool:
    """Whether many of ``titles`` say that something has happened, is sought, or will take place."""
    return _share(_tells(title) or (_gives_notice(title) and not _names(title)) for title in titles) >= TELLING


def _share(marks: Iterable[bool]) -> float:
    found = list(marks)
    return sum(found) / len(found) if found else 0.0


def _is_coded(title: str) -> bool:
    return bool(_CODE.match(title) or _CODE_BEHIND.search(title) or _PRICE.search(title))


def _asks(title: str) -> bool:
    return bool(_QUESTION.search(title))


def _is_person(title: str) -> bool:
    """Whether it is two to six names: each word begins large, and no digit or mark is among them."""
    words = [word for word in title.split() if word.lower() not in _PARTICLES]
    return 2 <= len(words) <= 6 and all(word[0].isupper() and _INSIDE_NAMES.sub("", word).isalpha() for word in words)


def _names(title: str) -> bool:
    folded = _fold(title[:_MOST])
    return width(title) <= LONGEST and (any(map(_naming().search, _PARTS.split(folded))) or _of_subjects(folded))


def _tells(title: str) -> bool:
    return bool(_telling().search(_fold(title[:_MOST])))


def _gives_notice(title: str) -> bool:
    return bool(_notices().search(_fold(title[:_MOST])))


def _of_subjects(folded: str) -> bool:
    words = [word for word in _WORD.findall(folded) if len(word) > _SMALL]
    return len(words) >= 2 and sum(word.startswith(_SUBJECTS) or word.endswith(titlewords.ENDINGS) for word in words) >= SUBJECTS * len(
        words
    )


def _fold(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", search.fold(text)).replace("’", "'")


_SUBJECTS: Final = tuple(sorted(set(map(_fold, titlewords.ROOTS))))


@cache
def _naming() -> re.Pattern[str]:
    """In a part of a title: a word that it begins with, or nearly so, or that it ends with."""
    wide, spaced = _words(titlewords.NAMES.values())
    return re.compile(
        rf"(?:{wide})[\W\d_a-z一二三四上中下]{{0,3}}$|^\W*(?:[^\W_]+\W+)?(?:{spaced})(?![^\W_])|(?<![^\W_])(?:{spaced})(?:\W+[\dixv]+)?\W*$"
    )


@cache
def _telling() -> re.Pattern[str]:
    return _cues(*_TELLING, beside=titlewords.TELLS.values())


@cache
def _notices() -> re.Pattern[str]:
    return _cues("notice")


def _cues(*topics: Topic, beside: Iterable[str] = ()) -> re.Pattern[str]:
    wide, spaced = _words([*(re.sub(r"\s*\n\s*", ", ", topicwords.CERTAIN[topic].strip()) for topic in topics), *beside])
    return re.compile(rf"{wide}|(?<![^\W_])(?:{spaced})(?![^\W_])")


def _words(lists: Iterable[str]) -> tuple[str, str]:
    """The words as two alternations: those of scripts without spaces, and the others. The longest first."""
    words = sorted({_fold(word.strip()) for said in lists for word in re.split(r",\s+", said) if word.strip()}, key=len, reverse=True)
    wide = [word for word in words if _ANYWHERE.search(word)]
    return "|".join(map(re.escape, wide)), "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words if not _ANYWHERE.search(word))
