"""The disk is full or may not be written, the database is held or broken, files run out: what was published stays, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time

import pytest


class Disk:
    """A small file system of its own."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        folder.mkdir(parents=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"needs the right to mount a file system: {done.stderr.strip()}")

    def fill(self):
        with contextlib.suppress(OSError), (self.folder / "filling").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self):
        (self.folder / "filling").unlink()

    def remount(self, mode):
        """``ro`` or ``rw``. Files that are open for writing keep a file system from becoming ``ro``; a bind mount over it is not kept."""
        return subprocess.run(["mount", "-o", f"remount,{mode}", self.folder], capture_output=True).returncode == 0

    def end(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


@pytest.fixture
def disk(office):
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs the right to mount a file system")
    disk = Disk(office.database.parent, 8)
    try:
        yield disk
    finally:
        office.end()
        disk.end()


@pytest.mark.usefixtures("alone")
def test_a_full_disk_costs_no_item_and_no_subscriber_and_polling_goes_on_by_itself(office, web, disk):
    sites = {f"north-{number}": web.site() for number in range(6)}
    for name, site in sites.items():
        office.university(name, site.feed("/feed.xml", range(1, 20), name))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed("everything")) == 6 * 19, "everything is served")
    before = daemon.get("/feeds/everything.rss")[1]

    disk.fill()
    for name, site in sites.items():
        site.feed("/feed.xml", range(1, 90), name)
    daemon.eventually(lambda: daemon.get("/healthz")[0] == 503, "it says that it is not well")
    said, asked = daemon.log, sum(len(site.asked) for site in sites.values())
    time.sleep(6)

    assert daemon.get("/feeds/everything.rss") == (200, before)
    assert "free some" in said
    assert daemon.log[len(said) :].count("\n") <= 1
    assert sum(len(site.asked) for site in sites.values()) - asked <= len(sites)
    disk.free()
    daemon.eventually(lambda: len(daemon.feed("everything")) == 6 * 89, "what is new is served")
    daemon.eventually(lambda: daemon.get("/healthz")[0] == 200, "it is well again")
    assert len({item.guid for item in daemon.feed("everything")}) == 6 * 89
    assert {item.guid for item in daemon.feed("everything")} >= {guid for guid in before.decode().split("<guid") if guid.startswith("urn")}
    assert daemon.stop() == 0
    assert office.ask("pragma integrity_check") == [("ok",)]
