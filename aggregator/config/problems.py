"""Wrong files explained: where exactly, what was found, what was expected, what was probably meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from aggregator.config import meant
from aggregator.config.reading import SECRET, unseen
from aggregator.config.spots import Place, spot
from aggregator.errors import Problem

_Model = TypeVar("_Model", bound=BaseModel)


def explain(
    model: type[_Model], data: Any, path: Path, problems: list[Problem], *, environment: Mapping[Place, str] | None = None
) -> _Model | None:
    """``data`` as ``model``; None where it does not fit, with one problem for each misfit. ``environment`` names values that came from there."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = _place(detail["loc"])
            variable = next((name for known, name in (environment or {}).items() if place[: len(known)] == known), None)
            if variable is not None:
                problems.append(Problem("environment", None, variable, _message(model, place, detail, None)))
            else:
                line, written = spot(path, place)
                written = None if _OF_A_KEY in detail["loc"] else written
                problems.append(Problem(str(path), line, _dotted(place), _message(model, place, detail, written)))
        return None


def _place(told: Place) -> Place:
    return (*told[:-2], str(told[-2])) if told[-1:] == (_OF_A_KEY,) else told


_OF_A_KEY = "[key]"
"""What pydantic adds to the place of a key that is wrong itself."""


def _message(model: type[BaseModel], place: Place, detail: Mapping[str, Any], written: str | None) -> str:
    """``written``: what stands in the file, where it stands there without quotes."""
    if detail["type"] == "extra_forbidden":
        return _no_such_key(str(place[-1]), _model_at(model, place[:-1]))
    if detail["type"] == "missing":
        return "is missing"
    value, expected = detail["input"], _expected(place, detail)
    if value is None:
        told = f"{written} is nothing to YAML" if written else "nothing stands here"
        return f"{told}: {expected}" + ("" if _is_required(model, place) else "; or leave the key out")
    if isinstance(value, (dict, list, set)) or any(part in SECRET for part in place):
        return expected
    shown = repr(value) if isinstance(value, str) else written or json.dumps(value, default=str)
    if detail["type"] == "string_type":
        return f'{shown}: {expected}, and without quotes YAML takes this for {_kind(value)}: write "{shown}"'
    if detail["type"] in ("model_type", "list_type") and re.match("https?://", str(value)) and "sources" in place:
        return f'{shown}: {expected}; for a source, write "- url: {value}"'
    near = _near(str(value), str(place[-1]), re.findall(r"[\w./-]+", expected.partition("one of")[2])) if "one of" in expected else None
    return f"{shown}: {expected}" + (f'; did you mean "{near}"?' if near else "")


def _near(value: str, key: str, possible: Sequence[str]) -> str | None:
    return meant.value(key, value) or next(iter(get_close_matches(value, possible, 1)), None)


def _no_such_key(key: str, here: type[BaseModel]) -> str:
    """``here``: whose keys may stand there."""
    if (odd := unseen(key)) is not None:
        return f"{odd} belongs to this key, as YAML reads it: delete it, and indent with spaces"
    keys = list(here.model_fields)
    if (near := meant.key(key, keys)) is not None:
        return f'no such key; did you mean "{near}"?'
    if (place := _section_of(key, here) or meant.place(key, keys)) is not None:
        return f'no such key; did you mean "{place}"?'
    if (place := meant.place(key, ("fetch",))) is not None:
        return f'no such key; there is "{place}" in aggregator.yaml, for all sources'
    if (said := meant.said(key)) is not None:
        return f"no such key: {said}"
    close = get_close_matches(key, keys, 1, 0.6)
    return f'no such key; did you mean "{close[0]}"?' if close else f"no such key; there are {', '.join(keys)}"


def _section_of(key: str, here: type[BaseModel]) -> str | None:
    """The place of ``key`` below one of the sections of ``here``."""
    sections = ((name, next(_models(field), None)) for name, field in here.model_fields.items())
    return next((f"{name}.{key}" for name, model in sections if model is not None and key in model.model_fields), None)


def _expected(place: Place, detail: Mapping[str, Any]) -> str:
    kind, told = detail["type"], detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return _pattern(place)
    if kind == "literal_error":
        return f"expected one of {told['expected'].replace(chr(39), '')}"
    if kind in _SHAPES:
        return f"expected {_SHAPES[kind].format_map(told)}"
    said = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ").removeprefix("Input should ")
    return said if said.startswith("expected") else f"expected {said}"


def _kind(value: Any) -> str:
    return (
        "a date"
        if isinstance(value, date)
        else "yes or no"
        if isinstance(value, bool)
        else "a number"
        if isinstance(value, (int, float))
        else "data"
    )


_SHAPES = {
    "model_type": 'keys and values, as "key: value" with a space behind the colon',
    "dict_type": 'keys and values, as "key: value" with a space behind the colon',
    "list_type": 'a list: lines that begin with a dash and a space, as "- this", or [this, that]',
    "string_type": "a text",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} at most",
    "invalid_key": "keys that are texts: put this one in quotes",
    "recursion_loop": "something that does not hold itself",
}
"""Pydantic's words for these are Python's."""

_PATTERNS = {
    "ror": "expected a ROR id such as https://ror.org/01yqg2h08",
    "name": "expected small letters, digits, dots and dashes",
    "id": "expected up to 200 characters without spaces",
}


def _pattern(place: Place) -> str:
    return _PATTERNS.get(str(place[-1]) if place else "", "expected another form")


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """What may stand at ``place``."""
    for part in place:
        if not isinstance(part, int):
            model = next(_models(model.model_fields[part]))
    return model


def _is_required(model: type[BaseModel], place: Place) -> bool:
    """Whether the key at ``place`` must be there; what is no key of ours, such as a language of ``names``, need not."""
    for part in place[:-1]:
        if not isinstance(part, int):
            inner = next(_models(model.model_fields[part]), None) if part in model.model_fields else None
            if inner is None:
                return False
            model = inner
    field = model.model_fields.get(str(place[-1])) if place else None
    return field is not None and field.is_required()


def _models(field: FieldInfo) -> Iterator[type[BaseModel]]:
    annotation: Any = field.annotation
    inner = [annotation, *getattr(annotation, "__args__", ())]
    return (each for each in inner if isinstance(each, type) and issubclass(each, BaseModel))


def _dotted(place: Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
