"""CPU time of calls and of whole process trees, and the table that the benchmarks print."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


def calls(subjects: Mapping[str, Callable[[], object]], *, rounds: int = 15) -> dict[str, float]:
    """Median CPU milliseconds of each; they take turns, so that what slows the machine slows all."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(rounds + 2):
        for name, subject in subjects.items():
            started = time.process_time()
            subject()
            if number >= 2:  # the first ones fill caches
                taken[name].append(1000 * (time.process_time() - started))
    return {name: median(times) for name, times in taken.items()}


def command(arguments: Sequence[str], folder: Path, *, beside: int) -> float:
    """CPU milliseconds of a command and of every process that it leaves behind; it must end well. ``beside`` is a child that goes on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)  # orphans become our children, so that their time is counted too
    before = _used()
    subprocess.run(arguments, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    while own.exists() and (orphans := [int(child) for child in own.read_text().split() if int(child) != beside]):
        os.waitpid(orphans[0], 0)
    return 1000 * (_used() - before)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(title: str, rows: Mapping[str, float], *, reference: str, unit: str = "ms") -> None:
    """One line for each subject, with its ratio to the reference."""
    print(f"\n{title}")
    width = max(len(name) for name in rows)
    for name, value in rows.items():
        ratio = "reference" if name == reference else f"{value / rows[reference]:.2f} of it"
        print(f"  {name:{width}}  {value:9.2f} {unit}  {ratio}")
