"""What an article is for: news, research, event, lecture, notice, job, tender or admission, by its title, the list it stands in and its address.

Each source of evidence gives points; most points win; a doubt is news, so that nothing is kept from subscribers without a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from aggregator.model import TOPICS, Topic
from aggregator.text import search, topicwords

REPORT: Final = 7
"""A report of what took place is news, whatever it was."""
CERTAIN: Final = 4
LIST: Final = 3
LIKELY: Final = 2
PATH: Final = 3
ENOUGH: Final = 3
"""Points without which nothing but news is believed."""

_ORDER: Final[tuple[Topic, ...]] = ("tender", "job", "admission", "lecture", "event", "notice", "research", "news")
"""Who wins a draw: the more special."""
_SPECIAL: Final = _ORDER[:5]
_LONGEST = 200
"""Characters of a title that are looked at."""
_ANYWHERE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which a cue may stand inside a run of letters."""


class _Cue(NamedTuple):
    """What a word of a title tells."""

    open: bool
    """Whether the word may go on behind it."""
    topic: Topic
    points: int


def classify(title: str, *, url: str | None = None, shelf: str | None = None) -> Topic:
    """The topic of an article with this title. ``shelf``: what the list or feed in which it stands calls itself."""
    points: dict[Topic, int] = defaultdict(int)
    for topic, worth in (*_of_shelf(shelf or ""), *_of_path(urlsplit(url).path if url else ""), *set(_of_title(_fold(title[:_LONGEST])))):
        points[topic] += worth
    best = max(_ORDER, key=lambda topic: points.get(topic, 0))
    if best == "notice":  # which is but a form: what it is about says more
        best = max(_SPECIAL, key=lambda topic: points.get(topic, 0))
        best = best if points.get(best, 0) >= CERTAIN else "notice"
    return best if points.get(best, 0) >= ENOUGH else "news"


def _of_title(text: str) -> Iterator[tuple[Topic, int]]:
    """What each cue is worth; a certain one and a likely one count together, two of a kind do not."""
    for found, start, end in _IN_TITLE.find_matches_as_indexes(text, overlapping=True):
        if start == 0 or not text[start - 1].isalnum() or _ANYWHERE.match(text, start):
            for cue in _CUES[found]:
                if cue.open or end >= len(text) or not text[end].isalnum() or not text[end - 1].isalnum():
                    yield cue.topic, cue.points
    for topic, offers in _OFFERS.items():
        if offers.search(text):
            yield topic, CERTAIN


@lru_cache(maxsize=1000)  # a list has many articles
def _of_shelf(shelf: str) -> tuple[tuple[Topic, int], ...]:
    for part in re.split(r"\s*[|»·:：]\s*|\s+[-–—]\s+|(?<=[\u3040-\u9fff])[-–—]", _fold(shelf)):
        if (topic := _SHELVES.get(part.strip())) is not None:
            return ((topic, LIST),)
    return ()


def _of_path(path: str) -> Iterator[tuple[Topic, int]]:
    """The last segment that tells, and not the file itself: below ``/news/events/`` are events."""
    for segment in reversed(path.lower().split("/")[:-1]):
        if (topic := _SEGMENTS.get(segment)) is not None:
            yield topic, PATH
            return


def _fold(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", search.fold(text)).replace("ʼ", "'").replace("’", "'")


def _cues() -> Iterator[tuple[str, _Cue]]:
    for table, points in ((topicwords.LIKELY, LIKELY), (topicwords.CERTAIN, CERTAIN)):
        for topic in TOPICS:
            worth = REPORT if topic == "news" and points == CERTAIN else points
            for word in filter(None, re.split(r",\s+|\s*\n\s*", table[topic].strip())):
                text = _fold(word.removesuffix("*"))
                yield text, _Cue(word.endswith("*") or _ANYWHERE.search(text) is not None, topic, worth)


def _index() -> Mapping[str, tuple[_Cue, ...]]:
    found: dict[str, list[_Cue]] = defaultdict(list)
    for text, cue in _cues():
        found[text].append(cue)
    return {text: tuple(cues) for text, cues in found.items()}


def _offered(offers: tuple[tuple[tuple[str, ...], str], ...]) -> re.Pattern[str]:
    said = (way.replace("{who}", f"(?:{'|'.join(who)})") for who, way in offers)
    return re.compile(rf"\b(?:{'|'.join(said)})(?!\w)")


_OFFERS: Final = {topic: _offered(offers) for topic, offers in topicwords.OFFERS.items()}
_MEANT: Final = _index()
_IN_TITLE: Final = AhoCorasick(_MEANT, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
_CUES: Final = tuple(_MEANT.values())
_SHELVES: Final[Mapping[str, Topic]] = {_fold(name.strip()): topic for topic in TOPICS for name in topicwords.LISTS[topic].split(",")}
_SEGMENTS: Final[Mapping[str, Topic]] = {segment: topic for topic in TOPICS for segment in topicwords.PATHS[topic].split()}
