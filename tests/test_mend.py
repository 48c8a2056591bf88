from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from aggregator.digest import digest
from aggregator.mend import mend
from aggregator.model import Article, Known, Page, Profile, Selectors, Source
from aggregator.profile import learn
from aggregator.read.recall import selector

LIST = "https://north.example.edu/news/"
SOURCE = Source("north/news", LIST, kind="listing", selectors=Selectors("ul > li"))
SUBJECTS = "river bridge opera vaccine glacier telescope poem turbine harvest archive".split()


def title(number: int) -> str:
    return f"Students of {SUBJECTS[number]} sciences present their work"


def shown(rows: str, numbers: Sequence[int] = range(10)) -> Page:
    body = "".join(rows.format(url=f"/news/{n}.html", title=title(n), date=f"2026-02-{10 + n}") for n in numbers)
    return Page(LIST, f"<html><body><h1>News</h1><div id='all'>{body}</div></body></html>".encode())


@pytest.fixture
def before(now: datetime) -> tuple[dict[bytes, Known], list[Article], Profile]:
    """What is known of a list that has been read once."""
    page = Page(LIST, shown("<li><a href='{url}'>{title}</a> {date}</li>").body.replace(b"div", b"ul"))
    found = digest(page, SOURCE, {}, now=now)
    known = {key: Known(each.article.id, each.fingerprint) for each in found.fresh for key in each.keys}
    return known, [each.article for each in found.fresh], learn(None, found.sights, found.reader)


Before = tuple[dict[bytes, Known], list[Article], Profile]


def test_the_known_list_is_found_in_another_form(before: Before, now: datetime) -> None:
    known, stored, profile = before

    mended = mend(
        shown("<article><h2><a href='{url}'>{title}</a></h2><p>{date}</p></article>"), SOURCE, known, stored, now=now, profile=profile
    )

    assert mended.digest is not None
    assert (mended.kind, mended.known, mended.again) == ("auto", 10, 0)
    assert [each for each in mended.digest.fresh if each.known_as is None] == []


def test_items_under_new_addresses_are_the_known_ones(before: Before, now: datetime) -> None:
    known, stored, profile = before
    page = shown("<article><h2><a href='/en{url}'>{title}</a></h2><p>{date}</p></article>")

    mended = mend(page, SOURCE, known, stored, now=now, profile=profile)

    assert mended.digest is not None
    assert mended.again == 10
    assert {each.known_as for each in mended.digest.fresh} == {article.id for article in stored}


def test_what_cannot_be_proved_is_proposed_and_nothing_of_it_taken(before: Before, now: datetime) -> None:
    known, stored, profile = before
    others = shown("<article><h2><a href='/x{url}'>{title}, in Antarctica: a report</a></h2><p>{date}</p></article>")
    others = Page(LIST, others.body.replace(b"Students of", b"Penguins and"))

    mended = mend(others, SOURCE, known, stored, now=now, profile=profile)

    assert mended.digest is None
    assert mended.proposal is not None
    assert (mended.proposal.known, mended.proposal.form.items) == (0, 10)


def test_a_page_that_cannot_be_read_at_all_mends_nothing(before: Before, now: datetime) -> None:
    known, stored, profile = before

    assert mend(Page(LIST, b"<p>Closed.</p>"), SOURCE, known, stored, now=now, profile=profile).proposal is None


# --- the rows around known items -----------------------------------------------------------------------------------------------------


def test_rows_are_named_by_what_is_known_to_stand_in_them(an_article: Callable[..., Article]) -> None:
    stored = [an_article(n, title=title(n)) for n in range(10)]
    page = shown("<div class='news-row x8f3'><span><a href='/other/{title}'>{title}</a></span><i>{date}</i></div>")

    assert selector(page, stored) == "div > div.news-row.x8f3"


def test_rows_that_are_numbered_are_named_by_what_they_share(an_article: Callable[..., Article]) -> None:
    stored = [an_article(n, title=title(n)) for n in range(10)]
    page = shown("<div class='row no-{date}'><a href='/other/{title}'>{title}</a></div>")

    assert selector(page, stored) == "div > div.row"


def test_few_known_items_name_nothing(an_article: Callable[..., Article]) -> None:
    page = shown("<p><a href='{url}'>{title}</a></p>")

    assert selector(page, [an_article(n, title=title(n), url=None) for n in range(2)]) is None
    assert selector(Page(LIST, b""), [an_article()]) is None
