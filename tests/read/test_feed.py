from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.model import Entry, Page, Reading, Source
from aggregator.read import read as read_any
from aggregator.read.feed import entries, read, repair

CASES = sorted(Path(__file__).with_name("feeds").glob("*.xml"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
END = "</channel></rss>"
ITEM = "<item><title>Item</title><link>http://north.example.edu/1</link></item>"
SOURCE = Source("north/news", "https://north.example.edu/feed.xml")


def page(text: str | bytes, content_type: str | None = None) -> Page:
    return Page(SOURCE.url, text if isinstance(text, bytes) else text.encode(), content_type)


def told(holder: Reading | Entry, names: Any) -> dict[str, Any]:
    """The named fields in the form in which cases write them."""
    return {name: _plain(getattr(holder, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return datetime.fromtimestamp(value.timestamp(), tz=EPOCH.tzinfo).isoformat()
    if isinstance(value, tuple):
        return [[item.url, item.type, item.length] if hasattr(item, "length") else item for item in value]
    return value


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("content_type", [None, "text/html", "application/octet-stream"])
def test_a_feed_is_read_as_its_case_says_whatever_its_content_type(case: Path, content_type: str | None, now: datetime) -> None:
    expected = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    wanted = expected.pop("entries")

    reading = read_any(page(case.read_bytes(), content_type), SOURCE, now=now)

    assert reading.reader == "feed"
    assert told(reading, expected) == expected
    assert [told(entry, entry_wanted) for entry, entry_wanted in zip(reading.entries, wanted, strict=True)] == wanted


def test_each_field_says_where_it_came_from(now: datetime) -> None:
    reading = read(
        page(
            f"{HEAD}<item><title>a</title><guid>http://north.example.edu/1</guid><pubDate>Sun, 01 Mar 2026 10:30:00 GMT</pubDate></item>{END}"
        ),
        SOURCE,
        now=now,
    )

    assert dict(reading.entries[0].provenance) == {
        "title": "feed: title",
        "url": "feed: guid",
        "id": "feed: guid",
        "published": "feed: pubDate",
    }


def test_a_date_without_a_zone_is_meant_in_the_zone_of_the_source(now: datetime) -> None:
    source = replace(SOURCE, timezone="Asia/Shanghai")

    reading = read(page(f"{HEAD}<item><title>a</title><pubDate>2026-02-01 10:00:00</pubDate></item>{END}"), source, now=now)

    assert reading.entries[0].published == datetime.fromisoformat("2026-02-01T10:00:00+08:00")


def test_a_feed_without_entries_is_a_reading_without_entries(now: datetime) -> None:
    reading = read(page(HEAD + END), SOURCE, now=now)

    assert reading.entries == ()
    assert reading.title == "t"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32-be", "utf-8-sig", "gb18030", "koi8-r"])
def test_the_dispatcher_finds_a_feed_in_any_character_set(codec: str, now: datetime) -> None:
    title = "Новости университета и наука" if codec == "koi8-r" else "哈尔滨工业大学新闻网"

    reading = read_any(page(f"{HEAD.replace('<title>t', f'<title>{title}')}{ITEM}{END}".encode(codec)), SOURCE, now=now)

    assert (reading.reader, reading.title) == ("feed", title)


@pytest.mark.parametrize(
    ("body", "words", "remedy"),
    [
        (b" \n\t ", "empty page", "later"),
        (b"\x1f\x8b\x08\x00\x00", "gzip", "later"),
        (b"\x89PNG\r\n", "PNG", "news page"),
        (b"%PDF-1.7", "PDF", "news page"),
        (b'{"error": "not found"}', "JSON", "news page"),
        (b'<opml version="2.0"><body/></opml>', "OPML", "import"),
        (b'<?xml version="1.0"?><urlset xmlns="x"/>', "sitemap", "news page"),
        (b"<?xml version='1.0'?><note>a</note>", "XML of another kind", "news page"),
        (b"just words", "plain text", "news page"),
        (b"<html><body><form>Log in <input type=password></form></body></html>", "login page", "public"),
        (b"<html><title>Just a moment</title><body></body></html>", "bot challenge", "site"),
        (
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
            "HTML page",
            "https://north.example.edu/rss",
        ),
        (b"<html><body>text</body></html>", "HTML page", "auto"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_it_looks_like_and_what_to_try(body: bytes, words: str, remedy: str, now: datetime) -> None:
    with pytest.raises(ReadError) as caught:
        read(page(body), SOURCE, now=now)

    assert words in caught.value.message
    assert remedy in (caught.value.remedy or "")


NOISE = random.Random(3).randbytes(50_000)


@pytest.mark.parametrize("tags", [b"<rss>", f"{HEAD}{ITEM}".encode(), b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>'])
@pytest.mark.parametrize("rest", [NOISE, b"\x89PNG\r\n\x1a\n" + NOISE[:600]], ids=["noise", "picture"])
def test_binary_data_behind_the_first_tags_of_a_feed_is_refused(tags: bytes, rest: bytes, now: datetime) -> None:
    with pytest.raises(ReadError, match="binary data"):
        read(page(tags + rest), SOURCE, now=now)


@pytest.mark.parametrize("doctype", ["", "<!DOCTYPE rss>"])
@pytest.mark.parametrize("cut", ["<item><title>half", "<item><title>Item</title><link>http://north.", ""])
def test_a_feed_that_breaks_off_gives_its_complete_items(doctype: str, cut: str, now: datetime) -> None:
    reading = read(page(HEAD.replace("?><rss", f"?>{doctype}<rss") + ITEM * 2 + cut), SOURCE, now=now)

    assert [entry.title for entry in reading.entries] == ["Item", "Item"]
    assert reading.title == "t"


def test_a_file_beside_the_page_is_found_in_each_way_of_writing_a_link(now: datetime) -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><link href="/1"/><link rel="enclosure" href="/a.mp3"/></entry></feed>'
    rss = f'{HEAD}<item><title>a</title><link>/1</link><link rel="enclosure" href="/a.mp3"/></item>{END}'

    found = [read(page(text), SOURCE, now=now).entries[0] for text in (atom, rss)]

    assert [[file.url for file in entry.enclosures] for entry in found] == [["https://north.example.edu/a.mp3"]] * 2


@pytest.mark.parametrize(
    ("root", "entry", "picture"),
    [
        ("", "", "http://north.example.edu/news/pic.jpg"),
        (' xml:base="http://cdn.example.edu/media/"', "", "http://cdn.example.edu/media/pic.jpg"),
        ("", ' xml:base="http://cdn.example.edu/two/"', "http://cdn.example.edu/two/pic.jpg"),
        (' xml:base="http://cdn.example.edu/media/"', ' xml:base="two/"', "http://cdn.example.edu/media/two/pic.jpg"),
        (' xml:base="/media/"', "", "https://north.example.edu/media/pic.jpg"),
    ],
)
@pytest.mark.parametrize("shape", ["atom", "rss"])
def test_what_stands_in_a_text_is_relative_to_the_base_that_the_feed_states_or_else_to_the_page(
    shape: str, root: str, entry: str, picture: str, now: datetime
) -> None:
    inside = "&lt;img src='pic.jpg'&gt;"
    link = "http://north.example.edu/news/1"
    text = {
        "atom": f'<feed xmlns="http://www.w3.org/2005/Atom"{root}><title>t</title><entry{entry}><title>a</title><link href="{link}"/>'
        f'<content type="html">{inside}</content></entry></feed>',
        "rss": f"<rss><channel{root}><title>t</title><item{entry}><title>a</title><link>{link}</link><description>{inside}</description></item>{END}",
    }[shape]

    found = read(page(text), SOURCE, now=now).entries[0]

    assert found.image == picture
    assert picture in (found.content or found.summary or "")
    assert found.url == link


@pytest.mark.parametrize("hidden", ['width="1"', 'style="display:none"', "style='width: 1px; height: 1px'"])
def test_a_picture_that_nobody_is_meant_to_see_is_not_the_picture_of_an_entry(hidden: str, now: datetime) -> None:
    text = f'{HEAD}<item><title>a</title><description><![CDATA[<img src="/count.gif?1" {hidden}><img src="/2.png">]]></description></item>{END}'

    assert read(page(text), SOURCE, now=now).entries[0].image == "https://north.example.edu/2.png"


def test_names_that_only_a_later_item_uses_are_read_there(now: datetime) -> None:
    later = '<item><title>b</title><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ada</dc:creator><category>News</category></item>'

    reading = read(page(f"{HEAD}{ITEM}{later}{END}"), SOURCE, now=now)

    assert [(entry.authors, entry.categories) for entry in reading.entries] == [((), ()), (("Ada",), ("News",))]


@given(st.text(alphabet="\x7f\x80\x85\x92\x9f\xa0é中&#x129;0a", max_size=30))
def test_controls_are_looked_for_in_bytes_as_they_are_mended_in_text(text: str) -> None:
    assert repair.has_c1(text.encode()) == (repair.windows_1252(text) != text or "\x81" in text or "&#129;" in text)


BOMBS = {
    "attributes": HEAD + "<item " + " ".join(f'a{number}="1"' for number in range(50_000)) + "><title>x</title></item>" + END,
    "unquoted attributes": HEAD + "<item " + " ".join(f"a{number}=1" for number in range(50_000)) + "><title>x</title></item>" + END,
    "entries": HEAD + ITEM * 100_000 + END,
    "broken entries": HEAD + ITEM.replace("</title>", "") * 100_000 + END,
    "levels": HEAD + "<a>" * 200_000 + "</a>" * 200_000 + END,
    "levels in a text": f"{HEAD}<item><description>{'&lt;div&gt;' * 200_000}</description></item>{END}",
    "laughs": "<!DOCTYPE l [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 30))
    + f"]>{HEAD}<item><title>&a29;</title></item>{END}",
    "quadratic entity": f"<!DOCTYPE l [<!ENTITY a '{'h' * 190}'>]>{HEAD}<item><title>{'&a;' * 300_000}</title></item>{END}",
    "ampersands": f"{HEAD}<item><title>{'&' * 3_000_000}",
    "open tags": HEAD + "<a " * 1_000_000 + END,
    "open quotes": HEAD + '<a "' * 1_000_000 + END,
    "open cdata": HEAD + "<![CDATA[" * 300_000 + END,
    "roots": "<rss " * 500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_bounded_reading_or_a_refusal(name: str, now: datetime) -> None:
    try:
        reading = read(page(BOMBS[name]), SOURCE, now=now)
    except ReadError:
        return

    assert len(reading.entries) <= entries.MOST_ENTRIES
    assert all(len(entry.title or "") < 30_000 for entry in reading.entries)


def test_a_body_beyond_the_limit_is_refused(now: datetime) -> None:
    with pytest.raises(ReadError, match="more than is read"):
        read(page(b"<rss>" + b" " * 15_000_000), SOURCE, now=now)


def test_a_local_file_is_never_read_into_a_feed(now: datetime, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:secret")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{HEAD}<item><title>a &x;</title></item>{END}'

    reading = read(page(text), SOURCE, now=now)

    assert "secret" not in str(reading)


pieces = st.sampled_from(
    ["<rss>", "<channel>", "</channel>", "</rss>", "<item>", "</item>", "<title>", "</title>", "<link", " href='x'", ">", "/>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;", "&#0;", "&#xD800;", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<content type='xhtml'>", "<div>", "<br>", "x", "\x00", "é", '"', "'", "<dc:date>", "2026-01-01", "<?xml"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join) | st.text(max_size=60))
def test_whatever_comes_is_a_reading_or_a_refusal(text: str) -> None:
    now = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
    try:
        reading = read(Page(SOURCE.url, ("<rss>" + text).encode("utf-8", "replace")), SOURCE, now=now)
    except ReadError:
        return

    assert all(entry.published is None or entry.published.tzinfo for entry in reading.entries)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_the_facts_that_other_projects_know_of_their_feeds_are_found(now: datetime) -> None:
    wanted = right = 0
    for line in (CORPUS / "expect.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        titles = [(entry["i"], entry["title"]) for entry in row["expect"].get("entries", ()) if "title" in entry]
        if not row.get("realworld") or not titles:
            continue
        reading = read_any(Page("https://feeds.example.org/feed.xml", (CORPUS / row["file"]).read_bytes()), SOURCE, now=now)
        wanted += len(titles)
        right += sum(index < len(reading.entries) and _words(reading.entries[index].title) == _words(title) for index, title in titles)

    assert wanted > 1000
    assert right / wanted >= 0.97


def _words(text: str | None) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text or "").split()
