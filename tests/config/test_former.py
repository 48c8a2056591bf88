"""Feeds that ask for universities that are not configured (any more)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.config import Settings, load
from aggregator.config.former import resolve, retaken
from aggregator.errors import ConfigError
from aggregator.model import University

FORMER = {
    "old": University("new", "Old Name"),
    "gone": University("gone", "Gone University"),
    "new": University("new", "New Name"),
}


@pytest.fixture
def asking(folder: Callable[..., Path]) -> Callable[[str], Settings]:
    return lambda where: load(folder(f"feeds:\n  - name: ice\n    where: '{where}'\n"), {})


@pytest.mark.parametrize("where", ["university:old", "ice university:old", 'university:"old name"', "mentions:old", "about:old"])
def test_one_that_was_renamed_is_followed_and_what_to_write_is_said(asking: Callable[[str], Settings], where: str) -> None:
    (told,) = resolve(asking(where).doubts, FORMER)

    assert (told.line, told.key) == (3, "feeds[0].where")
    assert "is new now, and is followed: write new instead" in told.message


def test_one_that_was_removed_keeps_what_it_brought(asking: Callable[[str], Settings]) -> None:
    (told,) = resolve(asking("university:gone -sport").doubts, FORMER)

    assert '"gone" is not configured any more: what it brought stays' in told.message


def test_each_of_them_is_told(asking: Callable[[str], Settings]) -> None:
    told = resolve(asking("university:gone OR university:old").doubts, FORMER)

    assert [problem.message.split(" ")[0] for problem in told] == ['"gone"', '"old"']


def test_one_that_nobody_ever_knew_is_a_mistake_told_where_it_stands(asking: Callable[[str], Settings]) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(asking("university:gone OR university:olf").doubts, FORMER)

    (problem,) = refused.value.problems
    assert (problem.line, problem.key) == (3, "feeds[0].where")
    assert 'no configured university is called "olf" (character 20' in problem.message


def test_what_else_is_wrong_is_told_at_once(asking: Callable[[str], Settings]) -> None:
    with pytest.raises(ConfigError, match="something to look for is missing"):
        asking("university:gone OR")
    with pytest.raises(ConfigError, match='no field "contry:"'):
        asking("university:gone contry:CN")


def taking(folder: Callable[..., Path], text: str, **others: str) -> Settings:
    return load(folder(None, old=text + "sources: [{url: 'https://old.example.edu/'}]\n", **others), {})


def test_who_takes_the_id_of_one_that_was_renamed_is_told_whose_addresses_those_are(folder: Callable[..., Path]) -> None:
    (told,) = retaken(taking(folder, "# mine\nname: Another University\n"), FORMER)

    assert (Path(told.file).name, told.line, told.key) == ("old.yaml", 2, "name")
    assert told.message == (
        '"old" was Old Name before, which is new now: who subscribes to /universities/old gets Another University from now on; '
        "name the file otherwise, unless that is meant"
    )


def test_who_takes_the_id_of_one_that_was_removed_is_told_that_its_articles_are_there(folder: Callable[..., Path]) -> None:
    (told,) = retaken(taking(folder, "name: Another University\n"), {"old": University("old", "Old Name")})

    assert '"old" was Old Name before: what that brought and who subscribes to it are Another University' in told.message


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("name: Old  name\n", University("old", "Old Name")),
        ("name: Former\nnames: {de: Old Name}\n", University("old", "Old Name")),
        ("name: Former\naliases: [Old Name]\n", University("old", "Old Name")),
        ("name: Neu\n", University("old", "Old Name", names={"de": "Neu"})),
        ("name: Another\nenabled: false\n", University("old", "Old Name")),
        ("name: Another\n", University("old", "old")),
    ],
    ids=["the same", "a name in a language", "an alias", "it was called so in a language", "not polled", "of which no name is known"],
)
def test_one_that_comes_back_takes_nothing_from_anybody(folder: Callable[..., Path], text: str, former: University) -> None:
    assert retaken(taking(folder, text), {"old": former}) == ()
