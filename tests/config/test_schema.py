"""The JSON Schema that editors complete and check the files with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from aggregator.config import schemas
from aggregator.config.schema import SettingsFile, UniversityFile
from aggregator.read import KINDS

SHIPPED = Path(__file__).parents[2] / "config"


def keys_of(schema: dict[str, Any], part: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Every key that the schema knows, as a dotted path."""
    part = schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    for inner in (part, *part.get("allOf", ()), *part.get("anyOf", ())):
        if "$ref" in inner:
            yield from keys_of(schema, inner, prefix)
        for name, value in inner.get("properties", {}).items():
            yield prefix + name
            yield from keys_of(schema, value, f"{prefix}{name}.")
        if isinstance(inner.get("items"), dict):
            yield from keys_of(schema, inner["items"], prefix)


def keys_in(model: Any, prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if hasattr(inner, "model_fields"):
                yield from keys_in(inner, f"{prefix}{name}.")


@pytest.mark.parametrize(("name", "model"), [("aggregator.json", SettingsFile), ("university.json", UniversityFile)])
def test_the_schema_knows_every_key_and_no_other(name: str, model: Any) -> None:
    schema = schemas()[name]

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert sorted(keys_of(schema, schema)) == sorted(keys_in(model))
    assert schema["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in schema.get("$defs", {}).values() if part["type"] == "object")
    assert json.loads(json.dumps(schema)) == schema


def test_the_schema_knows_every_kind() -> None:
    assert schemas()["university.json"]["$defs"]["SourceFile"]["properties"]["kind"]["enum"] == ["auto", *KINDS]


@pytest.mark.parametrize("name", ["aggregator.json", "university.json"])
def test_every_key_of_the_schema_is_described(name: str) -> None:
    schema = schemas()[name]
    parts = [schema, *schema.get("$defs", {}).values()]

    undescribed = [
        key for part in parts for key, value in part.get("properties", {}).items() if "description" not in value and "$ref" not in value
    ]

    assert undescribed == []


class Validator:
    """As much of JSON Schema (2020-12) as our schemas use; an unknown keyword fails, so that this cannot silently accept."""

    KNOWN = frozenset(
        "$schema $defs $ref title description default properties patternProperties additionalProperties required type items enum const anyOf pattern minLength minimum maximum exclusiveMinimum format examples".split()
    )
    TYPES: ClassVar[dict[str, Any]] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def errors(self, value: Any, part: dict[str, Any] | None = None, place: str = "") -> Iterator[str]:
        part = self._schema if part is None else part
        assert part.keys() <= self.KNOWN, part.keys() - self.KNOWN
        if "$ref" in part:
            yield from self.errors(value, self._schema["$defs"][part["$ref"].rpartition("/")[2]], place)
        if "anyOf" in part and not any(not list(self.errors(value, each, place)) for each in part["anyOf"]):
            yield f"{place}: {value!r} is none of {part['anyOf']}"
        wanted = [part["type"]] if isinstance(part.get("type"), str) else part.get("type", [])
        if wanted and not any(
            isinstance(value, self.TYPES[each]) and (each == "boolean" or not isinstance(value, bool)) for each in wanted
        ):
            yield f"{place}: {value!r} is no {wanted}"
            return
        if "enum" in part and value not in part["enum"]:
            yield f"{place}: {value!r} is none of {part['enum']}"
        if isinstance(value, str) and (not re.search(part.get("pattern", ""), value) or len(value) < part.get("minLength", 0)):
            yield f"{place}: {value!r} does not match"
        if isinstance(value, (int, float)) and not part.get("minimum", value) <= value <= part.get("maximum", value):
            yield f"{place}: {value!r} is out of bounds"
        if isinstance(value, list):
            for number, each in enumerate(value):
                yield from self.errors(each, part.get("items", {}), f"{place}[{number}]")
        if isinstance(value, dict):
            yield from (f"{place}.{name} is missing" for name in part.get("required", ()) if name not in value)
            for name, each in value.items():
                of_pattern = (each for pattern, each in part.get("patternProperties", {}).items() if re.search(pattern, name))
                inner = part.get("properties", {}).get(name) or next(of_pattern, part.get("additionalProperties", {}))
                yield from (
                    [f"{place}.{name}: no such key"]
                    if inner is False
                    else self.errors(each, inner if isinstance(inner, dict) else {}, f"{place}.{name}")
                )


def yaml(path: Path) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}


def test_the_schema_accepts_the_shipped_files() -> None:
    settings_schema, university_schema = Validator(schemas()["aggregator.json"]), Validator(schemas()["university.json"])
    paths = sorted((SHIPPED / "universities").glob("*.yaml"))

    data = yaml(SHIPPED / "aggregator.yaml")
    found = [str(error) for error in settings_schema.errors({key: value for key, value in data.items() if value is not None})]
    for path in paths:
        found += [f"{path.name}{error}" for error in university_schema.errors(yaml(path))]

    assert len(paths) > 20
    assert found == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("aggregator.json", {"port": "eighty"}),
        ("aggregator.json", {"sit": {}}),
        ("aggregator.json", {"fetch": {"hostgap": "2s"}}),
        ("aggregator.json", {"feeds": [{"name": "Ice Cream", "where": "x"}]}),
        ("aggregator.json", {"feeds": [{"name": "ice"}]}),
        ("university.json", {}),
        ("university.json", {"name": "x", "country": False}),
        ("university.json", {"name": "x", "sources": [{"url": "https://a.example/", "kind": "fed"}]}),
        ("university.json", {"name": "x", "sources": [{"url": "https://a.example/", "full_text": "sometimes"}]}),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(name: str, value: Any) -> None:
    assert list(Validator(schemas()[name]).errors(value))
