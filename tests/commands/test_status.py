"""`status`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typed import Run

from aggregator import show
from aggregator.model import SourceState, Subscription
from aggregator.store import Store


@pytest.mark.usefixtures("article")
def test_status_is_one_json_object_for_programs(run: Run) -> None:
    result = run("status", "--json")

    said = json.loads(result.stdout)
    assert (result.exit_code, said["articles"]) == (0, 1)
    assert isinstance(said["revision"], int)
    (source,) = said["sources"]
    assert (source["id"], source["state"], source["failures"], source["problem"], source["remedy"], source["articles"]) == (
        "north/news",
        "failing",
        2,
        "answered 503",
        "wait",
        1,
    )
    assert {"url", "last_success", "last_poll", "last_change", "next_poll", "reader"} <= source.keys()
    assert source["next_poll"].endswith("+00:00")


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("active", "pushed by https://hub.example/ until 2026-03-09 12:00 UTC, last push 2026-03-02 12:00 UTC"),
        ("asked", "https://hub.example/ was asked to push, and has not confirmed"),
        ("refused", "https://hub.example/ refuses to push"),
    ],
)
def test_status_tells_who_pushes_and_no_secret(run: Run, now: Any, state: Any, said: str) -> None:
    with Store.open("sqlite:///wire.db") as store:
        until = now + timedelta(days=7)
        store.keep_subscription(Subscription("north/news", "TOKEN", "https://t/", "https://hub.example/", "SECRET", state, now, until, now))

    people, programs = run("status").stdout, run("status", "--json").stdout

    assert f"        {said}\n" in people
    (source,) = json.loads(programs)["sources"]
    assert source["push"] == {"hub": "https://hub.example/", "state": state, "until": until.isoformat(), "pushed": now.isoformat()}
    assert not any(secret in people + programs for secret in ("TOKEN", "SECRET"))


@pytest.mark.usefixtures("article")
def test_status_tells_people_what_is_wrong_and_what_to_try(run: Run) -> None:
    result = run("status")

    assert result.exit_code == 0
    assert "failing north/news: 1 article," in result.output
    assert "answered 503 (2 times in a row)" in result.output
    assert "try: wait" in result.output
    assert result.output.endswith("1 source, 1 of them failing; 1 article\n")


def test_status_of_what_was_never_polled(run: Run) -> None:
    result = run("status")

    assert result.exit_code == 0
    assert "new     north/news: 0 articles, never polled, due at the next poll\n" in result.output


def test_a_digest_that_nobody_gets_is_not_sent_and_fails(run: Run) -> None:
    shown, sent = run("digest"), run("digest", "--send")

    assert (shown.exit_code, sent.exit_code) == (0, 1)
    assert "not sent" in sent.stderr


def told(*states: SourceState) -> None:
    show.status(states, {}, articles=0, revision=0, unverified=0, as_json=False, sources={})


def test_what_to_try_is_typed_as_the_program_was_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], a_state: Callable[..., SourceState]
) -> None:
    monkeypatch.setenv("UV", "/usr/bin/uv")

    told(a_state(problem="answered 404", remedy="find its new address with `aggregator add`."))

    assert "try: find its new address with `uv run aggregator add`." in capsys.readouterr().out


@pytest.mark.parametrize(("later", "said"), [(timedelta(hours=-1), "due since"), (timedelta(hours=1), "due at")])
def test_what_was_never_polled_was_due_or_will_be(capsys: pytest.CaptureFixture[str], later: timedelta, said: str) -> None:
    due = datetime.now(UTC) + later

    told(SourceState("north/news", "https://north.example.edu/", next_poll=due))

    assert f"never polled, {said} {due:%Y-%m-%d %H:%M} UTC" in capsys.readouterr().out
