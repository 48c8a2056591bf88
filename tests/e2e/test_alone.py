"""One daemon works on a SQLite file, and nobody puts another in its place meanwhile."""

from __future__ import annotations


def test_beside_a_daemon_no_second_one_starts_and_nothing_is_restored_or_moved(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 3, "the items are served")
    office.run("backup", "kept.sqlite")

    refused = [office.run(*command, status=1) for command in (("run",), ("restore", "kept.sqlite"), ("move", "--to", "sqlite:///other.db"))]

    for done in refused:
        assert f"aggregator.db is in use by aggregator run (process {daemon.process.pid} on " in done.stderr
        assert "let that one end" in done.stderr
    assert not (office.folder / "other.db").exists()
    assert [file.name for file in (office.folder / "data").glob("aggregator.db.2*")] == []


def test_beside_a_daemon_the_other_commands_work_as_ever(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 3, "the items are served")

    office.run("poll", "--all")
    office.run("backup", "kept.sqlite")
    office.run("status")

    assert len(office.published()) == 3


def test_after_a_daemon_that_was_killed_everything_goes_on(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.run("poll", "--all")
    office.run("backup", "kept.sqlite")
    office.daemon().kill()

    assert "restored" in office.run("restore", "kept.sqlite").stdout

    assert office.daemon().stop() == 0
