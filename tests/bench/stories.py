"""What it costs to find an article's copies and its story, in a store of ten thousand, a hundred thousand and (``--all``) a million articles.

The old articles are rows with traces of their own, as many as real ones leave; the two thousand of the last days are made of a small vocabulary, so that they meet.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import NAMESPACE_URL, uuid5

from kit import measure
from sqlalchemy import text

from aggregator.model import Article, Changes, Known, Source, SourceState
from aggregator.refine import stories
from aggregator.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIZES = (10_000, 100_000, 1_000_000)
RECENT, MEASURED, BATCH = 2_000, 400, 20
TRACES = 20
_SYLLABLES = [f"{first}{vowel}{last}" for first in "bdgklmnprst" for vowel in "aeiou" for last in ("", "n", "r", "s", "l")]
_LEXICON = "research laboratory professor quantum energy climate medicine robot prize delegation agreement history language museum exhibition".split()
_OTHERS = ["".join(pair) for pair in itertools.product(_SYLLABLES[::3], repeat=2)]
_WORDS = [*_OTHERS, *(_LEXICON * 12)]
"""One word in fifteen is of the lexicon, as in news."""


def main() -> None:
    sizes = SIZES if "--all" in sys.argv else SIZES[:2]
    joined, marked, judged = {}, {}, {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/aggregator.db") as store:
            marked[f"{size:>9,} articles"], joined[f"{size:>9,} articles"], judged[f"{size:>9,} articles"] = _measured(store, size)
            print(
                f"{size:>9,} articles: {joined[f'{size:>9,} articles']:.2f} ms each, {Path(folder, 'aggregator.db').stat().st_size / 1e6:,.0f} MB"
            )
    first = next(iter(joined))
    measure.table("marking one article (in the reading processes)", marked, reference=first)
    measure.table("storing one article with its copies and its story", joined, reference=first)
    measure.table("… of which for copies and stories", judged, reference=first)


def _measured(store: Store, size: int) -> tuple[float, float, float]:
    chance = random.Random(7)
    _fill(store, size - RECENT)
    store.sync([Source("bench", "https://bench.example/")], now=NOW)
    for start in range(0, RECENT, BATCH * 5):
        _put(store, [_article(chance, number) for number in range(start, start + BATCH * 5)])
    taken: dict[str, list[float]] = {"mark": [], "join": [], "bare": []}
    for start in range(RECENT, RECENT + MEASURED, BATCH):
        fresh = [_article(chance, number) for number in range(start, start + BATCH)]
        started = time.process_time()
        packed = [replace(article, marks=stories.pack(stories.mark(article))) for article in fresh]
        taken["mark"].append((time.process_time() - started) / BATCH * 1000)
        taken["join"].append(_put(store, packed) / BATCH)
        strange = [replace(article, id=str(uuid5(NAMESPACE_URL, article.id))) for article in packed]
        taken["bare"].append(_put(store, strange, joining=False) / BATCH)
    return median(taken["mark"]), median(taken["join"]), median(taken["join"]) - median(taken["bare"])


def _put(store: Store, articles: list[Article], *, joining: bool = True) -> float:
    """Milliseconds of CPU that the transaction takes."""
    from aggregator.store import joining as module

    keys = {uuid5(NAMESPACE_URL, article.id).bytes: Known(article.id, b"f" * 16) for article in articles}
    join = module.join
    if not joining:
        module.join = lambda _connection, _dialect, coming: {number: module.Told(None, None) for number, _ in coming}  # type: ignore[assignment]
    try:
        started = time.process_time()
        store.apply(Changes(SourceState("bench", "https://bench.example/"), tuple(articles), (), keys))
        return (time.process_time() - started) * 1000
    finally:
        module.join = join


def _fill(store: Store, number: int) -> None:
    series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})"
    began = int((NOW - timedelta(days=30)).timestamp() * 1e6)
    with store._writing() as connection:
        connection.execute(
            text(
                "INSERT INTO articles (number, id, revision, source, at, title, first_seen, authors, categories, enclosures, provenance) "
                f"{series} SELECT i, 'old-' || i, 1, 'bench', {began} - i * 43200000, 'An old article', {began}, '[]', '[]', '[]', '{{}}' FROM n"
            )
        )
        many = f"{series}, m(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM m WHERE k < {TRACES})"
        connection.execute(text(f"INSERT INTO traces (trace, number) {many} SELECT abs(random()) AS t, i FROM n, m ORDER BY t, i"))


def _article(chance: random.Random, number: int) -> Article:
    """One in ten tells an event that others tell as well, one in twenty is a copy."""
    event = random.Random(number // 10 if number % 10 == 0 else -number)
    if number % 20 == 1:
        event = random.Random(-(number - 1))
    people = [" ".join(_name(event) for _ in range(2)) for _ in range(4)]
    sentences = [
        f"{event.choice(people)} spoke of {' '.join(event.choices(_WORDS, k=14))} with {event.randrange(10, 9000)} guests."
        for _ in range(12)
    ]
    at = NOW - timedelta(minutes=chance.randrange(3 * 24 * 60))
    return Article(
        id=str(uuid5(NAMESPACE_URL, f"article {number}")),
        title=f"{people[0]} and {people[1]}: {' '.join(event.choices(_WORDS, k=5))}",
        url=f"https://bench.example/news/{number}",
        source="bench",
        university=None,
        first_seen=at,
        published=at,
        language="en",
        text=" ".join(sentences),
    )


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3)).capitalize()


if __name__ == "__main__":
    main()
