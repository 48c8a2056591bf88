"""Whatever bytes come in, an Entry or a ReadError comes out, bounded, with nothing active in it."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read as read_list
from aggregator.read.article import byline, extract, marked, weigh
from aggregator.text import bylines, markup

NOW = datetime(2024, 12, 1, tzinfo=UTC)
URL = "https://www.northfield.example/news/1.htm"
TAGS = "div p a span table tr td ul li h1 h2 img br b script form figure figcaption blockquote iframe article time nav".split()


def read(body: bytes):
    try:
        return extract(Page(URL, body, "text/html"), Source("s", URL), now=NOW)
    except ReadError:
        return None


@st.composite
def pages(draw):
    pieces = draw(
        st.lists(
            st.sampled_from(
                [
                    *(f"<{tag}>" for tag in TAGS),
                    *(f"</{tag}>" for tag in TAGS),
                    "Text, and more of it. ",
                    "2024-05-06",
                    "By Ann Lee",
                    "<a href='x.pdf'>file</a>",
                    "文/张三 ",
                    "&#0;",
                    "<img src=a.jpg>",
                    "<!--",
                    "-->",
                ]
            ),
            max_size=60,
        )
    )
    return "".join(pieces).encode()


@given(pages())
@settings(max_examples=150, deadline=None)
def test_any_nesting_of_tags_gives_balanced_and_absolute_markup(body):
    entry = read(body)

    if entry is not None:
        assert "<script" not in entry.content
        assert not re.search(r'(?:href|src)="(?!https?://)', entry.content)
        for tag in ("p", "li", "ul", "td", "tr", "table", "a", "strong", "figure", "blockquote"):
            assert len(re.findall(rf"<{tag}[ >]", entry.content)) == entry.content.count(f"</{tag}>")


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_an_entry_or_a_read_error(body):
    read(body)
    read(b"<html><body><h1>Title</h1>" + body)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 50_000 + b"text",
        b"<table><tr><td>" * 3_000,
        b"<p>" + b"a " * 500_000,
        b"<h1>" + b"x" * 300_000 + b"</h1><p>" + b"By " * 50_000,
        ("<p>" + "作者：" * 40_000 + "</p>").encode(),
        b"<p>" + b"(" * 100_000,
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>text</p>",
        b'<script type="application/ld+json">{"@type":"NewsArticle","author":' + b'{"name":' * 50_000 + b"</script>",
        b"<ul>" + b"<li><a href=/a>A link to somewhere else</a> with text.</li>" * 20_000,
        b"<p class='" + b"byline-" * 50_000 + b"'>text</p>",
        b"<h2>" * 250 + b"words " * 100_000,
        b"<p>Facebook</p>" * 60_000,
        b"<title>" + b" - ".join([b"part"] * 5_000) + b"</title><p>Some text, and a little more of it.</p>",
    ],
    ids=["deep", "tables", "long", "title", "labels", "brackets", "json", "names", "list", "classes", "headings", "noise", "separators"],
)
def test_large_and_deep_pages_give_no_more_than_they_hold(body):
    entry = read(body)

    if entry is not None:
        assert len(entry.content) <= 4 * len(body) + 1_000
        assert len(entry.title or "") <= 400
        assert len(entry.authors) <= 60
        assert all(len(name) <= bylines.LONGEST for name in entry.authors)


@pytest.mark.parametrize("classes", ["byline-" * 50_000, "author " * 50_000, "aA" * 50_000])
def test_only_the_beginning_of_long_class_names_is_looked_at(classes):
    assert len(weigh.words(classes, classes)) < 2_000


def test_only_so_many_marks_of_dates_and_authors_are_looked_at():
    root = markup.tree("<p class='byline author date'>2024-05-06 Ann Lee</p>" * 5_000)

    assert len(byline.marks(root)) <= 60
    assert len(marked.marks(root, None)) <= 60


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "text/html"])
def test_random_bytes_are_refused_as_no_article(content_type):
    page = Page(URL, random.Random(3).randbytes(20_000), content_type)

    with pytest.raises(ReadError, match="binary data"):
        extract(page, Source("s", URL), now=NOW)
    with pytest.raises(ReadError, match="binary data"):
        read_list(page, Source("s", URL), now=NOW)
