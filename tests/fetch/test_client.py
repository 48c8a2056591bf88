"""The whole client against a hostile web on loopback."""

from __future__ import annotations

import asyncio
import gzip
import random
import resource
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest

from aggregator.errors import (
    AddressRefused,
    FetchError,
    Gone,
    HttpStatus,
    MalformedResponse,
    RedirectError,
    TimedOut,
    TooLarge,
    Unreachable,
)
from aggregator.fetch import Clock
from aggregator.model import Validators

CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"


def test_a_page_comes_with_its_headers_and_its_validators(web, fetch):
    url = web.on(
        "/feed",
        web.answer(b"<rss/>", "Content-Type: text/xml", 'ETag: W/"1"', "Last-Modified: some day", "Cache-Control: max-age=60", "X-Y: z"),
    )

    found = fetch(url)

    assert (found.status, found.url, found.bytes_received) == (200, url, 6)
    assert (found.page.body, found.page.content_type, found.page.url) == (b"<rss/>", "text/xml", url)
    assert found.page.headers["x-y"] == "z"
    assert found.validators == Validators('W/"1"', "some day")
    assert found.expires == timedelta(seconds=60)
    assert found.permanent is None


def test_we_say_who_we_are_and_what_we_want_and_nothing_else(web, fetch):
    fetch(web.on("/", web.answer(b"x")), contact="mailto:news@example.edu")

    asked = web.log[0]
    names = [line.split(":")[0].lower() for line in asked.raw.decode().split("\r\n")[1:] if line]
    assert "mailto:news@example.edu" in asked.header("user-agent")
    assert asked.header("accept").startswith("application/atom+xml")
    assert asked.header("accept-encoding") == "gzip, br"
    assert sorted(names) == ["accept", "accept-encoding", "host", "user-agent"]


def test_another_kind_of_page_can_be_asked_for(web, fetch):
    fetch(web.on("/", web.answer(b"x")), accept="text/html")

    assert web.log[0].header("accept") == "text/html"


def test_links_of_the_headers_come_with_the_page_and_with_a_304(web, fetch):
    web.on("/", web.answer(b"x", "Link: </hub>; rel=hub", 'Link: </feed>; rel="self"'))
    web.on("/", web.answer(b"", "Link: </hub>; rel=hub", status="304 Not Modified"))

    first = fetch(f"{web.base}/")
    second = fetch(f"{web.base}/", validators=Validators('"1"'))

    assert first.links == {"hub": f"{web.base}/hub", "self": f"{web.base}/feed"}
    assert second.links == {"hub": f"{web.base}/hub"}


@pytest.mark.parametrize("tail", ["/a%2Fb?u=http%3A%2F%2Fx%2F&v=%41%zz&w=a+b%20c", "/%7Euser//x/", "/;a=b?c=[1]"])
def test_an_address_is_asked_for_as_it_is_written(web, fetch, tail):
    web.on(tail, web.answer(b"x"))

    fetch(web.base + tail)

    assert web.log[0].path == tail


@pytest.mark.parametrize(
    "validators",
    [
        Validators('"abc"', "Tue, 06 Jan 2026 10:00:00 GMT"),
        Validators("no quotes", None),
        Validators(None, "2026-01-06 10:00 +0800"),
        Validators('W/"a,b\\c;=~-gzip"', None),
        Validators('"中文é"', None),
        Validators(f'"{"e" * 4000}"', None),
    ],
)
def test_validators_go_back_byte_for_byte(web, fetch, validators):
    url = web.on("/", web.answer(status="304 Not Modified"))

    found = fetch(url, validators=validators)

    sent = [web.log[0].header("if-none-match"), web.log[0].header("if-modified-since")]
    assert [value and value.encode("latin-1").decode() for value in sent] == [validators.etag, validators.last_modified]
    assert (found.page, found.status, found.validators) == (None, 304, validators)


def test_a_304_may_renew_one_validator_and_leave_the_other(web, fetch):
    url = web.on("/", web.answer(b"", 'ETag: "2"', "Cache-Control: max-age=9", status="304 Not Modified"))

    found = fetch(url, validators=Validators('"1"', "monday"))

    assert found.validators == Validators('"2"', "monday")
    assert found.expires == timedelta(seconds=9)


def test_a_304_that_nobody_asked_for_is_an_error(web, fetch):
    with pytest.raises(HttpStatus, match="304"):
        fetch(web.on("/", web.answer(status="304 Not Modified")))


@pytest.mark.parametrize("status", [201, 204, 206, 300, 305, 400, 401, 403, 404, 418, 429, 451, 500, 502, 503, 520, 999])
def test_an_answer_without_a_page_is_an_error_that_says_so(web, fetch, status):
    url = web.on("/", web.answer(b"<html>sorry</html>" if status != 204 else b"", status=f"{status} Whatever"))

    with pytest.raises(HttpStatus, match=str(status)) as caught:
        fetch(url)

    assert (caught.value.status, caught.value.url, caught.value.retry_after) == (status, url, None)
    assert caught.value.remedy


def test_gone_is_an_error_of_its_own(web, fetch):
    with pytest.raises(Gone) as caught:
        fetch(web.on("/", web.answer(status="410 Gone")))

    assert caught.value.status == 410


@pytest.mark.parametrize(
    ("value", "seconds"), [("30", 30), ("Tue, 06 Jan 2026 10:00:30 GMT", 30), ("99999999999", 604_800), ("soon", None)]
)
def test_a_server_that_wants_to_be_left_alone_is_heard(web, fetch, value, seconds):
    clock = Clock(now=lambda: datetime(2026, 1, 6, 10, tzinfo=UTC))

    with pytest.raises(HttpStatus) as caught:
        fetch(web.on("/", web.answer(b"", f"Retry-After: {value}", status="503 Busy")), clock=clock)

    assert caught.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


def test_redirects_are_followed_and_remembered_where_they_are_permanent(web, other_web, fetch):
    web.on("/1", web.moved("/2", 301))
    web.on("/2", web.moved(f"{other_web.base}/3", 308))
    other_web.on("/3", other_web.moved("/4", 307))
    other_web.on("/4", other_web.answer(b"here"))

    found = fetch(f"{web.base}/1#part")

    assert found.page.body == b"here"
    assert found.url == f"{other_web.base}/4#part"
    assert found.permanent == f"{other_web.base}/3#part"
    assert other_web.log[0].path == "/3"


def test_validators_go_along_the_redirects_to_the_page_they_belong_to(web, other_web, fetch):
    web.on("/", web.moved(f"{other_web.base}/page"))
    other_web.on("/page", other_web.answer(status="304 Not Modified"))

    found = fetch(f"{web.base}/", validators=Validators('"1"'))

    assert found.status == 304
    assert other_web.log[0].header("if-none-match") == '"1"'


def test_no_cookie_is_kept_on_the_way(web, other_web, fetch):
    web.on("/", web.answer(b"", "Set-Cookie: a=b; Path=/", "Location: /2", status="302 Found"))
    web.on("/2", web.answer(b"", "Set-Cookie: c=d", f"Location: {other_web.base}/3", status="302 Found"))
    other_web.on("/3", other_web.answer(b"x", "Set-Cookie: e=f"))

    found = fetch(f"{web.base}/")

    assert "set-cookie" not in found.page.headers
    for asked in [*web.log, *other_web.log]:
        assert asked.header("cookie") is None
        assert asked.header("referer") is None


def test_endless_redirects_end(web, fetch):
    for n in range(5):
        web.on(f"/{n}", web.moved(f"/{n + 1}"))

    with pytest.raises(RedirectError, match="3 redirects"):
        fetch(f"{web.base}/0", max_redirects=3)

    assert len(web.log) == 4


def test_a_redirect_that_leads_nowhere_is_the_servers_error(web, fetch):
    with pytest.raises(HttpStatus, match="302"):
        fetch(web.on("/", web.answer(status="302 Found")))
    with pytest.raises(RedirectError):
        fetch(web.on("/file", web.moved("file:///etc/passwd")))


@pytest.mark.parametrize(
    "target", ["http://{}:{}/", "http://localhost:{1}/", "http://2130706433:{1}/", "http://127.1:{1}/", "http://[::ffff:127.0.0.1]:{1}/"]
)
def test_a_redirect_to_the_inside_is_not_followed(web, other_web, fetch, target):
    url = web.on("/", web.moved(target.format("127.0.0.2", other_web.port)))

    with pytest.raises(AddressRefused) as caught:
        fetch(
            url,
            allow_private=["127.0.0.1/32"]
            if "localhost" not in target and "127.1" not in target and "213" not in target
            else ["127.0.0.3"],
        )

    assert caught.value.remedy
    assert other_web.log == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_inside_is_refused_unless_it_is_allowed(web, fetch, host):
    web.on("/", web.answer(b"x"))
    url = f"http://{host}:{web.port}/"

    for allowed in (False, ["10.0.0.0/8", "other.example"]):
        with pytest.raises(AddressRefused, match="loopback"):
            fetch(url, allow_private=allowed)
    assert web.log == []
    for allowed in (True, ["127.0.0.0/8", "::1"], ["localhost", "127.0.0.1"]):
        assert fetch(url, allow_private=allowed).status == 200


@pytest.mark.parametrize(
    ("url", "name"), [("http://127.0.0.1:8765/", "127.0.0.1"), ("http://[::1]/", '"::1"'), ("http://localhost:8765/", "localhost")]
)
def test_who_is_refused_the_inside_is_told_what_to_write_and_where(fetch, url, name):
    with pytest.raises(AddressRefused) as caught:
        fetch(url, allow_private=False)

    assert f"in config/aggregator.yaml, below fetch:  allow_private: [{name}]" in caught.value.remedy


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://example.edu:6379/", "ftp://example.edu/"])
def test_what_no_setting_allows_names_none(fetch, url):
    with pytest.raises(AddressRefused) as caught:
        fetch(url, allow_private=False)

    assert caught.value.remedy == "Correct the address."


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "ftp://a.test/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://a.test:x/",
        "http://１２７.0.0.1/",
        "http://a.test:25/",
        "http://\x00/",
        "http://a\nb/",
    ],
)
def test_what_cannot_be_asked_for_is_refused(fetch, url):
    with pytest.raises((AddressRefused, Unreachable)) as caught:
        fetch(url)

    assert caught.value.url == url


SILENCES = {
    "never answers": ["hang"],
    "hangs within the headers": [b"HTTP/1.1 200 OK\r\nContent-", "hang"],
    "hangs before the body": [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hang"],
    "hangs within the body": [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "hang"],
    "hangs within a chunk": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", "hang"],
    "drips headers": [b"HTTP/1.1 200 OK\r\n", *[b"X", 0.05] * 100],
    "drips the body": [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x", 0.05] * 100],
    "hints for ever": [*[b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05] * 100],
    "continues for ever": [*[b"HTTP/1.1 100 Continue\r\n\r\n", 0.05] * 100],
}


@pytest.mark.parametrize("script", SILENCES)
def test_a_server_that_does_not_come_to_an_end_is_left(web, fetch, script):
    url = web.on("/", *SILENCES[script])

    with pytest.raises(TimedOut, match=r"0\.2 s") as caught:
        fetch(url, timeout=0.2)

    assert caught.value.url == url


def test_the_deadline_is_for_all_redirects_together(web, fetch):
    for n in range(8):
        web.on(f"/{n}", 0.1, web.moved(f"/{n + 1}"))

    with pytest.raises(TimedOut):
        fetch(f"{web.base}/0", timeout=0.35)

    assert len(web.log) <= 4


def test_the_wait_for_a_turn_does_not_count_against_the_deadline(web, fetcher):
    url = web.on("/", 0.15, web.answer(b"x"))

    async def run():
        async with fetcher(timeout=0.3) as client:
            return await asyncio.gather(*(client.fetch(url) for _ in range(4)))

    assert [found.status for found in asyncio.run(run())] == [200] * 4
    assert web.most_at_once == 1


def test_a_slow_but_honest_server_is_heard_out(web, fetch):
    assert fetch(web.on("/", 0.2, web.answer(b"x")), timeout=2).page.body == b"x"


OK = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "nothing at all": (Unreachable, [b""]),
    "a reset": (Unreachable, ["reset"]),
    "noise": (MalformedResponse, [b"\x16\x03\x01\x00\xff\x00noise\r\n\r\n"]),
    "HTTP/0.9": (MalformedResponse, [b"<html>hello</html>"]),
    "another protocol": (MalformedResponse, [b"SSH-2.0-OpenSSH_9.6\r\n"]),
    "a status that is no number": (MalformedResponse, [b"HTTP/1.1 abc OK\r\n\r\n"]),
    "a header without a name": (MalformedResponse, [OK + b": x\r\n\r\n"]),
    "a header with NUL": (MalformedResponse, [OK + b"A: b\x00c\r\n\r\nx"]),
    "the end within the headers": (Unreachable, [OK + b"Content-Ty"]),
    "a body shorter than said": (MalformedResponse, [OK + b"Content-Length: 9\r\n\r\nhello"]),
    "a body longer than said": (MalformedResponse, [OK + b"Content-Length: 2\r\n\r\nhello"]),
    "two lengths": (MalformedResponse, [OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"]),
    "a negative length": (MalformedResponse, [OK + b"Content-Length: -1\r\n\r\nhello"]),
    "a length and chunks": (MalformedResponse, [OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"]),
    "a chunk without a size": (MalformedResponse, [OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"]),
    "a chunk of 2^64": (MalformedResponse, [OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello"]),
    "no last chunk": (MalformedResponse, [OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"]),
    "a reset within the body": (MalformedResponse, [OK + b"Content-Length: 9\r\n\r\nhello", 0.05, "reset"]),
    "another coding": (MalformedResponse, [OK + b"Content-Encoding: zstd\r\n\r\nhello"]),
    "half a gzip": (MalformedResponse, [OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello")[:-4]]),
    "another protocol on request": (HttpStatus, [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello"]),
}


@pytest.mark.parametrize("script", BROKEN)
def test_a_broken_answer_is_one_error_of_the_right_kind(web, fetch, script):
    expected, steps = BROKEN[script]
    url = web.on("/", *steps)

    with pytest.raises(expected) as caught:
        fetch(url)

    assert type(caught.value) is expected
    assert caught.value.url == url
    assert url in str(caught.value)
    assert caught.value.remedy
    assert len(web.log) == 1


ODD = {
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    "old HTTP without a length": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "line feeds only": b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    "hints first": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "chunks with extensions and a trailer": OK + b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n",
    "Latin-1 in a header": OK + b"X: \xff\r\nContent-Length: 5\r\n\r\nhello",
    "gzip that nobody asked for": OK + b"Content-Encoding: x-gzip\r\n\r\n" + gzip.compress(b"hello"),
    "brotli": OK + b"Content-Encoding: br\r\n\r\n" + brotli.compress(b"hello"),
    "gzip that is none": OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "a page changed by a proxy": b"HTTP/1.1 203 Changed\r\nContent-Length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("script", ODD)
def test_an_odd_answer_is_still_taken(web, fetch, script):
    assert fetch(web.on("/", ODD[script])).page.body == b"hello"


HUGE = {
    "an endless body": [OK + b"\r\n", b"x" * 65_536, "forever"],
    "endless chunks": [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n", "forever"],
    "endless chunk extensions": [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"e" * 8000 + b"\r\nx\r\n", "forever"],
    "endless interim answers": [b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" * 100, "forever"],
    "endless headers": [OK, b"X: y\r\n" * 100, "forever"],
    "an endless header": [OK + b"X: ", b"y" * 65_536, "forever"],
    "an endless status line": [b"HTTP/1.1 200 ", b"y" * 65_536, "forever"],
    "ten thousand headers": [OK + b"X: y\r\n" * 10_000 + b"\r\n"],
    "a length of ten gigabytes": [OK + b"Content-Length: 10000000000\r\n\r\n", "hang"],
    "a length that no number holds": [OK + b"Content-Length: 9999999999999999999\r\n\r\n", "hang"],
    "a gzip bomb": [OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(5_000_000))],
    "a brotli bomb": [OK + b"Content-Encoding: br\r\n\r\n" + brotli.compress(bytes(5_000_000), quality=5)],
}


@pytest.mark.parametrize("script", HUGE)
def test_what_is_too_large_is_stopped_early(web, fetch, script):
    url = web.on("/", *HUGE[script])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(TooLarge) as caught:
        fetch(url, max_body=2_000_000, max_wire=2_000_000)

    assert caught.value.url == url
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 30_000


def test_a_body_of_exactly_the_limit_is_taken(web, fetch):
    web.on("/fits", web.answer(b"x" * 1000))
    web.on("/not", web.answer(b"x" * 1001))

    assert len(fetch(f"{web.base}/fits", max_body=1000).page.body) == 1000
    with pytest.raises(TooLarge, match="1,000 bytes"):
        fetch(f"{web.base}/not", max_body=1000)


def test_one_request_at_a_time_and_a_pause_between_also_over_redirects(web, fetcher):
    web.on("/a", web.moved("/b"))
    web.on("/b", 0.05, web.answer(b"x"))
    pauses = []

    async def run():
        async def sleep(seconds):
            pauses.append(seconds)
            await asyncio.sleep(0)

        async with fetcher(host_gap=timedelta(seconds=2), clock=Clock(sleep=sleep)) as client:
            await asyncio.gather(*(client.fetch(f"{web.base}/a") for _ in range(3)))

    asyncio.run(run())

    assert web.most_at_once == 1
    assert len(web.log) == 6
    assert len(pauses) == 5
    assert all(1.9 < pause <= 2 for pause in pauses)


def test_a_host_that_hangs_holds_up_no_other(web, other_web, fetcher):
    web.on("/", "hang")
    other_web.on("/", other_web.answer(b"x"))

    async def run():
        async with fetcher(concurrency=2, timeout=30) as client:
            stuck = [asyncio.create_task(client.fetch(f"{web.base}/")) for _ in range(3)]
            await asyncio.sleep(0.05)
            await client.fetch(f"{other_web.base}/")
            done = [task.done() for task in stuck]
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
            return done

    assert asyncio.run(run()) == [False] * 3


def several(fetcher, *urls, pause=0.05, **options):
    """The bodies or errors of fetches that follow each other in one fetcher."""

    async def run():
        found = []
        async with fetcher(**options) as client:
            for url in urls:
                try:
                    found.append((await client.fetch(url)).page.body)
                except FetchError as error:
                    found.append(error)
                await asyncio.sleep(pause)
        return found

    return asyncio.run(run())


def test_a_connection_serves_again(web, fetcher):
    urls = [web.on(f"/{n}", web.answer(b"%d" % n, keep=True), "keep") for n in range(3)]

    assert several(fetcher, *urls) == [b"0", b"1", b"2"]
    assert web.connections == 1


def test_a_kept_connection_that_the_server_has_closed_is_no_error(web, fetcher):
    first = web.on("/1", web.answer(b"1"), 0.02)
    second = web.on("/2", web.answer(b"2"))

    assert several(fetcher, first, second) == [b"1", b"2"]
    assert several(fetcher, first, second, pause=0) == [b"1", b"2"]


def test_who_breaks_off_on_a_kept_connection_is_not_asked_again_at_once(web, fetcher):
    first = web.on("/1", web.answer(b"1", keep=True), "keep")
    second = web.on("/2", b"HTTP/1.1 200 OK\r\nX-Hal", "reset")

    _, broken = several(fetcher, first, second)

    assert isinstance(broken, FetchError)
    assert web.connections == 1
    assert len(web.asked("/2")) == 1


def test_hints_without_end_on_a_kept_connection_are_asked_for_once(web, fetcher):
    first = web.on("/1", web.answer(b"1", keep=True), "keep")
    second = web.on("/2", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000, "forever")

    _, flood = several(fetcher, first, second)

    assert isinstance(flood, TooLarge)
    assert len(web.asked("/2")) == 1


def test_what_comes_unasked_is_never_taken_for_the_next_answer(web, fetcher):
    unasked = web.answer(b"poison")
    urls = [
        web.on("/glued", web.answer(b"1", keep=True) + unasked, "keep"),
        web.on("/late", web.answer(b"2", keep=True), 0.01, unasked, "keep"),
        web.on("/3", web.answer(b"3", keep=True), "keep"),
    ]

    found = several(fetcher, *urls, urls[1], urls[2], pause=0.1)

    assert b"poison" not in found
    assert found[1:] == [b"2", b"3", b"2", b"3"]


def test_a_body_that_was_not_wanted_is_not_downloaded(web, fetcher):
    missing = web.on("/missing", b"HTTP/1.1 404 No\r\n\r\n", b"x" * 65_536, "forever")
    present = web.on("/present", web.answer(b"x"))

    found = several(fetcher, missing, present)

    assert isinstance(found[0], HttpStatus)
    assert found[1] == b"x"


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:9/", "port 9"), ("http://127.0.0.1:1/", "port 1"), ("http://127.0.0.1:65533/", "refused the connection"), ("http://no-such-name.invalid/", "looked up"), (f"http://{'a' * 70}.test/", "reached")],
)  # fmt: skip
def test_what_cannot_be_reached_says_why(fetch, url, words):
    with pytest.raises((Unreachable, AddressRefused), match=words) as caught:
        fetch(url)

    assert caught.value.remedy


def test_cancelling_is_not_an_error_of_the_source(web, fetcher):
    url = web.on("/", "hang")

    async def run():
        async with fetcher() as client:
            task = asyncio.create_task(client.fetch(url))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            web.scripts["/"] = [(web.answer(b"x"),)]
            return await client.fetch(url)

    assert asyncio.run(run()).status == 200


@pytest.fixture
def tls(serve_tls):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return serve_tls(context)


def test_an_unknown_certificate_is_not_trusted(tls, fetch):
    with pytest.raises(Unreachable, match="certificate") as caught:
        fetch(tls.on("/", tls.answer(b"x")))

    assert "SSL_CERT_FILE" in caught.value.remedy
    assert tls.log == []


def test_an_authority_of_ones_own_is_trusted_and_encrypted_answers_are_bounded_too(tls, fetch, fetcher, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    urls = [tls.on(f"/{n}", tls.answer(b"%d" % n, keep=True), "keep") for n in range(3)]
    flood = tls.on("/flood", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500, "forever")

    assert several(fetcher, *urls) == [b"0", b"1", b"2"]
    assert tls.connections == 1
    with pytest.raises(TooLarge):
        fetch(flood)


def test_proxies_of_the_environment_are_not_used(web, other_web, fetch, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other_web.base)

    fetch(web.on("/", web.answer(b"x")))

    assert other_web.log == []


SEEDS = [
    OK + b'Content-Length: 5\r\nETag: "a"\r\nCache-Control: max-age=5\r\n\r\nhello',
    OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
    OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello"),
    OK + b"Content-Encoding: br\r\n\r\n" + brotli.compress(b"hello"),
    b"HTTP/1.1 301 Moved\r\nLocation: /seed?y=1#z\r\n\r\n",
    b"HTTP/1.1 429 No\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n\r\n",
]
PIECES = [
    b"\r\n",
    b"\n",
    b"\x00",
    b"\xff",
    b":",
    b" ",
    b"99999999999999999999",
    OK,
    b"Content-Length: 3\r\n",
    b"Location: http://[::\r\n",
    b"Content-Encoding: br\r\n",
]


def mutated(chance):
    answer = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(answer))
        change = chance.randrange(3)
        if change == 0:
            answer[place:place] = chance.choice(PIECES)
        elif change == 1:
            del answer[place : place + chance.randint(1, 9)]
        else:
            answer[place] = chance.randrange(256)
        answer = answer or bytearray(b"x")
    return bytes(answer)


def test_whatever_is_answered_only_our_errors_come_out(web, fetcher):
    chance = random.Random(20260106)
    urls = [web.on(f"/{n}", mutated(chance)) for n in range(300)]

    found = several(fetcher, *urls, pause=0, timeout=0.5)

    assert len(found) == len(urls)


def test_no_more_connections_are_kept_than_a_quarter_of_the_files_that_may_be_open(fetcher, serve_many, monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (8, 8))
    sites = serve_many(6)
    for site in sites:
        site.on("/", site.answer(b"x", keep=True), "keep")

    async def run():
        async with fetcher() as client:
            for site in [*sites, *sites[-2:], sites[0]]:
                await client.fetch(f"{site.base}/")
            await asyncio.sleep(0.05)
            return [site.open for site in sites]

    assert sum(asyncio.run(run())) == 2
    assert [site.connections for site in sites] == [2, 1, 1, 1, 1, 1]
