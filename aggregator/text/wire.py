"""How values are written so that every reader takes them: characters, moments, addresses, media types."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html.entities import name2codepoint
from urllib.parse import urlsplit, urlunsplit

_UNWELCOME = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff]")
_UNRESERVED = re.compile(r"[^A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#]")
_LANGUAGE = re.compile("([A-Za-z]{2,3})(?:-[A-Za-z0-9]{1,8})*")
_LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd "
    "gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh "
    "mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su "
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
    "ast ceb chr ckb csb dsb fil fur gsw haw hil hsb ilo kab kok mai mni nap nds nso pap scn sco smn sms syr tet tpi udm war".split()
)
"""ISO 639-1, and those of 639-2 that are written on the web."""
_REFERENCE = re.compile(r"&(?=(#?\w+))")
_END_TAG = re.compile("</[A-Za-z]")
_DOTTED = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::\d+)?(?:/|$)")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")


def clean(text: str) -> str:
    """Without what XML 1.0 §2.2 forbids and what the W3C feed validator calls bad characters.

    That is: control characters (C1 too), lone surrogates, noncharacters of the basic plane, byte order marks, and U+FFFD, the scar of a wrong decoding.
    """
    return _UNWELCOME.sub("", text)


def told(*texts: str | None) -> str:
    """The first of ``texts`` that says something once it is clean; empty where none does."""
    return next((cleaned for text in texts if text and (cleaned := clean(text)).strip()), "")


def is_like_markup(text: str) -> bool:
    """Whether a plain text may be taken for HTML by those who guess, such as the W3C feed validator: it holds an end tag, or what might be a reference."""
    return bool(_END_TAG.search(text)) or without_references(text) != text


def without_references(text: str) -> str:
    """With another ampersand in what might be a reference of HTML, so that nobody resolves it; "R&D" stays."""
    return _REFERENCE.sub(lambda found: "＆" if found[1] in name2codepoint or found[1] == "apos" or not found[1].isalpha() else "&", text)


def language(tag: str | None) -> str | None:
    """The tag, where it has the form of BCP 47 and begins with a language that readers know (ISO 639); None where not: pages claim the strangest things."""
    found = _LANGUAGE.fullmatch((tag or "").strip())
    return found[0] if found and found[1].lower() in _LANGUAGES else None


def is_public(address: str) -> bool:
    """Whether its host has a name of several parts, or an IPv4 address: the files of an intranet are no use to a reader."""
    return bool(_DOTTED.match(address))


def rfc822(moment: datetime) -> str:
    """As RSS and OPML want it: RFC 822 with a four-digit year, in the offset that the moment carries.

    Offsets of a quarter of an hour (Nepal, Chatham) are told in UTC: the W3C feed validator doubts them.
    """
    return format_datetime(_in_steps_of(timedelta(minutes=30), moment))


def rfc3339(moment: datetime, timespec: str = "seconds") -> str:
    """As Atom and JSON Feed want it, in the offset that the moment carries; UTC is ``Z``."""
    return _in_steps_of(timedelta(minutes=1), moment).isoformat(timespec=timespec).replace("+00:00", "Z")


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
