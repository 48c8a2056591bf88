"""A page of HTML, decoded and parsed once, with what it says about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from aggregator.model import Attempt, Entry, Page, Reading
from aggregator.text import charset, markup, urls

FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "text/rss+xml",
    }
)
"""``type`` of a ``<link rel="alternate">`` that announces a feed. ``application/json`` and ``text/xml`` announce other things more often than feeds."""

_COMMENTS = re.compile(
    r"comment|kommentar|комментар|коментар|коментир|评论|評論|コメント|댓글|comentario|comentário|commenti\b|commentaire|reacties|yorum|komentář|komentarz|hozzászólás|σχόλια|تعليق|תגובות|bình luận|ความคิดเห็น",
    re.IGNORECASE,
)
_NARROW = re.compile(r"(?i)/(?:tag|tags|author|category|search|calendar|ical|events?)/|[?&](?:s|tag|cat|author)=")


@dataclass(frozen=True, slots=True)
class Document:
    """``root`` is shared by all that read the page: nobody changes it."""

    url: str
    base: str
    """Against which its links are resolved: ``<base href>`` or its own address."""
    root: HtmlElement
    title: str | None
    description: str | None
    language: str | None
    feeds: tuple[str, ...]
    """Announced feeds, absolute, best first; never one of comments."""

    def reading(self, entries: tuple[Entry, ...], reader: str, *attempts: Attempt) -> Reading:
        """What ``reader`` made of this page, with what the page says about itself."""
        return Reading(
            entries=entries,
            reader=reader,
            title=self.title,
            link=self.url,
            description=self.description,
            language=self.language,
            feeds=self.feeds,
            attempts=attempts,
        )


def document(page: Page) -> Document:
    """Decode and parse. Never raises: what is no HTML is a document without links."""
    return describe(page.url, markup.tree(charset.decode(page.body, content_type=page.content_type).text))


def describe(url: str, root: HtmlElement) -> Document:
    """What a parsed page says about itself."""
    base = _base(root, url)
    return Document(
        url=url,
        base=base,
        root=root,
        title=markup.plain(root.findtext(".//title")) or _meta(root, "og:title"),
        description=_meta(root, "description") or _meta(root, "og:description"),
        language=_language(root),
        feeds=_feeds(root, base),
    )


def _base(root: HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        href = element.get("href")
        if href:
            return urls.absolute(url, href) or url
    return url


def _meta(root: HtmlElement, name: str) -> str | None:
    for element in root.iter("meta"):
        if (element.get("name") or element.get("property") or "").lower() == name:
            return markup.plain(element.get("content")) or None
    return None


def _language(root: HtmlElement) -> str | None:
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or _meta(root, "content-language") or ""
    match = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", declared.strip())
    return match[0].replace("_", "-") if match else None


def _feeds(root: HtmlElement, base: str) -> tuple[str, ...]:
    found: dict[str, int] = {}
    for element in root.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        href = element.get("href")
        if "alternate" not in rel or kind not in FEED_TYPES or not href:
            continue
        url = urls.absolute(base, href)
        said = f"{element.get('title') or ''} {href}"
        if url and url not in found and not is_of_comments(said):
            found[url] = (4 if _NARROW.search(href) else 0) + (1 if "oembed" in href else 0)
    return tuple(sorted(found, key=lambda url: found[url]))


def is_of_comments(said: str) -> bool:
    """Whether a feed's title or address says that it holds the comments of readers."""
    return bool(_COMMENTS.search(said))
