from __future__ import annotations

import json

from aggregator.publish import render


def test_the_feed_says(document):
    feed = json.loads(render(document, "json"))

    feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "University news",
        "home_page_url": "https://wire.example.org/",
        "feed_url": "https://wire.example.org/feeds/all.json",
        "description": "Everything from R&D to sports",
        "language": "en",
    }


def test_an_item_says_all_it_knows(document):
    assert json.loads(render(document, "json"))["items"][0] == {
        "id": "urn:uuid:7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11",
        "url": "https://news.example.edu/2026/03/ice.html?a=1&b=2",
        "title": "Ice & robots: <b> is not bold",
        "content_html": '<p>Students &amp; a robot. <a href="https://example.edu/x">More</a></p>',
        "summary": "Students & a robot < 3 kg",
        "image": "https://img.example.edu/ice.jpg",
        "date_published": "2026-03-01T12:00:00+08:00",
        "date_modified": "2026-03-02T08:30:00Z",
        "authors": [{"name": "Press office"}, {"name": "李雷"}],
        "tags": ["Robotics", "Winter"],
        "language": "en",
        "attachments": [
            {"url": "https://example.edu/plan.pdf", "mime_type": "application/pdf", "title": "The plan"},
            {"url": "https://example.edu/talk.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 4096},
        ],
        "_aggregator": {
            "source": {"title": "North University News", "url": "https://news.example.edu/feed.xml"},
            "university": "north",
            "first_seen": "2026-03-02T09:00:00Z",
        },
    }


def test_an_item_that_knows_little_says_little(document):
    assert json.loads(render(document, "json"))["items"][1] == {
        "id": "urn:uuid:0d9c0f6e-3f0a-5c43-8a1c-2f1f6f0b7c22",
        "title": "没有日期的新闻",
        "content_text": "没有日期的新闻",
        "_aggregator": {"first_seen": "2026-02-01T09:00:00Z"},
    }


def test_a_feed_without_articles_has_an_empty_list(holding):
    assert json.loads(render(holding(), "json"))["items"] == []
