"""Lists of feeds: `import` and `export`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed import NORTH, Run

from aggregator.config import load

OPML = """<opml version="2.0"><body>
<outline text="North again" xmlUrl="http://www.north.example.edu/feed.xml/"/><outline text="South" xmlUrl="https://south.org/rss" htmlUrl="https://south.org/"/>
</body></opml>"""


def test_outlines_that_name_no_address_of_the_web_are_told_when_a_list_is_taken_over(run: Run, folder: Path) -> None:
    (folder / "feeds.opml").write_text(
        '<opml><body>\n<outline text="Odd" xmlUrl="javascript:alert(1)"/><outline text="Folder"/></body></opml>'
    )

    result = run("import", "feeds.opml")

    assert result.exit_code == 1
    assert "left out: feeds.opml: line 2: Odd: 'javascript:alert(1)' is no http or https address" in result.output
    assert "Folder" not in result.output


def test_feeds_of_another_reader_are_taken_over_once(run: Run, folder: Path) -> None:
    (folder / "feeds.opml").write_text(OPML)

    first, second = run("import", "feeds.opml"), run("import", "feeds.opml")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("1 of 2 feeds added, in 1 file; 1 was configured already\n")
    assert second.output.startswith("0 of 2 feeds added, in 0 files")
    assert [source.url for source in load(folder / "config", {}).sources.values()] == [
        "https://north.example.edu/feed.xml",
        "https://south.org/rss",
    ]
    assert (folder / "config" / "universities" / "north.yaml").read_text() == NORTH


def test_what_is_exported_is_imported_elsewhere(run: Run, folder: Path) -> None:
    exported = run("export")
    (folder / "feeds.opml").write_text(exported.stdout)
    (folder / "new").mkdir()

    imported = run("import", "feeds.opml", "--config", "new")

    assert (exported.exit_code, imported.exit_code) == (0, 0)
    assert exported.stdout.startswith("<?xml")
    assert [source.url for source in load(folder / "new", {}).sources.values()] == ["https://north.example.edu/feed.xml"]


@pytest.mark.parametrize("content", [None, "no xml", "<rss/>"])
def test_what_is_no_list_of_feeds_changes_nothing(run: Run, folder: Path, content: str | None) -> None:
    if content is not None:
        (folder / "feeds.opml").write_text(content)

    result = run("import", "feeds.opml")

    assert result.exit_code == 2
    assert "feeds.opml" in result.stderr
    assert [path.name for path in (folder / "config" / "universities").iterdir()] == ["north.yaml"]


def test_a_list_without_feeds_is_told(run: Run, folder: Path) -> None:
    (folder / "feeds.opml").write_text('<opml><body><outline text="Folder"/></body></opml>')

    result = run("import", "feeds.opml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "feeds.opml holds no feeds" in result.stderr
