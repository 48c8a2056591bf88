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
@click.argument("file", type=doors.Place())
def backup(file: Path) -> None:
    """Write a copy of the whole database to the new FILE. Everything may run meanwhile. One SQLite file, from PostgreSQL too."""
    from aggregator import show
    from aggregator.store.backup import backup as copied

    with doors.store(doors.settings()) as store, show.Copying() as bar:
        size = copied(store, file, bar.report)
        click.echo(f"{file}: {size:,} bytes, {counted(store.count(), 'article')}")


@click.command()
@click.argument("file", type=doors.Place(), required=False)
@click.option("--tidy", "days", type=click.IntRange(0), metavar="DAYS", help="Delete what restores put aside so many days ago or longer.")
def restore(file: Path | None, days: int | None) -> None:
    """Put the backup FILE in the place of the database. End the daemon first; what was there is kept under another name.

    That is put aside beside the database, whole: `aggregator doctor` says what lies there, and --tidy deletes what is old of it, with FILE or alone. Only
    what a restore has put aside, and nobody has changed since, is ever deleted.

    A database on PostgreSQL must be an empty one: nothing is put away there.
    """
    if file is None and days is None:
        raise click.UsageError("name the backup FILE, or --tidy DAYS")
    from aggregator.config.database import file_of

    address = doors.settings().database
    place = file_of(address)
    if file is not None:
        _restore(file, address, place)
    if days is not None:
        _tidy(place, days)


def _restore(file: Path, address: str, place: Path | None) -> None:
    from datetime import UTC, datetime

    from aggregator import aside, show
    from aggregator.store.backup import restore as restored

    now = datetime.now(UTC)
    with doors.held(address, "alone"), show.Copying() as bar:
        kept = restored(file, address, bar.report, now=now)
    click.echo("restored" + (f"; what was there is kept as {kept}" if kept else ""))
    if kept is None or place is None:
        return
    try:
        put = aside.note(place, kept, now=now)
        others = [each for each in aside.found(place) if each != put]
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}: it could not be noted, so --tidy will leave it there", err=True)
        return
    beside = f", and {counted(len(others), 'older one')} of {sum(each.size for each in others):,}" if others else ""
    told = f'that is {put.size:,} bytes{beside}; "aggregator restore --tidy 30" deletes what was put aside so many days ago'
    click.echo(show.tried(told))


def _tidy(place: Path | None, days: int) -> None:
    from datetime import UTC, datetime, timedelta

    from aggregator import aside
    from aggregator.errors import StoreError

    try:
        gone = aside.tidy(place, before=datetime.now(UTC) - timedelta(days=days)) if place else ()
    except OSError as error:
        raise StoreError(f"{error.filename}: {error.strerror}", remedy="check the rights of this file and its folder") from error
    for each in gone:
        click.echo(f"deleted {each.path}, put aside on {each.since:%Y-%m-%d}: {each.size:,} bytes")
    if not gone:
        click.echo("nothing that a restore has put aside is that old")


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
        ruled = tuple(rules(store, settings))
        if not ruled and not compact:
            click.echo("nothing is forgotten: no `keep` of the configuration names days")
            return
        if dry_run:
            total = 0
            for source, rule in ruled:
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
