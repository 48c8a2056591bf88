"""What a list of feeds from elsewhere adds to a configuration: whose each feed is, and what a new university is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from aggregator.config import Settings, edit, load
from aggregator.config.brought import additions_of, whose
from aggregator.config.opml import Subscription, listing, parse
from aggregator.publish import render

NORTH = """\
name: North University
country: NO
home: https://www.north.example.edu/
sources:
  - url: https://news.north.example.edu/feed
"""


@pytest.fixture
def directory(folder: Callable[..., Path]) -> Path:
    return folder(north=NORTH)


def take(directory: Path, feeds: Iterable[Subscription]) -> Settings:
    edit.add(directory, additions_of(feeds, load(directory, {})), check=lambda: load(directory, {}))
    return load(directory, {})


def test_imported_feeds_find_their_universities_and_known_ones_are_left_out(directory: Path) -> None:
    feeds = [
        Subscription("http://www.news.north.example.edu/feed/", "Known"),
        Subscription("https://labs.example.edu/feed", "Labs"),
        Subscription("https://a.south.org/1.xml", "South", "https://south.org/", "Universities"),
        Subscription("https://b.south.org/2.xml", "South sports", None, "Universities"),
        Subscription("https://north.com/feed", "Another North"),
    ]

    additions = additions_of(feeds, load(directory, {}))
    take(directory, feeds)

    assert [(each.university, each.name, each.home, dict(each.source)) for each in additions] == [
        ("north", "Labs", None, {"url": "https://labs.example.edu/feed"}),
        ("south", "Universities", "https://south.org/", {"url": "https://a.south.org/1.xml", "title": "South"}),
        ("south", "Universities", "https://south.org/", {"url": "https://b.south.org/2.xml", "title": "South sports"}),
        ("north-2", "Another North", None, {"url": "https://north.com/feed"}),
    ]
    assert additions_of(feeds, load(directory, {})) == ()


def test_what_is_exported_is_the_same_elsewhere(folder: Callable[..., Path], tmp_path: Path) -> None:
    """Ids, names, homes, titles and languages, whatever sites the sources are on."""
    before = load(
        folder(
            east="name: East\nhome: https://east.example.cn/\nsources:\n"
            "  - {url: 'https://east.example.cn/feed.xml', language: zh}\n"
            "  - {url: 'https://blog.elsewhere.example.com/feed.xml', title: The blog of East}\n",
            west="name: West\nsources:\n  - {url: 'https://www.east.example.cn/west/feed.xml'}\n",
            south="name: The South\nsources:\n  - {url: 'https://news.elsewhere.example.com/'}\n",
        ),
        {},
    )
    (tmp_path / "all.opml").write_bytes(render(listing(before, {}), "opml"))
    (tmp_path / "new").mkdir()

    after = take(tmp_path / "new", parse(tmp_path / "all.opml").feeds)

    assert {id: each.name for id, each in after.universities.items()} == {id: each.name for id, each in before.universities.items()}
    assert {id: (each.url, each.title, each.language) for id, each in after.sources.items()} == {
        id: (each.url, each.title, each.language) for id, each in before.sources.items()
    }
    assert after.universities["east"].home == "https://east.example.cn/"


def test_one_of_another_installation_whose_id_is_taken_here_gets_another(directory: Path) -> None:
    feeds = [
        Subscription("https://narnia.example.org/feed", "Narnia", None, "Narnia", university="north"),
        Subscription("https://labs.north.example.edu/feed", "Labs", None, "North University", university="nth"),
    ]

    found = take(directory, feeds)

    assert found.universities["north-2"].name == "Narnia"
    assert sorted(str(each.university) for each in found.sources.values()) == ["north", "north", "north-2"]


@pytest.mark.parametrize(
    ("feeds", "name"),
    [
        ([Subscription("http://en.hit.edu.cn/rss.xml", "News")], "Harbin Institute of Technology"),
        ([Subscription("http://en.hit.edu.cn/rss.xml", "News", None, "China")], "Harbin Institute of Technology"),
        ([Subscription(f"http://en.hit.edu.cn/{n}.xml", "", None, "Cold city") for n in (1, 2)], "Cold city"),
        ([Subscription(f"http://en.hit.edu.cn/{n}.xml", "") for n in (1, 2)], "Harbin Institute of Technology"),
        ([Subscription(f"http://en.unheard.org/{n}.xml", "") for n in (1, 2)], "unheard.org"),
        ([Subscription("http://en.unheard.org/1.xml", "Unheard")], "Unheard"),
        ([Subscription("http://en.unheard.org/1.xml", "News", None, "Unheard")], "Unheard"),
    ],
    ids=[
        "by its site",
        "a shelf of one feed is no name",
        "a folder of its own",
        "several feeds",
        "nobody knows it",
        "its title",
        "its folder",
    ],
)
def test_a_new_university_is_called_what_it_is_called(folder: Callable[..., Path], feeds: list[Subscription], name: str) -> None:
    (found,) = take(folder(), feeds).universities.values()

    assert found.name == name


def test_what_is_known_of_a_site_is_written_with_it(folder: Callable[..., Path]) -> None:
    found = take(folder(), [Subscription("http://en.hit.edu.cn/rss.xml", "News of HIT", "http://en.hit.edu.cn/")]).universities["hit"]

    assert (found.country, found.timezone, found.ror) == ("CN", "Asia/Shanghai", "https://ror.org/01yqg2h08")
    assert found.home == "http://en.hit.edu.cn/"


def test_what_an_operator_has_imported_is_known_as_well(folder: Callable[..., Path]) -> None:
    directory = folder()
    (directory / "gazetteer.tsv").write_text("\tUnheard University\tNZ\t\t\tunheard.ac.nz\t\t\n")

    assert whose("unheard.ac.nz", directory).name == "Unheard University"  # type: ignore[union-attr]
    assert whose("hit.edu.cn", directory).name == "Harbin Institute of Technology"  # type: ignore[union-attr]
    assert whose("nobody.example", directory) is None
    assert whose("", directory) is None


def test_a_gazetteer_that_is_damaged_keeps_nobody_from_importing(folder: Callable[..., Path]) -> None:
    directory = folder()
    (directory / "gazetteer.tsv").write_text("no table\n")

    assert whose("hit.edu.cn", directory) is not None


def test_five_thousand_feeds_are_looked_at_once_each(folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites are looked for as often as there are feeds, not as there are pairs of them."""
    counted: list[str] = []
    real = edit.site_of
    monkeypatch.setattr("aggregator.config.brought.site_of", lambda url: counted.append(url) or real(url))
    feeds = [Subscription(f"https://news.u{n}.example.org/{n % 7}.xml", f"Feed {n}", None, f"Shelf {n % 50}") for n in range(5000)]

    assert len(additions_of(feeds, load(folder(), {}))) == 5000
    assert len(counted) <= 2 * len(feeds)
