"""From "an article is stored" to "it is in the bytes of the RSS feed of 500": what the site does for that, beside the parts of which it cannot do without."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from uuid import NAMESPACE_URL, uuid5

from kit import campus, measure

from aggregator.config import load
from aggregator.model import Article, Changes, Known, Page, SourceState
from aggregator.read import read
from aggregator.refine.normalize import normalize
from aggregator.serve.renditions import pack, prepare
from aggregator.serve.site import Site
from aggregator.store import Store

ARTICLES, ROUNDS = 500, 9
FEED = "/feeds/wire.rss"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "universities").mkdir()
        feeds = [{"name": "wire", "title": "News", "where": "", "limit": ARTICLES}]
        (folder / "aggregator.yaml").write_text(
            f"database: sqlite:///{folder}/wire.db\nsite: {{url: https://wire.example.org}}\nfeeds: {feeds}\n"
        )
        (folder / "universities/north.yaml").write_text("name: North\nsources: [{url: http://127.0.0.9:9/feed.xml}]\n")
        settings = load(folder, {})
        with Store.open(settings.database) as store:
            store.sync(settings.sources.values(), now=NOW)
            (source,) = settings.sources.values()
            pages = [Page(source.url, campus.feed(number)) for number in range(ARTICLES // campus.ITEMS + 1)]
            entries = [entry for page in pages for entry in read(page, source, now=NOW).entries]
            many = [_article(normalize(entry, source, now=NOW), number) for number, entry in enumerate(entries[: ARTICLES + ROUNDS])]
            _put(store, many[:ARTICLES], SourceState(source.id, source.url))
            site = Site(store, settings)
            site.find(FEED)
            taken: dict[str, list[float]] = {"stored to packed bytes": [], "the same, not packed": []}
            for article in many[ARTICLES:]:
                _put(store, [article], SourceState(source.id, source.url))
                began = time.process_time()
                resource = site.find(FEED)
                assert resource is not None
                assert article.id.encode() in resource.body
                rendered = time.process_time()
                prepare(resource, now=NOW)
                taken["the same, not packed"].append(1000 * (rendered - began))
                taken["stored to packed bytes"].append(1000 * (time.process_time() - began))
            rows = {what: median(times) for what, times in taken.items()} | measure.calls(
                {"gzip and brotli alone": partial(pack, resource.body)}
            )
    measure.table(f"{ARTICLES} articles, one of them new, {len(resource.body) / 1e6:.1f} MB", rows, reference="gzip and brotli alone")


def _article(like: Article, number: int) -> Article:
    id_ = str(uuid5(NAMESPACE_URL, str(number)))
    return replace(
        like, id=id_, title=f"{like.title} {number}", url=f"{like.url}?{number}", published=NOW - timedelta(hours=2 * ARTICLES - number)
    )


def _put(store: Store, articles: list[Article], state: SourceState) -> None:
    keys = {uuid5(NAMESPACE_URL, article.id).bytes: Known(article.id, b"f" * 16) for article in articles}
    store.apply(Changes(state, tuple(articles), (), keys))


if __name__ == "__main__":
    main()
