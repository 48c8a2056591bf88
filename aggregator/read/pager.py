"""Where does a list go on? The address of the next, older page of a list or feed. Pure; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from aggregator.model import Page
from aggregator.text import charset, links, markup, urls
from aggregator.text.document import Document, document
from aggregator.text.phrases import MORE

NEXT: Final = (
    "下一页|下页|下一頁|下頁|后一页|次へ|次のページ|次ページ|次の一覧|다음|다음페이지|다음 페이지|next|next page|older|older posts|older entries|older news|"
    "следующая|следующая страница|вперёд|вперед|далее|дальше|наступна|далі|weiter|nächste|nächste seite|suivant|suivante|page suivante|siguiente|"
    "página siguiente|próxima|próxima página|próximo|seguinte|seguint|successiva|successivo|avanti|pagina successiva|volgende|volgende pagina|następna|"
    "następna strona|dalej|další|další strana|nasledujúca|ďalšia|ďalšia strana|následující|következő|înainte|următoarea|sonraki|ileri|i̇leri|επόμενη|επόμενο|التالي|التالية|بعدی|"
    "הבא|अगला|ถัดไป|หน้าถัดไป|trang sau|tiếp theo|berikutnya|selanjutnya|seterusnya|nästa|nästa sida|neste|neste side|næste|næste side|"
    "seuraava|seuraava sivu|järgmine|nākamā|kitas|следваща|sljedeća|sledeća|naslednja|tjetra|"
    "след|наст|suiv|sig|siguientes|suivants|nächster|następne|sonraki sayfa|다음 페이지로|다음으로|trang kế|tiếp|"
    "較舊文章|较旧文章|旧文章|较早的文章|過去の投稿|以前の投稿|過去の記事|предыдущие записи|старые записи|старіші записи|попередні записи|ältere|ältere beiträge|ältere meldungen|ältere artikel|"
    "articles plus anciens|entradas anteriores|entradas antiguas|entradas más antiguas|entrades més antigues|posts mais antigos|mais antigos|postagens mais antigas|"
    "articoli meno recenti|articoli più vecchi|articoli precedenti|articole mai vechi|oudere berichten|starsze wpisy|starší příspěvky|staršie príspevky|régebbi bejegyzések|"
    "äldre inlägg|eldre innlegg|ældre indlæg|vanhemmat artikkelit|daha eski yazılar|eski yazılar|παλαιότερα άρθρα|مقالات أقدم|المقالات الأقدم|פוסטים ישנים יותר|lebih lama|pos-pos lama|bài viết cũ hơn|เรื่องเก่ากว่า"
)
"""What the link to the next page is called, in the languages of the world's universities."""

_WORDS: Final = frozenset(NEXT.split("|"))
_AMBIGUOUS: Final = frozenset(word for word in _WORDS if MORE.fullmatch(word))
_ARROWS: Final = frozenset({">", "›", "»", ">>", "→", "▶", "❯", "⟩", "chevron_right", "navigate_next", "keyboard_arrow_right"})
_TRIM = re.compile(r"^[\s<‹«←\[(:|]+|[\s>›»→▶❯\])…:|.]+$")
_PAGER = re.compile(r"(?i)pag(?:er|ing|inat|e-?num|e-?nav|es?\b|ination)|pb_sys|wp_paging|nav-links|seiten|стран|p_pages|fanye")
_CURRENT = re.compile(r"(?i)\b(?:current|active|on|cur|selected|curr|thispage|p_no_d|now)\b")
_LAST = 5_000
"""Links that are looked at."""
_FEED_NEXT = re.compile(r"<(?:\w+:)?link\b[^>]{0,500}\brel=[\"'](?:next|prev-archive)[\"'][^>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)


def next_page(page: Page) -> str | None:
    """The page that holds what is older than ``page``; None where it does not say.

    Feeds say it with ``rel="next"`` (RFC 5005 §3) or ``rel="prev-archive"`` (§4), pages with ``rel="next"``, a link of that name, an arrow in a pager, or
    the number after the one that is marked as current. Never another site's address, and never its own.
    """
    head = page.body[:400].lstrip().lower()
    if b"<html" not in page.body[:4096].lower() and (head.startswith(b"<?xml") or b"<rss" in head or b"<feed" in head):
        return _of_feed(page)
    return next(_candidates(document(page)), None)


def next_part(page: Page, first: str) -> str | None:
    """The page on which the article at ``first`` goes on, as seen from the part on ``page``; None where it ends, or does not go on at all.

    What leads to the next article, and what leads to the next part, often has the same name: a part has the address of the first one and a number.
    """
    return next((found for found in _candidates(document(page)) if _continues(first, found)), None)


_PART = re.compile(r"(?:[_-]|/|/page/|/p)(?:[2-9]|[1-9][0-9])/?")
_PART_QUERY = re.compile(r"(?i)(?:^|&)(?:page|p|pg|pn|seite|page_no|pageno|currentpage)=(?:[2-9]|[1-9][0-9])(?=&|$)")


def _continues(first: str, found: str) -> bool:
    here, there = urlsplit(first), urlsplit(found)
    if here.query != there.query:
        return here.path == there.path and _PART_QUERY.sub("", there.query).strip("&") == here.query
    stem, dot, ending = here.path.rstrip("/").rpartition(".")
    if not dot or "/" in ending:
        stem, ending = here.path.rstrip("/"), ""
    rest = there.path.removeprefix(stem)
    return rest != there.path and rest.endswith(ending) and bool(_PART.fullmatch(rest.removesuffix(f".{ending}") if ending else rest))


def _candidates(parsed: Document) -> Iterator[str]:
    """The surest first."""
    for find in (_declared, _named, _numbered, _alone):
        if (found := find(parsed)) is not None:
            yield found


def _of_feed(page: Page) -> str | None:
    text = charset.decode(page.body[:200_000], content_type=page.content_type).text
    for link in _FEED_NEXT.finditer(text):
        if (href := _HREF.search(link[0])) and (found := urls.absolute(page.url, markup.plain(href[1]))):
            return _elsewhere(found, page.url)
    return None


def _declared(parsed: Document) -> str | None:
    for element in parsed.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and (found := _to(element, parsed)):
            return found
    return None


def _named(parsed: Document) -> str | None:
    """The link called "next". An arrow counts in a pager only, and so does a word with which rows lead to their own articles (weiter, далее)."""
    arrow: str | None = None
    for element in islice(parsed.root.iter("a"), _LAST):
        said = _said(element)
        if said & _WORDS and not (said & _AMBIGUOUS and not _in_pager(element)) and (found := _to(element, parsed)):
            return found
        if arrow is None and said & _ARROWS and _in_pager(element):
            arrow = _to(element, parsed)
    return arrow


def _alone(parsed: Document) -> str | None:
    """The only link that is called so, where the word may also mean "read more"."""
    found = {url for element in islice(parsed.root.iter("a"), _LAST) if _said(element) & _AMBIGUOUS and (url := _to(element, parsed))}
    return found.pop() if len(found) == 1 else None


def _said(element: HtmlElement) -> set[str]:
    texts = (markup.plain(element.text_content()), element.get("title") or "", element.get("aria-label") or "")
    short = {text.strip().lower() for text in texts if 0 < len(text) <= 30}
    return short | {_TRIM.sub("", text) for text in short}


def _numbered(parsed: Document) -> str | None:
    """In a pager the number that follows the current one, where the current one is marked or is no link."""
    for pager in islice((each for each in parsed.root.iter(etree.Element) if _is_pager(each)), 20):
        linked = {
            int(text): found
            for a in pager.iter("a")
            if (text := markup.plain(a.text_content())).isdecimal() and len(text) < 5 and (found := _to(a, parsed))
        }
        current = _current(pager)
        if len(linked) >= 1 and current is not None and current + 1 in linked:
            return linked[current + 1]
    return None


def _current(pager: HtmlElement) -> int | None:
    for element in pager.iter("a", "span", "strong", "b", "em", "li", "font", "i", "td"):
        text = markup.plain(element.text_content())
        if text.isdecimal() and len(text) < 5:
            marked = (
                element.get("aria-current") or _CURRENT.search(element.get("class") or "") or element.tag in ("strong", "b", "em", "font")
            )
            if marked or (element.tag == "span" and element.find(".//a") is None and element.getparent().tag != "a"):  # type: ignore[union-attr]
                return int(text)
    return None


def _is_pager(element: HtmlElement) -> bool:
    return bool(_PAGER.search(f"{element.get('class') or ''} {element.get('id') or ''}")) or (
        element.get("role") == "navigation" and len(element) < 40
    )


def _in_pager(element: HtmlElement) -> bool:
    return any(_is_pager(parent) for parent in islice(element.iterancestors(), 5))


def _to(element: HtmlElement, parsed: Document) -> str | None:
    found = urls.absolute(parsed.base, element.get("href")) if element.tag == "link" else links.target(element, parsed.base)
    return _elsewhere(found, parsed.url) if found else None


def _elsewhere(found: str, here: str) -> str | None:
    """On the same site, and not this page again."""
    same = urlsplit(found).hostname == urlsplit(here).hostname
    return found if same and urls.key(found) != urls.key(here) else None
