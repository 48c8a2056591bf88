"""The configuration that is shipped: what its comments promise is what happens without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.config import Settings, load
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


def test_at_least_twenty_two_universities_of_ten_countries_are_shipped(shipped: Settings) -> None:
    others = shipped.universities.keys() - {"hit", "bauman"}

    assert len(others) >= 22
    assert len({shipped.universities[id_].country for id_ in others}) >= 10


def test_no_two_universities_share_a_name_an_alias_or_a_ror_id(shipped: Settings) -> None:
    def claims(university: University) -> set[str]:
        return {university.name, *university.names.values(), *university.aliases, university.ror or university.id}

    everything = [claim for university in shipped.universities.values() for claim in claims(university)]

    assert sorted(everything) == sorted(set(everything))


def test_every_university_says_where_it_is_and_has_a_source(shipped: Settings) -> None:
    polled = {source.university for source in shipped.sources.values()}

    assert all(
        university.country and university.city and university.timezone and university.home for university in shipped.universities.values()
    )
    assert polled == shipped.universities.keys()


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
    assert [feed.name for feed in shipped.feeds] == ["all", "china-and-russia"]
