"""Commands as they are to be typed where this program was started: through uv, by a path, and with the folder of its configuration."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

COMMANDS = (
    "add backfill backup check demo digest doctor explain export forget import import-hipo import-ror init move newsletter pause poll preview publish"
    " record restore resume review run schema status universities worker"
).split()
_NAMED = re.compile(rf"(?<![\w./-])(?<!uv run )aggregator(?= ({'|'.join(sorted(COMMANDS, key=len, reverse=True))})(?![\w-]))")


def program() -> str:
    """What to type for this program, as it was started: who has only cloned it has no other way than through uv."""
    if "UV" in os.environ:  # set by ``uv run``
        return "uv run aggregator"
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m aggregator"
    return "aggregator" if called.name != "aggregator" or shutil.which("aggregator") else shlex.quote(str(called))


def typed(said: str, directory: Path | None = None) -> str:
    """What is said to people, with the commands in it as they are to be typed. ``directory``: what --config named, for all but ``init``, which makes one."""
    named = (
        f" --config {shlex.quote(str(directory))}"
        if directory is not None and str(directory) != os.environ.get("AGGREGATOR_CONFIG")
        else ""
    )
    return _NAMED.sub(lambda found: program() + ("" if found[1] in ("init", "demo") else named), said)
