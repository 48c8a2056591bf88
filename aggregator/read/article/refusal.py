"""Pages that are no article, and what they look like instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.model import Page
from aggregator.read.article.lines import Line

_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "compressed data"),
)


def refuse_files(page: Page) -> None:
    """Raises ReadError where the body is empty or not markup at all."""
    if not page.body.strip():
        raise ReadError(f"{page.url}: the page is empty", remedy="open the address in a browser; a page that scripts fill needs another source")
    kind = next((what for magic, what in _MAGIC if page.body.startswith(magic)), None)
    if kind:
        raise ReadError(f"{page.url}: this is {kind}, not an article", remedy="publish the item from its row in the list: full_text: never")


def refuse_pages(page: Page, title: str | None, lines: Sequence[Line], root: HtmlElement) -> None:
    """Raises ReadError where the page is a challenge, a login, an error or a parked domain."""
