"""The health report of the daemon in words, for who operates it. Pure. The sources are no part of it: how each does stands in the table below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from aggregator.config import Settings
from aggregator.serve.speech import Speech, noted

_FACTS = {
    "ok": noted("The daemon works"),
    "ready": noted("Ready"),
    "problem": noted("Problem"),
    "last_tick": noted("Last look at what is due"),
    "revision": noted("Revision of the content"),
    "online": noted("Sources can be reached"),
    "speaks": noted("Mail and hubs"),
    "configuration": noted("Configuration"),
    "in force": noted("in force"),
}
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$")


def facts(health: Mapping[str, object], settings: Settings, speech: Speech) -> Iterator[tuple[str, str]]:
    """What is known and how it is. ``health``: as the daemon reports it."""
    for name, value in health.items():
        if (name == "problem" and value is None) or (name == "configuration" and wrong(health) is not None):
            continue
        subject = speech.say(_FACTS[name]) if name in _FACTS else name.replace("_", " ")
        yield subject, _told(value, speech) if name != "speaks" else _speaking(settings, speech, ours=bool(value))


def wrong(health: Mapping[str, object]) -> str | None:
    """What is wrong in the configuration, while an older one runs."""
    said = health.get("configuration", "in force")
    return None if said == "in force" else str(said)


def _speaking(settings: Settings, speech: Speech, *, ours: bool) -> str:
    """Whom this daemon tells of news and of trouble. ``ours``: whether it does, of those on this database."""
    if not ours:
        return speech.say("left to another daemon")
    return speech.say("; ").join((*_mail(settings, speech), _hub(settings, speech)))


def _mail(settings: Settings, speech: Speech) -> Iterator[str]:
    if not (settings.notify.to or settings.notify.chat or settings.newsletters):
        yield speech.say("no mail configured")
    if settings.notify.to:
        yield speech.say("digest by mail")
    if settings.notify.chat:
        yield speech.say("digest by chat")
    if settings.newsletters:
        count = len(settings.newsletters)
        yield speech.words.ngettext("%(num)s newsletter", "%(num)s newsletters", count) % {"num": count}


def _hub(settings: Settings, speech: Speech) -> str:
    if settings.hub is not None:
        return speech.say("its own hub") if settings.has_own_hub else settings.hub
    return speech.say("no hub configured") if settings.publish.hub is False else speech.say("no hub, because site.url is not set")


def _told(value: object, speech: Speech) -> str:
    if isinstance(value, bool):
        return speech.say("yes") if value else speech.say("no")
    if value is None:
        return "–"
    if isinstance(value, str) and _ISO.match(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return speech.moment(value)
    return speech.number(value) if isinstance(value, int) else speech.say(_FACTS[value]) if value in _FACTS else str(value)
