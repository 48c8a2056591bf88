"""A wire of one source with as many articles as wanted, for benches that serve it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from aggregator.config import Settings, load
from aggregator.model import Article, Changes, Known, Page, Source, SourceState
from aggregator.read import read
from aggregator.refine.normalize import normalize
from aggregator.store import Store

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def configured(folder: Path, database: Path, **more: object) -> Settings:
    """The settings that are written into ``folder``: one source that nobody can reach, and ``more`` of aggregator.yaml."""
    (folder / "universities").mkdir(parents=True)
    settings = {"database": f"sqlite:///{database}", "site": {"url": "https://wire.example.org"}, **more}
    (folder / "aggregator.yaml").write_text(json.dumps(settings))
    (folder / "universities/north.yaml").write_text("name: North\nsources: [{url: http://127.0.0.9:9/feed.xml}]\n")
    return load(folder, {})


def articles(source: Source, feeds: Iterable[bytes], count: int) -> list[Article]:
    """So many of what stands in ``feeds``, again from the first where there are less; each with an id of its own."""
    read_ = (entry for feed in feeds for entry in read(Page(source.url, feed), source, now=NOW).entries)
    some = [normalize(entry, source, now=NOW) for entry in islice(read_, count)]
    return [replace(article, id=str(uuid5(NAMESPACE_URL, str(number)))) for number, article in enumerate(islice(cycle(some), count))]


def put(store: Store, source: Source, brought: Iterable[Article]) -> None:
    """As a poll does that has found them."""
    found = tuple(brought)
    keys = {uuid5(NAMESPACE_URL, article.id).bytes: Known(article.id, b"f" * 16) for article in found}
    store.apply(Changes(SourceState(source.id, source.url), found, (), keys))
