"""Killed at any moment, the next start has lost nothing and doubled nothing."""

from __future__ import annotations

import random
import threading
import time

import pytest

KILLS = 20
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


def test_the_processes_that_read_for_it_do_not_outlive_it(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "something was read")

    daemon.die()

    daemon.eventually(lambda: not daemon.left_behind, "all its processes are gone")
