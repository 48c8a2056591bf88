from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import depth, markup

PARAGRAPHS = {
    "blocks": "<div>",
    "fonts in paragraphs": "<p><font>",
    "fonts around line ends": "<br><font>",
    "lists in lists": "<ul><li>",
    "tables in tables": "<table><tr><td>",
    "end tags that a block keeps from closing": "</b><b><div><i>",
    "an end tag for the outer of two": "</p><p><font><b>",
}


@pytest.mark.parametrize("opening", PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_a_page_that_never_closes_its_tags_is_read_to_its_end(opening: str) -> None:
    page = "<html><body>" + "".join(f"{opening}Boat {number} came home. " for number in range(2_000)) + "</body></html>"

    text = markup.text_of(markup.tree(page))

    assert "Boat 0 came home." in text
    assert "Boat 1999 came home." in text
    assert text.count("came home") == 2_000


def test_blocks_that_are_left_out_leave_a_line_end_behind() -> None:
    flat = depth.shallow("<div>" * depth.DEEPEST + "<div>one</div><b>two</b>")

    assert flat.endswith("<br>one<br>two")


def test_what_stands_no_deeper_than_it_may_stays_as_it_is() -> None:
    page = "<ul><li>one<li><b>two</b></ul><img src=a><p>three"

    assert depth.shallow(page) == page


def test_ordinary_nesting_is_not_tangled() -> None:
    article = "<div><div><ul>" + "<li><p>a <b>b <i>c</i></b><br><img src=a>" * 3_000 + "</ul></div></div>"

    assert not depth.is_tangled(article)
    assert markup.untangled(article) is article


@pytest.mark.parametrize("opening", ["<div>", "<DIV >", "<b></i>", '<div title="<">', "<ul><li>", "<table><tr><td>", "<a href=x>"])
def test_what_is_tangled_is_written_with_a_bounded_depth_and_all_its_text(opening: str) -> None:
    page = "<p>x</p>" + f"{opening}word " * 1_000

    assert depth.is_tangled(page)
    assert not depth.is_tangled("<p>x</p>" + f"{opening}word " * 10)
    if "title" not in opening:
        assert markup.untangled(page).count("word") == 1_000


@given(st.lists(st.sampled_from(["<b>", "</b>", "<div>", "</div>", "<p>", "<td>", "<i>", "</i>", "x", "<br>"]), max_size=300).map("".join))
def test_no_text_is_lost(page: str) -> None:
    assert depth.shallow(page).count("x") == page.count("x")
