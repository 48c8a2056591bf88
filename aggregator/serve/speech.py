"""The languages of the interface: words from ``languages/CODE.po``, dates, numbers and names of countries and languages from the CLDR (Babel).

English stands in the templates themselves. Another language is one file, one row below, and its code in ``site.language`` of the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.support import NullTranslations, Translations

from aggregator.errors import Phrase
from aggregator.model import University


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, spoken."""

    code: str
    """As in ``?lang=`` and the name of its file."""
    tag: str
    """BCP 47, for the ``lang`` of pages."""
    name: str
    """In its own words."""
    region: str
    """The locale whose way of writing dates is followed."""

    def say(self, message: str, **values: object) -> str:
        """``message`` in this language; %(name)s stands for a value. Messages are found in the source by this name (``say``)."""
        said = self.words.gettext(message)
        return said % values if values else said

    def phrase(self, phrase: Phrase) -> str:
        """What an error tells a reader."""
        return self.say(phrase.template, **phrase.values)

    @property
    def words(self) -> NullTranslations:
        return _words(self.code)

    @property
    def locale(self) -> Locale:
        return _locale(self.region)

    def weekday(self, day: date) -> str:
        return _capital(dates.format_date(day, "EEEE", self.locale))

    def date(self, day: date) -> str:
        return dates.format_date(day, "long", self.locale)

    def moment(self, moment: datetime | None) -> str:
        """In UTC, to the minute; "never" for None."""
        if moment is None:
            return self.say("never")
        utc = moment.astimezone(dates.UTC)
        return f"{dates.format_date(utc.date(), 'medium', self.locale)} {utc:%H:%M} UTC"

    def number(self, value: int) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def size(self, length: int) -> str:
        """Of a file of so many bytes."""
        for unit, short in (("gigabyte", 1_000_000_000), ("megabyte", 1_000_000), ("kilobyte", 1_000)):
            if length >= short:
                return _unit(length / short, unit, self)
        return _unit(length, "byte", self)

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """What this language calls that one."""
        known = self.locale.languages
        return _capital(str(known.get(code.replace("-", "_")) or known.get(code.partition("-")[0]) or code))


SPEECHES: Mapping[str, Speech] = {
    speech.code: speech
    for speech in (
        Speech("en", "en", "English", "en_GB"),
        Speech("zh", "zh-Hans", "中文", "zh_Hans_CN"),
        Speech("ru", "ru", "Русский", "ru_RU"),
    )
}
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
"""Languages that are written from right to left."""


def noted(message: str) -> str:
    """Marks a message that is said later, so that it is found in the source."""
    return message


def own_name(code: str) -> str:
    """What a language is called by those who speak it; the code itself where the CLDR does not know it."""
    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return code
    return _capital(str(locale.languages.get(locale.language, code)))


def called(university: University, speech: Speech) -> str:
    """Its name in that language, where the configuration knows it."""
    return university.names.get(speech.code) or university.name


def direction(code: str | None) -> str:
    """For the attribute ``dir``: what the language says; without one, the first strong letter decides."""
    if not code:
        return "auto"
    return "rtl" if code.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _unit(value: float, unit: str, speech: Speech) -> str:
    from babel.units import format_unit

    pattern = "0.#" if unit == "gigabyte" else "0"
    return format_unit(value, f"digital-{unit}", "short", format=pattern, locale=speech.locale)


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


@cache
def _words(code: str) -> NullTranslations:
    """The catalogue is compiled when it is first needed, so that there is nothing to build."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files("aggregator.serve") / "languages" / f"{code}.po"
    if not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=code, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)
