"""Without a network: nothing is published that is not news, the operator is told, and all comes back by itself."""

from __future__ import annotations

from html import unescape


def test_where_nothing_can_be_reached_the_feed_is_empty_and_valid_and_the_status_names_each_problem(office, web):
    office.university("refused", web.site(closed=True).url + "/news")
    office.university("nameless", "http://news.nowhere.invalid/feed.xml")
    daemon = office.daemon()

    daemon.eventually(lambda: daemon.get("/status")[1].count(b"failing") >= 2, "both have failed")

    assert daemon.feed() == []
    status = unescape(daemon.get("/status")[1].decode())
    assert "refused the connection" in status
    assert "news.nowhere.invalid" in status
    assert daemon.get("/healthz")[0] == 200
    problems = {source["id"]: source["problem"] for source in office.status()["sources"]}
    assert len(problems) == 2
    assert all(problems.values())


def test_when_the_network_comes_back_the_daemon_goes_on_by_itself(office, web):
    site = web.site(closed=True)
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: b"refused the connection" in daemon.get("/status")[1], "it has failed")

    site.open()

    daemon.eventually(lambda: len(daemon.feed()) == 2, "the items are served")
    assert b"refused the connection" not in daemon.get("/status")[1]


def test_an_outage_takes_nothing_out_of_the_feed(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the items are served")
    before = daemon.get("/feeds/all.rss")[1]

    site.close()

    daemon.eventually(lambda: b"refused the connection" in daemon.get("/status")[1], "it has failed")
    assert daemon.get("/feeds/all.rss")[1] == before


def test_polling_by_hand_without_a_network_fails_and_with_it_catches_up(office, web):
    site = web.site(closed=True)
    office.university("north", site.feed("/feed.xml", range(1, 3)))

    failed = office.run("poll", "--all", status=1)
    site.open()
    caught_up = office.run("poll", "--all")

    assert "refused the connection" in failed.stdout
    assert "1 source failed" in failed.stdout
    assert "2 new articles" in caught_up.stdout
