from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read, wordpress

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
URL = "https://north.example.edu/wp-json/wp/v2/posts"
POST = {
    "id": 7,
    "date": "2024-09-28T10:00:00",
    "date_gmt": "2024-09-28T08:00:00",
    "guid": {"rendered": "https://north.example.edu/?p=7"},
    "link": "https://north.example.edu/bridge/",
    "title": {"rendered": "Bridge &#038; timber"},
    "excerpt": {"rendered": "<p>Short.</p>"},
    "content": {"rendered": "<p>Long.</p>"},
    "_embedded": {"author": [{"name": "Ada Berg"}], "wp:featuredmedia": [{"source_url": "https://north.example.edu/b.jpg"}]},
}


def _page(value: object) -> Page:
    return Page(URL, json.dumps(value).encode(), "application/json")


def test_posts_are_known_by_their_look():
    reading = read(_page([POST]), Source("north/news", URL), now=NOW)

    (entry,) = reading.entries
    assert (entry.title, entry.url, entry.id) == ("Bridge & timber", "https://north.example.edu/bridge/", "https://north.example.edu/?p=7")
    assert entry.published == datetime(2024, 9, 28, 8, tzinfo=UTC)
    assert (entry.authors, entry.image, entry.content) == (("Ada Berg",), "https://north.example.edu/b.jpg", "<p>Long.</p>")
    assert reading.reader == "wordpress"


@pytest.mark.parametrize(
    "value",
    [
        [],
        [1],
        {"code": "rest_no_route", "message": "No route"},
        [{"title": {"rendered": ""}, "link": ""}],
        "text",
        None,
        [{"title": 5, "link": [], "date": {}}],
    ],
)
def test_what_holds_no_posts_is_refused(value):
    with pytest.raises(ReadError):
        wordpress.read(_page(value), Source("north/news", URL), now=NOW)


def test_a_number_of_five_thousand_digits_is_no_trouble():
    body = b'[{"id": ' + b"9" * 5000 + b', "title": {"rendered": "Bridge"}, "link": "https://north.example.edu/b"}]'

    reading = wordpress.read(Page(URL, body), Source("north/news", URL), now=NOW)

    assert reading.entries[0].title == "Bridge"
