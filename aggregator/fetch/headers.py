"""What response headers say, as values: how long an answer is fresh, when to come back, what to ask with next time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aggregator.model import Validators
from aggregator.text import urls

LONGEST_RETRY = timedelta(days=7)
"""No ``Retry-After`` keeps us away for longer."""

_LARGEST_DELTA = 2**31
"""Greater numbers of seconds count as this one (RFC 9111 §1.2.2)."""

_MOST_LINKS = 16_000
"""Characters of ``Link`` headers that are read."""

_SECONDS = re.compile(r"[0-9]+")
_LINK = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(r"""\s*;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]*)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"]*)))?""")
_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)(?:=(?:"([^"]*)"|([^\s,;"]*)))?')


def collect(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; a name that comes several times is joined by commas (RFC 9110 §5.2), cookies are left out: nobody keeps them."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key == "set-cookie":
            continue
        text = decode(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def decode(value: bytes) -> str:
    """A header's value: UTF-8 where it is that, else Latin-1, which always is (RFC 9110 §5.5 leaves it open)."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def validators(raw: Iterable[tuple[bytes, bytes]]) -> Validators:
    """The validators of a response, verbatim: no quote added, no date reformatted; the first where one comes twice.

    One that is not UTF-8 is left out, since it cannot be sent back byte for byte.
    """
    found: dict[bytes, str] = {}
    for name, value in raw:
        if (key := name.lower()) in (b"etag", b"last-modified") and key not in found and value:
            try:
                found[key] = value.decode()
            except UnicodeDecodeError:
                continue
    return Validators(found.get(b"etag"), found.get(b"last-modified"))


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """For how long the answer may be taken as still true (RFC 9111 §4.2); zero where it says it may not be; None where it says nothing.

    Not bounded but by the RFC's 2³¹ seconds. ``s-maxage`` is for shared caches, which we are not.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-store" in directives or "no-cache" in directives:
        return timedelta(0)
    if "max-age" in directives:
        lifetime = _delta(directives["max-age"]) or timedelta(0)
        return max(timedelta(0), lifetime - (_delta(headers.get("age", "")) or timedelta(0)))
    if "expires" in headers:
        expires = _date(headers["expires"])
        return max(timedelta(0), expires - _origin_now(headers, now)) if expires else timedelta(0)
    return None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server wants to be left alone (RFC 9110 §10.2.3), at most ``LONGEST_RETRY``; None where it does not say, or says it in no known form."""
    value = headers.get("retry-after", "").strip()
    delta = _delta(value.partition(",")[0])  # the first where a proxy has added one of its own
    if delta is None and (date := _date(value)):
        delta = date - _origin_now(headers, now)
    return min(max(timedelta(0), delta), LONGEST_RETRY) if delta is not None else None


def links(value: str, base: str) -> dict[str, str]:
    """The first address for each relation of a ``Link`` header, absolute (RFC 8288 §3); those that speak of something else than ``base`` are left out.

    What cannot be read ends the list: from there on nobody knows what belongs to what.
    """
    found: dict[str, str] = {}
    value = value[:_MOST_LINKS]
    place = 0
    while match := _LINK.match(value, place):
        parameters: dict[str, str] = {}
        target, place = match[1], match.end()
        while match := _PARAMETER.match(value, place):
            parameters.setdefault(match[1].lower(), match[2] or match[3] or "")
            place = match.end()
        address = None if "anchor" in parameters else urls.absolute(base, target)
        if address is not None:
            for relation in parameters.get("rel", "").lower().split():
                found.setdefault(relation, address)
    return found


def _directives(value: str) -> dict[str, str]:
    """The first value of each directive, names in lower case."""
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(value):
        found.setdefault(match[1].lower(), match[2] or match[3] or "")
    return found


def _delta(value: str) -> timedelta | None:
    value = value.strip()
    if not _SECONDS.fullmatch(value):
        return None
    return timedelta(seconds=min(int(value[:20]), _LARGEST_DELTA))


def _origin_now(headers: Mapping[str, str], now: datetime) -> datetime:
    """The time on the server's clock, so that two clocks that differ do not matter."""
    return _date(headers.get("date", "")) or now


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
