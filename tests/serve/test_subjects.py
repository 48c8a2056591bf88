"""Which universities an article is about or names, as pages, lists and programs see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregator import query
from aggregator.model import Mention
from aggregator.serve.export import export
from aggregator.serve.speech import SPEECHES
from aggregator.serve.subjects import place, subjects
from aggregator.text import search

EAST = Mention("Eastern Institute of Technology", "east", country="CN", about=True)
NORTH = Mention("North University", "north")
BAUMAN = Mention("Bauman Moscow State Technical University", country="RU", about=True)
SOFIA = Mention('Sofia University "St. Kliment Ohridski"', ror="https://ror.org/02jv3k292")
NAMELESS = Mention('National University "Ostroh Academy"')


def chips(page):
    """Label → the chips of each list of them."""
    lists = re.findall(r'<ul class="chips" aria-label="([^"]+)">(.*?)</ul>', unescape(page), re.DOTALL)
    return [(label, re.findall(r'<(?:a href="([^"]*)"[^>]*|span[^>]*)>([^<]*)<', body)) for label, body in lists]


@pytest.fixture
def told(shelf):
    """The first article, which is by the north, names these."""

    def by(*mentions):
        shelf.held[0] = replace(shelf.held[0], mentions=mentions)
        return shelf.held[0]

    return by


def test_what_an_article_is_about_comes_first_and_its_publisher_is_left_out(make_article):
    article = make_article(0, mentions=(NORTH, SOFIA, EAST))

    found = subjects([article], {}, SPEECHES["en"])

    assert [(each.name, each.about) for each in found] == [(EAST.name, True), (SOFIA.name, False)]


def test_a_story_is_about_whatever_one_of_its_reports_is_about(make_article):
    first, second = (make_article(number, mentions=(replace(EAST, about=bool(number)),)) for number in (0, 1))

    assert [each.question for each in subjects([first, second], {}, SPEECHES["en"])] == ['about:"Eastern Institute of Technology"']


@pytest.mark.parametrize("mention", [EAST, replace(EAST, about=False), BAUMAN, SOFIA, NAMELESS])
def test_the_question_of_a_chip_finds_what_is_tagged_with_it(make_article, site, mention):
    (subject,) = subjects([make_article(0, mentions=(mention,))], site.settings.universities, SPEECHES["en"])

    (question,) = parse_qs(urlsplit(place(subject)).query)["q"]
    parsed = query.parse(question, site.settings.universities)

    fields = parsed.parts if isinstance(parsed, query.Or) else (parsed,)
    tags = {tag for field in fields for tag in field.values}
    assert (f"id:{mention.university}" if mention.university else f"name:{search.fold(mention.name)}") in tags
    assert {field.name for field in fields} <= {"about" if mention.about else "mentions", "university"}


def test_the_page_of_an_article_shows_them_by_kind(browser, told):
    article = told(NORTH, SOFIA, BAUMAN)

    assert chips(browser.get(f"/articles/{article.id}/").body.decode()) == [
        ("About", [("/search?q=about%3A%22Bauman+Moscow+State+Technical+University%22", BAUMAN.name)]),
        ("Mentions", [("/search?q=mentions%3A%22Sofia+University+%5C%22St.+Kliment+Ohridski%5C%22%22", SOFIA.name)]),
    ]


def test_a_university_is_called_as_on_the_rest_of_the_page(browser, told):
    article = told(EAST)

    assert chips(browser.get(f"/articles/{article.id}/?lang=zh").body.decode()) == [
        ("关于", [("/search?q=about%3Aeast&lang=zh", "东方理工学院")])
    ]


def test_the_river_shows_the_first_three(browser, told):
    told(*(Mention(f"University {number}") for number in range(5)), EAST)

    assert [[text for _, text in those] for _, those in chips(browser.get("/").body.decode())] == [
        [EAST.name, "University 0", "University 1"]
    ]


def test_the_page_of_a_story_shows_those_of_all_reports(browser, shelf):
    story = shelf.held[0].id
    shelf.held[0] = replace(shelf.held[0], story=story, mentions=(BAUMAN,))
    shelf.held[1] = replace(shelf.held[1], story=story, mentions=(NORTH, EAST))

    assert [[text for _, text in those] for _, those in chips(browser.get(f"/stories/{story}/").body.decode())] == [
        [BAUMAN.name],
        [NORTH.name],
    ]


def test_files_lead_to_the_pages_that_there_are(site, told, tmp_path):
    article = told(EAST, BAUMAN)

    export(site, tmp_path)

    page = (tmp_path / "articles" / article.id / "index.html").read_text()
    assert chips(page) == [("About", [("/universities/east/", EAST.name), ("", BAUMAN.name)])]


def test_programs_are_told_all_of_them(browser, told):
    article = told(NORTH, BAUMAN)

    assert json.loads(browser.get(f"/api/v1/articles/{article.id}").body)["mentions"] == [
        {"name": "North University", "university": "north", "ror": None, "country": None, "about": False},
        {"name": BAUMAN.name, "university": None, "ror": None, "country": "RU", "about": True},
    ]


def test_a_page_of_articles_that_name_many_stays_small(shelf, site, make_article):
    many = tuple(Mention(f"The Great National University of Science and Technology {number}") for number in range(9))
    shelf.held = [make_article(number, title="题" * 80, summary="文" * 500, language="zh", mentions=many) for number in range(60)]

    assert len(site.find("/").body) < 100_000


def test_who_builds_a_feed_is_told_of_them(browser):
    assert "mentions:country:RU" in browser.get("/search").body.decode()
    assert "mentions:country:RU" in browser.get("/feeds/build?q=titel:x").body.decode()
