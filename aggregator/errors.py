"""Every failure that is expected.

    AggregatorError
    ├── ConfigError            the configuration is wrong                          exit status 2
    │   └── InputError         … or not it, but a file or folder handed to a command
    ├── QueryError             a query cannot be understood                        exit status 2
    │   └── UnknownUniversity  … because nobody knows a university that it names
    ├── StoreError             the database cannot be used                         exit status 1
    │   ├── ForeignDatabase    … because it belongs to something else
    │   ├── DamagedDatabase    … because what it holds is broken
    │   ├── NewerDatabase      … because a newer version wrote it
    │   ├── HeldDatabase       … because another program works on it
    │   └── StoreBusy          … now; it may be in a moment                        transient
    ├── WrongClock             this machine does not know what time it is          transient
    ├── ServeError             the web server cannot start                         exit status 1
    ├── PublishError           files cannot be written                             exit status 1
    ├── MessageError           a message to people cannot be sent                  transient
    │   └── NoMailbox          … to this one, ever: its mail server knows no such mailbox
    └── SourceError            one source failed; the others do not care
        ├── FetchError         … to answer
        │   ├── AddressRefused     the address guard said no
        │   ├── Disallowed         the site's robots.txt said no
        │   ├── Unreachable        DNS, connection, TLS                            transient
        │   ├── TimedOut           the total deadline passed                       transient
        │   ├── TooLarge           body, header or decompression limits
        │   ├── RedirectError      a loop, too many hops, or a target we do not follow
        │   ├── MalformedResponse  not HTTP, or a coding that cannot be undone
        │   └── HttpStatus         401, 403, 404, 429, 5xx …                       transient: 408, 425, 429, 5xx
        │       └── Gone           410: asked never to come back
        └── ReadError          … to be read: what it looks like, and what to try

Each one's text says what happened, to which address, file, line or selector; ``remedy`` says what to try next. ``transient`` means that the same
attempt may succeed by itself later: a source that has moved is given more time at its new address, a hub is left alone with
all that it is asked. They are caught in ``poll.py``, ``cli.py`` and ``serve/`` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Self


class AggregatorError(Exception):
    """Root of the tree. ``str()`` is the message for people."""

    exit_status: ClassVar[int] = 1
    transient: bool = False

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Survives the way between processes with all its attributes."""
        return (_restore, (type(self), self.__dict__ | {"args": self.args}))


def _restore(kind: type[AggregatorError], state: dict[str, object]) -> AggregatorError:
    error = kind.__new__(kind)
    error.args = state.pop("args")  # type: ignore[assignment]
    error.__dict__.update(state)
    return error


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a configuration file."""

    file: str
    line: int | None
    """From 1; None where the file as a whole is meant."""
    key: str
    """Dotted path, e.g. ``sources[0].url``; empty for the file as a whole."""
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(AggregatorError):
    """All that is wrong in the configuration, at once."""

    exit_status = 2

    def __init__(self, problems: Sequence[Problem], *, remedy: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), remedy=remedy)


class InputError(ConfigError):
    pass


class Phrase(str):
    """A sentence with its values filled in, which can be said in other languages as well: ``template`` names each value as %(name)s."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        phrase = super().__new__(cls, template % values if values else template)
        phrase.template = template
        phrase.values = values
        return phrase

    def __reduce__(self) -> tuple[object, ...]:
        return (_phrased, (self.template, self.values))


def _phrased(template: str, values: Mapping[str, object]) -> Phrase:
    return Phrase(template, **values)


class QueryError(AggregatorError):
    """``position`` counts characters from 0 into the query. Message and remedy are mostly told to readers, so they are phrases."""

    exit_status = 2

    message: Phrase
    remedy: Phrase | None

    def __init__(self, message: Phrase, *, position: int = 0, remedy: Phrase | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.position = position


class UnknownUniversity(QueryError):
    """``name`` is what the query calls it."""

    def __init__(self, message: Phrase, *, name: str, position: int = 0, remedy: Phrase | None = None) -> None:
        super().__init__(message, position=position, remedy=remedy)
        self.name = name


class StoreError(AggregatorError):
    pass


class ForeignDatabase(StoreError):
    pass


class DamagedDatabase(StoreError):
    pass


class NewerDatabase(StoreError):
    pass


class HeldDatabase(StoreError):
    pass


class StoreBusy(StoreError):
    transient = True


class WrongClock(AggregatorError):
    transient = True


class ServeError(AggregatorError):
    pass


class PublishError(AggregatorError):
    pass


class MessageError(AggregatorError):
    transient = True


class NoMailbox(MessageError):
    """``answer`` is the code of the mail server, which names nobody: ``550 5.1.1``."""

    transient = False

    def __init__(self, message: str, *, answer: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.answer = answer


class SourceError(AggregatorError):
    pass


class FetchError(SourceError):
    """``url`` is the address that failed, after redirects."""

    def __init__(self, message: str, *, url: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.url = url


class AddressRefused(FetchError):
    pass


class Disallowed(FetchError):
    pass


class Unreachable(FetchError):
    transient = True


class TimedOut(FetchError):
    transient = True


class TooLarge(FetchError):
    pass


class RedirectError(FetchError):
    pass


class MalformedResponse(FetchError):
    pass


_PASSING = frozenset((408, 425, 429))
"""What a server says below 500 that it may not say the next time."""


class HttpStatus(FetchError):
    """``retry_after`` is what the server asked for, a week at most."""

    def __init__(self, message: str, *, url: str, status: int, retry_after: timedelta | None = None, remedy: str | None = None) -> None:
        super().__init__(message, url=url, remedy=remedy)
        self.status = status
        self.retry_after = retry_after
        self.transient = status in _PASSING or status >= 500


class Gone(HttpStatus):
    pass


class ReadError(SourceError):
    """The page holds nothing that can be published. The message says what it looks like instead."""
