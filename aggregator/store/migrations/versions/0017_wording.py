"""Texts are found by a sample of their shingles, a third of what was kept for it before. Of what is stored it is taken again, from the marks."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from aggregator.refine.stories import traces, unpack
from aggregator.store import postgres, sqlite
from aggregator.store.tables import marks
from aggregator.store.tables import traces as left

# Reads marks as they are packed now: whoever packs them otherwise makes them anew in a migration of its own, as 0013 did, and leaves nothing to do here.
revision = "0017"
down_revision = "0016"

_OF_TEXTS = 1 << 62
"""From here on: of a text, not of an event."""
_AT_ONCE = 5_000


def upgrade() -> None:
    connection = op.get_bind()
    dialect = postgres if connection.dialect.name == "postgresql" else sqlite
    connection.execute(sa.delete(left).where(left.c.trace >= _OF_TEXTS))
    for held in _kept(connection):
        dialect.leave(connection, sorted((trace, row.number) for row in held for trace in traces(unpack(row.marks), day=None).left))


def _kept(connection: sa.Connection) -> Iterator[list[sa.Row[tuple[int, bytes]]]]:
    last = 0
    while held := list(connection.execute(sa.select(marks).where(marks.c.number > last).order_by(marks.c.number).limit(_AT_ONCE))):
        last = held[-1].number
        yield held
