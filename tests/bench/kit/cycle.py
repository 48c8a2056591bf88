"""One cycle over the campus: its server, and the commands that poll or fetch all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_KIT = Path(__file__).parent
_SETTINGS = {"fetch": {"allow_private": True, "host_gap": 0}}


@contextmanager
def served(sources: int, *, delay: float = 0.0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The server and its port. Each answer comes after ``delay`` seconds."""
    command = [sys.executable, str(_KIT / "campus.py"), str(sources), str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server, int(line(server))


def change(server: subprocess.Popen[str]) -> None:
    """One feed in a hundred has two items more."""
    asked(server, "change")


def asked(server: subprocess.Popen[str], word: str) -> str:
    """What a server of the kit says to a line of input."""
    assert server.stdin is not None
    server.stdin.write(f"{word}\n")
    server.stdin.flush()
    return line(server)


def line(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def ours(folder: Path, addresses: Sequence[str], **said: object) -> list[str]:
    """The command that polls these addresses; ``said`` is configured of each."""
    config = folder / "config"
    (config / "universities").mkdir(parents=True)
    (config / "aggregator.yaml").write_text(json.dumps(_SETTINGS))
    sources = [{"url": url, **said} for url in addresses]
    (config / "universities/all.yaml").write_text(json.dumps({"name": "All of them", "sources": sources}))
    return [sys.executable, "-m", "aggregator", "poll", "--all"]


def beside(folder: Path, addresses: Sequence[str], script: str, *arguments: str) -> list[str]:
    """The command of a ``script`` of the kit that asks the same."""
    (folder / "addresses").write_text("\n".join(addresses))
    return [sys.executable, str(_KIT / script), *arguments, "addresses"]
