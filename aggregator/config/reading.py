"""A YAML file → its data; where that fails, what is wrong is said in the words of somebody who edits YAML, not of who wrote its parser."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from aggregator.config import plain, spots
from aggregator.errors import Problem

LARGEST = 5_000_000
"""Bytes of one configuration file."""

_MARK = "\ufeff"
"""A byte order mark, with which editors of Windows begin a file."""


SECRET = frozenset({"database", "server", "notify", "mail", "chat", "to", "newsletters", "token"})
"""Keys whose values may hold passwords or the addresses of people: a message about them may be seen by anybody, on /healthz."""


def load_yaml(path: Path, problems: list[Problem]) -> Any:
    """The YAML 1.2 data of a file, an empty one as ``{}``; None where it cannot be read, with the reason added to ``problems``."""
    try:
        content = path.read_bytes()
        if len(content) > LARGEST:
            problems.append(Problem(str(path), None, "", f"the file has {len(content)} bytes; {LARGEST} are the most"))
            return None
        text = content.decode().removeprefix(_MARK)
        data = _parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        near = mark.line + 1 if mark else None
        line, told = _unseen(text, near) or _unclosed(error) or (near, _said(error))
        problems.append(Problem(str(path), line, "", f"not valid YAML: {told}"))
        return None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(Problem(str(path), line, "", "not UTF-8: save the file with that encoding"))
        return None
    except RecursionError:
        problems.append(Problem(str(path), None, "", "not valid YAML: lists and keys stand too deep within each other"))
        return None
    except (YAMLError, ValueError) as error:
        line, told = _control(text) or _no_value(text) or (None, short(str(error)) or type(error).__name__)
        problems.append(Problem(str(path), line, "", f"not valid YAML: {told}"))
        return None
    except OSError as error:
        problems.append(Problem(str(path), None, "", f"cannot be read: {error.strerror}"))
        return None
    problems.extend(Problem(str(path), line, "", told) for line, told in _of_two_minds(text))
    if data is not None and not isinstance(data, dict) and (odd := _unseen(text)):
        problems.append(Problem(str(path), odd[0], "", odd[1]))
        return None
    return {} if data is None else data


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


_WORDS = (
    (r"mapping values are not allowed", "put a text that holds a colon and a space in quotes, and indent keys of one level alike ({met})"),
    (r"could not find expected ':'", "a key needs a colon and a space behind it ({met})"),
    (r"character '(?P<what>[@`%])' that cannot start", "to YAML a text cannot begin with {what}: put it in quotes"),
    (r"cannot start any token", "indent with spaces, not with tabs ({met})"),
    (r"sequence entries are not allowed", "a list begins on a line of its own, below its key ({met})"),
    (
        r"found '<scalar>' while parsing a block mapping",
        "the text goes on behind its closing quote: write '' for an apostrophe within it, or put it in double quotes",
    ),
    (r"expected <block end>", "indent keys of one level alike ({met})"),
    (r"expected ',' or", "a bracket is not closed, or a comma is missing ({met})"),
    (r"escape character", "in double quotes a backslash begins a sign such as \\n: put the text in single quotes, or write \\\\ ({met})"),
    (r"while scanning a block scalar", "behind | or > the text begins on the next line: move it there, or put it in quotes"),
    (r"while scanning a directive", "to YAML a line that begins with % is an order: put it in quotes ({met})"),
    (r'duplicate key "(?P<what>[^"]*)"', 'the key "{what}" stands there twice: keep one of them'),
    (
        r"single document",
        "a line --- or ... ends the first document, and a file holds one: take that line away, or move what follows into a file of its own",
    ),
    (r"undefined alias '(?P<what>[^']*)'", "*{what} means what is marked &{what}, and nothing is: put a text that begins with * in quotes"),
    (r"undefined tag handle '(?P<what>[^']*)'", "{what}… is a tag, which means nothing here: put a text that begins with ! in quotes"),
    (r"constructor for the tag \S*?'tag:yaml.org,2002:(?:value|merge)'", "= and << mean something to YAML: put them in quotes"),
    (
        r"constructor for the tag \S*?'(?P<what>[^']*)'",
        "{what} is a tag, which means nothing here: take it away, or put a text that begins with ! in quotes",
    ),
)
"""What ruamel.yaml says, and what we say, with its words where they can be looked up."""


def _said(error: MarkedYAMLError) -> str:
    met = " ".join(part for part in (error.problem, error.context) if part)
    for pattern, words in _WORDS:
        if found := re.search(pattern, met):
            what = (found.groupdict().get("what") or "").replace("tag:yaml.org,2002:", "!!")
            return words.format(what=short(what), met=short(met))
    return short(met)


def _unclosed(error: MarkedYAMLError) -> tuple[int, str] | None:
    """Where a quote or a bracket begins that nothing ends: the parser only notices at the end of the file."""
    met, begun = f"{error.problem} {error.context}", error.context_mark
    if begun is None or not re.search("end of stream|<stream end>", met) or not re.search("quoted scalar|flow", met):
        return None
    return begun.line + 1, f"a {'quote' if 'quoted' in met else 'bracket'} is opened here and not closed ({short(met)})"


_UNSEEN = r"[^\S \t\r\n]|[\u200b\u2060\ufeff]"
"""What looks like a space, or like nothing, and is no space."""
_BLANK = rf"(?m)^[ \t]*(?:- *)*(?P<before>{_UNSEEN})|^(?P<tab> *\t+)(?=[^\s#])|^ *(?:- *)?[\w.-]+:(?P<behind>{_UNSEEN})"
"""Where YAML wants a space: before a line, or behind a key's colon."""


def _unseen(text: str, line: int | None = None) -> tuple[int, str] | None:
    """The line, and the sign that nobody sees there. ``line``: about where."""
    for found in re.finditer(_BLANK, text):
        here = text.count("\n", 0, found.start()) + 1
        if line is not None and abs(here - line) > 1:
            continue
        if found["tab"]:
            return here, "a tab stands before this line: indent with spaces"
        return here, f"{unseen(found['before'] or found['behind'])} stands where a space is meant: delete it, and type a space"
    return None


def unseen(text: str) -> str | None:
    """What the first character of ``text`` that nobody sees is called; None where there is none."""
    found = re.search(_UNSEEN, text)
    return (
        f"a sign that looks like a space (U+{ord(found[0]):04X}, {unicodedata.name(found[0], 'without a name').lower()})" if found else None
    )


def _control(text: str) -> tuple[int, str] | None:
    """Where a control character stands, which YAML refuses."""
    found = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    return (
        (text.count("\n", 0, found.start()) + 1, f"a control character (U+{ord(found[0]):04X}) stands here: delete it") if found else None
    )


_ZERO = re.compile(r"[\s\[,{][+-]?0\d[\d_.]*\s*(?:[,\]}#\r\n]|$)")
_LEADING = re.compile(r"[+-]?0[\d_]+")
_TAG_OF_NUMBERS = "tag:yaml.org,2002:int"


def _of_two_minds(text: str) -> list[tuple[int, str]]:
    """Numbers that begin with 0, which some read by eights, and others meant as an hour or as text."""
    if not _ZERO.search(text):
        return []
    return [
        (each.line, _of_zeros("" if each.keys & SECRET else each.text))
        for each in spots.scalars(text)
        if each.tag == _TAG_OF_NUMBERS and _LEADING.fullmatch(each.text)
    ]


def _of_zeros(value: str) -> str:
    """``value``: empty where nobody should see it."""
    told = "a number that begins with 0 may be meant in several ways: "
    if not value:
        return f"{told}write it without the 0, or in quotes where it is a text"
    return f'{value}: {told}write {int(value.replace("_", ""))}, or "{value}" where it is a text'


def _no_value(text: str) -> tuple[int, str] | None:
    """The value that has the form of a day or a number and is none."""
    for each in spots.scalars(text):
        try:
            plain.meant(each.text)
        except plain.Beyond:
            continue
        except ValueError:
            what = "day" if each.tag.endswith("timestamp") else "number"
            shown = "" if each.keys & SECRET else f"{short(each.text, 40)}: "
            return each.line, f"{shown}there is no such {what}; where a text is meant, put it in quotes"
    return None


def short(text: str, most: int = 200) -> str:
    return " ".join(text.split())[:most]
