"""How long the program takes to begin: `aggregator --help`, and from its start to its first question to a server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kit import measure

ROUNDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = {
            "aggregator --help": [sys.executable, "-m", "aggregator", "--help"],
            "parts of a poll": [sys.executable, "-c", "import aggregator.run.once"],
            "python": [sys.executable, "-c", "pass"],
        }
        taken = {what: min(measure.command(command, folder, beside=0) for _ in range(ROUNDS)) for what, command in commands.items()}
        measure.table("start, CPU", taken, reference="python")
        first = sorted(_first_question(folder / str(number)) for number in range(ROUNDS))
        print(
            f"\nstart to first question of the daemon, wall: {first[0]:.2f} s at best, {first[ROUNDS // 2]:.2f} s in the median of {ROUNDS}"
        )


def _first_question(folder: Path) -> float:
    """Seconds. The database is new, so this includes making its tables."""
    universities = folder / "config/universities"
    universities.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/feed.xml"
        (folder / "config/aggregator.yaml").write_text(json.dumps({"fetch": {"allow_private": True}, "port": _free_port()}))
        (universities / "one.yaml").write_text(json.dumps({"name": "One", "sources": [{"url": address}]}))
        began = time.monotonic()
        daemon = subprocess.Popen(
            [sys.executable, "-m", "aggregator", "run"], cwd=folder, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with daemon:
            asked, _ = server.accept()
            taken = time.monotonic() - began
            asked.close()
            daemon.send_signal(signal.SIGTERM)
    return taken


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
