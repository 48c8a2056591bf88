"""Whoever edits the configuration of a running daemon need not tell it."""

from __future__ import annotations

import json
import os


def configuration(daemon) -> str:
    return json.loads(daemon.get("/healthz")[1])["configuration"]


def test_a_new_university_is_polled_within_seconds_and_one_that_is_taken_away_rests(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the first is served")

    office.university("south", site.feed("/south.xml", range(1, 4), "south"))
    daemon.eventually(lambda: len(daemon.feed()) == 5, "the second is served", seconds=15)
    (office.config / "universities/south.yaml").unlink()
    daemon.eventually(lambda: b"south" not in daemon.get("/api/v1/universities")[1], "it is polled no more", seconds=15)
    assert daemon.get("/universities/south.rss")[0] == 200  # for those who follow it

    assert daemon.log.count("configuration read again") == 2
    assert len(daemon.feed()) == 5


def test_a_wrong_file_is_reported_the_last_good_stays_and_mending_it_is_enough(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()

    office.write("universities/south.yaml", "name: South University\nsorces: []\n")
    daemon.eventually(lambda: "south.yaml:2" in configuration(daemon), "it is reported", seconds=15)
    assert daemon.log.count("staying with the last good one") == 1
    assert daemon.get("/healthz")[0] == 200

    office.write("universities/south.yaml", "name: South University\n")
    daemon.eventually(lambda: configuration(daemon) == "in force", "it is in force", seconds=15)


def test_an_editor_at_work_causes_no_storm(office, site):
    """The steps of vim (backup, new file) and emacs (a lock that is a broken link), many times."""
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    folder = office.config / "universities"
    text = (folder / "north.yaml").read_text()

    (folder / ".#north.yaml").symlink_to("someone@a-machine.1234")
    for number in range(20):
        (folder / "4913").touch()
        (folder / "4913").unlink()
        (folder / "north.yaml").rename(folder / "north.yaml~")
        (folder / "north.yaml").write_text(text.replace("North", f"North {number}"))
        (folder / "north.yaml~").unlink()

    daemon.eventually(lambda: b"North 19" in daemon.get("/opml.xml")[1], "the last version is in force", seconds=15)
    assert daemon.log.count("configuration read again") <= 2
    assert "staying with the last good one" not in daemon.log
    assert os.path.lexists(folder / ".#north.yaml")
