"""Where many machines poll, they take turns at each host."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("host", Name, primary_key=True),
        sa.Column("holder", Name, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_index("turns_until", "turns", ["until"])
