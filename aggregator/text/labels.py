"""Labels of character sets → the Python codec that reads all texts which bear them: each claim is read as the widest set of its family."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

_WIDEST: Final = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "big5-tw": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_jp": "euc_jis_2004",
    "euc_jisx0213": "euc_jis_2004",
    "euc_kr": "cp949",
    "johab": "johab",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-6-e": "iso8859-6",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "iso2022_jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-32": "utf-32",
}
"""Python codec → the codec that reads all its texts and those that are only labelled with it. The Encoding Standard (§4.2) has most of these."""

_LABELS: Final = {
    "xgbk": "gb18030",
    "chinese": "gb18030",
    "csgb2312": "gb18030",
    "gb231280": "gb18030",
    "isoir58": "gb18030",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "shiftjis": "cp932",
    "xeucjp": "euc_jis_2004",
    "xeuckr": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "ksc5601": "cp949",
    "korean": "cp949",
    "windows949": "cp949",
    "isoir149": "cp949",
    "big5": "big5hkscs",
    "xxbig5": "big5hkscs",
    "cnbig5": "big5hkscs",
    "logical": "cp1255",
    "visual": "cp1255",
    "iso88598i": "cp1255",
    "iso88598e": "cp1255",
    "iso88596e": "iso8859-6",
    "iso88596i": "iso8859-6",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
    "cskoi8r": "koi8-r",
    "dos874": "cp874",
    "xmaccyrillic": "mac_cyrillic",
    "xmacukrainian": "mac_cyrillic",
    "maccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "xmacroman": "mac_roman",
    "mac": "mac_roman",
    "sunewsgreek": "iso8859-7",
    "ansi": "cp1252",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "xunicode20utf8": "utf-8",
    "utf8mb4": "utf-8",
    "ucs2": "utf-16-le",
    "iso10646ucs2": "utf-16-le",
    "unicode": "utf-16-le",
}
"""Labels, without their punctuation, that Python does not know or understands otherwise."""

_UNREADABLE: Final = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"})
"""Codecs of Python that no document is written in; UTF-7 only ever carried attacks."""

_CODE_PAGE: Final = re.compile(r"(?:x?(?:windows|win|microsoftcp|mscp|ms|cp|ibm|dos|csibm|cpdos)|x)0*([0-9]{3,5})")
_HEAD: Final = 4096
_XML_DECLARATION: Final = re.compile(rb"""<\?xml[^>]{0,300}?encoding\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:\- ]{2,40})""", re.IGNORECASE)
_META: Final = re.compile(rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:\-]{2,40})""", re.IGNORECASE)


@lru_cache(maxsize=512)
def codec(label: str | None) -> str | None:
    """The Python codec that reads what is labelled so: the widest of its family. None for a label that no document is written in.

    ``cp-1251``, ``win1251``, ``x-cp1251`` and ``"Windows-1251"`` are one.
    """
    key = re.sub(r"[^a-z0-9]", "", (label or "").lower())
    if not key:
        return None
    if key in _LABELS:
        return _LABELS[key]
    page = _CODE_PAGE.fullmatch(key)
    for name in (f"cp{page[1]}" if page else key, (label or "").strip(" \"'").lower(), key):
        try:
            found = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if found.name in _UNREADABLE or not getattr(found, "_is_text_encoding", True):
            return None
        return _WIDEST.get(found.name, found.name)
    return None


def declared(body: bytes) -> str | None:
    """The codec that the document itself declares in its first 4 kB, in an XML declaration or a ``<meta>``; None where it does not."""
    head = body[:_HEAD]
    found = _XML_DECLARATION.search(head) or _META.search(head)
    return codec(found[1].decode("ascii")) if found else None
