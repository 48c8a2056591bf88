"""A feed poller as one writes it in an afternoon: httpx, feedparser, sqlite3. Conditional requests, nothing checked, nothing cleaned.

``python kit/reference.py DATABASE ADDRESSES``: one cycle over the addresses in a file.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

import feedparser
import httpx

_TABLES = """
CREATE TABLE IF NOT EXISTS source (url TEXT PRIMARY KEY, etag TEXT);
CREATE TABLE IF NOT EXISTS article (guid TEXT PRIMARY KEY, source TEXT, title TEXT, url TEXT, published TEXT, content TEXT);
"""


async def cycle(database: sqlite3.Connection, addresses: list[str]) -> None:
    etags = dict(database.execute("SELECT url, etag FROM source"))
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:
        await asyncio.gather(*(_poll(client, database, url, etags.get(url)) for url in addresses))


async def _poll(client: httpx.AsyncClient, database: sqlite3.Connection, url: str, etag: str | None) -> None:
    answer = await client.get(url, headers={"If-None-Match": etag} if etag else {})
    if answer.status_code != 200:
        return
    entries = feedparser.parse(answer.content).entries
    rows = [(each.id, url, each.title, each.link, each.get("published", each.get("updated")), _content(each)) for each in entries]
    with database:
        database.executemany("INSERT OR IGNORE INTO article VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.execute("INSERT OR REPLACE INTO source VALUES (?, ?)", (url, answer.headers.get("ETag")))


def _content(entry: feedparser.FeedParserDict) -> str:
    return str(entry.content[0].value if "content" in entry else entry.get("summary", ""))


if __name__ == "__main__":
    connection = sqlite3.connect(sys.argv[1])
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}")
    asyncio.run(cycle(connection, Path(sys.argv[2]).read_text().split()))
    connection.close()
