"""What a person chose in a form, as a question of the query language: the filter of the river and the feed builder are two forms of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from aggregator import query
from aggregator.model import TOPICS, University

_ORIGIN = re.compile(r"(country:[A-Za-z]{2}|university:[a-z0-9][a-z0-9._-]{0,62})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
_TOPIC = re.compile("|".join(TOPICS))
_TERM = re.compile(r"-?[A-Za-z]+[:：]\S+")
_GROUPED = re.compile(r"""[()"“”„«»「」]|(?:^|\s)(?:OR|NOT|AND)(?:\s|$)""")
"""Words in which a term cannot be taken out without changing what the others mean."""
_SEPARATOR = "\n"
"""Between the values of a parameter that is given several times."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Words and, of each list that is not empty, any."""

    words: str = ""
    """A question of its own, as typed."""
    origins: tuple[str, ...] = ()
    """Who published it: ``country:CN`` or ``university:hit``."""
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """What the news are for."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Choice:
        """What ``q``, ``from``, ``language`` and ``topic`` say; values that a form of ours cannot have sent are left out."""
        return cls(
            parameters.get("q", "").strip(),
            _valid(_ORIGIN, parameters.get("from", "")),
            _valid(_LANGUAGE, parameters.get("language", "")),
            _valid(_TOPIC, parameters.get("topic", "")),
        )

    @property
    def narrowed(self) -> bool:
        """Whether more than words was chosen."""
        return bool(self.origins or self.languages or self.topics)

    @property
    def has_words(self) -> bool:
        """Whether anything is looked for that stands in a text, and not only who wrote what for whom."""
        return any(not _TERM.fullmatch(each) for each in self.words.split())

    def shown(self, offered: Collection[str]) -> Choice:
        """The same, as a form shows it whose lists offer these terms: one of them that was typed is chosen in its list, where it can be changed."""
        if _GROUPED.search(self.words):
            return self
        words = self.words.split()
        lists = {"origins": ("country:", "university:"), "languages": ("language:",), "topics": ("topic:",)}
        moved: dict[str, tuple[str, ...]] = {}
        for name, begins in lists.items():
            typed = [each for each in words if each.lower().startswith(begins)]
            if len(typed) == 1 and not getattr(self, name) and (found := _offered(typed[0], offered)):
                moved[name] = (found if name == "origins" else found.partition(":")[2],)
                words.remove(typed[0])
        return replace(self, words=" ".join(words), **moved) if moved else self

    @property
    def parameters(self) -> str:
        """For the address of the form that shows this choice."""
        lists = (("from", self.origins), ("language", self.languages), ("topic", self.topics))
        chosen = (("q", self.words), *((name, each) for name, those in lists for each in those))
        return urlencode([(name, value) for name, value in chosen if value])

    def question(self, universities: Mapping[str, University]) -> str:
        """The one question that means all of it. The words stand first, so that what is wrong in them is told where it was typed.

        Raises QueryError where the words are no question.
        """
        if not self.narrowed:
            return self.words
        words = f"({self.words})" if isinstance(query.parse(self.words, universities), query.Or) else self.words
        parts = (words, _any(self.origins), _any(tuple(f"language:{each}" for each in self.languages)), _topic(self.topics))
        return " ".join(filter(None, parts))


NOTHING = Choice()
"""Nothing was chosen."""


def joined(values: list[str]) -> str:
    """Several values of one parameter, as ``Choice.of`` takes them."""
    return _SEPARATOR.join(values)


def _offered(typed: str, offered: Collection[str]) -> str | None:
    return next((each for each in offered if each.lower() == typed.lower()), None)


def _valid(pattern: re.Pattern[str], values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values.split(_SEPARATOR) if pattern.fullmatch(value)))


def _topic(topics: tuple[str, ...]) -> str:
    return f"topic:{','.join(topics)}" if topics else ""


def _any(terms: tuple[str, ...]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})" if terms else ""
