"""What happened to the sources and the daemon, as articles of a feed for an operator who lives in a reader. Tells no more than /status does."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from uuid import NAMESPACE_URL, uuid5

from aggregator.model import Article, Event, EventKind

MOST = 100
"""Events in the feed."""

_WORDS: Mapping[EventKind, str] = {
    "broke": "keeps failing",
    "mended": "is well again",
    "repaired": "was redesigned, and has repaired itself",
    "review": "reads unlike itself and is held back",
    "left_out": "has new lists that are left out",
    "silent": "has fallen silent",
    "gone": "is gone for good",
    "moved": "has moved",
    "returned": "is back at its address",
    "misconfigured": "The configuration is wrong",
    "configured": "The configuration is in force again",
    "offline": "No source can be reached",
    "online": "Sources can be reached again",
    "refused": "A reader of a newsletter is refused",
}


def as_article(event: Event, site: str) -> Article:
    """``site`` is its address, without a final slash."""
    text = f"{event.text}. Try: {event.remedy}" if event.remedy else event.text
    return Article(
        id=str(uuid5(NAMESPACE_URL, f"{site}/events/{event.number}")),
        title=f"{event.source} {_WORDS[event.kind]}" if event.source else _WORDS[event.kind],
        url=f"{site}/status",
        source=event.source or "",
        university=None,
        first_seen=event.at,
        published=event.at,
        precision="second",
        summary=text,
        content=f"<p>{escape(text)}</p>",
        text=text,
        language="en",
        categories=(event.kind,),
    )
