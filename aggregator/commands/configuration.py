"""Writing and exporting the configuration: sources found or brought along, and all that starts one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.commands import doors, universities
from aggregator.errors import PublishError

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.config.edit import Addition
    from aggregator.scout import Found


@click.command()
@click.argument("url")
@click.option("--university", metavar="ID", help="Whose source it is; found by the site where this is left out.")
@click.option("--name", metavar="NAME", help="The university's name, where its file must be made.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
def add(url: str, university: str | None, name: str | None, *, yes: bool) -> None:
    """Find the news of a university site, show them, and write the source into config/ (comments there stay)."""
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
        if not yes and not click.confirm(f"It is in the catalogue. Enable {waiting[0]}?", default=True):
            raise click.Abort
        universities.turn(waiting, on=True)
        return
    addition = _addition(found, url, university, name, settings)
    if not yes and not click.confirm(f"Write it into {doors.directory()}/universities/{addition.university}.yaml?", default=True):
        raise click.Abort
    for path in edit.add(doors.directory(), [addition], check=lambda: load(doors.directory())):
        click.echo(f"wrote {path}")


def _addition(found: Found, url: str, university: str | None, name: str | None, settings: Settings) -> Addition:
    from aggregator.config import edit

    id_ = university or edit.university_of(found.url, settings) or edit.university_of(url, settings) or edit.id_of(url)
    if edit.slug(id_) != id_:
        raise click.UsageError(f'"{id_}" cannot be the name of a file; small letters, digits and dashes can')
    return edit.Addition(id_, name or found.site_title or edit.site_of(url), found.home, found.source)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take over a list of feeds (OPML) from another reader: one file a site is written into config/universities."""
    from aggregator.config import edit, load, opml

    settings = doors.settings()
    brought = opml.parse(file)
    subscriptions = brought.feeds
    additions = edit.additions_of(subscriptions, settings)
    waiting = edit.offered((each.url for each in subscriptions), settings)
    paths = edit.add(doors.directory(), additions, check=lambda: load(doors.directory()))
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
        universities.turn(waiting, on=True)


@click.command()
def export() -> None:
    """Write all sources as OPML to standard output."""
    from aggregator.config.opml import listing
    from aggregator.publish import render

    click.echo(render(listing(doors.settings()), "opml").decode(), nl=False)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), required=False)
def init(directory: Path | None) -> None:
    """Write a starting configuration into DIRECTORY, or where --config says."""
    from aggregator.config import starter

    directory = directory or doors.directory()
    written = starter.write(directory)
    click.echo(
        f"wrote {written} files into {directory}\nnow: aggregator {'' if directory == Path(doors.DEFAULT_CONFIG) else f'--config {directory} '}run"
    )


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), required=False)
def schema(directory: Path | None) -> None:
    """Write the JSON Schema of the configuration files, for editors that complete and check YAML: into DIRECTORY, or beside the configuration."""
    from aggregator import files
    from aggregator.config import schemas

    directory = directory or doors.directory() / "schema"
    try:
        for name, content in schemas().items():
            files.write(directory / name, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
            click.echo(f"wrote {directory / name}")
    except OSError as error:
        raise PublishError(f"{directory}: cannot be written: {error.strerror}", remedy="name another folder") from error
