"""Which articles tell one story: copies of one text, and reports of one event, in whatever languages. Pure.

    article ─▶ mark ─▶ Marks ─▶ traces ─▶ (the store: who else left them?) ─▶ judge ─▶ duplicate · same_event · different

``mark`` reads the text, once; everything after it is cheap. ``relate`` and ``explain`` do all of it for two articles.
"""

from __future__ import annotations

from typing import Any

from aggregator.refine.stories.judge import COPIED, NEAR, Relation, Verdict, judge
from aggregator.refine.stories.marks import Marks, mark
from aggregator.refine.stories.traces import Traces, pack, traces, unpack

__all__ = ["COPIED", "NEAR", "Marks", "Relation", "Traces", "Verdict", "explain", "judge", "mark", "pack", "relate", "traces", "unpack"]


def relate(a: Any, b: Any) -> Relation:
    """What ``a`` and ``b`` are to each other, whichever comes first: Articles, or anything with title, text, language, published and url."""
    return explain(a, b).relation


def explain(a: Any, b: Any) -> Verdict:
    """``relate`` with the reasons."""
    return judge(mark(a), mark(b))
