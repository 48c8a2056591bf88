"""What a request asks of a representation that we hold: whether it has changed (RFC 9110 §13), in which coding and language (§12.5), and for whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_COMPARED = re.compile(r'(W/)?("[^"]*")')


def unchanged(headers: Mapping[str, str], *, etag: str, modified: datetime | None) -> bool:
    """Whether 304 is the right answer to a GET or HEAD.

    ``If-None-Match`` decides alone where it is given (§13.1.2); it is compared weakly, since gateways that recode weaken the tags.
    ``modified`` is whole seconds; None: no promise can be kept by date.
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in _TAG.findall(tags)
    since = _moment(headers.get("if-modified-since"))
    return since is not None and modified is not None and modified <= since


def failed(headers: Mapping[str, str], *, etag: str, modified: datetime | None) -> bool:
    """Whether 412 is the right answer: who asks wants nothing but what they know (§13.1.1, §13.1.4)."""
    tags = headers.get("if-match")
    if tags is not None:
        return tags.strip() != "*" and etag not in (tag for weak, tag in _COMPARED.findall(tags) if not weak)
    since = _moment(headers.get("if-unmodified-since"))
    return since is not None and modified is not None and modified > since


def http_date(moment: datetime) -> str:
    """§5.6.7, in its preferred form."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _moment(text: str | None) -> datetime | None:
    """An invalid date is ignored (§13.1.3)."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=100)  # each reader says the same at every request
def preferred(accept_encoding: str | None, codings: tuple[str, ...]) -> str | None:
    """Which of ``codings``, the best first, is to be sent: the one that weighs most of those that are named or covered by ``*``.
    None: none of them is acceptable. Without the header nobody asked for any.
    """
    if not accept_encoding:
        return None
    weights = dict(map(_weight, accept_encoding.lower().split(",")))
    weights.setdefault("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    weighed = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in codings}
    best = max(weighed, key=weighed.__getitem__, default=None)
    return best if best and weighed[best] > 0 else None


def _weight(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    try:
        return coding.strip(), float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return coding.strip(), 0.0


def language(accept_language: str | None, offered: Collection[str], default: str) -> str:
    """The language of ``offered`` that the client likes best (§12.5.4); ``zh-TW`` asks for ``zh``, and ``*`` for the default."""
    ranked = sorted(map(_weight, (accept_language or "").lower().split(",")), key=lambda asked: -asked[1])
    for tag, weight in ranked:
        primary = tag.partition("-")[0]
        if weight > 0 and (primary in offered or primary == "*"):
            return primary if primary in offered else default
    return default


def navigates(headers: Mapping[str, str]) -> bool:
    """Whether a browser is about to show the answer to a person. Programs that read feeds never say so, whatever they claim to accept
    (Fetch Metadata, ``Sec-Fetch-Dest``).
    """
    return headers.get("sec-fetch-dest") == "document" and "text/html" in headers.get("accept", "")
