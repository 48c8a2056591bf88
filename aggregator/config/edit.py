"""Writing into config/ as a careful person would: what is not changed stays as it stands, line by line; of what is, comments, order and quotes."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tldextract
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from aggregator import files
from aggregator.config import UNIVERSITIES, Settings
from aggregator.config.spots import Indents, indents
from aggregator.errors import ConfigError, Problem
from aggregator.model import Source
from aggregator.text import urls

_domains = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
"""Knows which part of a host a site owns, from the list that comes with the package: no network."""


_OURS = Indents(mapping=2, sequence=4, dash=2)
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Addition:
    """A source to be written: its keys as they stand in the file, and whose it is."""

    university: str
    """Id, and so the name of the file."""
    name: str
    """Of the university, where its file must be made."""
    home: str | None
    source: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the university, where its file must be made."""


def university_of(url: str, settings: Settings) -> str | None:
    """The configured university on whose site ``url`` is; None where there is none."""
    site = site_of(url)
    for university in settings.universities.values():
        if university.home and site_of(university.home) == site:
            return university.id
    return next((source.university for source in settings.sources.values() if site_of(source.url) == site), None)


def site_of(url: str) -> str:
    """The part of the host that one owner registered: ``hit.edu.cn`` of ``http://en.hit.edu.cn/news``; an IP address is itself."""
    host = urls.host(url).rpartition(":")[0] or urls.host(url)
    return _domains(host).top_domain_under_public_suffix or host


def names_a_host(text: str) -> bool:
    """Whether ``text``, which has no scheme, begins with a host on the internet or on this machine: ``www.hit.edu.cn/news``, but not ``feed.xml``."""
    host = urls.host(f"https://{text}").partition(":")[0]
    parts = _domains(host)
    return host == "localhost" or bool(parts.domain and (parts.suffix or parts.ipv4))


def id_of(url: str) -> str:
    """A short id for a new university: ``hit`` for hit.edu.cn."""
    site = site_of(url)
    label = _domains(site).domain if re.search("[a-z]", site) else site
    return slug(label or site) or "site"


def slug(text: str) -> str:
    """Small letters, digits and dashes of ``text``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def add(directory: Path, additions: Iterable[Addition], *, check: Callable[[], object]) -> tuple[Path, ...]:
    """Write sources into their universities' files, which are made where they are missing. Returns the files that changed.

    Raises ConfigError, and then everything is as it was, where a file cannot be read or written, or where ``check`` raises it afterwards.
    """
    changed: dict[Path, CommentedMap] = {}
    for each in additions:
        path = _file(directory, each.university)
        data = changed.get(path)
        if data is None:
            data = changed[path] = _read(path) if path.exists() else _new(each)
        if not data.get("sources"):
            data["sources"] = CommentedSeq()
        data["sources"].append(CommentedMap(each.source))
        if data.get("enabled") is False:
            data["enabled"] = True  # who adds a source wants it to be polled
    return _replace(changed, check)


def enable(directory: Path, universities: Iterable[str], *, on: bool, check: Callable[[], object]) -> tuple[Path, ...]:
    """Turn universities on or off. Returns the files that changed; those that stood so already do not. Raises ConfigError as ``add``."""
    changed: dict[Path, CommentedMap] = {}
    for university in universities:
        path = _file(directory, university)
        data = _read(path)
        if data.get("enabled", True) is on:
            continue
        if "enabled" in data or "sources" not in data:
            data["enabled"] = on
        else:
            data.insert(list(data).index("sources"), "enabled", on)
        changed[path] = data
    return _replace(changed, check)


def amend(directory: Path, university: str, changes: Mapping[str, Mapping[str, Any]], *, check: Callable[[], object]) -> tuple[Path, ...]:
    """Set keys of a university's sources, which ``changes`` names by their addresses. Returns the files that changed; raises ConfigError as ``add``."""
    path = _file(directory, university)
    data = _read(path)
    for source in data.get("sources") or ():
        source.update(changes.get(str(source.get("url")).strip(), {}))
    return _replace({path: data}, check)


def pause(directory: Path, source: Source, *, on: bool, check: Callable[[], object]) -> tuple[Path, ...]:
    """Have a source left alone, or polled again. Returns the files that changed, none where it stood so already. Raises ConfigError as ``add``."""
    path = _file(directory, source.university or "")
    data = _read(path)
    here = next((each for each in data.get("sources") or () if urls.key(str(each.get("url")).strip()) == urls.key(source.url)), None)
    if here is None or bool(here.get("paused")) is on:
        return ()
    if on:
        _put(here, "paused", True)
    else:
        _take(here, "paused")
    return _replace({path: data}, check)


def _put(here: CommentedMap, key: str, value: object) -> None:
    """At the end, or before the last key where a comment follows that: it may be about what comes next."""
    here.insert(len(here) - (list(here)[-1] in here.ca.items), key, value)


def _take(here: CommentedMap, key: str) -> None:
    """A comment that follows it goes to the key before, or stays away where that has one."""
    *before, _ = list(here)[: list(here).index(key) + 1]
    comment = here.ca.items.pop(key, None)
    del here[key]
    if comment and before:
        here.ca.items.setdefault(before[-1], comment)


def _replace(changed: Mapping[Path, CommentedMap], check: Callable[[], object]) -> tuple[Path, ...]:
    """Write all files, or none where one cannot be written, ``check`` raises ConfigError, or somebody ends it."""
    before = {path: path.read_bytes() if path.is_file() else None for path in changed}
    try:
        for path, data in changed.items():
            _write(path, data)
        check()
    except BaseException:
        for path, content in before.items():
            if content is not None:
                files.write(path, content)
            elif path.is_file():
                path.unlink()
        raise
    return tuple(changed)


def _write(path: Path, data: CommentedMap) -> None:
    """With the line ends and the mark (BOM) that the file has: editors of Windows write both."""
    try:
        before = path.read_bytes().decode() if path.exists() else ""
        plain = before.removeprefix(_MARK).replace("\r\n", "\n")
        text = _amended(plain, data) if before else _dumped(data, _OURS)
        if before.count("\r\n") * 2 > before.count("\n"):
            text = text.replace("\n", "\r\n")
        files.write(path, ((_MARK if before.startswith(_MARK) else "") + text).encode())
    except OSError as error:
        raise ConfigError(
            [Problem(str(path), None, "", f"cannot be written: {error.strerror}")], remedy="check the rights of the folder"
        ) from error


def _amended(text: str, data: CommentedMap) -> str:
    """``text`` where only those lines are written anew that say something else in ``data``."""
    text = text if text.endswith("\n") else f"{text}\n"
    before = _yaml().load(text)
    if not isinstance(before, CommentedMap):
        return _dumped(data, _OURS)
    manner = indents(text, _OURS)
    plain, wanted = _dumped(before, manner), _dumped(data, manner)
    if plain == text:
        return wanted
    merged = "".join(_merged(*(each.splitlines(keepends=True) for each in (text, plain, wanted))))
    return merged if _says(merged) == _says(wanted) else wanted


def _merged(own: Sequence[str], plain: Sequence[str], wanted: Sequence[str]) -> Iterator[str]:
    """``own`` with what is different in ``wanted`` from ``plain``, which is the same as ``own`` said otherwise: a merge of three sides, line by line."""
    ours, theirs = dict(_matching(plain, own)), dict(_matching(plain, wanted))
    x = y = z = 0
    for line in sorted(ours.keys() & theirs.keys()):
        yield from _piece(own[x : ours[line]], plain[y:line], wanted[z : theirs[line]])
        yield own[ours[line]]
        x, y, z = ours[line] + 1, line + 1, theirs[line] + 1
    yield from _piece(own[x:], plain[y:], wanted[z:])


def _piece(own: Sequence[str], plain: Sequence[str], wanted: Sequence[str]) -> Sequence[str]:
    if wanted[: len(plain)] == plain:  # nothing is different, or something has come behind it
        return [*own, *wanted[len(plain) :]]
    return wanted


def _matching(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that both have, in order. What is the same at the beginning and at the end is no question, which would take the square of the time."""
    most = min(len(one), len(other))
    head = next((line for line in range(most) if one[line] != other[line]), most)
    tail = next((line for line in range(most - head) if one[-1 - line] != other[-1 - line]), most - head)
    yield from ((line, line) for line in range(head))
    between = _matcher(one[head : len(one) - tail], other[head : len(other) - tail])
    for start, place, length in between.get_matching_blocks():
        yield from ((head + start + number, head + place + number) for number in range(length))
    yield from ((len(one) - line, len(other) - line) for line in range(tail, 0, -1))


def _matcher(one: Sequence[str], other: Sequence[str]) -> SequenceMatcher[str]:
    """Of long files, lines that stand there again and again are no places to begin at: they would be compared each with each."""
    return SequenceMatcher(None, one, other, autojunk=len(other) > _LONG)


_LONG = 400


def _says(text: str) -> object:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        return error


def offered(addresses: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """The universities that are not enabled and have a source at one of ``addresses``."""
    wanted = {urls.key(url) for url in addresses}
    return tuple(sorted({each.university for each in settings.offered.values() if each.university and urls.key(each.url) in wanted}))


def _file(directory: Path, university: str) -> Path:
    folder = directory / UNIVERSITIES
    other = folder / f"{university}.yml"
    return other if other.exists() else folder / f"{university}.yaml"


def _dumped(data: CommentedMap, manner: Indents) -> str:
    text = io.StringIO()
    _yaml(manner).dump(data, text)
    return text.getvalue()


def _yaml(manner: Indents = _OURS) -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.brace_single_entry_mapping_in_flow_sequence = True  # ``[{url: …}]`` stays so when a second key goes
    yaml.indent(mapping=manner.mapping, sequence=manner.sequence, offset=manner.dash)
    return yaml


def _read(path: Path) -> CommentedMap:
    try:
        data = _yaml().load(path.read_bytes().decode().removeprefix(_MARK).replace("\r\n", "\n"))
    except (OSError, YAMLError, ValueError) as error:
        raise ConfigError([Problem(str(path), None, "", f"cannot be read: {' '.join(str(error).split())[:200]}")]) from error
    return data if isinstance(data, CommentedMap) else CommentedMap()


def _new(addition: Addition) -> CommentedMap:
    data = CommentedMap({"name": addition.name, **addition.facts})
    if addition.home:
        data["home"] = addition.home
    return data
