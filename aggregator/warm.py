"""What every process that reads begins with: the code of all readers, the universities, and what is made when the first page is read, in memory that
those share that are forked from it.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from importlib import import_module

from aggregator.digest import PARTS, digest
from aggregator.model import Page, Source
from aggregator.refine.mentions import build
from aggregator.refine.registry import PACKAGED, Registry

_ITEM = "<item><title>{0}</title><link>https://news.example.edu/{1}</link><pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate><description>{2}</description></item>"
_TELLS = (
    (
        "Harbin Institute of Technology opens a laboratory",
        "<p>The university has opened a laboratory for ice on 1 March 2026. Professor Li leads it.</p>",
    ),
    (
        "Университет открыл лабораторию",
        "<p>Университет открыл новую лабораторию, сообщили в пресс-службе. Её возглавит профессор Иванов.</p>",
    ),
    ("哈尔滨工业大学新实验室揭牌", "<p>3月1日，哈尔滨工业大学举行新实验室揭牌仪式，校长出席并讲话。</p>"),
)


def prepare(registry: Registry) -> None:
    for part in (*PARTS, "aggregator.mend"):
        import_module(part)
    _read_one(_known(registry))
    gc.collect()
    gc.freeze()  # a collection in a process that is forked from this one would write into each object, and so copy its page


def _read_one(registry: Registry) -> None:
    """A feed in three scripts: tables and patterns that are made when they are first needed are made here, and once."""
    items = "".join(_ITEM.format(title, number, text.replace("<", "&lt;")) for number, (title, text) in enumerate(_TELLS))
    page = Page("https://news.example.edu/feed.xml", f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode())
    digest(page, Source("warm", page.url), {}, now=datetime(2026, 3, 2, tzinfo=UTC), registry=registry)


def _known(registry: Registry) -> Registry:
    """What cannot be read is no reason to read nothing: whoever needs it says so, with the page that it was needed for."""
    try:
        build(registry)
    except (OSError, ValueError):
        return PACKAGED
    return registry
