"""Forms for hubs: guarded, paced and bounded like everything else."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest

from aggregator.errors import AddressRefused, HttpStatus, RedirectError, TimedOut, TooLarge, Unreachable
from aggregator.fetch import Clock

FORM = {"hub.mode": "subscribe", "hub.topic": "https://north.example.edu/feed?a=b&c=d", "hub.callback": "https://wire.example/新"}
SENT = b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fnorth.example.edu%2Ffeed%3Fa%3Db%26c%3Dd&hub.callback=https%3A%2F%2Fwire.example%2F%E6%96%B0"


@pytest.fixture
def post(fetcher):
    def run(url, form=FORM, **options):
        request = {name: options.pop(name) for name in ("timeout",) if name in options}

        async def once():
            async with fetcher(**options) as client:
                return await client.post(url, form, **request)

        return asyncio.run(once())

    return run


def test_a_form_is_sent_and_the_answer_comes_back(web, post):
    url = web.on("/hub", web.answer(b"soon", "X-Hub: y", status="202 Accepted"))

    reply = post(url, contact="mailto:news@example.edu")

    assert (reply.url, reply.status, reply.body, reply.headers["x-hub"]) == (url, 202, b"soon", "y")
    assert web.bodies == [SENT]
    asked = web.log[0]
    assert asked.raw.startswith(b"POST /hub HTTP/1.1\r\n")
    assert asked.header("content-type") == "application/x-www-form-urlencoded"
    assert asked.header("content-length") == str(len(SENT))
    assert "mailto:news@example.edu" in asked.header("user-agent")


def test_a_hub_is_no_page_and_its_robots_txt_is_not_asked(web, post):
    web.on("/robots.txt", web.answer(b"User-agent: *\nDisallow: /\n"))

    post(web.on("/hub", web.answer(status="204 No Content")), shelf=None)

    assert [asked.path for asked in web.log] == ["/hub"]


@pytest.mark.parametrize("status", [307, 308])
def test_the_form_goes_along_where_the_hub_has_moved(web, other_web, post, status):
    url = web.on("/hub", web.moved(f"{other_web.base}/new", status))
    other_web.on("/new", other_web.answer(status="202 Accepted"))

    assert post(url).url == f"{other_web.base}/new"
    assert (web.bodies, other_web.bodies) == ([SENT], [SENT])


@pytest.mark.parametrize("status", [301, 302, 303])
def test_other_redirects_are_no_answer(web, other_web, post, status):
    url = web.on("/hub", web.moved(f"{other_web.base}/new", status))

    with pytest.raises(HttpStatus, match=str(status)):
        post(url)
    assert other_web.log == []


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([b"HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nwrong"], HttpStatus),
        ([b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n"], HttpStatus),
        (["reset"], Unreachable),
        (["hang"], TimedOut),
        ([b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65_536, "forever"], TooLarge),
        ([b"HTTP/1.1 307 Go\r\nLocation: /hub\r\nContent-Length: 0\r\n\r\n"], RedirectError),
        ([b"HTTP/1.1 307 Go\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"], AddressRefused),
    ],
)
def test_what_goes_wrong_is_an_error_of_the_right_kind(web, post, steps, kind):
    with pytest.raises(kind) as caught:
        post(web.on("/hub", *steps), timeout=timedelta(seconds=0.5), allow_private=["127.0.0.1"])

    assert type(caught.value) is kind
    assert caught.value.remedy
    assert len(web.log) == 1


@pytest.mark.parametrize("coded", [False, True])
def test_an_answer_without_an_end_is_cut(web, post, coded):
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    steps = (
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 5_000_000)]
        if coded
        else [head, b"x" * 9_000, "forever"]
    )

    assert post(web.on("/hub", *steps)).body == b"x" * 64_000


def test_the_inside_is_refused(web, post):
    with pytest.raises(AddressRefused):
        post(web.on("/hub", web.answer(b"")), allow_private=False)

    assert web.log == []


def test_posts_and_fetches_share_the_turns_of_a_host(web, fetcher):
    web.on("/hub", 0.05, web.answer(status="202 Accepted", keep=True), "keep")
    web.on("/feed", 0.05, web.answer(b"x", keep=True), "keep")
    pauses = []

    async def sleep(seconds):
        pauses.append(round(seconds))
        await asyncio.sleep(0)

    async def run():
        async with fetcher(host_gap=timedelta(seconds=2), clock=Clock(sleep=sleep)) as client:
            await asyncio.gather(
                client.post(f"{web.base}/hub", FORM), client.fetch(f"{web.base}/feed"), client.post(f"{web.base}/hub", FORM)
            )

    asyncio.run(run())

    assert web.most_at_once == 1
    assert pauses == [2, 2]
