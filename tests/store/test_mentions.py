"""The contract of ``Store`` for mentions: kept with the article, found by questions, looked for again when others are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aggregator import query
from aggregator.model import Article, Mention, Span
from aggregator.store import Store

HIT = Mention("Harbin Institute of Technology", None, "https://ror.org/01yqg2h08", (Span(0, 3, "HIT", "title"),), True, "CN")
LEEDS = Mention("University of Leeds", None, "https://ror.org/024mrxd33", (Span(4, 9, "Leeds", "text"),), False, "GB")
OURS = Mention("North University", "north", None, (Span(0, 5, "North", "text"),), False, "NO")


@pytest.fixture
def library(put: Callable[..., None], an_article: Callable[..., Article]) -> None:
    put(
        an_article(1, title="about HIT", mentions=(HIT, LEEDS)),
        an_article(2, title="names Leeds", mentions=(LEEDS,)),
        an_article(3, title="names nobody", mentions=()),
    )
    put(an_article(4, title="of the east", source="east/news", university="east", mentions=(OURS,)), source="east/news")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("mentions:01yqg2h08", {"about HIT"}),
        ("mentions:https://ror.org/01yqg2h08", {"about HIT"}),
        ('mentions:"university of leeds"', {"about HIT", "names Leeds"}),
        ("mentions:country:GB", {"about HIT", "names Leeds"}),
        ("mentions:country:CN", {"about HIT", "of the east"}),
        ("mentions:east", {"of the east"}),
        ("mentions:north -university:north", {"of the east"}),
        ("about:country:CN", {"about HIT"}),
        ("about:024mrxd33", set()),
        ("about:01yqg2h08 mentions:country:GB", {"about HIT"}),
        ("-mentions:country:GB university:north", {"names nobody"}),
    ],
)
def test_articles_are_found_by_whom_they_name(ask: Callable[..., list[str]], question: str, titles: set[str]) -> None:
    assert set(ask(question)) == titles


@pytest.mark.usefixtures("library")
def test_an_article_comes_back_with_its_mentions(store: Store) -> None:
    found = {article.title: article.mentions for article in store.articles(query.parse("", {}), limit=9)}

    assert found == {"about HIT": (HIT, LEEDS), "names Leeds": (LEEDS,), "names nobody": (), "of the east": (OURS,)}


def test_what_nobody_has_looked_through_is_handed_out_newest_first(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article]
) -> None:
    put(an_article(1, title="looked through", mentions=()), an_article(2, title="new"), an_article(3, title="newer"))

    assert {article.title for article in store.unnamed(9)} == {"new", "newer"}
    assert len(store.unnamed(1)) == 1


def test_kept_mentions_are_published_and_found(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    put(an_article(1, title="old"))
    before = store.revision()
    (article,) = store.unnamed(9)

    assert store.keep_mentions([replace(article, mentions=(HIT,))]) == 1
    assert store.revision() > before
    assert store.unnamed(9) == ()
    assert ask("about:01yqg2h08") == ["old"]
    assert store.keep_mentions([replace(article, mentions=(LEEDS,))]) == 1
    assert ask("mentions:01yqg2h08") == []
    unchanged = store.revision()
    assert store.keep_mentions([replace(article, mentions=(LEEDS,))]) == 0
    assert store.revision() == unchanged


@pytest.mark.usefixtures("library")
def test_another_gazetteer_looks_through_everything_again(store: Store) -> None:
    assert store.know(1)
    assert len(store.unnamed(9)) == 4
    assert not store.know(1)


def test_an_article_that_says_something_else_is_looked_through_again(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article]
) -> None:
    article = an_article(1, title="first", mentions=(HIT,))
    put(article)

    put(revised=[replace(article, title="second")])

    assert [each.title for each in store.unnamed(9)] == ["second"]
