"""Who subscribed to our feeds at our own hub, and what is new since a revision."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("articles_revision", "articles", ["revision"])
    op.create_table(
        "subscribers",
        sa.Column("key", Name, primary_key=True),
        sa.Column("callback", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("secret", Name),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("told", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("again", sa.BigInteger),
    )
