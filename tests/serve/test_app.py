from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from structlog.testing import capture_logs

from aggregator.errors import StoreBusy

FEED = "/feeds/all.rss"


def test_a_feed_has_the_headers_that_readers_want(browser):
    answer = browser.get(FEED)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["last-modified"] == "Mon, 02 Mar 2026 12:00:00 GMT"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["vary"] == "Accept-Encoding, Sec-Fetch-Dest"
    assert answer.headers["etag"].startswith('"')
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize("target", ["/", "/feeds/all.rss", "/opml.xml", "/static/style.css", "/status", "/nowhere"])
def test_every_answer_is_guarded(browser, target):
    headers = browser.get(target).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_only_article_pages_show_images_of_others(browser, shelf):
    assert "img-src 'self' https: http:;" in browser.get(f"/articles/{shelf.held[1].id}/").headers["content-security-policy"]
    assert "img-src 'self';" in browser.get("/").headers["content-security-policy"]


def test_what_has_not_changed_is_not_sent_again(browser):
    first = browser.get(FEED)

    again = browser.get(FEED, if_none_match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-type" not in again.headers


def test_a_date_serves_where_there_is_no_tag(browser):
    first = browser.get(FEED)

    assert browser.get(FEED, if_modified_since=first.headers["last-modified"]).status == 304


def test_a_new_article_is_a_new_feed(browser, shelf, clock, make_article):
    first = browser.get(FEED)
    shelf.add(make_article(500))
    shelf.held[0:1] = []
    clock.now += timedelta(minutes=5)

    again = browser.get(FEED, if_none_match=first.headers["etag"], if_modified_since=first.headers["last-modified"])

    assert again.status == 200
    assert again.headers["last-modified"] == "Mon, 02 Mar 2026 12:05:00 GMT"
    assert again.headers["etag"] != first.headers["etag"]


def test_a_feed_that_changed_otherwise_keeps_its_tag(browser, shelf, make_article):
    first = browser.get("/feeds/chinese.rss")
    shelf.add(make_article(500))

    assert browser.get("/feeds/chinese.rss", if_none_match=first.headers["etag"]).status == 304


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_coded_feed_is_the_same_under_a_tag_of_its_own(browser, coding, unpack):
    plain = browser.get(FEED)

    packed = browser.get(FEED, accept_encoding=coding)

    assert packed.headers["content-encoding"] == coding
    assert unpack(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert browser.get(FEED, accept_encoding=coding, if_none_match=packed.headers["etag"]).status == 304
    assert browser.get(FEED, accept_encoding=coding, if_none_match=f"W/{packed.headers['etag']}").status == 304


def test_a_precondition_that_does_not_hold_is_told(browser):
    assert browser.get(FEED, if_match='"another"').status == 412
    assert browser.get(FEED, if_match=browser.get(FEED).headers["etag"]).status == 200


def test_a_range_is_not_served_and_the_whole_is(browser):
    answer = browser.get(FEED, range="bytes=0-9")

    assert (answer.status, answer.body) == (200, browser.get(FEED).body)


def test_an_archive_may_be_kept_for_a_day_and_heals_after_that(browser):
    answer = browser.get("/feeds/all/archive/100.rss")

    assert answer.headers["cache-control"] == "public, max-age=86400, stale-while-revalidate=604800"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_feed_names_itself_and_its_hub(browse, shelf, make_site):
    site = make_site()
    hub = replace(site, settings=replace(site.settings, hub="https://wire.example.org/hub"))

    link = browse(lambda: hub).get(FEED).headers["link"]

    assert link == '<https://wire.example.org/hub>; rel="hub", <https://wire.example.org/feeds/all.rss>; rel="self"'
    assert 'rel="hub"' not in browse(lambda: site).get(FEED).headers["link"]


@pytest.mark.parametrize("target", ["/", FEED, "/healthz", "/nowhere"])
def test_head_is_get_without_a_body(browser, target):
    get = browser.get(target)

    head = browser.ask("HEAD", target)

    assert head.body == b""
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(browser, method):
    answer = browser.ask(method, "/")

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_other_sites_may_ask_conditionally(browser):
    answer = browser.ask("OPTIONS", FEED, origin="https://reader.example", access_control_request_headers="if-none-match")

    assert answer.status == 204
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]


def test_nothing_is_rendered_twice_for_one_revision(browser, shelf):
    browser.crowd(FEED, 30)
    browser.get(FEED)

    assert shelf.asked == 1


def test_unknown_parameters_are_the_same_page(browser, shelf):
    browser.get(FEED)
    browser.get(f"{FEED}?cachebuster=1")

    assert shelf.asked == 1


def test_the_host_of_a_request_is_never_believed(browser):
    assert not [target for target in ("/", FEED, "/feeds/", "/opml.xml", "/nowhere") if b"evil.example" in browser.get(target).body]


def test_the_last_good_bytes_are_served_while_the_database_is_busy(browser, shelf):
    first = browser.get(FEED)
    shelf.busy = True

    again = browser.get(FEED)

    assert (again.status, again.body, again.headers["etag"]) == (200, first.body, first.headers["etag"])


def test_that_the_database_is_back_is_told_once_it_has_answered(browse, shelf, site):
    """Not when something is answered that is known without it."""
    browser = browse(lambda: site, fresh=600)
    browser.get(FEED)
    shelf.busy = True

    with capture_logs() as told:
        browser.get("/search.rss?q=ice")
        browser.get(FEED)

    assert [line["event"] for line in told] == ["the database does not answer"]


def test_what_was_never_served_has_to_wait_for_the_database(browser, shelf):
    shelf.busy = True

    answer = browser.get(FEED)

    assert answer.status == 503
    assert answer.headers["retry-after"] == "30"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Nothing is lost: please try again in half a minute."), ("ru", "через полминуты"), ("zh", "半分钟")],
)
def test_a_page_that_has_to_wait_for_the_database_says_when_to_come_back_in_the_language_of_its_reader(browser, shelf, language, said):
    shelf.busy = True

    answer = browser.get("/", accept_language=language)

    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert said in answer.body.decode()


def test_a_hub_without_its_database_says_when_to_ask_again(browse, site):
    def refuses(_form):
        raise StoreBusy("the database is locked")

    answer = browse(lambda: site, hub=refuses).ask("POST", "/hub", body=b"hub.mode=subscribe")

    assert (answer.status, answer.headers["retry-after"]) == (503, "30")


def test_the_feed_recovers_with_the_database(browser, shelf):
    shelf.busy = True
    browser.get(FEED)
    shelf.busy = False

    assert browser.get(FEED).status == 200


@pytest.mark.parametrize("target", ["/status", "/healthz"])
def test_what_operators_see_is_never_old(browser, target):
    answer = browser.get(target)

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_failing_search_is_an_answer(browser):
    assert browser.get("/search?q=titel:x").status == 400


def test_nothing_is_here(browser):
    answer = browser.get("/wp-login.php")

    assert answer.status == 404
    assert b"Nothing here" in answer.body


def test_a_reload_puts_another_site_in_its_place(browse, site, make_site):
    current = [site]
    browser = browse(lambda: current[0])
    before = browser.get("/")

    current[0] = make_site(title="Wire of the north")
    after = browser.get("/")

    assert b"Wire of the north" not in before.body
    assert b"Wire of the north" in after.body


def test_a_fault_of_ours_tells_a_stranger_nothing(browse, site):
    browser = browse(lambda: replace(site, health=lambda: {"ok": 1 / 0}))

    answer = browser.get("/status")

    assert answer.status == 500
    assert b"ZeroDivision" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"


CONDITIONS = [
    {},
    {"accept_encoding": "gzip, br"},
    {"accept_encoding": "gzip"},
    {"if_none_match": "*"},
    {"if_none_match": '"another"'},
    {"if_match": '"another"'},
    {"if_modified_since": "Mon, 02 Mar 2026 12:00:00 GMT"},
    {"if_unmodified_since": "Sun, 01 Mar 2026 12:00:00 GMT"},
]


@pytest.mark.parametrize("headers", CONDITIONS)
@pytest.mark.parametrize("target", ["/", FEED, "/opml.xml", "/feeds/all/archive/100.json", "/api/v1/sources", "/status"])
def test_what_is_at_hand_is_answered_as_if_it_were_not(browser, browse, site, target, headers):
    quick = browse(lambda: site, fresh=60)
    quick.get(target)

    assert quick.get(target, **headers) == browser.get(target, **headers)
    assert quick.ask("HEAD", target, **headers) == browser.ask("HEAD", target, **headers)


def test_what_is_at_hand_asks_the_database_for_nothing(browse, site, shelf, make_article):
    quick = browse(lambda: site, fresh=60)
    first = quick.get(FEED)
    shelf.add(make_article(500))
    shelf.busy = True

    assert quick.get(FEED) == first


def test_what_is_at_hand_is_not_of_another_site(browse, site, make_site):
    current = [site]
    quick = browse(lambda: current[0], fresh=60)
    quick.get("/")
    current[0] = make_site(title="Wire of the north")

    assert b"Wire of the north" in quick.get("/").body


def test_two_lengths_are_refused_however_well_the_feed_is_known(browse, site):
    quick = browse(lambda: site, fresh=60)
    quick.get(FEED)

    assert quick.get(FEED, content_length="3", transfer_encoding="chunked").status == 400


def test_the_hub_takes_forms_of_a_reasonable_length(browse, site):
    told = []
    browser = browse(lambda: site, hub=lambda form: told.append(dict(form)) or (202, "accepted"))

    answer = browser.ask("POST", "/hub", body=b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fx.example%2F")

    assert (answer.status, answer.body) == (202, b"accepted\n")
    assert told == [{"hub.mode": "subscribe", "hub.topic": "https://x.example/"}]
    assert browser.ask("POST", "/hub", body=b"x=" + b"y" * 9_000).status == 413
    assert browser.get("/hub").status == 404


def test_without_a_hub_nothing_can_be_posted(browser):
    assert browser.ask("POST", "/hub", body=b"hub.mode=subscribe").status == 405


def test_unchanged_says_what_keeps_a_copy_alive_and_nothing_more(browser):
    first = browser.get("/feeds/all.rss")

    again = browser.get("/feeds/all.rss", if_none_match=first.headers["etag"])

    assert again.status == 304
    assert set(again.headers) == {"access-control-allow-origin", "cache-control", "etag", "last-modified", "vary"}
    assert all(first.headers[name] == value for name, value in again.headers.items())
