"""From whatever version of our tables is there to this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from aggregator.errors import NewerDatabase

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

HEAD = "0018"
"""The newest migration. A test holds it against ``migrations/versions``."""


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables up to ``HEAD`` within the transaction of ``connection``. Raises NewerDatabase where a later version has been at them."""
    current = _current(connection)
    if current == HEAD:
        return
    check(current, name)
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check(version: str | None, name: str) -> None:
    """Raises NewerDatabase where this version of the tables of ``name`` is none that we know."""
    if version is None or version == HEAD:
        return
    from alembic.script import ScriptDirectory

    if version not in _known(ScriptDirectory.from_config(_config())):
        raise NewerDatabase(
            f"{name} was written by a newer version of aggregator (schema {version}; this one knows up to {HEAD})",
            remedy="install the newer version again",
        )


def is_current(connection: Connection) -> bool:
    return _current(connection) == HEAD


def outdated(connection: Connection) -> str | None:
    """The version of the tables, where they are of an older one than ``HEAD``; None: there are none, or nothing is to be done, or nobody knows them."""
    current = _current(connection)
    return current if current is not None and current.isdecimal() and current < HEAD else None


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _known(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}
