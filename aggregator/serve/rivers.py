"""Lists for people: the river of all news and of each university, what a search finds, the feeds there are and those that can be built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from aggregator.errors import QueryError
from aggregator.model import Article
from aggregator.publish import FORMATS
from aggregator.query import Query
from aggregator.serve.asked import FEEDS, Asked
from aggregator.serve.pages import COUNTED
from aggregator.serve.press import Press, published_by
from aggregator.serve.resource import Resource
from aggregator.serve.shelf import Cursor, cursor, page_of, written
from aggregator.serve.speech import called

PREVIEW = 10
"""Articles that the feed builder shows."""
EXPORTED_PAGES = 10
"""How far back the pages of each river are exported."""


def river(press: Press, asked: Asked) -> Resource | None:
    before = cursor(asked.before)
    if asked.before and before is None:
        return None
    page, older = page_of(press.shelf, press.front, before)
    frame = press.frame(asked, alternates=press.alternates("/feeds/all", press.settings.site.title), filtered=True)
    return press.page(press.pages.river(frame, page, newest=before is None, older=_older("", older)))


def university(press: Press, asked: Asked) -> Resource | None:
    found = press.university(asked.name)
    before = cursor(asked.before)
    if found is None or (asked.before and before is None):
        return None
    place = f"/universities/{found.id}"
    page, older = page_of(press.shelf, published_by(found), before)
    frame = press.frame(asked, called(found, asked.speech), alternates=press.alternates(place, found.name))
    return press.page(press.pages.university(frame, found, page, newest=before is None, older=_older(place, older)))


def search(press: Press, asked: Asked) -> Resource:
    say = asked.speech.say
    try:
        question = asked.choice.question(press.named)
        condition = press.parsed(question)
    except QueryError as error:
        frame = press.frame(asked, say("Search"), filtered=True)
        return press.page(press.pages.search(frame, asked.q, (), older=None, error=error), status=400)
    if not question:
        return press.page(press.pages.search(press.frame(asked, say("Search"), filtered=True), "", (), older=None))
    title = say("Search: %(question)s", question=question)
    page, older = page_of(press.shelf, condition, cursor(asked.before))
    link = older and f"/search?{asked.choice.parameters}&before={written(older)}"
    alternates = press.alternates("/search", question, urlencode({"q": question}))
    frame = press.frame(asked, title, alternates=alternates, filtered=True)
    return press.page(press.pages.search(frame, question, page, older=link, found=_found(press, asked, condition, page, older)))


def _found(press: Press, asked: Asked, condition: Query, page: Sequence[Article], older: Cursor | None) -> int:
    """How many articles answer, told on the first page."""
    if asked.before:
        return 0
    return len(page) if older is None else press.shelf.found(condition, most=COUNTED + 1)


def feeds(press: Press, asked: Asked) -> Resource:
    formats = {extension: FORMATS[name].title for extension, name in FEEDS.items()}
    return press.page(press.pages.feeds(press.frame(asked, asked.speech.say("Feeds")), press.settings.feeds, formats))


def builder(press: Press, asked: Asked) -> Resource:
    title = asked.speech.say("Build a feed")
    try:
        question = asked.choice.question(press.named)
        page = press.shelf.articles(press.parsed(question), limit=PREVIEW) if question else ()
    except QueryError as error:
        return press.page(press.pages.builder(press.frame(asked, title, filtered=True), asked.q, (), error=error), status=400)
    alternates = press.alternates("/search", question, urlencode({"q": question})) if question else ()
    return press.page(press.pages.builder(press.frame(asked, title, alternates=alternates, filtered=True), question, page))


def exported(press: Press) -> Iterator[tuple[str, Sequence[Article]]]:
    """The pages of every river that are files: each address, and what is there."""
    yield from _walk(press, "", press.front)
    for each in press.shown:
        yield from _walk(press, f"/universities/{each.id}", published_by(each))


def _walk(press: Press, start: str, condition: Query) -> Iterator[tuple[str, Sequence[Article]]]:
    before: Cursor | None = None
    for _ in range(EXPORTED_PAGES):
        page, older = page_of(press.shelf, condition, before)
        yield f"{start}/before/{written(before)}/" if before else f"{start}/", page
        if older is None:
            return
        before = older


def _older(place: str, before: Cursor | None) -> str | None:
    return f"{place}/before/{written(before)}/" if before else None
