from __future__ import annotations

import html
from dataclasses import replace
from functools import partial

import pytest
from lxml import etree

from aggregator.publish import render

NS = {"": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_of(document):
    return etree.fromstring(render(document, "atom"))


def entry_of(document, position=0):
    return feed_of(document).findall("entry", NS)[position]


def links(element):
    return [dict(link.attrib) for link in element.findall("link", NS)]


def test_the_feed_has_an_id_that_follows_from_its_address(document):
    feed = feed_of(document)

    assert feed.findtext("id", namespaces=NS).startswith("urn:uuid:")
    assert feed.findtext("id", namespaces=NS) != feed_of(replace(document, address="https://wire.example.org/feeds/other")).findtext(
        "id", namespaces=NS
    )


def test_the_feed_links_itself_and_its_page(document):
    assert links(feed_of(document)) == [
        {"rel": "self", "type": "application/atom+xml", "href": "https://wire.example.org/feeds/all.atom"},
        {"rel": "alternate", "type": "text/html", "href": "https://wire.example.org/"},
    ]


def test_a_feed_that_never_had_anything_is_as_old_as_this_program(holding):
    assert feed_of(holding(updated=None)).findtext("updated", namespaces=NS) == "2026-01-01T00:00:00Z"


def test_a_feed_without_a_moment_is_as_new_as_its_newest_entry(document):
    assert feed_of(replace(document, updated=None)).findtext("updated", namespaces=NS) == "2026-03-02T08:30:00Z"


def test_an_entry_says(document):
    entry = entry_of(document)

    assert entry.get(LANGUAGE) == "en"
    assert entry.findtext("id", namespaces=NS) == "urn:uuid:7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11"
    assert entry.findtext("title", namespaces=NS) == "Ice & robots: <b> is not bold"
    assert entry.findtext("updated", namespaces=NS).startswith("2026-03-02T08:30:00.")
    assert entry.findtext("published", namespaces=NS) == "2026-03-01T12:00:00+08:00"
    assert entry.findtext("summary", namespaces=NS) == "Students & a robot < 3 kg"
    assert entry.find("content", NS).get("type") == "html"
    assert [author.findtext("name", namespaces=NS) for author in entry.findall("author", NS)] == ["Press office", "李雷"]
    assert [category.get("term") for category in entry.findall("category", NS)] == ["Robotics", "Winter"]


def test_all_files_are_enclosures(document):
    assert links(entry_of(document))[1:] == [
        {"rel": "enclosure", "type": "application/pdf", "title": "The plan", "href": "https://example.edu/plan.pdf"},
        {"rel": "enclosure", "type": "audio/mpeg", "length": "4096", "href": "https://example.edu/talk.mp3"},
    ]


def test_the_source_is_named_whole(document):
    source = entry_of(document).find("source", NS)

    assert source.findtext("id", namespaces=NS) == "https://news.example.edu/feed.xml"
    assert source.findtext("title", namespaces=NS) == "North University News"
    assert source.findtext("updated", namespaces=NS) == "2026-03-02T08:30:00Z"
    assert links(source) == [{"rel": "self", "href": "https://news.example.edu/feed.xml"}]


def test_the_source_writes_what_nobody_signed(holding, article):
    unsigned = replace(article, authors=())

    assert entry_of(holding(unsigned)).findtext("author/name", namespaces=NS) == "North University News"


def test_an_entry_without_link_content_and_source_is_still_complete(document):
    entry = entry_of(document, 1)

    assert entry.findtext("content", namespaces=NS) == "没有日期的新闻"
    assert entry.findtext("author/name", namespaces=NS) == "University news"
    assert entry.findtext("updated", namespaces=NS).startswith("2026-02-01T09:00:00.")
    assert entry.find("published", NS) is None


@pytest.mark.parametrize("text", ["Use </b> at its end", "What &amp; stands for", "&#60;", "&copy 2026"])
def test_a_text_that_might_be_taken_for_markup_is_said_to_be_html(holding, article, text):
    entry = entry_of(holding(replace(article, title=text, summary=text, content=None)))

    assert [(found.get("type"), html.unescape(found.text)) for found in map(partial(entry.find, namespaces=NS), ("title", "summary"))] == [
        ("html", text)
    ] * 2


@pytest.mark.parametrize("text", ["R&D at AT&T", "Ice & robots: <b> is not bold", "1 < 2"])
def test_a_text_that_nobody_takes_for_markup_is_a_text(holding, article, text):
    title = entry_of(holding(replace(article, title=text))).find("title", NS)

    assert (title.get("type"), title.text) == (None, text)
