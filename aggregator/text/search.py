"""Search terms: the same words for the index and for the question, on every database.

Letters are compared without case, width and accents. Scripts that put no spaces between words (Chinese, Japanese, Thai, …) are cut into overlapping pairs,
so that a name of two characters is found wherever it stands; the last character of a run stands alone, so that one character finds by prefix.
"""

from __future__ import annotations

import re
import unicodedata

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_UNSPACED}]+")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670]")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Without case, width and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def index(text: str) -> str:
    """What is written into the index for ``text``: its terms, separated by spaces or punctuation."""
    text = unicodedata.normalize("NFC", fold(text)) if not text.isascii() else text.lower()
    return _RUN.sub(_pairs, text)


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    return f" {' '.join(characters[i : i + 2] for i in range(len(characters)))} "


def phrase(words: str) -> tuple[str, ...]:
    """The terms that must stand one after the other for ``words`` to be found; empty where there is nothing to look for.

    A last term of one unspaced character is meant as the beginning of a pair: see ``is_prefix``.
    """
    terms: list[str] = []
    folded = unicodedata.normalize("NFC", fold(words))
    for word in _WORD.findall(folded):
        start = 0
        for run in _RUN.finditer(word):
            terms.extend([word[start : run.start()]] if run.start() > start else [])
            characters = run[0]
            terms.extend(characters[i : i + 2] for i in range(max(1, len(characters) - 1)))
            start = run.end()
        terms.extend([word[start:]] if start < len(word) else [])
    return tuple(terms)


def is_prefix(term: str) -> bool:
    """Whether a term of ``phrase`` stands for all terms that begin with it."""
    return len(term) == 1 and _RUN.fullmatch(term) is not None
