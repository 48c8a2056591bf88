from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.model import University
from aggregator.query import LONGEST, And, Everything, Field, Not, Or, Query, When, Words, parse

UNIVERSITIES = {
    "hit": University("hit", "Harbin Institute of Technology", names={"zh": "哈尔滨工业大学"}, aliases=("HIT", "哈工大"), country="CN"),
    "zju": University("zju", "Zhejiang University", country="CN"),
    "bauman": University("bauman", "Bauman Moscow State Technical University", names={"ru": "МГТУ им. Баумана"}, country="RU"),
    "quoted": University("quoted", r'The "Ice\Robot" school'),
    "quiet": University("quiet", "A university of no country"),
}
ICE = Words(("ice",))
ROBOT = Words(("robot",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        ("  \t\n", Everything()),
        ("ice", ICE),
        ("ICE", ICE),
        ("ice robot", And((ICE, ROBOT))),
        ('"ice robot"', Words(("ice", "robot"))),
        ("“ice robot”", Words(("ice", "robot"))),
        ("-„ice robot“", Not(Words(("ice", "robot")))),
        ("„ice robot”", Words(("ice", "robot"))),
        ("«ice robot» ice", And((Words(("ice", "robot")), ICE))),
        ("title:「ice robot」", Words(("ice", "robot"), "title")),
        ("title：ice", Words(("ice",), "title")),
        ("“ice robot", And((ICE, ROBOT))),
        (r'"\"ice\" robot"', Words(("ice", "robot"))),
        (r'university:"the \"Ice\\Robot\" school"', Field("university", ("quoted",))),
        ("ice AND robot", And((ICE, ROBOT))),
        ("ice AND robot OR ice", Or((And((ICE, ROBOT)), ICE))),
        ('ice "AND" robot', And((ICE, Words(("and",)), ROBOT))),
        ("NOT ice", Not(ICE)),
        ("ice NOT robot", And((ICE, Not(ROBOT)))),
        ("ice AND NOT robot", And((ICE, Not(ROBOT)))),
        ("ice OR NOT robot", Or((ICE, Not(ROBOT)))),
        ("NOT NOT ice", ICE),
        ("NOT -ice", ICE),
        ("NOT country:CN", Not(Field("university", ("hit", "zju")))),
        ("NOT (ice OR robot)", Not(Or((ICE, ROBOT)))),
        ("not ice", And((Words(("not",)), ICE))),
        ('"NOT" ice', And((Words(("not",)), ICE))),
        ("Ice: robot", And((ICE, ROBOT))),
        ('"title:" ice', And((Words(("title",)), ICE))),
        ("ice-robot", Words(("ice", "robot"))),
        ("-ice", Not(ICE)),
        ('-"ice robot"', Not(Words(("ice", "robot")))),
        ("ice OR robot", Or((ICE, ROBOT))),
        ("or", Words(("or",))),
        ('"OR"', Words(("or",))),
        ("topic:Job", Field("topic", ("job",))),
        ("topic:news,research,news", Field("topic", ("news", "research"))),
        ("ice robot OR ice", Or((And((ICE, ROBOT)), ICE))),
        ("ice (robot OR -ice)", And((ICE, Or((ROBOT, Not(ICE)))))),
        ("((ice))", ICE),
        ("-(ice OR robot)", Not(Or((ICE, ROBOT)))),
        ("ice -(robot -(ice))", And((ICE, Not(And((ROBOT, Not(ICE))))))),
        ("(-(ice))", Not(ICE)),
        ("ice - robot", And((ICE, ROBOT))),
        ("ice – robot … &", And((ICE, ROBOT))),
        ("ice -& robot", And((ICE, ROBOT))),
        ("ice OR - robot", Or((ICE, ROBOT))),
        ("(ice -) robot", And((ICE, ROBOT))),
        ("ice-(robot)", And((ICE, ROBOT))),
        ("(ice)robot", And((ICE, ROBOT))),
        ("title:ice", Words(("ice",), "title")),
        ('title:"ice robot"', Words(("ice", "robot"), "title")),
        ("TITLE:ice", Words(("ice",), "title")),
        ("author:Lee", Words(("lee",), "authors")),
        ('author:"Li Lei"', Words(("li", "lei"), "authors")),
        ("category:sport", Words(("sport",), "categories")),
        ("source:hit/en.hit.edu.cn/news", Field("source", ("hit/en.hit.edu.cn/news",))),
        ("university:hit", Field("university", ("hit",))),
        ("university:HIT", Field("university", ("hit",))),
        ("university:哈工大", Field("university", ("hit",))),
        ('university:"harbin institute of technology"', Field("university", ("hit",))),
        ("country:CN", Field("university", ("hit", "zju"))),
        ("country:cn", Field("university", ("hit", "zju"))),
        ("country:FR", Field("university", ())),
        ("-country:CN", Not(Field("university", ("hit", "zju")))),
        ("language:zh-Hant", Field("language", ("zh-hant",))),
        ("language:no", Field("language", ("no",))),
        ("after:2026-09-01", When(start=datetime(2026, 9, 1, tzinfo=UTC))),
        ("before:2026-10-01", When(end=datetime(2026, 10, 1, tzinfo=UTC))),
        ("has:image", Field("has", ("image",))),
        ("哈工大", Words(("哈工", "工大"))),
        ("哈", Words(("哈",))),
    ],
)
def test_a_question_means_its_conditions(text: str, expected: Query) -> None:
    assert parse(text, UNIVERSITIES) == expected


@pytest.mark.parametrize(
    ("text", "position", "message", "remedy"),
    [
        ('ice "robot', 4, 'a " without its partner', "close the phrase"),
        ("ice)", 3, "a ) without its (", "remove it"),
        ("ice (robot", 4, "a ( without its )", "close the group"),
        ("()", 1, "something to look for is missing", "at least one"),
        ("ice OR", 6, "something to look for is missing", "between two terms"),
        ("OR ice", 0, "something to look for is missing", "between two terms"),
        ("ice OR OR robot", 7, "something to look for is missing", "between two terms"),
        ("ice AND", 7, "something to look for is missing", "between two terms"),
        ("AND ice", 0, "something to look for is missing", "between two terms"),
        ("ice AND OR robot", 8, "something to look for is missing", "between two terms"),
        ("ice OR AND robot", 7, "something to look for is missing", "between two terms"),
        ("… -", 0, "no letter or digit", "name a word"),
        ('ice "…"', 4, "no letter or digit", "name a word"),
        ("ice -(robot", 4, "a ( without its )", "close the group"),
        ("-()", 2, "something to look for is missing", "at least one"),
        ("ice OR -", 8, "something to look for is missing", "between two terms"),
        ("ice NOT", 7, "something to look for is missing", "NOT before one"),
        ("(ice NOT) robot", 8, "something to look for is missing", "NOT before one"),
        ("ice NOT OR robot", 8, "something to look for is missing", "NOT before one"),
        ("title:", 0, 'nothing stands behind "title:"', "title:word"),
        ("ice -Author: ", 4, 'nothing stands behind "Author:"', "Author:word"),
        ("(ice about：)", 5, 'nothing stands behind "about:"', "about:word"),
        ("title: ice", 0, 'nothing stands behind "title:"', "title:word"),
        ('""', 0, "no letter or digit", "name a word"),
        ("ice titel:robot", 4, 'no field "titel:"', 'did you mean "title:"?'),
        ("http://example.edu", 0, 'no field "http:"', "quote the words"),
        ("topic:jobs", 0, '"jobs" is no topic', 'did you mean "job"?'),
        ("topic:news,", 0, '"" is no topic', "one of news, research"),
        ("university:zjuu", 0, 'no configured university is called "zjuu"', 'did you mean "zju"?'),
        ("university:nobody-at-all", 0, "no configured university", "name of its file"),
        ("country:China", 0, '"China" is no country code', "country:CN"),
        ("country:C1", 0, "no country code", "country:CN"),
        ("language:chinese", 0, '"chinese" is no language code', "language:zh"),
        ("after:yesterday", 0, '"yesterday" is no day', "2026-09-01"),
        ("before:2026-02-30", 0, "no day", "2026-09-01"),
        ("has:money", 0, '"has:money" is unknown', "has:image"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place_and_a_remedy(text: str, position: int, message: str, remedy: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, UNIVERSITIES)

    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")
    assert caught.value.position == position


class Leeds:
    """A directory of one university."""

    def entry(self, who: str) -> University | None:
        return University("leeds", "University of Leeds", ror="https://ror.org/024mrxd33") if "leeds" in who.lower() else None

    def nearest(self, who: str) -> str | None:
        return "University of Leeds" if "leds" in who else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about:Leeds", Field("about", ("id:leeds", "ror:024mrxd33", "name:leeds", "name:university of leeds"))),
        ("about:hit", Field("about", ("id:hit", "name:hit", "name:harbin institute of technology"))),
        ("mentions:024mrxd33", Field("mentions", ("ror:024mrxd33",))),
    ],
)
def test_articles_are_asked_for_by_any_name_of_a_university(text: str, expected: Query) -> None:
    assert parse(text, UNIVERSITIES, Leeds()) == expected


@pytest.mark.parametrize(
    ("text", "remedy"),
    [('ice mentions:"university of leds"', 'did you mean "University of Leeds"?'), ("ice about:nobody", "its ROR id")],
)
def test_a_university_that_nobody_knows_is_told_with_one_that_is_called_alike(text: str, remedy: str) -> None:
    with pytest.raises(QueryError, match="no university is known") as caught:
        parse(text, UNIVERSITIES, Leeds())

    assert caught.value.position == 4
    assert remedy in (caught.value.remedy or "")


def test_a_question_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert parse("a" * LONGEST) == Words(("a" * LONGEST,))

    with pytest.raises(QueryError, match="1001 characters"):
        parse("a" * (LONGEST + 1))


def test_groups_may_be_nested_to_a_bound() -> None:
    assert parse("(" * 20 + "ice" + ")" * 20) == ICE

    with pytest.raises(QueryError, match="deeper than 20"):
        parse("(" * 490 + "ice" + ")" * 490)


pieces = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "-",
        "OR",
        " ",
        "  ",
        ":",
        "a",
        "ice",
        "哈工大",
        "title:",
        "author:",
        "country:",
        "university:",
        "after:",
        "has:",
        "has:image",
        "2026-09-01",
        "CN",
        "\x00",
        "\ud800",
        "%",
        "_",
        "*",
        "'",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join) | st.text(max_size=60))
@example("\u3000")
@example("\x1c\x1c")
@example('-"')
@example("-(ice)")
def test_any_text_is_a_query_or_a_query_error_at_a_place_inside_it(text: str) -> None:
    try:
        parse(text, UNIVERSITIES)
    except QueryError as error:
        assert 0 <= error.position <= len(text)


@given(
    st.lists(st.sampled_from(["ice", "-robot", "title:ice", '"ice robot"', "country:CN"]), min_size=1, max_size=6),
    st.sampled_from([" ", "  ", "\n", "\u3000"]),
)
def test_spaces_and_a_pair_of_brackets_around_everything_change_nothing(terms: list[str], space: str) -> None:
    plain = parse(" ".join(terms), UNIVERSITIES)

    assert parse(f"{space}({space}{space.join(terms)}{space}){space}", UNIVERSITIES) == plain


def test_a_question_of_too_many_terms_is_refused() -> None:
    with pytest.raises(QueryError, match="41 terms") as caught:
        parse("ice " * 41)

    assert caught.value.position == 160


def test_a_story_is_asked_for_by_the_id_of_any_of_its_articles():
    assert parse("story:7F1B7A56-6a37-5a5c-9df0-52a80a9a4a11") == Field("story", ("7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11",))


def test_what_is_no_id_is_no_story():
    with pytest.raises(QueryError, match="is no id"):
        parse("story:nonsense")
