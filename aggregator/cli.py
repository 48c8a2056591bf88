"""The program: its commands, and how each failure that is expected ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import click

from aggregator import __version__
from aggregator.commands import configuration, daemon, database, doors, looking, operating, publishing, universities
from aggregator.errors import AggregatorError, ConfigError, InputError

_YOUNG = 20_000
"""Objects made before it is looked whether some of them are in circles that nobody holds. At Python's 700 a tenth of a start goes into that."""


INTERRUPTED = 130
"""What shells say of a program that SIGINT has ended."""
KEPT = {
    "add": "what was told as written is written, and nothing else",
    "backfill": "what was read is kept; run again, it goes on there",
    "backup": "nothing was written",
    "check": "the verdicts in a report are kept, and the next run goes on after them",
    "forget": "what is forgotten stays so, the rest is forgotten the next time",
    "import": "run it again: what was written already is not added twice",
    "move": "the other database is not to be used: empty it before the next attempt",
    "poll": "what was polled is kept, the rest is polled the next time",
    "publish": "each file is whole; the rest is written the next time",
    "restore": "nothing was replaced",
}
"""What a command leaves that somebody ends."""


MEANT = {
    **dict.fromkeys(("list", "ls", "show", "sources"), "universities list"),
    **dict.fromkeys(("fix", "mend", "repair"), "check --online --fix"),
    **dict.fromkeys(("remove", "delete", "rm"), "universities disable"),
    **dict.fromkeys(("serve", "start", "daemon", "server"), "run"),
    **dict.fromkeys(("fetch", "update", "refresh", "sync", "pull"), "poll"),
    **dict.fromkeys(("validate", "lint", "test"), "check"),
    **dict.fromkeys(("build", "generate"), "publish"),
    **dict.fromkeys(("setup", "configure"), "init"),
    "enable": "universities enable",
    "disable": "universities disable",
    "subscribe": "add",
    "help": "--help",
    "version": "--version",
}
"""What commands like ours are called elsewhere."""


class _Commands(doors.Commands):
    """Every command takes ``--config``, before or after its name; every expected failure ends in its message and exit status."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        for each in (cmd, *(cmd.commands.values() if isinstance(cmd, click.Group) else ())):
            each.params.append(
                click.Option(
                    ["--config", "config_after"],
                    type=doors.Place(),
                    metavar="DIR",
                    help=f"Folder of the configuration.  [default: {doors.DEFAULT_CONFIG}]",
                    expose_value=False,
                    callback=_remember,
                )
            )
        super().add_command(cmd, name)

    meant = MEANT

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """By what somebody wants to do, and not by the alphabet: who looks here does not know the words yet."""
        width = max(map(len, self.commands))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                room = formatter.width - width - 4
                formatter.write_dl([((each.name or "").ljust(width), each.get_short_help_str(room)) for each in commands])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AggregatorError as error:
            _say(error)
            sys.exit(error.exit_status)
        except PermissionError as error:
            # Python asks for rights in many places where we only look whether something is there.
            _say(
                AggregatorError(f"{error.filename}: {error.strerror}", remedy="check the rights of this file, and of the folders around it")
            )
            sys.exit(AggregatorError.exit_status)
        except KeyboardInterrupt:
            kept = KEPT.get(ctx.invoked_subcommand or "")
            click.echo("\nended by Ctrl-C" + (f": {kept}" if kept else ""), err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # Who read our output has gone (head, less): nothing more to say, and nothing to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


def _remember(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj = ctx.find_root().ensure_object(dict)  # of the program too: it says how each failure ends
        ctx.obj["config"] = value


def _say(error: AggregatorError) -> None:
    wrong = isinstance(error, ConfigError) and not isinstance(error, InputError)
    click.echo(f"The configuration is wrong:\n{error.message}" if wrong else f"error: {error.message}", err=True)
    if error.remedy:
        from aggregator import show

        click.echo(f"  try: {show.tried(error.remedy)}", err=True)


_STATUSES = """\b
Exit status:
  0    it is done
  1    it is not, nothing was found, or something is wrong, as the command has said
  2    the command line, the configuration or a file is wrong; nothing was done
  70   the event loop of `run` or `worker` stood still: start it again
  130  ended by Ctrl-C (`run` and `worker` end in order then, with 0)
"""


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_STATUSES)
@click.version_option(__version__, prog_name="aggregator")
@click.option(
    "--config",
    "config_before",
    type=doors.Place(),
    metavar="DIR",
    envvar="AGGREGATOR_CONFIG",
    help=f"Folder of the configuration.  [default: {doors.DEFAULT_CONFIG}]",
    expose_value=False,
    callback=_remember,
)
def main() -> None:
    """A news wire for the world's universities. It watches their news pages and feeds, and publishes one feed."""
    gc.set_threshold(_YOUNG, 10, 10)


SECTIONS: Mapping[str, tuple[click.Command, ...]] = {
    "Begin": (configuration.init, configuration.add, configuration.import_, looking.doctor, publishing.demo),
    "Run": (daemon.run, daemon.worker, daemon.poll, publishing.publish, daemon.backfill),
    "See how it does": (operating.status, operating.digest, looking.check),
    "Decide": (operating.review, configuration.pause, configuration.resume, universities.universities),
    "Look closer": (looking.preview, looking.explain, operating.record, operating.newsletter),
    "Keep": (database.backup, database.restore, database.move, database.forget, configuration.export),
    "Extend": (universities.import_ror, universities.import_hipo, configuration.schema),
}
"""All commands, by what somebody wants to do."""

for command in chain.from_iterable(SECTIONS.values()):
    main.add_command(command)
