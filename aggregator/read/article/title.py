"""The title of an article, without the name of its site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from aggregator.read.article import facts, weigh
from aggregator.read.article.facts import Facts
from aggregator.read.article.lines import Line
from aggregator.text import markup, units, urls

_SEPARATOR = re.compile(r"\s+[-–—|│·•»«:/~]+\s+|\s*[|｜│_]+\s*|\s+::\s+|:\s+|\s*[-–—－]+\s*")
_SPACE = re.compile(r"[\W_]+")
_DATE_FIRST = re.compile(r"^\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\s*[-–|:]\s*")
_HAN_SITE = re.compile(r"[-–—_|][^-–—_|]{0,24}(?:网|報|报|大学|学院|社|台|站|新闻|门户|官网|在线|频道|研究院|研究所|中心|学校)$")
_KICKER = re.compile(
    r"(?<![a-z])(?:kicker|topline|top-line|overline|dachzeile|roofline|roof|eyebrow|pretitle|pre-title|supertitle|catchline|spitzmarke|headline-prefix|subtitle|sub-title|subheading|label|badge|date|time)(?![a-z])"
)
_GENERIC = re.compile(
    r"(?i)(?:news(?:room| ?room| archive| ?details?)?|latest news|home|homepage|start(?:seite)?|aktuell(?:es)?|aktuelle meldungen|nachrichten|meldungen?|fachmeldungen|pressemitteilung(?:en)?|medienmitteilung(?:en)?|presse(?:meldungen|informationen)?|press(?: releases?)?|media|events?"
    r"|blog|article|detail|details?|detailansicht|neuigkeiten|actualités|actualité|noticias|notícias|notizie|новости|новость|新闻|新闻中心|新闻动态|通知公告|通知|公告|学校新闻|综合新闻|正文|首页|详情|.{0,4}(?:新闻|动态|公告|要闻|资讯|快讯|通知)|新闻详情|お知らせ|ニュース|뉴스|공지사항|untitled(?: (?:document|page))?|无标题文档|无标题页|index|welcome|default|main)"
)
_CUT = re.compile(r"\s*(?:…|\.{3})\s*$")
_PART = re.compile(r"\s+[-–—|·•»]\s+|[|｜]")
_WORD = re.compile(r"\w{3,}")
_ALIKE = 0.34
"""The share of the words of a heading that the metadata must have as well, to be taken for other words for the same."""
_MOST_HEADINGS = 30
_LONGEST = 400
"""Of a title stated for machines no more is kept; a longer heading is none."""
_META = "og:title twitter:title dc.title dcterms.title articletitle parsely-title sailthru.title citation_title title".split()


@dataclass(frozen=True, slots=True)
class Title:
    text: str | None
    rule: str | None
    line: int | None = None
    """Where it stands among the lines of the page."""


def find(root: HtmlElement, said: Facts, lines: Sequence[Line], url: str) -> Title:
    """The heading that the document's own title or its metadata repeat; else the metadata; else the document's title up to the site's name.

    A text that names the site or one of its sections is no title of an article, whoever states it.
    """
    shown = _shown(lines)
    sites = _sites(said, url)
    stated = [(text, rule) for text, rule in _stated(said) if not _is_generic(text, sites)]
    headings = [(text, rule) for text, rule in _headings(root) if not _is_generic(text, sites)]
    for text, rule in _choices(headings, stated, said, shown, sites):
        if not _is_generic(text, sites):
            return Title(text, rule, shown.get(fold(text), _only_heading(root, lines)))
    return Title(None, None)


def _choices(
    headings: Sequence[tuple[str, str]], stated: Sequence[tuple[str, str]], said: Facts, shown: dict[str, int], sites: frozenset[str]
) -> Iterator[tuple[str, str]]:
    agreed = [(text, rule) for text, rule in headings if _agrees(text, said.title, stated)]
    exact = {fold(text) for text, _ in stated}
    for text, rule in sorted(agreed, key=lambda pair: fold(pair[0]) not in exact):
        yield _DATE_FIRST.sub("", text), rule
    if (retitled := _retitled(headings, said.title, stated)) is not None:
        yield retitled, "heading h1, worded otherwise in the metadata"
    for text, rule in stated:
        yield _trim(text, shown, sites), rule
    if not stated and (told := _told_by_the_page_alone(headings, said.title)) is not None:
        yield told, "heading h1, the title of the document names the site or is cut off"
    if said.title:
        yield _trim(said.title, shown, sites), "title of the document"
    yield from headings


def _only_heading(root: HtmlElement, lines: Sequence[Line]) -> int | None:
    """The line of the only main heading, which stands over the text where the title is worded otherwise."""
    found = [element for element in islice(root.iter("h1"), _MOST_HEADINGS) if "".join(element.itertext()).strip()]
    return next((number for number, line in enumerate(lines) if line.block is found[0]), None) if len(found) == 1 else None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """For comparing: without case, space and punctuation."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def nearby(lines: Sequence[Line], first: int) -> Title:
    """The line right before the text that can be a title, where nothing else on the page is one. ``first`` is the line where the text begins."""
    for number in range(min(first, len(lines)) - 1, max(-1, first - 7), -1):
        line = lines[number]
        if (
            6 <= len(line.text) <= 200
            and not line.long
            and line.block.tag != "li"
            and not _LABELLED.search(line.text)
            and not line.block.findall(".//a")
        ):
            return Title(line.text, "line before the text", number)
    return Title(None, None)


_LABELLED = re.compile(r"[:：]|^\W*\d|[.。!！]$|(?:19|20)\d\d[-./年]\d")


def _shown(lines: Sequence[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        if len(line.text) < 300:
            found.setdefault(fold(line.text), number)
    return found


def _sites(said: Facts, url: str) -> frozenset[str]:
    """What the site calls itself, folded."""
    host = urls.host(url).partition(":")[0]
    names = [
        said.first("og:site_name", "application-name", "apple-mobile-web-app-title") or "",
        host,
        host.removeprefix("www."),
        *host.split(".")[:-1],
    ]
    return frozenset(folded for name in names if len(folded := fold(name)) > 2)


def _is_generic(text: str, sites: frozenset[str]) -> bool:
    return _GENERIC.fullmatch(text.strip()) is not None or fold(text) in sites or not fold(text)


def _headings(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for tag in ("h1", "h2", "h3"):
        for element in islice(root.iter(tag), _MOST_HEADINGS):
            whole = markup.plain(markup.text_of(element))
            for text in dict.fromkeys((_without_kicker(element, whole), whole)):
                if 2 < len(text) < _LONGEST:
                    yield text, f"heading {tag}"


def _without_kicker(element: HtmlElement, whole: str) -> str:
    """The text of a heading without what is marked as a kicker over the title."""
    for inner in element.iter("span", "small", "div", "p", "strong", "em"):
        if _KICKER.search(weigh.words(inner.get("class"), None)):
            kicker = markup.plain(markup.text_of(inner))
            if kicker and whole.startswith(kicker) and len(kicker) < 0.7 * len(whole):
                whole = whole[len(kicker) :].lstrip(" :–—-|•·")
            elif kicker and whole.endswith(kicker) and len(kicker) < 0.7 * len(whole):
                whole = whole[: -len(kicker)].rstrip(" :–—-|•·")
    return whole


def _agrees(text: str, title: str, stated: Sequence[tuple[str, str]]) -> bool:
    folded = fold(text)
    if len(folded) < 4:
        return False
    wholes = [fold(title), *(fold(value) for value, _ in stated)]
    return any(
        (whole.startswith(folded) and len(folded) > 0.3 * len(whole)) or (folded in whole and len(folded) > 0.5 * len(whole))
        for whole in wholes
    )


def _retitled(headings: Sequence[tuple[str, str]], title: str, stated: Sequence[tuple[str, str]]) -> str | None:
    """The main heading, where the metadata say the same in other words: those are often written for search engines.

    A heading that only adds something to them, a kicker or a date, is left alone.
    """
    wholes = [title, *(text for text, _ in stated)]
    for text, rule in headings:
        if rule != "heading h1":
            continue
        folded = fold(text)
        if any(fold(whole) in folded for whole in wholes) or folded.endswith(fold(_PART.split(title, maxsplit=1)[0])):
            return None
        words = _words(text)
        if any(len(words & _words(whole)) >= _ALIKE * len(words) for whole in wholes):
            return text
    return None


def _told_by_the_page_alone(headings: Sequence[tuple[str, str]], title: str) -> str | None:
    """The only main heading, where the title of the document is the beginning of it, or names an institution and says nothing of what the heading says."""
    mains = list(dict.fromkeys(text for text, rule in headings if rule == "heading h1"))
    if len(mains) != 1 or len(fold(mains[0])) < 8:
        return None
    cut = _CUT.sub("", title)
    begun = cut != title and fold(mains[0]).startswith(fold(cut))
    return mains[0] if begun or (units.is_unit(title) and not _words(title) & _words(mains[0])) else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _stated(said: Facts) -> Iterator[tuple[str, str]]:
    for node in said.articles[:1]:
        if text := facts.text(node.get("headline")):
            yield text, "JSON-LD headline"
    for name in _META:
        if value := said.first(name):
            yield value, f"meta {name}"


def _trim(text: str, shown: dict[str, int], sites: frozenset[str]) -> str:
    """The longest part between separators that the page shows as a line of its own; else what stands before the site's own name."""
    text = text[:_LONGEST]
    cuts = [match for match in _SEPARATOR.finditer(text) if match.start() > 0][:12]
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    parts = sorted(((text[start:end].strip() for start in starts for end in ends if end > start)), key=len, reverse=True)
    for part in parts:
        if len(folded := fold(part)) > max(3, len(fold(text)) // 4) and folded in shown and folded not in sites:
            return part
    for cut in cuts:
        tail = fold(text[cut.end() :])
        if tail and any(tail == site or (len(tail) > 3 and site.startswith(tail)) or tail.startswith(site) for site in sites):
            return text[: cut.start()].strip()
    spaced = [cut for cut in cuts if (cut[0] != cut[0].strip() and ":" not in cut[0]) or "|" in cut[0] or "_" in cut[0] or "｜" in cut[0]]
    if spaced and len(fold(text[spaced[-1].end() :])) <= max(30, len(text) // 3) and len(fold(text[: spaced[-1].start()])) > 3:
        return text[: spaced[-1].start()].strip()
    for _ in range(3):
        text = _HAN_SITE.sub("", text).strip()
    return text
