"""The power fails: what was not on the disk yet is gone. SQLite's own files lose their end, and everything is found again.

In WAL mode with ``synchronous=NORMAL`` a transaction is on the disk when the next checkpoint is; until then the end of the WAL may be missing, torn, or
zeros. Validators, body hashes and articles share a transaction, so what was lost is asked for again.
"""

from __future__ import annotations

import os
import random

import pytest

CUTS = int(os.environ.get("AGGREGATOR_TEST_CUTS", "4"))
"""How often the power fails; the long run takes 200."""
FRAME = 4096 + 24
"""Bytes of one page in the WAL, with its header."""


def cut(wal, chance):
    """The file as the disk may hold it: its end missing from any byte on."""
    wal.truncate(chance.randrange(wal.seek(0, 2)))


def tear(wal, chance):
    """Some sectors of the last frames were never written."""
    end = wal.seek(0, 2)
    for _ in range(3):
        wal.seek(max(0, end - chance.randrange(1, 12 * FRAME)) // 512 * 512)
        wal.write(bytes(512))


def scramble(wal, chance):
    """The length was written, the content was not."""
    end = wal.seek(0, 2)
    start = chance.randrange(end)
    wal.seek(start)
    wal.write(chance.randbytes(end - start) if chance.random() < 0.5 else bytes(end - start))


def lose(wal, chance):
    """Not even its beginning was written."""
    wal.truncate(0)


FATES = (cut, scramble, lose, tear)


@pytest.mark.usefixtures("alone")
def test_what_a_power_cut_takes_is_fetched_again_and_is_what_it_was(office, web):
    sites = {f"north-{number}": web.site() for number in range(4)}
    for name, site in sites.items():
        office.university(name, site.feed("/feed.xml", range(1, 6), name))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    wal = office.database.with_name("aggregator.db-wal")
    chance = random.Random(1850)
    seen: dict[str, tuple[str, str | None]] = {}
    daemon, last, lost = office.daemon(), 5, 0

    for number in range(CUTS):
        last += 1
        for name, site in sites.items():
            site.feed("/feed.xml", range(1, last + 1), name)
        daemon.eventually(lambda: len(daemon.feed("everything")) == 4 * last, "everything is served")  # noqa: B023
        seen |= {item.title: (item.guid, item.date) for item in daemon.feed("everything")}
        daemon.kill()
        with wal.open("r+b") as file:
            FATES[number % len(FATES)](file, chance)
        office.database.with_name("aggregator.db-shm").unlink(missing_ok=True)  # it is of this start of the machine
        created = office.ask("select name from sqlite_master where name = 'articles'")  # an early cut takes the tables as well
        lost += 4 * last - (len(office.ask("select id from articles")) if created else 0)

        daemon = office.daemon()

        daemon.eventually(lambda: len(daemon.feed("everything")) == 4 * last, "everything is served again")  # noqa: B023
        assert {item.title: (item.guid, item.date) for item in daemon.feed("everything")} == seen
        assert office.ask("pragma integrity_check") == [("ok",)]
        assert office.ask("select count(*), count(distinct id) from articles") == [(4 * last, 4 * last)]
        assert office.ask("select count(*) from search where search match 'story'") == [(4 * last,)]
    assert lost > 0  # the cuts did take something
    assert daemon.stop() == 0
