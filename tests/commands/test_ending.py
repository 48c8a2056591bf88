"""How commands end: quietly where somebody ends them, with a status that scripts can go by, with what is kept and what was left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
from typed import Run

from aggregator import show
from aggregator.cli import main
from aggregator.model import SourceState
from aggregator.scout import Found


def interrupted(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("words", "where", "kept"),
    [
        (["poll", "--all"], "aggregator.run.once.poll_once", "what was polled is kept, the rest is polled the next time"),
        (["backup", "x.sqlite"], "aggregator.store.backup.backup", "nothing was written"),
        (["status"], "aggregator.show.status", ""),
    ],
)
def test_ctrl_c_ends_a_command_quietly_and_says_what_is_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str], where: str, kept: str
) -> None:
    monkeypatch.setattr(where, interrupted)

    result = run(*words)

    assert result.exit_code == 130
    assert result.stderr.strip().splitlines()[-1] == ("ended by Ctrl-C" + (f": {kept}" if kept else ""))
    assert "Aborted" not in result.output


def test_rights_that_are_missing_end_a_command_with_what_they_are_missing_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", "data/aggregator.db")

    monkeypatch.setattr("aggregator.show.status", refused)

    result = run("status")

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        "error: data/aggregator.db: Permission denied",
        "  try: check the rights of this file, and of the folders around it",
    ]


def test_every_command_of_which_something_is_told_exists() -> None:
    from aggregator.cli import KEPT

    assert set(KEPT) <= set(main.commands)


def test_the_statuses_are_told_by_help() -> None:
    told = main.get_help(click.Context(main, info_name="aggregator"))

    assert {"0", "1", "2", "70", "130"} <= set(re.findall(r"^ +(\d+) ", told, re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "said"), [("poll", "1 where every source failed"), ("run", "70"), ("worker", "70"), ("check", "2"), ("doctor", "1")]
)
def test_a_command_that_ends_otherwise_than_others_says_so(name: str, said: str) -> None:
    command = main.commands[name]

    assert said in " ".join(command.get_help(click.Context(command)).partition("xit status")[2].split())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "1 source is being polled by another process\n"),
        ({"paused": True}, "1 source is paused in the configuration: aggregator resume\n"),
        (
            {"gone": True},
            "1 source is gone for good, says its server (410), and is not asked until its address changes: see aggregator status\n",
        ),
    ],
)
def test_a_poll_says_why_it_left_sources_out(capsys: pytest.CaptureFixture[str], fields: dict[str, Any], said: str, now: Any) -> None:
    show.unpolled([SourceState("north/news", "https://north.example.edu/", next_poll=None if fields else now, **fields)])

    assert capsys.readouterr().out == said


def test_what_was_polled_is_not_told_as_left_out(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "config/universities/north.yaml").write_text("name: North\nsources: [{url: 'https://north.example.edu/', paused: true}]\n")

    assert "1 source is paused in the configuration: aggregator resume\n" in run("poll", "--all").stdout
    assert run("poll").stdout == "0 sources polled: 0 new articles, 0 revised, 0 sources failed\n"


@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("", 2)])
def test_who_does_not_agree_is_told_that_nothing_was_written(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    async def found(*_: object) -> Any:
        return Found("https://south.example.edu/feed", None, (), "https://south.example.edu/", "South", (), {})  # type: ignore[arg-type]

    monkeypatch.setattr("aggregator.scout.find", found)
    monkeypatch.setattr("aggregator.show.found", lambda _: None)

    result = run("add", "https://south.example.edu/", input=answer)

    assert result.exit_code == status
    assert "othing was written" in result.output
    assert "Aborted" not in result.output
    assert len(list((folder / "config/universities").iterdir())) == 1


def test_a_poll_of_a_named_source_that_another_process_polls_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object, **__: object) -> None: ...

    monkeypatch.setattr("aggregator.run.once.poll_once", none)

    due, named = run("poll"), run("poll", "north/news")

    assert (due.exit_code, named.exit_code) == (0, 1)
    assert "1 source is being polled by another process" in named.stdout
