"""Universities that were known before. Feeds and newsletters ask for some that are not configured any more: one that was renamed is followed, one that was removed
keeps what it brought, and what nobody ever knew is a mistake. And a new one may be given the id that another one had. What was known is the database's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aggregator.config import UNIVERSITIES, Doubt, Settings
from aggregator.config.spots import line_of
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


def retaken(settings: Settings, resting: Mapping[str, University]) -> tuple[Problem, ...]:
    """What to tell of universities that are polled under an id which was another one's, whose page and feeds they take over. ``resting``: as ``Store.resting`` has them."""
    both = {source.university for source in settings.sources.values()} & resting.keys()
    those = [(each, resting[id]) for id, each in sorted(settings.universities.items()) if id in both]
    return tuple(_told_of(settings, each, before) for each, before in those if not _is_called_so(each, before))


def _is_called_so(each: University, before: University) -> bool:
    """Whether it may be the same one, by its names."""
    names = {_spelled(name) for name in (each.name, *each.names.values(), *each.aliases)}
    return before.name == before.id or bool(names & {_spelled(name) for name in (before.name, *before.names.values())})


def _spelled(name: str) -> str:
    return " ".join(name.casefold().split())


def _told_of(settings: Settings, each: University, before: University) -> Problem:
    folder = settings.directory / UNIVERSITIES
    path = other if (other := folder / f"{each.id}.yml").exists() else folder / f"{each.id}.yaml"
    if before.id == each.id:
        said = f'"{each.id}" was {before.name} before: what that brought and who subscribes to it are {each.name}\'s from now on'
    else:
        said = f'"{each.id}" was {before.name} before, which is {before.id} now: who subscribes to /universities/{each.id} gets {each.name} from now on'
    return Problem(str(path), line_of(path, ("name",)), "name", f"{said}; name the file otherwise, unless that is meant")
