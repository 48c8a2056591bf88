"""Each file of ../shared/corpus/hostile and the big ones of hostile_big.py, as the daemon takes them: fetched from loopback, read in another process.

``uv run python tests/gates/hostile_files.py`` prints the slowest and the largest, and ends with status 1 where one takes more than 10 seconds or 300 MB
above idle. Big files come whole, when the fetcher must refuse them, and cut to the largest size that it takes.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from aggregator.digest import digest
from aggregator.errors import AggregatorError
from aggregator.fetch import Fetcher, Limits
from aggregator.model import Source
from aggregator.offload import Offload

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SECONDS, MEGABYTES = 10.0, 300.0
LARGEST = Limits().max_body
BIG = ("text200mb", "entries100k", "entries1m", "gzipbomb")


def main() -> int:
    if not (CORPUS / "hostile").is_dir():
        print("hostile files: skipped, ../shared/corpus/hostile is not here")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, CORPUS / "hostile_big.py", folder, *BIG], check=True, timeout=120)
        for path in list(Path(folder).iterdir()):
            with path.open("rb") as whole:
                path.with_name(f"cut_{path.name}").write_bytes(whole.read(LARGEST - 1))
        files = sorted([*(CORPUS / "hostile").iterdir(), *Path(folder).iterdir()])
        with _served({path.name: path for path in files}) as address:
            found = asyncio.run(_all([path.name for path in files], address))
    for seconds, megabytes, name, said in sorted(found, reverse=True)[:8]:
        print(f"{seconds:6.2f} s  {megabytes:6.0f} MB  {name}: {said[:120]}")
    slowest, largest = max(each[0] for each in found), max(each[1] for each in found)
    print(f"hostile files: {len(found)}, the slowest takes {slowest:.2f} s, the largest {largest:.0f} MB above idle")
    return int(slowest > SECONDS or largest > MEGABYTES)


Found = tuple[float, float, str, str]


async def _all(names: list[str], address: str) -> list[Found]:
    found = []
    async with Fetcher(contact=None, allow_private=True, host_gap=timedelta()) as fetcher:
        for name in names:
            with Offload(1) as offload:
                await offload.run(len, "it is warm")
                found.append(await _one(name, address + name, fetcher, offload))
    return found


async def _one(name: str, url: str, fetcher: Fetcher, offload: Offload) -> Found:
    idle, peak, done = _used(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], _used())

    watching = threading.Thread(target=watch)
    watching.start()
    begun = time.monotonic()
    try:
        page = (await fetcher.fetch(url)).page
        reading = await offload.run(digest, page, Source("hostile", url), {}, now=datetime.now(UTC))
        said = f"{reading.seen} entries by {reading.reader}"
    except AggregatorError as error:
        said = error.message
    seconds = time.monotonic() - begun
    done.set()
    watching.join()
    return seconds, max(0, peak[0] - idle) / 1e6, name, said


def _used() -> int:
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


@contextmanager
def _served(files: dict[str, Path]) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = files.get(self.path.strip("/"))
            self.send_response(200 if path else 404)
            if path and path.suffix == ".gz":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            if path:
                with path.open("rb") as whole:
                    try:
                        while piece := whole.read(1 << 16):
                            self.wfile.write(piece)
                    except OSError:
                        return  # who asked has had enough

        def log_message(self, *_: object) -> None:
            """What matters is told by who asks."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
