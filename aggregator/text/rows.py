"""One row of a list of news: its pieces of text, and the entry that they make.

Shared by all that read lists in HTML: the detector, the CMS presets, the selectors of a source. They find the rows; here a row becomes an ``Entry``.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from aggregator.model import Entry
from aggregator.text import dates, urls
from aggregator.text.markup import BLOCKS, SILENT
from aggregator.text.phrases import BADGES, MORE

LONGEST: Final = 500
"""Rows of one page that are read: ten thousand must not take a minute."""

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_TRIED: Final = 12
"""Pieces of one row in which a date is looked for."""

_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001f64f\U00020000-\U0003fffd]"
)
_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*")
_CUT = re.compile(r"\s*(?:…|\.{2,}|⋯|\[\.\.\.\]|．．．|。。。)\s*$")
_JOINED = frozenset("b strong i em u font sup sub mark wbr small big bdi bdo q".split())
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_DATE_WORDS = frozenset(
    "date dates datetime time times pubdate published publish posted postdate timestamp day month year rq sj riqi shijian fecha datum tarih data dato ngay tanggal "
    "timestyle newsdate createtime addtime fbsj fbrq updatetime calendar dt".split()
)
_NOT_DATE_WORDS = frozenset("title headline name summary excerpt description intro tit bt".split())
_NUMERIC = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}")
_EDGE = re.compile(
    r"\d{1,4}\s?[-./年]\s?\d{1,2}(?:\s?[-./月]\s?\d{1,4}日?)?\W{0,3}$|(?:19|20)\d\d\W{0,3}$|^\W{0,3}\d{1,4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,4}"
)
_DATE_ONLY = re.compile(
    r"[\s\[(（【\-–—/.:：,，|年月日號号\d]{4,40}|\[?\s*\d{1,4}\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,4}\s*日?)?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[\])）】]?"
)
_TITLE_WORDS = frozenset("title titles headline tit bt biaoti subject titulo titre titel titolo baslik heading name caption".split())
_NOT_TITLE_WORDS = frozenset("subtitle sub category cat tag tags author".split())
_AUTHOR_WORDS = frozenset("author authors byline autor auteur autore zuozhe".split())
_NO_LETTERS = re.compile(r"[\W_]+")
_SPOKEN = re.compile(r"[^\W\d_]{5}|[\u2e80-\u9fff\uac00-\ud7a3]{3}")
_FILE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|svg|bmp)$|^(?:img|dsc|image)[_-]?\d|^[\w-]{20,}$")
_PICTURES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-echo", "original", "_src", "src", "srcset")
_ORNAMENT = re.compile(
    r"(?i)^data:|blank\.|spacer|pixel|placeholder|loading|lazy|icon|arrow|bullet|dot\.|logo|avatar|gravatar|/new\d?\.gif|hot\.gif|transparent|1x1|share|button|btn"
)
_BACKGROUND = re.compile(r"url\(\s*['\"]?([^'\")]{4,2000})['\"]?\s*\)")
_BULLETS = " \t\u00a0\u3000·•|–—»›▶►◆◇■□●○★☆※>_-"
_AROUND = " \t\n\r\u00a0\u3000·•|–—-－_:：,，;；>»›→▶►◆◇■□●○★☆※*.。、/"
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】", "〔": "〕", "「": "」", "<": ">", "〈": "〉", "{": "}"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stands for itself: its words, where it stands and what its author called it."""

    text: str
    element: HtmlElement
    words: frozenset[str]
    """Words of the classes, ids and roles from the row down to the text."""
    linked: bool
    heading: bool
    apart: bool = True
    """Whether space or the edge of a block stands before it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How the dates of one page are meant. ``day_first`` None: not voted on."""

    now: datetime
    timezone: str | None = None
    language: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """``elements`` hold the whole row; ``link`` is the element that leads to ``url``.

    The other elements are known where someone named them: a selector, a preset, microdata. What is None is looked for.
    """

    elements: Sequence[HtmlElement]
    link: HtmlElement
    url: str
    title: HtmlElement | None = None
    date: HtmlElement | None = None
    summary: HtmlElement | None = None
    image: HtmlElement | None = None


def width(text: str) -> int:
    """Length as a reader sees it: a CJK character counts two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


@lru_cache(maxsize=4096)
def words(names: str) -> frozenset[str]:
    """The words of a class or id: ``"newsList-item_2"`` → news, list, item."""
    return frozenset(word.lower() for word in _WORD.findall(names[:300]))


def words_of(element: HtmlElement) -> frozenset[str]:
    """The words by which the author of a page calls an element."""
    names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"), element.get("role"))))
    return words(names) if names else frozenset()


def pieces(elements: Sequence[HtmlElement], link: HtmlElement | None = None) -> list[Piece]:
    """The text of a row in reading order, at most a few hundred pieces. Inside ``link`` a piece counts as linked."""
    found: list[Piece] = []
    for element in elements:
        _Walk(found, link).through(element, frozenset(), linked=False, heading=False)
    return found


class _Walk:
    """Collects pieces: a new one begins wherever an element that means something begins or ends."""

    def __init__(self, found: list[Piece], link: HtmlElement | None) -> None:
        self.found = found
        self.link = link
        self.buffer: list[str] = []
        self.space = True

    def through(self, element: HtmlElement, names: frozenset[str], *, linked: bool, heading: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT or len(self.found) > 300:
            return
        names = names | words_of(element) if element.attrib else names
        linked, heading = linked or element is self.link, heading or tag in HEADINGS
        if element.text:
            self.buffer.append(element.text)
        for child in element:
            apart = child.tag not in _JOINED or bool(child.get("class"))
            if apart:
                self._flush(element, names, linked=linked, heading=heading)
            self.space = self.space or child.tag in BLOCKS
            self.through(child, names, linked=linked, heading=heading)
            if apart:
                self._flush(child, names | words_of(child), linked=linked or child is self.link, heading=heading or child.tag in HEADINGS)
            self.space = self.space or child.tag in BLOCKS
            if child.tail:
                self.buffer.append(child.tail)
        if element.getparent() is None or tag not in _JOINED:
            self._flush(element, names, linked=linked, heading=heading)

    def _flush(self, element: HtmlElement, names: frozenset[str], *, linked: bool, heading: bool) -> None:
        if not self.buffer:
            return
        raw = _INVISIBLE.sub("", "".join(self.buffer))
        text = " ".join(raw.split())
        self.buffer.clear()
        if text:
            self.found.append(Piece(text, element, names, linked=linked, heading=heading, apart=self.space or raw[0].isspace()))
        self.space = raw[-1:].isspace() or (self.space and not text)


def joined(parts: Sequence[Piece]) -> str:
    """Pieces as one text. Where no space stood between two, a word goes on; a new sentence or number is set apart all the same."""
    text = ""
    for part in parts:
        goes_on = text and not part.apart and text[-1].isalpha() and part.text[0].islower()
        text += part.text if not text or goes_on else f" {part.text}"
    return text


@dataclass(frozen=True, slots=True)
class Style:
    """What the rows of one list have in common."""

    clock: Clock
    at_the_edge: bool
    """Whether titles end or begin with the date of the row; one title that ends in "on Dec. 15" tells of an event."""


def entries(found: Sequence[Row], *, clock: Clock, base: str, reader: str) -> tuple[Entry, ...]:
    """One entry per address, in the order of the rows; the first title of an address stays. Rows without a title make none."""
    taken = [(row, pieces(row.elements, row.link)) for row in found[:LONGEST]]
    style = _style([parts for _, parts in taken], clock)
    made: dict[str, Entry] = {}
    for row, parts in taken:
        item = _entry(row, parts, style, base=base, reader=reader)
        if item is None:
            continue
        known = made.setdefault(row.url, item)
        if known.published is None and item.published is not None:
            origins = {**known.provenance, "published": item.provenance["published"]}
            made[row.url] = replace(known, published=item.published, precision=item.precision, provenance=origins)
    return tuple(made.values())


def _style(rows: Sequence[Sequence[Piece]], clock: Clock) -> Style:
    if clock.day_first is None:
        numeric = (part.text for parts in rows for part in parts if _NUMERIC.search(part.text) and len(part.text) < 200)
        clock = replace(clock, day_first=dates.vote_day_first(numeric))
    edged = sum(any((part.heading or part.linked) and _EDGE.search(part.text) for part in parts) for parts in rows)
    return Style(clock, edged >= 2 and edged > len(rows) / 2)


def _entry(row: Row, parts: Sequence[Piece], style: Style, *, base: str, reader: str) -> Entry | None:
    """The entry that a row makes; None where no title can be found in it."""
    shown = Shown.of(parts, row, style)
    title, said = _title(row, parts, shown)
    if not title:
        return None
    summary = _summary(_inside(parts, row.summary), shown, title)
    picture = image(row.elements if row.image is None else (row.image,), base)
    origins = {"title": f"{reader}: {said}", "url": f"{reader}: link of the row"}
    if shown.moment is not None:
        origins["published"] = f"{reader}: {shown.where} {shown.text!r}"
    if summary:
        origins["summary"] = f"{reader}: text of the row"
    if picture:
        origins["image"] = f"{reader}: picture of the row"
    return Entry(
        title=title,
        url=row.url,
        published=shown.moment.when if shown.moment else None,
        precision=shown.moment.precision if shown.moment else None,
        summary=html.escape(summary, quote=False) if summary else None,
        image=picture,
        authors=_authors(parts),
        provenance=origins,
    )


def _inside(parts: Sequence[Piece], element: HtmlElement | None) -> Sequence[Piece]:
    if element is None:
        return parts
    inside = frozenset(element.iter())
    return [part for part in parts if part.element in inside]


@dataclass(frozen=True, slots=True)
class Shown:
    """The date that a row shows, and which of its pieces say only that."""

    moment: dates.Moment | None
    where: str
    text: str
    pieces: frozenset[int]
    """``id`` of each piece that is a date or a part of one."""

    @classmethod
    def of(cls, parts: Sequence[Piece], row: Row, style: Style) -> Shown:
        """Looked for where its author marked it, then at the edge of titles where the list writes it there, in the text of the row, in its address."""
        clock = style.clock
        named = frozenset(row.date.iter()) if row.date is not None else frozenset()
        dated = ([part for part in parts if part.element in named] or [part for part in parts if _is_date(part)])[:_TRIED]
        only = frozenset(id(part) for part in dated)
        for element in row.elements:
            if found := _machine_date(element, clock):
                return cls(*found, only)
        if found := _first_date([" ".join(part.text for part in dated), *(part.text for part in dated)], clock):
            return cls(found[0], "row date", found[1], only)
        if style.at_the_edge:
            for part in parts:
                if (part.heading or part.linked) and (found := _at_the_edge(part.text, clock)):
                    return cls(found[0], "row title", found[1], only)
        short = _short(parts)[:_TRIED]
        if found := _first_date([part.text for part in short] + [" ".join(part.text for part in short)], clock):
            return cls(found[0], "row text", found[1], only)
        if moment := dates.date_in_url(row.url, now=clock.now, timezone=clock.timezone):
            return cls(moment, "address", row.url, only)
        return cls(None, "", "", only)


def _short(parts: Sequence[Piece]) -> list[Piece]:
    """The pieces in which a date is that of the row: not in titles, and not in running text, which tells of other days."""
    wide: Counter[HtmlElement] = Counter()
    for part in parts:
        wide[_block(part.element)] += 0 if part.heading or part.linked else width(part.text)
    return [part for part in parts if not (part.heading or part.linked) and width(part.text) <= 60 and wide[_block(part.element)] <= 140]


def _is_date(part: Piece) -> bool:
    if part.element.tag == "time" or (part.words & _DATE_WORDS and not part.words & _NOT_DATE_WORDS):
        return width(part.text) <= 60
    return bool(_DATE_ONLY.fullmatch(part.text))


def _machine_date(element: HtmlElement, clock: Clock) -> tuple[dates.Moment, str, str] | None:
    for found in element.iter("time", "meta", "abbr"):
        value = found.get("datetime") or (found.get("content") if found.get("itemprop") == "datePublished" else None)
        if value and (moment := parse(value, clock)):
            return moment, f"<{found.tag}>", value[:60]
    return None


def _first_date(texts: Iterable[str], clock: Clock) -> tuple[dates.Moment, str] | None:
    for text in texts:
        if text and (found := find(text, clock)):
            return found[0], text[found[1][0] : found[1][1]]
    return None


def _at_the_edge(text: str, clock: Clock) -> tuple[dates.Moment, str] | None:
    """The date that ends or begins a title; one in its middle is told about, not of it."""
    if not any(char.isdigit() for char in text[-24:] + text[:24]):
        return None
    found = find(text[-30:], clock)
    if found and not bare(text[-30:][found[1][1] :]):
        return found[0], text[-30:][found[1][0] : found[1][1]]
    found = find(text[:30], clock)
    if found and not bare(text[: found[1][0]]):
        return found[0], text[found[1][0] : found[1][1]]
    return None


def parse(text: str, clock: Clock) -> dates.Moment | None:
    """``text`` as a date, as the page means it."""
    return dates.parse_date(text, now=clock.now, timezone=clock.timezone, language=clock.language, day_first=clock.day_first)


def find(text: str, clock: Clock) -> tuple[dates.Moment, tuple[int, int]] | None:
    """The first date in ``text`` and where it stands."""
    return dates.find_date(text, now=clock.now, timezone=clock.timezone, language=clock.language, day_first=clock.day_first)


def _title(row: Row, parts: Sequence[Piece], shown: Shown) -> tuple[str, str]:
    """The title and how it was found."""
    worded = _worded([part for part in parts if id(part) not in shown.pieces])
    if row.title is not None:
        inside = frozenset(row.title.iter())
        text = trimmed(joined([part for part in worded if part.element in inside]), shown)
        if text:
            return _whole(text, row), "element of the title"
    for said, chosen in _candidates(worded):
        text = trimmed(joined(chosen), shown)
        if width(text) >= 2:
            return _whole(text, row), said
    for said, value in (("title attribute", row.link.get("title")), ("label", row.link.get("aria-label")), ("picture text", _alt(row))):
        text = trimmed(" ".join((value or "").split()), shown)
        if width(text) >= 4 and not MORE.fullmatch(bare(text)) and not _FILE_NAME.search(text):
            return text, said
    return _first_text(worded), "first text of the row"


def _worded(parts: Sequence[Piece]) -> list[Piece]:
    """Without the "read more" of each link and the bare numbers behind a title. A single such word inside of a title belongs to it."""
    found: list[Piece] = []
    for number, part in enumerate(parts):
        text = bare(part.text)
        beside = [
            other
            for other in (parts[number - 1 : number] + parts[number + 1 : number + 2])
            if _block(other.element) is _block(part.element) and other.linked == part.linked
        ]
        if MORE.fullmatch(text) and (" " in text or not text.isascii() or not (part.linked and beside)):
            continue
        if found and beside and (text.lower() in BADGES or not any(char.isalpha() for char in text)):
            continue
        found.append(part)
    return found


def _candidates(parts: Sequence[Piece]) -> Iterable[tuple[str, Sequence[Piece]]]:
    linked = [part for part in parts if part.linked]
    yield (
        "heading",
        _together([part for part in parts if part.heading and part.linked]) or _together([part for part in parts if part.heading]),
    )
    yield (
        "element named title",
        _together([part for part in linked if part.words & _TITLE_WORDS and not part.words & _NOT_TITLE_WORDS and _named(part)]),
    )
    lead = _lead(linked)
    if lead and is_code(" ".join(part.text for part in lead)):
        yield "text beside a number", _widest([part for part in parts if not part.linked])
    yield "link", lead
    yield "element named title", _together([part for part in parts if part.words & _TITLE_WORDS and _named(part)])


def _named(part: Piece) -> bool:
    """Whether the element of the piece, or one close above it in the row, is called a title: the words of a whole list say nothing."""
    element: HtmlElement | None = part.element
    for _ in range(3):
        if element is None:
            return False
        if words_of(element) & _TITLE_WORDS:
            return True
        element = element.getparent()
    return False


def _together(parts: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of the first block among ``parts``: a second heading is a second title."""
    if not parts:
        return ()
    first = _block(parts[0].element)
    return [part for part in parts if _block(part.element) is first]


def _lead(linked: Sequence[Piece]) -> Sequence[Piece]:
    """Of a link that holds a whole card, its first block with words enough; of a plain one, all of it."""
    for part in linked:
        if width(part.text) >= 8:
            return _together([other for other in linked if _block(other.element) is _block(part.element)])
    return _together(linked)


def _widest(parts: Sequence[Piece]) -> Sequence[Piece]:
    found = max(
        (part for part in parts if width(part.text) >= 12 and not is_code(part.text)), key=lambda part: width(part.text), default=None
    )
    return (found,) if found else ()


def _block(element: HtmlElement) -> HtmlElement:
    found = element
    while found.tag not in BLOCKS and (above := found.getparent()) is not None:
        found = above
    return found


def _first_text(parts: Sequence[Piece]) -> str:
    wide = [part.text for part in parts if width(part.text) >= 8]
    return wide[0][:300] if wide else ""


def _whole(text: str, row: Row) -> str:
    """The title in full where the page cut it off and keeps the rest in an attribute."""
    stem = _CUT.sub("", text)
    for value in (row.link.get("title"), row.link.get("aria-label"), _alt(row)):
        full = " ".join((value or "").split())
        if stem != text and len(full) >= len(stem) and _letters(full).startswith(_letters(stem)) and not _CUT.search(full):
            return full
    return text


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).lower()


def _alt(row: Row) -> str | None:
    return next((alt for picture in row.link.iter("img") if (alt := picture.get("alt") or picture.get("title"))), None)


def is_code(text: str) -> bool:
    """Whether a text is a number or a file mark rather than words: ``2024-15``, ``No. 16-0775``, ``A/HRC/12``."""
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    return digits > 0 and not _SPOKEN.search(text) and letters < 2 * digits + 3


def bare(text: str) -> str:
    """Without the punctuation, arrows and brackets around it."""
    return text.strip(_AROUND + "[]()（）【】《》〈〉…")


def trimmed(text: str, shown: Shown) -> str:
    """A title without the date of the row at its end or start, and without the bullets around it."""
    if shown.text and shown.text in text and shown.text != text:
        head, _, tail = text.rpartition(shown.text)
        if not bare(tail) and width(head) >= 4:
            text = head.rstrip("([（【 ")
        elif not bare(head) and width(tail) >= 4:
            text = tail.lstrip(")]）】 ")
    return text.strip().strip(_BULLETS).strip()


def _summary(parts: Sequence[Piece], shown: Shown, title: str) -> str | None:
    told = _letters(title)
    texts = [
        part.text
        for part in parts
        if id(part) not in shown.pieces and not part.heading and width(part.text) >= 40 and _letters(part.text) not in told
    ]
    best = max(texts, key=width, default=None)
    return best[:1000] if best and not told.startswith(_letters(best)[: len(told)] or "-") else None


def _authors(parts: Sequence[Piece]) -> tuple[str, ...]:
    """Only where the author of the page marked them up."""
    found = [part.text for part in parts if part.words & _AUTHOR_WORDS and width(part.text) <= 60]
    names = [re.sub(r"(?i)^(?:by|von|par|por|di|от|автор|作者|文/)\s*[:：]?\s+", "", text).strip(_AROUND) for text in found]
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if len(name) >= 2 and not any(char.isdigit() for char in name) and name.lower() not in ("by", "author", "作者")
        )
    )[:5]


def image(elements: Sequence[HtmlElement], base: str) -> str | None:
    """The first picture of a row that is not an ornament; lazily loaded ones from where scripts take them."""
    for element in elements:
        for picture in element.iter("img", "source"):
            for name in _PICTURES:
                value = (picture.get(name) or "").split(",")[0].strip().split(" ")[0]
                if value and not _ORNAMENT.search(value) and (url := urls.absolute(base, value)):
                    return url
        for styled in element.iter():
            style = styled.get("style") if isinstance(styled.tag, str) else None
            if style and "url(" in style and (match := _BACKGROUND.search(style)) and not _ORNAMENT.search(match[1]):
                return urls.absolute(base, match[1])
    return None
