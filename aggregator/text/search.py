"""Search terms: the same words for the index and for the question, on every database.

Letters are compared without case, width and accents. Scripts that put no spaces between words (Chinese, Japanese, Thai, …) are cut into overlapping pairs,
so that a name of two characters is found wherever it stands; the last character of a run stands alone, so that one character finds by prefix. So is Korean,
which writes its particles and compounds together: 서울대 is found in 서울대학교는.

Whoever changes the terms changes what stands in every database: ``remove_from_search`` must name what was added (see migration 0014).
"""

from __future__ import annotations

import re
import unicodedata
from operator import add

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_UNSPACED}]+")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Without case, width and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def index(text: str) -> str:
    """What is written into the index for ``text``: its terms, separated by spaces. Nothing else: databases know other symbols than we do, and none all emoji."""
    return " ".join(_terms(text))


def phrase(words: str) -> tuple[str, ...]:
    """The terms that must stand one after the other for ``words`` to be found; empty where there is nothing to look for.

    A last term of one unspaced character is meant as the beginning of a pair: see ``is_prefix``.
    """
    text, terms = _composed(words), _terms(words)
    runs = list(_RUN.finditer(text))
    if runs and len(runs[-1][0]) > 1 and _WORD.fullmatch(runs[-1][0][-1]) and not _WORD.search(text, runs[-1].end()):
        terms.pop()  # where the question ends inside a run, the text may go on: 哈工 means 哈工大 too
    return tuple(terms)


def is_prefix(term: str) -> bool:
    """Whether a term of ``phrase`` stands for all terms that begin with it."""
    return len(term) == 1 and _RUN.fullmatch(term) is not None


def _terms(text: str) -> list[str]:
    return _WORD.findall(text.lower() if text.isascii() else _RUN.sub(_pairs, _composed(text)))


def _composed(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", fold(text))


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    return f" {' '.join(map(add, characters, characters[1:]))} {characters[-1]} " if len(characters) > 1 else f" {characters} "
