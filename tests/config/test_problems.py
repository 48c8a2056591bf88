"""What is wrong is told: file, line, key, value, what was expected, what was meant; all at once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aggregator.config import load
from aggregator.errors import ConfigError, Problem

HIT = """\
name: Harbin Institute of Technology
names: {zh: 哈尔滨工业大学}
aliases: [HIT]
country: CN
timezone: Asia/Shanghai
sources:
  - url: http://en.hit.edu.cn/news
"""


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("port: 80\nsit: {}\n", 2, "sit", ['did you mean "site"?']),
        ("site:\n  titel: x\n", 2, "site.titel", ['did you mean "title"?']),
        ("fetch: {hostgap: 2s}\n", 1, "fetch.hostgap", ['did you mean "host_gap"?']),
        ("zzz: 1\n", 1, "zzz", ["there are database, host, port, site"]),
        ("# a comment\n\nport: eighty\n", 3, "port", ["'eighty'", "expected a whole number"]),
        ("port: 70000\n", 1, "port", ["70000", "expected 65535 at most"]),
        ("host: ''\n", 1, "host", ["''", "expected a text that is not empty"]),
        ("database: mysql://x/y\n", 1, "database", ["expected sqlite:///PATH"]),
        ("site:\n  url: news.example.edu\n", 2, "site.url", ["'news.example.edu'", "http:// or https://"]),
        ("fetch:\n  timeout: soon\n", 2, "fetch.timeout", ["'soon'", "expected a duration such as 30s"]),
        ("fetch:\n  timeout: -5s\n", 2, "fetch.timeout", ["'-5s'", "expected a duration"]),
        ("fetch:\n  timeout: 5 fortnights\n", 2, "fetch.timeout", ["'5 fortnights'", "expected a duration"]),
        ("fetch:\n  timeout: -5\n", 2, "fetch.timeout", ["-5", "expected"]),
        ("fetch:\n  timeout: [1]\n", 2, "fetch.timeout", ["expected a duration"]),
        ("fetch:\n  timeout: true\n", 2, "fetch.timeout", ["true", "expected a duration"]),
        ("fetch:\n  timeout: 99999999999999999999d\n", 2, "fetch.timeout", ["expected"]),
        ("fetch:\n  timeout: .inf\n", 2, "fetch.timeout", ["expected"]),
        ("fetch:\n  timeout: .nan\n", 2, "fetch.timeout", ["expected"]),
        ("fetch:\n  max_body: big\n", 2, "fetch.max_body", ["'big'", "expected a size such as 500kB"]),
        ("fetch:\n  max_body: 0\n", 2, "fetch.max_body", ["0", "expected more than 0"]),
        ("fetch:\n  max_body: " + "9" * 400 + "MB\n", 2, "fetch.max_body", ["expected"]),
        ("fetch:\n  concurrency: 1000\n", 2, "fetch.concurrency", ["1000", "expected", "100"]),
        ("fetch:\n  allow_private: 5\n", 2, "fetch.allow_private", ["expected", "true", "list"]),
        ("fetch: 5\n", 1, "fetch", ["5", "expected keys and values"]),
        ("poll: {at_least: 2h, at_most: 1h}\n", 1, "poll", ["expected at_least to be no longer than at_most"]),
        ("poll:\n  pages: many\n", 2, "poll.pages", ["'many'", "expected"]),
        (
            "feeds:\n  - {name: ice, where: ice}\n  - name: Ice Cream\n    where: ice\n",
            3,
            "feeds[1].name",
            ["'Ice Cream'", "small letters"],
        ),
        ("feeds:\n  - name: ice\n", 2, "feeds[0].where", ["is missing"]),
        ("feeds:\n  - name: ice\n    where: 'ice OR'\n", 3, "feeds[0].where", ["something to look for is missing", "character 7"]),
        ("feeds:\n  - name: ice\n    where: 'contry:CN'\n", 3, "feeds[0].where", ['no field "contry:"', 'did you mean "country:"?']),
        ("feeds:\n  - name: ice\n    where: 7\n", 3, "feeds[0].where", ["7: expected a text", 'write "7"']),
        ("feeds:\n  - name: ice\n    where: ice\n    limit: 0\n", 4, "feeds[0].limit", ["0", "expected"]),
        ("feeds:\n  - {name: all, where: ice}\n", 2, "feeds[0].name", ['"all" is taken']),
        ("feeds:\n  - {name: a, where: x}\n  - {name: a, where: y}\n", 3, "feeds[1].name", ['"a" is taken']),
        ("feeds: ice\n", 1, "feeds", ["'ice'", "expected a list"]),
        ("feeds: [ice]\n", 1, "feeds[0]", ["'ice'", "expected keys and values"]),
        ("- port\n", 1, "", ["expected keys and values"]),
        ("just words\n", 1, "", ["expected keys and values"]),
        ("port: 1\nport: 2\n", 2, "", ["not valid YAML", 'the key "port" stands there twice']),
        ("port: [1\n", 1, "", ["not valid YAML", "opened here and not closed"]),
        ("port: 1\n\tsite: x\n", 2, "", ["not valid YAML", "a tab stands before this line: indent with spaces"]),
        ("site: *nowhere\n", 1, "", ["not valid YAML", "begins with * in quotes"]),
        ("site: !!python/object:os.system {}\n", 1, "", ["not valid YAML", "!!python/object:os.system is a tag", "take it away"]),
    ],
)
def test_a_wrong_setting_is_told_with_its_place_and_what_was_expected(
    folder: Callable[..., Path], text: str, line: int, key: str, said: list[str], problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder(text))

    assert problem.file.endswith("config/aggregator.yaml")
    assert (problem.line, problem.key) == (line, key)
    assert all(part in problem.message for part in said), problem.message
    assert "File" not in problem.message  # the name of a class of ours says nothing to an operator


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("country: CN\n", None, "name", ["is missing"]),
        ("name: ''\n", 1, "name", ["expected a text that is not empty"]),
        ("name: North\ncounty: NO\n", 2, "county", ['did you mean "country"?']),
        ("name: North\ncountry: Norway\n", 2, "country", ["'Norway'", "expected two capital letters"]),
        ("name: North\ncountry: no\n", 2, "country", ["'no'", "expected two capital letters"]),
        ("name: North\ntimezone: Europe/Olso\n", 2, "timezone", ["'Europe/Olso'", "expected an IANA time zone"]),
        ("name: North\nror: 01yqg2h08\n", 2, "ror", ["'01yqg2h08'", "expected a ROR id"]),
        ("name: North\nhome: north\n", 2, "home", ["'north'", "http://"]),
        ("name: North\naliases: HIT\n", 2, "aliases", ["'HIT'", "expected a list"]),
        ("name: North\nnames:\n  zh: [北]\n", 3, "names.zh", ["expected a text"]),
        ("name: North\nsources:\n  - {}\n", 3, "sources[0].url", ["is missing"]),
        ("name: North\nsources:\n  - url: ftp://north.example.edu/\n", 3, "sources[0].url", ["'ftp://north.example.edu/'", "http://"]),
        (
            "name: North\nsources:\n  - https://north.example.edu/\n",
            3,
            "sources[0]",
            ["'https://north.example.edu/'", "expected keys and values"],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    kind: fed\n",
            4,
            "sources[0].kind",
            ["'fed'", "expected one of auto, feed", 'did you mean "feed"?'],
        ),
        ("name: North\nsources:\n  - url: https://north.example.edu/\n    kind: listing\n", 3, "sources[0]", ['expected "items"']),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    item_title: h2\n",
            3,
            "sources[0]",
            ['expected "items" beside "item_title"'],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    items: 'ul >'\n",
            4,
            "sources[0].items",
            ["'ul >'", "expected a CSS selector"],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    language: norwegian\n",
            4,
            "sources[0].language",
            ["'norwegian'", "expected a language code"],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    full_text: sometimes\n",
            4,
            "sources[0].full_text",
            ["'sometimes'", "expected one of auto, always or never"],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    id: two words\n",
            4,
            "sources[0].id",
            ["'two words'", "without spaces"],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n    langage: zh\n",
            4,
            "sources[0].langage",
            ['did you mean "language"?'],
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/a\n  - url: http://www.north.example.edu/a/\n",
            4,
            "sources[1]",
            ["the same source as sources[0] of north.yaml"],
        ),
    ],
)
def test_a_wrong_university_is_told_with_its_place_and_what_was_expected(
    folder: Callable[..., Path], text: str, line: int | None, key: str, said: list[str], problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder(north=text))

    assert problem.file.endswith("config/universities/north.yaml")
    assert problem.key == key
    assert line is None or problem.line == line
    assert all(part in problem.message for part in said), problem.message
    assert "File" not in problem.message


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("# a comment\nname: 2020-01-01\n", 2, "name", '2020-01-01: expected a text, and without quotes YAML takes this for a date: write "2020-01-01"'),
        ("name: 0o17\n", 1, "name", '0o17: expected a text, and without quotes YAML takes this for a number: write "0o17"'),
        ("name: 1e3\n", 1, "name", '1e3: expected a text, and without quotes YAML takes this for a number: write "1e3"'),
        ("name: True\n", 1, "name", 'True: expected a text, and without quotes YAML takes this for yes or no: write "True"'),
        ("name: ~\n", 1, "name", "~ is nothing to YAML: expected a text"),
        ("name:\n", 1, "name", "nothing stands here: expected a text"),
        ("name: ' '\n", 1, "name", "' ': expected a text that is not empty"),
        ("name: [North]\n", 1, "name", "expected a text"),
        ("name: North\nnames: {1: x}\n", 2, "names.1", '1: expected a text, and without quotes YAML takes this for a number: write "1"'),
        ("name: North\nnames:\n  zh:\n", 3, "names.zh", "nothing stands here: expected a text; or leave the key out"),
        ("name: !foo North\n", 1, "", "not valid YAML: !foo is a tag, which means nothing here: take it away, or put a text that begins with ! in quotes"),
        ("name: !!python/name:os.system\n", 1, "", "not valid YAML: !!python/name:os.system is a tag, which means nothing here: take it away, or put a text that begins with ! in quotes"),
        ("name: !e!foo North\n", 1, "", "not valid YAML: !e!… is a tag, which means nothing here: put a text that begins with ! in quotes"),
        (
            "name: North\n---\nname: South\n",
            2,
            "",
            "not valid YAML: a line --- or ... ends the first document, and a file holds one: take that line away, or move what follows into a file of its own",
        ),
        (
            "name: North\n\u00a0country: NO\n",
            2,
            "\u00a0country",
            "a sign that looks like a space (U+00A0, no-break space) belongs to this key, as YAML reads it: delete it, and indent with spaces",
        ),
        (
            "name: North\nsources:\n  - url: https://north.example.edu/\n\u3000\u3000  kind: feed\n",
            4,
            "\u3000\u3000  kind",
            "a sign that looks like a space (U+3000, ideographic space) belongs to this key, as YAML reads it: delete it, and indent with spaces",
        ),
        (
            "name: North\nsources:\n  -\u00a0url: https://north.example.edu/\n   kind: feed\n",
            3,
            "",
            "not valid YAML: a sign that looks like a space (U+00A0, no-break space) stands where a space is meant: delete it, and type a space",
        ),
        (
            "name:\u00a0North\n",
            1,
            "",
            "a sign that looks like a space (U+00A0, no-break space) stands where a space is meant: delete it, and type a space",
        ),
        ("name: North\nsources:\n\t- url: https://north.example.edu/\n", 3, "", "not valid YAML: a tab stands before this line: indent with spaces"),
        ("name: North\nsources:\n  - url: https://north.example.edu/\n    verified: 2026-13-01\n", 4, "", "not valid YAML: 2026-13-01: there is no such day; where a text is meant, put it in quotes"),
        ("name: North\nsources:\n  - url: https://north.example.edu/\n    every: 0500\n", 4, "", '0500: a number that begins with 0 may be meant in several ways: write 500, or "0500" where it is a text'),
        ("name: North\nsources:\n  - url: https://north.example.edu/\n    every: '0500'\n", 4, "sources[0].every", "'0500': expected a duration such as 30s, 5m, 2h or 1d"),
        ("name: North\nsources:\n  - url: https://north.example.edu/\n    paused: 7\n", 4, "sources[0].paused", "7: expected true or false"),
        ("name: North\nnames: {english: The North}\n", 2, "names.english", "'english': expected a language code (BCP 47), for example en, zh or pt-BR; did you mean en?"),
        ("name: North\nnames:\n  cn: 北\n", 3, "names.cn", "'cn': expected a language code (BCP 47), for example en, zh or pt-BR; did you mean zh?"),
        ("name: North\nnames:\n  pt_BR: Norte\n", 3, "names.pt_BR", "'pt_BR': expected a language code (BCP 47), for example en, zh or pt-BR; did you mean pt-BR?"),
        ("name: North\nnames: {zh: ''}\n", 2, "names.zh", "'': expected a text that is not empty"),
        ("name: North\naliases: [N, '']\n", 2, "aliases[1]", "'': expected a text that is not empty"),
        ("name: North\ncountry: uk\n", 2, "country", "'uk': expected two capital letters of ISO 3166-1, for example CN; did you mean GB?"),
        ("name: North\ntimezone: Europe/Olso\n", 2, "timezone", "'Europe/Olso': expected an IANA time zone such as Asia/Shanghai; did you mean Europe/Oslo?"),
        ("name: North\ntimezone: Beijing\n", 2, "timezone", "'Beijing': expected an IANA time zone such as Asia/Shanghai; did you mean Asia/Shanghai?"),
        ("name: North\nhome: &h [*h]\n", 2, "home", "expected a text"),
        ('name: "North\nsources: []\n', 1, "", "not valid YAML: a quote is opened here and not closed (found unexpected end of stream while scanning a quoted scalar)"),
        ("name: North\naliases: [a, b\ncountry: NO\n", 3, "", "not valid YAML: a bracket is not closed, or a comma is missing (expected ',' or ']', but got ':' while parsing a flow sequence)"),
        ("country: NO\nname: [North\n", 2, "", "not valid YAML: a bracket is opened here and not closed (expected ',' or ']', but got '<stream end>' while parsing a flow sequence)"),
        ("name: 'North's'\n", 1, "", "not valid YAML: the text goes on behind its closing quote: write '' for an apostrophe within it, or put it in double quotes"),
        ("name: @North\n", 1, "", "not valid YAML: to YAML a text cannot begin with @: put it in quotes"),
        ("name: | North\n", 1, "", "not valid YAML: behind | or > the text begins on the next line: move it there, or put it in quotes"),
        ("name: =\n", 1, "", "not valid YAML: = and << mean something to YAML: put them in quotes"),
        ("name: North\n...\ncity: x\n", 3, "", "not valid YAML: a line --- or ... ends the first document, and a file holds one: take that line away, or move what follows into a file of its own"),
        ("name: a\x1bb\n", 1, "", "not valid YAML: a control character (U+001B) stands here: delete it"),
        ("name: North\nsources:\n  url: https://north.example.edu/\n", 2, "sources", 'expected a list: lines that begin with a dash and a space, as "- this", or [this, that]'),
        ("name: North\nsources:\n  - url:https://north.example.edu/\n", 3, "sources[0]", "'url:https://north.example.edu/': expected keys and values, as \"key: value\" with a space behind the colon"),
        ("name: North\ntimezone: UTC+8\n", 2, "timezone", "'UTC+8': expected an IANA time zone such as Asia/Shanghai: a place, whose offset may change"),
    ],
)  # fmt: skip
def test_a_slip_of_yaml_is_told_in_the_words_of_who_edits_it(
    folder: Callable[..., Path], text: str, line: int, key: str, said: str, problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder(north=text))

    assert (problem.line, problem.key, problem.message) == (line, key, said)


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("poll:\n  every:\n", 2, "poll.every", "nothing stands here: expected a duration such as 30s, 5m, 2h or 1d; or leave the key out"),
        ("poll: {at_least: 400d}\n", 1, "poll.at_least", "'400d': expected a duration from 0s to 366d"),
        ("poll: {every: 0h}\n", 1, "poll.every", "'0h': expected a duration longer than nothing, such as 30s"),
        ("port: true\n", 1, "port", "true: expected a whole number"),
        ("port: 80.5\n", 1, "port", "80.5: expected a whole number"),
        ("fetch: {max_body: yes please}\n", 1, "fetch.max_body", "'yes please': expected a size such as 500kB or 15MB"),
        ("fetch: {max_body: true}\n", 1, "fetch.max_body", "true: expected a size such as 500kB or 15MB"),
        (
            "fetch: {allow_private: [10.1.0.0/99]}\n",
            1,
            "fetch.allow_private",
            "expected networks and hosts such as 10.1.0.0/16, 10.1.2.3 and intranet.example.edu; '10.1.0.0/99' is neither",
        ),
        (
            "fetch: {allow_private: ['http://intranet.example.edu/']}\n",
            1,
            "fetch.allow_private",
            "expected networks and hosts such as 10.1.0.0/16, 10.1.2.3 and intranet.example.edu; 'http://intranet.example.edu/' is neither: write its host alone, in a list: [intranet.example.edu]",
        ),
        (
            "fetch: {allow_private: 'http://127.0.0.1:8765/'}\n",
            1,
            "fetch.allow_private",
            "'http://127.0.0.1:8765/': expected networks and hosts such as 10.1.0.0/16, 10.1.2.3 and intranet.example.edu; 'http://127.0.0.1:8765/' is neither: write its host alone, in a list: [127.0.0.1]",
        ),
        (
            "fetch: {allow_private: ['[::1]:8765']}\n",
            1,
            "fetch.allow_private",
            "expected networks and hosts such as 10.1.0.0/16, 10.1.2.3 and intranet.example.edu; '[::1]:8765' is neither: write its host alone, in a list: [\"::1\"]",
        ),
        ("publish: {hub: hub.example.edu}\n", 1, "publish.hub", "'hub.example.edu': expected true, false, or an address that begins with http:// or https://"),
        ("publish: {hub: 5}\n", 1, "publish.hub", "5: expected true, false, or an address that begins with http:// or https://"),
        ("log: {level: warn}\n", 1, "log.level", "'warn': expected one of debug, info, warning or error; did you mean \"warning\"?"),
        ("notify: {at: 7}\n", 1, "notify.at", 'expected an hour such as "07:00"'),
        ("mail: {server: 'smtp://mail.example.edu:post'}\n", 1, "mail.server", "expected smtp://HOST, smtps://USER:PASSWORD@HOST or smtp+starttls://USER:PASSWORD@HOST:PORT"),
        ("database: 'postgresql://news@db:port/news'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"),
        ("database: '/var/lib/a.db'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; did you mean sqlite:////var/lib/a.db? (four slashes: sqlite:///, and a path that begins with one)"),
        ("database: 'sqlite:/var/lib/a.db'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; did you mean sqlite:////var/lib/a.db? (four slashes: sqlite:///, and a path that begins with one)"),
        ("database: 'sqlite://data/a.db'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; did you mean sqlite:///data/a.db?"),
        ("database: 'sqlite:///data/'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; this names no file"),
        ("database: 'sqlite:///:memory:'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; this names no file"),
        ("database: 'data/a.db'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; did you mean sqlite:///data/a.db?"),
        ("database: 'postgres://u:secret@db/news'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; did you mean postgresql://?"),
        ("database: 'u:secret@db/news'\n", 1, "database", "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"),
    ],
)  # fmt: skip
def test_a_slip_in_the_settings_is_told_as_well(
    folder: Callable[..., Path], text: str, line: int, key: str, said: str, problems: Callable[..., list[Problem]]
) -> None:
    (problem,) = problems(folder(text))

    assert (problem.line, problem.key, problem.message) == (line, key, said)


def test_a_folder_whose_name_is_mistyped_is_told(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    directory = folder("")
    (directory / "university").mkdir()
    (directory / "university" / "north.yaml").write_text("name: North\n")

    (problem,) = problems(directory)

    assert (problem.file, problem.message) == (str(directory / "university"), "is not read: files of universities stand in universities/")


def test_a_folder_that_nobody_may_list_is_no_empty_one(
    folder: Callable[..., Path], problems: Callable[..., list[Problem]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that took it for one would let all sources rest."""
    directory = folder("", north="name: North\n")
    for closed in (directory, directory / "universities"):
        with monkeypatch.context() as patch:
            listed = Path.iterdir

            def refused(path: Path, closed: Path = closed, listed: Any = listed) -> Any:
                if path == closed:
                    raise PermissionError(13, "Permission denied", str(path))
                return listed(path)

            patch.setattr(Path, "iterdir", refused)

            (problem,) = problems(directory)

        assert (problem.file, problem.message) == (str(closed), "cannot be read: Permission denied")


def test_a_file_in_the_place_of_the_folder_of_universities_is_told(
    folder: Callable[..., Path], problems: Callable[..., list[Problem]]
) -> None:
    directory = folder("")
    (directory / "universities").rmdir()
    (directory / "universities").write_text("name: North\n")

    (problem,) = problems(directory)

    assert (problem.file, problem.message) == (str(directory / "universities"), "cannot be read: Not a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("closed", [".", "universities"])
def test_rights_that_are_missing_are_told(folder: Callable[..., Path], problems: Callable[..., list[Problem]], closed: str) -> None:
    directory = folder("", north="name: North\n")
    (directory / closed).chmod(0)
    try:
        (problem,) = problems(directory)
    finally:
        (directory / closed).chmod(0o755)

    assert "cannot be read: Permission denied" in problem.message


@pytest.mark.parametrize("name", ["aggregator.yaml", "universities/north.yaml"])
def test_a_file_in_the_place_of_the_folder_is_told(folder: Callable[..., Path], name: str) -> None:
    directory = folder("", north="name: North\n")

    with pytest.raises(ConfigError, match=rf"{name}: is a file; a configuration is a folder") as caught:
        load(directory / name, {})

    assert caught.value.remedy == f"name its folder: --config {directory}"


def test_the_folder_of_universities_in_the_place_of_the_configuration_is_told_once(folder: Callable[..., Path]) -> None:
    directory = folder("", north="name: North\n", south="name: South\n")

    with pytest.raises(ConfigError) as caught:
        load(directory / "universities", {})

    assert [problem.message for problem in caught.value.problems] == ["holds universities, and is a part of a configuration"]
    assert caught.value.remedy == f"name the folder around it: --config {directory}"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_as_editors_of_windows_write_them_are_read(folder: Callable[..., Path], line_end: str, mark: str) -> None:
    text = mark + "site:\n  title: Ice\nport: 7\n".replace("\n", line_end)

    found = load(folder(text.encode()), {})

    assert (found.site.title, found.port) == ("Ice", 7)


def test_all_problems_of_all_files_come_at_once(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    directory = folder(
        "port: x\nsit: 1\nfetch: {timeout: soon}\nfeeds:\n  - {name: ice, where: 'ice OR'}\n",
        hit="country: China\n",
        north="name: [\n",
        south=HIT,
    )

    found = problems(directory, {"AGGREGATOR_PROT": "1"})

    assert [(Path(problem.file).name, problem.key) for problem in found] == [
        ("environment", "AGGREGATOR_PROT"),
        ("aggregator.yaml", "port"),
        ("aggregator.yaml", "fetch.timeout"),
        ("aggregator.yaml", "sit"),
        ("hit.yaml", "name"),
        ("hit.yaml", "country"),
        ("north.yaml", ""),
        ("aggregator.yaml", "feeds[0].where"),
    ]


def test_a_problem_reads_as_one_line_with_its_place(folder: Callable[..., Path]) -> None:
    directory = folder("port: x\n")

    with pytest.raises(ConfigError, match=r"aggregator\.yaml:1: port: 'x': expected a whole number") as caught:
        load(directory, {})

    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_told_with_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such directory") as caught:
        load(tmp_path / "nowhere", {})

    assert caught.value.remedy == f'"aggregator init {tmp_path / "nowhere"}" writes a starting configuration'


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"site: {title: '\xe9'}", b"port: \x00"])
def test_a_file_that_is_no_text_is_told(folder: Callable[..., Path], content: bytes, problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems(folder(content))

    assert re.search("not valid YAML|not UTF-8", problem.message)


def test_a_folder_in_the_place_of_a_file_is_told(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    directory = folder()
    (directory / "aggregator.yaml").mkdir()

    assert ["cannot be read" in problem.message for problem in problems(directory)] == [True]


def test_a_file_of_many_megabytes_is_not_read(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems(folder("#" * 5_000_001))

    assert "5000000 are the most" in problem.message


def test_one_source_in_two_files_is_told_with_both(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    source = "name: {0}\nsources:\n  - {{url: 'https://a.example.edu/', id: same}}\n"

    (problem,) = problems(folder(east=source.format("East"), west=source.format("West")))

    assert (Path(problem.file).name, problem.line, problem.key) == ("west.yaml", 3, "sources[0]")
    assert "east.yaml" in problem.message


def test_a_university_has_one_file(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    directory = folder(hit="name: HIT\n")
    (directory / "universities" / "hit.yml").write_text("name: HIT again\n")

    (problem,) = problems(directory)

    assert "hit has a second file" in problem.message


def test_a_name_that_cannot_stand_in_an_address_is_told(folder: Callable[..., Path], problems: Callable[..., list[Problem]]) -> None:
    directory = folder()
    (directory / "universities" / "My University.yaml").write_text("name: Mine\n")

    (problem,) = problems(directory)

    assert "small letters, digits, dots and dashes" in problem.message


# --- anything at all -----------------------------------------------------------------------------------------------------------------

keys = st.sampled_from(
    [
        "site",
        "fetch",
        "poll",
        "feeds",
        "port",
        "database",
        "name",
        "where",
        "sources",
        "url",
        "names",
        "timeout",
        "max_body",
        "allow_private",
        "kind",
        "items",
        "x",
        "",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["30s", "https://a.example/", "ice", "1e999d", "9" * 30 + "h"])
)
data = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data | st.dictionaries(keys, data, max_size=5), data | st.dictionaries(keys, data, max_size=5))
@example({"fetch": {"timeout": "1e999d"}}, {})
@example({"feeds": [{"name": ["x"], "where": {}}]}, {"sources": {"url": 1}})
def test_any_data_is_a_configuration_or_a_config_error(folder: Callable[..., Path], settings_data: Any, university: Any) -> None:
    directory = folder(
        json.dumps(settings_data, allow_nan=False) if _finite(settings_data) else "port: .nan",
        any=json.dumps(university) if _finite(university) else "",
    )

    try:
        load(directory, {})
    except ConfigError as error:
        assert error.problems
        assert all("\n" not in str(problem) for problem in error.problems)


def _finite(value: Any) -> bool:
    return "NaN" not in (text := json.dumps(value)) and "Infinity" not in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(alphabet="port: [1]{}&*!|>-\n#'\"%@`\t", max_size=40))
def test_any_text_is_a_configuration_or_a_config_error(folder: Callable[..., Path], text: str) -> None:
    directory = folder(text.encode(errors="surrogatepass"))

    try:
        load(directory, {})
    except ConfigError as error:
        assert error.problems


@pytest.mark.parametrize(
    "text",
    [
        "database: postgres://news:hunter2@db/news\n",
        "mail: {server: 'smtps://news:hunter2@mail.example.edu:x/'}\n",
        "notify: {chat: [1, hunter2]}\n",
        "desk: {token: hunter2}\n",
    ],
)
def test_passwords_stand_in_no_message(tmp_path: Path, text: str) -> None:
    (tmp_path / "aggregator.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert "hunter2" not in str(caught.value) + "".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    "text",
    ["name: North\nhome:\thttps://north.example.edu/   # seen 05\n", "name: North  # seen [00_, 0__5]\n", "name: North\ncity: x05\t# 05\n"],
)
def test_what_only_the_parser_with_positions_stumbles_over_is_no_mistake(folder: Callable[..., Path], text: str) -> None:
    assert "north" in load(folder(north=text)).universities


def test_a_token_that_looks_like_a_number_is_told_of_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "aggregator.yaml").write_text("desk: {token: 0123456789012345678}\n")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert "begins with 0" in str(caught.value)
    assert "123456" not in str(caught.value)
