"""A real PostgreSQL for tests: the server that AGGREGATOR_TEST_POSTGRES names, else one started here from the programs of this machine."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql")
_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"


class Server:
    """``folder`` holds the data and the socket; nothing listens on a port unless told to. ``where`` is what its programs are run by, as ``ip netns exec …``."""

    def __init__(self, programs: Path, folder: Path, where: Sequence[str] = ()) -> None:
        self._programs = programs
        self.folder = folder
        self._where = where
        self._user = "postgres" if os.getuid() == 0 else getpass.getuser()
        self.address = f"postgresql://{self._user}@/postgres?host={quote(str(folder), safe='')}"

    def start(self, options: str = _FAST, *, socket: Path | None = None, listen: str = "") -> None:
        """``socket``: the folder of it, as of a server whose place this one takes."""
        told = f"-k {socket or self.folder} -c listen_addresses={listen} {options}"
        self._run("pg_ctl", "-D", "data", "-w", "-t", "60", "-l", "log", "-o", told, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def make(self, *, let_in: str | None = None) -> None:
        """``let_in``: a network that may connect."""
        self._own()
        self._run("initdb", "-D", "data", "-A", "trust", "-U", self._user, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        if let_in:
            with (self.folder / "data/pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {let_in} trust\n")

    def follow(self, other: Server) -> None:
        """Be a standby of ``other``, in the place of ``make``."""
        self._own()
        self._run("pg_basebackup", "-D", "data", "-R", "--checkpoint=fast", "--no-sync", "-h", str(other.folder), "-U", self._user)

    def promote(self) -> None:
        self._run("pg_ctl", "-D", "data", "-w", "promote")

    def _own(self) -> None:
        if os.getuid() == 0:
            shutil.chown(self.folder, self._user)

    def _run(self, program: str, *arguments: str) -> None:
        """The server refuses to run as root."""
        ask = [*self._where, *(["runuser", "-u", self._user, "--"] if os.getuid() == 0 else [])]
        with Path(os.devnull).open("rb") as nothing:
            ended = subprocess.run(
                [*ask, str(self._programs / program), *arguments],
                cwd=self.folder,
                stdin=nothing,
                capture_output=True,
                text=True,
                timeout=120,
            )
        assert ended.returncode == 0, f"{program}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}"


@contextmanager
def server() -> Iterator[Server]:
    """A server of its own for tests that stop it; skips by name where none can be had, but not in CI."""
    with unmade() as made:
        made.make()
        made.start()
        yield made


@contextmanager
def unmade(where: Sequence[str] = ()) -> Iterator[Server]:
    """One that is not yet; whatever runs in its place at the end is ended."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = _programs()
    if programs is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "no PostgreSQL: neither AGGREGATOR_TEST_POSTGRES nor initdb and postgres are here"
        )
    with tempfile.TemporaryDirectory(prefix="pg") as folder:  # short: the path of a socket is bounded
        made = Server(programs, Path(folder), where)
        try:
            yield made
        finally:
            if (made.folder / "data/postmaster.pid").exists():
                made.stop()


@contextmanager
def running() -> Iterator[str]:
    """The address of a database that may be filled and emptied."""
    given = os.environ.get("AGGREGATOR_TEST_POSTGRES")
    if given:
        yield given
        return
    with server() as started:
        yield started.address


def fresh_database(address: str) -> str:
    """An empty database beside the one at ``address``."""
    import psycopg

    name = f"aggregator_{uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    head, _, query = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def empty(address: str) -> None:
    """Throw away all rows, but not the tables."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        if found:
            connection.execute(f"TRUNCATE {', '.join(name for (name,) in found)} CASCADE")


def _programs() -> Path | None:
    found = shutil.which("postgres")
    if found and Path(found).resolve().with_name("initdb").exists():
        return Path(found).resolve().parent
    return next(
        (place for root in _PLACES for place in sorted(Path(root).glob("**/bin"), reverse=True) if (place / "initdb").exists()), None
    )
