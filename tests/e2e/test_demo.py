"""The demonstration: the whole thing, with no network."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import xml.etree.ElementTree as ET

import pytest


def test_demo_publishes_a_whole_site(office):
    done = office.run("demo", "--publish", "site")

    site = office.folder / "site"
    assert "1 source failed" in done.stdout  # one site is down for good
    assert len(list(ET.parse(site / "feeds/all.rss").iter("item"))) > 30
    assert len(list(ET.parse(site / "feeds/all.atom").iter("{http://www.w3.org/2005/Atom}entry"))) > 30
    assert len(json.loads((site / "feeds/all.json").read_text())["items"]) > 30
    assert ET.parse(site / "opml.xml").getroot().tag == "opml"
    for page in ("index.html", "feeds/index.html", "universities/hit/index.html", "404.html"):
        assert (site / page).read_text().startswith("<!doctype html>"), page
    links = re.findall(r'href="(/articles/[^"#?]+)"', (site / "index.html").read_text())
    assert links
    assert all((site / link.strip("/") / "index.html").is_file() for link in links)


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def test_demo_serves_where_it_is_told_to_and_ends_when_it_is_told_to(office, free_port):
    daemon = office.starting(command=("demo", "--port", str(free_port))).answering()

    assert daemon.url == f"http://127.0.0.1:{free_port}"
    assert "miniature campus" in daemon.log
    daemon.eventually(lambda: len(daemon.feed()) > 30, "the news of the campus are served")
    assert daemon.get("/universities/hit.rss")[0] == 200
    assert f"{daemon.url}/feeds/all.rss".encode() in daemon.get("/feeds/all.rss")[1]
    daemon.signal(signal.SIGINT)
    assert daemon.process.wait(20) == 0


def test_demo_on_a_port_that_is_taken_says_so(office):
    with socket.create_server(("127.0.0.1", 0)) as door:
        done = office.run("demo", "--port", str(door.getsockname()[1]), status=1)

    assert "cannot listen on" in done.stderr


def test_the_output_may_go_where_nobody_reads(office):
    done = subprocess.run(
        f"{' '.join(office.program)} --help | head -1", shell=True, cwd=office.folder, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.startswith("Usage")
    assert done.stderr == ""
