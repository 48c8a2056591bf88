"""What an article is for. topics.tsv is a table of our own; its two halves are told apart by a checksum of the title, and only one was looked at."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import TOPICS, Topic
from aggregator.refine import topics
from aggregator.refine.topics import classify
from aggregator.text import topicwords


class Row(NamedTuple):
    topic: Topic
    language: str
    path: str
    shelf: str
    title: str

    def found(self) -> Topic:
        return classify(self.title, url=f"https://north.example.edu{self.path}" if self.path else None, shelf=self.shelf or None)


TABLE = [Row(*line.split("\t")) for line in Path(__file__).with_name("topics.tsv").read_text(encoding="utf-8").splitlines()[1:]]
WORKED_ON = [row for row in TABLE if crc32(row.title.encode()) % 2]
HELD_OUT = [row for row in TABLE if not crc32(row.title.encode()) % 2]


def test_the_table_is_large_and_of_many_languages() -> None:
    assert len({row.title for row in TABLE}) == len(TABLE) >= 650
    assert len({row.language for row in TABLE}) >= 18
    assert {row.topic for row in TABLE} == set(TOPICS)
    assert min(len(WORKED_ON), len(HELD_OUT)) >= 300


@pytest.mark.parametrize(("rows", "floor"), [(WORKED_ON, 0.98), (HELD_OUT, 0.97)], ids=["worked on", "held out"])
def test_topics_are_told_apart(rows: list[Row], floor: float) -> None:
    wrong = [(row.title, row.topic, found) for row in rows if (found := row.found()) != row.topic]

    assert len(wrong) <= (1 - floor) * len(rows), wrong


def test_news_are_hardly_ever_taken_for_something_that_the_wire_leaves_out() -> None:
    shown = ("news", "research")
    reported = [row for row in TABLE if row.topic in shown]
    hidden = [row.title for row in reported if row.found() not in shown]

    assert len(hidden) <= 0.01 * len(reported), hidden


@pytest.mark.parametrize(
    ("title", "url", "shelf", "expected"),
    [
        ("Anna Kowalska", None, None, "news"),
        ("Anna Kowalska", "https://north.example.edu/seminars/7.html", None, "lecture"),
        ("Anna Kowalska", "https://north.example.edu/seminars.html", None, "news"),
        ("Anna Kowalska", "https://north.example.edu/news/jobs/7", None, "job"),
        ("第五周安排", None, "通知公告-东方大学", "notice"),
        ("第五周安排", None, "东方大学 | 通知公告", "notice"),
        ("Lab engineer", None, "Vacancies – North University", "job"),
        ("Lab engineer", None, "All about vacancies of 1920", "news"),
        ("招聘启事", None, "通知公告", "job"),
        ("关于讲座的通知：学术报告会", None, None, "lecture"),
        ("我校举行学术报告会", None, None, "news"),
        ("Public lecture held in memory of Ada Lovelace", None, None, "news"),
        ("", None, None, "news"),
    ],
)
def test_title_list_and_address_decide_together(title: str, url: str | None, shelf: str | None, expected: Topic) -> None:
    assert classify(title, url=url, shelf=shelf) == expected


@given(st.text(max_size=300), st.text(max_size=50))
def test_any_title_has_a_topic(title: str, shelf: str) -> None:
    assert classify(title, shelf=shelf) in TOPICS


@pytest.mark.parametrize("table", [topicwords.CERTAIN, topicwords.LIKELY, topicwords.LISTS, topicwords.PATHS])
def test_every_topic_has_its_words(table: dict[Topic, str]) -> None:
    assert set(table) == set(TOPICS)


def test_no_list_and_no_part_of_an_address_means_two_topics() -> None:
    for table, separator in ((topicwords.LISTS, ","), (topicwords.PATHS, None)):
        names = [name.strip() for topic in TOPICS for name in table[topic].split(separator)]

        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_cue_is_found_where_it_stands_alone_and_where_text_stands_around_it() -> None:
    for text, cue in topics._cues():
        for title in (text, f"a {text} b", f"«{text}»"):
            assert (cue.topic, cue.points) in set(topics._of_title(title)), text


def test_a_cue_begins_a_word_but_for_scripts_without_spaces() -> None:
    assert topics.classify("Call for tenders: a new roof") == "tender"
    assert topics.classify("Recall for tenderness: a new proof") == "news"
    assert topics.classify("关于宿舍楼维修工程招标公告") == "tender"


def test_who_holds_an_office_is_no_offer_of_one() -> None:
    """Reports of people whose title an offer would name as well, and of things that are sought."""
    titles = Path(__file__).with_name("no_jobs.txt").read_text(encoding="utf-8").splitlines()

    assert len(titles) > 100
    assert [title for title in titles if classify(title) == "job"] == []


@given(st.text("postdc wantedgesuchtищемse busca ,-()", max_size=200))
def test_looking_for_an_offer_takes_no_time_of_any_title(title: str) -> None:
    assert classify(title * 5) in TOPICS
