"""Where else an article stands is said in every format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lxml import etree

from aggregator.model import Report
from aggregator.publish import render

ATOM = "{http://www.w3.org/2005/Atom}"
REPORTS = (
    Report("1", "The same & again", "https://copy.example.edu/1", "copy", None, "en", None, copy=True),
    Report("2", "Другими словами", "https://other.example.ru/2", "other", None, "ru", None, copy=False),
    Report("3", "Nowhere", None, "other", None, None, None, copy=False),
)


@pytest.fixture
def told(document, article):
    return replace(document, reports={article.id: REPORTS})


@pytest.mark.parametrize(("name", "item"), [("rss", "channel/item"), ("atom", f"{ATOM}entry")])
def test_feeds_link_what_is_related(told, name, item):
    first, second = etree.fromstring(render(told, name)).findall(item)

    links = [(link.get("href"), link.get("title")) for link in first.findall(f"{ATOM}link[@rel='related']")]
    assert links == [("https://copy.example.edu/1", "The same & again"), ("https://other.example.ru/2", "Другими словами")]
    assert second.findall(f"{ATOM}link[@rel='related']") == []


def test_json_lists_them(told):
    first, second = json.loads(render(told, "json"))["items"]

    assert first["_aggregator"]["also"] == [
        {"title": "The same & again", "url": "https://copy.example.edu/1", "language": "en", "same_text": True},
        {"title": "Другими словами", "url": "https://other.example.ru/2", "language": "ru"},
        {"title": "Nowhere"},
    ]
    assert "also" not in second["_aggregator"]
