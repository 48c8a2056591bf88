"""What sources ask of a polite guest: robots.txt, moves, hints, a rhythm, subscriptions at hubs."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("sources", sa.Column("moved", sa.Text))
    op.add_column("sources", sa.Column("moving", sa.Text))
    op.add_column("sources", sa.Column("agreed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("hints", sa.JSON(none_as_null=True)))
    op.add_column("sources", sa.Column("activity", sa.JSON(none_as_null=True)))
    op.create_table(
        "robots",
        sa.Column("origin", Name, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("fetched", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("unreachable_since", sa.BigInteger),
    )
    op.create_table(
        "subscriptions",
        sa.Column("source", Name, primary_key=True),
        sa.Column("token", Name, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("secret", Name, nullable=False),
        sa.Column("state", Name, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("pushed", sa.BigInteger),
    )
    op.create_index("subscriptions_token", "subscriptions", ["token"], unique=True)
