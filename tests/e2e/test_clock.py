"""A clock that is set while the daemon runs: by hand, by NTP after a start without one, by an hour twice a year.

Only the time of day leaps (``clock.c``); what measures how long something takes goes on as ever, as it does on a real machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.external,
    pytest.mark.usefixtures("alone"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler, for a clock that can be set (apt install gcc libc6-dev)"),
]

SOURCES = 4
WATCHED = 2.5
"""Seconds for which visits are counted after each leap; each source is polled every second."""


class Clock:
    """The time of day as the processes see it that are started in ``environment``; ``set`` makes it leap."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._file = folder / "ahead"
        self.set(timedelta())
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_AHEAD": str(self._file)}

    def set(self, to: timedelta | datetime) -> None:
        """So far ahead of the real time, or to that moment."""
        ahead = to if isinstance(to, timedelta) else to - datetime.now(UTC)
        with self._file.open("r+b" if self._file.exists() else "wb") as file:  # in place: it is mapped into memory
            file.write(round(ahead.total_seconds()).to_bytes(8, sys.byteorder, signed=True))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    built = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", built, source, "-ldl"], check=True, timeout=60)
    return built


@pytest.fixture
def clock(library, tmp_path):
    return Clock(library, tmp_path)


@pytest.fixture
def sites(office, web):
    made = {f"north-{number}": web.site() for number in range(SOURCES)}
    office.settings(poll={"every": "1s", "at_least": "1s", "at_most": "24h"})
    for name, site in made.items():
        office.university(name, {"url": site.feed("/feed.xml", range(1, 4), name), "every": "1s"}, timezone="Europe/Berlin")
    return made


def look(daemon):
    return [(item.title, item.guid, item.date) for item in daemon.feed()]


def check_steady(sites):
    """Neither a storm nor a stall: each is asked, and none more often than it should be."""
    before = {name: site.visits("/feed.xml") for name, site in sites.items()}
    time.sleep(WATCHED)
    visits = [site.visits("/feed.xml") - before[name] for name, site in sites.items()]
    assert min(visits) >= 1, visits
    assert max(visits) <= WATCHED + 2, visits


LEAPS = {
    "forty days ahead": timedelta(days=40),
    "back": timedelta(),
    "a day behind": timedelta(days=-1),
    "and forth": timedelta(),
    "an hour behind": timedelta(hours=-1),
    "summer time begins": datetime(2026, 3, 29, 0, 59, 58, tzinfo=UTC),
    "summer time ends": datetime(2026, 10, 25, 0, 59, 58, tzinfo=UTC),
    "the present": timedelta(),
}


def test_leaps_of_the_clock_neither_stall_nor_hurry_the_polls_and_change_nothing(office, sites, clock):
    daemon = office.daemon(TZ="Europe/Berlin", **clock.environment)
    daemon.eventually(lambda: len(daemon.feed()) == 3 * SOURCES, "everything is served")
    before = look(daemon)

    for leap in LEAPS.values():
        clock.set(leap)
        check_steady(sites)
        assert look(daemon) == before
        assert daemon.get("/healthz")[0] == 200

    for name, site in sites.items():
        site.feed("/feed.xml", range(1, 5), name)
    daemon.eventually(lambda: len(daemon.feed()) == 4 * SOURCES, "what is new is served")
    assert set(before) <= set(look(daemon))
    assert all(parsedate_to_datetime(date) < datetime.now(UTC) + timedelta(days=1) for _, _, date in look(daemon))
    assert daemon.stop() == 0


def test_a_machine_that_starts_without_the_time_waits_for_it(office, sites, clock):
    clock.set(datetime(1970, 1, 1, 0, 0, 30, tzinfo=UTC))
    done = office.run("poll", "--all", status=1, **clock.environment)
    assert "1970" in done.stderr
    daemon = office.starting(**clock.environment)
    daemon.eventually(lambda: "Feed:" in daemon.log, "it serves")
    daemon.eventually(lambda: "1970" in daemon.log, "it says what it waits for")
    time.sleep(2)
    assert sum(len(site.asked) for site in sites.values()) == 0

    clock.set(timedelta())

    daemon.answering()
    daemon.eventually(lambda: len(daemon.feed()) == 3 * SOURCES, "everything is served")
    check_steady(sites)
    assert all(date and parsedate_to_datetime(date).year == 2026 for _, _, date in look(daemon))
    assert office.ask("select count(*) from articles where first_seen < 1700000000000000") == [(0,)]
    assert daemon.stop() == 0
