"""The configuration that comes with the program: ``config/`` of the checkout, ``starter/`` inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

from aggregator import files
from aggregator.config import SETTINGS
from aggregator.errors import InputError, Problem

_PACKAGE = Path(__file__).parents[1]


def folder() -> Path:
    installed = _PACKAGE / "starter"
    return installed if installed.is_dir() else _PACKAGE.parent / "config"


def write(directory: Path) -> int:
    """Copy it to ``directory``; returns the number of files. Raises InputError where a configuration is there already, or nothing can be written."""
    originals = [path for path in sorted(folder().rglob("*")) if path.is_file()]
    for path in originals:
        target = directory / path.relative_to(folder())
        if target.exists() and (target.name == SETTINGS or target.read_bytes() != path.read_bytes()):
            raise InputError(
                [Problem(str(target), None, "", "is there already; nothing was written")],
                remedy="name another folder, or move that one away",
            )
    try:
        for path in originals:
            files.write(directory / path.relative_to(folder()), path.read_bytes())
    except OSError as error:
        raise InputError(
            [Problem(str(directory), None, "", f"cannot be written: {error.strerror}")],
            remedy="check the rights of the folder and the space on the disk",
        ) from error
    return len(originals)
