"""What holds of copies and stories whatever came, in whatever order, and whatever was said otherwise later."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import Row, delete, select

from aggregator.model import Article
from aggregator.refine import stories
from aggregator.store import Store
from aggregator.store.tables import articles, marks, traces

DAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
OPENING = (
    "The rectors Ilse Brandvold and Tadeusz Kowalczyk opened a laboratory for quantum sensors at Nordhavn University. "
    "The building has room for many researchers, among them guests from Kraków. The first experiment, on the magnetism of sea ice, begins in May."
)
LETTERS = (
    "The library of Westfold has bought the letters of the painter Oda Lindqvist and shows them from Friday on in its reading room. "
    "They were written to her sister Karin in Bergen, and tell of the winters in Paris."
)
TEXTS = (
    (OPENING, "en"),
    (" ".join(OPENING.split()[:20]), "en"),
    ("Ректоры Ильзе Брандвольд и Тадеуш Ковальчик открыли лабораторию квантовых сенсоров в университете Нордхавна.", "ru"),
    (LETTERS, "en"),
    (f"{OPENING} {LETTERS}", "en"),
    (" ".join(LETTERS.split()[-24:]), "en"),
    ("Read more", "en"),
)
TITLES = ("Sensors in Nordhavn", "Nordhavn opens a laboratory for everyone", "Letters of a painter")


class Chance(random.Random):
    def said(self) -> dict[str, object]:
        text, language = self.choice(TEXTS)
        text = self.choice((text, text, f"Home / News / {text} Share", f"{text} Doors open at nine."))
        at = DAY + timedelta(hours=self.randrange(9 * 24))
        return {
            "title": self.choice(TITLES),
            "text": text,
            "content": f"<p>{text}</p>",
            "language": language,
            "published": at,
            "marks": None,
        }

    def article(self, number: int, an_article: Callable[..., Article]) -> Article:
        source = self.choice(("north/news", "east/news", "south/news"))
        told = {"id": str(uuid5(NAMESPACE_URL, str(number))), "url": f"https://site-{number}.example.edu/1", "summary": None}
        return replace(an_article(), **told, **self.said(), source=source, university=source.partition("/")[0], first_seen=DAY)


def stored(store: Store) -> tuple[dict[str, Row[tuple[object, ...]]], dict[int, set[int]]]:
    """Articles by id, and what each has left by number."""
    with store._engine.connect() as connection:
        held = connection.execute(
            select(articles.c["number", "id", "story", "copy_of"], marks.c.marks).join(marks, marks.c.number == articles.c.number)
        ).all()
        left: defaultdict[int, set[int]] = defaultdict(set)
        for trace, number in connection.execute(select(traces)):
            left[number].add(trace)
    return {row.id: row for row in held}, left


def faults(store: Store) -> Iterator[str]:
    held, left = stored(store)
    for id, row in held.items():
        article = store.article(id)
        assert article is not None
        due = stories.trace(stories.unpack(row.marks), article)
        first, head = held.get(row.copy_of or id), held.get(row.story or id)
        if first is None or first.copy_of or first.number > row.number:
            yield f"{row.number} is a copy of what is none, or came later"
        elif first.story != row.story:
            yield f"{row.number} tells another story than {first.number}, of which it is a copy"
        if head is None or head.story != row.story:
            yield f"{row.number} is told under the id of one that tells something else"
        if not set(due.text) <= left[row.number] <= set(due.left):
            yield f"{row.number} is found by what it does not say, or not by what it says"
        if not row.copy_of and left[row.number] != set(due.left):
            yield f"{row.number} stands for itself, and is not found by its event"


@pytest.mark.parametrize("seed", range(8))
def test_every_copy_leads_to_one_that_stands_for_itself_and_tells_its_story(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], seed: int
) -> None:
    chance = Chance(seed)
    count = 0
    for _ in range(14):
        if chance.random() < 0.6 or not count:
            fresh = [chance.article(count + each, an_article) for each in range(chance.randrange(1, 5))]
            count += len(fresh)
            put(*fresh)
        else:
            held = store.article(str(uuid5(NAMESPACE_URL, str(chance.randrange(count)))))
            assert held is not None
            put(revised=[replace(held, **chance.said())])
        assert list(faults(store)) == []


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_where_what_an_older_version_has_stored_is_caught_up(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], seed: int
) -> None:
    chance = Chance(seed)
    put(*(chance.article(number, an_article) for number in range(12)))
    with store._engine.connect().execution_options(write=True) as connection, connection.begin():
        older = chance.sample(range(1, 13), 8)
        for table in (marks, traces):
            connection.execute(delete(table).where(table.c.number.in_(older)))

    below = None
    while (below := store.catch_up(limit=3, below=below)) is not None:
        pass

    assert len(stored(store)[0]) == 12
    assert list(faults(store)) == []
