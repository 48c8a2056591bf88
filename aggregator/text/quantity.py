"""How many there are of something, in the English of messages to operators. Pages say it in other languages, by their catalogues."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 source``, ``2 sources``, ``12,000 sources``; ``many``: the plural where it is not formed with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
