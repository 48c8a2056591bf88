"""Pages that list news, one folder of data each: what a page holds, and what must be read from it."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read import read

CASES = Path(__file__).parent / "cases" / "listing"
NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)


def _case(name: str) -> tuple[Page, dict[str, Any]]:
    expected = json.loads((CASES / name / "expected.json").read_text("utf-8"))
    return Page(expected["url"], (CASES / name / "page.html").read_bytes(), "text/html"), expected


NAMES = sorted(folder.name for folder in CASES.iterdir())
LISTS = [name for name in NAMES if "entries" in _case(name)[1]]
REFUSED = [name for name in NAMES if "refused" in _case(name)[1]]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_in_full(name):
    page, expected = _case(name)

    reading = read(page, Source("north/news", page.url), now=NOW)

    assert [entry.url for entry in reading.entries] == [entry["url"] for entry in expected["entries"]]
    for entry, wanted in zip(reading.entries, expected["entries"], strict=True):
        assert entry.title == wanted["title"]
        if "published" in wanted:
            assert entry.published is not None
            assert entry.published.date().isoformat() == wanted["published"]
        for field in ("image", "summary"):
            assert field not in wanted or getattr(entry, field) == wanted[field]
    assert reading.reader == expected.get("reader", reading.reader)


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_without_news_is_refused_and_says_what_it_looks_like(name):
    page, expected = _case(name)

    with pytest.raises(ReadError) as refusal:
        read(page, Source("north/news", page.url), now=NOW)

    assert expected["refused"] in refusal.value.message
    assert page.url in refusal.value.message
    assert refusal.value.remedy


@pytest.mark.parametrize("name", LISTS)
def test_each_entry_tells_where_its_fields_come_from(name):
    page, _ = _case(name)

    reading = read(page, Source("north/news", page.url), now=NOW)

    for entry in reading.entries:
        assert entry.provenance["title"].startswith(reading.reader.partition(":")[0])
        assert ("published" in entry.provenance) == (entry.published is not None)


def test_the_attempts_begin_with_the_winner_and_tell_why_the_others_lost():
    page, _ = _case("webplus")

    reading = read(page, Source("north/news", page.url), now=NOW)

    assert reading.attempts[0].reader == "cms:webplus"
    assert {attempt.reader for attempt in reading.attempts} >= {"structured", "detect"}
    assert all(attempt.reason for attempt in reading.attempts)


def test_what_describes_only_a_part_of_the_list_does_not_win():
    page, expected = _case("date-at-the-end-of-the-link")
    two = [{"@type": "NewsArticle", "headline": entry["title"], "url": entry["url"]} for entry in expected["entries"][:2]]
    body = page.body.replace(b"</head>", f'<script type="application/ld+json">{json.dumps(two)}</script></head>'.encode())

    reading = read(Page(page.url, body, "text/html"), Source("north/news", page.url), now=NOW)

    assert reading.reader == "detect"
    assert len(reading.entries) == len(expected["entries"])


def test_structured_data_cannot_make_news_of_an_error_page():
    two = [{"@type": "NewsArticle", "headline": f"Bridge {number}", "url": f"/n/{number}"} for number in (1, 2)]
    body = (
        f'<html><head><title>404 Not Found</title><script type="application/ld+json">{json.dumps(two)}</script></head><body></body></html>'
    )

    with pytest.raises(ReadError, match="not found"):
        read(Page("https://north.example.edu/x", body.encode(), "text/html"), Source("north/news", "https://north.example.edu/x"), now=NOW)


def test_a_refusal_survives_the_way_between_processes():
    page, _ = _case("soft-404-with-consolation")

    with pytest.raises(ReadError) as refusal:
        read(page, Source("north/news", page.url), now=NOW)

    copy = pickle.loads(pickle.dumps(refusal.value))
    assert (copy.message, copy.remedy) == (refusal.value.message, refusal.value.remedy)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0..JFIF", "image"),
        (b"GIF89a....", "image"),
        (b"PK\x03\x04....", "archive"),
        (b"\x1f\x8b\x08....", "compressed"),
    ],
)
def test_what_is_no_page_is_named(body, said):
    with pytest.raises(ReadError, match=said):
        read(Page("https://north.example.edu/news", body), Source("north/news", "https://north.example.edu/news"), now=NOW)


def test_ten_thousand_rows_are_cut_to_the_first_five_hundred():
    rows = "".join(f'<li><a href="/news/{number}">Headline number {number} of a very long page</a></li>' for number in range(10_000))
    page = Page("https://north.example.edu/news", f"<html><body><ul class=news>{rows}</ul></body></html>".encode(), "text/html")

    reading = read(page, Source("north/news", page.url), now=NOW)

    assert len(reading.entries) == 500
    assert reading.entries[0].url == "https://north.example.edu/news/0"


@pytest.mark.corpus
def test_lists_of_the_corpus_stay_above_their_floors():
    shared = Path(__file__).parents[3] / "shared"
    if not (shared / "corpus" / "listings").is_dir():
        pytest.skip("the corpus of listing pages is not here")
    floors = ["f1=0.98", "pages_95=0.94", "title_exact=0.99", "date=0.99", "by_kind.university.f1=0.99", "by_kind.court.f1=0.78"]
    command = [sys.executable, str(shared / "score" / "listings.py"), str(shared / "corpus" / "listings"), "--jobs", "1"]

    scored = subprocess.run(
        [*command, *(word for floor in floors for word in ("--min", floor)), "--max", "crashed=0"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )

    assert scored.returncode == 0, scored.stdout[-2000:] + scored.stderr[-2000:]
