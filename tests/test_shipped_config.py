"""The configuration that is shipped: what its comments promise is what happens without it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from aggregator.config import Settings, edit, load
from aggregator.config.choice import Choice, choose
from aggregator.model import University

SHIPPED = Path(__file__).parents[1] / "config"


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load(SHIPPED, {})


def test_hit_comes_with_its_english_news_and_bauman_beside_it(shipped: Settings) -> None:
    hit, bauman = shipped.universities["hit"], shipped.universities["bauman"]

    assert "http://en.hit.edu.cn/news" in [source.url for source in shipped.sources.values() if source.university == "hit"]
    assert (hit.names["zh"], hit.ror) == ("哈尔滨工业大学", "https://ror.org/01yqg2h08")
    assert (bauman.name, bauman.country) == ("Bauman Moscow State Technical University", "RU")


def test_the_catalogue_is_of_the_world_and_a_small_part_of_it_is_polled(shipped: Settings) -> None:
    enabled = [university for university in shipped.universities.values() if university.enabled]

    assert len(shipped.universities) >= 450
    assert len({university.country for university in shipped.universities.values()}) >= 120
    assert len(enabled) <= 50
    assert len({university.country for university in enabled}) >= 20


def test_every_source_says_how_sure_it_is(shipped: Settings) -> None:
    assert all(source.verified is not None for source in (*shipped.sources.values(), *shipped.offered.values()))


def test_a_country_is_enabled_by_one_command_and_the_comments_stay(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "config")
    chosen = choose(load(SHIPPED, {}), Choice(countries=("CH",)))
    file = tmp_path / "config/universities/basel.yaml"
    file.write_text(f"# of the Rhine\n{file.read_text()}".replace("enabled: false", "enabled: false # for now"))

    edit.enable(tmp_path / "config", [each.id for each in chosen], on=True, check=lambda: None)

    assert {each.id for each in chosen} >= {"basel", "eth", "epfl"}
    assert "# of the Rhine\n" in file.read_text()
    assert "enabled: true  # for now" in file.read_text()
    assert len(load(tmp_path / "config", {}).sources) == len(load(SHIPPED, {}).sources) + sum(not each.enabled for each in chosen)


def test_no_two_universities_share_a_name_an_alias_or_a_ror_id(shipped: Settings) -> None:
    def claims(university: University) -> set[str]:
        return {university.name, *university.names.values(), *university.aliases, university.ror or university.id}

    everything = [claim for university in shipped.universities.values() for claim in claims(university)]

    assert sorted(everything) == sorted(set(everything))


def test_every_university_says_where_it_is_and_has_a_source(shipped: Settings) -> None:
    watched = {source.university for source in (*shipped.sources.values(), *shipped.offered.values())}

    assert all(
        university.country and university.city and university.timezone and university.home for university in shipped.universities.values()
    )
    assert watched == shipped.universities.keys()


def test_the_settings_in_the_comments_are_the_defaults(shipped: Settings, tmp_path: Path) -> None:
    text = (SHIPPED / "aggregator.yaml").read_text(encoding="utf-8").partition("\nfeeds:")[0]
    (tmp_path / "aggregator.yaml").write_text(re.sub(r"^( *)# ([a-z_]+: )", r"\1\2", text, flags=re.MULTILINE), encoding="utf-8")
    (tmp_path / "bare").mkdir()

    spoken, silent = load(tmp_path, {}), load(tmp_path / "bare", {})

    assert text.count("\n  # max_body: ") == 1
    assert [getattr(spoken, key) for key in ("database", "host", "port")] == [getattr(silent, key) for key in ("database", "host", "port")]
    assert (spoken.site, spoken.fetch, spoken.poll) == (silent.site, silent.fetch, silent.poll)
    assert spoken.fetch.model_fields_set == set(type(spoken.fetch).model_fields)
    assert spoken.poll.model_fields_set == set(type(spoken.poll).model_fields)


def test_the_feed_of_the_example_is_published(shipped: Settings) -> None:
    assert [feed.name for feed in shipped.feeds] == ["all", "everything", "china-and-russia"]


def test_names_in_other_scripts_are_written_in_them(shipped: Settings) -> None:
    mixed = [
        name
        for university in shipped.universities.values()
        for language, name in university.names.items()
        if language in ("zh", "ru", "ja", "ko", "ar", "el", "uk") and re.search("[A-Za-z]{3}", name)
    ]

    assert mixed == []


def test_what_stands_as_an_example_in_the_shipped_configuration_is_valid(tmp_path: Path) -> None:
    text = (SHIPPED / "aggregator.yaml").read_text(encoding="utf-8")
    examples = re.sub(r"(?m)^(\s*)# (?=\s*(?:- )?[a-z_]+:(?: |$))", r"\1", text)
    examples = re.sub(r"(?m)^  contact: null\n", "", examples).replace("url: null", "url: https://wire.example.edu")
    (tmp_path / "universities").mkdir()
    (tmp_path / "aggregator.yaml").write_text(examples, encoding="utf-8")

    settings = load(tmp_path, {})

    assert settings.keep.days == 365
    assert [each.name for each in settings.newsletters] == ["quantum-weekly"]
    assert settings.desk.token is not None
    assert "SIGHUP" not in text
