"""The next page of a list, as sites in many languages write it."""

from __future__ import annotations

import pytest

from aggregator.model import Page
from aggregator.read.pager import NEXT, next_page, next_part

HERE = "https://www.example.edu/news/list.htm"


def of(body: str, url: str = HERE) -> str | None:
    return next_page(Page(url, f"<html><body><ul><li><a href='/n/1.htm'>A story of today</a></li></ul>{body}</body></html>".encode()))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<a href='list2.htm'>下一页</a>", "https://www.example.edu/news/list2.htm"),
        ("<a href='index_2.htm' title='次へ'><img src=a.png></a>", "https://www.example.edu/news/index_2.htm"),
        ("<a href='?page=2'>Next »</a>", "https://www.example.edu/news/list.htm?page=2"),
        ("<a href='?page=2' aria-label='Следующая страница'>2</a>", "https://www.example.edu/news/list.htm?page=2"),
        ("<a rel='next' href='/p/2'>go on</a>", "https://www.example.edu/p/2"),
        ("<link rel='next' href='/p/2'>", "https://www.example.edu/p/2"),
        ("<div class='pagination'><a href='p1'>«</a><a href='p3'>›</a></div>", "https://www.example.edu/news/p3"),
        ("<div class='pager'><span>1</span><a href='p2'>2</a><a href='p9'>9</a></div>", "https://www.example.edu/news/p2"),
        ("<ul class='pages'><li class='active'><a href='p4'>4</a></li><li><a href='p5'>5</a></li></ul>", "https://www.example.edu/news/p5"),
        ("<a href=\"javascript:window.open('list2.htm')\">下页</a>", "https://www.example.edu/news/list2.htm"),
        ("<a href='https://other.example.org/p2'>Next</a>", None),
        ("<a href='list.htm'>Next</a>", None),
        ("<a href='/about'>›</a>", None),
        ("<a href='/n/2'>What comes next for the river</a>", None),
        ("", None),
        (
            "<p><a href='/n/1'>weiter</a></p><p><a href='/n/2'>weiter</a></p><div class='pager'><b>1</b><a href='p2'>2</a></div>",
            "https://www.example.edu/news/p2",
        ),
        ("<p><a href='/n/1'>далее</a></p><p><a href='/n/2'>далее</a></p>", None),
        ("<p><a href='/n/1'>далее</a></p><div class='pagination'><a href='p2'>далее</a></div>", "https://www.example.edu/news/p2"),
    ],
)
def test_the_next_page_is_found(body: str, expected: str | None) -> None:
    assert of(body) == expected


def test_it_is_found_in_turkish_capitals() -> None:
    assert of("<p><a href='p2'>İleri</a></p>") == "https://www.example.edu/news/p2"


@pytest.mark.parametrize("word", NEXT.split("|"))
def test_it_is_found_in_every_language(word: str) -> None:
    assert of(f"<p><a href='p2'>{word.title()}</a></p>") == "https://www.example.edu/news/p2"


def test_a_feed_says_it_itself() -> None:
    feed = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='a.xml'/><link rel='prev-archive' href='a.xml?p=2&amp;x=1'/></feed>"

    assert next_page(Page("https://example.edu/a.xml", feed.encode(), "application/atom+xml")) == "https://example.edu/a.xml?p=2&x=1"


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"%PDF-1.7", b"<a href='http://[::1'>next</a>", b"{}"])
def test_rubbish_leads_nowhere(body: bytes) -> None:
    assert next_page(Page(HERE, body)) is None


@pytest.mark.parametrize(
    ("first", "link", "goes_on"),
    [
        ("https://e.edu/n/3850.html", "3850_2.html", True),
        ("https://e.edu/n/3850.html", "3850-3.html", True),
        ("https://e.edu/n/story", "/n/story/2", True),
        ("https://e.edu/n/story/", "/n/story/page/2/", True),
        ("https://e.edu/n/story", "?page=2", True),
        ("https://e.edu/show.php?id=7", "show.php?id=7&page=2", True),
        ("https://e.edu/n/3850.html", "3851.html", False),
        ("https://e.edu/n/3850.html", "38502.html", False),
        ("https://e.edu/show.php?id=7", "show.php?id=8", False),
        ("https://e.edu/n/story", "/n/another-story", False),
        ("https://e.edu/n/story", "/n/story/comments", False),
    ],
)
def test_a_story_goes_on_where_its_own_address_does(first: str, link: str, *, goes_on: bool) -> None:
    page = Page(first, f"<html><body><p>A text.</p><a href='{link}'>Next</a></body></html>".encode())

    assert (next_part(page, first) is not None) is goes_on
