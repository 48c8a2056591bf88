"""One article page → one Entry: title, byline, date, text, images, attachments. Pure.

    Page ─▶ tree ─▶ facts (what the head says) ┐
                 └▶ body (where the text is)   ┴▶ title, byline, moment, media ─▶ Entry

It is no reader of lists: a page without an article is refused, not searched for links.
"""

from __future__ import annotations

from datetime import datetime

from aggregator.errors import ReadError
from aggregator.model import Entry, Page, Source
from aggregator.read.article.compose import compose

__all__ = ["extract"]


def extract(page: Page, source: Source, *, now: datetime) -> Entry:
    """The article on ``page``: ``content`` is clean HTML with absolute addresses, ``text`` the same as plain paragraphs.

    ``source.article`` is a CSS selector of the text; without it the text is found by its marks or its density. ``now`` serves only to complete dates.
    Raises ReadError, and nothing else, where the page holds no article: the message says what it looks like, and what to try.
    """
    try:
        return compose(page, source, now=now)
    except (RecursionError, MemoryError) as problem:
        raise ReadError(f"{page.url}: too deeply nested or too large to read ({type(problem).__name__})") from problem
    except ValueError as problem:  # what parsers say of names and addresses that are none
        raise ReadError(f"{page.url}: not well-formed enough to be read ({problem})") from problem
