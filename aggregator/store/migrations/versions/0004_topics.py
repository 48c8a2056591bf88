"""What an article is for: news, research, notice, job, …; those that are there already count as news."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("articles", sa.Column("topic", Name, nullable=False, server_default="news"))
    op.create_index("articles_of_topic", "articles", ["topic", "at", "id"])
