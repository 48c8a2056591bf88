"""The catalogue: `universities`, `pause` and `resume`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import NORTH, Run


@pytest.fixture
def waiting(folder: Path) -> Path:
    """A university that is known and not polled."""
    path = folder / "config/universities/east.yaml"
    path.write_text(
        "name: East University\ncountry: CN\nenabled: false\nsources:\n  - {url: https://east.example.cn/, language: zh, verified: never}\n"
    )
    return path


def test_the_catalogue_is_listed_for_people_and_for_programs(run: Run, waiting: Path) -> None:
    people, programs = run("universities", "list", "--country", "cn"), run("universities", "list", "--disabled", "--json")

    [said] = json.loads(programs.output)["universities"]
    assert "off  east" in people.output
    assert "https://east.example.cn/  (never verified)" in people.output
    assert (said["id"], said["enabled"], said["sources"][0]["verified"]) == (waiting.stem, False, "never")


def test_universities_are_enabled_by_country_and_language_and_disabled_by_id(run: Run, waiting: Path) -> None:
    on = run("universities", "enable", "--country", "CN", "--language", "zh")
    counted, status = run("check"), run("status")
    off = run("universities", "disable", "east")

    assert on.output.startswith("1 university enabled, 0 so already; now polled: 2 sources of 2 universities\n1 of them was never verified")
    assert "2 sources" in counted.output
    assert "1 of the sources was never verified" in counted.output
    assert "1 of them was never verified" in status.output
    assert off.output.startswith("1 university disabled, 0 so already; now polled: 1 source of 1 university")
    assert "enabled: false" in waiting.read_text()


@pytest.mark.parametrize("words", [["enable"], ["disable"], ["enable", "--all", "east"]])
def test_who_is_meant_must_be_said(run: Run, waiting: Path, words: list[str]) -> None:
    result = run("universities", *words)

    assert (result.exit_code, "enabled: false" in waiting.read_text()) == (2, True)
    assert "say which universities are meant" in result.stderr


def test_an_unknown_university_is_told_with_what_was_meant(run: Run, waiting: Path) -> None:
    result = run("universities", "enable", "eest")

    assert result.exit_code == 2
    assert f'did you mean "{waiting.stem}"?' in result.stderr


@pytest.mark.parametrize("meant", [("--language", "zz"), ("--country", "china")])
def test_a_country_or_language_that_no_university_has_is_told_with_how_they_are_written(
    run: Run, waiting: Path, meant: tuple[str, str]
) -> None:
    result = run("universities", "enable", *meant)

    assert (result.exit_code, "enabled: false" in waiting.read_text()) == (2, True)
    assert "two letters, as CN" in result.stderr


@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("enable",), ("disable",)])
def test_nothing_that_is_all_of_what_was_asked_for_ends_with_1(run: Run, waiting: Path, words: tuple[str, ...]) -> None:
    result = run("universities", *words, "--country", "CN", "north")

    assert result.exit_code == 1
    assert "no university is all of that" in result.output or json.loads(result.stdout) == {"universities": []}
    assert "enabled: false" in waiting.read_text()


def test_a_source_is_paused_and_resumed_in_its_file(run: Run, folder: Path) -> None:
    file = folder / "config" / "universities" / "north.yaml"

    assert run("pause", "north/news").exit_code == 0
    assert "paused: true" in file.read_text()
    assert "already" in run("pause", "north").output
    assert "paused  north/news" in run("status").output  # though nothing that polls has heard of it
    run("resume", "north/news")
    assert "paused" not in run("status").output
    assert file.read_text() == NORTH
