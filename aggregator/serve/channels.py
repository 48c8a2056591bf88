"""A feed that lasts: what subscribers poll, and the archive behind it (RFC 5005 §4), complete from the first article to the newest.

    /feeds/all                 the newest articles by date ─ prev-archive ─▶ /feeds/all/archive/1157 ─▶ …/1100 ─▶ …/1000 ─▶ … ─▶ …/100
                                                                             1101st to 1157th           1001st to 1100th        the first hundred

Articles are counted in the order in which they were stored, and none is ever removed. So whatever comes later does not change the page that ends with the
1100th, nor the one that ends with the 1157th, only that nobody leads to that any more as soon as there is a 1158th. A reader that follows the chain until it
meets a page it knows has missed nothing, however late dated. Copies of one text, of which the current document lists one, all have their place.

A page shows its articles as they are now: a correction changes it, and its ETag. Where a correction takes an article out of what a question means, or into it
(a topic, a word), the later pages of that question move by one; those of everything, of a university and of a source never do. So a page may be kept for a
day and is then asked for again: most have not changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aggregator.model import Article
from aggregator.query import Query

PAGE = 100
"""Articles on one page of an archive. Changing it moves all of them."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed, whichever articles it has at the moment. ``place`` is its address on the site without extension."""

    place: str
    home: str
    title: str
    description: str
    question: Query
    limit: int

    def archived(self, number: int) -> str:
        """The place of the page that ends with the article of that number."""
        return f"{self.place}/archive/{number}"


class Shelf(Protocol):
    """What a channel needs of the store."""

    def articles(self, query: Query, *, limit: int) -> Sequence[Article]:
        """The newest articles by date."""

    def count(self, query: Query) -> int:
        """How many there are."""

    def stored(self, query: Query, *, skip: int, limit: int) -> Sequence[Article]:
        """In the order in which they came."""

    def imprint(self, query: Query, *, skip: int, limit: int) -> str:
        """What decides of all that is published of ``stored``: while it is the same, so are they."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the archive. ``links``: places of its neighbours by relation."""

    place: str
    articles: Sequence[Article]
    links: Mapping[str, str]


def newest(shelf: Shelf, channel: Channel) -> Sequence[Article]:
    return shelf.articles(channel.question, limit=channel.limit)


def older(shelf: Shelf, channel: Channel, shown: Sequence[Article]) -> Mapping[str, str]:
    """Where those articles are that are not among the ``shown``; the page that is not full yet is left out where all of it is shown."""
    if len(shown) < channel.limit:
        return {}
    count = shelf.count(channel.question)
    last = _last(shelf, channel, shown, count)
    return {"prev-archive": channel.archived(last)} if last and count > len(shown) else {}


def _last(shelf: Shelf, channel: Channel, shown: Sequence[Article], count: int) -> int:
    full = count - count % PAGE
    rest = {article.id for article in shelf.stored(channel.question, skip=full, limit=count - full)} if count > full else set()
    return full if rest <= {article.id for article in shown} else count


def page(shelf: Shelf, channel: Channel, last: int) -> Page | None:
    """The page of the archive that ends with the article of that number, newest first; None where there are not so many."""
    before = (last - 1) // PAGE * PAGE
    found = shelf.stored(channel.question, skip=before, limit=last - before)
    if len(found) < last - before:
        return None
    links = {"current": channel.place}
    if before:
        links["prev-archive"] = channel.archived(before)
    if _followed(shelf, channel, last):
        links["next-archive"] = channel.archived(last + PAGE)
    return Page(channel.archived(last), tuple(reversed(found)), links)


def _followed(shelf: Shelf, channel: Channel, last: int) -> bool:
    """Whether the page after that one is full as well."""
    return last % PAGE == 0 and bool(shelf.stored(channel.question, skip=last + PAGE - 1, limit=1))


def stamp(shelf: Shelf, channel: Channel, last: int) -> str:
    """Two equal ones: the page says what it said, as far as that is up to the articles."""
    before = (last - 1) // PAGE * PAGE
    imprint = shelf.imprint(channel.question, skip=before, limit=last - before)
    return f"{imprint}{'+' if _followed(shelf, channel, last) else ''}"


def archive(shelf: Shelf, channel: Channel) -> Iterator[str]:
    """The place of every page, the last one first."""
    first = older(shelf, channel, newest(shelf, channel)).get("prev-archive")
    if first:
        last = int(first.rpartition("/")[2])
        yield first
        yield from (channel.archived(number) for number in range((last - 1) // PAGE * PAGE, 0, -PAGE))
