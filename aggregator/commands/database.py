"""The whole database: copied, moved, put back, made smaller."""

from __future__ import annotations

from pathlib import Path

import click

from aggregator.commands import doors
from aggregator.text.quantity import counted


@click.command()
@click.option(
    "--to", "target", required=True, metavar="ADDRESS", help="The empty database: postgresql://USER:PASSWORD@HOST/NAME, or sqlite:///PATH."
)
def move(target: str) -> None:
    """Copy everything into another database. Ids and revisions stay. End the daemon first; then set `database` to the new address."""
    from aggregator import show
    from aggregator.errors import HeldDatabase
    from aggregator.store import Store
    from aggregator.store.move import move as copied

    address = doors.settings().database
    with (
        doors.held(address, "alone"),
        Store.open(address) as ours,
        ours.voice() as voice,
        Store.open(target) as theirs,
        show.Copying() as bar,
    ):
        if ours.company() or not voice.is_ours():
            raise HeldDatabase(
                f"a daemon, a worker or another command works on {ours.name}",
                remedy="end all daemons and workers first: what they add meanwhile would be left behind",
            )
        found = copied(ours, theirs, bar.report)
    click.echo(
        f"{counted(found['articles'], 'article')} of {counted(found['sources'], 'source')} are in {theirs.name} now. Set `database` to it and start again."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a copy of the whole database to the new FILE. Everything may run meanwhile. One SQLite file, from PostgreSQL too."""
    from aggregator import show
    from aggregator.store.backup import backup as copied

    with doors.store(doors.settings()) as store, show.Copying() as bar:
        size = copied(store, file, bar.report)
        click.echo(f"{file}: {size:,} bytes, {counted(store.count(), 'article')}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the database. End the daemon first; what was there is kept under another name.

    A database on PostgreSQL must be an empty one: nothing is put away there.
    """
    from datetime import UTC, datetime

    from aggregator import show
    from aggregator.store.backup import restore as restored

    address = doors.settings().database
    with doors.held(address, "alone"), show.Copying() as bar:
        kept = restored(file, address, bar.report, now=datetime.now(UTC))
    click.echo("restored" + (f"; what was there is kept as {kept}" if kept else ""))


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say of how many articles.")
@click.option("--compact", is_flag=True, help="Then write the database anew, as small as it can be: nobody can write meanwhile.")
def forget(*, dry_run: bool, compact: bool) -> None:
    """Forget the texts of articles that are too old.

    Older than `keep` in the configuration says, as the daemon does every day. Without `keep`, none.
    """
    from datetime import UTC, datetime, timedelta

    from aggregator.run.housekeeping import forget_texts, rules

    settings, now = doors.settings(), datetime.now(UTC)
    with doors.held(settings.database, "once"), doors.store(settings) as store:
        if dry_run:
            total = 0
            for source, rule in rules(store, settings):
                old = store.old_texts(source, before=now - timedelta(days=rule.days or 0), at_least=rule.at_least)
                total += old
                if old:
                    click.echo(f"{source}: {old:,}")
            click.echo(f"would forget the texts of {total:,} of {counted(store.count(), 'article')}")
            return
        forgotten = forget_texts(store, settings, now=now)
        if compact:
            store.compact()
        elif forgotten:
            store.give_back()
        click.echo(f"forgot the texts of {forgotten:,} of {counted(store.count(), 'article')}")
