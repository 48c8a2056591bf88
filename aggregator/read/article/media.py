"""Images and files that belong to an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator.model import Enclosure
from aggregator.read.article import facts
from aggregator.read.article.facts import Facts
from aggregator.text import urls

TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "wps": "application/vnd.ms-works",
    "hwp": "application/vnd.hancom.hwp",
    "hwpx": "application/vnd.hancom.hwpx",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "epub": "application/epub+zip",
    "csv": "text/csv",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}
"""File extension → media type of what counts as an attachment."""

_EXTENSION = re.compile(r"\.([a-z0-9]{2,5})$")
_IN_SCRIPT = re.compile(r"""["']((?:https?:)?/{1,2}[^"'\s<>]{1,500}?\.(?:pdf|docx?|xlsx?|pptx?))["']""", re.IGNORECASE)
_SHOWN = ("pdfsrc", "data-pdf", "data-pdf-src", "data-url", "data", "src", "sudyfile-attr-src")
_FILE_IN_QUERY = re.compile(r"(?i)[?&](?:file|src|url|pdf)=([^&#]{1,1000})")
_LONGEST_SCRIPT = 100_000
_LOGO = re.compile(r"(?i)logo|favicon|icon|placeholder|default|share|sprite|avatar|spacer|blank|qrcode|wechat|weixin")


def kind_of(address: str, title: str | None = None) -> str | None:
    """The media type of an attachment by its address or, where that does not tell, by the file name that is shown for it."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:  # no address at all, such as http://[x]/
        path = ""
    for name in (path, title or ""):
        match = _EXTENSION.search(name.strip().lower())
        if match and match[1] in TYPES:
            return TYPES[match[1]]
    return None


def reveal(root: HtmlElement) -> None:
    """Make viewers that a script would write (``showVsbpdfIframe("/a.pdf")``) stand in the tree, as an ``object`` with its address."""
    for script in list(root.iter("script")):
        text = script.text
        if not text or "." not in text or len(text) > _LONGEST_SCRIPT or next(script.iterancestors("head"), None) is not None:
            continue
        match = _IN_SCRIPT.search(text)
        if match:
            script.tag, script.text = "object", None
            script.attrib.clear()
            script.set("data", match[1])


def viewers(element: HtmlElement, base: str) -> Iterator[Enclosure]:
    """Documents that are shown inside the text."""
    for shown in element.iter("object", "embed", "iframe", "div", "p", "a", "img"):
        for name in _SHOWN:
            value = shown.get(name)
            if not value or len(value) > 2_000:
                continue
            inner = _FILE_IN_QUERY.search(value)
            for candidate in (unquote(inner[1]) if inner else None, value):
                address = urls.absolute(base, candidate) if candidate else None
                if address and (kind := kind_of(address)) and not kind.startswith(("audio", "video")):
                    yield Enclosure(address, kind, title=shown.get("title") or None)
                    break


def attachments(links: Sequence[tuple[str, HtmlElement]]) -> Iterator[Enclosure]:
    """Links that lead to files, each with its text as title."""
    for address, element in links:
        title = " ".join("".join(element.itertext()).split())[:300]
        kind = kind_of(address, title)
        if kind:
            yield Enclosure(address, kind, title=title or PurePosixPath(unquote(urlsplit(address).path)).name or None)


def lead_image(said: Facts, images: Sequence[str]) -> tuple[str | None, str | None]:
    """The image that stands for the article, and the rule: what the page states unless that is a logo, else the first in the text."""
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        address = urls.absolute(said.base, said.first(name))
        if address and not _LOGO.search(urlsplit(address).path.rpartition("/")[2]):
            return address, f"meta {name}"
    for node in said.articles[:1]:
        image = node.get("image")
        image = image[0] if isinstance(image, list) and image else image
        image = image.get("url") if isinstance(image, dict) else image
        address = urls.absolute(said.base, image) if isinstance(image, str) else facts.text(None) or None
        if address:
            return address, "JSON-LD image"
    found = next((address for address in images if not _LOGO.search(address.rpartition("/")[2])), None)
    return found, "first image of the text" if found else None
