"""How we introduce ourselves: truthfully, with an address to complain to (RFC 9110 §10.1.5)."""

from __future__ import annotations

from urllib.parse import quote

from aggregator import __version__

PRODUCT = "university-news-aggregator"
"""Our name in robots.txt (RFC 9309 §2.2.1)."""

PROJECT = "https://github.com/university-news/aggregator"


def user_agent(contact: str | None) -> str:
    """``contact`` is an address a site's owner can use: a URL or ``mailto:``; None: the project's page."""
    return f"{PRODUCT}/{__version__} (+{quote(contact or PROJECT, safe='/:?&=@%+,;~#!$*')})"
