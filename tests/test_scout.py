"""Finding the news of a site for a person, who may have given any address of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from aggregator import scout, show
from aggregator.config import defaults
from aggregator.errors import FetchError, ReadError, SourceError, Unreachable
from aggregator.fetch.failures import refused_status
from aggregator.model import Page
from aggregator.scout import Found, Search

SITE = "https://north.example.edu"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = "".join(
    f'<li><a href="/news/{number}.html">The observatory sees comet number {number} at last</a> <time>2026-02-{number:02}</time></li>'
    for number in range(10, 20)
)
FRONT = f'<html><head><title>Home - Northwood University</title></head><body><nav><a href="/news/">News</a></nav><ul>{"<li>x</li>" * 3}</ul></body></html>'
NEWS = f"<html><head><title>News</title></head><body><h1>News</h1><ul>{ROWS}</ul></body></html>"
STORY = f"<html><head><title>A comet is seen</title></head><body><nav><a href='/news/'>All news</a></nav><article><h1>A comet is seen</h1><time datetime='2026-02-01'>1 February 2026</time>{'<p>The observatory has seen a comet, which came back after seventy years, and everybody on the hill was there to look at it.</p>' * 9}</article></body></html>"


class Site:
    """Answers with what it was given; all else is missing. ``reached``: the schemes that it answers to."""

    def __init__(self, *, reached: str = "https", **pages: bytes | str) -> None:
        self.pages = {"/": FRONT, "/news/": NEWS} | {f"/{name.replace('_', '/')}": body for name, body in pages.items()}
        self.reached = reached
        self.asked: list[str] = []

    async def fetch(self, url: str, *, despite_robots: bool = False) -> Any:
        self.asked.append(url)
        scheme, _, rest = url.partition("://")
        if scheme != self.reached:
            raise Unreachable(f"{url} refused the connection", url=url)
        body = self.pages.get("/" + rest.partition("/")[2])
        if body is None:
            raise refused_status(404, url, retry_after=None)
        return SimpleNamespace(page=Page(url, body if isinstance(body, bytes) else body.encode(), content_type=None))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


class Inline:
    def __init__(self, _workers: int = 1) -> None: ...

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


def found(site: Site, url: str) -> Found:
    return asyncio.run(Search(site, Inline(), NOW).find(url))  # type: ignore[arg-type]


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Site, Callable[..., Any], str], Any]:
    """What a function of ``scout`` says of an address on this site."""

    def ask(site: Site, function: Callable[..., Any], *words: Any) -> Any:
        monkeypatch.setattr(scout, "fetcher_for", lambda _settings: site)
        monkeypatch.setattr(scout, "Offload", Inline)
        return asyncio.run(function(*words, defaults(tmp_path)))

    return ask


@pytest.mark.parametrize(
    "place",
    ["/old/news.html", "/plan.pdf", "/empty.html"],
    ids=["an address that is gone", "a PDF document", "an empty page"],
)
def test_what_is_no_page_leads_to_the_front_page_of_its_site(place: str) -> None:
    site = Site(**{"plan.pdf": b"%PDF-1.7 xxx", "empty.html": b"  \n"})

    news = found(site, SITE + place)

    assert news.url == f"{SITE}/news/"
    assert f"{SITE}/" in site.asked


def test_what_was_found_says_when_it_was_seen_and_what_the_site_calls_itself() -> None:
    news = found(Site(), f"{SITE}/")

    assert news.source == {"url": f"{SITE}/news/", "verified": NOW.date()}
    assert news.site_title == "Northwood University"


def test_where_nothing_is_found_each_answer_is_told_once() -> None:
    site = Site()
    del site.pages["/news/"]

    with pytest.raises(ReadError) as caught:
        found(site, f"{SITE}/gone")

    told = caught.value.message.split("\n")
    assert told[0] == f"{SITE}/gone: no news found"
    assert [line.count("/gone") for line in told[1:] if "answers 404" in line] == [1]
    assert caught.value.message.count(SITE) == 1
    assert "aggregator add" not in (caught.value.remedy or "")


def test_a_site_that_cannot_be_reached_is_told_as_that() -> None:
    with pytest.raises(Unreachable):
        found(Site(reached="gopher"), f"{SITE}/")


@pytest.mark.parametrize("said", ["north.example.edu", "north.example.edu:8080", " north.example.edu/about "])
def test_an_address_without_a_scheme_is_tried_with_https_and_then_with_http(asking: Any, said: str) -> None:
    site = Site(reached="http")

    assert asking(site, scout.find, said).url.startswith("http://north.example.edu")
    assert site.asked[0].startswith("https://north.example.edu")


def test_where_neither_scheme_is_answered_the_first_answer_counts(asking: Any) -> None:
    with pytest.raises(FetchError) as caught:
        asking(Site(reached="gopher"), scout.find, "north.example.edu")

    assert caught.value.url.startswith("https://")


@pytest.mark.parametrize("said", ["ftp://north.example.edu/", "mailto:news@north.example.edu", "not an address", "file:///etc/passwd"])
@pytest.mark.parametrize("function", [scout.find, lambda said, settings: scout.look(said, None, settings)], ids=["find", "look"])
def test_what_is_no_address_of_the_web_is_not_asked_for(asking: Any, function: Any, said: str) -> None:
    site = Site()

    with pytest.raises(SourceError, match="address"):
        asking(site, function, said)

    assert site.asked == []


def test_a_single_article_is_told_with_why_it_is_no_list_and_where_the_news_are(asking: Any, capsys: pytest.CaptureFixture[str]) -> None:
    look = asking(Site(story=STORY), lambda url, settings: scout.look(url, None, settings), "north.example.edu/story")
    show.preview(look, as_json=False)

    told = capsys.readouterr().out
    assert look.reading is None
    assert look.why
    assert f"not chosen: {look.why}" in told
    assert f"aggregator preview {SITE}/news/" in told
    assert f"aggregator add {SITE}/story" in told


def test_what_a_site_says_in_other_languages_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    links = (
        "<a href='/ru/'>RU</a> <a href='/zh/'>中文</a> <a href='/en/'>English</a> <a href='/it/'>Information technology</a> <a href='/kaz' hreflang='kk'>Q</a>"
        " <a href='https://elsewhere.example.org/fr/'>FR</a>"
    )
    front = FRONT.replace("<html>", "<html lang='en'>").replace("<nav>", f"<nav>{links}")

    result = found(Site(**{"": front}), f"{SITE}/")

    assert result.tongues == (f"{SITE}/ru/", f"{SITE}/zh/", f"{SITE}/kaz")
    show.found(result)
    assert f"  not looked at, in another language: aggregator add {SITE}/ru/\n" in capsys.readouterr().out
