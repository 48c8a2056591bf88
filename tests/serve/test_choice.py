from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import query as q
from aggregator.errors import QueryError
from aggregator.model import University
from aggregator.serve.choice import Choice, joined

UNIVERSITIES = {"hit": University("hit", "Harbin", country="CN"), "bauman": University("bauman", "Bauman", country="RU")}


@pytest.mark.parametrize(
    ("choice", "question"),
    [
        (Choice(), ""),
        (Choice("ice robots"), "ice robots"),
        (Choice("ice", ("country:CN",)), "ice country:CN"),
        (Choice("", ("country:CN", "university:bauman")), "(country:CN OR university:bauman)"),
        (Choice("", (), ("zh", "ru")), "(language:zh OR language:ru)"),
        (Choice("ice OR snow", ("country:CN",), ("zh",)), "(ice OR snow) country:CN language:zh"),
        (Choice("ice", (), (), ("job", "tender")), "ice topic:job,tender"),
        (Choice("(ice OR snow) -sport", ("country:CN",)), "(ice OR snow) -sport country:CN"),
    ],
)
def test_a_choice_is_a_question(choice, question):
    assert choice.question(UNIVERSITIES) == question


words = st.sampled_from(["", "ice", "ice robots", "ice OR snow", "-sport", "ice OR (snow -sport)", '"ice age"', "冰面"])
some = lambda *values: st.lists(st.sampled_from(values), unique=True).map(tuple)  # noqa: E731 - a little name


@given(st.builds(Choice, words, some("country:CN", "country:RU", "university:hit", "university:bauman"), some("zh", "ru", "zh-Hant")))
def test_a_choice_means_its_words_and_any_of_each_list(choice):
    parts = [
        q.parse(each, UNIVERSITIES)
        for each in (choice.words, " OR ".join(choice.origins), " OR ".join(f"language:{language}" for language in choice.languages))
        if each
    ]

    flat = [each for part in parts for each in (part.parts if isinstance(part, q.And) else (part,))]
    found = q.parse(choice.question(UNIVERSITIES), UNIVERSITIES)
    assert (list(found.parts) if isinstance(found, q.And) else [found]) == (flat or [q.Everything()])


def test_what_no_form_sends_is_left_out():
    forged = {
        "q": " ice ",
        "from": joined(["country:CN", "country:CN) OR -x", "source:secret", "university:hit"]),
        "language": "zh\nzh OR ru",
        "topic": "job\njobs\nnews OR x",
    }

    assert Choice.of(forged) == Choice("ice", ("country:CN", "university:hit"), ("zh",), ("job",))


def test_a_mistake_in_the_words_is_told_where_it_was_typed():
    with pytest.raises(QueryError) as caught:
        Choice("ice OR", ("country:CN",)).question(UNIVERSITIES)

    assert caught.value.position == 6


def test_the_address_of_a_choice_leads_to_it_again():
    from urllib.parse import parse_qs

    choice = Choice("冰 robots", ("country:CN", "university:hit"), ("zh",))

    assert Choice.of({name: joined(values) for name, values in parse_qs(choice.parameters).items()}) == choice


OFFERED = {"topic:job", "topic:news", "language:zh", "country:CN", "university:hit"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (Choice("topic:job"), Choice("", topics=("job",))),
        (Choice("ice Topic:JOB snow"), Choice("ice snow", topics=("job",))),
        (Choice("country:cn language:zh ice"), Choice("ice", ("country:CN",), ("zh",))),
        (Choice("university:hit"), Choice("", ("university:hit",))),
        (Choice("topic:job,news"), Choice("topic:job,news")),
        (Choice("-topic:job"), Choice("-topic:job")),
        (Choice("topic:job OR ice"), Choice("topic:job OR ice")),
        (Choice("(topic:job)"), Choice("(topic:job)")),
        (Choice('"topic:job"'), Choice('"topic:job"')),
        (Choice("topic:job topic:news"), Choice("topic:job topic:news")),
        (Choice("university:harbin"), Choice("university:harbin")),
        (Choice("topic:job", topics=("news",)), Choice("topic:job", topics=("news",))),
        (Choice("country:CN", ("university:hit",)), Choice("country:CN", ("university:hit",))),
    ],
)
def test_what_was_typed_and_stands_in_a_list_is_chosen_there(typed, shown):
    assert typed.shown(OFFERED) == shown


@given(st.lists(st.sampled_from(["ice", "topic:job", "country:CN", "language:zh", "-topic:news", "university:hit", "title:x"]), max_size=5))
def test_a_form_that_shows_it_otherwise_asks_the_same(words):
    typed = Choice(" ".join(words))

    before, after = (q.parse(each.question(UNIVERSITIES), UNIVERSITIES) for each in (typed, typed.shown(OFFERED)))

    assert sorted(map(repr, _flat(before))) == sorted(map(repr, _flat(after)))


def _flat(found):
    return [each for part in found.parts for each in _flat(part)] if isinstance(found, q.And) else [found]


@pytest.mark.parametrize(
    ("words", "has"), [("", False), ("topic:job", False), ("-topic:job country:CN", False), ("topic:job ice", True), ('"ice"', True)]
)
def test_words_are_told_from_terms(words, has):
    assert Choice(words).has_words is has
