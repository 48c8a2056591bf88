"""When is an entry the one that we already have? Keys that survive redesigns, moves and changed guids.

An entry is known by its address, by its guid, or, having neither, by its title and text; also by its title and its minute, where its address ends in a
query that may be the number of a visit. A key that several entries of one reading share with different
partners identifies none of them (a site that gives all items one guid, a feed whose items all link to the home page) and is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from hashlib import blake2b
from uuid import UUID

from aggregator.model import Entry, Source
from aggregator.text import urls

_GLOBAL = re.compile(r"(?i)(tag|urn|info|doi):|[0-9a-f]{8}-[0-9a-f]{4}-")
_VERSION = 8
"""Of the UUIDs: RFC 9562 §5.8, a value of our own making."""


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with the keys it is known by, the surest first, and a fingerprint of what it says."""

    entry: Entry
    keys: tuple[bytes, ...]
    fingerprint: bytes

    @property
    def id(self) -> str:
        """The id that a new article of this entry gets: the same on every machine."""
        return uuid(self.keys[0])


def identify(entries: Iterable[Entry], source: Source) -> tuple[Identified, ...]:
    """The entries of one reading, each once, with their keys. Entries that say nothing at all are left out."""
    candidates = [
        (entry, _address(entry, source), _guid(entry, source))
        for entry in entries
        if entry.title or entry.url or entry.content or entry.summary
    ]
    pairs = {(address, guid) for _, address, guid in candidates}
    addresses = Counter(address for address, _ in pairs)
    guids = Counter(guid for _, guid in pairs)
    twins = _twins(candidates)
    found: dict[bytes, tuple[Entry, tuple[bytes, ...]]] = {}
    for entry, address, guid in candidates:
        sure = tuple(key for key, count in ((address, addresses[address]), (guid, guids[guid])) if key and count == 1)
        if not sure and (address or guid):
            sure = (_hash("pair", (address or b"").hex(), (guid or b"").hex()),)
        keys = twins.get(address or b"") or tuple(dict.fromkeys(sure)) or (_text(entry, source),)
        if visit := _visit(entry, source):
            keys += (visit,)
        found.setdefault(keys[0], (entry, keys))
    holders = Counter(key for _, keys in found.values() for key in keys)
    return tuple(
        Identified(entry, (keys[0], *(key for key in keys[1:] if holders[key] == 1)), fingerprint(entry)) for entry, keys in found.values()
    )


def _twins(candidates: Iterable[tuple[Entry, bytes | None, bytes | None]]) -> Mapping[bytes, tuple[bytes, ...]]:
    """The keys of addresses that one page writes with their parameters in several orders, by each of them: a side list often does so."""
    alike: dict[tuple[str, str, str | None], set[bytes]] = {}
    for entry, address, guid in candidates:
        path, mark, query = urls.key(entry.url or "").partition("?")
        if address and mark and not guid:
            alike.setdefault((path, "&".join(sorted(query.split("&"))), entry.title), set()).add(address)
    return {address: tuple(sorted(same)) for same in alike.values() if len(same) > 1 for address in same}


def keys(entry: Entry, source: Source) -> tuple[bytes, ...]:
    """The keys of an entry that stands alone."""
    return identify((entry,), source)[0].keys if entry.title or entry.url or entry.content or entry.summary else (_text(entry, source),)


def uuid(key: bytes) -> str:
    return str(UUID(int=(int.from_bytes(key[:16], "big") & ~(0xF << 76) & ~(0x3 << 62)) | _VERSION << 76 | 0x2 << 62))


def fingerprint(entry: Entry) -> bytes:
    """Differs where something is said that subscribers should see. Dates that move by themselves do not count; a date that appears does."""
    files = (part for file in entry.enclosures for part in (file.url, file.type or ""))
    said = (
        entry.title,
        entry.url,
        entry.summary,
        entry.content,
        entry.image,
        str(entry.published is None),
        *entry.authors,
        "",
        *entry.categories,
        "",
        *files,
    )
    return _hash(*(part or "" for part in said))


def _address(entry: Entry, source: Source) -> bytes | None:
    """None for an address that cannot be an item's own: the front page of a site, or the source itself."""
    key = urls.key(entry.url) if entry.url else ""
    own = "?" in key or "#" in key or ("/" in key and key != urls.key(source.url))
    return _hash("url", key) if own else None


def _guid(entry: Entry, source: Source) -> bytes | None:
    guid = (entry.id or "").strip()
    if not guid:
        return None
    if (address := urls.absolute("", guid)) is not None:
        return _hash("url", urls.key(address))
    return _hash("guid", guid) if _GLOBAL.match(guid) else _hash("guid", source.id, guid)


def _visit(entry: Entry, source: Source) -> bytes | None:
    """What stays of an entry whose address changes at each visit: its path, its title, its minute. A day alone would make one of two notices."""
    path, query, _ = urls.key(entry.url or "").partition("?")
    if not query or not entry.title or entry.published is None or entry.precision not in ("minute", "second"):
        return None
    return _hash("visit", source.id, path, entry.title, entry.published.astimezone(UTC).isoformat())


def _text(entry: Entry, source: Source) -> bytes:
    return _hash("text", source.id, entry.title or "", entry.content or entry.summary or "")


def _hash(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=16).digest()
