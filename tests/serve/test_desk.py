"""The operator's desk: who gets in, what a form must prove, and that everything done there reaches the files and the store."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from aggregator.config import DeskFile, load
from aggregator.desk import Desk
from aggregator.errors import ReadError
from aggregator.model import Changes, Form, LeftOut, Profile, Proposal, SourceState, Suspicion
from aggregator.serve.desk import Door, Offer
from aggregator.serve.site import Site
from aggregator.store import Store

TOKEN = "correct-horse-battery"
FORM = "application/x-www-form-urlencoded"
OFFER = Offer(
    "k1",
    "https://south.example.edu/news",
    "detect",
    12,
    ["<script>alert(1)</script>", "A library opens"],
    "south",
    "South",
    None,
    waiting=False,
)
DOUBTED = Profile(
    Form("detect", 20, 1.0, 60.0, ("north.example.edu/news/N",)),
    suspicion=Suspicion(
        since=datetime(2026, 3, 2, 9, tzinfo=UTC),
        reasons=("20 of 20 entries are new <b>",),
        proposal=Proposal(
            "https://north.example.edu/feed.xml", None, None, Form("detect", 9, 0.5, 40.0, ("x/N",)), 0, ("One <i>title</i>",)
        ),
    ),
)

BESIDE = replace(DOUBTED, suspicion=None, left_out=(LeftOut("aside > <div>", 5, ("west.example.edu/old/N",), ("An <b>old</b> story",)),))


@dataclass
class Hands:
    """Remembers what it was asked to do."""

    done: list[tuple[str, ...]] = field(default_factory=list)
    knows: bool = True

    async def look(self, url: str) -> Offer:
        if "nothing" in url:
            raise ReadError(f"{url}: no news <found>", remedy="give another address")
        self.done.append(("look", url))
        return OFFER

    def add(self, key: str, *, university: str, name: str) -> bool:
        self.done.append(("add", key, university, name))
        return self.knows

    def do(self, deed: str, source: str, place: str = "") -> bool:
        self.done.append((deed, source, place) if place else (deed, source))
        return self.knows

    def states(self) -> list[SourceState]:
        return [
            SourceState("north/news", "https://north.example.edu/feed.xml", profile=DOUBTED, articles=128),
            SourceState("east/news", "https://news.east.example.cn/list.htm", paused=True),
            SourceState("west/news", "https://west.example.edu/", profile=BESIDE, last_success=datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@dataclass
class Operator:
    """A browser that keeps the cookie of the desk."""

    browser: Any
    cookie: str = ""

    def get(self, target: str, **headers: str) -> Any:
        return self.browser.get(target, cookie=self.cookie, **headers)

    def post(self, target: str, *, browser_says: str = "same-origin", content_type: str = FORM, **form: str) -> Any:
        headers = {"cookie": self.cookie, "content_type": content_type, "sec_fetch_site": browser_says}
        answer = self.browser.ask("POST", target, body=urlencode(form).encode(), **headers)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def enter(self) -> Operator:
        assert self.post("/desk/session", token=TOKEN).status == 303
        return self

    @property
    def proof(self) -> str:
        page = self.get("/desk/").body.decode()
        return page.partition('name="proof" value="')[2].partition('"')[0]


@pytest.fixture
def operate(site: Site, browse: Callable[..., Any], hands: Hands) -> Callable[..., Operator]:
    def opened(token: str | None = TOKEN, **changes: Any) -> Operator:
        settings = replace(site.settings, desk=DeskFile(token=token), **changes)
        held = replace(site, settings=settings)
        return Operator(browse(lambda: held, hands=hands))

    return opened


PLACES = [
    ("GET", "/desk/"),
    ("GET", "/desk/review"),
    *(("POST", f"/desk/{name}") for name in ("session", "leave", "look", "add", "sources")),
]


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_without_a_token_in_the_configuration_there_is_no_such_place(operate: Any, hands: Hands, method: str, place: str) -> None:
    answer = operate(token=None).browser.ask(method, place, body=b"token=&proof=", content_type=FORM)

    assert (answer.status, hands.done) == (404, [])


def test_the_status_leads_to_the_desk_only_where_there_is_one(operate: Any) -> None:
    assert b'"/desk/"' in operate().get("/status").body
    assert b"/desk" not in operate(token=None).get("/status").body


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_who_has_no_token_sees_the_question_for_it_and_no_source(operate: Any, hands: Hands, method: str, place: str) -> None:
    answer = operate().browser.ask(method, place, body=b"do=pause&source=north/news&token=guessed", content_type=FORM)

    assert answer.status == (200 if method == "GET" else 403)
    assert b"north/news" not in answer.body
    assert hands.done == []


def test_whoever_knows_the_token_gets_a_cookie_that_only_the_desk_sees(operate: Any) -> None:
    answer = operate().post("/desk/session", token=TOKEN)

    told = answer.headers["set-cookie"].lower()
    assert (answer.status, answer.headers["location"]) == (303, "/desk/")
    assert all(word in told for word in ("httponly", "samesite=strict", "path=/desk", "secure"))
    assert TOKEN not in told


def test_a_cookie_does_not_outlive_its_hours_nor_its_token(site: Site, browse: Any, operate: Any) -> None:
    cookie = operate().enter().cookie
    now = 2_000_000_000.0
    door = Door(lambda: replace(site, settings=replace(site.settings, desk=DeskFile(token=TOKEN))), Hands(), {}, clock=lambda: now)

    request = type("Request", (), {"headers": {}, "cookies": {"desk": cookie.partition("=")[2]}})()
    assert door._session(request, TOKEN) is None
    assert b"north/news" not in Operator(operate(token="another-token-of-length").browser, cookie).get("/desk/").body


@pytest.mark.parametrize("change", ["{}x", "9{}", "", "..", "x.y.z", "9999999999.a.", "9999999999..ffff"])
def test_a_cookie_that_we_did_not_sign_is_none(operate: Any, change: str) -> None:
    operator = operate().enter()
    operator.cookie = "desk=" + change.format(operator.cookie.partition("=")[2])

    assert b"north/news" not in operator.get("/desk/").body


@pytest.mark.parametrize("proof", ["", "0" * 64, "é"])
def test_a_form_that_did_not_come_from_a_page_of_ours_does_nothing(operate: Any, hands: Hands, proof: str) -> None:
    answer = operate().enter().post("/desk/sources", do="pause", source="north/news", proof=proof)

    assert (answer.status, hands.done) == (403, [])


def test_no_other_site_can_let_somebody_in(operate: Any) -> None:
    answer = operate().post("/desk/session", token=TOKEN, browser_says="cross-site")

    assert answer.status == 403
    assert "set-cookie" not in answer.headers


def test_links_change_nothing(operate: Any, hands: Hands) -> None:
    operator = operate().enter()

    for place in ("sources?do=pause&source=north/news", "add?key=k1", "leave", "look?url=x"):
        operator.get(f"/desk/{place}")
    assert hands.done == []


def test_only_forms_of_a_bearable_length_are_read(operate: Any, hands: Hands) -> None:
    operator = operate().enter()

    assert operator.post("/desk/look", proof=operator.proof, url="x", content_type="text/plain").status == 415
    assert operator.post("/desk/look", proof=operator.proof, url="x" * 9000).status == 413
    assert hands.done == []


def test_a_program_sends_the_token_itself(operate: Any, hands: Hands) -> None:
    browser = operate().browser
    sent = {"body": b"do=retry&source=north/news", "content_type": FORM}

    assert browser.ask("POST", "/desk/sources", authorization=f"Bearer {TOKEN}", **sent).headers["location"] == "/desk/?told=retry"
    assert browser.ask("POST", "/desk/sources", authorization="Bearer guessed-guessed", **sent).status == 401
    assert hands.done == [("retry", "north/news")]


@pytest.mark.parametrize("place", ["/desk", "/desk/review"])
def test_a_program_with_a_wrong_token_is_told_so(operate: Any, place: str) -> None:
    answer = operate().browser.get(place, authorization="Bearer guessed-guessed")

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert b"<form" not in answer.body


def test_programs_guess_no_faster_than_people(site: Site) -> None:
    held = replace(site, settings=replace(site.settings, desk=DeskFile(token=TOKEN)))
    door = Door(lambda: held, Hands(), {})
    table = door.routes()[0].endpoint

    def asked(token: str) -> Any:
        from starlette.requests import Request

        headers = [(b"authorization", f"Bearer {token}".encode())]
        return table(Request({"type": "http", "method": "GET", "path": "/desk", "query_string": b"", "headers": headers}))

    async def crowd() -> list[int]:
        return [answer.status_code for answer in await asyncio.gather(*(asked(f"guess {number}") for number in range(10)), asked(TOKEN))]

    assert asyncio.run(crowd()) == [401] * 8 + [429] * 2 + [200]


@pytest.mark.parametrize("deed", ["pause", "resume", "retry", "accept", "reject"])
def test_each_deed_is_done_and_said(operate: Any, hands: Hands, deed: str) -> None:
    operator = operate().enter()

    answer = operator.post("/desk/sources", do=deed, source="north/news", proof=operator.proof)

    assert hands.done == [(deed, "north/news")]
    assert b'role="status"' in operator.get(answer.headers["location"]).body


def test_what_cannot_be_done_is_refused(operate: Any, hands: Hands) -> None:
    operator = operate().enter()

    assert operator.post("/desk/sources", do="__init__", source="north/news", proof=operator.proof).status == 400
    assert hands.done == []


def test_what_was_found_is_shown_before_it_is_added_and_is_never_markup(operate: Any, hands: Hands) -> None:
    operator = operate().enter()

    offer = operator.post("/desk/look", url=" https://south.example.edu ", proof=operator.proof).body.decode()
    operator.post("/desk/add", key="k1", university="south", name="South", proof=operator.proof)

    assert "<script>alert" not in offer
    assert "&lt;script&gt;alert(1)" in offer
    assert hands.done == [("look", "https://south.example.edu"), ("add", "k1", "south", "South")]


def test_what_goes_wrong_is_said_in_words_and_is_never_markup(operate: Any) -> None:
    operator = operate().enter()

    answer = operator.post("/desk/look", url="https://nothing.example.edu", proof=operator.proof)

    assert answer.status == 422
    assert b"no news &lt;found&gt;" in answer.body
    assert b"give another address" in answer.body


def test_a_review_shows_what_would_be_published(operate: Any) -> None:
    page = operate().enter().get("/desk/review?source=north/news").body.decode()

    assert "One &lt;i&gt;title&lt;/i&gt;" in page
    assert "20 of 20 entries are new &lt;b&gt;" in page
    assert {'value="accept"', 'value="reject"'} == {f'value="{word}"' for word in ("accept", "reject") if f'value="{word}"' in page}


@pytest.mark.parametrize("deed", ["include", "exclude"])
def test_a_list_that_is_left_out_is_shown_and_decided_about(operate: Any, hands: Hands, deed: str) -> None:
    operator = operate().enter()

    table, page = operator.get("/desk/").body.decode(), operator.get("/desk/review?source=west/news").body.decode()
    answer = operator.post("/desk/sources", do=deed, source="west/news", list="aside > <div>", proof=operator.proof)

    assert "1 new list of its page is left out." in table
    assert "/desk/review?source=west%2Fnews" in table
    assert "An &lt;b&gt;old&lt;/b&gt; story" in page
    assert 'name="list" value="aside &gt; &lt;div&gt;"' in page
    assert 'value="accept"' not in page
    assert hands.done == [(deed, "west/news", "aside > <div>")]
    assert b'role="status"' in operator.get(answer.headers["location"]).body


def test_a_paused_source_can_be_resumed_and_not_polled(operate: Any) -> None:
    page = operate().enter().get("/desk/?state=paused").body.decode()

    assert 'value="resume"' in page
    assert 'value="pause"' not in page
    assert 'value="retry"' not in page


@pytest.mark.parametrize(("language", "word"), [("ru", "Приостановить"), ("zh", "暂停")])
def test_the_desk_speaks_the_language_of_its_operator(operate: Any, language: str, word: str) -> None:
    operator = operate().enter()

    assert word in operator.get(f"/desk/?lang={language}").body.decode()
    assert operator.post(f"/desk/leave?lang={language}", proof=operator.proof).headers["location"] == f"/desk/?lang={language}"
    assert b"north/news" not in operator.get("/desk/").body


def test_the_right_token_waits_for_no_wrong_one(site: Site) -> None:
    held = replace(site, settings=replace(site.settings, desk=DeskFile(token=TOKEN)))
    door = Door(lambda: held, Hands(), {})
    door._wrong = 8

    async def enter(token: str) -> int:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": urlencode({"token": token}).encode(), "more_body": False}

        from starlette.requests import Request

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/desk/session",
            "query_string": b"",
            "headers": [(b"content-type", FORM.encode())],
        }
        return (await door._entering(Request(scope, receive))).status_code

    assert asyncio.run(enter(TOKEN)) == 303
    assert asyncio.run(enter("wrong-wrong-wrong")) == 429


# --- what is done ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "universities").mkdir()
    (tmp_path / "universities" / "north.yaml").write_text(
        "# The north.\nname: North University\nsources:\n  - url: https://north.example.edu/news  # their list\n    full_text: never\n"
    )
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as opened:
        yield opened


NORTH = "north/north.example.edu/news"


def test_a_pause_is_written_into_the_file_and_taken_back_without_a_trace(folder: Path, store: Store, clock: Any) -> None:
    desk = Desk(store, lambda: load(folder, {}), folder, clock=clock)
    before = (folder / "universities" / "north.yaml").read_text()

    assert desk.do("pause", NORTH)
    assert not desk.do("pause", NORTH)
    paused = (folder / "universities" / "north.yaml").read_text()
    assert load(folder, {}).sources[NORTH].paused
    assert "# The north." in paused
    assert "# their list" in paused
    assert desk.do("resume", NORTH)
    assert (folder / "universities" / "north.yaml").read_text() == before


def test_a_paused_source_is_not_polled_until_it_is_resumed_and_forgets_nothing(folder: Path, store: Store, clock: Any) -> None:
    source = load(folder, {}).sources[NORTH]
    lease = timedelta(minutes=5)
    store.sync([source], now=clock())
    (claimed,) = store.claim(now=clock(), limit=9, owner="me", lease=lease)

    store.sync([replace(source, paused=True)], now=clock())
    store.apply(Changes(replace(claimed, last_success=clock(), next_poll=clock())))

    (state,) = store.states()
    assert (state.state, state.next_poll, state.last_success) == ("paused", None, clock())
    assert store.claim(now=clock() + timedelta(days=9), limit=9, owner="me", lease=lease) == ()
    assert not store.hasten(NORTH, now=clock())
    store.sync([source], now=clock())
    assert [each.source for each in store.claim(now=clock(), limit=9, owner="me", lease=lease)] == [NORTH]


def test_a_retry_makes_due_what_waits_after_failures(folder: Path, store: Store, clock: Any) -> None:
    desk = Desk(store, lambda: load(folder, {}), folder, clock=clock)
    store.sync(load(folder, {}).sources.values(), now=clock() + timedelta(days=3))

    assert store.claim(now=clock(), limit=9, owner="me", lease=timedelta(minutes=5)) == ()
    assert desk.do("retry", NORTH)
    assert len(store.claim(now=clock(), limit=9, owner="me", lease=timedelta(minutes=5))) == 1
    assert not desk.do("retry", "nobody/knows")


def test_a_decision_is_the_one_of_the_command(folder: Path, store: Store, clock: Any) -> None:
    desk = Desk(store, lambda: load(folder, {}), folder, clock=clock)
    store.sync(load(folder, {}).sources.values(), now=clock())
    (state,) = store.states()
    store.decide(replace(state, profile=DOUBTED), now=clock())

    assert desk.do("reject", NORTH)
    assert store.states()[0].profile.suspicion.is_settled
    assert desk.do("accept", NORTH)
    assert store.states()[0].profile.suspicion is None
    assert not desk.do("accept", NORTH)


def test_a_list_is_taken_in_or_left_out_in_the_store(folder: Path, store: Store, clock: Any) -> None:
    desk = Desk(store, lambda: load(folder, {}), folder, clock=clock)
    store.sync(load(folder, {}).sources.values(), now=clock())
    store.decide(replace(store.states()[0], profile=BESIDE), now=clock())

    assert desk.do("exclude", NORTH, "aside > <div>")
    assert not desk.do("exclude", NORTH, "aside > <div>")
    assert store.states()[0].profile.undecided == ()
    assert desk.do("include", NORTH, "aside > <div>")
    assert store.states()[0].profile.left_out == ()
    assert not desk.do("include", NORTH, "elsewhere")


def test_a_token_is_never_told(folder: Path) -> None:
    settings = load(folder, {"AGGREGATOR_DESK_TOKEN": TOKEN})

    assert settings.desk.token == SecretStr(TOKEN)
    assert TOKEN not in repr(settings)


def test_a_daemon_whose_desk_nobody_uses_loads_no_readers():
    program = "import aggregator.desk, sys; print({'aggregator.read', 'bs4', 'tldextract'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "set()\n"
