"""When an article page was published: one row for each kind of evidence, and for each kind of date that is not the article's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import Page, Source
from aggregator.read.article import extract

NOW = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
URL = "https://www.northfield.example/news/high-water"
PROSE = "<p>The lake rose over the lawn on the first morning of term, and the rowing club, which had waited for years, rowed to its lectures. Nobody was late, said the dean, who came by canoe.</p>"
TEXT = f"<div class='article-body'>{PROSE * 3}</div>"
INSTANT = "<meta property='article:published_time' content='2024-05-07T02:25:40Z'>"


def published(head: str, body: str, *, url: str = URL, title: str = "High water on the lawn", **source: str) -> str | None:
    page = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    entry = extract(Page(url, page.encode(), "text/html"), Source("s", url, **source), now=NOW)
    return entry.published.isoformat() if entry.published else None


def article(start: str, end: str = "") -> str:
    return f"<h1>High water on the lawn</h1>{start}{TEXT}{end}"


LOCAL_DAYS = {
    "that of the clock that the page shows": (INSTANT, "<p>6 May 2024, 10:25 pm</p>", "2024-05-06T22:25:40-04:00"),
    "that of a clock half an hour off": (INSTANT.replace("02:25", "19:25"), "<p>8 May 2024, 00:55</p>", "2024-05-08T00:55:40+05:30"),
    "the day shown, in the nearest hour of it": (INSTANT, "<p>6 May 2024</p>", "2024-05-06T23:25:40-03:00"),
    "not that of a day no clock could show": (INSTANT.replace("02:25", "12:25"), "<p>6 May 2024</p>", "2024-05-07T12:25:40+00:00"),
    "the same where the page shows it": (INSTANT, "<p>7 May 2024</p>", "2024-05-07T02:25:40+00:00"),
    "not moved by the day of an update": (
        INSTANT.replace("02:25", "22:25") + "<meta property='article:modified_time' content='2024-05-08T10:00:00Z'>",
        "<p>8 May 2024</p>",
        "2024-05-07T22:25:40+00:00",
    ),
    "that of the clock shown, even if the offset is stated": (
        INSTANT.replace("Z", "-05:00"),
        "<p>6 May 2024, 22:25</p>",
        "2024-05-06T22:25:40-09:00",
    ),
    "not moved by another time of another day": (INSTANT, "<p>6 May 2024, 9:13 am</p>", "2024-05-07T02:25:40+00:00"),
}


@pytest.mark.parametrize(("head", "shown", "expected"), LOCAL_DAYS.values(), ids=LOCAL_DAYS)
def test_an_instant_is_of_the_day(head, shown, expected):
    assert published(head, article(shown)) == expected


def test_an_instant_is_of_its_day_in_the_zone_of_the_source_where_no_day_is_shown():
    assert published(INSTANT, article(""), timezone="America/Chicago") == "2024-05-06T21:25:40-05:00"


def test_an_instant_is_of_the_day_shown_rather_than_of_that_in_the_zone_of_the_source():
    assert published(INSTANT, article("<p>7 May 2024</p>"), timezone="America/Chicago") == "2024-05-07T02:25:40+00:00"


def test_the_zone_of_the_source_goes_before_the_nearest_hour_of_a_day_shown():
    assert published(INSTANT, article("<p>6 May 2024</p>"), timezone="America/Chicago") == "2024-05-06T21:25:40-05:00"


def test_midnight_in_utc_is_a_day_and_stays_it():
    head = "<meta property='article:published_time' content='2024-05-07T00:00:00Z'>"

    assert published(head, article(""), timezone="America/Chicago") == "2024-05-07T00:00:00+00:00"


CHOSEN = {
    "of statements that differ, the one shown": (
        """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "High water on the lawn", "datePublished": "2024-05-02T08:00:00Z"}</script>"""
        "<meta property='article:published_time' content='2024-05-06T09:30:00+02:00'>",
        article("<p>6 May 2024</p>"),
        "2024-05-06T09:30:00+02:00",
    ),
    "the mark under the title, not marks in lists": (
        "",
        "<ul><li><a href=/a>Boats</a> <time pubdate datetime='2024-09-22'>22/09/2024</time></li><li><a href=/b>Oars</a> <time pubdate datetime='2024-09-20'>"
        "20/09/2024</time></li></ul>" + article("<p>The <time datetime='2024-05-06T08:00:00Z'>6th</time></p>"),
        "2024-05-06T08:00:00+00:00",
    ),
    "no mark under a heading of comments that names the title": (
        "",
        article(
            "<p>6 May 2024</p>",
            "<div id=comments><h2>A reply to “High water on the lawn”</h2><time datetime='2024-05-09'>9 May</time></div>",
        ),
        "2024-05-06T12:00:00+00:00",
    ),
    "the text of an element that states the same on all pages": (
        "",
        article("<p><time datetime='2019-09-03'>6 May 2024</time></p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "not an element of the class of an update": (
        "",
        article(
            "<p><time class=updated datetime='2024-05-08'>8 May 2024</time><time class=entry-date datetime='2024-05-06'>6 May 2024</time></p>"
        ),
        "2024-05-06T12:00:00+00:00",
    ),
    "what stands before an update in the same line": ("", article("<p>6 May 2024 / Updated 8 May 2024</p>"), "2024-05-06T12:00:00+00:00"),
    "what a label after an update announces": (
        "",
        article("<p>Updated: 8 May 2024 | Published: 6 May 2024</p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "not what the line before says to be an update": (
        "",
        article("<p>Updated:</p><p>8 May 2024</p><p>Original:</p><p>6 May 2024</p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "the one day shown, where the page was published anew": (
        "<meta property='article:published_time' content='2024-04-02T08:00:00Z'><meta property='article:modified_time' content='2024-05-06T10:00:00Z'>",
        article("<p>6 May 2024</p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "the one stated, where the day shown is said to be of an update": (
        "<meta property='article:published_time' content='2024-04-02T08:00:00Z'><meta property='article:modified_time' content='2024-05-06T10:00:00Z'>",
        article("<p>Updated on 6 May 2024</p>"),
        "2024-04-02T08:00:00+00:00",
    ),
    "the one stated, where a later day shown is that of no edit": (
        "<meta property='article:published_time' content='2024-04-02T08:00:00Z'><meta property='article:modified_time' content='2024-04-02T10:00:00Z'>",
        article("<p>6 May 2024</p>"),
        "2024-04-02T08:00:00+00:00",
    ),
    "an update where there is nothing else": ("", article("<p>Last updated: 8 May 2024</p>"), "2024-05-08T12:00:00+00:00"),
    "dates that only style sets apart": (
        "",
        article("<p><span>tiller</span><span>6 May 2024</span><span>8 May 2024</span></p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "not the day on which a member of a forum joined": (
        "",
        article("<p>Registered: 18.09.2008</p><p>by tiller, 06.05.2024 05:42</p>"),
        "2024-05-06T05:42:00+00:00",
    ),
    "not that of a quotation": (
        "",
        article("<blockquote>A. Oar (@oar) 1 May 2024</blockquote><p>6 May 2024</p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "not what a long line tells about": (
        "<meta name=date content='2024-05-06'>",
        article("<p>Rowers on their way to lectures past the flooded library, 1 May 2024</p>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "the one that is also in the address": (
        "",
        article(
            "<p>by Tiller | 6 May 2024 | Rowing, Lectures, Boats and the Weather of the Lake | 3 replies</p><p>On 5 May 2024 at the boathouse</p>"
        ),
        "2024-05-06T12:00:00+00:00",
    ),
    "that of a bracket at the beginning of the text": (
        "",
        f"<h1>High water on the lawn</h1><div class=article-body><p>(6 May 2024) {PROSE[3:]}{PROSE * 2}</div>",
        "2024-05-06T12:00:00+00:00",
    ),
    "that of a dateline": (
        "",
        f"<h1>High water on the lawn</h1><div class=article-body><p>NORTHFIELD, 6 May 2024 – {PROSE[3:]}{PROSE * 2}</div>",
        "2024-05-06T12:00:00+00:00",
    ),
    "that of a script, if it names one day": (
        "<script>var page = {firstPublicationDate: '20240506', section: 'news'}</script>",
        article(""),
        "2024-05-06T12:00:00+00:00",
    ),
    "that of a script with an odd fraction": (
        '<script>{"datePublished":"2024-05-06T22:06:08:684Z"}</script>',
        article(""),
        "2024-05-06T22:06:08+00:00",
    ),
    "none of a script that names several": (
        '<script>[{"publishDate":"2024-05-06"},{"publishDate":"2024-05-08"}]</script>',
        article(""),
        None,
    ),
    "that of an attribute under the title": ("", article("<div data-date='6 May 2024'></div>"), "2024-05-06T12:00:00+00:00"),
    "that of its own row in a list of news": (
        "",
        article(
            "", "<h2>All news</h2><div><p>8 May 2024</p><h3>Oars</h3></div><div><p>6 May 2024</p><h3>High water on the lawn</h3></div>"
        ),
        "2024-05-06T12:00:00+00:00",
    ),
    "that of the lines after the text that a label announces": (
        "",
        article(
            "",
            "<p>Boats</p><p>8 May 2024</p><p>This entry was posted on Monday, 6 May 2024 in Rowing and is filed under lakes, lawns and lectures.</p>",
        ),
        "2024-05-06T12:00:00+00:00",
    ),
    "none of several unlabelled lines after the text": ("", article("", "<p>8 May 2024</p><p>Oars</p><p>7 May 2024</p>"), None),
    "none of other articles that are some hours old": ("", article("", "<p>Boats</p><p>3 hours ago</p>"), None),
    "that of a label in the line before it": (
        "",
        article("", f"<ul>{'<li>Boat</li>' * 20}</ul><div>Published</div><div>6 May 2024</div><div>Recorded</div><div>1 May 2024</div>"),
        "2024-05-06T12:00:00+00:00",
    ),
    "read with the month first where the page does so": (
        "",
        article("<p>5/6/2024 12:15</p>", f"<ul>{'<li>Boat</li>' * 20}</ul><p>4/24/2024 14:02</p>"),
        "2024-05-06T12:15:00+00:00",
    ),
}


@pytest.mark.parametrize(("head", "body", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_the_date_taken_is(head, body, expected, request):
    url = f"{URL}/2024/05/06/x" if "address" in request.node.name else URL

    assert published(head, body, url=url) == expected


def test_a_title_of_the_page_may_end_with_its_day():
    assert published("", article(""), title="High water on the lawn | Northfield | 06.05.2024") == "2024-05-06T12:00:00+00:00"
