"""The site as a folder of files, at paths that any web server finds: feeds with the same bytes as served, pages without what needs an answer.

    /                    index.html
    /universities/ID     universities/ID/index.html, beside universities/ID.rss
    /feeds/all.rss       feeds/all.rss
    anything else        404.html

What the clock or a question decides (/status, /healthz, /search, the feed builder) has no file. ``.aggregator-manifest.json`` lists what we wrote;
nothing else in the folder is ever removed.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aggregator import files
from aggregator.errors import PublishError
from aggregator.serve.site import Site

MANIFEST = ".aggregator-manifest.json"
_MISSING = "404.html"

_PART = re.compile(r"\.(.+)\.[a-z0-9_]{8}")
_REMEDIES: Mapping[int, str] = {
    errno.ENOSPC: "free some space and publish again; the files written so far are whole",
    errno.EDQUOT: "free some space and publish again; the files written so far are whole",
    errno.EACCES: "let this account write there, or publish to another directory",
    errno.EPERM: "let this account write there, or publish to another directory",
    errno.EROFS: "publish to a directory that can be written",
    errno.ENOTDIR: "move the file that stands where a directory is needed",
    errno.EEXIST: "move the file that stands where a directory is needed",
    errno.EISDIR: "move the directory that stands where a file is needed",
    errno.ENAMETOOLONG: "publish to a directory with a shorter path",
}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How many files there were to write, to leave as they were, and to remove."""

    written: int
    unchanged: int
    removed: int


def export(site: Site, directory: Path) -> ExportReport:
    """Bring ``directory`` up to date with ``site``. Each file is replaced as a whole; killed anywhere, the next run finishes the work.

    Raises StoreError, and PublishError with the path and what to try next.
    """
    site = replace(site, still=True)
    addresses = {_path(address): address for address in site.addresses()}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        old = _listed(directory)
        _sweep(directory, old)
        _list(directory, old | addresses.keys() | {_MISSING})
        written = {path: files.write(directory / path, body) for path, body in _documents(site, addresses)}
        removed = sum([_remove(directory, path) for path in sorted(old - written.keys())])
        _list(directory, written)
    except OSError as error:
        place = error.filename or directory
        raise PublishError(f"cannot write {place}: {error.strerror or error}", remedy=_REMEDIES.get(error.errno or 0)) from error
    return ExportReport(sum(written.values()), len(written) - sum(written.values()), removed)


def _documents(site: Site, addresses: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for path, address in addresses.items():
        if resource := site.find(address):
            yield path, resource.body
    yield _MISSING, site.missing().body


def _path(address: str) -> str:
    return f"{address}index.html".removeprefix("/") if address.endswith("/") else address.removeprefix("/")


def _listed(directory: Path) -> set[str]:
    """The files that we wrote before. A manifest that is not ours to read, or leads out of the folder, lists nothing."""
    try:
        listed = json.loads((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return set()
    names = listed.get("files") if isinstance(listed, dict) else None
    return {name for name in names if isinstance(name, str) and _inside(name)} if isinstance(names, list) else set()


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _list(directory: Path, names: Iterable[str]) -> None:
    files.write(directory / MANIFEST, json.dumps({"files": sorted(names)}, indent=0).encode())


def _sweep(directory: Path, listed: Iterable[str]) -> None:
    """Remove what a killed run left half written: ``files.write`` names it after the file that it was to become."""
    ours: dict[Path, set[str]] = {}
    for name in (*listed, MANIFEST):
        path = directory / name
        ours.setdefault(path.parent, set()).add(path.name[:60])
    for folder, names in ours.items():
        for left in folder.glob(".*") if folder.is_dir() else ():
            match = _PART.fullmatch(left.name)
            if match and match[1] in names:
                left.unlink(missing_ok=True)


def _remove(directory: Path, name: str) -> bool:
    """Remove one of our files, and the directories that it leaves empty."""
    path = directory / name
    existed = path.is_file()
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == directory or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()
    return existed
