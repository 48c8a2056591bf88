"""Stories as the store finds them: whichever article comes first, under ids that stay."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import delete, func, insert, select, text

from aggregator import model, query
from aggregator.model import Article
from aggregator.query import Everything, Field
from aggregator.refine import stories
from aggregator.store import Store, tables
from aggregator.store.joining import Told

OPENING = (
    "On 3 March the rectors Ilse Brandvold and Tadeusz Kowalczyk opened a laboratory for quantum sensors at Nordhavn University. "
    "The building cost 48 million crowns and has room for 120 researchers, among them guests from Kraków. "
    "The first experiment, on the magnetism of sea ice, begins in May, said Brandvold."
)
RUSSIAN = (
    "3 марта ректоры Ильзе Брандвольд и Тадеуш Ковальчик открыли лабораторию квантовых сенсоров в университете Нордхавна. "
    "Здание стоило 48 миллионов крон, в нём будут работать 120 исследователей."
)
OTHER = "The library of Westfold has bought the letters of the painter Oda Lindqvist and shows them from Friday on in its reading room."
DAY = datetime(2025, 3, 3, 9, tzinfo=UTC)

Put = Callable[..., None]
Write = Callable[..., Article]


@pytest.fixture
def write(an_article: Write) -> Write:
    def written(name: str, text: str, *, after: timedelta = timedelta(), **fields: object) -> Article:
        at = DAY + after
        said = {
            "id": str(uuid5(NAMESPACE_URL, name)),
            "title": name,
            "url": f"https://{name.lower().replace(' ', '-')}.example.edu/news/1",
            "text": text,
            "content": f"<p>{text}</p>",
        }
        return replace(an_article(), published=at, first_seen=at, summary=None, **(said | fields))

    return written


@pytest.fixture
def reports(write: Write) -> dict[str, Article]:
    return {
        "original": write("Sensors in Nordhavn", OPENING, language="en"),
        "copy": write("Nordhavn opens a laboratory", f"Home / News / {OPENING} Share", language="en", after=timedelta(hours=5)),
        "russian": write("Открыта лаборатория", RUSSIAN, language="ru", after=timedelta(hours=20)),
        "other": write("Letters of a painter", OTHER, language="en", after=timedelta(hours=2)),
    }


def told(store: Store, article: Article) -> set[str]:
    return {each.id for each in store.story(article.id)}


@pytest.mark.parametrize("seed", range(6))
def test_stories_hold_the_same_articles_in_whatever_order_they_come(store: Store, put: Put, reports: dict[str, Article], seed: int) -> None:
    order = sorted(reports.values(), key=lambda article: article.id)
    random.Random(seed).shuffle(order)

    for article in order:
        put(article)

    together = {reports[name].id for name in ("original", "copy", "russian")}
    assert [told(store, reports[name]) for name in ("original", "copy", "russian")] == [together] * 3
    assert told(store, reports["other"]) == {reports["other"].id}


def test_a_copy_is_listed_once_and_the_first_one_stays(
    store: Store, put: Put, ask: Callable[..., list[str]], reports: dict[str, Article]
) -> None:
    put(reports["copy"])
    put(reports["original"], source="east/news")

    assert ask("") == [reports["copy"].title]
    assert store.article(reports["original"].id).copy_of == reports["copy"].id


def test_what_answers_is_counted_as_it_is_listed_and_no_further_than_is_asked(store: Store, put: Put, reports: dict[str, Article]) -> None:
    put(reports["copy"])
    put(reports["original"], source="east/news")
    put(reports["other"])

    assert store.found(Everything(), most=9) == len(store.articles(Everything(), limit=9)) == 2
    assert store.found(Everything(), most=1) == 1
    assert store.found(Field("source", ("nobody",)), most=9) == 0


def test_a_copy_is_listed_where_the_first_one_does_not_answer(
    store: Store, put: Put, ask: Callable[..., list[str]], reports: dict[str, Article]
) -> None:
    put(reports["original"])
    put(replace(reports["copy"], source="east/news"), source="east/news")

    assert ask("source:east/news") == [reports["copy"].title]
    assert ask("Nordhavn") == [reports["original"].title]


def test_copies_do_not_make_pages_shorter(store: Store, put: Put, write: Write, reports: dict[str, Article]) -> None:
    put(reports["original"])
    put(*(write(f"Copy {'abcdefgh'[n]}", f"{OPENING} Seen here.", after=timedelta(hours=1 + n)) for n in range(8)))
    put(write("Older", OTHER, after=-timedelta(days=1)))

    assert [article.title for article in store.articles(query.Everything(), limit=2)] == ["Sensors in Nordhavn", "Older"]


def test_reports_of_one_event_are_all_listed_and_know_each_other(
    store: Store, put: Put, ask: Callable[..., list[str]], reports: dict[str, Article]
) -> None:
    put(reports["original"], reports["other"])
    put(reports["russian"], source="east/news")

    first = store.article(reports["original"].id)
    assert len(ask("")) == 3
    assert [(report.title, report.copy) for report in store.reports([first])[first.id]] == [(reports["russian"].title, False)]
    assert ask(f"story:{reports['russian'].id}") == [reports["russian"].title, reports["original"].title]
    assert ask(f"story:{reports['other'].id}") == [reports["other"].title]


def test_reports_that_share_a_well_known_name_and_a_place_only_are_joined(store: Store, put: Put, write: Write) -> None:
    visit = write(
        "Putin at our university", "President Vladimir Putin spoke to students in Kazakhstan on energy and climate.", language="en"
    )
    speech = write(
        "Путин выступил перед студентами",
        "Президент России приехал в Казахстан и говорил об энергетике.",
        language="ru",
        source="east/news",
    )
    put(visit)
    put(speech)

    assert told(store, speech) == {visit.id, speech.id}


def test_what_is_more_likely_one_event_than_not_is_not_joined_yet(store: Store, put: Put, write: Write) -> None:
    prize = write(
        "Kovalenko wins a chess prize", "Andrii Kovalenko of Westfold in Norway won the chess prize of the town on Friday.", language="en"
    )
    lecture = write(
        "Physics lecture by Kovalenko",
        "Andrii Kovalenko of Westfold in Norway speaks on Friday about lasers.",
        language="en",
        source="east/news",
    )
    assert 0 < stories.explain(prize, lecture).score < 1

    put(prize, lecture)

    assert told(store, lecture) == {lecture.id}


@pytest.mark.parametrize(("days", "joined"), [(6, True), (8, False)])
def test_a_story_takes_in_reports_for_a_week(
    store: Store, put: Put, write: Write, reports: dict[str, Article], days: int, *, joined: bool
) -> None:
    put(reports["original"])
    late = write("Лаборатория в Нордхавне", RUSSIAN, language="ru", after=timedelta(days=days))
    put(late)

    assert (reports["original"].id in told(store, late)) is joined


def test_the_id_of_a_story_is_that_of_its_first_article_and_every_other_leads_there(
    store: Store, put: Put, reports: dict[str, Article]
) -> None:
    put(reports["russian"])
    put(reports["original"])
    put(reports["copy"], source="east/news")

    assert {store.article(reports[name].id).story for name in ("original", "copy", "russian")} == {reports["russian"].id}


def test_two_stories_that_turn_out_to_be_one_are_joined(store: Store, put: Put, write: Write, reports: dict[str, Article]) -> None:
    half = " ".join(OPENING.split()[:22])
    one, two = write("Beginning", half), reports["russian"]
    put(one)
    put(two)

    put(reports["original"])

    assert told(store, one) == told(store, two) == {one.id, two.id, reports["original"].id}


def test_the_same_words_weeks_later_are_a_copy_but_an_event_is_not_told_again(
    store: Store, put: Put, write: Write, reports: dict[str, Article]
) -> None:
    put(reports["original"])
    put(write("Again", OPENING, after=timedelta(days=40)), write("Снова", RUSSIAN, language="ru", after=timedelta(days=80)))

    assert told(store, reports["original"]) == {reports["original"].id, write("Again", "").id}


def test_what_was_old_when_it_was_first_seen_is_joined_as_a_copy_only(store: Store, put: Put, reports: dict[str, Article]) -> None:
    today = DAY + timedelta(days=500)

    put(*(replace(each, first_seen=today) for each in reports.values()))

    assert told(store, reports["original"]) == {reports["original"].id, reports["copy"].id}
    assert told(store, reports["russian"]) == {reports["russian"].id}


def test_a_whole_text_is_a_copy_of_each_of_its_parts(store: Store, put: Put, ask: Callable[..., list[str]], write: Write) -> None:
    things = "boat stone glass paper silver garden window winter market harbour bridge forest letter music engine copper meadow".split()
    sentences = [f"She saw the {' '.join(random.Random(n).sample(things, 9))}." for n in range(12)]
    beginning, end = " ".join(sentences[:8]), " ".join(sentences[5:])
    put(write("The end of it", end))
    sites = [{"id": str(uuid5(NAMESPACE_URL, name)), "url": f"https://{name}.example.edu/1", "source": name} for name in "abcdw"]
    put(*(write("Guests at the river", beginning, **site) for site in sites[:4]))
    assert len(ask("")) == 2

    put(write("Guests at the river", " ".join(sentences), **sites[4]))

    assert ask("") == ["The end of it"]


def test_many_that_come_together_tell_one_story_under_the_id_of_the_first(store: Store, put: Put, write: Write) -> None:
    several = [write(f"Report {'abcdefgh'[n]}", f"{OPENING} Seen here.", after=timedelta(hours=n)) for n in range(6)]

    put(*reversed(several))  # a page shows the newest first

    assert {store.article(each.id).story for each in several} == {several[0].id}


def test_an_article_that_says_something_else_now_is_found_by_that(
    store: Store, put: Put, write: Write, reports: dict[str, Article]
) -> None:
    short = write("Sensors", "Read more", language="en")
    put(short, reports["original"])
    assert told(store, short) == {short.id}

    put(revised=[replace(store.article(short.id), text=OPENING, marks=None)])

    assert told(store, short) == {short.id, reports["original"].id}


def test_forms_that_one_source_fills_in_anew_are_all_listed(store: Store, put: Put, ask: Callable[..., list[str]], write: Write) -> None:
    form = OPENING.replace("3 March", "{} March").replace("Ilse Brandvold and Tadeusz Kowalczyk", "{}").replace("quantum sensors", "{}")
    put(write("Opening of a laboratory", form.format(3, "Ada Holm", "optics")))
    put(write("A laboratory is opened", form.format(4, "Ida Berg", "acoustics"), after=timedelta(hours=3)))

    assert len(ask("")) == 2


def test_articles_of_an_older_version_join_their_stories_later(
    store: Store, put: Put, reports: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(
            "aggregator.store.joining.join", lambda _connection, _dialect, coming: {number: Told(None, None) for number, _ in coming}
        )
        put(reports["copy"], reports["russian"], reports["other"])
    put(reports["original"])
    before = store.revision()

    last = store.catch_up(limit=2)
    assert last == 2  # of three: the newest are looked at first
    assert store.catch_up(limit=2, below=last) == 1
    assert store.catch_up(limit=2, below=1) is None

    assert told(store, reports["copy"]) == {reports[name].id for name in ("original", "copy", "russian")}
    assert told(store, reports["other"]) == {reports["other"].id}
    assert before < store.revision() <= before + 2  # what joins nothing is no news


def test_a_copy_of_what_an_older_version_has_stored_lately_is_known_after_one_look(
    store: Store, put: Put, reports: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(
            "aggregator.store.joining.join", lambda _connection, _dialect, coming: {number: Told(None, None) for number, _ in coming}
        )
        for name in ("other", "russian", "original"):
            put(reports[name])
    store.catch_up(limit=1)

    put(reports["copy"])

    assert store.article(reports["copy"].id).copy_of == reports["original"].id


def test_an_article_that_gets_its_date_later_is_sought_on_that_day_only(store: Store, put: Put, write: Write) -> None:
    undated = replace(write("Sensors in Nordhavn", OPENING, language="en"), published=None)
    put(undated)
    put(revised=[replace(undated, published=DAY - timedelta(days=9))])

    with store._engine.connect() as connection:
        events = connection.scalars(select(tables.traces.c.trace).where(tables.traces.c.trace < 1 << 62)).all()

    assert {trace & (1 << 20) - 1 for trace in events} == {(DAY - timedelta(days=9)).toordinal()}


def test_a_copy_is_found_by_its_event_only_once_it_stands_for_itself(store: Store, put: Put, reports: dict[str, Article]) -> None:
    def events() -> int:
        with store._engine.connect() as connection:
            mine = (tables.traces.c.number == 2) & (tables.traces.c.trace < 1 << 62)
            return connection.scalar(select(func.count()).select_from(tables.traces).where(mine)) or 0

    put(reports["original"])
    put(reports["copy"])
    assert events() == 0

    put(revised=[replace(store.article(reports["original"].id), title="Letters", text=OTHER, marks=None)])
    assert events() > 3
    put(reports["russian"])

    assert told(store, reports["russian"]) == {reports["copy"].id, reports["russian"].id}


def test_what_is_corrected_is_found_by_its_event_as_before(store: Store, put: Put, reports: dict[str, Article]) -> None:
    put(reports["original"])
    put(reports["copy"])
    put(revised=[replace(store.article(reports["original"].id), text=f"{OPENING} Doors open at nine.", marks=None)])

    put(reports["russian"])

    assert told(store, reports["russian"]) == {reports[name].id for name in ("original", "copy", "russian")}


def test_texts_of_an_older_version_are_found_by_what_is_left_of_their_marks(
    store: Store, address: str, put: Put, reports: dict[str, Article]
) -> None:
    put(reports["original"], reports["russian"], reports["other"])
    of_texts, now = tables.traces.c.trace >= 1 << 62, select(tables.traces).order_by(*tables.traces.c)
    with store._engine.connect().execution_options(write=True) as connection, connection.begin():
        expected = connection.execute(now).all()
        connection.execute(delete(tables.traces).where(of_texts))
        connection.execute(insert(tables.traces), [{"trace": (1 << 62) + number, "number": number} for number in (1, 2, 3)])
        connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))

    with Store.open(address) as later, later._engine.connect() as connection:
        assert connection.execute(now).all() == expected


@pytest.mark.parametrize("days", [0, 700])
def test_a_title_without_text_is_no_copy_of_what_another_university_says(
    store: Store, put: Put, ask: Callable[..., list[str]], write: Write, days: int
) -> None:
    first = write("The winter term of all faculties begins", "", url="https://north.example.edu/1", university="north")
    other = {"id": str(uuid5(NAMESPACE_URL, "east")), "url": "https://east.example.edu/1", "university": "east", "source": "east/news"}
    put(first)
    put(replace(first, published=DAY + timedelta(days=days), **other), source="east/news")

    assert len(ask("")) == 2


def test_a_title_without_text_is_a_copy_in_another_list_of_the_same_university(
    store: Store, put: Put, ask: Callable[..., list[str]], write: Write
) -> None:
    first = write("The winter term of all faculties begins", "", url="https://north.example.edu/1", university="north")
    put(first)
    put(
        replace(first, id=str(uuid5(NAMESPACE_URL, "again")), url="https://physics.north.example.edu/1", source="east/news"),
        source="east/news",
    )

    assert len(ask("")) == 1


@pytest.mark.parametrize("changed", [0, 1])
def test_what_turns_out_to_be_no_copy_is_listed_from_then_on(
    store: Store, put: Put, ask: Callable[..., list[str]], write: Write, changed: int
) -> None:
    twins = [write("Twins", OPENING, id=str(uuid5(NAMESPACE_URL, str(n))), url=f"https://site-{n}.example.edu/1") for n in range(2)]
    put(twins[0])
    put(twins[1], source="east/news")
    assert len(ask("")) == 1
    before = store.revision()

    put(revised=[replace(store.article(twins[changed].id), title="Letters", text=OTHER, marks=None)])

    assert len(ask("")) == 2
    assert [told(store, each) for each in twins] == [{twins[0].id}, {twins[1].id}]
    assert store.revision() == before + 1
    fresh, _ = store.news(query.parse(""), since=model.Told(before), limit=9)
    assert twins[1].id in {each.id for each in fresh}


def test_copies_of_what_changes_stay_copies_of_each_other(store: Store, put: Put, ask: Callable[..., list[str]], write: Write) -> None:
    three = [write("Triplets", OPENING, id=str(uuid5(NAMESPACE_URL, str(n))), url=f"https://site-{n}.example.edu/1") for n in range(3)]
    for article, source in zip(three, ("north/news", "east/news", "south/news"), strict=True):
        put(article, source=source)
    assert len(ask("")) == 1

    put(revised=[replace(store.article(three[0].id), title="Letters", text=OTHER, marks=None)])

    assert len(ask("")) == 2
    assert store.article(three[2].id).copy_of == three[1].id
