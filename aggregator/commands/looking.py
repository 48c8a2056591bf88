"""Looking without changing anything: at a page, an article, the configuration, the installation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.commands import doors
from aggregator.errors import AggregatorError

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.model import Source
    from aggregator.verify import Verdict


@click.command()
@click.argument("target", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="Where a FILE comes from: its links are resolved against it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def preview(target: str, url: str | None, *, as_json: bool) -> None:
    """Show what would be published of a page or feed. Which reader won, and why. Stores nothing.

    Exit status: 0 where it brings news, 1 where it brings none: a feed without entries, or a single article, which is shown all the same.
    """
    from aggregator import scout, show

    settings = _settings_or_defaults()
    look = doors.run(scout.look(target, url, settings))
    show.preview(look, as_json=as_json)
    sys.exit(0 if look.brings_news else 1)


def _settings_or_defaults() -> Settings:
    """``preview`` works without a configuration, unless one is named."""
    from aggregator.config import defaults

    directory = doors.directory()
    return doors.settings() if directory.is_dir() or (click.get_current_context().obj or {}).get("config") else defaults(directory)


@click.command()
@click.argument("article", metavar="ARTICLE")
def explain(article: str) -> None:
    """Where each field of a published item came from. ARTICLE is its id, its guid, or its original address."""
    from aggregator import show

    settings = doors.settings()
    with doors.store(settings) as store:
        found = store.find(article.rstrip("/").rpartition("/articles/")[2].removeprefix("urn:uuid:"))
        if found is None:
            raise click.ClickException(f"there is no article {article}; give the id, the guid or the original address of a published item")
        show.explain(found, settings.sources.get(found.source))


@click.command()
@click.option("--online", is_flag=True, help="Also fetch and read the sources, once each and politely. Nothing is stored.")
@click.option(
    "--fix", is_flag=True, help="With --online: search the news of those that have none any more, and write what is sure into config/."
)
@click.option("--all", "everything", is_flag=True, help="With --online: the whole catalogue, not only what is enabled.")
@click.option("--university", "ids", multiple=True, metavar="ID", help="With --online: only this one, enabled or not.")
@click.option("--country", "countries", multiple=True, metavar="CODE", help="With --online: only those of this country, enabled or not.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="With --online: stop after so many sources; the next run goes on.")
@click.option(
    "--report",
    type=doors.Place(dir_okay=False),
    help="With --online: write each verdict into FILE (JSON Lines); what it tells of the last 24 hours is not asked again.  [default with --fix: check-online.jsonl]",
)
def check(
    *,
    online: bool,
    fix: bool,
    everything: bool,
    ids: tuple[str, ...],
    countries: tuple[str, ...],
    limit: int | None,
    report: Path | None,
) -> None:
    """Validate the configuration and recorded cases.

    Tells every problem with its file, line and key; exit status 2 where something is wrong.

    Recorded cases (`aggregator record`) are read anew; exit status 1 where one reads differently now, or where a source brings no news with --online.
    """
    if not online and (fix or everything or ids or countries or limit or report):
        raise click.UsageError("--fix, --all, --university, --country, --limit and --report belong to --online")
    from aggregator import checks, show
    from aggregator.config.database import doubt
    from aggregator.text.quantity import counted

    settings = doors.settings()
    if (odd := doubt(settings.database)) is not None:
        click.echo(f"warning: database: {odd[0]}\n  try: {odd[1]}", err=True)
    if settings.doubts:  # else no database is needed
        with doors.existing(settings) as store:
            doors.resolve_doubts(settings, store)
    doors.look_for_retaken(settings)
    waiting = len(settings.universities) - sum(each.enabled for each in settings.universities.values())
    click.echo(
        f"{doors.directory()}: {counted(len(settings.universities), 'university', 'universities')}, {counted(len(settings.sources), 'source')},"
        f" {counted(len(settings.feeds), 'published feed')}: no problem found"
        + (f"; {waiting} of the universities {'is' if waiting == 1 else 'are'} not enabled" if waiting else "")
        + (
            f"; {unsure} of the sources {'was' if unsure == 1 else 'were'} never verified: --online --fix looks and mends"
            if (unsure := doors.unverified(settings))
            else ""
        )
    )
    doors.tell_if_empty(settings)
    differing = show.replayed(checks.replay(doors.directory() / checks.FOLDER, settings.sources))
    if online:
        chosen = _to_verify(settings, ids, countries, everything=everything)
        _verify(
            settings, chosen, fix=fix, limit=limit, report=report or (Path("check-online.jsonl") if fix else None), failed=differing > 0
        )
    sys.exit(1 if differing else 0)


def _to_verify(settings: Settings, ids: tuple[str, ...], countries: tuple[str, ...], *, everything: bool) -> list[Source]:
    from aggregator.config.choice import Choice, choose, sources_of

    choice = Choice(ids, countries, (), None if everything or ids or countries else True)
    chosen = [source for university in choose(settings, choice) for source in sources_of(settings, university.id)]
    if not chosen and choice:
        raise AggregatorError("none of these universities has a source", remedy="aggregator add ADDRESS --university ID")
    return chosen


def _verify(settings: Settings, chosen: list[Source], *, fix: bool, limit: int | None, report: Path | None, failed: bool) -> None:
    from datetime import UTC, datetime

    from aggregator import show, verify
    from aggregator.config import load

    kept = verify.Report(report) if report else None
    seen = list(kept.seen(datetime.now(UTC))) if kept else []
    left = verify.unseen(chosen, seen)
    told = show.Verified(already=len(chosen) - len(left), later=max(0, len(left) - (limit or len(left))))

    def tell(verdict: Verdict) -> None:
        told.add(verdict)
        if kept:
            kept.add(verdict)

    doors.run(verify.verify(left[:limit], settings, tell, fix=fix))
    told.summary(report)
    if fix:
        load(doors.directory())
    sys.exit(1 if told.failed or failed else 0)


@click.command()
def doctor() -> None:
    """Look at this installation, and say what to do.

    Program, clock, disk, database, rights, names, certificates, public address. Exit status 1: something is bad.
    """
    from aggregator import doctor as visit
    from aggregator import show

    sys.exit(0 if doors.run(visit.examine(doors.settings(), show.finding)) else 1)
