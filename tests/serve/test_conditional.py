from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.serve.conditional import failed, http_date, language, navigates, preferred, unchanged

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
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br, gzip;q=0.5", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("gzip;q=0", None),
        ("gzip;q=0, *", "br"),
        ("*;q=0", None),
        ("deflate", None),
        ("gzip;q=many", None),
        ("gzip; q=1.0", "gzip"),
    ],
)
def test_a_coding_is_sent_to_who_takes_it(header, verdict):
    assert preferred(header, ("br", "gzip")) == verdict


def test_what_has_no_coding_is_sent_as_it_is():
    assert preferred("gzip, br", ()) is None


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, False),
        ({"if-match": '"a"'}, False),
        ({"if-match": "*"}, False),
        ({"if-match": '"b", "c"'}, True),
        ({"if-match": 'W/"a"'}, True),
        ({"if-unmodified-since": THEN_TEXT}, False),
        ({"if-unmodified-since": LATER_TEXT}, False),
        ({"if-unmodified-since": EARLIER_TEXT}, True),
        ({"if-unmodified-since": "yesterday"}, False),
        ({"if-match": '"a"', "if-unmodified-since": EARLIER_TEXT}, False),
    ],
)
def test_a_precondition_is_judged(headers, verdict):
    assert failed(headers, etag='"a"', modified=THEN) is verdict


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
