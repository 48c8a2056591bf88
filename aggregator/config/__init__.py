"""config/ and the environment → Settings: the universities, their sources, the feeds to publish, and how to behave.

    config/aggregator.yaml            settings; every key optional
    config/universities/ID.yaml       one university and its sources
    config/gazetteer.tsv              universities imported from public lists, for mentions
    AGGREGATOR_SECTION_KEY=…          overrides a setting, e.g. AGGREGATOR_FETCH_HOST_GAP=5s

All that is wrong is reported at once, with file, line, key, value, what was expected, and the nearest key that exists.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aggregator import query
from aggregator.config import meant
from aggregator.config.problems import explain
from aggregator.config.reading import load_yaml
from aggregator.config.schema import (
    NAME,
    DeskFile,
    FeedFile,
    FetchFile,
    LogFile,
    MailFile,
    NewsletterFile,
    NotifyFile,
    PollFile,
    PublishFile,
    SettingsFile,
    SiteFile,
    SourceFile,
    UniversityFile,
)
from aggregator.config.spots import line_of
from aggregator.errors import ConfigError, Problem, QueryError, UnknownUniversity
from aggregator.model import Keep, Selectors, Source, University
from aggregator.refine.registry import Directory, Registry, configured
from aggregator.text import urls
from aggregator.text.quantity import span

__all__ = [
    "DeskFile",
    "FeedFile",
    "FetchFile",
    "LogFile",
    "MailFile",
    "NewsletterFile",
    "NotifyFile",
    "PollFile",
    "PublishFile",
    "Settings",
    "SettingsFile",
    "SiteFile",
    "SourceFile",
    "UniversityFile",
    "load",
    "parse_source",
]

OWN_HUB = "/hub"
SETTINGS = "aggregator.yaml"
UNIVERSITIES = "universities"
WIRE = "topic:news,research"
"""What the feed ``all`` and the front page show. The rest, from notices to tenders, is in the feed ``everything``."""
GAZETTEER = "gazetteer.tsv"
_PREFIX = "AGGREGATOR_"
_NOT_OURS = ("AGGREGATOR_TEST_", "AGGREGATOR_CONFIG")
"""Variables of the test suite and of the command line."""


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A feed at ``/feeds/NAME``: the newest ``limit`` articles that answer ``where``."""

    name: str
    title: str
    where: str
    limit: int


@dataclass(frozen=True, slots=True)
class PublicSite:
    """``url`` has no final slash."""

    title: str
    url: str
    language: str = "en"

    @property
    def is_local(self) -> bool:
        """Whether its address leads to the machine of who reads it, and to no other one."""
        host = urlsplit(self.url).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A feed or newsletter asks for a university that is not configured: whether it ever was, only the database knows (``former.resolve``)."""

    name: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration that is valid as a whole."""

    directory: Path
    database: str
    """An SQLAlchemy URL."""
    site: PublicSite
    host: str
    port: int
    fetch: FetchFile
    poll: PollFile
    feeds: tuple[PublishedFeed, ...]
    """``all`` first, then ``everything`` unless the configuration has its own."""
    universities: Mapping[str, University]
    sources: Mapping[str, Source]
    """Those that are polled."""
    offered: Mapping[str, Source] = field(default_factory=dict)
    """Those of universities that are known but not enabled."""
    log: LogFile = field(default_factory=LogFile)
    keep: Keep = field(default_factory=Keep)
    """Of sources that say nothing else, and of those that have left the configuration."""
    mail: MailFile = field(default_factory=MailFile)
    notify: NotifyFile = field(default_factory=NotifyFile)
    newsletters: tuple[NewsletterFile, ...] = ()
    desk: DeskFile = field(default_factory=DeskFile)
    publish: PublishFile = field(default_factory=PublishFile)
    doubts: tuple[Doubt, ...] = ()
    hub: str | None = None
    """Where feeds can be subscribed to (WebSub): our own hub, which is ``OWN_HUB`` of the site, or another one; None: nowhere."""

    @property
    def has_own_hub(self) -> bool:
        return self.hub == f"{self.site.url}{OWN_HUB}"

    @property
    def registry(self) -> Registry:
        """The universities that articles may name, beyond those that come with the program."""
        return _registry(self.directory, self.universities)


def _registry(directory: Path, universities: Mapping[str, University]) -> Registry:
    imported = directory / GAZETTEER
    found = _version(imported, imported.stat().st_mtime_ns) if imported.is_file() else 0
    return Registry(configured(universities.values()), str(imported) if found else None, found)


@lru_cache(maxsize=8)
def _version(path: Path, _changed: int) -> int:
    """Of what is written there: the same on every machine that has the same file."""
    return int.from_bytes(blake2b(path.read_bytes(), digest_size=6).digest(), "big")


def load(directory: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The configuration in ``directory``. Raises ConfigError with every problem in it."""
    try:
        _check_place(directory)
    except PermissionError as error:
        raise ConfigError([Problem(str(directory), None, "", f"cannot be read: {error.strerror}")], remedy=_RIGHTS) from error
    problems: list[Problem] = []
    path = directory / SETTINGS
    data = _settings_data(path, environment, problems)
    file = (
        explain(SettingsFile, data, path, problems, environment={place: name for place, name in _VARIABLES.items() if name in environment})
        or SettingsFile()
    )
    universities, sources = _universities(directory / UNIVERSITIES, file.poll.at_least, problems)
    known = Directory(_registry(directory, universities))
    doubts = [
        doubt
        for section in ("feeds", "newsletters")
        for doubt in _check_feeds(path, data.get(section), universities, known, problems, section=section)
    ]
    if problems:
        raise ConfigError(
            problems, remedy='"aggregator check" looks again; docs/configuration.md and the schema/ folder describe every key'
        )
    return replace(_assemble(directory, file, universities, sources), doubts=tuple(doubts))


def _check_place(directory: Path) -> None:
    """Raises ConfigError where something else was named than the folder of a configuration."""
    if directory.is_file():
        around = directory.parent.parent if directory.parent.name == UNIVERSITIES else directory.parent
        told, remedy = "is a file; a configuration is a folder", f"name its folder: --config {around}"
    elif not directory.is_dir():
        told, remedy = "there is no such directory", f'"aggregator init {directory}" writes a starting configuration'
    elif directory.name == UNIVERSITIES and (directory.parent / SETTINGS).is_file() and not (directory / SETTINGS).exists():
        told, remedy = "holds universities, and is a part of a configuration", f"name the folder around it: --config {directory.parent}"
    else:
        _check_rights(directory)
        return
    raise ConfigError([Problem(str(directory), None, "", told)], remedy=remedy)


_RIGHTS = "check the rights of the folder, and of those around it"


def _check_rights(directory: Path) -> None:
    """Raises ConfigError where a folder cannot be listed. It would look as if it were empty, and a daemon would let all sources rest."""
    for folder in (directory, directory / UNIVERSITIES):
        try:
            deque(folder.iterdir(), maxlen=0)
            (folder / SETTINGS).exists()  # may what is listed be opened?
        except FileNotFoundError:
            continue
        except OSError as error:
            problem = Problem(str(folder), None, "", f"cannot be read: {error.strerror}")
            raise ConfigError([problem], remedy=_RIGHTS) from error


def defaults(directory: Path) -> Settings:
    """What holds where there is no configuration at all."""
    return _assemble(directory, SettingsFile(), {}, {})


def _assemble(directory: Path, file: SettingsFile, universities: Mapping[str, University], sources: Mapping[str, Source]) -> Settings:
    named = [PublishedFeed(feed.name, feed.title or feed.name, feed.where, feed.limit) for feed in file.feeds]
    built_in = (PublishedFeed("all", file.site.title, WIRE, 100), PublishedFeed("everything", f"{file.site.title}: everything", "", 100))
    taken = {feed.name for feed in named}
    return Settings(
        directory=directory,
        database=file.database,
        site=PublicSite(file.site.title, file.site.url or f"http://{reachable(file.host)}:{file.port}", file.site.language),
        host=file.host,
        port=file.port,
        fetch=file.fetch,
        poll=file.poll,
        log=file.log,
        keep=file.keep.rule(),
        mail=file.mail,
        notify=file.notify,
        newsletters=tuple(file.newsletters),
        desk=file.desk,
        feeds=(*(feed for feed in built_in if feed.name not in taken), *named),
        universities=universities,
        sources={id: source for id, source in sources.items() if _enabled(source, universities)},
        publish=file.publish,
        hub=_hub(file),
        offered={id: source for id, source in sources.items() if not _enabled(source, universities)},
    )


def _enabled(source: Source, universities: Mapping[str, University]) -> bool:
    return source.university is None or universities[source.university].enabled


def _hub(file: SettingsFile) -> str | None:
    """Nobody else could reach a hub of our own at an address that is not public."""
    chosen = file.publish.hub
    if isinstance(chosen, str):
        return chosen
    return f"{file.site.url}{OWN_HUB}" if chosen and file.site.url else None


def _variable_meant(name: str, known: Collection[str]) -> str | None:
    place = meant.place(name.removeprefix(_PREFIX), SettingsFile.model_fields)
    told = f"{_PREFIX}{place.replace('.', '_').upper()}" if place else ""
    return told if told in known else next(iter(get_close_matches(name, known, 1)), None)


def reachable(host: str) -> str:
    """How a program on this machine reaches a server that listens on ``host``, as it is written in an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"[{host}]" if ":" in host else host


def _settings_data(path: Path, environment: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
    """What the file says, under what the environment says."""
    data = load_yaml(path, problems) if path.exists() else {}
    if not isinstance(data, dict):
        problems.extend([] if data is None else [Problem(str(path), 1, "", "expected keys and values, one a line, such as port: 8000")])
        data = {}
    known = {name: place for place, name in _VARIABLES.items()}
    for name in sorted(name for name in environment if name.startswith(_PREFIX) and not name.startswith(_NOT_OURS)):
        if name not in known:
            near = _variable_meant(name, known)
            problems.append(
                Problem(
                    "environment",
                    None,
                    name,
                    "no such setting; " + (f"did you mean {near}?" if near else f"there are {', '.join(known)}"),
                )
            )
            continue
        *section, key = known[name]
        target: Any = data
        for part in section:
            held = target.get(part)
            target[part] = target = dict(held or {}) if isinstance(held, (dict, type(None))) else held
        if isinstance(target, dict):
            target[key] = environment[name]
    return data


def _variables() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every setting that the environment can override, which is all but lists, with the name of its variable."""
    for key, told in SettingsFile.model_fields.items():
        inner = getattr(told.annotation, "model_fields", None)
        if key not in ("feeds", "newsletters"):
            for place in [(key, name) for name in inner] if inner else [(key,)]:
                yield place, _PREFIX + "_".join(place).upper()


_VARIABLES: Final[dict[tuple[str | int, ...], str]] = dict(_variables())


def _universities(folder: Path, at_least: timedelta, problems: list[Problem]) -> tuple[dict[str, University], dict[str, Source]]:
    universities: dict[str, University] = {}
    sources: dict[str, Source] = {}
    places: dict[str, str] = {}
    _check_names(folder, problems)
    for path in sorted([*folder.glob("[!.]*.yaml"), *folder.glob("[!.]*.yml")]):  # an editor's lock (.#hit.yaml) is no university
        data = load_yaml(path, problems)
        file = explain(UniversityFile, data, path, problems) if data is not None else None
        if file is None:
            continue
        university = _university(path.stem, file)
        if university.id in universities:
            problems.append(Problem(str(path), None, "", f"the university {university.id} has a second file"))
        universities[university.id] = university
        for number, each in enumerate(file.sources):
            source = parse_source(each, university)
            key = f"sources[{number}]"
            for identity in (source.id, urls.key(source.url)):
                if identity in places:
                    line = line_of(path, ("sources", number))
                    problems.append(
                        Problem(
                            str(path),
                            line,
                            key,
                            f"{source.url} is the same source as {places[identity]}; each is polled once, for one university",
                        )
                    )
                    break
            if source.every is not None and source.every < at_least:
                line = line_of(path, ("sources", number, "every"))
                problems.append(
                    Problem(
                        str(path),
                        line,
                        f"{key}.every",
                        f"{span(source.every)} is shorter than poll.at_least, {span(at_least)}, which holds for all: lengthen this, or shorten that in aggregator.yaml",
                    )
                )
            sources[source.id] = source
            places |= dict.fromkeys((source.id, urls.key(source.url)), f"{key} of {path.name}")
    return universities, sources


def _check_names(folder: Path, problems: list[Problem]) -> None:
    """Files that were meant to be read and would not be."""
    problems.extend(
        Problem(str(other), None, "", f"is not read: files of universities stand in {UNIVERSITIES}/")
        for other in sorted(folder.parent.iterdir())
        if other != folder and get_close_matches(other.name.lower(), [UNIVERSITIES], 1, 0.7) and any(other.glob("*.y*ml"))
    )
    for path in sorted([*folder.glob("*"), *folder.parent.glob("*")]):
        name = path.name.lower()
        stem, dot, ending = name.rpartition(".")
        if name.startswith(".") or not path.is_file() or ending not in ("yaml", "yml", "txt") or (ending == "txt" and ".y" not in stem):
            continue
        if path.parent == folder.parent and path.name != SETTINGS:
            problems.append(Problem(str(path), None, "", f"is not read: settings stand in {SETTINGS}, universities in {UNIVERSITIES}/"))
        elif path.parent == folder and not path.name.endswith((".yaml", ".yml")):
            problems.append(
                Problem(str(path), None, "", f"is not read: name it {stem.removesuffix('.yaml').removesuffix('.yml')}{dot}yaml")
            )
        elif path.parent == folder and not re.fullmatch(NAME, path.stem):
            expected = "expected small letters, digits, dots and dashes in the name of the file"
            problems.append(Problem(str(path), None, "", f'"{path.stem}" cannot be an id: {expected}'))


def _university(id: str, file: UniversityFile) -> University:
    return University(
        id=id,
        name=file.name,
        names=dict(file.names),
        aliases=tuple(file.aliases),
        country=file.country,
        city=file.city,
        timezone=file.timezone,
        ror=file.ror,
        home=file.home,
        enabled=file.enabled,
        keep=file.keep.rule() if file.keep else None,
    )


def parse_source(file: SourceFile, university: University) -> Source:
    """The source of one entry under ``sources:``; what it does not say comes from its university."""
    selectors = (
        Selectors(
            items=file.items,
            title=file.item_title,
            link=file.item_link,
            date=file.item_date,
            summary=file.item_summary,
            image=file.item_image,
        )
        if file.items
        else None
    )
    return Source(
        id=file.id or f"{university.id}/{urls.key(file.url)}"[:200],
        url=file.url,
        kind=file.kind,
        language=file.language,
        timezone=file.timezone or university.timezone,
        country=university.country,
        university=university.id,
        title=file.title or university.name,
        selectors=selectors,
        article=file.article,
        full_text=file.full_text,
        every=file.every,
        ignore_robots=file.ignore_robots,
        topic=file.topic,
        paused=file.paused,
        verified=file.verified,
        keep=file.keep.rule() if file.keep else university.keep,
    )


def _check_feeds(
    path: Path, feeds: Any, universities: Mapping[str, University], known: Directory, problems: list[Problem], *, section: str
) -> Iterator[Doubt]:
    """Names must differ and queries must be understood. Looks at the data as it stands, so that one wrong feed does not hide what is wrong in another."""
    names = {"all"} if section == "feeds" else set()
    for number, feed in enumerate(feeds if isinstance(feeds, list) else []):
        name, where = (feed.get("name"), feed.get("where")) if isinstance(feed, dict) else (None, None)
        if isinstance(name, str) and name in names:
            line = line_of(path, (section, number, "name"))
            problems.append(Problem(str(path), line, f"{section}[{number}].name", f'"{name}" is taken; each feed needs a name of its own'))
        names.add(str(name))
        for error in _misunderstood(where if isinstance(where, str) else "", universities, known):
            line = line_of(path, (section, number, "where"))
            remedy = f"; {error.remedy}" if error.remedy else ""
            told = f"{error.message} (character {error.position + 1} of {where!r}){remedy}"
            problem = Problem(str(path), line, f"{section}[{number}].where", told)
            if isinstance(error, UnknownUniversity):
                yield Doubt(error.name, problem)
            else:
                problems.append(problem)


def _misunderstood(where: str, universities: Mapping[str, University], known: Directory) -> Iterator[QueryError]:
    """Every university that nobody knows, and what else is wrong first."""
    while True:
        try:
            query.parse(where, universities, known)
        except QueryError as error:
            yield error
            if not isinstance(error, UnknownUniversity):
                return
            universities = {**universities, error.name: University(error.name, error.name)}
        else:
            return


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) of both kinds of file, by the name of the schema file: editors complete and check with it."""
    return {
        "aggregator.json": SettingsFile.model_json_schema()
        | {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "config/aggregator.yaml"},
        "university.json": UniversityFile.model_json_schema()
        | {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "config/universities/*.yaml"},
    }
