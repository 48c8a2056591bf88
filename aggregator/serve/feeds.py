"""Feeds: what subscribers poll, its archive, its stories, what a question finds, all of them as OPML, and what a hub is told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlencode

from aggregator import query
from aggregator.config.opml import listing
from aggregator.errors import QueryError
from aggregator.model import Article, FeedDocument, Outline, Told
from aggregator.publish import FORMATS, render
from aggregator.serve import channels, rivers, stories
from aggregator.serve.asked import FEEDS, Asked
from aggregator.serve.channels import Channel
from aggregator.serve.press import Press
from aggregator.serve.refusals import text
from aggregator.serve.resource import Resource
from aggregator.serve.shelf import cursor, page_of, written

_NO_LINKS: Mapping[str, str] = MappingProxyType({})
_ARCHIVED = re.compile(r"(/.+)/archive/([0-9]+)\.[a-z]+")


def of_university(press: Press, asked: Asked) -> Resource | None:
    return _subscription(press, asked, press.channels.get(f"/universities/{asked.name}"))


def named(press: Press, asked: Asked) -> Resource | None:
    return _subscription(press, asked, press.channels.get(f"/feeds/{asked.name}"))


def bare(press: Press, asked: Asked) -> Resource | None:
    """A feed without the ending of its address."""
    channel = press.channels.get(f"/feeds/{asked.name}")
    return press.moved(asked, f"{channel.place}.rss") if channel else None


def guessed(press: Press, asked: Asked) -> Resource:
    """Where other sites have their feed, and where who was told no address looks for one: /feed, /rss.xml and the like."""
    extension = next((each for each in FEEDS if each in (asked.name or "")), "rss")
    return press.moved(asked, f"/feeds/{press.settings.feeds[0].name}.{extension}")


def _subscription(press: Press, asked: Asked, channel: Channel | None) -> Resource | None:
    """What subscribers poll, or a page of its archive."""
    if channel is None:
        return None
    if not asked.number:
        articles = channels.newest(press.shelf, channel)
        return press.feed(asked, _document(press, channel, articles, links=channels.older(press.shelf, channel, articles)))
    page = channels.page(press.shelf, channel, int(asked.number))
    if page is None:
        return None
    document = _document(press, channel, page.articles, links=page.links)
    return press.feed(asked, replace(document, address=press.absolute(page.place), archive=True), kind="archive")


def news(press: Press, topic: str, since: Told) -> tuple[Resource | None, Told]:
    """What a feed has got after ``since``, as the feed, with at most as many articles: what its subscribers are told next, and how far they have been told then.
    None: nothing so far, or there is no such feed.
    """
    place, _, extension = topic.rpartition(".")
    channel = press.channels.get(place) or _of_heir(press, place)
    if channel is None or extension not in FEEDS:
        return None, Told(press.shelf.revision())
    fresh, told = press.shelf.news(channel.question, since=since, limit=channel.limit)
    return (press.feed(Asked(extension=extension), _document(press, channel, fresh)) if fresh else None), told


def _of_heir(press: Press, place: str) -> Channel | None:
    """Who subscribed at a hub before a university got another id goes on being told, until that lease ends."""
    heir = press.heir(place.removeprefix("/universities/"))
    return press.channels.get(f"/universities/{heir.id}") if heir else None


def changed(press: Press, since: int) -> Sequence[str]:
    """The feeds that have got something since that revision."""
    places = [place for place, channel in press.channels.items() if _has_news(press, channel, Told(since))]
    return [f"{place}.{extension}" for place in places for extension in FEEDS]


def _has_news(press: Press, channel: Channel, since: Told) -> bool:
    last = press.shelf.revision()
    fresh: Sequence[Article] = ()
    while not fresh and since.revision < last:
        fresh, since = press.shelf.news(channel.question, since=since, limit=1)
    return bool(fresh)


def of_stories(press: Press, asked: Asked) -> Resource | None:
    feed = press.channels.get(f"/feeds/{asked.name}")
    if feed is None:
        return None
    found = press.shelf.articles(feed.question, limit=2 * feed.limit)
    articles = stories.one_each(found)[: feed.limit]
    title, told = press.own.say("%(feed)s: stories", feed=feed.title), press.own.say("One item for each story, with all who report it")
    channel = replace(feed, place=f"{feed.place}.stories", title=title, description=told)
    document = replace(_document(press, channel, articles), hub=None)  # what is new in it is not a list of articles
    return press.feed(asked, press.told(document, press.shelf.reports(articles)))


def of_search(press: Press, asked: Asked) -> Resource:
    try:
        articles, older = page_of(press.shelf, press.parsed(asked.q), cursor(asked.before), press.settings.feeds[0].limit)
    except QueryError as error:
        if asked.view:
            return replace(rivers.search(press, asked), kind="view")
        return text(400, f"{error.message} (at character {error.position + 1} of: {asked.q})\n{error.remedy or ''}")
    place = f"/search?{urlencode({'q': asked.q})}"
    title = f"{asked.q} · {press.settings.site.title}"
    channel = Channel(
        place, place, title, press.own.say("Articles that answer: %(question)s", question=asked.q), query.Everything(), len(articles)
    )
    links = {"next": f"{place}&before={written(older)}"} if older else {}
    return press.feed(asked, replace(_document(press, channel, articles, links=links), hub=None))


def opml(press: Press, _asked: Asked) -> Resource:
    title = press.settings.site.title
    document = FeedDocument(title=title, address=press.absolute("/opml"), home=press.absolute("/"), outlines=tuple(_outlines(press)))
    return Resource(render(document, "opml"), f"{FORMATS['opml'].media_type}; charset=utf-8", "data")


def opml_of_sources(press: Press, _asked: Asked) -> Resource:
    readers = {state.source: state.reader for state in press.shelf.states()}
    document = listing(press.settings, readers, answers=not press.still)
    return Resource(render(document, "opml"), f"{FORMATS['opml'].media_type}; charset=utf-8", "data")


def _outlines(press: Press) -> Iterator[Outline]:
    for feed in press.settings.feeds:
        yield Outline(feed.title, press.absolute(f"/feeds/{feed.name}.rss"), home=press.absolute("/"))
    for university in press.publishing:
        place = f"/universities/{university.id}"
        yield Outline(university.name, press.absolute(f"{place}.rss"), home=press.absolute(place), group="Universities")


def _document(press: Press, channel: Channel, articles: Sequence[Article], *, links: Mapping[str, str] = _NO_LINKS) -> FeedDocument:
    used = {article.source for article in articles}
    languages = {article.language for article in articles}
    return FeedDocument(
        title=channel.title,
        address=press.absolute(channel.place),
        home=press.absolute(channel.home),
        description=channel.description,
        hub=press.settings.hub,
        links={relation: press.absolute(place) for relation, place in links.items()},
        language=languages.pop() if len(languages) == 1 else None,
        updated=max((max(article.first_seen, article.updated or article.first_seen) for article in articles), default=None),
        articles=tuple(articles),
        sources={id_: source for id_, source in press.sources.items() if id_ in used},
    )


def stamp(press: Press, address: str) -> str | None:
    """What decides of the document there, for a fraction of its cost: while it is the same, so is the document. None: nothing but the document tells."""
    match = _ARCHIVED.fullmatch(address)
    channel = press.channels.get(match[1]) if match else None
    return f"{press.manner} {channels.stamp(press.shelf, channel, int(match[2]))}" if match and channel else None
