"""Three thousand real items, written in every format, arrive in the programs of subscribers with the same ids, titles, links and dates."""

from __future__ import annotations

import json
import mailbox
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

import fastfeedparser
import feedparser
import pytest

from aggregator.errors import ReadError
from aggregator.model import Article, FeedDocument, Page, Source
from aggregator.publish import render
from aggregator.read import read
from aggregator.refine.normalize import normalize
from aggregator.text import wire

pytestmark = [pytest.mark.corpus, pytest.mark.external]

FEEDS = Path(__file__).parents[3] / "shared/corpus/feeds"
ITEMS = 3_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
_TYPES = {".xml": "application/xml", ".json": "application/feed+json", ".rss": "application/rss+xml", ".atom": "application/atom+xml"}


class Item(NamedTuple):
    id: str
    title: str
    link: str | None
    date: int | None
    """Seconds since 1970."""


class Written(NamedTuple):
    folder: Path
    articles: dict[str, Article]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Written:
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpus is not here")
    found: dict[str, Article] = {}
    sources: dict[str, Source] = {}
    for article, source in _articles():
        found.setdefault(article.id, article)
        sources[source.id] = source
        if len(found) == ITEMS:
            break
    assert len(found) == ITEMS
    address = "https://wire.example.org"
    document = FeedDocument(
        "All", f"{address}/feeds/all", f"{address}/", updated=NOW, articles=tuple(found.values()), sources=sources, hub=f"{address}/hub"
    )
    folder = tmp_path_factory.mktemp("formats")
    for name in ("rss", "atom", "json"):
        (folder / f"all.{name}").write_bytes(render(document, name))
    return Written(folder, {f"urn:uuid:{id_}": article for id_, article in found.items()})


def _articles() -> Iterator[tuple[Article, Source]]:
    for path in sorted(FEEDS.rglob("*")):
        if path.suffix not in _TYPES or path.stat().st_size > 2_000_000:
            continue
        url = f"http://feeds.example.edu/{path.parent.name}/{path.name}"
        source = Source(url, url, kind="feed", title=path.stem)
        try:
            entries = read(Page(url, path.read_bytes(), _TYPES[path.suffix]), source, now=NOW).entries
        except ReadError:
            continue
        yield from ((normalize(entry, source, now=NOW), source) for entry in entries)


def _installed(program: str) -> str:
    return shutil.which(program) or pytest.skip(f"{program} is not installed")


def newsboat(feed: Path, folder: Path) -> list[Item]:
    program = _installed("newsboat")
    (folder / "urls").write_text(f"file://{feed}\n")
    (folder / "config").write_text("")
    command = [program, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"]
    subprocess.run(command, cwd=folder, check=True, timeout=120, env={"HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC"})
    database = sqlite3.connect(folder / "cache.db")
    rows = database.execute("select guid, title, url, pubDate from rss_item").fetchall()
    database.close()
    return [Item(*row) for row in rows]


def sfeed(feed: Path, _folder: Path) -> list[Item]:
    done = subprocess.run([_installed("sfeed")], input=feed.read_bytes(), capture_output=True, check=True, timeout=120)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    return [Item(row[5], row[1], row[2], int(row[0]) if row[0] else None) for row in rows]


def rss2email(feed: Path, folder: Path) -> list[Item]:
    program = _installed("r2e")
    (folder / "r2e.cfg").write_text(
        f"[DEFAULT]\nfrom = a@example.org\nto = b@example.org\nemail-protocol = maildir\nmaildir-path = {folder}\nmaildir-mailbox = box\n"
        f"date-header = True\nhtml-mail = True\n[feed.all]\nurl = {feed}\n"
    )
    mailbox.Maildir(folder / "box", create=True)
    command = [program, "-c", str(folder / "r2e.cfg"), "-d", str(folder / "r2e.json"), "run"]
    subprocess.run(command, check=True, timeout=300, capture_output=True, env={**os.environ, "HOME": str(folder)})
    return [_mailed(message) for message in mailbox.Maildir(folder / "box")]


def _mailed(message: mailbox.MaildirMessage) -> Item:
    date = parsedate_to_datetime(message["Date"]) if message["Date"] else None
    link = message["X-RSS-URL"]
    return Item(
        str(make_header(decode_header(message["X-RSS-ID"]))),
        str(make_header(decode_header(message["Subject"] or ""))),
        link and str(make_header(decode_header(link))),
        date and int(date.timestamp()),
    )


_FEEDPARSER_IS_FREE = {"sanitize_html": False, "resolve_relative_uris": False}


def by_feedparser(feed: Path, _folder: Path) -> list[Item]:
    from calendar import timegm

    found = feedparser.parse(feed.read_bytes(), **_FEEDPARSER_IS_FREE)
    assert not found.bozo
    return [
        Item(each.id, each.title, each.get("link"), timegm(each.published_parsed) if "published_parsed" in each else None)
        for each in found.entries
    ]


def by_fastfeedparser(feed: Path, _folder: Path) -> list[Item]:
    entries = fastfeedparser.parse(feed.read_bytes()).entries
    return [Item(each.id, each.title, each.get("link"), _seconds(each.get("published"))) for each in entries]


def _seconds(text: str | None) -> int | None:
    return int(datetime.fromisoformat(text).timestamp()) if text else None


_NODE = """
const [modules, program, file] = process.argv.slice(1);
const text = require("fs").readFileSync(file, "utf8");
const href = links => ((links || []).find(link => (link.rel || "alternate") === "alternate") || {}).href;
const value = said => said && typeof said === "object" ? said.value : said;
const read = {
  "rss-parser": async Parser => (await new Parser().parseString(text)).items.map(i => [i.guid || i.id, i.title, i.link, i.isoDate]),
  "feedsmith": async ({ parseFeed }) => {
    const { format, feed } = parseFeed(text);
    if (format === "rss") return feed.items.map(i => [value(i.guid), value(i.title), i.link, i.pubDate]);
    if (format === "atom") return feed.entries.map(i => [i.id, value(i.title), href(i.links), i.published]);
    return feed.items.map(i => [i.id, i.title, i.url, i.date_published]);
  },
  "@rowanmanning/feed-parser": async ({ parseFeed }) => parseFeed(text).items.map(i => [i.id, i.title, i.url, i.published]),
};
read[program](require(modules + "/" + program)).then(items => console.log(JSON.stringify(items.map(
  ([id, title, link, date]) => [id, title || "", link || null, date ? Math.floor(new Date(date).getTime() / 1000) : null]))));
"""


def _by_node(program: str) -> Callable[[Path, Path], list[Item]]:
    def run(feed: Path, folder: Path) -> list[Item]:
        modules = os.environ.get("AGGREGATOR_TEST_NODE_MODULES", "")
        if not (Path(modules) / program).is_dir():
            pytest.skip(f"AGGREGATOR_TEST_NODE_MODULES does not name a folder with {program}")
        command = [_installed("node"), "-e", _NODE, modules, program, str(feed)]
        done = subprocess.run(command, cwd=folder, check=True, timeout=120, capture_output=True)
        return [Item(*item) for item in json.loads(done.stdout)]

    run.__name__ = program
    return run


rss_parser, feedsmith, rowanmanning = map(_by_node, ("rss-parser", "feedsmith", "@rowanmanning/feed-parser"))

READS: dict[str, tuple[Callable[[Path, Path], list[Item]], ...]] = {
    "rss": (newsboat, sfeed, rss2email, by_feedparser, by_fastfeedparser, rss_parser, feedsmith, rowanmanning),
    "atom": (newsboat, sfeed, rss2email, by_feedparser, by_fastfeedparser, rss_parser, feedsmith, rowanmanning),
    "json": (by_fastfeedparser, feedsmith),
}


@pytest.mark.parametrize(("name", "program"), [(name, program) for name, programs in READS.items() for program in programs])
def test_what_was_written_arrives(written, tmp_path, name, program):
    arrived = {item.id: item for item in program(written.folder / f"all.{name}", tmp_path)}

    assert arrived.keys() == written.articles.keys()
    wrong = [difference for id_, article in written.articles.items() if (difference := _different(arrived[id_], article))]
    assert wrong == []


def _different(item: Item, article: Article) -> tuple[str, object, object] | None:
    wanted = _plain(wire.told(article.title, article.summary, article.url, article.id))
    if _plain(item.title) != wanted:
        return "title", item.title, wanted
    if article.url and item.link != wire.uri(article.url):
        return "link", item.link, article.url
    moments = {int(each.timestamp()) for each in (article.published, article.updated) if each}
    if article.published and item.date not in moments:
        return "date", item.date, moments
    return None


def _plain(title: str) -> str:
    """Spaces and line ends are each program's own business; in RSS what looks like markup stands in other brackets and after another ampersand."""
    return re.sub(r"\s+", " ", title.replace("‹", "<").replace("›", ">").replace("＆", "&")).strip()
