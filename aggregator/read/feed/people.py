"""Who wrote it: names out of the many ways in which feeds write people."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from aggregator.read.feed.names import Element, short
from aggregator.read.feed.texts import as_title, text_of
from aggregator.text import markup

OF_ENTRY: Final = (
    "author",
    "dc:creator",
    "dc:author",
    "dcterms:creator",
    "itunes:author",
    "xhtml:author",
    "managingeditor",
    "media:credit",
)
OF_FEED: Final = ("author", "dc:creator", "dc:author", "managingeditor", "itunes:author", "itunes:owner", "webmaster", "dc:publisher")

_MOST: Final = 50
_LONGEST: Final = 1_000
_ADDRESS: Final = re.compile(r"(?i)https?://\S*")
_LINKED: Final = re.compile(r"(?i)[<(]\s{0,3}https?://[^<>()]{0,500}[>)]")
_MAIL: Final = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_AROUND: Final = " \t<>()[]{}\"',;:-–|"
_MAILBOXES: Final = frozenset(
    [
        "noreply",
        "no-reply",
        "donotreply",
        "do-not-reply",
        "webmaster",
        "postmaster",
        "info",
        "admin",
        "mail",
        "office",
        "nobody",
        "root",
        "none",
    ]
)


def named(parts: dict[str, list[Element]], names: tuple[str, ...]) -> tuple[str, ...]:
    """The people whom the first of ``names`` that names somebody names, each once."""
    for name in names:
        elements = parts.get(name, ())
        if len(elements) == 1:
            if person := _person(elements[0]):
                return (person,)
        elif found := dict.fromkeys(person for element in elements[:_MOST] if (person := _person(element))):
            return tuple(found)
    return ()


def _person(element: Element) -> str | None:
    if not len(element):
        return cleaned((as_title(text_of(element)) or "")[:_LONGEST])
    children = {short(child).rpartition(":")[2]: child for child in reversed(element)}
    for name in ("name", "email"):
        if name in children and (found := cleaned(markup.line("".join(children[name].itertext()))[:_LONGEST])):
            return found
    return cleaned(markup.line(" ".join(child.text or "" for child in element.iter())[:_LONGEST])) if "name" not in children else None


@lru_cache(maxsize=256)
def cleaned(text: str) -> str | None:
    """``mail@example.edu (Jane Doe)``, ``Jane Doe <mail@example.edu>`` → ``Jane Doe``; a bare address gives the name in it, a shared mailbox nobody."""
    text = (_LINKED.sub(" ", text) if "://" in text else text).strip()
    mail = _MAIL.search(text) if "@" in text else None
    if mail is None:
        return None if _ADDRESS.fullmatch(text) else text.strip(" ,;") or None
    rest = markup.line(_MAIL.sub(" ", text).replace("mailto:", " ")).strip(_AROUND)
    if rest:
        return rest
    box = mail[0].partition("@")[0]
    return None if box.lower() in _MAILBOXES else box
