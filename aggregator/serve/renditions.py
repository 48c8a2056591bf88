"""The bytes that were rendered, kept while they are true: nothing is rendered twice for one edition of the site, and the last good bytes outlive the database."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]

from aggregator.serve.resource import Resource

_WORTH_PACKING = 500
"""Bytes; less is not worth a coding."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A resource, ready to be sent as it is or packed."""

    resource: Resource
    digest: str
    packed: Mapping[str, bytes]
    """By content coding, the best first; only those that save something."""
    modified: datetime
    """When these bytes came up here, in whole seconds."""
    datable: bool = True
    """Whether ``modified`` tells them from those that they replaced: not so within one second."""
    heads: dict[tuple[str | None, int], list[tuple[bytes, bytes]]] = field(default_factory=dict, compare=False, repr=False)
    """The headers with which they are sent, by coding and status; kept by who sends them."""

    def etag(self, coding: str | None) -> str:
        return f'"{self.digest}-{coding}"' if coding else f'"{self.digest}"'

    @property
    def size(self) -> int:
        return len(self.resource.body) + sum(map(len, self.packed.values()))

    def after(self, last: Rendition) -> Rendition:
        """This rendition, knowing which one it follows."""
        if last.resource == self.resource:
            return last
        return replace(self, datable=last.modified != self.modified, heads={})


def prepare(resource: Resource, *, now: datetime) -> Rendition:
    """Digest and packing, which are the expensive part of answering. Deterministic but for ``now``."""
    body = resource.body
    digest = hashlib.sha256(body).hexdigest()[:32]
    return Rendition(resource, digest, pack(body), now.astimezone(UTC).replace(microsecond=0))


def pack(body: bytes) -> Mapping[str, bytes]:
    """``body`` in each coding that saves something. Quality 5 of brotli takes as long as gzip's 6 and saves a fifth more."""
    if len(body) < _WORTH_PACKING:
        return {}
    packed = {"br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}
    return {coding: found for coding, found in packed.items() if len(found) < len(body)}


@dataclass(frozen=True, slots=True)
class _Kept:
    edition: Hashable
    rendition: Rendition


class Renditions:
    """Keeps up to ``room`` bytes, the longest unasked for leave first. For one event loop; the work is done in threads by ``render``."""

    def __init__(self, *, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._coming: dict[tuple[str, Hashable], asyncio.Future[Rendition | None]] = {}

    async def get(self, address: str, edition: Hashable, render: Callable[[], Awaitable[Rendition | None]]) -> Rendition | None:
        """What stands at ``address`` in this edition; ``render`` is awaited only where nobody has asked yet. None: nothing stands there."""
        if kept := self.kept(address, edition):
            return kept
        key = (address, edition)
        coming = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = asyncio.ensure_future(self._fresh(address, edition, render))
            coming.add_done_callback(lambda _: self._coming.pop(key, None))
        return await asyncio.shield(coming)

    def kept(self, address: str, edition: Hashable) -> Rendition | None:
        """What was rendered for this edition already."""
        kept = self._kept.get(address)
        if kept is None or kept.edition != edition:
            return None
        self._kept.move_to_end(address)
        return kept.rendition

    def last(self, address: str) -> Rendition | None:
        """The last good bytes of this address, of whichever edition."""
        kept = self._kept.get(address)
        return kept.rendition if kept else None

    async def _fresh(self, address: str, edition: Hashable, render: Callable[[], Awaitable[Rendition | None]]) -> Rendition | None:
        rendition = await render()
        last = self.last(address)
        if rendition is not None and last is not None:
            rendition = rendition.after(last)
        self._forget(address)
        if rendition is not None and rendition.size <= self._room:
            self._keep(address, _Kept(edition, rendition))
        return rendition

    def _keep(self, address: str, kept: _Kept) -> None:
        self._kept[address] = kept
        self._used += kept.rendition.size
        while self._used > self._room:
            self._forget(next(iter(self._kept)))

    def _forget(self, address: str) -> None:
        kept = self._kept.pop(address, None)
        if kept is not None:
            self._used -= kept.rendition.size
