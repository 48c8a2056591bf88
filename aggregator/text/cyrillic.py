"""Cyrillic words without their endings, so that a name in any case is the same name: Харбинском политехническом → харбинск политехническ."""

from __future__ import annotations

from typing import Final

_ENDINGS: Final = tuple(
    sorted(
        "ого его ому ему ыми ими ой ей ый ий ій ая яя ое ее ую юю ым им ом ем ах ях ам ям ами ями ов ев ией ии ию ия ие ью ет ът ят ият а у е ы и ю я ь о і ї є й".split(),
        key=len,
        reverse=True,
    )
)
_SHORTEST: Final = 3
_WHOLE: Final = ("университет", "університет", "універсітэт", "универзитет", "институт", "інститут", "факультет")
"""Words whose stem ends like an ending."""


def stem(word: str) -> str:
    """``word``, in lower case, without the ending of its case, number and gender. The same for all forms of most names; not a dictionary form."""
    word = word.replace("ё", "е")
    for whole in _WHOLE:
        if whole in word:
            return word[: word.index(whole) + len(whole)]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word
