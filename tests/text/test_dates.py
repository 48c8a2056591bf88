from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.dates import Moment, date_in_url, find_date, parse_date, vote_day_first
from aggregator.text.dates.calendars import day_of
from aggregator.text.dates.names import MONTHS, SHY_ABBREVIATIONS

HERE = Path(__file__).parent
NOW = datetime(2024, 10, 2, 6, tzinfo=UTC)
FORMATS = {"day": "%Y-%m-%d", "minute": "%Y-%m-%dT%H:%M", "second": "%Y-%m-%dT%H:%M:%S"}


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text("utf-8").split("\n")
    return [line.replace("\\n", "\n").split("\t") for line in lines if line and not line.startswith("#")]


def written(moment: Moment | None, *, offset: bool) -> str:
    if moment is None:
        return "none"
    shown = moment.when.strftime(FORMATS[moment.precision])
    return shown + (moment.when.isoformat()[-6:].replace("+00:00", "Z") if offset else "")


@pytest.mark.parametrize("row", rows("dates.tsv"), ids=lambda row: row[2].strip() or "nothing")
def test_the_table_of_dates_is_read_right(row):
    language, expected, text, zone = (*row, "")[:4]

    moment = parse_date(text, now=NOW, language=None if language == "-" else language, timezone=zone or None)

    assert written(moment, offset=bool(re.search(r"T.*[Z+-]", expected))) == expected
    assert moment is None or moment.when.tzinfo is not None
    assert moment is None or moment.precision != "day" or moment.when.time() == time(12)


@pytest.mark.parametrize("row", rows("dates_found.tsv"), ids=lambda row: row[2] or "nothing")
def test_dates_are_found_in_longer_texts_with_the_place_they_take(row):
    language, expected, marked = row
    text = marked.replace("«", "").replace("»", "")

    found = find_date(text, now=NOW, language=None if language == "-" else language)

    assert written(found[0] if found else None, offset=False) == expected
    if found:
        start, end = found[1]
        assert f"{text[:start]}«{text[start:end]}»{text[end:]}" == marked


def test_a_day_without_a_time_is_noon_in_the_zone():
    moment = parse_date("2024-09-28", now=NOW, timezone="Asia/Shanghai")

    assert moment is not None
    assert moment.when.isoformat() == "2024-09-28T12:00:00+08:00"


@pytest.mark.parametrize("zone", ["No/Such_Place", "", "../../etc/passwd", "Europe", "\0", "x" * 500])
def test_an_unknown_zone_is_utc(zone):
    moment = parse_date("2024-09-28 10:20", now=NOW, timezone=zone)

    assert moment is not None
    assert moment.when == datetime(2024, 9, 28, 10, 20, tzinfo=UTC)


def test_an_offset_in_the_text_wins_over_the_zone_of_the_source():
    moment = parse_date("Sat, 28 Sep 2024 10:20:30 -0300", now=NOW, timezone="Asia/Shanghai")

    assert moment is not None
    assert moment.when.utcoffset() == timedelta(hours=-3)


@pytest.mark.parametrize(
    ("day_first", "expected"),
    [(True, date(2024, 4, 3)), (False, date(2024, 3, 4)), (None, date(2024, 4, 3))],
)
def test_the_caller_can_say_which_number_is_the_day(day_first, expected):
    moment = parse_date("03/04/2024", now=NOW, day_first=day_first)

    assert moment is not None
    assert moment.when.date() == expected


def test_a_number_that_cannot_be_a_month_is_the_day_whatever_the_caller_says():
    moment = parse_date("09/28/2024", now=NOW, day_first=True)

    assert moment is not None
    assert moment.when.date() == date(2024, 9, 28)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Sat, 28 Sep 2024 10:20:30 GMT", "rfc822"),
        ("2024-09-28T10:20:30Z", "iso8601"),
        ("2024年9月28日", "ymd-cjk"),
        ("3天前", "relative"),
        ("28\n2024-09", "leaf"),
        ("28.09.2024", "numeric"),
        ("28 сентября 2024", "dmy-name"),
        ("1727491200", "epoch"),
        ("09-28", "md"),
    ],
)
def test_a_moment_tells_which_rule_read_it(text, source):
    moment = parse_date(text, now=NOW)

    assert moment is not None
    assert moment.source == source


def test_which_day_was_yesterday_is_decided_in_the_zone_of_the_source():
    late = datetime(2024, 10, 1, 20, tzinfo=UTC)

    moment = parse_date("昨天", now=late, timezone="Asia/Shanghai")

    assert moment is not None
    assert moment.when.date() == date(2024, 10, 1)


def test_a_naive_clock_counts_as_utc():
    moment = parse_date("3 hours ago", now=datetime(2024, 10, 2, 6))  # noqa: DTZ001

    assert moment is not None
    assert moment.when == datetime(2024, 10, 2, 3, tzinfo=UTC)


def test_a_missing_year_is_the_nearest_one_that_is_not_far_ahead():
    new_year = datetime(2025, 1, 2, tzinfo=UTC)

    days = [parse_date(text, now=new_year) for text in ("12-30", "01-01", "01-05", "02-01")]

    assert [moment.when.date().isoformat() if moment else None for moment in days] == [
        "2024-12-30",
        "2025-01-01",
        "2025-01-05",
        "2024-02-01",
    ]


def test_a_long_text_is_refused_at_once():
    assert parse_date("2024-09-28 " * 30, now=NOW) is None


def test_a_date_announced_as_publication_wins_over_the_others():
    found = find_date("Workshop on 12 May 2024 in Berlin. Published: 28 April 2024", now=NOW)

    assert found is not None
    assert found[0].when.date() == date(2024, 4, 28)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example.edu/2024/09/28/a-story", "2024-09-28"),
        ("https://news.example.edu/2024/9/8/a-story.html", "2024-09-08"),
        ("https://news.example.edu/2024-09-28/a-story", "2024-09-28"),
        ("https://news.example.edu/2024-09-28-a-story", "2024-09-28"),
        ("https://news.example.edu/news/a-story-2024-09-28.html", "2024-09-28"),
        ("https://news.example.edu/a/20240928/12345.htm", "2024-09-28"),
        ("https://news.example.edu/202409/t20240928_1234567.html", "2024-09-28"),
        ("https://news.example.edu/2024/0928/c123a4567/page.htm", "2024-09-28"),
        ("https://news.example.edu/202409/28/story.htm", "2024-09-28"),
        ("https://news.example.edu/2024-09/28/content_123.htm", "2024-09-28"),
        ("https://news.example.edu/upload/20240928102030.jpg", "2024-09-28"),
        ("https://news.example.edu/2024_09_28_story", "2024-09-28"),
        ("https://news.example.edu/2024.09.28/", "2024-09-28"),
        ("/info/2024/09/28/1.htm", "2024-09-28"),
        ("https://news.example.edu/2024/09/a-story", None),
        ("https://news.example.edu/2024/13/28/a-story", None),
        ("https://news.example.edu/2024/02/30/a-story", None),
        ("https://news.example.edu/2025/09/28/a-story", None),
        ("https://news.example.edu/info/1002/20240.htm", None),
        ("https://news.example.edu/id/1202409281234", None),
        ("https://news.example.edu/a/2024092812345678901.html", None),
        ("https://news.example.edu/view?id=20240928", None),
        ("https://news.example.edu/case20240928.pdf", None),
        ("https://news.example.edu/docs/A-1234567_20230411.pdf", None),
        ("https://news.example.edu/2024-2025/plan", None),
        ("https://news.example.edu/", None),
        ("http://[broken/2024/09/28", None),
        ("", None),
    ],
)
def test_the_day_in_an_address_is_found_and_ids_are_left_alone(url, expected):
    moment = date_in_url(url, now=NOW, timezone="Asia/Shanghai")

    assert (moment.when.isoformat() if moment else None) == (f"{expected}T12:00:00+08:00" if expected else None)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["28/09/2024", "03/04/2024"], True),
        (["09/28/2024", "03/04/2024"], False),
        (["Posted 9/28/24", "by hand", "3/4/24"], False),
        (["03/04/2024", "05/06/2024"], None),
        (["28/09/2024", "09/28/2024"], None),
        (["28/09/2024"] * 5 + ["09/28/2024"], True),
        (["10/09/2024", "08/09/2024", "05/09/2024", "02/09/2024", "12/08/2024"], True),
        (["09/10/2024", "09/08/2024", "09/05/2024", "09/02/2024", "08/12/2024"], False),
        (["2024/09/28", "1.2.3.4", "10/20"], None),
        (["09/28", "09/20", "09/11", "08/30"], False),
        (["28/09", "20/09", "11/09", "30/08"], True),
        ([], None),
    ],
)
def test_the_numeric_dates_of_a_page_vote_for_their_order(texts, expected):
    assert vote_day_first(texts) is expected


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1403, 1, 1, date(2024, 3, 20)),
        (1403, 12, 30, date(2025, 3, 20)),
        (1400, 1, 1, date(2021, 3, 21)),
        (1399, 12, 30, date(2021, 3, 20)),
        (1398, 6, 31, date(2019, 9, 22)),
        (1398, 12, 30, None),
        (1446, 1, 1, date(2024, 7, 8)),
        (1446, 9, 1, date(2025, 3, 1)),
        (1446, 13, 1, None),
        (2567, 2, 29, date(2024, 2, 29)),
        (2566, 2, 29, None),
        (2024, 2, 30, None),
        (3024, 1, 1, None),
        (0, 0, 0, None),
    ],
)
def test_years_of_other_calendars_are_known_by_their_size(year, month, day, expected):
    assert day_of(year, month, day) == expected


@given(st.text(max_size=250), st.sampled_from([None, "zh", "en", "en-US", "th", "fa", "xx"]), st.sampled_from([None, "Asia/Seoul", "x/y"]))
def test_any_text_gives_an_aware_moment_or_none(text, language, zone):
    moment = parse_date(text, now=NOW, language=language, timezone=zone)
    found = find_date(text, now=NOW, language=language, timezone=zone)

    assert moment is None or moment.when.utcoffset() is not None
    assert found is None or 0 <= found[1][0] < found[1][1] <= len(text)


PIECES = st.sampled_from(
    [
        *"0123456789",
        "2024",
        "09",
        "28",
        "12",
        "13",
        "99",
        "-",
        "/",
        ".",
        ":",
        " ",
        "\n",
        ",",
        "(",
        ")",
        "年",
        "月",
        "日",
        "T",
        "Z",
        "+08:00",
        "GMT",
        "pm",
        "Sep",
        "mar",
        "сентября",
        "vor",
        "ago",
        "days",
        "昨天",
        "前",
        "十",
        "民國",
        "พ.ศ.",
        "tháng",
        "الأول",
        "bis",
        "發布",
        "時間",
        "10:20",
        "24:00",
        "Uhr",
        "d'",
        "é",
        "İ",
        "ß",
        "\u0301",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_mixture_of_parts_of_dates_gives_an_aware_moment_or_none(text):
    moment = parse_date(text, now=NOW)
    found = find_date(text, now=NOW)
    in_url = date_in_url("https://example.edu/" + text, now=NOW)

    assert moment is None or moment.when.utcoffset() is not None
    assert found is None or 0 <= found[1][0] < found[1][1] <= len(text)
    assert in_url is None or in_url.when.utcoffset() is not None


NOTATIONS = [
    "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m:02}.{d:02}", "{y}年{m}月{d}日", "{y}년 {m}월 {d}일", "{y}. {m}. {d}.", "[{y}-{m:02}-{d:02}]", "{y}{m:02}{d:02}",
    "{d:02}\n{y}-{m:02}", "{d:02}{y}-{m:02}", "{y}{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "{d}. {m}. {y}", "发布时间：{y}-{m:02}-{d:02}", "民國{roc}年{m}月{d}日", "{roc}-{m:02}-{d:02}",
    "{d:02}/{m:02}/{thai}", "{d} tháng {m} năm {y}", "{y}-{m:02}-{d:02}T10:20:30+08:00", "{y}-{m:02}-{d:02} 10:20", "{d:02}/{m:02}/{y} 14h05", "{y}年{m}月{d}日 下午2:05",
]  # fmt: skip


@given(st.dates(date(2013, 1, 1), NOW.date()), st.sampled_from(NOTATIONS))
def test_a_day_written_in_numbers_is_read_back(day, notation):
    text = notation.format(y=day.year, m=day.month, d=day.day, roc=day.year - 1911, thai=day.year + 543)

    moment = parse_date(text, now=NOW)

    assert moment is not None, text
    assert moment.when.date() == day, text


@given(
    st.dates(date(1990, 1, 1), NOW.date()),
    st.sampled_from(sorted(MONTHS)),
    st.sampled_from(
        ["{d} {m} {y}", "{d}. {m} {y}", "{d} de {m} de {y}", "{m} {d}, {y}", "{y} {m} {d}", "{d} {m}, {y}", "{d}-{m}-{y}", "{y}. {m} {d}."]
    ),
    st.integers(0, 5),
)
def test_a_day_written_with_the_name_of_its_month_is_read_back_in_every_language(day, language, notation, form):
    forms = MONTHS[language].split(",")[day.month - 1].split()
    month = forms[form % len(forms)].replace("_", " ")

    moment = parse_date(notation.format(y=day.year, m=month, d=day.day), now=NOW, language=language)

    assert moment is not None, (month, language)
    assert moment.when.date() == day, (month, language)


def test_abbreviations_of_small_languages_count_only_in_their_own_language():
    assert "cs" in SHY_ABBREVIATIONS
    assert parse_date("15 pro 2023", now=NOW, language="cs") is not None
    assert parse_date("15 pro 2023", now=NOW) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 4000,
        "1-" * 2000,
        "1:11" * 1000,
        "a o " * 1000,
        "(" * 4000,
        "年" * 4000,
        "mar " * 1000,
        "28." * 1300,
        "ที่วัน" * 600,
        ", " * 2000,
        "2024-09-28 " * 360,
    ],
)
def test_long_hostile_texts_are_read_in_linear_time(hostile):
    code = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (5, 5))\nfrom datetime import datetime, UTC\nfrom aggregator.text.dates import find_date, vote_day_first\nfind_date({hostile!r}, now=datetime(2024, 10, 2, tzinfo=UTC)); vote_day_first([{hostile!r}])"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert ended.returncode == 0, ended.stderr
