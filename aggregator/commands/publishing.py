"""Feeds and pages as files, and the demo."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.commands import daemon, doors

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.serve.site import Site
    from aggregator.store import Store


@click.command()
@click.argument("directory", type=doors.Place(file_okay=False))
@click.option("--relative", is_flag=True, help="Pages lead to each other wherever the folder stands; feeds keep their addresses.")
@click.option("--compress", is_flag=True, help="Beside each file its .gz and .br, for web servers that send those.")
def publish(directory: Path, *, relative: bool, compress: bool) -> None:
    """Write every feed and page as static files. Into DIRECTORY, each atomically; what is no longer valid is removed."""
    settings = doors.settings()
    _check_place(directory, settings)
    if settings.site.is_local:
        click.echo(f"warning: what is published leads to {settings.site.url}, this machine alone: set site.url first", err=True)
    with doors.store(settings) as store:
        _publish(_site(store, settings), directory, relative=relative, compress=compress)


def _check_place(directory: Path, settings: Settings) -> None:
    """Raises PublishError where the configuration or the database would be among what a web server shows to everybody."""
    from aggregator.config import SETTINGS
    from aggregator.errors import PublishError

    target, config = directory.resolve(), doors.directory().resolve()
    file = settings.database.removeprefix("sqlite:///")
    if target == config or (target / SETTINGS).exists():
        said = "is the folder of a configuration"
    elif target.is_relative_to(config):
        said = "is a part of a configuration"
    elif config.is_relative_to(target):
        said = "holds the configuration"
    elif file != settings.database and Path(file).resolve().is_relative_to(target):
        said = "holds the database"
    else:
        return
    raise PublishError(f"{directory} {said}, and what is published is for everybody", remedy="name another folder, such as public")


def _site(store: Store, settings: Settings) -> Site:
    """As files: where a hub of our own cannot be."""
    from dataclasses import replace

    from aggregator.serve.site import Site

    doors.resolve_doubts(settings, store)
    return Site(store, replace(settings, hub=None) if settings.has_own_hub else settings)


def _publish(site: Site, directory: Path, *, relative: bool = False, compress: bool = False) -> None:
    from aggregator.serve.export import export as write
    from aggregator.text.quantity import counted

    report = write(site, directory, relative=relative, compress=compress)
    click.echo(f"{directory}: {counted(report.written, 'file')} written, {report.unchanged} unchanged, {report.removed} removed")


@click.command()
@click.option(
    "--publish",
    "directory",
    type=doors.Place(file_okay=False),
    help="Poll once, write the static site into DIRECTORY, and end.",
)
@click.option("--port", type=click.IntRange(0, 65_535), default=None, help="Where to serve.  [default: 8000]")
def demo(directory: Path | None, port: int | None) -> None:
    """Show the whole thing on a miniature campus. It comes with the program, and works with no network at all."""
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
            with suppress(KeyboardInterrupt):
                daemon.serve(settings, config, greeting=f"{_GREETING}Config: {config}\n")
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
    with doors.held(settings.database, "once"), Store.open(settings.database) as store:
        with show.Progress(len(settings.sources)) as progress:
            doors.run(poll_once(settings, store, progress.report, everything=True))
        _publish(_site(store, settings), directory)
