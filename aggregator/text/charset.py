"""Bytes → text: which character set a page is really written in, whatever it claims.

The order of belief: byte order mark, strict UTF-8, the HTTP header, the document's own declaration, what served this source last time, detection.
A claim that would give unreadable text loses against detection; every claim is read as the widest character set of its family.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import cchardet

from aggregator.text import plausible

Origin = Literal["bom", "utf-8", "http", "declaration", "source", "detected", "replaced"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """``charset`` is the name of a Python codec. ``origin`` is "replaced" where bytes were left that no reading explains: they are U+FFFD."""

    text: str
    charset: str
    origin: Origin


_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16, whose mark begins like it."""

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
_HTTP: Final = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:\-]{2,40})""", re.IGNORECASE)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_ESCAPES: Final = ((b"\x1b$B", "iso2022_jp_ext"), (b"\x1b$@", "iso2022_jp_ext"), (b"\x1b$)C", "iso2022_kr"))
_SAMPLE: Final = 1_500


def decode(body: bytes, *, content_type: str | None = None, fallback: str | None = None) -> Decoded:
    """The text of ``body``. Never raises.

    ``content_type`` is the HTTP header; ``fallback`` the label or codec that was right for this source before. The byte order mark is taken off.
    A body that is strictly valid UTF-8 with characters beyond ASCII is UTF-8 whatever is claimed.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _by_mark(body[len(mark) :], codec)
    if wide := _wide(body):
        return Decoded(body.decode(wide, "replace"), wide, "detected")
    for escape, codec in _ESCAPES:
        if escape in body and _decodes(body, codec):
            return Decoded(body.decode(codec), codec, "detected")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8")
    except UnicodeDecodeError:
        return _legacy(body, tuple(_claims(body, content_type, fallback)))


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


def _by_mark(body: bytes, codec: str) -> Decoded:
    try:
        return Decoded(body.decode(codec), codec, "bom")
    except UnicodeDecodeError:
        if codec == "utf-8":
            found = _legacy(body, ())
            return Decoded(found.text, found.charset, "bom" if found.charset == "utf-8" else found.origin)
        return Decoded(body.decode(codec, "replace"), codec, "bom")


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the NULs of its ASCII characters stand."""
    head = body[:512]
    if head.count(0) * 4 < len(head) or len(head) < 4:
        return None
    zeros = [head[place::4].count(0) for place in range(4)]
    most = len(head) // 4 * 0.6
    at = [count >= most for count in zeros]
    patterns = {(False, True, True, True): "utf-32-le", (True, True, True, False): "utf-32-be"}
    if found := patterns.get((at[0], at[1], at[2], at[3])):
        return found
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else None


def _decodes(body: bytes, codec: str) -> bool:
    try:
        body.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _claims(body: bytes, content_type: str | None, fallback: str | None) -> Iterator[tuple[str, Origin]]:
    """What is said about the character set, in order of belief. A claim of UTF-8 or UTF-16 is void by now: neither the strict test nor the NULs saw it."""
    http = _HTTP.search(content_type or "")
    for name, origin in ((codec(http[1]) if http else None, "http"), (declared(body), "declaration"), (codec(fallback), "source")):
        if name and not name.startswith(("utf-", "utf_")):
            yield name, origin  # type: ignore[misc]


def _legacy(body: bytes, claims: tuple[tuple[str, Origin], ...]) -> Decoded:
    """A body that is not valid UTF-8: damaged UTF-8, or something older."""
    if text := _damaged(body, claims):
        return Decoded(text, "utf-8", "replaced" if "\ufffd" in text else "utf-8")
    sample = _sample(body)
    prices = _prices(sample)
    best = min(prices, key=prices.__getitem__)
    high = len(_HIGH.findall(sample))
    for name, origin in claims:
        margin = _DEFAULT_MARGIN if name == "cp1252" else _CLAIM_MARGIN + 0.5 * high
        if (prices[name] if name in prices else _price(sample, name, {})) <= prices[best] + margin:
            return _found(body, name, origin)
    return _found(body, best, "detected")


def _found(body: bytes, codec: str, origin: Origin) -> Decoded:
    text = _mended(body, ()) if codec == "utf-8" else _text(body, codec)
    return Decoded(text, codec, "replaced" if "\ufffd" in text else origin)


def _text(body: bytes, codec: str) -> str:
    """Bytes that a Windows code page leaves undefined are C1 controls, as browsers read them (Encoding Standard §5)."""
    table = _table(codec)
    if table is not None:
        return codecs.charmap_decode(body, "replace", table)[0]
    return body.decode(codec, "replace")


@lru_cache(maxsize=64)
def _table(codec: str) -> str | None:
    """The 256 characters of a single-byte codec; None for all others."""
    places = [bytes([byte]) for byte in range(256)]
    if _LETTERS.get(codec) is None or codec in _MULTIBYTE:
        return None
    characters = [place.decode(codec, "replace") for place in places]
    return "".join(chr(byte) if letter == "\ufffd" and 0x80 <= byte < 0xA0 else letter for byte, letter in enumerate(characters))


# --- damaged UTF-8 -----------------------------------------------------------------------------------------------------------------


def _damaged(body: bytes, claims: tuple[tuple[str, Origin], ...]) -> str | None:
    """The text where the body is UTF-8 but for a few bytes: cut characters, lone surrogates (CESU-8), islands in an older character set."""
    try:
        return body.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        pass
    escaped = body.decode("utf-8", "surrogateescape")
    bad = len(_BAD.findall(escaped))
    good = len(_TWO_BYTES.findall(escaped)) + 3 * len(_MORE_BYTES.findall(escaped))
    cut = bad <= 3 and len(_BAD.findall(escaped[-3:])) == bad
    return _mended(body, claims) if good >= (1 if cut else max(12, 2 * bad)) else None


def _mended(body: bytes, claims: tuple[tuple[str, Origin], ...]) -> str:
    """Each piece of the document that is not UTF-8 is read by itself, in the character set that these pieces share."""
    pieces = re.split("([<>\\n])", body.decode("utf-8", "surrogateescape"))
    strange = {
        place for place, piece in enumerate(pieces) if _BAD.search(piece) and not _TWO_BYTES.search(piece) and not _MORE_BYTES.search(piece)
    }
    island = claims[0][0] if claims else _island(b"\n".join(_bytes(pieces[place]) for place in sorted(strange)))
    for place, piece in enumerate(pieces):
        if place in strange:
            pieces[place] = _text(_bytes(piece), island)
        elif _BAD.search(piece):
            pieces[place] = _BAD_RUN.sub(lambda run: _stray(run, island), piece)
    return "".join(pieces)


def _bytes(escaped: str) -> bytes:
    return escaped.encode("utf-8", "surrogateescape")


def _island(pieces: bytes) -> str:
    if not pieces:
        return "cp1252"
    prices = _prices(_sample(pieces))
    return min((name for name in prices if name != "utf-8"), key=prices.__getitem__)


def _stray(run: re.Match[str], island: str) -> str:
    """Bad bytes amid good UTF-8: a cut character is lost; a byte between plain letters is a letter of the older set."""
    raw = _bytes(run[0])
    around = run.string[max(0, run.start() - 1) : run.start()] + run.string[run.end() : run.end() + 1]
    cut = 0xE0 <= raw[0] < 0xF5 and len(raw) > 1 and all(0x80 <= byte < 0xC0 for byte in raw[1:])
    return "\ufffd" if cut or not around.isascii() or island in _MULTIBYTE else _text(raw, island)


_BAD: Final = re.compile("[\udc80-\udcff]")
_BAD_RUN: Final = re.compile("[\udc80-\udcff]+")
_TWO_BYTES: Final = re.compile("[\u0080-\u07ff]")
_MORE_BYTES: Final = re.compile("[\u0800-\ud7ff\ue000-\uffff\U00010000-\U0010ffff]")


# --- detection ---------------------------------------------------------------------------------------------------------------------

_WEST: Final = ("de", "fr", "es", "pt", "it", "sv", "da", "is", "nl", "ca")
_CENTRE: Final = ("pl", "cs", "sk", "hu", "hr", "ro", "de")
_CYRILLIC: Final = ("ru", "uk", "bg", "sr")

_CANDIDATES: Final[tuple[tuple[str, tuple[str, ...], float], ...]] = (
    ("cp1252", _WEST, 0),
    ("gb18030", ("zh-Hans", "zh-Hant"), 0),
    ("big5hkscs", ("zh-Hant",), 0),
    ("cp932", ("ja",), 0),
    ("euc_jis_2004", ("ja",), 0),
    ("cp949", ("ko",), 0),
    ("cp1251", _CYRILLIC, 0),
    ("koi8-r", ("ru", "bg"), 1.5),
    ("koi8-u", ("uk",), 2),
    ("cp866", ("ru", "uk", "bg"), 2),
    ("iso8859-5", _CYRILLIC, 1),
    ("mac_cyrillic", _CYRILLIC, 3),
    ("cp855", _CYRILLIC, 4),
    ("cp1250", _CENTRE, 1),
    ("iso8859-2", _CENTRE, 2),
    ("cp1253", ("el",), 0.5),
    ("iso8859-7", ("el",), 1),
    ("cp1254", ("tr",), 1),
    ("cp1255", ("he",), 0),
    ("cp1256", ("ar", "fa"), 0),
    ("iso8859-6", ("ar",), 1),
    ("cp1257", ("lt", "lv", "et"), 2),
    ("cp874", ("th",), 0),
)
"""Codec, the languages it is used for, and what it costs to assume it: nats, by how rare it is today."""

_LETTERS: Final = {codec: languages for codec, languages, _ in _CANDIDATES} | dict.fromkeys(
    (
        "iso8859-15",
        "mac_roman",
        "iso8859-3",
        "iso8859-4",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-16",
        "cp437",
        "cp850",
        "cp852",
        "cp1258",
    ),
    (*_WEST, *_CENTRE, "tr", "lt", "lv", "et"),
)
_MULTIBYTE: Final = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "utf-8"})
_CLAIM_MARGIN: Final = 15.0
"""How much worse, in nats, a claimed reading may be than the best one."""

_DEFAULT_MARGIN: Final = 3.0
"""The same for Latin-1, which servers and editors claim without being asked."""

_EXPERT_BONUS: Final = 3.0
"""What the guess of cchardet is worth, in nats: it decides between readings that are alike."""


def _sample(body: bytes) -> bytes:
    """The pieces of the document that hold bytes beyond ASCII, a few kilobytes of them at most."""
    pieces: list[bytes] = []
    size = 0
    for piece in _PIECE.finditer(body):
        if not piece[0].isascii():
            pieces.append(piece[0].strip())
            size += len(pieces[-1])
            if size > _SAMPLE:
                break
    return b"\n".join(pieces)[:_SAMPLE]


_PIECE: Final = re.compile(rb"[^<>\r\n]{1,2000}")


def _prices(sample: bytes) -> dict[str, float]:
    far = plausible.distances(sample.decode("ascii", "ignore"))
    prices = {codec: prior + _price(sample, codec, far) for codec, _, prior in _CANDIDATES}
    expert = codec(str(cchardet.detect(sample)["encoding"] or ""))
    if expert in prices:
        prices[expert] -= _EXPERT_BONUS
    escaped = sample.decode("utf-8", "surrogateescape")
    if _TWO_BYTES.search(escaped) or _MORE_BYTES.search(escaped):
        mended = _mended(sample, (("cp1252", "detected"),))
        prices["utf-8"] = min(plausible.cost(mended, language) + far.get(language, 0) for language in plausible.LANGUAGES)
    return prices


def _price(sample: bytes, codec: str, far: Mapping[str, float]) -> float:
    text = _text(sample, codec)
    return min(plausible.cost(text, language) + far.get(language, 0) for language in _LETTERS.get(codec, plausible.LANGUAGES))
