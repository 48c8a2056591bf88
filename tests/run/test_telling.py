"""The operator is told: by real mail to a real server, by a real webhook, once, and again where it failed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from letterbox import Letterbox, a_free_port, opened
from structlog.testing import capture_logs

from aggregator import mail
from aggregator.config import MailFile, NotifyFile, defaults
from aggregator.errors import MessageError, StoreError
from aggregator.model import Changes, Event, Source, SourceState
from aggregator.run.telling import Telling
from aggregator.store import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WELL = {"ok": True, "problem": None, "online": True}


@pytest.fixture
def letterbox():
    with opened() as box:
        yield box


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        """Tests look at what was told."""


@pytest.fixture
def hook():
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.told, server.status = [], 200
    server.address = f"json://127.0.0.1:{server.server_port}/secret-token"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Desk:
    """An operator's desk: the store, the clock, how the daemon does."""

    def __init__(self, store: Store, server: str, **notify: object) -> None:
        self.store, self.now, self.health = store, NOON, dict(WELL)
        self.settings = replace(
            defaults(Path("config")),
            mail=MailFile(server=server, sender="wire@news.example.edu"),
            notify=NotifyFile(**notify),
        )
        self.telling = self.restarted()

    def restarted(self) -> Telling:
        self.telling = Telling(self.store, lambda: self.settings, health=lambda: self.health, clock=lambda: self.now)
        return self.telling

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.telling.look()

    def breaks(self, source: str = "north/news") -> None:
        state = SourceState(source, "https://north.example.edu/", failures=3, last_poll=self.now, next_poll=self.now)
        self.store.apply(Changes(state, events=(Event(self.now, "broke", source, "answered 500 机器人", "wait"),)))


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([Source(f"{name}/news", f"https://{name}.example.edu/") for name in ("north", "east")], now=NOON)
        yield store


@pytest.fixture
def desk(store, letterbox):
    desk = Desk(store, letterbox.address, to=["desk@example.edu", "night@example.edu"])
    desk.passes()
    return desk


def test_one_mail_a_day_tells_what_broke_and_comes_from_us(desk, letterbox):
    desk.breaks()

    for _ in range(48):
        desk.passes(hours=1)

    ((to, letter),) = letterbox.letters
    assert to == ["desk@example.edu", "night@example.edu"]
    assert (letter["From"], letter["Subject"]) == ("wire@news.example.edu", "University news: 1 broke")
    assert "- north/news: answered 500 机器人" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@news.example.edu>")


def test_a_restart_loses_nothing_and_sends_nothing_twice(desk, letterbox):
    desk.breaks()
    desk.restarted()
    desk.passes(hours=20)
    desk.restarted()
    desk.passes(minutes=1)
    desk.breaks("east/news")
    desk.restarted()
    desk.passes(hours=24)

    assert [("north/news" in letter.get_content(), "- east/news" in letter.get_content()) for _, letter in letterbox.letters] == [
        (True, False),
        (False, True),
    ]


def test_a_mail_that_failed_is_sent_again_under_the_same_id(desk, letterbox):
    desk.breaks()
    letterbox.answer = "451 try again"
    with capture_logs() as told:
        desk.passes(hours=20)
    assert [(line["event"], line["problem"].partition(" refuses ")[2]) for line in told if line["log_level"] == "error"] == [
        ("cannot tell the operator by mail", "the message: 451 try again")
    ]

    letterbox.answer = "250 taken"
    desk.passes(minutes=1)
    assert letterbox.letters == []
    desk.passes(minutes=15)
    desk.passes(minutes=15)

    assert len(letterbox.letters) == 1
    assert letterbox.letters[0][1]["Message-ID"].startswith("<digest-20260302T115900")


def test_quiet_days_bring_no_mail(desk, letterbox):
    for _ in range(5):
        desk.passes(days=1)

    assert letterbox.letters == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of apprise
def test_a_webhook_is_told_and_a_way_that_fails_does_not_stop_the_other(store, letterbox, hook):
    desk = Desk(store, letterbox.address, to=["desk@example.edu"], chat=[hook.address])
    desk.passes()
    desk.breaks()
    hook.status = 500

    with capture_logs() as told:
        desk.passes(hours=20)
    assert len(letterbox.letters) == 1
    problems = [line["problem"] for line in told if line["log_level"] == "error"]
    assert problems == ["notify.chat[0] (json://…) took no message"]

    hook.status = 200
    hook.told.clear()
    desk.passes(minutes=15)
    desk.passes(minutes=15)

    assert [(each["title"], "- north/news" in each["message"]) for each in hook.told] == [("University news: 1 broke", True)]
    assert len(letterbox.letters) == 1


def test_somebody_is_called_once_where_nothing_works_for_a_quarter_of_an_hour(desk, letterbox):
    desk.health |= {"online": False}
    for _ in range(14):
        desk.passes(minutes=1)
    assert letterbox.letters == []

    for _ in range(60):
        desk.passes(minutes=1)
        desk.restarted() if desk.now.minute == 30 else None

    ((_, letter),) = letterbox.letters
    assert letter["Subject"] == "University news: nothing works any more"
    assert "no source can be reached" in letter.get_content()


def test_what_is_over_soon_calls_nobody(desk, letterbox):
    for problem in (False, True, False):
        desk.health |= {"ok": problem, "problem": "the disk is full"}
        desk.passes(minutes=10)

    assert letterbox.letters == []


def test_a_database_that_is_away_calls_somebody(desk, letterbox, monkeypatch):
    def broken(*_, **__):
        raise StoreError("the database is locked")

    for name in ("mark", "keep_mark", "events", "states"):
        monkeypatch.setattr(desk.store, name, broken)
    desk.telling._health = broken

    for _ in range(40):
        desk.passes(minutes=1)

    ((_, letter),) = letterbox.letters
    assert "the database is locked" in letter.get_content()


def test_recipients_that_are_refused_are_named(letterbox):
    letterbox.refuses["gone@example.edu"] = "550 no such user"
    settings = MailFile(server=letterbox.address, sender="wire@news.example.edu")
    letter = mail.written(settings, ["desk@example.edu", "gone@example.edu"], "Hello", "x", id="1", at=NOON)

    with pytest.raises(MessageError, match=r"refuses gone@example.edu \(550 no such user\)"):
        mail.send(letter, settings)

    assert len(letterbox.letters) == 1


def test_a_server_that_is_not_there_is_told_without_the_password():
    settings = MailFile(server="smtp://me:secret@127.0.0.1:1", sender="wire@news.example.edu")

    with pytest.raises(MessageError) as caught:
        mail.send(mail.written(settings, "desk@example.edu", "Hello", "x", id="1", at=NOON), settings)

    assert "127.0.0.1:1 cannot be asked" in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_name_and_a_password_are_given_to_a_server_of_this_machine():
    box, seen = Letterbox(), []

    def check(server, session, envelope, mechanism, data):
        seen.append(data)
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"p:@ss", handled=False)

    server = Controller(box, hostname="127.0.0.1", port=a_free_port(), authenticator=check, auth_required=True, auth_require_tls=False)
    server.start()
    try:
        port = server.port
        good = MailFile(server=f"smtp://me:p%3A%40ss@127.0.0.1:{port}", sender="wire@news.example.edu")
        bad = MailFile(server=f"smtp://me:wrong@127.0.0.1:{port}", sender="wire@news.example.edu")
        letter = mail.written(good, "desk@example.edu", "Hello", "x", id="1", at=NOON)

        mail.send(letter, good)
        with pytest.raises(MessageError, match="refuses the name or password"):
            mail.send(letter, bad)
    finally:
        server.stop()

    assert len(box.letters) == 1


def test_a_password_is_not_sent_in_the_open_to_another_machine(letterbox, monkeypatch):
    monkeypatch.setattr(mail, "_here", lambda _: False)
    settings = MailFile(server=letterbox.address.replace("//", "//me:secret@"), sender="wire@news.example.edu")

    with pytest.raises(MessageError, match="offers no encryption"):
        mail.send(mail.written(settings, "desk@example.edu", "Hello", "x", id="1", at=NOON), settings)

    assert letterbox.letters == []


def test_starttls_is_insisted_on_where_it_was_asked_for(letterbox):
    settings = MailFile(server=letterbox.address.replace("smtp:", "smtp+starttls:"), sender="wire@news.example.edu")

    with pytest.raises(MessageError, match="STARTTLS"):
        mail.send(mail.written(settings, "desk@example.edu", "Hello", "x", id="1", at=NOON), settings)

    assert letterbox.letters == []


def test_headers_cannot_be_smuggled_into_a_subject():
    settings = MailFile(sender="wire@news.example.edu")

    letter = mail.written(settings, "desk@example.edu", "Hello\r\nBcc: everybody@example.edu", "x", id="1", at=NOON)

    assert letter["Subject"] == "Hello Bcc: everybody@example.edu"
    assert letter["Bcc"] is None
