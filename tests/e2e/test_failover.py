"""What a database server may do: die and be followed by its standby, run out of room, be cut off without a word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import postgres_server
import pytest

from aggregator.errors import StoreError
from aggregator.model import Changes, Known
from aggregator.store import Store

pytest.importorskip("procrastinate", reason="the extra `postgres` is not installed")

NETWORK = "10.213.77"
NOTICED = 30
"""Seconds; without being told to, TCP takes a quarter of an hour, and a server two hours."""

as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root, to mount and to make networks")


@pytest.fixture
def growing(site, new_rss):
    """A feed that has one item more at each visit."""
    seen = []

    def answer(visit):
        seen.append(1)
        visit.reply(new_rss(site.url, "north", range(1, len(seen) + 1)), "application/rss+xml")

    return site.does("/feed.xml", answer)


def opened(office, growing, address):
    office.university("north", growing)
    office.settings(database=address, poll={"every": "1s", "at_least": "1s"})
    daemon = office.starting(command=("run", "--no-poll")).answering()
    worker = office.starting(command=("worker", "--port", "0"))
    worker.eventually(lambda: "/healthz" in worker.log, "it says where it answers")
    worker.url = re.search(r"Health: +(http://\S+)/healthz", worker.log)[1]
    return daemon, worker


def works_on(daemon):
    """Another article comes."""
    before = len(daemon.titles())
    daemon.eventually(lambda: len(daemon.titles()) > before, "another article is published", seconds=90)


def ended_well(daemon, worker):
    titles = daemon.titles()
    assert len(titles) == len(set(titles)) == len({item.guid for item in daemon.feed()})
    assert [daemon.stop(), worker.stop()] == [0, 0]
    assert "Traceback" not in daemon.log + worker.log


def test_a_standby_that_takes_over_is_followed(office, growing):
    with postgres_server.server() as first, postgres_server.unmade() as standby:
        address = postgres_server.fresh_database(first.address)
        daemon, worker = opened(office, growing, address)
        works_on(daemon)
        standby.follow(first)
        standby.start()
        works_on(daemon)
        published = daemon.titles()

        first.stop("fast")  # what was stored has reached the standby
        assert set(published) <= set(daemon.titles())
        standby.stop("fast")
        standby.start(socket=first.folder)
        time.sleep(3)  # it takes no writes yet
        assert set(published) <= set(daemon.titles())
        standby.promote()

        works_on(daemon)
        assert set(published) <= set(daemon.titles())
        ended_well(daemon, worker)


@pytest.fixture
def small_disk():
    """Forty megabytes, for everybody."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=777", "none", place], check=True)
        yield Path(place)
        subprocess.run(["umount", place], check=True)


def fill(file):
    """To the last byte of its disk."""
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while opened.write(b"0" * 4096):
            pass


@as_root
def test_a_server_without_room_is_waited_for_and_feeds_go_on(office, growing, small_disk):
    import psycopg

    with postgres_server.server() as server:
        data = small_disk / "data"
        data.mkdir()
        shutil.chown(data, "postgres")
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{data}'")
            connection.execute("CREATE DATABASE small TABLESPACE small")
        daemon, worker = opened(office, growing, server.address.replace("/postgres?", "/small?"))
        works_on(daemon)
        published = daemon.titles()

        ballast = small_disk / "ballast"
        fill(ballast)
        daemon.eventually(lambda: "no room left" in daemon.log + worker.log, "it is told", seconds=90)
        assert set(published) <= set(daemon.titles())
        ballast.unlink()

        works_on(daemon)
        ended_well(daemon, worker)


class Cable:
    """Between this machine and another one, played by a network namespace."""

    def __init__(self, name):
        self._name = name
        self.where = ["ip", "netns", "exec", name]

    def _tell(self, command):
        subprocess.run(["ip", *command.split()], check=True, capture_output=True)

    def plug(self):
        self._tell(f"netns add {self._name}")
        self._tell(f"link add {self._name} type veth peer name far netns {self._name}")
        self._tell(f"addr add {NETWORK}.1/30 dev {self._name}")
        self._tell(f"link set {self._name} up")
        for command in (f"addr add {NETWORK}.2/30 dev far", "link set far up", "link set lo up"):
            self._tell(f"-n {self._name} {command}")

    def cut(self):
        """Nothing comes back, and nobody is told."""
        self._tell(f"-n {self._name} route add blackhole {NETWORK}.1/32")

    def mend(self):
        self._tell(f"-n {self._name} route del blackhole {NETWORK}.1/32")

    def unplug(self):
        self._tell(f"netns del {self._name}")


@contextmanager
def a_cable():
    if os.getuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and the program ip, to make a network")
    cable = Cable(f"wire{os.getpid() % 100_000}")
    try:
        cable.plug()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network can be made here: {error.stderr.decode()}")
    try:
        yield cable
    finally:
        cable.unplug()


@pytest.fixture
def far(tmp_path_factory):
    """A server on another machine, and the cable to it."""
    with a_cable() as cable, postgres_server.unmade(cable.where) as server:
        server.make(let_in=f"{NETWORK}.0/30")
        server.start(listen=f"{NETWORK}.2")
        yield server, cable


def over(cable_address):
    """The same database, over the network."""
    return cable_address.partition("?")[0].replace("@/", f"@{NETWORK}.2/")


@pytest.mark.usefixtures("alone")
def test_a_server_that_is_gone_without_a_word_is_noticed_and_waited_for(office, growing, far):
    server, cable = far
    daemon, worker = opened(office, growing, over(postgres_server.fresh_database(server.address)))
    works_on(daemon)
    published = daemon.titles()

    cable.cut()
    daemon.eventually(lambda: "does not answer" in daemon.log, "the daemon notices", seconds=NOTICED)
    worker.eventually(lambda: "does not answer" in worker.log, "the worker notices", seconds=NOTICED)
    assert set(published) <= set(daemon.titles())
    assert [daemon.get("/healthz")[0], worker.get("/healthz")[0], worker.get("/livez")[0]] == [503, 503, 200]
    cable.mend()

    works_on(daemon)
    worker.eventually(lambda: worker.get("/healthz")[0] == 200, "it is well again")
    ended_well(daemon, worker)


@pytest.mark.usefixtures("alone")
def test_a_machine_that_vanishes_in_the_middle_of_a_transaction_keeps_nobody_waiting_for_long(far, a_source, an_article, a_state, now):
    server, cable = far
    near = postgres_server.fresh_database(server.address)
    with Store.open(near) as here, closing(Store.open(over(near))) as there:
        here.sync([a_source()], now=now)
        with suppress(StoreError), there._writing("articles"):  # at its end it learns that it has lost its turn
            cable.cut()
            begun = time.monotonic()
            stored = here.apply(Changes(a_state(), (an_article(),), (), {b"k" * 16: Known(an_article().id, b"f" * 16)}))
            waited = time.monotonic() - begun
        cable.mend()

    assert stored == (1,)
    assert waited < NOTICED
