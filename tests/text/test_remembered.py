"""What was worked out lately is not worked out again; what was worked out long ago makes room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.remembered import Remembered


@given(st.lists(st.text(max_size=2)), st.integers(2, 9))
def test_it_says_what_the_work_says_and_holds_no_more_than_it_may(words: list[str], most: int) -> None:
    done: list[str] = []
    known = Remembered(lambda word: done.append(word) or word * 2, most=most, worth=lambda word: len(word) < 2)

    assert [known[word] for word in words] == [word * 2 for word in words]
    assert len(known) <= most // 2
    assert all(len(word) < 2 for word in known)


def test_a_word_that_recurs_is_worked_out_once_however_many_come_between() -> None:
    done: list[str] = []
    known = Remembered(lambda word: done.append(word) or word, most=8, worth=lambda word: word != "never")

    for number in range(40):
        assert known["the"] == "the"
        assert known[str(number)] == str(number)
    assert (known["never"], known["never"]) == ("never", "never")

    assert done.count("the") == 1
    assert done.count("never") == 2
