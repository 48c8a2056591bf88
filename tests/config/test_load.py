"""What a right configuration means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.errors import ConfigError
from aggregator.model import Keep, Selectors, Source, University

HIT = """\
name: Harbin Institute of Technology
names: {zh: 哈尔滨工业大学}
aliases: [HIT]
country: CN
timezone: Asia/Shanghai
sources:
  - url: http://en.hit.edu.cn/news
"""


def test_an_empty_folder_is_a_configuration(folder: Callable[..., Path]) -> None:
    found = load(folder(), {})

    assert (found.host, found.port, found.database) == ("127.0.0.1", 8000, "sqlite:///data/aggregator.db")
    assert (found.fetch.host_gap, found.fetch.timeout, found.fetch.max_body, found.fetch.allow_private) == (
        timedelta(seconds=2),
        timedelta(seconds=30),
        15_000_000,
        False,
    )
    assert (found.poll.every, found.poll.at_least, found.poll.at_most) == (timedelta(minutes=30), timedelta(minutes=5), timedelta(hours=24))
    assert [feed.name for feed in found.feeds] == ["all", "everything"]
    assert (found.universities, found.sources) == ({}, {})


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "site:\nfetch:\npoll:\nfeeds:\n", "---\n"])
def test_sections_may_be_empty(folder: Callable[..., Path], text: str) -> None:
    assert load(folder(text), {}).port == 8000


def test_a_source_needs_no_more_than_its_address(folder: Callable[..., Path]) -> None:
    found = load(folder(hit=HIT), {})

    assert found.universities == {
        "hit": University("hit", "Harbin Institute of Technology", {"zh": "哈尔滨工业大学"}, ("HIT",), "CN", timezone="Asia/Shanghai")
    }
    assert found.sources == {
        "hit/en.hit.edu.cn/news": Source(
            "hit/en.hit.edu.cn/news",
            "http://en.hit.edu.cn/news",
            timezone="Asia/Shanghai",
            university="hit",
            title="Harbin Institute of Technology",
            country="CN",
        )
    }


def test_a_source_may_say_everything_itself(folder: Callable[..., Path]) -> None:
    source = """\
name: North
timezone: Europe/Oslo
sources:
  - {url: "https://north.example.edu/", id: north-news, kind: listing, language: no, timezone: Asia/Tokyo, title: Nordlys, items: "ul > li", item_title: h3,
     item_link: a.more, item_date: time, item_summary: p, item_image: img, article: main, full_text: yes, every: 2h,
     ignore_robots: agreed with their web team}
"""
    (found,) = load(folder(north=source.replace("full_text: yes", "full_text: true")), {}).sources.values()

    assert found == Source(
        "north-news",
        "https://north.example.edu/",
        "listing",
        "no",
        "Asia/Tokyo",
        "north",
        "Nordlys",
        Selectors("ul > li", "h3", "a.more", "time", "p", "img"),
        "main",
        "always",
        timedelta(hours=2),
        "agreed with their web team",
    )


@pytest.mark.parametrize("value", ["true", "'yes'", "''", "1"])
def test_a_robots_txt_is_not_ignored_without_a_reason(folder: Callable[..., Path], value: str) -> None:
    text = f"name: North\nsources:\n  - {{url: 'https://north.example.edu/', ignore_robots: {value}}}\n"

    with pytest.raises(ConfigError, match="the reason in words"):
        load(folder(north=text), {})


def test_norway_is_a_country_and_no_is_a_language(folder: Callable[..., Path]) -> None:
    text = "name: North\nnames: {no: Nordlig universitet}\ncountry: NO\nsources:\n  - {url: 'https://north.example.edu/', language: no}\n"

    found = load(folder(north=text), {})

    assert (found.universities["north"].country, found.universities["north"].names) == ("NO", {"no": "Nordlig universitet"})
    assert [source.language for source in found.sources.values()] == ["no"]


@pytest.mark.parametrize(
    "text",
    ["country: NO", "country: 'NO'", "city: yes", "city: Off", "city: 'n'", "aliases: [Yes, No, on, OFF, y, N, true-ish]"],
)
def test_the_yes_and_no_of_old_yaml_are_words(folder: Callable[..., Path], text: str) -> None:
    (found,) = load(folder(north=f"name: North\n{text}\n"), {}).universities.values()

    assert all(isinstance(value, str) for value in (found.country or "", found.city or "", *found.aliases))
    assert any(word in f"{found}" for word in re.findall(r"[A-Za-z-]+", text.partition(":")[2]))


def test_an_address_needs_no_quotes_inside_brackets(folder: Callable[..., Path]) -> None:
    found = load(folder(north="name: North\nsources:\n  - {url: http://north.example.edu/a?b=c:d, language: zh}\n"), {})

    assert [source.url for source in found.sources.values()] == ["http://north.example.edu/a?b=c:d"]


def test_feeds_come_after_the_built_in_ones(folder: Callable[..., Path]) -> None:
    text = "site: {title: The wire}\nfeeds:\n  - {name: ice, where: ice}\n  - {name: cn, title: China, where: 'country:CN', limit: 7}\n"

    found = load(folder(text), {})

    assert [(feed.name, feed.title, feed.where, feed.limit) for feed in found.feeds] == [
        ("all", "The wire", "topic:news,research", 100),
        ("everything", "The wire: everything", "", 100),
        ("ice", "ice", "ice", 100),
        ("cn", "China", "country:CN", 7),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", 30),
        ("5m", 300),
        ("2h", 7200),
        ("1d", 86400),
        ("1h30m", 5400),
        ("1 h 30 m", 5400),
        ("1.5h", 5400),
        ("90", 90),
        ("5 minutes", 300),
        ("1 hour 30 minutes", 5400),
        ("1 day", 86400),
        ("500ms", 0.5),
        ("2H", 7200),
    ],
)
def test_durations_are_written_as_people_do(folder: Callable[..., Path], text: str, expected: float) -> None:
    found = load(folder(f"fetch: {{timeout: {text}}}"), {})

    assert found.fetch.timeout == timedelta(seconds=expected)


@pytest.mark.parametrize(
    ("text", "expected"), [("15MB", 15_000_000), ("500kB", 500_000), ("1MiB", 1_048_576), ("1.5 mb", 1_500_000), ("1000", 1000), ("7b", 7)]
)
def test_sizes_are_written_as_people_do(folder: Callable[..., Path], text: str, expected: int) -> None:
    assert load(folder(f"fetch: {{max_body: {text}}}"), {}).fetch.max_body == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("false", False), ("[10.1.0.0/16, campus.example.edu]", ["10.1.0.0/16", "campus.example.edu"])]
)
def test_private_addresses_are_allowed_wholly_or_one_by_one(folder: Callable[..., Path], text: str, expected: object) -> None:
    assert load(folder(f"fetch: {{allow_private: {text}}}"), {}).fetch.allow_private == expected


def test_a_feed_called_everything_takes_the_place_of_the_built_in_one(folder: Callable[..., Path]) -> None:
    found = load(folder("feeds:\n  - {name: everything, where: 'country:CN'}\n"), {})

    assert [(feed.name, feed.where) for feed in found.feeds] == [("all", "topic:news,research"), ("everything", "country:CN")]


def test_how_long_texts_are_kept_is_said_for_all_for_a_university_and_for_a_source(folder: Callable[..., Path]) -> None:
    source = "sources:\n  - url: http://{0}.example.edu/news\n    id: {0}/news\n"
    found = load(
        folder(
            "keep: {days: 730}\n",
            all="name: All\n" + source.format("all"),
            short="name: Short\nkeep: {days: 30, at_least: 10}\n" + source.format("short"),
            long="name: Long\nkeep: {days: 30}\n" + source.format("long") + "    keep: {at_least: 5}\n",
        ),
        {},
    )

    assert found.keep == Keep(730, 100)
    assert {id: source.keep for id, source in found.sources.items()} == {
        "all/news": None,
        "short/news": Keep(30, 10),
        "long/news": Keep(None, 5),
    }


def test_everything_is_kept_unless_it_is_said_otherwise(folder: Callable[..., Path]) -> None:
    assert load(folder(), {}).keep == Keep(days=None)
