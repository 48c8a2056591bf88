"""What was used lately stays, as far as there is room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.room import Room


def test_the_longest_unused_leaves():
    room = Room(3)
    for key in "abc":
        room.put(key, key.upper(), 1)
    assert room.get("a") == "A"

    room.put("d", "D", 1)

    assert [room.get(key) for key in "abcd"] == ["A", None, "C", "D"]


def test_what_takes_the_place_of_another_is_counted_once():
    room = Room(3)
    for value in range(10):
        room.put("a", value, 2)
    room.put("b", "B", 1)

    assert (room.get("a"), room.get("b")) == (9, "B")


def test_what_is_larger_than_the_room_is_not_kept_and_drives_nobody_out():
    room = Room(3)
    room.put("a", "A", 1)
    room.put("b", "B", 1)

    room.put("a", "larger", 4)

    assert (room.get("a"), room.get("b")) == (None, "B")


@given(puts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=50), size=st.integers(0, 20))
def test_no_more_is_kept_than_fits_and_what_is_kept_was_put_last(puts, size):
    room, last = Room(size), {}
    for number, (key, weight) in enumerate(puts):
        room.put(key, number, weight)
        last[key] = number, weight

    kept = {key: weight for key, (number, weight) in last.items() if room.get(key) == number}
    assert sum(kept.values()) <= size
    assert all(room.get(key) in (None, number) for key, (number, _) in last.items())
