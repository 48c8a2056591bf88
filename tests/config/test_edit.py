from __future__ import annotations

from datetime import date
from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import edit, load
from aggregator.config.edit import Addition, id_of, site_of, slug, university_of
from aggregator.errors import ConfigError

NORTH = """\
# Our neighbours.
name: "North University" # in English
names: {no: Nordlig universitet}
country: NO
home: https://www.north.example.edu/

sources:
  # The main news.
  - url: https://news.north.example.edu/feed # RSS
    language: no
# The end.
"""


def add(directory: Path, additions: list[Addition]) -> tuple[Path, ...]:
    return edit.add(directory, additions, check=lambda: load(directory, {}))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "north.yaml").write_text(NORTH, encoding="utf-8")
    return tmp_path


def addition(url: str = "https://sport.north.example.edu/", university: str = "north", **keys: str) -> Addition:
    return Addition(university, "A name", None, {"url": url, **keys})


def test_a_source_is_added_and_every_other_line_stays(directory: Path) -> None:
    paths = add(directory, [addition()])

    text = (directory / "universities" / "north.yaml").read_text(encoding="utf-8")
    assert paths == (directory / "universities" / "north.yaml",)
    assert set(NORTH.splitlines()) <= set(text.splitlines())
    assert [source.url for source in load(directory, {}).sources.values()] == [
        "https://news.north.example.edu/feed",
        "https://sport.north.example.edu/",
    ]
    assert load(directory, {}).universities["north"].country == "NO"


def test_a_university_without_a_file_gets_one(directory: Path) -> None:
    add(
        directory,
        [
            Addition(
                "south",
                "Université du Sud: Été",
                "https://south.example.edu/",
                {"url": "https://south.example.edu/a?b=c:d#e", "title": "# Sud: 'x'"},
            )
        ],
    )

    found = load(directory, {})
    assert (found.universities["south"].name, found.universities["south"].home) == ("Université du Sud: Été", "https://south.example.edu/")
    assert [(source.url, source.title) for source in found.sources.values() if source.university == "south"] == [
        ("https://south.example.edu/a?b=c:d#e", "# Sud: 'x'")
    ]


@pytest.mark.parametrize("rest", ["", "sources:\n", "sources: []\n", "sources: [{url: 'https://a.example.edu/'}]\n"])
def test_a_file_without_a_list_of_sources_gets_one(directory: Path, rest: str) -> None:
    (directory / "universities" / "north.yaml").write_text(f"name: North\n{rest}", encoding="utf-8")

    add(directory, [addition(), addition("https://b.example.edu/", language="no")])

    assert [source.url for source in load(directory, {}).sources.values()][-2:] == [
        "https://sport.north.example.edu/",
        "https://b.example.edu/",
    ]


def test_a_source_in_one_line_is_paused_and_resumed_without_a_trace(directory: Path) -> None:
    path = directory / "universities" / "east.yaml"
    path.write_text('name: East\nsources: [{url: "https://east.example.edu/feed.xml"}]\n')
    (source,) = (each for each in load(directory).sources.values() if each.university == "east")
    before = path.read_text()

    assert edit.pause(directory, source, on=True, check=lambda: load(directory)) == (path,)
    paused = path.read_text()
    edit.pause(directory, source, on=False, check=lambda: load(directory))

    assert "paused: true" in paused
    assert path.read_text() == before


STYLES = {
    "lists over several lines": """\
name:   North University
aliases: [
  NU,   # as in the papers
  Nordlig,
]
names: { no: "Nordlig universitet" ,
         se: 'Norra' }
sources:
  - {url: 'https://north.example.edu/feed.xml', kind: feed, id: north/news}

  - { url: "https://north.example.edu/other",
      id: north/other }
""",
    "dashes at the margin": """\
name: North University
sources:
- url: https://north.example.edu/feed.xml
  id: north/news
# Theirs.
- url: https://north.example.edu/other
  id: north/other
""",
    "indents of another width": """\
name: North University
keep:
    days: 30
    at_least: 10
names:
    no:   Nordlig universitet
sources:

     -   url: https://north.example.edu/feed.xml  # RSS
         id: north/news
         # Theirs.
     -   url: https://north.example.edu/other
         id: north/other
""",
    "dashes at the margin and wide": """\
name: North University
sources:
-   url: https://north.example.edu/feed.xml
    id: north/news
-   url: https://north.example.edu/other
    id: north/other
""",
    "a text over several lines": """\
name: North University
sources:
  - url: https://north.example.edu/feed.xml
    id: north/news
    ignore_robots: agreed with
      their web team,
      in writing
  - url: https://north.example.edu/other
    id: north/other
""",
}


@pytest.mark.parametrize("before", STYLES.values(), ids=STYLES)
def test_only_the_lines_that_say_something_else_are_written_anew(directory: Path, before: str) -> None:
    path = directory / "universities" / "north.yaml"
    path.write_text(before, encoding="utf-8")
    verified = {"https://north.example.edu/feed.xml": {"verified": date(2026, 3, 2)}}

    edit.amend(directory, "north", verified, check=lambda: load(directory, {}))

    after = path.read_text(encoding="utf-8")
    changed = [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert load(directory, {}).sources["north/news"].verified == date(2026, 3, 2)
    assert len(changed) <= 2, after
    assert all("feed.xml" in line or "verified" in line for line in changed), after


@pytest.mark.parametrize("before", STYLES.values(), ids=STYLES)
def test_a_source_is_added_in_the_manner_of_its_file(directory: Path, before: str) -> None:
    path = directory / "universities" / "north.yaml"
    path.write_text(before, encoding="utf-8")

    add(directory, [addition()])

    after = path.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert len(load(directory, {}).sources) == 3


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "a byte order mark"])
@pytest.mark.parametrize("before", [NORTH, *STYLES.values()], ids=["ours", *STYLES])
def test_a_file_of_windows_stays_one(directory: Path, before: str, mark: bytes) -> None:
    path = directory / "universities" / "north.yaml"
    path.write_bytes(before.encode())
    add(directory, [addition()])
    as_elsewhere = path.read_bytes()
    path.write_bytes(mark + before.replace("\n", "\r\n").encode())

    add(directory, [addition()])

    assert path.read_bytes() == mark + as_elsewhere.replace(b"\n", b"\r\n")


@given(
    st.lists(st.sampled_from(["feed", "detect", "cms"]), min_size=1, max_size=4),
    st.data(),
)
def test_whatever_the_style_what_is_written_says_what_was_meant(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("config")
    (directory / "universities").mkdir()
    dash = data.draw(st.sampled_from(["- ", "  - ", "      -   "]))
    gaps = st.sampled_from(["", "\n", "# A remark.\n", "\n  # Another.\n\n"])
    ways = (
        f"{dash}{{url: {{url}}, kind: {{kind}}}}\n",
        f"{dash}url: {{url}}\n{' ' * len(dash)}kind: {{kind}} # so\n",
        f"{dash}{{url: {{url}},\n{' ' * len(dash)} kind: {{kind}}}}\n",
    )
    urls = [f"https://n{number}.example.edu/" for number in range(len(kinds))]
    rows = [
        data.draw(gaps)
        + data.draw(st.sampled_from(ways)).replace("{url}", url).replace("{kind}", kind).replace("{{", "{").replace("}}", "}")
        for url, kind in zip(urls, kinds, strict=True)
    ]
    (directory / "universities" / "north.yaml").write_text(f"name: N\nsources:\n{''.join(rows)}", encoding="utf-8")
    wanted = data.draw(st.sampled_from(urls))

    edit.amend(directory, "north", {wanted: {"paused": True}}, check=lambda: load(directory, {}))
    edit.add(directory, [addition()], check=lambda: load(directory, {}))

    found = [(each.url, each.kind, each.paused) for each in load(directory, {}).sources.values()]
    known = [(url, kind, url == wanted) for url, kind in zip(urls, kinds, strict=True)]
    assert found == [*known, ("https://sport.north.example.edu/", "auto", False)]


def test_a_file_that_is_broken_is_told_and_no_other_is_written(directory: Path) -> None:
    (directory / "universities" / "east.yaml").write_text("name: [\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"east\.yaml: cannot be read"):
        add(directory, [addition(), addition(university="east")])

    assert (directory / "universities" / "north.yaml").read_text(encoding="utf-8") == NORTH
    assert (directory / "universities" / "east.yaml").read_text(encoding="utf-8") == "name: [\n"


def test_a_file_named_yml_is_extended_where_it_is(directory: Path) -> None:
    (directory / "universities" / "north.yaml").rename(directory / "universities" / "north.yml")

    add(directory, [addition()])

    assert [path.name for path in (directory / "universities").iterdir()] == ["north.yml"]


def test_a_place_that_cannot_be_written_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / "universities").touch()

    with pytest.raises(ConfigError, match="cannot be"):
        add(tmp_path, [addition()])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(str.strip))
def test_any_name_that_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    directory = tmp_path_factory.mktemp("config")

    add(directory, [Addition("south", name, None, {"url": "https://south.example.edu/", "title": name})])

    found = load(directory, {})
    assert found.universities["south"].name == name
    assert [source.title for source in found.sources.values()] == [name]


@pytest.mark.parametrize(
    ("url", "site", "id_"),
    [
        ("http://en.hit.edu.cn/news", "hit.edu.cn", "hit"),
        ("https://www.ox.ac.uk/", "ox.ac.uk", "ox"),
        ("https://news.mit.edu:8080/", "mit.edu", "mit"),
        ("http://127.0.0.1:8000/", "127.0.0.1", "127-0-0-1"),
        ("http://localhost/", "localhost", "localhost"),
        ("https://münchen.example.de/", "example.de", "example"),
    ],
)
def test_the_site_of_an_address_is_what_one_owner_registered(url: str, site: str, id_: str) -> None:
    assert (site_of(url), id_of(url)) == (site, id_)


@given(st.text(max_size=40))
def test_a_slug_is_a_file_name(text: str) -> None:
    assert slug(slug(text)) == slug(text)
    assert not set(slug(text)) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_an_address_belongs_to_the_university_on_whose_site_it_is(directory: Path) -> None:
    settings = load(directory, {})

    # example.edu is one registered site: all its hosts are one university's
    assert university_of("https://lab.north.example.edu/news", settings) == "north"
    assert university_of("https://elsewhere.org/", settings) is None


def test_what_makes_the_configuration_wrong_is_taken_back(directory: Path) -> None:
    with pytest.raises(ConfigError, match="same source"):
        add(directory, [addition("https://news.north.example.edu/feed/"), addition("https://new.example.org/", university="south")])

    assert (directory / "universities" / "north.yaml").read_text(encoding="utf-8") == NORTH
    assert not (directory / "universities" / "south.yaml").exists()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_pausing_and_resuming_leaves_every_comment_where_it_stood(directory: Path, number: int) -> None:
    path = directory / "universities/north.yaml"
    text = """name: North
sources:
  # all news
  - url: https://north.example.edu/news/

  # of the faculty of arts, in French
  - url: https://north.example.edu/arts/ # the old site
    kind: detect

  # the last one
  - url: https://north.example.edu/sport/
"""
    path.write_text(text)
    source = list(load(directory, {}).sources.values())[number]

    edit.pause(directory, source, on=True, check=lambda: load(directory, {}))
    paused = path.read_text()
    edit.pause(directory, source, on=False, check=lambda: load(directory, {}))

    assert [line for line in paused.splitlines() if "paused" not in line and "url" not in line] == [
        line for line in text.splitlines() if "url" not in line
    ]
    assert [each.id for each in load(directory, {}).sources.values() if each.paused] == []
    assert path.read_text() == text
