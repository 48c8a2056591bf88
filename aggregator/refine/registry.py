"""What an operator adds to the universities that are known, and how they are asked for by name without being loaded before somebody asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aggregator.model import University

if TYPE_CHECKING:
    from aggregator.refine.mentions import Entry


@dataclass(frozen=True, slots=True)
class Registry:
    """What an operator adds to the packaged facts."""

    configured: str = "[]"
    """The universities of the configuration, as ``configured`` writes them: one text travels to other processes faster than its parts."""
    imported: str | None = None
    """A file as ``universities.tsv``, written by ``aggregator import-ror`` and ``import-hipo``; None: there is none."""
    version: int = 0
    """Of that file: it is read again when this changes."""


PACKAGED: Final = Registry()
"""Nothing."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Universities by name."""

    registry: Registry

    def entry(self, who: str) -> Entry | None:
        """By our id, its English name, or any of its names."""
        from aggregator.refine import mentions

        return mentions.build(self.registry).entry(who)

    def nearest(self, who: str) -> str | None:
        """The English name that is most like ``who``: something in it must begin as a word of that does."""
        from aggregator.refine import mentions

        return mentions.build(self.registry).nearest(who)


def edition(registry: Registry) -> int:
    """A number that stands for what is known, and changes with it."""
    data = files("aggregator").joinpath("data", "forms.tsv").read_bytes()
    added = f"{registry.configured}\n{registry.version}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(data + added, digest_size=6).digest(), "big")


def configured(universities: Iterable[University]) -> str:
    """What ``Registry`` says of them."""
    return json.dumps([_told(each) for each in universities], ensure_ascii=False)


def _told(each: University) -> dict[str, Any]:
    facts = {"name": each.name, "country": each.country or "", "city": each.city or "", "ror": each.ror, "id": each.id}
    return facts | {"names": list(each.names.values()), "aliases": list(each.aliases)}
