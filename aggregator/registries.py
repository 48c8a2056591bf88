"""Public lists of universities → rows of a gazetteer: the Research Organization Registry (schema 1 and 2) and Hipo's university-domains-list. Pure.

A row is a line of ``aggregator/data/universities.tsv``: ROR id, name, country, city, time zone, domain, other names, abbreviations.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from aggregator.errors import InputError, Problem

_LARGEST: Final = 2_000_000_000
"""Bytes of an unpacked dump; that of 2026 has 300 million."""


@dataclass(frozen=True, slots=True)
class Row:
    ror: str
    """The last part of the id, or empty."""
    name: str
    country: str
    city: str = ""
    timezone: str = ""
    domain: str = ""
    others: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


def ror(content: bytes, name: str) -> tuple[Row, ...]:
    """The active places of education of a ROR dump, as JSON or as the zip in which it is published. Raises InputError."""
    rows = (_ror_row(record) for record in _records(content, name) if _of_education(record))
    return tuple(row for row in rows if row.name and row.country)


def hipo(content: bytes, name: str) -> tuple[Row, ...]:
    """``world_universities_and_domains.json``. Raises InputError."""
    return tuple(
        Row("", _clean(record["name"]), str(record["alpha_two_code"]).upper(), domain=next(iter(record.get("domains") or ()), ""))
        for record in _records(content, name)
        if isinstance(record.get("name"), str) and record.get("alpha_two_code")
    )


def merged(old: Iterable[Row], new: Iterable[Row]) -> tuple[Row, ...]:
    """``new`` rows take the place of ``old`` ones of the same ROR id, or of the same name and country; in a fixed order."""
    held: dict[tuple[str, str], Row] = {}
    for row in (*old, *new):
        same = held.get((row.name.casefold(), row.country))
        if same and same.ror and not row.ror:
            continue  # a list that knows less
        held[row.name.casefold(), row.country] = row
    by_ror = {row.ror or f"{row.country} {row.name}": row for row in held.values()}
    return tuple(sorted(by_ror.values(), key=lambda row: (row.country, row.name, row.ror)))


def written(rows: Iterable[Row]) -> str:
    lines = ("\t".join("|".join(cell) if isinstance(cell, tuple) else cell for cell in astuple(row)) for row in rows)
    return "# ror\tname\tcountry\tcity\ttimezone\tdomain\tother names\tabbreviations\n" + "".join(f"{line}\n" for line in lines)


def read(text: str, name: str) -> Iterator[Row]:
    """What ``written`` wrote. Raises InputError with the line."""
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) != 8:
                raise InputError([Problem(name, number, "", f"has {len(cells)} columns instead of 8")], remedy="import it again")
            ror, called, country, city, zone, domain, others, short = cells
            yield Row(
                ror, called, country, city, zone, domain, tuple(filter(None, others.split("|"))), tuple(filter(None, short.split("|")))
            )


def _records(content: bytes, name: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(_unpacked(content, name) if zipfile.is_zipfile(io.BytesIO(content)) else content)
    except (ValueError, zipfile.BadZipFile, RecursionError) as error:
        raise InputError([Problem(name, None, "", f"cannot be read: {error}")], remedy="give the file as it was downloaded") from error
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise InputError([Problem(name, None, "", "is no list of records")], remedy="give the file as it was downloaded")
    return found


def _unpacked(content: bytes, name: str) -> bytes:
    """The JSON within a dump: of both schemas, the newer."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".json")]
        if not members:
            raise InputError([Problem(name, None, "", "holds no .json file")], remedy="give the zip of a ROR data dump")
        chosen = max(members, key=lambda member: ("schema_v2" in member.filename, member.file_size))
        if chosen.file_size > _LARGEST:
            raise InputError([Problem(name, None, "", f"unpacks to {chosen.file_size:,} bytes")], remedy="this is no ROR data dump")
        return archive.read(chosen)


def _of_education(record: Mapping[str, Any]) -> bool:
    types = {str(kind).lower() for kind in record.get("types") or ()}
    return "education" in types and record.get("status", "active") == "active"


def _ror_row(record: Mapping[str, Any]) -> Row:
    return _second(record) if "names" in record else _first(record)


def _second(record: Mapping[str, Any]) -> Row:
    """Schema 2: https://ror.readme.io/docs/ror-data-structure."""
    names = record["names"]
    shown = [each["value"] for each in names if "ror_display" in each["types"]]
    english = [each["value"] for each in names if each.get("lang") == "en" and "label" in each["types"]]
    name = _clean(next(iter((*english, *shown)), ""))
    place: Mapping[str, Any] = next((each["geonames_details"] for each in record.get("locations") or ()), {})
    links = [each["value"] for each in record.get("links") or () if each["type"] == "website"]
    short = [each["value"] for each in names if "acronym" in each["types"]]
    others = [each["value"] for each in names if each["value"] not in short]
    domains = record.get("domains") or [_host(link) for link in links]
    return _row(record, name, place.get("country_code"), place.get("name"), domains, others, short)


def _first(record: Mapping[str, Any]) -> Row:
    """Schema 1, in which dumps were published until 2025."""
    place: Mapping[str, Any] = next(iter(record.get("addresses") or ()), {})
    others = [*(each["label"] for each in record.get("labels") or ()), *(record.get("aliases") or ())]
    domains = [_host(link) for link in record.get("links") or ()]
    country = (record.get("country") or {}).get("country_code")
    return _row(record, _clean(record.get("name") or ""), country, place.get("city"), domains, others, record.get("acronyms") or [])


def _row(
    record: Mapping[str, Any], name: str, country: str | None, city: str | None, domains: list[str], others: list[str], short: list[str]
) -> Row:
    rest = tuple(other for other in dict.fromkeys(map(_clean, others)) if other and other != name)
    brief = tuple(filter(None, dict.fromkeys(map(_clean, short))))
    return Row(str(record["id"]).rsplit("/", 1)[-1], name, country or "", _clean(city or ""), "", next(iter(domains), ""), rest, brief)


def _clean(text: str) -> str:
    return re.sub(r"[\s|]+", " ", text).strip()


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").removeprefix("www.")
