"""Numbers and days that a text tells, the same in every language: "1100万", "11 million" and "11 Millionen" are one number, "17 мая" and "5月17日" one day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.refine.stories.readings import fold

MONTHS = {
    form: number
    for number, forms in enumerate(
        (
            "jan january januar janvier enero janeiro gennaio января януари januara jän janner",
            "feb february februar fevrier febrero fevereiro febbraio февраля февруари februara",
            "mar march marz mars marzo marco марта март",
            "apr april avril abril aprile апреля април aprila",
            "may mai mayo maio maggio мая май maja",
            "jun june juni juin junio junho giugno июня юни juna",
            "jul july juli juillet julio julho luglio июля юли jula",
            "aug august aout agosto августа август avgusta",
            "sep sept september septembre septiembre setembro settembre сентября септември septembra",
            "oct october oktober octobre octubre outubro ottobre ott окт октября октомври oktobra okt",
            "nov november novembre noviembre novembro ноября ноември novembra",
            "dec december dezember decembre diciembre dezembro dicembre декабря декември decembra dez",
        ),
        1,
    )
    for form in forms.split()
}
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS = re.compile(
    rf"(?<!\d)(?P<m1>1[0-2]|0?[1-9]) ?[月월] ?(?P<d1>3[01]|[12]\d|0?[1-9]) ?[日号號일]"
    rf"|(?<!\d)(?P<d2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|\.|º|°)?(?: de| of)? (?P<m2>{_NAME})(?!\w)"
    rf"|(?<!\w)(?P<m3>{_NAME})\.? (?P<d3>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
    rf"|(?<!\d)(?:19|20)\d\d[-./](?P<m4>1[0-2]|0?[1-9])[-./](?P<d4>3[01]|[12]\d|0?[1-9])(?!\d)"
    rf"|(?<!\d)(?P<d5>3[01]|[12]\d|0?[1-9])\.(?P<m5>1[0-2]|0[1-9])\.(?:19|20)\d\d"
    rf"|(?<![\d月월])(?<!월 )(?P<d6>3[01]|[12]\d|[1-9])[日일](?![目間间本])"
)
_SCALES = {
    "thousand": 3, "thousands": 3, "тыс": 3, "тысяч": 3, "тысячи": 3, "tausend": 3, "mil": 3, "mila": 3, "mille": 3, "千": 3, "천": 3,
    "万": 4, "萬": 4, "만": 4,
    "million": 6, "millions": 6, "millionen": 6, "mio": 6, "millones": 6, "milhoes": 6, "milioni": 6, "млн": 6, "миллион": 6, "миллиона": 6, "миллионов": 6, "百万": 6,
    "亿": 8, "億": 8, "억": 8,
    "billion": 9, "billions": 9, "milliarden": 9, "mrd": 9, "milliards": 9, "миллиард": 9, "миллиарда": 9, "миллиардов": 9, "млрд": 9,
}  # fmt: skip
"""Word → the power of ten it stands for."""
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\d.,])(?P<digits>\d{{1,3}}(?:[ ,.\u00a0\u202f’']\d{{3}})+(?!\d)|\d+(?:[.,]\d{{1,2}})?(?!\d))(?: ?(?P<scale>{_SCALE})(?![a-z\u0400-\u04ff]))?"
)
_DIGITS = re.compile(r"\d(?:[^\n\d]{0,16}\d)*[^\n\d]{0,16}")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,])")
_GROUPS = re.compile(r"[ ,.\u00a0\u202f’'](?=\d{3})")


def with_digits(text: str) -> str:
    """The parts of ``text``, folded, in which something stands in digits: all that the others have to look at."""
    folded, end, parts = fold(text), 0, []
    for found in _DIGITS.finditer(folded):
        before = folded[max(end, found.start() - 16) : found.start()].rpartition("\n")[2]
        parts.append(before + found[0])
        end = found.end()
    return "\n".join(parts)


def days(text: str) -> Iterator[str]:
    """Those in a folded text, each as "5-17"; as "-17" where the month is not said."""
    for found in _DAYS.finditer(text):
        parts = {name[0]: value for name, value in found.groupdict().items() if value}
        month = parts.get("m", "")
        yield f"{MONTHS.get(month, int(month) if month.isdigit() else '')}-{int(parts['d'])}"


def years(text: str) -> Iterator[str]:
    yield from _YEAR.findall(text)


def numbers(text: str) -> Iterator[str]:
    """Those in a folded text that may tell stories apart: ten and more. Years and days of months are left to ``days``."""
    for found in _NUMBER.finditer(_DAYS.sub(" ", text)):
        digits = _GROUPS.sub("", found["digits"])
        value = float(digits.replace(",", ".")) * 10 ** _SCALES.get(found["scale"] or "", 0)
        if value >= 10 and not (found["scale"] is None and 1900 <= value <= 2100 and len(digits) == 4) and value < 1e15:
            yield f"{value:g}" if value % 1 else f"{int(value)}"
