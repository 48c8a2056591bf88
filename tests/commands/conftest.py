"""The commands as an operator types them, in this process; what needs a network or a running daemon is tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from typed import NORTH, Run

from aggregator.cli import main
from aggregator.model import (
    Article,
    Changes,
    Known,
    Source,
    SourceState,
)
from aggregator.store import Store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are run: a configuration of one source in ``config``, a database beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("AGGREGATOR_CONFIG", "AGGREGATOR_DATABASE", "AGGREGATOR_SITE_URL", "AGGREGATOR_PORT", "UV"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config" / "universities").mkdir(parents=True)
    (tmp_path / "config" / "aggregator.yaml").write_text("database: sqlite:///wire.db\nsite: {title: The wire}\n")
    (tmp_path / "config" / "universities" / "north.yaml").write_text(NORTH)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(*words: str, **fields: Any) -> Result:
        result = CliRunner().invoke(main, list(words), **fields)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def article(
    folder: Path, an_article: Callable[..., Article], a_source: Callable[..., Source], a_state: Callable[..., SourceState], now: Any
) -> Article:
    """One that is stored."""
    stored = an_article(provenance={"title": "feed: title", "published": "feed: pubdate", "content": "feed: content:encoded"})
    with Store.open("sqlite:///wire.db") as store:
        store.sync([a_source()], now=now)
        store.apply(
            Changes(a_state(failures=2, problem="answered 503", remedy="wait"), (stored,), (), {b"k" * 16: Known(stored.id, b"f" * 16)})
        )
    return stored
