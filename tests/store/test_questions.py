"""The contract of ``Store`` for questions: what is found by what, on every database the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, true

from aggregator.model import Article
from aggregator.query import parse
from aggregator.store import Store, published, sqlite
from aggregator.store.conditions import condition
from aggregator.store.tables import articles


@pytest.fixture
def library(put: Callable[..., None], an_article: Callable[..., Article]) -> None:
    put(
        an_article(
            1,
            title="plain",
            text="Robots walk on ice",
            authors=("Li Lei", "Иван Петров"),
            categories=("Winter Sports",),
            image="https://img.example.edu/1.jpg",
        ),
        an_article(2, title="ice on top", text="Nothing", language="en-GB", content=None, topic="research"),
        an_article(
            3, title="undated", text="100% walking_stick", published=None, language=None, first_seen=datetime(2026, 3, 2, 1, tzinfo=UTC)
        ),
    )
    put(
        an_article(
            4,
            title="哈工大2026年招生",
            text="与鲍曼莫斯科国立技术大学合作",
            source="east/news",
            university="east",
            language="zh-Hant",
            authors=("李雷",),
            categories=("新闻",),
            topic="admission",
        ),
        source="east/news",
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", "undated|plain|ice on top|哈工大2026年招生"),
        ("ice", "plain|ice on top"),
        ("ICE robots", "plain"),
        ('"walk on"', "plain"),
        ('"on walk"', ""),
        ("title:ice", "ice on top"),
        ('title:"on top"', "ice on top"),
        ("-ice", "undated|哈工大2026年招生"),
        ("ice -robots", "ice on top"),
        ("robots OR nothing", "plain|ice on top"),
        ("(robots OR nothing) -title:ice", "plain"),
        ("university:north", "undated|plain|ice on top"),
        ("-university:north", "哈工大2026年招生"),
        ("country:CN", "哈工大2026年招生"),
        ("country:FR", ""),
        ("-country:FR", "undated|plain|ice on top|哈工大2026年招生"),
        ("source:east/news", "哈工大2026年招生"),
        ("language:en", "plain|ice on top"),
        ("language:en-gb", "ice on top"),
        ("language:zh", "哈工大2026年招生"),
        ("-language:en", "undated|哈工大2026年招生"),
        ("topic:news", "undated|plain"),
        ("topic:admission", "哈工大2026年招生"),
        ("topic:news,research", "undated|plain|ice on top"),
        ("-topic:news", "ice on top|哈工大2026年招生"),
        ("author:li", "plain"),
        ('author:"LI LEI"', "plain"),
        ("author:李雷", "哈工大2026年招生"),
        ("author:Петров", "plain"),
        ("author:петров", "plain"),
        ('category:"winter sports"', "plain"),
        ("category:新闻", "哈工大2026年招生"),
        ("-category:sport", "undated|plain|ice on top|哈工大2026年招生"),
        ("has:image", "plain"),
        ("has:text", "undated|plain|哈工大2026年招生"),
        ("-has:date", "undated"),
        ("after:2026-03-01", "undated|plain"),
        ("before:2026-02-28", "哈工大2026年招生"),
        ("after:2026-02-28 before:2026-03-01", "ice on top"),
        ("after:2026-03-01 -after:2026-03-02", "plain"),
        ("工大", "哈工大2026年招生"),
        ("工", "哈工大2026年招生"),
        ("大2026年", "哈工大2026年招生"),
        ("鲍曼莫斯科", "哈工大2026年招生"),
        ("大工", ""),
        ('"walking_stick"', "undated"),
        ("robot", ""),
        ('"NOT"', ""),
        ("NEAR", ""),
        ("title", ""),
    ],
)
def test_a_question_is_answered(ask: Callable[..., list[str]], text: str, titles: str) -> None:
    assert "|".join(ask(text)) == titles


@pytest.mark.parametrize(
    "text",
    [
        " ".join("a" * 40),
        " OR ".join("a" * 40),
        "-a " * 40,
        "(" * 20 + "a" + ")" * 20,
        '"' + "a " * 400 + '"',
        "哈" * 900,
        "after:0001-01-01 before:9999-12-31",
        "author:a " * 40,
    ],
)
def test_the_largest_questions_are_answered_too(ask: Callable[..., list[str]], text: str) -> None:
    assert ask(text) == []


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        ("大学 " * 300 + "大学城", "大学城", True),
        ("研究" * 9_000 + "量子计算机", "量子计算机", True),
        ("研究" * 9_000 + "量子计算机", "量子机", False),
        ("the " * 300 + "end. The", '"the end"', True),
        ("the " * 300 + "end. The", '"end the the"', False),
        ("word " * 20_000 + "last of all", '"last of"', True),
        ("word " * 20_000 + "last of all", '"of last"', False),
        ("word " * 20_000 + "哈工大", "哈", True),
        ("word " * 300, '"north word"', False),
        ("word " * 300, '"title word"', False),
        ("word " * 300, "title:word", False),
        ("word " * 300, "author:word", False),
        ("word " * 300, "author:staff", True),
        ("x" * 600 + " tail", "x" * 600, True),
        ("x" * 600 + " tail", "x" * 599, False),
        ("x" * 5_000 + " tail", "tail", True),
        ("x" * 5_000 + " tail", "head", False),
        (" ".join(f"{number:x}" for number in range(300_000)), '"11111 11112"', True),
        (" ".join(f"{number:x}" for number in range(300_000)), '"11111 11113"', False),
    ],
    ids=range(19),
)
def test_what_a_long_text_says_together_is_found_together(put, an_article, ask, text, question, found):
    put(an_article(title="north title", text=text, authors=("Staff",)))

    assert ask(question) == ["north title"] * found
    assert ask(f"-{question}") == ["north title"] * (not found)


@pytest.mark.parametrize("question", ["서울대학교", "서울대", "신입생", "인공지능", "연구팀", "title:모집", "연구", "팀"])
def test_korean_is_found_without_its_particles(put, an_article, ask, question):
    put(an_article(title="서울대학교는 신입생을 모집한다", text="연구팀이 인공지능을 개발했다"))

    assert len(ask(question)) == 1


def test_a_word_is_found_in_the_summary_where_there_is_no_text(
    put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    put(an_article(text=None, summary="Snow falls."))

    assert len(ask("snow")) == 1
    assert ask("title:snow") == []


def test_the_languages_that_there_are(store, put, an_article):
    tags = ("zh-Hans", "zh", "ZH-hant", "ru", None, "en", "en-GB", "zha")
    put(*(an_article(number, language=tag) for number, tag in enumerate(tags, 1)))

    assert store.languages() == ("en", "ru", "zh", "zha")


def test_an_empty_store_knows_no_language(store):
    assert store.languages() == ()


def test_the_newest_of_a_language_are_walked_in_their_index_and_not_sorted(store):
    newest = select(articles.c.id).where(condition(parse("language:zh"), lambda _: true()))
    newest = newest.order_by(articles.c.at.desc(), articles.c.id.desc()).limit(50)
    with store._engine.connect() as connection:
        if store.is_shared:
            connection.execute(text("SET enable_seqscan = off"))
            connection.execute(text("SET enable_bitmapscan = off"))
        words = "EXPLAIN" if store.is_shared else "EXPLAIN QUERY PLAN"
        asked = newest.compile(connection, compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row[-1]) for row in connection.execute(text(f"{words} {asked}")))

    assert "articles_of_language" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(("latest", "earlier"), [(20, 200), (2, 3), (1, 0), (1, 200)])
@pytest.mark.parametrize("asked", ["common", "common often", "rare", "common language:de", "common -often", '"common often"', "absent"])
def test_the_newest_with_common_words_are_those_that_a_look_at_all_finds(
    store: Store,
    put: Callable[..., None],
    an_article: Callable[..., Article],
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    latest: int,
    earlier: int,
) -> None:
    """However few are looked at of those stored last, and whatever is newer than they are."""
    monkeypatch.setattr(published, "_LATEST", latest)
    monkeypatch.setattr(published, "_EARLIER", earlier)
    chance = random.Random(asked)
    made = [
        an_article(
            number,
            title=" ".join(word for word, share in (("common", 0.8), ("often", 0.5), ("rare", 0.1)) if chance.random() < share) or "none",
            published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number if chance.random() < 0.9 else chance.randrange(90)),
            language=chance.choice(["en", "de"]),
        )
        for number in range(60)
    ]
    put(*reversed(made))  # the first of a page is stored last
    answering = sorted((each for each in made if _answers(asked, each)), key=lambda each: (each.at, each.id), reverse=True)

    for limit in (1, 2, 5, 100):
        assert [each.id for each in store.articles(parse(asked), limit=limit)] == [each.id for each in answering[:limit]]
        for start in range(0, len(answering), 7):
            place = answering[start].at, answering[start].id
            found = store.articles(parse(asked), limit=limit, before=place)
            assert [each.id for each in found] == [each.id for each in answering[start + 1 :][:limit]]


@pytest.mark.parametrize("glance", [1, 3, 1000])
@pytest.mark.parametrize(
    ("asked", "answers"),
    [("common", 30), ("often", 10), ("often -common", 0), ("common -often", 20), ("-often", 20), ("rare OR often", 11)],
)
def test_hits_are_counted_as_far_as_is_wanted(
    store: Store,
    put: Callable[..., None],
    an_article: Callable[..., Article],
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    answers: int,
    glance: int,
) -> None:
    """Whatever is seen at a glance."""
    monkeypatch.setattr(sqlite, "_GLANCE", glance)
    put(
        *(
            an_article(number, title=f"common {'often' if number < 10 else 'seldom'} {'rare' if number == 20 else ''}")
            for number in range(30)
        )
    )

    for most in (1, 2, 15, 100):
        assert store.found(parse(asked), most=most) == min(answers, most)


def test_a_long_page_of_a_common_word_is_one_statement_any_database_takes(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "_MOST_LATEST", 10)
    put(*(an_article(number, title="common") for number in range(40)))

    assert len(store.articles(parse("common"), limit=1000)) == 40
    assert len(store.articles(parse("common"), limit=9)) == 9


def _answers(asked: str, article: Article) -> bool:
    words = article.title.split()
    match asked:
        case "common often" | '"common often"':
            return {"common", "often"} <= set(words)
        case "common language:de":
            return "common" in words and article.language == "de"
        case "common -often":
            return "common" in words and "often" not in words
        case _:
            return asked in words
