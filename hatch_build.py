"""What ``uv build`` packs as the starting configuration: ``config/`` as it was committed. One that is in use may hold passwords and addresses."""

from __future__ import annotations

import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SECRET = re.compile(r"^[ \t]*[\"']?(database|server|notify|mail|chat|to|newsletters|token)[\"']?[ \t]*:(?![ \t]*sqlite:)", re.MULTILINE)
"""Keys that may hold some, as ``aggregator.config.reading`` has them, which cannot be imported where packages are built; the database that comes with the program holds none."""


class Starter(BuildHookInterface):  # type: ignore[type-arg] # hatch names it by this class
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # the checkout has its config beside it
            return
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self.root)
        build_data["force_include"][str(_committed(root, Path(self._folder.name)) or _unused(root))] = (
            "config" if self.target_name == "sdist" else "aggregator/starter"
        )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - of hatch
        if version != "editable":
            self._folder.cleanup()


def _committed(root: Path, folder: Path) -> Path | None:
    """Where it was put. None: this is no checkout of git, or git is missing."""
    archive = folder / "config.tar"
    if not (root / ".git").exists():
        return None
    try:
        subprocess.run(  # noqa: S603 - nothing of it is from outside
            ["git", "-C", root, "archive", "--output", archive, "HEAD", "config"],  # noqa: S607 - whichever git is in use here
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "config"


def _unused(root: Path) -> Path:
    """The folder as it is, where nothing in it is to be kept from others."""
    settings = root / "config" / "aggregator.yaml"
    if found := _SECRET.search(settings.read_text("utf-8")):
        line = settings.read_text("utf-8")[: found.start()].count("\n") + 1
        told = f"{settings}:{line}: {found[1]} is set, and what is packed anybody can read. Move this configuration to a folder of its own"
        raise SystemExit(f"{told} (--config), or build where git is, which knows it as it was committed.")
    return root / "config"
