"""Korean is found by any part of a word, and words with an emoji beside them. PostgreSQL finds in long texts what stands together there.

How far a subscriber was told within a revision is kept.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from operator import add
from typing import Any

import sqlalchemy as sa
from alembic import op

from aggregator.store import rows
from aggregator.store.tables import articles
from aggregator.text import search

revision = "0014"
down_revision = "0013"

_AT_ONCE = 500
_ANEW = re.compile(
    "[\u1100-\u11ff\u3130-\u318f\u3200-\u327f\uac00-\ud7a3\uffa0-\uffdc]"  # Korean, in all shapes
    "|[^\\w\\s\x00-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u2000-\u2064\u20a0-\u20b9\u2100-\u2189\u2190-\u23f3\u2500-\u26ff\u3000-\u303f\uff01-\uff9f]"  # symbols that FTS5 has, or may have, taken for letters
)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_UNSPACED}]+")
_CUT_SHORT = """
SELECT number FROM search WHERE EXISTS (
    SELECT FROM unnest(terms) AS term
    WHERE cardinality(positions) >= 255 OR positions[cardinality(positions)] >= 16383 OR length(lexeme) >= 500
)
"""


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("within", sa.Integer, nullable=False, server_default="0"))
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        _upgrade_postgres(connection)
    else:
        from aggregator.store import sqlite

        for batch in _changed(connection):
            connection.execute(_REMOVE, [_as_it_was(row) for row in batch])
            sqlite.add_to_search(connection, batch)


def _upgrade_postgres(connection: sa.Connection) -> None:
    from aggregator.store import lexemes

    op.execute("ALTER TABLE search ADD COLUMN said TEXT[]")
    short = list(connection.scalars(sa.text(_CUT_SHORT)))
    long = (_read(connection, articles.c.number.in_(short[start : start + _AT_ONCE])) for start in range(0, len(short), _AT_ONCE))
    for batch in chain(_changed(connection), long):
        lexemes.remove_from_search(connection, batch)
        lexemes.add_to_search(connection, batch)


def _changed(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Whose terms are others now, and at most a few more."""
    last = 0
    while held := _read(connection, articles.c.number > last):
        last = held[-1]["number"]
        if found := [row for row in held if _ANEW.search(f"{row['title']}{row['body']}{row['authors']}{row['categories']}")]:
            yield found


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    wanted = sa.select(*(articles.c[name] for name in rows.SEARCHED)).where(which).order_by(articles.c.number).limit(_AT_ONCE)
    return [rows.searched(row._asdict()) for row in connection.execute(wanted)]


_REMOVE = sa.text(
    "INSERT INTO search (search, rowid, title, body, authors, categories) VALUES ('delete', :number, :title, :body, :authors, :categories)"
)


def _as_it_was(row: dict[str, Any]) -> dict[str, Any]:
    """What SQLite is to take out must be exactly what was put in: these are the terms of the versions before."""
    names = {name: _index("\n".join(row[name])) for name in ("authors", "categories")}
    return {"number": row["number"], "title": _index(row["title"]), "body": _index(row["body"] or ""), **names}


def _index(text: str) -> str:
    return text.lower() if text.isascii() else _RUN.sub(_pairs, unicodedata.normalize("NFC", search.fold(text)))


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    return f" {' '.join(map(add, characters, characters[1:]))} {characters[-1]} " if len(characters) > 1 else f" {characters} "
