from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.counters import settled


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Robots walk. Views: 7", "Robots walk. Views: 1,208"),
        ("Robots walk. 7 views", "Robots walk. 19 views"),
        ("<p>Hits: <span class='n'>7</span></p>", "<p>Hits: <span class='n'>8</span></p>"),
        ("浏览次数：99 机器人", "浏览次数：100 机器人"),
        ("机器人 [阅读：5]", "机器人 [阅读：6]"),
        ("99次浏览", "1024次浏览"),
        ("Просмотров: 15", "Просмотров: 16"),
        ("15 просмотров", "1 016 просмотров".replace(" ", "\u00a0", 1)),
        ("조회수: 3", "조회수: 44"),
        ("Lượt xem: 3", "lượt xem: 44".capitalize()),
    ],
)
def test_a_counter_of_readers_says_nothing_new(before: str, after: str) -> None:
    assert settled(before) == settled(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("300 students came", "3000 students came"),
        ("200 visits to the laboratory", "2000 visits to the laboratory"),
        ("Reviews: 3 books", "Reviews: 4 books"),
        ("The lecture begins at 10:30", "The lecture begins at 11:30"),
        ("Views of 1920", "Views of 1930"),
        ("Views: 7. Robots walk", "Views: 8. Robots run"),
    ],
)
def test_other_numbers_and_words_are_news(before: str, after: str) -> None:
    assert settled(before) != settled(after)


@given(st.text(st.sampled_from("view 0123:<spani>.&nbsp;浏览次"), max_size=300))
def test_settled_text_is_settled_in_the_end(text: str) -> None:
    assert len(settled(text)) <= len(text)
