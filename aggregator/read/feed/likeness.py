"""What a page that is no feed looks like instead, and what to try: for the message to the operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aggregator.read.feed.repair import ROOT
from aggregator.text import charset, urls


@dataclass(frozen=True, slots=True)
class Likeness:
    what: str
    remedy: str


_TRY_NEWS: Final = "Give the address of the site's news page or of its feed."
_HEAD: Final = 100_000
_BLANK: Final = b" \t\r\n\x00\xef\xbb\xbf"

_MAGIC: Final = (
    (
        b"\x1f\x8b",
        "compressed data (gzip) that was not or could not be unpacked",
        "Try again later; if it stays so, the server sends broken responses.",
    ),
    (b"PK\x03\x04", "a ZIP archive or an office document", _TRY_NEWS),
    (b"%PDF-", "a PDF document", _TRY_NEWS),
    (b"\x89PNG", "a PNG image", _TRY_NEWS),
    (b"\xff\xd8\xff", "a JPEG image", _TRY_NEWS),
    (b"GIF8", "a GIF image", _TRY_NEWS),
    (b"RIFF", "a media file", _TRY_NEWS),
    (b"\x28\xb5\x2f\xfd", "compressed data (zstd)", "Try again later; if it stays so, the server sends broken responses."),
)
_ROOTS: Final = (
    (re.compile(r"<opml[\s>]", re.IGNORECASE), "an OPML list of feeds", "Take its feeds over with `aggregator import FILE.opml`."),
    (re.compile(r"<(?:\w{1,9}:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE), "a sitemap", "Give the address of the site's news page."),
    (
        re.compile(r"<(?:soap|soapenv|error|exception)\b", re.IGNORECASE),
        "an error message in XML",
        "Look at the address in a browser; it may have moved.",
    ),
    (re.compile(r"<(?:svg|kml|wsdl|xsl:stylesheet|xs:schema)[\s>]", re.IGNORECASE), "an XML document of another kind", _TRY_NEWS),
)
_HTML: Final = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body|title|meta|script|div|p|h1|center|form)[\s>]", re.IGNORECASE)
_DOCUMENT: Final = re.compile(r"<html[\s>]", re.IGNORECASE)
_WRAPPED: Final = re.compile(r"<(?:feed\s[^<>]{0,2000}\bxmlns|rss\s[^<>]{0,2000}\bversion)\s{0,3}=", re.IGNORECASE)
"""A feed that some template put between ``<html>`` and ``</html>``. RDF there is a licence or a trackback, not a feed."""

_FEED_LINK: Final = re.compile(r"<link\s[^<>]{0,600}application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,600}>", re.IGNORECASE)
_HREF: Final = re.compile(r"""href\s{0,3}=\s{0,3}["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
_LOGIN: Final = re.compile(
    r"""type\s{0,3}=\s{0,3}["']?password|\b(?:log ?in|sign ?in|anmelden|登录|登錄|ログイン|войти|вход)\b""", re.IGNORECASE
)
_CHALLENGE: Final = re.compile(r"(?i)captcha|cf-challenge|just a moment|enable javascript|access denied|request blocked|安全验证")


def of_bytes(body: bytes) -> Likeness | None:
    """What the first bytes say; None where they may be text."""
    if not body[:4096].strip(_BLANK) and not body.strip(_BLANK):
        return Likeness("an empty page", "Try again later; if it stays empty, look for the feed elsewhere on the site.")
    return next((Likeness(what, remedy) for magic, what, remedy in _MAGIC if body.startswith(magic)), None)


def of_text(text: str, url: str) -> Likeness | None:
    """What a text without a feed in it looks like; None where a feed begins somewhere in it."""
    if charset.is_binary(text):
        return Likeness("binary data behind the first tags of a page", "Open the address: the server may send a broken or a wrong file.")
    if _feed_begins(text):
        return None
    head = text[:_HEAD]
    start = head.lstrip("\ufeff \t\r\n")
    if not start:
        return Likeness("an empty page", "Try again later; if it stays empty, look for the feed elsewhere on the site.")
    if start[0] in "{[":
        return Likeness(
            "JSON without the marks of a JSON Feed",
            "Set `kind: jsonfeed` only for a feed of jsonfeed.org; otherwise give the address of the site's news page.",
        )
    for pattern, what, remedy in _ROOTS:
        if pattern.search(head[:2000]):
            return Likeness(what, remedy)
    if _HTML.search(head):
        return _html(head, url)
    return Likeness("XML of another kind" if start.startswith("<") else "plain text", _TRY_NEWS)


def _feed_begins(text: str) -> bool:
    root = ROOT.search(text)
    if root is None:
        return False
    html = _DOCUMENT.search(text, 0, root.start())
    return html is None or _WRAPPED.search(text) is not None


def _html(head: str, url: str) -> Likeness:
    if link := _FEED_LINK.search(head):
        href = _HREF.search(link[0])
        address = urls.absolute(url, href[1]) if href else None
        return Likeness("an HTML page", f"It names its feed: {address}" if address else "Set `kind: auto` and its news are found.")
    if _CHALLENGE.search(head):
        return Likeness(
            "an HTML page that asks for a browser (a bot challenge)", "Ask the site to let the aggregator in, or look for another feed."
        )
    if _LOGIN.search(head):
        return Likeness("an HTML login page", "The feed needs a login; look for a public one.")
    return Likeness("an HTML page", "If it lists news, set `kind: auto`; otherwise look for the site's feed.")
