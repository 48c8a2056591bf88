"""How dates of one page are read: with its clock, its zone and its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from aggregator.text.dates import Moment, date_in_url, find_date, parse_date
from aggregator.text.dates.clocks import zone_of

_LONGEST_DATE = 100
_LONGEST_LINE = 200
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGIT = re.compile(r"\d")
_TIME = re.compile(r"(?i)\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s?(?:[A-Z]{2,4}T|uhr|UTC|GMT)\b)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """None stands for what is no date, and for what is none of an article: nothing is older than the web or of the future."""

    now: datetime
    timezone: str | None
    language: str | None
    day_first: bool | None = None
    """How the page writes 03/04/2024, where it tells."""

    @property
    def zone(self) -> tzinfo | None:
        """That of the source, where it is known."""
        return zone_of(self.timezone) if self.timezone else None

    def parse(self, text: str) -> Moment | None:
        """The moment that the whole text means."""
        text = text[:_LONGEST_DATE]
        return (
            self._sane(parse_date(text, now=self.now, timezone=self.timezone, language=self.language, day_first=self.day_first))
            if _DIGIT.search(text)
            else None
        )

    def find(self, text: str) -> Moment | None:
        """The moment of publication in a line."""
        found = self.place(text)
        return found[0] if found else None

    def place(self, text: str) -> tuple[Moment, tuple[int, int]] | None:
        """The same, and where in the line it stands."""
        found = self._look(text)
        return found if found and self._sane(found[0]) else None

    def of_element(self, stated: str, text: str) -> Moment | None:
        """The moment that an element states; that of its text where it is days away: some templates state the same for all their pages."""
        moment = self.parse(stated)
        seen = self.find(text) if moment and _YEAR.search(text) else None
        if moment and seen and abs((seen.when.date() - moment.when.date()).days) > 1:
            return seen
        return moment or self.find(stated)

    def without(self, text: str) -> str:
        """The text without its dates and times."""
        for _ in range(3):
            found = self._look(text)
            if found is None:
                break
            start, end = found[1]
            text = f"{text[:start]}  {text[end:]}"
        return _TIME.sub("  ", text).strip()

    def in_url(self, url: str) -> Moment | None:
        return self._sane(date_in_url(url, now=self.now, timezone=self.timezone))

    def _look(self, text: str) -> tuple[Moment, tuple[int, int]] | None:
        text = text[:_LONGEST_LINE]
        return (
            find_date(text, now=self.now, timezone=self.timezone, language=self.language, day_first=self.day_first)
            if _DIGIT.search(text)
            else None
        )

    def _sane(self, moment: Moment | None) -> Moment | None:
        return moment if moment is not None and moment.when.year >= 1990 and moment.when <= self.now + timedelta(days=2) else None
