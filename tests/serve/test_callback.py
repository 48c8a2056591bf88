"""Where hubs call: nothing is done for strangers, nothing is kept, nothing is told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from aggregator.errors import StoreBusy
from aggregator.serve import callback
from aggregator.serve.app import application

SECRET = "the secret"


@dataclass
class Desk:
    """Knows one token, and writes down what comes."""

    came: list[str] = field(default_factory=list)
    busy: bool = False

    def knows(self, token: str) -> bool:
        return token == "known"

    def secret(self, _: str) -> str:
        return SECRET

    async def verify(self, _: str, asked: Mapping[str, str]) -> str | None:
        if self.busy:
            raise StoreBusy("the database is locked")
        return asked.get("hub.challenge") if asked.get("hub.topic") == "t" else None

    async def pushed(self, _: str) -> None:
        if self.busy:
            raise StoreBusy("the database is locked")
        self.came.append("right")

    def forged(self, _: str) -> None:
        self.came.append("wrong")


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    read: int
    """Pieces of the body that were read."""


class Hub:
    """Calls an ASGI application without a socket."""

    def __init__(self, app: Starlette, runner: asyncio.Runner) -> None:
        self._app, self._runner = app, runner

    def get(self, target: str, method: str = "GET") -> Answer:
        return self._runner.run(self._ask(method, target, [b""], {}))

    def push(self, *pieces: bytes, token: str = "known", signature: str | None = None, ends: bool = True) -> Answer:
        headers = {"x-hub-signature": signature} if signature else {}
        return self._runner.run(self._ask("POST", f"/websub/{token}", pieces, headers, ends=ends))

    def crowd(self, number: int) -> list[int]:
        async def all_at_once() -> list[Answer]:
            return await asyncio.gather(*(self._ask("POST", "/websub/known", [b"x"], {}) for _ in range(number)))

        return [answer.status for answer in self._runner.run(all_at_once())]

    async def _ask(self, method: str, target: str, pieces, headers: Mapping[str, str], *, ends: bool = True) -> Answer:
        path, _, question = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": question.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        left, sent, read = list(pieces), [], 0

        async def receive() -> Message:
            nonlocal read
            await asyncio.sleep(0)
            if not left and not ends:
                await asyncio.Event().wait()
            read += 1
            piece = left.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(left) or not ends}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]), read)


def signed(body: bytes, secret: str = SECRET, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def hub(desk: Desk, site) -> Iterator[Hub]:
    with asyncio.Runner() as runner:
        yield Hub(application(lambda: site, hubs=lambda: desk), runner)


def test_a_hub_that_verifies_what_was_asked_hears_its_challenge_as_plain_text(hub):
    answer = hub.get("/websub/known?hub.topic=t&hub.challenge=%3Cscript%3E")

    assert (answer.status, answer.body) == (200, b"<script>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("target", ["/websub/known?hub.topic=u&hub.challenge=x", "/websub/guess?hub.topic=t&hub.challenge=x"])
def test_what_was_not_asked_for_is_nowhere(hub, target):
    answer = hub.get(target)

    assert answer.status == 404
    assert answer.body not in (b"x", b"x\n")


def test_looking_at_the_address_confirms_nothing(hub):
    assert hub.get("/websub/known?hub.topic=t&hub.challenge=x", method="HEAD").status == 404


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_with_the_right_signature_rings(hub, desk, method):
    answer = hub.push(b"a ", b"feed", signature=signed(b"a feed", method=method))

    assert (answer.status, desk.came) == (202, ["right"])


@pytest.mark.parametrize("signature", [None, "", "sha256=00", "md5=00", "sha256=\xe9", signed(b"another"), signed(b"a feed", "guess")])
def test_a_wrong_signature_is_ignored_and_its_sender_is_told_nothing(hub, desk, signature):
    right = hub.push(b"a feed", signature=signed(b"a feed"))
    wrong = hub.push(b"a feed", signature=signature)

    assert (wrong.status, wrong.body, wrong.headers) == (right.status, right.body, right.headers)
    assert desk.came == ["right", "wrong"]


def test_nothing_is_read_for_a_token_that_nobody_was_given(hub, desk):
    answer = hub.push(b"a feed", token="guess", signature=signed(b"a feed"))

    assert (answer.status, answer.read, answer.headers["connection"]) == (404, 0, "close")
    assert desk.came == []


def test_a_body_without_an_end_is_not_read_to_its_end(hub, desk, monkeypatch):
    monkeypatch.setattr(callback, "_LONGEST", 100)

    answer = hub.push(*[b"x" * 30] * 50)

    assert (answer.status, answer.read, desk.came) == (413, 4, [])


def test_a_body_that_never_comes_is_given_up(hub, desk, monkeypatch):
    monkeypatch.setattr(callback, "_TIME", 0.01)

    answer = hub.push(b"a", ends=False)

    assert (answer.status, desk.came) == (408, [])


def test_a_hub_that_pushes_in_masses_is_told_to_wait(hub, desk):
    statuses = hub.crowd(10)

    assert sorted(statuses) == [202] * 2 + [503] * 8
    assert hub.push(b"a feed", signature=signed(b"a feed")).status == 202


def test_a_hub_may_come_again_when_the_database_is_busy(hub, desk):
    desk.busy = True

    for answer in (hub.push(b"a feed", signature=signed(b"a feed")), hub.get("/websub/known?hub.topic=t&hub.challenge=x")):
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")


def test_without_a_daemon_nobody_can_call(browser):
    assert browser.ask("POST", "/websub/known").status == 405
    assert browser.get("/websub/known").status == 404


@pytest.mark.parametrize("target", ["/websub/", "/websub", "/websub/a/b", "/feeds/all.rss"])
def test_only_the_addresses_of_hubs_take_posts(hub, target):
    assert hub.get(target, method="POST").status in (404, 405)
