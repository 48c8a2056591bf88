"""What may stand in the files of config/: pydantic models. Their descriptions are the documentation of each key."""

from __future__ import annotations

import ipaddress
import math
import re
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.util import find_spec
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from aggregator.model import KINDS, FullText, Keep, Topic
from aggregator.text import urls

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_SIZES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    try:
        return timedelta(seconds=_seconds(value))
    except (ValueError, OverflowError):
        raise ValueError("expected a duration such as 30s, 5m, 2h or 1d") from None


def _seconds(value: Any) -> float:
    """Raises ValueError where that is no duration."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = re.sub(r"\s", "", value.lower()) if isinstance(value, str) else ""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = re.findall(r"(\d+(?:\.\d+)?)([a-z]+)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(value)
    return sum(float(number) * _UNITS[unit] if unit in _UNITS else math.nan for number, unit in parts)


def _size(value: Any) -> Any:
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
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, bool) or (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        return value
    raise ValueError("expected true, false, or a list of networks and hosts such as [10.1.0.0/16]")


def _address(value: str) -> str:
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
        meant = {"UK": "; did you mean GB?", "EL": "; did you mean GR?"}.get(value, "")
        raise ValueError(f"expected two capital letters of ISO 3166-1, for example CN{meant}")
    return value


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
        raise ValueError("expected an IANA time zone such as Asia/Shanghai")
    return value


def _selector(value: str) -> str:
    import soupsieve  # compiles its own grammar, which takes longer than reading the configuration

    try:
        soupsieve.compile(value)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"expected a CSS selector: {str(error).splitlines()[0]}") from None
    return value


def _switch(value: Any) -> Any:
    """In the environment everything is text."""
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


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
    if not re.fullmatch(r"smtp(s|\+starttls)?://(\S+@)?[A-Za-z0-9.:\[\]-]+", value):
        raise ValueError("expected smtp://HOST, smtps://USER:PASSWORD@HOST or smtp+starttls://USER:PASSWORD@HOST:PORT")
    return value


def _hour(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError("expected an hour such as 07:00")
    return value.rjust(5, "0") if isinstance(value, str) else value


Mailbox = Annotated[str, AfterValidator(_mailbox)]
Hour = Annotated[time, BeforeValidator(_hour), WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$"})]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    Field(ge=timedelta(0), le=timedelta(days=366)),
    WithJsonSchema({"type": ["string", "number"], "examples": ["30s", "5m", "2h"]}),
]
Size = Annotated[int, BeforeValidator(_size), Field(gt=0), WithJsonSchema({"type": ["string", "integer"], "examples": ["15MB"]})]
Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"format": "uri"})]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Css = Annotated[str, Field(min_length=1), AfterValidator(_selector)]


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]{16,200}", value.get_secret_value()):
        raise ValueError("expected 16 to 200 letters, digits and signs without spaces; for example what `openssl rand -hex 24` prints")
    return value


Token = Annotated[SecretStr, AfterValidator(_token)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class SiteFile(_File):
    title: str = Field("University news", min_length=1, description="The name of this news wire, as subscribers see it.")
    url: Address | None = Field(
        None,
        description="The public address of the site; every link in feeds and pages begins with it. Where it is left out, where the server listens.",
    )

    language: Literal["en", "zh", "ru"] = Field(
        "en",
        description="The language of the pages for those whose browser asks for none of en, zh and ru, and of pages that are exported as files.",
    )

    @field_validator("url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        if value and re.search(r"[?#]", value):
            raise ValueError("expected an address without ? and #: feeds and pages are added to it")
        return value.rstrip("/") if value else None


class FetchFile(_File):
    contact: Annotated[str, AfterValidator(_contact)] | None = Field(
        None, description="Where site owners reach you: mailto:… or a page. Sent with every request, in User-Agent."
    )
    host_gap: Duration = Field(timedelta(seconds=2), description="Pause between two requests to one host.")
    allow_private: Annotated[bool | list[str], BeforeValidator(_networks)] = Field(
        default=False,
        description="Whether private and loopback addresses may be fetched: true, false, or a list of networks and hosts that may, such as [10.1.0.0/16, intranet.example.edu].",
    )
    timeout: Annotated[Duration, AfterValidator(_positive)] = Field(
        timedelta(seconds=30), description="The longest that one fetch may take, redirects included."
    )
    max_body: Size = Field(15_000_000, description="The largest page or feed that is read, decompressed.")
    concurrency: int = Field(64, ge=1, le=100, description="How many requests may be under way at once, over all hosts.")


class PollFile(_File):
    every: Annotated[Duration, AfterValidator(_positive)] = Field(timedelta(minutes=30), description="How often a source is polled.")
    at_least: Duration = Field(timedelta(minutes=5), description="No source is polled more often than this.")
    at_most: Duration = Field(timedelta(hours=24), description="The longest pause, after many failures too.")
    pages: int = Field(
        25, ge=0, le=200, description="How many article pages one poll may fetch for full texts; the rest follow at the next polls."
    )

    websub: bool = Field(
        default=True,
        description="Whether hubs that feeds name are asked to push (WebSub), where site.url can be reached from outside. A push polls its source at once, and the other polls become rarer.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> PollFile:
        if not self.at_least <= self.at_most:
            raise ValueError("expected at_least to be no longer than at_most")
        return self


class PublishFile(_File):
    hub: Annotated[bool | Address, BeforeValidator(_switch), WithJsonSchema({"type": ["boolean", "string"]})] = Field(
        default=True,
        description="WebSub, by which subscribers get news at once: true for the hub that is built in, which needs site.url; false; or the address of another hub, which is told of news.",
    )


NAME = r"^[a-z0-9][a-z0-9._-]{0,62}$"
"""Of feeds and universities: they stand in addresses, file names and questions."""


class NewsletterFile(_File):
    name: str = Field(pattern=NAME, description="Tells it from others; who has left it stays away as long as it is called this.")
    title: str | None = Field(None, description="What readers see; the name, where this is left out.")
    to: Annotated[list[Mailbox], BeforeValidator(_list)] = Field(description="Who gets it. Each can leave it with one click.")
    where: str = Field(description='Which articles: a query such as "country:RU -sport". See docs/queries.md.')
    every: Literal["daily", "weekly"] = Field("daily", description="How often it is sent; not where nothing is new.")
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        "monday", description="On which day a weekly one is sent."
    )
    at: Hour = Field(time(7), description="When it is sent.")
    timezone: Zone = Field("UTC", description="The zone of that hour, and of its dates.")


class KeepFile(_File):
    days: int | None = Field(
        None,
        ge=1,
        le=36500,
        description="After so many days the texts of articles are forgotten; title, summary, address and dates stay, in archives as well. Left out, everything is kept.",
    )
    at_least: int = Field(
        100, ge=1, le=1_000_000, description="So many of the newest articles of each source keep their texts, however old they are."
    )

    def rule(self) -> Keep:
        return Keep(self.days, self.at_least)


class LogFile(_File):
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is told: with debug one poll can be followed from its claim to its commit."
    )
    format: Literal["auto", "logfmt", "json"] = Field(
        "auto", description="How lines are written; auto: coloured where a person looks on, logfmt else."
    )


class MailFile(_File):
    server: Annotated[str, AfterValidator(_mail_server)] = Field(
        "smtp://localhost",
        description="Who sends mail for us: smtp://HOST, smtps://USER:PASSWORD@HOST or smtp+starttls://USER:PASSWORD@HOST:PORT. A password is only sent encrypted, or within this machine.",
    )
    sender: Mailbox | None = Field(None, description="The address that mail comes from.")


class NotifyFile(_File):
    to: Annotated[list[Mailbox], BeforeValidator(_list)] = Field(
        default_factory=list,
        description="Whose mailboxes get the digest: what broke, what mended itself, what needs a decision; at most one a day, and none where there is nothing to tell.",
    )
    chat: Annotated[list[str], BeforeValidator(_list)] = Field(
        default_factory=list,
        description='Chats and webhooks that get it, as addresses of apprise such as json://host/hook. Needs the extra "notify".',
    )
    at: Hour = Field(time(7), description="When the digest is sent. Only where nothing works at all, somebody is told at once.")
    timezone: Zone = Field("UTC", description="The zone of that hour.")

    @field_validator("chat")
    @classmethod
    def _installed(cls, value: list[str]) -> list[str]:
        if value and find_spec("apprise") is None:
            raise ValueError("needs a package more: pip install 'university-news-aggregator[notify]'")
        return value


class DeskFile(_File):
    token: Token | None = Field(
        None,
        description="Who knows it may add, pause and decide at /desk; at least 16 characters, best from AGGREGATOR_DESK_TOKEN. Left out, there is no such place.",
    )


class FeedFile(_File):
    name: str = Field(pattern=NAME, description="Its address is /feeds/NAME.rss.")
    title: str | None = Field(None, description="What subscribers see; the name, where this is left out.")
    where: str = Field(description='Which articles: a query such as "country:RU -sport". See docs/queries.md.')
    limit: int = Field(100, ge=1, le=1000, description="How many of the newest articles it holds.")


class SettingsFile(_File):
    database: str = Field(
        "sqlite:///data/aggregator.db",
        pattern=r"^(sqlite:///|postgresql://).+",
        description="Where articles are kept: sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME. A relative path begins in the folder in which the program is started; `run` and `doctor` say which file is used.",
    )
    host: Annotated[str, AfterValidator(_host)] = Field(
        "127.0.0.1", min_length=1, description="The address that the web server listens on."
    )
    port: int = Field(8000, ge=0, le=65535, description="The port that the web server listens on.")
    site: SiteFile = SiteFile()
    fetch: FetchFile = FetchFile()
    poll: PollFile = PollFile()
    publish: PublishFile = PublishFile()
    log: LogFile = LogFile()
    keep: KeepFile = KeepFile()
    mail: MailFile = MailFile()
    notify: NotifyFile = NotifyFile()
    desk: DeskFile = DeskFile()
    feeds: list[FeedFile] = Field(default_factory=list, description="Feeds beside the built-in /feeds/all.rss.")

    @field_validator("site", "fetch", "poll", "publish", "log", "keep", "mail", "notify", "desk", mode="before")
    @classmethod
    def _empty_section(cls, value: Any) -> Any:
        return {} if value is None else value

    newsletters: list[NewsletterFile] = Field(default_factory=list, description="Mail for readers: what is new, daily or weekly.")

    @field_validator("newsletters", mode="before")
    @classmethod
    def _no_newsletters(cls, value: Any) -> Any:
        return [] if value is None else value

    @model_validator(mode="after")
    def _from_somewhere(self) -> SettingsFile:
        if self.newsletters and not (self.mail.sender and self.site.url):
            raise ValueError("expected mail.sender and site.url beside newsletters: they come from somebody, and can be left at the site")
        return self

    @model_validator(mode="after")
    def _from_somebody(self) -> SettingsFile:
        if self.notify.to and not self.mail.sender:
            raise ValueError("expected mail.sender beside notify.to: mail comes from somebody")
        return self

    @field_validator("feeds", mode="before")
    @classmethod
    def _empty_list(cls, value: Any) -> Any:
        return [] if value is None else value


class SourceFile(_File):
    url: Address = Field(description="A feed, a news page, or any page of the site that lists its news.")
    id: str | None = Field(
        None, pattern=r"^[^\s]{1,200}$", description="Its name in commands and on /status; by default UNIVERSITY/ADDRESS."
    )
    kind: str = Field("auto", description="How it is read; auto looks and decides.", json_schema_extra={"enum": ["auto", *KINDS]})
    language: Language | None = Field(
        None, description="What its articles are written in, for example zh; found from the text where this is left out."
    )
    timezone: Zone | None = Field(None, description="The zone of its dates; that of its university where this is left out.")
    title: str | None = Field(None, description="What subscribers see as its name; that of its university where this is left out.")
    items: Css | None = Field(None, description="CSS selector of the rows of a list.")
    item_title: Css | None = Field(None, description="CSS selector of the title inside a row.")
    item_link: Css | None = Field(None, description="CSS selector of the link inside a row.")
    item_date: Css | None = Field(None, description="CSS selector of the date inside a row.")
    item_summary: Css | None = Field(None, description="CSS selector of the summary inside a row.")
    item_image: Css | None = Field(None, description="CSS selector of the image inside a row.")
    article: Css | None = Field(None, description="CSS selector of the text on an article page.")
    full_text: Annotated[FullText, BeforeValidator(_full_text), WithJsonSchema({"enum": ["auto", "always", "never", True, False]})] = Field(
        "auto", description="Whether article pages are fetched: auto does so for lists that show no text."
    )
    every: Annotated[Duration, AfterValidator(_positive)] | None = Field(None, description="A fixed interval between polls.")
    keep: KeepFile | None = Field(
        None, description="For how long its texts are kept: {days: N, at_least: M}; as its university says, where this is left out."
    )
    topic: Topic | None = Field(
        None,
        description="What all its articles are; told by list, address and title where this is left out. Only news and research are in the feed `all`.",
    )
    verified: Annotated[date | Literal["never"], BeforeValidator(_verified)] | None = Field(
        None,
        description='The day on which it was last seen to bring news; "never" where its address was only written down. "aggregator check --online --fix" keeps it.',
    )
    paused: bool = Field(default=False, description="Whether it is left alone for now: nothing is fetched, and what is known stays.")
    ignore_robots: Annotated[str, BeforeValidator(_reason)] | None = Field(
        None,
        description="Why its robots.txt is not asked, in your words, such as: agreed with their web team. Left out, robots.txt is obeyed.",
    )

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value != "auto" and value not in KINDS:
            raise ValueError(f"expected one of auto, {', '.join(KINDS)}")
        return value

    @model_validator(mode="after")
    def _selectors(self) -> SourceFile:
        if self.kind == "listing" and not self.items:
            raise ValueError('expected "items", the CSS selector of the rows, because kind is "listing"')
        lost = [name for name in ("item_title", "item_link", "item_date", "item_summary", "item_image") if getattr(self, name)]
        if lost and not self.items:
            raise ValueError(f'expected "items" beside "{lost[0]}": it looks inside the rows')
        return self


class UniversityFile(_File):
    name: str = Field(min_length=1, description="Its name in English.")
    names: dict[str, str] = Field(default_factory=dict, description="Its name by language, for example zh: 哈尔滨工业大学.")
    aliases: list[str] = Field(default_factory=list, description="Abbreviations and other names that news use.")
    country: Annotated[str, AfterValidator(_country)] | None = Field(None, description="ISO 3166-1 alpha-2, for example CN.")
    city: str | None = Field(None, description="Where it is, in English.")
    timezone: Zone | None = Field(None, description="IANA name, for example Asia/Shanghai; dates without an offset are meant in it.")
    ror: str | None = Field(
        None, pattern=r"^https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$", description="Its id in the Research Organization Registry."
    )
    home: Address | None = Field(None, description="Its home page.")
    enabled: bool = Field(
        default=True,
        description='Whether its sources are polled. Most of the catalogue waits with false: "aggregator universities enable" turns it on.',
    )
    keep: KeepFile | None = Field(
        None, description="For how long texts of its sources are kept: {days: N, at_least: M}; as the settings say, where this is left out."
    )
    sources: list[SourceFile] = Field(default_factory=list, description="Where its news are found.")

    @field_validator("sources", "aliases", mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        return [] if value is None else value
