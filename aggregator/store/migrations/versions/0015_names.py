"""What sources and universities are called stays when they go; whose a source is, so that what it brought follows it to another university."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("sources", sa.Column("university", Name))
    op.add_column("sources", sa.Column("title", sa.Text))
    # Of the oldest article: it is the one that did not follow its source where that went to another university. The next look at the configuration mends that.
    op.execute(
        "UPDATE sources SET university = (SELECT university FROM articles WHERE articles.source = sources.id ORDER BY articles.at, articles.id LIMIT 1)"
    )
    op.create_table(
        "universities",
        sa.Column("id", Name, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("country", Name),
    )
