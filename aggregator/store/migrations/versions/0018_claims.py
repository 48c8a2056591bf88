"""Claims are made from indices alone."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.drop_index("sources_due", "sources")
    op.drop_index("sources_leased", "sources")
    op.create_index("sources_due", "sources", ["active", "next_poll", "last_poll", "lease_until", "host", "id"])
    op.create_index("sources_leased", "sources", ["lease_until", "host"])
