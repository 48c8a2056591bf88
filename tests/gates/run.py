"""The quality gates: runs the scorers beside the checkout and holds their figures against floors.toml. Exit status 0: all kept, or no corpus here."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = HERE / "floors.toml"


def main() -> int:
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    lowered = list(_lowered(floors))
    for line in lowered:
        print(f"LOWERED  {line}: a floor only ever rises")
    if not (SHARED / "score").is_dir():
        print("quality gates: skipped, ../shared is not here")
        return bool(lowered)
    failed = [name for name, gate in floors.items() if not _kept(name, gate)]
    print(f"quality gates: {len(floors) - len(failed)} kept, {len(failed)} missed{': ' + ', '.join(failed) if failed else ''}")
    return bool(failed or lowered)


def _kept(name: str, gate: dict[str, Any]) -> bool:
    first, *rest = gate["arguments"]
    where = SHARED / gate.get("folder", "corpus") / first
    command = [sys.executable, str(SHARED / "score" / f"{name}.py"), str(where), *rest]
    for flag in ("min", "max"):
        command += [part for key, value in gate.get(flag, {}).items() for part in (f"--{flag}", f"{key}={value}")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = ended.stdout.strip().splitlines()
    print(f"\n-- {name}: {'kept' if ended.returncode == 0 else 'MISSED'}\n{lines[-1][:1500] if lines else ''}")
    if ended.returncode:
        print(ended.stderr[-2000:])
    return ended.returncode == 0


def _lowered(floors: dict[str, Any]) -> Any:
    """Floors that once stood higher, ceilings that once stood lower, gates that are gone."""
    log = _git("log", "--format=%H", "--", str(FLOORS.relative_to(ROOT))) or ""
    for commit in log.split():
        text = _git("show", f"{commit}:{FLOORS.relative_to(ROOT)}")
        for name, gate in tomllib.loads(text).items() if text else ():
            for flag, sign in (("min", 1), ("max", -1)):
                for key, value in gate.get(flag, {}).items():
                    now = floors.get(name, {}).get(flag, {}).get(key)
                    if now is None or (now - value) * sign < 0:
                        yield f"{name}.{key} was {value} in {commit[:8]}, is {now}"


def _git(*arguments: str) -> str | None:
    ended = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stdout if ended.returncode == 0 else None


if __name__ == "__main__":
    print(json.dumps({"gates": str(FLOORS.relative_to(ROOT))}))
    sys.exit(main())
