"""What is answered where there is nothing to answer with: in the form of what was asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

FEEDS = [
    "/feeds/all.rss",
    "/feeds/all.json",
    "/universities/north.atom",
    "/feeds/all/archive/1.rss",
    "/feeds/all.stories.rss",
    "/search.rss?q=ice",
]
NO_FEEDS = [
    "/feeds/nothing.rss",
    "/feeds/nothing.json",
    "/universities/nothing.atom",
    "/feeds/all/archive/999.rss",
    "/feeds/nothing.stories.rss",
]
PROGRAMS = ["/api/v1/articles", "/api/v1/articles/nothing", "/api/v1/nothing", "/api/v2/articles", "/api", "/api/"]
NAVIGATING = {"sec_fetch_dest": "document", "accept": "text/html"}


def problem(answer: Any) -> dict[str, Any]:
    """RFC 9457."""
    told = json.loads(answer.body)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["type"], told["status"]) == ("about:blank", answer.status)
    assert told["title"]
    assert told["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"
    return told


@pytest.mark.parametrize("target", PROGRAMS[1:])
def test_what_programs_ask_for_in_vain_is_told_as_a_problem(browser, target):
    answer = browser.get(target)

    assert answer.status == 404
    assert problem(answer)["title"] == "Not Found"


@pytest.mark.parametrize("target", [each for each in PROGRAMS if each.startswith("/api/v1/articles")])
def test_programs_are_told_when_to_ask_again_while_the_database_is_busy(browser, shelf, target):
    shelf.busy = True

    answer = browser.get(target)

    assert (answer.status, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "30", "no-store")
    assert "Retry-After" in answer.headers["access-control-expose-headers"]
    problem(answer)


@pytest.mark.parametrize("target", PROGRAMS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_programs_are_told_that_they_can_only_read(browser, method, target):
    answer = browser.ask(method, target)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    problem(answer)


def test_a_fault_of_ours_is_told_to_programs_as_a_problem(browser, shelf, monkeypatch):
    monkeypatch.setattr(type(shelf), "article", lambda *_: 1 / 0)

    answer = browser.get(f"/api/v1/articles/{shelf.held[0].id}")

    assert answer.status == 500
    assert "ZeroDivision" not in problem(answer)["detail"]


@pytest.mark.parametrize("target", NO_FEEDS)
def test_a_feed_that_is_not_there_is_told_in_a_line(browser, target):
    answer = browser.get(target)

    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.body == b"There is no such feed; all are at https://wire.example.org/feeds/\n"


@pytest.mark.parametrize("target", FEEDS)
def test_feed_readers_are_told_when_to_ask_again_while_the_database_is_busy(browse, site, shelf, target):
    shelf.busy = True

    answer = browse(lambda: replace(site)).get(target)

    assert (answer.status, answer.headers["retry-after"], answer.headers["content-type"]) == (503, "30", "text/plain; charset=utf-8")
    assert answer.body.count(b"\n") == 1


def test_a_search_that_is_not_understood_is_told_in_text(browser):
    answer = browser.get("/search.rss?q=((")

    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert b"at character" in answer.body


def test_people_who_open_a_search_that_is_not_understood_are_told_on_a_page(browser):
    answer = browser.get("/search.rss?q=((", **NAVIGATING)

    assert (answer.status, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert b"<mark>" in answer.body


@pytest.mark.parametrize("target", ["/nothing", "/articles/nothing", "/feeds/nothing"])
def test_people_get_a_page(browser, target):
    answer = browser.get(target, accept_language="ru")

    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Здесь ничего нет" in answer.body.decode()


@pytest.mark.parametrize("target", NO_FEEDS)
def test_people_who_open_a_feed_that_is_not_there_get_a_page(browser, target):
    answer = browser.get(target, **NAVIGATING)

    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("target", ["/static/nothing.css", "/opml/nothing.xml", "/favicon.ico", "/robots.txt"])
def test_files_that_are_not_there_are_told_in_a_line(browser, target):
    answer = browser.get(target)

    assert (answer.status, answer.body) == (404, b"There is nothing at this address.\n")
