"""Dates that a page shows to people: by the title, at the beginning of the text, after it, elsewhere on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from aggregator.read.article import weigh
from aggregator.read.article.clock import Clock
from aggregator.read.article.lines import Around, Line, is_caption
from aggregator.read.article.marked import is_late
from aggregator.read.article.title import fold
from aggregator.text.dates import Moment

_LABEL = re.compile(
    r"(?i)发布时间|发布日期|发表时间|发表于|发布于|日期|时间|投稿日|公開日|掲載日|작성일|등록일|입력|"
    r"(?<![^\W_])(?:published|posted|publication date|date|datum|veröffentlicht|erschienen|erstellt|publiée?|mise? en ligne|publicad[ao]|fecha|pubblicat[ao]|"
    r"data(?= ?:| d[aei])|дата|опубликован[оа]?|yayın\w*|tarihi?|gepubliceerd|geplaatst|publicerad|publisert|udgivet|julkaistu|opublikowano)(?![^\W_])"
)
_UPDATE = re.compile(
    r"(?i)updated?|modified|更新|修改|aktualisiert|geändert|mis à jour|modifié|actualizado|aggiornato|обновлен|изменен|güncelle"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d\d?[./-]\d\d?[./-]\d\d")
_DIGIT = re.compile(r"\d")
_TERSE = 50
"""A line with less than this beside its date tells the date; with more, what is in a picture or what happened."""
_SHORT = 60
_BARE = 40
_NEAR_LABEL = 80
_MOST_LINES = 60
_MOST_ELEMENTS = 10
_PLACE = re.compile(r"\W{0,2}(?:[^\W\d_][^.!?:;\d]{1,30}, ?\(?)?")
"""What may stand before the date of a dateline: the place."""
_AFTER_DATELINE = re.compile(r" ?(?:[.)–—]|- |/)")
_LITTLE = 15
"""So much beside a date, or beside a label, says nothing of its own."""
_UNDER_TITLE = 12


@dataclass(frozen=True, slots=True)
class Shown:
    rule: str
    moment: Moment
    firm: bool = True
    """Whether it stands by the title with a year, in a line that says little else and nothing of an update."""
    late: bool = False
    """Whether it is said to be of an update."""
    text: bool = True
    """Whether it was read from what people see, not from an attribute."""


def header(around: Around) -> list[Line]:
    """The lines before the text, then others of the dozen that follow the title and are not after the text."""
    known = {id(line) for line in (*around.before, *around.after)}
    start = next((number for number, line in enumerate(around.page) if around.before and line is around.before[0]), 0)
    return [*around.before, *(line for line in around.page[start : start + _UNDER_TITLE] if id(line) not in known)]


def by_title(clock: Clock, header: Sequence[Line]) -> Iterator[Shown]:
    """The dates of the lines from the title on, which is the first of them."""
    before, blocks = "", set()
    for number, line in enumerate(header):
        if line.block not in blocks:
            blocks.add(line.block)
            yield from _elements(clock, line)
        if not line.long and not _is_apart(line.block) and (line.block.tag != "h1" or _LABEL.search(line.text)):
            yield from islice(_in_line(clock, line, before, below=number > 0), 1)
        before = line.text if number else ""


def _elements(clock: Clock, line: Line) -> Iterator[Shown]:
    for element in islice(line.block.iter("time"), _MOST_ELEMENTS):
        stated = element.get("datetime")
        moment = clock.of_element(stated, "".join(islice(element.itertext(), _MOST_ELEMENTS))) if stated else None
        if moment:
            late = is_late(element) or _says_update(line.text)
            yield Shown("time element by the title", moment, firm=not late, late=late, text=False)


def _in_line(clock: Clock, line: Line, before: str, *, below: bool) -> Iterator[Shown]:
    late = _announces(before, _UPDATE)
    for text in _readings(line):
        found = clock.place(text)
        if found:
            late = late or _says_update(text)
            firm = below and not late and _is_firm(clock, text, found, labelled=_announces(before, _LABEL))
            yield Shown("line by the title", found[0], firm=firm, late=late)


def datelines(clock: Clock, header: Sequence[Line]) -> Iterator[Moment]:
    """The dates with which paragraphs begin, as those of an agency's report: "BERLIN, 3 May 2012 –", "(3 May 2012) The"."""
    for line in header[1:]:
        found = clock.place(line.text[:100])
        if found is None or not _YEAR.search(line.text[:100]):
            continue
        moment, (start, end) = found
        bracketed = line.text[start:end].endswith((")", "."))
        if _PLACE.fullmatch(line.text, 0, start) and (bracketed or _AFTER_DATELINE.match(line.text, end)):
            yield moment


def after_text(clock: Clock, lines: Sequence[Line]) -> Iterator[tuple[Moment, bool]]:
    """The dates that a label in the same line announces, each with True; then, with False, that of the short lines with a year, if it is one day."""
    bare: list[Moment] = []
    for line in lines:
        for text in _readings(line):
            found = clock.place(text)
            if found is None or found[0].source == "relative":
                continue
            if _has_label(text, found[1]):
                yield found[0], True
                break
            if len(text) < _SHORT and _YEAR.search(text):
                bare.append(found[0])
                break
    if len({moment.when.date() for moment in bare}) == 1:
        yield bare[0], False


def beside_title(clock: Clock, title: str, lines: Sequence[Line]) -> Iterator[Moment]:
    """Where a list on the page names the article itself, the date in its row."""
    wanted = fold(title)
    for number, line in enumerate(lines):
        folded = fold(line.text)
        if not wanted or not folded.startswith(wanted):
            continue
        for other in (line, *lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]) if folded == wanted else (line,):
            end = other.text[-_SHORT:]
            moment = clock.find(end) if _YEAR.search(end) and _in_one_row(line.block, other.block) else None
            if moment and len(fold(clock.without(other.text)).removeprefix(wanted)) < _LITTLE:
                yield moment


def only(clock: Clock, lines: Sequence[Line]) -> Moment | None:
    """The day that all short lines of the page with a date name: the labelled ones, else those outside of its chrome; None where they name several."""
    found: dict[str, list[Moment]] = {"labelled": [], "bare": [], "labelled elsewhere": []}
    for line, before in islice(_dated(lines), _MOST_LINES):
        moment = clock.find(line.text)
        if moment is None or len(clock.without(line.text)) >= _BARE:
            continue
        labelled = _LABEL.search(line.text) is not None or _announces(before, _LABEL)
        elsewhere = _is_elsewhere(line.block)
        if labelled or not elsewhere:
            found["bare" if not labelled else "labelled elsewhere" if elsewhere else "labelled"].append(moment)
    chosen = next((moments for moments in found.values() if moments), [])
    return chosen[0] if len({moment.when.date() for moment in chosen}) == 1 else None


def _dated(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Short lines that can hold a date, each with the text of the line before."""
    before = ""
    for line in lines:
        if not line.long and _YEAR.search(line.text):
            yield line, before
        before = line.text


def _readings(line: Line) -> Iterator[str]:
    """The line as it can be read, the likeliest first: what it says of publication, then all, with and without spaces between its elements."""
    for text in (line.apart, line.text):
        if not text or not _DIGIT.search(text):
            continue
        update = _UPDATE.search(text)
        if update:
            yield text[: update.start()]
            label = _LABEL.search(text, update.end())
            if label:
                yield text[label.start() :]
        yield text


def _is_firm(clock: Clock, text: str, found: tuple[Moment, tuple[int, int]], *, labelled: bool) -> bool:
    moment, span = found
    if moment.source == "relative" or not _YEAR.search(text):
        return False
    return labelled or len(clock.without(text)) < _TERSE or _has_label(text, span)


def _is_apart(block: HtmlElement) -> bool:
    """Whether it speaks of a picture or is quoted."""
    return is_caption(block) or any(element.tag == "blockquote" for element in (block, *islice(block.iterancestors(), 3)))


def _announces(before: str, words: re.Pattern[str]) -> bool:
    """Whether the line before the date is a label and nothing else."""
    return len(before) < _BARE and not _DIGIT.search(before) and words.search(before) is not None and len(words.sub("", before)) < _LITTLE


def _says_update(text: str) -> bool:
    return _UPDATE.search(text) is not None and _LABEL.search(text) is None


def _has_label(text: str, span: tuple[int, int]) -> bool:
    return _LABEL.search(text[max(0, span[0] - _NEAR_LABEL) : span[1] + _NEAR_LABEL]) is not None


def _in_one_row(one: HtmlElement, other: HtmlElement) -> bool:
    near = {one, *islice(one.iterancestors(), 2)}
    return any(element in near for element in (other, *islice(other.iterancestors(), 2)))


def _is_elsewhere(block: HtmlElement) -> bool:
    return any(weigh.chrome(ancestor) for ancestor in (block, *block.iterancestors()))
