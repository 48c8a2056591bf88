from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.digest import Digest, complete, digest, part
from aggregator.errors import ReadError
from aggregator.model import Entry, Known, Page, Selectors, Source
from aggregator.refine import identity

LIST = "https://north.example.edu/news/"
ROWS = Source("north/news", LIST, kind="listing", selectors=Selectors("li", date="time"), university="north")
PARAGRAPH = "The robot walked three kilometres over the frozen river while two hundred pupils of the town watched it from the bridge. "


def feed(*items: str, language: str = "en") -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>North</title><link>https://north.example.edu/</link><language>{language}</language>{''.join(items)}</channel></rss>"


def item(number: int, *, title: str | None = None, text: str = "Robots walk.", date: str = "Sun, 01 Mar 2026 12:00:00 GMT") -> str:
    return (
        f"<item><title>{title or f'Story number {number}'}</title><link>https://north.example.edu/{number}.html</link><guid isPermaLink='false'>{number}</guid>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>"
    )


def rows(*numbers: int, date: str = "") -> str:
    return (
        "<html><body><ul>"
        + "".join(f"<li><a href='/news/{number}.html'>A story with the number {number}</a>{date}</li>" for number in numbers)
        + "</ul></body></html>"
    )


def known_of(found: Digest) -> dict[bytes, Known]:
    """What the store knows after ``found``."""
    return {key: Known(each.known_as or each.article.id, each.fingerprint) for each in found.fresh for key in each.keys}


@pytest.fixture
def take(a_page: Callable[..., Page], a_source: Callable[..., Source], now: datetime) -> Callable[..., Digest]:
    def taken(body: str, known: dict[bytes, Known] | None = None, *, source: Source | None = None, at: datetime | None = None) -> Digest:
        source = source or a_source()
        return digest(a_page(body, source.url), source, known or {}, now=at or now)

    return taken


def test_a_first_page_is_all_new(take: Callable[..., Digest]) -> None:
    found = take(feed(item(1), item(2)))

    assert [each.article.title for each in found.fresh] == ["Story number 1", "Story number 2"]
    assert all(each.known_as is None and each.page is None for each in found.fresh)
    assert (found.seen, found.reader) == (2, "feed")


def test_what_is_known_as_it_is_costs_nothing(take: Callable[..., Digest]) -> None:
    first = take(feed(item(1), item(2)))

    second = take(feed(item(2), item(1)), known_of(first))

    assert (second.fresh, second.seen) == ((), 2)


def test_between_known_ones_only_the_new_one_is_fresh(take: Callable[..., Digest]) -> None:
    first = take(feed(item(1), item(2)))

    second = take(feed(item(1), item(3), item(2)), known_of(first))

    assert [each.article.title for each in second.fresh] == ["Story number 3"]


def test_what_changed_is_fresh_and_known_as_its_article(take: Callable[..., Digest]) -> None:
    first = take(feed(item(1), item(2)))

    second = take(feed(item(1, title="Corrected"), item(2)), known_of(first))

    assert [(each.article.title, each.known_as) for each in second.fresh] == [("Corrected", first.fresh[0].article.id)]
    assert second.fresh[0].article.id == first.fresh[0].article.id


def test_a_move_to_https_and_new_guids_at_once_are_no_news(take: Callable[..., Digest]) -> None:
    before = feed(item(1), item(2)).replace("https://north", "http://www.north").replace("'false'>", "'false'>old-")
    first = take(before)

    second = take(feed(item(1), item(2)), known_of(first))

    assert {each.known_as for each in second.fresh} == {each.article.id for each in first.fresh}


@pytest.mark.parametrize("body", ["", "<html><body><p>Nothing here.</p></body></html>", "%PDF-1.7", "<rss"])
def test_a_page_without_entries_is_a_read_error(take: Callable[..., Digest], body: str) -> None:
    with pytest.raises(ReadError):
        take(body)


# --- dates that nobody gave ----------------------------------------------------------------------------------------------------------


def test_a_first_crawl_of_undated_rows_spreads_them_by_their_rank(take: Callable[..., Digest], now: datetime) -> None:
    found = take(rows(3, 2, 1), source=ROWS)

    articles = [each.article for each in found.fresh]
    assert [article.published for article in articles] == [None] * 3
    assert [article.at for article in articles] == [now, now - timedelta(hours=1), now - timedelta(hours=2)]
    assert all(article.first_seen == now for article in articles)


def test_an_undated_row_above_the_known_ones_is_of_now_and_one_below_is_older(take: Callable[..., Digest], now: datetime) -> None:
    first = take(rows(3, 2), source=ROWS)
    later = now + timedelta(hours=5)

    second = take(rows(4, 3, 2, 1), known_of(first), source=ROWS, at=later)

    newest, oldest = (each.article for each in second.fresh)
    assert (newest.placed, newest.at) == (None, later)
    assert oldest.at == later - timedelta(hours=3)


def test_dated_rows_stand_where_they_say(take: Callable[..., Digest]) -> None:
    found = take(rows(1, date="<time>2026-02-27</time>"), source=ROWS)

    article = found.fresh[0].article
    assert (article.published, article.precision, article.placed) == (datetime(2026, 2, 27, 12, tzinfo=UTC), "day", None)


# --- article pages -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full_text", "of_rows", "of_feed"),
    [("auto", True, False), ("always", True, True), ("never", False, False)],
)
def test_article_pages_are_wanted_where_the_list_shows_no_text(
    take: Callable[..., Digest],
    a_source: Callable[..., Source],
    full_text: str,
    of_rows: bool,  # noqa: FBT001 - columns of the table
    of_feed: bool,  # noqa: FBT001
) -> None:
    row = take(rows(1), source=replace(ROWS, full_text=full_text)).fresh[0]
    entry = take(feed(item(1)), source=a_source(full_text=full_text)).fresh[0]

    assert row.page == (f"{LIST}1.html" if of_rows else None)
    assert entry.page == ("https://north.example.edu/1.html" if of_feed else None)
    assert (row.row == Entry()) is not of_rows


def test_the_page_of_what_is_known_is_not_wanted_again(take: Callable[..., Digest]) -> None:
    first = take(rows(1), source=ROWS)

    second = take(rows(1).replace("A story", "The story"), known_of(first), source=ROWS)

    assert [(each.known_as, each.page) for each in second.fresh] == [(first.fresh[0].article.id, None)]


def article_page(*, title: str = "A story with the number 1", paragraphs: int = 4, meta: str = "") -> str:
    return f"<html><head><title>{title}</title>{meta}</head><body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{f'<p>{PARAGRAPH}</p>' * paragraphs}</article><footer>© North</footer></body></html>"


def test_an_article_page_adds_the_text_and_nothing_else_changes(
    take: Callable[..., Digest], a_page: Callable[..., Page], now: datetime
) -> None:
    row = take(rows(1), source=ROWS).fresh[0]

    whole = complete(
        (part(a_page(article_page(), f"{LIST}1.html"), ROWS, f"{LIST}1.html", now=now).entry,),
        ROWS,
        row.row,
        row.article,
        now=now + timedelta(minutes=1),
    )

    assert (whole.text or "").count("frozen river") == 4
    assert "Home" not in (whole.text or "")
    for name in ("id", "title", "url", "source", "university", "first_seen", "placed"):
        assert getattr(whole, name) == getattr(row.article, name), name


def test_a_date_of_the_article_page_takes_the_place_of_the_rank(
    take: Callable[..., Digest], a_page: Callable[..., Page], now: datetime
) -> None:
    row = take(rows(2, 1), source=ROWS).fresh[1]
    page = article_page(meta="<meta property='article:published_time' content='2026-02-27T08:30:00+01:00'>")

    whole = complete((part(a_page(page, f"{LIST}1.html"), ROWS, f"{LIST}1.html", now=now).entry,), ROWS, row.row, row.article, now=now)

    assert whole.published == datetime(2026, 2, 27, 7, 30, tzinfo=UTC)
    assert whole.placed is None


def test_a_page_without_an_article_is_a_read_error(a_page: Callable[..., Page], now: datetime) -> None:
    with pytest.raises(ReadError):
        part(a_page("%PDF-1.7", f"{LIST}1.html"), ROWS, f"{LIST}1.html", now=now)


# --- language ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("configured", "said", "language"), [("ru", "zh-CN", "ru"), (None, "zh-CN", "zh-CN")])
def test_a_feed_speaks_for_its_items_unless_the_operator_does(
    take: Callable[..., Digest], a_source: Callable[..., Source], configured: str | None, said: str, language: str
) -> None:
    found = take(feed(item(1), language=said), source=a_source(language=configured))

    assert found.fresh[0].article.language == language


def test_the_default_language_of_feed_software_is_not_believed(take: Callable[..., Digest]) -> None:
    found = take(feed(item(1, title="哈尔滨工业大学学生建造机器人", text="机器人在冰面上行走"), language="en-us"))

    assert found.fresh[0].article.language != "en-us"


def test_a_digest_is_the_same_each_time(take: Callable[..., Digest]) -> None:
    body = feed(*(item(number) for number in range(20)))

    assert take(body) == take(body)


def test_ids_agree_with_the_keys(take: Callable[..., Digest]) -> None:
    assert all(each.article.id == identity.uuid(each.keys[0]) for each in take(feed(item(1), item(2))).fresh)


def test_the_name_of_a_list_and_the_word_of_the_operator_tell_what_its_articles_are(
    take: Callable[..., Digest], a_source: Callable[..., Source]
) -> None:
    body = feed(item(1)).replace("<title>North</title>", "<title>Jobs – North University</title>")

    told = take(body).fresh[0].article
    ordered = take(body, source=replace(a_source(), topic="event")).fresh[0].article

    assert (told.topic, told.provenance["topic"], told.tags) == ("job", "words of its title, its list or its address", ("job",))
    assert (ordered.topic, ordered.provenance["topic"]) == ("event", "configuration")


def test_an_article_page_does_not_change_what_the_list_told(take: Callable[..., Digest], now: datetime) -> None:
    body = rows(1).replace("<html>", "<html><head><title>Vacancies | North University</title></head>")
    fresh = take(body, source=ROWS).fresh[0]

    whole = complete((Entry(title="A story", content=f"<p>{PARAGRAPH}</p>"),), ROWS, fresh.row, fresh.article, now=now)

    assert (fresh.article.topic, whole.topic) == ("job", "job")
