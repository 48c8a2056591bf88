"""Do two articles tell one story? Each kind of evidence gives its share of a sum, so that the verdict can be explained.

The weights are a logistic regression on labelled pairs, made by ``tests/fit/stories.py``; what they were fitted on and how well they do is in docs/decisions/stories.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from aggregator.refine.stories import shingles
from aggregator.refine.stories.concepts import WEIGHTS as CONCEPT_WEIGHTS
from aggregator.refine.stories.marks import Marks

Relation = Literal["duplicate", "same_event", "different"]

NEAR = 3
"""Days within which an event is reported."""


COPIED = 10.0
COPY, EXCERPT = 0.45, 0.6
"""From which share of common wording two texts are one, and from which share of the shorter one it is an excerpt."""
_AGAIN = 60
"""Days after which the same words may be news again: each year's notice of the holidays."""
_ANY_TEXT, _NO_TEXT, _AGREED = 3, 8, 0.15
"""Shingles beyond the title from which on texts are compared, those that are no text yet, and the least share that the texts of one title have in common."""
_TITLE_ONLY = "the title alone"
TELLING = 24
"""Columns; "Admissions 2026" is the title of many."""
_DIGITS = re.compile(r"\d+")
_SHORT, _SHORT_COPY = 30, 0.8
"""Shingles below which a text may be a form that is filled in anew each time: then more must agree, and all numbers and days."""
_SAME_FACTS = 0.6
"""The share of all numbers and days that two longer texts have in common at least, if each has some of its own."""

_ONE_LANGUAGE: Mapping[str, float] = {
    "bias": -3.38,
    "dates near": 0.66,
    "dates apart": -1.47,
    "a day told by both": 0.93,
    "told when the other came out": 0.67,
    "other days": -0.61,
    "other years": -0.51,
    "names": 1.14,
    "share of names": 0.59,
    "institutions": 0.65,
    "numbers": 0.12,
    "subjects": 1.05,
    "share of subjects": 0.58,
    "places": 1.31,
    "words": 1.09,
    "words of the title": 0.92,
}
_ACROSS_LANGUAGES: Mapping[str, float] = {
    "bias": -3.0,
    "dates near": 1.37,
    "dates apart": -0.59,
    "a day told by both": 0.72,
    "told when the other came out": 0.47,
    "other days": -1.35,
    "other years": -0.04,
    "names": 2.14,
    "share of names": 0.82,
    "institutions": 0.37,
    "subjects": 1.75,
    "share of subjects": 0.72,
    "places": 0.1,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    relation: Relation
    score: float
    """Above 0 for one event; the log of the odds. Of a copy: ``COPIED`` and the share of common wording."""
    shares: Mapping[str, float]
    """What spoke for (above 0) and against it (below), and how much."""

    @property
    def reasons(self) -> tuple[tuple[str, float], ...]:
        """The weightiest first."""
        told = [(name, round(share, 3)) for name, share in self.shares.items() if share]
        return tuple(sorted(told, key=lambda share: -abs(share[1])))

    @property
    def has_title_only(self) -> bool:
        """Whether a copy is one by its title alone, which is not enough where two universities greet their students in the same words."""
        return _TITLE_ONLY in self.shares


def judge(one: Marks, other: Marks) -> Verdict:
    """The order of the two makes no difference."""
    return judge_copy(one, other) or judge_event(one, other)


def judge_copy(one: Marks, other: Marks) -> Verdict | None:
    """None where they are not one text."""
    copied = _copied(one, other)
    return Verdict("duplicate", COPIED + copied[1], dict((copied,))) if copied else None


def may_be_copy(one: Marks, other: shingles.Sketch) -> bool:
    """Whether a text of which this sketch was made may be one with ``one``, unless address, or title and day, say so: the cheaper question, asked first."""
    smaller = min(one.sketch.size, other.size)
    return smaller - shingles.length(one.heading) < _NO_TEXT or _worded(smaller, *shingles.likeness(one.sketch, other)) is not None


def judge_event(one: Marks, other: Marks) -> Verdict:
    """Of two texts that are not one."""
    found = evidence(one, other)
    weights = _ONE_LANGUAGE if one.language == other.language else _ACROSS_LANGUAGES
    shares = {name: weights[name] * amount for name, amount in found.items() if amount and name in weights}
    score = round(weights["bias"] + sum(shares.values()), 3)
    return Verdict("same_event" if score > 0 and _is_about_something(found) else "different", score, shares)


def _copied(one: Marks, other: Marks) -> tuple[str, float] | None:
    exact = one.exact & other.exact
    if any(each[0] == "u" for each in exact):
        return "the same address", 1.0
    resemblance, containment = shingles.likeness(one.sketch, other.sketch)
    smaller = min(one.sketch.size, other.sketch.size)
    titled = min(smaller, shingles.length(one.heading), shingles.length(other.heading))
    told = smaller - titled
    agreed = told < _ANY_TEXT or (containment * smaller - titled) / told >= _AGREED
    if told < _NO_TEXT:
        same = one.heading == other.heading and (one.day or other.day) == (other.day or one.day) and shingles.width(one.heading) >= TELLING
        return (_TITLE_ONLY, round(max(resemblance, containment), 3)) if same and agreed else None
    if exact and agreed:
        return "title and day", round(max(resemblance, containment), 3)
    worded = _worded(smaller, resemblance, containment)
    return None if worded and (_is_series(one.heading, other.heading) or _contradict(one, other, smaller)) else worded


def _worded(smaller: int, resemblance: float, containment: float) -> tuple[str, float] | None:
    """What two texts have in common, where that is enough to be one."""
    if resemblance >= (COPY if smaller >= _SHORT else _SHORT_COPY):
        return "wording", round(resemblance, 3)
    return ("wording of the shorter one", round(containment, 3)) if smaller >= _SHORT and containment >= EXCERPT else None


def _contradict(one: Marks, other: Marks, smaller: int) -> bool:
    """Whether each tells numbers and days that the other does not: then a form was filled in anew. Long texts may differ in some, as their copies are edited;
    short ones may not differ at all, and what comes again after months has nothing new to tell.
    """
    first, second = _facts(one, other), _facts(other, one)
    apart = abs(one.day - other.day) if one.day and other.day else 0
    if smaller < _SHORT:
        return first != second or apart > _AGAIN
    return bool(first - second and second - first) and (apart > _AGAIN or len(first & second) < _SAME_FACTS * len(first | second))


def _facts(of: Marks, beside: Marks) -> frozenset[str]:
    """Numbers, days and years. "On the 17th" says the same as "17 May" where the other tells that."""
    whole = {_number(day) for day in beside.days if day[0] != "-"}
    days = {day for day in of.days if day[0] != "-" or _number(day) not in whole}
    return frozenset((*of.numbers, *(f"day {day}" for day in days), *(f"year {year}" for year in of.years)))


def _is_series(heading: str, other: str) -> bool:
    """Whether two headings differ in their numbers only: "Newsletter 12" is no copy of "Newsletter 13", however alike their texts are."""
    return heading != other and _DIGITS.sub("0", heading) == _DIGITS.sub("0", other)


def _is_about_something(found: Mapping[str, float]) -> bool:
    """Dates, places and phrases that all news has make no event by themselves."""
    return any(found.get(name, 0.0) > least for name, least in _LEAST.items())


_LEAST = {"names": 0.0, "institutions": 0.5, "numbers": 0.5, "share of subjects": 0.25, "words of the title": 0.4}


def evidence(one: Marks, other: Marks) -> dict[str, float]:
    """What speaks for and against: name of the evidence → how much of it there is, mostly between 0 and 1. The order of the two makes no difference."""
    found: dict[str, float] = {}
    apart = abs(one.day - other.day) if one.day and other.day else None
    told, announced = _days_of_both(one.days, other.days), max(_came_out(one, other), _came_out(other, one))
    found["dates near"] = 0.0 if apart is None or apart > NEAR else 1 - apart / (NEAR + 2)
    found["dates apart"] = 0.0 if apart is None or apart <= NEAR else min(1.0, math.log(apart / NEAR) / 3)
    found["a day told by both"] = told
    found["told when the other came out"] = announced
    found["other days"] = float(not told and not announced and bool(one.days) and bool(other.days))
    found["other years"] = float(bool(one.years) and bool(other.years) and not one.years & other.years)
    if persons := _weight(one.names & other.names):
        found["names"] = math.log1p(persons)
        found["share of names"] = persons / max(3.0, min(_weight(one.names), _weight(other.names)))
    found["institutions"] = math.log1p(_weight(one.institutions & other.institutions) + len(one.acronyms & other.acronyms))
    found["numbers"] = math.log1p(sum(map(_special, one.numbers & other.numbers)))
    if subjects := _concepts(one.concepts & other.concepts):
        found["subjects"] = math.log1p(subjects)
        found["share of subjects"] = subjects / max(4.0, math.sqrt(_concepts(one.concepts) * _concepts(other.concepts)))
    found["places"] = math.log1p(len(one.places & other.places)) / 2
    if one.language == other.language:
        found["words"] = _cosine(one.words, other.words)
        found["words of the title"] = _cosine(one.title, other.title)
    return found


def _days_of_both(one: frozenset[str], other: frozenset[str]) -> float:
    """1 where both tell a day, 0.5 where only its number is said."""
    if any(day[0] != "-" for day in one & other):
        return 1.0
    vague = {day for day in one | other if day[0] == "-"}
    return 0.5 if {_number(day) for day in one} & {_number(day) for day in other} & {_number(day) for day in vague} else 0.0


def _came_out(one: Marks, other: Marks) -> float:
    """Whether ``one`` tells the day on which ``other`` was published, or the day before."""
    if not other.day or not one.days:
        return 0.0
    near = [date.fromordinal(other.day - back) for back in (0, 1)]
    if one.days & {f"{day.month}-{day.day}" for day in near}:
        return 1.0
    return 0.5 if one.days & {f"-{day.day}" for day in near} else 0.0


def _number(day: str) -> str:
    return day.partition("-")[2]


def _weight(names: frozenset[str]) -> float:
    return sum(min(1.5, 0.25 * len(name) - 0.25) if name[0] != "#" else 1.5 for name in names)


def _special(number: str) -> float:
    """The longer a number, the less it is met by chance; round ones less so."""
    significant = number.rstrip("0") or "1"
    return 0.3 if len(number) <= 2 else 0.5 + 0.4 * len(significant)


@lru_cache(maxsize=2_000)  # a new article is judged beside many others
def _concepts(rows: frozenset[int]) -> float:
    return float(sum((0.2, 1.0, 2.0)[CONCEPT_WEIGHTS[row] - 1] for row in rows))


def _cosine(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0
