"""The walk from the address that was asked for to the one that answers."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlsplit

from aggregator.errors import RedirectError
from aggregator.text import urls

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
REPEATING = frozenset({307, 308})
"""The same request goes to the new address, its method and body too."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Walk:
    """Where a chain of redirects stands, and where it may go on."""

    def __init__(self, url: str, *, limit: int) -> None:
        self.url = url
        self.permanent: str | None = None
        """Where the 301s and 308s lead with which the chain begins; None: it does not begin with one.

        A step from https to http ends it: such a step is followed, never remembered, since anybody on the way could have asked for it.
        """
        self._limit = limit
        self._seen = {urldefrag(url).url if "#" in url else url}
        self._unbroken = True

    def follow(self, status: int, location: str) -> None:
        """Take one step. Raises RedirectError for a loop, for too many steps and for a target that is not followed."""
        target = self._target(location)
        if urldefrag(target).url in self._seen:
            raise self._error(
                f"{self.url} redirects in a loop to {target}",
                "The site may insist on cookies; configure the address that a browser ends at.",
            )
        if len(self._seen) > self._limit:
            raise self._error(
                f"{self.url} is the end of {self._limit} redirects, and redirects again", "Configure the address that a browser ends at."
            )
        self._seen.add(urldefrag(target).url)
        downgrade = urlsplit(self.url).scheme == "https" and urlsplit(target).scheme == "http"
        self._unbroken = self._unbroken and status in PERMANENT and not downgrade
        self.url = target
        if self._unbroken:
            self.permanent = target

    def _target(self, location: str) -> str:
        """Relative references are resolved, and a fragment is inherited (RFC 9110 §10.2.2)."""
        target = None if _CONTROLS.search(location) else urls.absolute(self.url, location)
        if target is None:
            raise self._error(
                f"{self.url} redirects to something that is not followed: {location[:100]!r}",
                "Only http and https addresses are; tell the site's owner.",
            )
        fragment = urldefrag(self.url).fragment
        return f"{target}#{fragment}" if fragment and "#" not in location else target

    def _error(self, message: str, remedy: str) -> RedirectError:
        return RedirectError(message, url=self.url, remedy=remedy)
