"""The commands as an operator types them, in this process; what needs a network or a running daemon is tested elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import click
import pytest
from click.testing import CliRunner, Result

from aggregator import __version__, checks
from aggregator.cli import main
from aggregator.config import load
from aggregator.model import (
    Article,
    Changes,
    Form,
    Known,
    LeftOut,
    Profile,
    Proposal,
    Source,
    SourceState,
    Subscription,
    Suspicion,
    Validators,
)
from aggregator.poll import Outcome
from aggregator.show import Progress
from aggregator.store import Store

COMMANDS = (
    "add backfill backup check demo digest doctor explain export forget import import-hipo import-ror init move newsletter pause poll preview publish record restore resume review run schema status universities worker"
).split()
NORTH = """\
# Our neighbours.
name: North University
home: https://north.example.edu/
sources:
  - {url: "https://north.example.edu/feed.xml", id: north/news}
"""
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are run: a configuration of one source in ``config``, a database beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("AGGREGATOR_CONFIG", "AGGREGATOR_DATABASE", "AGGREGATOR_SITE_URL", "AGGREGATOR_PORT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config" / "universities").mkdir(parents=True)
    (tmp_path / "config" / "aggregator.yaml").write_text("database: sqlite:///wire.db\nsite: {title: The wire}\n")
    (tmp_path / "config" / "universities" / "north.yaml").write_text(NORTH)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(*words: str, **fields: Any) -> Result:
        result = CliRunner().invoke(main, list(words), **fields)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def article(
    folder: Path, an_article: Callable[..., Article], a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: Any
) -> Article:
    """One that is stored."""
    stored = an_article(provenance={"title": "feed: title", "published": "feed: pubdate", "content": "feed: content:encoded"})
    with Store.open("sqlite:///wire.db") as store:
        store.sync([a_source()], now=now)
        store.apply(
            Changes(a_state(failures=2, problem="answered 503", remedy="wait"), (stored,), (), {b"k" * 16: Known(stored.id, b"f" * 16)})
        )
    return stored


# --- help and wrong usage ------------------------------------------------------------------------------------------------------------


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
    assert "aggregator.yaml:1: port: 'eighty': expected a valid integer" in result.stderr
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


# --- check, init, schema -------------------------------------------------------------------------------------------------------------


def test_check_tells_what_there_is(run: Run) -> None:
    result = run("check")

    assert (result.exit_code, result.output) == (0, "config: 1 university, 1 source, 2 published feeds: no problem found\n")


@pytest.mark.usefixtures("article")
def test_check_warns_of_a_query_that_names_a_university_that_was_renamed(run: Run, folder: Path, now: Any) -> None:
    (folder / "config/universities/north.yaml").rename(folder / "config/universities/arctic.yaml")
    (folder / "config/aggregator.yaml").write_text("database: sqlite:///wire.db\nfeeds:\n  - {name: ours, where: 'university:north'}\n")
    settings = load(folder / "config")
    with Store.open("sqlite:///wire.db") as store:
        store.sync(settings.sources.values(), of=settings.universities.values(), now=now)

    result = run("check")

    assert result.exit_code == 0, result.output
    assert 'aggregator.yaml:3: feeds[0].where: "north" is arctic now, and is followed: write arctic instead' in result.stderr
    assert "no problem found" in result.stdout


def test_check_refuses_a_query_that_names_what_no_database_knows_and_makes_none(run: Run, folder: Path) -> None:
    (folder / "config/aggregator.yaml").write_text("database: sqlite:///wire.db\nfeeds:\n  - {name: ours, where: 'university:nort'}\n")

    result = run("check")

    assert result.exit_code == 2
    assert 'did you mean "north"?' in result.output
    assert not (folder / "wire.db").exists()


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


def test_init_writes_a_configuration_that_check_accepts(run: Run, folder: Path) -> None:
    first, second, again = run("init", "new"), run("check", "--config", "new"), run("init", "new")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert " --config new run" in first.output
    assert again.exit_code == 2
    assert "is there already; nothing was written" in again.stderr


@pytest.mark.parametrize(
    ("uv", "called", "known", "said"),
    [
        ("/usr/bin/uv", "/home/me/.venv/bin/aggregator", "", "uv run aggregator run"),
        (None, "/opt/aggregator/bin/aggregator", "/opt/aggregator/bin", "aggregator run"),
        (None, "/opt/aggregator/bin/aggregator", "/usr/bin", "/opt/aggregator/bin/aggregator run"),
        (None, "/opt/lib/aggregator/__main__.py", "", "python -m aggregator run"),
    ],
)
def test_init_says_what_to_type_next_as_it_was_started_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uv: str | None, called: str, known: str, said: str
) -> None:
    monkeypatch.delenv("UV", raising=False)
    if uv:
        monkeypatch.setenv("UV", uv)
    monkeypatch.setattr("sys.argv", [called])
    monkeypatch.setattr("shutil.which", lambda name: f"{known}/{name}" if called.startswith(known) else None)
    (fresh := tmp_path / "fresh").mkdir()
    monkeypatch.chdir(fresh)

    assert run("init").output.endswith(f"\nnow: {said}\n")


@pytest.mark.parametrize("command", [main, *main.commands.values()], ids=lambda command: command.name)
def test_what_a_command_does_is_said_in_whole_in_the_list_of_a_narrow_shell(command: click.Command) -> None:
    said = command.get_short_help_str(62)

    assert said
    assert not said.endswith("...")


@pytest.mark.parametrize("words", [["--config", "new", "init"], ["init", "--config", "new"]])
def test_init_writes_where_the_configuration_is_said_to_be(run: Run, folder: Path, words: list[str]) -> None:
    result = run(*words)

    assert result.exit_code == 0
    assert (folder / "new" / "aggregator.yaml").exists()


def test_init_tells_a_place_that_cannot_be_written(run: Run, folder: Path) -> None:
    (folder / "file").touch()

    assert run("init", "file").exit_code == 2
    assert run("init", "file/new").exit_code == 2


def test_schema_writes_beside_the_configuration_or_where_it_is_told(run: Run, folder: Path) -> None:
    assert run("schema").exit_code == 0
    assert run("schema", "elsewhere").exit_code == 0

    for place in ("config/schema", "elsewhere"):
        assert sorted(path.name for path in (folder / place).iterdir()) == ["aggregator.json", "university.json"]
        assert json.loads((folder / place / "university.json").read_text())["properties"]["country"]


def test_the_schema_follows_the_configuration(run: Run, folder: Path) -> None:
    (folder / "config").rename(folder / "other")

    assert run("schema", "--config", "other").exit_code == 0

    assert (folder / "other" / "schema" / "aggregator.json").exists()


# --- status and explain --------------------------------------------------------------------------------------------------------------


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

    assert "(rejected)" in run("review").output


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


def test_recorded_cases_are_read_anew(
    run: Run, folder: Path, a_source: Callable[..., Source], a_page: Callable[..., Any], now: Any
) -> None:
    feed = "<rss version='2.0'><channel><title>N</title><item><title>Robots walk</title><link>https://north.example.edu/1</link></item></channel></rss>"
    place = checks.record(folder / "config" / "checks", a_page(feed), a_source(), now=now)

    assert run("check").output.endswith("1 recorded cases, 0 of them read differently now\n")
    (place / "page").write_text(feed.replace("walk", "run"))
    result = run("check")

    assert result.exit_code == 1
    assert "title of 'Robots walk': Robots run, was Robots walk" in result.output


def test_status_of_what_was_never_polled(run: Run) -> None:
    result = run("status")

    assert result.exit_code == 0
    assert "new     north/news: 0 articles, never polled, due at the next poll\n" in result.output


def test_a_poll_tells_what_is_held_back_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(3) as progress:
        progress.report(Outcome("north/news", held_back=True))
        progress.report(Outcome("east/news", new=1))

    assert capsys.readouterr().out == (
        "north/news: held back, since it reads unlike itself (try: aggregator review north/news)\n"
        "east/news: 1 new\n"
        "2 sources polled: 1 new article, 0 revised, 0 sources failed, 1 source held back until you decide: see aggregator review\n"
        "1 source is being polled by another process, or by none until the address changes (410): see aggregator status\n"
    )


@pytest.mark.parametrize("form", ["{id}", "urn:uuid:{id}", "http://127.0.0.1:8000/articles/{id}", "https://north.example.edu/news/1.html"])
def test_explain_tells_where_each_field_came_from(run: Run, article: Article, form: str) -> None:
    result = run("explain", form.format(id=article.id))

    assert result.exit_code == 0
    assert article.id in result.output
    assert re.search(r"title +Students build robot number 1\n +from feed: title", result.output)
    assert re.search(r"published +2026-03-01T12:00:00\+00:00\n +from feed: pubdate", result.output)


@pytest.mark.usefixtures("article")
def test_explaining_what_is_not_there_fails_with_what_to_give(run: Run) -> None:
    result = run("explain", "nothing")

    assert result.exit_code == 1
    assert "there is no article nothing; give the id, the guid or the original address" in result.output


# --- preview -------------------------------------------------------------------------------------------------------------------------

FEED = "<rss version='2.0'><channel><title>North</title><item><title>Ice</title><link>/1.html</link><description>Robots walk.</description></item></channel></rss>"


class Inline:
    """Reads in this process: starting another takes longer than all of the test."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_preview_shows_a_file_as_it_would_be_published(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.scout.Offload", Inline)
    (folder / "feed.xml").write_text(FEED)

    people, programs = run("preview", "feed.xml", "--url", "https://north.example.edu/feed.xml"), run("preview", "feed.xml", "--json")

    assert (people.exit_code, programs.exit_code) == (0, 0)
    assert "1 articles, read by feed: North" in people.output
    assert "https://north.example.edu/1.html" in people.output
    assert [article["title"] for article in json.loads(programs.stdout)["articles"]] == ["Ice"]
    assert not (folder / "wire.db").exists()


def test_preview_of_what_is_neither_file_nor_address_fails(run: Run) -> None:
    result = run("preview", "nowhere.xml")

    assert result.exit_code == 1
    assert "neither a file that exists nor an address" in result.stderr


# --- lists of feeds ------------------------------------------------------------------------------------------------------------------

OPML = """<opml version="2.0"><body>
<outline text="North again" xmlUrl="http://www.north.example.edu/feed.xml/"/><outline text="South" xmlUrl="https://south.org/rss" htmlUrl="https://south.org/"/>
</body></opml>"""


def test_outlines_that_name_no_address_of_the_web_are_told_when_a_list_is_taken_over(run: Run, folder: Path) -> None:
    (folder / "feeds.opml").write_text(
        '<opml><body>\n<outline text="Odd" xmlUrl="javascript:alert(1)"/><outline text="Folder"/></body></opml>'
    )

    result = run("import", "feeds.opml")

    assert result.exit_code == 0
    assert "left out: feeds.opml: line 2: Odd: 'javascript:alert(1)' is no http or https address" in result.output
    assert "Folder" not in result.output


@pytest.mark.parametrize("command", [("import", "nowhere.opml"), ("init", "config")])
def test_a_wrong_argument_is_not_said_to_be_a_wrong_configuration(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)

    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert "configuration is wrong" not in result.output


def test_feeds_of_another_reader_are_taken_over_once(run: Run, folder: Path) -> None:
    (folder / "feeds.opml").write_text(OPML)

    first, second = run("import", "feeds.opml"), run("import", "feeds.opml")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("1 of 2 feeds added, in 1 files")
    assert second.output.startswith("0 of 2 feeds added, in 0 files")
    assert [source.url for source in load(folder / "config", {}).sources.values()] == [
        "https://north.example.edu/feed.xml",
        "https://south.org/rss",
    ]
    assert (folder / "config" / "universities" / "north.yaml").read_text() == NORTH


def test_what_is_exported_is_imported_elsewhere(run: Run, folder: Path) -> None:
    exported = run("export")
    (folder / "feeds.opml").write_text(exported.stdout)
    (folder / "new").mkdir()

    imported = run("import", "feeds.opml", "--config", "new")

    assert (exported.exit_code, imported.exit_code) == (0, 0)
    assert exported.stdout.startswith("<?xml")
    assert [source.url for source in load(folder / "new", {}).sources.values()] == ["https://north.example.edu/feed.xml"]


@pytest.mark.parametrize("content", [None, "no xml", "<rss/>"])
def test_what_is_no_list_of_feeds_changes_nothing(run: Run, folder: Path, content: str | None) -> None:
    if content is not None:
        (folder / "feeds.opml").write_text(content)

    result = run("import", "feeds.opml")

    assert result.exit_code == 2
    assert "feeds.opml" in result.stderr
    assert [path.name for path in (folder / "config" / "universities").iterdir()] == ["north.yaml"]


# --- publish -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("article")
def test_publishing_writes_the_feed_and_a_second_time_nothing(run: Run, folder: Path) -> None:
    first, second = run("publish", "out"), run("publish", "out")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert b"Students build robot number 1" in (folder / "out" / "feeds" / "all.rss").read_bytes()
    assert re.match(r"out: \d+ files written, 0 unchanged, 0 removed", first.output)
    assert re.match(r"out: 0 files written, \d+ unchanged, 0 removed", second.output)


def test_publishing_where_nothing_can_be_written_fails(run: Run, folder: Path) -> None:
    (folder / "file").touch()

    assert run("publish", "file/out").exit_code == 1
    assert run("publish", "file").exit_code == 2


# --- the catalogue -------------------------------------------------------------------------------------------------------------------


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
    assert "1 of the sources were never verified" in counted.output
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


def test_a_source_is_paused_and_resumed_in_its_file(run: Run, folder: Path) -> None:
    file = folder / "config" / "universities" / "north.yaml"

    assert run("pause", "north/news").exit_code == 0
    assert "paused: true" in file.read_text()
    assert "already" in run("pause", "north").output
    run("resume", "north/news")
    assert file.read_text() == NORTH
