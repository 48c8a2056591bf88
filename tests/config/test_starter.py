from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config import load, starter
from aggregator.errors import ConfigError


def test_what_is_written_is_a_configuration(tmp_path: Path) -> None:
    written = starter.write(tmp_path / "new")

    assert written == sum(path.is_file() for path in (tmp_path / "new").rglob("*"))
    assert len(load(tmp_path / "new", {}).universities) > 20


def test_a_configuration_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "aggregator.yaml").write_text("port: 81\n")

    with pytest.raises(ConfigError, match="is there already; nothing was written"):
        starter.write(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["aggregator.yaml"]
    assert (tmp_path / "aggregator.yaml").read_text() == "port: 81\n"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="cannot be written"):
        starter.write(tmp_path / "file" / "config")
