"""What subscribers' programs make of our feeds."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from dataclasses import replace
from uuid import UUID

import pytest

from aggregator.publish import render

pytestmark = pytest.mark.external


@pytest.fixture
def many(document, article):
    """Articles that differ, among them some without a date."""
    articles = tuple(
        replace(
            article,
            id=str(UUID(int=number)),
            title=f"第{number}条 <3 news & more",
            url=f"https://news.example.edu/{number}.html",
            published=article.published if number % 3 else None,
        )
        for number in range(60)
    )
    return replace(document, articles=articles)


def program(name):
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_newsboat_reads_every_item(many, tmp_path, name):
    newsboat = program("newsboat")
    (tmp_path / "feed.xml").write_bytes(render(many, name))
    (tmp_path / "urls").write_text(f"file://{tmp_path}/feed.xml\n")
    (tmp_path / "config").write_text("")

    subprocess.run(
        [newsboat, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"],
        cwd=tmp_path,
        check=True,
        timeout=60,
        env={"HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )

    with sqlite3.connect(tmp_path / "cache.db") as database:
        rows = database.execute("select guid, title, url from rss_item").fetchall()
    database.close()
    assert sorted(rows) == sorted((f"urn:uuid:{article.id}", article.title, article.url) for article in many.articles)


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_sfeed_reads_every_item(many, name):
    done = subprocess.run([program("sfeed")], input=render(many, name), capture_output=True, check=True, timeout=60)

    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [(row[5], row[1], row[2]) for row in rows] == [
        (f"urn:uuid:{article.id}", article.title, article.url) for article in many.articles
    ]
