"""Ten thousand subscribers: answers a second of /feeds/all.rss, as a whole and as 304, beside a bare uvicorn handler that returns the same bytes, and beside
nginx with the static export where nginx is installed. One client process asks all of them in the same way, in turns.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from kit import campus, wire

from aggregator.config import load
from aggregator.serve.export import export
from aggregator.serve.site import Site
from aggregator.store import Store

CONNECTIONS = 32
SECONDS = 1.5
ROUNDS = 3
FEED = "/feeds/all.rss"

_BARE = """
import sys, uvicorn
body = open(sys.argv[2], "rb").read()
etag = b'"0123456789abcdef0123456789abcdef"'
async def app(scope, receive, send):
    known = dict(scope["headers"]).get(b"if-none-match") == etag
    head = [(b"content-type", b"application/rss+xml; charset=utf-8"), (b"etag", etag), (b"cache-control", b"public, max-age=60")]
    if not known:
        head += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 304 if known else 200, "headers": head})
    await send({"type": "http.response.body", "body": b"" if known else body})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off", http="h11", server_header=False)
"""
_NGINX = """
daemon off; {user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    types {{ application/rss+xml rss; }}
    access_log off; gzip_static on; keepalive_requests 10000000; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


@dataclass(frozen=True)
class Contestant:
    name: str
    port: int
    process: int


def main() -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as servers:
        folder = Path(name)
        config = _config(folder)
        contestants = [Contestant("bare uvicorn", *servers.enter_context(_bare(folder, config)))]
        contestants.append(Contestant("aggregator", *servers.enter_context(_aggregator(folder, config))))
        if shutil.which("nginx"):
            contestants.append(Contestant("nginx, static export", *servers.enter_context(_nginx(folder))))
        for title, conditional in (("200, gzip", False), ("304", True)):
            _compare(title, contestants, conditional=conditional)


def _config(folder: Path) -> Path:
    """A wire of 2,000 articles."""
    config = folder / "config"
    settings = wire.configured(config, folder / "wire.db", port=_free_port())
    (source,) = settings.sources.values()
    with Store.open(settings.database) as store:
        store.sync([source], now=wire.NOW)
        wire.put(store, source, wire.articles(source, [campus.feed(0, news=20)], 2_000))
        site = Site(store, settings)
        (folder / "feed.rss.gz").write_bytes(_packed(site))
        export(site, folder / "site")
    return config


def _packed(site: Site) -> bytes:
    import gzip

    resource = site.find(FEED)
    assert resource is not None
    return gzip.compress(resource.body, 6, mtime=0)


@contextlib.contextmanager
def _server(command: list[str], port: int) -> Iterator[tuple[int, int]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield port, process.pid
        finally:
            process.terminate()


def _bare(folder: Path, _config: Path) -> contextlib.AbstractContextManager[tuple[int, int]]:
    port = _free_port()
    return _server([sys.executable, "-c", _BARE, str(port), str(folder / "feed.rss.gz")], port)


@contextlib.contextmanager
def _aggregator(_folder: Path, config: Path) -> Iterator[tuple[int, int]]:
    """Once it has polled its source and looked its articles through: what it does by itself is none of this matter."""
    with _server([sys.executable, "-m", "aggregator", "--config", str(config), "run"], load(config, os.environ).port) as (port, process):
        _until_it_rests(process)
        yield port, process


def _until_it_rests(process: int) -> None:
    for _ in range(60):
        before = _spent(process)
        time.sleep(2)
        if _spent(process) - before < 0.1:
            return
    raise SystemExit("the daemon does not come to rest")


def _nginx(folder: Path) -> contextlib.AbstractContextManager[tuple[int, int]]:
    import gzip

    port = _free_port()
    feed = folder / "site/feeds/all.rss"
    feed.with_name("all.rss.gz").write_bytes(gzip.compress(feed.read_bytes(), 6, mtime=0))
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port, user="user root;" if os.getuid() == 0 else ""))
    return _server(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], port)


def _compare(title: str, contestants: list[Contestant], *, conditional: bool) -> None:
    rates: dict[str, list[tuple[float, float]]] = {each.name: [] for each in contestants}
    for _ in range(ROUNDS):
        for each in contestants:
            before = _spent(each.process)
            count = asyncio.run(_asked(each.port, conditional=conditional))
            rates[each.name].append((count / SECONDS, count / (_spent(each.process) - before)))
    print(f"\n{FEED}, {title}: {CONNECTIONS} connections, median of {ROUNDS} rounds")
    reference = statistics.median(cpu for _, cpu in rates["bare uvicorn"])
    for name, found in rates.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"  {name:22} {wall:8.0f} a second   {cpu:8.0f} a second of its CPU   {cpu / reference:5.2f} of bare uvicorn")


def _spent(process: int) -> float:
    """Seconds of CPU of a server with its children."""
    root = psutil.Process(process)
    return float(sum(each.cpu_times().user + each.cpu_times().system for each in (root, *root.children(recursive=True))))


async def _asked(port: int, *, conditional: bool) -> int:
    etag = await _etag(port) if conditional else None
    request = f"GET {FEED} HTTP/1.1\r\nHost: wire.example.org\r\nUser-Agent: bench\r\nAccept-Encoding: gzip\r\n"
    request += f"If-None-Match: {etag}\r\n\r\n" if etag else "\r\n"
    end = time.perf_counter() + SECONDS
    counts = await asyncio.gather(
        *(_subscriber(port, request.encode(), end, b"304" if conditional else b"200") for _ in range(CONNECTIONS))
    )
    return sum(counts)


async def _etag(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {FEED} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
    head = (await reader.read(100_000)).partition(b"\r\n\r\n")[0].decode("latin-1")
    writer.close()
    return next(line.partition(":")[2].strip() for line in head.split("\r\n") if line.lower().startswith("etag:"))


async def _subscriber(port: int, request: bytes, end: float, status: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000_000)
    count = 0
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] != status:
            raise SystemExit(f"expected {status.decode()}: {head.decode('latin-1')}")
        if status == b"200":
            lowered = head.lower()
            length = int(lowered[lowered.index(b"content-length:") + 15 :].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
        count += 1
    writer.close()
    return count


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


if __name__ == "__main__":
    main()
