"""The published site: the one place that knows its addresses and turns an address into a document. Serving and exporting both ask here.

    /                       the river; older pages at /before/CURSOR
    /feeds                  every feed with its addresses
    /feeds/build            the feed builder: choose, look, copy the address
    /feeds/NAME.EXT         "all", "everything" and the feeds of the configuration; without .EXT, and at /feed, /rss.xml …, what leads there
    /universities/ID        a university's own river, and with .EXT its feed
    …/archive/NUMBER.EXT    the older articles of both, see ``serve.channels``
    /feeds/NAME.stories.EXT the same feed with one item for each story, which names all who report it
    /articles/ID            one article
    /stories/ID             all reports of the story that an article tells, in all languages side by side
    /opml.xml               all feeds, for import into a reader; /opml/sources.xml all sources
    /api/v1/…               the same for programs, see ``serve.api``
    /search?q=              what a query finds, as a page; /search.EXT?q= as a feed. The page also takes from= and language=, as a form sends them
    /status                 for operators
    /healthz /readyz        for their machines: is it well? may it be asked? what has it counted?
    /metrics
    /events                 what happened to the sources and the daemon; with .EXT for a reader
    /static/…               style and icon

EXT is one of the formats in ``publish.FORMATS`` that is a feed. A final slash makes no difference, so that a folder of files serves the same addresses.
What an address takes besides stands in ``asked``; what is answered, in ``rivers``, ``feeds``, ``articles``, ``programs`` and ``operators``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from aggregator.config import Settings
from aggregator.model import Told
from aggregator.serve import api, articles, channels, feeds, operators, programs, rivers
from aggregator.serve.asked import EXTENSION, FEEDS, NUMBER, Asked, is_feed, taken_apart
from aggregator.serve.press import Press
from aggregator.serve.refusals import is_for_people, refusal
from aggregator.serve.resource import Kind, Resource
from aggregator.serve.shelf import Shelf
from aggregator.serve.speech import noted

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "feed.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

_MISSING = (
    noted("Nothing here"),
    noted(
        "There is no page at this address. News that was once published keeps its address for life; perhaps this one was cut short on its way."
    ),
)
_UNAVAILABLE = (
    noted("Back in a moment"),
    noted("The database cannot be asked right now. Nothing is lost: please try again in half a minute."),
)


def _static(_press: Press, asked: Asked) -> Resource | None:
    name = asked.name or ""
    media_type = _STATIC.get(name)
    return Resource((files("aggregator.serve") / "static" / name).read_bytes(), media_type, "static") if media_type else None


def _universities(press: Press, asked: Asked) -> Resource | None:
    """What the addresses of universities make people try. Files cannot say where it is."""
    return None if press.still else press.moved(asked, "/feeds")


def _or_heir(answer: Callable[[Press, Asked], Resource | None]) -> Callable[[Press, Asked], Resource | None]:
    """Where nothing is any more since a university has another id, its new address: for good, so that readers subscribe to that one (RFC 9110 §15.4.2). Files
    cannot say so; there the same stands at both.
    """

    def answered(press: Press, asked: Asked) -> Resource | None:
        heir = None if press.university(asked.name) else press.heir(asked.name)
        if heir is None:
            return answer(press, asked)
        place = asked.place.replace(f"/universities/{asked.name}", f"/universities/{heir.id}", 1)
        return answer(press, asked._replace(name=heir.id, place=place)) if press.still else press.moved(asked, place)

    return answered


_ADDRESSES: tuple[tuple[re.Pattern[str], Callable[[Press, Asked], Resource | None]], ...] = tuple(
    (re.compile(pattern), answer)
    for pattern, answer in (
        (r"(?:/before/(?P<before>[^/]+))?", rivers.river),
        (r"/feeds", rivers.feeds),
        (r"/feeds/build", rivers.builder),
        (r"/(?P<name>(?:feed|rss|atom)(?:\.(?:xml|rss|atom|json))?|index\.(?:xml|rss|atom|json))", feeds.guessed),
        (rf"/feeds/(?P<name>[^/]+)\.stories\.{EXTENSION}", feeds.of_stories),
        (rf"/feeds/(?P<name>[^/]+)\.{EXTENSION}", feeds.named),
        (rf"/feeds/(?P<name>[^/]+)/archive/{NUMBER}\.{EXTENSION}", feeds.named),
        (r"/feeds/(?P<name>[^/]+)", feeds.bare),
        (r"/universities", _universities),
        (rf"/universities/(?P<name>[^/]+)\.{EXTENSION}", _or_heir(feeds.of_university)),
        (rf"/universities/(?P<name>[^/]+)/archive/{NUMBER}\.{EXTENSION}", _or_heir(feeds.of_university)),
        (r"/universities/(?P<name>[^/]+)(?:/before/(?P<before>[^/]+))?", _or_heir(rivers.university)),
        (r"/articles/(?P<name>[^/]+)", articles.article),
        (r"/stories/(?P<name>[^/]+)", articles.story),
        (r"/opml\.xml", feeds.opml),
        (r"/opml/sources\.xml", feeds.opml_of_sources),
        (r"/search", rivers.search),
        (rf"/search\.{EXTENSION}", feeds.of_search),
        (rf"{api.PLACE}/articles", programs.articles),
        (rf"{api.PLACE}/articles/(?P<name>[^/]+)", programs.article),
        (rf"{api.PLACE}/(?P<name>{'|'.join(programs.LISTS)})", programs.lists),
        (r"/api/openapi\.json", programs.openapi),
        (r"/status", operators.status),
        (r"/healthz", operators.healthz),
        (r"/readyz", operators.readyz),
        (rf"/events(?:\.{EXTENSION})?", operators.events),
        (r"/metrics", operators.metrics),
        (r"/static/(?P<name>[^/]+)", _static),
    )
)


@dataclass(frozen=True, eq=False)
class Site:
    """Frozen: a reload makes another one, and each equals only itself. ``health`` tells how the daemon does; its key ``ok`` is the verdict."""

    shelf: Shelf
    settings: Settings
    health: Callable[[], Mapping[str, object]] = dict
    metrics: Callable[[], bytes] | None = None
    """Tells what was counted, for Prometheus; None: nobody counts."""
    still: bool = False
    """Whether it is for files, whose pages offer nothing that needs an answer."""

    def find(self, path: str, asked: Mapping[str, str] | None = None) -> Resource | None:
        """What stands at ``path``, without host and prefix; None where nothing does. ``asked``: its ``parameters``, of which those that are given
        several times are ``choice.joined``; ``lang``, the language that the reader chose; ``accept``, the one that the browser wants; ``view``, which
        shows a feed as a page.

        Raises StoreError; everything else that an address can do wrong is answered.
        """
        for pattern, answer in _ADDRESSES:
            if match := pattern.fullmatch(path.rstrip("/")):
                return answer(self._press, taken_apart(path, asked or {}, match.groupdict(), self._press.own))
        return None

    def missing(self, asked: Mapping[str, str] | None = None, *, path: str = "/") -> Resource:
        """What stands at ``path`` where nothing is found: a page for people; what reads feeds or JSON is told in its own way."""
        asked = asked or {}
        if not is_for_people(path, view="view" in asked):
            return refusal(path, 404, f"There is no such feed; all are at {self.settings.site.url}/feeds/" if is_feed(path) else "")
        return self._message(asked, _MISSING, kind="page", status=404)

    def unavailable(self, asked: Mapping[str, str] | None = None, *, path: str = "/") -> Resource:
        """What is said at ``path`` while the database cannot be asked. Needs no database."""
        asked = asked or {}
        if not is_for_people(path, view="view" in asked):
            return refusal(path, 503)
        return self._message(asked, _UNAVAILABLE, kind="live", status=503)

    def _message(self, asked: Mapping[str, str], words: tuple[str, str], *, kind: Kind, status: int) -> Resource:
        taken = taken_apart("/", asked, {}, self._press.own)
        heading, sentence = (taken.speech.say(each) for each in words)
        return self._press.page(self._press.plain.message(self._press.frame(taken, heading), (heading, sentence)), kind=kind, status=status)

    def desk(self, name: str, asked: Asked, values: Mapping[str, Any]) -> bytes:
        """A page of the operator's desk (``serve.desk``), which is for nobody else, and therefore at no address of this site. Raises StoreError."""
        return operators.desk(self._press, asked, name, values)

    def addresses(self) -> Iterator[str]:
        """Every address whose document can be a file: all but what a question, the clock or the health of sources decides. Those of pages end in a slash.

        Pages of articles are those that some feed or some exported page of a river names.
        """
        yield from ("/feeds/", "/opml.xml", "/opml/sources.xml", *(f"/static/{name}" for name in _STATIC))
        yield from (f"{api.PLACE}/{name}" for name in programs.LISTS)
        shown: dict[str, None] = {}
        told: dict[str, None] = {}
        for channel in self._press.channels.values():
            places = (channel.place, *channels.archive(self.shelf, channel))
            yield from (f"{place}.{extension}" for place in places for extension in FEEDS)
        for feed in self.settings.feeds:
            yield from (f"/feeds/{feed.name}.stories.{extension}" for extension in FEEDS)
            newest = channels.newest(self.shelf, self._press.channels[f"/feeds/{feed.name}"])
            shown.update((article.id, None) for article in newest)
            told |= {article.story: None for article in newest if article.story}
        for name in self._press.heirs:
            yield from (f"/universities/{name}/", *(f"/universities/{name}.{extension}" for extension in FEEDS))
        for address, page in rivers.exported(self._press):
            yield address
            shown.update((article.id, None) for article in page)
            told |= {article.story: None for article in page if article.story}
        for story in told:
            shown.update((article.id, None) for article in self.shelf.story(story))
        yield from (f"/stories/{id_}/" for id_ in told)
        yield from (f"/articles/{id_}/" for id_ in shown)

    def stamp(self, address: str) -> str | None:
        """What decides of the document there, for a fraction of its cost: while it is the same, so is the document. None: nothing but the document tells."""
        return feeds.stamp(self._press, address)

    def news(self, topic: str, since: Told) -> tuple[Resource | None, Told]:
        """What a feed has got after ``since``, as the feed, with at most as many articles: what its subscribers are told next, and how far they have been told
        then. None: nothing so far, or there is no such feed.
        """
        return feeds.news(self._press, topic, since)

    def changed(self, since: int) -> Sequence[str]:
        """The feeds that have got something since that revision."""
        return feeds.changed(self._press, since)

    @cached_property
    def topics(self) -> Sequence[str]:
        """The feeds that can be subscribed to at a hub."""
        return tuple(f"{place}.{extension}" for place in self._press.channels for extension in FEEDS)

    @cached_property
    def _press(self) -> Press:
        return Press(self.shelf, self.settings, self.health, self.metrics, self.still)
