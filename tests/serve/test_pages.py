"""What the pages offer beyond the news themselves: languages, filters, the feed builder, feeds as pages, sorting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from aggregator.model import Event, Source, University
from aggregator.serve import pages, rivers
from aggregator.serve.export import export
from aggregator.serve.site import Site

PEOPLE = {"sec_fetch_dest": "document", "accept": "text/html,*/*;q=0.8"}
FEEDS = ["/feeds/all.rss", "/feeds/chinese.atom", "/feeds/all.stories.rss", "/universities/north.json", "/search.rss?q=number"]
FOR_PROGRAMS = ["/api/v1/articles?limit=2", "/api/v1/sources", "/api/openapi.json", "/opml.xml", "/opml/sources.xml"]


def body(answer):
    return unescape(answer.body.decode())


@pytest.mark.parametrize(("asked", "said"), [("zh-CN", "最新新闻"), ("ru", "Последние новости"), ("fr", "The latest news")])
def test_pages_speak_the_language_of_the_browser(browser, asked, said):
    answer = browser.get("/", accept_language=asked)

    assert said in body(answer)
    assert answer.headers["vary"] == "Accept-Encoding, Accept-Language"


def test_a_language_that_was_chosen_by_hand_stays_chosen_on_every_link(browser):
    page = body(browser.get("/?lang=ru", accept_language="zh"))

    inner = [link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith(("/static", "/opml"))]
    assert "Последние новости" in page
    assert [link for link in inner if "lang=" not in link] == []
    assert 'name="lang" value="ru"' in page


def test_the_switch_leads_to_the_same_page(browser):
    page = body(browser.get("/search?q=number&from=country:NO&from=country:CN"))

    assert 'href="/search/?q=number&from=country%3ANO&from=country%3ACN&lang=zh"' in page


def test_a_language_that_nobody_speaks_here_is_not_chosen(browser, shelf):
    answers = [browser.get(f"/?lang={code}") for code in ("", "xx", "../en")]

    assert {answer.body for answer in answers} == {browser.get("/").body}
    assert shelf.asked == 1


def test_nothing_found_is_said_in_the_language_of_the_browser(browser):
    assert "这里什么也没有" in body(browser.get("/nowhere", accept_language="zh"))


def test_the_wire_has_a_language_of_its_own_for_all_others(browse, make_site):
    site = make_site(language="ru")

    assert "Последние новости" in body(browse(lambda: site).get("/", accept_language="fr"))


def test_a_university_is_called_by_its_name_in_that_language(browser):
    assert "东方理工学院" in body(browser.get("/universities/east/", accept_language="zh"))


# Filters


def test_a_filter_narrows_the_river(browser, shelf):
    page = body(browser.get("/search?from=country:CN"))

    assert re.findall(r"/articles/([0-9a-f-]{36})", page) == [shelf.held[1].id]
    assert '<option value="country:CN" selected>All of China' in page
    assert '<option value="country:NO"' not in page  # its only university stands for it
    assert "/search.rss?q=country%3ACN" in page


def test_a_filter_shows_what_was_chosen(browser):
    page = body(browser.get("/search?q=number&from=university:north&language=en"))

    assert '<option value="university:north" selected>North University' in page
    assert '<option value="en" selected>English' in page
    assert 'value="number"' in page


def test_a_topic_that_was_typed_is_chosen_in_the_filter(browser):
    page = body(browser.get("/search?q=number+topic:event"))

    assert '<option value="event" selected>Events' in page
    assert 'name="q" value="number"' in page
    assert "/search.rss?q=number+topic%3Aevent" in page


@pytest.mark.parametrize(("q", "said"), [("topic:tender", "There is nothing like that yet."), ("unheard", "Fewer words find more.")])
def test_what_finds_nothing_is_told_by_what_was_asked(browser, q, said):
    page = body(browser.get(f"/search?q={q}"))

    assert [each for each in ("There is nothing like that yet.", "Fewer words find more.") if each in page] == [said]


@pytest.mark.parametrize(
    ("language", "any_kind", "events"), [("en", "Of any kind", "Events"), ("ru", "Любого рода", "События"), ("zh", "任何类型", "活动")]
)
def test_the_search_field_offers_topics_in_the_language_of_the_reader(browser, language, any_kind, events):
    page = body(browser.get(f"/search?topic=event&lang={language}"))

    assert f'<option value="">{any_kind}' in page
    assert f'<option value="event" selected>{events}' in page
    assert page.count(" selected>") == 1


def test_a_topic_narrows_the_river(browser, shelf):
    shelf.held[3] = replace(shelf.held[3], topic="event")

    page = body(browser.get("/search?q=&from=&language=&topic=event"))

    assert re.findall(r"/articles/([0-9a-f-]{36})", page) == [shelf.held[3].id]


def test_an_empty_filter_is_the_search_page(browser):
    assert "<h1>Search</h1>" in body(browser.get("/search?q=&from=&language=&topic="))


def test_the_next_page_keeps_the_filter(browser):
    first = body(browser.get("/search?from=university:north"))
    target = re.search(r'rel="next" href="([^"]+)"', first)[1]

    assert "from=university%3Anorth&before=" in target
    assert "Article number 60" in body(browser.get(target))


def test_a_large_wire_offers_countries_only(shelf, site):
    many = {f"u{number}": University(f"u{number}", f"University of Something Rather Long {number}", country="FR") for number in range(600)}
    sources = {f"{id_}/news": Source(f"{id_}/news", "https://example.edu/", university=id_) for id_ in many}
    large = Site(
        shelf, replace(site.settings, universities=site.settings.universities | many, sources=dict(site.settings.sources) | sources)
    )

    river, built, feeds = (
        large.find(path, {"from": "country:FR"} if path != "/" else {}).body.decode() for path in ("/", "/feeds/build", "/feeds")
    )

    assert '<option value="country:FR">France' in river
    assert "university:u1" not in river
    assert 'value="university:u199"' in built
    assert 'value="university:north"' not in built
    assert [len(page.encode()) for page in (river, built, feeds) if len(page.encode()) >= 100_000] == []


def test_a_page_of_long_chinese_texts_stays_small(shelf, site, make_article):
    shelf.held = [make_article(number, title="题" * 80, summary="文" * 500, language="zh") for number in range(60)]

    assert len(site.find("/").body) < 100_000


@pytest.mark.parametrize(("text", "shown"), [("a" * 300, "a" * 270 + "…"), ("文" * 300, "文" * 135 + "…"), ("文" * 135, "文" * 135)])
def test_a_summary_is_as_long_as_it_looks(shelf, site, make_article, text, shown):
    shelf.held = [make_article(1, summary=text, language="zh")]

    assert f">{shown}</p>" in site.find("/").body.decode()


def test_a_search_says_how_much_there_is(browser, shelf, make_article, monkeypatch):
    shelf.held = [make_article(each) for each in range(60)]
    first = body(browser.get("/search?q=number"))

    assert '<p class="small found">60 articles</p>' in first
    older = re.search(r'rel="next" href="([^"]+)"', first)[1]
    assert 'class="small found"' not in body(browser.get(older))

    monkeypatch.setattr(rivers, "COUNTED", 55)
    monkeypatch.setattr(pages, "COUNTED", 55)
    shelf.number += 1
    assert "More than 55 articles" in body(browser.get("/search?q=number"))


# The feed builder


def test_the_builder_makes_a_question_of_what_is_chosen(browser, shelf):
    page = body(browser.get("/feeds/build?q=number&from=country:NO&from=university:east&language=en"))

    assert "number (country:NO OR university:east) language:en" in page
    address = re.search(r'value="https://wire\.example\.org(/search\.rss[^"]+)"', page)[1]
    assert browser.get(address).status == 200
    assert 'value="country:NO" checked' in page
    assert 'value="university:east" checked' in page


def test_the_builder_shows_what_the_feed_would_hold(browser):
    page = body(browser.get("/feeds/build?from=university:north"))

    assert page.count('<a href="/articles/') == 10


def test_the_builder_offers_what_news_are_for(browser):
    page = body(browser.get("/feeds/build?topic=job&topic=tender&from=country:NO&topic=nonsense"))

    assert "country:NO topic:job,tender" in page
    assert re.search('name="topic" value="job" checked> <span>Jobs<', page)
    assert browser.get(re.search(r'value="https://wire\.example\.org(/search\.rss[^"]+)"', page)[1]).status == 200


def test_the_builder_points_at_a_mistake(browser):
    answer = browser.get("/feeds/build?q=titel:ice&from=university:north")

    assert answer.status == 400
    assert "<mark>titel:ice</mark>" in body(answer)


def test_the_builder_begins_with_nothing_chosen(browser, shelf):
    page = body(browser.get("/feeds/build"))

    assert "Nothing is chosen yet" in page
    assert (
        page.index("News and research")
        < page.index("/feeds/all.rss")
        < page.index("Everything, notices")
        < page.index("/feeds/everything.rss")
    )
    assert shelf.asked == 0


# Feeds in a browser


@pytest.mark.parametrize("target", FEEDS)
def test_a_feed_that_a_person_opens_explains_itself(browser, target):
    answer = browser.get(target, **PEOPLE)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "This is a feed." in body(answer)
    assert f'value="https://wire.example.org{target}"' in body(answer)
    assert "/articles/" in body(answer)


@pytest.mark.parametrize("target", FEEDS)
def test_no_shared_cache_may_keep_that_page(browser, target):
    page, feed = browser.get(target, **PEOPLE), browser.get(target)

    assert page.headers["cache-control"] == "private, no-cache"
    assert "Sec-Fetch-Dest" in page.headers["vary"]
    assert "Sec-Fetch-Dest" in feed.headers["vary"]
    assert page.headers["etag"] != feed.headers["etag"]
    assert feed.headers["cache-control"] == "public, max-age=60"


def test_whoever_wants_the_feed_itself_gets_it(browser):
    page = body(browser.get("/search.rss?q=number", **PEOPLE))
    raw = re.search(r'href="https://wire\.example\.org(/search\.rss[^"]*raw=1)"', page)[1]

    assert browser.get(raw, **PEOPLE).body == browser.get("/search.rss?q=number").body


def test_a_wrong_question_for_a_feed_is_told_to_people_too(browser):
    assert browser.get('/search.rss?q="open', **PEOPLE).status == 400


def test_a_page_stays_a_page_for_everybody(browser):
    assert browser.get("/", **PEOPLE).body == browser.get("/").body


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_feed_as_a_file_has_a_style_for_browsers(browser, extension):
    start = browser.get(f"/feeds/all.{extension}").body[:200].decode()

    assert '<?xml-stylesheet type="text/css" href="https://wire.example.org/static/feed.css"?>' in start
    assert "style-src 'self'" in browser.get(f"/feeds/all.{extension}").headers["content-security-policy"]


def test_a_page_of_an_archive_leads_people_to_what_they_can_subscribe_to(browser):
    target = "/feeds/all/archive/100.rss"
    page = body(browser.get(target, **PEOPLE))

    assert 'value="https://wire.example.org/feeds/all.rss"' in page
    assert f'href="https://wire.example.org{target}?raw=1"' in page
    assert browser.get(f"{target}?raw=1", **PEOPLE).body == browser.get(target).body


@pytest.mark.parametrize("target", ["/feeds/all.rss", "/feeds/all/archive/100.atom", "/"])
def test_what_is_at_hand_for_programs_is_not_shown_to_people_nor_the_other_way_round(browser, browse, site, target):
    quick = browse(lambda: site, fresh=60)
    for headers in ({}, PEOPLE, PEOPLE | {"accept_language": "zh"}, {"accept_language": "ru"}, {}, PEOPLE):
        assert quick.get(target, **headers) == browser.get(target, **headers)


@pytest.mark.parametrize("target", FOR_PROGRAMS)
def test_programs_get_the_same_whatever_their_language(browser, target):
    mark = "&" if "?" in target else "?"
    answer = browser.get(f"{target}{mark}lang=ru", accept_language="zh", **PEOPLE)

    assert answer == browser.get(target)
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("target", [*FEEDS[:4], *FOR_PROGRAMS[1:]])
def test_parameters_that_mean_nothing_multiply_nothing(browse, site, shelf, target):
    quick = browse(lambda: site, fresh=60)
    first = quick.get(target)
    shelf.busy = True

    assert quick.get(f"{target}?lang=ru&limit=7&from=country:CN", accept_language="zh") == first


# For operators


def test_sources_are_sorted_as_asked(browser):
    def order(question):
        return re.findall(r'<span class="id">([^<]+)', body(browser.get(f"/status{question}")))

    assert order("") == ["east/news", "north/news"]  # what fails comes first
    assert order("?sort=-articles") == ["north/news", "east/news"]
    assert order("?sort=-source") == ["north/news", "east/news"]
    assert order("?sort=nonsense") == order("")


def test_sources_in_one_state_are_shown_alone(browser):
    page = body(browser.get("/status?state=ok"))

    assert re.findall(r'<span class="id">([^<]+)', page) == ["north/news"]
    assert 'aria-current="true"><b>1</b> doing well' in page


def test_only_states_that_sources_are_in_are_counted_and_how_many_fail_or_do_well(browser):
    def counted(question):
        return re.findall(r"<b>(\d+)</b> ([a-z ]+)</a></li>", body(browser.get(f"/status{question}")))

    assert counted("") == [("1", "failing"), ("1", "doing well")]
    assert counted("?state=paused") == [("1", "failing"), ("1", "doing well"), ("0", "paused")]


def test_the_column_that_sorts_says_so(browser):
    page = body(browser.get("/status?sort=-articles"))

    assert 'aria-sort="descending"><a href="/status?sort=articles">Articles' in page


def test_the_health_report_is_in_plain_words(browser):
    page = body(browser.get("/status", accept_language="ru"))

    assert "Служба работает" in page
    assert "2 мар" in page
    assert "с ошибкой" in page


# Scripts


def test_a_text_that_is_written_from_right_to_left_says_so(shelf, site, make_article):
    shelf.held = [make_article(1, title="HIT تعلن عن مختبر جديد", summary="خبر", language="ar")]

    river, story = site.find("/").body.decode(), site.find(f"/articles/{shelf.held[0].id}").body.decode()

    assert '<h3 lang="ar" dir="rtl">' in river
    assert '<h1 lang="ar" dir="rtl">' in story
    assert '<html lang="en" dir="ltr">' in story


def test_files_are_written_in_the_language_of_the_wire(make_site, tmp_path):
    export(make_site(language="zh"), tmp_path)

    assert '<html lang="zh-Hans"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_category_leads_to_everything_of_it(shelf, browser, make_article):
    shelf.held = [make_article(1, categories=('Ice "and" snow', "---"))]

    page = body(browser.get(f"/articles/{shelf.held[0].id}"))

    assert "/search?q=category%3A%22Ice+%5C%22and%5C%22+snow%22" in page
    assert "---" not in page


# What happened


NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HAPPENED = [
    Event(NOON, "broke", "north/news", "https://north.example.edu/feed.xml answers 404", "correct the address", number=3),
    Event(NOON, "mended", "east/news", "it answers again", number=2),
    Event(NOON, "offline", None, "no source could be reached", number=1),
]


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_of_events_that_a_person_opens_explains_itself_and_leads_to_the_sources(browser, shelf, extension):
    shelf.happened = HAPPENED
    answer = browser.get(f"/events.{extension}", **PEOPLE)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "This is a feed." in body(answer)
    assert f'value="https://wire.example.org/events.{extension}"' in body(answer)
    assert '<a href="/status?find=north/news"><bdi>north/news</bdi> keeps failing</a>' in body(answer)
    assert '<a href="/status">No source can be reached</a>' in body(answer)
    assert "/articles/" not in body(answer)


def test_the_feed_of_events_itself_is_a_link_away(browser, shelf):
    shelf.happened = HAPPENED

    assert browser.get("/events.rss?raw=1", **PEOPLE).body == browser.get("/events.rss").body
    assert browser.get("/events.rss").headers["content-type"].startswith("application/rss+xml")


def test_what_happened_is_a_page_in_the_language_of_its_reader(browser, shelf):
    shelf.happened = HAPPENED
    page = body(browser.get("/events", accept_language="ru"))

    assert "<bdi>north/news</bdi> – ошибка повторяется" in page
    assert "Страницы нет на месте (404)" in page
    assert "https://north.example.edu/feed.xml answers 404 – correct the address" in page
    assert 'href="/events"' in body(browser.get("/status"))
    assert browser.get("/events").headers["cache-control"] == "no-store"


def test_the_page_of_events_is_called_in_the_language_of_its_reader(browser):
    assert ": что происходит" in body(browser.get("/events", accept_language="ru"))
    assert b": what happens</title>" in browser.get("/events.rss", accept_language="ru").body


def test_a_page_of_events_says_that_there_are_none(browser):
    assert "Nothing has happened yet." in body(browser.get("/events"))
