"""What we ask of hubs, and what we believe of what they say (WebSub, W3C Recommendation of 23 January 2018). Pure: the clock and secrets are arguments.

    feed names a hub ─▶ asked ─▶ the hub verifies ─▶ active ─▶ asked again before the lease ends ─▶ …
                                 the hub denies   ─▶ refused

A push is a doorbell, not a parcel: it makes its source due, and what is new is fetched from the source itself. So a hub that lies, or whom somebody
imitates, can put no word into a feed; it can only make us look, once a minute at most. One line reads all there is, with one claim, one memory of what is
known, one robots.txt; and what a hub sends is hashed as it comes, never kept, never parsed. The price is one conditional request for each push.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from aggregator.model import Hints, SourceState, Subscription

LEASE: Final = timedelta(days=10)
"""What we ask for; hubs decide."""
_LONGEST_LEASE: Final = timedelta(days=30)
"""What a hub promises beyond that is not relied on."""
_RENEWED: Final = 0.7
"""The part of what is left of a lease after which the hub is asked again, so that a hub that is down gets several attempts."""

FIRST_PAUSE: Final = timedelta(minutes=10)
"""Between two requests for one source to its hub, at the least; doubles while the hub does not verify …"""
LONGEST_PAUSE: Final = timedelta(days=1)
"""… up to this."""
_REFUSED: Final = timedelta(days=30)
"""After which a hub that refused is asked again: it may have changed hands."""

APART: Final = timedelta(minutes=1)
"""Pushes of one source within this cause one poll."""
STRETCHED: Final = 4
"""How many times rarer polls are while pushes tell the news."""
_WITH_A_PUSH: Final = timedelta(minutes=15)
"""News found so soon after a push came with it: a poll and its article pages take no longer."""

METHODS: Final = ("sha1", "sha256", "sha384", "sha512")
"""Of signatures (§7.1). SHA-1 is no weakness here: HMAC does not rest on its collisions."""

_SECONDS = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(rf"({'|'.join(METHODS)})=([0-9a-fA-F]+)", re.IGNORECASE)
_LONGEST_CHALLENGE = 2_000


# --- asking ------------------------------------------------------------------------------------------------------------------------


def advertised(hints: Hints, links: Mapping[str, str], url: str) -> Hints:
    """``hints`` of a feed found at ``url`` with the hub that holds: that of its ``Link`` headers, else its own (§4). A topic without a name is its address."""
    hub = links.get("hub") or hints.hub
    return replace(hints, hub=hub, topic=links.get("self") or hints.topic or url if hub else hints.topic)


def token(base: str, random: str) -> str:
    """The last part of a callback address under ``base``. It tells for which base it was made, see ``made_for``; ``random`` is what nobody can guess."""
    return f"{random}.{blake2b(base.encode(), digest_size=5).hexdigest()}"


def made_for(base: str, token: str) -> bool:
    """False where our own address has changed since: the hub pushes to the old one."""
    return token.partition(".")[2] == blake2b(base.encode(), digest_size=5).hexdigest()


def was_asked(subscription: Subscription) -> bool:
    """False of one that only waits for its turn: the hub has never heard of it."""
    return subscription.until != subscription.asked


def not_before(replaced: Subscription) -> datetime:
    """When the hub may be asked that a feed names instead of another one; feeds that name another one each time make nobody ask more often."""
    return replaced.asked + FIRST_PAUSE if was_asked(replaced) else replaced.asked


def next_ask(subscription: Subscription) -> datetime:
    """When the hub should be asked to subscribe us, again or at last."""
    until = subscription.until or subscription.asked
    if subscription.state != "active":
        return until
    return subscription.asked + max(FIRST_PAUSE, _RENEWED * (until - subscription.asked))


def asked(subscription: Subscription, now: datetime) -> Subscription:
    """The hub is asked at ``now``. What is active stays so while it is renewed; else the hub gets longer each time to verify."""
    until = subscription.until or subscription.asked
    if subscription.state == "active" and until > now:
        return replace(subscription, asked=now)
    waited = until - subscription.asked if subscription.state == "asked" else timedelta()
    return replace(subscription, state="asked", asked=now, until=now + min(max(FIRST_PAUSE, 2 * waited), LONGEST_PAUSE))


def form(subscription: Subscription, callback: str, *, subscribe: bool) -> dict[str, str]:
    """The request to the hub (§5.1). The secret goes to hubs of plain http as well: whoever can read it there can read the feed too."""
    said = {"hub.mode": "subscribe" if subscribe else "unsubscribe", "hub.topic": subscription.topic, "hub.callback": callback}
    more = {"hub.lease_seconds": f"{LEASE.total_seconds():.0f}", "hub.secret": subscription.secret}
    return said | more if subscribe else said


# --- believing ---------------------------------------------------------------------------------------------------------------------


def challenge(asked: Mapping[str, str], mode: str, topic: str) -> str | None:
    """What a hub that verifies our intent wants to hear (§5.3); None where that is not what we asked for."""
    said = asked.get("hub.challenge", "")
    meant = asked.get("hub.mode") == mode and asked.get("hub.topic") == topic
    return said if meant and 0 < len(said) <= _LONGEST_CHALLENGE else None


def verified(subscription: Subscription, lease: str, now: datetime) -> Subscription:
    """Active for ``lease`` seconds as the hub says them, within reason; where it says none, for what we asked."""
    granted = timedelta(seconds=int(lease)) if _SECONDS.fullmatch(lease) else LEASE
    return replace(subscription, state="active", until=now + min(granted, _LONGEST_LEASE))


def refused(subscription: Subscription, now: datetime) -> Subscription:
    return replace(subscription, state="refused", until=now + _REFUSED)


class Signature:
    """The signature of one push, checked while its body comes in. ``stated`` is the header ``X-Hub-Signature``, ``method=hex``."""

    def __init__(self, stated: str, secret: str) -> None:
        match = _SIGNATURE.fullmatch(stated.strip())
        self._stated = match[2].lower() if match else ""
        self._hash = hmac.new(secret.encode(), digestmod=match[1].lower() if match else "sha256")

    def add(self, piece: bytes) -> None:
        self._hash.update(piece)

    @property
    def right(self) -> bool:
        return hmac.compare_digest(self._hash.hexdigest(), self._stated)


# --- polling -----------------------------------------------------------------------------------------------------------------------


def due(subscription: Subscription, now: datetime, at_least: timedelta) -> datetime:
    """When a source is to be polled that is pushed at ``now``: at once, unless another push came just before. ``subscription`` knows only of that."""
    return now if subscription.pushed is None else max(now, subscription.pushed + min(APART, at_least))


def relied_on(subscription: Subscription | None, last_change: datetime | None, now: datetime) -> bool:
    """Whether polls may be rarer: the hub is bound to push, and the last news came with a push. News that a poll finds by itself end the trust."""
    if subscription is None or subscription.state != "active" or subscription.pushed is None or (subscription.until or now) <= now:
        return False
    return last_change is None or last_change <= subscription.pushed + _WITH_A_PUSH


def heeded(
    after: SourceState, subscription: Subscription | None, *, began: datetime, now: datetime, at_least: timedelta
) -> datetime | None:
    """When a source is polled next whose poll began at ``began`` and left it as ``after``.

    A push that came meanwhile may be of something that this poll has not seen. One that came before, and brought nothing, was perhaps faster than a cache of
    the site: we look once more.
    """
    planned = after.next_poll
    if subscription is None or subscription.pushed is None or planned is None or after.failures:
        return planned
    if subscription.pushed > began:
        return min(planned, max(now, began + min(APART, at_least)))
    in_vain = after.last_change is None or after.last_change < subscription.pushed
    return min(planned, now + at_least) if in_vain and began - subscription.pushed < at_least else planned
