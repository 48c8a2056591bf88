"""How many there are, in words."""

from __future__ import annotations

import pytest

from aggregator.text.quantity import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (21, "21 entries"), (12_000, "12,000 entries")]
)
def test_one_is_told_from_many(count: int, said: str) -> None:
    assert counted(count, "entry", "entries") == said


def test_most_words_take_an_s() -> None:
    assert (counted(1, "source"), counted(2, "source")) == ("1 source", "2 sources")
