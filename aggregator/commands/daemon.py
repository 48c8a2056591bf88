"""Polling and serving: for good, as one of many workers, or once."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import click

from aggregator.commands import doors

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from aggregator.config import Settings


@click.command()
@click.option("--no-poll", is_flag=True, help="Leave the polling to `aggregator worker`, here or on other machines; on PostgreSQL only.")
def run(*, no_poll: bool) -> None:
    """Poll what is due, and serve feeds and pages.

    The daemon: it runs until it is told to end (Ctrl-C, SIGTERM), and takes over changes of the configuration.

    Exit status: 0 where it was told to end, 1 where it cannot begin, 70 where its event loop stood still for minutes and it is to be started again.
    """
    settings = doors.settings()
    if no_poll and not settings.database.startswith("postgresql:"):
        raise click.UsageError("--no-poll needs a PostgreSQL database: on SQLite nobody else can poll")
    serve(settings, doors.directory(), greeting="", polls=not no_poll)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="Answer /healthz, /livez and /metrics there, on the `host` of aggregator.yaml.  [default: nowhere]",
)
def worker(port: int | None) -> None:
    """Poll for a daemon on the same PostgreSQL database.

    What `aggregator run` schedules, until told to end. Any number may run, on any number of machines.

    Exit status: 0 where it was told to end, 1 where it cannot begin, 70 where its event loop stood still for minutes and it is to be started again.
    """
    from aggregator.config import load
    from aggregator.store import Store

    settings, directory = doors.settings(), doors.directory()
    _begin(settings)
    with Store.open(settings.database) as store:
        if not store.is_shared:
            raise click.UsageError("workers share a PostgreSQL database; set `database`, or AGGREGATOR_DATABASE, to postgresql://…")
        from aggregator.config import reachable
        from aggregator.run.listening import listen
        from aggregator.run.worker import work

        sock = None if port is None else listen(settings.host, port, said="set --port")
        if sock is not None:
            click.echo(f"Health: http://{reachable(settings.host)}:{sock.getsockname()[1]}/healthz")
        doors.run(work(settings, store, lambda: load(directory), sock=sock))


def serve(settings: Settings, directory: Path, *, greeting: str, polls: bool = True) -> None:
    from datetime import UTC, datetime

    from aggregator.config import load
    from aggregator.desk import Desk
    from aggregator.meters import Meters
    from aggregator.run.daemon import Daemon
    from aggregator.run.hub import Hub
    from aggregator.run.letters import Leaving
    from aggregator.run.pings import Pings
    from aggregator.serve.app import application
    from aggregator.serve.counted import Counted
    from aggregator.serve.site import Site
    from aggregator.store import Store

    _begin(settings)

    def started(address: str) -> None:
        click.echo(f"{greeting}Feed:   {address}/feeds/all.rss\nPages:  {address}/\nStatus: {address}/status\nData:   {store.place}")
        doors.tell_if_empty(settings)

    with (
        doors.held(settings.database, "for good"),
        Store.open(settings.database) as store,
        store.voice() as voice,
    ):
        site, meters = Site(store, settings), Meters()

        def take(fresh: Settings) -> None:
            nonlocal site
            site = Site(store, fresh, daemon.health, daemon.metrics)

        hub = Hub(store, lambda: site, settings, speaks=voice.is_ours)
        pings = Pings(store, lambda: site, settings, speaks=voice.is_ours)
        app = application(
            lambda: site,
            hubs=lambda: daemon.subscriptions,
            hub=hub.accept,
            leavers=Leaving(store, lambda: site.settings, clock=lambda: datetime.now(UTC)),
            hands=Desk(store, lambda: site.settings, directory, clock=lambda: datetime.now(UTC)),
        )
        daemon = Daemon(
            settings,
            store,
            voice=voice,
            app=Counted(app, meters.served),
            meters=meters,
            reload=lambda: load(directory),
            changed=take,
            polls=polls,
            beside=[hub.run, pings.run],
        )
        take(settings)
        doors.run(daemon.run(started))


def _begin(settings: Settings) -> None:
    """What is to be known of a process that runs for long: its log, and where it stood if it is aborted, as systemd does with one that hangs."""
    import faulthandler

    from aggregator import logs

    logs.configure(settings.log.level, settings.log.format)
    faulthandler.enable(file=2)


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@click.option("--all", "everything", is_flag=True, help="Poll every source, due or not.")
def poll(sources: tuple[str, ...], *, everything: bool) -> None:
    """Poll once what is due, then end.

    Or the named sources or universities, or all. Tidies up afterwards as the daemon does beside, for a few seconds.

    Exit status: 0 where at least one source answered or none was due, 1 where every source failed, or none of those named was polled.
    """
    from aggregator import logs, show
    from aggregator.run.once import poll_once
    from aggregator.store import Store

    logs.configure(logging.ERROR)
    settings = doors.settings()
    only = doors.named(sources, settings) if sources else None
    asked = only or (frozenset(settings.sources) if everything else frozenset())
    with doors.held(settings.database, "once"), Store.open(settings.database) as store:
        doors.tell_retaken(settings, store)
        with show.Progress(len(asked) or None) as progress:
            doors.run(poll_once(settings, store, progress.report, only=only, everything=everything))
        doors.tell_if_empty(settings)
        if left := asked - progress.polled:
            show.unpolled(state for state in doors.states(store, settings) if state.source in left)
    wanted = progress.failed or sources
    sys.exit(1 if wanted and not progress.succeeded else 0)


@click.command()
@click.argument("source")
@click.option("--pages", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many pages to go back at most.")
@click.option("--items", type=click.IntRange(1), help="Stop after so many new articles.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Stop at articles older than this day.")
def backfill(source: str, pages: int, items: int | None, since: datetime | None) -> None:
    """Read the older pages of a source's list. As politely as polls do. Run again, it goes on where it ended, however it ended."""
    from datetime import UTC

    from aggregator import logs, show
    from aggregator.run.backfill import Until
    from aggregator.run.backfill import backfill as walk
    from aggregator.store import Store

    logs.configure(logging.ERROR)
    settings = doors.settings()
    named = doors.named((source,), settings)
    if len(named) > 1:
        raise click.UsageError(f"{source} has several sources: {', '.join(sorted(named))}")
    until = Until(pages, items, since.replace(tzinfo=UTC) if since else None)
    with doors.held(settings.database, "once"), Store.open(settings.database) as store:
        click.echo(doors.run(walk(settings, store, next(iter(named)), until, show.older)))
