from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from aggregator.text import search

HAN = "哈尔滨工业大学与鲍曼莫斯科国立技术合作签约二〇年々"
KANA = "アイウロハのとニュースガプ"
THAI = "กันการเรียนรู้มหาวิทยาลัย"
HANGUL = "서울대학교는신입생을모집한다연구팀"
unspaced = st.text(alphabet=HAN + KANA + THAI + HANGUL, min_size=2, max_size=12)
words = st.sampled_from(["HIT", "robot", "2026", "Bauman", "наука", "Ärzte", "café", "x"])
gaps = st.sampled_from(["", " ", "，", "・", "-", ". "])
titles = st.lists(st.tuples(unspaced | words, gaps), min_size=1, max_size=6).map(lambda parts: "".join(word + gap for word, gap in parts))


class Shelf:
    """The index as the store uses it: FTS5, whole terms one after the other."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE shelf USING fts5(body, tokenize='unicode61 remove_diacritics 0')")

    def finds(self, text: str, question: str) -> bool:
        *_, last = terms = search.phrase(question)
        self._connection.execute("DELETE FROM shelf")
        self._connection.execute("INSERT INTO shelf VALUES (?)", (search.index(text),))
        wanted = " + ".join(f'"{term}"' for term in terms) + (" *" if search.is_prefix(last) else "")
        return bool(self._connection.execute("SELECT count(*) FROM shelf WHERE shelf MATCH ?", (wanted,)).fetchone()[0])

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    yield shelf
    shelf.close()


@given(unspaced, st.data())
@example("กันก", None)
def test_every_part_of_a_name_without_spaces_is_found(shelf: Shelf, name: str, data: st.DataObject | None) -> None:
    start = data.draw(st.integers(0, len(name) - 2)) if data else 0
    end = data.draw(st.integers(start + 2, len(name))) if data else len(name)
    part = name[start:end]
    assume(search.phrase(part))

    assert shelf.finds(name, part)


@given(titles)
@example("哈工大HIT")
@example("哈工大2026年招生")
@example("アイ・ロハ")
@example("与鲍曼，莫斯科")
def test_every_title_is_found_by_itself(shelf: Shelf, title: str) -> None:
    assert shelf.finds(title, title)


@given(st.text(alphabet=HAN, min_size=2, max_size=8), words, st.text(alphabet=HAN, min_size=2, max_size=8), st.data())
def test_a_question_may_begin_and_end_in_the_middle_of_what_is_written_together(
    shelf: Shelf, before: str, word: str, after: str, data: st.DataObject
) -> None:
    question = before[data.draw(st.integers(0, len(before) - 1)) :] + word + after[: data.draw(st.integers(1, len(after)))]

    assert shelf.finds(before + word + after, question)


@pytest.mark.parametrize("character", ["哈", "滨", "大"])
def test_one_character_is_found_wherever_it_stands(shelf: Shelf, character: str) -> None:
    assert shelf.finds("在哈尔滨上大", character)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("哈尔滨工业大学", "业工"),
        ("哈尔滨工业大学", "哈工"),
        ("哈工大 学", "大学院"),
        ("robots walk", "walk robots"),
        ("robotics", "robot"),
        ("哈工 大学", "工大"),
        ("서울 대학교", "울대"),
        ("서울대학교는", "대서"),
    ],
)
def test_what_is_not_said_is_not_found(shelf: Shelf, text: str, question: str) -> None:
    assert not shelf.finds(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Ärztekammer CAFÉ", "arztekammer cafe"),
        ("Наука И Жизнь", "наука и жизнь"),
        ("Ёлка", "елка"),
        ("ＨＩＴ　２０２６", "hit 2026"),
        ("ﾛﾎﾞｯﾄ", "ロボット"),
        ("Straße", "STRASSE"),
        ("Ωμέγα", "ωμεγα"),
        ("İstanbul", "istanbul"),
        ("한국 대학교", "대학교"),
        ("서울대학교는 신입생을 모집한다", "서울대학교"),
        ("서울대학교는 신입생을 모집한다", "서울대"),
        ("서울대학교는 신입생을 모집한다", "신입생"),
        ("서울대학교는 신입생을 모집한다", "신입생을 모집"),
        ("연구팀이 인공지능을 개발했다", "인공지능"),
        ("연구팀이 인공지능을 개발했다", "팀"),
        ("our robot🤖 costs 100₽", "robot"),
        ("our robot🤖 costs 100₽", "100"),
        ("state-of-the-art", "state of the art"),
        ("C++ and R&D", "r d"),
    ],
)
def test_case_width_and_accents_do_not_matter(shelf: Shelf, text: str, question: str) -> None:
    assert shelf.finds(text, question)


@given(st.text(max_size=40))
@example("ℌ")
@example("㎑")
@example("ŉ")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)


@given(st.text(max_size=60))
def test_terms_are_words_of_the_index_and_never_need_quoting(text: str) -> None:
    terms = search.phrase(text)

    assert all(re.fullmatch(r"[^\W_]+", term) for term in terms)
    assert all(not search.is_prefix(term) or len(term) == 1 for term in terms)


@pytest.mark.parametrize("text", ["", " ", "…", "!?", "「」", "-", "😀", "_"])
def test_where_there_is_no_letter_or_digit_there_is_nothing_to_look_for(text: str) -> None:
    assert search.phrase(text) == ()
