"""Articles of a language are found newest first, whatever country or script their tags name beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_index("articles_of_language", "articles")
    op.create_index("articles_of_language", "articles", [sa.text("substr(lower(language) || '-', 1, 3)"), "at", "id"])
