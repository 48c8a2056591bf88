"""The archive behind a feed (RFC 5005 §4): complete, and the same for ever."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator import query as q
from aggregator.model import Article
from aggregator.serve import channels
from aggregator.serve.channels import PAGE, Channel

ATOM = "{http://www.w3.org/2005/Atom}"
LINK = "{http://www.w3.org/2005/Atom}link"


def ids(body: bytes) -> list[str]:
    return [item.findtext("guid").removeprefix("urn:uuid:") for item in etree.fromstring(body).iter("item")]


def links(body: bytes) -> dict[str, str]:
    return {link.get("rel"): link.get("href").removeprefix("https://wire.example.org") for link in etree.fromstring(body)[0].findall(LINK)}


def chain(site, start="/feeds/all.rss") -> dict[str, bytes]:
    """The documents of a feed, from what subscribers poll to the oldest page."""
    found = {}
    address = start
    while address:
        found[address] = site.find(address).body
        address = links(found[address]).get("prev-archive")
    return found


@pytest.mark.parametrize("start", ["/feeds/all.rss", "/feeds/chinese.rss", "/universities/north.rss", "/universities/east.rss"])
def test_the_chain_holds_every_article(site, shelf, make_article, start):
    shelf.add(*(make_article(number, university="east" if number % 2 else "north") for number in range(200, 700)))
    wanted = {each.id for each in shelf.held if "all" in start or each.university == ("north" if "north" in start else "east")}

    found = chain(site, start)

    assert {id_ for body in found.values() for id_ in ids(body)} == wanted
    assert len(found) > 2


def test_no_article_is_in_two_pages_of_the_archive(site, shelf, make_article):
    shelf.add(*(make_article(number) for number in range(200, 700)))
    _, *pages = chain(site).values()

    every = [id_ for body in pages for id_ in ids(body)]

    assert len(set(every)) == len(every)


def test_what_is_added_later_changes_no_full_page_but_its_link_to_the_next(site, shelf, make_article):
    shelf.add(*(make_article(number) for number in range(200, 400)))
    before = {address: ids(body) for address, body in chain(site).items() if address.endswith("00.rss")}
    shelf.add(*(make_article(number) for number in range(1_000, 1_250)))

    after = {address: ids(body) for address, body in chain(site).items()}

    assert before
    assert {address: after[address] for address in before} == before


def test_a_page_that_is_not_full_says_the_same_for_ever(site, shelf, make_article):
    before = site.find("/feeds/all/archive/120.atom").body
    shelf.add(*(make_article(number) for number in range(200, 400)))

    assert site.find("/feeds/all/archive/120.atom").body == before


def test_the_page_that_is_not_full_is_left_out_where_the_feed_shows_all_of_it(site, shelf, make_article):
    newest = [make_article(-number) for number in range(1, 12)]
    shelf.add(*newest)
    assert len(shelf.held) == 141  # the last eleven are the newest by date, the thirty before them are old

    assert links(site.find("/feeds/all.rss").body)["prev-archive"] == "/feeds/all/archive/141.rss"
    shelf.held[100:130] = []
    assert links(site.find("/feeds/all.rss").body)["prev-archive"] == "/feeds/all/archive/100.rss"


def test_a_page_knows_its_neighbours(site, shelf, make_article):
    shelf.add(*(make_article(number) for number in range(200, 400)))
    page = etree.fromstring(site.find("/feeds/all/archive/200.atom").body)

    assert page.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert {link.get("rel"): link.get("href") for link in page.findall(LINK)} == {
        "self": "https://wire.example.org/feeds/all/archive/200.atom",
        "alternate": "https://wire.example.org/",
        "current": "https://wire.example.org/feeds/all.atom",
        "prev-archive": "https://wire.example.org/feeds/all/archive/100.atom",
        "next-archive": "https://wire.example.org/feeds/all/archive/300.atom",
    }


def test_all_documents_of_a_feed_are_one_feed(site):
    names = [
        etree.fromstring(site.find(address).body).findtext(f"{ATOM}title") for address in ("/feeds/all.atom", "/feeds/all/archive/100.atom")
    ]

    assert len(set(names)) == 1


def test_a_feed_that_shows_everything_has_no_archive(site, shelf):
    del shelf.held[50:]

    assert "prev-archive" not in links(site.find("/feeds/all.rss").body)
    assert "next_url" not in json.loads(site.find("/feeds/all.json").body)


def test_json_feed_goes_on_to_the_first_article(site, shelf):
    seen = []
    address = "/feeds/all.json"
    while address:
        feed = json.loads(site.find(address).body)
        seen += [item["id"].removeprefix("urn:uuid:") for item in feed["items"]]
        address = feed.get("next_url", "").removeprefix("https://wire.example.org")

    assert set(seen) == {each.id for each in shelf.held}


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/all/archive/0.rss",
        "/feeds/all/archive/131.rss",
        "/feeds/all/archive/x.rss",
        "/feeds/all/archive/9999999999.rss",
        "/feeds/none/archive/100.rss",
        "/feeds/all/archive/100.opml",
    ],
)
def test_there_is_no_page_of_what_was_never_stored(site, shelf, address):
    assert len(shelf.held) == 130

    assert site.find(address) is None


def test_a_search_goes_on_page_by_page(site, shelf):
    seen = []
    parameters = {"q": "number"}
    while True:
        feed = json.loads(site.find("/search.json", parameters).body)
        seen += [item["id"] for item in feed["items"]]
        if "next_url" not in feed:
            break
        parameters["before"] = feed["next_url"].rpartition("before=")[2]

    assert seen == [f"urn:uuid:{each.id}" for each in shelf.articles(q.Words(("number",)), limit=1000)]


@settings(max_examples=60, deadline=None)
@given(dates=st.lists(st.integers(0, 1_000), max_size=3 * PAGE), limit=st.sampled_from([1, 10, 100, 150]), extra=st.integers(0, 2 * PAGE))
def test_whoever_follows_the_chain_misses_nothing(dates, limit, extra):
    """Also who has followed it before, and stops at the first page that they know."""
    channel = Channel("/feeds/all", "/", "All", "", q.Everything(), limit)
    shelf = _Numbers(dates)
    seen: set[int] = set()
    known: set[str] = set()
    for _ in range(2):
        articles = channels.newest(shelf, channel)
        seen |= {article.id for article in articles}
        place = channels.older(shelf, channel, articles).get("prev-archive")
        while place and place not in known:
            known.add(place)
            page = channels.page(shelf, channel, int(place.rpartition("/")[2]))
            seen |= {article.id for article in page.articles}
            place = page.links.get("prev-archive")
        assert seen == set(range(len(shelf.dates)))
        shelf.dates += [number % 997 for number in range(extra)]


class _Numbers:
    """Articles that have a number and a date, and nothing else."""

    def __init__(self, dates: list[int]) -> None:
        self.dates = list(dates)

    def articles(self, _query, *, limit):
        return sorted(self.stored(_query, skip=0, limit=len(self.dates)), key=lambda each: (each.source, each.id), reverse=True)[:limit]

    def count(self, _query):
        return len(self.dates)

    def stored(self, _query, *, skip, limit):
        return [Article(number, "", None, date, None, None) for number, date in enumerate(self.dates)][skip : skip + limit]
