"""What each source is like, so that another list on its page is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("sources", sa.Column("profile", sa.JSON(none_as_null=True)))
