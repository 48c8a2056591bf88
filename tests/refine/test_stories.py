from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine import stories
from aggregator.refine.stories.moments import days, numbers, with_digits
from aggregator.refine.stories.readings import sound


def report(title, text="", language="en", day=None, url=None):
    published = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) if day else None
    return SimpleNamespace(title=title, text=text, language=language, published=published, url=url)


BRIDGE = (
    "On 3 March the rectors Ilse Brandvold and Tadeusz Kowalczyk opened a laboratory for quantum sensors at Nordhavn University. "
    "The building cost 48 million crowns and has room for 120 researchers, among them guests from Kraków. "
    "The first experiment, on the magnetism of sea ice, begins in May, said Brandvold."
)
RUSSIAN = (
    "3 марта ректоры Ильзе Брандвольд и Тадеуш Ковальчик открыли лабораторию квантовых сенсоров в университете Нордхавна. "
    "Здание стоило 48 миллионов крон, в нём будут работать 120 исследователей."
)
CHINESE = "3月3日，校长伊尔丝·布兰德沃尔德与塔德乌什·科瓦尔奇克为量子传感器实验室揭牌。大楼耗资4800万克朗，可容纳120名研究人员。"

words = st.text(alphabet="abcdefghij 北京大学普罗布森中国奖金кмрАБ01234.,-\n", max_size=200)
moments = st.none() | st.integers(0, 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
anything = st.builds(
    SimpleNamespace,
    title=words,
    text=st.none() | words,
    language=st.sampled_from([None, "en", "zh", "zh-Hant", "ru", "ja", "x"]),
    published=moments,
    url=st.sampled_from([None, "https://a.example/1", "http://a.example/1/", "https://b.example/", "nonsense"]),
)


@given(anything, anything)
def test_the_order_of_two_articles_makes_no_difference(one, other):
    assert stories.explain(one, other) == stories.explain(other, one)


@given(anything)
def test_an_article_that_says_something_is_its_own_copy(one):
    said = SimpleNamespace(**vars(one) | {"title": f"{one.title} something that is long enough"})

    assert stories.relate(said, said) == "duplicate"


@given(anything)
def test_marks_survive_being_kept(one):
    marks = stories.mark(one)

    assert stories.unpack(stories.pack(marks)) == marks


@given(anything, anything)
def test_what_is_no_news_any_more_still_tells_copies(one, other):
    whole, brief = stories.explain(one, other), stories.judge(stories.mark(one, news=False), stories.mark(other, news=False))

    assert (whole.relation == "duplicate") == (brief.relation == "duplicate")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_whatever_breaks_the_marks(title, text):
    marks = stories.mark(report(title, text, language=None))

    assert len(stories.traces(marks, day=738_000).left) <= 5 + 20 + 2


def test_a_copy_with_chrome_and_a_light_edit_is_a_duplicate():
    copy = f"Home / News / {BRIDGE} Share this page".replace("guests from Kraków", "colleagues from Kraków")

    assert stories.relate(report("A laboratory for quantum sensors", BRIDGE), report("Quantum sensors get a home", copy)) == "duplicate"


def test_answers_under_one_title_are_no_copies():
    title = "Re: Where do I find the timetable of the summer term?"
    answer = "Look at the page of the registrar, below the calendar of the term, where all courses stand with their rooms and hours, as every year."
    other = "I had the same trouble last week; the student office sent me a printed plan after I had written to them twice and called once more."

    assert stories.relate(report(title, answer, day="2025-03-03"), report(title, other, day="2025-03-03")) != "duplicate"


def test_issues_of_a_series_are_no_copies_however_alike_they_are():
    one, other = (
        report("Newsletter of the laboratory, No. 12", BRIDGE, day="2025-03-03"),
        report("Newsletter of the laboratory, No. 13", BRIDGE),
    )

    assert stories.relate(one, other) != "duplicate"


def test_a_short_form_that_is_filled_in_anew_is_no_copy():
    text = "The colloquium takes place at 16:15 in lecture hall {} of the physics building, all are welcome."

    assert stories.relate(report("Colloquium", text.format(12)), report("Kolloquium", text.format(47))) == "different"


def test_an_excerpt_is_a_duplicate():
    excerpt = BRIDGE.partition(" The first experiment")[0]

    assert (
        stories.relate(report("A laboratory", BRIDGE + " ".join(f"Background {n} follows" for n in range(60))), report("News", excerpt))
        == "duplicate"
    )


def test_traditional_and_simplified_characters_are_one_text():
    simplified = "三月三日，校长为量子传感器实验室揭牌，来自各国的学生和教师参观了新建的大楼，并听取了关于海冰磁性的报告。"
    traditional = "三月三日，校長為量子傳感器實驗室揭牌，來自各國的學生和教師參觀了新建的大樓，並聽取了關於海冰磁性的報告。"

    assert stories.relate(report("实验室", simplified, "zh"), report("實驗室", traditional, "zh-Hant")) == "duplicate"


def test_one_address_is_one_article():
    one, other = report("This", url="http://www.example.edu/news/12?utm_source=x"), report("That", url="https://example.edu/news/12")

    assert stories.relate(one, other) == "duplicate"


def test_a_long_title_on_one_day_is_one_article_but_a_short_one_is_not():
    long, short = "The laboratory for quantum sensors is open", "Admissions"

    assert stories.relate(report(long, day="2025-03-03"), report(long, "Another text", day="2025-03-03")) == "duplicate"
    assert stories.relate(report(long, day="2025-03-03"), report(long, day="2025-03-04")) != "duplicate"
    assert (
        stories.relate(report(short, "One text about pears", day="2025-03-03"), report(short, "Another on plums", day="2025-03-03"))
        == "different"
    )


@pytest.mark.parametrize(("text", "language"), [(RUSSIAN, "ru"), (CHINESE, "zh")])
def test_an_event_is_recognized_across_languages(text, language):
    one = report("Nordhavn University opens a laboratory for quantum sensors", BRIDGE, day="2025-03-03")

    verdict = stories.explain(one, report("", text, language, day="2025-03-04"))

    assert verdict.relation == "same_event", verdict


def test_the_same_event_of_another_year_is_another_event():
    one = report(
        "Rector Brandvold opens the summer school", "About 40 students of Nordhavn University met on 2 July 2023.", day="2023-07-03"
    )
    other = report(
        "Rector Brandvold opens the summer school",
        "Some 65 guests came to Nordhavn University on 4 July 2024 to learn Latin.",
        day="2024-07-05",
    )

    assert stories.relate(one, other) == "different"


def test_dates_and_places_alone_make_no_event():
    one = report("Birds think sparingly", "On 8 September in Germany, Austria and France. Neurons need little sugar.", day="2022-09-09")
    other = report("A solvent from plants", "On 8 September in Germany, Austria and France. Paints shall be greener.", day="2022-09-09")

    assert stories.relate(one, other) == "different"


def test_a_verdict_tells_its_reasons():
    verdict = stories.explain(
        report("Brandvold and Kowalczyk in Nordhavn", BRIDGE, day="2025-03-03"), report("", RUSSIAN, "ru", day="2025-03-04")
    )

    assert verdict.reasons[0][0] in ("names", "subjects")
    assert {name for name, share in verdict.reasons if share > 0} >= {"names", "dates near", "a day told by both"}


@pytest.mark.parametrize(
    "names",
    [
        ("Robson", "Робсон", "罗布森", "ロブソン"),
        ("Agostini", "Агостини", "阿戈斯蒂尼"),
        ("Kitagawa", "Китагава", "キタガワ"),
        ("Melbourne", "墨尔本"),
        ("Heisenberg", "Хейзенберг"),
    ],
)
def test_a_name_sounds_the_same_in_every_script(names):
    assert len({sound(name) for name in names}) == 1, [sound(name) for name in names]


@pytest.mark.parametrize(
    "text", ["11 million crowns", "11 Millionen Kronen", "1100万克朗", "11 миллионов крон", "11 000 000 kr", "11,000,000"]
)
def test_a_number_is_the_same_in_every_notation(text):
    assert list(numbers(with_digits(text))) == ["11000000"]


@pytest.mark.parametrize("text", ["17 мая", "May 17th", "am 17. Mai", "5月17日", "5월 17일", "17 de mayo", "2024-05-17", "17.05.2024"])
def test_a_day_is_the_same_in_every_language(text):
    assert list(days(with_digits(text))) == ["5-17"]


def test_a_day_without_its_month_is_known_as_such():
    assert list(days(with_digits("17日、記者会見"))) == ["-17"]


def test_what_is_alike_leaves_traces_that_are_sought():
    """Of texts that share half of their wording hardly any is missed, of those that share most of it none, and unlike ones hardly ever meet."""
    texts = [" ".join(f"w{story}x{word}" for word in range(200)) for story in range(80)]
    edited = [text.replace(f"x{20} ", "y ").replace(f"x{90} ", "y ").replace(f"x{150} ", "y ") for text in texts]
    halves = [
        f"{text} " + " ".join(f"z{story}x{word}" for word in range(70))
        for story, text in enumerate(text[: len(text) * 4 // 5] for text in texts)
    ]
    left = [set(_traces(text).left) for text in texts]

    assert sum(len(held & set(_traces(text).wording)) > 1 for held, text in zip(left, edited, strict=True)) == 80
    assert sum(len(held & set(_traces(text).wording)) > 1 for held, text in zip(left, halves, strict=True)) >= 70
    assert not any(held & set(_traces(text).wording) for place, held in enumerate(left) for text in texts[place + 1 :])


def test_an_excerpt_is_found_by_what_it_was_taken_from_and_so_is_the_whole_by_it():
    """As far as its least hashes are among theirs: those of a third mostly are."""
    texts = [" ".join(f"w{story}x{word}" for word in range(300)) for story in range(80)]
    parts = [" ".join(text.split()[100:200]) for text in texts]

    met = [len(set(_traces(part).left) & set(_traces(text).wording)) > 1 for part, text in zip(parts, texts, strict=True)]

    assert sum(met) >= 64


def _traces(text: str) -> stories.Traces:
    return stories.traces(stories.mark(report("", text)), day=None)


@given(anything, anything)
def test_what_the_sketch_rules_out_is_no_copy_but_by_its_address_or_title_and_day(one, other):
    first, second = stories.mark(one), stories.mark(other)
    verdict = stories.judge_copy(first, second)

    assert verdict is None or first.exact & second.exact or stories.may_be_copy(first, second.sketch)


@given(anything)
def test_the_sketch_is_told_without_unpacking_the_rest(article):
    marks = stories.mark(article)

    assert stories.unpack_sketch(stories.pack(marks)) == marks.sketch
