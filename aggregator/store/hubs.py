"""WebSub, from both sides: what we have asked of the hubs of others, and who has subscribed at ours."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, not_, select, update

from aggregator.model import Subscriber, Subscription
from aggregator.store import rows
from aggregator.store.database import Database, chunks
from aggregator.store.tables import settings, sources, subscribers, subscriptions

_SUBSCRIPTION = ["token", "topic", "hub", "secret", "state", "asked", "until", "pushed"]
_DELIVERED = ["told", "within", "failures", "again"]
_SUBSCRIBER = ["secret", "until", *_DELIVERED]


class Hubs(Database):
    """Our subscriptions, our subscribers, and what another hub was told of us."""

    def subscriptions(self, *, configured: bool = True) -> tuple[Subscription, ...]:
        """Of sources that are ``configured``, or of all that ever were, by id of the source."""
        wanted = select(subscriptions)
        if configured:
            wanted = wanted.join(sources, sources.c.id == subscriptions.c.source).where(sources.c.active)
        with self._reading() as connection:
            return tuple(Subscription(**row._asdict()) for row in connection.execute(wanted.order_by(subscriptions.c.source)))

    def subscription(self, source: str) -> Subscription | None:
        with self._reading() as connection:
            row = connection.execute(select(subscriptions).where(subscriptions.c.source == source)).first()
        return None if row is None else Subscription(**row._asdict())

    def keep_subscription(self, subscription: Subscription) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(subscriptions, keys=["source"], update=_SUBSCRIPTION), [asdict(subscription)])

    def ring(self, subscription: Subscription, *, due: datetime) -> None:
        """Keep a ``subscription`` that was pushed, and make its source due at ``due`` where it is planned later. A source that fails keeps its turn: its
        server may have asked for it.
        """
        waiting = and_(sources.c.id == subscription.source, sources.c.failures == 0, not_(sources.c.gone), sources.c.next_poll > due)
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(subscriptions, keys=["source"], update=_SUBSCRIPTION), [asdict(subscription)])
            connection.execute(update(sources).where(waiting).values(next_poll=due))

    def drop_subscription(self, source: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.source == source))

    def subscribers(self) -> tuple[Subscriber, ...]:
        """Everybody who subscribed at our hub."""
        with self._reading() as connection:
            return tuple(rows.subscriber(row) for row in connection.execute(select(subscribers).order_by(subscribers.c.key)))

    def keep_subscribers(self, *changed: Subscriber) -> None:
        with self._writing() as connection:
            connection.execute(
                self._dialect.upsert(subscribers, keys=["key"], update=_SUBSCRIBER),
                [asdict(each) | {"key": rows.key(each)} for each in changed],
            )

    def keep_deliveries(self, *told: Subscriber) -> None:
        """How far each of them was told, and how that went. Who has left meanwhile stays away; secret and lease may have been renewed and are not touched."""
        there = update(subscribers).where(subscribers.c.key == bindparam("of"))
        there = there.values({name: bindparam(f"now_{name}") for name in _DELIVERED})
        with self._writing() as connection:
            connection.execute(
                there, [{"of": rows.key(each)} | {f"now_{name}": getattr(each, name) for name in _DELIVERED} for each in told]
            )

    def end_leases(self, *, now: datetime) -> None:
        """Forget who did not renew in time."""
        with self._writing() as connection:
            connection.execute(delete(subscribers).where(subscribers.c.until <= now))

    def drop_subscribers(self, *gone: Subscriber) -> None:
        with self._writing() as connection:
            for chunk in chunks([rows.key(each) for each in gone]):
                connection.execute(delete(subscribers).where(subscribers.c.key.in_(chunk)))

    def pinged(self) -> int | None:
        """The revision that another hub was last told of; None: never."""
        with self._reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.name == "pinged"))

    def keep_pinged(self, revision: int) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "pinged", "value": revision}])
