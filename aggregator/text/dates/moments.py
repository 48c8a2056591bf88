"""The two readers of text: ``parse_date`` for a text that is a date, ``find_date`` for a text that holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from aggregator.model import Precision
from aggregator.text.dates import feeds
from aggregator.text.dates.calendars import day_of
from aggregator.text.dates.clocks import Clock, clock_at, zone_of
from aggregator.text.dates.days import FUTURE, OLDEST, Hints, Written, days_at
from aggregator.text.dates.lexicon import characters_of, pattern
from aggregator.text.dates.names import BARE_LABELS
from aggregator.text.dates.relative import relative_at
from aggregator.text.dates.tokens import Scan, scan

LONGEST_DATE = 200
_COMMENT = re.compile(r"(?<=[+-][0-9]{4}) \([^()]{1,60}\)$")
"""RFC 822 §3.4.3: "+0200 (CEST)", and what JavaScript writes there."""
LONGEST_TEXT = 4_000
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Moment:
    when: datetime
    """Aware. In the offset that the text states, else in the zone of the source; noon there where only the day is known."""
    precision: Precision
    source: str
    """The rule that read it: "rfc822", "iso8601", "ymd-cjk", "relative", …"""


def parse_date(
    text: str, *, now: datetime, timezone: str | None = None, language: str | None = None, day_first: bool | None = None
) -> Moment | None:
    """The moment that ``text`` as a whole means; None where it is not a date, or not a possible one.

    Around the date only labels ("发布时间：", "Published on"), weekdays, brackets, and the end of a range may stand. ``timezone`` is an IANA name (None or
    unknown: UTC; for dates in Korean words None is Korean time). ``language`` (BCP 47) settles words and orders that differ between languages. ``day_first`` settles 03/04/2024; without it the day comes
    first, but for American English (``en-US``, or English in a time zone of the United States). A year alone is its first day, a month its first.
    Precision "second" needs seconds. Dates before 1970 or more than two years after ``now`` are believed in RFC 822 and ISO 8601 notation only.
    """
    text = text.strip()
    if text.endswith(")"):
        text = _COMMENT.sub("", text)
    if not text or len(text) > LONGEST_DATE:
        return None
    return _feed_date(text, timezone, now) or _loose_date(scan(text), Hints(now, timezone, language, day_first))


def find_date(
    text: str, *, now: datetime, timezone: str | None = None, language: str | None = None, day_first: bool | None = None
) -> tuple[Moment, tuple[int, int]] | None:
    """The date of publication in a longer text, and where it stands in it with its label, weekday, time and brackets, so that it can be cut out.

    A date that a label announces wins over a full date, a full or relative one over a date without a year or one that a small word makes a part of
    the sentence ("opens on 1 May 2024"); any wins over a day of the Islamic calendar; among equals the first wins. Not taken are
    dates that are part of a number, an address or a version, days of a deadline, and months or years alone. Arguments as for ``parse_date``.
    """
    text = text[:LONGEST_TEXT]
    hints = Hints(now, timezone, language, day_first)
    read = scan(text)
    whole = (_feed_date(text.strip(), timezone, now) or _loose_date(read, hints)) if 0 < len(text.strip()) <= LONGEST_DATE else None
    if whole and whole.source != "hijri":
        start = len(text) - len(text.lstrip())
        return None if whole.source in _ALONE else (whole, (start, len(text.rstrip())))
    best: _Found | None = None
    for found in _candidates(read, hints):
        if best is None or found.rank > best.rank:
            best = found
        if best.rank == _LABELLED:
            break
    return (best.moment, best.span) if best else None


_ALONE = frozenset(("month", "year", "year-month", "epoch", "iso8601-ordinal"))
"""What is too little to be looked for: a feed may say "2024", a row of a list does not mean a day by it."""


def _feed_date(text: str, zone: str | None, now: datetime) -> Moment | None:
    if text.isascii() and text.isdigit():
        return _digits(text, zone_of(zone), now)
    if text[-1] in "TZ0123456789" and text[0] in "0123456789MTWFS":
        if stamp := feeds.rfc822(text):
            return Moment(stamp, "second" if text.count(":") > 1 else "minute", "rfc822")
        if read := feeds.iso8601(text):
            on, clock, offset = read
            ordinal = clock is None and len(text) == len("2024-272")
            return _moment(
                on, Clock(*clock, offset) if clock else None, zone_of(zone), "iso8601-ordinal" if ordinal and "W" not in text else "iso8601"
            )
    return None


def _digits(text: str, zone: tzinfo, now: datetime) -> Moment | None:
    """20240928, 20240928102030, seconds or milliseconds since 1970; anything else is a number."""
    if len(text) in (10, 13):
        seconds = int(text[:10])
        return (
            Moment(datetime.fromtimestamp(seconds, UTC), "second", "epoch")
            if 631_152_000 <= seconds <= now.timestamp() + 366 * 86_400
            else None
        )
    if len(text) not in (8, 12, 14):
        return None
    on = day_of(int(text[:4]), int(text[4:6]), int(text[6:8])) if text[:2] in ("19", "20") else None
    if on is None or not OLDEST <= on <= now.date() + FUTURE:
        return None
    clock = Clock(int(text[8:10]), int(text[10:12]), int(text[12:]) if len(text) == 14 else None, None) if len(text) > 8 else None
    return _moment(on, clock, zone, "compact")


def _moment(on: date, clock: Clock | None, zone: tzinfo, source: str) -> Moment | None:
    if clock is None:
        return Moment(datetime.combine(on, NOON, zone), "day", source)
    if clock.hour > 24 or clock.minute > 59 or (clock.second or 0) > 60 or (clock.hour == 24 and (clock.minute or clock.second)):
        return None
    when = datetime.combine(on, time(clock.hour % 24, clock.minute, min(clock.second or 0, 59)), clock.offset or zone)
    if clock.hour == 24:
        when += timedelta(days=1)
    return Moment(when, "minute" if clock.second is None else "second", source)


class _Reading(NamedTuple):
    """One date in a scan, from the index ``start`` up to ``end``."""

    moment: Moment
    written: Written
    start: int
    end: int


_LEAD = frozenset("".join(map(characters_of, "WBCfkTZP")) + ":-./")
_STRANGE_LABEL = pattern(r"w{1,3}B*:|W1(?=[12][-/.V])")
_CLOCK_FIRST = pattern(r"P?k?T(?:H|k)?P?Z?[-./fkBW]*")
_UNTIL = (
    r"(?:-|r|\.-)f{0,2}W?f{0,2}"
    r"(?:(?:[1-4][-/.YKDgf]{0,2}){3}|(?:[12][.O]{0,2}-?f{0,2})?M[-.O124fg]{0,8}|(?:[12]K)?[12]D|[12]O?\.?M|P?T|[12]H?P|[12]H)"
)
_TAIL = pattern(rf"[-.:/gWBfZOkHD]{{0,8}}(?:{_UNTIL}[-.T:PHIfZkWgOD12]{{0,12}})?")
_RANGE = pattern(_UNTIL)


def _loose_date(read: Scan, hints: Hints) -> Moment | None:
    shape = read.shape
    start = 0
    if label := _STRANGE_LABEL.match(shape):
        start = label.end()
    for index in range(start, min(len(shape), 16)):
        for reading in _readings_at(read, index, hints, whole=True):
            tail = shape[reading.end :]
            if (
                not tail
                or tail == "."
                or (reading.written.strength != "alone" and (_TAIL.fullmatch(tail) or _is_unknown_zone(read, reading)))
            ):
                return _with_clock_before(read, reading, hints) if index else reading.moment
        if shape[index] not in _LEAD:
            return None
    return None


def _is_unknown_zone(read: Scan, reading: _Reading) -> bool:
    """RFC 5322 §4.3: an unknown zone name at the end says nothing of the offset; the zone of the source is the best guess."""
    name = read.text[read.starts[reading.end] : read.ends[reading.end]]
    return (
        reading.end == len(read.shape) - 1 and reading.moment.precision == "second" and name.isascii() and name.isalpha() and len(name) <= 5
    )


def _with_clock_before(read: Scan, reading: _Reading, hints: Hints) -> Moment:
    """The time may stand first: "14:05, 28 September 2024"."""
    moment = reading.moment
    if moment.precision != "day":
        return moment
    for index in range(max(0, reading.start - 5), reading.start):
        first = _CLOCK_FIRST.match(read.shape, index)
        if first and first.end() >= reading.start and (clock := clock_at(read, index, hints.zone)):
            return _moment(moment.when.date(), clock[0], moment.when.tzinfo or hints.tz, moment.source) or moment
    return moment


def _readings_at(read: Scan, index: int, hints: Hints, *, whole: bool) -> Iterator[_Reading]:
    yield from _relative_readings_at(read, index, hints)
    for written, end in days_at(read, index, hints, whole=whole):
        zone = hints.tz_of(written.source)
        clock = clock_at(read, end if written.clock is None else written.clock, hints.zone)
        if clock and (moment := _moment(written.day, clock[0], zone, written.source)):
            yield _Reading(moment, written, index, max(clock[1], end))
        if day := _moment(written.day, None, zone, written.source):
            yield _Reading(day, written, index, end)


def _relative_readings_at(read: Scan, index: int, hints: Hints) -> Iterator[_Reading]:
    """Before all others: in "1 day ago" the last word is also a Spanish August."""
    said = relative_at(read, index, hints.now.astimezone(hints.tz))
    if said is None:
        return
    when, precision, sure, end = said
    clock = clock_at(read, end, hints.zone) if precision == "day" else None
    if clock and (moment := _moment(when.date(), clock[0], hints.tz, "relative")):
        yield _Reading(moment, Written(when.date(), "relative", "full"), index, clock[1])
    yield _Reading(Moment(when, precision, "relative"), Written(when.date(), "relative", "full" if sure else "partial"), index, end)


class _Found(NamedTuple):
    rank: int
    moment: Moment
    span: tuple[int, int]


_RECKONED, _PARTIAL, _FULL, _LABELLED = 0, 1, 2, 3
"""Reckoned: a day of the Islamic calendar, of which the same line often tells the Gregorian one."""
_LABEL_BEFORE = pattern(r"(?:B[f:.-]{0,2}){1,5}$")
_DEADLINE_BEFORE = pattern(r"[Nr][Bf:]*$")
_NUMBERED = frozenset("12" + characters_of("O"))
_WEEKDAYS = frozenset(characters_of("W"))
_WEEKDAY_BEFORE = pattern(r"W\.?$")


def _candidates(read: Scan, hints: Hints) -> Iterator[_Found]:
    index = 0
    while index < len(read.shape):
        reading = next((reading for reading in _readings_at(read, index, hints, whole=False) if _stands_alone(read, reading)), None)
        if reading is None:
            index += 1
            continue
        if found := _judged(read, reading):
            yield found
        index = reading.end


def _stands_alone(read: Scan, reading: _Reading) -> bool:
    """Not a part of a number, a version, an address or a word."""
    first, last = read.starts[reading.start], read.ends[reading.end - 1]
    before, after = read.text[first - 1 : first], read.text[last : last + 1]
    if before and read.shape[reading.start] in _DIGITAL:
        if before in "_+#%=&?$€£¥" or (before.isascii() and before.isalnum() and not _is_word(read, reading.start - 1)):
            return False
        if before in "-/.:" and not _opens(read.text[first - 2 : first - 1], before):
            return False
    if after and (after in "_%$€£¥" or (after.isascii() and after.isalnum() and not _is_word(read, reading.end))):
        return False
    if before.isalpha() and after.isalpha() and "w" in (read.shape[reading.start - 1], read.shape[reading.end]):
        return False  # 公司2020年6月30日净值: in the middle of a sentence
    following = read.text[last + 1 : last + 2]
    return not (after in "-/.:" and following.isalnum() and following.isascii() and not _RANGE.match(read.shape, reading.end))


_DIGITAL = frozenset("12345678lnT")


def _is_word(read: Scan, index: int) -> bool:
    """A whole word, which lost its space when the text was taken from a page; an id has a letter or two."""
    return 0 <= index < len(read.shape) and isinstance(read.values[index], dict) and read.ends[index] - read.starts[index] >= 4


def _opens(character: str, sign: str) -> bool:
    """Whether a sign right before a date parts it from what is before: "Title - 2024-09-28" and "日期:2024-09-28", not "10.2024-09-28"."""
    return character.isspace() or (sign == ":" and bool(character) and not character.isdigit())


def _judged(read: Scan, reading: _Reading) -> _Found | None:
    """None for a day that is not the day of publication."""
    start, end = reading.start, reading.end
    before = read.shape[max(0, start - 8) : start]
    if _DEADLINE_BEFORE.search(before) and "W" not in (read.values[start - 1] or ()):
        return None
    if weekday := _WEEKDAY_BEFORE.search(before):
        start -= len(weekday[0])
        before = before[: weekday.start()]
    if (
        end < len(read.shape)
        and read.shape[end] in _WEEKDAYS
        and (read.ends[end] - read.starts[end] > 2 or read.text[read.starts[end] - 1] == "(")
    ):
        end += 1
    label = _LABEL_BEFORE.search(before)
    if label:
        start -= len(label[0])
        if _of_something_else(read, start):
            return None
    full = reading.written.strength == "full"
    if not full and (_runs_on(read, end) or (not label and not _at_an_edge(read, reading))):
        return None
    rank = (
        _RECKONED
        if reading.written.source == "hijri"
        else _PARTIAL
        if not full or (not label and _worded(read, start))
        else _LABELLED
        if label
        else _FULL
    )
    return _Found(rank, reading.moment, _span(read, start, end))


def _runs_on(read: Scan, end: int) -> bool:
    """Whether a long number follows, of which a year and what came after it lost their space: "27 August 202229 August 2022"."""
    return read.shape[end : end + 1] in _LONG_NUMBERS


_LONG_NUMBERS = ("5", "6", "7", "8", "x")


def _of_something_else(read: Scan, label: int) -> bool:
    """会议时间: a bare label right after a word is the time of what the word names."""
    if label == 0 or read.text[read.starts[label] : read.ends[label]] not in BARE_LABELS:
        return False
    return read.shape[label - 1] == "w" and read.tight(label - 1, label)


def _at_an_edge(read: Scan, reading: _Reading) -> bool:
    """A day without a year is believed at the beginning or end of a text, or in brackets: elsewhere it is what the text tells about.

    Not even there where a small word ties it to the text ("opens on Dec. 4", "13 e 14 dicembre"). 09-28 is believed where a number has its
    leading zero, or in a text that writes days so: 12-10 may be a score. "Yesterday" is believed where a line or a separator sets it apart.
    """
    first, last = read.starts[reading.start], read.ends[reading.end - 1]
    before, after = read.text[:first].rstrip(" "), read.text[last:].lstrip(" ")
    if before.endswith("(") and after.startswith(")"):
        return True
    source = reading.written.source
    if source == "relative":
        return before[-1:] in _SET_APART and after[:1] in _SET_APART
    if source == "md":
        written = read.text[first:last]
        return (not before or not after) and ("0" in (written[0], written[3:4]) or any(character > "\u3040" for character in read.text))
    return not before or (not after and not _tied(read, reading.start))


_SET_APART = ("", ",", "\n", "-", "(", ")", "/")


def _tied(read: Scan, index: int) -> bool:
    """Whether a number or a small word stands right before."""
    while index and read.shape[index - 1] in _WEEKDAYS:
        index -= 1
    if index == 0:
        return False
    if _worded(read, index):
        return True
    joined = index > 1 and read.shape[index - 2] in _NUMBERED and read.ends[index - 1] - read.starts[index - 1] <= 3
    return joined or read.shape[index - 1] in _NUMBERED


def _worded(read: Scan, index: int) -> bool:
    """Whether a small word that the scan left out stands right before."""
    return index > 0 and any(character.isalpha() for character in read.gap(index - 1))


def _span(read: Scan, first: int, last: int) -> tuple[int, int]:
    """With the brackets around it, and the full stop of a language that writes one after a day."""
    start, end = read.starts[first], read.ends[last - 1]
    text = read.text
    if "." in text[start:end] and text[end : end + 1] == "." and not text[end + 1 : end + 2].strip():
        end += 1
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        end += 1
    while text[:start].rstrip().endswith("(") and text[end:].lstrip().startswith(")"):
        start, end = text.rindex("(", 0, start), text.index(")", end) + 1
    return start, end
