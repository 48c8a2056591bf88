"""The pages for people: articles, feeds and sources become HTML by way of ``templates/``. Knows no addresses but those that it is given or that name one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from urllib.parse import urlsplit

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator.config import PublishedFeed
from aggregator.errors import QueryError
from aggregator.model import Article, Report, Source, SourceState, Subscription, University
from aggregator.serve import stories
from aggregator.text import urls


@dataclass(frozen=True, slots=True)
class Alternate:
    """A feed of the same matter as a page."""

    title: str
    media_type: str
    address: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    site: str
    """The title of the site."""
    base: str
    """Its address."""
    title: str
    """Of the page; empty for the site's own."""
    alternates: Sequence[Alternate] = ()
    question: str = ""
    """What stands in the search field."""

    @property
    def root(self) -> str:
        """The path under which the site lives; mostly empty."""
        return urlsplit(self.base).path


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a list or its own page shows it."""

    article: Article
    university: University | None
    source: str
    """The name of its source."""

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
    def language(self) -> str:
        """What its language is called by those who speak it; empty where nobody knows."""
        code = self.article.language or ""
        return LANGUAGES.get(code.partition("-")[0].lower(), code)

    @property
    def content(self) -> str:
        """HTML: the text for its own page: cleaned once more at the door, images only when they come into view and without telling where from."""
        cleaned = _CLEANER.clean(self.article.content or "")
        return cleaned.replace("<h1", "<h2").replace("</h1>", "</h2>")  # the page has its own first heading


_LANDMARKS = {"article", "aside", "footer", "header", "hgroup", "nav", "main"}
"""A page has its own."""
_CLEANER = nh3.Cleaner(
    tags=set(nh3.ALLOWED_TAGS) - _LANDMARKS,
    attributes={**nh3.ALLOWED_ATTRIBUTES, "*": {"lang", "dir", "title"}},
    set_tag_attribute_values={"img": {"loading": "lazy", "referrerpolicy": "no-referrer"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)

LANGUAGES = {
    "ar": "العربية", "be": "Беларуская", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "gl": "Galego",
    "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն", "id": "Bahasa Indonesia", "is": "Íslenska", "it": "Italiano",
    "ja": "日本語", "ka": "ქართული", "kk": "Қазақша", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "mn": "Монгол", "ms": "Bahasa Melayu",
    "nb": "Norsk bokmål", "nl": "Nederlands", "nn": "Norsk nynorsk", "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский",
    "sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
    "uz": "Oʻzbekcha", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""Languages by ISO 639-1 code, in their own words."""

_MOST_STATES = 1000
"""Sources on the status page: a page of tens of thousands helps nobody, and what is left out does well or fails like many others."""
_URGENCY = ("failing", "gone", "new", "ok")
"""The order in which operators want to see sources."""


class Pages:
    """One method a page; each gives the whole HTML. ``older`` is the path of the page with what came before, if there is one."""

    def __init__(self, universities: Mapping[str, University], sources: Mapping[str, Source]) -> None:
        self._universities = universities
        self._sources = sources

    def river(self, frame: Frame, articles: Sequence[Article], *, newest: bool, older: str | None) -> str:
        return self._show("river", frame, days=self._days(articles), newest=newest, older=older)

    def university(self, frame: Frame, university: University, articles: Sequence[Article], *, newest: bool, older: str | None) -> str:
        return self._show("university", frame, university=university, days=self._days(articles), newest=newest, older=older)

    def search(self, frame: Frame, articles: Sequence[Article], *, older: str | None, error: QueryError | None = None) -> str:
        """The question itself is in the frame."""
        return self._show("search", frame, days=self._days(articles), older=older, error=error)

    def article(self, frame: Frame, article: Article, reports: Sequence[Report] = ()) -> str:
        """``reports``: where else it stands, and who else tells of it."""
        told = [(report, stories.name(report, self._sources)) for report in reports]
        return self._show("article", frame, row=self._row(article), reports=told)

    def story(self, frame: Frame, articles: Sequence[Article]) -> str:
        """All reports of one story, the first one first."""
        return self._show("story", frame, rows=[self._row(article) for article in articles])

    def feeds(self, frame: Frame, feeds: Sequence[PublishedFeed], universities: Sequence[University], formats: Mapping[str, str]) -> str:
        """``formats``: extension → what people call it."""
        return self._show("feeds", frame, feeds=feeds, universities=universities, formats=formats)

    def status(self, frame: Frame, states: Sequence[SourceState], pushes: Mapping[str, Subscription], health: Mapping[str, object]) -> str:
        """``pushes``: what has been asked of hubs, by source."""
        watched = sorted((state for state in states if state.active), key=lambda state: (_URGENCY.index(state.state), state.source))
        counts = [(state, sum(each.state == state for each in watched)) for state in _URGENCY]
        return self._show(
            "status",
            frame,
            states=watched[:_MOST_STATES],
            left_out=len(watched[_MOST_STATES:]),
            counts=counts,
            pushes=pushes,
            health=health,
        )

    def message(self, frame: Frame, words: tuple[str, str]) -> str:
        """A heading and a sentence."""
        return self._show("message", frame, heading=words[0], words=words[1])

    def _show(self, name: str, frame: Frame, **values: object) -> str:
        return _TEMPLATES.get_template(f"{name}.html").render(frame=frame, **values)

    def _days(self, articles: Sequence[Article]) -> list[tuple[date, list[Row]]]:
        return [(day, list(rows)) for day, rows in groupby(map(self._row, articles), key=lambda row: row.day)]

    def _row(self, article: Article) -> Row:
        source = self._sources.get(article.source)
        name = (source.title or urls.host(source.url)) if source else ""
        return Row(article, self._universities.get(article.university or ""), name)


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "never"


def _told(value: object) -> str:
    """What a health report says, in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _moment(value) if isinstance(value, datetime) else str(value)


def _zone(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if moment.utcoffset() else "UTC"


def _size(length: int) -> str:
    value = float(length)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def _marked(error: QueryError, question: str) -> Iterator[str]:
    """The question in three pieces: before, at and after the place that cannot be understood."""
    word = question[error.position :].split(" ", 1)[0] or " "
    yield from (question[: error.position], word, question[error.position + len(word) :])


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("aggregator.serve"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": _day, "moment": _moment, "zone": _zone, "told": _told, "size": _size, "marked": _marked}
    return environment


_TEMPLATES = _environment()
