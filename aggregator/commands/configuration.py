"""Writing and exporting the configuration: sources found or brought along, and all that starts one."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from aggregator.commands import doors, universities
from aggregator.errors import AggregatorError, PublishError


@click.command()
@click.argument("url")
@click.option("--university", metavar="ID", help="Whose source it is; found by the site where this is left out.")
@click.option("--name", metavar="NAME", help="The university's name, where its file must be made.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
def add(url: str, university: str | None, name: str | None, *, yes: bool) -> None:
    """Find the news of a university site, and add them.

    They are shown first; the source is written into config/, where comments stay.
    """
    from aggregator import scout, show
    from aggregator.config import edit, load

    settings = doors.settings()
    found = doors.run(scout.find(url, settings))
    show.found(found)
    from aggregator.text import urls

    if (held := next((source for source in settings.sources.values() if urls.key(source.url) == urls.key(found.url)), None)) is not None:
        click.echo(f"{found.url} is configured already, as {held.id}.")
        return
    if waiting := edit.offered([found.url], settings):
        if not yes:
            doors.agree(f"It is in the catalogue. Enable {waiting[0]}?")
        universities.turn(waiting, on=True)
        return
    addition = scout.addition(found, url, settings, university=university, name=name)
    if not yes:
        doors.agree(f"Write it into {doors.directory()}/universities/{addition.university}.yaml?")
    (path,) = edit.add(doors.directory(), [addition], check=lambda: load(doors.directory()))
    click.echo(f"wrote {path}")
    fresh = doors.settings()
    doors.look_for_retaken(fresh)
    show.added(fresh, addition.university, path)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def pause(sources: tuple[str, ...]) -> None:
    """Leave sources alone for now. Nothing is fetched, and what is known stays. SOURCE: its id, or a university for all of its."""
    _rest(sources, on=True)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def resume(sources: tuple[str, ...]) -> None:
    """Poll sources again that were paused."""
    _rest(sources, on=False)


def _rest(names: tuple[str, ...], *, on: bool) -> None:
    from aggregator.config import edit, load

    settings, directory = doors.settings(), doors.directory()
    for id_ in sorted(doors.named(names, settings)):
        changed = edit.pause(directory, settings.sources[id_], on=on, check=lambda: load(directory))
        told = "paused" if on else "polled again"
        click.echo(f"{id_}: {told}, in {changed[0]}" if changed else f"{id_}: {told} already")


@click.command("import")
@click.argument("file", type=doors.Place())
def import_(file: Path) -> None:
    """Take over a list of feeds (OPML) from another reader.

    Or a file with an address a line, as newsboat has it.

    One file a university is written into config/universities. What `aggregator export` wrote elsewhere keeps its universities; else the feeds of a
    site are one, called as their folder where that holds nothing else, as it is known, or as its feed or site.

    Exit status: 1 where FILE holds no feed.
    """
    from aggregator.config import edit, load, opml
    from aggregator.config.brought import additions_of
    from aggregator.text.quantity import counted

    settings = doors.settings()
    brought = opml.parse(file)
    subscriptions = brought.feeds
    for each in brought.odd:
        click.echo(f"left out: {file}: {each} is no http or https address", err=True)
    if not subscriptions:
        raise AggregatorError(f"{file} holds no feeds", remedy="export the list from your reader again")
    additions = additions_of(subscriptions, settings)
    waiting = edit.offered((each.url for each in subscriptions), settings)
    paths = edit.add(doors.directory(), additions, check=lambda: load(doors.directory()))
    known = len(subscriptions) - len(additions)
    click.echo(
        f"{len(additions)} of {counted(len(subscriptions), 'feed')} added, in {counted(len(paths), 'file')}"
        + (f"; {known} {'was' if known == 1 else 'were'} configured already" if known else "")
    )
    for path in paths:
        click.echo(f"wrote {path}")
    doors.look_for_retaken(doors.settings())
    if waiting:
        universities.turn(waiting, on=True)


@click.command()
def export() -> None:
    """Write all enabled sources as OPML to standard output. Pages without a feed as the feeds that the daemon makes of them.

    OPML has no place for rules, pauses, topics, countries and other names: to take those along, copy the folder of the configuration.
    """
    from aggregator.config.opml import listing
    from aggregator.publish import render

    settings = doors.settings()
    with doors.existing(settings) as store:
        readers = {state.source: state.reader for state in store.states()} if store else {}
    click.echo(render(listing(settings, readers), "opml").decode().rstrip("\n"))


@click.command()
@click.argument("directory", type=doors.Place(file_okay=False), required=False)
def init(directory: Path | None) -> None:
    """Write a starting configuration. Into DIRECTORY, or where --config says."""
    from aggregator.config import starter

    directory = directory or doors.directory()
    written = starter.write(directory)
    where = "" if directory == Path(doors.DEFAULT_CONFIG) else f"--config {shlex.quote(str(directory))} "
    click.echo(f"wrote {written} files into {directory}\nnow: {doors.program()} {where}run")


@click.command()
@click.argument("directory", type=doors.Place(file_okay=False), required=False)
def schema(directory: Path | None) -> None:
    """Write the JSON Schema of the configuration.

    For editors that complete and check YAML; into DIRECTORY, or beside the configuration.
    """
    from aggregator import files
    from aggregator.config import schemas

    directory = directory or doors.directory() / "schema"
    try:
        for name, content in schemas().items():
            files.write(directory / name, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
            click.echo(f"wrote {directory / name}")
    except OSError as error:
        raise PublishError(f"{directory}: cannot be written: {error.strerror}", remedy="name another folder") from error
