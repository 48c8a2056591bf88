from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.errors import ConfigError, Problem


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a configuration: ``folder("port: 80", hit=HIT)``."""

    def write(text: str | bytes | None = None, **universities: str) -> Path:
        directory = tmp_path / "config"
        (directory / "universities").mkdir(parents=True, exist_ok=True)
        if text is not None:
            (directory / "aggregator.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for name, content in universities.items():
            (directory / "universities" / f"{name}.yaml").write_text(content, encoding="utf-8")
        return directory

    return write


@pytest.fixture(scope="session")
def problems() -> Callable[..., list[Problem]]:
    """What is wrong with the configuration in a folder; it must be something."""

    def found(directory: Path, environment: dict[str, str] | None = None) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            load(directory, environment or {})
        assert caught.value.exit_status == 2
        return list(caught.value.problems)

    return found
