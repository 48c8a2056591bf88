"""The daemon on the hostile web of ../shared/hostile_server, with its guard on: ``uv run python tests/gates/hostile.py [--seconds 190] [--restarts 3]``.

In a network namespace of its own, where "public" names lead to the hostile site, inner addresses are canaries, and nothing leads out. Every endpoint is a
source, a few on each host, so that politeness is judged host by host. Exit status 0: everything passed, or this machine lacks what it takes, which is told.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
HOSTILE = ROOT.parent / "shared" / "hostile_server"
EVERY = 20
"""Seconds that stand for the hour between two polls."""
NOTICED = 3
"""Seconds until a server that drips finds, on a busy machine, that nobody listens any more."""
RETRY_AFTER = 60
DEADLINE = 30
PORT = 18_000
FIVE = ("guid-changes", "guid-link-change", "date-changes", "no-date", "empties", "title-edits", "republish", "body-noise", "reorder")
FIVE += ("flip-scheme", "dup-guid", "steal-guid", "guid-empty")
CHINESE = ("gbk", "gb18030", "header-lies", "none", "utf16", "utf16-decl-utf8", "utf32", "bom-utf8-decl-latin1", "unknown", "leading-space")
RUSSIAN = ("xml-lies", "koi8")
SNIFFED = ("text-html", "octet", "none", "json", "garbage", "image")
NOT_NEWS = (
    "page/error-200",
    "page/login-200",
    "page/captcha-200",
    "status/200-empty",
    "html/js-only",
    "private/list",
    "html/robots-denied",
)
ON_ITS_OWN = {"slow": 1, "slowok": 1, "bomb": 2, "traps": 1}
"""Endpoints of a host, where one keeps the others waiting."""
TOGETHER = 8
UNHURRIED = ("/cond/max-age", "/cond/expires", "/cond/max-age-huge")
APART = "one request at a time to a host, and a second between"
INNER = ("loop", "loop6", "meta", "multi", "rebind-source")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=190)
    asked.add_argument("--restarts", type=int, default=3)
    asked.add_argument("--keep", type=Path, help="a folder for the log, the database and the feeds")
    asked.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.inside:
        return _inside(options.inside, options.seconds, options.restarts)
    if lacking := _lacking():
        print(f"hostile web: skipped, {lacking}")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _configure(folder)
        arguments = ("--inside", str(folder), "--seconds", str(options.seconds), "--restarts", str(options.restarts))
        command = [HOSTILE / "netns.sh", folder / "log.jsonl", sys.executable, __file__, *arguments]
        served = {"HS_ARGS": f"--certs {folder / 'certs'} --retry-after {RETRY_AFTER}"}
        subprocess.run(command, env=os.environ | served, cwd=folder, check=True, timeout=options.seconds + 150)
        return _told(_verdicts(folder))


def _lacking() -> str | None:
    if not HOSTILE.is_dir():
        return "../shared/hostile_server is not here"
    if missing := [name for name in ("unshare", "ip", "curl", "python3", "openssl") if shutil.which(name) is None]:
        return f"{', '.join(missing)} missing (apt install util-linux iproute2 curl openssl)"
    tried = subprocess.run(["unshare", "-n", "-m", "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False)
    return f"no network namespace: {tried.stderr.strip()}" if tried.returncode else None


# --- the configuration -----------------------------------------------------------------------------------------------------------------


def _endpoints() -> Iterator[tuple[str, str]]:
    """Kind and path of each that is asked for by itself."""
    for line in (HOSTILE / "ENDPOINTS.md").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"\| `(/[^`]*)` \| (\w+) ", line):
            path, kind = found.groups()
            if path != "/robots.txt" and not path.startswith(("/redir/target", "/redir/pong")):
                yield "traps" if kind == "trap" else kind, path


def _habits(kind: str, path: str) -> dict[str, Any]:
    """A fixed interval, but for those that ask for one of their own. Below 30 seconds the judge takes two looks at a trap for one. A page that is there for two
    visits only is read without its articles: a poll that waits for ten of them may be ended twice by restarts, and then there was nothing to keep.
    """
    if path in UNHURRIED:
        return {}
    habits: dict[str, Any] = {"every": f"{2 * EVERY if kind == 'traps' else EVERY}s"}
    return habits | {"full_text": False} if path == "/html/redesign" else habits


def _source(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")


def _configure(folder: Path) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, path in _endpoints():
        by_kind[kind].append(path)
    settings = {
        "port": PORT,
        "database": f"sqlite:///{folder}/hostile.db",
        "site": {"url": "http://wire.hostile.test"},
        "fetch": {"contact": "mailto:news@wire.hostile.test", "host_gap": "1s", "timeout": f"{DEADLINE}s"},
        "poll": {"every": f"{EVERY}s", "at_least": f"{EVERY}s"},
        "feeds": [{"name": f"of-{kind}", "where": f"university:{kind}", "limit": 1000} for kind in by_kind],
    }
    _write(folder / "config/aggregator.yaml", settings)
    for kind, paths in by_kind.items():
        size = ON_ITS_OWN.get(kind, TOGETHER)
        sources = [
            {"id": _source(path), "url": f"http://{kind}-{at // size}.hostile.test{path}"} | _habits(kind, path)
            for at, path in enumerate(paths)
        ]
        _write(folder / f"config/universities/{kind}.yaml", {"name": kind, "sources": sources})
    inner = [{"id": f"inner-{name}", "url": f"http://{name}.hostile.test/cond/no-store"} for name in INNER]
    _write(folder / "config/universities/inner.yaml", {"name": "Inner addresses", "sources": inner})


def _write(path: Path, said: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, indent=1), encoding="utf-8")


# --- inside the namespace --------------------------------------------------------------------------------------------------------------


def _inside(folder: Path, seconds: int, restarts: int) -> int:
    """Run the daemon for that long, ending it and starting it again ``restarts`` times; keep what it serves."""
    begun = time.monotonic()
    used: list[float] = []
    with (folder / "daemon.log").open("ab") as log:
        for part in range(1, restarts + 2):
            command = [sys.executable, "-m", "aggregator", "run"]
            daemon = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
            while time.monotonic() < begun + seconds * part / (restarts + 1):
                used.append(_megabytes(daemon.pid))
                time.sleep(0.25)
            if part <= restarts:
                _end(daemon, kill=part % 2 == 0)
        feeds = _feeds(folder)
        status = _end(daemon, kill=False)
    _write(folder / "run.json", {"calm": min(used[-len(used) // 10 :]), "peak": max(used), "feeds": feeds, "status": status})
    return 0


def _feeds(folder: Path) -> list[str]:
    names = ["all", *(f"of-{path.stem}" for path in sorted((folder / "config/universities").glob("*.yaml")) if path.stem != "inner")]
    for name in names:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/feeds/{name}.rss", timeout=60) as answer:
            (folder / f"{name}.rss").write_bytes(answer.read())
    return names


def _end(daemon: subprocess.Popen[bytes], *, kill: bool) -> int:
    if kill:
        os.killpg(daemon.pid, signal.SIGKILL)
    else:
        daemon.terminate()
    return daemon.wait(30)


def _megabytes(pid: int) -> float:
    """Of the daemon and the processes that read for it; pages that are shared counted once."""
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return float(sum(process.memory_full_info().pss for process in tree)) / 1e6
    except psutil.Error:
        return 0.0


# --- what is judged --------------------------------------------------------------------------------------------------------------------

Verdict = tuple[bool, str, str]


def _verdicts(folder: Path) -> Iterator[Verdict]:
    run = json.loads((folder / "run.json").read_text())
    yield run["status"] == 0, "it ends when asked", f"status {run['status']}"
    yield "Traceback" not in (folder / "daemon.log").read_text(errors="replace"), "no traceback", ""
    calm, peak = run["calm"], run["peak"]
    yield (
        peak < calm + 300 and peak < 700,  # of all processes; what they share is counted in each
        "memory stays within 300 MB of what it has in calm",
        f"{calm:.0f} MB calm, {peak:.0f} MB at the peak",
    )
    yield from _judged(folder)
    for name in run["feeds"]:
        done = _asked(HOSTILE / "check_output.py", folder / f"{name}.rss")
        yield done.returncode == 0, f"nothing active in {name}.rss", done.stdout.strip()[-300:] if done.returncode else ""
    with closing(sqlite3.connect(folder / "hostile.db")) as database:
        yield from _held(database)


def _judged(folder: Path) -> Iterator[Verdict]:
    """``judge.py`` on each host's requests; whatever reached a canary counts for all."""
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    hits = sorted({line["path"] for line in lines if line["canary"]})
    yield not hits, "no canary was reached", f"{hits[:5]} of {len(lines)} requests"
    by_host: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        name = {key.lower(): value for key, value in line["headers"]}.get("host", "")
        if name.endswith(".hostile.test"):
            by_host[name].append(line)
    passed: Counter[str] = Counter()
    failed: dict[str, list[str]] = defaultdict(list)
    for name, asked in sorted(by_host.items()):
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(_apart(line)) + "\n" for line in asked), encoding="utf-8")
        done = _asked(
            HOSTILE / "judge.py",
            path,
            "--min-interval",
            EVERY,
            "--deadline",
            DEADLINE + NOTICED,
            "--body-limit",
            20,
            "--max-conc",
            999,
            "--json",
        )
        for criterion, (verdict, detail) in json.loads(done.stdout).items():
            passed[criterion] += verdict == "PASS"
            if verdict == "FAIL":
                failed[criterion].append(f"{name}: {detail}")
        if (near := _nearest(asked)) < 0.9:
            failed[APART].append(f"{name}: {near:.2f} s")
    passed[APART] = len(by_host)
    for criterion in sorted({*passed, *failed}):
        if passed[criterion] or failed[criterion]:
            yield not failed[criterion], criterion, "; ".join(failed[criterion])[:700] or f"on {passed[criterion]} hosts"


def _apart(line: dict[str, Any]) -> dict[str, Any]:
    """The judge tells pages by their paths, but ``/html/article`` is as many articles as it has queries."""
    return line | {"path": line["url"].removeprefix("http://")} if line["path"] == "/html/article" else line


def _nearest(asked: list[Any]) -> float:
    """Seconds between the end of one request and the begin of the next. The server notices only later that somebody has left: there, between begins."""
    asked = sorted(asked, key=lambda line: line["t"])
    ends = [line["t"] + (0.0 if line["aborted"] else line["dur"]) for line in asked]
    return min((later["t"] - end for end, later in zip(ends, asked[1:], strict=False)), default=1.0)


def _held(database: sqlite3.Connection) -> Iterator[Verdict]:
    titles: dict[str, list[str]] = defaultdict(list)
    for source, title in database.execute("SELECT source, title FROM articles"):
        titles[source].append(title)
    told = dict(database.execute("SELECT id, problem FROM sources"))

    def wrong(wanted: dict[str, int]) -> str:
        return ", ".join(
            f"{source}: {len(titles[source])} of {count} ({told.get(source)})"
            for source, count in wanted.items()
            if len(titles[source]) != count
        )

    for claim, wanted in {
        "what is well is taken": {"ok": 5, "ok-atom": 3, "slow-10s": 5, "html-list": 10},
        "five articles stay five": {f"time-{name}": 5 for name in FIVE},
        "feeds are taken whatever type they claim": {f"ctype-{name}": 5 for name in SNIFFED},
        "what is no news is not published": {_source(name): 0 for name in NOT_NEWS},
        "pages whose links carry sessions, and those that were redesigned, keep ten": {"html-session-ids": 10, "html-redesign": 10},
    }.items():
        yield not wrong(wanted), claim, wrong(wanted)
    for claim, names, word in (("Chinese is right", CHINESE, "鲍"), ("Russian is right", RUSSIAN, "и")):
        bad = [f"{name}: {titles[f'charset-{name}']}" for name in names if not any(word in title for title in titles[f"charset-{name}"])]
        yield not bad, claim, "; ".join(bad)[:300]
    yield bool(told.get("html-redesign")), "a redesign raises an alarm", str(told.get("html-redesign"))
    at = database.execute("SELECT count(*) FROM articles WHERE published > ? AND published NOT LIKE '9%'", ("9999",)).fetchone()[0]
    yield at == 0, "nothing is dated later than it can be", str(at)
    yield database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is whole", ""


def _asked(script: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)


def _told(verdicts: Iterator[Verdict]) -> int:
    failed = 0
    for passed, claim, detail in verdicts:
        failed += not passed
        print(f"{'PASS' if passed else 'FAIL'}  {claim}{f'  ({detail})' if detail else ''}")
    print(f"hostile web: {failed} failed")
    return min(failed, 99)


if __name__ == "__main__":
    sys.exit(main())
