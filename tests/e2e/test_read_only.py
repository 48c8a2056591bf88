"""As in a container with a read-only root: nothing is written but the folder of the data."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare (apt install util-linux)"),
]

READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind / && { mount -o remount,ro,bind /tmp 2>/dev/null; cd "$0"; exec "$@"; }'
"""A mount namespace in which only the folder ``$0`` can be written, and a command in it."""


def within(folder, *command):
    return subprocess.run(["unshare", "-m", "sh", "-c", READ_ONLY, folder, *command], capture_output=True, text=True, timeout=90)


def test_everything_works_on_a_read_only_root(office, site, tmp_path_factory):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    tried = within(office.folder, "true")
    if tried.returncode:
        pytest.skip(f"needs the right to mount: {tried.stderr.strip()}")
    assert within(office.folder, "touch", elsewhere / "file").returncode != 0  # it is read-only indeed

    for command in (("poll", "--all"), ("publish", "site")):
        done = within(office.folder, *office.program, *command)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr

    assert len(office.published()) == 3
