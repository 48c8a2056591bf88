"""`preview`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest
from typed import Run

FEED = "<rss version='2.0'><channel><title>North</title><item><title>Ice</title><link>/1.html</link><description>Robots walk.</description></item></channel></rss>"


class Inline:
    """Reads in this process: starting another takes longer than all of the test."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_preview_shows_a_file_as_it_would_be_published(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.scout.Offload", Inline)
    (folder / "feed.xml").write_text(FEED)

    people, programs = run("preview", "feed.xml", "--url", "https://north.example.edu/feed.xml"), run("preview", "feed.xml", "--json")

    assert (people.exit_code, programs.exit_code) == (0, 0)
    assert "1 article, read by feed: North" in people.output
    assert "https://north.example.edu/1.html" in people.output
    assert [article["title"] for article in json.loads(programs.stdout)["articles"]] == ["Ice"]
    assert not (folder / "wire.db").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("feed.xml", "<rss version='2.0'><channel><title>North</title></channel></rss>", "0 articles, read by feed: North"),
        (
            "page.html",
            f"<title>Ice</title><h1>Ice</h1><article>{'<p>The ice on the river is thick, and carries robots.</p>' * 9}</article>",
            "a single article",
        ),
    ],
    ids=["a feed without entries", "a single article"],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_preview_of_a_page_without_news_shows_it_and_fails(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, said: str, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr("aggregator.scout.Offload", Inline)
    (folder / name).write_text(content)

    result = run("preview", name, *options)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["url"] if options else said in result.stdout


def test_preview_of_what_is_neither_file_nor_address_fails(run: Run) -> None:
    result = run("preview", "nowhere.xml")

    assert result.exit_code == 1
    assert "neither a file that exists nor an address" in result.stderr


def test_preview_of_an_empty_file_says_so_and_what_to_try(run: Run, folder: Path) -> None:
    (folder / "empty.html").write_text("\n")

    result = run("preview", "empty.html")

    assert result.exit_code == 1
    assert result.stderr == "error: empty.html: the file is empty\n  try: save the page or feed again, or give its address\n"
