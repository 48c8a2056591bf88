"""Newsletters: sent when they are due, once, by a real mail server; and readers can leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from letterbox import opened
from structlog.testing import capture_logs

from aggregator.config import MailFile, NewsletterFile, PublicSite, defaults
from aggregator.model import Changes, Known, Source, SourceState
from aggregator.run.letters import Leaving, Letters
from aggregator.store import Store

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
NORTH = Source("north/news", "https://north.example.edu/", title="North University")


@pytest.fixture
def letterbox():
    with opened() as box:
        yield box


class Office:
    def __init__(self, store, letterbox, an_article, **newsletter) -> None:
        self.store, self.now, self.an_article, self.count = store, MONDAY, an_article, 0
        self.settings = replace(
            defaults(Path("config")),
            site=PublicSite("The wire", "https://wire.example.edu"),
            mail=MailFile(server=letterbox.address, sender="wire@example.edu"),
            newsletters=(NewsletterFile(**{"name": "ice", "to": ["a@example.edu"], "where": "ice"} | newsletter),),
            sources={NORTH.id: NORTH},
        )
        self.most = 1000
        self.letters = Letters(store, lambda: self.settings, clock=lambda: self.now, go_on=lambda: len(letterbox.letters) < self.most)
        self.leaving = Leaving(store, lambda: self.settings, clock=lambda: self.now)
        self.letters.look()

    def passes(self, **time) -> None:
        self.now += timedelta(**time)
        self.letters.look()

    def publishes(self, *titles, **fields) -> None:
        self.count += 1
        articles = [
            self.an_article(number, id=str(uuid5(NAMESPACE_URL, title)), title=title, text=title, content=title,
                            **{"first_seen": self.now, "published": self.now - timedelta(hours=1)} | fields)
            for number, title in enumerate(titles)
        ]  # fmt: skip
        keys = {uuid5(NAMESPACE_URL, article.id).bytes: Known(article.id, b"f" * 16) for article in articles}
        self.store.apply(Changes(SourceState(NORTH.id, NORTH.url, next_poll=self.now), tuple(articles), (), keys))


@pytest.fixture
def office(tmp_path, letterbox, an_article):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([NORTH], now=MONDAY)
        yield lambda **newsletter: Office(store, letterbox, an_article, **newsletter)


def subjects(letterbox) -> list[str]:
    return [letter["Subject"] for _, letter in letterbox.letters]


def test_what_answers_the_question_is_sent_once_a_day_in_both_forms(office, letterbox):
    desk = office()
    desk.publishes("Robots on ice", "A walk on ice", "Nothing of the kind")

    for _ in range(50):
        desk.passes(hours=1)

    assert subjects(letterbox) == ["ice: 2 articles"]
    ((to, letter),) = letterbox.letters
    assert to == ["a@example.edu"]
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert "Robots on ice" in letter.get_body(("plain",)).get_content()
    assert "Nothing of the kind" not in letter.get_body(("html",)).get_content()


def test_a_weekly_one_comes_on_its_day(office, letterbox):
    desk = office(every="weekly", day="friday", at="09:00")
    arrived = []
    for number in range(16):
        desk.publishes(f"Ice, day {number}")
        desk.passes(days=1)
        arrived.append(len(letterbox.letters))

    assert [day for day in range(1, 16) if arrived[day] > arrived[day - 1]] == [3, 10]
    assert subjects(letterbox) == ["ice: 4 articles", "ice: 7 articles"]


def test_old_articles_of_a_new_source_are_no_news(office, letterbox):
    desk = office()
    desk.publishes("Ice of long ago", published=MONDAY - timedelta(days=400))
    desk.passes(days=1)

    assert letterbox.letters == []


def test_every_reader_gets_a_letter_of_their_own_and_can_leave_it(office, letterbox):
    desk = office(to=["a@example.edu", "B@example.edu"], title="All about ice")
    desk.publishes("Robots on ice")
    desk.passes(days=1)
    addresses = {to[0]: letter["List-Unsubscribe"].strip("<>") for to, letter in letterbox.letters}
    token = addresses["B@example.edu"].removeprefix("https://wire.example.edu/unsubscribe/")

    assert len(set(addresses.values())) == 2
    assert desk.leaving.title(token) == "All about ice"
    assert desk.leaving.leave(token)
    desk.publishes("More ice")
    desk.passes(days=1)

    assert [to for to, _ in letterbox.letters[2:]] == [["a@example.edu"]]
    assert all(letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for _, letter in letterbox.letters)


def test_a_token_of_somebody_elses_making_leaves_nothing(office):
    desk = office()

    assert desk.leaving.title("bm8gdG9rZW4") is None
    assert not desk.leaving.leave("bm8gdG9rZW4")
    assert desk.store.left("ice") == frozenset()


def test_a_letter_that_failed_is_tried_again_later_and_not_at_once(office, letterbox):
    desk = office()
    desk.publishes("Robots on ice")
    letterbox.answer = "451 later"
    with capture_logs() as told:
        desk.passes(days=1)
        desk.passes(minutes=1)
    assert [line["event"] for line in told if line["log_level"] == "error"] == ["a newsletter was not sent"]

    letterbox.answer = "250 taken"
    desk.passes(minutes=30)
    desk.passes(minutes=30)

    assert subjects(letterbox) == ["ice: 1 article"]


def test_a_reader_whose_mailbox_is_gone_does_not_keep_the_others_waiting(office, letterbox):
    letterbox.refuses["gone@example.edu"] = "550 5.1.1 no such user"
    desk = office(to=["gone@example.edu", "a@example.edu", "b@example.edu"])
    desk.publishes("Robots on ice")

    with capture_logs() as told:
        desk.passes(days=1)
        desk.passes(minutes=1)

    assert [to for to, _ in letterbox.letters] == [["a@example.edu"], ["b@example.edu"]]
    assert [line["reader"] for line in told if line["log_level"] == "error"] == ["gone@example.edu"]


def test_who_ends_between_two_letters_sends_the_rest_the_next_time_and_none_twice(office, letterbox):
    desk = office(to=["a@example.edu", "b@example.edu", "c@example.edu"])
    desk.publishes("Robots on ice")
    desk.most = 1

    desk.passes(days=1)
    assert [to for to, _ in letterbox.letters] == [["a@example.edu"]]

    desk.most = 1000
    desk.passes(minutes=1)
    desk.passes(minutes=1)

    assert [to for to, _ in letterbox.letters] == [["a@example.edu"], ["b@example.edu"], ["c@example.edu"]]


def test_a_reader_whose_mailbox_stays_gone_is_given_up_and_the_operator_is_told_without_the_address(office, letterbox):
    letterbox.refuses["gone@example.edu"] = "550 5.1.1 <gone@example.edu>: Recipient address rejected"
    desk = office(to=["gone@example.edu", "a@example.edu"])
    tries = []
    with capture_logs() as told:
        for day in range(10):
            desk.publishes(f"Ice, day {day}")
            desk.passes(days=1)
            for _ in range(3):
                desk.passes(hours=1)
            tries.append(sum(line.get("reader") == "gone@example.edu" for line in told))

    assert tries == [1, 2, 3, 3, 3, 3, 3, 3, 3, 3]
    assert len(letterbox.letters) == 10
    [event] = desk.store.events(limit=10)
    assert event.kind == "refused"
    assert "550 5.1.1" in event.text
    assert "gone@" not in event.text + event.remedy

    letterbox.refuses.clear()
    with_them = desk.settings
    desk.settings = replace(with_them, newsletters=(with_them.newsletters[0].model_copy(update={"to": ["a@example.edu"]}),))
    desk.passes(days=1)
    desk.settings = with_them
    desk.publishes("Ice again")
    desk.passes(days=1)

    assert [to for to, _ in letterbox.letters[-2:]] == [["gone@example.edu"], ["a@example.edu"]]


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.7.1 blocked: see our policy",
        "451 4.7.1 greylisted",
        "552 5.2.2 mailbox full",
        "550 relay not permitted",
        "553 not in our list (#5.7.1)",
    ],
)
def test_what_is_not_the_mailboxs_fault_is_tried_again_but_seldomer_and_seldomer(office, letterbox, answer):
    letterbox.refuses["a@example.edu"] = answer
    desk = office()
    desk.publishes("Robots on ice")
    desk.passes(days=1)
    with capture_logs() as told:
        for _ in range(7 * 24 * 2):
            desk.passes(minutes=30)

    assert 10 < sum(line["event"] == "a newsletter was not sent" for line in told) < 25
    assert desk.store.events(limit=10) == ()
    letterbox.refuses.clear()
    desk.passes(hours=12)
    assert subjects(letterbox) == ["ice: 1 article"]


def test_a_mailbox_that_comes_back_in_time_is_not_counted_against_its_reader(office, letterbox):
    desk = office()
    for day in range(8):
        letterbox.refuses = {"a@example.edu": "550 5.1.1 no such user"} if day % 2 else {}
        desk.publishes(f"Ice, day {day}")
        desk.passes(days=1)

    assert len(letterbox.letters) == 4
    assert desk.store.events(limit=10) == ()


def test_the_key_that_signs_survives_a_restart(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/other.db") as store:
        first = store.secret("newsletters")
    with Store.open(f"sqlite:///{tmp_path}/other.db") as store:
        assert store.secret("newsletters") == first
        assert store.secret("another") != first
    assert len(first) == 32
