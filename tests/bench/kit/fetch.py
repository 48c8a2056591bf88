"""The least that a cycle can cost: aiohttp fetches each address, 64 at a time, and throws away what comes.

``python kit/fetch.py ADDRESSES``
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp


async def fetch(addresses: list[str]) -> None:
    at_once = asyncio.Semaphore(64)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(url: str) -> None:
            async with at_once, session.get(url) as answer:
                await answer.read()

        await asyncio.gather(*map(one, addresses))


if __name__ == "__main__":
    asyncio.run(fetch(Path(sys.argv[1]).read_text().split()))
