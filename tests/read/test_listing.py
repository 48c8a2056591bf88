from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Selectors, Source
from aggregator.read import listing

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
PAGE = """<html lang="de"><head><title>Aktuelles</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>
<div class="n"><span class="d">28.09.2024</span><strong>Brücke aus Holz gebaut</strong><p class="t">Studierende haben gezeigt, was mit altem Holz noch geht.</p>
<img src="/b.jpg"><a class="go" href="/n/2">weiter</a></div>
<div class="n"><span class="d">20.09.2024</span><strong>Chor sucht Stimmen</strong><a class="go" href="/n/1">weiter</a></div>
<div class="n"><span class="d">ohne Link</span></div></body></html>"""


def _read(page: str = PAGE, **selectors: str):
    source = Source(
        "north/news",
        "https://north.example.edu/aktuelles",
        kind="listing",
        timezone="Europe/Berlin",
        selectors=Selectors(**selectors) if selectors else None,
    )
    return listing.read(Page(source.url, page.encode(), "text/html; charset=utf-8"), source, now=NOW)


def test_rows_by_their_selector_alone():
    reading = _read(items="div.n")

    assert [(entry.title, entry.url) for entry in reading.entries] == [
        ("Brücke aus Holz gebaut", "https://north.example.edu/n/2"),
        ("Chor sucht Stimmen", "https://north.example.edu/n/1"),
    ]
    assert reading.entries[0].published == datetime(2024, 9, 28, 10, tzinfo=UTC)
    assert reading.reader == "listing"


def test_every_part_by_a_selector():
    reading = _read(items="div.n", title="strong", link="a.go", date=".d", summary=".t", image="img")

    first = reading.entries[0]
    assert first.title == "Brücke aus Holz gebaut"
    assert first.summary == "Studierende haben gezeigt, was mit altem Holz noch geht."
    assert first.image == "https://north.example.edu/b.jpg"
    assert first.precision == "day"


def test_the_page_tells_its_title_language_and_feeds():
    reading = _read(items="div.n")

    assert (reading.title, reading.language, reading.feeds) == ("Aktuelles", "de", ("https://north.example.edu/feed.xml",))


def test_rows_of_a_table_stay_rows():
    table = '<table><tr class="r"><td>2024-09-28</td><td><a href="/n/3">Bridge of timber</a></td></tr></table>'

    reading = _read(table, items="tr.r", date="td")

    assert reading.entries[0].title == "Bridge of timber"
    assert reading.entries[0].published is not None


@pytest.mark.parametrize("selector", ["div[", "a:nope(", "> > x", "div:has("])
def test_a_selector_that_cannot_be_understood_is_named(selector):
    with pytest.raises(ReadError) as refusal:
        _read(items=selector)

    assert selector in refusal.value.message
    assert refusal.value.remedy


def test_a_selector_that_finds_nothing_is_named():
    with pytest.raises(ReadError, match=r"ul\.news > li"):
        _read(items="ul.news > li")


def test_a_listing_without_selectors_is_refused():
    with pytest.raises(ReadError, match="needs selectors"):
        _read()
