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
_NAMED = re.compile(r"\.([a-z0-9]{2,5})(?:\s{0,3}[(\[（【][^()\[\]]{1,40}[)\]）】])?$")
"""The file name that a link shows, with its size behind it."""
_NAME_IN_QUERY = re.compile(r"=[^&#]{0,300}\.([a-z0-9]{2,5})(?:&|$)")
"""Also an extension alone: ``attach?id=7&e=.pdf``."""
_ADDRESS = r"(?:(?:https?:)?/{1,2}|\.{1,2}/)[^\"'\s<>]"
_IN_SCRIPT = re.compile(rf"""["']({_ADDRESS}{{1,500}}?\.(?:pdf|docx?|xlsx?|pptx?))["']""", re.IGNORECASE)
_PDF_VIEWER = re.compile(rf"""pdf[\w.]{{0,40}}\(\s{{0,9}}["']({_ADDRESS}{{1,1000}})["']""", re.IGNORECASE)
"""The call of a viewer, ``showVsbpdfIframe("/attach?id=7", …)``: what is handed to it is a PDF, whatever its address says."""
_SHOWN = ("pdfsrc", "data-pdf", "data-pdf-src", "data-url", "data", "src", "sudyfile-attr-src")
_FILE_IN_QUERY = re.compile(r"(?i)[?&](?:file|src|url|pdf)=([^&#]{1,1000})")
_LONGEST_SCRIPT = 100_000
_LONGEST_NAME = 400
_PLAYERS = (
    (re.compile(r"(?i)//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?![\w-])"), "https://www.youtube.com/watch?v={}"),
    (re.compile(r"(?i)//player\.vimeo\.com/video/(\d{1,15})"), "https://vimeo.com/{}"),
    (re.compile(r"(?i)//player\.bilibili\.com/[^\s\"'<>]{0,200}?bvid=(BV\w{1,20})"), "https://www.bilibili.com/video/{}"),
    (re.compile(r"(?i)//(?:www\.)?dailymotion\.com/embed/video/(\w{1,20})"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"(?i)//rutube\.ru/play/embed/(\w{1,40})"), "https://rutube.ru/video/{}/"),
    (re.compile(r"(?i)//v\.qq\.com/[^\s\"'<>]{0,200}?vid=(\w{1,20})"), "https://v.qq.com/x/page/{}.html"),
    (
        re.compile(
            r"(?i)//((?:vk\.com|vkvideo\.ru)/video_ext\.php\?[^\s\"'<>]{1,200}|open\.spotify\.com/embed/[\w/]{1,80}|w\.soundcloud\.com/player/\?[^\s\"'<>]{1,300})"
        ),
        "https://{}",
    ),
)
"""Addresses of players that pages embed → the page of the film itself."""
_LOGO = re.compile(r"(?i)logo|favicon|icon|placeholder|default|share|sprite|avatar|spacer|blank|qrcode|wechat|weixin")


def kind_of(address: str, title: str | None = None) -> str | None:
    """The media type of an attachment by its address or, where that does not tell, by the file name that is shown for it."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all, such as http://[x]/
        return None
    where = ((_EXTENSION, unquote(parts.path).strip()), (_NAMED, (title or "").strip()), (_NAME_IN_QUERY, parts.query))
    for pattern, name in where:
        match = pattern.search(name.lower()[-_LONGEST_NAME:]) if "." in name else None
        if match and match[1] in TYPES:
            return TYPES[match[1]]
    return None


def reveal(root: HtmlElement) -> None:
    """Make viewers that a script would write (``showVsbpdfIframe("/a.pdf")``) stand in the tree, as an ``object`` with its address."""
    for script in list(root.iter("script")):
        text = script.text
        if not text or "." not in text or len(text) > _LONGEST_SCRIPT or next(script.iterancestors("head"), None) is not None:
            continue
        viewer = _PDF_VIEWER.search(text)
        shown = viewer or _IN_SCRIPT.search(text)
        if shown:
            script.tag, script.text = "object", None
            script.attrib.clear()
            script.set("data", shown[1].replace("&amp;", "&"))
            if viewer:
                script.set("type", TYPES["pdf"])


def film(element: HtmlElement) -> str | None:
    """The page of the film or recording that a player in a frame would show."""
    shown = element.get("src") or element.get("data-src") or element.get("data-lazy-src") or ""
    for pattern, page in _PLAYERS:
        if match := pattern.search(shown[:1_000]):
            return page.format(match[1])
    return None


def recordings(element: HtmlElement, base: str) -> Iterator[Enclosure]:
    """Sound and film files that stand in the text."""
    for player in element.iter("video", "audio"):
        for shown in (player, *player.iter("source")):
            address = urls.absolute(base, shown.get("src") or "")
            if address and (kind := kind_of(address)) and kind.startswith(("audio", "video")):
                yield Enclosure(address, kind, title=player.get("title") or None)
                break


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
                if address and (kind := kind_of(address) or _stated(shown)) and not kind.startswith(("audio", "video")):
                    yield Enclosure(address, kind, title=shown.get("title") or None)
                    break


def _stated(shown: HtmlElement) -> str | None:
    """The type that the page states of what it shows, where that is the type of a document."""
    kind = (shown.get("type") or "").lower()
    return kind if shown.tag in ("object", "embed") and kind in TYPES.values() else None


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
