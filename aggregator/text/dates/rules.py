"""How a day is written: one row a notation. Rows are tried in the order of this table, so the longer notation stands before its beginnings.

Rules are written over the kinds of ``lexicon``; y, m, d name what each thing is, and a, b, c a number whose part depends on the others.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from aggregator.text.dates.lexicon import characters_of, pattern

Strength = Literal["full", "partial", "alone"]
"""full: says year, month and day; partial: the year is to be inferred; alone: a date only where it is the whole text."""


class Rule(NamedTuple):
    source: str
    template: str
    strength: Strength
    spaced: bool
    """Whether the groups stand apart by white space only: day and month on two lines of a calendar leaf."""
    starts: str

    @property
    def shape(self) -> re.Pattern[str]:
        """Compiled when first needed: most sources know one notation."""
        return pattern(self.template)


_DAY = r"(?P<d>[12])O?\.?"
_UNTIL_DAY = r"(?:[-r/]f{0,3}[12]O?\.?)?"
_UNTIL_MONTH = r"(?:\.?[-r]f{0,3}[12]O?\.?f{0,3}M)?"
_NAME = r"(?P<m>M)(?:/M)?"

_TABLE: tuple[tuple[str, str, Strength, bool, str], ...] = (
    # 2024-09-28, 2024/9/28, 2024. 9. 28.
    ("ymd", r"(?P<y>4)(?P<s>[-/.])(?P<m>[123])(?P=s)(?P<d>[12])", "full", False, "4"),
    # 2024年9月28日, 2024년 9월 28일, 民國113年9月28日, 2024年09-28
    ("ymd-cjk", r"(?P<era>A)?(?P<y>[1234])Y(?P<m>[12])[-/.K](?P<d>[12])D?", "full", False, "A1234"),
    # ปี พ.ศ. 2567 is in the Thai rows below; 令和6.9.28
    ("ymd-era", r"(?P<era>A)(?P<y>[1234])[-/.](?P<m>[12])[-/.](?P<d>[12])", "full", False, "A"),
    # R6.9.28, H31年4月1日
    ("ymd-initial", r"(?P<era>E)(?P<y>[12])(?P<s>[-/.])(?P<m>[12])(?P=s)(?P<d>[12])", "full", False, "E"),
    ("ymd-initial", r"(?P<era>E)(?P<y>[12])Y(?P<m>[12])K(?P<d>[12])D?", "full", False, "E"),
    # 2024 September 28, 2024-Sep-28, 2024. szeptember 28., 2024 m. rugsėjo 28 d.
    ("ymd-name", rf"(?P<y>4)[fg.]{{0,4}}[-./Y]?f{{0,3}}{_NAME}\.?[-./]?(?P<d>[12])(?![HP])(?:\.?g)?", "full", False, "4"),
    # 2024. gada 28. septembris, 2024-28-Sep
    ("ydm-name", rf"(?P<y>4)\.?g?\.?[-/]?(?P<d>[12])O?\.?[-/]?f{{0,3}}{_NAME}", "full", False, "4"),
    # 2024-09 over 28, 2024 over 09-28
    ("leaf", r"(?P<y>4)[-/.](?P<m>[12])(?P<d>[12])", "full", True, "4"),
    ("leaf", r"(?P<y>4)Y?(?P<m>2)(?P<s>[-/.])(?P<d>2)(?!(?P=s)[1-8])", "full", True, "4"),
    ("leaf", r"(?P<y>4)[-/.Y](?P<m>[12])K?/?(?P<d>[12])D?", "full", True, "4"),
    # 20240928, 20240928140500
    ("compact", r"(?P<c>8)(?:t[64])?", "full", False, "8"),
    ("compact", r"(?P<c>[ln])", "full", False, "ln"),
    # 2024-0928 is not read: 2023-2024 looks alike. 202409-28, 282024-09, 2-282024
    ("joined", r"(?P<c>6)[-/.](?P<b>2)(?![-/.][1-8])", "full", False, "6"),
    ("joined", r"(?P<b>2)[-/.](?P<c>6)", "full", False, "2"),
    # 113-09-28
    ("roc", r"(?P<y>3)(?P<s>[-/.])(?P<m>[12])(?P=s)(?P<d>[12])", "full", False, "3"),
    # 28.09.2024, 9/28/2024, 24-09-28
    ("numeric", r"(?P<a>[12])(?P<s>[-/.])(?P<b>[12])(?P=s)(?P<c>[24])", "full", False, "12"),
    ("numeric", r"(?P<a>2)(?P<s>[-/.])(?P<b>2)(?P=s)(?P<c>1)", "full", False, "2"),
    # 28 | 09 | 2024, 2024 09 28
    ("numeric", r"(?P<a>2)(?P<b>2)(?P<c>4)", "alone", False, "2"),
    ("ymd", r"(?P<y>4)(?P<m>2)(?P<d>2)", "alone", False, "4"),
    # 28 ngày tháng 9 năm 2024
    ("dmy-vi", r"(?P<d>[12])[-/]?V(?P<m>[12])[-/]?Y?(?P<y>4)", "full", False, "12"),
    ("dmy-vi", r"V(?P<m>[12])(?P<d>[12])Y?(?P<y>4)", "full", False, "OV"),
    # 28 September 2024, 28. 9月, 28-30 septembre 2024, 28 Sep – 2 Oct 2024
    (
        "dmy-name",
        rf"{_DAY}{_UNTIL_DAY}[-/]?f{{0,3}}{_NAME}{_UNTIL_MONTH}[-./]{{0,3}}[fgY]{{0,3}}(?P<era>A)?\.?(?P<y>4)",
        "full",
        False,
        "12",
    ),
    ("dmy-name", rf"{_DAY}{_UNTIL_DAY}[-/]?f{{0,3}}{_NAME}[-./]{{0,3}}f{{0,3}}(?P<y>2)(?![HPg:.])", "full", False, "12"),
    ("dmy-roman", r"(?P<d>[12])[-./]?(?P<m>o)[-./]?(?P<y>4)", "full", False, "12"),
    # 28 over 2024-09, 28 over 09.2024, 09-28 over 2024
    ("leaf", r"(?P<d>[12])D?/?(?P<y>4)[-/.Y](?P<m>[12])(?![-/.][1-8])K?", "full", True, "12"),
    ("leaf", r"(?P<d>[12])[/.]?(?P<m>[12])[-/.](?P<y>4)", "full", True, "12"),
    ("leaf", r"(?P<m>2)[-/.](?P<d>2)(?P<y>4)(?![-/.][1-8])", "full", True, "2"),
    ("leaf", r"(?P<m>[12])K(?P<d>[12])D?(?P<y>4)Y?", "full", True, "12"),
    # 28.09. - 30.09.2024, 28.–30.09.2024
    ("dmy-until", r"(?P<d>[12])(?P<s>[./])(?P<m>[12])\.?[-r][12](?P=s)[12](?P=s)(?P<y>4)", "full", False, "12"),
    ("dmy-until", r"(?P<d>[12])\.?[-r][12](?P<s>[./])(?P<m>[12])(?P=s)(?P<y>4)", "full", False, "12"),
    # Sep 28 10:20:30 PDT 2024 (C's asctime, java.util.Date): the time is inside
    ("asctime", rf"{_NAME}(?P<d>[12])(?P<clock>T)(?:Z|[-+][T4])?(?P<y>4)", "full", False, "M"),
    # September 28, 2024; Sep. 28–30, 2024; September 28 – October 2, 2024
    (
        "mdy-name",
        rf"{_NAME}[-./]{{0,3}}f{{0,3}}(?P<d>[12])O?\.?(?:[-r/][12]O?)?(?:[-r]M[12]O?)?[-./]{{0,3}}[fg]{{0,3}}(?P<y>4)",
        "full",
        False,
        "M",
    ),
    ("mdy-name", r"(?P<m>M)[-/](?P<d>[12])[-/](?P<y>2)(?![HP])", "full", False, "M"),
    # Sep 2024 over 28
    ("leaf", r"(?P<m>M)\.?(?P<y>4)(?P<d>[12])(?![HP])", "full", True, "M"),
    # 9月28日, 28 September, September 28: the year is not said
    ("md-cjk", r"(?P<m>[12])K(?P<d>[12])D", "partial", False, "12"),
    ("md-cjk", r"(?P<d>[12])D?/?(?P<m>[12])K", "partial", True, "12"),
    ("dm-vi", r"(?P<d>[12])[-/]?V(?P<m>[12])", "partial", False, "12"),
    ("dm-name", rf"{_DAY}{_UNTIL_DAY}[-/]?f{{0,3}}{_NAME}(?!\.?[12][-/])", "partial", False, "12"),
    ("md-name", rf"{_NAME}[-./]{{0,3}}f{{0,3}}(?P<d>[12])(?![HP])O?(?:[-r][12]O?)?", "partial", False, "M"),
    ("md-cjk", r"(?P<m>[12])K(?P<d>[12])", "alone", False, "12"),
    ("md", r"(?P<a>2)(?P<s>[-/])(?P<b>2)(?![-/.][1-8])", "partial", False, "2"),
    ("md", r"(?P<a>[12])(?P<s>[-/])(?P<b>[12])(?![-/.][1-8])", "alone", False, "12"),
    ("md", r"(?P<a>[12])(?P<s>\.)(?P<b>[12])\.", "alone", False, "12"),
    ("md", r"(?P<a>2)(?P<s>\.)(?P<b>2)", "alone", False, "2"),
    # September 2024, 2024-09, 09/2024, 2024年9月, 2003
    ("month", rf"{_NAME}[-./]{{0,3}}[fg]{{0,3}}Y?(?P<y>4)", "alone", False, "M"),
    ("month", rf"(?P<y>4)[-./]?f{{0,3}}{_NAME}", "alone", False, "4"),
    ("month", r"(?P<y>4)Y(?P<m>[12])K", "alone", False, "4"),
    ("month", r"(?P<y>4)[-/.](?P<m>2)", "alone", False, "4"),
    ("month", r"(?P<m>2)[-/.](?P<y>4)", "alone", False, "2"),
    ("year", r"(?P<y>4)$", "alone", False, "4"),
    ("year-month", r"(?P<c>4)$", "alone", False, "4"),
)


def _dispatch() -> dict[str, tuple[Rule, ...]]:
    """First character of a shape → the rules that can begin there."""
    rows: dict[str, list[Rule]] = {}
    for rule in map(Rule._make, _TABLE):
        for kind in dict.fromkeys("".join(characters_of(letter) for letter in rule.starts)):
            rows.setdefault(kind, []).append(rule)
    return {kind: tuple(rules) for kind, rules in rows.items()}


RULES = _dispatch()
