"""Which universities articles name."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("articles", sa.Column("mentions", sa.JSON(none_as_null=True)))
    op.add_column("articles", sa.Column("named", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("articles_unnamed", "articles", ["named", "number"])
    op.create_table(
        "mentions",
        sa.Column("tag", Name, primary_key=True),
        sa.Column("article", sa.Integer, primary_key=True),
        sa.Column("about", sa.Boolean, nullable=False),
    )
    op.create_index("mentions_of_article", "mentions", ["article"])
