"""Which language a text is written in, and when that cannot be told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.language import detect

TEXTS = {
    "en": "The students of the university have built a boat that finds its way without a captain.",
    "de": "Die Studierenden der Hochschule haben ein Boot gebaut, das seinen Weg ohne Kapitän findet.",
    "fr": "Les étudiants de l'université ont construit un bateau qui trouve son chemin sans capitaine.",
    "es": "Los estudiantes de la universidad han construido un barco que encuentra su camino sin capitán.",
    "pt": "Os estudantes da universidade construíram um barco que não precisa de capitão para navegar.",
    "it": "Gli studenti dell'università hanno costruito una barca che trova la strada senza il capitano.",
    "nl": "De studenten van de universiteit hebben een boot gebouwd die zonder kapitein zijn weg vindt.",
    "sv": "Studenterna vid universitetet har byggt en båt som hittar vägen utan någon kapten ombord.",
    "da": "De studerende ved universitetet har bygget en båd, som finder vej uden nogen kaptajn om bord.",
    "nb": "Studentene ved universitetet har bygget en båt som finner veien uten noen kaptein om bord.",
    "fi": "Yliopiston opiskelijat ovat rakentaneet veneen, joka löytää tiensä ilman kapteenia.",
    "pl": "Studenci uniwersytetu zbudowali łódź, która znajduje drogę bez kapitana na pokładzie.",
    "cs": "Studenti univerzity postavili loď, která najde cestu bez kapitána, a proto je tak lehká.",
    "hu": "Az egyetem hallgatói olyan hajót építettek, amely kapitány nélkül is megtalálja az útját.",
    "ro": "Studenții universității au construit o barcă și aceasta își găsește drumul fără căpitan.",
    "tr": "Üniversite öğrencileri kaptan olmadan yolunu bulan bir tekne yaptı ve göle indirdi.",
    "vi": "Sinh viên của trường đã đóng một chiếc thuyền có thể tự tìm đường mà không cần thuyền trưởng.",
    "id": "Mahasiswa universitas telah membuat perahu yang dapat menemukan jalan tanpa kapten.",
    "ru": "Студенты университета построили лодку, которая находит дорогу без капитана.",
    "uk": "Студенти університету збудували човен, який знаходить дорогу без капітана.",
    "bg": "Студентите от университета са построили лодка, която намира пътя без капитан.",
    "sr": "Студенти универзитета су направили чамац који налази пут без капетана.",
    "el": "Οι φοιτητές του πανεπιστημίου έφτιαξαν μια βάρκα.",
    "ar": "قام طلاب الجامعة ببناء قارب يجد طريقه من دون قبطان على متنه في هذا العام.",
    "fa": "دانشجویان دانشگاه قایقی ساخته‌اند که بدون ناخدا راه خود را پیدا می‌کند.",
    "ur": "یونیورسٹی کے طلبہ نے ایک کشتی بنائی ہے جو کپتان کے بغیر راستہ تلاش کرتی ہے۔",
    "he": "הסטודנטים של האוניברסיטה בנו סירה שמוצאת את דרכה ללא קברניט.",
    "hi": "विश्वविद्यालय के छात्रों ने एक नाव बनाई है जो बिना कप्तान के चलती है।",
    "th": "นักศึกษามหาวิทยาลัยสร้างเรือที่หาทางเองได้",
    "ko": "대학 학생들이 선장 없이 길을 찾는 배를 만들었다.",
    "ja": "大学の学生たちは、船長なしで進路を見つける船を作った。",
    "zh": "大学生造出了一艘不需要船长的小船。",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_one_sentence_is_enough(language, text):
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "2024", "…", "Python 3.13", "A", "NTU"])
def test_what_tells_nothing_is_not_guessed(text):
    assert detect(text) is None


@pytest.mark.parametrize(
    ("hint", "expected"), [("en-US", "en"), ("zh_CN", "zh"), ("no", "nb"), ("sr-Latn", "sr"), ("x", None), ("", None), (None, None)]
)
def test_the_hint_decides_where_the_text_tells_nothing(hint, expected):
    assert detect("NTU 2024", hint=hint) == expected


def test_a_wrong_hint_is_overruled():
    assert detect(TEXTS["de"], hint="en") == "de"
    assert detect(TEXTS["zh"], hint="en") == "zh"


def test_a_hint_tells_the_forms_of_one_language_apart():
    text = "Studenti su sagradili brod koji nalazi put bez kapetana i to je za njih bio velik uspjeh."

    assert detect(text, hint="bs") == "bs"


def test_chinese_with_names_in_latin_letters_is_chinese():
    assert detect("学校与 Northfield Technical University 签署合作协议", hint="en") == "zh"


@given(st.text(max_size=2_000), st.one_of(st.none(), st.text(max_size=20)))
def test_any_text_gives_a_short_tag_or_none(text, hint):
    tag = detect(text, hint=hint)

    assert tag is None or (tag.isascii() and tag.islower() and 2 <= len(tag) <= 3)


def test_it_needs_no_model_and_no_numpy():
    code = "import sys, aggregator.text.language as l; l.detect('the cat'); print('numpy' in sys.modules, 'py3langid' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stdout.split() == ["False", "False"]
