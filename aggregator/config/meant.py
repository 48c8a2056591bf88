"""What people write who have configured other programs, and what it is called here. Pure: words only."""

from __future__ import annotations

from collections.abc import Collection, Mapping

_CALLED: Mapping[str, str] = {
    "url": "link href uri feed feed_url rss rss_url atom address source_url xmlurl xml_url website site page base base_url public_url site_url",
    "home": "url link href website homepage home_page web site",
    "sources": "source feed feeds rss urls links news",
    "title": "name label site_name",
    "name": "title label id slug",
    "language": "lang locale languages",
    "every": "interval frequency schedule refresh refresh_interval update update_interval poll_interval period ttl cron",
    "kind": "type format reader parser",
    "timezone": "tz zone time_zone",
    "items": "selector item css rows row list entries",
    "item_title": "title_selector headline",
    "item_link": "link_selector",
    "item_date": "date date_selector published",
    "item_summary": "summary description_selector",
    "item_image": "image image_selector",
    "article": "content body text content_selector",
    "full_text": "fulltext full_content crawler fetch_full",
    "topic": "category categories tag tags",
    "enabled": "enable active disabled disable on",
    "paused": "pause disabled disable enabled enable active stopped off",
    "ignore_robots": "robots robots_txt",
    "country": "code country_code nation",
    "aliases": "alias abbreviation abbreviations acronym acronyms short",
    "names": "translations name_zh name_ru",
    "where": "query filter question search q condition",
    "limit": "max max_items size count number",
    "host_gap": "delay gap pause wait throttle crawl_delay rate rate_limit",
    "contact": "user_agent useragent agent email mail from",
    "max_body": "max_size size limit",
    "concurrency": "workers threads parallel connections max_connections",
    "allow_private": "private allow_local",
    "at_least": "min minimum min_interval at_min entries keep",
    "at_most": "max maximum max_interval at_max",
    "pages": "max_pages",
    "websub": "hub push pubsubhubbub",
    "hub": "websub push pubsubhubbub",
    "days": "max_age age retention period for",
    "level": "verbosity loglevel log_level",
    "format": "style type",
    "server": "smtp host url address",
    "sender": "from user username",
    "to": "email emails mail recipients recipient addresses",
    "chat": "webhook webhooks urls apprise",
    "at": "time hour",
    "day": "weekday",
    "token": "password secret key",
    "database": "db database_url dsn storage",
    "host": "listen bind hostname",
}  # fmt: skip
"""Our keys, each with what it is called elsewhere. Of several that may be meant the first counts that can stand there."""

_ELSEWHERE: Mapping[str, str] = {
    "poll.every": "interval frequency schedule refresh refresh_interval poll_interval ttl cron every",
    "fetch.timeout": "timeout request_timeout",
    "fetch.contact": "user_agent useragent agent",
    "site.title": "title name",
    "site.url": "url link base_url public_url site_url",
    "site.language": "language lang locale",
    "mail.server": "smtp",
    "sources.language": "language lang locale",
}
"""Places below others, with what is written above them."""

_SAID: Mapping[str, str] = {
    "sources": "sources stand in the file of their university, as universities/NAME.yaml",
    "universities": "each university has a file of its own, as universities/NAME.yaml",
} | dict.fromkeys(("comment", "comments", "note", "notes", "description"), "a comment begins with #")
"""What is told of words that no key is meant by."""

_VALUES: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "feed": "rss rss2 atom rdf xml feeds",
        "jsonfeed": "json json_feed json-feed",
        "auto": "html page web website webpage site news article default any",
        "listing": "list css selector selectors xpath scrape scraper table",
        "wordpress": "wp wp-json wordpress.com",
        "structured": "json-ld jsonld schema schema.org microdata",
        "detect": "guess heuristic",
        "cms": "drupal typo3 joomla",
    },
    "level": {"warning": "warn", "error": "critical fatal", "debug": "trace all verbose", "info": "normal"},
    "every": {"daily": "day 1d 24h", "weekly": "week 7d"},
    "full_text": {"always": "full all", "never": "none"},
}
"""Values of our keys, each with what it is called elsewhere."""


def key(word: str, keys: Collection[str]) -> str | None:
    """Which of ``keys`` may be meant by ``word``; None: none of them."""
    return _first(_CALLED, word, keys)


def place(word: str, sections: Collection[str]) -> str | None:
    """Where below ``sections`` that stands."""
    return _first(_ELSEWHERE, word, [each for each in _ELSEWHERE if each.partition(".")[0] in sections])


def said(word: str) -> str | None:
    """What to tell who writes ``word``, which is the name of nothing."""
    return _SAID.get(_plain(word))


def value(key: str, word: str) -> str | None:
    """Which value of ``key`` may be meant by ``word``."""
    known = _VALUES.get(key, {})
    lower = word.strip().lower()
    return lower if lower in known else _first(known, word, known)


def _first(table: Mapping[str, str], word: str, those: Collection[str]) -> str | None:
    plain = _plain(word)
    return next((ours for ours, theirs in table.items() if ours in those and (plain == ours or plain in theirs.split())), None)


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_")
