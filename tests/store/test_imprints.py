"""A page of an archive is rendered again when anything changes that it shows: its imprint tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.model import Mention
from aggregator.query import Everything, parse
from aggregator.serve.export import export
from aggregator.serve.site import Site

TEXT = "The university of the north has opened a laboratory for sensors that measure how thick the ice of the fjord is. " * 8


@pytest.fixture
def pages(store):
    """The imprint of the first page, of everything and of a question."""
    return lambda: [store.imprint(question, skip=0, limit=10) for question in (Everything(), parse("laboratory"))]


@pytest.fixture
def article(an_article, now):
    def build(number, **fields):
        usual = {
            "title": f"A laboratory for ice {number}",
            "text": TEXT,
            "content": f"<p>{TEXT}</p>",
            "first_seen": now - timedelta(days=40),
        }
        return an_article(number, **usual | {"published": now - timedelta(days=40)} | fields)

    return build


def is_new(pages, change):
    before = pages()
    change()
    return [old != new for old, new in zip(before, pages(), strict=True)] == [True, True]


def test_it_stays_as_long_as_nothing_changes(store, put, article, pages, now):
    put(article(1))
    before = pages()

    put(
        *(
            article(number, text=f"Quite another matter, number {number}.", content=None, title=f"Other {number}")
            for number in range(20, 32)
        )
    )
    store.keep_mentions([store.article(article(1).id)])

    assert pages()[1] == before[1]


def test_another_name_in_it_changes_it(store, put, article, pages):
    put(article(1, mentions=()))

    assert is_new(pages, lambda: store.keep_mentions([replace(article(1), mentions=(Mention("East", "east"),))]))


def test_a_copy_of_it_changes_it_and_so_does_the_next(put, article, pages):
    put(article(1))
    put(*(article(number, title=f"Number {number}", text=str(number), content=None) for number in range(30, 40)))

    for number in (2, 3):
        copy = article(number, title=article(1).title, url=f"https://copies{number}.example.edu/", source="east/news")
        assert is_new(pages, lambda copy=copy: put(copy, source="east/news"))


def test_forgetting_its_text_changes_it(store, put, article, pages, now):
    put(article(1), article(2, title="A laboratory again", text="laboratory news", content="x", published=now, first_seen=now))

    assert is_new(pages, lambda: store.forget_texts("north/news", before=now - timedelta(days=9), at_least=1, limit=9))


def test_an_exported_archive_names_the_copies_that_came_later(store, put, article, tmp_path: Path):
    config = tmp_path / "config"
    (config / "universities").mkdir(parents=True)
    (config / "aggregator.yaml").write_text("feeds: [{name: ice, title: Ice, where: laboratory, limit: 1}]\n")
    (config / "universities/north.yaml").write_text("name: North\nsources: [{url: https://north.example.edu/feed.xml}]\n")
    site = Site(store, load(config, {}))
    put(*(article(number, text=f"{number} laboratory", content=None) for number in range(10, 120)), article(1))
    export(site, tmp_path / "public")
    put(article(2, url="https://copies.example.edu/"), source="east/news")

    export(site, tmp_path / "public")

    archives = [path.read_text() for path in (tmp_path / "public/feeds/ice/archive").glob("*.rss")]
    assert any("https://copies.example.edu/" in each for each in archives)
    assert {path.read_text() for path in (tmp_path / "public/feeds/ice/archive").glob("*.rss")} == {
        site.find(f"/feeds/ice/archive/{path.name}").body.decode() for path in (tmp_path / "public/feeds/ice/archive").glob("*.rss")
    }
