"""The catalogues of the interface: each says everything that is in the source, and nothing else."""

from __future__ import annotations

import re
import typing
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from aggregator.config.schema import SiteFile
from aggregator.serve.speech import SPEECHES, direction, own_name

SERVE = Path(str(files("aggregator.serve")))
TRANSLATED = sorted(set(SPEECHES) - {"en"})
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"say": None, "noted": None, "_": None, "ngettext": (1, 2)}
_VALUE = re.compile(r"%\(\w+\)s")


def in_the_source():
    found = extract_from_dir(SERVE, _METHODS, {"**/templates/**.html": {"trimmed": "true"}}, _KEYWORDS)
    said = {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}
    return said | {message for _, message, _, _ in extract_from_file("python", SERVE.parent / "query.py", {"Phrase": None})}


def catalogue(code):
    with (SERVE / "languages" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_is_complete_and_each_of_its_messages_is_used(code):
    messages = {message.id: message for message in catalogue(code) if message.id}

    assert set(messages) == in_the_source()
    assert [id_ for id_, message in messages.items() if message.fuzzy or not all(_texts(message))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_values_of_its_message(code):
    for message in catalogue(code):
        if message.id:
            wanted = set(_VALUE.findall(message.id if isinstance(message.id, str) else message.id[1]))
            assert [text for text in _texts(message) if set(_VALUE.findall(text)) != wanted] == []


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1 раз подряд"), (3, "3 раза подряд"), (5, "5 раз подряд"), (11, "11 раз подряд"), (22, "22 раза подряд")]
)
def test_russian_counts_in_three_forms(number, said):
    words = SPEECHES["ru"].words.ngettext("%(num)s time in a row", "%(num)s times in a row", number)

    assert words % {"num": number} == said


def test_the_configuration_offers_just_the_languages_that_are_spoken():
    assert set(typing.get_args(SiteFile.model_fields["language"].annotation)) == set(SPEECHES)


def test_every_catalogue_belongs_to_a_language():
    assert {path.stem for path in (SERVE / "languages").iterdir()} == set(TRANSLATED)


def test_dates_and_names_are_those_of_the_language(now):
    said = {
        code: (speech.weekday(now), speech.date(now), speech.country("CN"), speech.language("zh-Hant")) for code, speech in SPEECHES.items()
    }

    assert said == {
        "en": ("Monday", "2 March 2026", "China", "Traditional Chinese"),
        "zh": ("星期一", "2026年3月2日", "中国", "繁体中文"),
        "ru": ("Понедельник", "2 марта 2026\u202fг.", "Китай", "Китайский, традиционное письмо"),
    }


@pytest.mark.parametrize(
    ("code", "name"), [("ru", "Русский"), ("zh-CN", "中文"), ("pt-BR", "Português"), ("qqx", "qqx"), ("??", "??"), ("x" * 50, "x" * 50)]
)
def test_a_language_is_called_what_its_speakers_call_it(code, name):
    assert own_name(code) == name


@pytest.mark.parametrize(("code", "way"), [("ar", "rtl"), ("he-IL", "rtl"), ("zh", "ltr"), (None, "auto")])
def test_a_language_has_a_direction(code, way):
    assert direction(code) == way


def _texts(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)
