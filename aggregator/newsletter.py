"""What a newsletter says, and the address at which its reader leaves it. Pure.

/unsubscribe/TOKEN      TOKEN = who and what, signed: nobody can take another one's mail away, and nothing has to be stored for those who read on
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from aggregator.model import Article, Source
from aggregator.text.quantity import counted

MOST = 100
"""Articles in one letter."""
_SUMMARY = 240
_SIGNED = 16
"""Bytes of the signature."""


@dataclass(frozen=True, slots=True)
class Letter:
    """For one reader. ``headers`` let mail programs offer to leave it with one click (RFC 2369, RFC 8058)."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def token(secret: bytes, newsletter: str, reader: str) -> str:
    said = f"{newsletter}\n{reader}".encode()
    return base64.urlsafe_b64encode(_signature(secret, said) + said).decode().rstrip("=")


def reader_of(secret: bytes, token: str) -> tuple[str, str] | None:
    """Newsletter and mail address of a token of ours; None: it is none."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signature, said = raw[:_SIGNED], raw[_SIGNED:]
    if not hmac.compare_digest(signature, _signature(secret, said)):
        return None
    newsletter, _, reader = said.decode().partition("\n")
    return newsletter, reader


def _signature(secret: bytes, said: bytes) -> bytes:
    return hmac.new(secret, said, hashlib.sha256).digest()[:_SIGNED]


def letter(
    title: str, articles: Sequence[Article], sources: Mapping[str, Source], *, more: str, leave: str, host: str, name: str, zone: ZoneInfo
) -> Letter:
    """``articles``, newest first, of which ``MOST`` are told; ``more`` is the address of all. ``leave`` ends this newsletter for its reader."""
    told = articles[:MOST]
    count = counted(len(articles), "article")
    rest = f"and {len(articles) - MOST} more: {more}" if len(articles) > MOST else f"All of them, and older ones: {more}"
    text = "\n".join(
        [
            *(_plain(article, sources, zone) for article in told),
            rest,
            "",
            "--",
            f"You get this newsletter ({title}) by mail. To leave it: {leave}",
            "",
        ]
    )
    html = _PAGE.format(
        title=escape(title),
        articles="\n".join(_marked(article, sources, zone) for article in told),
        more=escape(more),
        rest=escape(rest.partition(": ")[0]),
        leave=escape(leave),
    )
    headers = {
        "List-Id": f"{title.translate(_NO_MARKS)} <{name}.{host}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return Letter(f"{title}: {count}", text, html, headers)


_NO_MARKS = {ord(mark): " " for mark in '<>"\r\n'}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 40em; margin: auto; line-height: 1.4">
<h1 style="font-size: 1.3em">{title}</h1>
{articles}
<p><a href="{more}">{rest}</a></p>
<p style="font-size: .85em; color: #666">You get this newsletter by mail. <a href="{leave}">Leave it</a>.</p>
</body></html>
"""


def _from(article: Article, sources: Mapping[str, Source], zone: ZoneInfo) -> str:
    source = sources.get(article.source)
    day: datetime = article.at.astimezone(zone)
    return " · ".join(part for part in (source.title if source else None, f"{day:%Y-%m-%d}") if part)


def _short(article: Article) -> str:
    summary = " ".join((article.summary or "").split())
    return summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rpartition(" ")[0] + " …"


def _plain(article: Article, sources: Mapping[str, Source], zone: ZoneInfo) -> str:
    return "\n".join(line for line in (article.title, _from(article, sources, zone), _short(article), article.url or "") if line) + "\n"


def _marked(article: Article, sources: Mapping[str, Source], zone: ZoneInfo) -> str:
    title = escape(article.title)
    head = f'<a href="{escape(article.url)}">{title}</a>' if article.url else title
    summary = f"<br>{escape(_short(article))}" if article.summary else ""
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return f'<p{language} dir="auto"><strong>{head}</strong><br><span style="color: #666">{escape(_from(article, sources, zone))}</span>{summary}</p>'
