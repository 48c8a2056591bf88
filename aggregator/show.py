"""What the commands print: for people on a terminal, in plain lines elsewhere, as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from aggregator.model import Article, Form, Profile, Source, SourceState, Subscription, University
from aggregator.text.quantity import counted

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from aggregator.checks import Replayed
    from aggregator.config import Settings
    from aggregator.doctor import Finding
    from aggregator.poll import Older, Outcome
    from aggregator.scout import Found, Look
    from aggregator.verify import Verdict

_WIDTH = 110
_EACH = 3
"""Sources that are told one by one where none could be reached; of more only the first is, for all have the same trouble."""
_OFFLINE = 'Is this machine online? "aggregator doctor" looks at its network; "aggregator demo" works without one.'
_SHOWN = 20
"""Articles of one page that are listed for people."""


def tried(said: str) -> str:
    """What to try, with the commands in it as they are to be typed here."""
    from aggregator.config import typed

    context = click.get_current_context(silent=True)
    return typed.typed(said, (context.obj or {}).get("config") if context else None)


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return RichProgress(*columns, console=Console(stderr=True))


class Copying:
    """A bar for each table, on a terminal."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
        return self

    def report(self, table: str, done: int, total: int) -> None:
        if self._bar is None:
            return
        if table not in self._tasks:
            self._tasks[table] = self._bar.add_task(table, total=total)
        self._bar.update(self._tasks[table], completed=done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


class Progress:
    """A bar that stays on its line on a terminal; elsewhere a line for each source that brought something or failed. Counts what happened.

    While nothing at all is reached, that is no trouble of the sources: nothing is said of them until one is.
    """

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._bar: Bar | None = None
        self.polled: set[str] = set()
        self.succeeded = 0
        self.failed = 0
        self.unreached = 0
        self._held_back = 0
        self._new = 0
        self._revised = 0
        self._unheard: list[str] = []

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("polling", total=self._total)
            self._bar.start()
        return self

    def report(self, outcome: Outcome) -> None:
        self.polled.add(outcome.source)
        self.succeeded += outcome.problem is None
        self.failed += outcome.problem is not None
        self.unreached += not outcome.reached
        self._held_back += outcome.held_back
        self._new += outcome.new
        self._revised += outcome.revised
        self._unheard += [line] if (line := _outcome(outcome)) else []
        if not self._is_offline:
            self._say()
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=f"polling: {self._new} new")

    @property
    def _is_offline(self) -> bool:
        return self.unreached == self.succeeded + self.failed

    def _say(self) -> None:
        for line in self._unheard:
            if self._bar is None:
                click.echo(line)
            else:
                self._bar.console.print(line, markup=False, highlight=False)
        self._unheard.clear()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
        if len(self._unheard) <= _EACH:
            self._say()
        polled = self.succeeded + self.failed
        if kind is None:
            held = (
                f", {counted(self._held_back, 'source')} held back until you decide: see {tried('aggregator review')}"
                if self._held_back
                else ""
            )
            brought = f"{counted(self._new, 'new article')}, {self._revised} revised, {counted(self.failed, 'source')} failed"
            click.echo(f"{counted(polled, 'source')} polled: {brought}{held}")
        if polled and self._is_offline:
            click.echo("\n".join(("No source could be reached.", *self._unheard[:1], tried(_OFFLINE))))


def unpolled(states: Iterable[SourceState]) -> None:
    """Why sources were left out that were to be polled."""
    left = Counter(_why_unpolled(state) for state in states)
    for reason, count in left.items():
        click.echo(f"{counted(count, 'source')} {'is' if count == 1 else 'are'} {reason}")


def _why_unpolled(state: SourceState) -> str:
    if state.paused:
        return tried("paused in the configuration: aggregator resume")
    if state.gone:
        return tried("gone for good, says its server (410), and is not asked until its address changes: see aggregator status")
    return "being polled by another process"


def older(step: Older) -> None:
    oldest = f", back to {step.oldest:%Y-%m-%d}" if step.oldest else ""
    click.echo(f"{step.url}: {counted(step.entries, 'entry', 'entries')}, {step.new} new{oldest}")


def _outcome(outcome: Outcome) -> str:
    if outcome.problem:
        return f"{outcome.source}: failed: {outcome.problem}" + (f" (try: {tried(outcome.remedy)})" if outcome.remedy else "")
    said = [f"{count} {what}" for count, what in ((outcome.new, "new"), (outcome.revised, "revised")) if count]
    said += [f"held back, since it reads unlike itself (try: {tried(f'aggregator review {outcome.source}')})"] if outcome.held_back else []
    return f"{outcome.source}: {', '.join(said)}" if said else ""


def status(
    states: Sequence[SourceState],
    pushes: Mapping[str, Subscription],
    *,
    articles: int,
    revision: int,
    unverified: int,
    as_json: bool,
    sources: Mapping[str, Source],
) -> None:
    """``pushes``: what has been asked of hubs, by source."""
    if as_json:
        click.echo(
            json.dumps(
                {
                    "articles": articles,
                    "revision": revision,
                    "sources": [_state(state, pushes.get(state.source), sources.get(state.source)) for state in states],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    for state in sorted(states, key=lambda state: (_URGENCY.index(state.standing), state.source)):
        success = f"last success {_short(state.last_success)}" if state.last_success else "never succeeded"
        said = f"{success}, {_next(state)} ({'; '.join(_planned(state, pushes.get(state.source), sources.get(state.source)))})"
        click.echo(
            f"{f'{state.standing} ':8}{state.source}: {counted(state.articles, 'article')}, {said if state.last_poll else _first(state)}"
        )
        if state.moved:
            click.echo(f"        moved to {state.moved}\n        try: write the new address into the configuration")
        if state.source in pushes:
            click.echo(f"        {_push(pushes[state.source])}")
        if state.problem:
            click.echo(
                f"        {state.problem}"
                + (f" ({state.failures} times in a row)" if state.failures > 1 else "")
                + (f"\n        try: {tried(state.remedy)}" if state.remedy else "")
            )
        if state.profile and state.profile.undecided:
            said, remedy = _left_out(state)
            click.echo(f"        {said}\n        {tried(remedy)}")
    failing = sum(state.state in ("failing", "gone") for state in states)
    others = [
        (sum(state.standing == name for state in states), said)
        for name, said in (("review", "to be reviewed"), ("rejected", "rejected"), ("silent", "silent"), ("paused", "paused"))
    ]
    told = "".join(f", {count} {said}" for count, said in others if count)
    click.echo(f"{counted(len(states), 'source')}, {failing} of them failing{told}; {counted(articles, 'article')}")
    if unverified:
        click.echo(
            tried(
                f'{unverified} of them {"was" if unverified == 1 else "were"} never verified: "aggregator check --online --fix" looks and mends'
            )
        )


_URGENCY = ("gone", "failing", "review", "rejected", "silent", "new", "ok", "paused")


def reviews(states: Sequence[SourceState]) -> None:
    """What waits for a decision, and what has mended itself of late."""
    waiting = [state for state in states if state.profile and (state.profile.suspicion or state.profile.undecided)]
    for state in waiting:
        if not _why(state):
            continue
        click.echo(f"{state.source}: {_why(state)}\n    {tried(f'aggregator review {state.source}')}")
    for state in states:
        if state.profile and state.profile.undecided:
            click.echo(f"{state.source}: {_left_out(state)[0]}\n    {tried(f'aggregator review {state.source}')}")
        if state.profile and state.profile.mended and not state.profile.suspicion:
            click.echo(f"{state.source}: mended itself on {state.profile.mended:%Y-%m-%d}: {state.profile.how}")
    open_ = sum(state.is_held_back or bool(state.profile and state.profile.undecided) for state in waiting)
    click.echo(
        f"{open_} of {counted(len(states), 'source')} {'waits' if open_ == 1 else 'wait'} for a decision"
        if open_
        else "nothing waits for a decision"
    )


def _left_out(state: SourceState) -> tuple[str, str]:
    from aggregator import plan

    return plan.left_out(state)


def _why(state: SourceState) -> str:
    suspicion = state.profile.suspicion if state.profile else None
    return "; ".join(suspicion.reasons) + (" (rejected)" if suspicion.is_settled else "") if suspicion else ""


def review(state: SourceState) -> None:
    """What is different about a source, and what it would publish."""
    profile = state.profile
    if profile is None:
        return
    _doubted(state, profile)
    for number, each in enumerate(profile.left_out, 1):
        click.echo(
            f"left out, list {number}: {counted(each.items, 'entry', 'entries')}{f', leading to {each.shapes[0]}' if each.shapes else ''}{' (rejected)' if each.settled else ''}"
        )
        for title in each.titles:
            click.echo(f"  {title}")
    if profile.left_out:
        click.echo(
            f"{tried(f'aggregator review {state.source}')} --list N --accept takes one in, --reject has it left out without asking again"
        )


def _doubted(state: SourceState, profile: Profile) -> None:
    suspicion = profile.suspicion
    if suspicion is None:
        return
    click.echo(
        f"{state.source}: {state.moved or state.url}\nsince {_short(suspicion.since)}, {counted(suspicion.times, 'poll')}: {_why(state)}"
    )
    click.echo(f"before:   {_form(profile.form)}")
    if suspicion.proposal is None:
        click.echo("nothing was found in its place; --accept takes it as it is")
        return
    proposal = suspicion.proposal
    how = f"{proposal.url}, rows {proposal.items}" if proposal.items else f"{proposal.url}, read by {proposal.form.reader}"
    click.echo(f"proposed: {_form(proposal.form)}\n          {how}; {proposal.known} of its entries are known")
    click.echo("would be published first:" if proposal.titles else "nothing of it is new")
    for title in proposal.titles:
        click.echo(f"  {title}")
    click.echo(f"{tried(f'aggregator review {state.source}')} --accept, or --reject")


def _form(form: Form) -> str:
    shapes = f", leading to {' and '.join(form.shapes[:2])}" if form.shapes else ""
    return f"{counted(form.items, 'entry', 'entries')}, {form.dated:.0%} of them dated, titles about {form.width:.0f} wide{shapes}"


def replayed(cases: Iterable[Replayed]) -> int:
    """What reads differently than when it was recorded. Returns how many cases do."""
    total = differing = 0
    for case in cases:
        total += 1
        if case.differences:
            differing += 1
            click.echo(f"differs {case.name}: {counted(len(case.differences), 'difference')}")
            for difference in case.differences:
                click.echo(f"        {difference}")
    if total:
        click.echo(f"{counted(total, 'recorded case')}, {differing} of them {'reads' if differing == 1 else 'read'} differently now")
    return differing


def _push(push: Subscription) -> str:
    if push.state == "active":
        return f"pushed by {push.hub} until {_short(push.until)}, last push {_short(push.pushed)}"
    return f"{push.hub} was asked to push, and has not confirmed" if push.state == "asked" else f"{push.hub} refuses to push"


def _next(state: SourceState) -> str:
    return f"next poll {_short(state.next_poll)}" if state.next_poll else "next poll never"


def _first(state: SourceState) -> str:
    """Of a source that nobody has polled yet, which may be so new that no daemon has seen it."""
    due = (
        "no poll while it is paused"
        if state.paused
        else f"due {'at' if state.next_poll > datetime.now(UTC) else 'since'} {_short(state.next_poll)}"
        if state.next_poll
        else "due at the next poll"
    )
    return f"never polled, {due}"


def _planned(state: SourceState, push: Subscription | None, source: Source | None) -> list[str]:
    """Why it is polled when it is, and how much it publishes."""
    from aggregator.serve import plans

    return [str(phrase) for phrase in (plans.why(state, source, push), plans.rhythm(state)) if phrase]


def _state(state: SourceState, push: Subscription | None, source: Source | None) -> dict[str, Any]:
    from aggregator.rhythm import rate

    moments = {
        name: value.isoformat() if (value := getattr(state, name)) else None
        for name in ("last_success", "last_poll", "last_change", "next_poll")
    }
    return {
        "id": state.source,
        "url": state.url,
        "moved": state.moved,
        "state": state.standing,
        **moments,
        "why_then": _planned(state, push, source)[0],
        "articles_a_day": state.activity and state.last_success and round(rate(state.activity, state.last_success), 3),
        "failures": state.failures,
        "problem": state.problem,
        "remedy": state.remedy,
        "reader": state.reader,
        "articles": state.articles,
        "review": _why(state) or None,
        "left_out": [
            {"items": each.items, "titles": list(each.titles), "decided": each.settled}
            for each in (state.profile.left_out if state.profile else ())
        ],
        "push": push
        and {
            "hub": push.hub,
            "state": push.state,
            "until": push.until and push.until.isoformat(),
            "pushed": push.pushed and push.pushed.isoformat(),
        },
    }


def _short(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "-"


def preview(look: Look, *, as_json: bool) -> None:
    if as_json:
        reading = look.reading
        about = (
            {"reader": "article", "why": look.why, "leads": list(look.leads)}
            if reading is None
            else {
                "reader": reading.reader,
                "title": reading.title,
                "link": reading.link,
                "language": reading.language,
                "feeds": list(reading.feeds),
                "attempts": [asdict(attempt) for attempt in reading.attempts],
            }
        )
        click.echo(
            json.dumps({"url": look.url, **about, "articles": [_json(article) for article in look.articles]}, ensure_ascii=False, indent=1)
        )
        return
    if look.reading is None:
        click.echo(f"{look.url}\na single article, read by article; as a list it was not chosen: {look.why}\n")
        _article(look.articles[0], long=True)
        click.echo()
        for lead in look.leads:
            click.echo(f"  it leads to what may be a list of news: {tried(f'aggregator preview {lead}')}")
        click.echo(f"  to find the news of its site: {tried(f'aggregator add {look.url}')}")
        return
    click.echo(
        f"{look.url}\n{counted(len(look.articles), 'article')}, read by {look.reading.reader}"
        + (f": {look.reading.title}" if look.reading.title else "")
    )
    for attempt in look.reading.attempts:
        click.echo(f"  {attempt.reader}: {counted(attempt.entries, 'entry', 'entries')}: {attempt.reason}")
    for feed in look.reading.feeds:
        click.echo(f"  the page names a feed: {feed}")
    click.echo()
    for article in look.articles[:_SHOWN]:
        _article(article, long=False)
    if len(look.articles) > _SHOWN:
        click.echo(f"… and {len(look.articles) - _SHOWN} more")


def _json(article: Article) -> dict[str, Any]:
    said = asdict(article)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in said.items()
        if name not in ("source", "university", "placed")
    }


def _date(article: Article) -> str:
    if article.published is None:
        return "no date"
    return f"{article.published:%Y-%m-%d}" if article.precision == "day" else f"{article.published:%Y-%m-%d %H:%M %Z}"


def _article(article: Article, *, long: bool) -> None:
    click.echo(f"{_date(article):12} {article.title}")
    if article.authors:
        click.echo(f"{'':12} by {', '.join(article.authors)}")
    if article.url:
        click.echo(f"{'':12} {article.url}")
    text = article.text if long else article.summary
    if text:
        click.echo(f"\n{text}\n" if long else f"{'':12} {text[:_WIDTH]}")


def found(result: Found) -> None:
    for each in result.tried:
        click.echo(f"  {each.url}: {each.result}", err=True)
    click.echo(f"{result.url}\n{counted(len(result.articles), 'article')}, read by {result.reading.reader}\n")
    for article in result.articles[:5]:
        _article(article, long=False)
    for address in result.tongues:
        click.echo(f"  not looked at, in another language: {tried(f'aggregator add {address}')}")


def added(settings: Settings, id: str, path: Path) -> None:
    """What to do next, once a source of a university is written."""
    university = settings.universities[id]
    if not university.country:
        click.echo(f'its country is not known: write "country: XX" into {path}, as two letters of ISO 3166-1')
    click.echo(f"next: {tried(f'aggregator poll {id}')}, or {tried('aggregator run')}; a running daemon takes it over within seconds")
    click.echo(f"feed: {settings.site.url}/universities/{id}.rss")


def finding(found: Finding) -> None:
    click.echo(f"{found.state:5} {found.subject}: {found.said}" + (f"\n      try: {tried(found.remedy)}" if found.remedy else ""))


class Verified:
    """A line for each source that was looked at, and what came of all."""

    def __init__(self, *, already: int, later: int) -> None:
        self._already = already
        self._later = later
        self._states: Counter[str] = Counter()
        self._mended = 0
        self.failed = 0

    def add(self, verdict: Verdict) -> None:
        self._states[verdict.state] += 1
        self._mended += verdict.mended
        self.failed += not verdict.works
        word = "mended" if verdict.mended else verdict.state if verdict.works else "failed"
        click.echo(f"{word:8}{verdict.source}: {_verdict(verdict)}")
        if verdict.remedy and not verdict.mended:
            click.echo(f"        try: {tried(verdict.remedy)}")

    def summary(self, report: Path | None) -> None:
        states = ", ".join(f"{count} {state}" for state, count in self._states.most_common())
        click.echo(
            f"{counted(self._states.total(), 'source')} looked at{f': {states}' if states else ''}; {self._mended} mended, {self.failed} without news"
        )
        if self._already:
            click.echo(
                f"{counted(self._already, 'source')} not asked: the report tells of {'it' if self._already == 1 else 'them'} already"
            )
        if self._later:
            click.echo(f"{counted(self._later, 'source')} left for the next run")
        if report:
            click.echo(f"report: {report}")


def _verdict(verdict: Verdict) -> str:
    found = f"{counted(verdict.items, 'item')}, newest {verdict.newest or 'without a date'}, by {verdict.reader}"
    at = f" at {verdict.address}" if verdict.address else ""
    if verdict.problem is None:
        return f"{found}{at}"
    return f"{verdict.state}: {verdict.problem}" + (f"; {found}{at}" if verdict.address else "")


def universities(shown: Sequence[tuple[University, Sequence[Source]]], *, as_json: bool) -> None:
    if as_json:
        said = [asdict(each) | {"sources": [asdict(source) for source in sources]} for each, sources in shown]
        click.echo(json.dumps({"universities": said}, ensure_ascii=False, indent=1, default=str))
        return
    for each, sources in shown:
        click.echo(f"{'on ' if each.enabled else 'off'}  {each.id:16} {each.country or '--'}  {each.name}")
        for source in sources:
            click.echo(f"{'':25} {source.url}  ({sureness(source)})")
    enabled = sum(each.enabled for each, _ in shown)
    countries = len({each.country for each, _ in shown if each.country})
    where = counted(len(shown), "university", "universities") + (f" of {counted(countries, 'country', 'countries')}" if countries else "")
    click.echo(f"{where}, {enabled} of them enabled" if shown else "no university is all of that")


def sureness(source: Source) -> str:
    """How sure its address is."""
    if source.verified is None:
        return "nobody says when it was verified"
    return "never verified" if source.verified == "never" else f"verified {source.verified}"


_EXPLAINED = (
    "title",
    "url",
    "published",
    "updated",
    "precision",
    "authors",
    "language",
    "image",
    "categories",
    "topic",
    "enclosures",
    "summary",
    "content",
)


def explain(article: Article, source: Source | None) -> None:
    """Each field, what it holds, and where it came from."""
    click.echo(f"id           {article.id}\n             derived from what identifies the entry; for life")
    click.echo(f"source       {article.source}" + (f" ({source.url})" if source else " (no longer configured)"))
    click.echo(f"first_seen   {article.first_seen.isoformat()}")
    for name in _EXPLAINED:
        value = getattr(article, name)
        origin = article.provenance.get(name) or _implied(name, article.provenance)
        if value or origin:
            click.echo(f"{name:12} {_value(value)}" + (f"\n{'':12} from {origin}" if origin else ""))


def _implied(name: str, provenance: Mapping[str, str]) -> str | None:
    return {"precision": provenance.get("published"), "summary": provenance.get("content") and "the beginning of the content"}.get(name)


def _value(value: Any) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(getattr(each, "url", str(each)) for each in value)
    text = " ".join(str(value).split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
