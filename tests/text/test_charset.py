from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.charset import decode, is_binary
from aggregator.text.labels import codec, declared

HEADLINES = {
    "gb18030": "我校举行研究生毕业典礼 校长寄语青年学子",
    "gb2312": "关于图书馆开放时间的通知",
    "big5": "國立大學舉辦校慶演講 歡迎師生參加",
    "shift_jis": "大学の研究成果が国際会議で紹介されました",
    "cp932": "第①回オープンキャンパスのお知らせ",
    "euc_jp": "入学試験に関するお知らせ",
    "euc_kr": "대학교 도서관 이용 안내",
    "cp949": "학생회 소식 똠방각하 공연",
    "cp1251": "Студенты университета победили на олимпиаде",
    "koi8-r": "Учёные рассказали о новой лаборатории",
    "cp866": "Открыт приём заявок на конференцию",
    "mac_cyrillic": "Расписание занятий опубликовано на сайте",
    "iso8859-5": "Библиотека работает до восьми часов",
    "koi8-u": "Відкриття наукової бібліотеки університету",
    "cp1250": "Příští přednáška se koná ve čtvrtek večer",
    "iso8859-2": "Wykład o współczesnej chemii odbędzie się w środę",
    "cp852": "A műszaki egyetem őszi ünnepsége és közleményei",
    "cp1253": "Η βιβλιοθήκη του πανεπιστημίου ανοίγει ξανά",
    "iso8859-7": "Διάλεξη για την ιστορία της πόλης",
    "cp1254": "Öğrenciler için yeni kütüphane açıldı, giriş ücretsiz",
    "iso8859-9": "Üniversitemizde bahar şenliği başlıyor",
    "cp1255": "הספרייה החדשה של האוניברסיטה נפתחה",
    "iso8859-8": "סטודנטים זכו בפרס על מחקר",
    "cp1256": "افتتاح المكتبة الجديدة في الجامعة",
    "iso8859-6": "محاضرة عامة عن تاريخ المدينة",
    "cp874": "นักศึกษาได้รับรางวัลจากการแข่งขัน",
    "cp1252": "Les étudiants préparent la fête de l’été à Genève",
    "cp1257": "Universiteto biblioteka kviečia į šventę gegužės pradžioje",
}
"""Codec → a headline in our own words."""

ROWS = [row.split("\t") for row in Path(__file__).with_name("legacy_headlines.tsv").read_text(encoding="utf-8").splitlines()[1:]]
LEGACY = sorted({(row[0], name) for row in ROWS for name in row[1].split()})
LABELS = [None, "utf-8", "iso-8859-1"]

WRONG = ["utf-8", "iso-8859-1", "us-ascii"]


def document(text: str, label: str | None = None) -> str:
    declaration = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{declaration}?>\n<rss><channel><title>{text}</title></channel></rss>'


@pytest.mark.parametrize(("name", "headline"), HEADLINES.items())
def test_an_undeclared_headline_comes_out_right(name: str, headline: str) -> None:
    text = document(headline)

    found = decode(text.encode(name))

    assert (found.text, found.origin) == (text, "detected")


@pytest.mark.parametrize("label", WRONG)
@pytest.mark.parametrize(("name", "headline"), HEADLINES.items())
def test_a_mislabelled_headline_comes_out_right(name: str, headline: str, label: str) -> None:
    text = document(headline, label)

    assert decode(text.encode(name), content_type=f"text/xml; charset={label}").text == text


def feed_of(titles: list[str], label: str | None) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>http://www.example.edu/{number}</link></item>" for number, title in enumerate(titles)
    )
    return document("News", label).replace("</channel>", f"{items}</channel>")


def page_of(titles: list[str], label: str | None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    rows = "".join(f'<li><a href="/news/{number}.html">{title}</a> <span>2025-03-01</span></li>' for number, title in enumerate(titles))
    return f"<html><head>{meta}<title>News</title></head><body><ul>{rows}</ul></body></html>"


@pytest.mark.parametrize("write", [feed_of, page_of])
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("language", "name"), LEGACY)
def test_a_page_of_headlines_comes_out_right_under_no_label_and_under_wrong_ones(
    language: str, name: str, label: str | None, write: Any
) -> None:
    text = write([row[2] for row in ROWS if row[0] == language], label)

    found = decode(text.encode(name), content_type=f"text/html; charset={label}" if label else "text/html")

    assert found.text == text


@pytest.mark.parametrize("write", [feed_of, page_of])
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("language", "name"), LEGACY)
def test_one_headline_alone_is_enough(language: str, name: str, label: str | None, write: Any) -> None:
    for _, _, title, *weak in (row for row in ROWS if row[0] == language):
        text = write([title], label)

        found = decode(text.encode(name), content_type=f"text/html; charset={label}" if label else "text/html")

        assert found.text == text or weak


@pytest.mark.parametrize(("name", "headline"), HEADLINES.items())
def test_a_true_declaration_is_believed(name: str, headline: str) -> None:
    text = document(headline, name)

    found = decode(text.encode(name))

    assert (found.text, found.origin) == (text, "declaration")


@pytest.mark.parametrize(("name", "headline"), HEADLINES.items())
def test_what_served_the_source_before_serves_again(name: str, headline: str) -> None:
    text = document(headline)

    found = decode(text.encode(name), fallback=name)

    assert (found.text, found.origin) == (text, "source")


def test_the_header_is_believed_before_the_declaration() -> None:
    found = decode(document("Новости науки и образования", "koi8-r").encode("cp1251"), content_type='text/xml; charset="windows-1251"')

    assert (found.charset, found.origin) == ("cp1251", "http")


def test_a_header_that_gives_nonsense_loses_to_a_true_declaration() -> None:
    found = decode(document("Новости науки и образования", "koi8-r").encode("koi8-r"), content_type="text/xml; charset=windows-1251")

    assert (found.charset, found.origin) == ("koi8-r", "declaration")


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_taken_off(name: str) -> None:
    found = decode(document("清华大学", "gb2312").encode(name), content_type="text/xml; charset=big5")

    assert (found.text, found.origin) == (document("清华大学", "gb2312"), "bom")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_known_by_their_nuls(name: str) -> None:
    found = decode(document("清华大学").encode(name))

    assert (found.text, found.charset) == (document("清华大学"), name)


def test_ascii_with_a_wide_declaration_is_ascii() -> None:
    assert decode(document("plain", "utf-16").encode()).text == document("plain", "utf-16")


@pytest.mark.parametrize("name", ["iso2022_jp", "iso2022_kr", "hz"])
def test_a_seven_bit_character_set_is_known_by_its_escapes(name: str) -> None:
    text = document("大学" if name != "iso2022_kr" else "대학", "hz-gb-2312" if name == "hz" else None)

    assert decode(text.encode(name)).text == text


@pytest.mark.parametrize("content_type", ["text/xml; charset=hz-gb-2312", "text/html;charset=HZ-GB-2312"])
def test_hz_may_be_named_in_the_header_alone(content_type: str) -> None:
    text = document("大学新闻")

    assert decode(text.encode("hz"), content_type=content_type).text == text
    assert decode(b"a ~{ in a formula", content_type=content_type).text == "a ~{ in a formula"
    assert decode(text.encode("hz")).charset == "utf-8"


def test_utf_7_is_never_believed() -> None:
    body = b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-script+AD4-</a>'

    assert "<script" not in decode(body, content_type="text/xml; charset=utf-7").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("图书馆今天开放".encode()[:-1], "图书馆今天开�"),
        ("<p>图书馆今天开放</p><p>学生".encode() + "活动".encode()[:2] + b"</p>", "<p>图书馆今天开放</p><p>学生�</p>"),
        ("<p>Où sont les élèves, là-bas près du château ?</p>".encode() + "<p>Café</p>".encode("cp1252"), "<p>Où sont les élèves, là-bas près du château ?</p><p>Café</p>"),
        ("<p>哈尔滨工业大学</p><p>清华大学</p>".encode() + "<p>通知公告</p>".encode("gb18030"), "<p>哈尔滨工业大学</p><p>清华大学</p><p>通知公告</p>"),
        (b"smile " + "\ud83d\ude00".encode("utf-8", "surrogatepass"), "smile 😀"),
    ],
)  # fmt: skip
def test_damaged_utf_8_is_still_utf_8(body: bytes, text: str) -> None:
    found = decode(body)

    assert (found.text, found.charset) == (text, "utf-8")
    assert found.origin == ("replaced" if "\ufffd" in text else "utf-8")


def test_bytes_that_windows_leaves_undefined_are_no_damage() -> None:
    assert (
        decode("Größe und Qualität".encode("cp1252") + b"\x81", content_type="text/html; charset=iso-8859-1").text
        == "Größe und Qualität\x81"
    )


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("GB2312", "gb18030"),
        ("x-gbk", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-KR", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("big5", "big5hkscs"),
        ("Big5-HKSCS", "big5hkscs"),
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("latin1", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("TIS-620", "cp874"),
        ("windows-874", "cp874"),
        ("iso-8859-8-i", "cp1255"),
        ("cp-1251", "cp1251"),
        ("win1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        (' "Windows-1251" ', "cp1251"),
        ("x-mac-cyrillic", "mac_cyrillic"),
        ("koi8", "koi8-r"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("eucJP", "euc_jis_2004"),
        ("utf-7", None),
        ("base64", None),
        ("rot13", None),
        ("no such thing", None),
        ("", None),
        (None, None),
    ],
)
def test_a_label_means_the_widest_character_set_of_its_family(label: str | None, name: str | None) -> None:
    assert codec(label) == name


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0" encoding="gbk"?>',
        b"<?xml version='1.0' encoding = 'gb2312'?>",
        b'<html><head><meta charset="gbk">',
        b'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312">',
    ],
)
def test_a_document_declares_its_character_set_in_its_head(body: bytes) -> None:
    assert declared(body) == "gb18030"


@given(st.text(max_size=300))
def test_utf_8_comes_out_as_it_went_in(text: str) -> None:
    body = text.encode()
    found = decode(b"<a>" + body, content_type="text/html; charset=gb2312")

    if "\x00" not in text and "\x1b" not in text and "~{" not in text:
        assert found.text == "<a>" + text


@given(
    st.binary(max_size=400),
    st.none() | st.text(max_size=30).map(lambda label: f"text/html; charset={label}"),
    st.none() | st.text(max_size=20),
)
def test_no_bytes_and_no_labels_raise(body: bytes, content_type: str | None, fallback: str | None) -> None:
    found = decode(body, content_type=content_type, fallback=fallback)

    assert isinstance(found.text, str)
    assert (found.origin == "replaced") == ("\ufffd" in found.text) or found.origin in ("utf-8", "detected", "bom")


NOISE = random.Random(7).randbytes(200_000)
PACKED = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(bytes(NOISE[:3_000]))


@pytest.mark.parametrize("tags", [b"", b"<html><body>", b'<?xml version="1.0" encoding="gb2312"?><rss><channel><title>News</title>'])
@pytest.mark.parametrize(
    "rest", [NOISE, NOISE[:1_000], PACKED, PACKED[:300]], ids=["noise", "a little noise", "picture", "a piece of a picture"]
)
def test_bytes_at_random_are_no_text_whatever_stands_before_them(tags: bytes, rest: bytes) -> None:
    assert is_binary(decode(tags + rest).text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss>" + b"\x00" * 4_000,
        *(
            feed_of([row[2] for row in ROWS if row[0] == "ja"], None).encode(name)
            for name in ("iso2022_jp", "utf-16", "utf-16-le", "cp932")
        ),
        ("<p>" + "News of the university. " * 40 + "\x0b\x01\ufffd</p>").encode() * 9,
    ],
)
def test_a_text_with_blemishes_is_a_text(body: bytes) -> None:
    assert not is_binary(decode(body).text)


def test_only_a_body_that_is_utf_8_to_the_last_byte_may_be_taken_as_it_is() -> None:
    assert decode("<p>Größe</p>".encode()).is_strict
    assert not any(
        decode(body).is_strict
        for body in ("<p>Größe</p>".encode("cp1252"), "\ufeff<p>Größe</p>".encode(), "图书馆今天开放".encode()[:-1], "a".encode("utf-16"))
    )


def test_latin_1_is_not_believed_of_a_text_that_its_rival_reads_better() -> None:
    text = "<p>Kutatóink új ötvözetet fejlesztettek a repülőgépekhez, hallgatóink győztek a nemzetközi versenyen, és jövőre bővül a műhely.</p>"

    assert decode(text.encode("cp1250"), content_type="text/html; charset=iso-8859-1").text == text
