"""The daemon as its operator meets it: started, asked, told to read its configuration again, and ended."""

from __future__ import annotations

import signal
import socket
import sqlite3
import time

import pytest


def test_it_says_where_the_feed_is_and_serves_what_the_sources_publish(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))

    daemon = office.daemon()

    assert f"Feed:   {daemon.url}/feeds/all.rss" in daemon.log
    daemon.eventually(lambda: daemon.titles() == ["north story 3", "north story 2", "north story 1"], "the three items are served")
    assert daemon.get("/healthz")[0] == 200
    assert b"north/" in daemon.get("/status")[1]
    assert daemon.get("/")[0] == 200
    assert daemon.get("/no-such-page")[0] == 404


def test_what_appears_at_a_source_appears_in_the_feed_and_stays_when_it_leaves_the_source(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the first items are served")
    before = {item.title: (item.guid, item.date) for item in daemon.feed()}

    site.feed("/feed.xml", range(2, 5))

    daemon.eventually(lambda: "north story 4" in daemon.titles(), "the new items are served")
    assert daemon.titles() == ["north story 4", "north story 3", "north story 2", "north story 1"]
    assert before.items() <= {item.title: (item.guid, item.date) for item in daemon.feed()}.items()


def test_a_source_that_has_not_changed_is_asked_with_a_condition_and_changes_nothing(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the items are served")
    revision = daemon.get("/healthz")[1].partition(b'"revision"')[2]

    visits = site.visits("/feed.xml")
    daemon.eventually(lambda: site.visits("/feed.xml") >= visits + 2, "it was polled twice again")

    assert daemon.get("/healthz")[1].partition(b'"revision"')[2].partition(b",")[0] == revision.partition(b",")[0]


def test_sigterm_ends_it_soon_and_well_while_a_poll_hangs(office, web):
    slow, quick = web.site(), web.site()
    office.settings(fetch={"timeout": "60s"})
    office.university("slow", slow.hangs("/feed.xml"))
    office.university("quick", quick.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: slow.asked, "the slow source was asked")
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the quick source is served")

    status = daemon.stop()

    assert status == 0
    assert "ended" in daemon.log
    assert office.ask("select last_poll from sources where id like 'slow/%'") == [(None,)]  # it was given up, not waited for
    assert office.ask("select count(*) from sources where lease_owner is not null") == [(0,)]


def test_it_does_not_wait_for_a_subscriber_that_reads_slowly(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    host, port = daemon.url.removeprefix("http://").split(":")

    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n")

        assert daemon.stop() == 0


def test_sighup_takes_over_a_new_source_and_a_new_feed(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the first source is served")
    office.university("south", site.feed("/south.xml", range(1, 4), "south"))
    office.settings(feeds=[{"name": "southern", "where": "university:south"}])

    daemon.signal(signal.SIGHUP)

    daemon.eventually(lambda: daemon.get("/feeds/southern.rss")[0] == 200 and len(daemon.feed("southern")) == 3, "the new feed is served")
    assert len(daemon.feed()) == 5
    assert daemon.get("/universities/south.rss")[0] == 200


def test_sighup_lets_a_source_go_but_keeps_what_it_brought(office, web):
    stays, goes = web.site(), web.site()
    office.university("stays", stays.feed("/feed.xml", range(1, 3), "stays"))
    office.university("goes", goes.feed("/feed.xml", range(1, 3), "goes"))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 4, "both are served")

    (office.config / "universities/goes.yaml").unlink()
    daemon.signal(signal.SIGHUP)
    daemon.eventually(lambda: "configuration read again" in daemon.log, "the configuration is read again")
    time.sleep(1)  # a poll that was under way may end
    visits = goes.visits("/feed.xml"), stays.visits("/feed.xml")
    daemon.eventually(lambda: stays.visits("/feed.xml") >= visits[1] + 2, "the other goes on")

    assert goes.visits("/feed.xml") == visits[0]
    assert len(daemon.feed()) == 4


def test_sighup_with_a_wrong_configuration_keeps_the_last_good_one_and_says_where_it_is_wrong(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the source is served")
    office.write("universities/south.yaml", "name: South University\nsorces:\n  - url: http://south.example.edu/\n")

    daemon.signal(signal.SIGHUP)

    daemon.eventually(lambda: "south.yaml:2" in daemon.log, "the log names file and line")
    assert 'did you mean \\"sources\\"' in daemon.log or 'did you mean "sources"' in daemon.log
    site.feed("/feed.xml", range(1, 4))
    daemon.eventually(lambda: len(daemon.feed()) == 3, "polling goes on")
    assert daemon.get("/universities/south.rss")[0] == 404


def test_a_change_that_needs_a_restart_is_said(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    office.settings(port=1)

    daemon.signal(signal.SIGHUP)

    daemon.eventually(lambda: "takes effect after a restart" in daemon.log and "setting=port" in daemon.log, "the log names the setting")


def test_the_environment_overrides_the_configuration(office, site):
    office.settings(port=1)  # nobody may listen there
    office.university("north", site.feed("/feed.xml", range(1, 3)))

    daemon = office.daemon(
        AGGREGATOR_PORT="0",
        AGGREGATOR_DATABASE="sqlite:///elsewhere.db",
        AGGREGATOR_SITE_TITLE="Our wire",
        AGGREGATOR_SITE_URL="https://wire.example.edu",
    )

    daemon.eventually(lambda: len(daemon.feed()) == 2, "the source is served")
    assert (office.folder / "elsewhere.db").exists()
    assert not office.database.exists()
    feed = daemon.get("/feeds/all.rss")[1]
    assert b"<title>Our wire</title>" in feed
    assert b"https://wire.example.edu/feeds/all.rss" in feed


# --- what keeps it from starting: one clear message, the right exit status -----------------------------------------------------------


def test_a_port_that_is_taken_is_named(office):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = office.run("run", status=1, AGGREGATOR_PORT=str(port))

    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "AGGREGATOR_PORT" in done.stderr


def test_an_address_that_this_machine_does_not_have_is_named(office):
    done = office.run("run", status=1, AGGREGATOR_HOST="192.0.2.1")

    assert "192.0.2.1" in done.stderr
    assert "host" in done.stderr


def test_a_database_of_another_program_is_left_alone(office):
    office.database.parent.mkdir()
    with sqlite3.connect(office.database) as database:
        database.execute("create table bookmarks (url text)")
    database.close()
    before = office.database.read_bytes()

    done = office.run("run", status=1)

    assert "not one of ours" in done.stderr
    assert office.database.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(office):
    office.database.parent.mkdir()
    office.database.write_text("Dear diary, " * 500)

    done = office.run("run", status=1)

    assert "no SQLite database" in done.stderr
    assert office.database.read_text() == "Dear diary, " * 500


def test_a_database_of_a_newer_version_is_left_alone(office):
    office.run("status")
    with sqlite3.connect(office.database) as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()

    done = office.run("run", status=1)

    assert "newer" in done.stderr
    assert office.ask("select version_num from alembic_version") == [("9999",)]


def test_a_folder_that_cannot_be_made_is_named(office):
    (office.folder / "data").write_text("a file stands where the folder should be")

    done = office.run("run", status=1)

    assert "data" in done.stderr
    assert "database" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("aggregator.yaml", "site:\n  title: 'never closed\n", "not valid YAML"),
        ("aggregator.yaml", "port: 8000\nfetsh: {}\n", 'aggregator.yaml:2: fetsh: no such key; did you mean "fetch"?'),
        ("aggregator.yaml", "port: eight\n", "aggregator.yaml:1: port"),
        ("aggregator.yaml", "poll: {every: soon}\n", "30s, 5m, 2h"),
        ("aggregator.yaml", "feeds: [{name: x, where: 'country:CN OR'}]\n", "feeds[0].where"),
        ("aggregator.yaml", "database: mysql://x/y\n", "sqlite:///"),
        ("aggregator.yaml", "- just\n- a list\n", "expected keys and values"),
        ("universities/x.yaml", "name: X\nsources: [{url: ftp://x.example/}]\n", "x.yaml:2"),
        ("universities/x.yaml", "sources: []\n", "x.yaml:1: name: is missing"),
        ("universities/x.yaml", "name: \x00\n", "not valid YAML"),
    ],
)
def test_a_wrong_configuration_is_explained(office, name, text, told):
    office.write(name, text)

    done = office.run("run", status=2)

    assert told in done.stderr
    assert done.stdout == ""
    assert not office.database.exists()


def test_a_configuration_that_is_not_there_is_named(office):
    done = office.run("--config", "nowhere", "run", status=2)

    assert "nowhere: there is no such directory" in done.stderr
    assert "aggregator init nowhere" in done.stderr


def test_a_variable_that_means_nothing_is_named(office):
    done = office.run("run", status=2, AGGREGATOR_FETCH_HOSTGAP="1s")

    assert "AGGREGATOR_FETCH_HOST_GAP" in done.stderr


def test_an_unknown_option_is_wrong_usage(office):
    office.run("run", "--fast", status=2)
