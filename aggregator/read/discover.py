"""What is at this address? Where the news of a site may be: what its page announces, links to, and what its kind of site usually has. Pure: nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import Page
from aggregator.text import links, newswords, rows, urls, wire
from aggregator.text.document import Document, document, is_of_comments
from aggregator.text.sitename import site_name
from aggregator.text.systems import systems

MOST: Final = 20
"""Leads and guesses of each sort: each costs a site a request."""

ENOUGH: Final = 3000
"""Links of one page that are looked at."""

USUAL: Final = (
    "/feed/",
    "/rss.xml",
    "/feed",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/news/feed/",
    "/news/rss.xml",
    "/news/rss",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/feed.json",
)
"""Where sites keep feeds that they do not announce, the most frequent first."""

_FEED_LINK = re.compile(
    r"(?i)(?:^|[/._-])(?:rss|rss2|atom|feed|feeds)(?:[/._-]|$)|\.(?:rss|atom)$|[?&](?:feed|format)=(?:feed|rss|atom)|type=(?:rss|atom)|feeds\.feedburner\.com/"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ENDS = re.compile(r"[\s>»›→▶+·•|/：:.…-]+$|^[\s>»›→▶+·•|/-]+")
_WORDS = {word: language for language, words in newswords.NEWS.items() for word in words.split("|")}
_NAMED = re.compile(
    "|".join(
        rf"\b{re.escape(word)}\b" if word[0].isascii() else re.escape(word)
        for word in sorted(_WORDS, key=len, reverse=True)
        if len(word) > 1
    )
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A link of the page that may lead to news. ``score`` compares leads of one page only; ``reason`` says why in words."""

    url: str
    text: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything absolute, best first, each address once over all three."""

    feeds: tuple[str, ...]
    """Announced by the page or linked as feeds; never of comments."""
    leads: tuple[Lead, ...]
    guesses: tuple[str, ...]
    """Addresses at which a site of this kind may have a feed."""
    system: str | None = None
    """Label of the system that made the page, where it is known."""
    title: str | None = None
    """What the site calls itself."""
    language: str | None = None
    tongues: tuple[str, ...] = ()
    """The same page in other languages, as it says itself: news may be there that are not here."""


def discover(page: Page, *, now: datetime) -> Discovery:
    """Where the news of the site of ``page`` may be. ``now`` tells archives of past years, which bring nothing new. Never raises."""
    parsed = document(page)
    made_by = systems(parsed.root)
    feeds = _feeds(parsed)
    leads = _leads(parsed, now.year, {urls.key(feed) for feed in feeds})
    known = {urls.key(url) for url in feeds}
    wanted = (*(path for system in made_by for path in system.feeds), *USUAL)
    found = dict.fromkeys(url for path in wanted if (url := urls.absolute(parsed.url, path)) and urls.key(url) not in known)
    return Discovery(
        feeds=feeds,
        leads=leads,
        guesses=tuple(found)[:MOST],
        system=made_by[0].label if made_by else None,
        title=site_name(parsed.root, parsed.title),
        language=parsed.language,
        tongues=_tongues(parsed),
    )


def _feeds(parsed: Document) -> tuple[str, ...]:
    """The announced ones first, then links that look like feeds."""
    found = dict.fromkeys(parsed.feeds)
    for element in islice(parsed.root.iter("a"), ENOUGH):
        href = element.get("href") or ""
        if not _FEED_LINK.search(href):
            continue
        url = links.target(element, parsed.base)
        if url and _is_near(url, parsed.url) and not is_of_comments(f"{href} {element.get('title') or ''}"):
            found.setdefault(url)
    return tuple(found)[:MOST]


def _tongues(parsed: Document) -> tuple[str, ...]:
    """The first address of each other language."""
    found: dict[str, str] = {}
    own = (parsed.language or "")[:2].lower()
    for element in islice(parsed.root.iter("link", "a"), ENOUGH):
        url = links.target(element, parsed.base)
        if url is None or not _is_near(url, parsed.url) or urls.key(url) == urls.key(parsed.url):
            continue
        code = (wire.language(element.get("hreflang")) or _tongue(element, url))[:2].lower()
        if code and code != own:
            found.setdefault(code, url)
    return tuple(found.values())[:MOST]


def _tongue(element: HtmlElement, url: str) -> str:
    """Of a link to /ru/ that is called RU or Русский; /it/ and /cs/ may be faculties."""
    path = _FRONT.fullmatch(urlsplit(url).path)
    text = " ".join(" ".join(element.itertext()).split()).casefold()
    named = path is not None and (text == path[1] or _TONGUES.get(text) == path[1] or (path[1] == "cn" and _TONGUES.get(text) == "zh"))
    return (_TONGUES.get(text) or text) if named else ""


_FRONT = re.compile(r"/([a-z]{2})(?:[-_][A-Za-z]{2,4})?(?:/(?:index\.\w+)?)?")
_TONGUES = {
    "english": "en", "русский": "ru", "рус": "ru", "中文": "zh", "简体中文": "zh", "中文版": "zh", "deutsch": "de", "français": "fr", "español": "es",
    "português": "pt", "italiano": "it", "日本語": "ja", "한국어": "ko", "العربية": "ar", "українська": "uk", "қазақша": "kk", "türkçe": "tr",
}  # fmt: skip


def _leads(parsed: Document, year: int, feeds: set[str]) -> tuple[Lead, ...]:
    best: dict[str, Lead] = {}
    here = urls.key(parsed.url)
    for element in islice(parsed.root.iter("a"), ENOUGH):
        url = links.target(element, parsed.base)
        if url is None or (key := urls.key(url)) == here or key in feeds:
            continue
        lead = _lead(element, url, parsed, year)
        if lead and (key not in best or best[key].score < lead.score):
            best[key] = lead
    return tuple(sorted(best.values(), key=lambda lead: -lead.score)[:MOST])


def _lead(element: HtmlElement, url: str, parsed: Document, year: int) -> Lead | None:
    text = " ".join(" ".join(element.itertext()).split()) or element.get("title") or element.get("aria-label") or ""
    score, reasons = 0.0, []
    for points, reason in (_by_text(text), _by_address(url), _by_place(url, parsed.url), _by_year(f"{text} {urlsplit(url).path}", year)):
        score += points
        reasons += [reason] if reason else []
    if not any(char.isalpha() for char in text):
        score -= 3
    if newswords.LESS.search(text):
        score -= 4
    if rows.width(text) > 40:
        score -= 3
    named = bool(_by_text(text)[0] or _by_address(url)[0])
    return Lead(url, text[:200], score, ", ".join(reasons)) if named and score >= 3 else None


def _by_text(text: str) -> tuple[float, str]:
    said = _ENDS.sub("", text).lower()
    if said in _WORDS:
        return (5.0 if not _YEAR.search(said) else 3.0), f"called {said!r}"
    if rows.width(said) <= 40 and _NAMED.search(said):
        return 3.0, f"called {said!r}"
    return 0.0, ""


def _by_address(url: str) -> tuple[float, str]:
    parts = urlsplit(url)
    if parts.hostname and parts.hostname.split(".")[0] in (
        "news",
        "xinwen",
        "xww",
        "press",
        "newsroom",
        "noticias",
        "actu",
        "aktuelles",
        "presse",
    ):
        return 3.0, "a host for news"
    if match := newswords.PATHS.search(parts.path):
        rest = [step for step in parts.path[match.end() :].split("/") if step and not step.startswith("index.")]
        return (
            (0.0, "")
            if rest and (len(rest) > 1 or len(rest[0]) > 20 or any(char.isdigit() for char in rest[0]))
            else (1.0 if rest else 3.0, f"{match[0].strip('/._-')} in the address")
        )
    return 0.0, ""


def _by_place(url: str, page: str) -> tuple[float, str]:
    if _is_near(url, page):
        return 1.0, ""
    return -3.0, "another site"


def _is_near(url: str, page: str) -> bool:
    """The same site: hosts that share what is left of the page's host without its first label, or its last three labels."""
    one, two = (urls.host(address).partition(":")[0].removeprefix("www.") for address in (url, page))
    labels = two.split(".")
    site = (
        ".".join(labels[-3:])
        if len(labels[-1]) == 2 and len(labels) > 3
        else ".".join(labels[-2:])
        if len(labels) < 4
        else ".".join(labels[1:])
    )
    return one in (two, site) or one.endswith(f".{site}")


def _by_year(text: str, year: int) -> tuple[float, str]:
    years = [int(found) for found in _YEAR.findall(text)]
    return (-3.0, "an archive") if years and max(years) < year else (0.0, "")
