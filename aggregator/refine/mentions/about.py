"""What an article is about, among the universities that it names: the title, the lead and how often tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_LEAD: Final = 260
"""Characters of the text in which news says what it is about."""
_CROWD: Final = 4
"""Universities that a lead can be about; more are a list."""
_OFTEN: Final = 3


def subjects(places: Mapping[int, Sequence[tuple[int, int]]], title: int, publisher: int | None) -> set[int]:
    """``places``: university → where it is named; ``title``: the length of the title.

    Who stands in the title, and who publishes and names itself. Then who is named again and again, and, where the title names nobody, who stands in the
    lead; where it does, those of the lead that come back.
    """
    titled = {number for number, spans in places.items() if spans[0][0] < title}
    lead = {number for number, spans in places.items() if any(title < start <= title + _LEAD for start, _ in spans)}
    found = titled | ({publisher} if publisher is not None and publisher in places else set())
    for number, spans in places.items():
        returns = len(spans) >= 2 or not titled
        if len(spans) >= _OFTEN or (number in lead and len(lead) <= _CROWD and returns):
            found.add(number)
    return found
