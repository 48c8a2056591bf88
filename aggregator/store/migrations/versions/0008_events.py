"""What happened to sources and to the daemon, for its operator; who has left a newsletter."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", Name, nullable=False),
        sa.Column("source", Name),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text),
    )
    op.create_index("events_at", "events", ["at"])
    op.create_table(
        "leavers",
        sa.Column("newsletter", Name, primary_key=True),
        sa.Column("reader", Name, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "secrets",
        sa.Column("name", Name, primary_key=True),
        sa.Column("value", sa.LargeBinary(32), nullable=False),
    )
