from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import structured

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
SOURCE = Source("north/news", "https://north.example.edu/news")


def _read(head: str = "", body: str = ""):
    return structured.read(Page(SOURCE.url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), "text/html"), SOURCE, now=NOW)


def _ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


STORY = {
    "@type": "NewsArticle",
    "headline": "Bridge &amp; timber",
    "url": "/n/1",
    "datePublished": "2024-09-28T08:00:00+02:00",
    "author": {"@type": "Person", "name": "Ada Berg"},
    "image": ["/b.jpg"],
}
OTHER = {
    "@type": ["BlogPosting", "Thing"],
    "name": "Choir",
    "mainEntityOfPage": {"@id": "https://north.example.edu/n/2"},
    "datePublished": "2024-09-20",
}


@pytest.mark.parametrize(
    "value",
    [
        [STORY, OTHER],
        {"@graph": [{"@type": "WebSite"}, STORY, OTHER]},
        {"@type": "Blog", "blogPost": [STORY, OTHER]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": STORY}, {"@type": "ListItem", "item": OTHER}]},
    ],
)
def test_json_ld_in_its_usual_shapes(value):
    reading = _read(_ld(value))

    first, second = reading.entries
    assert (first.title, first.url, first.authors, first.image) == (
        "Bridge & timber",
        "https://north.example.edu/n/1",
        ("Ada Berg",),
        "https://north.example.edu/b.jpg",
    )
    assert first.published == datetime(2024, 9, 28, 6, tzinfo=UTC)
    assert (second.title, second.url, second.precision) == ("Choir", "https://north.example.edu/n/2", "day")
    assert reading.reader == "structured:json-ld"


def test_the_page_itself_is_no_item_of_its_list():
    page = STORY | {"url": SOURCE.url}

    with pytest.raises(ReadError):
        _read(_ld([page, OTHER]))


def test_events_are_not_news():
    with pytest.raises(ReadError):
        _read(_ld([STORY | {"@type": "Event"}, OTHER | {"@type": "Event"}]))


def test_microdata():
    row = '<div itemscope itemtype="https://schema.org/NewsArticle"><h2 itemprop="headline"><a href="/n/{0}">Bridge {0} of timber</a></h2><meta itemprop="datePublished" content="2024-09-2{0}"></div>'

    reading = _read(body="".join(row.format(number) for number in (1, 2, 3)))

    assert [entry.url for entry in reading.entries] == [f"https://north.example.edu/n/{number}" for number in (1, 2, 3)]
    assert reading.entries[0].published == datetime(2024, 9, 21, 12, tzinfo=UTC)
    assert reading.reader == "structured:microdata"


def test_microformats():
    row = '<article class="h-entry"><a class="p-name u-url" href="/n/{0}">Bridge {0} of timber</a> <time class="dt-published" datetime="2024-09-2{0}">then</time></article>'

    reading = _read(body="".join(row.format(number) for number in (1, 2)))

    assert [entry.title for entry in reading.entries] == ["Bridge 1 of timber", "Bridge 2 of timber"]
    assert reading.reader == "structured:h-feed"


@pytest.mark.parametrize("address", ["path", "slug"])
def test_the_state_of_a_script(address):
    posts = [{"title": f"Bridge {number}", address: f"/n/{number}", "publishedAt": 1727000000000 + number} for number in range(4)]

    reading = _read(f"<script>window.__INITIAL_STATE__ = {json.dumps({'news': {'list': posts}})}; run()</script>")

    assert len(reading.entries) == 4
    assert reading.entries[0].published.date().isoformat() == "2024-09-22"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "[" * 100_000,
        '{"@type": "NewsArticle"',
        "null",
        "1e999",
        '{"@type": 5, "headline": [], "url": {}}',
        '[{"@type":"NewsArticle","headline":"a","url":"x","datePublished":1e400}]',
    ],
)
def test_broken_json_is_refused_calmly(script):
    with pytest.raises(ReadError):
        _read(f'<script type="application/ld+json">{script}</script>')
