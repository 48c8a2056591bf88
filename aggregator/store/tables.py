"""The tables, for queries. How they came to be is in ``migrations/``; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware moment as microseconds since 1970 in UTC: sorts, compares and fits an index on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + timedelta(0, 0, value)  # named, it takes twice as long


class Moment(TypeDecorator[datetime]):
    """An aware moment with the offset in which it was given (ISO 8601 text): a calendar day stays that day."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


Name = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared character by character, on every database and in every country."""

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("name", Name, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""``revision``: grows with every change of what is published. ``reader``: which version of this program has read what the validators are of.
``joined``: 1 where each article has been joined with its story; a migration that forgets marks forgets it. ``gazetteer``: edition of the names that articles
were looked through for.
"""

sources = Table(
    "sources",
    metadata,
    Column("id", Name, primary_key=True),
    Column("url", Text, nullable=False),
    Column("host", Name, nullable=False),
    Column("digest", Name, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("next_poll", Instant),
    Column("last_poll", Instant),
    Column("last_success", Instant),
    Column("last_change", Instant),
    Column("failures", Integer, nullable=False),
    Column("problem", Text),
    Column("remedy", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Name),
    Column("older", Text),
    Column("reader", Name),
    Column("articles", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("lease_owner", Name),
    Column("moved", Text),
    Column("moving", Text),
    Column("agreed", Integer, nullable=False, server_default="0"),
    Column("hints", JSON(none_as_null=True)),
    Column("activity", JSON(none_as_null=True)),
    Column("profile", JSON(none_as_null=True)),
    Column("missed", JSON(none_as_null=True)),
    Column("university", Name),
    Column("title", Text),
    Index("sources_due", "active", "next_poll", "last_poll", "lease_until", "host", "id"),
    Index("sources_leased", "lease_until", "host"),
)
"""``digest``: of how it is configured; when that changes, validators and body hash are forgotten. ``lease_…``: who polls it now, and until when.
``university`` and ``title`` are what the configuration said last. The indices hold all that a claim asks for: rows are long, and a claim goes through all that
is due.
"""

universities = Table(
    "universities",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("names", JSON, nullable=False),
    Column("country", Name),
)
"""What universities that were ever polled are called, for as long as anything of them is shown."""

heirs = Table(
    "heirs",
    metadata,
    Column("university", Name, primary_key=True),
    Column("heir", Name, nullable=False),
)
"""Which university carries on what another one was, since its file was renamed or its sources stand in another one."""

articles = Table(
    "articles",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Name, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("source", Name, nullable=False),
    Column("university", Name),
    Column("at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Name),
    Column("published", Moment),
    Column("updated", Moment),
    Column("precision", Name),
    Column("first_seen", Instant, nullable=False),
    Column("placed", Instant),
    Column("language", Name),
    Column("authors", JSON, nullable=False),
    Column("summary", Text),
    Column("content", Text),
    Column("text", Text),
    Column("image", Text),
    Column("categories", JSON, nullable=False),
    Column("topic", Name, nullable=False, server_default="news"),
    Column("enclosures", JSON, nullable=False),
    Column("provenance", JSON, nullable=False),
    Column("story", Name),
    Column("copy_of", Name),
    Index("articles_of_story", "story", "at", "id"),
    Index("articles_copy_of", "copy_of"),
    Column("mentions", JSON(none_as_null=True)),
    Column("named", Boolean, nullable=False, server_default=false()),
    Index("articles_unnamed", "named", "number"),
    Index("articles_id", "id", unique=True),
    Index("articles_at", "at", "id"),
    Index("articles_of_university", "university", "at", "id"),
    Index("articles_of_source", "source", "at", "id"),
    Index("articles_of_language", text("substr(lower(language) || '-', 1, 3)"), "at", "id"),
    Index("articles_of_topic", "topic", "at", "id"),
    Index("articles_url", "url"),  # on PostgreSQL a hash: any length; to say so here would load its dialect everywhere
    Index("articles_revision", "revision"),
)
"""``number`` is the row of the search index too. ``named``: whether ``mentions`` are those of the text and the gazetteer as they are now."""

primary_language: ColumnElement[str] = func.substr(
    func.lower(articles.c.language).concat(literal_column("'-'")), literal_column("1"), literal_column("3"), type_=Text()
)
"""``de-`` of de, de-AT and DE-ch, ``gsw`` of gsw-CH: just what ``articles_of_language`` is an index of."""

mentions = Table(
    "mentions",
    metadata,
    Column("tag", Name, primary_key=True),
    Column("article", Integer, primary_key=True),
    Column("about", Boolean, nullable=False),
    Index("mentions_of_article", "article"),
)
"""What questions find articles by: ``id:hit``, ``ror:01yqg2h08``, ``name:harbin institute of technology``, ``country:CN`` → number of the article."""

marks = Table(
    "marks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("marks", LargeBinary, nullable=False),
)
"""What each article is recognized by (``refine.stories``)."""

traces = Table(
    "traces",
    metadata,
    Column("trace", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which articles have left a trace: whoever shares one may belong to the same story."""

identities = Table(
    "identities",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("source", Name, primary_key=True),
    Column("article", Name, nullable=False),
    Column("fingerprint", LargeBinary(16), nullable=False),
    Column("number", Integer, nullable=False),
    Index("identities_of_source", "source", "number"),
)
"""How each source names the articles that it has shown: key → article. ``number``: of the newest article when this was last written; it orders by age."""

robots = Table(
    "robots",
    metadata,
    Column("origin", Name, primary_key=True),
    Column("text", Text, nullable=False),
    Column("fetched", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("unreachable_since", Instant),
)
"""What robots.txt of each origin says, as ``model.Robots``."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("source", Name, primary_key=True),
    Column("token", Name, nullable=False),
    Column("topic", Text, nullable=False),
    Column("hub", Text, nullable=False),
    Column("secret", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("until", Instant),
    Column("pushed", Instant),
    Index("subscriptions_token", "token", unique=True),
)
"""What has been asked of WebSub hubs, as ``model.Subscription``."""

turns = Table(
    "turns",
    metadata,
    Column("host", Name, primary_key=True),
    Column("holder", Name, nullable=False),
    Column("until", Instant, nullable=False),
    Index("turns_until", "until"),
)
"""Where many machines poll: who asks which host right now, or until when nobody may. By the clock of the database."""

subscribers = Table(
    "subscribers",
    metadata,
    Column("key", Name, primary_key=True),
    Column("callback", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("secret", Name),
    Column("until", Instant, nullable=False),
    Column("told", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("again", Instant),
    Column("within", Integer, nullable=False, server_default="0"),
)
"""Who subscribed at our own hub (WebSub), as ``model.Subscriber``. ``key``: digest of callback and topic, of which each pair is held once."""

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Name, nullable=False),
    Column("source", Name),
    Column("text", Text, nullable=False),
    Column("remedy", Text),
    Index("events_at", "at"),
)
"""What happened, as ``model.Event``."""

leavers = Table(
    "leavers",
    metadata,
    Column("newsletter", Name, primary_key=True),
    Column("reader", Name, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Who does not want a newsletter any more."""

secrets = Table(
    "secrets",
    metadata,
    Column("name", Name, primary_key=True),
    Column("value", LargeBinary(32), nullable=False),
)
"""Keys that sign what we hand out. Made at random when first needed."""
