"""The databases that the contract of ``Store`` is held against: one more entry in ``DATABASES`` runs every test on one more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator.model import Article, Changes, Known, Source, SourceState
from aggregator.store import Store


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/aggregator.db"


DATABASES: dict[str, Callable[[Path], str]] = {"sqlite": _sqlite}
"""Name → the address of an empty database for one test; skips where there is none."""


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return DATABASES[request.param](tmp_path)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store.open(address) as opened:
        yield opened


@pytest.fixture
def stored(store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState]) -> Callable[..., None]:
    """Stores articles as a poll of their source brings them; each is known by its own id."""

    def put(*articles: Article, source: str = "north/news") -> None:
        keys = {key_of(article): Known(article.id, b"f" * 16) for article in articles}
        store.apply(Changes(a_state(source), tuple(articles), (), keys))

    return put


def key_of(article: Article) -> bytes:
    return bytes.fromhex(article.id.replace("-", ""))
