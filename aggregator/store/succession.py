"""Which source carries on what another one brought: the same address under another id, since its file was renamed or it went into another one; and whose
the articles of a source are, since it went to another university. Part of ``Store``'s transactions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from aggregator.model import Source
from aggregator.store import revisions, rows
from aggregator.store.database import chunks
from aggregator.store.tables import articles, events, heirs, identities, sources
from aggregator.text import urls


class Held(NamedTuple):
    """Of the row of a source."""

    id: str
    url: str
    digest: str
    university: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """What the configuration has moved since it was looked at last."""

    renamed: Sequence[tuple[Held, Source]]
    """The row of each source that is not configured any more, and which new one has its address."""
    moved: Sequence[tuple[Held, Source]]
    """Sources that are another university's."""
    departed: Sequence[str]
    """Sources that were configured until now, and that no other one is."""
    heirs: Mapping[str, str]
    """Universities that have no source left, as all that were not dropped went to one other, which is named."""


def find(connection: Connection, wanted: Mapping[str, Source]) -> Succession:
    columns = (sources.c.id, sources.c.url, sources.c.digest, sources.c.university, sources.c.active)
    held = [Held(*row) for row in connection.execute(select(*columns))]
    known = {row.id for row in held}
    moved = [(row, wanted[row.id]) for row in held if row.id in wanted and wanted[row.id].university != row.university]
    left = [row for row in held if row.id not in wanted]
    fresh = [source for id, source in wanted.items() if id not in known]
    renamed = tuple(_renamed(left, fresh))
    departed = sorted({row.id for row in left if row.active} - {row.id for row, _ in renamed})
    return Succession(renamed, moved, departed, _heirs((*renamed, *moved), {source.university for source in wanted.values()}))


def _heirs(went: Collection[tuple[Held, Source]], staying: Collection[str | None]) -> Mapping[str, str]:
    to: dict[str, set[str | None]] = defaultdict(set)
    for row, source in went:
        if row.university is not None and row.university not in staying:
            to[row.university].add(source.university)
    return {former: heir for former, found in to.items() if len(found) == 1 and (heir := next(iter(found))) is not None}


def _renamed(left: Collection[Held], fresh: Collection[Source]) -> Iterator[tuple[Held, Source]]:
    """Where several are at one address, those that are read alike belong together."""
    if not left or not fresh:
        return
    at: dict[str, list[Source]] = defaultdict(list)
    for source in fresh:
        at[urls.key(source.url)].append(source)
    pairs = [(row, source) for row in left for source in at.get(urls.key(row.url), ())]
    taken: set[str] = set()
    for row, source in sorted(pairs, key=lambda pair: not _reads_alike(*pair)):
        if row.id not in taken and source.id not in taken:
            taken |= {row.id, source.id}
            yield row, source


def _reads_alike(row: Held, source: Source) -> bool:
    return rows.digest(replace(source, id=row.id)) == row.digest


def follow(connection: Connection, found: Succession) -> None:
    """A poll of an old id that is under way is not waited for: what it brings goes over with the next one (``adopt``)."""
    changed = 0
    for row, heir in found.renamed:
        same = {"digest": rows.digest(heir)} if _reads_alike(row, heir) else {}
        renamed = {"id": heir.id, "university": heir.university, "lease_until": None, "lease_owner": None, **same}
        connection.execute(update(sources).where(sources.c.id == row.id).values(**renamed))
        brought = update(articles).where(articles.c.source == row.id).values(source=heir.id, university=heir.university)
        changed += connection.execute(brought).rowcount
        twice = select(identities.c.key).where(identities.c.source == row.id)
        connection.execute(delete(identities).where(identities.c.source == heir.id, identities.c.key.in_(twice)))
        for table in (identities, events):
            connection.execute(update(table).where(table.c.source == row.id).values(source=heir.id))
    for _, source in found.moved:
        strays = (articles.c.source == source.id, articles.c.university.is_distinct_from(source.university))
        changed += connection.execute(update(articles).where(*strays).values(university=source.university)).rowcount
        connection.execute(update(sources).where(sources.c.id == source.id).values(university=source.university))
    changed += sum(_part(connection, id, found.departed) for id in found.departed)
    if found.heirs:
        alive = {*found.heirs, *found.heirs.values()}  # who is an heir has none, so that nobody is led in a circle
        connection.execute(delete(heirs).where(heirs.c.university.in_(sorted(alive))))
        connection.execute(insert(heirs), [{"university": former, "heir": heir} for former, heir in found.heirs.items()])
    if changed:
        revisions.grow(connection)


def _part(connection: Connection, departed: str, others: Collection[str]) -> int:
    """What another source has shown as well goes over to that one: it shows nothing new by that, so no poll of it will ask (``adopt``)."""
    mine, theirs = identities.alias(), identities.alias()
    shown = (
        select(mine.c.article, func.min(theirs.c.source).label("heir"))
        .join(theirs, theirs.c.key == mine.c.key)
        .join(sources, sources.c.id == theirs.c.source)
        .where(mine.c.source == departed, sources.c.active, sources.c.id.not_in(others))
        .group_by(mine.c.article)
    )
    heirs_of: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(shown):
        heirs_of[row.heir].append(row.article)
    total = 0
    for heir, ids in sorted(heirs_of.items()):
        count = _give(connection, (articles.c.source == departed,), heir, ids)
        connection.execute(update(sources).where(sources.c.id == heir).values(articles=sources.c.articles + count))
        total += count
    return total


def adopt(connection: Connection, source: str, known: Collection[str]) -> int:
    """A source whose address changed is another source: of the articles ``known``, which it shows, those that nobody configured brought go over to it.

    Returns how many that were. Its own count is left to who ends its poll.
    """
    configured = select(sources.c.id).where(sources.c.active)
    return _give(connection, (articles.c.source.not_in(configured),), source, known)


def _give(connection: Connection, of: Sequence[ColumnElement[bool]], source: str, ids: Collection[str]) -> int:
    """Of the articles ``ids`` those for which ``of`` holds go to ``source``. Returns how many that were; who had them counts them no more."""
    total = 0
    for chunk in chunks(sorted(set(ids))):
        orphans = (articles.c.id.in_(chunk), *of)
        left = connection.execute(select(articles.c.source, func.count()).where(*orphans).group_by(articles.c.source)).all()
        if not left:
            continue
        for former, count in left:
            connection.execute(update(sources).where(sources.c.id == former).values(articles=sources.c.articles - count))
            total += count
        university = select(sources.c.university).where(sources.c.id == source).scalar_subquery()
        connection.execute(update(articles).where(*orphans).values(source=source, university=university))
    return total
