"""The address of the database, as people write it: what is expected, what was probably meant, and what is right and yet odd."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

EXPECTED = "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
_SQLITE = "sqlite:///"
DEFAULT = "sqlite:///data/aggregator.db"
_PLACES = frozenset(("var", "home", "srv", "opt", "mnt", "tmp", "root"))
"""With which whole paths begin, and hardly any that begins where the program is started: even if it is there by now, we may have made it."""


def checked(value: str) -> str:
    """Raises ValueError. It never repeats what may hold a password."""
    if value.startswith(_SQLITE):
        if not value.removeprefix(_SQLITE) or value.endswith(("/", ":memory:")) or "?" in value:
            raise ValueError(f"{EXPECTED}; this names no file")
        return value
    try:
        named = re.match("postgresql://.", value) and (urlsplit(value).port or True)
    except ValueError:
        raise ValueError(EXPECTED) from None
    if not named:
        raise ValueError(EXPECTED + _meant(value))
    return value


def _meant(value: str) -> str:
    if re.match("(?i)postgres(ql)?[:+]", value):
        return "; did you mean postgresql://?"
    path = re.sub("(?i)^(sqlite3?|file):(//(?=[^/]|/[^/]))?", "", value.strip())
    if not path or path.endswith("/") or re.search("[@?:]", path):
        return ""
    whole = f" (four slashes: {_SQLITE}, and a path that begins with one)" if path.startswith("/") else ""
    return f"; did you mean {_SQLITE}{path}?{whole}"


def file_of(address: str) -> Path | None:
    """Where the database lies; None: it is on a server."""
    path = address.removeprefix(_SQLITE)
    return Path(path) if path != address else None


def doubt(address: str) -> tuple[str, str] | None:
    """Where a relative path looks like a whole one with a slash too few: what is odd, and what to try."""
    path = address.removeprefix(_SQLITE)
    first, _, rest = path.partition("/")
    if address in (path, DEFAULT) or not first.strip(".") or not rest:
        return None
    if first not in _PLACES and (Path(first).exists() or not Path("/", first).exists()):
        return None
    return (
        f"{address} is a relative path, with three slashes, and lies at {Path(path).absolute()}",
        f"write {_SQLITE}/{path}, with four slashes, if /{path} is meant",
    )
