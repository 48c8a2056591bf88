"""The picture of an entry: what the feed names as such, or else the first real one in its text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from aggregator.read.feed.names import Element
from aggregator.text import unseen, urls

_IMAGE_FILE: Final = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|bmp)(?:[?#]|$)")
_IMG: Final = re.compile(r"<img\s([^<>]{1,4000})>?", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]{1,20})\s{0,3}=\s{0,3}(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,3000}))""")
_TINY: Final = re.compile(r"\s{0,3}[0-3](?:px)?\s{0,3}")
_COUNTERS: Final = re.compile(
    r"(?i)[/=.](?:(?<=/)(?:"
    r"/(?:feeds\.feedburner\.com/~r|feeds\.wordpress\.com|stats?\.|pixel\.|www\.google-analytics|counter\.|[\w.-]{0,60}doubleclick\.net)"
    r"|core/emoji/|smilies/|(?:tracking|counter|pixel)(?:\.\w+)?(?:[/?]|$)"
    r")|(?:pixel|spacer|blank|transparent|clear|1x1)\.(?:gif|png)|(?<=count\.)gif)"
)
"""Every way begins with one of three signs, so that the rest of an address is passed over quickly."""

_MOST: Final = 20

NAMED: Final = ("media:content", "media:thumbnail", "itunes:image", "enclosure", "image", "logo")
"""The elements that name a picture, beside links that say what they lead to."""


def of(parts: dict[str, list[Element]], links: list[Element], text: str | None, base: str) -> tuple[str | None, str]:
    """The address of the picture and the rule that found it. Pictures that only count readers, and pictures inside the page (``data:``), are none."""
    for address, rule in _named(parts, links) if parts or links else ():
        if (found := urls.absolute(base, address)) and not _COUNTERS.search(found):
            return found, f"feed: {rule}"
    if text and ("<img" in text or "<IMG" in text):
        for address in _shown(text):
            if (found := urls.absolute(base, address)) and not _COUNTERS.search(found):
                return found, "feed: first image of the text"
    return None, ""


def _named(parts: dict[str, list[Element]], links: list[Element]) -> Iterator[tuple[str | None, str]]:
    for element in parts.get("media:content", ())[:_MOST]:
        if _is_image(element):
            yield element.get("url"), "media:content"
    for element in parts.get("media:thumbnail", ())[:_MOST]:
        yield element.get("url"), "media:thumbnail"
    for element in parts.get("media:content", ())[:_MOST]:
        if len(element):
            for inside in element.iterchildren("{*}thumbnail"):
                yield inside.get("url"), "media:thumbnail"
    for element in parts.get("itunes:image", ())[:_MOST]:
        yield element.get("href") or element.get("url"), "itunes:image"
    for element in parts.get("enclosure", ())[:_MOST]:
        if _is_image(element):
            yield element.get("url"), "enclosure"
    for element in links[:_MOST]:
        rel = element.get("rel", "").lower()
        if rel == "image" or (rel == "enclosure" and _is_image(element)):
            yield element.get("href"), f"link rel={rel}"
    for element in (*parts.get("image", ()), *parts.get("logo", ()))[:_MOST]:
        yield element.get("href") or element.get("url") or element.findtext("{*}url") or element.text, "image"


def _is_image(element: Element) -> bool:
    medium, kind = element.get("medium"), (element.get("type") or "").lower()
    if medium or kind:
        return medium == "image" or kind.startswith("image")
    return bool(_IMAGE_FILE.search(element.get("url") or element.get("href") or ""))


def _shown(text: str) -> Iterator[str]:
    for tag, _ in zip(_IMG.finditer(text), range(_MOST), strict=False):
        attributes = {found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(tag[1])}
        if any(_TINY.fullmatch(attributes.get(side, "")) for side in ("width", "height")) or unseen.is_unseen(attributes.get("style", "")):
            continue
        for name in ("src", "data-src", "data-original", "data-lazy-src"):
            address = attributes.get(name, "").strip()
            if address and not address.lower().startswith("data:"):
                yield address
                break
