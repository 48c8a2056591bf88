"""What one poll changes, and what of it an operator may want to hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.articles import Article
from aggregator.model.states import SourceState

EventKind = Literal[
    "broke",
    "mended",
    "repaired",
    "gone",
    "moved",
    "returned",
    "review",
    "left_out",
    "silent",
    "misconfigured",
    "configured",
    "offline",
    "online",
    "refused",
]
"""A source: keeps failing; is well again; has been redesigned and has repaired itself; is gone for good (410); has moved; is back at its address; is held back until the operator
decides; has new lists that are left out; publishes nothing for longer than is like it. The daemon: its configuration is wrong; is in force again; reaches no source at all; reaches one again;
writes no more to a reader of a newsletter whom the mail server refuses for good."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an entry it has met: which article it became, and how it looked."""

    article: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """Something of which an operator may want to hear."""

    at: datetime
    kind: EventKind
    source: str | None
    """None: it happened to the daemon."""
    text: str
    remedy: str | None = None
    number: int | None = None
    """Given by the store."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one poll changes. Written in one transaction, or not at all."""

    state: SourceState
    new: tuple[Article, ...] = ()
    revised: tuple[Article, ...] = ()
    keys: Mapping[bytes, Known] = field(default_factory=dict)
    """Every identity key met in this poll that is new or looks different now."""
    events: tuple[Event, ...] = ()
    claimed: SourceState | None = None
    """As the source was claimed: of its row is written what is different now. None: all that a poll may change."""
