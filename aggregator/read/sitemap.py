"""A news sitemap: ``<urlset>`` with ``<news:news>`` in it. An index of sitemaps, and one that names addresses only, are refused with a hint.

https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from aggregator.errors import ReadError
from aggregator.model import Attempt, Entry, Page, Reading, Source
from aggregator.text import dates, urls
from aggregator.text.markup import plain

MOST: Final = 1000
"""As many as Google takes from one news sitemap."""


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """Raises ReadError where there is no news in it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(page.body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise ReadError(f"{page.url}: not XML ({str(problem)[:100]})", remedy="give the address of a feed or of a news page") from problem
    if root is None:
        raise ReadError(f"{page.url}: not XML", remedy="give the address of a feed or of a news page")
    if _name(root) == "sitemapindex":
        named = [url for element in root.iter("{*}loc") if (url := (element.text or "").strip())]
        news = next((url for url in named if "news" in url or "post" in url), named[0] if named else "none")
        raise ReadError(
            f"{page.url}: an index of {len(named)} sitemaps, not a list of news",
            remedy=f"try the sitemap that it names for news: {news[:300]}",
        )
    entries = tuple(_entries(root, page.url, source, now))
    if not entries:
        raise ReadError(
            f"{page.url}: a sitemap of addresses without titles and dates of news", remedy="give the address of a feed or of a news page"
        )
    return Reading(entries=entries, reader="sitemap", attempts=(Attempt("sitemap", len(entries), "news:news"),))


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _entries(root: etree._Element, base: str, source: Source, now: datetime) -> Iterator[Entry]:
    count = 0
    for element in root.iterchildren("{*}url"):
        fields = {
            _name(child): child.text or ""
            for child in element.iter()
            if _name(child) in ("title", "publication_date", "language", "keywords")
        }
        locations = [child.text for child in element.iterchildren("{*}loc")]
        pictures = [child.text for child in element.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc")]
        title, url = plain(fields.get("title")), urls.absolute(base, locations[0] if locations else None)
        if not title or not url:
            continue
        moment = dates.parse_date(fields.get("publication_date", "")[:60], now=now, timezone=source.timezone)
        yield Entry(
            title=title,
            url=url,
            published=moment.when if moment else None,
            precision=moment.precision if moment else None,
            language=fields.get("language", "").strip() or None,
            image=urls.absolute(base, pictures[0]) if pictures else None,
            categories=tuple(word for part in fields.get("keywords", "").split(",")[:20] if (word := part.strip())),
            provenance={"title": "sitemap: news:title", "url": "sitemap: loc"}
            | ({"published": "sitemap: news:publication_date"} if moment else {}),
        )
        count += 1
        if count >= MOST:
            return
