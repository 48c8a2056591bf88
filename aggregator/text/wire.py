"""How values are written so that every reader takes them: characters, moments, addresses, media types."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit, urlunsplit

from lxml import etree
from lxml.etree import _ProcessingInstruction

_UNWELCOME = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff]")
_UNRESERVED = re.compile(r"[^A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#]")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")


def clean(text: str) -> str:
    """Without what XML 1.0 §2.2 forbids and what the W3C feed validator calls bad characters.

    That is: control characters (C1 too), lone surrogates, noncharacters of the basic plane, byte order marks, and U+FFFD, the scar of a wrong decoding.
    """
    return _UNWELCOME.sub("", text)


def rfc822(moment: datetime) -> str:
    """As RSS and OPML want it: RFC 822 with a four-digit year, in the offset that the moment carries.

    Offsets of a quarter of an hour (Nepal, Chatham) are told in UTC: the W3C feed validator doubts them.
    """
    return format_datetime(_in_steps_of(timedelta(minutes=30), moment))


def rfc3339(moment: datetime) -> str:
    """As Atom and JSON Feed want it, to the second, in the offset that the moment carries; UTC is ``Z``."""
    return _in_steps_of(timedelta(minutes=1), moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def _in_steps_of(step: timedelta, moment: datetime) -> datetime:
    """Neither notation can express the local mean times of before the time zones (+08:05:43)."""
    offset = moment.utcoffset()
    return moment if offset is not None and not offset % step else moment.astimezone(UTC)


def uri(address: str) -> str:
    """The address in the characters of RFC 3986 alone: host in Punycode, everything else percent-encoded. What is in order stays as it is."""
    if not _UNRESERVED.search(address):
        return address
    try:
        parts = urlsplit(clean(address))
    except ValueError:
        return _encoded(clean(address))
    return urlunsplit(
        parts._replace(
            netloc=_host(parts.netloc), path=_encoded(parts.path), query=_encoded(parts.query), fragment=_encoded(parts.fragment)
        )
    )


def _host(netloc: str) -> str:
    if netloc.isascii():
        return netloc
    try:
        return netloc.encode("idna").decode("ascii")
    except UnicodeError:
        return _encoded(netloc)


def _encoded(text: str) -> str:
    return _UNRESERVED.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def media_type(text: str | None) -> str | None:
    """``type/subtype`` in lower case without parameters (RFC 6838 §4.2), or None where it is no such thing."""
    name = (text or "").partition(";")[0].strip()
    return name.lower() if _MEDIA_TYPE.fullmatch(name) else None


def styled(address: str) -> _ProcessingInstruction:
    """``<?xml-stylesheet?>``: a browser that opens the XML shows it with this CSS. Nobody else minds."""
    return etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{uri(address).replace("&", "&amp;")}"')
