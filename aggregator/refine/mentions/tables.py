"""Tables as their files have them: a line becomes objects when somebody asks for it.

Of tens of thousands of names a process that reads meets some hundreds: what it does not meet costs it no more than its letters.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from importlib.resources import files
from typing import Final, Self

_LINE: Final = re.compile(rb"^(?=[^#\n])", re.MULTILINE)


class Lines:
    """The lines of a text, by number, with their cells, which stand between tabs. Empty ones are none, and neither are remarks, which begin with ``#``."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._starts = array("I", (found.start() for found in _LINE.finditer(text)))

    @classmethod
    def packaged(cls, name: str) -> Self:
        return cls(files("aggregator").joinpath("data", name).read_bytes())

    @classmethod
    def of(cls, pairs: Iterator[tuple[str, str]]) -> Self:
        return cls("".join(f"{first}\t{second}\n" for first, second in pairs).encode(errors="surrogatepass"))

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[list[str]]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> list[str]:
        start = self._starts[number]
        end = self._text.find(b"\n", start)
        return self._text[start : end if end >= 0 else None].decode(errors="surrogatepass").split("\t")

    def begins(self, number: int, with_: bytes) -> bool:
        return self._text.startswith(with_, self._starts[number])


class Words:
    """What stands beside each word in a table of two columns, in which no word comes twice."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._mask = (1 << (2 * len(lines)).bit_length()) - 1
        self._places = array("I", bytes(4 * (self._mask + 1)))
        """Where a word stands by its hash, or in the next free place after that: the number of its line, from 1."""
        for number, (word, _) in enumerate(lines, 1):
            at = hash(word) & self._mask
            while self._places[at]:
                at = at + 1 & self._mask
            self._places[at] = number

    def get(self, word: str) -> str | None:
        at = hash(word) & self._mask
        if not self._places[at]:  # as of most words
            return None
        begins = f"{word}\t".encode(errors="surrogatepass")
        while number := self._places[at]:
            if self._lines.begins(number - 1, begins):
                return self._lines[number - 1][1]
            at = at + 1 & self._mask
        return None
