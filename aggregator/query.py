r"""The one query language of feeds and search: text → conditions. Pure; the store turns conditions into SQL.

words              articles that have all of them, in any form of case, width and accent
"a phrase"         … these words in this order; “a phrase”, «a phrase», 「a phrase」 as well, and "a \"quoted\" phrase"
title:word         … in the title           author:name   category:name
university:hit     published by it (its id, name or alias)
country:CN         … by one of that country     language:zh   (zh-Hant too)   source:ID
topic:job          what it is for: news, research, event, lecture, notice, job, tender, admission; several: topic:news,research
story:ID           every report of the story that this article tells
mentions:hit       names it in any spelling and language, or is published by it (its id, any name, its ROR id)
about:hit          is about it          mentions:country:RU, about:country:RU   a university of that country
after:2026-09-01   before:2026-10-01            has:image     has:text        has:date
-word, -country:CN not these          a OR b    either        ( … )           grouped        a AND b   both, as without it
-( … )             none of what the group finds             NOT word, NOT ( … )   as -word

What stands alone and has no letter or digit, as in "research & teaching" or "a - b", is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timezone
from difflib import get_close_matches
from typing import Literal, Protocol, TypeAlias
from uuid import UUID

from aggregator.errors import Phrase, QueryError, UnknownUniversity
from aggregator.model import TOPICS, University
from aggregator.text import search

LONGEST = 1_000
"""Characters; longer questions are refused."""
MOST_TERMS = 40
"""Terms of one question; each is a search of its own."""
_DEEPEST = 20
_LESS = Phrase("ask for less at once")


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Words:
    """``terms`` stand one after the other: in the title or the text, or in the ``column`` that is named."""

    terms: tuple[str, ...]
    column: Literal["title", "authors", "categories"] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A column has one of ``values``. ``name``: university, source, language, topic, has, story, mentions, about."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Ordered at or after ``start`` and before ``end``."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Not:
    part: Query


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Query, ...]


Query: TypeAlias = "Everything | Words | Field | When | Not | And | Or"

_TOKEN = re.compile(
    r"""\s*(?:(?P<close>\))|(?P<minus>-(?=[^\s)]))?(?:(?P<open>\()|(?:(?P<field>[A-Za-z]+)[:：](?=\S))?
    (?:"(?P<phrase>(?:[^"\\]|\\.)*)"|“(?P<curled>[^”]+)”|„(?P<low>[^“”]+)[“”]|«(?P<angled>[^»]+)»|「(?P<cornered>[^」]+)」|(?P<word>[^\s()"]+))))""",
    re.VERBOSE | re.DOTALL,
)
"""What phones and other keyboards write for ASCII's quotation marks and colon counts as well: smart punctuation is on where nobody asked for it."""
_PHRASES = ("phrase", "curled", "low", "angled", "cornered")
_ESCAPED = re.compile(r'\\(["\\])')
_COUNTRY = "country:"
_ROR = re.compile(r"(?:https?://ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})", re.IGNORECASE)
_HAS = ("image", "text", "date")


class Called(Protocol):
    """A university that articles may name."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def ror(self) -> str | None: ...


class Directory(Protocol):
    """All universities that articles may name. It is asked where ``mentions:`` and ``about:`` say a name that nobody configured has."""

    def entry(self, who: str) -> Called | None: ...

    def nearest(self, who: str) -> str | None: ...


def parse(text: str, universities: Mapping[str, University] | None = None, directory: Directory | None = None) -> Query:
    """The conditions that ``text`` states; an empty text matches everything.

    ``universities`` give meaning to ``university:`` and ``country:``, and with ``directory`` to ``mentions:`` and ``about:``; without one these take
    any name. One that stands under another id than its own is meant by that as well: it was called so once. Raises QueryError, which says where and what
    was expected.
    """
    if len(text) > LONGEST:
        raise QueryError(
            Phrase("the query has %(count)s characters; %(most)s are the most", count=len(text), most=LONGEST),
            position=LONGEST,
            remedy=_LESS,
        )
    return _Parser(text, universities or {}, directory).parse()


def quoted(text: str) -> str:
    """A phrase that means just ``text``."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    position: int
    text: str = ""
    field: str | None = None
    negated: bool = False
    quoted: bool = False


def _telling(tokens: list[_Token]) -> list[_Token]:
    """Without lone punctuation, unless there is nothing else to look for."""
    told = [token for token in tokens if token.kind != "term" or token.field or token.quoted or search.phrase(token.text)]
    return told if any(token.kind == "term" for token in told) else tokens


class _Parser:
    def __init__(self, text: str, universities: Mapping[str, University], directory: Directory | None) -> None:
        self._text = text
        self._universities = universities
        self._directory = directory
        self._tokens = _telling(list(self._negated(self._scan())))
        self._next = 0

    def parse(self) -> Query:
        if not self._tokens:
            return Everything()
        terms = [token for token in self._tokens if token.kind == "term"]
        if len(terms) > MOST_TERMS:
            raise QueryError(
                Phrase("the query has %(count)s terms; %(most)s are the most", count=len(terms), most=MOST_TERMS),
                position=terms[MOST_TERMS].position,
                remedy=_LESS,
            )
        found = self._either(0)
        if self._next < len(self._tokens):
            raise QueryError(
                Phrase("a ) without its ("),
                position=self._tokens[self._next].position,
                remedy=Phrase("remove it, or open the group before it"),
            )
        return found

    def _scan(self) -> Iterator[_Token]:
        position = 0
        end = len(self._text.rstrip())
        while position < end:
            match = _TOKEN.match(self._text, position)
            if match is None:
                position += len(self._text[position:]) - len(self._text[position:].lstrip())
                raise QueryError(Phrase('a " without its partner'), position=position, remedy=Phrase('close the phrase with another "'))
            start = match.end() - len(match[0].lstrip())
            kind = "open" if match["open"] else "close" if match["close"] else "term"
            phrase = next((match[each] for each in _PHRASES if match[each] is not None), None)
            text = match["word"] or "" if phrase is None else _ESCAPED.sub(r"\1", phrase)
            if match["word"] in ("OR", "AND", "NOT") and not match["field"] and not match["minus"]:
                kind = text.lower()
            if match["word"] and not match["field"]:
                _refuse_bare_field(text, start)
            yield _Token(kind, start, text, match["field"], bool(match["minus"]), phrase is not None)
            position = match.end()

    def _negated(self, tokens: Iterator[_Token]) -> Iterator[_Token]:
        """NOT is a sign of what follows it, as - is."""
        negating = False
        for token in tokens:
            if token.kind == "not":
                negating = not negating
            elif negating and token.kind not in ("term", "open"):
                raise _missing(token.position)
            else:
                yield replace(token, negated=token.negated != negating)
                negating = False
        if negating:
            raise _missing(len(self._text))

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _either(self, depth: int) -> Query:
        if depth > _DEEPEST:
            raise QueryError(
                Phrase("groups are nested deeper than %(most)s", most=_DEEPEST), position=self._tokens[self._next - 1].position
            )
        parts = [self._all(depth)]
        while (token := self._peek()) is not None and token.kind == "or":
            self._next += 1
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Query:
        parts: list[Query] = []
        wanted = True
        while (token := self._peek()) is not None and (token.kind in ("term", "open") or (token.kind == "and" and not wanted)):
            self._next += 1
            wanted = token.kind == "and"
            if not wanted:
                parts.append(self._group(token, depth) if token.kind == "open" else self._term(token))
        if wanted:
            at = token.position if token is not None else len(self._text)
            raise _missing(at)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _group(self, opened: _Token, depth: int) -> Query:
        found = self._either(depth + 1)
        token = self._peek()
        if token is None:
            raise QueryError(Phrase("a ( without its )"), position=opened.position, remedy=Phrase("close the group"))
        self._next += 1
        return Not(found) if opened.negated else found

    def _term(self, token: _Token) -> Query:
        found = self._field(token) if token.field else _words(token, token.text)
        return Not(found) if token.negated else found

    def _field(self, token: _Token) -> Query:
        name = (token.field or "").lower()
        if name in _NAMING:
            return _NAMING[name](token, token.text, self._universities, self._directory)
        build = _FIELDS.get(name)
        if build is None:
            fields = (*_FIELDS, *_NAMING)
            near = get_close_matches(name, fields, 1)
            known = ", ".join(f"{field}:" for field in fields)
            hint = (
                _meant_perhaps(f"{near[0]}:") if near else Phrase("fields are %(known)s; quote the words if no field is meant", known=known)
            )
            raise QueryError(Phrase('there is no field "%(field)s:"', field=token.field), position=token.position, remedy=hint)
        return build(token, token.text, self._universities)


def _missing(position: int) -> QueryError:
    remedy = Phrase("AND and OR stand between two terms, NOT before one; ( ) hold at least one")
    return QueryError(Phrase("something to look for is missing here"), position=position, remedy=remedy)


def _refuse_bare_field(word: str, position: int) -> None:
    """A colon behind any other word is punctuation."""
    name = word[:-1]
    if word[-1:] in (":", "：") and (name.lower() in _FIELDS or name.lower() in _NAMING):
        raise QueryError(
            Phrase('nothing stands behind "%(field)s:"', field=name),
            position=position,
            remedy=Phrase('write what is meant right behind it, as in %(field)s:word, or quote "%(field)s:"', field=name),
        )


def _words(token: _Token, text: str, column: Literal["title", "authors", "categories"] | None = None) -> Query:
    terms = search.phrase(text)
    if not terms:
        raise QueryError(
            Phrase('"%(value)s" has no letter or digit to look for', value=text), position=token.position, remedy=Phrase("name a word")
        )
    return Words(terms, column)


def _worded(column: Literal["title", "authors", "categories"]) -> Callable[[_Token, str, Mapping[str, University]], Query]:
    return lambda token, value, _universities: _words(token, value, column)


def _university(token: _Token, value: str, universities: Mapping[str, University]) -> Query:
    found = tuple(dict.fromkeys(each.id for each in called(value, universities)))
    if not found:
        near = get_close_matches(value.lower(), universities, 1)
        raise UnknownUniversity(
            Phrase('no configured university is called "%(value)s"', value=value),
            name=value,
            position=token.position,
            remedy=_meant_perhaps(near[0]) if near else Phrase("use the name of its file"),
        )
    return Field("university", found)


def called(value: str, universities: Mapping[str, University]) -> list[University]:
    """Those of ``universities`` that a query means by that name."""
    if value in universities:
        return [universities[value]]
    wanted = search.fold(value)
    return [
        each
        for each in universities.values()
        if wanted in {search.fold(name) for name in (each.id, each.name, *each.names.values(), *each.aliases)}
    ]


def _country(token: _Token, value: str, universities: Mapping[str, University]) -> Query:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise QueryError(
            Phrase('"%(value)s" is no country code', value=value),
            position=token.position,
            remedy=Phrase("two letters of ISO 3166-1, for example country:CN"),
        )
    of_it = tuple(each.id for id, each in universities.items() if each.country == value.upper() and id == each.id)
    return Field("university", of_it)


def _mentions(token: _Token, value: str, universities: Mapping[str, University], directory: Directory | None) -> Query:
    """Named in the article, or its publisher."""
    if value.lower().startswith(_COUNTRY):
        publisher = _country(token, value[len(_COUNTRY) :], universities)
        return Or((Field("mentions", (f"country:{value[len(_COUNTRY) :].upper()}",)), publisher))
    publishers = called(value, universities)
    named = Field("mentions", _meant(token, value, publishers, directory))
    return Or((named, Field("university", tuple(each.id for each in publishers)))) if publishers else named


def _about(token: _Token, value: str, universities: Mapping[str, University], directory: Directory | None) -> Query:
    if value.lower().startswith(_COUNTRY):
        _country(token, value[len(_COUNTRY) :], universities)
        return Field("about", (f"country:{value[len(_COUNTRY) :].upper()}",))
    return Field("about", _meant(token, value, called(value, universities), directory))


def _meant(token: _Token, value: str, configured: Sequence[Called], directory: Directory | None) -> tuple[str, ...]:
    """What articles are tagged with that name a university of this name, or ROR id."""
    if ror := _ROR.fullmatch(value):
        tags = [f"id:{each.id}" for each in configured] + [f"ror:{ror[1].lower()}"]
        return tuple(dict.fromkeys(tags))
    found = configured or _listed(token, value, directory)
    tags = [tag for each in found for tag in (each.id and f"id:{each.id}", each.ror and f"ror:{each.ror.rsplit('/', 1)[-1]}") if tag]
    names = [f"name:{search.fold(name)}" for name in (value, *(each.name for each in found))]
    return tuple(dict.fromkeys((*tags, *names)))


def _listed(token: _Token, value: str, directory: Directory | None) -> Sequence[Called]:
    if directory is None:
        return ()
    if found := directory.entry(value):
        return (found,)
    near = directory.nearest(value)
    raise UnknownUniversity(
        Phrase('no university is known that is called "%(value)s"', value=value),
        name=value,
        position=token.position,
        remedy=_meant_perhaps(near) if near else Phrase("use its English name, its ROR id, or configure it under config/universities"),
    )


def _language(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    if not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", value):
        raise QueryError(
            Phrase('"%(value)s" is no language code', value=value), position=token.position, remedy=Phrase("for example language:zh")
        )
    return Field("language", (value.lower(),))


def _topic(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    wanted = tuple(dict.fromkeys(value.lower().split(",")))
    for each in wanted:
        if each not in TOPICS:
            near = get_close_matches(each, TOPICS, 1)
            hint = _meant_perhaps(near[0]) if near else _one_of(TOPICS)
            raise QueryError(Phrase('"%(value)s" is no topic', value=each), position=token.position, remedy=hint)
    return Field("topic", wanted)


def _after(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    return When(start=_day(token, value))


def _before(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    return When(end=_day(token, value))


def _day(token: _Token, value: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), time(), timezone.utc)  # noqa: UP017 - reads better beside date and time
    except ValueError:
        raise QueryError(
            Phrase('"%(value)s" is no day', value=value), position=token.position, remedy=Phrase("write it as 2026-09-01")
        ) from None


def _has(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    if value not in _HAS:
        raise QueryError(
            Phrase('"has:%(value)s" is unknown', value=value),
            position=token.position,
            remedy=_one_of([f"has:{known}" for known in _HAS]),
        )
    return Field("has", (value,))


def _story(token: _Token, value: str, _: Mapping[str, University]) -> Query:
    try:
        return Field("story", (str(UUID(value)),))
    except ValueError:
        remedy = Phrase("the id of any article of the story, as in the address of its page")
        raise QueryError(Phrase('"%(value)s" is no id', value=value), position=token.position, remedy=remedy) from None


def _meant_perhaps(near: str) -> Phrase:
    return Phrase('did you mean "%(near)s"?', near=near)


def _one_of(known: Sequence[str]) -> Phrase:
    return Phrase("one of %(known)s", known=", ".join(known))


def _plain(name: str) -> Callable[[_Token, str, Mapping[str, University]], Query]:
    return lambda _token, value, _universities: Field(name, (value,))


_NAMING: dict[str, Callable[[_Token, str, Mapping[str, University], Directory | None], Query]] = {"mentions": _mentions, "about": _about}
_FIELDS: dict[str, Callable[[_Token, str, Mapping[str, University]], Query]] = {
    "university": _university,
    "country": _country,
    "language": _language,
    "source": _plain("source"),
    "topic": _topic,
    "story": _story,
    "title": _worded("title"),
    "author": _worded("authors"),
    "category": _worded("categories"),
    "after": _after,
    "before": _before,
    "has": _has,
}
