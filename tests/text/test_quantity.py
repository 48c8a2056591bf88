"""How many there are, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.text.quantity import counted, span


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (21, "21 entries"), (12_000, "12,000 entries")]
)
def test_one_is_told_from_many(count: int, said: str) -> None:
    assert counted(count, "entry", "entries") == said


def test_most_words_take_an_s() -> None:
    assert (counted(1, "source"), counted(2, "source")) == ("1 source", "2 sources")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0s"), (0.5, "0.5s"), (45, "45s"), (90, "90s"), (300, "5m"), (5400, "90m"), (7200, "2h"), (172_800, "2d")]
)
def test_a_span_is_written_as_in_the_configuration(seconds: float, said: str) -> None:
    assert span(timedelta(seconds=seconds)) == said
