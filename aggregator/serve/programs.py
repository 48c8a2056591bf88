"""What programs ask: the same news as JSON. How it is written stands in ``api``."""

from __future__ import annotations

from urllib.parse import urlencode

from aggregator.errors import QueryError
from aggregator.serve import api
from aggregator.serve.asked import FEEDS, Asked
from aggregator.serve.press import Press
from aggregator.serve.refusals import problem
from aggregator.serve.resource import Resource
from aggregator.serve.shelf import cursor, page_of, written

LISTS = ("feeds", "sources", "universities")
"""What is told whole, so that it can be a file; articles are found by questions, and each stands in a feed as JSON."""


def articles(press: Press, asked: Asked) -> Resource:
    limit = asked.limit or str(api.USUAL)
    before = cursor(asked.before)
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= api.MOST):
        return problem(400, f"limit is no number from 1 to {api.MOST}", remedy="ask for fewer, and follow the address in next for more")
    if asked.before and before is None:
        return problem(400, "before is no place in a list", remedy="follow the address in next")
    try:
        found, older = page_of(press.shelf, press.parsed(asked.q), before, int(limit))
    except QueryError as error:
        return problem(400, error.message, position=error.position, remedy=error.remedy)
    following = {"q": asked.q, "limit": asked.limit, "before": older and written(older)}
    address = f"{api.PLACE}/articles?{urlencode({name: value for name, value in following.items() if value})}"
    return _json(api.articles(found, press.settings.site.url, press.absolute(address) if older else None))


def article(press: Press, asked: Asked) -> Resource:
    found = press.shelf.article(asked.id) if asked.id else None
    return _json(api.article(found, press.settings.site.url)) if found else problem(404, "there is no such article")


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


def _json(told: api.Json) -> Resource:
    return Resource(api.written(told), "application/json", "data")
