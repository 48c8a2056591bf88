"""Many sources on few hosts, for machines that poll together: ``python -m kit.town HOSTS`` serves until its standard input ends.

Its first line says the port. A line of input is answered with what it has seen, as JSON: visits, sources visited, the most requests at one time at one host.
Each source has ten items for ever, so what is stored in the end can be counted.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from kit import campus

ITEMS = 10


def address(source: int, hosts: int, port: int) -> str:
    return f"http://{_host(source % hosts)}:{port}/{source}/feed.xml"


def _host(number: int) -> str:
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


class _Town:
    def __init__(self) -> None:
        self.visited: Counter[int] = Counter()
        self.now: Counter[str] = Counter()
        self.most = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                self.now[host] += 1
                self.most = max(self.most, self.now[host])
                await asyncio.sleep(0.01)
                self.now[host] -= 1
                writer.write(self._answer(asked))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    def _answer(self, asked: bytes) -> bytes:
        path = asked.split(b" ", 2)[1]
        if not path.endswith(b"/feed.xml"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        source = int(path.split(b"/")[1])
        self.visited[source] += 1
        body = campus.feed(source, items=ITEMS)
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    def seen(self) -> str:
        return json.dumps({"visits": self.visited.total(), "sources": len(self.visited), "most_at_a_host": self.most})


async def _main(hosts: int) -> None:
    town = _Town()
    first = await asyncio.start_server(town.serve, _host(0), 0)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(town.serve, [_host(number) for number in range(1, hosts)], port)
    print(port, flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(town.seen(), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
