"""The commands. Builds the doors (network, database, processes) and hands them over; the only place that knows all the parts."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Coroutine
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aggregator import __version__
from aggregator.errors import AggregatorError, ConfigError, InputError, PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from aggregator.config import Settings
    from aggregator.model import Source, SourceState
    from aggregator.registries import Row
    from aggregator.scout import Found
    from aggregator.serve.site import Site
    from aggregator.store import Store
    from aggregator.verify import Verdict

DEFAULT_CONFIG = "config"

_T = TypeVar("_T")


class _Commands(click.Group):
    """Every command takes ``--config``, before or after its name; every expected failure ends in its message and exit status."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.params.append(
            click.Option(
                ["--config", "config_after"],
                metavar="DIR",
                help=f"Folder of the configuration.  [default: {DEFAULT_CONFIG}]",
                expose_value=False,
                callback=_remember,
            )
        )
        super().add_command(cmd, name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AggregatorError as error:
            _say(error)
            sys.exit(error.exit_status)
        except BrokenPipeError:
            # Who read our output has gone (head, less): nothing more to say, and nothing to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


def _remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(dict)["config"] = Path(value)


def _say(error: AggregatorError) -> None:
    wrong = isinstance(error, ConfigError) and not isinstance(error, InputError)
    click.echo(f"The configuration is wrong:\n{error.message}" if wrong else f"error: {error.message}", err=True)
    if error.remedy:
        click.echo(f"  try: {error.remedy}", err=True)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aggregator")
@click.option(
    "--config",
    "config_before",
    metavar="DIR",
    envvar="AGGREGATOR_CONFIG",
    help=f"Folder of the configuration.  [default: {DEFAULT_CONFIG}]",
    expose_value=False,
    callback=_remember,
)
def main() -> None:
    """A news wire for the world's universities: watches their news pages and feeds, publishes one feed."""


def _directory() -> Path:
    return Path((click.get_current_context().obj or {}).get("config", DEFAULT_CONFIG))


def _settings() -> Settings:
    from aggregator.config import load

    return load(_directory())


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    from aggregator.store import Store

    with Store.open(settings.database) as store:
        yield store


def _run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Ctrl-C ends quietly."""
    try:
        return asyncio.run(coroutine)
    except KeyboardInterrupt:
        raise click.Abort from None


# --- the daemon ----------------------------------------------------------------------------------------------------------------------


@main.command()
@click.option("--no-poll", is_flag=True, help="Leave the polling to `aggregator worker`, here or on other machines; on PostgreSQL only.")
def run(*, no_poll: bool) -> None:
    """The daemon: polls what is due and serves feeds and pages, until it is told to end (Ctrl-C, SIGTERM). It takes over changes of the configuration."""
    settings = _settings()
    if no_poll and not settings.database.startswith("postgresql:"):
        raise click.UsageError("--no-poll needs a PostgreSQL database: on SQLite nobody else can poll")
    _serve(settings, _directory(), greeting="", polls=not no_poll)


@main.command()
def worker() -> None:
    """Poll what `aggregator run` schedules on the same PostgreSQL database, until told to end. Any number may run, on any number of machines."""
    from aggregator import logs
    from aggregator.config import load
    from aggregator.store import Store

    settings, directory = _settings(), _directory()
    logs.configure(settings.log.level, settings.log.format)
    with Store.open(settings.database) as store:
        if not store.is_shared:
            raise click.UsageError("workers share a PostgreSQL database; set `database`, or AGGREGATOR_DATABASE, to postgresql://…")
        from aggregator.run.worker import work

        _run(work(settings, store, lambda: load(directory)))


@main.command()
@click.option(
    "--to", "target", required=True, metavar="ADDRESS", help="The empty database: postgresql://USER:PASSWORD@HOST/NAME, or sqlite:///PATH."
)
def move(target: str) -> None:
    """Copy everything into another database, with the same ids and revisions. End the daemon first; then set `database` to the new address."""
    from aggregator import show
    from aggregator.store import Store
    from aggregator.store.move import move as copied

    with Store.open(_settings().database) as ours, Store.open(target) as theirs, show.Copying() as bar:
        found = copied(ours, theirs, bar.report)
    click.echo(
        f"{found['articles']:,} articles of {found['sources']:,} sources are in {theirs.name} now. Set `database` to it and start again."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a copy of the whole database to the new FILE while everything runs: one SQLite file, from PostgreSQL too."""
    from aggregator import show
    from aggregator.store.backup import backup as copied

    with _store(_settings()) as store, show.Copying() as bar:
        size = copied(store, file, bar.report)
        click.echo(f"{file}: {size:,} bytes, {store.count():,} articles")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put what the backup FILE holds in the place of the database. End the daemon first; what was there is kept under another name."""
    from datetime import UTC, datetime

    from aggregator import show
    from aggregator.store.backup import restore as restored

    address = _settings().database
    with show.Copying() as bar:
        kept = restored(file, address, bar.report, now=datetime.now(UTC))
    click.echo("restored" + (f"; what was there is kept as {kept}" if kept else ""))


def _serve(settings: Settings, directory: Path, *, greeting: str, polls: bool = True) -> None:
    from datetime import UTC, datetime

    from aggregator import logs
    from aggregator.config import load
    from aggregator.meters import Meters
    from aggregator.run.daemon import Daemon
    from aggregator.run.hub import Hub
    from aggregator.run.letters import Leaving
    from aggregator.run.pings import Pings
    from aggregator.serve.app import application
    from aggregator.serve.counted import Counted
    from aggregator.serve.site import Site
    from aggregator.store import Store

    logs.configure(settings.log.level, settings.log.format)

    def started(address: str) -> None:
        click.echo(f"{greeting}Feed:   {address}/feeds/all.rss\nPages:  {address}/\nStatus: {address}/status")
        if not settings.sources:
            click.echo(f'There are no sources yet: "aggregator add https://www.your-university.edu" writes one into {directory}.')

    with Store.open(settings.database) as store:
        site, meters = Site(store, settings), Meters()

        def take(fresh: Settings) -> None:
            nonlocal site
            site = Site(store, fresh, daemon.health, daemon.metrics)

        hub = Hub(store, lambda: site, settings)
        pings = Pings(store, lambda: site, settings)
        app = application(
            lambda: site,
            hubs=lambda: daemon.subscriptions,
            hub=hub.accept,
            leavers=Leaving(store, lambda: site.settings, clock=lambda: datetime.now(UTC)),
        )
        daemon = Daemon(
            settings,
            store,
            app=Counted(app, meters.served),
            meters=meters,
            reload=lambda: load(directory),
            changed=take,
            polls=polls,
            beside=[hub.run, pings.run],
        )
        take(settings)
        _run(daemon.run(started))


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@click.option("--all", "everything", is_flag=True, help="Poll every source, due or not.")
def poll(sources: tuple[str, ...], *, everything: bool) -> None:
    """Poll what is due (or the named sources or universities, or all) once, then end."""
    from aggregator import logs, show
    from aggregator.run.once import poll_once
    from aggregator.store import Store

    logs.configure(logging.ERROR)
    settings = _settings()
    only = _named(sources, settings) if sources else None
    with (
        Store.open(settings.database) as store,
        show.Progress(len(only) if only else len(settings.sources) if everything else None) as progress,
    ):
        _run(poll_once(settings, store, progress.report, only=only, everything=everything))
    sys.exit(1 if progress.failed and not progress.succeeded else 0)


def _named(names: tuple[str, ...], settings: Settings) -> frozenset[str]:
    """Source ids, or ids of universities for all of theirs."""
    from difflib import get_close_matches

    found: set[str] = set()
    for name in names:
        matching = {source.id for source in settings.sources.values() if name in (source.id, source.university, source.url)}
        if not matching:
            near = get_close_matches(name, [*settings.sources, *settings.universities], 1)
            raise click.UsageError(
                f'no source or university is called "{name}"'
                + (f'; did you mean "{near[0]}"?' if near else '; "aggregator status" lists them')
            )
        found |= matching
    return frozenset(found)


@main.command()
@click.argument("source")
@click.option("--pages", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many pages to go back at most.")
@click.option("--items", type=click.IntRange(1), help="Stop after so many new articles.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Stop at articles older than this day.")
def backfill(source: str, pages: int, items: int | None, since: datetime | None) -> None:
    """Read the older pages of a source's list, as politely as polls do. Run again, it goes on where it ended, however it ended."""
    from datetime import UTC

    from aggregator import logs, show
    from aggregator.run.backfill import Until
    from aggregator.run.backfill import backfill as walk
    from aggregator.store import Store

    logs.configure(logging.ERROR)
    settings = _settings()
    named = _named((source,), settings)
    if len(named) > 1:
        raise click.UsageError(f"{source} has several sources: {', '.join(sorted(named))}")
    until = Until(pages, items, since.replace(tzinfo=UTC) if since else None)
    with Store.open(settings.database) as store:
        click.echo(_run(walk(settings, store, next(iter(named)), until, show.older)))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def status(*, as_json: bool) -> None:
    """How every source does: its state, the last success, the next poll, and what is wrong where something is."""
    from aggregator import show

    settings = _settings()
    with _store(settings) as store:
        pushes = {each.source: each for each in store.subscriptions()}
        show.status(
            _states(store, settings),
            pushes,
            articles=store.count(),
            revision=store.revision(),
            unverified=_unverified(settings),
            as_json=as_json,
        )


@main.command()
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True, help="Of how many days.")
@click.option("--send", is_flag=True, help="Send it to notify.to and notify.chat, to see whether it arrives. The daily one is not touched.")
def digest(days: int, *, send: bool) -> None:
    """What the digest for the operator says: what broke, what mended itself, what needs a decision."""
    from datetime import UTC, datetime, timedelta

    from aggregator.bulletin import Bulletin
    from aggregator.run.telling import bulletin, tell_all

    settings, now = _settings(), datetime.now(UTC)
    with _store(settings) as store:
        told = bulletin(store, settings, since=now - timedelta(days=days), until=now)
    told = told or Bulletin(f"{settings.site.title}: nothing to tell", "Nothing broke, and nothing needs a decision.\n")
    click.echo(f"{told.subject}\n\n{told.text}")
    if send:
        ways = tell_all(settings, told, now)
        click.echo(f"sent by {' and '.join(ways)}" if ways else "not sent: set notify.to or notify.chat in aggregator.yaml")


@main.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Of how many days.")
@click.option("--send", metavar="ADDRESS", help="Send it there, to see how it looks. Its readers get nothing, and miss nothing.")
def newsletter(name: str, *, days: int, send: str | None) -> None:
    """What a newsletter of the configuration says of the last days."""
    from datetime import UTC, datetime, timedelta

    from aggregator import mail
    from aggregator.newsletter import token
    from aggregator.run.letters import fresh, written

    settings, now = _settings(), datetime.now(UTC)
    wanted = next((each for each in settings.newsletters if each.name == name), None)
    if wanted is None:
        there = ", ".join(each.name for each in settings.newsletters) or "none"
        raise click.UsageError(f'no newsletter is called "{name}"; in aggregator.yaml there are: {there}')
    with _store(settings) as store:
        articles = fresh(store, settings, wanted, since=now - timedelta(days=days), until=now)
        said = token(store.secret("newsletters"), name, send or "nobody@example.org")
    letter = written(settings, wanted, articles, said)
    click.echo(f"{letter.subject}\n\n{letter.text}")
    if send:
        id = f"{name}-test-{now:%Y%m%dT%H%M%S%f}"
        mail.send(
            mail.written(settings.mail, send, letter.subject, letter.text, id=id, at=now, html=letter.html, headers=letter.headers),
            settings.mail,
        )
        click.echo(f"sent to {send}")


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say of how many articles.")
@click.option("--compact", is_flag=True, help="Then write the database anew, as small as it can be: nobody can write meanwhile.")
def forget(*, dry_run: bool, compact: bool) -> None:
    """Forget the texts of articles that are older than `keep` in the configuration says, as the daemon does every day. Without `keep`, none."""
    from datetime import UTC, datetime, timedelta

    from aggregator.run.housekeeping import forget_texts, rules

    settings, now = _settings(), datetime.now(UTC)
    with _store(settings) as store:
        if dry_run:
            total = 0
            for source, rule in rules(store, settings):
                old = store.old_texts(source, before=now - timedelta(days=rule.days or 0), at_least=rule.at_least)
                total += old
                if old:
                    click.echo(f"{source}: {old:,}")
            click.echo(f"would forget the texts of {total:,} of {store.count():,} articles")
            return
        forgotten = forget_texts(store, settings, now=now)
        if compact:
            store.compact()
        elif forgotten:
            store.give_back()
        click.echo(f"forgot the texts of {forgotten:,} of {store.count():,} articles")


def _unverified(settings: Settings) -> int:
    """How many of the polled sources nobody has ever seen to bring news."""
    return sum(source.verified == "never" for source in settings.sources.values())


def _states(store: Store, settings: Settings) -> list[SourceState]:
    """Of every configured source, polled or not."""
    from aggregator.model import SourceState

    held = {state.source: state for state in store.states()}
    return [held.get(source.id) or SourceState(source.id, source.url) for source in settings.sources.values()]


@main.command()
@click.argument("source", required=False)
@click.option("--accept", is_flag=True, help="Go on as proposed: what it shows is the news of this source from now on.")
@click.option("--reject", is_flag=True, help="What it shows is not wanted; keep waiting for its news, and do not ask again.")
def review(source: str | None, *, accept: bool, reject: bool) -> None:
    """What waits for a decision: sources that read unlike themselves. With SOURCE, what is different and what is proposed."""
    from datetime import UTC, datetime

    from aggregator import plan, show

    if (accept and reject) or (source is None and (accept or reject)):
        raise click.UsageError("name one SOURCE, and either --accept or --reject")
    settings = _settings()
    with _store(settings) as store:
        states = [state for state in _states(store, settings) if source is None or state.source in _named((source,), settings)]
        waiting = [state for state in states if state.profile is not None and state.profile.suspicion is not None]
        if source is None or not waiting:
            show.reviews(states)
            return
        if len(waiting) > 1:
            raise click.UsageError(f"several sources of {source} wait: {', '.join(state.source for state in waiting)}")
        (state,) = waiting
        if not accept and not reject:
            show.review(state)
            return
        store.decide(plan.accepted(state, settings.sources[state.source]) if accept else plan.rejected(state), now=datetime.now(UTC))
    click.echo(
        f"{state.source}: accepted; what it shows now is published from its next poll on, which is due"
        if accept
        else f"{state.source}: rejected; nothing of it is published until it is itself again. To end that, change or remove it in the configuration."
    )


@main.command()
@click.argument("source")
def record(source: str) -> None:
    """Save today's page of a source and how it reads as a case in config/checks. `aggregator check` replays all cases."""
    from datetime import UTC, datetime

    from aggregator import checks, scout

    settings = _settings()
    named = _named((source,), settings)
    with _store(settings) as store:
        states = [state for state in _states(store, settings) if state.source in named]
    for state in states:
        known = settings.sources[state.source]
        page = _run(scout.page_of(known, settings, state.moved))
        path = checks.record(_directory() / checks.FOLDER, page, known, now=datetime.now(UTC), profile=state.profile)
        click.echo(f"wrote {path}")


# --- looking -------------------------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("target", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="Where a FILE comes from: its links are resolved against it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def preview(target: str, url: str | None, *, as_json: bool) -> None:
    """Read one page or feed and show what would be published, which reader won, and why. Stores nothing."""
    from aggregator import scout, show

    settings = _settings_or_defaults()
    show.preview(_run(scout.look(target, url, settings)), as_json=as_json)


def _settings_or_defaults() -> Settings:
    """``preview`` works without a configuration, unless one is named."""
    from aggregator.config import defaults

    directory = _directory()
    return _settings() if directory.is_dir() or (click.get_current_context().obj or {}).get("config") else defaults(directory)


@main.command()
@click.argument("article", metavar="ARTICLE")
def explain(article: str) -> None:
    """Where each field of a published item came from. ARTICLE is its id, its guid, or its original address."""
    from aggregator import show

    settings = _settings()
    with _store(settings) as store:
        found = store.find(article.rstrip("/").rpartition("/articles/")[2].removeprefix("urn:uuid:"))
        if found is None:
            raise click.ClickException(f"there is no article {article}; give the id, the guid or the original address of a published item")
        show.explain(found, settings.sources.get(found.source))


@main.command()
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
    type=click.Path(path_type=Path, dir_okay=False),
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
    """Validate the configuration: every problem with its file, line and key. Exit status 2 where something is wrong.

    Recorded cases (`aggregator record`) are read anew; exit status 1 where one reads differently now.
    """
    from aggregator import checks, show

    settings = _settings()
    waiting = len(settings.universities) - sum(each.enabled for each in settings.universities.values())
    click.echo(
        f"{_directory()}: {len(settings.universities)} universities, {len(settings.sources)} sources, {len(settings.feeds)} published feeds: no problem found"
        + (f"; {waiting} of the universities are not enabled" if waiting else "")
        + (f"; {unsure} of the sources were never verified: --online --fix looks and mends" if (unsure := _unverified(settings)) else "")
    )
    if not online and (fix or everything or ids or countries or limit or report):
        raise click.UsageError("--fix, --all, --university, --country, --limit and --report belong to --online")
    differing = show.replayed(checks.replay(_directory() / checks.FOLDER, settings.sources))
    if online:
        chosen = _to_verify(settings, ids, countries, everything=everything)
        _verify(
            settings, chosen, fix=fix, limit=limit, report=report or (Path("check-online.jsonl") if fix else None), failed=differing > 0
        )
    sys.exit(1 if differing else 0)


def _to_verify(settings: Settings, ids: tuple[str, ...], countries: tuple[str, ...], *, everything: bool) -> list[Source]:
    from aggregator.config.choice import Choice, choose, sources_of

    choice = Choice(ids, countries, (), None if everything or ids or countries else True)
    return [source for university in choose(settings, choice) for source in sources_of(settings, university.id)]


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

    _run(verify.verify(left[:limit], settings, tell, fix=fix))
    told.summary(report)
    if fix:
        load(_directory())
    sys.exit(1 if told.failed or failed else 0)


@main.command()
def doctor() -> None:
    """Look at this installation: program, clock, disk, database, rights, names, certificates, public address. Says what to do. Exit status 1: something is bad."""
    from aggregator import doctor as visit
    from aggregator import show

    sys.exit(0 if _run(visit.examine(_settings(), show.finding)) else 1)


# --- changing the configuration ------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("url")
@click.option("--university", metavar="ID", help="Whose source it is; found by the site where this is left out.")
@click.option("--name", metavar="NAME", help="The university's name, where its file must be made.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
def add(url: str, university: str | None, name: str | None, *, yes: bool) -> None:
    """Find the news of a university site, show them, and write the source into config/ (comments there stay)."""
    from aggregator import scout, show
    from aggregator.config import edit, load

    settings = _settings()
    found = _run(scout.find(url, settings))
    show.found(found)
    from aggregator.text import urls

    if (held := next((source for source in settings.sources.values() if urls.key(source.url) == urls.key(found.url)), None)) is not None:
        click.echo(f"{found.url} is configured already, as {held.id}.")
        return
    if waiting := edit.offered([found.url], settings):
        if not yes and not click.confirm(f"It is in the catalogue. Enable {waiting[0]}?", default=True):
            raise click.Abort
        _turn(waiting, on=True)
        return
    addition = _addition(found, url, university, name, settings)
    if not yes and not click.confirm(f"Write it into {_directory()}/universities/{addition.university}.yaml?", default=True):
        raise click.Abort
    for path in edit.add(_directory(), [addition], check=lambda: load(_directory())):
        click.echo(f"wrote {path}")


def _addition(found: Found, url: str, university: str | None, name: str | None, settings: Settings) -> Any:
    from aggregator.config import edit

    id_ = university or edit.university_of(found.url, settings) or edit.university_of(url, settings) or edit.id_of(url)
    if edit.slug(id_) != id_:
        raise click.UsageError(f'"{id_}" cannot be the name of a file; small letters, digits and dashes can')
    return edit.Addition(id_, name or found.site_title or edit.site_of(url), found.home, found.source)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take over a list of feeds (OPML) from another reader: one file a site is written into config/universities."""
    from aggregator.config import edit, load, opml

    settings = _settings()
    brought = opml.parse(file)
    subscriptions = brought.feeds
    additions = edit.additions_of(subscriptions, settings)
    waiting = edit.offered((each.url for each in subscriptions), settings)
    paths = edit.add(_directory(), additions, check=lambda: load(_directory()))
    known = len(subscriptions) - len(additions)
    click.echo(
        f"{len(additions)} of {len(subscriptions)} feeds added, in {len(paths)} files"
        + (f"; {known} were configured already" if known else "")
    )
    for path in paths:
        click.echo(f"wrote {path}")
    for each in brought.odd:
        click.echo(f"left out: {file}: {each} is no http or https address", err=True)
    if waiting:
        _turn(waiting, on=True)


@main.group(cls=_Commands)
def universities() -> None:
    """The catalogue: list the universities that are known, enable more of them, disable others."""


def _chosen(function: Callable[..., None]) -> Callable[..., None]:
    """Adds what says which universities are meant."""
    function = click.option(
        "--language", "languages", multiple=True, metavar="CODE", help="Those with a source in this language, for example zh."
    )(function)
    function = click.option("--country", "countries", multiple=True, metavar="CODE", help="Those of this country, for example CN.")(
        function
    )
    return click.argument("ids", nargs=-1, metavar="[ID]…")(function)


@universities.command("list")
@_chosen
@click.option("--enabled/--disabled", default=None, help="Only those that are polled, or that are not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def list_(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, enabled: bool | None, as_json: bool) -> None:
    """Show universities with their sources, and how sure each source is."""
    from aggregator import show
    from aggregator.config.choice import Choice, choose, sources_of

    settings = _settings()
    chosen = choose(settings, Choice(ids, countries, languages, enabled))
    show.universities([(each, sources_of(settings, each.id)) for each in chosen], as_json=as_json)


@universities.command()
@_chosen
@click.option("--all", "everything", is_flag=True, help="The whole catalogue.")
def enable(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> None:
    """Poll these universities from now on. Comments in their files stay."""
    _turn(_meant(ids, countries, languages, everything=everything), on=True)


@universities.command()
@_chosen
@click.option("--all", "everything", is_flag=True, help="All of them.")
def disable(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> None:
    """Poll these universities no more. What they have published stays."""
    _turn(_meant(ids, countries, languages, everything=everything), on=False)


def _meant(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    from aggregator.config.choice import Choice, choose

    choice = Choice(ids, countries, languages)
    if bool(choice) == everything:
        raise click.UsageError("say which universities are meant: their ids, --country, --language, or --all alone")
    return tuple(each.id for each in choose(_settings(), choice))


def _turn(ids: tuple[str, ...], *, on: bool) -> None:
    from aggregator.config import edit, load

    paths = edit.enable(_directory(), ids, on=on, check=lambda: load(_directory()))
    fresh = load(_directory())
    click.echo(
        f"{len(paths)} universities {'enabled' if on else 'disabled'}, {len(ids) - len(paths)} were so already; "
        f"{len(fresh.sources)} sources of {sum(each.enabled for each in fresh.universities.values())} universities are polled"
    )
    if on and (unsure := _unverified(fresh)):
        click.echo(f'{unsure} of them were never verified: "aggregator check --online --fix" looks and mends')
    if paths:
        click.echo("A running daemon takes it over within seconds.")


@main.command("import-ror")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_ror(file: Path) -> None:
    """Know more universities: the data dump of the Research Organization Registry (the zip or its JSON, https://ror.org)."""
    from aggregator import registries

    _know(file, registries.ror)


@main.command("import-hipo")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_hipo(file: Path) -> None:
    """Know more universities: world_universities_and_domains.json of Hipo's university-domains-list."""
    from aggregator import registries

    _know(file, registries.hipo)


def _know(file: Path, parse: Callable[[bytes, str], tuple[Row, ...]]) -> None:
    """Write what ``file`` tells into the gazetteer of the configuration."""
    from aggregator import files, registries
    from aggregator.config import GAZETTEER
    from aggregator.errors import Problem

    _settings()  # a folder that is a configuration
    path = _directory() / GAZETTEER
    try:
        held = tuple(registries.read(path.read_text(encoding="utf-8"), str(path))) if path.is_file() else ()
        rows = parse(file.read_bytes(), str(file))
        known = registries.merged(held, rows)
        files.write(path, registries.written(known).encode())
    except OSError as error:
        raise InputError([Problem(str(error.filename), None, "", f"cannot be read or written: {error.strerror}")]) from error
    click.echo(f"{len(rows)} universities read; {path} knows {len(known)}, beyond those that come with the program")
    click.echo("a running daemon takes them over with SIGHUP, and looks through its articles again")


@main.command()
def export() -> None:
    """Write all sources as OPML to standard output."""
    from aggregator.config.opml import listing
    from aggregator.publish import render

    click.echo(render(listing(_settings()), "opml").decode(), nl=False)


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), required=False)
def init(directory: Path | None) -> None:
    """Write a starting configuration into DIRECTORY, or where --config says."""
    from aggregator.config import starter

    directory = directory or _directory()
    written = starter.write(directory)
    click.echo(
        f"wrote {written} files into {directory}\nnow: aggregator {'' if directory == Path(DEFAULT_CONFIG) else f'--config {directory} '}run"
    )


# --- publishing ----------------------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--relative", is_flag=True, help="Pages lead to each other wherever the folder stands; feeds keep their addresses.")
@click.option("--compress", is_flag=True, help="Beside each file its .gz and .br, for web servers that send those.")
def publish(directory: Path, *, relative: bool, compress: bool) -> None:
    """Write every feed and page as static files into DIRECTORY, each atomically; what is no longer valid is removed."""
    settings = _settings()
    with _store(settings) as store:
        _publish(_site(store, settings), directory, relative=relative, compress=compress)


def _site(store: Store, settings: Settings) -> Site:
    """As files: where a hub of our own cannot be."""
    from dataclasses import replace

    from aggregator.serve.site import Site

    return Site(store, replace(settings, hub=None) if settings.has_own_hub else settings)


def _publish(site: Site, directory: Path, *, relative: bool = False, compress: bool = False) -> None:
    from aggregator.serve.export import export as write

    report = write(site, directory, relative=relative, compress=compress)
    click.echo(f"{directory}: {report.written} files written, {report.unchanged} unchanged, {report.removed} removed")


@main.command()
@click.option(
    "--publish",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Poll once, write the static site into DIRECTORY, and end.",
)
@click.option("--port", type=int, default=None, help="Where to serve.  [default: 8000]")
def demo(directory: Path | None, port: int | None) -> None:
    """The whole thing on a miniature campus that comes with it: works with no network at all."""
    import signal
    import tempfile

    from aggregator.config import load
    from aggregator.demo.campus import Campus

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the daemon takes it over: the temporary folder goes, whatever ends us
    with tempfile.TemporaryDirectory(prefix="aggregator-demo-") as folder, Campus() as campus:
        config = Path(folder) / "config"
        campus.config(config)
        os.environ.pop("AGGREGATOR_DATABASE", None)  # the demo has its own, and must not touch another
        if port is not None:
            os.environ["AGGREGATOR_PORT"] = str(port)
        settings = load(config)
        if directory is None:
            with suppress(click.Abort):
                _serve(settings, config, greeting=f"{_GREETING}Config: {config}\n")
            return
        _demo_once(settings, directory)


_GREETING = """A miniature campus of eight sites is running on this machine. One of them is down on purpose, one redesigns itself after a while.
If the port is taken, choose another with --port. For other commands: --config as below, while the demo runs.
"""


def _demo_once(settings: Settings, directory: Path) -> None:
    from aggregator import logs, show
    from aggregator.run.once import poll_once
    from aggregator.store import Store

    logs.configure(logging.ERROR)
    with Store.open(settings.database) as store:
        with show.Progress(len(settings.sources)) as progress:
            _run(poll_once(settings, store, progress.report, everything=True))
        _publish(_site(store, settings), directory)


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), required=False)
def schema(directory: Path | None) -> None:
    """Write the JSON Schema of the configuration files, for editors that complete and check YAML: into DIRECTORY, or beside the configuration."""
    from aggregator import files
    from aggregator.config import schemas

    directory = directory or _directory() / "schema"
    try:
        for name, content in schemas().items():
            files.write(directory / name, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
            click.echo(f"wrote {directory / name}")
    except OSError as error:
        raise PublishError(f"{directory}: cannot be written: {error.strerror}", remedy="name another folder") from error
