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
WHOLE = Path(__file__).with_name("migrations") / "sqlite.sql"
"""What the migrations make of an empty file, written by ``make docs``: whoever starts anew needs neither them nor the memory that running them takes."""


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables up to ``HEAD`` within the transaction of ``connection``. Raises NewerDatabase where a later version has been at them."""
    current = _current(connection)
    if current == HEAD:
        return
    check(current, name)
    if current is None and connection.dialect.name == "sqlite":
        for statement in WHOLE.read_text(encoding="utf-8").split(_BETWEEN):
            connection.exec_driver_sql(statement)
    else:
        walk(connection)


_BETWEEN = ";\n\n"
_VERSION = "INSERT INTO alembic_version VALUES ('{}')"


def whole(connection: Connection) -> str:
    """The statements that make the tables of this SQLite file anew."""
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'search_*' ORDER BY rowid")
    return _BETWEEN.join([*made.scalars(), _VERSION.format(_current(connection))])


def walk(connection: Connection) -> None:
    """``upgrade``, one migration after the other."""
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
