"""What subscribers' own programs make of a feed that the whole line has made: newsboat, sfeed, and rss-parser for Node.

rss-parser is looked for in the folder that AGGREGATOR_TEST_NODE_MODULES names.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from html import escape
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read

pytestmark = pytest.mark.xdist_group("heavy")

SHARED = Path(__file__).parents[3] / "shared"
FEEDS, ARTICLES = SHARED / "corpus/feeds", SHARED / "corpus/articles"
SEED = SHARED / "seed/hit-news-3850.txt"

BYLINE = "HIT All media (International Cooperation Department/text)"


class Read(NamedTuple):
    """One item as a program has understood it. None: it does not keep that."""

    title: str
    author: str | None
    content: str | None


Program = Callable[[Path, Path], list[Read]]


def newsboat(feed: Path, folder: Path) -> list[Read]:
    program = _installed("newsboat")
    (folder / "urls").write_text(f"file://{feed}\n")
    (folder / "config").write_text("")
    command = [program, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"]
    subprocess.run(command, cwd=folder, check=True, timeout=90, env={"HOME": str(folder), "LANG": "C.UTF-8"})
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        return [Read(*row) for row in cache.execute("select title, author, content from rss_item")]


def sfeed(feed: Path, folder: Path) -> list[Read]:
    """By way of ``sfeed_update``; ``sfeed_plain`` must list as many."""
    program = _installed("sfeed_update")
    (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfetch() {{ cat "$2"; }}\nfeeds() {{ feed "all" "{feed}" "http://127.0.0.1/"; }}\n')
    subprocess.run([program, folder / "sfeedrc"], check=True, timeout=90, capture_output=True)
    rows = [line.split("\t") for line in (folder / "feeds/all").read_text().splitlines()]
    plain = subprocess.run([_installed("sfeed_plain"), folder / "feeds/all"], check=True, timeout=90, capture_output=True)
    assert len(plain.stdout.splitlines()) == len(rows)
    return [Read(row[1], row[6], row[3].replace("\\n", "\n")) for row in rows]


_ASK_NODE = """
const Parser = require(process.argv[1] + "/rss-parser");
const feed = require("fs").readFileSync(process.argv[2], "utf8");
new Parser().parseString(feed).then(found => console.log(JSON.stringify(
  found.items.map(item => [item.title || "", item.creator || null, item["content:encoded"] || item.content || null]))));
"""


def rss_parser(feed: Path, folder: Path) -> list[Read]:
    modules = os.environ.get("AGGREGATOR_TEST_NODE_MODULES", "")
    if not (Path(modules) / "rss-parser").is_dir():
        pytest.skip("AGGREGATOR_TEST_NODE_MODULES does not name a folder with rss-parser")
    done = subprocess.run([_installed("node"), "-e", _ASK_NODE, modules, feed], cwd=folder, check=True, timeout=90, capture_output=True)
    return [Read(*item) for item in json.loads(done.stdout)]


def _installed(program: str) -> str:
    return shutil.which(program) or pytest.skip(f"{program} is not installed")


PROGRAMS = (newsboat, sfeed, rss_parser)


# --- the demonstration -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_feed(tmp_path_factory) -> Path:
    import sys

    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "aggregator", "demo", "--publish", str(folder / "site")]
    subprocess.run(command, cwd=folder, check=True, timeout=120, capture_output=True)
    return folder / "site/feeds/all.rss"


@pytest.mark.external
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_news_of_the_demo_arrive_whole(demo_feed, tmp_path, program: Program):
    published = demo_feed.read_text().count("<item>")

    arrived = program(demo_feed, tmp_path)

    assert len(arrived) == published > 30
    [exchange] = [item for item in arrived if "Bauman" in item.title and "HIT" in item.title]
    assert exchange.author == BYLINE
    assert exchange.content is not None
    assert exchange.content.count("<p>") == 4
    for chrome in ("<nav", "<header", "<footer", "<ul", "Copyright", "©", "Home"):
        assert chrome not in exchange.content


# --- the corpus ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def feeds() -> list[tuple[bytes, str]]:
    """A few hundred real feeds that can be read, with their content types."""
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpus is not here")
    types = {".xml": "application/xml", ".json": "application/feed+json", ".rss": "application/rss+xml", ".atom": "application/atom+xml"}
    some = sorted(path for path in FEEDS.rglob("*") if path.suffix in types)[::13]
    return [(path.read_bytes(), types[path.suffix]) for path in some if _readable(path.read_bytes(), types[path.suffix])]


def _readable(body: bytes, content_type: str) -> bool:
    try:
        return bool(read(Page("http://feeds.example/feed", body, content_type), Source("x", "http://feeds.example/feed"), now=datetime.now(UTC)).entries)
    except ReadError:
        return False


@pytest.fixture
def pages() -> list[tuple[str, bytes]]:
    """Real article pages and their titles as their origin tells them."""
    if not ARTICLES.is_dir():
        pytest.skip("../shared/corpus is not here")
    lines = (ARTICLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines[::10]]
    return [(_title(each), gzip.decompress((ARTICLES / each["file"]).read_bytes())) for each in told][:100]


def _title(told: dict) -> str:
    return told["truth"].get("title") or f"An article of {told['site']}"


@pytest.mark.corpus
@pytest.mark.external
def test_real_feeds_and_pages_are_stored_once_and_arrive_at_every_subscriber(office, web, feeds, pages, tmp_path):
    sites = [web.site() for _ in range(20)]
    again = count()

    def put() -> list[str]:
        """The same news in other bytes, so that nothing can be skipped unread."""
        space = b"\n" * next(again)
        return [
            sites[number % len(sites)].says(f"/feed-{number}", body + space, content_type)
            for number, (body, content_type) in enumerate(feeds)
        ]

    press = web.site()
    rows = []
    for number, (title, body) in enumerate(pages):
        press.says(f"/news/{number}.html", body, "text/html")
        rows.append(f"<li><a href='/news/{number}.html'>{escape(title)}</a></li>")
    office.settings(poll={"pages": 200}, feeds=[{"name": "everything", "where": "", "limit": 1000}], fetch={"timeout": "20s"})
    office.university("feeds", *put())
    office.university("press", {"url": press.says("/news", f"<ul class='news'>{''.join(rows)}</ul>"), "kind": "listing", "items": "ul.news > li"})

    office.run("poll", "--all")
    first = office.status()
    put()
    press.says("/news", f"<ul class='news'>{''.join(rows)}</ul>\n")
    told = office.run("poll", "--all").stdout
    second = office.status()
    office.run("publish", "site")

    assert len(feeds) > 200
    assert len(pages) == 100
    assert [source["problem"] for source in first["sources"] if source["problem"]] == []
    assert first["articles"] > 300
    assert f"{len(feeds) + 1} sources polled: 0 new articles, 0 revised, 0 sources failed" in told
    assert second["articles"] == first["articles"]
    assert second["revision"] == first["revision"]
    feed = office.folder / "site/feeds/everything.rss"
    published = feed.read_bytes().count(b"<item>")
    assert published == min(1000, first["articles"])
    for program in PROGRAMS:
        folder = tmp_path / program.__name__
        folder.mkdir()
        assert len(program(feed, folder)) == published, program.__name__


@pytest.mark.corpus
def test_the_first_article_ever_configured_comes_out_as_it_was_written(office, site):
    if not SEED.is_file():
        pytest.skip("../shared/seed is not here")
    title, byline, *paragraphs = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    chrome = ["University home", "About us", "Campus life", "Most read", "Open day in spring", "Follow us", "All rights reserved", "Sitemap"]
    top = "<header><h2>University home</h2><nav><a href='/about'>About us</a> <a href='/life'>Campus life</a></nav></header>"
    side = "<aside><h3>Most read</h3><ul><li><a href='/news/17'>Open day in spring</a></li></ul></aside>"
    foot = "<footer><p>Follow us</p><p>All rights reserved</p><p><a href='/map'>Sitemap</a></p></footer>"
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in [byline, *paragraphs])
    others = ["Winter school of robotics opens", "New laboratory for cold materials", "Choir sings on the frozen river", "Students win a prize for bridges"]
    rows = [f"<li><a href='/news/3850'>{escape(title)}</a><span>2021-12-20</span></li>"]
    rows += [f"<li><a href='/news/{3849 - number}'>{other}</a><span>2021-12-{19 - number}</span></li>" for number, other in enumerate(others)]
    site.says("/news", f"<html><body>{top}<main><h1>News</h1><ul class='list'>{''.join(rows)}</ul></main>{side}{foot}</body></html>")
    site.says(
        "/news/3850",
        f"<html><head><title>{escape(title)}</title></head><body>{top}<main><h1>{escape(title)}</h1><div class='date'>2021-12-20</div>"
        f"<div class='text'>{text}</div></main>{side}{foot}</body></html>",
    )
    for number, other in enumerate(others):
        body = "<p>It happened on the campus, and many people came to see it and to talk about it for a long time.</p>" * 3
        site.says(f"/news/{3849 - number}", f"<html><body>{top}<main><h1>{other}</h1>{body}</main>{side}{foot}</body></html>")
    office.university("hit", site.url + "/news", timezone="Asia/Shanghai")

    office.run("poll", "--all")

    [item] = [item for item in office.published() if item.link == site.url + "/news/3850"]
    assert item.title == title
    assert item.creators == [byline.rstrip(".")] == [BYLINE]
    assert item.paragraphs == [" ".join(paragraph.split()) for paragraph in paragraphs]
    assert len(item.paragraphs) == 4
    assert item.date is not None
    assert "20 Dec 2021" in item.date
    assert not [words for words in chrome if words in item.content]
