"""Counters of readers that pages and feeds write into their texts: they change with each look, and say nothing new."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = (
    r"(?:page ?)?views?|viewed|view count|number of (?:views|visits|hits)|reads?|hits?|visits?|clicks?|downloads?|aufrufe|zugriffe|klicks|gelesen|vues|visites?|visitas|vistas|lecturas|acessos"
    r"|visualizzazioni|visualiza(?:ções|ciones)|letture|visite|weergaven|visninger|visningar|odsłon[ya]?|wyświetle(?:ń|nia)|přečteno|zobrazení|megtekintés(?:ek)?"
    r"|vizualizări|afișări|прегледа|просмотр(?:ов|а|ы)?|прочитано|прочтений|переглядів|görüntülenme|okunma|(?:okunma|görüntülenme|tıklanma) sayısı|lượt ?(?:xem|đọc|truy cập)|số l(?:ượt|ần) xem|đã xem|dibaca|dilihat|προβολές|εμφανίσεις|αναγνώσεις|επισκέψεις|צפיות|מספר צפיות"
    r"|(?:จำนวน(?:ผู้)?)?(?:เข้าชม|เปิดอ่าน|อ่าน|คนอ่าน|ผู้ชม|ยอดวิว|ดู)(?:แล้ว)?|व्यूज़?|देखा गया|читања|pregleda"
    r"|(?:عدد )?(?:ال)?(?:مشاهد(?:ة|ات)|قراءات|قراء|زيارات|زوار)|(?:تعداد )?(?:بازدید(?:ها|کنندگان)?|نمایش|مشاهده)|(?:浏览|点击|阅读|访问|瀏覽|點閱|點擊|閱讀)(?:次数|次數|量|数|數|率)?|人气|人氣|閲覧(?:数|回数)|アクセス数|조회 ?수?"
)
"""What they are called, in lower case."""
_BESIDE: Final = (
    r"views?|reads?|vues|aufrufe|visualizzazioni|visualiza(?:ções|ciones)|просмотр(?:ов|а|ы)?|переглядів|görüntülenme|okunma|lượt ?xem"
    r"|人?次(?:浏览|阅读|点击|访问|瀏覽|閱讀)|回閲覧|浏览|阅读"
)
"""Those that also stand behind their number: of others ("200 visits to the laboratory") such a number may be the news."""

_GAP: Final = r"(?:\s|&nbsp;|</?(?:span|em|strong|b|i|font)\b[^<>]{0,100}>){0,4}"
_NUMBER: Final = r"[0-9][0-9.,'\u00a0\u202f]{0,12}"

_BEFORE: Final = re.compile(rf"(?<!\w)({_NAMES}){_GAP}[:：\[(=]{_GAP}{_NUMBER}", re.IGNORECASE)
_BEHIND: Final = re.compile(rf"(?<![\w.,]){_NUMBER}{_GAP}({_BESIDE})(?!\w)", re.IGNORECASE)

_TIMES: Final = "次|人次|人|회|回|раз|kez|kali|lần|ครั้ง|คน|times|mal|fois|veces|vezes|volte|بار|مرة|פעמים"
_LABEL: Final = re.compile(rf"(?<!\w)(?:{_NAMES})\s{{0,3}}[:：\[]", re.IGNORECASE)
_ALONE: Final = re.compile(
    rf"\W{{0,4}}(?:(?!downloads?\W*$)(?:{_NAMES})\s{{0,3}}(?:[:：\[【(（=]\s{{0,3}}(?:{_NUMBER})?|{_NUMBER})|{_NUMBER}\s{{0,3}}(?:{_BESIDE}))"
    rf"\W{{0,4}}(?:{_TIMES})?\W{{0,4}}",
    re.IGNORECASE,
)
_AMONG: Final = re.compile(
    rf"(?<!\w)(?!visit)(?:{_NAMES})\s{{0,2}}(?:[:：\[【(（=]\s{{0,3}}{_NUMBER}|(?<=[^\x00-\xff])\s{{0,2}}{_NUMBER}\s{{0,2}}(?:{_TIMES}))",
    re.IGNORECASE,
)


def is_label(text: str) -> bool:
    """Whether ``text`` holds the label of a counter; its number may stand elsewhere, or be written by a script."""
    return _LABEL.search(text) is not None


def is_counter(line: str) -> bool:
    """Whether a counter is all that a line holds."""
    return _ALONE.fullmatch(line) is not None


def counts(line: str) -> bool:
    """Whether a counter is among what a line holds, with its label and its number."""
    return _AMONG.search(line) is not None


def settled(text: str) -> str:
    """``text``, plain or HTML, without the numbers that count its readers."""
    return _BEHIND.sub(r"\1", _BEFORE.sub(r"\1", text))
