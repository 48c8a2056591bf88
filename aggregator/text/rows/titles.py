"""The title of a row, in full and without what only stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from aggregator.text import counters
from aggregator.text.columns import width
from aggregator.text.phrases import BADGES, MORE, MORE_ABOUT
from aggregator.text.rows.pieces import HEADINGS, Piece, bare, block, inside, is_code, joined, letters, words_of
from aggregator.text.rows.shown import Shown

LONG: Final = 140
"""Width from which on a link of several pieces is a title and more: its first piece is the title."""

TOLD: Final = 60
"""Width of what follows a first piece in bold that makes a text of it."""

TOLD_AGAIN: Final = 12
TOLD_BEFORE: Final = 24
"""Width of a title that a link says again, and at most of the words it puts before it."""

_DIVIDERS = "|｜丨¦│"
_BRACKETED = re.compile(r"[\[【(（「〔][^\[\]【】()（）「」〔〕]{1,20}[\]】)）」〕]")
_CUT = re.compile(r"\s*(?:…|\.{2,}|⋯|\[\.\.\.\]|．．．|。。。)\s*$")
_TITLE_WORDS = frozenset(
    "title titles headline tit bt biaoti subject titulo titre titel titolo baslik ttl midashi rubrik otsikko tittel overskrift tytul nadpis nazev naslov zagolovok judul heading name caption".split()
)
_NOT_TITLE_WORDS = frozenset("subtitle sub category cat tag tags author".split())
_BADGE_WORDS = frozenset("new badge badges icon ico label hot mark flag tag".split())
_FILE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|svg|bmp)$|^(?:img|dsc|image)[_-]?\d|^[\w-]{20,}$")
_BULLETS = " \t\u00a0\u3000·•|–—»›▶►◆◇■□●○★☆※>_-"


def title(parts: Sequence[Piece], link: HtmlElement, shown: Shown, *, named: HtmlElement | None = None) -> tuple[str, str]:
    """The title of the row to which ``link`` belongs and how it was found; empty where there is none. ``named`` is the element that holds it, if known."""
    worded = _unlabelled(_worded([part for part in parts if id(part) not in shown.pieces and bare(part.text) != bare(shown.text or "-")]))
    if named is not None:
        text = trimmed(joined(inside(worded, named)), shown)
        if text and not (is_code(text) and any(part.linked and not is_code(part.text) for part in worded)):
            return _whole(text, link), "element of the title"
    for said, chosen in _candidates(worded):
        text = trimmed(joined(chosen), shown)
        if width(text) >= 2:
            return _whole(_repeated(text, chosen, parts), link), said
    for said, value in (("title attribute", link.get("title")), ("label", link.get("aria-label")), ("picture text", _alt(link))):
        text = trimmed(
            MORE_ABOUT.sub("", " ".join((value or "").split()), count=1) if said == "label" else " ".join((value or "").split()), shown
        )
        if width(text) >= 4 and not MORE.fullmatch(bare(text)) and not _FILE_NAME.search(text):
            return text, said
    return _first_text(worded), "first text of the row"


def _worded(parts: Sequence[Piece]) -> list[Piece]:
    """Without the "read more" of each link, and the bare numbers and counters behind a title. A single such word inside of a title belongs to it."""
    found: list[Piece] = []
    for number, part in enumerate(parts):
        text = bare(part.text)
        beside = [
            other
            for other in (*parts[number - 1 : number], *parts[number + 1 : number + 2])
            if block(other.element) is block(part.element) and other.linked == part.linked
        ]
        if MORE.fullmatch(text) and (" " in text or not text.isascii() or not (part.linked and beside)):
            continue
        if found and (counters.is_counter(part.text) or (beside and not any(char.isalpha() for char in text))):
            continue
        if len(beside) == 1 and _is_badge(part, text, beside[0], last=beside[0] is not parts[min(number + 1, len(parts) - 1)]):
            continue
        found.append(part)
    return found


def _is_badge(part: Piece, text: str, beside: Piece, *, last: bool) -> bool:
    """Whether a piece is a mark before or behind a title: "N", "HOT", "置顶". Where each word has an element of its own, "New" is a word."""
    if part.text.strip().lower() not in BADGES and text.lower() not in BADGES:
        return False
    if text.isupper() or not text.isascii() or part.words & _BADGE_WORDS:
        return True
    if (part.element.tag, part.element.get("class")) == (beside.element.tag, beside.element.get("class")):
        return False
    return last or not beside.text[:1].islower()


def _unlabelled(parts: Sequence[Piece]) -> list[Piece]:
    """Without the label of a category that stands in an element of its own before the title. Brackets within the text of a title belong to it."""
    found = list(parts)
    for one, two in pairwise(parts):
        if one.linked != two.linked or block(one.element) is not block(two.element) or not 2 <= width(one.text) <= 24:
            continue
        bracketed = bool(_BRACKETED.fullmatch(one.text)) and one.element is not two.element
        divided = two.text[0] in _DIVIDERS and len(bare(two.text)) > 1 and one.element is not two.element
        if (bracketed or divided) and width(two.text) >= 8 and not any(char.isdigit() for char in one.text):
            found.remove(one)
        break
    return found


def _candidates(parts: Sequence[Piece]) -> Iterable[tuple[str, Sequence[Piece]]]:
    linked = [part for part in parts if part.linked]
    lead = _lead(linked)
    yield "heading", _heading([part for part in parts if part.heading and part.linked])
    heading = _heading([part for part in parts if part.heading])
    if not _is_label(heading, lead):
        yield "heading", heading
    yield (
        "element named title",
        _together([part for part in linked if part.words & _TITLE_WORDS and not part.words & _NOT_TITLE_WORDS and _named(part)]),
    )
    if lead and is_code(" ".join(part.text for part in lead)):
        yield "text beside a number", _widest([part for part in parts if not part.linked])
    yield "link", lead
    yield "element named title", _together([part for part in parts if part.words & _TITLE_WORDS and _named(part)])


def _heading(parts: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of the first heading of the highest rank: a small one before it names a category, one behind it goes on."""
    ranked = [(_rank(part.element), part) for part in parts]
    best = min((rank for rank, _ in ranked), default=None)
    return _together([part for rank, part in ranked if rank == best])


def _rank(element: HtmlElement) -> str:
    return next((str(above.tag) for above in (element, *element.iterancestors()) if above.tag in HEADINGS), "h9")


def _is_label(heading: Sequence[Piece], lead: Sequence[Piece]) -> bool:
    """Whether a heading that is no link only names the category of the link beside it."""
    said, linked = joined(heading), joined(lead)
    return (
        bool(heading)
        and width(said) < 14
        and width(linked) >= max(12, 1.4 * width(said))
        and not MORE.fullmatch(bare(linked))
        and not is_code(linked)
    )


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
    first = block(parts[0].element)
    return [part for part in parts if block(part.element) is first]


def _lead(linked: Sequence[Piece]) -> Sequence[Piece]:
    """Of a link that holds a whole card, its first block with words enough; of a plain one, all of it."""
    for part in linked:
        if width(part.text) >= 8:
            found = _together([other for other in linked if block(other.element) is block(part.element)])
            rest = width(joined(found)) - width(part.text)
            more = rest > TOLD if part.element.tag in ("b", "strong") else rest + width(part.text) > LONG
            return (part,) if found[0] is part and more and width(part.text) <= LONG else found
    return _together(linked)


def _repeated(text: str, chosen: Sequence[Piece], parts: Sequence[Piece]) -> str:
    """The title that stands elsewhere in the row where a "more" says it again for screen readers: "more about …"."""
    more = next((part for part in parts if part.linked and MORE.match(bare(part.text))), None)
    if more is None or not all(part.linked for part in chosen):
        return text
    others = (
        part.text for part in parts if not part.linked and TOLD_AGAIN <= width(part.text) < width(text) <= width(part.text) + TOLD_BEFORE
    )
    return next((other for other in others if text.endswith(other)), text)


def _widest(parts: Sequence[Piece]) -> Sequence[Piece]:
    found = max(
        (part for part in parts if width(part.text) >= 12 and not is_code(part.text)), key=lambda part: width(part.text), default=None
    )
    return (found,) if found else ()


def _first_text(parts: Sequence[Piece]) -> str:
    wide = sorted((part.text for part in parts if width(part.text) >= 8), key=is_code)
    return wide[0][:300] if wide else ""


def _whole(text: str, link: HtmlElement) -> str:
    """The title in full where the page cut it off and keeps the rest in an attribute."""
    stem = _CUT.sub("", text)
    for value in (link.get("title"), link.get("aria-label"), _alt(link)):
        full = " ".join((value or "").split())
        if stem != text and len(full) >= len(stem) and letters(full).startswith(letters(stem)) and not _CUT.search(full):
            return full
    return text


def _alt(link: HtmlElement) -> str | None:
    return next((alt for picture in link.iter("img") if (alt := picture.get("alt") or picture.get("title"))), None)


def trimmed(text: str, shown: Shown) -> str:
    """A title without the date of the row at its end or start, and without the bullets around it."""
    if shown.text and shown.text in text and shown.text != text:
        head, _, tail = text.rpartition(shown.text)
        if not bare(tail) and width(head) >= 4:
            text = head.rstrip("([（【 ")
        elif not bare(head) and width(tail) >= 4:
            text = tail.lstrip(")]）】:： ")
    return _unquoted_end(text.strip().lstrip(_BULLETS)).strip()


def _unquoted_end(text: str) -> str:
    """Without bullets at its end; a » that closes a quotation is none."""
    while text and text[-1] in _BULLETS:
        if text[-1] in "»›" and text.count("«" if text[-1] == "»" else "‹") >= text.count(text[-1]):
            return text
        text = text[:-1]
    return text
