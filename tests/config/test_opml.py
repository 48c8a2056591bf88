from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.config import load
from aggregator.config.opml import Subscription, listing, parse
from aggregator.errors import ConfigError
from aggregator.publish import render

LIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Universities">
    <outline type="rss" text="North &amp; more" xmlUrl="https://north.example.edu/feed" htmlUrl="https://north.example.edu/" language="no"/>
    <outline type="rss" title="东方" text="East" xmlurl="https://east.example.cn/rss.xml"/>
    <outline text="Deeper"><outline text="South" xmlUrl="http://south.example.org/feed"/></outline>
  </outline>
  <outline text="North again" xmlUrl="http://www.north.example.edu/feed/"/>
  <outline text="A script" xmlUrl="javascript:alert(1)"/>
  <outline text="Nothing"/>
  <outline xmlUrl="https://bare.example.edu/feed"/>
</body></opml>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.opml"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_every_feed_comes_once_with_its_folder(file: Path) -> None:
    assert parse(file).feeds == (
        Subscription("https://north.example.edu/feed", "North & more", "https://north.example.edu/", "Universities", "no"),
        Subscription("https://east.example.cn/rss.xml", "东方", None, "Universities"),
        Subscription("http://south.example.org/feed", "South", None, "Deeper"),
        Subscription("https://bare.example.edu/feed", ""),
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: expected an OPML file, or addresses that begin with http:// or https://, one a line"),
        (b"just text\nof people\n", "holds no feeds that are known as such: expected an OPML file, or addresses"),
        (b"<opml><body></opml>", "not valid XML"),
        (b"<rss><channel/></rss>", "expected an OPML file, found <rss>"),
        (
            b"<!DOCTYPE x [<!ENTITY a '"
            + b"a" * 1000
            + b"'><!ENTITY b '"
            + b"&a;" * 1000
            + b"'><!ENTITY c '"
            + b"&b;" * 1000
            + b"'>]><opml><body><outline text='&c;&c;'/></body></opml>",
            "not valid XML",
        ),
    ],
)
def test_what_is_no_list_of_feeds_is_a_config_error(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.opml").write_bytes(content)

    with pytest.raises(ConfigError, match=said):
        parse(tmp_path / "x.opml")


@pytest.mark.parametrize(
    "content",
    [
        '<opml><body><outline text="R&D" xmlUrl="https://a.example.org/x?a=1&b=2"/></body></opml>',
        '\n\n<?xml version="1.0"?>\n<opml><body><outline text="R&amp;D" xmlUrl="https://a.example.org/x?a=1&amp;b=2"/></body></opml>',
        '\ufeff<opml><body>\r\n<outline text="R&#38;D\x0b" xmlUrl="https://a.example.org/x?a=1&amp;b=2"/></body></opml>',
    ],
    ids=["ampersands as they are typed", "lines before the declaration", "a control character"],
)
def test_a_list_that_was_edited_by_hand_is_read_as_it_was_meant(file: Path, content: str) -> None:
    file.write_bytes(content.encode())

    assert parse(file).feeds == (Subscription("https://a.example.org/x?a=1&b=2", "R&D"),)


def test_a_list_of_addresses_is_read_as_newsboat_writes_it(file: Path) -> None:
    file.write_text(
        "# mine\n\nhttps://a.example.org/feed\n"
        'https://b.example.org/feed news "~The B side" "far away"\n'
        "https://a.example.org/feed/ again\n"
        '"query:Unread:unread = \\"yes\\""\n'
        "https://c.example.org/it's\n"
    )

    found = parse(file)

    assert found.feeds == (
        Subscription("https://a.example.org/feed", ""),
        Subscription("https://b.example.org/feed", "The B side", None, "news"),
        Subscription("https://c.example.org/it's", ""),
    )
    assert found.odd == ("line 6: a feed: 'query:Unread:unread = \"yes\"'",)


@pytest.mark.parametrize("content", ["<!DOCTYPE html><html><body>Log in<br></body></html>", "\n<HTML><p>x"])
def test_a_web_page_in_the_place_of_a_list_is_told(file: Path, content: str) -> None:
    file.write_text(content)

    with pytest.raises(ConfigError, match=r"is a web page, and no list of feeds \(OPML\)"):
        parse(file)


def test_files_of_this_machine_are_not_read_through_entities(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://secret.example/")
    path = tmp_path / "x.opml"
    path.write_text(
        f"<!DOCTYPE x [<!ENTITY s SYSTEM '{tmp_path / 'secret'}'>]><opml><body><outline text='x' xmlUrl='https://a.example/'/>&s;</body></opml>"
    )

    assert "secret" not in repr(parse(path))


def test_a_missing_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        parse(tmp_path / "nowhere.opml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(alphabet="<>/opmlbdyutine='\" &;x", max_size=80).map(str.encode))
def test_any_bytes_are_a_list_or_a_config_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.opml"
    path.write_bytes(content)

    try:
        parse(path)
    except ConfigError as error:
        assert error.problems


def test_folders_nested_to_hurt_do_not_hurt(tmp_path: Path) -> None:
    path = tmp_path / "deep.opml"
    path.write_text("<opml><body>" + "<outline text='x'>" * 200 + "</outline>" * 200 + "</body></opml>")

    assert parse(path).feeds == ()


def test_what_is_exported_is_imported_again(file: Path, tmp_path: Path) -> None:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "east.yaml").write_text(
        "name: East\nhome: https://east.example.cn/\nsources:\n  - {url: 'https://east.example.cn/a&b', language: zh, title: 'R&D at East'}\n"
    )

    file.write_bytes(render(listing(load(tmp_path, {}), {"east/east.example.cn/a&b": "feed"}), "opml"))

    assert parse(file).feeds == (
        Subscription("https://east.example.cn/a&b", "R&D at East", "https://east.example.cn/", "East", "zh", "east"),
    )


@pytest.mark.parametrize("kind", ["detect", "cms", "wordpress", "auto"])
def test_a_page_is_listed_as_the_feed_that_is_made_of_it_and_imported_again_as_the_page(file: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "aggregator.yaml").write_text("site: {url: 'https://wire.example.org'}\n")
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "east.yaml").write_text(
        f"name: East\nhome: https://east.example.cn/\nsources:\n  - {{url: 'https://east.example.cn/news/', id: east/новости&, kind: {kind}}}\n"
    )
    made = render(listing(load(tmp_path, {}), {}), "opml")

    (outline,) = etree.fromstring(made).findall("body/outline/outline")
    file.write_bytes(made)

    assert outline.get("type") == "rss"
    assert outline.get("xmlUrl") == "https://wire.example.org/search.rss?q=source%3Aeast%2F%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8%26"
    assert outline.get("{http://purl.org/dc/elements/1.1/}source") == "https://east.example.cn/news/"
    assert parse(file).feeds == (Subscription("https://east.example.cn/news/", "East", "https://east.example.cn/", "East", None, "east"),)


def test_what_was_found_to_be_a_feed_is_listed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "east.yaml").write_text("name: East\nsources:\n  - {url: 'https://east.example.cn/x', id: east/x}\n")

    document = listing(load(tmp_path, {}), {"east/x": "feed"})

    assert [(each.feed, each.page) for each in document.outlines] == [("https://east.example.cn/x", None)]
    assert b"dc:source" not in render(document, "opml")


@pytest.mark.parametrize(("read_by", "feed"), [(None, True), ("feed", True), ("detect", False)])
def test_before_a_source_was_read_its_address_tells_whether_it_is_a_feed(tmp_path: Path, read_by: str | None, *, feed: bool) -> None:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "east.yaml").write_text(
        "name: East\nsources:\n  - {url: 'https://east.example.cn/feed.xml', id: east/x}\n"
    )

    (outline,) = listing(load(tmp_path, {}), {"east/x": read_by}).outlines

    assert (outline.page is None) is feed


def test_where_nobody_makes_feeds_a_page_is_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "east.yaml").write_text("name: East\nsources:\n  - {url: 'https://east.example.cn/x', id: east/x}\n")
    made = render(listing(load(tmp_path, {}), {}, answers=False), "opml")

    (outline,) = etree.fromstring(made).findall("body/outline/outline")
    file.write_bytes(made)

    assert (outline.get("type"), outline.get("url"), outline.get("xmlUrl")) == ("link", "https://east.example.cn/x", None)
    assert [each.url for each in parse(file).feeds] == ["https://east.example.cn/x"]


def test_a_list_that_begins_with_many_empty_lines_is_read_at_once(file: Path) -> None:
    file.write_text("\n" * 5_000 + "<opml><body><outline xmlUrl='https://north.example.edu/feed.xml'/></body></opml>")
    assert [each.url for each in parse(file).feeds] == ["https://north.example.edu/feed.xml"]

    file.write_text("\n \n# mine\n" * 5_000 + "  https://north.example.edu/feed.xml\n")
    assert [each.url for each in parse(file).feeds] == ["https://north.example.edu/feed.xml"]
