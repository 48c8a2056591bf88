"""What a source is like, and whether a reading is like it. Pure.

    entries of a reading ─▶ Sights ─▶ doubts() ─▶ none: publish, and learn()
                                            └──▶ some: are they the known ones under other addresses? again() ─▶ weigh()

Doubts are cheap and may be wrong: they only say that it is worth to compare with what is stored. What was found again decides.

A source is judged by what is *new* in a reading. An entry that is known harms nobody, wherever it stands; a new one that has nothing of the others (their
addresses, their dates, titles as wide as theirs) is strange, and a list that brings several such is another list.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from urllib.parse import unquote, urlsplit

from aggregator.model import Article, Entry, Form, LeftOut, Profile, Selectors, Source
from aggregator.text import urls
from aggregator.text.columns import width
from aggregator.text.quantity import counted

FEW: Final = 5
"""Entries that make a reading one that can be judged: a bulletin of three has no usual form."""
_STRANGERS: Final = 3
"""Strange entries that make a list another one: every source links to another site now and then."""
_STRANGE_SHARE: Final = 0.25
"""… and the share of the list that they must be."""
_DATED: Final = 0.8
"""Share of entries with dates from which on a date belongs to the form of a source."""
_MANY: Final = 8
"""New entries without a fresh date that are no ordinary day's, where the list has grown as well."""
_SHAPES: Final = 16
_LISTS: Final = 16
_TITLES: Final = 3
"""Of a list that is left out, by which an operator knows it."""
_FADES: Final = 0.3
"""How much the latest reading counts in what is usual."""
_LATE: Final = timedelta(days=1)
"""News are dated before the latest known date by so much at most, when a whole list of them is new."""
_DAYS: Final = timedelta(days=14)
"""A new rubric begins with news of these days, and a list of one year's news does within them."""
_AWAY: Final = timedelta(days=3)
"""After so long without a look an undated list may have nothing left that is known."""
_WHOLE: Final = 0.75
"""Share of the usual entries that a page which was built anew shows, where nothing of its list was overlooked."""
_KEPT: Final = 0.8
"""Share of known entries in a usual reading from which on a list in which nothing is known is none of a fast or a rotating source."""
_ENOUGH: Final = 3
"""Entries found again that prove a list to be the known one; all of them where the source has fewer."""
_TELLING: Final = 16
"""Width of a title from which on it hardly recurs."""
_SHARE: Final = 0.5
"""… and the share of the reading, or of what should be on it, that they must be."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One entry as it looks, and what is known of it."""

    title: str
    url: str
    published: datetime | None
    article: str | None
    """The id of the article that it is known as; None: it is new."""
    changed: bool = False
    """Whether a known one says something else now."""
    place: str | None = None
    """The list of the page that it stands in."""


def sight(entry: Entry, article: str | None, *, changed: bool) -> Sight:
    return Sight(entry.title or "", entry.url or "", entry.published, article, changed, entry.place)


# --- the form ----------------------------------------------------------------------------------------------------------------------

_DIGITS: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]{1,24}")


def shape(url: str) -> str:
    """The address with what differs from item to item masked: ``north.edu/news/2026/05/robots-walk.html`` → ``north.edu/news/N/N/*.html``."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    masked = [_masked(segment, last=place == len(segments)) for place, segment in enumerate(segments, 1)]
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    host = (parts.hostname or "").removeprefix("www.")
    return "/".join([host, *masked])[:200] + (f"?{'&'.join(names)}"[:100] if names else "")


def _masked(segment: str, *, last: bool) -> str:
    stem, dot, suffix = segment.rpartition(".") if last else (segment, "", "")
    if not dot or not suffix.isalnum() or len(suffix) > 5 or suffix.isdigit():
        stem, dot, suffix = segment, "", ""
    digits = sum(char.isdigit() for char in stem)
    if digits and 2 * digits >= len(stem):
        name = _DIGITS.sub("N", stem) if len(stem) - digits <= 4 else "N"
    elif last or "-" in stem or "_" in stem or not _WORD.fullmatch(stem):
        name = "*"
    else:
        name = stem
    return name + dot + suffix.lower()


def form(sights: Sequence[Sight], reader: str) -> Form:
    """How a reading looks."""
    dates = [each.published for each in sights if each.published]
    shapes = Counter(shape(each.url) for each in sights if each.url)
    return Form(
        reader=reader,
        items=len(sights),
        dated=round(len(dates) / len(sights), 2) if sights else 0.0,
        width=float(median(width(each.title) for each in sights)) if sights else 0.0,
        shapes=tuple(each for each, _ in shapes.most_common(_SHAPES)),
        newest=max(dates, default=None),
        lists=_places(sights),
    )


def _places(sights: Iterable[Sight]) -> tuple[str, ...]:
    places = Counter(each.place for each in sights if each.place)
    return tuple(each for each, _ in places.most_common(_LISTS))


def adopt(profile: Profile, sights: Sequence[Sight], reader: str, left_out: Sequence[LeftOut] = ()) -> Profile:
    """``profile`` after a reading that looks otherwise and was explained: what it shows now is usual from now on, what it led to before still is.
    ``left_out``: lists that are none of its own.
    """
    seen = form(sights, reader)
    shapes = tuple(dict.fromkeys((*seen.shapes, *profile.form.shapes)))[:_SHAPES]
    newest = max((date for date in (profile.form.newest, seen.newest) if date), default=None)
    return replace(
        profile,
        readings=profile.readings + 1,
        form=replace(seen, shapes=shapes, newest=newest, kept=profile.form.kept),
        left_out=_as_seen([each for each in profile.left_out if each.place not in seen.lists], left_out),
    )


def learn(profile: Profile | None, sights: Sequence[Sight], reader: str) -> Profile:
    """``profile`` after a good reading. What it says of silence and of repairs stays."""
    seen = form(sights, reader)
    if profile is None:
        return Profile(seen)
    if not sights:
        return replace(profile, readings=profile.readings + 1, form=replace(profile.form, items=0))
    known = sum(each.article is not None for each in sights) / len(sights)
    return replace(profile, readings=profile.readings + 1, form=_blended(profile.form, seen, known))


def _blended(usual: Form, seen: Form, known: float) -> Form:
    shapes = dict.fromkeys((*seen.shapes, *usual.shapes))
    lists = tuple(dict.fromkeys((*seen.lists, *usual.lists)))[:_LISTS]
    return Form(
        reader=seen.reader,
        items=round(_mix(usual.items, seen.items)) or 1,
        dated=round(_mix(usual.dated, seen.dated), 2),
        width=round(_mix(usual.width, seen.width), 1),
        shapes=tuple(shapes)[:_SHAPES],
        newest=max((date for date in (usual.newest, seen.newest) if date), default=None),
        kept=round(known if usual.kept is None else _mix(usual.kept, known), 2),
        lists=lists,
    )


def _mix(usual: float, seen: float) -> float:
    return usual * (1 - _FADES) + seen * _FADES


# --- doubts ------------------------------------------------------------------------------------------------------------------------


def doubts(usual: Form, sights: Sequence[Sight]) -> tuple[str, ...]:
    """Why a reading may be another list than the usual one, in words; nothing where it may not."""
    if not sights:
        return (f"it is empty; it usually has {usual.items} entries",) if usual.items >= FEW else ()
    told = (
        _strange(usual, sights),
        _swollen(usual, sights),
        _turned_over(usual, sights),
        _fewer(usual, sights),
        _undated(usual, sights),
        _retold(sights),
        _rebuilt(usual, sights),
    )
    return tuple(each for each in told if each)


def is_whole(usual: Form, sights: Sequence[Sight]) -> bool:
    """Whether a reading of a page that was built anew has as many entries and dates as usual."""
    return len(sights) >= _WHOLE * usual.items and not _undated(usual, sights)


def excused(usual: Form, sights: Sequence[Sight], *, away: timedelta) -> bool:
    """Whether doubts that no known entry could settle are harmless: a list of this year's news in January, an undated one after a long pause, one that
    rotates. ``away``: since the last good reading.
    """
    if not sights or _strange(usual, sights) or _swollen(usual, sights) or _retold(sights):
        return False
    turns_over = usual.kept is None or usual.kept < _KEPT
    return turns_over or not _turned_over(usual, sights) or (away >= _AWAY and not _older(usual, sights))


def may_be_empty(usual: Form, now: datetime) -> bool:
    """Whether a source may show nothing at all: lists of one year's news do when it has just begun."""
    return usual.dated >= _DATED and usual.newest is not None and usual.newest.year < now.year and now.month == 1 and now.day <= _DAYS.days


def _new(sights: Sequence[Sight]) -> list[Sight]:
    return [each for each in sights if each.article is None]


def _strange(usual: Form, sights: Sequence[Sight]) -> str:
    new = _new(sights)
    odd = strangers(new, usual, alone=len(new) == len(sights))
    if len(odd) < max(_STRANGERS, _STRANGE_SHARE * len(sights)):
        return ""
    shapes = Counter(shape(each.url) for each in odd)
    known = f", not to {usual.shapes[0]}" if usual.shapes and usual.shapes[0] not in shapes else ""
    undated = usual.dated >= _DATED and sum(each.published is None for each in odd) > len(odd) / 2
    return f"{len(odd)} of {len(sights)} entries are new and unlike its news: they lead to {shapes.most_common(1)[0][0]}{known}" + (
        ", and have no date" if undated else ""
    )


def strangers(new: Iterable[Sight], usual: Form, *, alone: bool = False) -> list[Sight]:
    """Those that have too little of what the entries of a source have in common. ``alone``: none that is known stands beside them."""
    shapes = frozenset(usual.shapes)
    outlines = frozenset(map(_outline, usual.shapes))
    hosts = frozenset(map(_host, usual.shapes))
    enough, grace = (1.5, 0.0) if alone else (2.0, 1.0)
    return [each for each in new if _strangeness(each, usual, shapes, outlines, hosts, grace) >= enough]


def _strangeness(each: Sight, usual: Form, shapes: frozenset[str], outlines: frozenset[str], hosts: frozenset[str], grace: float) -> float:
    """Another address counts most, another site more than another folder."""
    own = shape(each.url)
    points = 0.0
    if own not in shapes and shapes:
        points = 1.0 if _outline(own) in outlines else 1.5 if _host(own) in hosts else 2.0
    if usual.dated >= _DATED and each.published is None:
        points += 1.0
    if width(each.title) < 0.4 * usual.width:
        points += 0.5
    if points and each.published is not None and usual.newest and each.published >= usual.newest - _DAYS and _host(own) in hosts:
        points -= grace  # of the same site and of these days: a new rubric rather than another list
    return points


def _outline(shape: str) -> str:
    """Names of folders masked as well."""
    host, *rest = shape.split("/")
    return "/".join([host, *("*" if part.isalpha() else part for part in rest)])


def _host(shape: str) -> str:
    return shape.partition("/")[0]


def _swollen(usual: Form, sights: Sequence[Sight]) -> str:
    """Another list of the site stands beside the usual one: many more entries, which are new and yet no news by their dates."""
    newest = usual.newest
    stale = sum(each.published is None or newest is None or each.published < newest - _LATE for each in _new(sights))
    if len(sights) <= 1.5 * usual.items or stale < max(_MANY, 0.5 * usual.items):
        return ""
    return (
        f"it has {counted(len(sights), 'entry', 'entries')}, {stale} of them new and no news by their dates; it usually has {usual.items}"
    )


def _turned_over(usual: Form, sights: Sequence[Sight]) -> str:
    """Nothing that is known is left: another list of the same site looks the same."""
    new = _new(sights)
    if len(sights) < _STRANGERS or 10 * len(new) < 9 * len(sights):
        return ""
    if old := _older(usual, sights):
        return f"{len(new)} of {len(sights)} entries are new, though {old} of them are older than its latest news"
    undated = sum(each.published is None for each in new) > len(new) / 2
    return f"{len(new)} of {len(sights)} entries are new at once, and nothing dates them" if undated else ""


def _older(usual: Form, sights: Sequence[Sight]) -> int:
    """How many entries are new and yet older than what is known, where those are most."""
    new = _new(sights)
    newest = usual.newest
    old = sum(each.published is not None and newest is not None and each.published < newest - _LATE for each in new)
    return old if old >= max(_STRANGERS, len(new) / 2) and 10 * len(new) >= 9 * len(sights) else 0


def _fewer(usual: Form, sights: Sequence[Sight]) -> str:
    if usual.items >= 8 and len(sights) < 0.4 * usual.items:
        return f"it has {counted(len(sights), 'entry', 'entries')}; it usually has {usual.items}"
    return ""


def _undated(usual: Form, sights: Sequence[Sight]) -> str:
    dated = sum(each.published is not None for each in sights)
    if usual.dated >= _DATED and len(sights) >= FEW and dated < 0.3 * len(sights):
        return f"{len(sights) - dated} of {len(sights)} entries have no date; usually {usual.dated:.0%} have one"
    return ""


def _retold(sights: Sequence[Sight]) -> str:
    known = [each for each in sights if each.article is not None]
    changed = sum(each.changed for each in known)
    return f"{changed} known entries say something else" if changed >= max(_STRANGERS, len(known) / 2) else ""


def _rebuilt(usual: Form, sights: Sequence[Sight]) -> str:
    """The page was built anew: what is known stands elsewhere on it; what is new may stand in any list, and part of the known one be overlooked."""
    places = {each.place for each in sights if each.article is not None}
    new = len(_new(sights))
    if not usual.lists or not places or None in places or places & set(usual.lists):
        return ""
    if not new:
        fewer = len(sights) < _WHOLE * usual.items
        return (
            f"its list stands elsewhere on the page, with {counted(len(sights), 'entry', 'entries')}; it usually has {usual.items}"
            if fewer
            else ""
        )
    return f"its list stands elsewhere on the page, with {new} new entr{'y' if new == 1 else 'ies'}"


def beside(usual: Form | None, sights: Sequence[Sight], again: Mapping[int, str]) -> frozenset[str]:
    """Lists of a page that nothing known stands in, beside those in which something does: of the same site, and yet another list. A new rubric is none: it
    has this day's news.
    """
    own = {each.place for place, each in enumerate(sights) if each.article is not None or place in again}
    own |= set(usual.lists) if usual else set()
    places = {each.place for each in sights if each.place} - own
    if not (own - {None}) & {each.place for each in sights}:
        return frozenset()
    return frozenset(place for place in places if place and not _is_rubric(usual, [each for each in sights if each.place == place]))


def _is_rubric(usual: Form | None, sights: Sequence[Sight]) -> bool:
    if usual is None or usual.newest is None:
        return False
    hosts, newest = frozenset(map(_host, usual.shapes)), usual.newest
    return all(each.published is not None and each.published >= newest - _LATE and _host(shape(each.url)) in hosts for each in sights)


def as_left_out(place: str, sights: Iterable[Sight]) -> LeftOut:
    """The list at ``place``, as an operator is shown it."""
    shown = [each for each in sights if each.place == place]
    titles = tuple(each.title[:120] for each in shown if each.title)
    return LeftOut(place, len(shown), form(shown, "").shapes[:_TITLES], titles[:_TITLES])


def left_out(profile: Profile, sights: Sequence[Sight]) -> tuple[LeftOut, ...]:
    """The lists that ``profile`` leaves out, as they look in a reading; without those that belong to the source by now."""
    there = {each.place for each in profile.left_out} & {each.place for each in sights}
    back = {
        each.place for each in profile.left_out if each.place in there and not each.settled and _belongs(profile.form, each.place, sights)
    }
    kept = [each for each in profile.left_out if each.place not in back]
    return _as_seen(kept, [as_left_out(each.place, sights) for each in kept if each.place in there])


def _belongs(usual: Form, place: str, sights: Sequence[Sight]) -> bool:
    """What stands in the list is known from elsewhere on the page; or most of it is, and the rest is of these days."""
    shown = [each for each in sights if each.place == place]
    new = _new(shown)
    known = len(shown) - len(new)
    return known >= max(min(_ENOUGH, len(shown)), _SHARE * len(shown)) and (not new or _is_rubric(usual, new))


def _as_seen(before: Iterable[LeftOut], now: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Each once, as it looks now where it is there; what was decided stays so."""
    settled = {each.place: each.settled for each in before if each.settled}
    both = {each.place: each for each in before} | {each.place: replace(each, settled=each.place in settled) for each in now}
    return tuple(both.values())[-_LISTS:]


# --- found again -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a doubtful reading is worth. ``proves``: it is the known list."""

    proves: bool
    known: int
    strange: int
    retitled: int
    again: Mapping[int, str]
    """Entries that are known by another address: place in the reading → id of the article."""


def weigh(sights: Sequence[Sight], stored: Sequence[Article], usual: Form | None) -> Weighed:
    """Compare a reading with the latest articles ``stored`` of its source. ``usual``: None where nothing is known of its form."""
    titles = {article.id: article.title for article in stored}
    held = {each.article for each in sights if each.article}
    retitled = {place for place, each in enumerate(sights) if each.article in titles and not _same(each.title, titles[each.article or ""])}
    found = again(sights, [article for article in stored if article.id not in held], redated=True)
    known = [place for place, each in enumerate(sights) if (each.article and place not in retitled) or place in found]
    new = [each for place, each in enumerate(sights) if not each.article and place not in found]
    own = form([sights[place] for place in known], "")
    strange = len(strangers(new, _joined(own, usual)))
    expected = min(len(stored), usual.items if usual else len(sights)) or 1
    enough = len(known) >= min(_ENOUGH, expected) and (len(known) >= _SHARE * len(sights) or len(known) >= _SHARE * expected)
    proves = (
        enough
        and len(new) <= max(_ENOUGH, len(known))
        and max(strange, _stale(new, usual)) <= max(2, 0.1 * len(sights))
        and len(retitled) <= max(2, 0.3 * len(known))
    )
    return Weighed(proves, len(known), strange, len(retitled), found)


def _stale(new: Sequence[Sight], usual: Form | None) -> int:
    """How many entries that are new are no news by their dates, where news have one; where they have none, more than a few are no ordinary day's."""
    newest = usual.newest if usual else None
    if usual is None or usual.dated < _DATED or newest is None:
        undated = sum(each.published is None for each in new)
        return undated if usual and undated > _ENOUGH else 0
    return sum(each.published is None or each.published < newest - _LATE for each in new)


def _joined(own: Form, usual: Form | None) -> Form:
    """What the found ones have in common, with the addresses of before: a list may mix both for a while."""
    return replace(own, shapes=(*own.shapes, *(usual.shapes if usual else ())), newest=own.newest or (usual.newest if usual else None))


def surely_again(sights: Sequence[Sight], stored: Sequence[Article]) -> dict[int, str]:
    """``again`` for a reading that nobody doubts: an item that is on the page no more under its old address, told of the same day, or called alike in an
    address as well that is like no other's; or several at once.
    """
    held = {each.article for each in sights if each.article}
    articles = {article.id: article for article in stored if article.id not in held}
    found = again(sights, list(articles.values()))
    if len(found) >= _ENOUGH:
        return found
    tails = Counter(_tail(each.url) for each in sights)
    return {place: id for place, id in found.items() if _surely(sights[place], articles[id], tails)}


def _surely(each: Sight, article: Article, tails: Mapping[str, int]) -> bool:
    """Both tell the day, and the same; or neither does, but the long title is the same, and the end of the address, which no other entry of the page has."""
    if each.published or article.published:
        return _day(each.published) == _day(article.published)
    tail = _tail(each.url)
    return (
        tail == _tail(article.url)
        and tails[tail] == 1
        and width(each.title) >= 1.5 * _TELLING
        and _plain(each.title) == _plain(article.title)
    )


def again(sights: Sequence[Sight], stored: Sequence[Article], *, redated: bool = False) -> dict[int, str]:
    """Which of the entries that are new by their address are stored ones: same title, and no other date. Each article once. ``redated``: the page may tell
    other dates than before, so that in the known list a long title that only one article has is that article's all the same.
    """
    plain = [(_plain(article.title), article) for article in stored]
    by_title: dict[str, list[Article]] = {}
    for title, article in plain:
        by_title.setdefault(title, []).append(article)
    found: dict[int, str] = {}
    taken: set[str] = set()
    for place, each in enumerate(sights):
        if each.article is not None or not each.title:
            continue
        title = _plain(each.title)
        alike = [article for article in by_title.get(title, ()) if article.id not in taken and _may_be(each, article, title)]
        alike = alike or [article for known, article in plain if _begins(title, known) and article.id not in taken and _near(each, article)]
        if alike:
            best = max(alike, key=lambda article: (_tail(article.url) == _tail(each.url), _day(article.published) == _day(each.published)))
            found[place] = best.id
            taken.add(best.id)
    return found if len(found) < _ENOUGH else found | _others(sights, found, by_title, taken, redated=redated)


def _others(
    sights: Sequence[Sight], found: Mapping[int, str], by_title: Mapping[str, Sequence[Article]], taken: set[str], *, redated: bool
) -> dict[int, str]:
    """In a list that is the known one, titles prove the same however short they are. Those that recur are told apart by their order: one more of them than
    before is a new one.
    """
    free = {title: deque(article for article in alike if article.id not in taken) for title, alike in by_title.items()}
    called = Counter(_plain(each.title) for each in sights)
    more: dict[int, str] = {}
    for place, each in enumerate(sights):
        title = _plain(each.title)
        alike = free.get(title)
        if each.article is not None or place in found or not alike:
            continue
        alone = redated and width(title) >= 1.5 * _TELLING and called[title] == len(by_title[title]) == 1
        if alone or _near(each, alike[0]):
            more[place] = alike.popleft().id
    return more


def _may_be(each: Sight, article: Article, title: str) -> bool:
    """A short title that recurs ("Vacancies") proves nothing without a date."""
    said = each.published is not None and article.published is not None
    return _near(each, article) if said else width(title) >= _TELLING or _tail(article.url) == _tail(each.url)


def _near(each: Sight, article: Article) -> bool:
    return each.published is None or article.published is None or abs(each.published - article.published) <= timedelta(days=2)


def _same(one: str, other: str) -> bool:
    a, b = _plain(one), _plain(other)
    return a == b or _begins(a, b) or (len(min(a, b, key=len)) >= 8 and (a in b or b in a))


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return width(short) >= _TELLING and long.startswith(short)


def _plain(title: str) -> str:
    """Letters and digits only: themes set quotation marks, dashes and capitals as they like."""
    return "".join(char for char in unicodedata.normalize("NFKC", title).casefold() if char.isalnum())


def _tail(url: str | None) -> str:
    """What often survives a new scheme of addresses: the last part of it."""
    return urls.key(url or "").rstrip("/").rpartition("/")[2].partition(".")[0]


def _day(moment: datetime | None) -> str:
    return f"{moment:%F}" if moment else ""


def followed(source: Source, profile: Profile | None) -> Source:
    """``source`` as it is read since it was redesigned."""
    return source if profile is None else read_as(source, profile.kind, profile.items)


def read_as(source: Source, kind: str | None, items: str | None) -> Source:
    """``source`` with another kind than configured; with ``items``, by that selector."""
    if items is not None:
        return replace(source, kind="listing", selectors=Selectors(items))
    return source if kind is None else replace(source, kind=kind, selectors=None)
