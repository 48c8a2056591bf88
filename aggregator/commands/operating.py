"""What an operator is told and decides: how the sources do, the digest, newsletters, what waits for a decision."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from aggregator.commands import doors
from aggregator.errors import AggregatorError, MessageError
from aggregator.text.quantity import counted

if TYPE_CHECKING:
    from aggregator.model import SourceState


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def status(*, as_json: bool) -> None:
    """Show how every source does. Its state, the last success, the next poll, and what is wrong where something is."""
    from aggregator import show

    settings = doors.settings()
    with doors.store(settings) as store:
        pushes = {each.source: each for each in store.subscriptions()}
        show.status(
            doors.states(store, settings),
            pushes,
            articles=store.count(),
            revision=store.revision(),
            unverified=doors.unverified(settings),
            as_json=as_json,
            sources=settings.sources,
        )


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True, help="Of how many days.")
@click.option("--send", is_flag=True, help="Send it to notify.to and notify.chat, to see whether it arrives. The daily one is not touched.")
def digest(days: int, *, send: bool) -> None:
    """Show the digest for the operator. What broke, what mended itself, what needs a decision.

    Exit status: 1 where it was to be sent and was not.
    """
    from datetime import UTC, datetime, timedelta

    from aggregator.bulletin import Bulletin
    from aggregator.run.telling import bulletin, tell_all

    settings, now = doors.settings(), datetime.now(UTC)
    with doors.store(settings) as store:
        told = bulletin(store, settings, since=now - timedelta(days=days), until=now)
    told = told or Bulletin(f"{settings.site.title}: nothing to tell", "Nothing broke, and nothing needs a decision.\n")
    click.echo(f"{told.subject}\n\n{told.text}")
    if send:
        ways = tell_all(settings, told, now)
        if not ways:
            raise MessageError("not sent: nobody is to get it", remedy="set notify.to or notify.chat in aggregator.yaml")
        click.echo(f"sent by {' and '.join(ways)}")


@click.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Of how many days.")
@click.option("--send", metavar="ADDRESS", help="Send it there, to see how it looks. Its readers get nothing, and miss nothing.")
def newsletter(name: str, *, days: int, send: str | None) -> None:
    """Show what a newsletter says of the last days."""
    from datetime import UTC, datetime, timedelta

    from aggregator import mail
    from aggregator.newsletter import token
    from aggregator.run.letters import fresh, written

    settings, now = doors.settings(), datetime.now(UTC)
    wanted = next((each for each in settings.newsletters if each.name == name), None)
    if wanted is None:
        there = ", ".join(each.name for each in settings.newsletters) or "none"
        raise click.UsageError(f'no newsletter is called "{name}"; in aggregator.yaml there are: {there}')
    with doors.store(settings) as store:
        doors.resolve_doubts(settings, store)
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


@click.command()
@click.argument("source", required=False)
@click.option("--accept", is_flag=True, help="Go on as proposed: what it shows is the news of this source from now on.")
@click.option("--reject", is_flag=True, help="What it shows is not wanted; keep waiting for its news, and do not ask again.")
@click.option("--list", "number", type=click.IntRange(1), metavar="N", help="Decide about a list that is left out, by its number.")
def review(source: str | None, *, accept: bool, reject: bool, number: int | None) -> None:
    """Show what waits for a decision. With SOURCE, what is different and what is proposed.

    Sources that read unlike themselves wait, and new lists of their pages that are left out.

    Exit status: 1 where --accept or --reject finds nothing to decide.
    """
    from datetime import UTC, datetime

    from aggregator import plan, show

    decides = accept or reject
    if (accept and reject) or (source is None and decides) or (number is not None and not decides):
        raise click.UsageError("name one SOURCE, and either --accept or --reject")
    settings = doors.settings()
    with doors.held(settings.database, "once") if decides else nullcontext(), doors.store(settings) as store:
        states = [state for state in doors.states(store, settings) if source is None or state.source in doors.named((source,), settings)]
        waiting = [state for state in states if state.profile is not None and state.profile.is_to_be_reviewed]
        if decides and not waiting:
            raise AggregatorError(f"nothing of {source} waits for a decision", remedy="aggregator review shows what does")
        if source is None or not waiting:
            show.reviews(states)
            return
        if len(waiting) > 1:
            raise click.UsageError(f"several sources of {source} wait: {', '.join(state.source for state in waiting)}")
        (state,) = waiting
        if not decides:
            show.review(state)
            return
        listed = _listed(state, number)
        if listed is not None:
            decided = plan.taken_in(state, listed) if accept else plan.kept_out(state, listed)
        else:
            decided = plan.accepted(state, settings.sources[state.source]) if accept else plan.rejected(state)
        store.decide(decided, now=datetime.now(UTC))
    click.echo(f"{state.source}: {_DECIDED[accept, listed is not None]}")


_DECIDED = {
    (True, False): "accepted; what it shows now is published from its next poll on, which is due",
    (False, False): "rejected; nothing of it is published until it is itself again. To end that, change or remove it in the configuration.",
    (True, True): "accepted; that list is published from its next poll on, which is due",
    (False, True): "rejected; that list stays left out",
}
"""What is said, by: is it accepted, is it a list that was left out."""


def _listed(state: SourceState, number: int | None) -> str | None:
    """Where the list stands that is decided about; None: it is the source itself."""
    assert state.profile is not None  # noqa: S101 - nothing would wait
    others = state.profile.left_out
    if number is not None and number <= len(others):
        return others[number - 1].place
    if number is None and state.profile.suspicion is not None:
        return None
    if number is None and len(others) == 1:
        return others[0].place
    raise click.UsageError(f"{state.source} leaves out {counted(len(others), 'list')}: say which, with --list N")


@click.command()
@click.argument("source")
def record(source: str) -> None:
    """Save a page of today and how it reads as a case. In config/checks; `aggregator check` replays all cases."""
    from datetime import UTC, datetime

    from aggregator import checks, scout

    settings = doors.settings()
    named = doors.named((source,), settings)
    with doors.store(settings) as store:
        states = [state for state in doors.states(store, settings) if state.source in named]
    for state in states:
        known = settings.sources[state.source]
        page = doors.run(scout.page_of(known, settings, state.moved))
        path = checks.record(doors.directory() / checks.FOLDER, page, known, now=datetime.now(UTC), profile=state.profile)
        click.echo(f"wrote {path}")
