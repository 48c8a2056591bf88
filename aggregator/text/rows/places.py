"""Where on its page a row stands: the way down to its list, so that a list of the same site beside it is another one, however alike its rows are."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

_LONGEST: Final = 300
_NAMES: Final = 3
"""Classes of one element that are told of."""
_DIGITS: Final = re.compile(r"\d+")
_PASSING: Final = frozenset("odd even first last active current selected show hover clearfix".split())
"""Classes that say which row of a list it is, or what the reader does with it."""


class Places:
    """Of the rows of one reading; most of them stand in one list."""

    def __init__(self) -> None:
        self._known: dict[HtmlElement, str] = {}

    def of(self, row: HtmlElement) -> str:
        """Tags, classes and ids from the body down to the list, numbers masked, and the tag of the row; the end of it where it is long."""
        tag, above = str(row.tag), row.getparent()
        if above is None:
            return tag
        if above not in self._known:
            ways = takewhile(lambda element: element.tag not in ("body", "html"), (above, *above.iterancestors()))
            self._known[above] = " > ".join(reversed([_step(element) for element in ways]))
        return f"{self._known[above]} > {tag}".removeprefix(" > ")[-_LONGEST:]


def _step(element: HtmlElement) -> str:
    names = [name for name in (element.get("class") or "").split() if name.lower() not in _PASSING][:_NAMES]
    id_ = element.get("id")
    return _DIGITS.sub("N", ".".join([str(element.tag), *names]) + (f"#{id_}" if id_ else ""))
