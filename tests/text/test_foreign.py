"""Bodies that are no text are known for what they are; texts with blemishes stay texts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import foreign

NOISE = random.Random(7).randbytes(5_000)
PAGE = "<!doctype html><title>News</title><h1>A bridge</h1><p>It is open.</p>"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04....", "an archive or an office document (ZIP)"),
        (NOISE, "binary data"),
        (b"\x00" * 500, "binary data"),
    ],
)
def test_what_is_no_text_is_named(body, what):
    assert foreign.kind_of(body) == what


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "image/jpeg", "Application/VND.MS-excel; x=y"])
def test_a_body_without_markup_is_what_it_is_served_as(content_type):
    assert foreign.kind_of(b"Some words, and no markup.", content_type=content_type) is not None
    assert foreign.kind_of(NOISE, content_type=content_type) == "binary data"


@pytest.mark.parametrize("content_type", [None, "text/html", "application/octet-stream", "application/pdf"])
@pytest.mark.parametrize(
    "body",
    [
        PAGE.encode(),
        PAGE.encode("utf-16"),
        PAGE.encode("utf-16-le"),
        PAGE.encode("utf-16-be"),
        b"\xef\xbb\xbf<?xml version='1.0'?><rss version='2.0'/>",
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b"\x00\x00" + PAGE.encode() + b"\x01\x02\x03",
        "<p>お知らせ</p>".encode("iso2022_jp"),
    ],
    ids=["utf-8", "utf-16", "le", "be", "feed", "json", "blemished", "2022"],
)
def test_what_can_be_read_is_text_whatever_it_is_served_as(body, content_type):
    assert foreign.kind_of(body, content_type=content_type) is None


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "cp1251", "big5", "shift_jis", "iso2022_jp", "koi8-r"])
def test_plain_text_in_any_charset_is_text(name):
    assert foreign.kind_of("新しい news Новости 新聞".encode(name, errors="ignore")) is None


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_any_bytes_are_judged(body, content_type):
    foreign.kind_of(body, content_type=content_type)
