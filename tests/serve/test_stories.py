"""Stories on pages and in feeds: copies are named where they stand, reports of one event stand side by side."""

from __future__ import annotations

import json
import re

import pytest
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture
def told(shelf, make_article):
    """An article, a copy of it that the store keeps back, and a report of the same event in Chinese."""
    first = make_article(200, title="A laboratory opens", summary="Sensors.")
    story = {"story": first.id}
    copy = make_article(
        201, title="A laboratory <opens>", url="https://news.east.example.cn/en/9.htm", source="east/news", copy_of=first.id, **story
    )
    chinese = make_article(
        202, title="实验室揭牌", url="https://news.east.example.cn/9.htm", source="east/news", university="east", language="zh", **story
    )
    first = make_article(200, title="A laboratory opens", summary="Sensors.", **story)
    shelf.held = [first, copy, chinese, make_article(203)]
    return {"first": first, "copy": copy, "chinese": chinese}


def rss(site, path):
    return etree.fromstring(site.find(path).body).findall("channel/item")


def test_an_item_names_where_else_its_text_stands(site, told):
    item = next(item for item in rss(site, "/feeds/all.rss") if item.findtext("title") == "A laboratory opens")

    assert [link.get("href") for link in item.findall(f"{ATOM}link[@rel='related']")] == [told["copy"].url]
    assert '<p>Also at: <a href="https://news.east.example.cn/en/9.htm">news.east.example.cn</a></p>' in item.findtext(CONTENT)
    assert item.findtext("source") == "North University News"


def test_items_that_stand_nowhere_else_say_nothing_of_it(site, told):
    items = {item.findtext("title"): item for item in rss(site, "/feeds/all.rss")}

    assert items["Article number 203"].find(f"{ATOM}link[@rel='related']") is None
    assert "Also at" not in items["Article number 203"].findtext(CONTENT)


def test_reports_of_one_event_are_items_of_their_own_in_the_feed_of_articles(site, told):
    assert {"A laboratory opens", "实验室揭牌"} <= {item.findtext("title") for item in rss(site, "/feeds/all.rss")}


def test_the_feed_of_stories_has_one_item_for_each_with_all_reports(site, told):
    items = rss(site, "/feeds/all.stories.rss")

    assert len(items) == 2
    story = next(item for item in items if told["first"].id in item.findtext("guid"))
    assert '<a href="https://news.east.example.cn/' in story.findtext(CONTENT)
    assert "Reported by others" in story.findtext(CONTENT)
    assert "Also at" in story.findtext(CONTENT)
    assert len(story.findall(f"{ATOM}link[@rel='related']")) == 2


def test_the_item_of_a_story_keeps_its_id_and_is_updated_by_a_later_report(site, shelf, told, make_article):
    def item():
        entries = etree.fromstring(site.find("/feeds/all.stories.atom").body).findall(f"{ATOM}entry")
        return next(entry for entry in entries if told["first"].id in entry.findtext(f"{ATOM}id")).findtext(f"{ATOM}updated")

    before = item()
    shelf.add(make_article(100, title="Ein Labor", language="de", story=told["first"].id))

    assert item() > before


def test_json_says_what_is_a_copy(site, told):
    items = json.loads(site.find("/feeds/all.stories.json").body)["items"]
    also = next(item["_aggregator"]["also"] for item in items if told["first"].id in item["id"])

    assert {each["title"]: each.get("same_text", False) for each in also} == {"A laboratory <opens>": True, "实验室揭牌": False}


@pytest.mark.parametrize("who", ["first", "copy", "chinese"])
def test_a_story_has_a_page_under_the_id_of_each_of_its_articles(site, told, who):
    page = site.find(f"/stories/{told[who].id}/").body.decode()

    headings = re.findall(r'<h2 lang="([^"]*)" dir="ltr"><a href="([^"]+)"', page)
    assert sorted(headings) == sorted((article.language, article.url) for article in told.values())
    assert "A laboratory &lt;opens&gt;" in page


def test_what_nobody_else_tells_has_a_page_too(site, told, make_article):
    assert "Nobody else" in site.find(f"/stories/{make_article(203).id}").body.decode()


@pytest.mark.parametrize("name", ["nonsense", "00000000-0000-8000-8000-000000000000", ""])
def test_no_story_stands_at_other_addresses(site, told, name):
    assert site.find(f"/stories/{name}") is None


def test_an_article_leads_to_the_other_reports(site, told):
    page = site.find(f"/articles/{told['first'].id}").body.decode()

    assert f"/stories/{told['first'].id}/" in page
    assert told["chinese"].url in page
    assert "the same text" in page


def test_an_exported_site_has_the_pages_of_its_stories_and_all_that_they_link(site, told):
    addresses = set(site.addresses())

    assert f"/stories/{told['first'].id}/" in addresses
    assert {f"/articles/{article.id}/" for article in told.values()} <= addresses
    assert "/feeds/all.stories.rss" in addresses


@pytest.mark.parametrize(
    ("code", "words"), [("zh", ["共 3 篇报道", "同文"]), ("ru", ["3 сообщения, сначала самое раннее", "тот же текст"])]
)
def test_a_story_is_told_in_the_language_of_its_reader(site, told, code, words):
    page = site.find(f"/stories/{told['first'].id}", {"lang": code}).body.decode()

    assert [word for word in words if word not in page] == []
    assert f"/articles/{told['copy'].id}/?lang={code}" in page


@pytest.mark.parametrize(("code", "university"), [("en", "Eastern Institute of Technology"), ("zh", "东方理工学院")])
def test_who_else_reports_has_the_name_that_readers_know(site, told, code, university):
    page = site.find(f"/articles/{told['first'].id}", {"lang": code}).body.decode()

    assert f"<bdi>{university}</bdi>" in page
    assert f"/stories/{told['first'].id}/?lang={code}" in page


def test_feeds_speak_the_language_of_the_wire(make_site, told):
    site = make_site(language="zh")

    assert "同文另见：" in site.find("/feeds/all.rss").body.decode()
    assert "<description>2 所大学的新闻，最新的在前</description>" in site.find("/feeds/all.rss").body.decode()
    assert "按事件汇总</title>" in site.find("/feeds/all.stories.rss").body.decode()


def test_the_list_of_feeds_has_those_of_stories(site):
    assert "https://wire.example.org/feeds/chinese.stories.atom" in site.find("/feeds").body.decode()


def test_a_link_that_is_no_web_address_leads_nowhere(site, shelf, told, make_article):
    shelf.add(make_article(99, title="Evil", url="javascript:alert(1)", story=told["first"].id))

    assert "javascript:" not in site.find("/feeds/all.stories.rss").body.decode()
