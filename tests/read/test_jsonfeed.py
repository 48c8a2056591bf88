from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.model import Enclosure, Page, Source
from aggregator.read.jsonfeed import MOST_ENTRIES, read

SOURCE = Source("north/news", "https://north.example.edu/feed.json")
VERSION = "https://jsonfeed.org/version/1.1"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def page(content: Any) -> Page:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Page(SOURCE.url, body, "application/feed+json")


def feed(*items: Any, **fields: Any) -> dict[str, Any]:
    return {"version": VERSION, "title": "North", "items": list(items), **fields}


def test_an_item_is_read_with_all_its_fields() -> None:
    item = {
        "id": "n1",
        "url": "/news/1",
        "title": "Robots &amp; ice",
        "content_html": '<p>See <a href="2">two</a></p>',
        "summary": "Short < long",
        "image": "/1.jpg",
        "date_published": "2026-02-01T10:00:00+08:00",
        "date_modified": "2026-02-02T00:00:00Z",
        "authors": [{"name": "Ada Frost"}, {"name": "Nils Berg"}, {"url": "https://x.example"}],
        "tags": ["ice", "ice", "robots"],
        "language": "en-GB",
        "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5, "title": "Talk"}],
    }

    reading = read(
        page(feed(item, home_page_url="https://north.example.edu/", description="All news", language="en", author={"name": "Press"})),
        SOURCE,
        now=NOW,
    )
    entry = reading.entries[0]

    assert (reading.reader, reading.title, reading.link, reading.description) == (
        "jsonfeed",
        "North",
        "https://north.example.edu/",
        "All news",
    )
    assert (reading.language, reading.author) == ("en", "Press")
    assert (entry.id, entry.url, entry.title) == ("n1", "https://north.example.edu/news/1", "Robots & ice")
    assert entry.content == '<p>See <a href="https://north.example.edu/news/2">two</a></p>'
    assert entry.summary == "Short &lt; long"
    assert entry.published == datetime.fromisoformat("2026-02-01T10:00:00+08:00")
    assert entry.updated == datetime(2026, 2, 2, tzinfo=UTC)
    assert entry.authors == ("Ada Frost", "Nils Berg")
    assert entry.categories == ("ice", "robots")
    assert (entry.language, entry.image) == ("en-GB", "https://north.example.edu/1.jpg")
    assert entry.enclosures == (Enclosure("https://north.example.edu/news/a.mp3", "audio/mpeg", 5, "Talk"),)
    assert entry.provenance["url"] == "jsonfeed: url"


def test_what_an_item_does_not_say_comes_from_its_feed_or_stays_unknown() -> None:
    reading = read(
        page(feed({"id": "https://north.example.edu/9", "content_text": "a < b\nc"}, authors=[{"name": "Press"}], language="de")),
        SOURCE,
        now=NOW,
    )
    entry = reading.entries[0]

    assert (entry.url, entry.title, entry.published, entry.precision) == ("https://north.example.edu/9", None, None, None)
    assert (entry.authors, entry.language) == (("Press",), "de")
    assert entry.content == "a &lt; b<br>\nc"


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        ({"id": 17}, "id", "17"),
        ({"id": 1.5}, "id", "1.5"),
        ({"title": ["x"]}, "title", None),
        ({"title": {"a": 1}}, "title", None),
        ({"title": True}, "title", None),
        ({"title": "a\u0000b"}, "title", "ab"),
        ({"url": 5}, "url", "https://north.example.edu/5"),
        ({"url": "javascript:alert(1)"}, "url", None),
        ({"external_url": "https://other.example.org/"}, "url", "https://other.example.org/"),
        ({"authors": "Ada"}, "authors", ("Ada",)),
        ({"authors": [["x"], 3, None, "Ada"]}, "authors", ("3", "Ada")),
        ({"author": {"name": "Ada"}}, "authors", ("Ada",)),
        ({"tags": "one"}, "categories", ("one",)),
        ({"tags": {"a": 1}}, "categories", ()),
        ({"image": {"url": "/i.png"}}, "image", "https://north.example.edu/i.png"),
        ({"banner_image": "/b.png"}, "image", "https://north.example.edu/b.png"),
        (
            {"attachments": {"url": "/a.pdf", "size_in_bytes": "12"}},
            "enclosures",
            (Enclosure("https://north.example.edu/a.pdf", length=12),),
        ),
        ({"attachments": [{"url": "/a.pdf", "size_in_bytes": -1}, "x"]}, "enclosures", (Enclosure("https://north.example.edu/a.pdf"),)),
        ({"date_published": "nonsense"}, "published", None),
        ({"date_published": []}, "published", None),
    ],
)
def test_a_wrong_type_costs_no_more_than_its_field(item: dict[str, Any], field: str, value: Any) -> None:
    reading = read(page(feed(item)), SOURCE, now=NOW)

    assert getattr(reading.entries[0], field) == value


def test_items_that_are_no_objects_are_left_out() -> None:
    reading = read(page(feed(None, 1, "x", [], {"id": "a"})), SOURCE, now=NOW)

    assert [entry.id for entry in reading.entries] == ["a"]


def test_nan_and_endless_numbers_are_harmless() -> None:
    body = b'{"version": "%s", "items": [{"id": %s, "title": NaN, "attachments": [{"url": "/a", "size_in_bytes": Infinity}]}]}' % (
        VERSION.encode(),
        b"9" * 9_000,
    )

    reading = read(page(body), SOURCE, now=NOW)

    assert len(reading.entries) == 1


def test_more_entries_than_anyone_reads_are_left() -> None:
    reading = read(page(feed(*({"id": str(number)} for number in range(MOST_ENTRIES + 10)))), SOURCE, now=NOW)

    assert len(reading.entries) == MOST_ENTRIES


def test_a_feed_without_its_version_is_known_by_its_items() -> None:
    reading = read(page({"items": [{"id": "1", "content_html": "x"}]}), SOURCE, now=NOW)

    assert len(reading.entries) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty page"),
        (b"[]", "JSON list"),
        (b"null", "single JSON value"),
        (b'"x"', "single JSON value"),
        (b"{}", "another kind"),
        (b'{"error": "no access"}', "no access"),
        (b'{"items": [{"sku": 1}]}', "another kind"),
        (b"{broken", "no valid JSON"),
        (b"<rss></rss>", "HTML or XML"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_feed_is_refused_with_what_it_looks_like(body: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read(page(body), SOURCE, now=NOW)

    assert caught.value.remedy


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "title", "x"]), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "authors",
        "author",
        "tags",
        "attachments",
        "date_published",
        "language",
    ]
)


@given(
    st.dictionaries(keys, values, max_size=8),
    st.dictionaries(st.sampled_from(["title", "authors", "language", "home_page_url", "description"]), values, max_size=4),
)
def test_whatever_the_types_it_is_a_reading(item: dict[str, Any], fields: dict[str, Any]) -> None:
    reading = read(page({"version": VERSION, "items": [item], **fields}), SOURCE, now=NOW)

    assert len(reading.entries) == 1
