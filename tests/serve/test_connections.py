"""Clients that are slow, many or mute, against the real server on loopback; its patience is shortened."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn

from aggregator.serve.connections import Connection

BODY = b"x" * 8_000_000


class Hasty(Connection):
    TO_ASK = 0.4
    TO_TAKE = 0.4
    MOST = 20


async def app(scope, receive, send):
    if scope["path"] == "/late":
        await asyncio.sleep(1)
    body = BODY if scope["path"] == "/big" else b"hello"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[tuple[str, int]]:
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=Hasty, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield door.getsockname()
    finally:
        server.should_exit = True
        await task


async def asked(at: tuple[str, int], path: str) -> bytes:
    reader, writer = await asyncio.open_connection(*at)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def closed(reader: asyncio.StreamReader) -> bool:
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            return not await reader.read()
    return True


def test_a_client_that_sends_its_request_byte_by_byte_is_not_waited_for():
    async def scene():
        async with served() as at:
            reader, writer = await asyncio.open_connection(*at)
            for _ in range(40):
                writer.write(b"G")
                await asyncio.sleep(0.05)
            assert writer.is_closing() or await closed(reader)

    asyncio.run(scene())


def test_a_client_that_says_nothing_is_let_go():
    async def scene():
        async with served() as at:
            reader, writer = await asyncio.open_connection(*at)
            assert await closed(reader)
            writer.close()

    asyncio.run(scene())


def test_a_client_that_takes_nothing_is_let_go():
    async def scene():
        async with served() as at:
            reader, writer = await asyncio.open_connection(*at, limit=1024)
            writer.write(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.sleep(1.2)  # the reader's own buffer is full, and nobody empties it
            got = 0
            with contextlib.suppress(ConnectionError):
                while piece := await reader.read(1 << 20):
                    got += len(piece)
            writer.close()
            assert 0 < got < len(BODY)

    asyncio.run(scene())


def test_a_client_that_takes_its_time_gets_everything():
    async def scene():
        async with served() as at:
            reader, writer = await asyncio.open_connection(*at, limit=1 << 18)
            writer.write(b"GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            got = 0
            while piece := await reader.read(1 << 18):
                got += len(piece)
                await asyncio.sleep(0.05)  # well over a second in all
            writer.close()
            assert got > len(BODY)

    asyncio.run(scene())


def test_an_answer_may_take_longer_to_make_than_a_question_to_come():
    async def scene():
        async with served() as at:
            assert b"hello" in await asked(at, "/late")

    asyncio.run(scene())


def test_a_crowd_that_says_nothing_keeps_nobody_out():
    async def scene():
        async with served() as at:
            crowd = [await asyncio.open_connection(*at) for _ in range(60)]
            assert b"hello" in await asked(at, "/")
            for _, writer in crowd:
                writer.close()

    asyncio.run(scene())
