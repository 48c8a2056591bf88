"""Properties of the detector. What it reads from whole pages is in ``cases/listing``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import detect
from aggregator.read.detect.blocks import shape_of

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
SOURCE = Source("north/news", "https://north.example.edu/news")

TAGS = st.sampled_from(
    ["div", "ul", "li", "a", "p", "h2", "table", "tr", "td", "span", "nav", "time", "img", "article", "dl", "dt", "dd", "br", "b"]
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' href="/news/1"',
        ' href="/news/2024/a-long-title"',
        ' href="javascript:x()"',
        ' class="news"',
        ' class="nav"',
        ' title="Title…"',
        ' datetime="2024-09-28"',
        " onclick=\"location='/n/3'\"",
    ]
)
TEXTS = st.sampled_from(
    ["", "Students build a bridge from timber", "2024-09-28", "更多", "校领导走访慰问离退休老教师", "Read more", "28", "&amp;", "<", "\x00"]
)


@st.composite
def soups(draw):
    pieces = draw(st.lists(st.tuples(TAGS, ATTRIBUTES, TEXTS, st.booleans()), max_size=60))
    return "".join(f"<{tag}{attribute}>{text}" + (f"</{tag}>" if closed else "") for tag, attribute, text, closed in pieces)


@given(soups())
def test_any_soup_is_a_reading_or_a_refusal(soup):
    page = Page(SOURCE.url, f"<html><body>{soup}</body></html>".encode(), "text/html")

    try:
        reading = detect.read(page, SOURCE, now=NOW)
    except ReadError as refusal:
        assert refusal.remedy
    else:
        assert all(entry.title and entry.url for entry in reading.entries)
        assert len({entry.url for entry in reading.entries}) == len(reading.entries)


@given(
    st.lists(st.sampled_from(["Robots", "walk", "over", "thin", "ice", "again", "тихо", "湖面", "2024"]), min_size=4, max_size=9),
    st.integers(3, 40),
)
def test_a_plain_dated_list_is_found_whatever_its_titles(words, count):
    title = " ".join(["Report", *words])
    rows = "".join(
        f'<li><a href="/news/{number}.html">{title} {number:03d}x</a> <span>2024-09-{number % 28 + 1:02d}</span></li>'
        for number in range(count)
    )
    page = Page(
        SOURCE.url,
        f'<html><body><ul class="menu"><li><a href="/about">About</a></li></ul><ul>{rows}</ul></body></html>'.encode(),
        "text/html",
    )

    reading = detect.read(page, SOURCE, now=NOW)

    assert len(reading.entries) == count
    assert all(entry.published is not None for entry in reading.entries)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.example/news/2024/12", "https://x.example/news/2023/7", True),
        ("https://x.example/2024/0928/c12a345/page.htm", "https://x.example/2023/1101/c77a9/page.htm", True),
        ("https://x.example/news/bridge-built-of-timber", "https://x.example/news/choir-sings-in-the-rain", True),
        ("https://x.example/news?id=3", "https://x.example/news?id=44", True),
        ("https://x.example/news/12", "https://x.example/events/12", False),
        ("https://x.example/?view=article&id=3", "https://x.example/?view=article&id=70", True),
        ("https://x.example/?view=article&id=3", "https://x.example/?view=category&id=3", False),
        ("https://x.example/news/12", "https://y.example/news/12", False),
    ],
)
def test_addresses_of_one_shape(one, other, same):
    assert (shape_of(one)[0] == shape_of(other)[0]) is same


@pytest.mark.parametrize(
    ("url", "specific"),
    [
        ("https://x.example/about/", False),
        ("https://x.example/news/", False),
        ("https://x.example/news/2024/09/28/", True),
        ("https://x.example/info/1011/5500.htm", True),
        ("https://x.example/a-bridge-of-timber", True),
        ("https://x.example/show?id=4711", True),
    ],
)
def test_an_address_of_one_article_has_a_number_or_a_title_in_it(url, specific):
    assert shape_of(url)[1] is specific


def test_the_refusal_names_the_feed_that_the_page_announces():
    page = Page(
        SOURCE.url,
        b'<html><head><link rel="alternate" type="application/atom+xml" href="/feed.atom"></head><body><p>Hello</p></body></html>',
        "text/html",
    )

    with pytest.raises(ReadError) as refusal:
        detect.read(page, SOURCE, now=NOW)

    assert "https://north.example.edu/feed.atom" in (refusal.value.remedy or "")


def test_one_or_two_dated_links_are_not_called_a_menu():
    body = b'<ul><li><a href="/n/1">A bridge of recycled timber opens</a> 2024-09-28</li><li><a href="/n/2">The choir sings again</a> 2024-09-27</li></ul>'

    with pytest.raises(ReadError, match=r"too few to tell a list by.*only 2 rows") as refusal:
        detect.read(Page(SOURCE.url, body, "text/html"), SOURCE, now=NOW)

    assert "items:" in (refusal.value.remedy or "")
