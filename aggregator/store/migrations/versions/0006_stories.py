"""Stories: which articles are copies of one text or tell one event, and the traces by which that is found."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("articles", sa.Column("story", Name))
    op.add_column("articles", sa.Column("copy_of", Name))
    op.create_index("articles_of_story", "articles", ["story", "at", "id"])
    op.create_index("articles_copy_of", "articles", ["copy_of"])
    op.create_table("marks", sa.Column("number", sa.Integer, primary_key=True), sa.Column("marks", sa.LargeBinary, nullable=False))
    op.create_table(
        "traces",
        sa.Column("trace", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
