"""What the readers make of the campus: the demonstration is only worth its name if every site comes out whole."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.demo.sites import SITES, Site, is_redesigned, pages
from aggregator.model import Page, Source
from aggregator.read import read
from aggregator.read.article import extract

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ADDRESSES = {site.name: f"http://{site.name}.example" for site in SITES}
ZONES = {"hit": "Asia/Shanghai", "bauman": "Europe/Moscow", "yunhe": "Asia/Shanghai", "tannwald": "Europe/Berlin"}
DEMO = Path(__file__).parents[2] / "aggregator" / "demo"
DESIGNS = [(site, redesigned) for site in SITES if not site.down for redesigned in ([False, True] if is_redesigned(site) else [False])]


def told(site: Site, *, redesigned: bool) -> list[tuple[str, date]]:
    folders = [DEMO / "redesign" / site.name] * redesigned + [DEMO / "sites" / site.name]
    items = [item for folder in folders for item in tomllib.loads((folder / "news.toml").read_text(encoding="utf-8"))["item"]]
    return [(item["title"], item["at"].date() if isinstance(item["at"], datetime) else item["at"]) for item in items]


def page(site: Site, path: str, *, redesigned: bool = False) -> Page:
    reply = pages(site, ADDRESSES, redesigned=redesigned)[path]
    return Page(ADDRESSES[site.name] + path, reply.body, reply.content_type)


def source(site: Site) -> Source:
    return Source(site.name, ADDRESSES[site.name] + site.news, timezone=ZONES.get(site.name))


@pytest.mark.parametrize(("site", "redesigned"), DESIGNS, ids=lambda value: getattr(value, "name", "redesigned" if value else "first"))
def test_every_site_is_read_without_a_hint_with_all_its_news_and_days(*, site: Site, redesigned: bool) -> None:
    reading = read(page(site, site.news, redesigned=redesigned), source(site), now=NOW)

    assert [entry.title for entry in reading.entries] == [title for title, _ in told(site, redesigned=redesigned)]
    days = [(entry.published or NOW).date() for entry in reading.entries]
    assert all(abs((said - day).days) <= 1 for said, (_, day) in zip(days, told(site, redesigned=redesigned), strict=True))


@pytest.mark.parametrize("name", ZONES)
def test_article_pages_give_title_day_and_every_paragraph_and_nothing_of_the_notice_below(name: str) -> None:
    site = next(site for site in SITES if site.name == name)
    table = tomllib.loads((DEMO / "sites" / name / "news.toml").read_text(encoding="utf-8"))

    for item in table["item"]:
        entry = extract(page(site, item["path"].format(at=item["at"])), source(site), now=NOW)

        assert entry.title == item["title"]
        assert entry.published is not None
        assert entry.published.strftime("%Y-%m-%d") == item["at"].strftime("%Y-%m-%d")
        assert entry.text is not None
        assert entry.text.endswith(item["text"].strip())
        assert table["notice"] not in entry.text


def test_the_exchange_with_bauman_comes_out_with_its_byline_and_its_four_paragraphs() -> None:
    site = SITES[0]

    entry = extract(page(site, "/news/4101"), source(site), now=NOW)

    assert entry.authors == ("HIT All media (International Cooperation Department/text)",)
    assert entry.text is not None
    assert len(entry.text.split("\n\n")) == 4
