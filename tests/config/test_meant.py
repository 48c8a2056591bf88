"""What people write who come from other programs is met with our word for it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.config import load, meant, schema
from aggregator.config.schema import LogFile, NewsletterFile, SettingsFile, UniversityFile
from aggregator.errors import ConfigError
from aggregator.model import KINDS

MODELS = [
    each
    for each in vars(schema).values()
    if isinstance(each, type)
    and issubclass(each, schema.BaseModel)
    and each.__name__.endswith("File")
    and not each.__name__.startswith("_")
]


def told(folder: Path, file: str, text: str, **environment: str) -> str:
    (folder / "universities").mkdir(exist_ok=True)
    (folder / "aggregator.yaml").touch()
    (folder / file).write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(folder, environment)
    return caught.value.message


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("rss", "feed"),
        ("Atom", "feed"),
        ("html", "auto"),
        ("page", "auto"),
        ("json", "jsonfeed"),
        ("RSS", "feed"),
        ("wp", "wordpress"),
        ("AUTO", "auto"),
    ],
)
def test_a_kind_of_another_program_is_met_with_ours(tmp_path: Path, written: str, offered: str) -> None:
    said = told(tmp_path, "universities/north.yaml", f"name: N\nsources: [{{url: 'https://n.example/', kind: {written}}}]\n")

    assert said.endswith(f'did you mean "{offered}"?')


@pytest.mark.parametrize(
    ("key", "offered"),
    [
        ("lang", 'did you mean "language"?'),
        ("name", 'did you mean "title"?'),
        ("interval", 'did you mean "every"?'),
        ("type", 'did you mean "kind"?'),
        ("selector", 'did you mean "items"?'),
        ("enabled", 'did you mean "paused"?'),
        ("timeout", 'there is "fetch.timeout" in aggregator.yaml, for all sources'),
        ("user-agent", 'there is "fetch.contact" in aggregator.yaml, for all sources'),
        ("notes", "a comment begins with #"),
        ("itmes", 'did you mean "items"?'),
    ],
)
def test_a_key_of_a_source_that_is_called_otherwise_here_is_told(tmp_path: Path, key: str, offered: str) -> None:
    said = told(tmp_path, "universities/north.yaml", f"name: N\nsources: [{{url: 'https://n.example/', {key}: x}}]\n")

    assert f"sources[0].{key}: no such key" in said
    assert offered in said


@pytest.mark.parametrize("key", ["link", "feed_url", "rss", "href"])
def test_the_address_of_a_source_is_its_url(tmp_path: Path, key: str) -> None:
    assert 'did you mean "url"?' in told(tmp_path, "universities/north.yaml", f"name: N\nsources: [{{{key}: 'https://n.example/'}}]\n")


@pytest.mark.parametrize("sources", ["sources: https://n.example/\n", "sources:\n  - https://n.example/\n"])
def test_a_bare_address_is_told_how_it_is_written(tmp_path: Path, sources: str) -> None:
    assert 'write "- url: https://n.example/"' in told(tmp_path, "universities/north.yaml", f"name: N\n{sources}")


@pytest.mark.parametrize(
    ("key", "offered"),
    [
        ("title", "site.title"),
        ("lang", "site.language"),
        ("interval", "poll.every"),
        ("timeout", "fetch.timeout"),
        ("at_most", "poll.at_most"),
        ("db", "database"),
    ],
)
def test_a_setting_that_belongs_into_a_section_is_told_with_it(tmp_path: Path, key: str, offered: str) -> None:
    assert f'did you mean "{offered}"?' in told(tmp_path, "aggregator.yaml", f"{key}: x\n")


def test_sources_do_not_stand_among_the_settings(tmp_path: Path) -> None:
    assert "in the file of their university" in told(tmp_path, "aggregator.yaml", "sources: []\n")


def test_the_language_of_a_university_is_that_of_its_sources(tmp_path: Path) -> None:
    assert 'did you mean "sources.language"?' in told(tmp_path, "universities/north.yaml", "name: N\nlang: en\n")


def test_a_variable_that_is_called_otherwise_is_told(tmp_path: Path) -> None:
    assert "did you mean AGGREGATOR_SITE_LANGUAGE?" in told(tmp_path, "aggregator.yaml", "", AGGREGATOR_LANG="en")


def offers() -> Iterator[tuple[str, str]]:
    values = {
        "kind": ("auto", *KINDS),
        "level": _literals(LogFile, "level"),
        "every": _literals(NewsletterFile, "every"),
        "full_text": ("auto", "always", "never"),
    }
    for key, words in meant._VALUES.items():
        yield from ((word, "|".join(values[key])) for word in words)


def _literals(model: type[schema.BaseModel], name: str) -> tuple[str, ...]:
    return typing.get_args(model.model_fields[name].annotation)


@pytest.mark.parametrize(("offered", "possible"), list(offers()))
def test_each_value_that_is_offered_is_one(offered: str, possible: str) -> None:
    assert offered in possible.split("|")


def test_each_key_that_is_offered_is_one() -> None:
    known = {name for model in MODELS for name in model.model_fields}
    places = {
        f"{name}.{inner}"
        for model in (SettingsFile, UniversityFile)
        for name, field in model.model_fields.items()
        for inner in _inner(field)
    }

    assert set(meant._CALLED) <= known
    assert set(meant._ELSEWHERE) <= places


def _inner(field: typing.Any) -> set[str]:
    found = (field.annotation, *typing.get_args(field.annotation))
    return {name for each in found if isinstance(each, type) and issubclass(each, schema.BaseModel) for name in each.model_fields}
