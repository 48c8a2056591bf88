"""A cycle over 200 sources: ours by way of the command line, and a plain script of httpx, feedparser and sqlite3."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from kit import campus, cycle, measure

SOURCES = 200


def main() -> None:
    with tempfile.TemporaryDirectory() as name, cycle.served(SOURCES) as (server, port):
        folder, addresses = Path(name), campus.addresses(SOURCES, port)
        plain = cycle.beside(folder, addresses, "reference.py", "reference.db")
        subjects = {"aggregator": cycle.ours(folder, addresses), "httpx + feedparser": plain}
        for scenario in ("all new", "nothing changed", "nothing changed", "one in a hundred changed"):
            if scenario.startswith("one"):
                cycle.change(server)
            taken = {subject: measure.command(command, folder, beside=server.pid) / SOURCES for subject, command in subjects.items()}
            measure.table(f"{SOURCES} sources, {scenario}, CPU per source", taken, reference="httpx + feedparser")
        wanted = SOURCES * campus.ITEMS + 2 * (SOURCES // 100)
        stored = {"ours": _count(folder / "data/aggregator.db", "articles"), "reference": _count(folder / "reference.db", "article")}
        print(f"\narticles stored: {stored}, {wanted} expected")


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


if __name__ == "__main__":
    main()
