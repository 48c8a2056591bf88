"""The daily digest for the operator: what broke, what mended itself, what needs a decision. Pure: events and states in, one message out, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Event, EventKind, SourceState
from aggregator.plan import BROKEN

_MOST = 40
"""Lines under one heading; a message that nobody reads to its end helps nobody."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A message to people, in plain text."""

    subject: str
    text: str


def due(last: datetime, now: datetime, *, at: time, zone: ZoneInfo, day: int | None = None) -> bool:
    """Whether the hour ``at`` has come since ``last``, on another day than that; with ``day`` only on that day of the week, 0 is Monday."""
    here, before = now.astimezone(zone), last.astimezone(zone)
    hour = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    while hour > here or (day is not None and hour.weekday() != day):
        hour -= timedelta(days=1)
    return before < hour and before.date() < here.date()


def compose(events: Sequence[Event], states: Mapping[str, SourceState], *, title: str, address: str) -> Bulletin | None:
    """``events`` of the time that the message is about, newest first; ``states`` of the sources as they are now. None where nothing is worth a message:
    what has been so for longer has been told, and is only counted. ``address`` is that of the site.
    """
    by_source: dict[str, list[Event]] = {}
    for event in reversed(events):
        if event.source in states:
            by_source.setdefault(event.source or "", []).append(event)
    told = {id: _latest(happened) for id, happened in by_source.items()}
    broken = [event for id, event in told.items() if event.kind == "broke" and states[id].failures >= BROKEN]
    decide = [event for id, event in told.items() if event.kind == "gone" and states[id].gone]
    decide += [event for id, event in _of(by_source, "review") if states[id].standing == "review"]
    decide += [event for id, event in _of(by_source, "left_out") if (profile := states[id].profile) and profile.undecided]
    decide += [event for id, event in _of(by_source, "moved") if states[id].moved is not None]
    silent = [event for id, event in _of(by_source, "silent") if states[id].state == "silent"]
    mended = [
        event for id, event in told.items() if event.kind == "mended" and by_source[id][0].kind == "mended" and not states[id].failures
    ]
    passing = sum(event.kind == "mended" for event in told.values()) - len(mended)
    mended += [event for id, event in _of(by_source, "repaired") if states[id].state in ("ok", "silent")]
    own = [event for event in reversed(events) if event.source is None]
    wrong = [*_last_wrong(own), *(event for event in own if event.kind == "refused")]
    sections = [
        _section("Needs a decision", _lines([*wrong, *decide])),
        _section("Broke", _lines(broken)),
        _section("Silent for longer than is like them", _lines(silent)),
        _section("Mended by itself", _lines(mended)),
        _section("The daemon itself", _lines(event for event in own if event.kind in ("offline", "online"))),
    ]
    if not any(sections):
        return None
    lasting = sum(state.failures >= BROKEN and not state.gone for state in states.values()) - len(broken)
    ends = [
        f"{passing} more failed for a while and {'is' if passing == 1 else 'are'} well again." if passing else "",
        f"{lasting} more {'has' if lasting == 1 else 'have'} been failing for longer." if lasting else "",
    ]
    text = "\n".join(
        [*(line for section in sections for line in section), *(line for line in ends if line), "", f"All sources: {address}/status", ""]
    )
    counts = [(len(wrong) + len(decide), "to decide"), (len(broken), "broke"), (len(silent), "silent"), (len(mended), "mended")]
    subject = ", ".join(f"{count} {what}" for count, what in counts if count) or "was offline for a while"
    return Bulletin(f"{title}: {subject}", text)


def _latest(happened: Sequence[Event]) -> Event:
    """How a source's own day ended, moves apart."""
    return next((event for event in reversed(happened) if event.kind in ("broke", "mended", "gone")), happened[-1])


def _of(by_source: Mapping[str, Sequence[Event]], kind: EventKind) -> Iterator[tuple[str, Event]]:
    """The last event of that kind of each source that had one."""
    for id, happened in by_source.items():
        found = [event for event in happened if event.kind == kind]
        yield from [(id, found[-1])] if found else []


def _last_wrong(own: Sequence[Event]) -> list[Event]:
    """The configuration, where it is still wrong at the end."""
    told = [event for event in own if event.kind in ("misconfigured", "configured")]
    return told[-1:] if told and told[-1].kind == "misconfigured" else []


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return [heading, "=" * len(heading), *lines, ""] if lines else []


def _lines(events: Iterable[Event]) -> list[str]:
    every = list(events)
    lines: list[str] = []
    for event in every[:_MOST]:
        lines.append(f"- {event.source or f'{event.at:%Y-%m-%d %H:%M} UTC'}: {event.text}")
        lines += [f"  try: {event.remedy}"] if event.remedy else []
    return lines + ([f"- and {len(every) - _MOST} more"] if len(every) > _MOST else [])
