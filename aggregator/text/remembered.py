"""What was worked out lately: most words of a text stand in others too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


class Remembered(dict[str, _T]):
    """Words → what ``work`` makes of them, which is remembered of the last ``most`` that are ``worth`` it, give or take a half: those of long ago make room for
    others. To look up what is there costs no more than in a dictionary.
    """

    def __init__(self, work: Callable[[str], _T], *, most: int, worth: Callable[[str], bool]) -> None:
        self._work = work
        self._most = most // 2
        self._worth = worth
        self._earlier: dict[str, _T] = {}

    def __missing__(self, word: str) -> _T:
        found = self._earlier.get(word)
        if found is None:
            found = self._work(word)
            if not self._worth(word):
                return found
        if len(self) >= self._most:
            self._earlier = self.copy()
            self.clear()
        self[word] = found
        return found
