"""Items apart from the feed that lists them: the same item stands in many feeds, and mostly in the next edition of this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from aggregator.model import Article, Report, Source

Writer = Callable[..., bytes]
"""How one format writes an item: ``write(article, source, reports, *more)``, a pure function of what it is told, so who has its bytes need not ask again."""


class Writing(Protocol):
    """The bytes of ``write(article, source, reports, *more)``, whether it is asked now or was asked before."""

    def __call__(self, write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes: ...


def anew(write: Writer, article: Article, source: Source | None, reports: Sequence[Report], *more: str) -> bytes:
    """A ``Writing`` that remembers nothing."""
    return write(article, source, reports, *more)
