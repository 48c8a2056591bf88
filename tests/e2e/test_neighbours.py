"""One source can hurt only itself."""

from __future__ import annotations

import pytest

SLOW_TO_READ = (
    "<html><body><div " + " ".join(f"a{number}=x" for number in range(150_000)) + "><a href='/news/1'>A long title of some news</a></div>"
)
"""HTML parsers compare each attribute with all before it."""


@pytest.fixture
def neighbours(office, web):
    """Eight good sources, each on a host of its own, whose first items are stored already."""
    sites = {f"good-{number}": web.site() for number in range(8)}
    for name, site in sites.items():
        office.university(name, site.feed("/feed.xml", range(1, 3), name))
    return sites


@pytest.mark.usefixtures("alone")
def test_the_others_are_polled_while_one_hangs_and_one_never_ends_and_one_is_made_to_be_slow_to_read(office, web, neighbours):
    hanging, endless, slow, broken, garbage = (web.site() for _ in range(5))
    office.settings(fetch={"timeout": "8s", "max_body": "3MB"})
    office.university("hanging", hanging.hangs("/news"))
    office.university("endless", endless.never_ends("/news"))
    office.university("slow", slow.says("/news", SLOW_TO_READ))
    office.university("broken", broken.fails("/news", 503))
    office.university("garbage", garbage.says("/news", bytes(range(256)) * 100, "application/rss+xml"))
    daemon = office.daemon()
    daemon.eventually(lambda: hanging.asked and endless.asked and slow.asked, "the bad ones were asked")

    for number in range(3, 6):
        for name, site in neighbours.items():
            site.feed("/feed.xml", range(1, number), name)
        wanted = {f"{name} story {number - 1}" for name in neighbours}
        daemon.eventually(lambda wanted=wanted: wanted <= set(daemon.titles()), "what is new at the good ones is served")
    bad = {"hanging", "endless", "slow", "broken", "garbage"}
    daemon.eventually(lambda: all(f"source={name}/" in daemon.log for name in bad), "each of the bad ones has ended", seconds=60)

    told = {source["id"].partition("/")[0]: source["problem"] for source in office.status()["sources"] if source["problem"]}
    assert set(told) == bad
    assert "longer than" in told["endless"]
    assert "503" in told["broken"]
    assert "within 8 s" in told["hanging"]
    assert "no list of news" in told["slow"]
    assert set(daemon.titles()) == {f"{name} story {number}" for name in neighbours for number in range(1, 5)}
    assert daemon.stop() == 0


@pytest.mark.parametrize("fate", ["fails", "hangs", "never_ends", "empties", "says it is sorry"])
def test_what_a_source_once_said_stays_when_it_goes_bad(office, site, fate):
    office.settings(fetch={"timeout": "1s", "max_body": "1MB"})
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 3, "the items are served")
    before = daemon.get("/feeds/all.rss")[1]

    if fate == "empties":
        site.says("/feed.xml", "", "application/rss+xml")
    elif fate == "says it is sorry":
        site.says("/feed.xml", "<html><body><h1>We are working on it</h1><p>Please come back later.</p></body></html>")
    else:
        getattr(site, fate)("/feed.xml")

    daemon.eventually(lambda: b"failing" in daemon.get("/status")[1], "the problem is told")
    assert daemon.get("/feeds/all.rss")[1] == before
