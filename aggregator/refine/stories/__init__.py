"""Which articles tell one story: copies of one text, and reports of one event, in whatever languages. Pure.

    article ─▶ mark ─▶ Marks ─▶ traces ─▶ (the store: who else left them?) ─▶ judge ─▶ duplicate · same_event · different

``mark`` reads the text, once; everything after it is cheap. ``relate`` and ``explain`` do all of it for two articles.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aggregator.model import Article
from aggregator.refine.stories.judge import COPIED, Relation, Verdict, judge, judge_copy, judge_event, may_be_copy
from aggregator.refine.stories.marks import Marks, mark
from aggregator.refine.stories.shingles import Sketch
from aggregator.refine.stories.traces import Traces, pack, traces, unpack, unpack_sketch

__all__ = [
    "COPIED",
    "Marks",
    "Relation",
    "Sketch",
    "Traces",
    "Verdict",
    "explain",
    "is_news",
    "judge",
    "judge_copy",
    "judge_event",
    "mark",
    "may_be_copy",
    "pack",
    "relate",
    "remember",
    "trace",
    "traces",
    "unpack",
    "unpack_sketch",
]


_NEWS = timedelta(days=400)


def is_news(article: Article) -> bool:
    """Whether an event that it tells may still be followed. What was older when it was first seen is only looked for as a copy: a first crawl may bring
    many years, and nobody follows a story that far back.
    """
    return article.first_seen - article.at <= _NEWS


def remember(article: Article) -> Marks:
    """What is to be known of ``article`` from now on."""
    return mark(article, news=is_news(article))


def trace(marks: Marks, article: Article) -> Traces:
    """Those of ``marks`` that ``article`` leaves, and by which others are sought."""
    return traces(marks, day=article.at.toordinal() if is_news(article) else None)


def relate(a: Any, b: Any) -> Relation:
    """What ``a`` and ``b`` are to each other, whichever comes first: Articles, or anything with title, text, language, published and url."""
    return explain(a, b).relation


def explain(a: Any, b: Any) -> Verdict:
    """``relate`` with the reasons. Where both say whose they are, a title alone makes no copy of what two universities say."""
    one, other = mark(a), mark(b)
    copy, publishers = judge_copy(one, other), {getattr(each, "university", None) for each in (a, b)} - {None}
    return copy if copy and not (copy.has_title_only and len(publishers) > 1) else judge_event(one, other)
