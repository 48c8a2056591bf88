"""What programs ask: the same news as JSON. How it is written stands in ``api``."""

from __future__ import annotations

from urllib.parse import urlencode

from aggregator.errors import QueryError
from aggregator.serve import api
from aggregator.serve.asked import FEEDS, Asked
from aggregator.serve.press import Press
from aggregator.serve.resource import Resource
from aggregator.serve.shelf import cursor, page_of, written

LISTS = ("feeds", "sources", "universities")
"""What is told whole, so that it can be a file; articles are found by questions, and each stands in a feed as JSON."""


def articles(press: Press, asked: Asked) -> Resource:
    limit = asked.limit or str(api.USUAL)
    before = cursor(asked.before)
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= api.MOST):
        return _json(
            api.problem(f"limit is no number from 1 to {api.MOST}", remedy="ask for fewer, and follow the address in next for more"),
            status=400,
        )
    if asked.before and before is None:
        return _json(api.problem("before is no place in a list", remedy="follow the address in next"), status=400)
    try:
        found, older = page_of(press.shelf, press.parsed(asked.q), before, int(limit))
    except QueryError as error:
        return _json(api.problem(error.message, position=error.position, remedy=error.remedy), status=400)
    following = {"q": asked.q, "limit": asked.limit, "before": older and written(older)}
    address = f"{api.PLACE}/articles?{urlencode({name: value for name, value in following.items() if value})}"
    return _json(api.articles(found, press.settings.site.url, press.absolute(address) if older else None))


def article(press: Press, asked: Asked) -> Resource:
    found = press.shelf.article(asked.id) if asked.id else None
    return _json(api.article(found, press.settings.site.url)) if found else _json(api.problem("there is no such article"), status=404)


def lists(press: Press, asked: Asked) -> Resource:
    settings, site = press.settings, press.settings.site.url
    if asked.name == "sources":
        told = [api.source(each) for each in settings.sources.values()]
    elif asked.name == "universities":
        told = [api.university(each, site, tuple(FEEDS)) for each in press.publishing]
    else:
        told = [api.feed(each.name, each.title, each.where, site, tuple(FEEDS)) for each in settings.feeds]
    return _json({asked.name or "": told})


def openapi(press: Press, _asked: Asked) -> Resource:
    return _json(api.description(press.settings.site.title, press.settings.site.url))


def _json(told: api.Json, *, status: int = 200) -> Resource:
    return Resource(api.written(told), "application/json", "data", status)
