from __future__ import annotations

import pytest

from aggregator.errors import RedirectError
from aggregator.fetch.redirects import Walk


def walk(start, *steps, limit=8):
    path = Walk(start, limit=limit)
    for status, location in steps:
        path.follow(status, location)
    return path


@pytest.mark.parametrize(
    ("start", "location", "end"),
    [
        ("http://a.test/x/y", "z", "http://a.test/x/z"),
        ("http://a.test/x/y", "/z?q=1", "http://a.test/z?q=1"),
        ("http://a.test/x", "//b.test/z", "http://b.test/z"),
        ("http://a.test/x", "https://b.test", "https://b.test/"),
        ("http://a.test/x", "?page=2", "http://a.test/x?page=2"),
        ("http://a.test/x#top", "/z", "http://a.test/z#top"),
        ("http://a.test/x#top", "/z#end", "http://a.test/z#end"),
        ("http://a.test/x", "/новости", "http://a.test/новости"),
        ("http://a.test/x", "http://user:secret@b.test/", "http://b.test/"),
        ("http://a.test/x", "http://good.test\\@b.test/", "http://good.test/@b.test/"),
        ("http://a.test/x", "/z?u=%2F%zz", "http://a.test/z?u=%2F%zz"),
    ],
)
def test_a_location_is_resolved_as_a_browser_does(start, location, end):
    assert walk(start, (302, location)).url == end


@pytest.mark.parametrize(
    "location",
    [
        "",
        "ftp://a.test/",
        "file:///etc/passwd",
        "javascript:1",
        "data:text/html,x",
        "http://[",
        "http://",
        "http://a.test:x/",
        "/a\x01b",
        "/a\nb",
        "/" + "x" * 5000,
    ],
)
def test_a_location_that_leads_nowhere_is_an_error(location):
    with pytest.raises(RedirectError, match=r"http://a\.test/x") as caught:
        walk("http://a.test/x", (302, location))

    assert caught.value.url == "http://a.test/x"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("steps", "permanent"),
    [
        ([], None),
        ([(301, "/1")], "https://a.test/1"),
        ([(308, "/1"), (301, "/2")], "https://a.test/2"),
        ([(302, "/1")], None),
        ([(303, "/1")], None),
        ([(307, "/1")], None),
        ([(301, "/1"), (302, "/2")], "https://a.test/1"),
        ([(301, "/1"), (302, "/2"), (301, "/3")], "https://a.test/1"),
        ([(302, "/1"), (301, "/2")], None),
        ([(301, "http://a.test/1")], None),
        ([(301, "/1"), (301, "http://a.test/2"), (301, "https://a.test/3")], "https://a.test/1"),
        ([(301, "https://b.test/")], "https://b.test/"),
    ],
)
def test_only_an_unbroken_chain_of_permanent_redirects_is_permanent(steps, permanent):
    assert walk("https://a.test/", *steps).permanent == permanent


@pytest.mark.parametrize("steps", [["/"], ["/1", "/"], ["/1", "/2", "/1"], ["/#other"]])
def test_a_loop_is_found_at_once(steps):
    with pytest.raises(RedirectError, match="loop"):
        walk("http://a.test/", *((302, step) for step in steps))


def test_a_chain_has_an_end():
    assert walk("http://a.test/", *((302, f"/{n}") for n in range(3)), limit=3).url == "http://a.test/2"
    with pytest.raises(RedirectError, match="3 redirects"):
        walk("http://a.test/", *((302, f"/{n}") for n in range(4)), limit=3)
