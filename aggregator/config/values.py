"""The forms of single values in config/: durations, sizes, addresses, languages. Each says what is expected where it does not fit."""

from __future__ import annotations

import ipaddress
import math
import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, WithJsonSchema

from aggregator.config import database
from aggregator.model import FullText
from aggregator.text import urls, wire

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_UNITS |= {word: _UNITS[word[0]] for each in ("second", "minute", "hour", "day") for word in (each, f"{each}s")}
_SIZES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}


_LONGEST = timedelta(days=366)


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    try:
        found = timedelta(seconds=_seconds(value))
    except (ValueError, OverflowError):
        raise ValueError("expected a duration such as 30s, 5m, 2h or 1d") from None
    if not timedelta() <= found <= _LONGEST:
        raise ValueError(f"expected a duration from 0s to {_LONGEST.days}d")
    return found


def _seconds(value: Any) -> float:
    """Raises ValueError where that is no duration. 0500 may be an hour, or be meant by eights: nobody knows."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = re.sub(r"\s", "", value.lower()) if isinstance(value, str) else ""
    if re.fullmatch(r"(0|[1-9]\d*)(\.\d+)?", text):
        return float(text)
    parts = re.findall(r"(\d+(?:\.\d+)?)([a-z]+)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(value)
    return sum(float(number) * _UNITS[unit] if unit in _UNITS else math.nan for number, unit in parts)


def _whole(value: Any) -> Any:
    """``true`` is no 1, though Python has it so."""
    if isinstance(value, bool):
        raise ValueError("expected a whole number")  # noqa: TRY004 - what pydantic takes for a misfit
    return value


def _size(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("expected a size such as 500kB or 15MB")  # noqa: TRY004 - as above
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*([a-z]*)\s*", value.lower())
    if match is None or match[2] not in _SIZES:
        raise ValueError("expected a size such as 500kB or 15MB")
    return int(float(match[1]) * _SIZES[match[2]])


def _networks(value: Any) -> Any:
    """In the environment a list is written with commas."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, str) and re.search(r"[.:/]", value):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, bool):
        return value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("expected true, false, or a list of networks and hosts such as [10.1.0.0/16]")
    if (odd := next((each for each in value if not _is_network_or_host(each)), None)) is not None:
        raise ValueError(
            f"expected networks and hosts such as 10.1.0.0/16, 10.1.2.3 and intranet.example.edu; {odd!r} is neither{_host_of(odd)}"
        )
    return value


def _host_of(odd: str) -> str:
    """What to write for an address of the web, or for a host with a port."""
    try:
        host = urlsplit(odd if "://" in odd else f"//{odd}").hostname
    except ValueError:
        return ""
    if not host or ("://" not in odd and "/" in odd) or not _is_network_or_host(host):
        return ""
    return f': write its host alone, in a list: ["{host}"]' if ":" in host else f": write its host alone, in a list: [{host}]"


def _is_network_or_host(text: str) -> bool:
    try:
        ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return re.fullmatch(r"(?!.*\.\.)[^\s/:@?#,.][^\s/:@?#,]*", text) is not None and not re.fullmatch(r"[\d.]+", text)
    return True


_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,4})?(?:/[A-Za-z0-9/_.~-]*)?")
"""Addresses of which nothing is to be asked: nearly all."""


def _address(value: str) -> str:
    if len(value) <= urls.LONGEST and _PLAIN.fullmatch(value):
        return value
    if not re.match(r"(?i)https?://[^/\s]", value.strip()) or urls.absolute("", value) is None:
        raise ValueError("expected an address that begins with http:// or https://")
    host = urls.host(value.strip())
    if re.search(r"\s", value.strip()) or ".." in host or host.startswith("."):
        raise ValueError("expected an address without spaces, whose host has no empty part")
    return value.strip()


def _host(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", value):
            raise ValueError("expected a host name or an IP address, without a port: that is the key `port`") from None
    return value


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("expected a duration longer than nothing, such as 30s")
    return value


def _contact(value: str) -> str:
    if re.fullmatch(r"[^@\s:/]+@[^@\s]+", value):
        return f"mailto:{value}"
    if not re.match(r"(?i)(mailto:[^@\s]+@[^@\s]+|https?://\S+)$", value):
        raise ValueError("expected mailto:you@example.edu, or the address of a page about your wire")
    return value


def _reason(value: Any) -> Any:
    if not isinstance(value, str) or value.strip().lower() in ("", "yes", "no", "true", "false", "on", "off"):
        raise ValueError("expected the reason in words, such as: agreed with their web team in May 2026")
    return value.strip()


def _country(value: str) -> str:
    if value not in COUNTRIES:
        near = {"UK": "GB", "EL": "GR"}.get(value.upper(), value.upper())
        meant = f"; did you mean {near}?" if near in COUNTRIES else ""
        raise ValueError(f"expected two capital letters of ISO 3166-1, for example CN{meant}")
    return value


def _language(value: str) -> str:
    """Codes of three letters are many, and rare ones among them: only those are refused for which there is one of two letters that all write."""
    code = value.lower()
    known = wire.language(value) is not None or re.match("[a-z]{3}(-|$)", code)
    if known and code not in _MEANT_LANGUAGE and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        return value
    near = _MEANT_LANGUAGE.get(code) or (value.replace("_", "-") if wire.language(value.replace("_", "-")) else None)
    raise ValueError("expected a language code (BCP 47), for example en, zh or pt-BR" + (f"; did you mean {near}?" if near else ""))


_MEANT_LANGUAGE = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "kazakh": "kk", "korean": "ko",
    "malay": "ms", "mandarin": "zh", "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
    "deutsch": "de", "français": "fr", "español": "es", "русский": "ru", "中文": "zh", "日本語": "ja",
    "eng": "en", "chi": "zh", "zho": "zh", "rus": "ru", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "jpn": "ja", "kor": "ko",
    "cn": "zh", "jp": "ja", "ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "vn": "vi", "us": "en",
}  # fmt: skip
"""What people write for a language: its name, its code of three letters, that of a country."""


COUNTRIES = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU "
    "CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
    "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT "
    "MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM "
    "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split()
)
"""ISO 3166-1 alpha-2, and XK, which is in use for Kosovo."""


_zones = cache(available_timezones)  # walks through a thousand files


def _zone(value: str) -> str:
    if value not in _zones():
        near = get_close_matches(value, _zones(), 1) if "/" in value else [zone] if (zone := _MEANT_ZONE.get(value.lower())) else []
        offset = ": a place, whose offset may change" if re.match(r"(?i)(utc|gmt)?\s*[+-]", value) else ""
        raise ValueError(f"expected an IANA time zone such as Asia/Shanghai{offset}" + (f"; did you mean {near[0]}?" if near else ""))
    return value


_MEANT_ZONE = {
    "beijing": "Asia/Shanghai", "shanghai": "Asia/Shanghai", "moscow": "Europe/Moscow", "msk": "Europe/Moscow", "london": "Europe/London",
    "berlin": "Europe/Berlin", "paris": "Europe/Paris", "tokyo": "Asia/Tokyo", "jst": "Asia/Tokyo", "ist": "Asia/Kolkata",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "edt": "America/New_York", "cest": "Europe/Berlin",
}  # fmt: skip


def _selector(value: str) -> str:
    import soupsieve  # compiles its own grammar, which takes longer than reading the configuration

    try:
        soupsieve.compile(value)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"expected a CSS selector: {str(error).splitlines()[0]}") from None
    return value


def _hub(value: Any) -> Any:
    """In the environment everything is text."""
    switch = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return switch[value.lower()] if value.lower() in switch else _address(value)
        except ValueError:
            pass
    raise ValueError("expected true, false, or an address that begins with http:// or https://")


def _verified(value: Any) -> Any:
    if value == "never" or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("expected never, or a day such as 2026-11-26") from None


def _full_text(value: Any) -> Any:
    return {True: "always", False: "never"}.get(value, value) if isinstance(value, bool) else value


def _list(value: Any) -> Any:
    """In the environment a list is written with spaces."""
    return value.split() if isinstance(value, str) else [] if value is None else value


def _mailbox(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError("expected a mail address such as desk@example.edu")
    return value


def _mail_server(value: str) -> str:
    if not re.fullmatch(r"smtp(s|\+starttls)?://(\S+@)?([A-Za-z0-9.-]+|\[[A-Fa-f0-9:.]+\])(:\d{1,5})?", value):
        raise ValueError("expected smtp://HOST, smtps://USER:PASSWORD@HOST or smtp+starttls://USER:PASSWORD@HOST:PORT")
    return value


def _hour(value: Any) -> Any:
    """A number alone would be seconds after midnight."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError('expected an hour such as "07:00"')
    return value.rjust(5, "0")


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("expected a text that is not empty")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]{16,200}", value.get_secret_value()):
        raise ValueError("expected 16 to 200 letters, digits and signs without spaces; for example what `openssl rand -hex 24` prints")
    return value


Mailbox = Annotated[str, AfterValidator(_mailbox)]
Mailboxes = Annotated[list[Mailbox], BeforeValidator(_list)]
Words = Annotated[list[str], BeforeValidator(_list)]
DatabaseAddress = Annotated[str, Field(json_schema_extra={"pattern": r"^(sqlite:///|postgresql://).+"}), AfterValidator(database.checked)]
MailServer = Annotated[str, AfterValidator(_mail_server)]
Hour = Annotated[time, BeforeValidator(_hour), WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$"})]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": ["string", "number"], "examples": ["30s", "5m", "2h"]}),
]
Interval = Annotated[Duration, AfterValidator(_positive)]
Size = Annotated[int, BeforeValidator(_size), Field(gt=0), WithJsonSchema({"type": ["string", "integer"], "examples": ["15MB"]})]
Whole = Annotated[int, BeforeValidator(_whole)]
Said = Annotated[str, Field(min_length=1), AfterValidator(_said)]
Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"format": "uri"})]
Host = Annotated[str, Field(min_length=1), AfterValidator(_host)]
Networks = Annotated[bool | list[str], BeforeValidator(_networks)]
Contact = Annotated[str, AfterValidator(_contact)]
Hub = Annotated[bool | str, BeforeValidator(_hub), WithJsonSchema({"type": ["boolean", "string"]})]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
Language = Annotated[str, Field(json_schema_extra={"pattern": r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}), AfterValidator(_language)]
Css = Annotated[str, Field(min_length=1), AfterValidator(_selector)]
FullTexts = Annotated[FullText, BeforeValidator(_full_text), WithJsonSchema({"enum": ["auto", "always", "never", True, False]})]
Verified = Annotated[date | Literal["never"], BeforeValidator(_verified)]
Reason = Annotated[str, BeforeValidator(_reason)]
Token = Annotated[SecretStr, AfterValidator(_token)]
