"""Every call by which something is written fails once: the disk is full, or broken. The next run repairs what there is to repair."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess

import pytest

COUNT = int(os.environ.get("AGGREGATOR_TEST_FAULTS", "1"))
"""How many moments are tried for each kind of fault; with more than one, more kinds of faults."""

pytestmark = [
    pytest.mark.external,
    pytest.mark.usefixtures("alone"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (apt install strace)"),
]


@pytest.fixture(scope="module", autouse=True)
def _allowed():
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")


def faulty(office, calls, error, moment, *command):
    """One command, in each of whose threads the ``moment``-th of ``calls`` fails. Its status and what it said."""
    inject = ("-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when={moment}")
    done = subprocess.run(
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", *inject, *office.program, *command],
        cwd=office.folder,
        capture_output=True,
        text=True,
        timeout=90,
    )
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    assert "Traceback" not in said, said
    return done.returncode, said


def moments(most):
    """A few of the first, where transactions begin and end, and some of all."""
    chance = random.Random(1850)
    return [*range(1, COUNT // 2 + 1), *(chance.randint(1, most) for _ in range(COUNT - COUNT // 2))]


POLLING = [("pwrite64", "ENOSPC", 30), ("fdatasync,fsync", "EIO", 4), ("ftruncate,unlink", "EIO", 3), ("pwrite64", "EIO", 30)]


@pytest.mark.parametrize(("calls", "error", "most"), POLLING[: 2 if COUNT == 1 else None], ids=str)
def test_a_poll_that_cannot_write_leaves_each_source_old_or_new(office, web, calls, error, most):
    sites = {f"north-{number}": web.site() for number in range(4)}
    for name, site in sites.items():
        office.university(name, site.feed("/feed.xml", range(1, 4), name))
    office.settings(feeds=[{"name": "everything", "where": "", "limit": 1000}])
    office.run("poll", "--all")
    old = 3

    for moment in moments(most):
        new = old + 5
        for name, site in sites.items():
            site.feed("/feed.xml", range(1, new + 1), name)

        status, said = faulty(office, calls, error, moment, "poll", "--all")

        assert status == 0 or "try: " in said, said
        held = dict(office.ask("select source, count(*) from articles group by source"))
        assert set(held.values()) <= {old, new}, (moment, held)
        assert office.ask("pragma integrity_check") == [("ok",)]
        office.run("poll", "--all")
        assert set(dict(office.ask("select source, count(*) from articles group by source")).values()) == {new}
        assert office.ask("select count(*), count(distinct id) from articles") == [(4 * new, 4 * new)]
        assert office.ask("select count(*) from search where search match 'story'") == [(4 * new,)]
        old = new


PUBLISHING = [("fsync", "EIO", 60), ("rename", "ENOSPC", 25), ("write", "ENOSPC", 30), ("fsync", "ENOSPC", 60), ("fchmod", "EPERM", 20)]


@pytest.mark.parametrize(("calls", "error", "most"), PUBLISHING[: 2 if COUNT == 1 else None], ids=str)
def test_a_site_that_cannot_be_written_keeps_every_file_whole(office, site, calls, error, most):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.run("poll", "--all")
    office.run("publish", "site")
    folder = office.folder / "site"
    last = 3

    for moment in moments(most):
        old = published(folder)
        site.feed("/feed.xml", range(1, last := last + 2))
        office.run("poll", "--all")
        office.run("publish", "elsewhere")
        new = published(office.folder / "elsewhere")

        status, said = faulty(office, calls, error, moment, "publish", "site")

        for path, content in published(folder).items():
            assert content in (old.get(path), new.get(path)), path
        assert status == 0 or re.search(r"error: cannot write \S+: ", said), said
        office.run("publish", "site")
        assert published(folder) == new
        assert [path for path in folder.rglob(".*") if path.name != ".aggregator-manifest.json"] == []


def published(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}
