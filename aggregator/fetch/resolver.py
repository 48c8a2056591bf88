"""Names to addresses that passed the guard. The one place where the process asks DNS."""

from __future__ import annotations

import asyncio
import socket
from threading import Thread

from aiohttp.abc import AbstractResolver, ResolveResult

from aggregator.fetch.guard import Guard, Refusal

_Found = list[tuple[str, socket.AddressFamily]]
"""Addresses and their kinds, in the order in which they should be tried."""


class GuardedResolver(AbstractResolver):
    """Answers with the permitted addresses of a name and with no other, so that what was checked is what is connected to.

    A name whose addresses are all forbidden raises Refusal; one that does not exist, OSError.

    ``getaddrinfo`` cannot be interrupted and may hang for half a minute when DNS is dead. It therefore runs in daemon threads of its own (the default
    executor of asyncio would be waited for at exit, and a few dead names would block its handful of workers); ``lookups`` bounds their number.
    """

    def __init__(self, guard: Guard, *, lookups: int) -> None:
        self._guard = guard
        self._free = asyncio.Semaphore(lookups)

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        return [
            {"hostname": host, "host": address, "port": port, "family": kind, "proto": socket.IPPROTO_TCP, "flags": socket.AI_NUMERICHOST}
            for address, kind in self._permitted(host, await self._lookup(host, port, family))
        ]

    async def close(self) -> None:
        """Nothing to close: a lookup that is still under way ends by itself, unheard."""

    def _permitted(self, host: str, addresses: _Found) -> _Found:
        if self._guard.trusts(host):
            return addresses
        permitted = []
        refusals = []
        for address, kind in addresses:
            try:
                self._guard.check_address(address)
            except Refusal as refusal:
                refusals.append(refusal)
            else:
                permitted.append((address, kind))
        if not permitted and refusals:
            raise Refusal(f"{host} leads to no public address: {refusals[0]}", name=host)
        return permitted

    async def _lookup(self, host: str, port: int, family: socket.AddressFamily) -> _Found:
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Found] = loop.create_future()
        try:
            Thread(target=self._ask, args=(loop, future, host, port, family), name=f"lookup {host}", daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise OSError(f"no thread for a DNS lookup: {error}") from error
        return await future

    def _ask(
        self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[_Found], host: str, port: int, family: socket.AddressFamily
    ) -> None:
        found: _Found | OSError
        try:
            answers = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            found = [(str(address[0]), kind) for kind, _, _, _, address in answers]
        except OSError as error:
            found = error
        except UnicodeError as error:
            found = OSError(f"not a name that DNS can hold: {error}")
        try:
            loop.call_soon_threadsafe(self._answer, future, found)
        except RuntimeError:
            return  # the loop is closed: nobody is waiting any more

    def _answer(self, future: asyncio.Future[_Found], found: _Found | OSError) -> None:
        self._free.release()
        if future.cancelled():
            return
        if isinstance(found, OSError):
            future.set_exception(found)
        else:
            future.set_result(found)
