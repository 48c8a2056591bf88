"""Years and calendars: which day of the Gregorian calendar is meant. None stands for a day that does not exist."""

from __future__ import annotations

from datetime import date

from aggregator.text.dates.lexicon import HIJRI, JALALI

BUDDHIST = 543
REPUBLIC = 1911
_SOLAR_HIJRI = range(1340, 1410)
_HIJRI = range(1410, 1470)
_BUDDHIST_YEARS = range(2443, 2700)
_YEARS = range(1900, 2200)


def day_of(year: int, month: int, day: int) -> date | None:
    """The Gregorian day. ``month`` may be one of ``lexicon``'s other calendars; a year of another calendar is known by its size.

    1403 is a year of the Iranian calendar, 1446 one of the Islamic, 2567 one of the Buddhist era.
    """
    try:
        if month > HIJRI:
            return _hijri(year, month - HIJRI, day)
        if month > JALALI:
            return _jalali(year, month - JALALI, day)
        if year in _SOLAR_HIJRI:
            return _jalali(year, month, day)
        if year in _HIJRI:
            return _hijri(year, month, day)
        if year in _BUDDHIST_YEARS:
            year -= BUDDHIST
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def is_hijri(year: int, month: int) -> bool:
    """Whether they are of the Islamic calendar, whose days are known to a day or two only."""
    return month > HIJRI or (month <= 12 and year in _HIJRI)


def full_year(year: int, this_year: int, *, thai: bool = False) -> int:
    """The year that two digits stand for: the last one that is not after next year; of the Buddhist era where ``thai``."""
    if thai:
        return 2500 + year - BUDDHIST
    century = this_year // 100 * 100
    return century + year if century + year <= this_year + 1 else century - 100 + year


def _jalali(year: int, month: int, day: int) -> date | None:
    """Iranian calendar by its cycle of 33 years, exact for 1178 to 1633."""
    length = 31 if month <= 6 else 30 if month <= 11 or (8 * year + 29) % 33 < 8 else 29
    if year not in _SOLAR_HIJRI or not 1 <= month <= 12 or not 1 <= day <= length:
        return None
    new_year = date(2021, 3, 21).toordinal() + 365 * (year - 1400) + (8 * (year - 1) + 29) // 33 - (8 * 1399 + 29) // 33
    return date.fromordinal(new_year + 31 * (month - 1) - max(0, month - 7) + day - 1)


def _hijri(year: int, month: int, day: int) -> date | None:
    """Islamic calendar by the civil arithmetic; the sighted or the Umm al-Qura calendar may be a day off."""
    if not 1350 <= year < _HIJRI.stop or not 1 <= month <= 12 or not 1 <= day <= 30:
        return None
    epoch = date(622, 7, 19).toordinal()
    return date.fromordinal(epoch - 1 + day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30)
