"""Tables that stay as their files have them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine.mentions.tables import Lines, Words

CELL = st.text(st.characters(exclude_characters="\t\n\r#"), min_size=1)


@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=3)), ends=st.booleans())
def test_lines_are_those_of_the_text_without_empty_ones_and_remarks(rows: list[list[str]], *, ends: bool) -> None:
    text = "# first\tsecond\n\n" + "\n\n".join("\t".join(row) for row in rows) + "\n" * ends

    lines = Lines(text.encode(errors="surrogatepass"))

    assert list(lines) == [lines[number] for number in range(len(lines))] == rows


@given(st.dictionaries(CELL, CELL), CELL)
def test_words_know_what_a_dictionary_knows(known: dict[str, str], other: str) -> None:
    words = Words(Lines.of(iter(known.items())))

    assert {word: words.get(word) for word in (*known, other)} == {word: known.get(word) for word in (*known, other)}
