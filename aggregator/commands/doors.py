"""What the commands share: the way to the configuration and into the database, and how names on the command line are meant."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
from collections.abc import Coroutine, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregator.config import Settings
    from aggregator.model import SourceState
    from aggregator.store import Store
    from aggregator.store.lock import Manner

DEFAULT_CONFIG = "config"

_T = TypeVar("_T")


class Place(click.Path):
    """A file or folder that is named. An empty name, such as that of a shell's variable that is not set, is none: to Python it would be this folder."""

    def __init__(self, **kinds: bool) -> None:
        super().__init__(path_type=Path, **kinds)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("an empty name names no file and no folder", param, ctx)
        return super().convert(value, param, ctx)


class Commands(click.Group):
    """Tells who uses another program's word for a command what it is called here. ``meant``: by those words."""

    meant: Mapping[str, str] = {}

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.meant:
            ctx.fail(f'No such command "{args[0]}": what you mean may be "aggregator {self.meant[args[0]]}"')
        return super().resolve_command(ctx, args)


def directory() -> Path:
    return Path((click.get_current_context().obj or {}).get("config", DEFAULT_CONFIG))


def settings() -> Settings:
    gc.disable()  # many objects, and no circles among them
    try:
        from aggregator.config import load

        return load(directory())
    finally:
        gc.enable()


@contextmanager
def store(settings: Settings) -> Iterator[Store]:
    """Says so where there was none: it may be looked for in another folder than the daemon's."""
    from aggregator.store import Store

    file = settings.database.removeprefix("sqlite:///")
    missing = file != settings.database and not Path(file).exists()
    with Store.open(settings.database) as store:
        if missing:
            click.echo(f"There was no database at {store.place}: an empty one has been made.", err=True)
        yield store


@contextmanager
def existing(settings: Settings) -> Iterator[Store | None]:
    """None where there is no database yet: to look at something makes none."""
    from aggregator.store import Store

    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        yield None
        return
    with Store.open(settings.database) as store:
        yield store


def resolve_doubts(settings: Settings, store: Store | None) -> None:
    """Tell which queries name universities that are not configured any more. Raises ConfigError with those that name what never was, or was in no database."""
    from aggregator.config.former import resolve

    for problem in resolve(settings.doubts, store.former() if store and settings.doubts else {}):
        click.echo(f"warning: {problem}", err=True)


def tell_retaken(settings: Settings, store: Store) -> None:
    """Tell which universities are given an id that was another one's: before they are polled, which makes it theirs."""
    from aggregator.config.former import retaken

    for problem in retaken(settings, store.resting()):
        click.echo(f"warning: {problem}", err=True)


def look_for_retaken(settings: Settings) -> None:
    """``tell_retaken``, as far as the database can be asked: a configuration is right or wrong without it, and who only checks or writes one changes nothing there."""
    from aggregator.errors import StoreError
    from aggregator.store import Store

    file = settings.database.removeprefix("sqlite:///")
    try:
        if file != settings.database and not Path(file).exists():
            return
        store = Store.look(settings.database)
        if store is not None:
            with store:
                tell_retaken(settings, store)
    except (StoreError, OSError) as error:
        click.echo(
            f"the database could not be asked which ids were used before: {error if isinstance(error, StoreError) else error.strerror}",
            err=True,
        )


def program() -> str:
    """What to type for this program, as it was started."""
    from aggregator.config import typed

    return typed.program()


@contextmanager
def held(address: str, manner: Manner) -> Iterator[None]:
    """The database is this command's meanwhile, in that manner. Raises HeldDatabase where it is another's; says so where that cannot be known."""
    from datetime import UTC, datetime

    from aggregator.store.lock import held as locked

    with locked(address, f"aggregator {click.get_current_context().info_name}", now=datetime.now(UTC), manner=manner) as doubt:
        if doubt is not None:
            click.echo(f"{doubt}: make sure that {_ELSEWISE[manner]}", err=True)
        yield


_ELSEWISE: Mapping[Manner, str] = {
    "once": "nobody restores or moves it meanwhile",
    "for good": "no other daemon works on it",
    "alone": "no daemon and no poll works on it",
}


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    gc.freeze()  # the program and its configuration: no look for garbage needs to go through them
    return asyncio.run(coroutine)


def agree(question: str) -> None:
    """Go on where the answer is yes, which return alone means; end with status 1 where it is no, or there is nobody to ask."""
    try:
        agreed = click.confirm(question, default=True)
    except click.Abort:
        click.echo("", err=True)
        raise click.UsageError("nobody answered, and nothing was written; --yes writes without asking") from None
    if not agreed:
        click.echo("Nothing was written.")
        raise click.exceptions.Exit(1)


def named(names: tuple[str, ...], settings: Settings) -> frozenset[str]:
    """Source ids, or ids of universities for all of theirs."""
    from difflib import get_close_matches

    from aggregator import show

    found: set[str] = set()
    for name in names:
        matching = {source.id for source in settings.sources.values() if name in (source.id, source.university, source.url)}
        if not matching:
            _check_polled(name, settings)
            near = get_close_matches(name, [*settings.sources, *settings.universities], 1)
            raise click.UsageError(
                f'no source or university is called "{name}"'
                + (f'; did you mean "{near[0]}"?' if near else show.tried('; "aggregator status" lists them'))
            )
        found |= matching
    return frozenset(found)


def _check_polled(name: str, settings: Settings) -> None:
    """Raises UsageError where there is something of this name of which nothing is polled."""
    from aggregator import show

    offered = next((each for each in settings.offered.values() if name in (each.id, each.university, each.url)), None)
    university = settings.universities.get(offered.university or "" if offered else name)
    if university is not None and not university.enabled:
        enabling = show.tried(f"aggregator universities enable {university.id}")
        raise click.UsageError(f'"{name}" is not enabled, so nothing of it is polled: {enabling}')
    if university is not None:
        raise click.UsageError(f'"{name}" has no source yet: {show.tried(f"aggregator add ADDRESS --university {university.id}")}')


def tell_if_empty(settings: Settings) -> None:
    """A configuration without sources may be one that was just begun, or the wrong folder."""
    if not settings.sources:
        where = "" if directory() == Path(DEFAULT_CONFIG) else f" --config {shlex.quote(str(directory()))}"
        known = (
            f'; "{program()} universities list{where}" shows {len(settings.universities)} that can be enabled' if settings.offered else ""
        )
        click.echo(f'There are no sources in {directory()}: "{program()} add https://www.your-university.edu{where}" writes one{known}.')


def states(store: Store, settings: Settings) -> list[SourceState]:
    """Of every configured source, polled or not. What the configuration lets rest does so, though nothing that polls may have heard of it yet."""
    from aggregator.model import SourceState

    held = {state.source: state for state in store.states()}
    known = ((source, held.get(source.id) or SourceState(source.id, source.url)) for source in settings.sources.values())
    return [state if state.paused is source.paused else replace(state, paused=source.paused) for source, state in known]


def unverified(settings: Settings) -> int:
    """How many of the polled sources nobody has ever seen to bring news."""
    return sum(source.verified == "never" for source in settings.sources.values())
