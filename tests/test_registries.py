"""Public lists of universities become rows of a gazetteer."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from aggregator import registries
from aggregator.cli import main
from aggregator.config import load
from aggregator.digest import named
from aggregator.errors import InputError
from aggregator.model import Article
from aggregator.registries import Row

SECOND = {
    "id": "https://ror.org/0abcdef12",
    "status": "active",
    "types": ["education", "funder"],
    "domains": ["zembla.example"],
    "links": [{"type": "website", "value": "https://www.zembla.example/"}],
    "locations": [{"geonames_details": {"country_code": "ZZ", "name": "Onhava"}}],
    "names": [
        {"value": "Zemblan Royal University", "types": ["ror_display", "label"], "lang": "en"},
        {"value": "Земблянский королевский университет", "types": ["label"], "lang": "ru"},
        {"value": "ZRU", "types": ["acronym"], "lang": None},
    ],
}
FIRST = {
    "id": "https://ror.org/0abcdef34",
    "status": "active",
    "types": ["Education"],
    "name": "Ruritania College of Arts",
    "links": ["https://rca.example/home"],
    "addresses": [{"city": "Strelsau"}],
    "country": {"country_code": "RR"},
    "labels": [{"label": "Ruritanisches Kunstkolleg", "iso639": "de"}],
    "aliases": [],
    "acronyms": [],
}
NOT_OURS = [SECOND | {"types": ["company"]}, SECOND | {"status": "withdrawn"}]


def dump(*records: object) -> bytes:
    return json.dumps(records).encode()


def test_both_schemas_of_ror_are_read() -> None:
    rows = registries.ror(dump(SECOND, FIRST, *NOT_OURS), "dump.json")

    assert rows == (
        Row(
            "0abcdef12",
            "Zemblan Royal University",
            "ZZ",
            "Onhava",
            "",
            "zembla.example",
            ("Земблянский королевский университет",),
            ("ZRU",),
        ),
        Row("0abcdef34", "Ruritania College of Arts", "RR", "Strelsau", "", "rca.example", ("Ruritanisches Kunstkolleg",)),
    )


def test_of_a_zip_the_newer_schema_is_taken() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("v1.0-ror-data.json", dump(FIRST))
        archive.writestr("v1.0-ror-data_schema_v2.json", dump(SECOND))

    assert [row.ror for row in registries.ror(packed.getvalue(), "dump.zip")] == ["0abcdef12"]


def test_hipo_is_read() -> None:
    record = {
        "name": "Zemblan Royal University",
        "alpha_two_code": "ZZ",
        "domains": ["zembla.example"],
        "web_pages": [],
        "country": "Zembla",
    }

    assert registries.hipo(dump(record, {"name": None}), "h.json") == (Row("", "Zemblan Royal University", "ZZ", domain="zembla.example"),)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"PK\x03\x04", b"<html>"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"dump\.json"):
        registries.ror(content, "dump.json")


def test_rows_survive_being_written_and_a_poorer_list_does_not_overwrite_a_better_one() -> None:
    rich = registries.ror(dump(SECOND, FIRST), "dump.json")
    poor = (Row("", "Zemblan Royal University", "ZZ"), Row("", "Onhava Polytechnic", "ZZ"))
    both = registries.merged(rich, poor)

    assert {row.name: row.ror for row in both} == {
        "Zemblan Royal University": "0abcdef12",
        "Ruritania College of Arts": "0abcdef34",
        "Onhava Polytechnic": "",
    }
    assert tuple(registries.read(registries.written(both), "g.tsv")) == both


def test_an_imported_university_is_found_in_articles(tmp_path: Path, an_article) -> None:
    (tmp_path / "dump.json").write_bytes(dump(SECOND))
    config = tmp_path / "config"
    config.mkdir()

    result = CliRunner().invoke(main, ["--config", str(config), "import-ror", str(tmp_path / "dump.json")])

    assert result.exit_code == 0, result.output
    article: Article = an_article(1, title="A visit", text="Студенты Земблянского королевского университета приехали.", language="ru")
    (mention,) = named(article, load(config).registry).mentions or ()
    assert (mention.name, mention.ror, mention.country) == ("Zemblan Royal University", "https://ror.org/0abcdef12", "ZZ")
