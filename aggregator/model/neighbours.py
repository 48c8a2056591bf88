"""What we and other sites have agreed on: their robots.txt, our subscriptions at their hubs, theirs at ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt of one origin says (RFC 9309), as it was last fetched."""

    origin: str
    """``https://www.example.edu``, with the port where it is not that of the scheme."""
    text: str
    """What is written there; empty where there is no such file: everything is allowed."""
    fetched: datetime
    until: datetime
    """When it should be asked for again, a day after ``fetched`` at the latest."""
    unreachable_since: datetime | None = None
    """Since when the server could not be asked for it; ``text`` is what it last said. None: it answers."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we have asked of a hub (WebSub): to push what is new in the feed of a source."""

    source: str
    token: str
    """Stands in the address that the hub calls; nobody else knows it."""
    topic: str
    hub: str
    secret: str
    """The key of the signature of each push."""
    state: Literal["asked", "active", "refused"]
    asked: datetime
    """When the hub was last asked to subscribe us."""
    until: datetime | None = None
    """When an active subscription ends unless it is renewed; of another, when the hub is asked again."""
    pushed: datetime | None = None
    """When a push with the right signature last came."""


class Told(NamedTuple):
    """How far somebody was told of what was added and changed: everything up to ``revision``, and of the next one the articles up to number ``within``."""

    revision: int
    within: int = 0


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who has subscribed to one of our feeds at our own hub (WebSub)."""

    callback: str
    topic: str
    """The place of the feed on our site: ``/feeds/all.rss``."""
    secret: str | None
    """The key of the signature of each delivery; None: they are not signed."""
    until: datetime
    told: int
    """The revision up to which everything has been delivered."""
    failures: int = 0
    """Deliveries that failed since the last that did not."""
    again: datetime | None = None
    """When the delivery that failed is tried again."""
    within: int = 0
    """As ``Told`` has it."""

    @property
    def heard(self) -> Told:
        return Told(self.told, self.within)
