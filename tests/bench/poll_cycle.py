"""A cycle over 200 sources: ours by way of the command line, and a plain script of httpx, feedparser and sqlite3."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kit import campus, measure

SOURCES = 200
KIT = Path(__file__).with_name("kit")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, _served() as (server, port):
        folder = Path(name)
        subjects = {"aggregator": _ours(folder, port), "httpx + feedparser": _reference(folder, port)}
        for scenario in ("all new", "nothing changed", "nothing changed", "one in a hundred changed"):
            if scenario.startswith("one"):
                _change(server)
            taken = {subject: measure.command(command, folder, beside=server.pid) / SOURCES for subject, command in subjects.items()}
            measure.table(f"{SOURCES} sources, {scenario}, CPU per source", taken, reference="httpx + feedparser")
        wanted = SOURCES * campus.ITEMS + 2 * (SOURCES // 100)
        stored = {"ours": _count(folder / "data/aggregator.db", "articles"), "reference": _count(folder / "reference.db", "article")}
        print(f"\narticles stored: {stored}, {wanted} expected")


@contextmanager
def _served() -> Iterator[tuple[subprocess.Popen[str], int]]:
    server = subprocess.Popen([sys.executable, KIT / "campus.py", str(SOURCES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with server:
        yield server, int(_line(server))


def _line(server: subprocess.Popen[str]) -> str:
    return server.stdout.readline() if server.stdout else ""


def _change(server: subprocess.Popen[str]) -> None:
    if server.stdin:
        server.stdin.write("change\n")
        server.stdin.flush()
    _line(server)


def _ours(folder: Path, port: int) -> list[str]:
    config = folder / "config"
    (config / "universities").mkdir(parents=True)
    (config / "aggregator.yaml").write_text(json.dumps({"fetch": {"allow_private": True, "host_gap": 0}}))
    sources = [{"url": url} for url in campus.addresses(SOURCES, port)]
    (config / "universities/all.yaml").write_text(json.dumps({"name": "All of them", "sources": sources}))
    return [sys.executable, "-m", "aggregator", "poll", "--all"]


def _reference(folder: Path, port: int) -> list[str]:
    (folder / "addresses").write_text("\n".join(campus.addresses(SOURCES, port)))
    return [sys.executable, str(KIT / "reference.py"), "reference.db", "addresses"]


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


if __name__ == "__main__":
    main()
