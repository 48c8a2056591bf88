"""What subscribers' own programs make of a feed that the whole line has made: newsboat, sfeed, and rss-parser for Node.

rss-parser is looked for in the folder that AGGREGATOR_TEST_NODE_MODULES names.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read

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
    (folder / "sfeedrc").write_text(
        f'sfeedpath="{folder}/feeds"\nfetch() {{ cat "$2"; }}\nfeeds() {{ feed "all" "{feed}" "http://127.0.0.1/"; }}\n'
    )
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


class Corpus(NamedTuple):
    """What became of the corpus: how many feeds there were, the status after the first and after the second poll, what the second said, the feed."""

    feeds: int
    first: dict[str, Any]
    second: dict[str, Any]
    told: str
    feed: Path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, new_office, new_web) -> Corpus:
    """Made once, whichever worker asks first."""
    if not FEEDS.is_dir() or not ARTICLES.is_dir():
        pytest.skip("../shared/corpus is not here")
    folder = tmp_path_factory.getbasetemp().parent / "corpus"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made.json"
        if not made.exists():
            with new_web() as web:
                told = _polled_twice(new_office(folder), web)
            made.write_text(json.dumps(told))
        return Corpus(*json.loads(made.read_text()), folder / "site/feeds/everything.rss")


def _polled_twice(office: Any, web: Any) -> tuple[int, dict[str, Any], dict[str, Any], str]:
    """A few hundred real feeds, and a list of a hundred real articles. The second time all bytes differ, so that nothing is skipped unread."""
    feeds, pages = _feeds(), _pages()
    sites = [web.site() for _ in range(20)]
    press = web.site()
    rows = "".join(f"<li><a href='/news/{number}.html'>{escape(title)}</a></li>" for number, (title, _) in enumerate(pages))
    for number, (_, body) in enumerate(pages):
        press.says(f"/news/{number}.html", body, "text/html")

    def put(space: bytes) -> list[str]:
        press.says("/news", f"<ul class='news'>{rows}</ul>".encode() + space)
        return [sites[at % len(sites)].says(f"/feed-{at}", body + space, kind) for at, (body, kind) in enumerate(feeds)]

    office.settings(poll={"pages": 200}, feeds=[{"name": "everything", "where": "", "limit": 1000}], fetch={"timeout": "20s"})
    office.university("feeds", *put(b""))
    office.university("press", {"url": f"{press.url}/news", "kind": "listing", "items": "ul.news > li"})
    office.run("poll", "--all", status=None)
    first = office.status()
    put(b"\n")
    told = office.run("poll", "--all", status=None).stdout
    second = office.status()
    [(second["copies"],)] = office.ask("select count(*) from articles where copy_of is not null")
    office.run("publish", "site")
    return len(feeds), first, second, told


def _feeds() -> list[tuple[bytes, str]]:
    """Those of some that can be read, with their content types."""
    types = {".xml": "application/xml", ".json": "application/feed+json", ".rss": "application/rss+xml", ".atom": "application/atom+xml"}
    some = sorted(path for path in FEEDS.rglob("*") if path.suffix in types)[::13]
    return [(path.read_bytes(), types[path.suffix]) for path in some if _readable(path.read_bytes(), types[path.suffix])]


def _readable(body: bytes, content_type: str) -> bool:
    page = Page("http://feeds.example/feed", body, content_type)
    try:
        return bool(read(page, Source("x", page.url), now=datetime.now(UTC)).entries)
    except ReadError:
        return False


def _pages() -> list[tuple[str, bytes]]:
    """Real article pages and their titles as people have marked them."""
    lines = (ARTICLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines[::10]][:100]
    return [(each["truth"].get("title") or f"From {each['url']}", gzip.decompress((ARTICLES / each["file"]).read_bytes())) for each in told]


@pytest.mark.corpus
def test_real_news_are_stored_once_and_not_touched_when_they_are_read_again(corpus):
    assert corpus.feeds > 200
    assert [source["problem"] for source in corpus.first["sources"] if source["problem"]] == []
    assert corpus.first["articles"] > 300
    assert f"{corpus.feeds + 1} sources polled: 0 new articles, 0 revised, 0 sources failed" in corpus.told
    assert corpus.second["articles"] == corpus.first["articles"]
    assert corpus.second["revision"] == corpus.first["revision"]


@pytest.mark.corpus
@pytest.mark.external
@pytest.mark.parametrize("program", PROGRAMS)
def test_real_news_arrive_at_every_subscriber(corpus, tmp_path, program: Program):
    published = corpus.feed.read_bytes().count(b"<item>")

    arrived = program(corpus.feed, tmp_path)

    assert len(arrived) == published == min(1000, corpus.second["articles"] - corpus.second["copies"])


@pytest.mark.corpus
def test_the_first_article_ever_configured_comes_out_as_it_was_written(office, site):
    if not SEED.is_file():
        pytest.skip("../shared/seed is not here")
    title, byline, *paragraphs = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    chrome = [
        "University home",
        "About us",
        "Campus life",
        "Most read",
        "Open day in spring",
        "Follow us",
        "All rights reserved",
        "Sitemap",
    ]
    top = "<header><h2>University home</h2><nav><a href='/about'>About us</a> <a href='/life'>Campus life</a></nav></header>"
    side = "<aside><h3>Most read</h3><ul><li><a href='/news/17'>Open day in spring</a></li></ul></aside>"
    foot = "<footer><p>Follow us</p><p>All rights reserved</p><p><a href='/map'>Sitemap</a></p></footer>"
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in [byline, *paragraphs])
    others = [
        "Winter school of robotics opens",
        "New laboratory for cold materials",
        "Choir sings on the frozen river",
        "Students win a prize for bridges",
    ]
    rows = [f"<li><a href='/news/3850'>{escape(title)}</a><span>2021-12-20</span></li>"]
    rows += [
        f"<li><a href='/news/{3849 - number}'>{other}</a><span>2021-12-{19 - number}</span></li>" for number, other in enumerate(others)
    ]
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
