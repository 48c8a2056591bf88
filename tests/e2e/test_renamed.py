"""A university gets another id while the daemon runs: who subscribes to it goes on, and so does a feed whose question names it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import urllib.request
from contextlib import closing

import pytest


def renamed(office, site):
    """A daemon that has served a university under one id, and serves it under another now."""
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 3, "its items are served")
    universities = office.config / "universities"
    (universities / "north.yaml").rename(universities / "arctic.yaml")
    daemon.eventually(lambda: daemon.get("/universities/arctic.rss")[0] == 200, "it has its new id", seconds=15)
    return daemon


def test_who_subscribed_is_led_to_the_new_address_and_a_question_that_names_it_goes_on(office, site):
    office.settings(feeds=[{"name": "ours", "where": "university:north"}])
    daemon = renamed(office, site)
    address = daemon.url

    with urllib.request.urlopen(f"{address}/universities/north.rss", timeout=10) as answer:
        assert (answer.url, answer.status) == (f"{address}/universities/arctic.rss", 200)
    assert len(daemon.feed("ours")) == 3
    assert "write arctic instead" in daemon.log
    assert "write arctic instead" in office.run("check").stderr

    assert daemon.stop() == 0
    assert office.daemon().get("/feeds/ours.rss")[0] == 200


def test_another_university_under_the_old_id_is_told_of(office, site, web):
    daemon = renamed(office, site)

    (office.config / "universities" / "north.yaml").write_text(
        f"name: Narnia\nsources: [{{url: '{web.site().feed('/feed.xml', range(7, 9))}'}}]\n"
    )

    daemon.eventually(lambda: "gets Narnia from now on" in daemon.log, "it is told", seconds=15)


@pytest.mark.external
def test_newsboat_goes_on_at_the_new_address(office, site, tmp_path):
    program = shutil.which("newsboat")
    if program is None:
        pytest.skip("newsboat is not installed")
    daemon = renamed(office, site)

    reader = tmp_path / "reader"
    reader.mkdir()
    (reader / "urls").write_text(f"{daemon.url}/universities/north.rss\n")
    (reader / "config").write_text("")
    command = [program, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"]
    subprocess.run(command, cwd=reader, check=True, timeout=90, env={"HOME": str(reader), "LANG": "C.UTF-8"})

    with closing(sqlite3.connect(reader / "cache.db")) as cache:
        assert cache.execute("select count(*) from rss_item").fetchone() == (3,)
