"""Every way in which a source can fail, and a question can be wrong, is told in the language of the page."""

from __future__ import annotations

import ast
import pickle
import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest

from aggregator import errors
from aggregator.errors import Phrase, QueryError
from aggregator.fetch import failures
from aggregator.query import parse
from aggregator.read.article import refusal
from aggregator.read.feed import likeness
from aggregator.serve.problems import KINDS, REMEDIES, spoken
from aggregator.serve.speech import SPEECHES
from aggregator.text import suspicion

_OF_SOURCES = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.SourceError)}


def written(node):
    """What a literal says, with an x for each value; None: it is put together elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None


def told():
    """The messages of all that raises errors of sources: those in the source itself, and those that are put together of tables."""
    yield from (each for each in _literally() if re.search("[a-z]{4}", each.replace("this looks like", "")))
    yield from (f"http://x {verb}" for _, _, verb, _ in failures._KINDS)
    yield from (f"http://x: this looks like {each.what}" for each in vars(suspicion).values() if isinstance(each, suspicion.Suspicion))
    yield from (f"http://x: this looks like {each.name}" for each in refusal._LOOKS)
    yield "it reads unlike itself: other addresses"
    yield "it answers, but has published nothing since 25 February 2026"


def _literally():
    package = Path(str(files("aggregator")))
    for folder in ("fetch", "read", "poll.py", "offload.py"):
        for path in [package / folder] if folder.endswith(".py") else (package / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(getattr(call, "func", None), "id", "") or getattr(getattr(call, "func", None), "attr", "")
                if (
                    isinstance(call, ast.Call)
                    and name in {*_OF_SOURCES, "_error", "Refusal"}
                    and call.args
                    and (said := written(call.args[0]))
                ):
                    yield said if name != "Refusal" else f"http://x is not fetched ({said})"


def advised():
    """The remedies of all those errors: the literals in the source, and the rows of its tables."""
    package = Path(str(files("aggregator")))
    for place in ("fetch", "read", "poll.py", "offload.py", "plan.py"):
        for path in [package / place] if place.endswith(".py") else (package / place).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "remedy":
                    branches = (node.value.body, node.value.orelse) if isinstance(node.value, ast.IfExp) else (node.value,)
                    yield from filter(None, map(written, branches))
    yield from (remedy for _, _, _, remedy in failures._KINDS)
    yield from failures._REMEDIES.values()
    yield from (each.remedy for each in vars(suspicion).values() if isinstance(each, suspicion.Suspicion))
    yield from (each.remedy for each in refusal._LOOKS)
    yield from (remedy for *_, remedy in (*likeness._MAGIC, *likeness._ROOTS))
    yield "open its page in a browser: where news are there that are not here, tell us"


_FOR_LOGS = {
    "if it is new in the configuration, this daemon reads it again by itself, or on SIGHUP",
    "write the new address into the configuration",
    "None",
}
"""No source keeps these as its problem."""


def test_all_messages_are_found():
    assert len(set(told())) > 70
    assert len(set(advised())) > 50


@pytest.mark.parametrize("remedy", sorted(set(advised()) - _FOR_LOGS))
def test_what_to_try_is_told_as_whoever_raised_it_means_it(remedy):
    """By its own words, not by the kind of problem: that has several causes."""
    _, english = spoken("whatever", remedy, SPEECHES["en"])
    _, russian = spoken("whatever", remedy, SPEECHES["ru"])

    assert english is not None
    assert russian != english
    for name in ("aggregator add", "aggregator review", "kind: auto", "kind: detect", "full_text: never", "items:"):
        assert (name in english.replace("`", "")) <= (name.split(": ")[-1] in remedy.replace("`", "")), "it advises what nobody said"


def test_a_file_in_the_place_of_a_page_is_not_told_to_be_read_as_what_it_is():
    """That is done by itself already."""
    said = spoken(
        "https://x.edu/a.pdf: this is a PDF document, not a page or a feed", "give the address of the page that links to it", SPEECHES["ru"]
    )

    assert said == ("Это файл, а не страница", "Дайте адрес страницы, которая на него ссылается")


@pytest.mark.parametrize("problem", sorted(set(told())))
def test_whatever_keeps_a_source_from_being_read_is_of_a_kind(problem):
    (english, _), (russian, _) = (spoken(problem, None, SPEECHES[code]) for code in ("en", "ru"))

    assert english is not None
    assert not re.search("[A-Za-z]{3,} [a-z]", russian), "it is still English"


@pytest.mark.parametrize("code", sorted(set(SPEECHES) - {"en"}))
def test_every_kind_is_said_in_every_language(code):
    words = [said for _, said in (*KINDS, *REMEDIES)]

    assert [text for text in words if SPEECHES[code].say(text) == text] == []


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("https://x.edu/news answers 404", "The page is not there (404)"),
        ("https://x.edu/404 answers 503, and asks to wait 60 s", "The server answers with an error (503)"),
        ("https://x.edu was not done within 30 s", "The server was not done within 30 s"),
        ("https://x.edu: this looks like a login page", "It asks for a login"),
        ("https://x.edu: no list of news found", "No list of news was found on the page"),
    ],
)
def test_a_kind_is_told_with_its_values(problem, said):
    assert spoken(problem, None, SPEECHES["en"])[0] == said


def test_words_that_nobody_knows_are_left_as_they_are():
    assert spoken("whatever", "do something", SPEECHES["ru"]) == (None, None)


def test_the_status_page_tells_it_in_its_language_and_in_its_own_words(browser, shelf, monkeypatch):
    failing = replace(shelf.states()[1], problem="https://x.edu answers 404", remedy="Correct the address.")
    monkeypatch.setattr(shelf, "states", lambda: [failing])

    page = unescape(browser.get("/status?lang=ru").body.decode())

    assert "Страницы нет на месте (404)" in page
    assert "Исправьте адрес" in page
    assert re.search('lang="en"[^>]*>https://x.edu answers 404 – Correct the address.<', page)
    assert "Страницы" not in browser.get("/status?lang=en").body.decode()


# Questions

_WRONG = [
    "a " * 600,
    "a " * 50,
    ")",
    '"a',
    "(" * 30 + "a",
    "a OR",
    "(a",
    "a NOT",
    "title:",
    "titel:x",
    "xyzzy:x",
    '"!"',
    "university:nowhere",
    "country:China",
    "language:chinese!",
    "topic:jobs",
    "topic:zzzz",
    "after:yesterday",
    "has:video",
    "story:1",
    'about:"Nowhere At All"',
]


class _Nobody:
    def entry(self, who):
        return None

    def nearest(self, who):
        return None


@pytest.mark.parametrize("question", _WRONG, ids=range(len(_WRONG)))
@pytest.mark.parametrize("code", sorted(set(SPEECHES) - {"en"}))
def test_what_is_wrong_with_a_question_is_said_in_every_language(question, code):
    with pytest.raises(QueryError) as caught:
        parse(question, {}, _Nobody())

    for phrase in filter(None, (caught.value.message, caught.value.remedy)):
        assert phrase == SPEECHES["en"].phrase(phrase)
        assert SPEECHES[code].phrase(phrase) != phrase


@pytest.mark.parametrize("place", ["certificates", "titles/", "?redirect=1", "JSON", "selector"])
def test_the_address_of_a_page_is_no_reason_why_it_fails(place):
    english = SPEECHES["en"]

    assert spoken(f"https://x.example/{place}: the page is empty", None, english) == spoken(
        "https://x.example/: the page is empty", None, english
    )


def test_every_phrase_of_the_query_language_is_met_above():
    source = ast.parse((Path(str(files("aggregator"))) / "query.py").read_text(encoding="utf-8"))
    phrases = {call.args[0].value for call in ast.walk(source) if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Phrase"}

    assert [phrase for phrase in sorted(phrases) for code in ("zh", "ru") if SPEECHES[code].say(phrase) == phrase] == []


def test_a_phrase_survives_the_way_between_processes():
    phrase = Phrase('"%(value)s" is no topic, 100%%', value="50%")

    again = pickle.loads(pickle.dumps(QueryError(phrase, position=3))).message

    assert (again, again.template, again.values) == ('"50%" is no topic, 100%', phrase.template, {"value": "50%"})


def test_a_reader_is_told_in_the_language_of_the_page(browser):
    page = unescape(browser.get("/search?q=titel:x&lang=zh").body.decode())

    assert "没有“titel:”这个字段。" in page
    assert "您是不是想写“title:”？" in page
