from __future__ import annotations

from dataclasses import replace

from lxml import etree

from aggregator.publish import render


def test_feeds_of_a_group_stand_together_where_the_first_one_stands(document):
    body = etree.fromstring(render(document, "opml")).find("body")

    shape = [(outline.get("text"), [child.get("text") for child in outline]) for outline in body]
    assert shape == [("All", []), ("NO", ["North", "South"]), ("DK", ["Øst"])]


def test_an_outline_is_a_feed_that_readers_can_import(document):
    outline = etree.fromstring(render(document, "opml")).find("body/outline/outline")

    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "North",
        "title": "North",
        "xmlUrl": "https://wire.example.org/universities/north.rss",
        "htmlUrl": "https://north.example.edu/",
        "language": "en",
    }


def test_the_head_says_what_it_is_and_when(document):
    head = etree.fromstring(render(document, "opml")).find("head")

    assert head.findtext("title") == "University news"
    assert head.findtext("dateModified") == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert etree.fromstring(render(replace(document, updated=None), "opml")).find("head/dateModified") is None


def test_a_group_is_no_feed(document):
    group = etree.fromstring(render(document, "opml")).findall("body/outline")[1]

    assert dict(group.attrib) == {"text": "NO"}
