"""The site as a folder of files, at paths that any web server finds: feeds with the same bytes as served, pages without what needs an answer.

    /                    index.html
    /universities/ID     universities/ID/index.html, beside universities/ID.rss
    /feeds/all.rss       feeds/all.rss
    anything else        404.html

What the clock or a question decides (/status, /healthz, /search, the feed builder, the API but for its three lists) has no file. ``.aggregator-manifest.json`` lists what we wrote;
nothing else in the folder is ever removed.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from aggregator import files
from aggregator.errors import PublishError
from aggregator.serve.renditions import pack
from aggregator.serve.site import Site

MANIFEST = ".aggregator-manifest.json"
_MISSING = "404.html"
_ENDINGS: Mapping[str, str] = {"gzip": ".gz", "br": ".br"}
"""Under which web servers look for a file that is packed already, by coding."""

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


def export(site: Site, directory: Path, *, relative: bool = False, compress: bool = False) -> ExportReport:
    """Bring ``directory`` up to date with ``site``. Each file is replaced as a whole; killed anywhere, the next run finishes the work. Pages of archives that
    say what they said are not even rendered.

    ``relative``: pages lead to each other wherever the folder stands; feeds keep their addresses. ``compress``: beside a file that gains by it stands the
    same in gzip and brotli, under its name and ``.gz`` or ``.br``. Raises StoreError, and PublishError with the path and what to try next.
    """
    site = replace(site, still=True)
    addresses = {_path(address): address for address in site.addresses()}
    stamps = {path: f"{stamp}{' packed' * compress}" for path, address in addresses.items() if (stamp := site.stamp(address))}
    root = urlsplit(site.settings.site.url).path if relative else None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        old, settled = _listed(directory)
        _sweep(directory, old)
        _list(directory, old | {name for path in (*addresses, _MISSING) for name in (path, *_packs(path))}, {})
        same = {path for path, stamp in stamps.items() if settled.get(path) == stamp and (directory / path).is_file()}
        written = {name: False for path in same for name in (path, *_packs(path)) if name in old}
        for path, body in _documents(site, {path: address for path, address in addresses.items() if path not in same}):
            shown = _relative(body, path, root) if root is not None else body
            for name, content in _files(path, shown, compress=compress):
                written[name] = files.write(directory / name, content)
        removed = sum([_remove(directory, path) for path in sorted(old - written.keys())])
        _list(directory, written, stamps)
    except OSError as error:
        place = error.filename or directory
        raise PublishError(f"cannot write {place}: {error.strerror or error}", remedy=_REMEDIES.get(error.errno or 0)) from error
    return ExportReport(sum(written.values()), len(written) - sum(written.values()), removed)


def _documents(site: Site, addresses: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for path, address in addresses.items():
        if resource := site.find(address):
            yield path, resource.body
    yield _MISSING, site.missing().body


def _files(path: str, body: bytes, *, compress: bool) -> Iterator[tuple[str, bytes]]:
    yield path, body
    if compress:
        packed = pack(body)
        yield from ((f"{path}{_ENDINGS[coding]}", content) for coding, content in packed.items())


def _packs(path: str) -> Iterator[str]:
    yield from (f"{path}{ending}" for ending in _ENDINGS.values())


def _relative(body: bytes, path: str, root: str) -> bytes:
    """A page whose links to other pages of the site begin where it stands and name files, since a folder on a disk shows no page of its own. That of what is
    missing can stand anywhere, so its links stay.
    """
    if not path.endswith(".html") or path == _MISSING:
        return body
    up = "../" * path.count("/") or "./"

    def here(match: re.Match[bytes]) -> bytes:
        attribute, place = match.groups()
        return attribute + up.encode() + place + (b"" if place and not place.endswith(b"/") else b"index.html")

    return re.sub(rb'((?:href|src|action)=")' + re.escape(root.encode()) + rb'/(?!/)([^"?#]*)', here, body)


def _path(address: str) -> str:
    return f"{address}index.html".removeprefix("/") if address.endswith("/") else address.removeprefix("/")


def _listed(directory: Path) -> tuple[set[str], Mapping[str, str]]:
    """The files that we wrote before, and the stamps of those that have one. A manifest that is not ours to read, or leads out of the folder, lists nothing."""
    try:
        listed = json.loads((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return set(), {}
    names, stamps = (listed.get("files"), listed.get("stamps")) if isinstance(listed, dict) else (None, None)
    held = {name for name in names if isinstance(name, str) and _inside(name)} if isinstance(names, list) else set()
    return held, {path: stamp for path, stamp in stamps.items() if path in held} if isinstance(stamps, dict) else {}


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _list(directory: Path, names: Iterable[str], stamps: Mapping[str, str]) -> None:
    files.write(directory / MANIFEST, json.dumps({"files": sorted(names), "stamps": dict(sorted(stamps.items()))}, indent=0).encode())


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
