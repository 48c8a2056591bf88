"""What every database shares."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.store.database import unpacked

_any_character = st.text(st.characters(codec=None, categories=None))
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _any_character,
    lambda inner: st.lists(inner) | st.dictionaries(_any_character, inner),
    max_leaves=8,
)


@given(value=_values)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_was_kept_as_json_is_read_as_it_was(value: Any, ascii_only: bool) -> None:  # noqa: FBT001
    assert unpacked(json.dumps(value, ensure_ascii=ascii_only)) == value


def test_what_is_no_number_is_read_too() -> None:
    assert math.isnan(unpacked(json.dumps(math.nan)))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        unpacked('{"a": ')
