"""Bodies that are no text at all, whatever they are served as: documents, images, archives, bytes without a meaning. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"RIFF", "an image, sound or film (RIFF)"),
    (b"ID3", "sound (MP3)"),
    (b"\x00\x00\x00\x18ftyp", "a film (MP4)"),
    (b"PK\x03\x04", "an archive or an office document (ZIP)"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an office document (RTF)"),
    (b"\x1f\x8b", "compressed data (gzip)"),
    (b"\x28\xb5\x2f\xfd", "compressed data (zstd)"),
    (b"Rar!", "an archive (RAR)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
)
"""What a body begins with → what it is."""

_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_MARKUP: Final = re.compile(
    rb"(?i)<(?:!doctype|!--|\?xml|html|head|body|title|meta|link|rss|feed|rdf|channel|urlset|div|main|article|h[1-6]|p|a|ul|table)[\s>/:]"
)
_HEAD: Final = 4096
"""Bytes in which a body shows what it is."""

_CONTROL: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
"""Control characters that no text has; escape begins the shifts of ISO 2022."""

_MANY: Final = 0.02
"""Their share from which on a body is no text: bytes at random have one in ten, a page with a blemish one in thousands."""

_NO_TEXT: Final = re.compile(
    r"(?i)\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|gzip|octet-stream|x-download|msword|rtf|vnd\.(?:ms-|openxml))"
)


def kind_of(body: bytes, *, content_type: str | None = None) -> str | None:
    """What ``body`` is, where it is no text: "a PDF document", "binary data"; None where it can be read.

    ``content_type`` counts only where the body does not look like text by itself: feeds are served as ``application/octet-stream`` every day.
    """
    for magic, what in _MAGIC:
        if body.startswith(magic):
            return what
    head = body[:_HEAD]
    if not head.strip() or head.startswith(_WIDE) or _MARKUP.search(head.replace(b"\x00", b"")):
        return None
    if _is_binary(head):
        return "binary data"
    if content_type and (served := _NO_TEXT.match(content_type)) and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b"{", b"["):
        return f"served as {served[0].strip()}"
    return None


def _is_binary(head: bytes) -> bool:
    strange = len(head) - len(head.translate(None, _CONTROL))
    return strange > _MANY * len(head) and not _is_wide(head)


def _is_wide(head: bytes) -> bool:
    """Whether it is UTF-16 without a mark: every other byte is NUL."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) <= 0.02 * len(head)
