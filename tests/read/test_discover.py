from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Page
from aggregator.read.discover import discover

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
HOME = "https://www.north.example.edu/"


def _discover(body: str, head: str = ""):
    return discover(Page(HOME, f"<html><head>{head}</head><body>{body}</body></html>".encode(), "text/html"), now=NOW)


def test_announced_feeds_best_first_and_never_one_of_comments():
    found = _discover(
        "",
        '<link rel="alternate" type="application/rss+xml" title="North » Comments Feed" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Tag sport" href="/tag/sport/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="North" href="/feed/">'
        '<link rel="alternate" type="text/html" hreflang="de" href="/de/">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">',
    )

    assert found.feeds == ("https://www.north.example.edu/feed/", "https://www.north.example.edu/tag/sport/feed/")


def test_a_linked_feed_counts_where_none_is_announced():
    found = _discover('<a href="/service/rss.xml">RSS</a> <a href="https://elsewhere.example/rss.xml">Partner</a>')

    assert found.feeds == ("https://www.north.example.edu/service/rss.xml",)


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("News", "/about-us-today"),
        ("新闻网", "/a1.htm"),
        ("ニュース一覧", "/a"),
        ("공지사항", "/b"),
        ("Новости", "/c"),
        ("Aktuelles", "/d"),
        ("Actualités", "/e"),
        ("Noticias", "/f"),
        ("Notícias", "/g"),
        ("Notizie", "/h"),
        ("Aktualności", "/i"),
        ("Aktuality", "/j"),
        ("Hírek", "/k"),
        ("Haberler", "/l"),
        ("Νέα", "/m"),
        ("الأخبار", "/n"),
        ("اخبار", "/o"),
        ("חדשות", "/p"),
        ("ข่าวสาร", "/q"),
        ("Tin tức", "/r"),
        ("Berita", "/s"),
        ("Nyheter", "/t"),
        ("Uutiset", "/u"),
        ("समाचार", "/v"),
    ],
)
def test_the_news_link_of_a_site_in_its_language(text, href):
    found = _discover(
        f'<ul><li><a href="/study">1 2 3</a></li><li><a href="{href}">{text}</a></li><li><a href="/contact">4 5 6</a></li></ul>'
    )

    assert found.leads[0].url == f"https://www.north.example.edu{href}"


def test_news_goes_before_archives_other_sites_and_single_stories():
    found = _discover(
        '<a href="/news/2019">News 2019</a><a href="https://other.example/news">News</a><a href="/news/bridge-of-timber-built-by-students">Students build a bridge of timber near the old mill</a>'
        '<a href="/newsletter">Newsletter</a><a href="/news/">News</a>'
    )

    assert found.leads[0].url == "https://www.north.example.edu/news/"
    assert all("bridge" not in lead.url and "newsletter" not in lead.url for lead in found.leads)


def test_guesses_begin_with_the_feeds_of_the_system():
    found = _discover("<p>Hello</p>", '<meta name="generator" content="WordPress 6.5">')

    assert found.system == "WordPress"
    assert found.guesses[0] == "https://www.north.example.edu/feed/"
    assert "https://www.north.example.edu/wp-json/wp/v2/posts?_embed=1" in found.guesses
    assert len(set(found.guesses)) == len(found.guesses)


@given(st.text(max_size=400))
def test_any_text_is_discovered_without_an_error(text):
    found = discover(Page(HOME, text.encode("utf-8", "replace"), "text/html"), now=NOW)

    assert found.guesses
