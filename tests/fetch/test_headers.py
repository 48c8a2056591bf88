from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from aggregator.fetch.headers import collect, freshness, links, retry_after, validators
from aggregator.model import Validators

NOW = datetime(2026, 1, 6, 10, 0, 0, tzinfo=UTC)
TEN = "Tue, 06 Jan 2026 10:00:00 GMT"
ELEVEN = "Tue, 06 Jan 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": "public, Max-Age=60"}, 60),
        ({"cache-control": 'max-age="60"'}, 60),
        ({"cache-control": "max-age=60, max-age=5"}, 60),
        ({"cache-control": "max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "100"}, 0),
        ({"cache-control": "max-age=60", "age": "soon"}, 60),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age=99999999999999999999999999"}, 2**31),
        ({"cache-control": "s-maxage=60"}, None),
        ({"cache-control": "public"}, None),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "no-cache, max-age=60"}, 0),
        ({"cache-control": "max-age=60", "expires": ELEVEN}, 60),
        ({"expires": ELEVEN, "date": TEN}, 3600),
        ({"expires": ELEVEN}, 3600),
        ({"expires": ELEVEN, "date": "yesterday"}, 3600),
        ({"expires": TEN, "date": ELEVEN}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "never"}, 0),
        ({"expires": "Fri, 31 Dec 99999 23:59:59 GMT"}, 0),
        ({"expires": "Tue, 06 Jan 2026 12:00:00 +0100", "date": TEN}, 3600),
        ({"expires": "Tuesday, 06-Jan-26 11:00:00 GMT", "date": TEN}, 3600),
        ({"expires": "Tue Jan  6 11:00:00 2026", "date": TEN}, 3600),
    ],
)
def test_how_long_an_answer_is_fresh(headers, seconds):
    assert freshness(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120),
        (" 120 ", None, 120),
        ("0", None, 0),
        (ELEVEN, None, 3600),
        (ELEVEN, ELEVEN, 0),
        (TEN, "Tue, 06 Jan 2026 09:00:00 GMT", 3600),
        ("Tue, 06 Jan 2015 10:00:00 GMT", None, 0),
        ("99999999999999999999", None, 604_800),
        ("Tue, 06 Jan 2099 10:00:00 GMT", None, 604_800),
        ("60, 3600", None, 60),
        ("-10", None, None),
        ("1.5", None, None),
        ("²", None, None),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(value, date, seconds):
    headers = {"retry-after": value} | ({"date": date} if date else {})

    assert retry_after(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_headers_are_lower_case_joined_and_free_of_cookies():
    raw = [
        (b"Content-TYPE", b"text/html"),
        (b"Link", b"<a>; rel=hub"),
        (b"Set-Cookie", b"a=b"),
        (b"link", b"<b>; rel=self"),
        (b"X", b"\xe4\xb8\xad"),
        (b"Y", b"\xff"),
    ]

    assert collect(raw) == {"content-type": "text/html", "link": "<a>; rel=hub, <b>; rel=self", "x": "中", "y": "ÿ"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([(b"ETag", b'W/"a"'), (b"Last-Modified", b"whenever")], Validators('W/"a"', "whenever")),
        ([(b"etag", b"no quotes")], Validators("no quotes", None)),
        ([(b"ETag", b'"1"'), (b"ETag", b'"2"')], Validators('"1"', None)),
        ([(b"ETag", '"中"'.encode())], Validators('"中"', None)),
        ([(b"ETag", b'"\xff"'), (b"Last-Modified", b"x")], Validators(None, "x")),
        ([(b"ETag", b"")], Validators()),
        ([], Validators()),
    ],
)
def test_validators_are_taken_verbatim(raw, expected):
    assert validators(raw) == expected


TEXT = st.text(st.characters(codec="latin-1"), max_size=40)


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]), TEXT | st.just(ELEVEN)))
def test_no_header_is_too_odd_to_be_read(headers):
    assert (freshness(headers, NOW) or timedelta(0)) >= timedelta(0)
    assert timedelta(0) <= (retry_after(headers, NOW) or timedelta(0)) <= timedelta(days=7)


BASE = "https://north.example.edu/news/feed.xml"
LINKS = [
    ('<https://hub.example.org/>; rel="hub"', {"hub": "https://hub.example.org/"}),
    ("</feed.xml>; rel=self, </hub>;rel=hub", {"self": "https://north.example.edu/feed.xml", "hub": "https://north.example.edu/hub"}),
    ('<a>; title="x, y; <z>"; rel="Self Alternate"', {"self": "https://north.example.edu/news/a", "alternate": "https://north.example.edu/news/a"}),
    ('<https://one.example/>; rel="hub", <https://two.example/>; rel="hub"', {"hub": "https://one.example/"}),
    ('<https://a.example/>; rel="hub"; rel="self"', {"hub": "https://a.example/"}),
    ('<https://a.example/>; anchor="#x"; rel="hub", <https://b.example/>; REL = hub', {"hub": "https://b.example/"}),
    ("<javascript:alert(1)>; rel=hub, <file:///etc/passwd>; rel=self", {}),
    ("<https://a.example/>", {}),
    ("<https://a.example/>; rel", {}),
    ('<https://a.example/>; rel="hub', {}),
    ("https://a.example/; rel=hub", {}),
    ("<https://a.example/; rel=hub", {}),
    (", ,<https://a.example/>;;rel=hub", {"hub": "https://a.example/"}),
    ("<https://a.example/>; rel=hub garbage, <https://b.example/>; rel=self", {"hub": "https://a.example/"}),
    ("", {}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), LINKS)
def test_links_are_addresses_by_relation(value, expected):
    assert links(value, BASE) == expected


@pytest.mark.parametrize(
    "piece", ["<a>;rel=hub,", "<", "<a", " ", ";", '<a>;x="', "<a>" + ";" * 99, ",", '<a>;x="y";', "<a>;rel=" + "=" * 99, "\t;a\t="]
)
def test_endless_links_are_read_up_to_a_bound(piece):
    for head in ("", "<a>", "<a>;rel=x"):
        longer, long = (head + piece * number for number in (300_000, 20_000))

        assert links(longer, BASE) == links(long, BASE)
        assert steps(links, longer, BASE) <= steps(links, long, BASE) + 100 < 400_000


@given(st.text(alphabet='<>;,="\\ \tarelhub/:', max_size=80))
def test_links_never_break(value):
    assert all(found.startswith("https://") for found in links(value, BASE).values())
