"""The databases that the contract of ``Store`` is held against: every test that asks for a store runs on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from aggregator import query
from aggregator.model import Article, Changes, Known, Source, SourceState, University
from aggregator.store import Store

UNIVERSITIES = {"north": University("north", "North University", country="NO"), "east": University("east", "East", country="CN")}


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database for one test; skips by name where there is none."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/aggregator.db"
    empty: Callable[[], str] = request.getfixturevalue("empty_postgres")
    return empty()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store.open(address) as opened:
        yield opened


@pytest.fixture(scope="session")
def key() -> Callable[[str], bytes]:
    """The identity key that stands for a text in these tests."""
    return lambda text: uuid5(NAMESPACE_URL, text).bytes


@pytest.fixture
def put(
    store: Store, a_source: Callable[..., Source], a_state: Callable[..., SourceState], key: Callable[[str], bytes]
) -> Callable[..., None]:
    """One poll of one of two configured sources, that brought these articles; each is known by its address."""

    def stored(*articles: Article, source: str = "north/news", revised: Sequence[Article] = ()) -> None:
        keys = {key(article.url or article.id): Known(article.id, b"f" * 16) for article in (*articles, *revised)}
        store.apply(Changes(a_state(source), tuple(articles), tuple(revised), keys))

    store.sync([a_source(), a_source("east/news")], now=a_state().next_poll)
    return stored


@pytest.fixture
def ask(store: Store) -> Callable[..., list[str]]:
    """Titles of what answers a question, in order."""

    def asked(text: str, **fields: object) -> list[str]:
        return [article.title for article in store.articles(query.parse(text, UNIVERSITIES), **({"limit": 100} | fields))]  # type: ignore[arg-type]

    return asked
