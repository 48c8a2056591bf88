"""The nouns that travel down the line: frozen values without behaviour, without I/O.

    Source ─▶ Page ─▶ Reading of Entries ─▶ Articles ─▶ FeedDocument

Every moment is an aware ``datetime``; every address is absolute; ``None`` means that the origin does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, get_args

Precision = Literal["day", "minute", "second"]
"""How exactly a moment was given. A day without a time is noon in its source's zone, so that no reader shows the day before."""

State = Literal["new", "ok", "silent", "review", "failing", "gone"]
"""Of a source. "silent": it answers, but has not published for longer than is like it. "review": it reads unlike itself; nothing of it is published."""

FullText = Literal["auto", "always", "never"]
"""Whether article pages are fetched: "auto" only where the list or feed itself carries no text worth reading."""


Topic = Literal["news", "research", "event", "lecture", "notice", "job", "tender", "admission"]
"""What an article is for. A notice tells members of the house what to do; an admission tells who may join it."""

TOPICS: tuple[Topic, ...] = get_args(Topic)


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


@dataclass(frozen=True, slots=True)
class Page:
    """One response, as received but for its transfer coding. ``url`` is where it was found after redirects."""

    url: str
    body: bytes
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers, names in lower case."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry. ``length`` is in bytes."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its origin states it, not yet cleaned. Addresses are absolute already; ``content`` and ``summary`` are HTML."""

    title: str | None = None
    """Plain text."""
    url: str | None = None
    id: str | None = None
    """The origin's own guid, verbatim."""
    published: datetime | None = None
    updated: datetime | None = None
    precision: Precision | None = None
    """Of ``published``, or of ``updated`` where only that is known."""
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    text: str | None = None
    """The content as plain text, paragraphs separated by a blank line; set where a reader works on text anyway."""
    image: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Where each field came from: name of the field → reader and rule, in words an operator understands."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed asks of those who poll it."""

    ttl: timedelta | None = None
    """How long what it says stays good (RSS ``ttl``, ``sy:updatePeriod`` by ``sy:updateFrequency``)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in which nothing changes, 0 to 23 in UTC (RSS ``skipHours``)."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week on which nothing changes, 0 is Monday, in UTC (RSS ``skipDays``)."""
    hub: str | None = None
    """Where news of it can be subscribed to (WebSub)."""
    topic: str | None = None
    """Its own name for itself, which the hub knows it by (``rel="self"``)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one reader made of a page: why it won or lost."""

    reader: str
    entries: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page says: its entries in the order of the page, and what it tells of itself."""

    entries: tuple[Entry, ...]
    reader: str
    """Which reader it was: "feed", "jsonfeed", "listing", "cms:webplus", "detect", …"""
    title: str | None = None
    link: str | None = None
    """The page for people that belongs to a feed."""
    description: str | None = None
    language: str | None = None
    author: str | None = None
    updated: datetime | None = None
    feeds: tuple[str, ...] = ()
    """Feeds that the page names as its own, best first."""
    hints: Hints = Hints()
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Where a university is named: characters ``start`` to ``end`` of the title or the text."""

    start: int
    end: int
    text: str
    field: Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A university that an article names."""

    name: str
    """In English where it has an English name."""
    university: str | None = None
    """Its id in ``config/universities``; None: it is not configured."""
    ror: str | None = None
    """``https://ror.org/…``; None where that is not known for sure."""
    spans: tuple[Span, ...] = ()
    about: bool = False
    """Whether the article is about it, and does not only mention it."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Article:
    """One item as it is stored and published: cleaned, canonical, with an id for life."""

    id: str
    """A UUID derived from what identifies the entry; never changes once stored."""
    title: str
    url: str | None
    source: str
    university: str | None
    first_seen: datetime
    published: datetime | None = None
    """None where the source does not say; ``first_seen`` never stands in for it here."""
    updated: datetime | None = None
    precision: Precision | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    """Plain text, a few hundred characters."""
    content: str | None = None
    """Sanitized HTML with absolute addresses."""
    text: str | None = None
    image: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    topic: Topic = "news"
    enclosures: tuple[Enclosure, ...] = ()
    mentions: tuple[Mention, ...] | None = None
    """The universities that it names; None: nobody has looked yet."""
    provenance: Mapping[str, str] = field(default_factory=dict)
    placed: datetime | None = None
    """Where an article without a date stands in feeds, when that is not ``first_seen``: a first crawl spreads its undated items by their rank."""
    story: str | None = None
    """The story that it and others tell: the id of the article that told it first; None: nobody else tells it. The store decides."""
    copy_of: str | None = None
    """The id of the article whose text this is once more, lightly edited or not; lists show that one. The store decides."""
    marks: bytes | None = None
    """What it is recognized by, as ``refine.stories`` packs it; on its way to the store only."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is filed under: the categories of its origin, and its topic where that is not plain news."""
        return self.categories if self.topic == "news" else (*self.categories, self.topic)

    @property
    def at(self) -> datetime:
        """The moment by which feeds are ordered: published, but never later than it was seen; without a date, where it was placed or first seen."""
        return min(self.published, self.first_seen) if self.published else self.placed or self.first_seen


@dataclass(frozen=True, slots=True)
class Report:
    """Another article of the same story, as far as one points to it."""

    article: str
    title: str
    url: str | None
    source: str
    university: str | None
    language: str | None
    published: datetime | None
    copy: bool
    """The same text once more; else the same event in other words."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with, byte for byte (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How the readings of a source look when all is well: what another list would not have."""

    reader: str
    items: int
    """Entries of a usual reading."""
    dated: float
    """The share of them with a date, 0 to 1."""
    width: float
    """Of their titles; half of them are wider. A CJK character counts two."""
    shapes: tuple[str, ...]
    """Of their addresses, digits and names masked, the most frequent first."""
    newest: datetime | None = None
    """The latest date that it has shown."""
    kept: float | None = None
    """The share of the entries of a reading that were known before; None: there was but one reading."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way to go on with a source whose page reads differently: what the operator decides about."""

    url: str
    kind: str | None
    """How ``url`` would be read; None: as configured."""
    items: str | None
    """CSS selector of its rows, where no reader finds them; None: none is needed."""
    form: Form
    known: int
    """How many of its entries are known."""
    titles: tuple[str, ...]
    """The first of those that would be published as new."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why nothing of what a source shows now is published."""

    since: datetime
    reasons: tuple[str, ...]
    """In words an operator understands."""
    times: int = 1
    """Polls in a row that have found it so."""
    proposal: Proposal | None = None
    rejected: tuple[str, ...] = ()
    """Shapes of addresses of the form that the operator does not want, and is not asked about again."""

    @property
    def is_settled(self) -> bool:
        """The operator has decided: all that remains is to wait, or to change the configuration."""
        return bool(self.rejected)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a source is like, learned from its readings; what deviates from it is not published."""

    form: Form
    readings: int = 1
    """Good readings that it was learned from."""
    kind: str | None = None
    """How it is read since it was redesigned; None: as configured."""
    items: str | None = None
    """CSS selector of its rows since then, where no reader finds them."""
    gaps: tuple[float, ...] = ()
    """Between the latest days on which it published, in working days (``aggregator.silence``), oldest first."""
    heard: datetime | None = None
    """When it last published, to half a working day."""
    silent: datetime | None = None
    """Since when it is silent for longer than its own rhythm explains; None: it is not."""
    suspicion: Suspicion | None = None
    sought: datetime | None = None
    """When its news were last looked for elsewhere."""
    mended: datetime | None = None
    """When it last found its news again by itself."""
    how: str | None = None
    """… and how, in words."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known about a source between polls: one row of the store."""

    source: str
    url: str
    active: bool = True
    """Whether it is still in the configuration."""
    gone: bool = False
    """The server said 410: not polled again until its address changes."""
    next_poll: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    """When it last answered with something readable, changed or not."""
    last_change: datetime | None = None
    """When it last brought a new or changed article."""
    failures: int = 0
    """Polls that failed since the last success."""
    problem: str | None = None
    remedy: str | None = None
    validators: Validators = Validators()
    body_hash: str | None = None
    """Of the last body that was read completely; an equal one is not read again."""
    older: str | None = None
    """Where a backfill goes on; None: at the source's own address."""
    moved: str | None = None
    """Where it lives now, and is polled: it has said so (301, 308) often enough."""
    moving: str | None = None
    """Where it says that it has moved, not yet often enough to be believed."""
    agreed: int = 0
    """How many polls in a row have said ``moving``."""
    hints: Hints = Hints()
    activity: tuple[float, ...] | None = None
    """When it publishes, as ``aggregator.rhythm`` keeps it; None: nothing is known yet."""
    reader: str | None = None
    articles: int = 0
    owner: str | None = None
    """Who holds the claim on it; None: nobody, or nobody asks."""
    profile: Profile | None = None
    """What it is like; None: nothing of it was read yet."""

    @property
    def state(self) -> State:
        if self.gone:
            return "gone"
        if self.profile is not None and self.profile.suspicion is not None:
            return "review"
        if self.failures:
            return "failing"
        if self.profile is not None and self.profile.silent is not None:
            return "silent"
        return "ok" if self.last_success else "new"


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


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as its operator watches it."""

    source: str
    failures: int
    last_success: datetime | None


@dataclass(frozen=True, slots=True)
class Survey:
    """All sources at one look."""

    states: dict[str, int]
    """How many are in each ``SourceState.state``."""
    subscriptions: dict[str, int]
    """How many there are of each ``Subscription.state``."""
    due: int
    """Sources that should have been polled by now, and are not being polled."""
    oldest_due: datetime | None
    """When the one should have been polled that waits longest."""
    articles: int
    revision: int
    watched: tuple[Watched, ...]
    """Those that fail most often in a row and have been silent for longest first; a bounded number."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an entry it has met: which article it became, and how it looked."""

    article: str
    fingerprint: bytes


EventKind = Literal["broke", "mended", "gone", "moved", "returned", "review", "silent", "misconfigured", "configured", "offline", "online"]
"""A source: keeps failing; is well again; is gone for good (410); has moved; is back at its address; is held back until the operator decides; publishes nothing
for longer than is like it. The daemon: its configuration is wrong; is in force again; reaches no source at all; reaches one again."""


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


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed in a list of feeds (OPML 2.0)."""

    title: str
    feed: str
    home: str | None = None
    group: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """Everything that a published feed says, independent of its format."""

    title: str
    address: str
    """Its own address without the extension of a format, e.g. ``https://news.example.edu/feeds/all``."""
    home: str
    """The page for people."""
    description: str = ""
    language: str | None = None
    updated: datetime | None = None
    """When anything in it last changed; None: never had anything."""
    articles: tuple[Article, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    """The sources of its articles, by id: their titles and addresses are published with each item."""
    reports: Mapping[str, tuple[Report, ...]] = field(default_factory=dict)
    """Where else each article stands or its story is told, by id of the article."""
    outlines: tuple[Outline, ...] = ()
    """For "opml" only."""
    hub: str | None = None
    """Where changes of it can be subscribed to (WebSub)."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Other documents of the same feed by relation (RFC 5005: "prev-archive", "next-archive", "current", "next"), addresses as in ``address``."""
    archive: bool = False
    """Whether it is a page of the archive, complete as it stands (RFC 5005 §4); else it is what subscribers poll."""
    style: str | None = None
    """Address of a style sheet, for those who open the feed in a browser; formats that are not XML have no use for it."""
