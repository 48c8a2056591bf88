"""One that schedules and serves, several that poll, one PostgreSQL; workers are killed."""

from __future__ import annotations

import json
import re
import signal
import threading
import time

import postgres_server
import pytest

pytest.importorskip("procrastinate", reason="the extra `postgres` is not installed")

HOSTS = 12
MOST = 12


class Crowd:
    """How many ask one host at the same time, and how soon after each other."""

    def __init__(self):
        self._lock = threading.Lock()
        self.now = 0
        self.most = 0
        self.ended = 0.0
        self.shortest = 999.0
        self.last = 1

    def __enter__(self):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.shortest = min(self.shortest, time.monotonic() - self.ended)
            self.last = min(MOST, self.last + 1)

    def __exit__(self, *_):
        with self._lock:
            self.now -= 1
            self.ended = time.monotonic()


@pytest.fixture
def address(_postgres):
    return postgres_server.fresh_database(_postgres)


def slow(site, name, crowd, new_rss):
    """Two feeds of one host that take a while and grow at each visit."""

    def answer(visit):
        with crowd:
            time.sleep(0.05)
            visit.reply(new_rss(site.url, name, range(1, crowd.last + 1)), "application/rss+xml")

    return [site.does(f"/{number}/feed.xml", answer) for number in range(2)]


@pytest.mark.usefixtures("alone")
def test_workers_share_the_polls_politely_and_one_that_is_killed_costs_nothing(office, web, address, new_rss):
    crowds = {f"u{number}": Crowd() for number in range(HOSTS)}
    for number, (name, crowd) in enumerate(crowds.items()):
        office.university(name, *slow(web.site(host=f"127.0.2.{number + 1}"), name, crowd, new_rss))
    office.settings(database=address, fetch={"host_gap": "200ms"}, feeds=[{"name": "everything", "where": "", "limit": 1000}])
    daemon = office.starting(command=("run", "--no-poll")).answering()
    workers = [office.starting(command=("worker",)) for _ in range(3)]
    daemon.eventually(lambda: len(daemon.feed("everything")) > HOSTS, "workers poll")

    workers[0].kill()
    wanted = {f"{name} story {number}" for name in crowds for number in range(1, MOST + 1)}
    daemon.eventually(lambda: set(daemon.titles("everything")) == wanted, "everything is published", 120)

    published = daemon.feed("everything")
    assert len(published) == len({item.guid for item in published}) == len(wanted)
    assert max(crowd.most for crowd in crowds.values()) == 1
    assert min(crowd.shortest for crowd in crowds.values()) >= 0.19
    assert workers[1].stop() == 0
    workers[2].signal(signal.SIGHUP)
    workers[2].eventually(lambda: "configuration read again" in workers[2].log, "it reads the configuration again")
    assert workers[2].stop() == 0
    assert daemon.stop() == 0


def test_run_alone_polls_too(office, site, address):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)

    daemon = office.daemon()

    daemon.eventually(lambda: len(daemon.titles()) == 3, "it polls")
    assert daemon.stop() == 0


def test_of_two_that_serve_one_speaks_and_the_other_does_when_that_is_killed(office, site, address):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)
    daemons = [office.daemon() for _ in range(2)]

    def speaking():
        return [json.loads(daemon.get("/healthz")[1])["speaks"] for daemon in daemons]

    daemons[0].eventually(lambda: sorted(speaking()) == [False, True], "one of them speaks")
    daemons[0].eventually(lambda: [len(daemon.titles()) for daemon in daemons] == [3, 3], "both serve")
    daemons.pop(speaking().index(True)).die()

    daemons[0].eventually(lambda: speaking() == [True], "the other one speaks", seconds=15)
    assert daemons[0].stop() == 0


def test_one_round_and_the_other_commands_work_on_postgresql(office, site, address):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)

    office.run("poll", "--all")

    assert [item.title for item in office.published()] == ["north story 3", "north story 2", "north story 1"]
    assert office.status()["articles"] == 3


@pytest.mark.parametrize("command", [("worker",), ("run", "--no-poll")])
def test_on_sqlite_there_is_nothing_to_share(office, command):
    ended = office.run(*command, status=2)

    assert "PostgreSQL" in ended.stderr


def test_a_worker_takes_over_changes_of_the_configuration_by_itself(office, site, address):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)
    worker = office.starting(command=("worker",))
    worker.eventually(lambda: "working" in worker.log, "it works")

    office.university("south", site.feed("/south.xml", range(1, 4), "south"))

    worker.eventually(lambda: "configuration read again" in worker.log, "it has read the configuration again", seconds=15)
    assert worker.stop() == 0


def test_a_worker_says_how_it_does_where_it_is_asked(office, site, address):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)
    daemon = office.starting(command=("run", "--no-poll")).answering()
    worker = office.starting(command=("worker", "--port", "0"))
    worker.eventually(lambda: "/healthz" in worker.log, "it says where")
    worker.url = re.search(r"Health: +(http://\S+)/healthz", worker.log)[1]

    daemon.eventually(lambda: len(daemon.titles()) == 3, "it polls")
    worker.eventually(lambda: worker.get("/healthz")[0] == 200, "it has heard of the database")
    assert json.loads(worker.get("/healthz")[1]) | {"heard": ""} == {"ok": True, "problem": None, "heard": "", "configuration": "in force"}
    assert worker.get("/livez")[0] == 200
    told = worker.get("/metrics")[1].decode()
    assert 'aggregator_polls_total{outcome="ok"} 1.0' in told
    assert "aggregator_articles_new_total 3.0" in told
    assert "aggregator_healthy 1.0" in told
    assert worker.get("/")[0] == 404
    assert [worker.stop(), daemon.stop()] == [0, 0]


def test_nothing_is_moved_away_under_a_worker(office, site, address, tmp_path):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.settings(database=address)
    office.run("poll", "--all")
    worker = office.starting(command=("worker", "--port", "0"))
    worker.eventually(lambda: "/healthz" in worker.log, "it works")

    refused = office.run("move", "--to", f"sqlite:///{tmp_path}/moved.db", status=1)

    assert "end all daemons and workers first" in refused.stderr
    assert worker.stop() == 0
    assert "3 articles" in office.run("move", "--to", f"sqlite:///{tmp_path}/alone.db").stdout
