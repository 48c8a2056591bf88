"""Settings from the environment override those of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import Settings, load
from aggregator.config.schema import SettingsFile
from aggregator.errors import Problem


def variables() -> Iterator[tuple[str, str, str]]:
    """Every setting that is no list of things: section, key, variable."""
    for key, field in SettingsFile.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        if inner:
            yield from ((key, name, f"AGGREGATOR_{key}_{name}".upper()) for name in inner)
        elif key not in ("feeds", "newsletters"):
            yield "", key, f"AGGREGATOR_{key}".upper()


OTHER = {
    "database": "sqlite:///other.db",
    "host": "::1",
    "port": "81",
    "title": "Other",
    "url": "https://other.example",
    "language": "zh",
    "contact": "mailto:a@b.example",
    "allow_private": "true",
    "max_body": "1MB",
    "concurrency": "7",
    "pages": "3",
    "websub": "false",
    "hub": "https://hub.example.org/",
    "level": "debug",
    "days": "30",
    "at_least": "7",
    "server": "smtps://me:secret@mail.example.edu",
    "sender": "wire@example.edu",
    "to": "desk@example.edu night@example.edu",
    "chat": "json://hook.example.edu/x",
    "at": "6:30",
    "timezone": "Asia/Shanghai",
    "format": "json",
    "token": "correct-horse-battery",
}


@pytest.mark.parametrize(("section", "key", "variable"), list(variables()))
def test_the_environment_overrides_every_setting(folder: Callable[..., Path], section: str, key: str, variable: str) -> None:
    directory = folder(
        "site: {title: In the file, url: https://news.example.edu}\nfetch: {timeout: 7s}\nmail: {sender: news@example.edu}\n"
    )
    before = load(directory, {})

    after = load(directory, {variable: OTHER.get(key, "6m")})

    def value(found: Settings) -> object:
        return getattr(getattr(found, section), key) if section else getattr(found, key)

    assert value(after) != value(before)
    assert all(
        getattr(after, name) == getattr(before, name)
        for name in ("host", "port", "database", "site", "fetch", "poll")
        if name not in (section, key)
    )
    assert section != "fetch" or key == "timeout" or after.fetch.timeout == timedelta(seconds=7)


def test_a_wrong_value_of_the_environment_is_told_with_its_name(
    folder: Callable[..., Path], problems: Callable[..., list[Problem]]
) -> None:
    found = problems(
        folder("port: 80\n"), {"AGGREGATOR_PORT": "eighty", "AGGREGATOR_FETCH_HOST_GAP": "soon", "AGGREGATOR_POLL_PAGES": "-1"}
    )

    assert {(problem.file, problem.line, problem.key) for problem in found} == {
        ("environment", None, name) for name in ("AGGREGATOR_PORT", "AGGREGATOR_FETCH_HOST_GAP", "AGGREGATOR_POLL_PAGES")
    }
    assert any("'eighty'" in problem.message for problem in found)


def test_a_variable_that_is_no_setting_is_told_with_the_nearest(
    folder: Callable[..., Path], problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder(), {"AGGREGATOR_FETCH_HOSTGAP": "2s"})

    assert "did you mean AGGREGATOR_FETCH_HOST_GAP?" in problem.message


def test_variables_of_others_do_not_matter(folder: Callable[..., Path]) -> None:
    assert load(folder(), {"PATH": "/bin", "AGGREGATOR_CONFIG": "x", "AGGREGATOR_TEST_DATABASE": "y", "MY_AGGREGATOR_X": "z"}).port == 8000


def test_the_environment_does_not_hide_what_is_wrong_in_the_file(
    folder: Callable[..., Path], problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder("fetch: 5\n"), {"AGGREGATOR_FETCH_TIMEOUT": "5s"})

    assert (problem.line, problem.key) == (1, "fetch")
