"""One article page → one Entry. The cases are folders of data: a page in our own words, and what must come of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ReadError
from aggregator.model import Page, Source
from aggregator.read.article import extract

NOW = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
CASES = sorted(path for path in (Path(__file__).parent / "articles").iterdir() if path.is_dir())
URL = "https://www.northfield.example/news/1.htm"


def read(markup: str | bytes, *, url: str = URL, content_type: str = "text/html", **source):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return extract(Page(url, body, content_type), Source("s", url, **source), now=NOW)


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request):
    expected = json.loads((request.param / "expected.json").read_text("utf-8"))
    entry = read((request.param / "page.html").read_bytes(), url=expected["url"], timezone=expected.get("timezone"))
    return entry, expected


def test_each_case_gives_its_title_its_text_and_its_people(case):
    entry, expected = case

    assert entry.title == expected["title"]
    assert entry.text == "\n\n".join(expected["text"])
    assert list(entry.authors) == expected["authors"]


def test_each_case_gives_its_dates(case):
    entry, expected = case

    assert (entry.published is None) == ("published" not in expected)
    if "published" in expected:
        assert entry.published.isoformat().startswith(expected["published"])
        assert entry.published.tzinfo is not None
    assert (entry.updated.isoformat() if entry.updated else None) == expected.get("updated")
    assert expected.get("precision") in (None, entry.precision)


def test_each_case_gives_clean_markup_and_its_files(case):
    entry, expected = case

    assert [file.url for file in entry.enclosures] == expected.get("enclosures", [])
    for piece in expected.get("has", ()):
        assert piece in entry.content
    for piece in (*expected.get("lacks", ()), "<script", "<form", "style=", "onclick", "class="):
        assert piece not in entry.content


def test_each_case_gives_what_the_page_says_of_itself(case):
    entry, expected = case

    assert expected.get("language") in (None, entry.language)
    assert expected.get("image") in (None, entry.image)
    assert expected.get("summary") in (None, entry.summary)
    assert expected.get("categories", []) == list(entry.categories)
    assert set(entry.provenance) >= {"title", "content"}


PROSE = (
    "<p>The river rose by two metres in the night, and the rowers carried their boats up to the chapel. By morning the lawn was a lake.</p>"
    * 3
)


def test_the_selector_of_the_source_decides_where_the_text_is():
    page = (
        f"<html><body><h1>High water</h1><div class='a'>{PROSE}</div><div class='b'><p>Only this, and not the rest.</p></div></body></html>"
    )

    entry = read(page, article="div.b:not(.c)")

    assert entry.text == "Only this, and not the rest."
    assert entry.provenance["content"] == "article: selector of the source"


def test_a_selector_that_finds_nothing_gives_way_to_the_text_that_is_there():
    assert "two metres" in read(f"<html><body><h1>High water</h1><div>{PROSE}</div></body></html>", article="div.gone").text


def test_a_selector_that_is_none_is_named():
    with pytest.raises(ReadError, match="'div\\[\\['"):
        read(f"<html><body>{PROSE}</body></html>", article="div[[")


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.northfield.example/news/1.htm?from=list", URL),
        ("/news/1.htm", URL),
        ("/", URL),
        ("https://elsewhere.example/news/1.htm", URL),
        ("/news/", URL),
        ("https://northfield.example/archive/1.html", "https://northfield.example/archive/1.html"),
    ],
)
def test_a_canonical_address_counts_only_where_it_is_that_of_the_page(canonical, expected):
    entry = read(f"<html><head><link rel='canonical' href='{canonical}'></head><body><h1>High water</h1>{PROSE}</body></html>")

    assert entry.url in (expected, f"{expected}?from=list")


@pytest.mark.parametrize("account", ["admin", "管理员", "webmaster", "佚名", "editor", "Northfield Times"])
def test_accounts_and_the_site_itself_are_nobody(account):
    page = f"<html><head><meta property='og:site_name' content='Northfield Times'><meta name='author' content='{account}'></head><body><h1>High water</h1><p>By {account}</p>{PROSE}</body></html>"

    assert read(page).authors == ()


def test_a_generic_title_of_the_document_gives_way_to_the_heading():
    assert read(f"<html><head><title>News</title></head><body><h2>High water</h2>{PROSE}</body></html>").title == "High water"


def test_a_logo_is_no_lead_image():
    page = f"<html><head><meta property='og:image' content='/img/logo.png'></head><body><h1>High water</h1>{PROSE}<p><img src='/img/lake.jpg'></p></body></html>"

    assert read(page).image == "https://www.northfield.example/img/lake.jpg"


def test_text_that_only_the_data_of_a_page_holds_is_taken_from_there():
    text = "The river rose by two metres in the night. " * 10
    page = f'<html><head><title>High water</title><script type="application/ld+json">{{"@type":"NewsArticle","headline":"High water","articleBody":"{text}"}}</script></head><body><div id="app"></div></body></html>'

    entry = read(page)

    assert entry.text.startswith("The river rose")
    assert entry.provenance["content"] == "article: JSON-LD articleBody"


def test_a_legacy_charset_is_read_as_what_it_is():
    page = "<html><head><meta charset='gb2312'><title>校园新闻</title></head><body><h1>图书馆周五闭馆通知</h1><p>因设备检修，图书馆将于本周五全天闭馆，请各位读者提前安排借还图书的时间，给您带来不便敬请谅解。</p></body></html>"

    entry = read(page.encode("gb18030"))

    assert entry.title == "图书馆周五闭馆通知"
    assert entry.text.startswith("因设备检修")


LOOKS = {
    "challenge": "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing the site.</p></body></html>",
    "login": "<html><head><title>统一身份认证</title></head><body><form><input name=u><input type=password name=p><button>登录</button></form></body></html>",
    "error": "<html><head><title>404 Not Found</title></head><body><h1>Page not found</h1><p>Sorry, the page you requested could not be found.</p></body></html>",
    "gone": "<html><head><title>提示信息</title></head><body><p>您访问的页面不存在</p></body></html>",
    "parked": "<html><head><title>northfield.example</title></head><body><p>This domain is for sale.</p></body></html>",
    "scripts": "<html><head><title>App</title></head><body><div id='root'></div><script src='/app.js'></script></body></html>",
    "empty": "   \n ",
    "pdf": "%PDF-1.7 and so on",
    "feed": "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title></channel></rss>",
    "json": '{"a": 1}',
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_what_is_no_article_is_refused_with_its_look_and_a_remedy(look):
    with pytest.raises(ReadError) as refusal:
        read(look)

    assert URL in refusal.value.message
    assert refusal.value.remedy


def test_a_long_article_about_an_error_is_an_article():
    page = f"<html><head><title>404 is not an error, says a new exhibition</title></head><body><h1>404 is not an error, says a new exhibition</h1>{PROSE}{PROSE}</body></html>"

    assert read(page).title == "404 is not an error, says a new exhibition"


TITLES = {
    "the heading, where the metadata word it for search engines": (
        "<title>High Water Northfield: Rowers Carry Boats | Northfield</title><meta property='og:title' content='High Water Northfield: Rowers Carry Boats'>",
        "<h1>Rowers carry boats to the chapel as the high water comes</h1>",
        "Rowers carry boats to the chapel as the high water comes",
    ),
    "the metadata, where the heading only adds a kicker": (
        "<title>The lawn is a lake</title><meta property='og:title' content='The lawn is a lake'>",
        "<h1><span>After the storm</span> The lawn is a lake tonight</h1><h1>Weather The lawn is a lake</h1>",
        "The lawn is a lake",
    ),
    "without a marked kicker": (
        "<title>Weather: The lawn is a lake</title>",
        "<h1><span class='topline'>Weather</span> <span>The lawn is a lake</span></h1>",
        "The lawn is a lake",
    ),
    "the heading that is equal to the metadata before one that names the site": (
        "<title>The lawn is a lake | Northfield Rowing Club</title><meta property='og:title' content='The lawn is a lake'>",
        "<h1>The lawn is a lake | Northfield Rowing Club</h1><h2>The lawn is a lake</h2>",
        "The lawn is a lake",
    ),
    "the heading, where the title of the document only names the institution": (
        "<title>North University</title>",
        "<h1>A bridge of recycled timber opens</h1>",
        "A bridge of recycled timber opens",
    ),
    "the heading, where the title of the document is cut off": (
        "<title>A bridge of rec...</title>",
        "<h1>A bridge of recycled timber opens</h1>",
        "A bridge of recycled timber opens",
    ),
    "the heading, where the title of the document is the default of an editor": (
        "<title>Untitled Document</title>",
        "<h1>A bridge of recycled timber opens</h1>",
        "A bridge of recycled timber opens",
    ),
    "that of the document, where several main headings stand beside it": (
        "<title>Timber carries again at North University</title>",
        "<h1>Our choir sings</h1><h1>Our chess club wins</h1>",
        "Timber carries again at North University",
    ),
}


@pytest.mark.parametrize(("head", "headings", "title"), TITLES.values(), ids=TITLES)
def test_the_title_is(head, headings, title):
    assert read(f"<html><head>{head}</head><body>{headings}{PROSE}</body></html>").title == title


DATES = {
    "the day of its author, where UTC and an offset name one instant": (
        "<meta property='article:published_time' content='2024-05-07T02:25:00Z'>",
        "<h1>High water</h1><time datetime='2024-05-06T21:25:00-05:00'>Monday</time>",
        "2024-05-06T21:25:00-05:00",
    ),
    "what is shown, where a loose name states another day": (
        "<meta name='dcterms.date' content='2024-04-01T08:00:00+02:00'>",
        "<h1>High water</h1><p>6 May 2024</p>",
        "2024-05-06",
    ),
    "more exactly, where a loose name states the same day": (
        "<meta name='dcterms.date' content='2024-05-06T08:30:00+02:00'>",
        "<h1>High water</h1><p>6 May 2024</p>",
        "2024-05-06T08:30:00+02:00",
    ),
    "not that of a caption": (
        "",
        "<h1>High water</h1><figure><img src=a.jpg><figcaption>The lake, 1 May 2023</figcaption></figure><p>6 May 2024</p>",
        "2024-05-06",
    ),
    "the only one on the page": (
        "",
        f"<h1>High water</h1>{PROSE * 3}<ul>{'<li>Boat</li>' * 20}</ul><div>Datum: 06.05.2024</div>",
        "2024-05-06",
    ),
}


@pytest.mark.parametrize(("head", "start", "published"), DATES.values(), ids=DATES)
def test_the_date_is(head, start, published):
    entry = read(f"<html><head>{head}</head><body>{start}{PROSE}</body></html>")

    assert entry.published.isoformat().startswith(published)


BYLINES = {
    "the link to the page of an author": ("", "<p><a href='/author/tiller'>tiller</a></p>", ("tiller",)),
    "not a link to a network": ("", "<p><a href='https://youtube.com/user/northfield'>Northfield</a></p>", ()),
    "what a label for cards names": (
        "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ann Lee'>",
        "",
        ("Ann Lee",),
    ),
    "the whole name of an account": (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"High water","author":{"name":"ann.lee"}}</script>',
        "<p>By Ann Lee</p>",
        ("Ann Lee",),
    ),
    "not a photographer in a caption": (
        "",
        "<figure><img src=a.jpg><figcaption>By Cy Fox</figcaption></figure><p>By Ann Lee</p>",
        ("Ann Lee",),
    ),
    "not the publisher": ("<meta name='publisher' content='Lake Press'><meta name='author' content='Lake Press'>", "", ()),
    "not the beginning of a sentence beside the date": (
        "",
        "<p>6. Mai 2024</p><p>Größere Boote, kürzere Ruder und endlich ein Steg, der hält.</p>",
        (),
    ),
    "not what a sentence in Han lists": ("", "<p>2024年5月6日</p><p>两校将共同观测湖泊的水温与藻类变化。</p>", ()),
}


@pytest.mark.parametrize(("head", "start", "authors"), BYLINES.values(), ids=BYLINES)
def test_the_author_is(head, start, authors):
    assert read(f"<html><head>{head}</head><body><h1>High water</h1>{start}{PROSE}</body></html>").authors == authors


ITEMS = "".join(
    f"<li><a href='/n/{number}'>Another story number {number} of the lake</a><p>What it tells in a line.</p></li>" for number in range(5)
)
CARDS = "".join(
    f"<img src='/{number}.jpg'><h4><a href='/n/{number}'>Another story number {number}</a></h4><p>Its teaser.</p>" for number in range(3)
)
OTHERS = {
    "in English": f"<h3>Related news</h3><ul>{ITEMS}</ul>",
    "in German": f"<h3>Weitere Meldungen</h3><ul>{ITEMS}</ul>",
    "in Chinese": f"<p><b>相关新闻</b></p><ul>{ITEMS}</ul>",
    "in Russian": f"<h3>Другие новости</h3><ul>{ITEMS}</ul>",
    "in Arabic": f"<h3>أخبار أخرى</h3><ul>{ITEMS}</ul>",
    "without a list": f"<h3>Latest news</h3>{CARDS}",
}


@pytest.mark.parametrize("related", OTHERS.values(), ids=OTHERS)
def test_other_news_under_their_label_are_no_text(related):
    entry = read(f"<html><body><div><h1>High water</h1>{PROSE}{related}</div></body></html>")

    assert entry.text.count("two metres") == 3
    assert "tory number" not in entry.text
    assert "teaser" not in entry.text


def test_text_goes_on_behind_a_box_of_other_news():
    entry = read(
        f"<html><body><div><h1>High water</h1>{PROSE}<h3>You might like</h3>{CARDS.replace('<p>Its teaser.</p>', '')}<p>Last of all, the rowers went home and slept until noon of the next day.</p></div></body></html>"
    )

    assert entry.text.endswith("until noon of the next day.")
    assert "tory number" not in entry.text


def test_a_list_of_links_with_another_label_is_text():
    entry = read(f"<html><body><div><h1>High water</h1>{PROSE}<h3>The boats of the year</h3><ul>{ITEMS}</ul></div></body></html>")

    assert entry.text.count("What it tells in a line.") == 5
