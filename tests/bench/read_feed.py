"""Reading one feed: ours, feedparser, fastfeedparser."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import fastfeedparser
import feedparser
from kit import campus, measure

from aggregator.model import Page, Source
from aggregator.read import read

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SOURCE = Source("bench", "http://university-1.example/feed.xml")


def main() -> None:
    for kind in ("rss", "atom", "rdf"):
        body = campus.feed(2, kind)
        page = Page(SOURCE.url, body, "application/xml; charset=utf-8")
        subjects = {
            "aggregator": partial(read, page, SOURCE, now=NOW),
            "feedparser": partial(feedparser.parse, body),
            "fastfeedparser": partial(fastfeedparser.parse, body),
        }
        found = {len(reading.entries) for reading in (subject() for subject in subjects.values())}
        if found != {campus.ITEMS}:
            raise SystemExit(f"not all of them found {campus.ITEMS} entries: {found}")
        measure.table(f"one feed: {kind}, {campus.ITEMS} items, {len(body) // 1000} kB", measure.calls(subjects), reference="feedparser")


if __name__ == "__main__":
    main()
