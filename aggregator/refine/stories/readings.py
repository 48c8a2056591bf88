"""How words sound, in every script alike: the same name gets the same key in Latin, Cyrillic, Chinese, Japanese and Korean letters.

    Robson · Робсон · 罗布森 · ロブソン  →  rbsn

A key is the run of consonants, similar ones made equal; vowels, doubled letters and the liquids that scripts drop before a consonant do not count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from aggregator.text import search

_PALLADIUS = (("тсз", "ц"), ("цз", "ц"), ("чж", "ч"), ("ньа", "на"), ("хуэй", "хуи"), ("ь", ""), ("ъ", ""))
"""How Russian writes Chinese syllables, nearer to how others do."""
_SOUNDS = (
    (
        re.compile("sch|tsch|dzh|tch|ch|sh|zh|th(?=[aeiouy])|ts|tz|cz|dz|j|c(?=[eiy])|x|q(?!u)|z|ç"),
        lambda found: "t" if found[0] == "th" else "s",
    ),
    (re.compile("ph|ff|w|v|f"), "p"),
    (re.compile("kh"), "h"),
    (re.compile("ck|qu|gh|c|g|q"), "k"),
    (re.compile("b"), "p"),
    (re.compile("d"), "t"),
    (re.compile("ng|m(?=[ptks])"), "n"),
    (re.compile("l"), "r"),
    (re.compile("h"), ""),
    (re.compile("[aeiouy']+"), "."),
)
_CODA = re.compile(r"r(?=[ptksnm])")
_DOUBLED = re.compile(r"([^.])\1+")
_NASALS = re.compile("m")
_NO_LETTERS = re.compile("[^a-z]")


def fold(text: str) -> str:
    """Without case, width and accents; Korean syllables stay whole."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", search.fold(text))


@lru_cache(maxsize=20_000)
def romanized(word: str) -> str:
    """``word`` in the 26 letters."""
    lowered = word.lower()
    for written, meant in _PALLADIUS:
        lowered = lowered.replace(written, meant)
    return _NO_LETTERS.sub("", anyascii(lowered).lower())


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The key of a name; empty where it is too short to tell names apart."""
    letters = romanized(word)
    first = "a" if letters[:1] in tuple("aeiouy") else ""
    for pattern, meant in _SOUNDS:
        letters = pattern.sub(meant, letters)
    letters = _CODA.sub("", letters)
    letters = _DOUBLED.sub(r"\1", letters).replace(".", "")
    return first + _NASALS.sub("n", letters)
