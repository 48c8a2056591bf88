"""Universities that feeds and newsletters ask for and that are not configured any more: one that was renamed is followed, one that was removed keeps what it
brought, and what nobody ever knew is a mistake. Pure: what was known is the database's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aggregator.config import Doubt
from aggregator.errors import ConfigError, Problem
from aggregator.model import University
from aggregator.query import called


def resolve(doubts: Iterable[Doubt], former: Mapping[str, University]) -> tuple[Problem, ...]:
    """What to tell the operator of these ``doubts``, where universities were known before: ``former``, as ``Store.former`` has them.

    Raises ConfigError with those that never were.
    """
    met = [(doubt, called(doubt.name, former)) for doubt in doubts]
    unknown = [doubt.problem for doubt, found in met if not found]
    if unknown:
        raise ConfigError(unknown, remedy='"aggregator check" looks again; docs/queries.md explains queries')
    return tuple(replace(doubt.problem, message=_told(doubt.name, found[0], former)) for doubt, found in met)


def _told(name: str, found: University, former: Mapping[str, University]) -> str:
    if former.get(found.id) is not found:
        return f'"{name}" is {found.id} now, and is followed: write {found.id} instead'
    return f'"{name}" is not configured any more: what it brought stays, and nothing new comes; take it out of the query'
