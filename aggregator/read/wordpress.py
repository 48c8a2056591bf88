"""Posts of WordPress as its REST interface gives them: ``/wp-json/wp/v2/posts``, with or without ``_embed``.

https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from aggregator.errors import ReadError
from aggregator.model import Attempt, Entry, Page, Reading, Source
from aggregator.text import charset, dates, urls
from aggregator.text.markup import plain

MOST: Final = 500


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """Raises ReadError for anything but an array of posts."""
    try:
        posts = json.loads(charset.decode(page.body, content_type=page.content_type).text, parse_int=_integer)
    except (ValueError, RecursionError) as problem:
        raise ReadError(
            f"{page.url}: not JSON ({type(problem).__name__})",
            remedy="open the address in a browser: the REST interface may be switched off",
        ) from problem
    if isinstance(posts, dict) and "code" in posts:
        raise ReadError(
            f"{page.url}: WordPress refuses: {plain(str(posts.get('message') or posts['code']))[:200]}",
            remedy="take the feed of the site, usually at /feed/",
        )
    found = posts[:MOST] if isinstance(posts, list) else []
    entries = tuple(entry for post in found if isinstance(post, dict) and (entry := _entry(post, page.url, source, now)))
    if not entries:
        raise ReadError(f"{page.url}: JSON, but without posts of WordPress", remedy="the address ends in /wp-json/wp/v2/posts")
    return Reading(entries=entries, reader="wordpress", attempts=(Attempt("wordpress", len(entries), "wp/v2/posts"),))


def _integer(digits: str) -> int | None:
    """Python refuses numbers of more than 4,300 digits; no post has one."""
    return int(digits) if len(digits) < 20 else None


def _entry(post: dict[str, Any], base: str, source: Source, now: datetime) -> Entry | None:
    title, url = plain(_rendered(post, "title")), urls.absolute(base, _string(post.get("link")))
    if not title or not url:
        return None
    published, updated = _moment(post, "date", source, now), _moment(post, "modified", source, now)
    embedded = post.get("_embedded")
    return Entry(
        title=title,
        url=url,
        id=_rendered(post, "guid") or None,
        published=published.when if published else None,
        updated=updated.when if updated else None,
        precision=published.precision if published else None,
        authors=tuple(_people(embedded)),
        summary=_rendered(post, "excerpt") or None,
        content=_rendered(post, "content") or None,
        image=urls.absolute(base, _string(post.get("jetpack_featured_media_url"))) or _picture(embedded, base),
        provenance={"title": "wordpress: title", "url": "wordpress: link"}
        | ({"published": f"wordpress: date {post.get('date')}"} if published else {}),
    )


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    value = value.get("rendered") if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def _moment(post: dict[str, Any], name: str, source: Source, now: datetime) -> dates.Moment | None:
    """``date_gmt`` is UTC without saying so; ``date`` is in the zone of the site."""
    for value, zone in ((_string(post.get(f"{name}_gmt")), "UTC"), (_string(post.get(name)), source.timezone)):
        if value and not value.startswith("0000") and (moment := dates.parse_date(value[:40], now=now.astimezone(UTC), timezone=zone)):
            return moment
    return None


def _people(embedded: object) -> Iterator[str]:
    for author in _list(embedded, "author"):
        name = author.get("name")
        if isinstance(name, str) and plain(name):
            yield plain(name)


def _picture(embedded: object, base: str) -> str | None:
    return next(
        (url for media in _list(embedded, "wp:featuredmedia") if (url := urls.absolute(base, _string(media.get("source_url"))))), None
    )


def _list(embedded: object, name: str) -> list[dict[str, Any]]:
    found = embedded.get(name) if isinstance(embedded, dict) else None
    return [value for value in found[:10] if isinstance(value, dict)] if isinstance(found, list) else []
