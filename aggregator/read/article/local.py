"""The day of an instant where the article was written. Publishing systems store UTC and show local time, in which an evening's article is not of the day after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import islice

from aggregator.read.article.shown import Shown
from aggregator.text.dates import Moment

_MOST_TWINS = 200
_ZONED = r"T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?[+-]\d\d:?\d\d(?!\d)"
"""What follows the day in a moment of ISO 8601 with an offset."""
_OFFSETS = frozenset(
    [60 * hours for hours in range(-11, 15)]
    + [-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765]  # in minutes: all that are in use
)
_MINUTE = timedelta(minutes=1)
_MIDNIGHT = time()
"""In UTC it is how a day without a time is stated."""


def at_home(moment: Moment, page: str, shown: Sequence[Shown], updated: Moment | None, zone: tzinfo | None) -> Moment:
    """The same instant in the offset in which the page names it, or shows its day or its time; stated in UTC, else in ``zone``.

    Only instants change their offset: a day stays what it is.
    """
    if moment.precision == "day":
        return moment
    offset = _twin(moment, page) or _shown_offset(moment, shown, updated, zone)
    return replace(moment, when=moment.when.astimezone(offset)) if offset else moment


def _twin(moment: Moment, page: str) -> tzinfo | None:
    """The offset of the same instant elsewhere in the source of the page."""
    if moment.when.utcoffset():
        return None
    for day in (moment.when + timedelta(days=shift) for shift in (0, -1, 1)):
        for text in islice(re.findall(rf"{day:%Y-%m-%d}{_ZONED}", page), _MOST_TWINS):
            twin = _instant(text)
            if twin is not None and twin.utcoffset() and abs(twin - moment.when) < _MINUTE:
                return twin.tzinfo
    return None


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _shown_offset(moment: Moment, shown: Sequence[Shown], updated: Moment | None, zone: tzinfo | None) -> tzinfo | None:
    told = [one.moment for one in shown if one.firm and (one.text or one.moment.precision == "day")]
    days = {one.when.date() for one in told}
    if moment.when.date() in days:
        return None
    for one in told:
        offset = _difference(one.when, moment.when) if one.precision != "day" else None
        if offset is not None:
            return offset
    if moment.when.utcoffset():
        return None
    if told:
        return _reaching(moment.when, told[0].when.date(), zone) if told[0].precision == "day" and not _is_of(told[0], updated) else None
    return None if moment.when.time() == _MIDNIGHT else zone


def _is_of(day: Moment, updated: Moment | None) -> bool:
    return updated is not None and updated.when.astimezone(UTC).date() == day.when.date()


def _difference(shown: datetime, instant: datetime) -> tzinfo | None:
    """The offset in which the instant is what a clock shows, where there is such an offset."""
    minutes = (shown.replace(tzinfo=UTC) - instant) / _MINUTE
    nearest = round(minutes / 15) * 15
    return timezone(timedelta(minutes=nearest)) if nearest in _OFFSETS and abs(minutes - nearest) <= 1 else None


def _reaching(instant: datetime, day: date, zone: tzinfo | None) -> tzinfo | None:
    """The zone if the instant is of that day there, else the nearest full hour in which it is; None where it is so for hardly anybody."""
    hours = (*range(-1, -9, -1), *range(1, 13))
    tried = ([zone] if zone else []) + [timezone(timedelta(hours=number)) for number in hours]
    return next((offset for offset in tried if instant.astimezone(offset).date() == day), None)
