"""A poller with three sources: a feed, a list, and a feed of another site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from polling import HALF_HOUR, ROWS, Wire

from aggregator.model import Source
from aggregator.store import Store


@pytest.fixture
def wire(tmp_path: Path, a_source: Callable[..., Source], now: datetime) -> Iterator[Wire]:
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        yield Wire(store, [a_source(every=HALF_HOUR), ROWS, a_source("east/news", every=HALF_HOUR)], now)
