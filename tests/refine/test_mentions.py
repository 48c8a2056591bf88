"""Sentences of ours in many languages, with the universities that a reader would say they name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.refine.mentions import find

NAMED = [
    # English
    ("en", "Researchers from the University of Leeds and Durham University met.", "University of Leeds|Durham University"),
    ("en", "A team at the University of California, Davis, worked with UC Irvine.", "University of California, Davis|University of California, Irvine"),
    ("en", "She moved from Leipzig University to the University of Sheffield.", "Leipzig University|University of Sheffield"),
    ("en", "Wuhan University of Technology opened a laboratory.", "Wuhan University of Technology"),
    ("en", "St Petersburg State University hosts the congress.", "Saint Petersburg State University"),
    ("en", "The Medical University of Vienna published a study.", "Medical University of Vienna"),
    ("en", "Ural Federal University (UrFU) signed. UrFU will host it.", "Ural Federal University"),
    ("en", "Xian Jiaotong-Liverpool University celebrates.", "Xi'an Jiaotong-Liverpool University"),
    ("en", "Nanjing University of Aeronautics and Astronautics sent a delegation.", "Nanjing University of Aeronautics and Astronautics"),
    # Chinese
    ("zh", "南京航空航天大学与代尔夫特理工大学签署协议", "Nanjing University of Aeronautics and Astronautics|Delft University of Technology"),
    ("zh", "曼彻斯特大学代表团访问武汉大学", "University of Manchester|Wuhan University"),
    ("zh", "俄罗斯托木斯克理工大学校长一行来访", "Tomsk Polytechnic University"),
    ("zh", "悉尼大学和奥克兰大学的学者参加了会议", "The University of Sydney|University of Auckland"),
    ("zh", "国立交通大學與國立清華大學合辦", "National Tsing Hua University"),
    ("zh", "大连理工与东京大学合作", "Dalian University of Technology|The University of Tokyo"),
    ("zh", "北京师范大学研究生在日内瓦大学交流", "Beijing Normal University|University of Geneva"),
    # Russian
    ("ru", "Делегация Казанского федерального университета посетила Хельсинкский университет.", "Kazan Federal University|University of Helsinki"),
    ("ru", "Студенты Томского политехнического университета вернулись из Пекинского университета.", "Tomsk Polytechnic University|Peking University"),
    ("ru", "Профессор Гёттингенского университета прочёл лекцию в НГУ.", "University of Göttingen"),
    ("ru", "Учёные Уральского федерального университета имени первого Президента России Б. Н. Ельцина", "Ural Federal University"),
    ("ru", "В Дальневосточном федеральном университете открылась школа.", "Far Eastern Federal University"),
    ("ru", "Исследователи Стэнфорда и Технического университета Дрездена", "Stanford University|Technische Universität Dresden"),
    ("ru", "Соглашение с Университетом Цинхуа подписал ректор СПбПУ Петра Великого.", "Tsinghua University|Peter the Great St. Petersburg Polytechnic University"),
    # German
    ("de", "Forschende der Universität Göttingen und der Universität Zürich", "University of Göttingen|University of Zurich"),
    ("de", "Das Team der Technischen Universität Darmstadt gewann.", "Technical University of Darmstadt"),
    ("de", "Die Freie Universität Berlin und die Uni Bonn kooperieren.", "Freie Universität Berlin|University of Bonn"),
    ("de", "An der Universität Peking lehrte er bis 2010.", "Peking University"),
    # French
    ("fr", "L'Université de Strasbourg et l'Université de Montréal", "University of Strasbourg|Université de Montréal"),
    ("fr", "des chercheurs de l'Université d'Oxford et de l'Université de Bâle", "University of Oxford|University of Basel"),
    ("fr", "L'École normale supérieure de Lyon accueille", "École Normale Supérieure de Lyon"),
    # Spanish, Portuguese, Italian
    ("es", "La Universidad de Granada y la Universidad de Lisboa firmaron un acuerdo.", "University of Granada|University of Lisbon"),
    ("es", "La Universidad Nacional de La Plata recibió a la Universidad de Pekín.", "National University of La Plata|Peking University"),
    ("pt", "A Universidade do Porto e a Universidade de Tsinghua lançam um curso.", "University of Porto|Tsinghua University"),
    ("pt", "Pesquisadores da Universidade Federal de Minas Gerais", "Federal University of Minas Gerais"),
    ("it", "L'Università di Padova e il Politecnico di Torino con l'Università di Ginevra", "University of Padua|Politecnico di Torino|University of Geneva"),
    # Japanese, Korean
    ("ja", "名古屋大と東北大の研究チーム", "Nagoya University|Tohoku University"),
    ("ja", "ケンブリッジ大学の教授が京都大学で講演した", "University of Cambridge|Kyoto University"),
    ("ja", "早稲田大学は清華大学と協定を結んだ", "Waseda University|Tsinghua University"),
    ("ko", "연세대와 고려대는 칭화대학교와 협약을 맺었다", "Yonsei University|Korea University|Tsinghua University"),
    ("ko", "서울대 연구팀이 하버드대와 공동 연구", "Seoul National University|Harvard University"),
    ("ja", "東大の教授が早大と慶大を訪れた", "The University of Tokyo|Waseda University|Keio University"),
    ("en", "York University and the University of York signed.", "York University|University of York"),
    ("en", "Miami University in Oxford, Ohio, opened a lab.", "Miami University of Ohio"),
    ("en", "He grew up in Princeton, New Jersey, and works for Rutgers University.", "Rutgers University"),
    ("en", "Simon Fraser University in Burnaby, British Columbia, opened a lab.", "Simon Fraser University"),
    ("en", "Teams of Stanford, Georgia Tech, Harvard, Indonesia and Yale, Penn State met.", "Stanford University|Georgia Institute of Technology|Harvard University|Yale University|Pennsylvania State University"),
    ("en", "Researchers at Harvard and Stanford found it.", "Harvard University|Stanford University"),
    # others
    ("ar", "وقعت جامعة القاهرة اتفاقية مع جامعة طهران", "Cairo University|University of Tehran"),
    ("el", "Το Πανεπιστήμιο Αθηνών και το Πολυτεχνείο Κρήτης", "National and Kapodistrian University of Athens|Technical University of Crete"),
    ("he", "חוקרים מאוניברסיטת תל אביב", "Tel Aviv University"),
    ("pl", "Naukowcy z Uniwersytetu Warszawskiego i Politechniki Warszawskiej", "University of Warsaw|Warsaw University of Technology"),
    ("uk", "Делегація Київського національного університету імені Тараса Шевченка", "Taras Shevchenko National University of Kyiv"),
    ("sv", "Forskare vid Lunds universitet och Uppsala universitet", "Lund University|Uppsala University"),
    ("nl", "Onderzoekers van de Universiteit Utrecht en de TU Delft", "Utrecht University|Delft University of Technology"),
    ("tr", "Boğaziçi Üniversitesi ve Orta Doğu Teknik Üniversitesi", "Boğaziçi University|Middle East Technical University"),
    ("cs", "Vědci z Univerzity Karlovy", "Charles University"),
    ("fi", "Helsingin yliopiston tutkijat", "University of Helsinki"),
]  # fmt: skip

NOBODY = [
    ("en", "The conference took place in Victoria, British Columbia, in May."),
    ("en", "Harvard Street reopened; the Stanford family, Professor Cornell and Princeton Airport were there."),
    ("en", "Born in Princeton, N.J., she lives in Stanford, Calif., not far away."),
    ("en", "California University of Pennsylvania is not the other one."),
    ("en", "The Ministry of Education approved the plan, and a hit it was."),
    ("en", "He studied at a technical university in the north, then at university college."),
    ("en", "A Columbia river boat, a Cambridge street, an Oxford comma and a brown rice dish."),
    ("ru", "Министерство науки и высшего образования сообщило о приёме в МГТУ."),
    ("ru", "Политех набирает студентов, технический университет ждёт."),
    ("zh", "教育部召开全国高校工作会议，理工大学代表参加。"),
    ("de", "Mit dem KIT im Gepäck: neue Technische Universität geplant."),
    ("fr", "Le ministère de l'Enseignement supérieur et l'université de demain"),
    ("ja", "大学院生が全国大会に出場した。"),
]


def names(language: str, text: str, **more: str) -> set[str]:
    return {mention.name for mention in find("", text, language=language, **more)}


@pytest.mark.parametrize(("language", "text", "wanted"), NAMED, ids=[row[1][:40] for row in NAMED])
def test_a_name_is_found_in_every_language(language: str, text: str, wanted: str) -> None:
    assert names(language, text) == set(wanted.split("|"))


@pytest.mark.parametrize(("language", "text"), NOBODY, ids=[row[1][:40] for row in NOBODY])
def test_what_names_nobody_in_particular_is_left(language: str, text: str) -> None:
    assert names(language, text) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Die Technische Universität München lädt ein.", "Technical University of Munich"),
        ("Moscow State University of Civil Engineering opened a hall.", "Moscow State University of Civil Engineering"),
        ("Researchers at the Catholic University of Vienna", ""),
        ("West Manchester University is a place that does not exist.", ""),
        ("published by Oxford University Press", ""),
        ("George Washington University in the capital", "George Washington University"),
        ("They flew to Nanjing. University of Leeds students met them.", "University of Leeds"),
    ],
)
def test_a_part_of_a_longer_name_is_not_the_name(text: str, wanted: str) -> None:
    assert names("en", text) == ({wanted} if wanted else set())


@pytest.mark.parametrize(
    ("language", "text", "publisher", "wanted"),
    [
        ("zh", "校长访问日本东北大学", None, "Tohoku University"),
        ("ja", "瀋陽の東北大学を訪問した", None, "Northeastern University (China)"),
        ("ja", "仙台の東北大学で", None, "Tohoku University"),
        ("ja", "東北大学が発表した", None, "Tohoku University"),
        ("zh", "东北大学举行校庆", "Northeastern University (China)", "Northeastern University (China)"),
        ("en", "Northeastern University in Boston", None, "Northeastern University"),
        ("en", "Northeastern University in Shenyang", None, "Northeastern University (China)"),
        ("en", "York University in Toronto", None, "York University"),
        ("en", "the University of York", None, "University of York"),
    ],
)
def test_one_name_of_several_universities_is_told_by_what_stands_beside_it(
    language: str, text: str, publisher: str | None, wanted: str
) -> None:
    assert {mention.name for mention in find("", text, language=language, publisher=publisher)} - {publisher} | {wanted} == {wanted}
    assert wanted in {mention.name for mention in find("", text, language=language, publisher=publisher)}


def test_an_abbreviation_counts_with_the_name_or_the_publisher_only() -> None:
    assert names("en", "HIT and TPU signed.") == set()
    assert names("en", "HIT signed.", publisher="Harbin Institute of Technology") == {"Harbin Institute of Technology"}
    assert names("en", "Tomsk Polytechnic University signed, and TPU will host.") == {"Tomsk Polytechnic University"}


def test_the_article_itself_says_what_an_abbreviation_means() -> None:
    (found,) = find("", "Shenyang Ligong University (SIT) opened. Students of SIT came.", language="en")

    assert found.name == "Shenyang Ligong University"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "本学の学生が受賞"),
        ("zh", "我校举行典礼"),
        ("ko", "우리 학교 학생들"),
        ("ru", "студенты нашего университета"),
        ("de", "unsere Universität lädt ein"),
    ],
)
def test_our_university_is_the_publisher(language: str, text: str) -> None:
    assert names(language, text, publisher="Waseda University") == {"Waseda University"}
    assert names(language, text) == set()


def test_a_slip_of_the_pen_counts_beside_the_right_name() -> None:
    text = "Bauman Moscow State Technical University and its partner met. The president of Moscow Borman State Technical University spoke."
    (found,) = find("", text, language="en")

    assert [span.text for span in found.spans] == ["Bauman Moscow State Technical University", "Moscow Borman State Technical University"]


def test_spans_are_where_the_names_stand() -> None:
    title, text = "L'Università di Bologna e l’EPFL", "Il rettore dell'Università di Bologna.\nÀ l'EPFL"

    for mention in find(title, text, language="it"):
        for span in mention.spans:
            assert {"title": title, "text": text}[span.field][span.start : span.end] == span.text


def test_an_article_is_about_who_stands_in_its_title() -> None:
    found = find(
        "Leeds: University of Leeds opens a lab",
        "Guests from Durham University, the University of Bath and many others came.",
        language="en",
    )

    assert {mention.name for mention in found if mention.about} == {"University of Leeds"}


def test_a_state_is_not_its_university() -> None:
    (found,) = find(
        "Adventures in Tennessee", "A cellar is run by a graduate of the University of Tennessee. Tennessee is wide.", language="en"
    )

    assert [span.text for span in found.spans] == ["University of Tennessee"]


@given(title=st.text(max_size=60), text=st.text(max_size=300), language=st.sampled_from(["en", "zh", "ru", "ja", "ko", None]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_taken_and_every_span_is_true(title: str, text: str, language: str | None) -> None:
    for mention in find(title, text, language=language, publisher="Tsinghua University"):
        for span in mention.spans:
            assert {"title": title, "text": text}[span.field][span.start : span.end] == span.text
