"""Pictures that nobody is meant to see: they tell their sender who reads."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:max-)?(?:width|height)\s*:\s*[01](?:\.0+)?(?:px|pt)?\s*(?:!\s*important\s*)?(?:;|$))",
    re.IGNORECASE,
)


def is_unseen(style: str) -> bool:
    """Whether a ``style`` hides what it is written on, or leaves a dot of it."""
    return _UNSEEN.search(style[:2_000]) is not None
