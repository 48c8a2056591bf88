"""What a question costs as the store grows: the newest of a feed, a page of a search, what is known of keys, a claim among many sources.

``python tests/bench/growth.py [ARTICLES …]``, by default 10,000 and 100,000; a million takes some minutes and 3 GB. The articles are made up and written
beside ``Store.apply``, which would judge each for its story; the questions are those of the store itself.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

from kit import measure
from sqlalchemy import insert

from aggregator.model import Article, Source
from aggregator.query import parse
from aggregator.store import Store, rows, sqlite
from aggregator.store.tables import articles, identities

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SOURCES = 10_000
CLAIMS = 64
_AT_ONCE = 5_000
_OLDEST = 10_000_000
"""Minutes ago, as the first article is; what is stored later is newer, but for these."""
_EARLY = 50
"""Articles that are newer than what is stored after them, however many there are."""
_WORDS = [
    f"{first}{second}{third}" for first in "bdfgklmnprst" for second in "aeiou" for third in ("ran", "lis", "mor", "tek", "vun", "zed")
]
_LANGUAGES = ("en", "zh", "ru", "de")


def main() -> None:
    for count in [int(each) for each in sys.argv[1:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{Path(folder) / 'growth.db'}") as store:
            store.sync(_sources(SOURCES), now=NOW)
            _fill(store, count)
            while not store.tidy():
                pass
            measure.table(f"{count:,} articles, {SOURCES:,} sources", _asked(store, count), reference=f"claim of {CLAIMS}")
            print(f"  {Path(folder, 'growth.db').stat().st_size / 1e6:,.0f} MB")


def _asked(store: Store, count: int) -> dict[str, float]:
    keys = [_key(number) for number in range(0, count, max(1, count // 50))][:50]
    everything, of_one, language = parse(""), parse("source:s7"), parse("language:de")
    languages = parse("language:de OR language:en")
    rare, common = parse(f"{_WORDS[1]} {_WORDS[2]}"), parse(_WORDS[0])
    questions: dict[str, Callable[[], object]] = {
        "newest 50 of all": partial(store.articles, everything, limit=50),
        "newest 50 of a source": partial(store.articles, of_one, limit=50),
        "newest 50 in a language": partial(store.articles, language, limit=50),
        "newest 50 in two languages": partial(store.articles, languages, limit=50),
        "search of a common word": partial(store.articles, common, limit=50),
        "search of two words": partial(store.articles, rare, limit=50),
        "lookup of 50 keys": partial(store.lookup, keys),
        f"claim of {CLAIMS}": partial(_claimed, store),
    }
    return measure.calls(questions, rounds=9)


def _claimed(store: Store) -> None:
    """Taken and given back."""
    claimed = store.claim(now=NOW, limit=CLAIMS, owner="bench", lease=timedelta(minutes=15))
    if len(claimed) != CLAIMS:
        raise SystemExit(f"{len(claimed)} sources were claimed, not {CLAIMS}")
    store.release(owner="bench")


def _sources(count: int) -> Iterator[Source]:
    return (Source(f"s{number}", f"http://university-{number}.example/feed.xml") for number in range(count))


def _fill(store: Store, count: int) -> None:
    every = max(1, count // _EARLY)
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(count, first + _AT_ONCE))
        stored = [rows.columns(_article(number, every)) | {"number": number + 1, "revision": 1} for number in numbers]
        named = [
            {"key": _key(number), "source": f"s{number % SOURCES}", "article": str(number), "fingerprint": _key(number), "number": number}
            for number in numbers
        ]
        with store._writing() as connection:
            connection.execute(insert(articles), stored)
            connection.execute(insert(identities), named)
            sqlite.add_to_search(connection, [rows.searched(row) for row in stored])


def _article(number: int, every: int) -> Article:
    chance = random.Random(number)
    text = " ".join(chance.choices(_WORDS, k=120))
    return Article(
        id=str(number),
        title=" ".join(chance.choices(_WORDS, k=8)),
        url=f"http://university-{number % SOURCES}.example/news/{number}",
        source=f"s{number % SOURCES}",
        university=f"u{number % (SOURCES // 4)}",
        first_seen=NOW,
        published=NOW - timedelta(minutes=_OLDEST - number if number % every else number // every),
        content=f"<p>{text}</p>",
        text=text,
        language=_LANGUAGES[number % len(_LANGUAGES)],
    )


def _key(number: int) -> bytes:
    return blake2b(str(number).encode(), digest_size=16).digest()


if __name__ == "__main__":
    main()
