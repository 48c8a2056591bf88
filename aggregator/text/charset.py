"""Bytes → text: which character set a page is really written in, whatever it claims.

The order of belief: byte order mark, strict UTF-8, the HTTP header, the document's own declaration, what served this source last time, detection.
A claim that would give unreadable text loses against detection; every claim is read as the widest character set of its family.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from aggregator.text import plausible
from aggregator.text.labels import codec, declared

Origin = Literal["bom", "utf-8", "http", "declaration", "source", "detected", "replaced"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """``charset`` is the name of a Python codec. ``origin`` is "replaced" where bytes were left that no reading explains: they are U+FFFD."""

    text: str
    charset: str
    origin: Origin
    is_strict: bool = False
    """Whether the body is valid UTF-8 without a mark, so that whoever wants bytes can take it as it is."""


_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16, whose mark begins like it."""

_HTTP: Final = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:\-]{2,40})""", re.IGNORECASE)
_ASCII: Final = bytes(range(128))
_ESCAPES: Final = ((b"\x1b$B", "iso2022_jp_ext"), (b"\x1b$@", "iso2022_jp_ext"), (b"\x1b$)C", "iso2022_kr"))

_SAMPLE: Final = 1_500
"""Bytes of text that are weighed, beyond markup and plain ASCII."""

_GLANCES: Final = (160, 500)
"""Bytes that suffice to discard many character sets, and most."""

_GLIMPSE: Final = 200
"""Bytes in which a claim may prove itself, so that nothing else need be tried."""

_HOPELESS: Final = 80.0
"""A reading that is so many nats worse after a glance is not looked at again."""

_CLEAR: Final = 20
"""Bytes beyond ASCII from which on a text can speak for itself."""


def decode(body: bytes, *, content_type: str | None = None, fallback: str | None = None) -> Decoded:
    """The text of ``body``. Never raises.

    ``content_type`` is the HTTP header; ``fallback`` the label or codec that was right for this source before. The byte order mark is taken off.
    A body that is strictly valid UTF-8 with characters beyond ASCII is UTF-8 whatever is claimed.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _by_mark(body[len(mark) :], name)
    if wide := _wide(body):
        return Decoded(body.decode(wide, "replace"), wide, "detected")
    if seven_bit := _seven_bit(body, content_type):
        return Decoded(body.decode(seven_bit), seven_bit, "detected")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8", is_strict=True)
    except UnicodeDecodeError:
        return _legacy(body, _claims(body, content_type, fallback))


def is_binary(text: str) -> bool:
    """Whether what was decoded is no text, whatever tags stand before it: a picture, an archive, bytes at random.

    Of those, one byte in ten is a control character; of a page with blemishes, one in thousands.
    """
    text = text.rstrip("\x00")  # what some servers fill their buffers with
    step = max(1, len(text) // _LOOKS)
    looked = "".join([text[start : start + _LOOKED_AT] for start in range(0, len(text), step)]).encode("utf-8", "replace")
    strange = len(looked) - len(looked.translate(None, _CONTROLS)) + looked.count(_SCAR)
    return strange > _MANY_CONTROLS * len(looked)


_LOOKS: Final = 8
_LOOKED_AT: Final = 200
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
_SCAR: Final = "\ufffd".encode()
_MANY_CONTROLS: Final = 0.03


def _by_mark(body: bytes, name: str) -> Decoded:
    try:
        return Decoded(body.decode(name), name, "bom")
    except UnicodeDecodeError:
        if name != "utf-8":
            return Decoded(body.decode(name, "replace"), name, "replaced")
    return _legacy(body, ())


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


def _seven_bit(body: bytes, content_type: str | None) -> str | None:
    """One of the character sets of seven bits, which would pass for ASCII, told by its escape sequences; HZ, whose are plain text, only where it is named."""
    if b"\x1b" in body:
        return next((name for escape, name in _ESCAPES if escape in body and _decodes(body, name)), None)
    return "hz" if b"~{" in body and _names_hz(body, content_type) and _decodes(body, "hz") else None


def _names_hz(body: bytes, content_type: str | None) -> bool:
    http = _HTTP.search(content_type or "")
    return (http is not None and codec(http[1]) == "hz") or (b"hz" in body[:1024].lower() and declared(body) == "hz")


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return False
    return True


Claims = tuple[tuple[str, Origin], ...]


def _claims(body: bytes, content_type: str | None, fallback: str | None) -> Claims:
    """What is said about the character set, in order of belief. A claim of UTF-8 or UTF-16 is void by now: neither the strict test nor the NULs saw it."""
    http = _HTTP.search(content_type or "")
    said: tuple[tuple[str | None, Origin], ...] = (
        (codec(http[1]) if http else None, "http"),
        (declared(body), "declaration"),
        (codec(fallback), "source"),
    )
    return tuple((name, origin) for name, origin in said if name and not name.startswith(("utf-", "utf_")))


def _legacy(body: bytes, claims: Claims) -> Decoded:
    """A body that is not valid UTF-8: damaged UTF-8, or something older."""
    if text := _damaged(body, claims):
        return Decoded(text, "utf-8", "replaced" if "\ufffd" in text else "utf-8")
    if claims and _is_plain(body, claims[0][0]):
        return _found(body, *claims[0])
    sample = _sample(body, _SAMPLE)
    prices = _prices(sample)
    best = min(prices, key=prices.__getitem__)
    high = _beyond_ascii(sample)
    for name, origin in claims:
        margin = _DEFAULT_MARGIN if name == "cp1252" else _CLAIM_MARGIN + 0.5 * high
        if (prices[name] if name in prices else _price(sample, name, {})) <= prices[best] + margin:
            return _found(body, name, origin)
    return _found(body, best, "utf-8" if best == "utf-8" else "detected")


def _beyond_ascii(sample: bytes) -> int:
    return len(sample.translate(None, _ASCII))


def _is_plain(body: bytes, name: str) -> bool:
    """A claim that is so clearly true that nothing else need be tried. Short texts are never clear."""
    sizes = (_SAMPLE,) if name == "cp1252" else (_GLIMPSE, _SAMPLE)
    return name in _LETTERS and any(_reads_well(_sample(body, size)[:size], name) for size in sizes)


def _reads_well(sample: bytes, name: str) -> bool:
    if _beyond_ascii(sample) < _CLEAR:
        return False
    text = _text(_condensed(sample), name).rstrip("\ufffd")
    families = ((language, plausible.LANGUAGES[language].family) for language in _LETTERS[name])
    return any(plausible.strangeness(text, language) <= plausible.ORDINARY[family] for language, family in families) and not _has_rival(
        sample, name
    )


def _has_rival(sample: bytes, name: str) -> bool:
    """Whether one of the sets that are labelled Latin-1 by mistake reads a text better: õ for ő makes Hungarian look like Portuguese."""
    if name != "cp1252" or not any(byte in _MEAN_OTHERS for byte in sample):
        return False
    prices = _priced(_condensed(sample)[: _GLANCES[-1]], ["cp1252", *_RIVALS], plausible.distances(sample.decode("ascii", "ignore")))
    return prices["cp1252"] > min(prices.values()) + _DEFAULT_MARGIN


def _found(body: bytes, name: str, origin: Origin) -> Decoded:
    text = _mended(body, ()) if name == "utf-8" else _text(body, name)
    return Decoded(text, name, "replaced" if "\ufffd" in text else origin)


def _text(body: bytes, name: str) -> str:
    table = _table(name)
    return body.decode(name, "replace") if table is None else codecs.charmap_decode(body, "replace", table)[0]


@lru_cache(maxsize=64)
def _table(name: str) -> str | None:
    """The 256 characters of a single-byte codec, those that it leaves undefined as C1 controls (Encoding Standard §5); None for all other codecs."""
    if name not in _LETTERS or name in _MULTIBYTE:
        return None
    letters = bytes(range(256)).decode(name, "replace")
    return "".join(chr(byte) if letter == "\ufffd" and 0x80 <= byte < 0xA0 else letter for byte, letter in enumerate(letters))


# --- damaged UTF-8 -----------------------------------------------------------------------------------------------------------------


def _damaged(body: bytes, claims: Claims) -> str | None:
    """The text where the body is UTF-8 but for a few bytes: cut characters, lone surrogates (CESU-8), islands in an older character set."""
    try:
        return body.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        pass
    if _surely_older(body):
        return None
    good, bad = _census(body)
    cut = bad <= 3 and _census(body[-bad:])[1] == bad
    return _mended(body, claims) if good >= (1 if cut else max(12, 2 * bad)) else None


def _surely_older(body: bytes) -> bool:
    """Whether a look at its begin, middle and end is enough to know that a long document is no UTF-8."""
    if len(body) < 8 * _LOOK:
        return False
    looks = (_census(body[start : start + _LOOK]) for start in (0, len(body) // 2, len(body) - _LOOK))
    return all(bad > 20 and bad > 4 * good for good, bad in looks)


_LOOK: Final = 700


def _census(body: bytes) -> tuple[int, int]:
    """How much speaks for UTF-8 (bytes that continue a character) and against it (bytes that belong to none)."""
    valid = body.decode("utf-8", "ignore")
    size = len(valid.encode("utf-8"))
    return size - len(valid), len(body) - size


def _mended(body: bytes, claims: Claims) -> str:
    """Each piece of the document that is not UTF-8 is read by itself, in the character set that these pieces share."""
    pieces = re.split("([<>\\n])", body.decode("utf-8", "surrogateescape"))
    strange = {place for place, piece in enumerate(pieces) if _is_strange(piece)}
    island = claims[0][0] if claims else _island(b"\n".join(_bytes(pieces[place]) for place in sorted(strange)))
    for place, piece in enumerate(pieces):
        if place in strange:
            pieces[place] = _text(_bytes(piece), island)
        elif _BAD.search(piece):
            pieces[place] = _BAD_RUN.sub(lambda run: _stray(run, island), piece)
    return "".join(pieces)


def _is_strange(piece: str) -> bool:
    """Whether more of a piece speaks against UTF-8 than for it: by chance, two bytes of Chinese may be one letter of UTF-8."""
    bad = len(_BAD.findall(piece))
    return bad > 0 and bad > len(_TWO_BYTES.findall(piece)) + 2 * len(_MORE_BYTES.findall(piece))


def _bytes(escaped: str) -> bytes:
    return escaped.encode("utf-8", "surrogateescape")


def _island(pieces: bytes) -> str:
    if not pieces:
        return "cp1252"
    prices = _prices(_sample(pieces, _SAMPLE))
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
    ("cp852", _CENTRE, 4),
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

_PRIORS: Final = {name: prior for name, _, prior in _CANDIDATES}
_LETTERS: Final = {name: languages for name, languages, _ in _CANDIDATES} | dict.fromkeys(
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
        "cp1258",
    ),
    (*_WEST, *_CENTRE, "tr", "lt", "lv", "et"),
)
_RIVALS: Final = ("cp1250", "cp1254", "cp1257")
_MEAN_OTHERS: Final = frozenset(
    byte for byte in range(0xC0, 0x100) if len({bytes([byte]).decode(name) for name in ("cp1252", *_RIVALS)}) > 1
)
"""Letters of Latin-1 that are others in the sets taken for it."""
_MULTIBYTE: Final = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "utf-8"})
_CLAIM_MARGIN: Final = 15.0
"""How much worse, in nats, a claimed reading may be than the best one."""

_DEFAULT_MARGIN: Final = 3.0
"""The same for Latin-1, which servers and editors claim without being asked."""

_EXPERT_BONUS: Final = 3.0
"""What the guess of cchardet is worth, in nats: it decides between readings that are alike."""


def _sample(body: bytes, size: int) -> bytes:
    """The pieces of the document that hold bytes beyond ASCII, up to ``size`` bytes of them."""
    pieces: list[bytes] = []
    end = 0
    while size >= 0 and (high := _HIGH.search(body, end)):
        least = max(end, high.start() - _PIECE_BEFORE)
        start = max(least, *(body.rfind(edge, least, high.start()) + 1 for edge in _EDGES))
        found = _PIECE.match(body, start)
        if found is None:
            break
        end = found.end()
        pieces.append(found[0].strip())
        size -= len(pieces[-1]) + 1
    return b"\n".join(pieces)


_HIGH: Final = re.compile(rb"[\x80-\xff]")
_PIECE: Final = re.compile(rb"[^<>\r\n]{1,2000}")
_PIECE_BEFORE: Final = 1_000
_EDGES: Final = (b"<", b">", b"\r", b"\n")

_PLAIN_RUN: Final = re.compile(rb"([\x00-\x7f]{8})[\x00-\x7f]{8,}([\x00-\x7f]{8})")


def _condensed(sample: bytes) -> bytes:
    """Without most of the ASCII between letters beyond it, which costs the same in every character set."""
    return _PLAIN_RUN.sub(rb"\1 \2", sample)


def _prices(sample: bytes) -> dict[str, float]:
    """What the sample costs in each character set that is worth a closer look."""
    far = plausible.distances(sample.decode("ascii", "ignore"))
    sample = _condensed(sample)
    names = list(_PRIORS)
    for size in _GLANCES:
        if len(sample) > size:
            prices = _priced(sample[:size], names, far)
            limit = min(prices.values()) + _HOPELESS
            names = [name for name in names if prices[name] <= limit]
    return _priced(sample, names, far)


def _priced(sample: bytes, names: list[str], far: Mapping[str, float]) -> dict[str, float]:
    import cchardet  # a megabyte, for pages that do not say, or not rightly, how they are written

    prices = {name: _PRIORS[name] + _price(sample, name, far) for name in names}
    expert = codec(str(cchardet.detect(sample)["encoding"] or ""))
    if expert in prices:
        prices[expert] -= _EXPERT_BONUS
    good, bad = _census(sample)
    if 2 * good >= bad:
        mended = _mended(sample, (("cp1252", "detected"),))
        prices["utf-8"] = min(plausible.cost(mended, language) + far.get(language, 0) for language in plausible.LANGUAGES)
    return prices


def _price(sample: bytes, name: str, far: Mapping[str, float]) -> float:
    text = _text(sample, name)
    return min(plausible.cost(text, language) + far.get(language, 0) for language in _LETTERS.get(name, plausible.LANGUAGES))
