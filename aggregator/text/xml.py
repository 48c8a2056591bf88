"""XML as it is written: elements made of text, each value cleaned (``wire.clean``) and escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from aggregator.text import wire

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
_SPECIAL_IN_TEXT = re.compile("[&<>\r]")
_SPECIAL_IN_VALUES = re.compile('[&<>"\r\n\t]')
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_NONE: Mapping[str, str] = MappingProxyType({})


def element(tag: str, text: str, attributes: Mapping[str, str] = _NONE) -> str:
    """An element that holds ``text``."""
    return f"<{tag}{_written(attributes)}>{_SPECIAL_IN_TEXT.sub(_reference, wire.clean(text))}</{tag}>"


def parent(tag: str, children: Iterable[str], attributes: Mapping[str, str] = _NONE) -> str:
    """An element that holds elements."""
    return f"<{tag}{_written(attributes)}>{''.join(children)}</{tag}>"


def empty(tag: str, attributes: Mapping[str, str] = _NONE) -> str:
    """An element that says everything in its attributes, or by being there."""
    return f"<{tag}{_written(attributes)}/>"


def opening(tag: str, attributes: Mapping[str, str]) -> str:
    """The start of an element that somebody else ends."""
    return f"<{tag}{_written(attributes)}>"


def styled(address: str) -> str:
    """``<?xml-stylesheet?>``: a browser that opens the XML shows it with this CSS. Nobody else minds."""
    return f'<?xml-stylesheet type="text/css" href="{wire.uri(address).replace("&", "&amp;")}"?>'


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(
        [f' {name}="{_SPECIAL_IN_VALUES.sub(_reference, wire.clean(value))}"' for name, value in attributes.items()] if attributes else ()
    )


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES[found[0]]
