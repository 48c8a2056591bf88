"""The article pages that each source owes: they failed when their rows were new, and are asked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("sources", sa.Column("missed", sa.JSON(none_as_null=True)))
