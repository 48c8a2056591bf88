"""What a poll changes, and when the next one is. Pure: the clock and the jitter are arguments.

interval   the source's own, else the configured one; longer where the server says that nothing changes before
back-off   doubles with each failure up to ``at_most``; starts at no more than a minute where no server was reached; Retry-After is obeyed
410        ends the polling until the address changes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.errors import Gone, HttpStatus, SourceError, TimedOut, Unreachable
from aggregator.model import Article, Changes, Known, Source, SourceState, Validators

_UNREACHED = timedelta(minutes=1)
"""First pause where nobody was bothered: no DNS answer, no connection. Shorter where polls may follow each other faster than that."""
_SHORTEST = timedelta(seconds=1)
"""Doubling must begin somewhere, also where polls may follow each other at once."""
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The bounds of the configuration."""

    every: timedelta = timedelta(minutes=30)
    at_least: timedelta = timedelta(minutes=5)
    at_most: timedelta = timedelta(hours=24)


def unchanged(
    state: SourceState, source: Source, rhythm: Rhythm, *, now: datetime, jitter: float, validators: Validators, expires: timedelta | None
) -> Changes:
    """The server said 304, or sent the body that we have read already."""
    return Changes(replace(_succeeded(state, now), validators=validators, next_poll=now + interval(source, rhythm, expires, jitter)))


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a body brought, ready to be stored. ``complete`` is False where entries were left for the next poll."""

    new: tuple[Article, ...]
    revised: tuple[Article, ...]
    keys: Mapping[bytes, Known]
    reader: str
    complete: bool = True


def harvested(
    state: SourceState,
    source: Source,
    rhythm: Rhythm,
    harvest: Harvest,
    *,
    now: datetime,
    jitter: float,
    validators: Validators,
    body_hash: str,
    expires: timedelta | None,
) -> Changes:
    """A body was read. What could not be finished is asked for again soon, unconditionally."""
    after = replace(
        _succeeded(state, now),
        validators=validators if harvest.complete else Validators(),
        body_hash=body_hash if harvest.complete else None,
        reader=harvest.reader,
        last_change=now if harvest.new or harvest.revised else state.last_change,
        next_poll=now + (interval(source, rhythm, expires, jitter) if harvest.complete else rhythm.at_least),
    )
    return Changes(after, harvest.new, harvest.revised, harvest.keys)


def continued(state: SourceState, harvest: Harvest, following: str | None, *, now: datetime) -> Changes:
    """An older page of a source was read. Its polls are not touched; the backfill goes on at ``following``, None: it has come to the end."""
    changed = now if harvest.new or harvest.revised else state.last_change
    return Changes(replace(state, older=following, last_change=changed), harvest.new, harvest.revised, harvest.keys)


def failed(state: SourceState, source: Source, rhythm: Rhythm, error: SourceError, *, now: datetime, jitter: float) -> Changes:
    """Nothing published changes; the source waits, longer each time, and the operator is told."""
    failures = state.failures + 1
    gone = isinstance(error, Gone)
    after = replace(
        state,
        gone=gone,
        failures=failures,
        problem=error.message[:_LONGEST_ERROR],
        remedy=error.remedy,
        last_poll=now,
        next_poll=None if gone else now + back_off(source, rhythm, error, failures, jitter),
    )
    return Changes(after)


def interval(source: Source, rhythm: Rhythm, expires: timedelta | None, jitter: float) -> timedelta:
    """Until the next poll. ``jitter`` in [0, 1) spreads it over ± 5 % within the bounds, so that nothing synchronizes."""
    wanted = source.every or max(rhythm.every, expires or timedelta())
    return max(rhythm.at_least, min(min(wanted, rhythm.at_most) * (0.95 + jitter / 10), rhythm.at_most))


def back_off(source: Source, rhythm: Rhythm, error: SourceError, failures: int, jitter: float) -> timedelta:
    """Until the next attempt after ``failures`` in a row, never shorter than a server's own Retry-After."""
    doubled = 1 << min(failures - 1, 20)
    if isinstance(error, Unreachable) and not isinstance(error, TimedOut):
        pause = min(min(_UNREACHED, max(rhythm.at_least, _SHORTEST)) * doubled, rhythm.at_most)
    else:
        pause = min(max(source.every or rhythm.every, rhythm.at_least) * doubled, rhythm.at_most)
    asked = error.retry_after if isinstance(error, HttpStatus) and error.retry_after else timedelta()
    return max(min(pause * (0.9 + jitter / 5), rhythm.at_most), asked)


def revise(stored: Article, fresh: Article) -> Article | None:
    """``stored`` as ``fresh`` changes it; None where subscribers would see no difference.

    The id, the date once known and what only an article page told stay: a row of a list never wipes out a full text.
    """
    longer = stored if _is_teaser(stored, fresh) else fresh
    said = replace(
        stored,
        title=fresh.title,
        url=fresh.url or stored.url,
        published=stored.published or fresh.published,
        precision=stored.precision if stored.published else fresh.precision,
        authors=fresh.authors or stored.authors,
        summary=fresh.summary or stored.summary,
        content=longer.content or stored.content,
        text=longer.text or stored.text,
        image=fresh.image or stored.image,
        categories=fresh.categories or stored.categories,
        enclosures=fresh.enclosures or stored.enclosures,
    )
    if said == stored:
        return None
    provenance = {**stored.provenance, **fresh.provenance}
    if longer is stored and "content" in stored.provenance:
        provenance["content"] = stored.provenance["content"]
    return replace(said, updated=fresh.updated or stored.updated, provenance=provenance)


def _is_teaser(stored: Article, fresh: Article) -> bool:
    """Whether the text of ``fresh`` is a shorter one from another place than the stored one: the feed's own beginning of what the article page tells."""
    return stored.provenance.get("content") != fresh.provenance.get("content") and len(fresh.text or "") < len(stored.text or "")


def _succeeded(state: SourceState, now: datetime) -> SourceState:
    return replace(state, gone=False, failures=0, problem=None, remedy=None, last_poll=now, last_success=now)
