"""Whatever goes wrong below HTTP, as one of our errors that says what happened and what to try."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta

import aiohttp
from aiohttp import http_exceptions

from aggregator.errors import AddressRefused, FetchError, Gone, HttpStatus, MalformedResponse, TooLarge, Unreachable
from aggregator.fetch.engine import Unreadable
from aggregator.fetch.guard import Refusal
from aggregator.fetch.meter import Flood

ENGINE_FAILURES = (
    aiohttp.ClientError,
    http_exceptions.HttpProcessingError,
    OSError,
    EOFError,
    ValueError,
    Refusal,
)
"""Everything that the engine may raise for what a server or an address does; ValueError stands for the parsers of addresses and headers."""

_ASK_AGAIN = "Nothing: it is asked again at the next poll."
_LOOK = "Open the address in a browser; if it works there, report this as a bug."

_TOO_MANY = "Too many headers"
"""The one limit for which aiohttp has no exception of its own."""

_KINDS: tuple[tuple[type[BaseException], type[FetchError], str, str], ...] = (
    (Refusal, AddressRefused, "is not fetched", "Correct the address."),
    (Unreadable, AddressRefused, "cannot be read as an address", "Correct the address."),
    (aiohttp.InvalidURL, AddressRefused, "cannot be read as an address", "Correct the address."),
    (Flood, TooLarge, "sends without an end", _LOOK),
    (http_exceptions.LineTooLong, TooLarge, "sends headers that are too long", _LOOK),
    (
        ssl.CertificateError,
        Unreachable,
        "shows a certificate that cannot be trusted",
        "Tell the site's owner; SSL_CERT_FILE adds an authority.",
    ),
    (
        ssl.SSLError,
        Unreachable,
        "could not agree on encryption",
        "Check the address: is it https? The server may only know outdated encryption.",
    ),
    (
        socket.gaierror,
        Unreachable,
        "has a host name that could not be looked up",
        "Check that this machine is online, and the spelling of the host.",
    ),
    (http_exceptions.PayloadEncodingError, MalformedResponse, "broke off or garbled its body", _ASK_AGAIN),
    (aiohttp.ClientPayloadError, MalformedResponse, "broke off or garbled its body", _ASK_AGAIN),
    (http_exceptions.HttpProcessingError, MalformedResponse, "does not answer in HTTP", _LOOK),
    (aiohttp.ClientResponseError, MalformedResponse, "does not answer in HTTP", _LOOK),
    (aiohttp.ServerDisconnectedError, Unreachable, "hung up without an answer", _ASK_AGAIN),
    (ConnectionRefusedError, Unreachable, "refused the connection", "Check the address and its port."),
    (ConnectionError, Unreachable, "broke the connection", _ASK_AGAIN),
    (OSError, Unreachable, "could not be reached", "Check that the network works here."),
    (aiohttp.ClientConnectionError, Unreachable, "could not be reached", "Check that the network works here."),
)
"""First match wins, over the error and its causes; the order runs from the exact to the general."""

_REMEDIES = {
    401: "It asks for a password; configure a public address.",
    403: "It refuses us; ask the site's owner, or configure another address.",
    404: "The page is not there; find its new address with `aggregator add`.",
    429: "It asks for fewer requests; raise poll.every or fetch.host_gap.",
}


def classified(error: BaseException, url: str) -> FetchError:
    """The failure of a request to ``url`` as one of the tree of ``aggregator.errors``."""
    chain = list(_causes(error))
    if any(isinstance(cause, http_exceptions.BadHttpMessage) and cause.message.startswith(_TOO_MANY) for cause in chain):
        return TooLarge(f"{url} sends too many headers", url=url, remedy=_LOOK)
    for kind, ours, verb, remedy in _KINDS:
        for cause in chain:
            if isinstance(cause, kind):
                return ours(f"{url} {verb}{_detail(cause)}", url=url, remedy=_allowing(cause) or remedy)
    return MalformedResponse(f"{url} sent what cannot be understood{_detail(error)}", url=url, remedy=_LOOK)


def _allowing(error: BaseException) -> str | None:
    """How the operator lets a private address be reached."""
    if not isinstance(error, Refusal) or error.name is None:
        return None
    name = f'"{error.name}"' if ":" in error.name else error.name  # YAML would take it for a key
    return f"If it is meant to be reached, write in config/aggregator.yaml, below fetch:  allow_private: [{name}]"


def refused_status(status: int, url: str, *, retry_after: timedelta | None) -> HttpStatus:
    """The error for an answer that carries no page."""
    if status == 410:
        message = f"{url} answers 410: it is gone, and asks never to be fetched again"
        return Gone(message, url=url, status=status, retry_after=retry_after, remedy="Remove the source, or give it its new address.")
    wait = f", and asks to wait {retry_after.total_seconds():.0f} s" if retry_after is not None else ""
    remedy = _REMEDIES.get(status) or (_ASK_AGAIN if status >= 500 else _LOOK)
    return HttpStatus(f"{url} answers {status}{wait}", url=url, status=status, retry_after=retry_after, remedy=remedy)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _detail(error: BaseException) -> str:
    """The engine's own words, without its numbers and its layout."""
    said = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error)
    text = " ".join(str(said).split())[:160]
    return f" ({text})" if text else ""
