"""Files that are written plainly, read a few times as fast as ruamel.yaml puts them together: from the events of its parser, without a graph of nodes.

Nearly all are: keys, texts, numbers, lists. What uses more of YAML, or is wrong, is left to ruamel, whose word on each value counts here too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import implicit_resolvers

_CLUES = frozenset(first for _, _, _, firsts in implicit_resolvers for first in firsts)
"""How values begin that may be something else than text."""
_TEXT = "tag:yaml.org,2002:str"
_DATA = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null", "timestamp"))


def _ruamel() -> YAML:
    return YAML(typ="safe", pure=True, plug_ins=[])


class Beyond(Exception):
    """It is written otherwise than plainly."""


def read(text: str) -> Any:
    """The data of one document, just as ``YAML(typ="safe")`` reads them. Raises Beyond, and what the parser raises."""
    parser = CParser(text)
    try:
        _expect(parser, StreamStartEvent)
        start = _expect(parser, DocumentStartEvent)
        if start.version or start.tags:
            raise Beyond
        found = _value(parser, parser.get_event())
        _expect(parser, DocumentEndEvent)
        _expect(parser, StreamEndEvent)
    finally:
        parser.dispose()
    return found


def _expect(parser: Any, kind: type[Event]) -> Any:
    event = parser.get_event()
    if type(event) is not kind:
        raise Beyond
    return event


def _value(parser: Any, event: Any) -> Any:
    kind = type(event)
    if kind not in (ScalarEvent, MappingStartEvent, SequenceStartEvent) or event.anchor is not None or event.tag is not None:
        raise Beyond
    if kind is ScalarEvent:
        return _scalar(event)
    return _mapping(parser) if kind is MappingStartEvent else _sequence(parser)


def _scalar(event: Any) -> Any:
    value: str = event.value
    return meant(value) if event.implicit[0] and value[:1] in _CLUES else value


def _mapping(parser: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while type(event := parser.get_event()) is not MappingEndEvent:
        key = _value(parser, event)
        if type(key) is not str or key in found:
            raise Beyond
        found[key] = _value(parser, parser.get_event())
    return found


def _sequence(parser: Any) -> list[Any]:
    found: list[Any] = []
    while type(event := parser.get_event()) is not SequenceEndEvent:
        found.append(_value(parser, event))
    return found


_RESOLVER = _ruamel().resolver


@lru_cache(maxsize=4096)
def meant(value: str) -> Any:
    """A value without quotes."""
    tag = _RESOLVER.resolve(ScalarNode, value, (True, False))
    if str(tag) == _TEXT:
        return value
    if str(tag) not in _DATA:
        raise Beyond
    return _ruamel().constructor.construct_document(ScalarNode(tag, value))
