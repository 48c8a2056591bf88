"""From whatever version of our tables is there to this one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from aggregator.errors import NewerDatabase

HEAD = "0004"
"""The newest migration. A test holds it against ``migrations/versions``."""


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables up to ``HEAD`` within the transaction of ``connection``. Raises NewerDatabase where a later version has been at them."""
    current = (
        connection.scalar(text("SELECT version_num FROM alembic_version")) if inspect(connection).has_table("alembic_version") else None
    )
    if current == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    versions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in versions:
        raise NewerDatabase(
            f"{name} was written by a newer version of aggregator (schema {current}; this one knows up to {HEAD})",
            remedy="install the newer version again",
        )
    command.upgrade(config, "head")
