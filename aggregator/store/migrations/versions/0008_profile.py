"""What each source is like, so that another list on its page is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("sources", sa.Column("profile", sa.JSON(none_as_null=True)))
