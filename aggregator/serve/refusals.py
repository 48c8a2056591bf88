"""What is said where nothing can be answered, in the form of what was asked for: to programs as JSON (RFC 9457), to feed readers in a line of text. Pure.

People get a page, which is none of this module's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aggregator.serve import api
from aggregator.serve.asked import is_page
from aggregator.serve.resource import Resource

_PROGRAMS = re.compile(r"/api(/.*)?")
_SAID: Mapping[int, str] = {
    404: "There is nothing at this address.",
    405: "Only GET and HEAD are answered here.",
    500: "Something is broken here; the operator can see what in the log.",
    503: "The database cannot be asked right now; ask again in half a minute.",
}


def problem(status: int, detail: str, *, position: int | None = None, remedy: str | None = None) -> Resource:
    """For programs."""
    told = api.problem(status, detail, position=position, remedy=remedy)
    return Resource(api.written(told), "application/problem+json", "refusal", status)


def text(status: int, said: str) -> Resource:
    """For feed readers, which show it to people at best."""
    return Resource(f"{said}\n".encode(errors="replace"), "text/plain; charset=utf-8", "refusal", status)


def refusal(path: str, status: int, said: str = "") -> Resource:
    """``said``: where there is more to say than the status says."""
    said = said or _SAID[status]
    return problem(status, said) if _PROGRAMS.fullmatch(path) else text(status, said)


def is_for_people(path: str, *, view: bool) -> bool:
    """Whether a page is shown there. ``view``: a feed is to be shown as one."""
    return view or is_page(path)
