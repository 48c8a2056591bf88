"""An address, taken apart: which document is meant, in which language and shape. Pure.

Every page takes ``lang``: its language, where the reader chose one by hand. What else an address takes stands in one table here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from aggregator.publish import FORMATS
from aggregator.serve import api
from aggregator.serve.choice import NOTHING, Choice
from aggregator.serve.speech import SPEECHES, Speech

FEEDS: Mapping[str, str] = {format_.extension: name for name, format_ in FORMATS.items() if name != "opml"}
"""The formats that are feeds: name by extension."""
EXTENSION = f"(?P<extension>{'|'.join(FEEDS)})"
NUMBER = "(?P<number>[1-9][0-9]{0,9})"

_FORM = ("q", "before", "from", "language", "topic")
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "/search": _FORM,
    "/feeds/build": _FORM,
    "/status": ("sort", "state", "find"),
    f"{api.PLACE}/articles": ("q", "before", "limit"),
} | {f"/search.{extension}": ("q", "before") for extension in FEEDS}
"""What each address takes beside ``lang``. Others are left out, so that they cannot multiply what is kept."""
_FILES = re.compile(r"/static(/.*)?|/opml(/.*)?|/opml\.xml|/api(/.*)?|/healthz|/readyz|/metrics|/[\w.-]+\.(ico|txt|xml|png|webmanifest)")
_FEED = re.compile(rf"/(feeds|universities)/[^/]+(/archive/[0-9]+)?\.({'|'.join(FEEDS)})|/(search|events)\.({'|'.join(FEEDS)})")


def parameters(path: str) -> tuple[str, ...]:
    """What can be asked of this address, beside the language of a page."""
    return _PARAMETERS.get(path, ())


def is_feed(path: str) -> bool:
    """Whether a feed can stand there, which is a page for those who open it in a browser: with the parameter ``view``."""
    return _FEED.fullmatch(path) is not None


def is_page(path: str) -> bool:
    """Whether what stands there is written in the language of its reader."""
    return not (_FILES.fullmatch(path) or is_feed(path))


class Asked(NamedTuple):
    """An address, taken apart."""

    name: str | None = None
    extension: str | None = None
    before: str | None = None
    place: str = "/"
    """Path and question, without the language."""
    speech: Speech = SPEECHES["en"]
    kept: bool = False
    """Whether the language was chosen by hand."""
    view: bool = False
    choice: Choice = NOTHING
    sort: str = ""
    state: str = ""
    find: str = ""
    number: str = ""
    limit: str = ""

    @property
    def q(self) -> str:
        return self.choice.words

    @property
    def id(self) -> str | None:
        """What is named, where that can be an article."""
        try:
            return str(UUID(self.name or ""))
        except ValueError:
            return None


def taken_apart(path: str, asked: Mapping[str, str], parts: Mapping[str, str | None], own: Speech) -> Asked:
    """``asked``: parameters by name; ``parts``: what the pattern of the address has found in ``path``; ``own``: the language of who asks for none."""
    wanted = asked.get("lang", "")
    spoken = wanted if wanted in SPEECHES else asked.get("accept", "")
    place = path if is_feed(path) else f"{path.rstrip('/')}/"
    given = [(name, value) for name in (*_FORM, "sort", "state", "find") for value in asked.get(name, "").split("\n") if value]
    return Asked(
        name=parts.get("name"),
        extension=parts.get("extension"),
        before=parts.get("before") or asked.get("before"),
        place=f"{place}?{urlencode(given)}" if given else place,
        speech=SPEECHES.get(spoken) or own,
        kept=wanted in SPEECHES,
        view="view" in asked,
        choice=Choice.of(asked),
        sort=asked.get("sort", ""),
        state=asked.get("state", ""),
        find=asked.get("find", "")[:200],
        number=parts.get("number") or "",
        limit=asked.get("limit", ""),
    )
