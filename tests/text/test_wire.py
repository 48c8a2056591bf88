from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.text import wire


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_legal_xml_and_stays_clean(text):
    cleaned = wire.clean(text)

    element = etree.Element("a")
    element.text = cleaned
    assert etree.fromstring(etree.tostring(element)).text == (cleaned or None)
    assert wire.clean(cleaned) == cleaned


@pytest.mark.parametrize("unwelcome", ["\x00", "\x0b", "\x7f", "\x85", chr(0xD800), "\ufdd0", "\ufeff", "\ufffd", "\ufffe", "\uffff"])
def test_unwelcome_characters_are_left_out(unwelcome):
    assert wire.clean(f"a{unwelcome}b") == "ab"


@pytest.mark.parametrize("welcome", ["\t", "\n", "\r", "é", "\u200d", "﷼", "！", "\U0001f393", "\U00020000"])
def test_the_rest_stays(welcome):
    assert wire.clean(f"a{welcome}b") == f"a{welcome}b"


@pytest.mark.parametrize(
    ("moment", "mail", "web"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "Sun, 01 Mar 2026 12:00:00 +0000", "2026-03-01T12:00:00Z"),
        (
            datetime(2026, 3, 1, 12, 0, 1, 5, tzinfo=timezone(timedelta(hours=8))),
            "Sun, 01 Mar 2026 12:00:01 +0800",
            "2026-03-01T12:00:01+08:00",
        ),
        (
            datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=45))),
            "Sun, 01 Mar 2026 06:15:00 +0000",
            "2026-03-01T12:00:00+05:45",
        ),
        (datetime(1900, 1, 1, tzinfo=timezone(timedelta(seconds=43))), "Sun, 31 Dec 1899 23:59:17 +0000", "1899-12-31T23:59:17Z"),
    ],
)
def test_moments_are_written(moment, mail, web):
    assert (wire.rfc822(moment), wire.rfc3339(moment)) == (mail, web)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://example.edu/a%20b?x=1&y=[2]", "https://example.edu/a%20b?x=1&y=%5B2%5D"),
        ("https://example.edu/新闻?q=哈#顶", "https://example.edu/%E6%96%B0%E9%97%BB?q=%E5%93%88#%E9%A1%B6"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        ("http://[::1]:8000/é", "http://[::1]:8000/%C3%A9"),
        ("http://[broken/é", "http://%5Bbroken/%C3%A9"),
        ("mailto:press@example.edu", "mailto:press@example.edu"),
    ],
)
def test_addresses_become_ascii(address, wanted):
    assert wire.uri(address) == wanted


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_address_becomes_ascii_for_good(text):
    found = wire.uri(f"https://example.edu/{text}")

    assert found.isascii()
    assert wire.uri(found) == found


@pytest.mark.parametrize(
    ("text", "wanted"), [("IMAGE/PNG; q=1", "image/png"), ("pdf", None), ("a/b/c", None), (None, None), ("image/svg+xml", "image/svg+xml")]
)
def test_a_media_type_is_one_or_nothing(text, wanted):
    assert wire.media_type(text) == wanted
