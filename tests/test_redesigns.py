"""Redesigns of real pages, as ``bench/redesigns.py`` makes them: the first of the corpus here, all of them there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "listings"


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_redesigned_pages_are_repaired_and_nothing_wrong_is_published() -> None:
    command = [sys.executable, str(ROOT / "tests" / "bench" / "redesigns.py"), str(CORPUS), "--pages", "8"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)

    assert ended.returncode == 0, ended.stderr[-2000:]
    figures = json.loads(ended.stdout.splitlines()[-1])
    assert figures["redesigns"] >= 50
    assert (figures["wrong"], figures["duplicates"], figures["nothing_detected"]) == (0, 0, 1.0)
    assert figures["detected"] >= 0.98
    assert figures["repaired"] >= 0.95
