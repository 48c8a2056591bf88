"""Killed at any moment, the next start has lost nothing and doubled nothing."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import threading
import time
from xml.etree import ElementTree as ET

import psutil
import pytest

KILLS = int(os.environ.get("AGGREGATOR_TEST_KILLS", "8"))
"""Of each kind; the long run takes 200."""
MOST = 100
"""Items of one source; all its items are in its feed all the time."""


class Growing:
    """Publishes another two items at each visit."""

    def __init__(self):
        self._lock = threading.Lock()
        self.last = 1
        self.grows = True

    def numbers(self):
        with self._lock:
            self.last += 2 * (self.grows and self.last < MOST)
            return range(1, self.last + 1)


@pytest.mark.usefixtures("alone")
def test_killed_at_random_moments_it_loses_nothing_and_doubles_nothing(office, web):
    growing = {f"growing-{number}": Growing() for number in range(6)}
    for name, numbers in growing.items():
        office.university(name, web.site().feed("/feed.xml", numbers.numbers, name))
    for number in range(24):
        office.university(f"quiet-{number}", web.site().feed("/feed.xml", range(1, 4), f"quiet-{number}"))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    chance = random.Random(1850)
    ids: dict[str, set[str]] = {}
    grown = []

    for kill in range(KILLS):
        daemon = office.daemon() if kill % 4 else office.starting()
        time.sleep(chance.uniform(0, 1.2))
        daemon.die()
        for title, article in office.ask("select title, id from articles") if office.database.exists() and kill % 4 else ():
            ids.setdefault(title, set()).add(article)
        grown.append(sum(numbers.last for numbers in growing.values()))
    for numbers in growing.values():
        numbers.grows = False
    wanted = {f"{name} story {number}" for name, numbers in growing.items() for number in numbers.numbers()}
    wanted |= {f"quiet-{source} story {number}" for source in range(24) for number in range(1, 4)}
    daemon = office.daemon()
    daemon.eventually(lambda: set(daemon.titles("everything")) == wanted, "everything is published")

    published = daemon.feed("everything")
    assert len(published) == len(wanted)
    assert len({item.guid for item in published}) == len(wanted)
    for item in published:
        ids.setdefault(item.title, set()).add(item.guid.removeprefix("urn:uuid:"))
    assert all(len(known) == 1 for known in ids.values())
    assert grown[-1] > grown[0] > 0  # it was killed while things happened
    assert daemon.stop() == 0
    assert office.ask("pragma integrity_check") == [("ok",)]
    assert office.ask("select sum(articles) from sources") == [(len(wanted),)]
    assert office.ask("select count(*) from search where search match 'story'") == [(len(wanted),)]


def outlines(count):
    return "".join(f'<outline title="Site {number}" xmlUrl="https://site-{number}.edu/feed.xml"/>' for number in range(count))


@pytest.mark.usefixtures("alone")
def test_commands_that_are_killed_leave_nothing_half_done(office, web):
    chance = random.Random(1920)
    growing = {f"growing-{number}": Growing() for number in range(4)}
    for name, numbers in growing.items():
        office.university(name, web.site().feed("/feed.xml", numbers.numbers, name))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    site, others = office.folder / "site", office.folder / "others"
    office.run("init", "others")
    kept = len(list(others.rglob("*.yaml")))
    subscriptions = office.folder / "others.opml"
    subscriptions.write_text(f"<opml version='2.0'><body>{outlines(40)}</body></opml>")
    take_over = ("--config", "others", "import", "others.opml")
    commands = (("poll", "--all"), ("publish", "site"), ("backfill", "growing-0"), take_over)
    office.run("poll", "--all")
    office.run("publish", "site")

    for kill in range(KILLS * 3 // 5):
        command = office.starting(command=commands[kill % len(commands)])
        time.sleep(chance.uniform(0.3, 1.5))
        command.kill()
        for path in site.rglob("*.rss"):
            ET.fromstring(path.read_bytes())  # whole
        json.loads((site / ".aggregator-manifest.json").read_bytes())
    for numbers in growing.values():
        numbers.grows = False
    office.run(*take_over)
    office.run("poll", "--all")

    wanted = {f"{name} story {number}" for name, numbers in growing.items() for number in numbers.numbers()}
    assert sorted(item.title for item in office.published("everything")) == sorted(wanted)
    assert office.ask("select count(*), count(distinct id) from articles") == [(len(wanted), len(wanted))]
    assert office.ask("pragma integrity_check") == [("ok",)]
    assert [path.name for path in site.rglob(".*")] == [".aggregator-manifest.json"]
    assert len(list(others.rglob("*.yaml"))) == kept + 40
    office.run("--config", "others", "check")


@pytest.mark.usefixtures("alone")
def test_processes_that_are_killed_while_they_read_cost_no_item(office, web):
    """As when memory runs out: the kernel chooses one."""
    growing = {f"growing-{number}": Growing() for number in range(6)}
    for name, numbers in growing.items():
        office.university(name, web.site().feed("/feed.xml", numbers.numbers, name))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    daemon = office.daemon()
    chance = random.Random(2050)
    killed = 0

    until = time.monotonic() + 240
    while killed < KILLS and time.monotonic() < until:
        time.sleep(chance.uniform(0, 0.4))
        with contextlib.suppress(psutil.NoSuchProcess):
            helpers = [
                each for each in psutil.Process(daemon.process.pid).children(recursive=True) if "tracker" not in " ".join(each.cmdline())
            ]
            if helpers:
                chance.choice(helpers).send_signal(signal.SIGKILL)
                killed += 1
    for numbers in growing.values():
        numbers.grows = False
    wanted = {f"{name} story {number}" for name, numbers in growing.items() for number in numbers.numbers()}

    daemon.eventually(lambda: set(daemon.titles("everything")) == wanted, "everything is published", seconds=90)
    assert killed == KILLS
    assert len({item.guid for item in daemon.feed("everything")}) == len(daemon.feed("everything")) == len(wanted)
    assert daemon.get("/healthz")[0] == 200
    assert daemon.stop() == 0


def test_the_processes_that_read_for_it_do_not_outlive_it(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "something was read")

    daemon.die()

    daemon.eventually(lambda: not daemon.left_behind, "all its processes are gone")
