"""The rows of a list whose items are known: where do they stand on a page that no reader understands any more?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from aggregator.model import Article, Page
from aggregator.text import links, urls
from aggregator.text.document import document

_LINKS: Final = 5000
_FEWEST: Final = 3
_DEPTH: Final = 5
"""Steps of a selector: enough to name a place, few enough to survive small changes."""
_ANY_NAME: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
"""Class names that can stand in a selector; made by a build, they change with the next one, and the list is found anew."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_-]*")
"""Those without digits, where digits number the rows."""


def selector(page: Page, stored: Sequence[Article]) -> str | None:
    """CSS selector of the rows around links to the ``stored`` articles, by their address or title; None where fewer than three are found."""
    parsed = document(page)
    addresses = {urls.key(article.url) for article in stored if article.url}
    titles = {_plain(article.title) for article in stored} - {""}
    anchors = [
        element
        for element in islice(parsed.root.iter("a"), _LINKS)
        if _plain("".join(element.itertext())) in titles or ((url := links.target(element, parsed.base)) and urls.key(url) in addresses)
    ]
    rows = [_row(anchor, anchors) for anchor in anchors]
    named, most = _frequent(_path(row, _ANY_NAME) for row in rows)
    plain, more = _frequent(_path(row, _NAME) for row in rows)
    best, count = (named, most) if 2 * most >= more else (plain, more)
    return best if count >= _FEWEST else None


def _frequent(paths: Iterable[str]) -> tuple[str, int]:
    return next(iter(Counter(paths).most_common(1)), ("", 0))


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _row(anchor: HtmlElement, anchors: Sequence[HtmlElement]) -> HtmlElement:
    """The highest element around a link that holds no other of them, but for links to the same address."""
    others = {id(each) for each in anchors if each.get("href") != anchor.get("href")}
    row = anchor
    for above in anchor.iterancestors():
        if above.tag in ("body", "html") or any(id(each) in others for each in above.iter("a")):
            break
        row = above
    return row


def _path(row: HtmlElement, names: re.Pattern[str]) -> str:
    return " > ".join(reversed([_step(element, names) for element in islice(_upwards(row), _DEPTH)]))


def _upwards(row: HtmlElement) -> Iterator[HtmlElement]:
    yield row
    for element in row.iterancestors():
        if element.tag in ("body", "html"):
            return
        yield element


def _step(element: HtmlElement, names: re.Pattern[str]) -> str:
    called = [name for name in (element.get("class") or "").split()[:3] if names.fullmatch(name)]
    return ".".join([str(element.tag), *called])
