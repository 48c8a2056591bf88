"""What is polled and whose it is, in the words of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from aggregator.model.articles import Topic

FullText = Literal["auto", "always", "never"]
"""Whether article pages are fetched: "auto" only where the list or feed itself carries no text worth reading."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "feed": "RSS, Atom or RDF",
        "jsonfeed": "JSON Feed 1 or 1.1",
        "listing": "an HTML page, by the CSS selectors of its source",
        "structured": "an HTML page, by its JSON-LD, microdata, microformats or embedded state",
        "cms": "an HTML page, by the marks of the system that made it",
        "detect": "an HTML page without selectors: its list of news is found",
        "wordpress": "posts of WordPress as its REST interface gives them (wp/v2/posts)",
        "sitemap": "a news sitemap",
    }
)
"""Kind → what it reads. "auto" is not one of them: it chooses among them."""


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long the texts of articles are kept."""

    days: int | None = None
    """None: for ever."""
    at_least: int = 100
    """So many of the newest of each source keep theirs, however old they are."""


@dataclass(frozen=True, slots=True)
class University:
    """Who publishes. ``id`` is the name of its file in ``config/universities``."""

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    """The name by language code, in that language."""
    aliases: tuple[str, ...] = ()
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    city: str | None = None
    timezone: str | None = None
    """IANA zone name."""
    ror: str | None = None
    home: str | None = None
    enabled: bool = True
    """Whether its sources are polled; False: it is only known."""
    keep: Keep | None = None
    """None: as the settings say for all."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a source of kind "listing". ``items`` finds the rows; the others look inside one row.

    Without ``title`` and ``link`` the first link of a row serves; without ``date`` the row's own text is searched for a date.
    """

    items: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    summary: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One address that is polled. ``kind`` is a key of ``KINDS``, or "auto": look and decide."""

    id: str
    url: str
    kind: str = "auto"
    language: str | None = None
    """What its articles are written in; BCP 47."""
    timezone: str | None = None
    """IANA zone in which its dates without an offset are meant; None: UTC."""
    university: str | None = None
    title: str | None = None
    """What subscribers see as the name of the source."""
    selectors: Selectors | None = None
    article: str | None = None
    """CSS selector of the text on an article page; None: found by itself."""
    full_text: FullText = "auto"
    every: timedelta | None = None
    """A fixed interval between polls; None: a rhythm that follows how it publishes."""
    ignore_robots: str | None = None
    """Why its robots.txt is not asked, in the operator's words; None: it is asked and obeyed."""
    topic: Topic | None = None
    """What all its articles are, in the operator's words; None: each is told by its list, its address and its title."""
    verified: date | Literal["never"] | None = None
    """When it was last seen to bring news; "never": its address was written down without a look; None: nobody says."""
    keep: Keep | None = None
    """None: as its university says."""
    country: str | None = None
    """Whose holidays it keeps; ISO 3166-1 alpha-2."""
    paused: bool = False
    """Whether it is left alone for now."""


@dataclass(frozen=True, slots=True)
class Departed:
    """What is not configured any more, of which articles are still shown: as much as is remembered of it, by id."""

    universities: Mapping[str, University]
    sources: Mapping[str, Source]
    former: Mapping[str, University] = field(default_factory=dict)
    """All that were ever polled, by the id that they had, whether anything of them is shown or not; each as it was called, with the id of who carries it on."""

    def named(self, configured: Mapping[str, University]) -> Mapping[str, University]:
        """All that questions may name, by the ids that they have and had; who has articles still is meant by its own."""
        return {**self.former, **self.universities, **configured}
