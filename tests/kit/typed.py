"""What the commands are tried with."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

COMMANDS = (
    "add backfill backup check demo digest doctor explain export forget import import-hipo import-ror init move newsletter pause poll preview publish record restore resume review run schema status universities worker"
).split()
NORTH = """\
# Our neighbours.
name: North University
home: https://north.example.edu/
sources:
  - {url: "https://north.example.edu/feed.xml", id: north/news}
"""
Run = Callable[..., Result]
