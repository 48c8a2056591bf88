from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def _read(body: str):
    page = Page("https://north.example.edu/news-sitemap.xml", f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode(), "application/xml")
    return read(page, Source("north/news", page.url), now=NOW)


def test_a_news_sitemap():
    reading = _read(
        f"<urlset {SPACES}><url><loc>https://north.example.edu/n/1</loc><news:news><news:publication><news:name>North</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2024-09-28T08:00:00Z</news:publication_date><news:title>Bridge &amp; timber</news:title><news:keywords>wood, water</news:keywords></news:news>"
        "<image:image><image:loc>https://north.example.edu/b.jpg</image:loc></image:image></url></urlset>"
    )

    (entry,) = reading.entries
    assert (entry.title, entry.url, entry.language, entry.categories) == (
        "Bridge & timber",
        "https://north.example.edu/n/1",
        "en",
        ("wood", "water"),
    )
    assert entry.published == datetime(2024, 9, 28, 8, tzinfo=UTC)
    assert entry.image == "https://north.example.edu/b.jpg"
    assert reading.reader == "sitemap"


def test_an_index_names_the_sitemap_to_try():
    with pytest.raises(ReadError) as refusal:
        _read(
            f"<sitemapindex {SPACES}><sitemap><loc>https://north.example.edu/pages.xml</loc></sitemap><sitemap><loc>https://north.example.edu/post-sitemap.xml</loc></sitemap></sitemapindex>"
        )

    assert "https://north.example.edu/post-sitemap.xml" in (refusal.value.remedy or "")


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset {SPACES}><url><loc>https://north.example.edu/about</loc></url></urlset>",
        f"<urlset {SPACES}></urlset>",
        "<urlset",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
    ],
)
def test_a_sitemap_without_news_is_refused(body):
    with pytest.raises(ReadError):
        _read(body)
