"""What the page of the sources says of the daemon: what is true, in the language of who asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.config import Settings, defaults
from aggregator.config.schema import NewsletterFile, NotifyFile, PublishFile
from aggregator.serve.facts import facts
from aggregator.serve.speech import SPEECHES

HEALTH = {
    "ok": True,
    "problem": None,
    "last_tick": "2026-03-02T12:00:00+00:00",
    "revision": 1200,
    "speaks": True,
    "configuration": "in force",
}
LETTER = NewsletterFile(name="week", to=["reader@example.edu"], where="ice")


def told(settings: Settings, language: str = "en", **health: Any) -> dict[str, str]:
    return dict(facts(HEALTH | health, settings, SPEECHES[language]))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return defaults(tmp_path)


def test_the_daemon_is_told_from_the_sources(settings: Settings) -> None:
    said = told(settings)

    assert (said["The daemon works"], said["Revision of the content"], said["Configuration"]) == ("yes", "1,200", "in force")
    assert said["Last look at what is due"] == "2 Mar 2026 12:00 UTC"
    assert "Problem" not in said
    assert told(settings, problem="the disk is full")["Problem"] == "the disk is full"


def test_a_wire_without_mail_and_hub_says_that_there_are_none(settings: Settings) -> None:
    off = replace(settings, publish=PublishFile(hub=False))

    assert told(settings)["Mail and hubs"] == "no mail configured; no hub, because site.url is not set"
    assert told(off)["Mail and hubs"] == "no mail configured; no hub configured"


def test_whom_the_daemon_tells_follows_from_what_is_configured(settings: Settings) -> None:
    notify = NotifyFile.model_construct(to=["desk@example.edu"], chat=["json://hook"])
    busy = replace(settings, notify=notify, newsletters=(LETTER, LETTER), hub=f"{settings.site.url}/hub")
    other = replace(settings, newsletters=(LETTER,), hub="https://hub.example.org/")

    assert told(busy)["Mail and hubs"] == "digest by mail; digest by chat; 2 newsletters; its own hub"
    assert told(other)["Mail and hubs"] == "1 newsletter; https://hub.example.org/"


def test_one_daemon_of_several_tells_people(settings: Settings) -> None:
    assert told(settings, speaks=False)["Mail and hubs"] == "left to another daemon"


def test_newsletters_are_counted_as_russian_counts(settings: Settings) -> None:
    many = replace(settings, newsletters=(LETTER,) * 2)

    assert told(many, "ru")["Почта и хабы"].startswith("2 рассылки; ")
    assert told(many, "zh")["邮件与中枢"].startswith("2 份邮件通讯；")
