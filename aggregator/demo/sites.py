"""The web sites of the miniature campus: from fixture files to the bytes that each address answers.

``sites/NAME`` holds one site. Its files are served under their own names, after Jinja has put in the addresses and the news
of ``news.toml``; ``article.html`` is one page per news item. What a site lacks comes from ``sites/common``. ``redesign/NAME``
lies over a site once it has been redesigned: other pages, and news on top. Files are UTF-8 here, whatever the site speaks.
News and their addresses are dated as on one day, ``WRITTEN``, and move along with the day on which they are told.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
_COMMON = _HERE / "sites" / "common"
_NOT_SERVED = frozenset({"news.toml", "article.html", "layout.html"})

_TYPES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/feed+json",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".txt": "text/plain",
    ".png": "image/png",
    ".pdf": "application/pdf",
}
_BINARY = frozenset({".png", ".pdf"})

WRITTEN = date(2026, 2, 28)
"""The day after the last news of ``news.toml``."""


@dataclass(frozen=True, slots=True)
class Site:
    """``news`` is the path that the configuration polls."""

    name: str
    news: str
    encoding: str = "utf-8"
    """What the bytes are in."""
    charset: str | None = "utf-8"
    """What the Content-Type says of text; None: nothing, so the page itself must."""
    down: bool = False
    """Its port refuses every connection."""


SITES = (
    Site("hit", news="/news"),
    Site("bauman", news="/news", encoding="windows-1251", charset="windows-1251"),
    Site("yunhe", news="/xwdt/list.htm", encoding="gbk", charset=None),
    Site("lakeside", news="/news/feed.rss"),
    Site("kisaragi", news="/news.atom"),
    Site("sertao", news="/noticias/feed.json"),
    Site("tannwald", news="/aktuelles"),
    Site("harbour", news="/nyheter", down=True),
)


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes
    content_type: str
    etag: str
    last_modified: str


def is_redesigned(site: Site) -> bool:
    """Whether a second design lies ready for this site."""
    return _redesign(site).is_dir()


def pages(site: Site, addresses: Mapping[str, str], *, redesigned: bool = False, today: date = WRITTEN) -> dict[str, Reply]:
    """Every path of ``site`` and what it answers ``today``. ``addresses`` are the base addresses of all sites by name, without a final slash."""
    folders = [_redesign(site)] * redesigned + [_HERE / "sites" / site.name, _COMMON]
    about, items = _news(folders, today - WRITTEN)
    changed = format_datetime(max(_moment(item["at"]) for item in items), usegmt=True)
    templates = _environment(folders)
    context = {"addresses": addresses, "here": addresses[site.name], "about": about, "items": items, "feed": site.news}

    replies: dict[str, Reply] = {}
    for name, file in _files(folders).items():
        body = file.read_bytes() if file.suffix in _BINARY else _text(templates, name, context, site)
        replies |= dict.fromkeys(_paths(name), _reply(body, file.suffix, site, changed))
    for item in items:
        body = _text(templates, "article.html", context | {"item": item}, site)
        replies[item["path"]] = _reply(body, ".html", site, changed)
    return replies


def write_config(directory: Path, addresses: Mapping[str, str]) -> None:
    """Write the configuration of the campus into ``directory``; its database will lie there too."""
    source = _HERE / "config"
    templates = _environment([source])
    for file in sorted(source.rglob("*.yaml")):
        name = file.relative_to(source)
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = templates.get_template(name.as_posix()).render(addresses=addresses, directory=directory.resolve().as_posix())
        target.write_text(text, encoding="utf-8")


def _redesign(site: Site) -> Path:
    return _HERE / "redesign" / site.name


def _environment(folders: list[Path]) -> Environment:
    environment = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["rfc822"] = lambda at: format_datetime(_moment(at))
    return environment


def _news(folders: list[Path], since: timedelta) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the site says of itself, and its news, newest first."""
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for folder in folders if (file := folder / "news.toml").is_file()]
    return tables[-1], [_told(item, item["at"] + since) for table in tables for item in table["item"]]


def _told(item: dict[str, Any], at: date) -> dict[str, Any]:
    return item | {"at": at, "path": item["path"].format(at=at), "paragraphs": item["text"].strip().split("\n\n")}


def _moment(at: date) -> datetime:
    """``at`` in UTC; a day is meant as its noon."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time(12), tzinfo=UTC)
    return moment.astimezone(UTC)


def _files(folders: list[Path]) -> dict[str, Path]:
    """The served files by their name inside the site; the first folder that has a name wins."""
    files = {
        file.relative_to(folder).as_posix(): file
        for folder in reversed(folders)
        if folder.is_dir()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return {name: file for name, file in files.items() if name not in _NOT_SERVED}


def _paths(name: str) -> Iterator[str]:
    path = PurePosixPath("/", name)
    yield str(path)
    if path.name == "index.html":
        yield str(path.parent)
    elif path.suffix == ".html":
        yield str(path.with_suffix(""))


def _text(templates: Environment, name: str, context: Mapping[str, Any], site: Site) -> bytes:
    return templates.get_template(name).render(context).encode(site.encoding)


def _reply(body: bytes, suffix: str, site: Site, changed: str) -> Reply:
    kind = _TYPES[suffix]
    if suffix not in _BINARY and site.charset is not None:
        kind = f"{kind}; charset={site.charset}"
    return Reply(body, kind, etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"', last_modified=changed)
