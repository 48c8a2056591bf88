"""How feeds and pages tell that an article stands elsewhere too, and that others report the same event. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

from aggregator.model import Article, Report, Source
from aggregator.serve.speech import Speech, noted
from aggregator.text import urls

Reports = Mapping[str, tuple[Report, ...]]
"""By id of the article."""
_ALSO = noted("Also at: %(links)s")
_OTHERS = noted("Reported by others: %(links)s")


def linkable(reports: Reports) -> Reports:
    """Only those that stand at an address of the web."""
    return {
        id_: tuple(report for report in each if urlsplit(report.url or "").scheme in ("http", "https")) for id_, each in reports.items()
    }


def copies(reports: Reports) -> Reports:
    """Only those that say the same once more."""
    return {id_: found for id_, each in reports.items() if (found := tuple(report for report in each if report.copy))}


def named(article: Article, reports: Iterable[Report], sources: Mapping[str, Source], speech: Speech) -> Article:
    """``article`` with a paragraph that names where else it stands, and a list of who else tells of it, in the language of the feed."""
    told = list(reports)
    also = _row(speech, _ALSO, [_link(report, name(report, sources)) for report in told if report.copy])
    others = _row(speech, _OTHERS, [_link(report, name(report, sources)) for report in told if not report.copy])
    if not also and not others:
        return article
    return replace(article, content=f"{article.content or _paragraph(article.summary)}{also}{others}")


def _paragraph(text: str | None) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _row(speech: Speech, words: str, links: Sequence[str]) -> str:
    return f"<p>{speech.say(words, links=', '.join(links))}</p>" if links else ""


def _link(report: Report, source: str) -> str:
    return f'<a href="{escape(report.url or "")}">{escape(source if report.copy else f"{report.title} ({source})")}</a>'


def name(report: Report, sources: Mapping[str, Source]) -> str:
    """What people call its source; its host where nobody remembers."""
    source = sources.get(report.source)
    return (source.title if source else None) or urls.host(report.url or "").removeprefix("www.") or report.source


def one_each(articles: Iterable[Article]) -> list[Article]:
    """One item for each story, in the order of its latest report: its earliest article among ``articles``, which come newest first.

    The item has the id of the story, for life; it was updated when its latest report was first seen.
    """
    stories: dict[str, list[Article]] = {}
    for article in articles:
        stories.setdefault(article.story or article.id, []).append(article)
    return [_item(story, told) for story, told in stories.items()]


def _item(story: str, told: Sequence[Article]) -> Article:
    latest, first = told[0], told[-1]
    return replace(
        first, id=story, updated=first.updated if latest is first else max(latest.first_seen, first.updated or latest.first_seen)
    )
