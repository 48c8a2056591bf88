"""Cases of an operator's own sources: recorded over the network, replayed without it."""

from __future__ import annotations

import asyncio
import json

import pytest

from aggregator import scout
from aggregator.config import load
from aggregator.errors import FetchError

SUBJECTS = ("A bridge of ice opens on the river", "Robots learn to skate in winter", "Choir of the university sings abroad")


def page(row: str) -> str:
    rows = "".join(row.format(url=f"/news/{n}.html", title=title, day=f"2026-02-{20 - n}") for n, title in enumerate(SUBJECTS))
    return f"<html><body><h1>News</h1><div class='news'>{rows}</div></body></html>"


ROW = "<div class='row'><a href='{url}'>{title}</a> <time>{day}</time></div>"


def test_a_recorded_source_is_checked_without_its_site_and_an_edit_that_reads_it_otherwise_is_told(office, site):
    address = site.says("/list", page(ROW))
    office.university("north", {"url": address, "id": "north/news"})

    wrote = office.run("record", "north/news")
    site.close()

    assert "wrote" in wrote.stdout
    assert "1 recorded case, 0 of them" in office.run("check").stdout
    (told,) = (office.config / "checks").rglob("case.json")
    case = json.loads(told.read_text())
    case_text = json.dumps(case)
    assert all(title in case_text for title in SUBJECTS)
    office.university("north", {"url": address, "id": "north/news", "items": "div.row:nth-child(2)"})
    changed = office.run("check", status=1)
    assert "1 recorded case, 1 of them" in changed.stdout + changed.stderr


def test_record_says_what_keeps_it_from_a_page_and_writes_nothing(office, site):
    site.says("/robots.txt", "User-agent: *\nDisallow: /list\n", "text/plain")
    office.university("north", {"url": site.says("/list", page(ROW)), "id": "north/news"})

    done = office.run("record", "north/news", status=1)

    assert "robots.txt" in done.stderr
    assert site.visits("/list") == 0
    assert not (office.config / "checks").exists()


def test_todays_page_is_that_of_where_the_source_has_moved(office, site):
    office.university("north", {"url": site.fails("/old", 404), "id": "north/news"})
    settings = load(office.config, {})
    source = settings.sources["north/news"]
    there = site.says("/new", page(ROW))

    found = asyncio.run(scout.page_of(source, settings, there))

    assert (found.url, site.visits("/old")) == (there, 0)
    assert SUBJECTS[0].encode() in found.body
    with pytest.raises(FetchError, match="404"):
        asyncio.run(scout.page_of(source, settings, None))
