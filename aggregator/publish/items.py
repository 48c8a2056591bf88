"""Items apart from the feed that lists them: the same item stands in many feeds, and mostly in the next edition of this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from aggregator.model import Article, Report, Source
from aggregator.text import urls, wire

Writer = Callable[..., bytes]
"""How one format writes an item: ``write(article, source, reports, *more)``, a pure function of what it is told, so who has its bytes need not ask again."""


class Writing(Protocol):
    """The bytes of ``write(article, source, reports, *more)``, whether it is asked now or was asked before."""

    def __call__(self, write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes: ...


def anew(write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes:
    """A ``Writing`` that remembers nothing."""
    return write(article, source, reports, *more)


def title_of(source: Source) -> str:
    return wire.told(source.title, urls.host(source.url), source.id)


def authors(article: Article, source: Source | None) -> tuple[str, ...]:
    """Who says it: the people, else whose page it is, as few readers show the source of an item. Empty: neither is known."""
    people = tuple(filter(str.strip, map(wire.clean, article.authors)))
    return people or ((title_of(source),) if source else ())
