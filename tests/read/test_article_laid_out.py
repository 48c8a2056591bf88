"""Articles that are lists, tables and short lines rather than prose: all of them is text, in the order of the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import Page, Source
from aggregator.read.article import extract

NOW = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
URL = "https://www.northfield.example/news/1.htm"
MENU = "<nav><ul>" + "".join(f"<li><a href='/{number}'>Menu entry {number}</a></li>" for number in range(8)) + "</ul></nav>"
LEAD = "<p>These are the rules of the boat house, and all rowers must follow them.</p>"
RULES = "".join(f"<li>Rule number {number} of the boat house is that one must be silent.</li>" for number in range(6))
ROWS = "".join(f"<tr><td>{day}</td><td>Hall {number}</td></tr>" for number, day in enumerate(("Monday", "Tuesday", "Friday")))


def read(body: str, *, title: str = "High water", beside: str = "<p>2024-05-06</p>", box: str = "class='v'"):
    page = (
        f"<html><head><title>{title} - Northfield</title></head><body>{MENU}<div id='c'><h1>High water in the boat house</h1>{beside}"
        f"<div {box}>{body}</div></div><div class='footer'>Copyright 2024</div></body></html>"
    )
    return extract(Page(URL, page.encode(), "text/html"), Source("s", URL), now=NOW)


@pytest.mark.parametrize("box", ["class='v'", "class='content'", "class='wp_articlecontent'", "class='entry-content'"])
def test_a_list_behind_one_paragraph_is_text(box):
    entry = read(f"{LEAD}<ol>{RULES}</ol>", box=box)

    assert entry.text.count("Rule number") == 6
    assert entry.text.startswith("These are the rules")


@pytest.mark.parametrize("box", ["class='v'", "class='entry-content'"])
def test_a_list_that_is_all_of_the_text_stays_a_list(box):
    entry = read(f"<ol>{RULES}</ol>", box=box)

    assert entry.content.startswith("<ol><li>Rule number 0")
    assert entry.content.endswith("</li></ol>")


def test_short_paragraphs_are_text_beside_a_longer_one():
    entry = read(f"<p>Be silent.</p>{LEAD}<h3>Where</h3><p>Hall 4</p><p>Bring a pen</p><p>All are welcome</p><p>No dogs</p>")

    assert [line in entry.text for line in ("Be silent.", "Hall 4", "Bring a pen", "No dogs")] == [True] * 4


def test_lines_may_be_divisions():
    entry = read(LEAD.replace("p>", "div>") + "<div>Bring a pen</div>" * 3)

    assert entry.text.count("Bring a pen") == 3


SHORT = {
    "a table": (
        f"<table><tr><th>Day</th><th>Place</th></tr>{ROWS}</table>",
        "<table><tr><th>Day</th><th>Place</th></tr><tr><td>Monday</td>",
    ),
    "names of a prize": (f"<ul>{'<li>Ann Lee of the Faculty of Arts</li>' * 4}</ul>", "<ul><li>Ann Lee of"),
    "a few facts": (
        "<dl><dt>Place</dt><dd>Hall 4</dd><dt>Topic</dt><dd>Glass of the middle ages</dd></dl>",
        "<dl><dt>Place</dt><dd>Hall 4</dd>",
    ),
}


@pytest.mark.parametrize(("body", "content"), SHORT.values(), ids=SHORT)
def test_an_article_may_be_nothing_but(body, content):
    entry = read(body)

    assert entry.content.startswith(content)
    assert entry.text


def test_a_list_of_what_is_known_of_the_page_is_no_text():
    entry = read("<p><img src='/a.jpg'></p>", beside="<ul><li>2024-05-06</li><li>Author: Ann Lee</li><li>Views: 33</li><li>Print</li></ul>")

    assert (entry.text, entry.image) == ("", "https://www.northfield.example/a.jpg")


def test_an_empty_row_is_no_row():
    entry = read("<table><tr><td></td><td> </td></tr><tr><td><img src='/a.jpg'></td></tr></table>")

    assert entry.content.count("<tr>") == 1
    assert "a.jpg" in entry.content


def test_the_only_main_heading_tells_where_the_text_begins_whatever_the_title_says():
    entry = read("<p>The boat house is closed on Friday.</p>", title="Boats")

    assert entry.text == "The boat house is closed on Friday."


def test_a_kicker_before_the_title_makes_no_text_of_it():
    page = (
        f"<html><head><title>湖水上涨之后的船屋</title></head><body><div><div>原创湖水上涨之后的船屋</div>{LEAD}{LEAD}</div></body></html>"
    )
    entry = extract(Page(URL, page.encode(), "text/html"), Source("s", URL), now=NOW)

    assert "原创" not in entry.text
