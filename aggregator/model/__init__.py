"""The nouns that travel down the line: frozen values without behaviour, without I/O.

    Source ─▶ Page ─▶ Reading of Entries ─▶ Articles ─▶ FeedDocument

Every moment is an aware ``datetime``; every address is absolute; ``None`` means that the origin does not say.
"""

from aggregator.model.articles import TOPICS, Article, Mention, Report, Span, Topic
from aggregator.model.changes import Changes, Event, EventKind, Known
from aggregator.model.documents import FeedDocument, Outline
from aggregator.model.neighbours import Robots, Subscriber, Subscription, Told
from aggregator.model.readings import Attempt, Enclosure, Entry, Hints, Page, Precision, Reading
from aggregator.model.sources import KINDS, Departed, FullText, Keep, Selectors, Source, University
from aggregator.model.states import Form, LeftOut, Missed, Profile, Proposal, SourceState, State, Survey, Suspicion, Validators, Watched

__all__ = [
    "KINDS",
    "TOPICS",
    "Article",
    "Attempt",
    "Changes",
    "Departed",
    "Enclosure",
    "Entry",
    "Event",
    "EventKind",
    "FeedDocument",
    "Form",
    "FullText",
    "Hints",
    "Keep",
    "Known",
    "LeftOut",
    "Mention",
    "Missed",
    "Outline",
    "Page",
    "Precision",
    "Profile",
    "Proposal",
    "Reading",
    "Report",
    "Robots",
    "Selectors",
    "Source",
    "SourceState",
    "Span",
    "State",
    "Subscriber",
    "Subscription",
    "Survey",
    "Suspicion",
    "Told",
    "Topic",
    "University",
    "Validators",
    "Watched",
]
