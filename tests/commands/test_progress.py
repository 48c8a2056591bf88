"""What `poll` says while it polls."""

from __future__ import annotations

from contextlib import suppress

import pytest

from aggregator.poll import Outcome
from aggregator.show import Progress


def unreached(number: int) -> Outcome:
    return Outcome(f"north/{number}", problem=f"host {number} could not be looked up", remedy="check the network", reached=False)


def test_where_nothing_is_reached_that_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(50) as progress:
        for number in range(50):
            progress.report(unreached(number))

    assert capsys.readouterr().out == (
        "50 sources polled: 0 new articles, 0 revised, 50 sources failed\n"
        "No source could be reached.\n"
        "north/0: failed: host 0 could not be looked up (try: check the network)\n"
        'Is this machine online? "aggregator doctor" looks at its network; "aggregator demo" works without one.\n'
    )


def test_who_ends_it_hears_that_nothing_was_reached(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(KeyboardInterrupt), Progress(50) as progress:
        for number in range(9):
            progress.report(unreached(number))
        raise KeyboardInterrupt

    assert capsys.readouterr().out.splitlines()[:2] == [
        "No source could be reached.",
        "north/0: failed: host 0 could not be looked up (try: check the network)",
    ]


def test_a_few_sources_that_are_not_reached_are_told_each(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(2) as progress:
        progress.report(unreached(1))
        progress.report(unreached(2))

    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "north/1",
        "north/2",
        "2 sources polled",
        "No source could be reached.",
        'Is this machine online? "aggregator doctor" looks at its network; "aggregator demo" works without one.',
    ]


def test_sources_that_are_not_reached_are_told_as_soon_as_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(4) as progress:
        progress.report(unreached(1))
        progress.report(unreached(2))
        early = capsys.readouterr().out
        progress.report(Outcome("east/news", new=1))
        progress.report(unreached(3))
        late = capsys.readouterr().out

    assert early == ""
    assert [line.partition(":")[0] for line in late.splitlines()] == ["north/1", "north/2", "east/news", "north/3"]
    assert "No source could be reached" not in capsys.readouterr().out
