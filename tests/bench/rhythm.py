"""Polls over months of made-up publishing histories: a fixed interval and ours, at the same number of requests. How long does an article wait to be found?"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kit.histories import History, histories, replayed

from aggregator import rhythm
from aggregator.model import Article

AT_LEAST, AT_MOST = timedelta(minutes=5), timedelta(hours=24)
FEEDS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
ON_PAGE = 20
"""Articles of the page or feed that the first poll sees."""


@dataclass
class Polled:
    """One source, polled from the begin of its history to the end."""

    history: History
    requests: int = 0
    delays: list[float] = field(default_factory=list)
    """Minutes of each article that appeared meanwhile."""
    seconds: float = 0.0
    """Of the decisions."""


def fixed(history: History, every: timedelta) -> Polled:
    polled, now = Polled(history), history.begin + random.Random(history.name).random() * every
    moments = [told.appears for told in history.told]
    since = history.begin
    while now < history.end:
        polled.requests += 1
        polled.delays += [
            (now - moment).total_seconds() / 60 for moment in moments[bisect_right(moments, since) : bisect_right(moments, now)]
        ]
        since, now = now, now + every
    return polled


def adaptive(history: History, every: timedelta) -> Polled:
    polled, chance = Polled(history), random.Random(history.name)
    articles = [_article(told.appears, told.published, told.precision) for told in history.told]
    moments = [told.appears for told in history.told]
    now = history.begin + chance.random() * every
    seen, activity, since = 0, None, None
    while now < history.end:
        polled.requests += 1
        upto = bisect_right(moments, now)
        polled.delays += [(now - moment).total_seconds() / 60 for moment in moments[seen:upto] if moment > history.begin]
        begun = time.perf_counter()
        if upto > seen or since is None:
            found = articles[max(seen, upto - ON_PAGE) : upto]
            activity = rhythm.learn(activity, found, since=since, zone=history.zone, now=now)
        pause = max(AT_LEAST, rhythm.pause(activity, every=every, at_most=AT_MOST, zone=history.zone, now=now, jitter=chance.random()))
        polled.seconds += time.perf_counter() - begun
        seen, since, now = upto, now, now + pause
    return polled


def _article(appears: datetime, published: datetime | None, precision: Any) -> Article:
    return Article("", "", None, "", None, appears, published=published, precision=precision)


def at_requests(run: Callable[[timedelta], list[Polled]], wanted: int) -> tuple[timedelta, list[Polled]]:
    """``every`` at which all sources together take as many requests as ``wanted``, within half a percent."""
    every = timedelta(hours=1)
    for _ in range(6):
        polled = run(every)
        share = sum(each.requests for each in polled) / wanted
        if abs(share - 1) < 0.005:
            break
        every *= share
    return every, polled


def each_at_requests(hourly: Sequence[Polled]) -> list[Polled]:
    """Ours, with ``every`` of each source such that this source alone takes as many requests as by the hour: what the shape of the week gains by itself."""
    found = []
    for theirs in hourly:
        every = timedelta(hours=1)
        for _ in range(3):
            ours = adaptive(theirs.history, every)
            every = max(AT_LEAST, every * ours.requests / theirs.requests)
        found.append(ours)
    return found


def figures(polled: Sequence[Polled]) -> dict[str, float]:
    delays = sorted(delay for each in polled for delay in each.delays)
    medians = [statistics.median(each.delays) for each in polled if each.delays]
    return {
        "sources": len(polled),
        "requests": sum(each.requests for each in polled),
        "articles": len(delays),
        "median": statistics.median(delays),
        "mean": statistics.fmean(delays),
        "p90": delays[int(len(delays) * 0.9)],
        "median of sources": statistics.median(medians),
    }


def groups(polled: Sequence[Polled]) -> dict[str, list[Polled]]:
    found: dict[str, list[Polled]] = defaultdict(list)
    for each in polled:
        found["all"].append(each)
        found[f"kind {each.history.kind}"].append(each)
        rate = each.history.rate
        found[
            "rate < 0.25 a day" if rate < 0.25 else "rate 0.25 to 1" if rate < 1 else "rate 1 to 5" if rate < 5 else "rate > 5 a day"
        ].append(each)
    return {name: found[name] for name in sorted(found)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sources", type=int, default=200)
    asked.add_argument("--days", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    told = {"made up": compared(list(histories(options.sources, options.days, options.seed)))}
    if FEEDS.is_dir():
        told["the dates of real feeds"] = compared(list(replayed(FEEDS)))
    if options.json:
        print(json.dumps(told, indent=1))
        return
    for name, result in told.items():
        print(
            f"{name}: every = {result['every']:.1f} min takes the requests of a poll each hour; a decision costs {result['cost']:.1f} µs, learning included"
        )
        _print(result["groups"])


def compared(drawn: Sequence[History]) -> dict[str, Any]:
    """Figures of a poll each hour and of ours, in minutes; ``cost`` in µs."""
    hourly = [fixed(history, timedelta(hours=1)) for history in drawn]
    every, ours = at_requests(lambda every: [adaptive(history, every) for history in drawn], sum(each.requests for each in hourly))
    table = {name: (figures(theirs), figures(groups(ours)[name])) for name, theirs in groups(hourly).items()}
    table["each source alone"] = (figures(hourly), figures(each_at_requests(hourly)))
    cost = sum(each.seconds for each in ours) / sum(each.requests for each in ours) * 1e6
    return {"every": every.total_seconds() / 60, "cost": cost, "groups": table}


def _print(table: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]) -> None:
    """Minutes until an article is found: by the hour, ours."""
    columns = ("requests", "median", "mean", "p90", "median of sources")
    print(f"{'':22}{'sources':>8}{'articles':>9}" + "".join(f"{column:>19}" for column in columns))
    for name, (hourly, ours) in table.items():
        cells = (
            f"{hourly[column]:10,.1f}{ours[column]:9,.1f}" if column != "requests" else f"{hourly[column]:10,}{ours[column]:9,}"
            for column in columns
        )
        print(f"{name:22}{hourly['sources']:8}{hourly['articles']:9}" + "".join(cells))


if __name__ == "__main__":
    main()
