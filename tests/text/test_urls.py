from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.text import urls

BASE = "https://news.example.edu/2026/list.html?page=2"
anything = st.text(max_size=80) | st.text(alphabet="ht:p/s.#?&=[]@%\\ \t\nA1", max_size=60)
paths = st.lists(st.text(alphabet="abcXYZ019-_.~%", min_size=1, max_size=8).filter(lambda part: part.strip(".")), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("story.html", "https://news.example.edu/2026/story.html"),
        ("../a.html", "https://news.example.edu/a.html"),
        ("/../../a.html", "https://news.example.edu/a.html"),
        ("//cdn.example.net/a.png", "https://cdn.example.net/a.png"),
        ("?page=3", "https://news.example.edu/2026/list.html?page=3"),
        ("  /a.html\n", "https://news.example.edu/a.html"),
        ("/a\nb\t.html", "https://news.example.edu/ab.html"),
        ("..\\info\\7.htm", "https://news.example.edu/info/7.htm"),
        ("/find?a=b\\c", "https://news.example.edu/find?a=b%5Cc"),
        ("HTTP://NEWS.example.edu/Case", "http://news.example.edu/Case"),
        ("http:/news.example.edu/one-slash", "http://news.example.edu/one-slash"),
        ("https://user:secret@news.example.edu/", "https://news.example.edu/"),
        ("https://news.example.edu", "https://news.example.edu/"),
        ("/a b.html", "https://news.example.edu/a%20b.html"),
        ("/新闻/1.htm", "https://news.example.edu/新闻/1.htm"),
    ],
)
def test_a_reference_is_followed_as_a_browser_does(reference: str, expected: str) -> None:
    assert urls.absolute(BASE, reference) == expected


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "",
        "   ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.edu",
        "ftp://example.edu/a",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://example.edu:port/",
        "http://example.edu:99999/",
        "/" + "a" * urls.LONGEST,
    ],
)
def test_what_is_no_web_address_is_none(reference: str | None) -> None:
    assert urls.absolute(BASE, reference) is None


@given(st.just(BASE) | anything, anything)
@example("", "http://a\ud800/")
@example("", "http://a/\ud800")
def test_whatever_stands_in_a_link_the_result_is_none_or_an_address_that_can_be_sent_and_stored(base: str, reference: str) -> None:
    found = urls.absolute(base, reference)

    if found is None:
        return
    parts = urlsplit(found)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert len(found) <= urls.LONGEST
    assert not set(found) & set(' \t\r\n"<>\\^`{|}')
    found.encode()


@given(anything)
def test_an_absolute_address_stays_as_it_is(reference: str) -> None:
    found = urls.absolute(BASE, reference)

    assert urls.absolute("", found) == found


@given(anything)
@example("http://a/[")
@example("http://site:page.html/")
def test_no_text_at_all_breaks_cleaning_keys_and_hosts_of_what_was_made_absolute(reference: str) -> None:
    found = urls.absolute(BASE, reference) or "http://example.edu/"

    assert urls.clean(urls.clean(found)) == urls.clean(found)
    assert urls.key(urls.clean(found)) == urls.key(found)
    assert urls.host(found)


@given(st.text(max_size=60))
def test_key_and_host_never_raise(text: str) -> None:
    assert isinstance(urls.key(text), str)
    assert isinstance(urls.host(text), str)


@given(paths, st.sampled_from(["", "?id=7", "?a=1&b=2"]))
def test_one_page_has_one_key_in_all_its_spellings(path: str, query: str) -> None:
    plain = f"https://example.edu{path}{query}"
    mark = "&" if query else "?"

    spellings = [
        f"http://example.edu{path}{query}",
        f"https://www.example.edu{path}{query}",
        f"https://EXAMPLE.edu{path}{query}",
        f"https://example.edu:443{path}{query}",
        f"http://www.example.edu:80{path}{query}",
        f"https://example.edu{path.rstrip('/')}/{query}",
        f"https://example.edu{path}{query}#comments",
        f"https://example.edu{path}{query}{mark}utm_source=rss&utm_medium=feed",
        f"https://example.edu{path}{query}{mark}fbclid=abc",
        f"https://example.edu./{path.lstrip('/')}{query}",
    ]

    assert {urls.key(spelling) for spelling in spellings} == {urls.key(plain)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.edu/news?id=1", "https://example.edu/news?id=2"),
        ("https://example.edu/News", "https://example.edu/news"),
        ("https://example.edu/app#/news/1", "https://example.edu/app#/news/2"),
        ("https://example.edu/app#!news", "https://example.edu/app"),
        ("https://en.example.edu/1", "https://example.edu/1"),
        ("https://example.edu:8443/1", "https://example.edu/1"),
        ("https://example.edu/?p=1", "https://example.edu/?q=1"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


BELOW = "https://example.edu/news/2026/list.html?page=2"


@pytest.mark.parametrize("url", ["https://www.example.edu/", "http://example.edu/news", "https://example.edu/news/2026/"])
def test_folders_of_a_page_are_above_it(url: str) -> None:
    assert urls.is_above(url, BELOW)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.edu/news/2026/list.html",
        "https://example.edu/new",
        "https://example.edu/?p=4",
        "https://physics.example.edu/",
        "https://example.edu/news/2026/bridge/",
    ],
)
def test_other_addresses_are_not_above_it(url: str) -> None:
    assert not urls.is_above(url, BELOW)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.edu/a?utm_source=x&id=7&utm_medium=y", "https://example.edu/a?id=7"),
        ("https://example.edu/a?UTM_Source=x", "https://example.edu/a"),
        ("https://example.edu/a?b=2&a=1", "https://example.edu/a?b=2&a=1"),
        ("https://example.edu/a?spm=1.2&from_source=wechat", "https://example.edu/a"),
        ("https://example.edu/a?id=7#part-2", "https://example.edu/a?id=7#part-2"),
        ("https://example.edu/a#utm_source=x", "https://example.edu/a"),
        ("https://example.edu/a?source=x&ref=y", "https://example.edu/a?source=x&ref=y"),
        ("https://example.edu/a?q=a%26utm_source%3Db", "https://example.edu/a?q=a%26utm_source%3Db"),
    ],
)
def test_only_what_counts_visitors_is_taken_out_of_an_address(url: str, expected: str) -> None:
    assert urls.clean(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://News.Example.EDU/a", "news.example.edu"),
        ("http://example.edu:80/", "example.edu"),
        ("https://example.edu:8443/", "example.edu:8443"),
        ("https://www.example.edu/", "www.example.edu"),
        ("http://example.edu./", "example.edu"),
        ("nonsense", ""),
        ("http://[broken/", ""),
        ("http://example.edu:port/", ""),
    ],
)
def test_the_host_to_be_polite_to(url: str, expected: str) -> None:
    assert urls.host(url) == expected


@example("/a//b")
@example("/a/./b")
@example("/a/..")
@example("//host/a")
@example("/.well-known")
@given(
    st.text(alphabet="/.;:%ab1-_~", max_size=12).map(lambda text: "/" + text).filter(lambda path: "/.;" not in path and "/..;" not in path)
)
def test_a_path_on_the_same_host_is_resolved_as_the_standard_library_does(reference: str) -> None:
    expected = urljoin(BASE, reference)  # which takes "/.;1" for a dot and its parameters; browsers do not

    # Of "/1.;" the standard library loses the empty parameters, which say nothing but stand in the address.
    if urlsplit(expected).hostname == "news.example.edu" and "/." not in expected and not reference.endswith(";"):
        assert urls.absolute(BASE, reference) == expected


_pieces = st.sampled_from(
    [
        "http",
        "https",
        "HTTP",
        "ftp",
        "://",
        ":",
        "/",
        "//",
        "?",
        "#",
        "@",
        "www.u.edu",
        "U.EDU",
        "u_x.edu",
        "0x7f.1",
        "[::1]",
        ".",
        "..",
        "-",
        "80",
        "08080",
        "99999",
        "\t",
        "\n",
        " ",
        "\\",
        "é",
        "%41",
    ]
)


@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(_pieces, max_size=9).map("".join),
        st.lists(_pieces, max_size=7).map(lambda some: "http://" + "".join(some)),
    )
)
def test_whom_an_address_asks_is_what_the_standard_library_reads(url: str) -> None:
    try:
        parts = urlsplit(url)
        expected = (parts.scheme, parts.hostname, parts.port)
    except ValueError:
        with pytest.raises(ValueError):
            urls.server(url)
    else:
        assert urls.server(url) == expected
