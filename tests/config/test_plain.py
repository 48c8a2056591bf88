"""What is written plainly is read as ruamel.yaml reads it, or left to it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from aggregator.config.plain import Beyond, read

VALUES = ("yes true False NO null ~ 0o17 017 1_000 +5 -7 0x1F 0b11 .5 1e3 1.0 .inf -.INF .nan 12:30 127.0.0.1 2026-05-01 5m on y Null https://a.edu/?q=1#top "
          "- . 2026-05-01T10:00:00Z --- 1__0 ＡＢ").split()  # fmt: skip


def _ruamel(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.mark.parametrize(
    "value", [*VALUES, "", "'5'", '"true"', "a b", "[1, two, 3.0]", "{a: 1, b: [c]}", "|\n  one\n  two", ">\n  one\n  two"]
)
def test_each_value_is_what_ruamel_takes_it_for(value: str):
    text = f"key: {value}\n"
    try:
        wanted = _ruamel(text)
    except (YAMLError, ValueError):
        with pytest.raises((YAMLError, ValueError, Beyond)):
            read(text)
    else:
        assert repr(read(text)) == repr(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\na: 2",
        "- &a 1\n- *a",
        "<<: {a: 1}",
        "a: !!str 1",
        "%YAML 1.1\n---\na: yes",
        "a: 1\n---\nb: 2",
        "1: 2",
        "? [a]\n: b",
        "a: =",
    ],
)
def test_what_is_more_than_plain_is_left_to_ruamel(text: str):
    with pytest.raises(Beyond):
        read(text)


_TEXTS = st.one_of(st.sampled_from(VALUES), st.text(max_size=12))
_TREES = st.recursive(
    st.one_of(_TEXTS, st.integers(), st.booleans(), st.none(), st.dates(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@given(_TREES)
def test_whatever_is_written_down_comes_back(tree: Any):
    written = StringIO()
    YAML(typ="safe").dump(tree, written)
    text = written.getvalue()

    try:
        found = read(text)
    except Beyond:
        return

    assert repr(found) == repr(_ruamel(text))
