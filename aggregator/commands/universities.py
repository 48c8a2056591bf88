"""The catalogue of universities: which are polled, and which are known at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.commands import doors
from aggregator.errors import AggregatorError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.registries import Row


class _Universities(doors.Commands):
    meant = {  # noqa: RUF012 - a table
        **dict.fromkeys(("add", "new", "create"), "add"),
        **dict.fromkeys(("remove", "delete", "rm"), "universities disable"),
        **dict.fromkeys(("show", "ls"), "universities list"),
        **{name: name for name in ("check", "import", "import-ror", "import-hipo")},
    }


@click.group(cls=_Universities)
def universities() -> None:
    """List, enable and disable universities. Of the catalogue that comes with the program, and your own."""


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
    """Show universities with their sources, and how sure each source is.

    Exit status: 1 where there is none of those that are asked for.
    """
    from aggregator import show
    from aggregator.config.choice import Choice, choose, sources_of

    settings = doors.settings()
    chosen = choose(settings, Choice(ids, countries, languages, enabled))
    show.universities([(each, sources_of(settings, each.id)) for each in chosen], as_json=as_json)
    sys.exit(1 if not chosen and (ids or countries or languages or enabled is not None) else 0)


@universities.command()
@_chosen
@click.option("--all", "everything", is_flag=True, help="The whole catalogue.")
def enable(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> None:
    """Poll these universities from now on. Comments in their files stay."""
    turn(_meant(ids, countries, languages, everything=everything), on=True)


@universities.command()
@_chosen
@click.option("--all", "everything", is_flag=True, help="All of them.")
def disable(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> None:
    """Poll these universities no more. What they have published stays."""
    turn(_meant(ids, countries, languages, everything=everything), on=False)


def _meant(ids: tuple[str, ...], countries: tuple[str, ...], languages: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    from aggregator.config.choice import Choice, choose

    choice = Choice(ids, countries, languages)
    if bool(choice) == everything:
        raise click.UsageError("say which universities are meant: their ids, --country, --language, or --all alone")
    chosen = tuple(each.id for each in choose(doors.settings(), choice))
    if not chosen:
        raise AggregatorError("no university is all of that at once", remedy="aggregator universities list, with fewer options")
    return chosen


_UNIVERSITIES = ("university", "universities")


def turn(ids: tuple[str, ...], *, on: bool) -> None:
    from aggregator import show
    from aggregator.config import edit, load
    from aggregator.text.quantity import counted

    paths = edit.enable(doors.directory(), ids, on=on, check=lambda: load(doors.directory()))
    fresh = load(doors.directory())
    click.echo(
        f"{counted(len(paths), *_UNIVERSITIES)} {'enabled' if on else 'disabled'}, {len(ids) - len(paths)} so already; now polled: "
        f"{counted(len(fresh.sources), 'source')} of {counted(sum(each.enabled for each in fresh.universities.values()), *_UNIVERSITIES)}"
    )
    if on and (unsure := doors.unverified(fresh)):
        click.echo(
            show.tried(
                f'{unsure} of them {"was" if unsure == 1 else "were"} never verified: "aggregator check --online --fix" looks and mends'
            )
        )
    if paths:
        click.echo("A running daemon takes it over within seconds.")


@click.command("import-ror")
@click.argument("file", type=doors.Place(dir_okay=False))
def import_ror(file: Path) -> None:
    """Know more universities, of a dump of ROR. That is the Research Organization Registry, https://ror.org; the zip or its JSON."""
    from aggregator import registries

    _know(file, registries.ror)


@click.command("import-hipo")
@click.argument("file", type=doors.Place(dir_okay=False))
def import_hipo(file: Path) -> None:
    """Know more universities, of a list by Hipo. Its file is world_universities_and_domains.json of university-domains-list."""
    from aggregator import registries

    _know(file, registries.hipo)


def _know(file: Path, parse: Callable[[bytes, str], tuple[Row, ...]]) -> None:
    """Write what ``file`` tells into the gazetteer of the configuration."""
    from aggregator import files, registries
    from aggregator.config import GAZETTEER
    from aggregator.errors import Problem
    from aggregator.text.quantity import counted

    doors.settings()  # a folder that is a configuration
    path = doors.directory() / GAZETTEER
    try:
        held = tuple(registries.read(path.read_text(encoding="utf-8"), str(path))) if path.is_file() else ()
        rows = parse(file.read_bytes(), str(file))
        if not rows:
            raise InputError([Problem(str(file), None, "", "holds no university")], remedy="give the file as it was downloaded")
        known = registries.merged(held, rows)
        files.write(path, registries.written(known).encode())
    except OSError as error:
        raise InputError([Problem(str(error.filename), None, "", f"cannot be read or written: {error.strerror}")]) from error
    click.echo(f"{counted(len(rows), *_UNIVERSITIES)} read; {path} knows {len(known)}, beyond those that come with the program")
    click.echo("a running daemon takes them over with SIGHUP, and looks through its articles again")
