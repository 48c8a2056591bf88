"""The pages for people: articles, feeds and sources become HTML by way of ``templates/``. Knows no addresses but those that it is given or that name one thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import accumulate, groupby, takewhile
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import urlencode

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aggregator import query
from aggregator.config import PublishedFeed, typed
from aggregator.errors import Phrase, QueryError
from aggregator.model import Article, Event, FeedDocument, Report, Source, SourceState, Subscription, Topic, University
from aggregator.serve import happenings, plans, problems, stories, subjects
from aggregator.serve.frame import Country, Filters, Frame
from aggregator.serve.speech import SPEECHES, Speech, called, direction, noted, own_name
from aggregator.text import urls


@dataclass(frozen=True, slots=True)
class Chip:
    """A short word that leads somewhere; None: nowhere, because a file answers no questions."""

    text: str
    link: str | None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a list or its own page shows it."""

    article: Article
    university: University | None
    name: str
    """Of its university in the language of the page, else of its source."""
    chips: Sequence[Chip] = ()
    """The universities that it is about or names, for a list."""

    @property
    def day(self) -> date:
        """Under which day it stands."""
        return self.article.at.astimezone(UTC).date()

    @property
    def own_day(self) -> date | None:
        """The day of publication where it happened, when that is another one than the day under which it stands."""
        published = self.article.published
        return published.date() if published and published.date() != self.day else None

    @property
    def host(self) -> str:
        """Where the original is."""
        return urls.host(self.article.url or "").removeprefix("www.")

    @property
    def tongue(self) -> Markup:
        """The attributes that say how its words are written; an unknown language is unknown to the page, too."""
        return Markup('lang="{}" dir="{}"').format(self.article.language or "", direction(self.article.language))

    @property
    def language(self) -> str:
        """What its language is called by those who speak it; empty where nobody knows."""
        return own_name(self.article.language) if self.article.language else ""

    @property
    def summary(self) -> str:
        """As much of it as a list shows."""
        text = self.article.summary or ""
        room = _SUMMARY if text[:_SUMMARY].isascii() else _fitting(text)
        return text if len(text) <= room else f"{text[:room].rstrip(' .,;:…。，、；：')}…"

    @property
    def content(self) -> str:
        """HTML: the text for its own page: cleaned once more at the door, images only when they come into view and without telling where from."""
        cleaned = _CLEANER.clean(self.article.content or "")
        return cleaned.replace("<h1", "<h2").replace("</h1>", "</h2>")  # the page has its own first heading


_SUMMARY = 270
"""Columns, of which a Chinese, Japanese or Korean character takes two: three lines on a wide screen, in any script."""
_LANDMARKS = {"article", "aside", "footer", "header", "hgroup", "nav", "main"}
"""A page has its own."""
_CLEANER = nh3.Cleaner(
    tags=set(nh3.ALLOWED_TAGS) - _LANDMARKS,
    attributes={**nh3.ALLOWED_ATTRIBUTES, "*": {"lang", "dir", "title"}},
    set_tag_attribute_values={"img": {"loading": "lazy", "referrerpolicy": "no-referrer"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)

_MOST_STATES = 1000
"""Sources on the status page: a page of tens of thousands helps nobody, and what is left out does well or fails like many others."""
COUNTED = 1000
"""Articles that a search counts: what is more is "more", for a question can mean everything."""
_SHOWN = 50
"""Articles of a feed that is opened in a browser."""
_URGENCY = ("failing", "gone", "review", "rejected", "silent", "new", "ok", "paused")
"""The order in which operators want to see sources."""
_ALWAYS = ("failing", "ok")
"""How many of these there are is told, though it be none."""
_STATES = {
    "failing": noted("failing"),
    "gone": noted("gone for good"),
    "review": noted("to be reviewed"),
    "rejected": noted("rejected"),
    "silent": noted("silent"),
    "new": noted("not polled yet"),
    "ok": noted("doing well"),
    "paused": noted("paused"),
}
_TOPICS: Mapping[Topic, str] = {
    "news": noted("News"),
    "research": noted("Research"),
    "event": noted("Events"),
    "lecture": noted("Lectures"),
    "notice": noted("Notices"),
    "job": noted("Jobs"),
    "tender": noted("Tenders"),
    "admission": noted("Admission"),
}
_NEVER: datetime = datetime.min.replace(tzinfo=UTC)
_ORDERS: Mapping[str, Callable[[SourceState], Any]] = {
    "state": lambda state: _URGENCY.index(state.standing),
    "source": lambda state: state.source,
    "articles": lambda state: state.articles,
    "success": lambda state: state.last_success or _NEVER,
    "poll": lambda state: state.next_poll or _NEVER,
}
"""By what the status page can be sorted; a minus turns the order round."""


@dataclass(frozen=True, slots=True)
class View:
    """How the sources are to be shown. What is unknown counts for nothing."""

    place: str
    template: str
    order: str = ""
    """A key of the orders, with a minus for the other way round."""
    state: str = ""
    """Sources in this state alone …"""
    find: str = ""
    """… and those with these letters in their id or address."""
    desk: str = ""
    """Where they can be changed; empty: nowhere."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the template shows."""

    @property
    def by(self) -> str:
        return self.order.removeprefix("-") if self.order.removeprefix("-") in _ORDERS else "state"

    @property
    def down(self) -> bool:
        return self.order.startswith("-")

    @property
    def only(self) -> str:
        return self.state if self.state in _URGENCY else ""

    def shows(self, state: SourceState) -> bool:
        wanted = self.find.casefold()
        return (not self.only or state.standing == self.only) and (wanted in state.source.casefold() or wanted in state.url.casefold())

    def asking(self, **other: str) -> str:
        """The address of this view, but for ``other``."""
        said = {"sort": self.order, "state": self.only, "find": self.find} | other
        question = urlencode({name: value for name, value in said.items() if value})
        return f"{self.place}?{question}" if question else self.place

    def sorting(self, key: str) -> str:
        """Its address sorted by that column: the numbers from the top, all else from the bottom, and then the other way round."""
        down = not self.down if self.by == key else key == "articles"
        return self.asking(sort=f"{'-' if down else ''}{key}")


class Pages:
    """One method a page; each gives the whole HTML. ``older`` is the path of the page with what came before, if there is one."""

    def __init__(
        self, universities: Mapping[str, University], sources: Mapping[str, Source], *, listed: Collection[str] | None = None
    ) -> None:
        """``listed``: the universities that readers can choose from; None: all that have a source."""
        self._universities = universities
        self._sources = sources
        self._publishing = {source.university for source in sources.values()}
        self._listed = self._publishing if listed is None else listed
        self._countries: dict[str, Sequence[Country]] = {}

    def countries(self, speech: Speech) -> Sequence[Country]:
        """Every university that has a source, by country."""
        if speech.code not in self._countries:
            self._countries[speech.code] = self._by_country(speech)
        return self._countries[speech.code]

    def filters(self, speech: Speech, languages: Iterable[str]) -> Filters:
        named = sorted(((code, speech.language(code)) for code in languages), key=lambda each: each[1].casefold())
        return Filters(self.countries(speech), named, [(topic, speech.say(name)) for topic, name in _TOPICS.items()])

    def river(self, frame: Frame, articles: Sequence[Article], *, newest: bool, older: str | None) -> str:
        return self.show("river", frame, days=self._days(frame, articles), newest=newest, older=older)

    def university(self, frame: Frame, university: University, articles: Sequence[Article], *, newest: bool, older: str | None) -> str:
        return self.show("university", frame, university=university, days=self._days(frame, articles), newest=newest, older=older)

    def search(
        self,
        frame: Frame,
        question: str,
        articles: Sequence[Article],
        *,
        older: str | None,
        found: int = 0,
        error: QueryError | None = None,
    ) -> str:
        """``found``: how many there are in all, or one more than are counted; 0: nobody counted."""
        days = self._days(frame, articles)
        return self.show("search", frame, question=question, days=days, older=older, found=found, most=COUNTED, error=error)

    def builder(self, frame: Frame, question: str, articles: Sequence[Article], *, error: QueryError | None = None) -> str:
        """``articles``: the first that the feed would hold. Without a ``question`` nothing is chosen yet."""
        return self.show("builder", frame, question=question, days=self._days(frame, articles), error=error)

    def feed(
        self, frame: Frame, document: FeedDocument, address: str, own: str, media_type: str, *, happened: Sequence[Event] | None = None
    ) -> str:
        """A feed for those who open it in a browser. ``address``: what they can subscribe to; ``own``: its own, where it is a page of the archive.
        ``happened``: in place of articles, which such events are for readers alone.
        """
        raw = f"{own}{'&' if '?' in own else '?'}raw=1"
        return self.show(
            "feed" if happened is None else "events",
            frame,
            happened=[(day, list(of_day)) for day, of_day in groupby(happened or (), key=lambda event: event.at.astimezone(UTC).date())],
            happenings=happenings.WORDS,
            document=document,
            address=address,
            raw=raw,
            media_type=media_type,
            days=self._days(frame, document.articles[:_SHOWN]),
        )

    def article(self, frame: Frame, article: Article, reports: Sequence[Report] = ()) -> str:
        """``reports``: where else it stands, and who else tells of it."""
        categories = [
            Chip(name, None if frame.still else frame.to(_categorized(name))) for name in article.tags if any(map(str.isalnum, name))
        ]
        told = [(report, self._teller(frame.speech, report), direction(report.language)) for report in reports]
        return self.show(
            "article", frame, row=self._row(frame, article), named=self._named(frame, [article]), categories=categories, reports=told
        )

    def story(self, frame: Frame, articles: Sequence[Article]) -> str:
        """All reports of one story, the first one first."""
        return self.show("story", frame, rows=[self._row(frame, article) for article in articles], named=self._named(frame, articles))

    def feeds(self, frame: Frame, feeds: Sequence[PublishedFeed], formats: Mapping[str, str]) -> str:
        """``formats``: extension → what people call it. On a large wire the feed of a university is found on its own page."""
        countries = self.countries(frame.speech)
        return self.show("feeds", frame, feeds=feeds, countries=countries, formats=formats, short=Filters(countries, ()).short)

    def status(
        self,
        frame: Frame,
        states: Sequence[SourceState],
        pushes: Mapping[str, Subscription],
        facts: Sequence[tuple[str, str]],
        view: View,
    ) -> str:
        """``pushes``: what has been asked of hubs, by source. ``facts``: how the daemon does."""
        watched = sorted((state for state in states if state.active), key=lambda state: state.source)
        watched.sort(key=_ORDERS[view.by], reverse=view.down)
        every: Counter[str] = Counter(state.standing for state in watched)
        counts = [(standing, every[standing]) for standing in _URGENCY if every[standing] or standing in (*_ALWAYS, view.only)]
        shown = [state for state in watched if view.shows(state)]
        return self.show(
            view.template,
            frame,
            view=view,
            states=shown[:_MOST_STATES],
            left_out=len(shown[_MOST_STATES:]),
            counts=counts,
            pushes=pushes,
            reasons={state.source: self._reasons(frame.speech, state, pushes.get(state.source)) for state in shown[:_MOST_STATES]},
            facts=facts,
            titles={state: frame.speech.say(title) for state, title in _STATES.items()},
            **view.more,
        )

    def _reasons(self, speech: Speech, state: SourceState, push: Subscription | None) -> tuple[str, str]:
        """Why it is polled when it is, and how much it publishes."""
        rhythm = plans.rhythm(state)
        return speech.phrase(plans.why(state, self._sources.get(state.source), push)), speech.phrase(rhythm) if rhythm else ""

    def message(self, frame: Frame, words: tuple[str, str]) -> str:
        """A heading and a sentence."""
        return self.show("message", frame, heading=words[0], words=words[1])

    def show(self, name: str, frame: Frame, **values: object) -> str:
        """The template of that name."""
        return _templates(frame.speech.code).get_template(f"{name}.html").render(frame=frame, **values)

    def _days(self, frame: Frame, articles: Iterable[Article]) -> list[tuple[date, list[Row]]]:
        rows = [self._row(frame, article) for article in articles]
        return [(day, list(of_day)) for day, of_day in groupby(rows, key=lambda row: row.day)]

    def _row(self, frame: Frame, article: Article) -> Row:
        source = self._sources.get(article.source)
        university = self._universities.get(article.university or "")
        name = (source.title or urls.host(source.url)) if source else ""
        chips = self._named(frame, [article])[: subjects.IN_A_LIST]
        return Row(article, university, called(university, frame.speech) if university else name, chips)

    def _named(self, frame: Frame, articles: Iterable[Article]) -> Sequence[Chip]:
        """The universities that they are about and that they name. In files each leads to its page, if it has one."""
        return [
            Chip(each.name, self._more_of(frame, each), each.about)
            for each in subjects.subjects(articles, self._universities, frame.speech)
        ]

    def _more_of(self, frame: Frame, subject: subjects.Subject) -> str | None:
        if not frame.still:
            return frame.to(subjects.place(subject))
        return frame.to(f"/universities/{subject.university}/") if subject.university in self._publishing else None

    def _teller(self, speech: Speech, report: Report) -> str:
        """Who tells it: the university in the language of the page, else the source."""
        university = self._universities.get(report.university or "")
        return called(university, speech) if university else stories.name(report, self._sources)

    def _by_country(self, speech: Speech) -> Sequence[Country]:
        found: dict[str, list[tuple[University, str]]] = defaultdict(list)
        for each in self._universities.values():
            if each.id in self._listed:
                found[each.country or ""].append((each, called(each, speech)))
        named = [
            Country(code, speech.country(code) if code else speech.say("Elsewhere"), sorted(those, key=lambda pair: pair[1].casefold()))
            for code, those in found.items()
        ]
        return sorted(named, key=lambda country: (not country.code, country.name.casefold()))


def _fitting(text: str) -> int:
    """How many of its characters fit into a summary."""
    widths = accumulate(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return sum(1 for _ in takewhile(lambda width: width <= _SUMMARY, widths))


def _categorized(name: str) -> str:
    """Where everything of a category is found."""
    question = f"category:{query.quoted(name)}"
    return f"/search?{urlencode({'q': question})}"


def _marked(error: QueryError, question: str) -> Iterator[str]:
    """The question in three pieces: before, at and after the place that cannot be understood."""
    word = question[error.position :].split(" ", 1)[0] or " "
    yield from (question[: error.position], word, question[error.position + len(word) :])


def _sentence(phrase: Phrase, speech: Speech) -> str:
    """Begins and ends as a sentence does."""
    said = speech.phrase(phrase)
    stop = "" if said[-1] in ".?!。？！" else "。" if speech.code == "zh" else "."
    return f"{said[0].upper()}{said[1:]}{stop}"


def _zone(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if moment.utcoffset() else "UTC"


@cache
def _templates(code: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("aggregator.serve"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(SPEECHES[code].words, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"zone": _zone, "marked": _marked, "sentence": _sentence, "problem": problems.spoken, "typed": typed.typed}
    return environment
