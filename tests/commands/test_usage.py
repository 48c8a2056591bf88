"""What holds for every command: help, wrong usage, wrong configuration, exit status."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from typed import COMMANDS, Run

from aggregator import __version__
from aggregator.cli import main
from aggregator.config import typed


def test_every_command_is_listed_and_says_what_it_does(run: Run) -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert sorted(main.commands) == COMMANDS
    assert [name for name in COMMANDS if not re.search(rf"^  {name}\s+\S", result.output, re.MULTILINE)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_of_a_command_is_explained(run: Run, name: str) -> None:
    result = run(name, "--help")

    command = main.commands[name]
    assert result.exit_code == 0
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert all(option in result.output for option in parameter.opts), parameter.name
        else:
            assert str(parameter.make_metavar(click.Context(command))) in result.output
    assert "--config" in result.output


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").output == f"aggregator, version {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "No such command 'chek'"),
        (["check", "--onlin"], "--online"),
        (["check", "extra"], "unexpected extra argument"),
        (["preview"], "Missing argument"),
        (["explain"], "Missing argument"),
        (["publish"], "Missing argument"),
        (["import"], "Missing argument"),
        (["poll", "nowhere"], 'no source or university is called "nowhere"'),
        (["poll", "nort"], 'did you mean "north"?'),
        (["--config"], "requires an argument"),
        (["--config", "", "check"], "an empty name names no file"),
        (["init", ""], "an empty name names no file"),
        (["publish", ""], "an empty name names no file"),
        (["check", "--limit", "3"], "belong to --online"),
        (["universities", "add"], 'what you mean may be "aggregator add"'),
        (["demo", "--port", "99999999"], "is not in the range"),
        (["demo", "--port", "x"], "is not a valid integer"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_what_is_wrong(run: Run, words: list[str], said: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["status"],
        ["export"],
        ["publish", "out"],
        ["poll"],
        ["run"],
        ["explain", "x"],
        ["add", "https://a.example/"],
        ["import", "x.opml"],
        ["preview", "x"],
    ],
)
def test_a_wrong_configuration_ends_every_command_that_needs_it_with_status_2(run: Run, folder: Path, words: list[str]) -> None:
    (folder / "config" / "aggregator.yaml").write_text("port: eighty\nsit: {}\n")

    result = run(*words)

    assert result.exit_code == 2
    assert "aggregator.yaml:1: port: 'eighty': expected a whole number" in result.stderr
    assert 'aggregator.yaml:2: sit: no such key; did you mean "site"?' in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("words", [["check"], ["status"], ["run"]])
def test_a_configuration_that_is_not_there_is_told_with_what_makes_one(run: Run, words: list[str]) -> None:
    result = run("--config", "nowhere", *words)

    assert result.exit_code == 2
    assert 'try: "aggregator init nowhere" writes a starting configuration' in result.stderr


@pytest.mark.parametrize("words", [["status"], ["publish", "out"], ["poll"], ["run"], ["explain", "x"]])
def test_a_database_that_is_not_ours_ends_a_command_with_status_1(run: Run, folder: Path, words: list[str]) -> None:
    (folder / "wire.db").write_text("this is no database at all" * 100)

    result = run(*words)

    assert result.exit_code == 1
    assert "is no SQLite database" in result.stderr
    assert "try: set `database` in aggregator.yaml" in result.stderr


@pytest.mark.parametrize(
    "words", [["--config", "other", "check"], ["check", "--config", "other"], ["--config", "nowhere", "check", "--config", "other"]]
)
def test_the_folder_of_the_configuration_may_stand_before_or_after_the_command(run: Run, folder: Path, words: list[str]) -> None:
    (folder / "config").rename(folder / "other")

    result = run(*words)

    assert (result.exit_code, result.output.partition(":")[0]) == (0, "other")


def test_the_folder_of_the_configuration_may_come_from_the_environment(run: Run, folder: Path) -> None:
    (folder / "config").rename(folder / "other")

    assert run("check", env={"AGGREGATOR_CONFIG": "other"}).exit_code == 0
    assert run("check", "--config", "nowhere", env={"AGGREGATOR_CONFIG": "other"}).exit_code == 2


@pytest.mark.parametrize("command", [main, *main.commands.values()], ids=lambda command: command.name)
def test_what_a_command_does_is_said_in_whole_in_the_list_of_a_narrow_shell(command: click.Command) -> None:
    said = command.get_short_help_str(62)

    assert said
    assert not said.endswith("...")


def test_a_command_in_another_folder_than_the_daemons_says_that_it_found_no_database(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere := folder / "elsewhere").mkdir()
    run("status")

    here = run("status")
    monkeypatch.chdir(elsewhere)
    there = run("status", "--config", str(folder / "config"))

    assert "no database" not in here.stderr
    assert f"There was no database at {elsewhere}/wire.db" in there.stderr


@pytest.mark.parametrize("command", [("import", "nowhere.opml"), ("init", "config")])
def test_a_wrong_argument_is_not_said_to_be_a_wrong_configuration(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)

    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert "configuration is wrong" not in result.output


@pytest.mark.parametrize(
    ("word", "meant"),
    [("list", "universities list"), ("fix", "check --online --fix"), ("fetch", "poll"), ("serve", "run"), ("help", "--help")],
)
def test_a_command_by_another_name_leads_to_ours(run: Run, word: str, meant: str) -> None:
    result = run(word)

    assert result.exit_code == 2
    assert f'No such command "{word}": what you mean may be "aggregator {meant}"' in result.stderr


def test_every_command_that_is_meant_by_another_name_exists(run: Run) -> None:
    from aggregator.cli import MEANT

    assert not set(MEANT) & set(main.commands)
    for words in MEANT.values():
        assert run(*words.split(), "--help").exit_code == 0, words


def test_a_university_that_is_not_enabled_is_told_apart_from_one_that_nobody_knows(run: Run, folder: Path) -> None:
    (folder / "config/universities/south.yaml").write_text("name: South\nenabled: false\nsources: [{url: 'https://south.example.edu/'}]\n")

    for command in ("poll", "pause", "record"):
        assert '"south" is not enabled, so nothing of it is polled: aggregator universities enable south' in run(command, "south").stderr
    assert 'no source or university is called "sout"; did you mean "south"?' in run("poll", "sout").stderr


def test_a_university_without_sources_is_told(run: Run, folder: Path) -> None:
    (folder / "config/universities/south.yaml").write_text("name: South\n")

    assert '"south" has no source yet: aggregator add ADDRESS --university south' in run("poll", "south").stderr


@pytest.mark.parametrize("command", ["check", "poll"])
def test_where_there_are_no_sources_it_is_said_what_to_do(run: Run, folder: Path, command: str) -> None:
    (folder / "empty").mkdir()

    result = run(command, "--config", "empty")

    assert result.exit_code == 0
    assert "There are no sources in empty: " in result.output
    assert 'aggregator add https://www.your-university.edu --config empty" writes one' in result.output


def test_an_address_with_a_space_is_no_address(run: Run) -> None:
    assert '"https://hit edu/" is not an address of the web' in run("add", "https://hit edu/").stderr


def test_a_command_that_is_to_be_tried_is_told_as_the_program_was_started(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", "/usr/bin/uv")

    assert 'try: "uv run aggregator init nowhere" writes' in run("check", "--config", "nowhere").stderr


def test_a_command_that_is_to_be_tried_names_the_same_configuration(run: Run, folder: Path) -> None:
    (folder / "config").rename(folder / "of ours")
    (folder / "of ours/aggregator.yaml").write_text("port: eighty\n")

    assert "try: \"aggregator --config 'of ours' check\" looks again" in run("check", "--config", "of ours").stderr


def test_every_command_can_be_recognized_in_what_is_to_be_tried() -> None:
    assert sorted(typed.COMMANDS) == COMMANDS


@pytest.mark.parametrize(
    "said",
    [
        "a fault in aggregator itself",
        "/etc/aggregator run",
        "uv run aggregator add X",
        "aggregator importing",
        "of aggregator.yaml",
        "aggregator add-on",
    ],
)
def test_what_is_no_command_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("UV", "/usr/bin/uv")

    assert typed.typed(said, Path("of ours")) == said


def test_commands_are_listed_by_what_somebody_wants_to_do_and_each_once(run: Run) -> None:
    from aggregator.cli import SECTIONS

    listed = re.findall(r"^  ([a-z-]+)\s{2,}\S", run("--help").stdout.partition("Begin:")[2].partition("Exit status")[0], re.MULTILINE)

    assert sorted(listed) == COMMANDS
    assert listed == [each.name for commands in SECTIONS.values() for each in commands]
