"""What a poll changes, and when the next one is. Pure: the clock and the jitter are arguments.

interval   the operator's own, else by the rhythm in which the source publishes; never before the server or the feed says that something can have changed;
           longer while a hub pushes the news (``push``: what was asked of it)
back-off   doubles with each failure up to ``at_most``; starts at no more than a minute where no server was reached; Retry-After is obeyed
moves      301 and 308 are believed when several polls in a row say the same; a new address that fails is given up for the configured one
410        ends the polling until the address changes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator import websub
from aggregator.errors import Gone, HttpStatus, SourceError, Unreachable
from aggregator.model import (
    Article,
    Changes,
    Event,
    Form,
    Hints,
    Known,
    Missed,
    Profile,
    Proposal,
    Source,
    SourceState,
    Subscription,
    Suspicion,
    Validators,
)
from aggregator.model.states import TELLING
from aggregator.rhythm import learn, pause
from aggregator.silence import heard, listened, told
from aggregator.text import urls
from aggregator.text.quantity import counted

_UNREACHED = timedelta(minutes=1)
"""First pause where nobody was bothered: no DNS answer, no connection. Shorter where polls may follow each other faster than that."""
_SHORTEST = timedelta(seconds=1)
"""Doubling must begin somewhere, also where polls may follow each other at once."""
_LONGEST_ERROR = 500
_AGREED = 3
"""Polls in a row that must be told of the same new address before it is believed: a wrong redirect is mostly mended within the hour."""
_LOST = 3
"""Failures in a row after which a new address is given up for the configured one."""
_LOST_TRANSIENT = 8
"""Failures likewise that may pass by themselves, some hours: the site is being mended, or this machine is offline."""
_NO_HINTS = Hints()
_LONGEST_WISH = timedelta(days=7)
"""What Retry-After and skipped days may add to the longest pause."""
AGAIN = 2
"""How often an article page that could not be had is asked for again, each time at another poll."""
_OWED = 100
"""Article pages that one source may owe; the oldest are given up first."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The bounds of the configuration. ``every`` is what a typical source gets on average, one that publishes ``rhythm.TYPICAL`` articles a day."""

    every: timedelta = timedelta(minutes=30)
    at_least: timedelta = timedelta(minutes=5)
    at_most: timedelta = timedelta(hours=24)

    @property
    def horizon(self) -> timedelta:
        """Nothing is ever planned later than so long from now: what is was planned by a clock that went wrong."""
        return self.at_most + _LONGEST_WISH


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said beside the body."""

    validators: Validators
    expires: timedelta | None = None
    """How long its answer is fresh; None: it does not say."""
    permanent: str | None = None
    """Where it says that the source has moved for good."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a body brought, ready to be stored. ``complete`` is False where entries were left for the next poll."""

    new: tuple[Article, ...]
    revised: tuple[Article, ...]
    keys: Mapping[bytes, Known]
    reader: str
    hints: Hints = _NO_HINTS
    complete: bool = True
    wait: timedelta = timedelta()
    """For how long the site asks to be left alone."""
    missed: tuple[Missed, ...] = ()
    """Every article page that is owed after it."""
    profile: Profile | None = None
    """What the source is like after it."""
    moved: str | None = None
    """Where it was found; None: where it was looked for."""


def harvested(
    state: SourceState,
    source: Source,
    rhythm: Rhythm,
    answer: Answer,
    harvest: Harvest,
    *,
    now: datetime,
    jitter: float,
    body_hash: str,
    push: Subscription | None = None,
) -> Changes:
    """A body was read. What could not be finished is asked for again soon, unconditionally."""
    after = replace(
        _succeeded(state, source, answer, now),
        validators=answer.validators if harvest.complete else Validators(),
        body_hash=body_hash if harvest.complete else None,
        reader=harvest.reader,
        hints=harvest.hints,
        last_change=now if harvest.new or harvest.revised else state.last_change,
        missed=harvest.missed[-_OWED:],
    )
    if harvest.moved is not None:
        after = replace(_unmoved(after), moved=harvest.moved, moving=None, agreed=0)
    if harvest.profile is not None:
        first = state.profile is None
        profile = heard(harvest.profile, harvest.new, source, now=now, first=first) if harvest.new else harvest.profile
        after = replace(after, **_mood(profile, source, now))
    if harvest.new:
        after = replace(after, activity=learn(after.activity, harvest.new, since=state.last_success, zone=source.timezone, now=now))
    wait = interval(after, source, rhythm, answer.expires, now=now, jitter=jitter, push=push) if harvest.complete else rhythm.at_least
    wait = max(wait, min(harvest.wait, rhythm.horizon))
    return Changes(replace(after, next_poll=now + wait), harvest.new, harvest.revised, harvest.keys)


def unchanged(
    state: SourceState,
    source: Source,
    rhythm: Rhythm,
    answer: Answer,
    *,
    now: datetime,
    jitter: float,
    push: Subscription | None = None,
    late: Harvest | None = None,
) -> Changes:
    """The server said 304, or sent the body that we have read already. ``late``: what article pages have brought that were owed; None: none was."""
    state = _watched(state, source, now)
    wait = interval(state, source, rhythm, answer.expires, now=now, jitter=jitter, push=push)
    if late is not None:
        wait = max(wait, min(late.wait, rhythm.horizon))
    # One copy for all that changes: this is what a day of polling consists of.
    still = state.state == "silent"  # and what is told of it holds
    mood = {"problem": state.problem, "remedy": state.remedy} if still else _mood(state.profile, source, now)
    after = _succeeded(state, source, answer, now, validators=answer.validators, next_poll=now + wait, **mood)
    if late is None:
        return Changes(after)
    changed = now if late.revised else after.last_change
    return Changes(replace(after, missed=late.missed[-_OWED:], last_change=changed), revised=late.revised)


def missed(page: Missed, error: SourceError, *, now: datetime) -> Missed | None:
    """What is owed after an article page has failed once more; None: it was asked for often enough, or another try would hardly end otherwise."""
    if page.tries >= AGAIN or not error.transient:
        return None
    asked = error.retry_after if isinstance(error, HttpStatus) else None
    return replace(page, due=now + asked if asked else None)


BROKEN = 3
"""Polls in a row that fail before a source counts as broken: most that fail once are well the next time."""


def happened(before: SourceState, after: SourceState, *, now: datetime) -> tuple[Event, ...]:
    """What a poll that led from ``before`` to ``after`` has shown of its source that an operator may want to hear."""
    told: list[Event] = []
    broke, was_broken = after.failures >= BROKEN and not after.gone, before.failures >= BROKEN or before.gone
    if after.gone and not before.gone:
        told.append(Event(now, "gone", after.source, after.problem or "", after.remedy))
    elif broke and not was_broken:
        told.append(Event(now, "broke", after.source, after.problem or "", after.remedy))
    elif _mended(before) != _mended(after) and after.profile is not None:
        told.append(Event(now, "repaired", after.source, f"its page reads otherwise, and its news were found again: {after.profile.how}"))
    elif was_broken and not after.failures and after.state != "review":
        told.append(Event(now, "mended", after.source, f"it answers again, after {counted(before.failures, 'poll')} that failed"))
    if _doubted(after) == BROKEN and _doubted(before) < BROKEN:
        told.append(Event(now, "review", after.source, after.problem or "", after.remedy))
    if after.profile is not None and after.profile.silent and not (before.profile and before.profile.silent):
        told.append(Event(now, "silent", after.source, after.problem or "", after.remedy))
    if after.moved is not None and after.moved != before.moved:
        told.append(Event(now, "moved", after.source, f"it is at {after.moved} now", "write the new address into the configuration"))
    elif after.moved is None and before.moved is not None:
        told.append(Event(now, "returned", after.source, f"it is polled at its configured address again; {before.moved} was given up"))
    if (others := _left_out(after)) and not others <= _left_out(before):
        told.append(Event(now, "left_out", after.source, *left_out(after)))
    return tuple(told)


def left_out(state: SourceState) -> tuple[str, str]:
    """What is said of lists that are left out, and what to try; empty where there are none to decide about."""
    others = state.profile.undecided if state.profile else ()
    if not others:
        return "", ""
    shown = next((f', beginning with "{each.titles[0]}"' for each in others if each.titles), "")
    lists = f"{counted(len(others), 'new list')} of its page"
    return (
        f"{lists}, beside the known one, {'are' if len(others) > 1 else 'is'} left out{shown}",
        f"if that is news: aggregator review {state.source}",
    )


def _left_out(state: SourceState) -> frozenset[str]:
    return frozenset(each.place for each in state.profile.undecided) if state.profile else frozenset()


def _mended(state: SourceState) -> datetime | None:
    return state.profile.mended if state.profile else None


def _doubted(state: SourceState) -> int:
    """How many polls in a row read unlike the source; most that do so once are themselves again at the next."""
    return state.profile.suspicion.times if state.profile is not None and state.profile.suspicion is not None else 0


def _mood(profile: Profile | None, source: Source, now: datetime) -> dict[str, Any]:
    """What changes with a source that was found well: whether it is silent for longer than is like it."""
    if profile is None:
        return {}
    profile = listened(profile, source, now=now)
    problem, remedy = told(profile) if profile.silent else (None, None)
    return {"profile": profile, "problem": problem, "remedy": remedy}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a reading, and what was found in its place."""

    reasons: tuple[str, ...]
    proposal: Proposal | None
    sought: datetime | None
    """When it was looked for elsewhere."""


def suspected(
    state: SourceState,
    profile: Profile,
    source: Source,
    rhythm: Rhythm,
    doubt: Doubt,
    *,
    now: datetime,
    jitter: float,
) -> Changes:
    """A source that reads unlike its ``profile``: nothing of it is published, and it is read anew at each poll, until it is itself again or the operator decides."""
    held = profile.suspicion
    suspicion = Suspicion(
        since=held.since if held else now,
        reasons=doubt.reasons,
        times=held.times + 1 if held else 1,
        proposal=doubt.proposal,
        rejected=held.rejected if held else profile.rejected,
    )
    after = replace(
        state,
        gone=False,
        failures=0,
        last_poll=now,
        validators=Validators(),
        body_hash=None,
        problem=f"it reads unlike itself: {'; '.join(doubt.reasons)}"[:_LONGEST_ERROR],
        remedy=_REJECTED if suspicion.is_settled else f"nothing of it is published; decide with: aggregator review {source.id}",
        profile=replace(profile, suspicion=suspicion, sought=doubt.sought or profile.sought),
    )
    return Changes(replace(after, next_poll=now + interval(after, source, rhythm, None, now=now, jitter=jitter)))


_REJECTED = "wait, or change its address in the configuration: what it shows now was rejected"


def accepted(state: SourceState, source: Source) -> SourceState:
    """The operator takes what a source shows now for its news. What it showed before is still known by its titles."""
    profile = state.profile
    if profile is None or profile.suspicion is None:
        return state
    taken = replace(profile, suspicion=None, rejected=(), form=_NOTHING_USUAL, left_out=())
    moved = state.moved
    if (proposal := profile.suspicion.proposal) is not None:
        # As of a source that is new: it may bring older things, none of which is known.
        form = replace(proposal.form, newest=None, kept=0.0)
        taken = replace(taken, form=form, kind=proposal.kind, items=proposal.items, left_out=proposal.left_out)
        moved = state.moved if urls.key(proposal.url) == urls.key(state.moved or source.url) else proposal.url
    return replace(state, profile=taken, moved=moved, moving=None, agreed=0, problem=None, remedy=None)


def rejected(state: SourceState) -> SourceState:
    """The operator does not want what a source shows now."""
    profile = state.profile
    if profile is None or profile.suspicion is None:
        return state
    shapes = profile.suspicion.proposal.form.shapes[:TELLING] if profile.suspicion.proposal else ()
    suspicion = replace(profile.suspicion, rejected=tuple(dict.fromkeys((*profile.suspicion.rejected, *(shapes or ("",))))))
    return replace(state, remedy=_REJECTED if suspicion.is_settled else state.remedy, profile=replace(profile, suspicion=suspicion))


def taken_in(state: SourceState, place: str) -> SourceState:
    """The operator takes a list that is left out for news of the source: it may bring older things, none of which is known."""
    profile = state.profile
    wanted = next((each for each in profile.left_out if each.place == place), None) if profile else None
    if profile is None or wanted is None:
        return state
    usual = profile.form
    form = replace(
        usual,
        items=usual.items + wanted.items,
        shapes=tuple(dict.fromkeys((*usual.shapes, *wanted.shapes))),
        lists=tuple(dict.fromkeys((*usual.lists, place))),
        newest=None,
        kept=0.0,
    )
    return replace(state, profile=replace(profile, form=form, left_out=tuple(each for each in profile.left_out if each.place != place)))


def kept_out(state: SourceState, place: str) -> SourceState:
    """The operator wants a list to stay left out, and to hear no more of it."""
    profile = state.profile
    if profile is None:
        return state
    return replace(
        state,
        profile=replace(profile, left_out=tuple(replace(each, settled=True) if each.place == place else each for each in profile.left_out)),
    )


_NOTHING_USUAL = Form("", 0, 0.0, 0.0, ())


def continued(state: SourceState, harvest: Harvest, following: str | None, *, now: datetime) -> Changes:
    """An older page of a source was read. Its polls are not touched, unless the site asks to wait; the backfill goes on at ``following``, None: it has come
    to the end.
    """
    changed = now if harvest.new or harvest.revised else state.last_change
    following_poll = max(state.next_poll, now + harvest.wait) if state.next_poll and harvest.wait else state.next_poll
    after = replace(state, older=following, last_change=changed, next_poll=following_poll, missed=harvest.missed[-_OWED:])
    return Changes(after, harvest.new, harvest.revised, harvest.keys)


def failed(
    state: SourceState,
    source: Source,
    rhythm: Rhythm,
    error: SourceError,
    *,
    now: datetime,
    jitter: float,
    sought: datetime | None = None,
) -> Changes:
    """Nothing published changes; the source waits, longer each time, and the operator is told. ``sought``: when its news were looked for elsewhere.

    Where it had moved, the configured address has the last word: it is asked again before the source is taken for gone or lost.
    """
    failures = state.failures + 1
    lost = state.moved is not None and (isinstance(error, Gone) or failures >= (_LOST_TRANSIENT if error.transient else _LOST))
    gone = isinstance(error, Gone) and not lost
    after = replace(
        _unmoved(state) if lost else state,
        gone=gone,
        failures=failures,
        problem=error.message[:_LONGEST_ERROR],
        remedy=_found_elsewhere(state) or error.remedy,
        last_poll=now,
        next_poll=None if gone else now + back_off(source, rhythm, error, 1 if lost else failures, jitter),
        moving=None,
        agreed=0,
        profile=replace(state.profile, sought=sought) if state.profile and sought else state.profile,
    )
    return Changes(after)


def _found_elsewhere(state: SourceState) -> str | None:
    """What to do about a source that is missing where it was, while what was found elsewhere waits for a decision."""
    suspicion = state.profile.suspicion if state.profile else None
    if suspicion is None or suspicion.proposal is None or suspicion.is_settled:
        return None
    return f"what may be its news was found at {suspicion.proposal.url}; decide with: aggregator review {state.source}"


def _unmoved(state: SourceState) -> SourceState:
    """At its configured address again, of which nothing is known."""
    return replace(state, moved=None, validators=Validators(), body_hash=None)


def interval(
    state: SourceState,
    source: Source,
    rhythm: Rhythm,
    expires: timedelta | None,
    *,
    now: datetime,
    jitter: float,
    push: Subscription | None = None,
) -> timedelta:
    """Until the next poll. ``jitter`` in [0, 1) spreads it, so that nothing synchronizes.

    What the server (``expires``) and the feed (its hints) say is heeded up to ``at_most``, skipped hours and days for as long as they last; where the
    operator has set a fixed interval, it is that.
    """
    if source.every is not None:
        return max(rhythm.at_least, min(min(source.every, rhythm.at_most) * (0.95 + jitter / 10), rhythm.at_most))
    own = pause(state.activity, every=rhythm.every, at_most=rhythm.at_most, zone=source.timezone, now=now, jitter=jitter)
    if websub.relied_on(push, state.last_change, now):
        own = min(websub.STRETCHED * own, rhythm.at_most)
    fresh = max(expires or timedelta(), state.hints.ttl or timedelta())
    wait = min(max(own, rhythm.at_least, min(fresh, rhythm.at_most) * (1 + jitter / 10)), rhythm.at_most)
    return _after_skipped(now + wait, state.hints, min(own, _AFTER_SKIPPED) * jitter) - now


_AFTER_SKIPPED = timedelta(minutes=30)
"""All feeds with the same skipped hours wake up at once: they are polled within so long."""


def _after_skipped(moment: datetime, hints: Hints, spread: timedelta) -> datetime:
    """``moment``, or the end of the skipped hours and days (RSS 2.0, in UTC) in which it falls; hints that leave no hour of a week are none."""
    hours, days = hints.skip_hours, hints.skip_days
    if len(hours) >= 24 or len(days) >= 7 or not (hours or days):
        return moment
    later = moment.astimezone(UTC)
    while later.hour in hours or later.weekday() in days:
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment if later == moment else later + spread


def back_off(source: Source, rhythm: Rhythm, error: SourceError, failures: int, jitter: float) -> timedelta:
    """Until the next attempt after ``failures`` in a row, never shorter than a server's own Retry-After."""
    least = min(_UNREACHED, max(rhythm.at_least, _SHORTEST)) if isinstance(error, Unreachable) else rhythm.at_least
    first = least if isinstance(error, Unreachable) else max(source.every or rhythm.every, least)
    wait = min(first * (1 << min(failures - 1, 20)), rhythm.at_most)
    asked = error.retry_after if isinstance(error, HttpStatus) and error.retry_after else timedelta()
    return max(least, min(wait * (0.9 + jitter / 5), rhythm.at_most), asked)


def revise(stored: Article, fresh: Article) -> Article | None:
    """``stored`` as ``fresh`` changes it; None where subscribers would see no difference.

    The id, the date once known and what only an article page told stay: a row of a list never wipes out a full text. Counters of readers are no news.
    """
    longer = stored if _is_teaser(stored, fresh) else fresh
    said = replace(
        stored,
        title=fresh.title,
        url=_address(stored, fresh),
        published=stored.published or fresh.published,
        precision=stored.precision if stored.published else fresh.precision,
        authors=fresh.authors or stored.authors,
        summary=_said(stored.summary, fresh.summary),
        content=_said(stored.content, longer.content),
        text=_said(stored.text, longer.text),
        image=fresh.image or stored.image,
        categories=fresh.categories or stored.categories,
        topic=stored.topic if fresh.title == stored.title else fresh.topic,
        enclosures=fresh.enclosures or stored.enclosures,
    )
    if said == stored:
        return None
    provenance = {**stored.provenance, **fresh.provenance}
    if longer is stored and "content" in stored.provenance:
        provenance["content"] = stored.provenance["content"]
    marks = None if longer is stored else fresh.marks
    return replace(said, updated=fresh.updated or stored.updated, provenance=provenance, marks=marks)


def _address(stored: Article, fresh: Article) -> str | None:
    """The stored one where both lead to one page: origins write it now with http, now with https, or add the number of a visit."""
    if not stored.url or not fresh.url:
        return stored.url or fresh.url
    before, after = urls.key(stored.url), urls.key(fresh.url)
    same_story = (stored.title, stored.published) == (fresh.title, fresh.published) and before.partition("?")[0] == after.partition("?")[0]
    return stored.url if before == after or same_story else fresh.url


def _said(stored: str | None, fresh: str | None) -> str | None:
    """The stored text where the new one differs only in how often it has been read."""
    from aggregator.text.counters import settled  # a fifth of what all patterns take at a start, and few polls revise anything

    return stored if stored and (not fresh or fresh == stored or settled(fresh) == settled(stored)) else fresh


def readdress(stored: Article, fresh: Article) -> Article | None:
    """``stored`` at its new address; None where that is the one it has. How a redesign words its rows is no news: nothing else changes."""
    moved = stored.url is not None and fresh.url is not None and urls.key(stored.url) != urls.key(fresh.url)
    return replace(stored, url=fresh.url) if moved else None


def _is_teaser(stored: Article, fresh: Article) -> bool:
    """Whether the text of ``fresh`` is a shorter one from another place than the stored one: the feed's own beginning of what the article page tells."""
    return stored.provenance.get("content") != fresh.provenance.get("content") and len(fresh.text or "") < len(stored.text or "")


def _succeeded(state: SourceState, source: Source, answer: Answer, now: datetime, **also: Any) -> SourceState:
    """``also``: what else changes."""
    well = {"gone": False, "failures": 0, "problem": None, "remedy": None, "last_poll": now, "last_success": now}
    return _told_to_move(replace(_watched(state, source, now), **(well | also)), source, answer.permanent)


def _watched(state: SourceState, source: Source, now: datetime) -> SourceState:
    """When it publishes is learned from its first success on."""
    if state.activity is not None:
        return state
    return replace(state, activity=learn(None, (), since=None, zone=source.timezone, now=now))


def _told_to_move(state: SourceState, source: Source, permanent: str | None) -> SourceState:
    """The validators stay: they are of the page at the end of the redirects, which is the same from either address."""
    if permanent is None or permanent == (state.moved or source.url):
        return replace(state, moving=None, agreed=0) if state.moving or state.agreed else state
    agreed = state.agreed + 1 if permanent == state.moving else 1
    if agreed < _AGREED:
        return replace(state, moving=permanent, agreed=agreed)
    return replace(state, moved=None if permanent == source.url else permanent, moving=None, agreed=0)
