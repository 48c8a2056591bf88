"""The two readers of text: ``parse_date`` for a text that is a date, ``find_date`` for a text that holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from aggregator.model import Precision
from aggregator.text.dates import feeds
from aggregator.text.dates.clocks import Clock, clock_at, zone_of
from aggregator.text.dates.days import Hints, Written, days_at
from aggregator.text.dates.lexicon import characters_of, pattern
from aggregator.text.dates.relative import relative_at
from aggregator.text.dates.tokens import Scan, scan

LONGEST_DATE = 200
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
    unknown: UTC). ``language`` (BCP 47) settles words and orders that differ between languages. ``day_first`` settles 03/04/2024; without it the day comes
    first, but for American English (``en-US``, or English in a time zone of the United States). A year alone is its first day, a month its first.
    Precision "second" needs seconds. Dates before 1970 or more than two years after ``now`` are believed in RFC 822 and ISO 8601 notation only.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_DATE:
        return None
    return _feed_date(text, timezone) or _loose_date(text, Hints(now, timezone, language, day_first))


def find_date(
    text: str, *, now: datetime, timezone: str | None = None, language: str | None = None, day_first: bool | None = None
) -> tuple[Moment, tuple[int, int]] | None:
    """The date of publication in a longer text, and where it stands in it with its label, weekday, time and brackets, so that it can be cut out.

    A date that a label announces wins over a full date, a full or relative one over a date without a year; among equals the first wins. Not taken are
    dates that are part of a number, an address or a version, days of a deadline, and months or years alone. Arguments as for ``parse_date``.
    """
    text = text[:LONGEST_TEXT]
    if len(text) <= LONGEST_DATE and (whole := parse_date(text, now=now, timezone=timezone, language=language, day_first=day_first)):
        if whole.source in ("month", "year", "year-month", "epoch"):
            return None
        start = len(text) - len(text.lstrip())
        return whole, (start, len(text.rstrip()))
    hints = Hints(now, timezone, language, day_first)
    best: _Found | None = None
    for found in _candidates(scan(text), hints):
        if best is None or found.rank > best.rank:
            best = found
        if best.rank == _LABELLED:
            break
    return (best.moment, best.span) if best else None


def _feed_date(text: str, zone: str | None) -> Moment | None:
    if text[-1] in "TZ0123456789" and text[0] in "0123456789MTWFS":
        if stamp := feeds.rfc822(text):
            return Moment(stamp, "second" if text.count(":") > 1 else "minute", "rfc822")
        if read := feeds.iso8601(text):
            on, clock, offset = read
            return _moment(on, Clock(*clock, offset) if clock else None, zone_of(zone), "iso8601")
    return None


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


_LEAD = frozenset(characters_of("W") + characters_of("B") + characters_of("f") + characters_of("k") + ":-./,|T" + characters_of("Z") + characters_of("P"))
_STRANGE_LABEL = re.compile(r"w{1,3}:")
_CLOCK_FIRST = pattern(r"P?k?T(?:H|k)?P?Z?[-,./|fkB]*")
_TAIL = pattern(
    r"[-.:/gWBfZOkwHD]*"
    r"(?:(?:[-r]|\.-)f*W?f*(?:(?:[1-4][-/.YKDgf]*){3}|(?:[12][.O]*-?f*)?M[-.O124fg]*|(?:[12]K)?[12]D|[12]O?\.?M|P?T|[12]H?P|[12]H)[-.T:PHIfZkWgOD12]*)?"
)


def _loose_date(text: str, hints: Hints) -> Moment | None:
    read = scan(text)
    shape = read.shape
    start = 0
    if label := _STRANGE_LABEL.match(shape):
        start = label.end()
    for index in range(start, min(len(shape), 16)):
        for reading in _readings_at(read, index, hints, whole=True):
            tail = read.shape[reading.end :]
            if _TAIL.fullmatch(tail) and (not tail or reading.written.strength != "alone" or tail in (".", "/")) and "w" not in tail.lstrip("Z"):
                return _with_clock_before(read, reading, hints) if index else reading.moment
        if shape[index] not in _LEAD:
            return None
    return None


def _with_clock_before(read: Scan, reading: _Reading, hints: Hints) -> Moment:
    """"14:05, 28 September 2024"."""
    moment = reading.moment
    if moment.precision != "day":
        return moment
    for index in range(max(0, reading.start - 5), reading.start):
        first = _CLOCK_FIRST.match(read.shape, index)
        if first and first.end() >= reading.start and (clock := clock_at(read, index, hints.zone)):
            return _moment(moment.when.date(), clock[0], moment.when.tzinfo or hints.tz, moment.source) or moment
    return moment


def _readings_at(read: Scan, index: int, hints: Hints, *, whole: bool) -> Iterator[_Reading]:
    for written, end in days_at(read, index, hints, whole=whole):
        clock = clock_at(read, end, hints.zone)
        if clock and (moment := _moment(written.day, clock[0], hints.tz_of(written.source), written.source)):
            yield _Reading(moment, written, index, clock[1])
        day = _moment(written.day, None, hints.tz_of(written.source), written.source)
        if day:
            yield _Reading(day, written, index, end)
    if (said := relative_at(read, index, hints.now.astimezone(hints.tz))) is not None:
        when, precision, end = said
        written = Written(when.date(), "relative", "full")
        clock = clock_at(read, end, hints.zone) if precision == "day" else None
        if clock and (moment := _moment(when.date(), clock[0], hints.tz, "relative")):
            yield _Reading(moment, written, index, clock[1])
        yield _Reading(Moment(when, precision, "relative"), written, index, end)


class _Found(NamedTuple):
    rank: int
    moment: Moment
    span: tuple[int, int]


_PARTIAL, _FULL, _LABELLED = 1, 2, 3
_GLUE = frozenset("-/.:+_#%=&?")
_LABEL_BEFORE = pattern(r".*?((?:B[:.-]?)+)$")
_DEADLINE_BEFORE = pattern(r".*N[B:]*$")
_WEEKDAY_BEFORE = pattern(r".*?(W\.?)$")


def _candidates(read: Scan, hints: Hints) -> Iterator[_Found]:
    index = 0
    while index < len(read.shape):
        found = next((_judged(read, reading) for reading in _readings_at(read, index, hints, whole=False) if _stands_alone(read, reading)), None)
        if found is None:
            index += 1
            continue
        reading, judged = found
        if judged:
            yield judged
        index = reading.end


def _stands_alone(read: Scan, reading: _Reading) -> bool:
    """Not a part of a number, a version, an address or a word."""
    first, last = read.starts[reading.start], read.ends[reading.end - 1]
    before, after = read.text[first - 1 : first], read.text[last : last + 1]
    if read.shape[reading.start].isascii() and read.shape[reading.start] in "12345678lnT" and before:
        if before.isascii() and before.isalnum() or before in "_+#%=&?$€£¥":
            return False
        if before in "-/.:" and (first < 2 or not read.text[first - 2].isspace()) and not (before == ":" and not read.text[first - 2].isdigit()):
            return False
    if after and (after.isascii() and after.isalnum() or after in "_%$€£¥"):
        return False
    following = read.text[last + 1 : last + 2]
    return not (after in "-/.:" and following.isalnum() and following.isascii() and not _TAIL.fullmatch(read.shape[reading.end :]))


def _judged(read: Scan, reading: _Reading) -> tuple[_Reading, _Found | None]:
    shape = read.shape[max(0, reading.start - 8) : reading.start]
    if _DEADLINE_BEFORE.match(shape):
        return reading, None
    start, end = reading.start, reading.end
    if weekday := _WEEKDAY_BEFORE.match(shape):
        start -= len(weekday[1])
    label = _LABEL_BEFORE.match(read.shape[max(0, start - 8) : start])
    if label:
        start -= len(label[1])
    rank = _LABELLED if label and reading.written.strength == "full" else _FULL if reading.written.strength == "full" else _PARTIAL
    if rank == _PARTIAL and not label and not _at_an_edge(read, reading):
        return reading, None
    return reading, _Found(rank, reading.moment, _span(read, start, end))


def _at_an_edge(read: Scan, reading: _Reading) -> bool:
    """A day without a year is believed at the beginning or end of a text, or in brackets: elsewhere it is what the text tells about."""
    return reading.start == 0 or reading.end == len(read.shape) or read.text[: read.starts[reading.start]].rstrip().endswith("(")


def _span(read: Scan, first: int, last: int) -> tuple[int, int]:
    start, end = read.starts[first], read.ends[last - 1]
    text = read.text
    before, after = text[:start].rstrip(), text[end:].lstrip(" .")
    while before[-1:] == "(" and after[:1] == ")":
        start, end = len(before) - 1, len(text) - len(after) + 1
        before, after = text[:start].rstrip(), text[end:].lstrip()
    return start, end
