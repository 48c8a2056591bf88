"""Work that may hang on the server of somebody else, in a thread that nobody waits for. The threads of asyncio itself are waited for when the program ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


async def aside(work: Callable[[], object]) -> None:
    """Returns, or raises, as ``work`` does. Who is cancelled leaves it to itself: it goes on until it ends, or the program does."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def settle(error: BaseException | None) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def run() -> None:
        failure: BaseException | None = None
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failure = error
        with suppress(RuntimeError):  # the loop has ended before us
            loop.call_soon_threadsafe(settle, failure)

    threading.Thread(target=run, name="aside", daemon=True).start()
    await ended
