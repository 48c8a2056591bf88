from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import cms
from aggregator.text import css
from aggregator.text.systems import SYSTEMS

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)

PAGES = {
    "webplus": (
        '<link href="/_css/_system/system.css">',
        '<ul class="wp_article_list">{}</ul>',
        '<li class="list_item i{0}"><div class="fields"><span class="Article_Title"><a href="/2024/0920/c1a{0}/page.htm">{1}</a></span><span class="Article_PublishDate">2024-09-2{0}</span></div></li>',
    ),
    "vsb": (
        '<script src="/system/resource/js/vsb.js"></script>',
        "<ul>{}</ul>",
        '<li id="line_u5_{0}"><a href="info/1001/{0}.htm">{1}</a><span class="timestyle55">2024-09-2{0}</span></li>',
    ),
    "wordpress": (
        '<meta name="generator" content="WordPress 6.5">',
        "<main>{}</main>",
        '<article id="post-{0}" class="post"><h2 class="entry-title"><a href="/{0}-x/">{1}</a></h2><time class="entry-date" datetime="2024-09-2{0}T09:00:00+00:00">then</time></article>',
    ),
    "drupal": (
        '<meta name="Generator" content="Drupal 10">',
        '<div class="view-content">{}</div>',
        '<div class="views-row"><div class="views-field-title"><span><a href="/news/x{0}">{1}</a></span></div><div class="views-field-created">2024-09-2{0}</div></div>',
    ),
    "typo3": (
        '<link href="/typo3temp/assets/a.css">',
        '<div class="news-list-view">{}</div>',
        '<div class="article"><h3><a href="/aktuelles/{0}">{1}</a></h3><span class="news-list-date"><time datetime="2024-09-2{0}">2{0}.09.2024</time></span><div class="teaser-text">Kurz.</div><a href="/aktuelles/{0}">Weiterlesen</a></div>',
    ),
    "plone": (
        '<meta name="generator" content="Plone - https://plone.org">',
        '<div id="content-core">{}</div>',
        '<article class="entry"><h2><span class="summary"><a href="/news/n{0}">{1}</a></span></h2><div class="documentByLine">2024-09-2{0}</div></article>',
    ),
    "bitrix": (
        '<script src="/bitrix/js/main/core.js"></script>',
        '<div class="news-list">{}</div>',
        '<p class="news-item"><span class="news-date-time">2{0}.09.2024</span> <a href="/news/{0}/"><b>{1}</b></a></p>',
    ),
    "joomla": (
        '<meta name="generator" content="Joomla! - Open Source Content Management">',
        '<table class="category"><tbody>{}</tbody></table>',
        '<tr class="cat-list-row0"><td class="list-title"><a href="/index.php/news/{0}-x">{1}</a></td><td class="list-date">2024-09-2{0}</td></tr>',
    ),
    "rpage": (
        '<img src="/var/file/0/1000/img/1.png">',
        '<div class="row listBS">{}</div>',
        '<div class="d-item d-title"><div class="mtitle"><i class="mdate before">2024-09-2{0}</i><a href="/p/406-1000-{0},r1.php">{1}</a></div></div>',
    ),
    "gnuboard": (
        '<script>var g5_url = "/";</script><script src="/js/a.js?g5_url"></script>',
        '<div id="bo_list"><table><tbody>{}</tbody></table></div>',
        '<tr><td class="td_subject"><a href="/bbs/board.php?bo_table=news&amp;wr_id={0}">{1}</a></td><td class="td_datetime">2024-09-2{0}</td></tr>',
    ),
}


@pytest.mark.parametrize("system", PAGES)
def test_a_page_of_a_known_system(system):
    head, around, row = PAGES[system]
    rows = "".join(row.format(number, f"Bridge {number} of recycled timber") for number in (5, 4, 3, 2))
    page = Page(
        "https://north.example.edu/news/", f"<html><head>{head}</head><body>{around.format(rows)}</body></html>".encode(), "text/html"
    )

    reading = cms.read(page, Source("north/news", page.url), now=NOW)

    assert reading.reader == f"cms:{system}"
    assert [entry.title for entry in reading.entries] == [f"Bridge {number} of recycled timber" for number in (5, 4, 3, 2)]
    assert [entry.published and entry.published.day for entry in reading.entries] == [25, 24, 23, 22]


def test_a_page_of_no_known_system_is_refused():
    page = Page("https://north.example.edu/news/", b"<html><body><p>By hand</p></body></html>", "text/html")

    with pytest.raises(ReadError, match="no system that is known"):
        cms.read(page, Source("north/news", page.url), now=NOW)


def test_every_preset_belongs_to_a_system():
    assert {preset.system for preset in cms.PRESETS} <= {system.name for system in SYSTEMS}


@pytest.mark.parametrize(
    "selector",
    sorted(
        {
            selector
            for preset in cms.PRESETS
            for rows in preset.rows
            for selector in (rows.items, rows.title, rows.date, rows.summary)
            if selector
        }
    ),
)
def test_every_selector_of_the_presets_can_be_read(selector):
    assert css.compiled(selector) is not None
