from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import feedparser
import pytest
from lxml import etree

from aggregator.model import Enclosure
from aggregator.publish import render

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def channel_of(document):
    return etree.fromstring(render(document, "rss")).find("channel")


def item_of(document, position=0):
    return channel_of(document).findall("item")[position]


def texts(element, path):
    return [found.text for found in element.findall(path, NS)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("title", "University news"),
        ("link", "https://wire.example.org/"),
        ("description", "Everything from R&D to sports"),
        ("language", "en"),
        ("lastBuildDate", "Mon, 02 Mar 2026 09:00:00 +0000"),
        ("docs", "https://www.rssboard.org/rss-specification"),
    ],
)
def test_the_channel_says(document, path, text):
    assert channel_of(document).findtext(path) == text


def test_the_channel_names_its_own_address(document):
    link = channel_of(document).find("atom:link", NS)

    assert dict(link.attrib) == {"href": "https://wire.example.org/feeds/all.rss", "rel": "self", "type": "application/rss+xml"}


def test_a_channel_without_a_description_is_described_by_its_title(holding):
    assert channel_of(holding(description="")).findtext("description") == "University news"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("title", ["Ice & robots: ‹b› is not bold"]),
        ("link", ["https://news.example.edu/2026/03/ice.html?a=1&b=2"]),
        ("guid", ["urn:uuid:7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11"]),
        ("pubDate", ["Sun, 01 Mar 2026 12:00:00 +0800"]),
        ("dc:creator", ["Press office", "李雷"]),
        ("category", ["Robotics", "Winter"]),
        ("source", ["North University News"]),
        ("description", ["Students &amp; a robot &lt; 3 kg"]),
        ("content:encoded", ['<p>Students &amp; a robot. <a href="https://example.edu/x">More</a></p>']),
    ],
)
def test_an_item_says(document, path, wanted):
    assert texts(item_of(document), path) == wanted


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "‹img src=x onerror=alert(1)›"),
        ("</title><script>alert(1)</script>", "‹/title›‹script›alert(1)‹/script›"),
        ("<svg/onload=alert(1)", "‹svg/onload=alert(1)"),
        ("<<b>script>", "<‹b›script>"),
        ("<!--", "‹!--"),
        ("1 < 2 > 0, a <3 b", "1 < 2 > 0, a <3 b"),
        ("R&D, AT&T, Q & A, &c", "R&D, AT&T, Q & A, &c"),
        ("&lt;b&gt; &#60; &amp;amp; &copy", "＆lt;b＆gt; ＆#60; ＆amp;amp; ＆copy"),
    ],
)
def test_a_title_holds_no_markup_for_readers_that_take_it_for_html(holding, document, title, shown):
    feed = holding(replace(document.articles[0], title=title))

    assert texts(item_of(feed), "title") == [shown]


def test_the_guid_is_no_link(document):
    assert item_of(document).find("guid").get("isPermaLink") == "false"


def test_the_source_is_linked(document):
    assert item_of(document).find("source").get("url") == "https://news.example.edu/feed.xml"


def test_the_enclosure_is_the_first_file_with_type_and_length(document):
    enclosures = item_of(document).findall("enclosure")

    assert [dict(found.attrib) for found in enclosures] == [{"url": "https://example.edu/talk.mp3", "length": "4096", "type": "audio/mpeg"}]


def test_other_files_and_the_image_are_media(document):
    item = item_of(document)

    contents = [dict(found.attrib) for found in item.findall("media:content", NS)]

    assert contents == [
        {"url": "https://example.edu/plan.pdf", "type": "application/pdf"},
        {"url": "https://img.example.edu/ice.jpg", "medium": "image"},
    ]
    assert item.find("media:thumbnail", NS).get("url") == "https://img.example.edu/ice.jpg"


def test_a_file_of_an_intranet_is_no_enclosure(holding, article):
    odd = replace(article, enclosures=(Enclosure("https://intranet/x.pdf", "application/pdf", 3),))

    assert item_of(holding(odd)).find("enclosure") is None
    assert item_of(holding(odd)).find("media:content", NS).get("url") == "https://intranet/x.pdf"


def test_a_file_with_a_false_type_is_no_enclosure(holding, article):
    odd = replace(article, enclosures=(Enclosure("https://example.edu/x", "pdf", 3),))

    assert item_of(holding(odd)).find("enclosure") is None


def test_an_undated_item_has_no_date(document):
    assert item_of(document, 1).find("pubDate") is None


def test_an_item_of_an_unknown_source_without_a_link_is_still_an_item(document):
    assert [found.tag for found in item_of(document, 1)] == ["title", "guid"]


def test_an_offset_with_seconds_is_told_in_utc(holding, article):
    old = replace(article, published=datetime(1900, 1, 1, 12, tzinfo=timezone(timedelta(hours=8, minutes=5, seconds=43))))

    assert item_of(holding(old)).findtext("pubDate") == "Mon, 01 Jan 1900 03:54:17 +0000"


def test_a_search_feed_keeps_its_question(holding):
    link = channel_of(holding(address="https://wire.example.org/search?q=a+b&x=1")).find("atom:link", NS)

    assert link.get("href") == "https://wire.example.org/search.rss?q=a+b&x=1"


def test_feedparser_reads_what_was_meant(document):
    found = feedparser.parse(render(document, "rss"))

    first = found.entries[0]
    assert not found.bozo
    assert first.id == "urn:uuid:7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11"
    assert first.source.href == "https://news.example.edu/feed.xml"
    assert [author.name for author in first.authors] == ["Press office", "李雷"]


def test_a_text_without_a_summary_still_follows_a_description(holding, article):
    item = item_of(holding(replace(article, summary=None)))

    assert [found.tag for found in item if "description" in found.tag or "encoded" in found.tag] == [
        "description",
        f"{{{NS['content']}}}encoded",
    ]
    assert item.find("description").text is None


def test_blank_names_are_nobody(holding, article):
    item = item_of(holding(replace(article, authors=("\u0085", " "), categories=(" ", "Ice"))))

    assert texts(item, "dc:creator") == [item.find("source").text]  # whose page it is, which few readers show otherwise
    assert texts(item, "category") == ["Ice"]
