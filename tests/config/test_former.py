"""Feeds that ask for universities that are not configured (any more)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.config import Settings, load
from aggregator.config.former import resolve
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
