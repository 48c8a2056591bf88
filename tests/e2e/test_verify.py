"""``check --online``: what has become of the sources, and what --fix writes. Sites on loopback that moved, died and went silent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

TODAY = datetime.now(UTC).date()
TITLES = [
    "A bridge of ice opens on the river",
    "Robots learn to skate in winter",
    "Choir of the university sings abroad",
    "New telescope sees first light",
]
HOME = "<html><head><title>North</title>{head}</head><body><h1>North University</h1><p>Welcome to all of you.</p>{body}</body></html>"


def news(*, days: int = 1, titles: list[str] = TITLES) -> str:
    rows = "".join(
        f"<li><a href='/news/{number}'>{title}</a> <span>{TODAY - timedelta(days=days + number)}</span></li>"
        for number, title in enumerate(titles)
    )
    return f"<html><head><title>News</title></head><body><h1>News</h1><ul>{rows}</ul></body></html>"


def linked(path: str) -> str:
    return HOME.format(head="", body=f"<nav><a href='/about'>About</a> <a href='{path}'>News</a> <a href='/map'>Map</a></nav>")


def moved(site, path: str, target: str, status: int = 301) -> str:
    def answer(visit) -> None:
        visit.send_response(status)
        visit.send_header("Location", target)
        visit.send_header("Content-Length", "0")
        visit.end_headers()

    return site.does(path, answer)


@pytest.fixture
def north(office, site):
    """A university whose file a person has written, with this source."""

    def write(path: str, *more: str) -> None:
        lines = [
            "# ours since 1900", "name: North University", f"home: {site.url}/", "sources:", f"  - url: {site.url}{path} # the main news", *more, "    verified: never",
        ]  # fmt: skip
        office.write("universities/north.yaml", "\n".join(lines) + "\n")

    return write


def written(office) -> str:
    return (office.config / "universities/north.yaml").read_text()


def verdicts(office, name: str = "check-online.jsonl") -> list[dict]:
    return [json.loads(line) for line in (office.folder / name).read_text().splitlines()]


def test_a_source_that_works_gets_its_day_and_the_comments_stay(office, site, north):
    site.says("/all-news", news())
    north("/all-news")

    done = office.run("check", "--online", "--fix")

    assert f"ok      north/{site.url.partition('://')[2]}/all-news: 4 items, newest {TODAY - timedelta(days=1)}" in done.stdout
    assert written(office).splitlines()[-1] == f"    verified: {TODAY}"
    assert "# ours since 1900" in written(office)
    assert "# the main news" in written(office)
    assert [(each["state"], each["items"], each["mended"]) for each in verdicts(office)] == [("ok", 4, False)]


def test_without_fix_nothing_is_written(office, site, north):
    site.says("/", linked("/all-news"))
    site.says("/all-news", news())
    north("/gone")
    before = written(office)

    done = office.run("check", "--online", status=1)

    assert "failed  north/" in done.stdout
    assert "unreachable" in done.stdout
    assert written(office) == before
    assert not (office.folder / "check-online.jsonl").exists()
    assert site.visits("/") == 0


def test_news_that_moved_are_found_again_and_the_articles_stay_their_own(office, site, north):
    site.says("/", linked("/all-news"))
    site.says("/old", news())
    north("/old")
    office.run("poll")
    site.fails("/old", 404)
    site.says("/all-news", news())

    done = office.run("check", "--online", "--fix")
    office.run("poll", "--all")

    assert "mended  north/" in done.stdout
    assert f"url: {site.url}/all-news # the main news" in written(office)
    assert f"verified: {TODAY}" in written(office)
    [source] = office.status()["sources"]
    assert (source["id"], source["articles"]) == (f"north/{site.url.partition('://')[2]}/old", 4)


def test_a_permanent_redirect_is_followed_into_the_file(office, site, north):
    site.says("/new", news())
    moved(site, "/old", "/new")
    north("/old")

    looked = office.run("check", "--online")
    office.run("check", "--online", "--fix")

    assert "moved   north/" in looked.stdout
    assert f"url: {site.url}/new # the main news" in written(office)


def test_a_redirect_to_the_front_page_is_no_news(office, site, north):
    site.says("/", news())
    moved(site, "/old", "/")
    north("/old")

    done = office.run("check", "--online", status=1)

    assert "no news: " in done.stdout
    assert "leads to the front page" in done.stdout


def test_a_feed_that_became_a_page_is_told_and_the_new_feed_is_found(office, site, north):
    site.says("/rss.xml", news())
    site.says("/", HOME.format(head="<link rel='alternate' type='application/rss+xml' href='/feeds/1'>", body=""))
    site.feed("/feeds/1", range(1, 4))
    north("/rss.xml")

    looked = office.run("check", "--online", status=1)
    office.run("check", "--online", "--fix")

    assert "no feed: " in looked.stdout
    assert f"url: {site.url}/feeds/1 # the main news" in written(office)


def test_a_list_that_fell_asleep_gives_way_to_one_that_lives(office, site, north):
    site.says("/old", news(days=800))
    site.says("/", linked("/all-news"))
    site.says("/all-news", news())
    north("/old")

    looked = office.run("check", "--online")
    office.run("check", "--online", "--fix")

    assert "stale   north/" in looked.stdout
    assert f"url: {site.url}/all-news" in written(office)


def test_a_list_that_fell_asleep_alone_keeps_its_address_and_is_not_called_verified(office, site, north):
    site.says("/old", news(days=800))
    north("/old")
    before = written(office)

    office.run("check", "--online", "--fix")

    assert written(office) == before


def test_news_of_another_site_are_not_taken(office, web, site, north):
    stranger = web.site(host="127.0.0.2")
    stranger.says("/all-news", news())
    site.says("/", linked(f"{stranger.url}/all-news"))
    north("/gone")
    before = written(office)

    office.run("check", "--online", "--fix", status=1)

    assert written(office) == before


def test_a_source_that_says_how_it_is_read_is_mended_by_hand(office, site, north):
    site.says("/", linked("/all-news"))
    site.says("/all-news", news())
    north("/gone", "    kind: listing", "    items: ul.old > li")
    before = written(office)

    done = office.run("check", "--online", "--fix", status=1)

    assert f"try: {site.url}/all-news has news" in done.stdout
    assert written(office) == before


def test_what_robots_txt_forbids_is_neither_read_nor_replaced(office, site, north):
    site.says("/robots.txt", "User-agent: *\nDisallow: /all-news\n", "text/plain")
    site.says("/all-news", news())
    north("/all-news")

    done = office.run("check", "--online", "--fix", status=1)

    assert "forbidden: " in done.stdout
    assert (site.visits("/all-news"), site.visits("/")) == (0, 0)


def test_what_was_stopped_goes_on_where_it_was(office, site):
    for name in ("a", "b", "c"):
        site.says(f"/{name}", news())
        office.university(name, {"url": f"{site.url}/{name}", "verified": "never"})

    first = office.run("check", "--online", "--fix", "--limit", "2")
    with (office.folder / "check-online.jsonl").open("a") as report:
        report.write('{"source": "cut sho')
    second = office.run("check", "--online", "--fix")
    third = office.run("check", "--online", "--fix")

    assert "1 source left for the next run" in first.stdout
    assert "2 sources not asked" in second.stdout
    assert "3 sources not asked" in third.stdout
    assert [site.visits(f"/{name}") for name in ("a", "b", "c")] == [1, 1, 1]


def test_what_waits_in_the_catalogue_is_verified_when_it_is_named(office, site):
    site.says("/a", news())
    office.university("a", f"{site.url}/a", enabled=False, country="CH")
    office.university("b", f"{site.url}/b", enabled=False, country="CN")

    assert "0 sources looked at" in office.run("check", "--online").stdout
    assert "1 source looked at: 1 ok" in office.run("check", "--online", "--country", "CH").stdout
    assert "1 source looked at: 1 ok" in office.run("check", "--online", "--university", "a").stdout
    assert "2 sources looked at" in office.run("check", "--online", "--all", status=1).stdout


def test_two_sources_are_not_mended_to_one_address(office, site):
    site.says("/", linked("/all-news"))
    site.says("/all-news", news())
    office.university("north", f"{site.url}/gone", f"{site.url}/lost", home=f"{site.url}/")

    done = office.run("check", "--online", "--fix", status=1)

    assert "1 mended, 1 without news" in done.stdout
    assert "2 sources" in office.run("check").stdout


def test_a_report_that_is_something_else_is_not_overwritten(office, site, north):
    site.says("/all-news", news())
    north("/all-news")
    office.write("notes.txt", "milk\nbread\n")

    done = office.run("check", "--online", "--report", "config/notes.txt", status=2)

    assert "no verdict of this program" in done.stderr
    assert (office.config / "notes.txt").read_text() == "milk\nbread\n"


def test_options_of_the_look_online_alone_are_wrong_usage(office):
    assert "belong to --online" in office.run("check", "--fix", status=2).stderr
