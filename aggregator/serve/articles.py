"""The pages of one article and of one story: for life."""

from __future__ import annotations

from aggregator.serve.asked import Asked
from aggregator.serve.press import Press
from aggregator.serve.resource import Resource


def article(press: Press, asked: Asked) -> Resource | None:
    found = press.shelf.article(asked.id) if asked.id else None
    if found is None:
        return None
    reports = press.shelf.reports([found]).get(found.id, ())
    return press.page(press.pages.article(press.frame(asked, found.title), found, reports), kind="article")


def story(press: Press, asked: Asked) -> Resource | None:
    told = press.shelf.story(asked.id) if asked.id else ()
    return press.page(press.pages.story(press.frame(asked, told[0].title), told)) if told else None
