"""Memory of the whole process tree at its peak, over a first cycle, one in which nothing changed, and one with a hundredth changed: 1,000 sources, or as many as the argument says.

Resident sizes count shared pages in each process, proportional ones (PSS) count them once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
from kit import campus, cycle

EVERY = 0.25
"""Seconds between two looks."""


def main() -> None:
    sources = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as name, cycle.served(sources) as (server, port):
        folder = Path(name)
        command = cycle.ours(folder, campus.addresses(sources, port))
        print(f"\npeak of the process tree, {sources:,} sources, MB")
        for scenario in ("all new", "nothing changed", "one in a hundred"):
            if scenario == "one in a hundred":
                cycle.change(server)
            resident, proportional, largest = _peak(command, folder)
            print(f"  {scenario:16}  {resident:6.0f} resident  {proportional:6.0f} proportional  {largest:6.0f} the largest process")


def _peak(command: list[str], folder: Path) -> tuple[float, float, float]:
    seen = (0.0, 0.0, 0.0)
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            seen = tuple(map(max, seen, _now(psutil.Process(process.pid))))  # type: ignore[assignment]
            time.sleep(EVERY)
    if process.returncode:
        raise SystemExit(f"it ended with {process.returncode}")
    return seen


def _now(root: psutil.Process) -> tuple[float, float, float]:
    sizes = list(_sizes([root, *root.children(recursive=True)]))
    return sum(rss for rss, _ in sizes), sum(pss for _, pss in sizes), max((rss for rss, _ in sizes), default=0.0)


def _sizes(processes: Iterable[psutil.Process]) -> Iterable[tuple[float, float]]:
    for process in processes:
        try:
            found = process.memory_full_info()
        except psutil.Error:  # it has just ended
            continue
        yield found.rss / 1e6, getattr(found, "pss", found.rss) / 1e6


if __name__ == "__main__":
    main()
