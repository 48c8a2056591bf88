"""Universities that are not polled any more: who subscribes to them, or follows a link, still finds what they published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aggregator.model import Article, Departed, Source, University
from aggregator.serve.site import Site

GONE = University("gone", "Gone University", names={"no": "Borte universitet"}, country="NO")
OLD = Source("gone/news", "https://gone.example.edu/feed.xml", title="Gone University News", university="gone")


@pytest.fixture
def left(shelf, make_article: Callable[..., Article]) -> Article:
    article = make_article(1, source="gone/news", university="gone", authors=(), title="The last word of Gone")
    shelf.held = [article, make_article(2)]
    shelf.former = Departed({"gone": GONE}, {"gone/news": OLD})
    return article


def text(site: Site, path: str) -> str:
    found = site.find(path)
    assert found is not None, path
    return found.body.decode()


def test_its_page_and_feeds_stay(site: Site, left: Article) -> None:
    assert "The last word of Gone" in text(site, "/universities/gone/")
    assert "Gone University" in text(site, "/universities/gone")
    for extension in ("rss", "atom", "json"):
        assert "The last word of Gone" in text(site, f"/universities/gone.{extension}")
    assert "/universities/gone.rss" in site.topics
    assert {"/universities/gone/", "/universities/gone.rss"} <= set(site.addresses())


def test_its_name_stays_with_its_articles(site: Site, left: Article) -> None:
    for page in ("/", f"/articles/{left.id}/"):
        assert '<a class="who" href="/universities/gone/"><bdi>Gone University</bdi></a>' in text(site, page).replace(
            "http://localhost", ""
        )
    assert '<source url="https://gone.example.edu/feed.xml">Gone University News</source>' in text(site, "/feeds/all.rss")
    assert "<name>Gone University News</name>" in text(site, "/feeds/all.atom")


def test_questions_still_understand_it(site: Site, left: Article) -> None:
    found = site.find("/search", {"q": "university:gone"})

    assert found is not None
    assert found.status == 200
    assert "The last word of Gone" in found.body.decode()


def test_nobody_is_offered_a_feed_in_which_nothing_new_comes(site: Site, left: Article) -> None:
    assert "Gone University" not in text(site, "/feeds")
    assert "Gone University" not in text(site, "/opml.xml")
    assert "Gone University" not in text(site, "/api/v1/universities")


def test_one_that_is_only_switched_off_is_called_as_the_configuration_says(make_site: Callable[..., Site], shelf, left: Article) -> None:
    site = make_site()
    known = {**site.settings.universities, "gone": replace(GONE, name="Renamed University", enabled=False)}
    site = replace(site, settings=replace(site.settings, universities=known))

    assert "Renamed University" in text(site, "/universities/gone/")
    assert "The last word of Gone" in text(site, "/universities/gone.rss")


def test_one_that_never_published_has_no_page(site: Site, left: Article) -> None:
    assert site.find("/universities/quiet/") is None
    assert site.find("/universities/quiet.rss") is None


def test_that_the_database_is_away_can_be_said_without_it(site: Site, shelf) -> None:
    shelf.busy = True

    assert site.unavailable().status == 503
