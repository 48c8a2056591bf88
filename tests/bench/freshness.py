"""From "an article is stored" to "it is in the bytes of the RSS feed of 500": what the site does for that, beside the parts of which it cannot do without."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from kit import campus, measure, wire

from aggregator.model import Article
from aggregator.serve.renditions import pack, prepare
from aggregator.serve.resource import Resource
from aggregator.serve.site import Site
from aggregator.store import Store

ARTICLES, ROUNDS = 500, 9
FEED = "/feeds/wire.rss"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = wire.configured(
            folder / "config", folder / "wire.db", feeds=[{"name": "wire", "title": "News", "where": "", "limit": ARTICLES}]
        )
        (source,) = settings.sources.values()
        with Store.open(settings.database) as store:
            store.sync([source], now=wire.NOW)
            feeds = (campus.feed(number) for number in range(ARTICLES // campus.ITEMS + 1))
            many = [_of_its_own(article, number) for number, article in enumerate(wire.articles(source, feeds, ARTICLES + ROUNDS))]
            wire.put(store, source, many[:ARTICLES])
            site = Site(store, settings)
            body = _rendered(site).body
            taken: dict[str, list[float]] = {"stored to packed bytes": [], "the same, not packed": []}
            for article in many[ARTICLES:]:
                wire.put(store, source, [article])
                began = time.process_time()
                resource = _rendered(site)
                rendered = time.process_time()
                prepare(resource, now=wire.NOW)
                taken["the same, not packed"].append(1000 * (rendered - began))
                taken["stored to packed bytes"].append(1000 * (time.process_time() - began))
                body = resource.body
                assert article.id.encode() in body
            rows = {what: median(times) for what, times in taken.items()} | measure.calls({"gzip and brotli alone": partial(pack, body)})
    measure.table(f"{ARTICLES} articles, one of them new, {len(body) / 1e6:.1f} MB", rows, reference="gzip and brotli alone")


def _rendered(site: Site) -> Resource:
    found = site.find(FEED)
    assert found is not None
    return found


def _of_its_own(like: Article, number: int) -> Article:
    published = wire.NOW - timedelta(hours=2 * ARTICLES - number)
    return replace(like, title=f"{like.title} {number}", url=f"{like.url}?{number}", published=published)


if __name__ == "__main__":
    main()
