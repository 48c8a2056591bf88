"""Systems that make web sites: how to know them by their pages, and where each keeps its feeds. Data; what they write into a page is in ``read/cms``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class System:
    name: str
    label: str
    mark: re.Pattern[str]
    """Found in the addresses of styles, scripts and pictures, in generator tags, classes and comments of its pages."""
    feeds: tuple[str, ...] = ()
    """Where its feeds are, from the root of the site, the most useful first."""


def _system(name: str, label: str, mark: str, *feeds: str) -> System:
    return System(name, label, re.compile(mark, re.IGNORECASE), feeds)


SYSTEMS: Final = (
    _system(
        "webplus", "Sudy WebPlus", r"/_css/_system/system\.css|/_upload/tpl/|wp_articlelist|wp_article_list|portletmode|/_js/sudy-jquery"
    ),
    _system("vsb", "Visual SiteBuilder", r"/system/resource/|_sitegray|visual sitebuilder|vsbscreen|_vsl/"),
    _system(
        "wordpress",
        "WordPress",
        r"/wp-content/|/wp-includes/|generator=wordpress",
        "/feed/",
        "/?feed=rss2",
        "/wp-json/wp/v2/posts?_embed=1",
    ),
    _system(
        "drupal",
        "Drupal",
        r"generator=drupal|/sites/default/files/|/sites/all/(?:themes|modules)/|/core/misc/drupal|/misc/drupal\.js",
        "/rss.xml",
        "/news/rss.xml",
        "/news/feed",
        "/?q=rss.xml",
    ),
    _system("typo3", "TYPO3", r"typo3(?:conf|temp)?\b|/fileadmin/", "/rss.xml", "/?type=9818", "/?type=100", "/aktuelles/rss.xml"),
    _system(
        "plone", "Plone", r"generator=plone|portal_css|\+\+plone\+\+|\+\+theme\+\+", "/RSS", "/news/RSS", "/news/aggregator/RSS", "/rss.xml"
    ),
    _system("bitrix", "1C-Bitrix", r"/bitrix/", "/rss/", "/news/rss/", "/bitrix/rss.php"),
    _system("liferay", "Liferay", r"liferay", "/rss"),
    _system(
        "joomla",
        "Joomla",
        r"generator=joomla|/media/(?:jui|system/js|vendor/joomla)|option=com_content|/components/com_|/templates/\w+/(?:css|js)/",
        "/?format=feed&type=rss",
        "/index.php?format=feed&type=rss",
        "/index.php/news?format=feed&type=rss",
    ),
    _system("contao", "Contao", r"generator=contao|/assets/contao|tl_files/", "/share/news.xml", "/share/aktuelles.xml"),
    _system(
        "rpage", "Rulingcom Rpage", r"/var/file/\d|rpage|/ezfiles/|/bin/home\.php", "/rss.php", "/app/index.php?Action=mobilercg&Part=rss"
    ),
    _system("k2web", "K2Web Wizard", r"artcl(?:list|view)\.do|_artclTd"),
    _system(
        "gnuboard",
        "Gnuboard, XpressEngine",
        r"/bbs/board\.php|g5_url|xe/common|/rhymix/",
        "/bbs/rss.php?bo_table=news",
        "/bbs/rss.php?bo_table=notice",
    ),
    _system("sitefinity", "Sitefinity", r"sitefinity|sfnews|/sfsitemap"),
    _system("easydnn", "DotNetNuke", r"/desktopmodules/|dnn_|dotnetnuke"),
    _system(
        "blogger",
        "Blogger",
        r"generator=blogger|\.blogspot\.|www\.blogger\.com/static",
        "/feeds/posts/default",
        "/feeds/posts/default?alt=rss",
    ),
    _system("ghost", "Ghost", r"generator=ghost", "/rss/"),
    _system("jekyll", "Jekyll", r"generator=jekyll", "/feed.xml"),
    _system("hugo", "Hugo", r"generator=hugo", "/index.xml", "/news/index.xml"),
)
"""The first whose mark is found is what made the page; a page may bear several."""

_SOURCES: Final = (
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("form", "action"),
    ("a", "href"),
    ("table", "class"),
    ("ul", "class"),
    ("td", "class"),
    ("div", "portletmode"),
)


def systems(root: HtmlElement) -> tuple[System, ...]:
    """The systems whose marks stand in a page."""
    marks = "\n".join(_marks(root))
    return tuple(system for system in SYSTEMS if system.mark.search(marks))


def _marks(root: HtmlElement) -> Iterator[str]:
    """The places in which systems leave their marks: a bounded number of bounded strings."""
    for element in root.iter("meta"):
        name = (element.get("name") or "").lower()
        if name in ("generator", "author") or "sitegray" in name:
            yield f"{name}={(element.get('content') or '')[:200]}"
    wanted = dict(_SOURCES)
    left = dict.fromkeys(wanted, 60)
    for element in root.iter(*wanted):
        tag = str(element.tag)
        value = element.get(wanted[tag])
        if value and left[tag]:
            left[tag] -= 1
            yield value[:200]
    for comment, _ in zip(root.iter(etree.Comment), range(20), strict=False):
        yield str(comment.text)[:80]
