"""Feeds that people bring along: whose each is, and what a university is called that is new here. Nothing is asked of the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aggregator.config import GAZETTEER, Settings
from aggregator.config.edit import Addition, id_of, site_of, slug
from aggregator.config.opml import Subscription
from aggregator.config.schema import NAME
from aggregator.errors import InputError
from aggregator.registries import Row, read
from aggregator.text import urls


def whose(site: str, directory: Path) -> Row | None:
    """The university that has a site, such as ``hit.edu.cn``: by the gazetteer that comes with the program, and by that of the configuration."""
    imported = directory / GAZETTEER
    return _packaged().get(site) or (_imported(imported, imported.stat().st_mtime_ns).get(site) if imported.is_file() else None)


def facts(row: Row | None) -> dict[str, Any]:
    """What is to be written into the file of a university that is known."""
    if row is None:
        return {}
    told = {"country": row.country, "timezone": row.timezone, "ror": f"https://ror.org/{row.ror}" if row.ror else ""}
    return {key: value for key, value in told.items() if value}


@lru_cache(maxsize=1)
def _packaged() -> Mapping[str, Row]:
    return _by_domain(read(files("aggregator").joinpath("data", "universities.tsv").read_text(encoding="utf-8"), "universities.tsv"))


@lru_cache(maxsize=1)
def _imported(path: Path, _changed: int) -> Mapping[str, Row]:
    """Of a file that is damaged nothing: who looks for names in articles says so."""
    try:
        return _by_domain(read(path.read_text(encoding="utf-8"), str(path)))
    except (InputError, OSError, ValueError):
        return {}


def _by_domain(rows: Iterable[Row]) -> Mapping[str, Row]:
    return {row.domain: row for row in rows if row.domain}


def additions_of(subscriptions: Iterable[Subscription], settings: Settings) -> tuple[Addition, ...]:
    """What an imported list of feeds adds: feeds that stand nowhere in the configuration yet, each with its university. That is the one that another installation
    of ours has it under, else the one on whose site it is.
    """
    held = {urls.key(source.url) for source in (*settings.sources.values(), *settings.offered.values())}
    together: dict[tuple[str | None, str], list[Subscription]] = {}
    shelves: dict[str, set[str]] = {}
    """Which sites stand in each folder."""
    for each in subscriptions:
        if urls.key(each.url) not in held:
            site = site_of(each.url)
            together.setdefault((each.university, "" if each.university else site), []).append(each)
            if each.group:
                shelves.setdefault(each.group, set()).add(site)
    ids = _Ids(settings)
    found: list[Addition] = []
    for (id, site), feeds in together.items():
        home = next((each.home for each in feeds if each.home), None)
        row = whose(site or site_of(home or feeds[0].url), settings.directory)
        name = (feeds[0].group or id) if id else _name(feeds, site, row, shelves)
        university = ids.of_another(id, name) if id else ids.of_site(site, feeds[0].url)
        found += [Addition(university, name, home, _keys(each, name), facts(row)) for each in feeds]
    return tuple(found)


def _name(feeds: list[Subscription], site: str, row: Row | None, shelves: Mapping[str, set[str]]) -> str:
    """A folder is a name for a university only where all its feeds are of that one site; else it is a shelf of the reader's. That of a single feed may be either."""
    folders = {each.group for each in feeds if each.group and shelves[each.group] == {site}}
    if len(folders) == 1 and (len(feeds) > 1 or row is None):
        return folders.pop()
    if row is not None:
        return row.name
    return feeds[0].title if len(feeds) == 1 and feeds[0].title else site


def _keys(each: Subscription, name: str) -> dict[str, str]:
    """What another installation says of the language of a source its operator has written; what other readers say, the feed has said itself."""
    told = {"title": each.title if each.title != name else "", "language": each.language if each.university else None}
    return {"url": each.url} | {key: value for key, value in told.items() if value}


class _Ids:
    """Of universities, those that are configured and those that are added."""

    def __init__(self, settings: Settings) -> None:
        self._taken = set(settings.universities)
        self._at = {site_of(address): id for id, address in _addresses(settings)}
        self._called = {_spelled(each.name): id for id, each in settings.universities.items()}

    def of_site(self, site: str, url: str) -> str:
        return self._at.get(site) or self._free(id_of(url))

    def of_another(self, id: str, name: str) -> str:
        """The one of that name here, or a new one, of that id unless it is taken."""
        return self._called.get(_spelled(name)) or self._free(id if re.fullmatch(NAME, id) else slug(name) or "site")

    def _free(self, id: str) -> str:
        found = next(
            name for number in range(1, len(self._taken) + 2) if (name := id if number == 1 else f"{id}-{number}") not in self._taken
        )
        self._taken.add(found)
        return found


def _spelled(name: str) -> str:
    return " ".join(name.casefold().split())


def _addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    for source in settings.sources.values():
        if source.university:
            yield source.university, source.url
    for university in settings.universities.values():
        if university.home:
            yield university.id, university.home
