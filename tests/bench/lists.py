"""A cycle over HTML lists whose servers know no validators: the same body each time, CPU beside fetching alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kit import campus, cycle, measure

FEW, MANY = 100, 500


def main() -> None:
    taken: dict[int, dict[str, float]] = {}
    for sources in (FEW, MANY):
        with tempfile.TemporaryDirectory() as name, cycle.served(sources) as (server, port):
            folder, addresses = Path(name), campus.addresses(sources, port, "list.html")
            ours = cycle.ours(folder, addresses, kind="auto", full_text="never")
            subjects = {"aggregator": ours, "aiohttp alone": cycle.beside(folder, addresses, "fetch.py")}
            measure.command(ours, folder, beside=server.pid)
            taken[sources] = {subject: measure.command(command, folder, beside=server.pid) for subject, command in subjects.items()}
    whole = {subject: time / MANY for subject, time in taken[MANY].items()}
    measure.table(f"{MANY} unchanged lists, CPU per source, start of the program included", whole, reference="aiohttp alone")
    each = {subject: (time - taken[FEW][subject]) / (MANY - FEW) for subject, time in taken[MANY].items()}
    measure.table(f"each list more, {FEW} to {MANY}, CPU", each, reference="aiohttp alone")


if __name__ == "__main__":
    main()
