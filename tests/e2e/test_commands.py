"""The commands as people use them, against a site on loopback."""

from __future__ import annotations

import json
import signal
import xml.etree.ElementTree as ET

import pytest

TITLES = [
    "A bridge of ice opens on the river",
    "Robots learn to skate in winter",
    "Choir of the university sings abroad",
    "New telescope sees its first light",
]
HOME = "<html><head><title>North University</title>{head}</head><body><h1>North University</h1><p>Welcome.</p>{body}</body></html>"


def news_page(head: str = "") -> str:
    rows = "".join(
        f"<li><a href='/news/{number}'>{title}</a> <span>2026-02-{20 - number}</span></li>" for number, title in enumerate(TITLES, 1)
    )
    return f"<html><head><title>News</title>{head}</head><body><h1>News</h1><ul>{rows}</ul></body></html>"


def announced(path: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="News" href="{path}">'


# --- add -------------------------------------------------------------------------------------------------------------------------------


def test_add_finds_the_feed_that_a_home_page_announces(office, site):
    site.feed("/news/feed.xml", range(1, 4))
    site.says("/", HOME.format(head=announced("/news/feed.xml"), body=""))

    done = office.run("add", site.url, "--university", "north", "--yes")

    assert "north story 3" in done.stdout
    written = (office.config / "universities/north.yaml").read_text()
    assert f"url: {site.url}/news/feed.xml" in written
    assert "name: North University" in written
    assert "3 new articles" in office.run("poll").stdout


def test_add_follows_the_link_called_news(office, site):
    site.says("/", HOME.format(head="", body="<nav><a href='/about'>About</a> <a href='/all-news'>News</a> <a href='/map'>Map</a></nav>"))
    site.says("/all-news", news_page())
    site.says("/about", HOME.format(head="", body="<p>Founded long ago.</p>"))

    done = office.run("add", site.url, "--university", "north", "--yes")

    assert TITLES[0] in done.stdout
    assert f"url: {site.url}/all-news" in (office.config / "universities/north.yaml").read_text()
    assert 'its country is not known: write "country: XX" into ' in done.stdout
    assert " poll north, or " in done.stdout
    assert done.stdout.endswith("/universities/north.rss\n")


def test_add_prefers_the_feed_that_the_news_page_announces(office, site):
    site.feed("/feed.xml", range(1, 4))
    site.says("/", HOME.format(head="", body="<a href='/all-news'>News</a>"))
    site.says("/all-news", news_page(announced("/feed.xml")))

    office.run("add", site.url, "--university", "north", "--yes")

    assert f"url: {site.url}/feed.xml" in (office.config / "universities/north.yaml").read_text()


def test_add_keeps_what_people_wrote_into_the_file(office, site):
    feed = site.feed("/feed.xml", range(1, 4))
    mine = "# ours since 1920\nname: North University   # the old one\naliases: [NU, 'Северный']\nsources:\n  # the main page\n  - url: http://news.north.example/\n"
    path = office.write("universities/north.yaml", mine)

    office.run("add", feed, "--university", "north", "--yes")

    assert path.read_text(encoding="utf-8").startswith(mine)
    assert feed in path.read_text(encoding="utf-8")
    assert "2 sources" in office.run("check").stdout


def test_add_says_what_is_there_already(office, site):
    feed = site.feed("/feed.xml", range(1, 4))
    office.run("add", feed, "--university", "north", "--yes")
    before = (office.config / "universities/north.yaml").read_bytes()

    done = office.run("add", feed, "--university", "north", "--yes")

    assert "is configured already, as north/" in done.stdout
    assert (office.config / "universities/north.yaml").read_bytes() == before


def test_add_asks_first_and_writes_nothing_when_told_no(office, site):
    done = office.run("add", site.feed("/feed.xml", range(1, 4)), "--university", "north", told="n\n", status=1)

    assert "north story 3" in done.stdout
    assert not (office.config / "universities").exists()


def test_add_says_what_it_tried_where_there_are_no_news(office, site):
    site.says("/", HOME.format(head="", body=""))

    done = office.run("add", site.url, "--yes", status=1)

    assert "no news found" in done.stderr
    assert "give the address of the page that lists the news" in done.stderr


def test_add_to_a_running_daemon_takes_effect_with_sighup(office, site):
    daemon = office.daemon()
    office.run("add", site.feed("/feed.xml", range(1, 4)), "--university", "north", "--yes")

    daemon.signal(signal.SIGHUP)

    daemon.eventually(lambda: len(daemon.feed()) == 3, "the new source is served")


# --- import and export -----------------------------------------------------------------------------------------------------------------


def test_a_list_of_feeds_from_another_reader_is_taken_over_once(office, web):
    north, south = web.site().feed("/feed.xml", range(1, 3)), web.site().feed("/feed.xml", range(1, 3))
    opml = office.folder / "subscriptions.opml"
    opml.write_text(
        '<opml version="1.0"><body><outline text="Science">'
        f'<outline type="rss" text="North" xmlUrl="{north}"/><outline type="rss" text="South" xmlUrl="{south}"/><outline text="no feed"/>'
        "</outline></body></opml>"
    )

    first = office.run("import", str(opml))
    second = office.run("import", str(opml))

    assert "2 of 2 feeds added" in first.stdout
    assert "0 of 2 feeds added" in second.stdout
    assert "2 sources" in office.run("check").stdout
    exported = ET.fromstring(office.run("export").stdout.encode())
    assert {outline.get("xmlUrl") for outline in exported.iter("outline")} >= {north, south}


@pytest.mark.parametrize("text", ["", "no xml at all", "<html></html>", '<!DOCTYPE x [<!ENTITY a "b">]><opml><body>&a;</body></opml'])
def test_what_is_no_list_of_feeds_is_refused(office, text):
    path = office.folder / "wrong.opml"
    path.write_text(text)

    done = office.run("import", str(path), status=None)

    assert done.returncode in (1, 2)
    assert "wrong.opml" in done.stderr


def test_what_was_exported_can_be_imported_elsewhere(office, site, new_office, tmp_path):
    office.university("north", site.feed("/feed.xml", range(1, 3)), site.feed("/other.xml", range(5, 7)))
    (tmp_path / "list.opml").write_text(office.run("export").stdout)
    other = new_office(tmp_path / "elsewhere")

    other.run("import", str(tmp_path / "list.opml"))

    assert "4 new articles" in other.run("poll").stdout


# --- looking ---------------------------------------------------------------------------------------------------------------------------


def test_preview_shows_what_would_be_published_and_stores_nothing(office, site):
    url = site.says("/news", news_page())

    people = office.run("preview", url).stdout
    programs = json.loads(office.run("preview", url, "--json").stdout)

    assert all(title in people for title in TITLES)
    assert [article["title"] for article in programs["articles"]] == TITLES
    assert programs["articles"][0]["url"] == f"{site.url}/news/1"
    assert programs["articles"][0]["published"].startswith("2026-02-19")
    assert not office.database.exists()


def test_preview_reads_a_file_as_the_page_of_an_address(office):
    page = office.folder / "saved.html"
    page.write_text(news_page())

    told = json.loads(office.run("preview", str(page), "--url", "https://north.example/news", "--json").stdout)

    assert told["articles"][0]["url"] == "https://north.example/news/1"


@pytest.mark.parametrize(("path", "says"), [("/gone", "404"), ("/login", "http://")])
def test_preview_says_why_there_is_nothing_to_publish(office, site, path, says):
    site.says("/login", "<html><body><form><input type=password></form></body></html>")

    done = office.run("preview", site.url + path, status=1)

    assert says in done.stderr
    assert done.stdout == ""


def test_explain_tells_where_each_field_came_from(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    office.run("poll")
    [newest, _] = office.published()

    by_guid = office.run("explain", newest.guid).stdout
    by_address = office.run("explain", f"{site.url}/north/2").stdout
    unknown = office.run("explain", "https://north.example/nothing", status=1)

    assert by_guid == by_address
    assert "north story 2" in by_guid
    assert "pubDate" in by_guid
    assert "there is no article" in unknown.stderr


def test_check_online_tries_every_source_and_names_the_one_that_fails(office, web):
    office.university("north", web.site().feed("/feed.xml", range(1, 3)))
    office.university("south", web.site().fails("/feed.xml", 503))

    done = office.run("check", "--online", status=1)

    assert "ok      north/" in done.stdout
    assert "failed  south/" in done.stdout
    assert "503" in done.stdout


def test_status_is_for_people_and_for_programs(office, web):
    office.university("north", web.site().feed("/feed.xml", range(1, 3)))
    office.university("south", web.site().fails("/feed.xml", 503))
    office.run("poll")

    told = office.status()

    assert {"articles", "sources", "revision"} <= told.keys()
    assert told["articles"] == 2
    assert {source["id"].partition("/")[0]: source["state"] for source in told["sources"]} == {"north": "ok", "south": "failing"}
    assert all({"id", "state", "last_success", "next_poll", "failures", "problem"} <= source.keys() for source in told["sources"])
    assert "503" in office.run("status").stdout


def test_a_source_that_nobody_knows_is_wrong_usage(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 3)))

    done = office.run("poll", "nroth", status=2)

    assert 'did you mean "north"' in done.stderr


def test_the_folder_of_the_configuration_may_be_named_before_and_after_the_command(office, tmp_path):
    office.run("init", "mine")

    before = office.run("--config", "mine", "check").stdout
    after = office.run("check", "--config", "mine").stdout

    assert before == after
    assert "no problem found" in before


# --- publish ---------------------------------------------------------------------------------------------------------------------------


def test_publish_writes_what_the_daemon_serves_and_only_what_has_changed(office, site):
    office.university("north", site.feed("/feed.xml", range(1, 4)))
    office.run("poll")

    first = office.run("publish", "site").stdout
    second = office.run("publish", "site").stdout
    site.feed("/feed.xml", range(1, 5))
    office.run("poll", "--all")
    third = office.run("publish", "site").stdout

    assert "0 unchanged" in first
    assert " 0 files written" in second
    assert " 0 files written" not in third
    daemon = office.daemon()
    for path in ("/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/opml.xml", "/universities/north.rss"):
        assert daemon.get(path)[1] == (office.folder / "site" / path[1:]).read_bytes(), path
    assert b"north story 4" in (office.folder / "site/index.html").read_bytes()


def test_publish_says_where_it_cannot_write(office):
    (office.folder / "site").write_text("a file")

    done = office.run("publish", "site", status=None)

    assert done.returncode in (1, 2)
    assert "site" in done.stderr
