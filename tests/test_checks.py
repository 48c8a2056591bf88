from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from aggregator import checks
from aggregator.errors import InputError, ReadError
from aggregator.model import Page, Selectors, Source

FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>North</title>"
    "<item><title>Robots walk</title><link>https://north.example.edu/1</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
    "<item><title>Ice melts</title><link>https://north.example.edu/2</link></item></channel></rss>"
)


@pytest.fixture
def case(tmp_path: Path, a_page: Callable[..., Page], a_source: Callable[..., Source], now: datetime) -> Path:
    return checks.record(tmp_path / "checks", a_page(FEED), a_source(), now=now)


def test_a_case_that_reads_as_it_did_has_no_differences(case: Path) -> None:
    (replayed,) = checks.replay(case.parent, {})

    assert (replayed.source, replayed.entries, replayed.differences) == ("north/news", 2, ())


def test_what_reads_differently_is_told_in_words(case: Path) -> None:
    (case / "page").write_text(FEED.replace("02 Mar", "03 Mar").replace("Ice melts", "Ice grows").replace("edu/2", "edu/3"))

    (replayed,) = checks.replay(case.parent, {})

    assert replayed.differences == (
        "gone: Ice melts",
        "new: Ice grows",
        "published of 'Robots walk': 2026-03-03T09:00:00+00:00, was 2026-03-02T09:00:00+00:00",
    )


def test_another_order_is_a_difference(case: Path) -> None:
    told = json.loads((case / "case.json").read_text())
    told["entries"].reverse()
    (case / "case.json").write_text(json.dumps(told))

    assert [each.differences for each in checks.replay(case.parent, {})] == [("in another order",)]


def test_a_case_is_read_as_its_source_is_configured_now(case: Path, a_source: Callable[..., Source]) -> None:
    configured = a_source(kind="listing", selectors=Selectors("li"))

    (replayed,) = checks.replay(case.parent, {"north/news": configured})

    assert replayed.differences[0].startswith("cannot be read any more")


def test_of_many_differences_the_first_are_told(case: Path) -> None:
    told = json.loads((case / "case.json").read_text())
    told["entries"] = [replace_url(told["entries"][0], n) for n in range(30)]
    (case / "case.json").write_text(json.dumps(told))

    (replayed,) = checks.replay(case.parent, {})

    assert len(replayed.differences) == 11
    assert replayed.differences[-1] == "… and 22 more"


def replace_url(entry: dict[str, str], number: int) -> dict[str, str]:
    return {**entry, "url": f"https://north.example.edu/old/{number}"}


def test_selectors_survive_the_recording(
    tmp_path: Path, a_page: Callable[..., Page], a_source: Callable[..., Source], now: datetime
) -> None:
    source = replace(a_source(), kind="listing", selectors=Selectors("li.x"))
    rows = "<ul>" + "".join(f"<li class='x'><a href='/{n}'>A story with number {n}</a></li>" for n in range(3)) + "</ul>"

    checks.record(tmp_path, a_page(rows), source, now=now)

    assert [(each.entries, each.differences) for each in checks.replay(tmp_path, {})] == [(3, ())]


def test_what_cannot_be_read_is_not_recorded(
    tmp_path: Path, a_page: Callable[..., Page], a_source: Callable[..., Source], now: datetime
) -> None:
    with pytest.raises(ReadError):
        checks.record(tmp_path, a_page("<p>no news</p>"), a_source(), now=now)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"source": {"id": 1, "colour": "red"}}'])
def test_a_broken_case_is_told_with_its_file(case: Path, broken: str) -> None:
    (case / "case.json").write_text(broken)

    with pytest.raises(InputError, match=r"case\.json: is no recorded case"):
        list(checks.replay(case.parent, {}))


def test_a_case_without_its_page_is_told(case: Path) -> None:
    (case / "page").unlink()

    with pytest.raises(InputError, match="cannot be read"):
        list(checks.replay(case.parent, {}))


def test_there_may_be_no_cases(tmp_path: Path) -> None:
    assert list(checks.replay(tmp_path / "checks", {})) == []
