"""Text → a shape: one character for each number, word or sign that matters to a date. Spaces, commas, brackets, quotes and fillers fall away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aggregator.text.dates.lexicon import LEXICON, PHRASES, Word, fold, unmarked

_NUMERALS = {
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "廿": 20,
    "卅": 30,
}
_WEEKDAYS = frozenset("月火水木金土日一二三四五六월화수목금토일")
_TOKEN = re.compile(
    r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?![0-9])(?::[0-9]{2}(?![0-9])(?:[.,][0-9]{1,9})?)?)"
    r"|(?P<number>[0-9]+)"
    r"|(?P<sign>[-/.:+])"
    r"|(?P<word>[^\x00-\x60\x7b-\xa9\xab-\xb9\xbb-\xbf\xd7\xf7\u0e00-\u0e7f\u2000-\u2bff\u3000-\uffff]+)"
    r"|(?P<unspaced>[\u3005-\uffff])"
    r"|(?P<thai>[\u0e01-\u0e4e]+(?:\.[\u0e01-\u0e4e]+)*)"
    r"|(?P<strange>[^\s,()'\"])"
)
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
    while token := _TOKEN.search(folded, position):
        kind, value, position = _READERS[token.lastgroup or ""](token)
        if kind != _FILLER:
            shape.append(kind)
            values.append(value)
            starts.append(token.start())
            ends.append(position)
    return Scan(folded, "".join(shape), values, starts, ends)


_Thing = tuple[str, Any, int]
"""Kind, value, and the place after it."""


def _number(token: re.Match[str]) -> _Thing:
    start, end = token.span()
    count = end - start
    return (_NUMBER_KINDS[count], int(token[0]), end) if count < len(_NUMBER_KINDS) else ("x", 0, end)


def _sign(token: re.Match[str]) -> _Thing:
    return token[0], None, token.end()


def _strange(token: re.Match[str]) -> _Thing:
    return "?", None, token.end()


def _clock(token: re.Match[str]) -> _Thing:
    parts = token[0].replace(",", ".").split(":")
    return "T", (int(parts[0]), int(parts[1]), int(parts[2][:2]) if len(parts) > 2 else None), token.end()


def _word(token: re.Match[str]) -> _Thing:
    found, end, text = token[0], token.end(), token.string
    for rest, word in PHRASES.get(found, ()):
        beyond = end + len(rest)
        if text.startswith(rest, end) and not text[beyond : beyond + 1].isalpha():
            return *word, beyond
    return *(LEXICON.get(found) or LEXICON.get(unmarked(found), _UNKNOWN)), end


def _thai(token: re.Match[str]) -> _Thing:
    found = token[0]
    if word := LEXICON.get(found):
        return *word, token.end()
    cut = len(found) - _thai_rest(found)
    return *LEXICON.get(found[:cut], _UNKNOWN), token.start() + cut


def _unspaced(token: re.Match[str]) -> _Thing:
    """Chinese, Japanese, Korean: the longest known word that begins here, or all up to the next character with which one can begin."""
    found, end, text = token[0], token.end(), token.string
    if found in _WEEKDAYS and end > 1 and text[end - 2] == "(" and text[end : end + 1] == ")":
        return "W", {}, end
    if found in _NUMERALS:
        return _numeral(text, end)
    for rest, word in PHRASES.get(found, ()):
        if text.startswith(rest, end):
            return *word, end + len(rest)
    while end < len(text) and (character := text[end]) >= "\u3005" and character not in PHRASES and character not in _NUMERALS:
        end += 1
    return *_UNKNOWN, end


def _thai_rest(run: str) -> int:
    """The length of the second of two known words that are written together; Thai does not part them."""
    if len(run) > 40:
        return 0
    return next((len(run) - cut for cut in range(1, len(run)) if run[:cut] in LEXICON and run[cut:] in LEXICON), 0)


def _numeral(text: str, end: int) -> _Thing:
    """二〇二四 by places, 二十八 by value."""
    start = end - 1
    while text[end : end + 1] in _NUMERALS:
        end += 1
    digits = [_NUMERALS[character] for character in text[start:end]]
    if len(digits) > 4 or (len(digits) > 1 and text[start] in "两兩"):  # 两三天: two or three
        return "x", 0, end
    if max(digits) < 10:
        return str(len(digits)), int("".join(map(str, digits))), end
    value = digit = 0
    for number in digits:
        value, digit = (value + max(digit, 1) * 10, 0) if number == 10 else (value + number, 0) if number > 10 else (value, number)
    value += digit
    return "1" if value < 10 else "2" if value < 100 else "x", value, end


_READERS: dict[str, Callable[[re.Match[str]], _Thing]] = {
    "clock": _clock,
    "number": _number,
    "sign": _sign,
    "word": _word,
    "unspaced": _unspaced,
    "thai": _thai,
    "strange": _strange,
}
