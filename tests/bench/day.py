"""A day of two thousand sources, a tenth of which misbehave, in a fraction of a day: is anything lost, doubled, changed, late, or leaking?

``uv run python tests/bench/day.py`` runs the daemon with a clock that is 48 times as fast against ``kit/neighbourhood.py``, takes half an hour, prints a
line for each inner hour and ends with status 1 where a promise was broken. ``--sources``, ``--hours`` and ``--factor`` make it smaller or faster.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import psutil
from kit import cycle
from kit import neighbourhood as there
from lxml import etree

AT_MOST = 3 * 3600
"""Seconds: the longest pause that the configuration allows."""
SLACK = 1.15
"""What jitter and a busy machine may add to it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--factor", type=float, default=48, help="how much faster the day runs")
    parser.add_argument("--daemon", nargs=2, metavar=("CONFIG", "START"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.daemon:
        _daemon(Path(options.daemon[0]), float(options.daemon[1]), options.factor)
    else:
        with tempfile.TemporaryDirectory() as folder:
            sys.exit(_Day(Path(folder), options.sources, options.hours, options.factor).run())


def _daemon(config: Path, start: float, factor: float) -> None:
    """The daemon as ``aggregator run`` makes it, but for its clock."""
    from aggregator import logs
    from aggregator.config import load
    from aggregator.run.daemon import Daemon
    from aggregator.serve.app import application
    from aggregator.serve.site import Site
    from aggregator.store import Store

    def clock() -> datetime:
        return datetime.fromtimestamp(there.EPOCH + (time.time() - start) * factor, UTC)

    logs.configure(logging.ERROR)
    settings = load(config)
    with Store.open(settings.database) as store, store.voice() as voice:
        site = Site(store, settings)
        daemon = Daemon(
            settings,
            store,
            voice=voice,
            app=application(lambda: site, now=clock),
            reload=lambda: load(config),
            changed=lambda _: None,
            clock=clock,
        )
        asyncio.run(daemon.run(lambda address: print(address, flush=True)))


class _Day:
    def __init__(self, folder: Path, sources: int, hours: int, factor: float) -> None:
        self._folder = folder
        self._sources = sources
        self._hours = hours
        self._factor = factor
        self._start = 0.0
        self._seen: dict[str, tuple[str, str, str]] = {}
        self._changed: Counter[str] = Counter()
        self._vanished = 0
        self._doubled_in_feed = 0
        self._memory: list[tuple[float, float]] = []

    def run(self) -> int:
        self._start = time.time() + 8
        with self._campus() as server, self._running(server) as (daemon, address):
            for hour in range(int(self._hours)):
                self._look(daemon, address)
                self._tell(hour, server)
                for part in range(1, 7):
                    self._sleep_until(hour + part / 6)
                    self._weigh(daemon)
            self._look(daemon, address)
            asked = self._asked(server)
            daemon.terminate()
            ended_well = daemon.wait(30) == 0
        return self._verdict(asked, ended_well=ended_well)

    def _now(self) -> float:
        """Inner seconds."""
        return (time.time() - self._start) * self._factor

    def _sleep_until(self, hour: float) -> None:
        time.sleep(max(0.0, hour * 3600 - self._now()) / self._factor)

    # --- the two programs ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _campus(self) -> Iterator[subprocess.Popen[str]]:
        script = Path(there.__file__)
        command = [sys.executable, str(script), str(self._sources), str(self._start), str(self._factor)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            yield server

    @contextmanager
    def _running(self, server: subprocess.Popen[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
        config = self._folder / "config"
        (config / "universities").mkdir(parents=True)
        port = int(cycle.line(server))
        self._write(config, port)
        command = [sys.executable, __file__, "--factor", str(self._factor), "--daemon", str(config), str(self._start)]
        with subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE, text=True) as daemon:
            try:
                yield daemon, cycle.line(daemon)
            finally:
                daemon.kill()

    def _write(self, config: Path, port: int) -> None:
        settings = {
            "port": 0,
            "database": f"sqlite:///{self._folder}/day.db",
            "fetch": {"allow_private": True, "host_gap": "50ms", "timeout": "3s", "max_body": "2MB"},
            "poll": {"every": "30m", "at_least": "5m", "at_most": f"{AT_MOST}s"},
            "feeds": [{"name": "thousand", "where": "", "limit": 1000}],
        }
        (config / "aggregator.yaml").write_text(json.dumps(settings))
        for group in range(0, self._sources, 100):
            numbers = range(group, min(group + 100, self._sources))
            sources = [{"id": str(number), "url": there.address(number, port)} for number in numbers]
            (config / f"universities/group-{group}.yaml").write_text(json.dumps({"name": f"Group {group}", "sources": sources}))

    # --- what is seen ----------------------------------------------------------------------------------------------------------------

    def _look(self, daemon: subprocess.Popen[str], address: str) -> None:
        self._weigh(daemon)
        stored = {id: (title, published, url) for id, title, published, url in self._ask("SELECT id, title, published, url FROM articles")}
        for id, before in self._seen.items():
            after = stored.get(id)
            self._vanished += after is None
            if after is not None and after != before:
                self._changed[self._habit_of(id)] += 1
        self._seen = stored
        with urllib.request.urlopen(f"{address}/feeds/thousand.rss", timeout=60) as answer:
            guids = [guid.text for guid in etree.fromstring(answer.read()).iter("guid")]
        self._doubled_in_feed += len(guids) - len(set(guids))

    def _weigh(self, daemon: subprocess.Popen[str]) -> None:
        tree = [psutil.Process(daemon.pid), *psutil.Process(daemon.pid).children(recursive=True)]
        self._memory.append((self._now() / 3600, sum(_pss(process) for process in tree) / 1e6))

    def _ask(self, question: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(f"file:{self._folder}/day.db?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(question).fetchall()

    def _habit_of(self, id: str) -> str:
        ((source,),) = self._ask(f"SELECT source FROM articles WHERE id = '{id}'")  # an id is a UUID of ours
        return there.habit(int(source))

    def _asked(self, server: subprocess.Popen[str]) -> list[tuple[int, int]]:
        return [tuple(each) for each in json.loads(cycle.asked(server, ""))]

    def _tell(self, hour: int, server: subprocess.Popen[str]) -> None:
        asked = sum(times for times, _ in self._asked(server))
        print(f"hour {hour:2}  {asked:6} polls  {len(self._seen):6} articles  {self._memory[-1][1]:6.0f} MB", flush=True)

    # --- what was promised -----------------------------------------------------------------------------------------------------------

    def _verdict(self, asked: list[tuple[int, int]], *, ended_well: bool) -> int:
        titles: dict[int, Counter[str]] = {}
        for source, title in self._ask("SELECT source, title FROM articles"):
            titles.setdefault(int(source), Counter())[title] += 1
        good = [number for number in range(self._sources) if not there.is_bad(number)]
        until = self._hours * 3600 - AT_MOST * SLACK
        lost = doubled = invented = 0
        for number in good:
            times = there.schedule(number)
            due = {there.title(number, item) for item, at in enumerate(times) if at < until}
            possible = {there.title(number, item) for item in range(len(times))}
            held = titles.get(number, Counter())
            lost += len(due - set(held))
            doubled += sum(times - 1 for times in held.values())
            invented += len(set(held) - possible)
        unsteady = {
            there.habit(number): sum(titles.get(number, Counter()).values())
            for number in range(self._sources)
            if there.habit(number) in there.STEADY_ONES and sum(titles.get(number, Counter()).values()) != there.STEADY
        }
        second, last = self._mean_memory(1, 2), self._mean_memory(self._hours - 1, self._hours)
        late = sum(longest > AT_MOST * SLACK for number, (_, longest) in enumerate(asked) if not there.is_bad(number))
        changed = {habit: times for habit, times in self._changed.items() if habit != "titles change"}
        polls = sorted(times for number, (times, _) in enumerate(asked) if not there.is_bad(number))
        figures = {
            "sources": self._sources,
            "hours": self._hours,
            "polls_of_a_good_source": {"median": polls[len(polls) // 2], "least": polls[0], "most": polls[-1]},
            "articles": len(self._seen),
            "lost": lost,
            "doubled": doubled + self._doubled_in_feed,
            "invented": invented,
            "vanished": self._vanished,
            "changed": changed,
            "unsteady": unsteady,
            "late_sources": late,
            "longest_pause_minutes": max(longest for number, (_, longest) in enumerate(asked) if not there.is_bad(number)) // 60,
            "megabytes": {"second_hour": round(second), "last_hour": round(last)},
            "ended_well": ended_well,
        }
        print(json.dumps(figures))
        broken = (
            lost
            or figures["doubled"]
            or invented
            or self._vanished
            or changed
            or unsteady
            or late
            or last > 1.05 * second
            or not ended_well
        )
        return 1 if broken else 0

    def _mean_memory(self, begin: float, end: float) -> float:
        return mean([used for hour, used in self._memory if begin <= hour <= end] or [used for _, used in self._memory])


def _pss(process: psutil.Process) -> int:
    """Bytes of memory, pages that are shared counted once over all who share them."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
