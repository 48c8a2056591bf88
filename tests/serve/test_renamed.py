"""Universities that have another id than they had: their old addresses lead to the new ones, and questions may name either."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from aggregator.config import PublishedFeed
from aggregator.model import Departed, Told, University
from aggregator.serve.export import export
from aggregator.serve.site import Site


@pytest.fixture
def renamed(shelf) -> None:
    """``oldnorth`` is ``north`` now."""
    shelf.former = Departed({}, {}, {"oldnorth": University("north", "Old North College", country="SE")})


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/universities/oldnorth", "/universities/north/"),
        ("/universities/oldnorth/?lang=ru", "/universities/north/?lang=ru"),
        ("/universities/oldnorth.rss", "/universities/north.rss"),
        ("/universities/oldnorth.atom", "/universities/north.atom"),
        ("/universities/oldnorth.json", "/universities/north.json"),
        ("/universities/oldnorth/archive/100.rss", "/universities/north/archive/100.rss"),
        (
            "/universities/oldnorth/before/20260301T120000.000000Z-00000000-0000-0000-0000-000000000001",
            "/universities/north/before/20260301T120000.000000Z-00000000-0000-0000-0000-000000000001/",
        ),
    ],
)
def test_an_old_address_leads_to_the_new_one_for_good(browser, path: str, target: str) -> None:
    answer = browser.get(path)

    assert (answer.status, answer.headers["location"]) == (301, target)
    assert "etag" not in answer.headers
    assert target in answer.body.decode()
    assert browser.get(target).status == 200
    assert browser.ask("HEAD", path).status == 301


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("written", ["x\r\nSet-Cookie: a=b", "日本", "#x", "a b"])
def test_whatever_stands_in_an_old_address_ends_no_header(site: Site, written: str) -> None:
    found = site.find(f"/universities/oldnorth/before/{written}")

    assert found is not None
    assert re.fullmatch(r"/universities/north/before/[A-Za-z0-9%:=-]+/", found.location)


@pytest.mark.usefixtures("renamed")
def test_the_path_under_which_the_site_lives_is_in_the_new_address(browse, make_site) -> None:
    site = make_site(url="https://example.org/wire")

    assert browse(lambda: site).get("/universities/oldnorth.rss").headers["location"] == "/wire/universities/north.rss"


@pytest.mark.usefixtures("renamed")
def test_a_browser_that_shows_an_old_feed_is_led_to_the_new_one(browser) -> None:
    answer = browser.get("/universities/oldnorth.rss", sec_fetch_dest="document", sec_fetch_mode="navigate")

    assert (answer.status, answer.headers["location"]) == (301, "/universities/north.rss")


def test_who_leads_nowhere_is_not_found(browser, shelf) -> None:
    shelf.former = Departed(
        {}, {}, {"oldquiet": University("quiet", "Q"), "lost": University("lost", "Lost"), "late": University("x", "X")}
    )

    for name in ("oldquiet", "lost", "late", "nobody"):
        assert browser.get(f"/universities/{name}.rss").status == 404
        assert browser.get(f"/universities/{name}/").status == 404


def test_one_that_has_a_page_of_its_own_keeps_it(browser, shelf) -> None:
    shelf.former = Departed({}, {}, {"north": University("east", "North"), "east": University("east", "East")})

    assert browser.get("/universities/north.rss").status == 200


@pytest.mark.usefixtures("renamed")
def test_questions_follow_it_by_its_old_id_and_its_old_name(site: Site, browser) -> None:
    named = browser.get("/search.json?q=university:north").body
    assert b"Article number 3" in named

    for question in ("university:oldnorth", "university:%22Old+North+College%22"):
        assert b"Article number 3" in browser.get(f"/search.json?q={question}").body
    assert b'"items":[]' in browser.get("/search.json?q=country:SE").body


@pytest.mark.usefixtures("renamed")
def test_a_feed_that_asks_for_it_goes_on(site: Site) -> None:
    feeds = (*site.settings.feeds, PublishedFeed("old", "Old", "university:oldnorth", 10))
    asking = replace(site, settings=replace(site.settings, feeds=feeds))

    found = asking.find("/feeds/old.rss")

    assert found is not None
    assert found.body.count(b"<item>") == 10


@pytest.mark.usefixtures("renamed")
def test_who_subscribed_at_a_hub_is_told_until_the_lease_ends(site: Site, shelf, make_article: Callable) -> None:
    shelf.add(make_article(500, title="New under the new name"))

    news, told = site.news("/universities/oldnorth.rss", Told(shelf.number - 1))

    assert news is not None
    assert b"New under the new name" in news.body
    assert b"https://wire.example.org/universities/north.rss" in news.body
    assert told == Told(shelf.number)
    assert "/universities/oldnorth.rss" not in site.topics


@pytest.mark.usefixtures("renamed")
def test_files_can_lead_nobody_so_the_same_stands_at_both(site: Site, tmp_path) -> None:
    export(site, tmp_path)

    for file in ("{}/index.html", "{}.rss", "{}.atom", "{}.json"):
        assert (tmp_path / "universities" / file.format("oldnorth")).read_bytes() == (
            tmp_path / "universities" / file.format("north")
        ).read_bytes()
    assert not (tmp_path / "universities/oldnorth/archive").exists()
