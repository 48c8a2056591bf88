"""Bare pages: nothing has a date, and nothing says what the list is but its titles."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Reading, Source
from aggregator.read import read
from aggregator.text import naming

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)
LISTS = {
    kind: {name: said.splitlines() for name, said in lists.items()}
    for kind, lists in tomllib.loads((Path(__file__).parent / "bare.toml").read_text("utf-8")).items()
}


def _list(titles: Sequence[str]) -> str:
    return "<ul>" + "".join(f'<li><a href="/content/{n}.html">{html.escape(t)}</a></li>' for n, t in enumerate(titles, 1021)) + "</ul>"


def _table(titles: Sequence[str]) -> str:
    rows = (f'<tr><td>{n}</td><td><a href="show.php?id={n + 300}">{html.escape(t)}</a></td></tr>' for n, t in enumerate(titles, 1))
    return "<table>" + "".join(rows) + "</table>"


def _cards(titles: Sequence[str]) -> str:
    return "".join(f'<div class="card"><h3><a href="/node/{n}">{html.escape(t)}</a></h3><p>…</p></div>' for n, t in enumerate(titles, 88))


def _read(shape: Callable[[Sequence[str]], str], titles: Sequence[str], *, title: str = "North University") -> Reading:
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body><div><a href="/">Home</a> <a href="/map">Map</a></div>'
    page = Page("https://north.example.edu/page/44", f"{head}{shape(titles)}</body></html>".encode(), "text/html")
    return read(page, Source("north/news", page.url), now=NOW)


SHAPES = pytest.mark.parametrize("shape", [_list, _table, _cards])


@SHAPES
@pytest.mark.parametrize("name", LISTS["catalogues"])
def test_a_bare_catalogue_is_no_news(name, shape):
    with pytest.raises(ReadError, match="a list of courses, people, departments or papers") as refusal:
        _read(shape, LISTS["catalogues"][name])

    assert "kind: detect" in refusal.value.remedy


@SHAPES
@pytest.mark.parametrize("name", LISTS["news"])
def test_undated_news_in_a_bare_page_is_found(name, shape):
    reading = _read(shape, LISTS["news"][name])

    assert [entry.title for entry in reading.entries] == LISTS["news"][name]


def test_a_row_that_leads_up_is_no_item():
    titles = next(titles for name, titles in LISTS["news"].items() if name.endswith("-en"))
    rows = "".join(f"<p><a href='/news/archive/{n}.pdf'>{html.escape(title)}</a> {n} March 2024</p>" for n, title in enumerate(titles, 1))
    body = f"<html><title>News</title><body><h1>News</h1><div><p><a href='/news/'>Back to all the news of the year</a></p>{rows}</div></body></html>"
    page = Page("https://north.example.edu/news/archive/", body.encode(), "text/html")

    reading = read(page, Source("north/news", page.url), now=NOW)

    assert [entry.title for entry in reading.entries] == titles


def test_a_page_that_calls_its_list_news_is_believed_whatever_the_titles():
    reading = _read(_list, LISTS["catalogues"]["courses-en"], title="News | North University")

    assert len(reading.entries) == len(LISTS["catalogues"]["courses-en"])


def test_what_a_page_calls_news_to_machines_is_believed_whatever_the_titles():
    titles = LISTS["catalogues"]["staff-en"]
    typed = lambda titles: "".join(  # noqa: E731 - a shape
        f"<div itemscope itemtype='https://schema.org/NewsArticle'><a itemprop='url' href='/m/{n}'><b itemprop='headline'>{t}</b></a></div>"
        for n, t in enumerate(titles)
    )

    assert [entry.title for entry in _read(typed, titles).entries] == titles


def test_a_catalogue_with_one_piece_of_news_stays_a_catalogue():
    titles = [*LISTS["catalogues"]["staff-en"], "Professor Okonkwo wins the national prize for bridges"]

    assert naming.name_things(titles)


def test_news_of_professors_and_departments_are_no_catalogue():
    titles = LISTS["news"]["appointments-en"] + LISTS["news"]["department-en"]

    assert not naming.name_things(titles)
    assert naming.tell_news(titles)


def test_nothing_is_no_catalogue():
    assert not naming.name_things([])
    assert not naming.tell_news([])
