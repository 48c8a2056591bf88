"""The search index of a database that an older version has filled: migration 0014 puts other terms in it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

from aggregator import query
from aggregator.store import Store, migrate, postgres, rows, sqlite
from aggregator.store.tables import articles

migration = importlib.import_module("aggregator.store.migrations.versions.0014_search")

TEXTS = (
    ("서울대학교는 신입생을 모집한다", "연구팀이 인공지능을 개발했다", ("한겨레",)),
    ("our robot🤖", "it costs 100₽", ("Staff",)),
    ("long", "大学 " * 300 + "大学城", ()),
    ("robots walk on ice", "哈工大", ("Li Lei",)),
)


@pytest.fixture(params=[sqlite, postgres], ids=["sqlite", "postgresql"])
def old(request, tmp_path, an_article):
    """A database of schema 0013 that holds an article of each of TEXTS with the terms of that time."""
    dialect = request.param
    address = f"sqlite:///{tmp_path}/old.db" if dialect is sqlite else request.getfixturevalue("fresh_postgres")
    engine = dialect.engine(make_url(address))
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        dialect.check_ours(connection, "old")
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
        for number, (title, said, authors) in enumerate(TEXTS, 1):
            row = rows.columns(an_article(number, title=title, text=said, authors=authors)) | {"number": number, "revision": 1}
            connection.execute(insert(articles), row)
            _index_as_then(connection, rows.searched(row))
    engine.dispose()
    return address


def _index_as_then(connection, row):
    if connection.dialect.name == "sqlite":
        add = "INSERT INTO search (rowid, title, body, authors, categories) VALUES (:number, :title, :body, :authors, :categories)"
        connection.execute(text(add), migration._as_it_was(row))
        return
    places = [f"'{term}':{place}B" for place, term in enumerate(migration._index(f"{row['title']} {row['body']}").split(), 1)]
    connection.execute(
        text("INSERT INTO search (number, terms) VALUES (:number, CAST(:terms AS tsvector))"),
        {"number": row["number"], "terms": " ".join(places)},
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("서울대", [1]),
        ("인공지능", [1]),
        ("author:한겨", [1]),
        ("robot", [2]),
        ("100", [2]),
        ("大学城", [3]),
        ("-大学城", [1, 2, 4]),
        ("robots ice", [4]),
        ("工大", [4]),
    ],
)
def test_what_an_older_version_stored_is_found_as_if_it_were_new(old, asked, found):
    with Store.open(old) as store:
        number = {title: number for number, (title, _, _) in enumerate(TEXTS, 1)}

        assert sorted(number[each.title] for each in store.articles(query.parse(asked), limit=10)) == found


def test_nothing_of_the_old_terms_is_left(old):
    with Store.open(old) as store, store._reading() as connection:
        if store.is_shared:
            left = "SELECT count(*) FROM search WHERE terms @@ '''모집한다''' OR terms @@ '''robot🤖'''"
        else:
            connection.exec_driver_sql("INSERT INTO search (search) VALUES ('integrity-check')")
            left = 'SELECT count(*) FROM search WHERE search MATCH \'"모집한다" OR "robot🤖"\''

        assert connection.exec_driver_sql(left).scalar() == 0
