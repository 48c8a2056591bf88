"""What is known of a source between polls: how it answers, what it is like, what speaks against what it shows now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.readings import Hints

State = Literal["new", "ok", "silent", "review", "failing", "gone", "paused"]
"""Of a source. "paused": the operator wants it left alone. "silent": it answers, but has not published for longer than is like it. "review": it reads unlike itself; nothing of it is published."""
Standing = State | Literal["rejected"]


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
    lists: tuple[str, ...] = ()
    """Where on the page its entries stand (``Entry.place``)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list of the page that came with a redesign, and that nothing known stood in: nothing of it is published."""

    place: str
    """Where it stands (``Entry.place``)."""
    items: int = 0
    """Entries that it showed when it was last seen."""
    shapes: tuple[str, ...] = ()
    """Of their addresses, as in ``Form``."""
    titles: tuple[str, ...] = ()
    """The first of them."""
    settled: bool = False
    """The operator has said that it is to stay so."""


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
    left_out: tuple[LeftOut, ...] = ()
    """Lists of the same page that are none of it."""


TELLING = 3
"""Shapes of a form, the most frequent, by which a list is known again."""


def _looks_like(proposal: Proposal, shapes: tuple[str, ...]) -> bool:
    return bool(set(shapes) & set(proposal.form.shapes[:TELLING]))


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
    """Shapes of addresses of the forms that the operator does not want, and is not asked about again."""

    def refuses(self, proposal: Proposal) -> bool:
        """Whether it looks like what the operator has rejected."""
        return _looks_like(proposal, self.rejected)

    @property
    def is_settled(self) -> bool:
        """The operator has decided: all that remains is to wait, or to change the configuration."""
        return bool(self.rejected) and (self.proposal is None or self.refuses(self.proposal))


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
    rejected: tuple[str, ...] = ()
    """What the operator has rejected in earlier suspicions, as ``Suspicion.rejected``."""
    sought: datetime | None = None
    """When its news were last looked for elsewhere."""
    mended: datetime | None = None
    """When it last found its news again by itself."""
    how: str | None = None
    """… and how, in words."""
    left_out: tuple[LeftOut, ...] = ()

    def refuses(self, proposal: Proposal) -> bool:
        """Whether it looks like what the operator has rejected."""
        return _looks_like(proposal, self.suspicion.rejected if self.suspicion else self.rejected)

    @property
    def is_to_be_reviewed(self) -> bool:
        """Whether there is something for the operator to decide, or to decide otherwise."""
        return self.suspicion is not None or bool(self.left_out)

    @property
    def undecided(self) -> tuple[LeftOut, ...]:
        """Lists that are left out, and that the operator has not spoken about."""
        return tuple(each for each in self.left_out if not each.settled)


@dataclass(frozen=True, slots=True)
class Missed:
    """An article page that could not be had when its row was new, and is asked for again at a later poll."""

    article: str
    """The id of the article that was published without it."""
    url: str
    tries: int = 0
    """How often it was asked for again, in vain."""
    due: datetime | None = None
    """Its site wants not to be asked before; None: it has not said so."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known about a source between polls: one row of the store."""

    source: str
    url: str
    active: bool = True
    """Whether it is still in the configuration."""
    gone: bool = False
    """The server said 410: not polled again until its address changes."""
    paused: bool = False
    """Whether it is not polled because the configuration says so."""
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
    hints: Hints = Hints()  # noqa: RUF009 - frozen
    activity: tuple[float, ...] | None = None
    """When it publishes, as ``aggregator.rhythm`` keeps it; None: nothing is known yet."""
    reader: str | None = None
    articles: int = 0
    owner: str | None = None
    """Who holds the claim on it; None: nobody, or nobody asks."""
    profile: Profile | None = None
    """What it is like; None: nothing of it was read yet."""
    missed: tuple[Missed, ...] = ()
    """The article pages that it owes, the oldest first."""

    @property
    def is_held_back(self) -> bool:
        """Whether it reads unlike itself, and nobody has decided about that yet."""
        suspicion = self.profile.suspicion if self.profile else None
        return suspicion is not None and not suspicion.is_settled

    @property
    def state(self) -> State:
        if self.paused:
            return "paused"
        if self.gone:
            return "gone"
        if self.profile is not None and self.profile.suspicion is not None:
            return "review"
        if self.failures:
            return "failing"
        if self.profile is not None and self.profile.silent is not None:
            return "silent"
        return "ok" if self.last_success else "new"

    @property
    def standing(self) -> Standing:
        """Its state for who decides about it: what reads unlike itself waits for nobody once it was rejected."""
        state = self.state
        return "rejected" if state == "review" and not self.is_held_back else state


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
