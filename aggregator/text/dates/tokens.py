"""Text → a shape: one character for each number, word or sign that matters to a date. Spaces, commas, brackets, quotes and fillers fall away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from aggregator.text.dates.lexicon import LEXICON, PHRASES, UNSPACED, Word, fold, unmarked

_STARTS = "".join(sorted({word[0] for word in UNSPACED}))
_TOKEN = re.compile(
    r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?![0-9])(?::[0-9]{2}(?![0-9])(?:[.,][0-9]{1,9})?)?)"
    r"|(?P<number>[0-9]+)"
    r"|(?P<weekday>\([月火水木金土日一二三四五六월화수목금토일]\))"
    r"|(?P<sign>[-/.:+])"
    r"|(?P<word>[^\x00-\x60\x7b-\xbf\xd7\xf7\u0e00-\u0e7f\u2000-\u2bff\u3000-\uffff]+)"
    r"|(?P<numeral>[〇一二三四五六七八九十廿卅]+)"
    rf"|(?P<unspaced>{'|'.join(UNSPACED)})"
    r"|(?P<thai>[\u0e01-\u0e4e]+(?:\.[\u0e01-\u0e4e]+)*)"
    rf"|(?P<other>(?:(?![{_STARTS}〇一二三四五六七八九十廿卅])[\u3005-\u9fff\ua000-\uffff])+)"
    r"|(?P<strange>[^\s,()'\"])"
)
_NUMERALS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "廿": 20, "卅": 30}
_NUMBER_KINDS = ["", "1", "2", "3", "4", "5", "6", "7", "8", "x", "e", "x", "l", "m", "n"]
_UNKNOWN = Word("w", {})
_FILLER = "f"


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in ``text``: ``shape[i]`` is the kind, ``values[i]`` the meaning of what stands at ``text[starts[i]:ends[i]]``.

    A value is an int for numbers, (hour, minute, second or None) for clock times, and the meanings by kind for words.
    """

    text: str
    shape: str
    values: list[Any]
    starts: list[int]
    ends: list[int]

    def gap(self, index: int) -> str:
        """What stands between one thing and the next."""
        return self.text[self.ends[index] : self.starts[index + 1]] if index + 1 < len(self.starts) else ""

    def tight(self, first: int, last: int) -> bool:
        """Whether nothing stands between these and all that is between them."""
        return all(self.ends[index] == self.starts[index + 1] for index in range(first, last))


def scan(text: str) -> Scan:
    folded = fold(text)
    shape: list[str] = []
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    length = len(folded)
    search = _TOKEN.search
    while position < length and (token := search(folded, position)):
        start, position = token.span()
        group, found = token.lastgroup, token[0]
        if group == "number":
            kind, value = _number(found)
        elif group == "sign":
            kind, value = found, None
        elif group == "clock":
            kind, value = "T", _clock(found)
        elif group == "weekday":
            kind, value = "W", {}
        elif group == "numeral":
            kind, value = _numeral(found)
        elif group == "other" or group == "strange":
            kind, value = "?" if group == "strange" else "w", {}
        else:
            word, position = _word(folded, found, position)
            kind, value = word
            if kind == _FILLER:
                continue
        shape.append(kind)
        values.append(value)
        starts.append(start)
        ends.append(position)
    return Scan(folded, "".join(shape), values, starts, ends)


def _word(text: str, found: str, end: int) -> tuple[Word, int]:
    if found in PHRASES:
        for rest, word in PHRASES[found]:
            if text.startswith(rest, end) and not text[end + len(rest) : end + len(rest) + 1].isalpha():
                return word, end + len(rest)
    return LEXICON.get(found) or LEXICON.get(unmarked(found), _UNKNOWN), end


def _number(digits: str) -> tuple[str, int]:
    count = len(digits)
    if count >= len(_NUMBER_KINDS):
        return "x", 0
    return _NUMBER_KINDS[count], int(digits)


def _clock(found: str) -> tuple[int, int, int | None]:
    parts = found.replace(",", ".").split(":")
    return int(parts[0]), int(parts[1]), int(parts[2][:2]) if len(parts) > 2 else None


def _numeral(found: str) -> tuple[str, int]:
    """二〇二四 by places, 二十八 by value."""
    if len(found) > 4:
        return "x", 0
    if any(sign in "十廿卅" for sign in found):
        value = digit = 0
        for sign in found:
            number = _NUMERALS[sign]
            value, digit = (value + max(digit, 1) * 10, 0) if number == 10 else (value + number, 0) if number > 10 else (value, number)
        value += digit
    else:
        value = int("".join(str(_NUMERALS[sign]) for sign in found))
        if len(found) == 4:
            return "4", value
    return ("1" if value < 10 else "2" if value < 100 else "x"), value
