"""What may stand in the files of config/: pydantic models. Their descriptions are the documentation of each key."""

from __future__ import annotations

import re
from datetime import time, timedelta
from importlib.util import find_spec
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from aggregator.config import database
from aggregator.config.values import (
    Address,
    Contact,
    Country,
    Css,
    DatabaseAddress,
    Duration,
    FullTexts,
    Host,
    Hour,
    Hub,
    Interval,
    Language,
    Mailbox,
    Mailboxes,
    MailServer,
    Networks,
    Reason,
    Said,
    Size,
    Token,
    Verified,
    Whole,
    Words,
    Zone,
)
from aggregator.model import KINDS, Keep, Topic


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class SiteFile(_File):
    title: Said = Field("University news", description="The name of this news wire, as subscribers see it.")
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
    contact: Contact | None = Field(
        None, description="Where site owners reach you: mailto:… or a page. Sent with every request, in User-Agent."
    )
    host_gap: Duration = Field(timedelta(seconds=2), description="Pause between two requests to one host.")
    allow_private: Networks = Field(
        default=False,
        description="Whether private and loopback addresses may be fetched: true, false, or a list of networks and hosts that may, such as [10.1.0.0/16, intranet.example.edu].",
    )
    timeout: Interval = Field(timedelta(seconds=30), description="The longest that one fetch may take, redirects included.")
    max_body: Size = Field(15_000_000, description="The largest page or feed that is read, decompressed.")
    concurrency: Whole = Field(64, ge=1, le=100, description="How many requests may be under way at once, over all hosts.")


class PollFile(_File):
    every: Interval = Field(
        timedelta(minutes=30),
        description="How often a typical source is polled, one of two articles a day. One that publishes more is polled more often, a quiet one less, and each most at the hours at which it publishes, between at_least and at_most; `aggregator status` says of each why it is polled when it is.",
    )
    at_least: Duration = Field(
        timedelta(minutes=5), description="No source is polled more often than this, one with `every` of its own neither."
    )
    at_most: Duration = Field(timedelta(hours=24), description="The longest pause, after many failures too.")
    pages: Whole = Field(
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
    hub: Hub = Field(
        default=True,
        description="WebSub, by which subscribers get news at once: true for the hub that is built in, which needs site.url; false; or the address of another hub, which is told of news.",
    )


NAME = r"^[a-z0-9][a-z0-9._-]{0,62}$"
"""Of feeds and universities: they stand in addresses, file names and questions."""


class NewsletterFile(_File):
    name: str = Field(pattern=NAME, description="Tells it from others; who has left it stays away as long as it is called this.")
    title: str | None = Field(None, description="What readers see; the name, where this is left out.")
    to: Mailboxes = Field(description="Who gets it. Each can leave it with one click.")
    where: str = Field(description='Which articles: a query such as "country:RU -sport". See docs/queries.md.')
    every: Literal["daily", "weekly"] = Field("daily", description="How often it is sent; not where nothing is new.")
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        "monday", description="On which day a weekly one is sent."
    )
    at: Hour = Field(time(7), description="When it is sent.")
    timezone: Zone = Field("UTC", description="The zone of that hour, and of its dates.")


class KeepFile(_File):
    days: Whole | None = Field(
        None,
        ge=1,
        le=36500,
        description="After so many days the texts of articles are forgotten; title, summary, address and dates stay, in archives as well. Left out, everything is kept.",
    )
    at_least: Whole = Field(
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
    server: MailServer = Field(
        "smtp://localhost",
        description="Who sends mail for us: smtp://HOST, smtps://USER:PASSWORD@HOST or smtp+starttls://USER:PASSWORD@HOST:PORT. A password is only sent encrypted, or within this machine.",
    )
    sender: Mailbox | None = Field(None, description="The address that mail comes from.")


class NotifyFile(_File):
    to: Mailboxes = Field(
        default_factory=list,
        description="Whose mailboxes get the digest: what broke, what mended itself, what needs a decision; at most one a day, and none where there is nothing to tell.",
    )
    chat: Words = Field(
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
    limit: Whole = Field(100, ge=1, le=1000, description="How many of the newest articles it holds.")


class SettingsFile(_File):
    database: DatabaseAddress = Field(
        database.DEFAULT,
        description="Where articles are kept: sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME. A relative path begins in the folder in which the program is started; a whole one makes four slashes: sqlite:////var/lib/aggregator/a.db. `run` and `doctor` say which file is used.",
    )
    host: Host = Field("127.0.0.1", description="The address that the web server listens on.")
    port: Whole = Field(8000, ge=0, le=65535, description="The port that the web server listens on.")
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
    full_text: FullTexts = Field("auto", description="Whether article pages are fetched: auto does so for lists that show no text.")
    every: Interval | None = Field(
        None,
        description="A fixed interval between polls, such as 2h, no shorter than poll.at_least and no longer than poll.at_most; left out, it follows from how often the source publishes, as poll.every says.",
    )
    keep: KeepFile | None = Field(
        None, description="For how long its texts are kept: {days: N, at_least: M}; as its university says, where this is left out."
    )
    topic: Topic | None = Field(
        None,
        description="What all its articles are; told by list, address and title where this is left out. Only news and research are in the feed `all`.",
    )
    verified: Verified | None = Field(
        None,
        description='The day on which it was last seen to bring news; "never" where its address was only written down. "aggregator check --online --fix" keeps it.',
    )
    paused: bool = Field(default=False, description="Whether it is left alone for now: nothing is fetched, and what is known stays.")
    ignore_robots: Reason | None = Field(
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
    name: Said = Field(description="Its name in English.")
    names: dict[Language, Said] = Field(default_factory=dict, description="Its name by language, for example zh: 哈尔滨工业大学.")
    aliases: list[Said] = Field(default_factory=list, description="Abbreviations and other names that news use.")
    country: Country | None = Field(None, description="ISO 3166-1 alpha-2, for example CN.")
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

    @field_validator("names", mode="before")
    @classmethod
    def _no_names(cls, value: Any) -> Any:
        return {} if value is None else value
