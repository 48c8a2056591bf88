"""Universities that are known but not polled: chosen, turned on and off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aggregator.config import Settings, edit, load
from aggregator.config.brought import additions_of
from aggregator.config.choice import Choice, choose, sources_of
from aggregator.config.opml import Subscription
from aggregator.errors import ConfigError, QueryError

NORTH = """# ours
name: North University
country: NO
home: https://north.example.edu/ # since 1900
sources:
  - url: https://north.example.edu/news
    language: nb
    verified: 2026-03-01
"""
SOUTH = """name: South University
country: ZA
enabled: false # until somebody asks
sources:
  - url: https://south.example.edu/news
    language: en-ZA
    verified: never
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities/north.yaml").write_text(NORTH)
    (tmp_path / "universities/south.yaml").write_text(SOUTH)
    return tmp_path


@pytest.fixture
def settings(config: Path) -> Settings:
    return load(config, {})


def test_what_is_not_enabled_is_known_and_not_polled(settings: Settings) -> None:
    assert [source.university for source in settings.sources.values()] == ["north"]
    assert [source.university for source in settings.offered.values()] == ["south"]
    assert (settings.universities["south"].enabled, settings.universities["north"].enabled) == (False, True)


def test_a_source_says_how_sure_it_is(settings: Settings) -> None:
    assert [source.verified for source in (*settings.sources.values(), *settings.offered.values())] == [date(2026, 3, 1), "never"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), ["north", "south"]),
        (Choice(ids=("south",)), ["south"]),
        (Choice(countries=("no",)), ["north"]),
        (Choice(countries=("NO", "ZA")), ["north", "south"]),
        (Choice(languages=("en",)), ["south"]),
        (Choice(countries=("NO",), languages=("en",)), []),
        (Choice(enabled=False), ["south"]),
    ],
)
def test_universities_are_chosen_by_what_holds_of_them(settings: Settings, choice: Choice, expected: list[str]) -> None:
    assert [each.id for each in choose(settings, choice)] == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(ids=("sout",)), 'did you mean "south"?'),
        (Choice(countries=("XY",)), "universities list"),
        (Choice(languages=("e",)), "two or three, as zh"),
    ],
)
def test_what_no_university_has_is_said(settings: Settings, choice: Choice, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        choose(settings, choice)

    assert expected in (caught.value.remedy or "")


def test_enabling_and_disabling_keeps_comments_and_writes_only_what_changes(config: Path) -> None:
    on = edit.enable(config, ["north", "south"], on=True, check=lambda: load(config, {}))
    off = edit.enable(config, ["north"], on=False, check=lambda: load(config, {}))

    assert [path.name for path in (*on, *off)] == ["south.yaml", "north.yaml"]
    assert (config / "universities/south.yaml").read_text() == SOUTH.replace("enabled: false", "enabled: true ")
    assert (config / "universities/north.yaml").read_text() == NORTH.replace("sources:", "enabled: false\nsources:")


def test_nothing_changes_where_the_result_would_be_wrong(config: Path) -> None:
    def wrong() -> None:
        raise ConfigError([])

    with pytest.raises(ConfigError):
        edit.enable(config, ["south"], on=True, check=wrong)

    assert (config / "universities/south.yaml").read_text() == SOUTH


def test_sources_are_amended_where_they_stand(config: Path) -> None:
    edit.amend(config, "south", {"https://south.example.edu/news": {"verified": date(2026, 3, 2)}}, check=lambda: load(config, {}))

    assert (config / "universities/south.yaml").read_text() == SOUTH.replace("never", "2026-03-02")
    assert [source.verified for source in sources_of(load(config, {}), "south")] == [date(2026, 3, 2)]


def test_a_source_added_to_a_university_that_waits_enables_it(config: Path) -> None:
    edit.add(config, [edit.Addition("south", "", None, {"url": "https://south.example.edu/feed"})], check=lambda: load(config, {}))

    assert len(load(config, {}).sources) == 3


def test_an_imported_feed_that_is_on_offer_is_not_written_twice(settings: Settings) -> None:
    feed = Subscription("http://south.example.edu/news/", "South", None, None)

    assert additions_of([feed], settings) == ()
    assert edit.offered([feed.url], settings) == ("south",)


@pytest.mark.parametrize("text", ["yesterday", '"2026-13-01"', "true", "7"])
def test_how_sure_is_a_day_or_never(config: Path, text: str) -> None:
    (config / "universities/north.yaml").write_text(NORTH.replace("2026-03-01", text))

    with pytest.raises(ConfigError, match=r"sources\[0\]\.verified.*expected never, or a day"):
        load(config, {})
