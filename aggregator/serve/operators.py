"""What operators and their machines ask: how the sources and the daemon do, and what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aggregator.errors import StoreError
from aggregator.model import FeedDocument, SourceState
from aggregator.serve.asked import Asked
from aggregator.serve.facts import facts, wrong
from aggregator.serve.frame import Frame
from aggregator.serve.happenings import MOST, as_article
from aggregator.serve.pages import View
from aggregator.serve.press import Press
from aggregator.serve.resource import Resource


def status(press: Press, asked: Asked) -> Resource:
    return press.page(_table(press, asked, press.shelf.states(), press.frame(asked, asked.speech.say("Status")), "status", {}), kind="live")


def desk(press: Press, asked: Asked, name: str, values: Mapping[str, Any]) -> bytes:
    """A page for who may change things; ``name``: of its template."""
    frame = press.frame(asked, asked.speech.say("Desk"))
    remark = asked.speech.say(values["remark"]) if values.get("remark") else ""
    if name == "desk":
        shown = _table(press, asked, values["states"], frame, name, {"proof": values["proof"], "remark": remark})
    else:
        shown = press.pages.show(name, frame, **values)
    return shown.encode(errors="replace")


def _table(press: Press, asked: Asked, states: Sequence[SourceState], frame: Frame, name: str, values: Mapping[str, Any]) -> str:
    pushes = {each.source: each for each in press.shelf.subscriptions()}
    desk = "" if press.still or press.settings.desk.token is None else "/desk/"
    health = press.health()
    view = View(f"/{name}", name, asked.sort, asked.state, asked.find, desk, {"wrong": wrong(health), **values})
    told = tuple(facts(health, press.settings, asked.speech))
    return press.pages.status(frame, states, pushes, told, view)


def healthz(press: Press, _asked: Asked) -> Resource:
    told: dict[str, object] = {"ok": True}
    try:
        told |= {"revision": press.shelf.revision()} | dict(press.health())
    except StoreError as error:
        told |= {"ok": False, "problem": error.message, "remedy": error.remedy}
    body = json.dumps(told, default=str, ensure_ascii=False).encode(errors="replace")
    return Resource(body, "application/json", "live", 200 if told["ok"] else 503)


def events(press: Press, asked: Asked) -> Resource:
    """What broke, mended itself, moved: for an operator who lives in a reader, and as a page."""
    happened = press.shelf.events(limit=MOST)
    shown = asked.view or asked.extension is None
    speech = asked.speech if shown else press.own
    document = FeedDocument(
        title=speech.say("%(site)s: what happens", site=press.settings.site.title),
        address=press.absolute("/events"),
        home=press.absolute("/status"),
        description="What happened to the sources and to the daemon",
        articles=tuple(as_article(event, press.settings.site.url) for event in happened),
        sources=press.settings.sources,
    )
    made = press.view(asked, document, asked.extension or "rss", happened) if shown else press.feed(asked, document)
    return replace(made, kind="live")


def readyz(press: Press, _asked: Asked) -> Resource:
    """Whether questions may be sent here: the database answers, the daemon has begun and is not ending. A daemon that cannot poll still serves."""
    try:
        press.shelf.revision()
    except StoreError as error:
        return Resource(f"not ready: {error.message}\n".encode(errors="replace"), "text/plain; charset=utf-8", "live", 503)
    ready = bool(press.health().get("ready", True))
    return Resource(b"ready\n" if ready else b"not ready: starting or ending\n", "text/plain; charset=utf-8", "live", 200 if ready else 503)


def metrics(press: Press, _asked: Asked) -> Resource | None:
    return Resource(press.metrics(), "text/plain; version=0.0.4; charset=utf-8", "live") if press.metrics else None
