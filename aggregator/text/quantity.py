"""How many there are of something, in the English of messages to operators. Pages say it in other languages, by their catalogues."""

from __future__ import annotations

from datetime import timedelta


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 source``, ``2 sources``, ``12,000 sources``; ``many``: the plural where it is not formed with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def span(time: timedelta) -> str:
    """As the configuration writes it, in the largest unit that it is a multiple of: ``5m``, ``90s``, ``2h``."""
    seconds = time.total_seconds()
    unit, size = next((each for each in (("d", 86400), ("h", 3600), ("m", 60)) if seconds >= each[1] and seconds % each[1] == 0), ("s", 1))
    return f"{seconds / size:g}{unit}"
