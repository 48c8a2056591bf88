"""Pages of well-known systems: where each writes its rows, as rows of data.

A preset names rows and, where the system does, the elements of a row; how a row becomes an entry is the same for all (``text/rows``). A preset applies where
its mark stands in the page, whoever made the theme. Not here: rules for single sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, cast

from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.model import Attempt, Page, Reading, Source
from aggregator.text import css, links, rows
from aggregator.text.document import Document, document
from aggregator.text.systems import systems


@dataclass(frozen=True, slots=True)
class Rows:
    """CSS selectors as in ``text/css``; all but ``items`` look inside one row. None: found by the look of the row."""

    items: str
    title: str | None = None
    date: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    system: str
    """Name of the system in ``text/systems``."""
    rows: tuple[Rows, ...]
    """The first that finds two rows is taken."""


PRESETS: Final = (
    Preset(
        "webplus",
        (
            Rows("ul.wp_article_list > li", ".Article_Title", ".Article_PublishDate"),
            Rows("table.wp_article_list_table li", "a"),
            Rows("table.wp_article_list_table tr", "a", ".Article_PublishDate, .date"),
            Rows("ul.news_list > li.news", ".news_title", ".news_meta", ".news_text"),
            Rows("ul.cols_list > li.cols", ".cols_title", ".cols_meta", ".cols_text"),
            Rows("div[portletmode=simpleList] ul > li"),
        ),
    ),
    Preset(
        "vsb",
        (
            Rows("li[id^=line_u]"),
            Rows("tr[id^=line_u]"),
            Rows("div[id^=line_u]"),
            Rows("dl[id^=line_u]"),
            Rows("a[id^=line_u]"),
            Rows("table[class^=winstyle] tr[height]", "a"),
        ),
    ),
    Preset(
        "wordpress",
        (
            Rows("main article[id^=post-]", ".entry-title, h2, h3", "time, .entry-date, .posted-on, .published", ".entry-summary"),
            Rows("article[id^=post-]", ".entry-title, h2, h3", "time, .entry-date, .posted-on, .published", ".entry-summary"),
            Rows("div[id^=post-].post", ".entry-title, h2, h3", "time, .entry-date, .posted-on, .published, .date", ".entry-summary"),
            Rows("li.wp-block-post", ".wp-block-post-title", "time, .wp-block-post-date", ".wp-block-post-excerpt"),
            Rows("ul.wp-block-latest-posts > li", ".wp-block-latest-posts__post-title, a", "time"),
        ),
    ),
    Preset(
        "drupal",
        (
            Rows("main article[class*=node--type-]", ".node__title, h2, h3", "time"),
            Rows(
                ".view-content .views-row",
                ".views-field-title, .node__title, h2, h3",
                ".views-field-created, .date-display-single, time, .views-field-field-date",
            ),
            Rows(".view-content tbody tr", ".views-field-title", ".views-field-created, .date-display-single, time"),
        ),
    ),
    Preset(
        "typo3",
        (
            Rows(".news-list-view .article", "[itemprop=headline], h2, h3, h4", ".news-list-date, time", ".teaser-text"),
            Rows(".news-list-view .news-list-item", "h2, h3, h4", ".news-list-date, time"),
            Rows(".news-latest-container .news-latest-item", "h2, h3, h4", ".news-latest-date, time"),
            Rows(".tx-ttnews .news-list-item", "h2, h3, h4", ".news-list-date"),
        ),
    ),
    Preset(
        "plone",
        (
            Rows("#content-core article.entry", "h2, .summary", ".documentPublished, .documentByLine", ".description"),
            Rows("#content-core .tileItem", ".tileHeadline", ".documentPublished, .documentByLine, .summary-view-icon", ".tileBody"),
        ),
    ),
    Preset(
        "bitrix",
        (
            Rows(".news-list .news-item", "b, .news-item-title, .news-title, a", ".news-date-time, .news-date"),
            Rows("[id^=bx_][class*=news]", None, "[class*=date]"),
            Rows("[id^=bx_][class*=item]", None, "[class*=date]"),
        ),
    ),
    Preset(
        "liferay",
        (Rows(".asset-abstract", ".asset-title", ".metadata-publish-date, .asset-date, time", ".asset-summary"),),
    ),
    Preset(
        "joomla",
        (
            Rows("table.category tbody tr", ".list-title", ".list-date"),
            Rows(".blog .blog-item", "h2, .item-title", "time", None),
            Rows(".blog .items-row .item", "h2, .item-title", "time", None),
            Rows("#itemListPrimary .itemContainer, .itemList .itemContainer", ".catItemTitle", ".catItemDateCreated", ".catItemIntroText"),
        ),
    ),
    Preset(
        "contao",
        (
            Rows(".mod_newslist div[class*=layout_]", "h2, h3, h4", "time, .date, .info", ".teaser"),
            Rows(".mod_newsarchive div[class*=layout_]", "h2, h3, h4", "time, .date, .info", ".teaser"),
        ),
    ),
    Preset(
        "rpage",
        (Rows(".d-item.d-title", ".mtitle", ".mdate"), Rows(".listBS .d-item", ".mtitle", ".mdate")),
    ),
    Preset(
        "k2web",
        (
            Rows("tr", "._artclTdTitle", "._artclTdRdate"),
            Rows("ul.artclList > li", ".artclTitle", "dd"),
            Rows("tr", ".artclLinkView", ".td-date"),
        ),
    ),
    Preset(
        "gnuboard",
        (
            Rows("#bo_list tbody tr", ".td_subject", ".td_datetime"),
            Rows("#bo_list li.bo_li, .bo_list li", ".bo_tit, .bo_subject", ".bo_date, .datetime"),
            Rows("table.bd_lst tbody tr", "td.title", "td.time"),
        ),
    ),
    Preset(
        "sitefinity",
        (Rows("ul.sfnewsList > li, li.sfnewsListItem", ".sfnewsTitle", ".sfnewsDate, .sfnewsMetaInfo", ".sfnewsSummary"),),
    ),
    Preset(
        "easydnn",
        (
            Rows(
                ".edn_article, article.edn__article",
                ".edn_articleTitle, h2, h3",
                "time, .edn_date, .edn_publishDate",
                ".edn_articleSummary",
            ),
        ),
    ),
    Preset(
        "blogger",
        (Rows(".post-outer, .blog-posts .post", ".post-title", "time, .published, .date-header"),),
    ),
    Preset(
        "ghost",
        (Rows("article.post-card, .post-feed article", ".post-card-title, h2", "time", ".post-card-excerpt"),),
    ),
)


_REMEDY: Final = "take the kind detect, or name the rows with `items:` (a CSS selector)"


def read(page: Page, source: Source, *, now: datetime) -> Reading:
    """The news of a page made by a system that is known. Raises ReadError where it is not, or has no list of news on this page."""
    return read_document(document(page), source, now=now)


def read_document(parsed: Document, source: Source, *, now: datetime) -> Reading:
    """``read`` for a page that is parsed already."""
    found = search(parsed, source, now=now)
    entries = found.entries()
    if len(entries) < 2:
        raise ReadError(f"{parsed.url}: {found.attempts[0].reason}, but without titles", remedy=_REMEDY)
    return parsed.reading(entries, found.reader, *found.attempts)


def search(parsed: Document, source: Source, *, now: datetime) -> rows.Found:
    """The list of the first preset that applies, its entries not made yet. Raises ReadError where there is none."""
    known = {system.name: system.label for system in systems(parsed.root)}
    clock = rows.Clock(now, source.timezone, source.language or parsed.language)
    for preset in PRESETS:
        for selected in preset.rows if preset.system in known else ():
            taken = list(_rows(parsed, selected))
            addresses = tuple(dict.fromkeys(row.url for row in taken))
            if len(addresses) > 1:
                reader = f"cms:{preset.system}"
                attempt = Attempt(reader, len(addresses), f"{known[preset.system]}: rows {selected.items}")
                return rows.Found(reader, addresses, (attempt,), partial(rows.entries, taken, clock=clock, base=parsed.base, reader=reader))
    names = ", ".join(known.values())
    raise ReadError(
        f"{parsed.url}: {f'a page of {names}, but without the list of news that it writes' if names else 'made by no system that is known'}",
        remedy=_REMEDY,
    )


def _rows(parsed: Document, selected: Rows) -> Iterator[rows.Row]:
    """Where the system marks titles, an element without one is no row."""
    for element in _find(parsed.root, selected.items)[: rows.LONGEST]:
        title = _first(element, selected.title)
        if selected.title and title is None:
            continue
        link = _link(element, title, parsed.base)
        if link is not None:
            yield rows.Row(
                (element,), link[0], link[1], title=title, date=_first(element, selected.date), summary=_first(element, selected.summary)
            )


def _find(element: HtmlElement, selector: str) -> Sequence[HtmlElement]:
    return cast("list[HtmlElement]", css.compiled(selector)(element))


def _first(element: HtmlElement, selector: str | None) -> HtmlElement | None:
    if selector is None:
        return None
    return next(iter(_find(element, selector)), None)


def _link(row: HtmlElement, title: HtmlElement | None, base: str) -> tuple[HtmlElement, str] | None:
    """The link of the title: in it, around it, or else the one in the row that is a heading or has most text."""
    if title is not None:
        for element in (*title.iter("a"), *title.iterancestors("a")):
            if url := links.target(element, base):
                return element, url
    best: tuple[HtmlElement, str] | None = None
    most = (False, -1)
    for element in row.iter("a"):
        url = links.target(element, base)
        says = (_is_heading(element), len(" ".join(element.itertext()).strip()))
        if url and says > most:
            best, most = (element, url), says
    return best


def _is_heading(link: HtmlElement) -> bool:
    above = link.getparent()
    return (above is not None and above.tag in rows.HEADINGS) or any(child.tag in rows.HEADINGS for child in link)
