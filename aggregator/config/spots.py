"""What stands where in a YAML file, as it is written there: for messages. Parses the file again, with positions; only called where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Place = tuple[str | int, ...]
"""Keys and numbers on the way to a value."""


class Spot(NamedTuple):
    """``line`` counts from 1. ``text`` is what is written there without quotes: ``0o17``, not 15; None for all that is no plain value."""

    line: int | None
    text: str | None = None


def spot(path: Path, place: Place) -> Spot:
    """Of ``place`` in a file, or of the nearest thing around it."""
    try:
        node = composed(path.read_text(encoding="utf-8-sig"))
    except (YAMLError, OSError, ValueError, RecursionError):
        return Spot(None)
    line = _line(node) if node is not None else None
    for part in place:
        found = _inside(node, part)
        if found is None:
            return Spot(line)
        line, node = found
    return Spot(line, _plain(node))


def line_of(path: Path, place: Place) -> int | None:
    return spot(path, place).line


class Scalar(NamedTuple):
    """A key or a value that is written without quotes."""

    line: int
    text: str
    tag: str
    keys: frozenset[str]
    """Below which it stands."""


def scalars(text: str) -> Iterator[Scalar]:
    """All of a document, as far as it can be parsed with positions: that parser is stricter than the one that reads."""
    with suppress(YAMLError, ValueError, RecursionError):
        yield from _scalars(composed(text))


def _scalars(root: Node | None) -> Iterator[Scalar]:
    waiting: list[tuple[Node | None, frozenset[str]]] = [(root, frozenset())]
    seen: set[int] = set()
    while waiting:
        node, keys = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [each for key, value in reversed(node.value) for each in ((value, keys | {str(key.value)}), (key, keys))]
        elif isinstance(node, SequenceNode):
            waiting += [(each, keys) for each in reversed(node.value)]
        elif (plain := _plain(node)) is not None:
            yield Scalar(_line(node), plain, str(node.tag), keys)


class Indents(NamedTuple):
    """How far what stands in something is indented: keys, the items of a list, and the dashes before these."""

    mapping: int
    sequence: int
    dash: int


def indents(text: str, usual: Indents) -> Indents:
    """Of the first keys and the first list that stand on lines of their own below a key; what there is none of, is as ``usual``. Raises YAMLError."""
    root, lines = composed(text), text.splitlines()
    found = usual
    for key, value in reversed(root.value) if isinstance(root, MappingNode) else ():
        if not value.value or getattr(value, "flow_style", True) or isinstance(value, ScalarNode):
            continue
        if isinstance(value, MappingNode):
            found = found._replace(mapping=_column(value.value[0][0]) - _column(key))
        elif "-" in (line := lines[value.value[0].start_mark.line]):
            dash = line.index("-")
            found = found._replace(sequence=_column(value.value[0]) - _column(key), dash=dash - _column(key))
    return found if found.mapping > 0 and found.sequence >= found.dash + 2 >= 2 else usual


@lru_cache(maxsize=2)
def composed(text: str) -> Node | None:
    """The nodes of the first document. Raises YAMLError."""
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


def _inside(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    if isinstance(node, MappingNode):
        return next(((_line(key), value) for key, value in node.value if str(key.value) == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return _line(node.value[part]), node.value[part]
    return None


def _plain(node: Node | None) -> str | None:
    return str(node.value) if isinstance(node, ScalarNode) and not node.style else None


def _column(node: Node) -> int:
    column: int = node.start_mark.column
    return column


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1
