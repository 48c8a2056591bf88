"""Bylines taken apart: who, in what role, person or unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import bylines
from aggregator.text.bylines import Credit

LINES = {
    "NTU Campus Media (Office of International Affairs/text).": [
        ("NTU Campus Media (Office of International Affairs/text)", "author", True)
    ],
    "Press Office (Li Ming/text, Wang Fang/photo)": [
        ("Li Ming", "author", False),
        ("Wang Fang", "photo", False),
        ("Press Office", "source", True),
    ],
    "作者：陈立新 摄影：赵敏 编辑：周航": [("陈立新", "author", False), ("赵敏", "photo", False), ("周航", "editor", False)],
    "文/陈立新 图/赵敏": [("陈立新", "author", False), ("赵敏", "photo", False)],
    "陈立新/文 赵敏/图": [("陈立新", "author", False), ("赵敏", "photo", False)],
    "（供稿：党委宣传部 摄影：赵敏、周航）": [("党委宣传部", "author", True), ("赵敏", "photo", False), ("周航", "photo", False)],
    "【供稿/材料学院 陈立新】": [("材料学院", "author", True), ("陈立新", "author", False)],
    "记者 陈立新 通讯员 赵敏": [("陈立新", "author", False), ("赵敏", "author", False)],
    "来源：新闻中心 作者：管理员": [("新闻中心", "source", True)],
    "取材・文：山本花子": [("山本花子", "author", False)],
    "By Ann Lee and Bob Ray, Staff Writer": [("Ann Lee", "author", False), ("Bob Ray", "author", False)],
    "Reported by Ann Lee. Photographed by Bob Ray and Cy Fox.": [
        ("Ann Lee", "author", False),
        ("Bob Ray", "photo", False),
        ("Cy Fox", "photo", False),
    ],
    "By Cam E. Kettle": [("Cam E. Kettle", "author", False)],
    "Text: Ann Lee, Photo: Bob Ray": [("Ann Lee", "author", False), ("Bob Ray", "photo", False)],
    "Von Anna Brandt": [("Anna Brandt", "author", False)],
    "Por María de la Cruz": [("María de la Cruz", "author", False)],
    "Текст: Ольга Лебедева, Фото: Павел Громов": [("Ольга Лебедева", "author", False), ("Павел Громов", "photo", False)],
    "Translated by Eva Nováková": [("Eva Nováková", "translator", False)],
    "작성자 : 박지원": [("박지원", "author", False)],
    "작성자 : 대학원": [("대학원", "author", True)],
    "Author: Office of Communications": [("Office of Communications", "author", True)],
    "Text/Photo: Ann Lee": [("Ann Lee", "author", False)],
    "Photos/Text: Ann Lee": [("Ann Lee", "author", False)],
    "Text & Photo: Ann Lee": [("Ann Lee", "author", False)],
    "Fotos und Text: Anna Brandt": [("Anna Brandt", "author", False)],
    "Текст/Фото: Павел Громов": [("Павел Громов", "author", False)],
    "Фото и текст: Павел Громов": [("Павел Громов", "author", False)],
    "文・写真：山本花子": [("山本花子", "author", False)],
    "Words and pictures by Ann Lee": [("Ann Lee", "author", False)],
    "Reported by Ann Lee, Photographed by Bob Ray, Edited by Cy Fox": [
        ("Ann Lee", "author", False),
        ("Bob Ray", "photo", False),
        ("Cy Fox", "editor", False),
    ],
    "By Ann Lee, Photos: Bob Ray": [("Ann Lee", "author", False), ("Bob Ray", "photo", False)],
    "Von Anna Brandt; Fotos von Jan Kolb": [("Anna Brandt", "author", False), ("Jan Kolb", "photo", False)],
    "Reported by: Ann Lee, photographed by Bob Ray": [("Ann Lee", "author", False), ("Bob Ray", "photo", False)],
    "Reported by Ann Lee photographed by Bob Ray": [("Ann Lee", "author", False), ("Bob Ray", "photo", False)],
    "By Dr. Jane Doe, PhD and Prof. John Smith": [("Dr. Jane Doe", "author", False), ("Prof. John Smith", "author", False)],
    "(Office of International Affairs)": [("Office of International Affairs", "author", True)],
    "（机电学院 陈立新）": [("机电学院", "author", True), ("陈立新", "author", False)],
}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：材料科学与工程学院", ("材料科学与工程学院",)),
        ("供稿：新闻与传播学院 王五", ("新闻与传播学院", "王五")),
        ("作者：张三与材料学院", ("张三", "材料学院")),
        ("作者：张三和李四", ("张三", "李四")),
        ("作者：宣传部与国际处", ("宣传部", "国际处")),
    ],
)
def test_a_school_of_two_subjects_is_one_unit(line, names):
    assert tuple(credit.name for credit in bylines.credits(line)) == names


@pytest.mark.parametrize(("line", "expected"), LINES.items())
def test_a_byline_is_split_into_names_roles_and_units(line, expected):
    assert bylines.credits(line) == tuple(Credit(name, role, unit) for name, role, unit in expected)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "By the end of the year the bridge will be open.",
        "Von Herzen Dank für alles",
        "The president spoke about the author of the plan.",
        "【供稿/材料学院】3月12日，志愿服务队走进社区，为居民讲解安全用电常识。",
        "The bridge was planned by Ann Lee, photographed by Bob Ray and built in a year.",
        "作者：管理员",
        "（详见学校官网）",
        "（完）",
        "(Second of three parts)",
        "(Hier die Online-Fassung.)",
        "(Room 4, Faculty of Arts)",
        "By admin",
        "Home",
        "x" * 400,
    ],
)
def test_what_is_no_byline_names_nobody(line):
    assert bylines.credits(line) == ()


def test_a_text_may_begin_or_end_with_its_byline_in_brackets():
    begins = bylines.signature("【供稿/材料学院】3月12日，志愿服务队走进社区，为居民讲解安全用电常识。")
    ends = bylines.signature("居民对活动表示欢迎，希望以后常来。（通讯员 陈立新）")
    unit = bylines.signature("The bridge is open to all. (Office of Student Affairs)")

    assert bylines.authors(begins) == ("材料学院",)
    assert bylines.authors(ends) == ("陈立新",)
    assert bylines.authors(unit) == ("Office of Student Affairs",)
    assert bylines.signature("The prize goes to Ann Lee (Faculty of Arts).") == ()


def test_people_sign_before_the_unit_they_belong_to():
    assert bylines.authors(bylines.credits("供稿：材料学院 陈立新")) == ("陈立新",)
    assert bylines.authors(bylines.credits("供稿：材料学院 摄影：赵敏")) == ("材料学院",)


FIELDS = {
    "By Ann Lee": ("Ann Lee",),
    "Ann Lee, Bob Ray": ("Ann Lee", "Bob Ray"),
    "Ann Lee | Senior Reporter": ("Ann Lee",),
    "Ann Lee (NTU)": ("Ann Lee",),
    "Ann Lee, Campus News": ("Ann Lee",),
    "Posts by Ann Lee": ("Ann Lee",),
    "陈立新 赵敏": ("陈立新", "赵敏"),
    "陈 立 新": ("陈立新",),
    "Office of Communications": ("Office of Communications",),
    "https://example.org/ann": (),
    "Follow": (),
    "admin": (),
    "超级管理员": (),
    "July 2024": (),
}


@pytest.mark.parametrize(("value", "expected"), FIELDS.items())
def test_the_value_of_an_author_field_gives_its_names(value, expected):
    assert bylines.people(value) == expected


def test_a_pen_name_counts_only_where_it_is_allowed():
    assert bylines.people("riverrat") == ()
    assert bylines.people("riverrat", pen_names=True) == ("riverrat",)
    assert bylines.people("admin2", pen_names=True) == ()


def test_the_site_itself_is_nobody():
    assert bylines.people("Campus Times", sites=("Campus Times",)) == ()


@pytest.mark.parametrize(
    ("name", "person"),
    [("Ann Lee", True), ("陈立新", True), ("小字号", False), ("Front Page", False), ("Ann", False), ("Press Office", False)],
)
def test_a_bare_line_is_a_person_only_where_it_can_be_nothing_else(name, person):
    assert bylines.is_person(name) is person


@given(st.text(max_size=300))
def test_any_text_gives_names_or_nothing(text):
    for credit in (*bylines.credits(text), *bylines.signature(text)):
        assert credit.name.strip()
    assert all(bylines.people(text))


@pytest.mark.parametrize("piece", ["作者：", "By ", "(", "文/", "a/", "Text: ", ", ", "Photo by "])
def test_long_lines_of_labels_name_no_more_than_they_hold(piece):
    line = piece * (bylines.LONGEST // len(piece))

    assert len(bylines.credits(line)) + len(bylines.signature(line)) + len(bylines.people(line)) <= len(line)
    assert bylines.credits(line * 2) == bylines.people(line * 2) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Größere Bilder, kürzere Wege und endlich eine Suche, die etwas findet.",
        "Neue Fenster und alte Mauern",
        "双方将共同观测两地湖泊的水温与藻类变化。",
        "2月18日，两校以视频会议形式签署合作备忘录，双方将共同观测水温与藻类变化",
        "Grüne Wiesen, Blaue Berge und ein Weg dazwischen",
    ],
)
def test_the_beginning_of_a_sentence_is_no_roster_of_names(line):
    assert bylines.roster(line) == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Lee and Bob Ray", ("Ann Lee", "Bob Ray")),
        ("Ann Lee, @annlee", ("Ann Lee",)),
        ("Anna Brandt, Redakteurin", ("Anna Brandt",)),
        ("陈立新 赵敏", ("陈立新", "赵敏")),
    ],
)
def test_a_line_of_nothing_but_names_is_a_roster(line, names):
    assert bylines.roster(line) == names


def test_a_sentence_in_han_names_nobody():
    assert bylines.people("双方将共同观测两地湖泊的水温与藻类变化。") == ()


def test_a_name_after_a_whole_sentence_is_that_of_a_photographer():
    found = bylines.credits("Students watch the new bridge over the river being opened. By Ann Lee")

    assert found == (Credit("Ann Lee", "photo"),)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：刘洋　点击：", ("刘洋",)),
        ("作者：张三　浏览量：", ("张三",)),
        ("작성자: 홍길동 작성일: 2025.03.01 조회수: 33", ("홍길동",)),
    ],
)
def test_a_counter_behind_a_name_is_nobody(line: str, names: tuple[str, ...]) -> None:
    assert bylines.authors(bylines.credits(line)) == names
