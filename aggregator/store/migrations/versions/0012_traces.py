"""Traces of events stand beside those of the days around, so that one look finds them all. What older versions left is left anew while the daemon runs."""

from alembic import op

revision = "0012"
down_revision = "0011"

_EMPTY = {
    "postgresql": ("TRUNCATE traces, marks",),  # a DELETE marks, logs and later vacuums each of millions of rows
    "sqlite": ("DELETE FROM traces", "DELETE FROM marks"),  # without a condition this is SQLite's truncation
}


def upgrade() -> None:
    for statement in _EMPTY[op.get_bind().dialect.name]:
        op.execute(statement)
