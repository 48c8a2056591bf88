"""A small part of CSS as XPath, for selectors that are written in our own tables: tags, classes, ids, attributes, descendants and children."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

_PART = re.compile(r"\s*(>?)\s*([a-z][a-z0-9]*|\*)?((?:\.[\w-]+|#[\w-]+|\[[\w-]+(?:[~^*$]?=[^\]]+)?\])*)")
_TEST = re.compile(r"\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:([~^*$]?)=\"?([^\]\"]+)\"?)?\]")


@lru_cache(maxsize=512)
def compiled(selector: str) -> etree.XPath:
    """``"ul.news > li[id^=line], p a"`` as an XPath of descendants. Raises ValueError for what this part of CSS does not know."""
    return etree.XPath(" | ".join(_path(one.strip()) for one in selector.split(",")))


def _path(selector: str) -> str:
    if not selector:
        raise ValueError("an empty selector")
    path, place = ".", 0
    while place < len(selector):
        match = _PART.match(selector, place)
        if match is None or match.end() == place or not (match[2] or match[3]):
            raise ValueError(f"cannot read the selector {selector!r} at {selector[place:]!r}")
        path += ("/" if match[1] else "//") + (match[2] or "*") + "".join(_test(test) for test in _TEST.finditer(match[3]))
        place = match.end()
    return path


def _test(test: re.Match[str]) -> str:
    class_, id_, name, how, value = test.groups()
    if class_:
        return _has_word("class", class_)
    if id_:
        return f"[@id='{id_}']"
    if value is None:
        return f"[@{name}]"
    tests = {"": f"[@{name}='{value}']", "^": f"[starts-with(@{name},'{value}')]", "*": f"[contains(@{name},'{value}')]"}
    return tests.get(how) or _has_word(name, value)


def _has_word(attribute: str, word: str) -> str:
    return f"[contains(concat(' ',normalize-space(@{attribute}),' '),' {word} ')]"
