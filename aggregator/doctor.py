"""Looks at an installation on behalf of its operator: each finding says what was looked at, how it is, and what to do where it is not well."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import socket
import ssl
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator import __version__, aside
from aggregator.config import Settings
from aggregator.config.database import doubt, file_of
from aggregator.errors import FetchError, StoreError, WrongClock
from aggregator.fetch import Fetcher, Response
from aggregator.run.once import fetcher_for
from aggregator.run.rounds import check_clock
from aggregator.store import Store
from aggregator.text.quantity import counted

_FREE = 500_000_000
"""Bytes of free disk below which it is getting tight; an article takes some 10 kB."""
_OLD = timedelta(days=30)
"""After which what a restore has put aside is hardly missed any more."""
_NAMED = 3
_FILES = 1024
_APART = timedelta(minutes=2)
"""By which our clock and those of web servers may differ."""
_ASKED = 3
"""Hosts of sources that are looked up, and asked for the time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``state``: "bad" is what keeps something from working; "odd" what will sooner or later, or what others would expect."""

    subject: str
    state: Literal["well", "odd", "bad"]
    said: str
    remedy: str | None = None


def _well(subject: str, said: str) -> Finding:
    return Finding(subject, "well", said)


async def examine(settings: Settings, report: Callable[[Finding], None]) -> bool:
    """Look at everything, one after the other. Returns whether nothing is bad. Writes nothing that stays; asks a few sources for their page."""
    well = True
    for look in _LOOKS:
        for finding in await asyncio.to_thread(lambda each: list(each(settings)), look):
            report(finding)
            well = well and finding.state != "bad"
    async with fetcher_for(settings) as fetcher:
        for ask in (_network, _public):
            for finding in await ask(settings, fetcher):
                report(finding)
                well = well and finding.state != "bad"
    return well


# --- this machine --------------------------------------------------------------------------------------------------------------------


def _program(_: Settings) -> Iterator[Finding]:
    yield _well("program", f"aggregator {__version__}, Python {sys.version.split()[0]}")


_ZONES = 3
"""Named, those of the most sources first."""


def _zones(settings: Settings) -> Iterator[Finding]:
    named = Counter(source.timezone for source in settings.sources.values() if source.timezone)
    try:
        for zone in sorted({*named, "Asia/Shanghai"}):
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        yield Finding("time zones", "bad", f"not known here: {error}", "pip install tzdata, or the system's package of that name")
        return
    most = ", ".join(zone for zone, _ in named.most_common(_ZONES))
    more = f" and {len(named) - _ZONES} more" if len(named) > _ZONES else ""
    yield _well(
        "time zones",
        f"all that sources name are known: {most}{more}" if named else "known; no source names one, so dates without an offset are UTC",
    )


def _clock(_: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    try:
        check_clock(now)
    except WrongClock as error:
        yield Finding("clock", "bad", error.message, error.remedy)
        return
    yield _well("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _rights(settings: Settings) -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield Finding("user", "odd", "this runs as root", "run it as a user of its own: docs/deploy.md has a unit for systemd")
    writable = os.access(settings.directory, os.W_OK)
    polled = len({source.university for source in settings.sources.values() if source.university})
    said = "can be written" if writable else "can only be read: `aggregator add` and the pages for editing cannot change it"
    yield _well(
        "configuration",
        f"{settings.directory} {said}; {counted(len(settings.sources), 'source')} of {counted(polled, 'university', 'universities')}",
    )
    if not settings.sources:
        yield Finding("sources", "odd", "there are none", "aggregator add https://www.your-university.edu")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = _folder(settings)
    if folder is None:
        return
    place = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(place).free
    if free < _FREE:
        yield Finding(
            "disk", "odd", f"{free // 10**6:,} MB are free at {place}", "make room; nothing that is stored is lost when it is full"
        )
    else:
        yield _well("disk", f"{free // 10**6:,} MB are free at {place}")


def _database(settings: Settings) -> Iterator[Finding]:
    if (odd := doubt(settings.database)) is not None:
        yield Finding("database", "odd", *odd)
    try:
        with Store.open(settings.database) as store:
            store.release(owner="doctor")  # writes nothing, but as one who may
            yield _well("database", f"{store.place}: {counted(store.count(), 'article')}, revision {store.revision():,}")
    except StoreError as error:
        yield Finding("database", "bad", error.message, error.remedy)


def _aside(settings: Settings) -> Iterator[Finding]:
    """What restores have put aside, which nobody misses until the disk is full."""
    database = file_of(settings.database)
    if database is None:
        return
    try:
        those = aside.found(database.absolute())
    except OSError as error:
        yield Finding("put aside", "odd", f"{error.filename}: {error.strerror}", "check the rights of this file")
        return
    if those:
        size = sum(each.size for each in those)
        said = f"{counted(len(those), 'database')} put aside by restores, {size:,} bytes: {', '.join(str(each.path) for each in those[:_NAMED])}"
        old = datetime.now(UTC) - those[0].since > _OLD
        yield Finding("put aside", "odd" if old else "well", said, "aggregator restore --tidy 30" if old else None)


def _files(settings: Settings) -> Iterator[Finding]:
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft != resource.RLIM_INFINITY and soft < _FILES:
        said = f"{soft} may be open at a time; {settings.fetch.concurrency} requests at a time are wanted"
        yield Finding("files", "odd", said, "raise the limit: LimitNOFILE= in the unit, ulimit -n in a shell")
    else:
        yield _well("files", f"{'any number' if soft == resource.RLIM_INFINITY else soft} may be open at a time")


def _certificates(_: Settings) -> Iterator[Finding]:
    known = ssl.create_default_context().cert_store_stats()["x509_ca"]
    if not known:
        place = ssl.get_default_verify_paths().openssl_cafile
        yield Finding(
            "TLS", "bad", f"no authorities are known ({place})", "install the package ca-certificates; https:// does not work without"
        )
        return
    yield _well("TLS", f"{ssl.OPENSSL_VERSION}, {known} authorities")


def _contact(settings: Settings) -> Iterator[Finding]:
    if settings.fetch.contact is None:
        remedy = "set fetch.contact to a mailto: or https: address; it stands in the User-Agent"
        yield Finding("contact", "odd", "site owners cannot reach you", remedy)
    else:
        yield _well("contact", settings.fetch.contact)


def _folder(settings: Settings) -> Path | None:
    """Of the database; None: it is on a server."""
    path = file_of(settings.database)
    return path.absolute().parent if path else None


_LOOKS = (_program, _zones, _clock, _rights, _disk, _database, _aside, _files, _certificates, _contact)


# --- the network ---------------------------------------------------------------------------------------------------------------------


async def _network(settings: Settings, fetcher: Fetcher) -> list[Finding]:
    """Names, connections, and what time others think it is."""
    hosts: dict[str, str] = {}
    for source in settings.sources.values():
        hosts.setdefault(urlsplit(source.url).hostname or "", source.url)
    found: list[Finding] = []
    for host, url in islice(hosts.items(), _ASKED):
        try:
            await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            found.append(
                Finding("DNS", "bad", f"{host} cannot be looked up: {error}", "check /etc/resolv.conf and the network of this machine")
            )
            continue
        try:
            response = await fetcher.fetch(url)
        except FetchError as error:
            found.append(Finding("network", "odd", error.message, error.remedy))
            continue
        found.append(_time_of(host, response) or _well("network", f"{host} answers"))
    return found


def _time_of(host: str, response: Response) -> Finding | None:
    """Where its clock and ours differ; None: they do not, or it does not say."""
    said = response.page.headers.get("date") if response.page else None
    try:
        theirs = parsedate_to_datetime(said) if said else None
    except ValueError:
        return None
    apart = abs(datetime.now(UTC) - theirs) if theirs and theirs.tzinfo else timedelta()
    if apart <= _APART or "age" in (response.page.headers if response.page else {}):
        return None
    return Finding(
        "clock", "odd", f"{host} says {said}, {apart} from ours", "let the time of this machine be set: timedatectl set-ntp true"
    )


async def _public(settings: Settings, fetcher: Fetcher) -> list[Finding]:
    address = settings.site.url
    if settings.site.is_local:
        said = f"{address} is for this machine alone"
        return [Finding("public address", "odd", said, "set site.url to what subscribers see; every link in feeds begins with it")]
    try:
        response = await fetcher.fetch(f"{address.rstrip('/')}/healthz", accept="application/json", despite_robots=True)
    except FetchError as error:
        return [Finding("public address", "odd", f"{error.message}", "start the daemon and the web server in front of it, and look again")]
    ours = response.page is not None and b'"last_tick"' in response.page.body
    if not ours:
        return [
            Finding("public address", "bad", f"{address} is answered by something else", "check the web server in front: docs/deploy.md")
        ]
    return [_well("public address", f"{address} answers, and it is us")]
