from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from lxml import etree

from aggregator.config import PublishedFeed
from aggregator.model import Event
from aggregator.serve.shelf import PAGE

PAGES = [
    "/",
    "/feeds",
    "/feeds/build",
    "/feeds/build?from=country:NO",
    "/universities/north",
    "/search",
    "/search?q=number",
    "/search?q=titel:x",
    "/status",
    "/nowhere",
]
FEEDS = ["/feeds/all", "/feeds/chinese", "/universities/north", "/search"]


class Outline(HTMLParser):
    """What matters of a page: its elements with their attributes."""

    def __init__(self, markup):
        super().__init__()
        self.elements = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def values(self, tag, attribute):
        return [found[attribute] for name, found in self.elements if name == tag and attribute in found]


def page(site, address):
    path, _, question = address.partition("?")
    found = site.find(path, dict([question.split("=")]) if question else {}) or site.missing()
    return found.body.decode()


def articles_of(site, path="/"):
    return re.findall(r'<a href="/articles/([0-9a-f-]+)/">', page(site, path))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_needs_nothing_from_elsewhere_and_one_script_that_is_a_file(site, address):
    outline = Outline(page(site, address))

    tags = {tag for tag, _ in outline.elements}
    assert not tags & {"iframe", "img", "style", "object"}
    assert [attributes for tag, attributes in outline.elements if tag == "script"] == [{"src": "/static/site.js", "defer": None}]
    assert not [
        attribute for _, attributes in outline.elements for attribute in attributes if attribute == "style" or attribute.startswith("on")
    ]
    assert outline.values("link", "href")[0] == "/static/style.css"


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_first_heading_a_language_and_a_way_past_the_menu(site, address):
    outline = Outline(page(site, address))

    assert [tag for tag, _ in outline.elements].count("h1") == 1
    assert outline.values("html", "lang") == ["en"]
    assert "#main" in outline.values("a", "href")
    assert outline.values("main", "id") == ["main"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_stay_small(site, address):
    assert len(page(site, address).encode()) < 100_000


def test_the_river_shows_the_newest_first_by_day(site):
    text = page(site, "/")

    assert text.index("Article number 0") < text.index("Article number 3") < text.index("Article number 4")
    assert re.findall(r'<h2 id="day-([0-9-]+)"', text)[:2] == ["2026-03-02", "2026-03-01"]


def test_the_pages_of_the_river_hold_every_article_once(site, shelf):
    seen = []
    path = "/"
    while path:
        seen += articles_of(site, path)
        path = next(iter(re.findall(r'rel="next" href="([^"]+)"', page(site, path))), None)

    assert len(seen) == len(set(seen)) == len(shelf.held)
    assert len(articles_of(site)) == PAGE


def test_an_article_in_chinese_says_so(site):
    outline = Outline(page(site, "/"))

    assert ("h3", {"lang": "zh", "dir": "ltr"}) in outline.elements


def test_an_undated_article_is_not_given_a_date(site):
    assert "seen 1 Mar 2026 22:20 UTC" in page(site, "/")


def test_a_title_is_text(site):
    text = page(site, "/")

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;" in text
    assert "<script>" not in text


def test_the_head_names_the_feeds_of_the_page(site):
    found = [
        attributes["href"]
        for tag, attributes in Outline(page(site, "/universities/north")).elements
        if tag == "link" and attributes["rel"] == "alternate"
    ]

    assert found == [f"https://wire.example.org/universities/north.{extension}" for extension in ("rss", "atom", "json")]


def test_an_article_links_its_original_before_its_text(site, shelf):
    text = page(site, f"/articles/{shelf.held[1].id}")

    assert text.index('href="https://news.east.example.cn/2026/1.htm" rel="noopener">Read the original') < text.index("学生团队。")
    assert "李雷" in text


def test_images_of_an_article_wait_and_do_not_tell_where_from(site, shelf):
    images = [attributes for tag, attributes in Outline(page(site, f"/articles/{shelf.held[1].id}")).elements if tag == "img"]

    assert images == [{"src": "https://img.east.example.cn/ice.jpg", "alt": "冰", "loading": "lazy", "referrerpolicy": "no-referrer"}]


def test_what_is_active_in_a_stored_text_stays_out_of_the_page(site, shelf):
    text = page(site, f"/articles/{shelf.held[2].id}")

    assert "Fine" in text
    assert not [mark for mark in ("<script>", "onclick", "javascript:", "SECRET RULE") if mark in text]


def test_files_are_offered_with_their_size(site, shelf):
    assert "application/pdf 20 kB" in page(site, f"/articles/{shelf.held[2].id}")


@pytest.mark.parametrize("place", FEEDS)
def test_every_feed_is_there_in_every_format(site, place):
    bodies = {extension: site.find(f"{place}.{extension}", {"q": "number"}).body for extension in ("rss", "atom", "json")}

    rss = [item.findtext("guid") for item in etree.fromstring(bodies["rss"]).iter("item")]
    atom = [entry.findtext("{*}id") for entry in etree.fromstring(bodies["atom"]).findall("{*}entry")]
    feed = [item["id"] for item in json.loads(bodies["json"])["items"]]
    assert rss == atom == feed
    assert rss


def test_a_configured_feed_answers_its_query(site):
    items = json.loads(site.find("/feeds/chinese.json").body)["items"]

    assert [item["title"] for item in items] == ["东方理工学院的机器人走上冰面"]


def test_a_feed_knows_its_limit(site):
    assert len(json.loads(site.find("/feeds/all.json").body)["items"]) == 100


def test_a_search_feed_names_its_own_question(site):
    feed = json.loads(site.find("/search.json", {"q": "number 12"}).body)

    assert feed["feed_url"] == "https://wire.example.org/search.json?q=number+12"
    assert feed["home_page_url"] == "https://wire.example.org/search?q=number+12"


def test_a_search_shows_what_it_finds_and_how_to_subscribe(site, shelf):
    text = page(site, "/search?q=冰面")

    assert articles_of(site, "/search?q=冰面") == [shelf.held[1].id]
    assert "https://wire.example.org/search.rss?q=%E5%86%B0%E9%9D%A2" in text


def test_a_search_that_finds_nothing_says_so(site):
    assert "Nothing was found" in page(site, "/search?q=unheard")


def test_a_search_goes_on_where_the_page_ended(site):
    first = page(site, "/search?q=number")
    path, _, question = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&").partition("?")

    second = site.find(path, dict(pair.split("=") for pair in question.split("&"))).body.decode()

    assert "Article number 0" in first
    assert "Article number 0" not in second
    assert "Article number 60" in second


def test_a_question_that_cannot_be_understood_is_pointed_at(site):
    found = site.find("/search", {"q": "ice titel:robot"})

    assert found.status == 400
    assert "ice <mark>titel:robot</mark>" in found.body.decode()
    assert "At character 5" in found.body.decode()


def test_a_search_feed_that_cannot_be_understood_is_no_feed(site):
    found = site.find("/search.rss", {"q": '"open'})

    assert (found.status, found.media_type) == (400, "text/plain; charset=utf-8")
    assert b"at character 1" in found.body


def test_the_opml_lists_every_feed(site):
    root = etree.fromstring(site.find("/opml.xml").body)

    assert [outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("xmlUrl")] == [
        "https://wire.example.org/feeds/all.rss",
        "https://wire.example.org/feeds/chinese.rss",
        "https://wire.example.org/universities/east.rss",
        "https://wire.example.org/universities/north.rss",
    ]


def test_the_list_of_feeds_shows_addresses_to_copy(site):
    text = page(site, "/feeds/")

    assert "https://wire.example.org/feeds/chinese.rss" in text
    assert "https://wire.example.org/universities/east.rss" in text


def test_the_status_page_begins_with_what_fails(site):
    text = page(site, "/status")

    assert text.index("answered 500 &lt;b&gt;") < text.index("north/news")
    assert "2 Mar 2026 12:00 UTC" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("active", "Pushed by https://hub.example/&lt; until 9 Mar 2026 12:00 UTC; last push: 2 Mar 2026 12:00 UTC."),
        ("asked", "https://hub.example/&lt; was asked to push, and has not confirmed."),
        ("refused", "https://hub.example/&lt; refuses to push."),
    ],
)
def test_the_status_page_tells_who_pushes_and_no_secret(site, shelf, state, said):
    from aggregator.model import Subscription

    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    until = noon + timedelta(days=7)
    shelf.pushes = [Subscription("north/news", "TOKEN", "https://t/", "https://hub.example/<", "SECRET", state, noon, until, noon)]

    text = page(site, "/status")

    assert said in text
    assert "TOKEN" not in text
    assert "SECRET" not in text


def test_the_status_page_of_a_large_wire_stays_readable(site, shelf, monkeypatch):
    from aggregator.model import SourceState

    states = [SourceState(f"s{number}", "https://example.edu/", last_success=None) for number in range(1200)]
    monkeypatch.setattr(type(shelf), "states", lambda self: states)

    text = page(site, "/status")

    assert text.count("<tr class=") == 1000
    assert "200 more sources are not shown" in text


@pytest.mark.parametrize(
    ("guess", "place"),
    [
        ("/feeds/all", "/feeds/all.rss"),
        ("/feeds/all/", "/feeds/all.rss"),
        ("/feed", "/feeds/all.rss"),
        ("/rss.xml", "/feeds/all.rss"),
        ("/index.xml", "/feeds/all.rss"),
        ("/atom.xml", "/feeds/all.atom"),
        ("/feed.json", "/feeds/all.json"),
    ],
)
def test_where_people_guess_a_feed_it_is_a_redirect_away(site, guess, place):
    found = site.find(guess)

    assert (found.status, found.location) == (301, place)
    assert site.find(place).status == 200


@pytest.mark.parametrize("guess", ["/feeds/nothing", "/index", "/index.html", "/rss.txt", "/feeds/all.xml"])
def test_what_is_no_guess_of_a_feed_leads_nowhere(site, guess):
    assert site.find(guess) is None


def test_health_is_good_while_the_database_answers(site):
    found = site.find("/healthz")

    assert found.status == 200
    assert json.loads(found.body)["ok"] is True


def test_health_is_bad_when_the_database_does_not_answer(site, shelf):
    shelf.busy = True

    found = site.find("/healthz")

    assert found.status == 503
    assert json.loads(found.body)["problem"] == "the database is locked"


def test_health_is_bad_when_the_tick_has_stopped(site):
    assert replace(site, health=lambda: {"ok": False}).find("/healthz").status == 503


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/none.rss",
        "/feeds/all.exe",
        "/universities/nobody",
        "/universities/quiet",
        "/articles/1",
        "/before/x",
        "/universities/north/before/x",
        "/static/../site.py",
        "/a",
    ],
)
def test_nothing_stands_elsewhere(site, path):
    assert site.find(path) is None


@pytest.mark.parametrize("path", ["/universities/north", "/feeds", "/status"])
def test_a_final_slash_makes_no_difference(site, path):
    assert site.find(path) == site.find(f"{path}/")


def test_a_site_below_a_path_keeps_to_it(make_site):
    site = make_site(url="https://example.org/news/")

    outline = Outline(page(site, "/"))

    assert all(target.startswith(("/news/", "#", "https://")) for target in outline.values("a", "href"))
    assert outline.values("form", "action") == ["/news/search"]


def test_no_feed_tells_where_a_field_came_from(site):
    assert not [extension for extension in ("rss", "atom", "json") if b"SECRET RULE" in site.find(f"/feeds/all.{extension}").body]


def test_an_empty_shelf_is_a_site_too(site, shelf):
    shelf.held.clear()

    assert "No news yet" in page(site, "/")
    assert len(list(etree.fromstring(site.find("/feeds/all.rss").body).iter("item"))) == 0


def test_the_front_page_shows_what_its_feed_holds_and_a_university_all_that_it_publishes(shelf, make_site, make_article):
    notice = make_article(1, title="Library closed on Friday", topic="notice")
    shelf.held = [notice, make_article(2, topic="research"), make_article(3)]
    settings = make_site().settings
    wire = replace(
        make_site(),
        settings=replace(
            settings, feeds=(replace(settings.feeds[0], where="topic:news,research"), PublishedFeed("everything", "All", "", 100))
        ),
    )

    assert len(articles_of(wire)) == 2
    assert notice.id in articles_of(wire, "/universities/north")
    assert notice.id not in wire.find("/feeds/all.rss").body.decode()
    assert notice.id in wire.find("/feeds/everything.rss").body.decode()
    assert "<category>notice</category>" in wire.find("/feeds/everything.rss").body.decode()
    assert "/articles/" + notice.id + "/" in set(wire.addresses())
    assert "News of 2 universities" in wire.find("/feeds/all.rss").body.decode()


def test_it_is_ready_where_the_database_answers_and_the_daemon_has_begun_and_is_not_ending(site, shelf):
    def ready(**told):
        return replace(site, health=lambda: told).find("/readyz").status

    assert (ready(), ready(ready=True, ok=False), ready(ready=False, ok=True)) == (200, 200, 503)
    shelf.busy = True
    assert ready(ready=True) == 503


def test_metrics_stand_where_somebody_counts_them(site):
    assert site.find("/metrics") is None

    told = replace(site, metrics=lambda: b"aggregator_healthy 1.0\n").find("/metrics")

    assert (told.body, told.kind, told.media_type) == (b"aggregator_healthy 1.0\n", "live", "text/plain; version=0.0.4; charset=utf-8")


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_what_happens_is_a_feed_for_those_who_live_in_their_reader(site, shelf, extension):
    shelf.happened = [
        Event(datetime(2026, 3, 2, tzinfo=UTC), "broke", "north/news", "answered 500 <b>&", "wait", number=2),
        Event(datetime(2026, 3, 1, tzinfo=UTC), "configured", None, "the configuration is in force again", number=1),
    ]

    found = site.find(f"/events.{extension}")
    again = site.find(f"/events.{extension}")

    assert found == again
    assert found.kind == "live"
    assert all(title in found.body.decode() for title in ("north/news keeps failing", "The configuration is in force again"))
    if extension == "rss":
        items = etree.fromstring(found.body).findall("channel/item")
        assert len({item.findtext("guid") for item in items}) == 2
        assert [item.findtext("pubDate") for item in items] == ["Mon, 02 Mar 2026 00:00:00 +0000", "Sun, 01 Mar 2026 00:00:00 +0000"]
        assert b"<b>" not in found.body


def test_every_source_in_the_list_of_sources_can_be_subscribed_to(browser):
    outlines = etree.fromstring(browser.get("/opml/sources.xml").body).findall("body/outline/outline")
    addresses = {outline.get("htmlUrl") or outline.get("title"): outline.get("xmlUrl") for outline in outlines}

    own = [address.removeprefix("https://wire.example.org") for address in addresses.values() if "wire.example.org" in address]
    (made,) = [browser.get(address) for address in own]

    assert sorted(addresses.values()) == ["https://north.example.edu/feed.xml", f"https://wire.example.org{own[0]}"]
    assert [item.findtext("title") for item in etree.fromstring(made.body).iter("item")] == ["东方理工学院的机器人走上冰面"]


@pytest.mark.parametrize("place", ["/universities", "/universities/"])
def test_the_folder_of_universities_leads_to_the_page_that_lists_them(site, place):
    found = site.find(place)

    assert (found.status, found.location) == (301, "/feeds")
    assert "/universities/north" in page(site, "/feeds")


def test_a_wrong_configuration_is_marked_on_the_status_page_and_a_right_one_is_a_fact(site):
    wrong = page(replace(site, health=lambda: {"ok": True, "configuration": "a.yaml:3: port: <b>"}), "/status")
    right = page(replace(site, health=lambda: {"ok": True, "configuration": "in force"}), "/status")

    assert (
        '<p class="problem"><strong>The configuration is wrong</strong>; the last good one runs: <span lang="en" dir="ltr">a.yaml:3: port: &lt;b&gt;</span></p>'
        in wrong
    )
    assert "<dt>Configuration</dt>" not in wrong
    assert "The configuration is wrong" not in right
    assert "<dt>Configuration</dt><dd>in force</dd>" in right
