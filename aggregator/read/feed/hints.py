"""What a feed asks of those who poll it: RSS 2.0 ``ttl``, ``skipHours`` and ``skipDays``, the syndication module of RSS 1.0, and the links of WebSub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from aggregator.model import Hints
from aggregator.read.feed.names import Element, short
from aggregator.text import urls

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS: Final = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
"""``sy:updatePeriod`` → hours."""
_SAYS_NOTHING: Final = ("hourly", 1)
"""What WordPress writes into every feed, whatever it publishes: the one value of the syndication module that nobody has chosen."""
_MOST_PARTS: Final = 200
_LONGEST: Final = 2_000
"""Characters of an address that is kept."""
_LONGEST_NUMBER: Final = 9

_NONE: Final = Hints()

Parts = Mapping[str, Sequence[Element]]


def of(parts: Parts, base: str) -> Hints:
    """The hints among the elements of a channel or an Atom feed, by their short names; ``base`` is what their links are relative to."""
    found = Hints(
        ttl=_ttl(parts) or _period(parts),
        skip_hours=frozenset(
            hour % 24 for text in _inside(parts, "skiphours", "hour") if (hour := _number(text)) is not None and hour <= 24
        ),
        skip_days=frozenset(_DAYS.index(day) for text in _inside(parts, "skipdays", "day") if (day := text.lower()) in _DAYS),
        hub=_link(parts, "hub", base),
        topic=_link(parts, "self", base),
    )
    return _NONE if found == _NONE else found


def _ttl(parts: Parts) -> timedelta | None:
    minutes = _number(_text(parts, "ttl"))
    return timedelta(minutes=minutes) if minutes else None


def _period(parts: Parts) -> timedelta | None:
    """Defaults: daily, once (web.resource.org/rss/1.0/modules/syndication)."""
    period, frequency = _text(parts, "sy:updateperiod").lower(), _number(_text(parts, "sy:updatefrequency"))
    if not period and not frequency:
        return None
    stated = (period or "daily", frequency or 1)
    if stated == _SAYS_NOTHING or stated[0] not in _PERIODS:
        return None
    return timedelta(hours=_PERIODS[stated[0]]) / stated[1]


def _inside(parts: Parts, name: str, part: str) -> list[str]:
    """Texts of the elements ``part`` inside the elements ``name``."""
    inside = (child for element in parts.get(name, ())[:1] for child in element[:_MOST_PARTS])
    return [(child.text or "").strip() for child in inside if short(child) == part]


def _text(parts: Parts, name: str) -> str:
    return next(((element.text or "").strip() for element in parts.get(name, ())), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _link(parts: Parts, wanted: str, base: str) -> str | None:
    """The first link of that relation. Atom's own, which RSS borrows."""
    for element in parts.get("link", ())[:_MOST_PARTS]:
        if (
            wanted in (element.get("rel") or "").lower().split()
            and (found := urls.absolute(base, element.get("href")))
            and len(found) <= _LONGEST
        ):
            return found
    return None
