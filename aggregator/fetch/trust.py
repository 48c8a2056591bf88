"""The authorities whose certificates are believed: read once for each fetcher, when the first https address is asked.

Reading them takes 30 ms. aiohttp would read those of the machine twice more when it is imported, for connections of which we make none: it is imported here
first, without them.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import certifi


@contextmanager
def _unread() -> Iterator[None]:
    """Contexts that are made within believe nobody, unless they are told to."""
    ssl.SSLContext.set_default_verify_paths = _believe_nobody  # type: ignore[method-assign]
    try:
        yield
    finally:
        del ssl.SSLContext.set_default_verify_paths  # what it inherits is there again


def _believe_nobody(self: ssl.SSLContext) -> None:
    pass


with _unread():
    import aiohttp  # noqa: F401 - see above


def authorities() -> ssl.SSLContext:
    """Those of ``SSL_CERT_FILE`` or ``SSL_CERT_DIR``, else of certifi."""
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    return ssl.create_default_context(cafile=certifi.where())
