"""What waits for a decision: `review`, and what `poll` says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from typed import Run

from aggregator.model import (
    Article,
    Changes,
    Form,
    LeftOut,
    Profile,
    Proposal,
    SourceState,
    Suspicion,
    Validators,
)
from aggregator.poll import Outcome
from aggregator.show import Progress
from aggregator.store import Store


@pytest.fixture
def suspected(article: Article, a_state: Callable[..., SourceState], now: Any) -> None:
    """The one source waits for a decision."""
    form = Form("detect", 10, 1.0, 40.0, ("north.example.edu/news/N",), now)
    proposal = Proposal(
        "https://north.example.edu/feed.xml", None, None, replace(form, shapes=("south.example.org/*",)), 2, ("A new title",)
    )
    suspicion = Suspicion(now, ("8 of 10 entries are new and unlike its news",), 3, proposal)
    state = a_state(
        last_success=now, problem="it reads unlike itself", profile=Profile(form, suspicion=suspicion), validators=Validators("e")
    )
    with Store.open("sqlite:///wire.db") as store:
        store.apply(Changes(state))


@pytest.mark.usefixtures("suspected")
def test_what_waits_for_a_decision_is_listed(run: Run) -> None:
    status, waiting = run("status"), run("review")

    assert "review  north/news: 1 article," in status.output
    assert status.output.endswith("1 source, 0 of them failing, 1 to be reviewed; 1 article\n")
    assert json.loads(run("status", "--json").stdout)["sources"][0]["state"] == "review"
    assert waiting.output == (
        "north/news: 8 of 10 entries are new and unlike its news\n    aggregator review north/news\n1 of 1 source waits for a decision\n"
    )


@pytest.mark.usefixtures("suspected")
def test_a_review_shows_what_is_different_and_what_would_be_published(run: Run) -> None:
    result = run("review", "north/news")

    assert "since 2026-03-02 12:00 UTC, 3 polls: 8 of 10 entries are new and unlike its news" in result.output
    assert "before:   10 entries, 100% of them dated, titles about 40 wide, leading to north.example.edu/news/N" in result.output
    assert "proposed: 10 entries, 100% of them dated, titles about 40 wide, leading to south.example.org/*" in result.output
    assert "would be published first:\n  A new title" in result.output


@pytest.mark.usefixtures("suspected")
def test_a_review_is_decided_with_one_command(run: Run, now: Any) -> None:
    assert "accepted" in run("review", "north/news", "--accept").output

    with Store.open("sqlite:///wire.db") as store:
        (state,) = store.states()
    assert (state.state, state.problem, state.validators.etag) == ("ok", None, None)
    assert state.profile is not None
    assert state.profile.form.shapes == ("south.example.org/*",)
    assert run("review").output == "nothing waits for a decision\n"


@pytest.mark.usefixtures("suspected")
def test_a_rejected_review_is_not_asked_again(run: Run) -> None:
    assert "rejected" in run("review", "north/news", "--reject").output
    status = run("status").output
    assert "rejected north/news: 1 article," in status
    assert "1 source, 0 of them failing, 1 rejected; 1 article" in status
    assert "what it shows now was rejected" in status
    assert json.loads(run("status", "--json").stdout)["sources"][0]["state"] == "rejected"

    assert "(rejected)" in run("review").output
    assert run("review").output.endswith("nothing waits for a decision\n")


@pytest.mark.parametrize("words", [("north/news", "--accept", "--reject"), ("--accept",)])
def test_a_review_needs_one_source_and_one_decision(run: Run, words: tuple[str, ...]) -> None:
    assert run("review", *words).exit_code == 2


@pytest.fixture
def beside(article: Article, a_state: Callable[..., SourceState], now: Any) -> None:
    """The one source leaves out two lists of its page."""
    form = Form("detect", 10, 1.0, 40.0, ("north.example.edu/news/N",), now)
    lists = tuple(LeftOut(f"aside > div.{name}", 5, ("north.example.edu/old/N",), (f"The {name} story",)) for name in ("first", "second"))
    with Store.open("sqlite:///wire.db") as store:
        store.apply(Changes(a_state(last_success=now, profile=Profile(form, left_out=lists))))


@pytest.mark.usefixtures("beside")
def test_lists_that_are_left_out_are_told_and_decided_about_one_by_one(run: Run) -> None:
    said = '2 new lists of its page, beside the known one, are left out, beginning with "The first story"'
    status, waiting, review = run("status"), run("review"), run("review", "north/news")

    assert f"        {said}\n        if that is news: aggregator review north/news\n" in status.output
    assert waiting.output == f"north/news: {said}\n    aggregator review north/news\n1 of 1 source waits for a decision\n"
    assert "left out, list 2: 5 entries, leading to north.example.edu/old/N\n  The second story\n" in review.output
    assert [each["items"] for each in json.loads(run("status", "--json").stdout)["sources"][0]["left_out"]] == [5, 5]

    assert run("review", "north/news", "--accept").exit_code == 2
    assert run("review", "north/news", "--list", "3", "--accept").exit_code == 2
    assert "stays left out" in run("review", "north/news", "--list", "1", "--reject").output
    assert '1 new list of its page, beside the known one, is left out, beginning with "The second story"' in run("status").output
    assert "that list is published" in run("review", "north/news", "--list", "2", "--accept").output
    assert run("review").output == "nothing waits for a decision\n"
    assert "(rejected)\n  The first story" in run("review", "north/news").output
    assert "that list is published" in run("review", "north/news", "--accept").output


def test_a_poll_tells_what_is_held_back_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(2) as progress:
        progress.report(Outcome("north/news", held_back=True))
        progress.report(Outcome("east/news", new=1))

    assert capsys.readouterr().out == (
        "north/news: held back, since it reads unlike itself (try: aggregator review north/news)\n"
        "east/news: 1 new\n"
        "2 sources polled: 1 new article, 0 revised, 0 sources failed, 1 source held back until you decide: see aggregator review\n"
    )


def test_a_decision_about_what_does_not_wait_fails(run: Run) -> None:
    asked, decided = run("review", "north/news"), run("review", "north/news", "--accept")

    assert (asked.exit_code, decided.exit_code) == (0, 1)
    assert "nothing of north/news waits for a decision" in decided.stderr
