"""How much of the wording two texts share: shingles, a sketch of them that is small whatever the length, and the hashes by which likenesses are looked up.

Broder's resemblance and containment, estimated from the smallest hashes (a bottom-k sketch: Broder 1997; Thorup 2013).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from struct import pack, unpack
from typing import NamedTuple
from zlib import crc32

from aggregator.text.hanzi import simplified
from aggregator.text.remembered import Remembered

_MOST = 20_000
"""Characters that are read; beyond, two texts are the same or not already."""
_KEPT = 256
_UNSPACED = "\u0e00-\u0eff\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"([{_UNSPACED}]+)|([^\W_{_UNSPACED}]+)")
_SPACED = re.compile("[\x00-\u0dff\u0f00-\u2e7f\ufb00-\uff64\U0001f300-\U0001faff]*")
"""A text without those, nor what becomes one of them in its plain form."""
_BETWEEN = "，：；！？（）…\u3000\u00a0"
"""What stands between words and has a plain form: a text that holds one takes twenty times as long to normalize."""
_WORD = re.compile(r"[^\W_]+")
_SPACES = bytes(code if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)
_ANY_WIDE = re.compile("[\u1100-\U0010ffff]")
_WIDE = re.compile("[\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+")
"""Runs of characters that are two columns wide: nearly all that are."""


class Sketch(NamedTuple):
    """The ``_KEPT`` smallest hashes of ``size`` shingles."""

    hashes: bytes
    """Ascending, four bytes each, the least significant first."""
    size: int

    @classmethod
    def of(cls, hashes: Iterable[int]) -> Sketch:
        ascending = sorted(set(hashes))
        kept = ascending[:_KEPT]
        return cls(pack(f"<{len(kept)}I", *kept), len(ascending))


def width(text: str) -> int:
    """Columns of ``text``: a Chinese character tells as much as two letters."""
    if text.isascii() or not _ANY_WIDE.search(text):
        return len(text)
    others = _WIDE.sub("", text)
    return 2 * len(text) - len(others) + sum(unicodedata.east_asian_width(character) in "WF" for character in _ANY_WIDE.findall(others))


@lru_cache(maxsize=5_000)  # of headings, each compared with many others
def length(text: str) -> int:
    """How many shingles ``text`` has, if none recurs."""
    return len(_hashes(text))


def cut(text: str, columns: int) -> str:
    """The beginning of ``text`` that is about so wide, to the end of a word."""
    head = text[:columns]
    size = columns * len(head) // max(1, width(head))
    return text if len(text) <= size else text[:size].rpartition(" ")[0] or text[:size]


def sketch(title: str, text: str) -> Sketch:
    return Sketch.of(_hashes(f"{title}\n{text[:_MOST]}"))


def _hashes(text: str) -> list[int]:
    """Three words, or four characters of a script without spaces."""
    tokens, unspaced = _tokens(text)
    length = min(4 if unspaced * 2 > len(tokens) else 3, len(tokens))
    shingles = map(b" ".join, zip(*(tokens[start:] for start in range(length)), strict=False)) if tokens else (b"",)
    return list(map(crc32, shingles))


def _tokens(text: str) -> tuple[list[bytes], int]:
    """Words, and the characters of scripts without spaces; how many of these there are."""
    if text.isascii():
        return text.encode().lower().translate(_SPACES).split(), 0
    if _SPACED.fullmatch(text):
        return list(chain.from_iterable(map(_WRITTEN.__getitem__, text.split()))), 0
    for mark in _BETWEEN:
        text = text.replace(mark, " ")
    text = _one_form(text)
    tokens: list[str] = []
    words = 0
    for run, word in _RUN.findall(text):
        if run:
            tokens.extend(run)
        else:
            tokens.append(word)
            words += 1
    return _encoded(tokens), len(tokens) - words


def _one_form(text: str) -> str:
    return unicodedata.normalize("NFKC", simplified(text)).casefold()


def _encoded(tokens: list[str]) -> list[bytes]:
    return "\n".join(tokens).encode(errors="surrogatepass").split(b"\n") if tokens else []


_REMEMBERED, _LONGEST = 20_000, 40
_WRITTEN = Remembered(
    lambda part: tuple(_encoded(_WORD.findall(_one_form(part)))), most=_REMEMBERED, worth=lambda part: len(part) <= _LONGEST
)
"""What stands between two spaces → its words."""


def likeness(one: Sketch, other: Sketch) -> tuple[float, float]:
    """Resemblance: the share of all their shingles that both have (Jaccard). Containment: the share of the shorter text that the longer one has too."""
    shared, first, second = _shared(one, other)
    return shared / max(1, first + second - shared), shared / max(1, min(first, second))


def _shared(one: Sketch, other: Sketch) -> tuple[int, int, int]:
    """How many hashes both have, and each has, of those below which both sketches are complete."""
    first, second = _ascending(one.hashes), _ascending(other.hashes)
    shared = _held(one.hashes).intersection(second)
    if not shared or (one.size == len(first) and other.size == len(second)):
        return len(shared), len(first), len(second)
    limit = min((hashes[-1] for size, hashes in ((one.size, first), (other.size, second)) if size > len(hashes)), default=0xFFFFFFFF)
    return sum(hash_ <= limit for hash_ in shared), bisect_right(first, limit), bisect_right(second, limit)


def _ascending(hashes: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(hashes) // 4}I", hashes)


@lru_cache(maxsize=16)  # a new article is compared with a dozen others
def _held(hashes: bytes) -> frozenset[int]:
    return frozenset(_ascending(hashes))


def least(sketch: Sketch, most: int) -> tuple[int, ...]:
    """Its ``most`` smallest hashes, ascending: a sample of the text that is the same in all that hold the same wording."""
    return _ascending(sketch.hashes[: 4 * most])
