"""What holds for every format."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Article, Enclosure, FeedDocument, Mention, Outline, Source
from aggregator.publish import FORMATS, place, render
from aggregator.refine.normalize import sanitize
from aggregator.text import wire

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
TAGS = st.sampled_from(
    ["p", "b", "a href='https://example.edu/?a=1&b=2'", "img src='/x.png' alt='<'", "table", "td", "pre", "br", "!--", "svg", "script"]
)
HTML = st.lists(ANYTHING | TAGS.map(lambda tag: f"<{tag}>") | TAGS.map(lambda tag: f"</{tag.split()[0]}>"), max_size=8).map("".join)
SANITIZED = HTML.map(lambda html_: sanitize(html_, "https://example.edu/"))
MOMENTS = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))]),
)
ADDRESSES = st.builds(lambda path: f"https://例え.example.edu/{path}", ANYTHING)
ARTICLES = st.builds(
    Article,
    id=st.uuids().map(str),
    title=ANYTHING,
    url=st.none() | ADDRESSES,
    source=st.sampled_from(["known", "unknown"]),
    university=st.none() | ANYTHING,
    first_seen=MOMENTS,
    published=st.none() | MOMENTS,
    updated=st.none() | MOMENTS,
    authors=st.lists(ANYTHING, max_size=3).map(tuple),
    summary=st.none() | ANYTHING,
    content=st.none() | SANITIZED,
    image=st.none() | ADDRESSES,
    language=st.none() | ANYTHING,
    categories=st.lists(ANYTHING, max_size=3).map(tuple),
    enclosures=st.lists(
        st.builds(
            Enclosure, ADDRESSES, st.none() | ANYTHING | st.just("image/png"), st.none() | st.integers(0, 10**12), st.none() | ANYTHING
        ),
        max_size=2,
    ).map(tuple),
)
DOCUMENTS = st.builds(
    FeedDocument,
    title=ANYTHING,
    address=st.just("https://wire.example.org/feeds/all"),
    home=st.just("https://wire.example.org/"),
    description=ANYTHING,
    language=st.none() | ANYTHING,
    updated=st.none() | MOMENTS,
    articles=st.lists(ARTICLES, max_size=3).map(tuple),
    sources=ANYTHING.map(lambda title: {"known": Source("known", "https://example.edu/feed", title=title)}),
    outlines=st.lists(st.builds(Outline, ANYTHING, ADDRESSES, st.none() | ADDRESSES, st.none() | ANYTHING), max_size=3).map(tuple),
)
ATOM = {"": "http://www.w3.org/2005/Atom"}
CONTENT = {"content": "http://purl.org/rss/1.0/modules/content/"}


def values(documents):
    return [
        (
            f"urn:uuid:{item.id}",
            wire.told(item.title, item.summary, item.url, item.id),
            item.url and wire.uri(item.url),
            item.published and item.published.replace(microsecond=0),
        )
        for item in documents.articles
    ]


def _bracketed(title):
    """In RSS what looks like a tag stands in other brackets, and what looks like a reference has another ampersand."""
    return title.replace("<", "‹").replace(">", "›").replace("&", "＆")


def text_of(entry, name):
    """A text construct as readers take it (RFC 4287 §3.1)."""
    found = entry.find(name, ATOM)
    return None if found is None else html.unescape(found.text or "") if found.get("type") == "html" else found.text or ""


def rfc822(text):
    return text and datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")


def rfc3339(text):
    return text and datetime.fromisoformat(text)


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_any_unicode_in_rss_comes_back(document):
    items = etree.fromstring(render(document, "rss")).findall("channel/item")

    assert [
        (item.findtext("guid"), _bracketed(item.findtext("title")), item.findtext("link"), rfc822(item.findtext("pubDate")))
        for item in items
    ] == [(id_, _bracketed(title), link, date) for id_, title, link, date in values(document)]
    assert [html.unescape(item.findtext("description") or "") for item in items] == [
        html.unescape(html.escape(wire.told(a.summary))) for a in document.articles
    ]
    assert [item.findtext("content:encoded", namespaces=CONTENT) or "" for item in items] == [
        wire.told(a.content) for a in document.articles
    ]


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_any_unicode_in_atom_comes_back(document):
    entries = etree.fromstring(render(document, "atom")).findall("entry", ATOM)

    def link(entry):
        return next((found.get("href") for found in entry.findall("link", ATOM) if found.get("rel") == "alternate"), None)

    assert [
        (
            entry.findtext("id", namespaces=ATOM),
            text_of(entry, "title"),
            link(entry),
            rfc3339(entry.findtext("published", namespaces=ATOM)),
        )
        for entry in entries
    ] == values(document)


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_all_that_an_entry_says_comes_back(document):
    found = feedparser.parse(render(document, "atom"), sanitize_html=False, resolve_relative_uris=False)

    assert len(found.entries) == len(document.articles)
    root = etree.fromstring(render(document, "atom"))
    for entry, article in zip(root.findall("entry", ATOM), document.articles, strict=True):
        content = wire.told(article.content)
        if content:
            assert [(each.get("type"), each.text) for each in entry.findall("content", ATOM)] == [("html", content)]
        files = [
            (each.get("href"), each.get("type"), each.get("length"))
            for each in entry.findall("link", ATOM)
            if each.get("rel") == "enclosure"
        ]
        assert files == [
            (wire.uri(f.url), wire.media_type(f.type), None if f.length is None else str(f.length)) for f in article.enclosures
        ]


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_no_two_entries_were_updated_at_one_moment(document):
    same = replace(document, articles=tuple(replace(each, updated=datetime(2026, 3, 1, 12, tzinfo=UTC)) for each in document.articles))
    moments = [entry.findtext("updated", namespaces=ATOM) for entry in etree.fromstring(render(same, "atom")).findall("entry", ATOM)]

    assert len(set(moments)) == len(moments)
    assert all(moment.startswith("2026-03-01T12:00:0") for moment in moments)


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_any_unicode_in_json_comes_back(document):
    items = json.loads(render(document, "json"))["items"]
    assert [item.get("content_html", "") for item in items] == [wire.told(a.content) for a in document.articles]
    for item, article in zip(items, document.articles, strict=True):
        people = [name for name in map(wire.clean, article.authors) if name.strip()]
        publisher = item["_aggregator"].get("source", {}).get("title")
        assert [author["name"] for author in item.get("authors", [])] == (people or [publisher] * (publisher is not None))

    assert [(item["id"], item.get("title", ""), item.get("url"), rfc3339(item.get("date_published"))) for item in items] == values(document)


@settings(max_examples=100, deadline=None)
@given(document=DOCUMENTS)
def test_any_unicode_in_opml_comes_back(document):
    outlines = etree.fromstring(render(document, "opml")).findall(".//outline[@xmlUrl]")

    found = sorted((outline.get("text"), outline.get("xmlUrl")) for outline in outlines)
    assert found == sorted((wire.told(outline.title, outline.feed), wire.uri(outline.feed)) for outline in document.outlines)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_document_is_the_same_bytes(document, name):
    assert render(document, name) == render(replace(document), name)


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_document_is_a_valid_one(name):
    empty = FeedDocument("Nothing yet", "https://wire.example.org/feeds/none", "https://wire.example.org/")

    body = render(empty, name)

    assert json.loads(body)["items"] == [] if name == "json" else etree.fromstring(body) is not None


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_feedparser_finds_no_fault(document, name):
    found = feedparser.parse(render(document, name))

    assert not found.bozo
    assert [entry.id for entry in found.entries] == [f"urn:uuid:{article.id}" for article in document.articles]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [("https://x.org/feeds/all", "https://x.org/feeds/all.rss"), ("https://x.org/search?q=a.b", "https://x.org/search.rss?q=a.b")],
)
def test_an_extension_ends_the_path(address, wanted):
    assert place(address, "rss") == wanted


def test_provenance_is_not_for_subscribers(document, article):
    told = replace(document, articles=(replace(article, provenance={"title": "SECRET RULE"}),))

    assert not [name for name in FORMATS if b"SECRET RULE" in render(told, name)]


ARCHIVE = {
    "archive": True,
    "hub": "https://wire.example.org/hub",
    "links": {
        "prev-archive": "https://wire.example.org/feeds/all/archive/100",
        "next-archive": "https://wire.example.org/feeds/all/archive/300",
        "current": "https://wire.example.org/feeds/all",
    },
}
HISTORY = "{http://purl.org/syndication/history/1.0}archive"
LINK = "{http://www.w3.org/2005/Atom}link"


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_page_of_the_archive_names_its_neighbours_and_its_hub(document, name):
    root = etree.fromstring(render(replace(document, **ARCHIVE), name))

    head = root[0] if name == "rss" else root
    assert head.find(HISTORY) is not None
    links = {link.get("rel"): link.get("href") for link in head.findall(LINK)}
    assert {relation: links[relation] for relation in ("hub", *ARCHIVE["links"])} == {
        "hub": "https://wire.example.org/hub",
        "prev-archive": f"https://wire.example.org/feeds/all/archive/100.{name}",
        "next-archive": f"https://wire.example.org/feeds/all/archive/300.{name}",
        "current": f"https://wire.example.org/feeds/all.{name}",
    }


def test_json_feed_goes_on_with_the_archive(document):
    feed = json.loads(render(replace(document, **ARCHIVE), "json"))

    assert feed["next_url"] == "https://wire.example.org/feeds/all/archive/100.json"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://wire.example.org/hub"}]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("en", "en"),
        ("zh-Hant", "zh-Hant"),
        (" pt-BR ", "pt-BR"),
        ("euc-kr", None),
        ("english", None),
        ("", None),
        (None, None),
        ("en_US", None),
    ],
)
def test_only_languages_are_told(said, told):
    assert wire.language(said) == told


def test_every_format_names_the_universities_of_an_article(article: Article, holding: Callable[..., FeedDocument]) -> None:
    mentions = (Mention("University of Leeds", None, "https://ror.org/024mrxd33", (), True, "GB"), Mention("Onhava <University>", "onhava"))
    document = holding(replace(article, mentions=mentions))

    rss, atom, feed = (render(document, name) for name in ("rss", "atom", "json"))

    assert b'<category domain="https://ror.org/024mrxd33">University of Leeds</category>' in rss
    assert b"<category>Onhava &lt;University&gt;</category>" in rss
    assert b'<category term="University of Leeds" scheme="https://ror.org/024mrxd33"/>' in atom
    (item,) = json.loads(feed)["items"]
    assert item["tags"][-2:] == ["University of Leeds", "Onhava <University>"]
    assert item["_aggregator"]["mentions"] == [
        {"name": "University of Leeds", "ror": "https://ror.org/024mrxd33", "country": "GB", "about": True},
        {"name": "Onhava <University>", "university": "onhava"},
    ]
