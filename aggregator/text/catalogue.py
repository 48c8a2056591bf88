"""Is an undated list a catalogue: of courses, people, departments, rules, papers to download?

Such lists look like news in all but what they are called. So a list in which nothing has a date must be called news by the page, or at least not be called
something else and read like headlines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator.model import Entry
from aggregator.text import links, naming, newswords
from aggregator.text.document import Document
from aggregator.text.rows import HEADINGS, width, words_of

DATED: Final = 0.25
"""A list with this share of dates is news by its dates."""

HEADLINE: Final = 28
"""Mean width of titles from which on a list that nobody named reads like headlines: names are shorter."""

ALIKE: Final = 0.4
"""Share of titles with one first or last word that makes names of them: "Bachelor of …", "Кафедра …", "…学院"."""

_NEWS_CLASSES: Final = frozenset(
    "news newslist newsitem blog press announcement announcements notice notices xinwen xw tzgg tongzhi gonggao noticias actualites actualite aktuelles nachrichten "
    "meldungen novosti haberler duyurular aktualnosci aktuality notizie avvisi berita pengumuman tintuc uutiset nyheter nyheder nieuws posts".split()
)
_CRUMBS: Final = frozenset("breadcrumb breadcrumbs crumb crumbs dqwz weizhi position path location".split())
_SEPARATOR = re.compile(r"\s[-–—|•·:/]\s|[|»›>_«‹]|——|(?<=[\u3040-\u9fff])[-–—:：](?=[\u3040-\u9fff])")
_PAPER = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar)(?:$|[?#])")
_NUMBER = re.compile(r"\d{2}\.\d{2}\.\d{2}\b")
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile("[\u3040-\u9fff]")
_HOST = frozenset("news newsroom xinwen xww press presse noticias actu aktuelles blog blogs media".split())


def is_catalogue(parsed: Document, entries: Sequence[Entry]) -> bool:
    """Whether ``entries``, read from a page, are an undated list of something that is not news."""
    numbered = _are_numbered(entries)
    if not numbered and sum(_is_dated(entry) for entry in entries) >= DATED * len(entries):
        return False
    shared = _shared_path(entries)
    around = _around(parsed, entries)
    if any(_leads_to_news(address) for address in (parsed.url, shared)):
        return False
    names = [*_names(parsed), *(name for element in around for name in _headings_before(element))]
    if any(map(newswords.names_news, names)):
        return False
    if any(newswords.CATALOGUE_PATHS.search(urlsplit(address).path) for address in (parsed.url, shared)) or any(
        map(newswords.names_catalogue, names)
    ):
        return True
    if numbered or sum(bool(_PAPER.search(entry.url or "")) for entry in entries) > len(entries) / 2:
        return True
    called_news = any(words_of(element) & _NEWS_CLASSES for element in around)
    return not called_news and not _like_headlines([entry.title for entry in entries if entry.title])


def _is_dated(entry: Entry) -> bool:
    """Whether an entry shows its date; that a paper was uploaded in some month says nothing of it."""
    return entry.published is not None and not (_PAPER.search(entry.url or "") and "address" in entry.provenance.get("published", ""))


def _are_numbered(entries: Sequence[Entry]) -> bool:
    """Whether what reads like dates are numbers: Russia's fields of study are called 13.03.02 and 38.04.02, and the second is no day."""
    undated = [entry.title or "" for entry in entries if not _is_dated(entry)]
    return len(undated) >= 2 and sum(bool(_NUMBER.match(title)) for title in undated) > len(undated) / 2


def _shared_path(entries: Sequence[Entry]) -> str:
    """The address that the entries stand below, most of them: its last step is whole."""
    folders = Counter((entry.url or "").partition("?")[0].rpartition("/")[0] for entry in entries)
    folder, times = folders.most_common(1)[0]
    if times > len(entries) / 2:
        return folder + "/"
    steps = zip(*((entry.url or "").split("/")[:-1] for entry in entries), strict=False)
    return "".join(f"{level[0]}/" for level in takewhile(lambda level: len(set(level)) == 1, steps))


def _leads_to_news(address: str) -> bool:
    parts = urlsplit(address)
    return (parts.hostname or "").partition(".")[0] in _HOST or bool(newswords.PATHS.search(unquote(parts.path)))


def _names(parsed: Document) -> Iterator[str]:
    """What the page calls itself: the parts of its title, its first headings, the steps of its breadcrumb."""
    title = [part.strip() for part in _SEPARATOR.split((parsed.title or "")[:300])]
    home = urlsplit(parsed.url).path.strip("/").count("/") == 0 and len(title) == 1
    yield from () if home else title
    for heading in islice(parsed.root.iter("h1"), 3):
        yield _text(heading)
    for element in parsed.root.iter("nav", "div", "ul", "ol", "p", "span"):
        if words_of(element) & _CRUMBS and width(said := _text(element)) <= 200:
            yield from (step.strip() for step in _SEPARATOR.split(said)[-2:])


def _around(parsed: Document, entries: Sequence[Entry]) -> list[HtmlElement]:
    """The element that holds most of the entries, and the few around it."""
    wanted = {entry.url for entry in entries if entry.url}
    holders: dict[HtmlElement, set[str]] = {}
    for link in parsed.root.iter("a"):
        url = links.target(link, parsed.base)
        if url in wanted:
            for above in link.iterancestors():
                holders.setdefault(above, set()).add(url)
    full = [element for element, held in holders.items() if len(held) > 0.6 * len(wanted)]
    return sorted(full, key=lambda element: -sum(1 for _ in element.iterancestors()))[:4]


def _headings_before(element: HtmlElement) -> Iterator[str]:
    """The heading of a list: the nearest short text before it, or in it before the rows."""
    for before in islice(element.itersiblings(preceding=True), 2):
        if isinstance(before.tag, str) and 2 <= width(said := _text(before)) <= 60:
            yield said
    first = next((child for child in element if isinstance(child.tag, str)), None)
    if first is not None and first.tag in HEADINGS and first.find(".//a") is None:
        yield _text(first)


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(islice(element.itertext(), 60)).split())[:300]


def _like_headlines(titles: Sequence[str]) -> bool:
    """Whether titles tell what is new, or at least are long enough for it and differ; not so names of one sort of thing."""
    if not titles or naming.name_things(titles):
        return False
    if naming.tell_news(titles):
        return True
    if sum(map(width, titles)) < HEADLINE * len(titles):
        return False
    return len(titles) < 4 or max(_most(map(_first, titles)), _most(map(_last, titles))) < ALIKE * len(titles)


def _most(words: Iterator[str]) -> int:
    return max(Counter(filter(None, words)).values(), default=0)


def _first(title: str) -> str:
    word = _WORD.search(title)
    return word[0].lower() if word and len(word[0]) > 3 and not _WIDE.match(word[0]) else ""


def _last(title: str) -> str:
    words = _WORD.findall(title[-60:])
    if not words:
        return ""
    return words[-1][-2:] if _WIDE.match(words[-1]) else words[-1].lower() if len(words[-1]) > 3 else ""
