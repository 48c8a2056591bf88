"""Nouns as rows of the tables, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple
from datetime import datetime, timedelta
from hashlib import blake2b
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Row

from aggregator.model import (
    Article,
    Enclosure,
    Form,
    Hints,
    LeftOut,
    Mention,
    Missed,
    Profile,
    Proposal,
    Source,
    SourceState,
    Span,
    Subscriber,
    Suspicion,
    University,
    Validators,
)
from aggregator.store.tables import sources
from aggregator.text import search, urls

_NO_HINTS = Hints()


def configured(source: Source) -> dict[str, Any]:
    named = {"university": source.university, "title": source.title}
    return {"url": source.url, "host": urls.host(source.url), "digest": digest(source), **named}


def named(university: University) -> dict[str, Any]:
    return {"id": university.id, "name": university.name, "names": dict(university.names), "country": university.country}


_UNREAD = frozenset(("title", "university", "every", "ignore_robots", "topic", "verified"))


_ASIDE = frozenset(("keep", "country", "paused"))
"""Newer than the digests that databases hold, and nothing to reading."""


_READ = tuple(name for name in Source.__slots__ if name not in _UNREAD | _ASIDE)
_NOT_SAID = dict.fromkeys(_UNREAD)
_read = attrgetter(*_READ)
_JSON = json.JSONEncoder(sort_keys=True, default=str)


def digest(source: Source) -> str:
    """Of what decides how a source is read."""
    said: dict[str, Any] = {**_NOT_SAID, **dict(zip(_READ, _read(source), strict=True))}
    said["selectors"] = asdict(source.selectors) if source.selectors else None
    return blake2b(_JSON.encode(said).encode(), digest_size=16).hexdigest()


_columns = itemgetter(
    *(
        list(sources.c.keys()).index(name)
        for name in (
            *("id", "url", "active", "gone", "next_poll", "last_poll", "last_success", "last_change", "failures", "problem", "remedy"),
            *("etag", "last_modified", "body_hash", "older", "moved", "moving", "agreed", "hints", "activity", "reader", "articles"),
            *("lease_owner", "profile", "missed"),
        )
    )
)
"""By their places: to look up the name of each would take as long as all else."""


def state(row: Row[Any]) -> SourceState:
    """``row``: all columns of ``sources``."""
    # fmt: off
    (id, url, active, gone, next_poll, last_poll, last_success, last_change, failures, problem, remedy,
     etag, last_modified, body_hash, older, moved, moving, agreed, hints, activity, reader, articles,
     owner, profile, missed) = _columns(row)
    # fmt: on
    return SourceState(
        source=id,
        url=url,
        active=active,
        gone=gone,
        paused=active and next_poll is None and not gone,
        next_poll=next_poll,
        last_poll=last_poll,
        last_success=last_success,
        last_change=last_change,
        failures=failures,
        problem=problem,
        remedy=remedy,
        validators=Validators(etag, last_modified),
        body_hash=body_hash,
        older=older,
        moved=moved,
        moving=moving,
        agreed=agreed,
        hints=_hints(hints),
        activity=None if activity is None else tuple(activity),
        reader=reader,
        articles=articles,
        owner=owner,
        profile=_profile(profile),
        missed=tuple(Missed(article, url, tries, _moment(due)) for article, url, tries, due in missed or ()),
    )


def _profile(said: Mapping[str, Any] | None) -> Profile | None:
    if said is None:
        return None
    doubted = said["suspicion"]
    kept = {
        **said,
        "form": _form(said["form"]),
        "gaps": tuple(said["gaps"]),
        "heard": _moment(said["heard"]),
        "silent": _moment(said["silent"]),
        "suspicion": doubted and _suspicion(doubted),
        "rejected": tuple(said.get("rejected", ())),
        "sought": _moment(said["sought"]),
        "mended": _moment(said["mended"]),
        "left_out": _left_out(said),
    }
    return Profile(**kept)


def _form(said: Mapping[str, Any]) -> Form:
    newest, shapes, lists = said["newest"], said.get("shapes", ()), said.get("lists", ())
    kept = {**said, "newest": _moment(newest), "shapes": tuple(shapes), "lists": tuple(lists)}
    kept.pop("beside", None)
    return Form(**kept)


def _left_out(said: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Of profiles that were kept before anybody was shown them, the places are known (``beside``)."""
    if "left_out" not in said:
        return tuple(map(LeftOut, said["form"].get("beside", ())))
    return tuple(LeftOut(**{**each, "shapes": tuple(each["shapes"]), "titles": tuple(each["titles"])}) for each in said["left_out"])


def _suspicion(said: Mapping[str, Any]) -> Suspicion:
    nearest = said["proposal"]
    proposal = nearest and _proposal(nearest)
    lists = {name: tuple(said[name]) for name in ("reasons", "rejected")}
    return Suspicion(**{**said, **lists, "since": datetime.fromisoformat(said["since"]), "proposal": proposal})


def _proposal(said: Mapping[str, Any]) -> Proposal:
    nested = {"form": _form(said["form"]), "titles": tuple(said["titles"]), "left_out": _left_out(said)}
    return Proposal(**{**said, **nested})


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


def _kept(profile: Profile | None) -> Any:
    """As JSON keeps it."""
    return None if profile is None else _plain(asdict(profile))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _hints(said: Mapping[str, Any] | None) -> Hints:
    if said is None:
        return _NO_HINTS
    ttl = said["ttl"]
    return Hints(
        ttl=None if ttl is None else timedelta(seconds=ttl),
        skip_hours=frozenset(said["skip_hours"]),
        skip_days=frozenset(said["skip_days"]),
        hub=said["hub"],
        topic=said["topic"],
    )


def _said(hints: Hints) -> dict[str, Any] | None:
    if hints == _NO_HINTS:
        return None
    return {
        "ttl": None if hints.ttl is None else hints.ttl.total_seconds(),
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
        "hub": hints.hub,
        "topic": hints.topic,
    }


def _owed(missed: tuple[Missed, ...]) -> Any:
    return _plain([list(astuple(each)) for each in missed]) or None


_POLLED: Mapping[str, tuple[str, Callable[[Any], Any] | None]] = {
    **{name: (name, None) for name in ("gone", "next_poll", "last_poll", "last_success", "last_change", "failures", "problem", "remedy")},
    **{name: (f"validators.{name}", None) for name in ("etag", "last_modified")},
    **{name: (name, None) for name in ("body_hash", "older", "moved", "moving", "agreed", "reader")},
    "hints": ("hints", _said),
    "activity": ("activity", lambda activity: None if activity is None else list(activity)),
    "profile": ("profile", _kept),
    "missed": ("missed", _owed),
}
"""What a poll may change of a source's row: of each column where it stands in the state, and how the database keeps it."""

_polled = attrgetter(*(attribute for attribute, _ in _POLLED.values()))


def values(state: SourceState) -> dict[str, Any]:
    """What a poll may change of a source's row."""
    return {name: kept(value) if kept else value for (name, (_, kept)), value in zip(_POLLED.items(), _polled(state), strict=True)}


def changed(before: SourceState, after: SourceState) -> dict[str, Any]:
    """The same, where it is different: of most polls three moments."""
    both = zip(_POLLED.items(), _polled(before), _polled(after), strict=True)
    return {name: kept(value) if kept else value for (name, (_, kept)), held, value in both if value is not held and value != held}


_SAME = (
    "id",
    "source",
    "university",
    "title",
    "url",
    "published",
    "updated",
    "precision",
    "first_seen",
    "placed",
    "language",
    "topic",
    "summary",
    "content",
    "text",
    "image",
)


def columns(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _SAME} | {
        "at": article.at,
        "authors": list(article.authors),
        "categories": list(article.categories),
        "enclosures": [[file.url, file.type, file.length, file.title] for file in article.enclosures],
        "provenance": dict(article.provenance),
        "mentions": None if article.mentions is None else [_mention(each) for each in article.mentions],
        "named": article.mentions is not None,
    }


def _mention(each: Mention) -> list[Any]:
    spans = [[span.start, span.end, span.text, span.field] for span in each.spans]
    return [each.name, each.university, each.ror, spans, each.about, each.country]


def tags(found: Iterable[Mention]) -> dict[str, bool]:
    """What an article that names these is found by → whether it is about it."""
    said: dict[str, bool] = {}
    for each in found:
        keys = [f"name:{search.fold(each.name)}"]
        keys += [f"id:{each.university}"] if each.university else []
        keys += [f"ror:{each.ror.rsplit('/', 1)[-1]}"] if each.ror else []
        keys += [f"country:{each.country}"] if each.country else []
        for key in keys:
            said[key] = said.get(key, False) or each.about
    return said


def article(row: Row[Any]) -> Article:
    return Article(
        **{name: getattr(row, name) for name in _SAME},
        authors=tuple(row.authors),
        categories=tuple(row.categories),
        enclosures=tuple(Enclosure(*file) for file in row.enclosures),
        mentions=None if row.mentions is None else tuple(map(_mentioned, row.mentions)),
        provenance=row.provenance,
        story=row.story,
        copy_of=row.copy_of,
    )


def subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(**{name: value for name, value in row._asdict().items() if name != "key"})


def key(subscriber: Subscriber) -> str:
    return blake2b(f"{subscriber.callback}\n{subscriber.topic}".encode(), digest_size=32).hexdigest()


def _mentioned(said: list[Any]) -> Mention:
    name, university, ror, spans, about, country = said
    return Mention(name, university, ror, tuple(Span(*span) for span in spans), about, country)


SEARCHED = ("number", "title", "text", "summary", "authors", "categories")


def searched(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("number", "title", "authors", "categories")} | {"body": row["text"] or row["summary"]}
