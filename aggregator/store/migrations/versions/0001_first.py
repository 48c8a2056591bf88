"""The first schema."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("settings", sa.Column("name", Name, primary_key=True), sa.Column("value", sa.BigInteger, nullable=False))
    op.create_table(
        "sources",
        sa.Column("id", Name, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("host", Name, nullable=False),
        sa.Column("digest", Name, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("next_poll", sa.BigInteger),
        sa.Column("last_poll", sa.BigInteger),
        sa.Column("last_success", sa.BigInteger),
        sa.Column("last_change", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("remedy", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", Name),
        sa.Column("older", sa.Text),
        sa.Column("reader", Name),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("lease_owner", Name),
    )
    op.create_index("sources_due", "sources", ["active", "next_poll"])
    op.create_index("sources_leased", "sources", ["lease_until"])
    op.create_table(
        "articles",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", Name, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("source", Name, nullable=False),
        sa.Column("university", Name),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", Name),
        sa.Column("published", sa.String(32)),
        sa.Column("updated", sa.String(32)),
        sa.Column("precision", Name),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("placed", sa.BigInteger),
        sa.Column("language", Name),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("content", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("image", sa.Text),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("enclosures", sa.JSON, nullable=False),
        sa.Column("provenance", sa.JSON, nullable=False),
    )
    op.create_index("articles_id", "articles", ["id"], unique=True)
    op.create_index("articles_at", "articles", ["at", "id"])
    op.create_index("articles_of_university", "articles", ["university", "at", "id"])
    op.create_index("articles_of_source", "articles", ["source", "at", "id"])
    op.create_index("articles_of_language", "articles", [sa.text("lower(language)"), "at", "id"])
    op.create_index("articles_url", "articles", ["url"], postgresql_using="hash")
    op.create_table(
        "identities",
        sa.Column("key", sa.LargeBinary(16), primary_key=True),
        sa.Column("source", Name, primary_key=True),
        sa.Column("article", Name, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("identities_of_source", "identities", ["source", "number"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE search (number INTEGER PRIMARY KEY, terms TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX search_terms ON search USING gin (terms)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5(title, body, authors, categories, content='', tokenize=\"unicode61 remove_diacritics 0\")"
        )
