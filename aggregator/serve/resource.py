"""A document, and what HTTP must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["page", "article", "feed", "archive", "view", "data", "static", "live", "refusal"]
"""What HTTP must know of a document: "article" may show images of other sites, an "archive" is a feed that never changes, "view" is a feed as a page,
"data" is for programs alone, a "refusal" too, which nobody keeps, "live" changes without a new revision.
"""


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at an address."""

    body: bytes
    media_type: str
    kind: Kind
    status: int = 200
    location: str = ""
    """The path where it stands now, where ``status`` says that it has moved."""
    link: str = ""
    """Its place among others, as the header of that name says it (RFC 8288)."""
