from __future__ import annotations

import errno
import gzip
import json
import os
import re
from dataclasses import replace

import brotli
import pytest

from aggregator import files
from aggregator.errors import PublishError, StoreError
from aggregator.serve.export import MANIFEST, ExportReport, export
from aggregator.serve.site import Site


def tree(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


ADDRESSES = {
    "feeds/all.rss": "/feeds/all.rss",
    "feeds/chinese.json": "/feeds/chinese.json",
    "universities/north.atom": "/universities/north.atom",
    "opml.xml": "/opml.xml",
    "api/v1/universities": "/api/v1/universities",
    "api/v1/feeds": "/api/v1/feeds",
    "static/style.css": "/static/style.css",
}


def test_a_file_has_the_bytes_of_its_address(site, tmp_path, browser):
    export(site, tmp_path)

    assert {file: (tmp_path / file).read_bytes() for file in ADDRESSES} == {
        file: browser.get(address).body for file, address in ADDRESSES.items()
    }


def test_every_link_of_an_exported_page_leads_to_a_file(site, tmp_path):
    import re

    export(site, tmp_path)

    found = tree(tmp_path)
    targets = {
        target
        for name, body in found.items()
        if name.endswith(".html")
        for target in re.findall(r'(?:href|action)="(/[^"#]*)"', body.decode())
    }
    missing = [target for target in targets if target.lstrip("/") + ("index.html" if target.endswith("/") else "") not in found]
    assert missing == []


def test_an_exported_page_offers_nothing_that_needs_an_answer(site, tmp_path):
    export(site, tmp_path)

    pages = [body for name, body in tree(tmp_path).items() if name.endswith(".html")]
    assert pages
    assert [page for page in pages if b"<form" in page or b"lang=" in page.replace(b' lang="', b"").replace(b'hreflang="', b"")] == []


def test_every_article_of_a_feed_has_its_page(site, shelf, tmp_path):
    export(site, tmp_path)

    assert {path.parent.name for path in tmp_path.glob("articles/*/index.html")} == {article.id for article in shelf.held}


def test_the_second_time_nothing_is_touched(site, tmp_path):
    first = export(site, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    again = export(site, tmp_path)

    assert again == ExportReport(written=0, unchanged=first.written, removed=0)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != MANIFEST} == {
        path: when for path, when in times.items() if path.name != MANIFEST
    }


def test_what_is_no_longer_valid_is_removed_with_its_empty_folder(site, shelf, tmp_path):
    export(site, tmp_path)
    gone = shelf.held.pop()

    report = export(site, tmp_path)

    assert report.removed >= 1
    assert not (tmp_path / "articles" / gone.id).exists()


def test_what_is_not_ours_stays(site, shelf, tmp_path):
    foreign = tmp_path / "articles" / "mine.html"
    foreign.parent.mkdir()
    foreign.write_text("mine")
    (tmp_path / ".htaccess").write_text("mine")
    export(site, tmp_path)
    shelf.held.clear()

    export(site, tmp_path)

    assert foreign.read_text() == "mine"
    assert (tmp_path / ".htaccess").read_text() == "mine"


def test_a_forged_manifest_leads_nowhere_else(site, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("keep")
    directory = tmp_path / "public"
    directory.mkdir()
    (directory / MANIFEST).write_text(json.dumps({"files": ["../outside.txt", str(outside), 7, ""]}))

    export(site, directory)

    assert outside.read_text() == "keep"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"files": 3}', "null"])
def test_a_broken_manifest_is_an_empty_one(site, tmp_path, content):
    (tmp_path / MANIFEST).write_text(content)

    assert export(site, tmp_path).written > 0


def test_what_a_killed_run_left_is_swept(site, tmp_path):
    export(site, tmp_path)
    left = tmp_path / "feeds" / ".all.rss.ab12cd_9"
    left.write_text("half")
    foreign = tmp_path / "feeds" / ".mine.ab12cd_9"
    foreign.write_text("mine")

    export(site, tmp_path)

    assert not left.exists()
    assert foreign.exists()


def test_a_run_that_dies_half_way_knows_its_files_the_next_time(site, shelf, tmp_path, monkeypatch):
    real = files.write
    count = iter(range(1000))

    def dying(path, content):
        if next(count) == 20:
            raise KeyboardInterrupt
        return real(path, content)

    monkeypatch.setattr(files, "write", dying)
    with pytest.raises(KeyboardInterrupt):
        export(site, tmp_path)
    monkeypatch.undo()
    shelf.held.clear()

    export(site, tmp_path)

    assert not (tmp_path / "articles").exists()


def test_a_full_disk_is_told_with_place_and_remedy(site, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(files, "write", full)

    with pytest.raises(PublishError, match=str(tmp_path)) as caught:
        export(site, tmp_path)

    assert "free some space" in caught.value.remedy


def test_a_file_in_the_way_is_told(site, tmp_path):
    target = tmp_path / "public"
    target.write_text("a file")

    with pytest.raises(PublishError, match="public") as caught:
        export(site, target)

    assert "stands where a directory is needed" in caught.value.remedy


def test_a_busy_database_leaves_what_is_there(site, shelf, tmp_path):
    export(site, tmp_path)
    before = tree(tmp_path)
    shelf.busy = True

    with pytest.raises(StoreError):
        export(site, tmp_path)

    assert tree(tmp_path) == before


def test_the_archive_is_exported_whole(site, tmp_path, browser):
    export(site, tmp_path)

    assert (tmp_path / "feeds/all/archive/100.rss").read_bytes() == browser.get("/feeds/all/archive/100.rss").body
    assert (tmp_path / "feeds/all/archive/130.atom").is_file()
    assert not (tmp_path / "feeds/all/archive/129.atom").exists()


def test_a_page_of_the_archive_that_did_not_change_is_not_rendered_again(site, shelf, make_article, tmp_path, monkeypatch):
    shelf.add(*(make_article(number) for number in range(200, 400)))
    export(site, tmp_path)
    shelf.add(make_article(900))
    asked = []
    found = Site.find
    monkeypatch.setattr(Site, "find", lambda self, path, parameters=None: asked.append(path) or found(self, path, parameters))

    export(site, tmp_path)

    assert not [path for path in asked if "/archive/100." in path or "/archive/200." in path]
    assert (tmp_path / "feeds/all/archive/200.json").is_file()


def test_a_page_of_the_archive_is_written_again_when_an_article_of_it_changes(site, shelf, tmp_path):
    export(site, tmp_path)
    shelf.held[7] = replace(shelf.held[7], title="Corrected")
    shelf.number += 1

    export(site, tmp_path)

    assert b"Corrected" in (tmp_path / "feeds/all/archive/100.rss").read_bytes()


def test_a_page_of_the_archive_is_written_again_when_the_site_has_another_address(site, make_site, tmp_path):
    export(site, tmp_path)

    export(make_site(url="https://other.example.org"), tmp_path)

    assert b"https://other.example.org/feeds/all/archive/100.rss" in (tmp_path / "feeds/all/archive/100.rss").read_bytes()


def test_packed_files_say_the_same_and_go_with_their_file(site, tmp_path):
    export(site, tmp_path, compress=True)

    feed = tmp_path / "feeds/all.rss"
    assert gzip.decompress(feed.with_name("all.rss.gz").read_bytes()) == feed.read_bytes()
    assert brotli.decompress(feed.with_name("all.rss.br").read_bytes()) == feed.read_bytes()
    assert export(site, tmp_path, compress=True).written == 0
    export(site, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".gz", ".br")]


@pytest.mark.parametrize("url", ["https://wire.example.org", "https://example.org/wire"])
def test_relative_pages_lead_to_each_other_wherever_the_folder_stands(make_site, tmp_path, url):
    export(make_site(url=url), tmp_path, relative=True)

    broken = [
        (page, target)
        for page in tmp_path.rglob("*.html")
        for target in re.findall(r'(?:href|src)="([^"#:]*)"', page.read_text())
        if page.name != "404.html" and not (page.parent / target).is_file()  # file:// shows no index.html by itself
    ]
    assert broken == []
    assert b"https://" in (tmp_path / "feeds/all.rss").read_bytes()
