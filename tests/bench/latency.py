"""A cycle over 400 sources, each of which takes 300 milliseconds to answer, 64 at a time: how long it takes on the clock, beside fetching alone."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from kit import campus, cycle, measure

SOURCES, LATENCY = 400, 0.3


def main() -> None:
    with tempfile.TemporaryDirectory() as name, cycle.served(SOURCES, delay=LATENCY) as (_, port):
        folder, addresses = Path(name), campus.addresses(SOURCES, port)
        subjects = {"aggregator": cycle.ours(folder, addresses), "aiohttp alone": cycle.beside(folder, addresses, "fetch.py")}
        for scenario in ("all new", "nothing changed"):
            taken = {subject: _wall(command, folder) for subject, command in subjects.items()}
            measure.table(
                f"{SOURCES} sources that take {LATENCY:g} s to answer, {scenario}, wall", taken, reference="aiohttp alone", unit="s"
            )


def _wall(command: list[str], folder: Path) -> float:
    began = time.monotonic()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
