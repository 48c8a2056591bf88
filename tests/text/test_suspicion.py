from __future__ import annotations

import pytest

from aggregator.model import Page
from aggregator.text import suspicion
from aggregator.text.document import document


def _page(title: str, body: str = "<p>Hello</p>"):
    return document(
        Page("https://north.example.edu/", f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), "text/html")
    )


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Just a moment...", suspicion.CHALLENGE),
        ("Attention Required! | Cloudflare", suspicion.CHALLENGE),
        ("安全验证", suspicion.CHALLENGE),
        ("404 Not Found", suspicion.MISSING),
        ("Page not found | North University", suspicion.MISSING),
        ("页面不存在", suspicion.MISSING),
        ("Страница не найдена", suspicion.MISSING),
        ("Seite nicht gefunden – Nordhochschule", suspicion.MISSING),
        ("500 Internal Server Error", suspicion.BROKEN),
        ("Service Unavailable", suspicion.BROKEN),
        ("Log in – Portal", suspicion.LOGIN),
        ("统一身份认证", suspicion.LOGIN),
        ("north.example is for sale: this domain is for sale", suspicion.PARKED),
        ("north.example is for sale", suspicion.PARKED),
        ("Welcome to nginx!", suspicion.PARKED),
        ("We’ll be back soon!", suspicion.BROKEN),
        ("Sorry, we can’t find that page", suspicion.MISSING),
        ("요청하신 페이지를 찾을 수 없습니다.", suspicion.MISSING),
        ("Before you continue to North University", suspicion.CONSENT),
    ],
)
def test_titles_that_give_a_page_away(title, wanted):
    assert suspicion.announced(_page(title)) is wanted


@pytest.mark.parametrize(
    "title",
    [
        "News",
        "North University",
        "新闻网",
        "404 students enrol in chemistry",
        "Press releases",
        "Error correction: news of the quantum group",
        "Новости",
        "Notices and announcements",
        "Research news (2024)",
        "Sorry tales of a page in the library",
        "Used books for sale",
    ],
)
def test_titles_of_ordinary_pages_give_nothing_away(title):
    assert suspicion.announced(_page(title)) is None


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('<form><input type="password"></form>', suspicion.LOGIN),
        ("<div>对不起，您访问的页面不存在！</div><a href='/'>返回首页</a>", suspicion.MISSING),
        ('<meta http-equiv="refresh" content="0; url=/de/">', suspicion.FORWARD),
        ("<div id=root></div><script src=/app.js></script>", suspicion.SCRIPTED),
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", suspicion.SCRIPTED),
        ("<p>暂无数据</p><a href=/a>1</a><a href=/b>2</a>", suspicion.EMPTY),
        ("<p>Hello</p>", suspicion.BARE),
        ("<a href=/a>Arts</a><a href=/b>Law</a>", suspicion.MENU),
        ("<a href=/a>Arts</a><a href=/b>Law</a>" + "<p>" + "Old stones remember more than they tell. " * 40 + "</p>", suspicion.ARTICLE),
    ],
)
def test_what_a_page_without_a_list_most_likely_is(body, wanted):
    assert suspicion.guess(_page("North", body)) is wanted
