"""What happened to the sources and the daemon, as articles of a feed for an operator who lives in a reader. Tells no more than /status does."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from uuid import NAMESPACE_URL, uuid5

from aggregator.model import Article, Event, EventKind
from aggregator.serve.speech import noted

MOST = 100
"""Events in the feed."""

WORDS: Mapping[EventKind, str] = {
    "broke": noted("keeps failing"),
    "mended": noted("is well again"),
    "repaired": noted("was redesigned, and has repaired itself"),
    "review": noted("reads unlike itself and is held back"),
    "left_out": noted("has new lists that are left out"),
    "silent": noted("has fallen silent"),
    "gone": noted("is gone for good"),
    "moved": noted("has moved"),
    "returned": noted("is back at its address"),
    "misconfigured": noted("The configuration is wrong"),
    "configured": noted("The configuration is in force again"),
    "offline": noted("No source can be reached"),
    "online": noted("Sources can be reached again"),
    "refused": noted("A reader of a newsletter is refused"),
}
"""What follows the id of the source, or a sentence of its own where it happened to the daemon."""


def as_article(event: Event, site: str) -> Article:
    """``site`` is its address, without a final slash."""
    text = f"{event.text}. Try: {event.remedy}" if event.remedy else event.text
    return Article(
        id=str(uuid5(NAMESPACE_URL, f"{site}/events/{event.number}")),
        title=f"{event.source} {WORDS[event.kind]}" if event.source else WORDS[event.kind],
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
