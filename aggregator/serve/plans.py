"""When a source is polled next, and why then, in words: what ``plan.interval`` and ``plan.back_off`` went by. Pure."""

from __future__ import annotations

from aggregator.errors import Phrase
from aggregator.model import Source, SourceState, Subscription
from aggregator.rhythm import rate
from aggregator.serve.speech import noted
from aggregator.text.quantity import span
from aggregator.websub import relied_on

PAUSED = noted("paused in the configuration")
GONE = noted("gone for good, says its server")
REVIEW = noted("read anew until it is itself again, or you decide")
FAILED = noted("longer with each failure, or as its server asks")
FIXED = noted("every %(interval)s, as configured")
PUSHED = noted("rarely: a hub pushes its news")
SKIPPED = noted("the feed names hours, or days, at which it is not to be asked")
USUAL = noted("by how often it publishes")
_RHYTHMS = ((1, noted("about %(rate)s a day")), (7, noted("about %(rate)s a week")), (30, noted("about %(rate)s a month")))
"""In so many days. The first by which it is one or more, else the last."""


def why(state: SourceState, source: Source | None, push: Subscription | None) -> Phrase:
    """Why it is polled when it is."""
    if state.paused:
        return Phrase(PAUSED)
    if state.gone:
        return Phrase(GONE)
    if state.failures:
        return Phrase(FAILED)
    if state.profile is not None and state.profile.suspicion is not None:
        return Phrase(REVIEW)
    if source is not None and source.every is not None:
        return Phrase(FIXED, interval=span(source.every))
    if state.last_poll is not None and relied_on(push, state.last_change, state.last_poll):
        return Phrase(PUSHED)
    return Phrase(SKIPPED if state.hints.skip_hours or state.hints.skip_days else USUAL)


def rhythm(state: SourceState) -> Phrase | None:
    """How much it publishes; None: nothing is known yet."""
    if state.activity is None or state.last_success is None:
        return None
    a_day = rate(state.activity, state.last_success)
    days, said = next((each for each in _RHYTHMS if each[0] * a_day >= 1), _RHYTHMS[-1])
    return Phrase(said, rate=f"{days * a_day:.2g}")
