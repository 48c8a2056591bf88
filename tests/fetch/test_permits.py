"""robots.txt asked before everything else: once per site and day, whatever the site does about it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import (
    AddressRefused,
    Disallowed,
    FetchError,
    HttpStatus,
    MalformedResponse,
    RedirectError,
    StoreBusy,
    TimedOut,
    Unreachable,
)
from aggregator.fetch import Clock
from aggregator.model import Robots

DAY = timedelta(days=1)
NO = b"User-agent: *\nDisallow: /private\n"


class Shelf:
    """Remembers, and counts how often it is asked."""

    def __init__(self, *kept):
        self.kept = {each.origin: each for each in kept}
        self.asked = 0

    def robots(self, origins):
        self.asked += 1
        return {origin: self.kept[origin] for origin in origins if origin in self.kept}

    def keep_robots(self, found):
        self.kept[found.origin] = found


class Broken:
    def robots(self, origins):
        raise StoreBusy(f"the database is locked: {origins}")

    def keep_robots(self, found):
        raise StoreBusy(f"the database is locked: {found.origin}")


class Time:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = datetime(2026, 1, 6, 10, tzinfo=UTC)
        self.clock = Clock(now=lambda: self.now)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def play(fetcher):
    """Fetch addresses one after the other, with one fetcher; what each brought: its status or its error. A timedelta lets so much time pass."""

    def run(time, *steps, **options):
        despite = {"despite_robots": options.pop("despite_robots", False)}

        async def all_of_it():
            found = []
            async with fetcher(clock=time.clock, **({"shelf": None} | options)) as client:
                for step in steps:
                    if isinstance(step, timedelta):
                        time.now += step
                        continue
                    try:
                        found.append((await client.fetch(step, **despite)).status)
                    except FetchError as error:
                        found.append(error)
            return found

        return asyncio.run(all_of_it())

    return run


def paths(web):
    return [asked.path for asked in web.log]


def test_robots_txt_is_asked_before_the_first_page_and_not_before_the_second(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    pages = [web.on(path, web.answer(b"x")) for path in ("/1", "/2")]

    assert play(time, *pages) == [200, 200]
    assert paths(web) == ["/robots.txt", "/1", "/2"]
    assert web.log[0].header("accept").startswith("text/plain")
    assert web.log[0].header("user-agent") == web.log[1].header("user-agent")


def test_a_page_that_is_not_allowed_is_not_asked_for(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/private/1", web.answer(b"x"))

    (error,) = play(time, url)

    assert type(error) is Disallowed
    assert error.url == url
    assert all(words in error.message for words in (url, f"{web.base}/robots.txt", "line 2", "Disallow: /private", "all robots"))
    assert "ignore_robots" in error.remedy
    assert not error.transient
    assert paths(web) == ["/robots.txt"]


def test_the_operator_may_know_better(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/private/1", web.answer(b"x"))

    assert play(time, url, despite_robots=True) == [200]
    assert paths(web) == ["/private/1"]


def test_each_step_of_a_walk_is_asked_for(web, other_web, play, time):
    other_web.on("/robots.txt", other_web.answer(NO))
    first = web.on("/", web.moved(f"{other_web.base}/private/2"))
    other_web.on("/private/2", other_web.answer(b"x"))

    (error,) = play(time, first)

    assert type(error) is Disallowed
    assert error.url == f"{other_web.base}/private/2"
    assert (paths(web), paths(other_web)) == (["/robots.txt", "/"], ["/robots.txt"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 204, 304, 300])
def test_a_site_without_robots_txt_allows_everything(web, play, time, status):
    web.on("/robots.txt", web.answer(b"User-agent: *\nDisallow: /" if status not in (204, 304) else b"", status=f"{status} Whatever"))
    url = web.on("/1", web.answer(b"x"))

    assert play(time, url, timedelta(hours=23), url) == [200, 200]
    assert paths(web) == ["/robots.txt", "/1", "/1"]


UNREACHABLE = {
    "an error of the server": ([b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"], HttpStatus),
    "too many requests": ([b"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n"], HttpStatus),
    "a broken connection": (["reset"], Unreachable),
    "silence": (["hang"], TimedOut),
    "noise": ([b"\x00\x01\x02\r\n\r\n"], MalformedResponse),
    "half a body": ([b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nUser-agent: *"], MalformedResponse),
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_site_that_cannot_be_asked_is_not_fetched_from_and_the_error_keeps_its_kind(web, play, time, name):
    steps, kind = UNREACHABLE[name]
    web.on("/robots.txt", *steps)
    url = web.on("/1", web.answer(b"x"))

    first, second = play(time, url, url, timeout=0.3)

    assert type(first) is type(second) is kind
    assert first is not second
    assert "robots.txt" in first.message
    assert str(first) == first.message
    assert first.remedy
    assert paths(web) == ["/robots.txt"]


def test_it_is_asked_again_soon_and_then_all_is_well(web, play, time):
    web.on("/robots.txt", web.answer(status="503 Busy"))
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/1", web.answer(b"x"))

    first, second = play(time, url, timedelta(minutes=2), url)

    assert (first.status, second) == (503, 200)


def test_a_server_that_says_when_to_come_back_is_not_asked_before(web, play, time):
    web.on("/robots.txt", web.answer(b"", "Retry-After: 3600", status="429 No"))
    web.on("/robots.txt", web.answer(status="404 No"))
    url = web.on("/1", web.answer(b"x"))

    first, second, third = play(time, url, timedelta(minutes=20), url, timedelta(minutes=41), url)

    assert (first.status, first.retry_after) == (429, timedelta(hours=1))
    assert (second.status, second.retry_after) == (429, timedelta(minutes=40))
    assert third == 200
    assert paths(web) == ["/robots.txt", "/robots.txt", "/1"]


def test_what_a_site_said_before_holds_while_it_cannot_be_asked(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    web.on("/robots.txt", web.answer(status="500 Oops"))
    allowed, forbidden = web.on("/1", web.answer(b"x")), f"{web.base}/private"

    found = play(time, allowed, 2 * DAY, allowed, forbidden, 40 * DAY, allowed, forbidden)

    assert [step if isinstance(step, int) else type(step) for step in found] == [200, 200, Disallowed, 200, Disallowed]
    assert paths(web).count("/robots.txt") == 3


def test_a_site_that_has_not_answered_for_a_month_allows_everything(web, play, time):
    web.on("/robots.txt", web.answer(status="500 Oops"))
    url = web.on("/1", web.answer(b"x"))

    found = play(time, url, 29 * DAY, url, DAY + timedelta(hours=1), url, timedelta(minutes=5), url)

    assert [step if isinstance(step, int) else type(step) for step in found] == [HttpStatus, HttpStatus, 200, 200]
    assert paths(web) == ["/robots.txt"] * 3 + ["/1", "/1"]


@pytest.mark.parametrize(
    ("header", "hours"),
    [
        ("X: y", 24),
        ("Cache-Control: max-age=7200", 2),
        ("Cache-Control: max-age=99999999", 24),
        ("Cache-Control: no-cache", 1),
        ("Expires: 0", 1),
    ],
)
def test_an_answer_holds_for_as_long_as_it_says_an_hour_at_least_and_a_day_at_most(web, play, time, header, hours):
    web.on("/robots.txt", web.answer(NO, header))
    url = web.on("/1", web.answer(b"x"))

    play(time, url, timedelta(hours=hours, minutes=-1), url)
    before = paths(web).count("/robots.txt")
    web.log.clear()
    play(time, url, timedelta(hours=hours, minutes=1), url)

    assert (before, paths(web).count("/robots.txt")) == (1, 2)


def test_a_clock_that_was_set_back_does_not_make_an_answer_last_for_ever(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/1", web.answer(b"x"))

    play(time, url, -365 * DAY, url)

    assert paths(web).count("/robots.txt") == 2


def test_what_was_said_outlives_the_process(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/1", web.answer(b"x"))
    shelf = Shelf()

    found = play(time, url, shelf=shelf) + play(time, url, f"{web.base}/private", url, shelf=shelf)

    assert [type(step) for step in found] == [int, int, Disallowed, int]
    assert paths(web).count("/robots.txt") == 1
    assert shelf.asked == 2
    assert shelf.kept[web.base] == Robots(web.base, NO.decode(), time.now, time.now + DAY)


def test_what_many_sites_said_is_asked_of_the_shelf_in_one_question(web, other_web, fetcher, time):
    sites, pages = (web, other_web), [web.on("/1", web.answer(b"x")), other_web.on("/private/1", other_web.answer(b"x"))]
    shelf = Shelf(*(Robots(site.base, NO.decode(), time.now, time.now + DAY) for site in sites))

    async def both():
        async with fetcher(clock=time.clock, shelf=shelf) as client:
            return await asyncio.gather(*map(client.fetch, pages), return_exceptions=True)

    allowed, forbidden = asyncio.run(both())

    assert allowed.status == 200
    assert type(forbidden) is Disallowed
    assert shelf.asked == 1


def test_since_when_a_site_cannot_be_asked_outlives_the_process(web, play, time):
    web.on("/robots.txt", web.answer(status="500 Oops"))
    url = web.on("/1", web.answer(b"x"))
    shelf = Shelf()
    began = time.now

    found = play(time, url, shelf=shelf)
    for days in (10, 15, 6):
        time.now += days * DAY
        found += play(time, url, shelf=shelf)

    assert [step if isinstance(step, int) else type(step) for step in found] == [HttpStatus] * 3 + [200]
    assert shelf.kept[web.base].unreachable_since == began


def test_what_a_site_said_before_it_fell_silent_outlives_the_process(web, play, time):
    web.on("/robots.txt", web.answer(status="500 Oops"))
    kept = Robots(web.base, NO.decode(), time.now - 3 * DAY, time.now - 2 * DAY)
    shelf = Shelf(kept)
    url = f"{web.base}/private"

    found = play(time, url, shelf=shelf) + play(time, url, shelf=shelf)

    assert [type(step) for step in found] == [Disallowed] * 2
    assert paths(web) == ["/robots.txt"]
    assert shelf.kept[web.base].text == kept.text
    assert (shelf.kept[web.base].fetched, shelf.kept[web.base].unreachable_since) == (kept.fetched, time.now)


def test_a_shelf_that_cannot_be_used_costs_nothing_but_requests(web, play, time):
    web.on("/robots.txt", web.answer(NO))
    url = web.on("/1", web.answer(b"x"))

    assert play(time, url, url, shelf=Broken()) == [200, 200]
    assert paths(web) == ["/robots.txt", "/1", "/1"]


def test_nobody_fills_the_shelf(web, play, time):
    web.on("/robots.txt", web.answer(NO + b"# and\n" * 20_000))
    shelf = Shelf()

    (error,) = play(time, f"{web.base}/private", shelf=shelf)

    assert type(error) is Disallowed
    assert shelf.kept == {}


def test_five_redirects_are_followed_and_what_is_found_counts_for_the_site_that_was_asked(web, other_web, play, time):
    web.on("/robots.txt", web.moved("/1.txt"))
    for number in range(1, 4):
        web.on(f"/{number}.txt", web.moved(f"/{number + 1}.txt"))
    web.on("/4.txt", web.moved(f"{other_web.base}/common.txt"))
    other_web.on("/common.txt", other_web.answer(NO))

    errors = play(time, f"{web.base}/private", f"{web.base}/private/2")

    assert [type(error) for error in errors] == [Disallowed] * 2
    assert f"{web.base}/robots.txt" in errors[0].message
    assert len(web.log) == 5
    assert paths(other_web) == ["/common.txt"]


def test_a_robots_txt_that_two_sites_share_is_asked_for_once(web, other_web, play, time):
    web.on("/robots.txt", web.moved(f"{other_web.base}/robots.txt"))
    web.on("/1", web.moved(f"{other_web.base}/private"))
    other_web.on("/robots.txt", other_web.answer(NO))

    (error,) = play(time, f"{web.base}/1")

    assert type(error) is Disallowed
    assert paths(other_web) == ["/robots.txt"]


@pytest.mark.parametrize("target", ["/robots.txt", "file:///etc/passwd", "http://10.0.0.1/robots.txt", "http://127.0.0.1:22/"])
def test_a_robots_txt_that_leads_nowhere_is_none(web, play, time, target):
    web.on("/robots.txt", web.moved(target))
    url = web.on("/1", web.answer(b"x"))

    assert play(time, url, allow_private=["127.0.0.0/8"]) == [200]
    assert paths(web) == ["/robots.txt", "/1"]


def test_an_address_inside_is_refused_as_before(web, play, time):
    (literal, name) = play(time, f"{web.base}/1", f"http://localhost:{web.port}/1", allow_private=False)

    assert type(literal) is type(name) is AddressRefused
    assert web.log == []


def test_only_the_first_500_kib_are_read(web, play, time):
    filler = b"# filler\n" * 60_000
    web.on("/robots.txt", b"HTTP/1.1 200 OK\r\n\r\n", NO + filler + b"Disallow: /late\n", b"#" * 65_536, "forever")
    late = web.on("/late", web.answer(b"x"))

    first, second = play(time, f"{web.base}/private", late)

    assert type(first) is Disallowed
    assert second == 200


def test_all_who_ask_at_once_share_one_request(web, fetcher, time):
    web.on("/robots.txt", 0.1, web.answer(NO))
    urls = [web.on(f"/{number}", web.answer(b"x")) for number in range(5)]

    async def run():
        async with fetcher(clock=time.clock, shelf=None) as client:
            impatient = asyncio.create_task(client.fetch(urls[0]))
            await asyncio.sleep(0.02)
            others = [asyncio.create_task(client.fetch(url)) for url in urls]
            await asyncio.sleep(0.02)
            impatient.cancel()
            return [found.status for found in await asyncio.gather(*others)]

    assert asyncio.run(run()) == [200] * 5
    assert paths(web).count("/robots.txt") == 1
    assert web.most_at_once == 1


def test_a_fetcher_that_ends_leaves_nothing_under_way(web, fetcher, time):
    web.on("/robots.txt", "hang")

    async def run():
        async with fetcher(clock=time.clock, shelf=None, timeout=30) as client:
            waiting = asyncio.create_task(client.fetch(f"{web.base}/1"))
            await asyncio.sleep(0.05)
            waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(run()) == set()


def test_requests_for_robots_txt_keep_the_pause_too_and_a_delay_makes_it_longer(web, fetcher):
    web.on("/robots.txt", web.answer(b"User-agent: *\nCrawl-delay: 9\n"))
    urls = [web.on(f"/{number}", web.answer(b"x")) for number in range(3)]
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    async def run():
        async with fetcher(host_gap=timedelta(seconds=2), clock=Clock(sleep=sleep), shelf=None) as client:
            for url in urls:
                await client.fetch(url)

    asyncio.run(run())

    assert [round(pause) for pause in pauses] == [2, 9, 9]


def test_the_time_of_a_fetch_does_not_include_robots_txt(web, play, time):
    web.on("/robots.txt", 0.2, web.answer(NO))
    url = web.on("/1", 0.2, web.answer(b"x"))

    assert play(time, url, timeout=0.35) == [200]


def test_what_is_remembered_is_bounded(serve_many, play, time, monkeypatch):
    monkeypatch.setattr("aggregator.fetch.permits._REMEMBERED", 30)
    sites = serve_many(6)
    for site in sites:
        site.on("/robots.txt", site.answer(b"User-agent: *\n" + b"Disallow: /x\n" * 5))
        site.on("/1", site.answer(b"x"))
    urls = [f"{site.base}/1" for site in sites]

    play(time, *urls, urls[5], urls[4], urls[0])

    assert [paths(site).count("/robots.txt") for site in sites] == [2, 1, 1, 1, 1, 1]


def test_a_loop_of_the_page_itself_is_still_an_error(web, play, time):
    url = web.on("/1", web.moved("/1"))

    (error,) = play(time, url)

    assert type(error) is RedirectError
