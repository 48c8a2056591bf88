from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.model import Article, Enclosure, Entry, Source
from aggregator.refine import identity
from aggregator.refine.normalize import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_AUTHORS,
    MOST_CATEGORIES,
    MOST_ENCLOSURES,
    cut,
    merge,
    normalize,
)

BASE = "https://north.example.edu/news/1.html"
SOURCE = Source("north/news", "https://north.example.edu/feed.xml", university="north")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


moments = st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]))
pieces = st.sampled_from(
    ["<p>", "</p>", "<b>", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href='/x'>", "&amp;", "x", " ", "哈工大"]
)
anything = st.none() | st.text(st.characters(), max_size=40) | st.lists(pieces, max_size=8).map("".join)
addresses = (
    st.none()
    | st.text(st.characters(), max_size=30)
    | st.sampled_from([BASE, "http://", "http://[", "//x", "/a", "javascript:x", "https://e.edu/\ud800"])
)
any_entry = st.builds(
    Entry,
    title=anything,
    url=addresses,
    id=anything,
    published=moments,
    updated=moments,
    precision=st.sampled_from([None, "day", "minute", "second"]),
    authors=st.lists(st.text(st.characters(), max_size=9), max_size=3).map(tuple),
    summary=anything,
    content=anything,
    text=anything,
    image=addresses,
    language=st.none() | st.text(st.characters(), max_size=12) | st.sampled_from(["zh_CN", "en-GB", "no"]),
    categories=st.lists(st.text(st.characters(), max_size=9), max_size=3).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, url=st.text(st.characters(), max_size=30), type=anything, length=st.none() | st.integers(), title=anything),
        max_size=3,
    ).map(tuple),
)


@given(any_entry)
@example(Entry())
@example(Entry(url="https://e.edu/\ud800", image="https://e.edu/\ud800.png", id="\ud800"))
@example(
    Entry(
        title="x",
        published=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        updated=datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    )
)
def test_whatever_an_entry_says_it_becomes_an_article_that_can_be_stored_and_published(entry: Entry) -> None:
    article = normalize(entry, SOURCE, now=NOW)

    repr(asdict(article)).encode()  # no lone surrogate anywhere
    assert article.title
    assert len(article.title) <= LONGEST_TITLE
    assert "\n" not in article.title
    assert len(article.summary or "") <= LONGEST_SUMMARY
    assert article.first_seen == NOW
    assert article.published is None or datetime(1980, 1, 1, tzinfo=UTC) - timedelta(days=1) < article.published <= NOW + timedelta(days=2)
    assert article.precision is None or article.published is not None
    assert article.updated is None or article.published is None or article.updated > article.published
    assert all(
        url is None or url.startswith(("http://", "https://"))
        for url in (article.url, article.image, *(file.url for file in article.enclosures))
    )
    assert UUID(article.id).version == 8
    assert "" not in (article.summary, article.content, article.text, article.language, *article.authors, *article.categories)


@given(any_entry, st.timedeltas(timedelta(), timedelta(days=4_000)))
def test_the_same_entry_has_the_same_id_and_words_at_any_time(entry: Entry, later: timedelta) -> None:
    first, second = normalize(entry, SOURCE, now=NOW), normalize(entry, SOURCE, now=NOW + later)

    assert first.id == second.id
    assert (
        replace(
            second, first_seen=NOW, published=first.published, updated=first.updated, precision=first.precision, provenance=first.provenance
        )
        == first
    )


def test_the_id_comes_from_the_key_that_a_reading_found(an_entry: Callable[..., Entry]) -> None:
    entries = identity.identify([an_entry(1, id="same"), an_entry(2, id="same")], SOURCE)

    articles = [normalize(each.entry, SOURCE, now=NOW, key=each.keys[0]) for each in entries]

    assert [article.id for article in articles] == [each.id for each in entries]


def test_what_comes_out_goes_in_again_unchanged(an_entry: Callable[..., Entry]) -> None:
    entry = an_entry(
        title="Ice &amp; robots",
        content="<p>R&amp;D <a href='/x'>there</a></p><script>x</script>",
        language="en",
        url=BASE + "?utm_source=rss",
    )
    once = normalize(entry, SOURCE, now=NOW)

    twice = normalize(replace(entry, title=once.title, url=once.url, content=once.content, summary=once.summary), SOURCE, now=NOW)

    assert replace(twice, provenance={}) == replace(once, provenance={})


def normalized(**fields: object) -> Article:
    return normalize(replace(Entry(title="Title", url=BASE), **fields), SOURCE, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"title": "<b>Ice</b> &amp; robots "}, "Ice & robots"),
        ({"title": "Q&amp;amp;amp;A: R&D &amp;#38; Co &notions"}, "Q&A: R&D & Co ¬ions"),
        ({"title": "  ", "content": "<p>The  first\nwords.</p>"}, "The first words."),
        ({"title": None, "summary": "A summary."}, "A summary."),
        ({"title": None}, "north.example.edu/news/1.html"),
        ({"title": None, "url": None, "id": "7"}, "…"),
        ({"title": "a " * 400}, "a " * 248 + "a…"),
    ],
)
def test_every_article_has_a_title_to_click_on(fields: dict[str, object], title: str) -> None:
    article = normalized(**fields)

    assert article.title == title
    assert ("title" in article.provenance) is (fields["title"] is None or not str(fields["title"]).strip())


@pytest.mark.parametrize(
    ("published", "believed"),
    [
        (NOW, True),
        (NOW + timedelta(hours=30), True),
        (NOW + timedelta(days=3), False),
        (datetime(1980, 1, 1, tzinfo=UTC), True),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime.max.replace(tzinfo=UTC), False),
    ],
)
def test_an_impossible_date_is_none_and_told(published: datetime, believed: bool) -> None:  # noqa: FBT001 - a column of the table
    article = normalized(published=published, precision="minute")

    assert (article.published, article.precision) == ((published, "minute") if believed else (None, None))
    assert ("not believed" in article.provenance.get("published", "")) is not believed


def test_a_missing_date_is_never_invented() -> None:
    article = normalized(updated=NOW - timedelta(days=1))

    assert article.published is None
    assert article.updated == NOW - timedelta(days=1)
    assert article.at == NOW


def test_an_update_before_the_publication_is_no_update() -> None:
    assert normalized(published=NOW, updated=NOW).updated is None
    assert normalized(published=NOW, updated=NOW + timedelta(hours=1)).updated == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("configured", "said", "language", "origin"),
    [
        ("zh", "en", "zh", "configuration"),
        (None, "zh_CN", "zh-CN", "the source"),
        (None, "no", "no", "the source"),
        (None, "not a tag!", None, None),
    ],
)
def test_the_language_is_what_the_operator_says_then_what_the_entry_says(
    configured: str | None, said: str, language: str | None, origin: str | None
) -> None:
    article = normalize(Entry(title="7", url=BASE, language=said), replace(SOURCE, language=configured), now=NOW)

    assert (article.language, article.provenance.get("language")) == (language, origin)


def test_lists_are_bounded_clean_and_without_repetition() -> None:
    article = normalized(
        authors=("Li Lei", " Li  Lei ", "", "<b>Han</b> Meimei", *(f"Author {number}" for number in range(50))),
        categories=("Ice", "Ice", *(f"Category {number}" for number in range(50))),
        enclosures=(
            Enclosure("/a.pdf", "application/pdf", -1, " The <b>plan</b> "),
            Enclosure("https://north.example.edu/a.pdf"),
            Enclosure("javascript:x"),
            Enclosure("/b", "not a type", 0),
            *(Enclosure(f"/{number}.mp3") for number in range(50)),
        ),
    )

    assert article.authors[:3] == ("Li Lei", "Han Meimei", "Author 0")
    assert (len(article.authors), len(article.categories), len(article.enclosures)) == (MOST_AUTHORS, MOST_CATEGORIES, MOST_ENCLOSURES)
    assert article.enclosures[:2] == (
        Enclosure("https://north.example.edu/a.pdf", "application/pdf", None, "The plan"),
        Enclosure("https://north.example.edu/b"),
    )


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        ("<p>双方签署协议。</p><p>校长出席。</p>", "双方签署协议。校长出席。"),
        ("<p>双方签署协议</p><p>校长出席</p>", "双方签署协议 校长出席"),
        ("<p>They signed it.</p><p>Everybody came.</p>", "They signed it. Everybody came."),
        ('<p>The rules are new.</p><p><a href="/rules.pdf">Rules of 2026</a></p>', "The rules are new."),
        ('<p>规则已更新。</p><p>附件1：<a href="/1.docx">规则.docx</a></p><p>附件2：<a href="/2.xls?x=1">名单</a></p>', "规则已更新。"),
        ('<p>Read <a href="/rules.pdf">the rules</a> before you come.</p>', "Read the rules before you come."),
        ('<p><a href="/rules.pdf">Rules of 2026</a></p>', "Rules of 2026"),
    ],
)
def test_a_summary_of_the_content_reads_as_one_text_without_its_attachments(content: str, summary: str) -> None:
    assert normalized(summary=None, content=content).summary == summary


def test_the_summary_is_the_origins_own_or_the_beginning_of_the_content() -> None:
    own = normalized(summary="<p>Said &amp; done</p>", content="<p>Long</p>")
    beginning = normalized(content="<p>" + "word " * 400 + "</p>")

    assert own.summary == "Said & done"
    assert beginning.summary is not None
    assert beginning.summary.endswith("word…")
    assert len(beginning.summary) <= LONGEST_SUMMARY


def test_the_text_has_the_paragraphs_of_the_content() -> None:
    assert normalized(content="<p>One<br>line</p><p>Two</p>").text == "One\nline\n\nTwo"


@given(st.text(max_size=80), st.integers(1, 60))
def test_a_cut_text_is_short_enough_and_begins_as_before(text: str, most: int) -> None:
    short = cut(text, most)

    assert len(short) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


# --- merge ---------------------------------------------------------------------------------------------------------------------------

DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROW = Entry(
    title="In the list",
    url=BASE,
    id="row",
    published=DAY,
    precision="day",
    authors=("List",),
    summary="Teaser",
    categories=("A",),
    provenance={"title": "list: a", "published": "list: date"},
)
PAGE = Entry(
    title="On the page",
    url=BASE + "?full",
    id="page",
    published=DAY.replace(hour=8),
    precision="minute",
    authors=("Page",),
    content="<p>Full</p>",
    categories=("A", "B"),
    provenance={"title": "h1", "published": "meta", "content": "article"},
)


def test_the_page_brings_the_text_and_the_row_keeps_the_identity() -> None:
    merged = merge(ROW, PAGE)

    assert (merged.url, merged.id, merged.title) == (ROW.url, ROW.id, ROW.title)
    assert (merged.content, merged.authors, merged.summary, merged.categories) == (PAGE.content, PAGE.authors, ROW.summary, ("A", "B"))
    assert set(identity.keys(merged, SOURCE)) == set(identity.keys(ROW, SOURCE))


@pytest.mark.parametrize("title", ["In the li…", "In the li...", None])
def test_a_title_that_the_list_cuts_comes_from_the_page(title: str | None) -> None:
    assert merge(replace(ROW, title=title), PAGE).title == "On the page"


def test_a_time_of_the_same_day_refines_a_day_and_says_so() -> None:
    merged = merge(ROW, PAGE)

    assert (merged.published, merged.precision) == (PAGE.published, "minute")
    assert merged.provenance["published"] == "meta"


@pytest.mark.parametrize(
    "page", [replace(PAGE, published=DAY - timedelta(days=30)), replace(PAGE, published=None), replace(PAGE, precision="day")]
)
def test_a_date_of_the_list_is_not_replaced_by_another_day_of_the_page(page: Entry) -> None:
    merged = merge(ROW, page)

    assert (merged.published, merged.precision, merged.provenance["published"]) == (DAY, "day", "list: date")


def test_a_date_that_the_list_lacks_comes_from_the_page() -> None:
    merged = merge(replace(ROW, published=None, precision=None), PAGE)

    assert (merged.published, merged.precision) == (PAGE.published, "minute")
