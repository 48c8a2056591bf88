from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from aggregator.config import load
from aggregator.demo.campus import Campus
from aggregator.demo.sites import SITES, WRITTEN
from aggregator.errors import ServeError

UP = [site for site in SITES if not site.down]
FOLDERS = Path(__file__).parents[2] / "aggregator" / "demo"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=5)
    try:
        target = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
        connection.request(method, target, headers=dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def campus() -> Iterator[Campus]:
    with Campus(redesign_after=1_000_000, today=WRITTEN) as running:
        yield running


def named(name: str) -> str:
    return next(site.news for site in SITES if site.name == name)


def read(campus: Campus, name: str, path: str) -> html.HtmlElement:
    """Decoded as the site speaks: libxml2 takes the label gb2312 at its word and stops at the first character beyond it."""
    encoding = next(site.encoding for site in SITES if site.name == name)
    return html.document_fromstring(get(campus.addresses[name] + path).body.decode(encoding))


@pytest.mark.parametrize("site", UP, ids=lambda site: site.name)
def test_each_site_answers_at_its_news_in_the_charset_it_speaks(campus: Campus, site) -> None:
    answer = get(campus.addresses[site.name] + site.news)

    assert answer.status == 200
    assert answer.headers["content-type"].partition("charset=")[2] == (site.charset or "")
    assert answer.body.decode(site.encoding)


@pytest.mark.parametrize("site", UP, ids=lambda site: site.name)
def test_each_site_says_not_modified_to_whom_knows_its_page(campus: Campus, site) -> None:
    url = campus.addresses[site.name] + site.news
    first = get(url)

    by_tag = get(url, {"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    by_date = get(url, {"If-Modified-Since": first.headers["last-modified"]})
    by_both = get(url, {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]})

    assert (by_tag.status, by_tag.body) == (304, b"")
    assert by_date.status == 304
    assert by_both.status == 200


@pytest.mark.parametrize("site", UP, ids=lambda site: site.name)
def test_each_site_welcomes_robots(campus: Campus, site) -> None:
    answer = get(campus.addresses[site.name] + "/robots.txt")

    assert answer.status == 200
    assert answer.body.split() == [b"User-agent:", b"*", b"Disallow:"]


@pytest.mark.parametrize("site", UP, ids=lambda site: site.name)
def test_the_front_page_of_each_site_leads_to_its_news(campus: Campus, site) -> None:
    front = read(campus, site.name, "/")

    assert site.news in front.xpath("//a/@href")


def test_the_chinese_list_says_gb2312_and_needs_gbk(campus: Campus) -> None:
    page = get(campus.addresses["yunhe"] + "/2026/0127/c210a4459/page.htm").body

    assert b"charset=gb2312" in page
    assert "李堃" in page.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        page.decode("gb2312")


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("hit", "//ul[@class='list']//a"),
        ("bauman", "//div[@class='news-item']//a"),
        ("yunhe", "//ul[@class='news_list list2']//a"),
        ("tannwald", "//li[@class='meldung']/a"),
    ],
)
def test_every_link_of_a_list_leads_to_a_full_page_with_that_headline(campus: Campus, name: str, links: str) -> None:
    anchors = read(campus, name, named(name)).xpath(links)

    headlines = [read(campus, name, anchor.get("href")).xpath("string(//h1)") for anchor in anchors]

    assert 5 <= len(anchors) <= 8
    assert headlines == [anchor.text_content() for anchor in anchors]


def test_the_lists_write_their_days_as_their_country_does(campus: Campus) -> None:
    pages = {name: get(campus.addresses[name] + named(name)).body for name in ("hit", "bauman", "yunhe", "tannwald")}

    assert "2026-02-20" in pages["hit"].decode()
    assert "20 февраля 2026" in pages["bauman"].decode("windows-1251")
    assert "2026-02-26" in pages["yunhe"].decode("gbk")
    assert "19. Februar 2026" in pages["tannwald"].decode()


def test_on_another_day_all_its_news_and_their_addresses_are_so_many_days_younger() -> None:
    with Campus(today=date(2027, 12, 24)) as campus:
        pages = {name: get(campus.addresses[name] + named(name)).body for name in ("hit", "bauman", "yunhe", "tannwald")}
        page = get(campus.addresses["yunhe"] + "/2027/1222/c210a4512/page.htm")

    assert "2027-12-16" in pages["hit"].decode()
    assert "16 декабря 2027" in pages["bauman"].decode("windows-1251")
    assert "2027-12-22" in pages["yunhe"].decode("gbk")
    assert "15. Dezember 2027" in pages["tannwald"].decode()
    assert "2027-12-22" in page.body.decode("gbk")
    assert not any(b"2026" in each for each in pages.values())


def test_by_default_its_last_news_is_of_these_days() -> None:
    with Campus() as campus:
        feed = json.loads(get(campus.addresses["sertao"] + named("sertao")).body)

    age = datetime.now(UTC) - datetime.fromisoformat(feed["items"][0]["date_published"])
    assert timedelta() < age < timedelta(days=8)


def test_the_exchange_with_bauman_is_told_with_byline_and_three_spellings_amid_the_furniture_of_a_page(campus: Campus) -> None:
    page = html.fromstring(get(campus.addresses["hit"] + "/news/4101").body)

    title = page.xpath("//h1")[0]
    paragraphs = page.xpath("//div[@class='detail-text']/p")
    text = " ".join(paragraph.text_content() for paragraph in paragraphs)

    assert title.getnext().text_content() == "HIT All media (International Cooperation Department/text)"
    assert len(paragraphs) == 4
    assert {spelling for spelling in ("Bauman ", "Baumann ", "Borman ") if spelling in text} == {"Bauman ", "Baumann ", "Borman "}
    assert all(page.xpath(f"//div[@class='{part}']") for part in ("header", "crumb", "side", "footer"))


def test_the_rss_feed_is_well_formed_and_its_enclosure_is_as_long_as_it_says(campus: Campus) -> None:
    base = campus.addresses["lakeside"]

    feed = etree.fromstring(get(base + named("lakeside")).body)
    enclosure = feed.find(".//enclosure")
    file = get(enclosure.get("url"))

    assert len(feed.findall(".//item")) == 6
    assert all(get(link.text).status == 200 for link in feed.iterfind(".//item/link"))
    assert (file.headers["content-type"], len(file.body)) == (enclosure.get("type"), int(enclosure.get("length")))
    for image in feed.iterfind(".//{http://search.yahoo.com/mrss/}content"):
        assert get(image.get("url")).body.startswith(b"\x89PNG\r\n")


def test_the_atom_feed_is_well_formed_and_its_relative_links_work(campus: Campus) -> None:
    base = campus.addresses["kisaragi"]
    atom = "{http://www.w3.org/2005/Atom}"

    feed = etree.fromstring(get(base + named("kisaragi")).body)

    links = [entry.find(f"{atom}link").get("href") for entry in feed.iterfind(f"{atom}entry")]
    assert len(links) == 5
    assert all(get(base + link).status == 200 for link in links)


def test_the_json_feed_is_json_and_its_links_work(campus: Campus) -> None:
    base = campus.addresses["sertao"]

    feed = json.loads(get(base + named("sertao")).body)

    assert feed["feed_url"] == base + named("sertao")
    assert [get(item["url"]).status for item in feed["items"]] == [200] * 4
    assert "Cisterna" in feed["items"][0]["title"]


def test_unknown_paths_and_paths_out_of_the_folder_are_not_found(campus: Campus) -> None:
    base = campus.addresses["hit"]

    statuses = [
        get(base + path).status
        for path in ("/no-such-page", "/news.toml", "/layout.html", "/../common/robots.txt", "/%2e%2e/bauman/news.toml")
    ]

    assert statuses == [404] * 5


def test_a_question_mark_and_a_final_slash_do_not_matter(campus: Campus) -> None:
    base = campus.addresses["hit"]

    assert get(base + "/news/?page=2").body == get(base + "/news").body


def test_head_is_get_without_the_body(campus: Campus) -> None:
    url = campus.addresses["hit"] + "/news"

    head, whole = get(url, method="HEAD"), get(url)

    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))


def test_the_site_that_is_down_refuses_connections(campus: Campus) -> None:
    down = urlsplit(campus.addresses["harbour"])

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((down.hostname, down.port), timeout=5)


def test_after_so_many_visits_a_site_has_other_markup_the_same_news_and_one_more() -> None:
    with Campus(redesign_after=2, today=WRITTEN) as campus:
        url = campus.addresses["tannwald"] + named("tannwald")

        visits = [get(url) for _ in range(4)]

    before, still, after, later = (html.fromstring(visit.body) for visit in visits)
    old = before.xpath("//li[@class='meldung']/a/@href")
    new = after.xpath("//article[@class='card']//h2/a/@href")
    assert still.xpath("//li[@class='meldung']/a/@href") == old
    assert after.xpath("//li[@class='meldung']") == []
    assert new == ["/aktuelles/2026/neue-website", *old]
    assert later.xpath("//article[@class='card']//h2/a/@href") == new
    assert visits[1].headers["etag"] != visits[2].headers["etag"]


def test_a_redesign_on_request_changes_article_pages_but_not_their_text() -> None:
    with Campus(today=WRITTEN) as campus:
        url = campus.addresses["tannwald"] + "/aktuelles/2026/holzbruecke"
        before = html.fromstring(get(url).body)
        campus.redesign()
        campus.redesign()
        after = html.fromstring(get(url).body)

    assert before.xpath("//article") == []
    assert after.xpath("//article[@class='story']")
    assert after.xpath("//article//p/text()") == before.xpath("//div[@class='text']//text()[normalize-space()]")


def test_other_sites_do_not_care_about_a_redesign() -> None:
    with Campus(redesign_after=0) as campus:
        url = campus.addresses["hit"] + "/news"
        before = get(url)
        campus.redesign()

        assert get(url, {"If-None-Match": before.headers["etag"]}).status == 304


def test_ports_count_up_from_a_base_port() -> None:
    for base in range(23_000, 32_000, 500):  # somebody may hold one of them
        with suppress(ServeError), Campus(base_port=base) as campus:
            ports = [urlsplit(campus.addresses[site.name]).port for site in SITES]
            break

    assert ports == [base + index for index in range(len(SITES))]


def test_a_port_that_is_taken_is_said_with_a_remedy() -> None:
    with Campus() as campus:
        taken = urlsplit(campus.addresses["hit"]).port

        with pytest.raises(ServeError, match=str(taken)) as caught, Campus(base_port=taken):
            pass

    assert caught.value.remedy


def test_ports_taken_before_a_failure_are_given_back() -> None:
    for base in range(23_250, 32_000, 500):
        with suppress(OSError), socket.create_server(("127.0.0.1", base + 1)):
            with pytest.raises(ServeError):
                Campus(base_port=base).__enter__()
            break

    with socket.socket() as door:
        door.bind(("127.0.0.1", base))


def test_a_port_that_cannot_be_is_said() -> None:
    with pytest.raises(ServeError, match="70000"), Campus(base_port=70_000):
        pass


def test_nothing_answers_after_the_block() -> None:
    with Campus() as campus:
        where = urlsplit(campus.addresses["hit"])

    assert campus.addresses == {}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((where.hostname, where.port), timeout=5)


def test_the_configuration_is_valid_and_points_every_university_at_the_running_campus(campus: Campus, tmp_path: Path) -> None:
    directory = tmp_path / "new: 'directory'"
    campus.config(directory)

    settings = load(directory, {})

    assert settings.database == f"sqlite:///{directory}/campus.db"
    assert settings.fetch.allow_private is True
    assert {source.university: source.url for source in settings.sources.values()} == {
        site.name: campus.addresses[site.name] + site.news for site in SITES
    }
    assert settings.universities["harbour"].country == "NO"
    assert settings.universities["harbour"].names == {"no": "Havneby høgskole"}


@pytest.mark.parametrize("file", sorted(FOLDERS.glob("*/**/news.toml")), ids=lambda file: f"{file.parts[-3]}/{file.parts[-2]}")
def test_news_is_of_2026_newest_first_and_each_has_a_path_of_its_own(file: Path) -> None:
    import tomllib

    items = tomllib.loads(file.read_text(encoding="utf-8"))["item"]

    days = [item["at"] for item in items]
    assert days == sorted(days, reverse=True)
    assert {day.year for day in days} == {2026}
    assert len({item["path"] for item in items}) == len(items)
    assert not any(re.search(r"[^\S\n]$", item["text"], re.MULTILINE) for item in items)
