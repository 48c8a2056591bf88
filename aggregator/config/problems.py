"""Wrong files explained: where exactly, what was found, what was expected, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from aggregator.config import plain
from aggregator.errors import Problem

LARGEST = 5_000_000
"""Bytes of one configuration file."""

_Model = TypeVar("_Model", bound=BaseModel)
_Place = tuple[str | int, ...]


def load_yaml(path: Path, problems: list[Problem]) -> Any:
    """The YAML 1.2 data of a file, an empty one as ``{}``; None where it cannot be read, with the reason added to ``problems``."""
    try:
        text = path.read_bytes()
        if len(text) > LARGEST:
            problems.append(Problem(str(path), None, "", f"the file has {len(text)} bytes; {LARGEST} are the most"))
            return None
        data = _parse(text.decode())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.problem, error.context) if part)
        problems.append(Problem(str(path), mark.line + 1 if mark else None, "", f"not valid YAML: {_short(what)}{_hint(what)}"))
        return None
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        problems.append(Problem(str(path), line, "", "not UTF-8: save the file with that encoding"))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(str(path), None, "", f"not valid YAML: {_short(str(error)) or type(error).__name__}"))
        return None
    except OSError as error:
        problems.append(Problem(str(path), None, "", f"cannot be read: {error.strerror}"))
        return None
    return {} if data is None else data


_HINTS = {
    "mapping values are not allowed": "put a text that holds a colon in quotes, and indent keys of one level alike",
    "could not find expected ':'": "a key needs a colon and a space behind it",
    "cannot start any token": "indent with spaces, not with tabs, and put a text that begins with @, ` or % in quotes",
    "expected <block end>": "indent keys of one level alike",
    "found unexpected end of stream": "a quote or bracket is not closed",
    "expected ',' or": "a bracket is not closed",
}


def _hint(problem: str) -> str:
    return next((f" ({hint})" for part, hint in _HINTS.items() if part in problem), "")


def _parse(text: str) -> Any:
    try:
        return plain.read(text)
    except (plain.Beyond, YAMLError, ValueError):
        pass  # said better below
    try:
        return YAML(typ="safe").load(text)
    except YAMLError:
        # libyaml is five times as fast, and knows YAML 1.1 only: it stumbles over the colon of {url: http://…}.
        return YAML(typ="safe", pure=True).load(text)


def explain(
    model: type[_Model], data: Any, path: Path, problems: list[Problem], *, environment: Mapping[_Place, str] | None = None
) -> _Model | None:
    """``data`` as ``model``; None where it does not fit, with one problem for each misfit. ``environment`` names values that came from there."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            place = tuple(detail["loc"])
            variable = next((name for known, name in (environment or {}).items() if place[: len(known)] == known), None)
            if variable is not None:
                problems.append(Problem("environment", None, variable, _message(model, place, detail)))
            else:
                problems.append(Problem(str(path), line_of(path, place), _dotted(place), _message(model, place, detail)))
        return None


def _message(model: type[BaseModel], place: _Place, detail: Mapping[str, Any]) -> str:
    if detail["type"] == "extra_forbidden":
        keys = _keys(model, place[:-1])
        near = get_close_matches(str(place[-1]), keys, 1, 0.6)
        return f'no such key; did you mean "{near[0]}"?' if near else f"no such key; there are {', '.join(keys)}"
    if detail["type"] == "missing":
        return "is missing"
    expected = _SHAPES.get(detail["type"]) or detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ").removeprefix(
        "Input should "
    )
    expected = re.sub(r"^(String should match pattern) .*", _pattern(place), expected)
    expected = expected if expected.startswith("expected") else f"expected {expected}"
    value = detail["input"]
    if isinstance(value, (dict, list)) or any(part in _SECRET for part in place):
        return expected
    near = get_close_matches(str(value), re.findall(r"[\w./-]+", expected.partition("one of")[2]), 1) if "one of" in expected else []
    return f"{value!r}: {expected}" + (f'; did you mean "{near[0]}"?' if near else "")


_SECRET = frozenset({"database", "server", "notify", "mail", "chat", "to", "newsletters"})
"""Keys whose values may hold passwords or the addresses of people: a message about them may be seen by anybody, on /healthz."""

_SHAPES = {"model_type": "keys and values", "dict_type": "keys and values", "list_type": "a list"}
"""Pydantic's words for these are Python's."""

_PATTERNS = {
    "country": "expected two capital letters, for example CN",
    "language": "expected a language code, for example zh",
    "ror": "expected a ROR id such as https://ror.org/01yqg2h08",
    "name": "expected small letters, digits, dots and dashes",
    "database": "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
    "id": "expected up to 200 characters without spaces",
}


def _pattern(place: _Place) -> str:
    return _PATTERNS.get(str(place[-1]) if place else "", "expected another form")


def _keys(model: type[BaseModel], place: _Place) -> list[str]:
    """The keys that may stand at ``place``."""
    for part in place:
        if isinstance(part, int):
            continue
        annotation: Any = model.model_fields[part].annotation
        inner = [annotation, *getattr(annotation, "__args__", ())]
        model = next(each for each in inner if isinstance(each, type) and issubclass(each, BaseModel))
    return list(model.model_fields)


def _dotted(place: _Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def line_of(path: Path, place: _Place) -> int | None:
    """The line, from 1, where ``place`` stands in a file, or the nearest thing around it. Parses the file again, with positions."""
    try:
        node: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (YAMLError, OSError, ValueError):
        return None
    line: int | None = node.lc.line + 1 if hasattr(node, "lc") else None
    for part in place:
        try:
            positions: Any = node.lc
            line = (positions.key(part) if isinstance(node, dict) else positions.item(part))[0] + 1
            node = node[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return line


def _short(text: str) -> str:
    return " ".join(text.split())[:200]
