from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.serve.conditional import http_date, language, navigates, takes_gzip, unchanged

THEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
THEN_TEXT = "Mon, 02 Mar 2026 12:00:00 GMT"
LATER_TEXT = "Mon, 02 Mar 2026 12:00:01 GMT"
EARLIER_TEXT = "Mon, 02 Mar 2026 11:59:59 GMT"


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, False),
        ({"if-none-match": '"a"'}, True),
        ({"if-none-match": 'W/"a"'}, True),
        ({"if-none-match": '"x", W/"a" , "y"'}, True),
        ({"if-none-match": '"x, \\"a"'}, False),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"b"'}, False),
        ({"if-none-match": "a"}, False),
        ({"if-none-match": ""}, False),
        ({"if-modified-since": THEN_TEXT}, True),
        ({"if-modified-since": LATER_TEXT}, True),
        ({"if-modified-since": EARLIER_TEXT}, False),
        ({"if-modified-since": "Monday, 02-Mar-26 12:00:00 GMT"}, True),
        ({"if-modified-since": "Mon Mar  2 12:00:00 2026"}, True),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-modified-since": ""}, False),
        ({"if-none-match": '"b"', "if-modified-since": THEN_TEXT}, False),
        ({"if-none-match": '"a"', "if-modified-since": EARLIER_TEXT}, True),
    ],
)
def test_a_condition_is_judged(headers, verdict):
    assert unchanged(headers, etag='"a"', modified=THEN) is verdict


def test_without_a_date_of_ours_theirs_proves_nothing():
    assert not unchanged({"if-modified-since": LATER_TEXT}, etag='"a"', modified=None)


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("br", False),
        ("gzip;q=many", False),
        ("gzip; q=1.0", True),
    ],
)
def test_gzip_is_sent_to_who_takes_it(header, verdict):
    assert takes_gzip(header) is verdict


def test_a_date_is_written_for_http():
    assert http_date(THEN) == THEN_TEXT


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("de-DE, ru;q=0.4, en;q=0.3", "ru"),
        ("de", "en"),
        ("en;q=0.2, ru;q=0.9", "ru"),
        ("ru;q=0, zh", "zh"),
        ("*", "en"),
        ("ru;q=x", "en"),
        ("😀,;;q==1,\x00", "en"),
    ],
)
def test_the_language_that_is_liked_best(asked, answered):
    assert language(asked, {"en", "zh", "ru"}, "en") == answered


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"sec-fetch-dest": "document", "accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}, True),
        ({"sec-fetch-dest": "empty", "accept": "text/html"}, False),  # a reader in a browser
        ({"accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}, False),  # a reader that poses as a browser
        ({"sec-fetch-dest": "document", "accept": "application/rss+xml"}, False),
        ({}, False),
    ],
)
def test_only_a_browser_that_shows_it_to_a_person_navigates(headers, shown):
    assert navigates(headers) is shown
