"""What the rows of a list repeat at one place: the label of a category, the name of a unit. It is no title where something at its side tells the rows apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from aggregator.text.columns import width
from aggregator.text.phrases import MORE
from aggregator.text.rows.pieces import Piece, bare

_LEAST_ROWS: Final = 4
_LABEL_WIDTH: Final = 24
_TITLE_WIDTH: Final = 10

_Place = tuple[object, frozenset[str]]
"""The tag and the words of an element: where in its row a piece stands."""


def labels(rows: Sequence[Sequence[Piece]]) -> frozenset[int]:
    """``id`` of each piece that stands where at most half of the rows say something of their own, beside pieces of the same rank that differ in nearly all."""
    places: defaultdict[tuple[bool, bool], dict[_Place, list[Piece]]] = defaultdict(dict)
    for parts in rows:
        for part in parts:
            places[part.linked, part.heading].setdefault((part.element.tag, part.words), []).append(part)
    return frozenset(id(part) for rank in places.values() for part in _labels_of(list(rank.values()), len(rows)))


def _labels_of(places: Sequence[Sequence[Piece]], rows: int) -> Iterable[Piece]:
    """Not those in the very element of a title: they are the beginning of it."""
    titles = frozenset(part.element for place in places if _tells_apart(place, rows) for part in place)
    if rows < _LEAST_ROWS or not titles:
        return ()
    return (part for place in places if _is_repeated(place, rows) for part in place if part.element not in titles)


def _tells_apart(place: Sequence[Piece], rows: int) -> bool:
    texts = {part.text for part in place}
    return 0.8 * rows <= len(place) <= 1.5 * rows and len(texts) >= 0.8 * len(place) and sum(map(width, texts)) >= _TITLE_WIDTH * len(texts)


def _is_repeated(place: Sequence[Piece], rows: int) -> bool:
    return (
        len(place) >= max(_LEAST_ROWS, rows / 2)
        and all(width(part.text) <= _LABEL_WIDTH and not MORE.fullmatch(bare(part.text)) for part in place)
        and 2 * len({part.text for part in place}) <= len(place)
    )
