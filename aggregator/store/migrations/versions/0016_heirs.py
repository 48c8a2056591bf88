"""Which university carries on what another one was: its old addresses lead there. Who was renamed before this is not known any more."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables import Name

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table("heirs", sa.Column("university", Name, primary_key=True), sa.Column("heir", Name, nullable=False))
