"""`init` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import Run


def test_init_writes_a_configuration_that_check_accepts(run: Run, folder: Path) -> None:
    first, second, again = run("init", "new"), run("check", "--config", "new"), run("init", "new")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert " --config new run" in first.output
    assert again.exit_code == 2
    assert "is there already; nothing was written" in again.stderr


@pytest.mark.parametrize(
    ("uv", "called", "known", "said"),
    [
        ("/usr/bin/uv", "/home/me/.venv/bin/aggregator", "", "uv run aggregator run"),
        (None, "/opt/aggregator/bin/aggregator", "/opt/aggregator/bin", "aggregator run"),
        (None, "/opt/aggregator/bin/aggregator", "/usr/bin", "/opt/aggregator/bin/aggregator run"),
        (None, "/opt/lib/aggregator/__main__.py", "", "python -m aggregator run"),
    ],
)
def test_init_says_what_to_type_next_as_it_was_started_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uv: str | None, called: str, known: str, said: str
) -> None:
    monkeypatch.delenv("UV", raising=False)
    if uv:
        monkeypatch.setenv("UV", uv)
    monkeypatch.setattr("sys.argv", [called])
    monkeypatch.setattr("shutil.which", lambda name: f"{known}/{name}" if called.startswith(known) else None)
    (fresh := tmp_path / "fresh").mkdir()
    monkeypatch.chdir(fresh)

    assert run("init").output.endswith(f"\nnow: {said}\n")


@pytest.mark.parametrize("words", [["--config", "new", "init"], ["init", "--config", "new"]])
def test_init_writes_where_the_configuration_is_said_to_be(run: Run, folder: Path, words: list[str]) -> None:
    result = run(*words)

    assert result.exit_code == 0
    assert (folder / "new" / "aggregator.yaml").exists()


def test_init_tells_a_place_that_cannot_be_written(run: Run, folder: Path) -> None:
    (folder / "file").touch()

    assert run("init", "file").exit_code == 2
    assert run("init", "file/new").exit_code == 2


def test_schema_writes_beside_the_configuration_or_where_it_is_told(run: Run, folder: Path) -> None:
    assert run("schema").exit_code == 0
    assert run("schema", "elsewhere").exit_code == 0

    for place in ("config/schema", "elsewhere"):
        assert sorted(path.name for path in (folder / place).iterdir()) == ["aggregator.json", "university.json"]
        assert json.loads((folder / place / "university.json").read_text())["properties"]["country"]


def test_the_schema_follows_the_configuration(run: Run, folder: Path) -> None:
    (folder / "config").rename(folder / "other")

    assert run("schema", "--config", "other").exit_code == 0

    assert (folder / "other" / "schema" / "aggregator.json").exists()
