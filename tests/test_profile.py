from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Article, Form, Profile, Selectors, Source
from aggregator.profile import Sight, adopt, again, beside, doubts, excused, followed, form, learn, shape, strangers, surely_again, weigh

DAY = timedelta(days=1)
AT_ONCE = timedelta(hours=1)


@pytest.fixture
def seen(now: datetime) -> Callable[..., list[Sight]]:
    """Entries as they look, those of these numbers known; the higher the number, the older."""

    def build(*numbers: int, known: Any = (), dated: bool = True, **fields: Any) -> list[Sight]:
        return [
            replace(
                Sight(
                    f"Students build robot number {number}",
                    f"https://north.example.edu/news/{number}.html",
                    now - number * DAY if dated else None,
                    f"article {number}" if number in known else None,
                ),
                **fields,
            )
            for number in numbers
        ]

    return build


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.north.edu/news/2026/05/robots-walk.html", "north.edu/news/N/N/*.html"),
        ("https://north.edu/info/1004/12878.htm", "north.edu/info/N/N.htm"),
        ("https://north.edu/2026/0511/c1004a12878/page.htm", "north.edu/N/N/cNaN/*.htm"),
        ("http://north.edu/index.php?id=7&cat=3", "north.edu/*.php?cat&id"),
        ("https://north.edu/", "north.edu"),
        ("https://north.edu/новости/наука-и-жизнь", "north.edu/новости/*"),
        ("https://[", "?"),
    ],
)
def test_what_differs_from_item_to_item_is_masked(url: str, expected: str) -> None:
    assert shape(url) == expected


@given(st.text(max_size=60))
def test_every_address_has_a_shape(url: str) -> None:
    assert len(shape(url)) <= 310


def test_an_ordinary_reading_raises_no_doubt(seen: Any) -> None:
    usual = form(seen(*range(3, 13)), "detect")

    assert doubts(usual, seen(*range(1, 11), known=range(3, 13))) == ()


def test_another_list_raises_doubts_in_words(seen: Any) -> None:
    usual = form(seen(*range(10)), "detect")
    menu = seen(*range(20, 30), url="https://north.example.edu/about/", title="About us", dated=False)

    first, *_ = doubts(usual, menu)
    assert (
        first
        == "10 of 10 entries are new and unlike its news: they lead to north.example.edu/*, not to north.example.edu/news/N.html, and have no date"
    )


def test_one_link_to_another_site_is_no_stranger_to_a_list(seen: Any) -> None:
    usual = form(seen(*range(3, 13)), "detect")
    linked = seen(1, url="https://partner.example.org/story")

    assert doubts(usual, [*linked, *seen(*range(3, 12), known=range(3, 12))]) == ()


def test_a_new_rubric_of_the_same_site_with_news_of_these_days_is_no_other_list(seen: Any) -> None:
    usual = form(seen(*range(3, 13)), "detect")
    rubric = [replace(each, url=each.url.replace("/news/", "/en/people/")) for each in seen(0, 1, 2, 2)]

    assert strangers(rubric, usual) == []


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_source_of_a_few_items_may_become_empty(seen: Any, count: int) -> None:
    assert doubts(form(seen(*range(count)), "feed"), []) == ()


def test_a_source_that_becomes_empty_at_once_is_doubted(seen: Any) -> None:
    assert doubts(form(seen(*range(10)), "feed"), []) == ("it is empty; it usually has 10 entries",)


def test_a_list_that_has_turned_over_is_doubted_only_where_its_dates_do_not_explain_it(seen: Any) -> None:
    usual = form(seen(*range(20, 30)), "detect")

    assert doubts(usual, seen(*range(10))) == ()
    assert doubts(usual, seen(*range(40, 50)))[0].startswith("10 of 10 entries are new, though 10 of them are older")


def test_a_list_that_rotates_is_excused(seen: Any) -> None:
    rotating = replace(form(seen(*range(10)), "detect"), kept=0.3)

    assert excused(rotating, seen(*range(40, 50)), away=AT_ONCE)
    assert not excused(replace(rotating, kept=0.95), seen(*range(40, 50)), away=AT_ONCE)


def test_a_list_without_dates_may_turn_over_in_days_but_not_in_an_hour(seen: Any) -> None:
    undated = replace(form(seen(*range(10), dated=False), "detect"), kept=0.95)

    assert not excused(undated, seen(*range(20, 30), dated=False), away=AT_ONCE)
    assert excused(undated, seen(*range(20, 30), dated=False), away=4 * DAY)


def test_new_addresses_do_not_hide_known_items(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(number) for number in range(1, 11)]
    moved = [replace(each, url=f"https://new.example.edu/{number}") for number, each in enumerate(seen(*range(1, 11)))]

    weighed = weigh(moved, stored, form(seen(*range(1, 11)), "detect"))

    assert weighed.proves
    assert [weighed.again[place] for place in range(10)] == [article.id for article in stored]


def test_titles_are_the_same_however_they_are_set(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(1, title="“Robots” — walk on the ice, again")]

    assert again(seen(1, title='"ROBOTS" - walk on the ice again', url="https://new.example.edu/1"), stored) == {0: stored[0].id}


def test_a_shortened_title_is_the_same(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(1, title="Robots walk on the ice of the river for three hours")]

    assert again(seen(1, title="Robots walk on the ice of the…", url="https://new.example.edu/1"), stored) == {0: stored[0].id}


def test_a_recurring_title_of_another_day_is_another_item(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(9, title="Vacancies of the week")]

    assert again(seen(1, title="Vacancies of the week"), stored) == {}


def test_each_stored_article_is_found_once(seen: Any, an_article: Callable[..., Article], now: datetime) -> None:
    stored = [an_article(1)]

    assert len(again(seen(1, 1, published=now - DAY), stored)) == 1


def test_a_known_item_whose_address_alone_changed_is_known(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(1), an_article(2)]
    readdressed = seen(1, url="https://north.example.edu/news/1-corrected.html", title=stored[0].title)

    assert surely_again(readdressed, stored) == {0: stored[0].id}


@pytest.mark.parametrize(
    ("title", "url", "others", "same"),
    [
        ("Students build robot number 1", "https://north.example.edu/files/1.html%20", (), True),
        ("Students build robot number 1", "https://north.example.edu/files/2026-1.html", (), False),
        ("Students build robot number 1", "https://north.example.edu/files/1.html%20", ("https://north.example.edu/b/1.html",), False),
        ("Robot number 1", "https://north.example.edu/files/1.html%20", (), False),
    ],
)
def test_an_undated_item_is_known_by_its_title_and_the_end_of_its_address(
    seen: Any, an_article: Callable[..., Article], title: str, url: str, others: tuple[str, ...], same: Any
) -> None:
    stored = [an_article(1, title=title, published=None)]
    shown = [*seen(1, url=url, title=title, dated=False), *(seen(2, url=other, dated=False)[0] for other in others)]

    assert surely_again(shown, stored) == ({0: stored[0].id} if same else {})


def test_an_item_that_still_stands_under_its_old_address_is_not_taken_for_another(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(1)]
    twice = [replace(seen(1)[0], article=stored[0].id), *seen(1, url="https://north.example.edu/news/1-b.html")]

    assert surely_again(twice, stored) == {}


def test_comments_under_known_addresses_prove_nothing(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(number) for number in range(1, 11)]
    comments = [
        replace(each, title=f"Reader {each.published} says hello", article=article.id)
        for each, article in zip(seen(*range(1, 11)), stored, strict=True)
    ]

    assert not weigh(comments, stored, None).proves


def test_a_list_that_brings_more_than_it_shows_again_proves_nothing(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [an_article(number) for number in range(1, 6)]

    assert not weigh(seen(*range(1, 40)), stored, form(seen(*range(1, 6)), "detect")).proves


@given(st.lists(st.integers(1, 60), unique=True, max_size=30), st.lists(st.integers(1, 60), unique=True, max_size=30))
def test_nothing_is_found_that_is_not_stored(shown: list[int], held: list[int]) -> None:
    sights = [Sight(f"Students build robot number {n} on the ice", f"https://x.example.edu/{n}", None, None) for n in shown]
    moment = datetime.fromisoformat("2026-01-01T00:00+00:00")
    stored = [Article(str(n), f"Students build robot number {n} on the ice", None, "s", None, moment) for n in held]

    found = again(sights, stored)

    assert {int(id) for id in found.values()} <= set(held)
    assert len(set(found.values())) == len(found)


def test_what_is_usual_follows_slowly_and_keeps_the_addresses_of_before(seen: Any) -> None:
    profile = learn(None, seen(*range(10)), "detect")

    after = learn(profile, [replace(each, url=each.url.replace("/news/", "/press/")) for each in seen(*range(20))], "detect")

    assert after.form.items == 13
    assert after.form.shapes == ("north.example.edu/press/N.html", "north.example.edu/news/N.html")
    assert (after.readings, after.form.kept) == (2, 0.0)


def test_what_was_explained_is_usual_from_then_on(seen: Any) -> None:
    profile = replace(learn(None, seen(*range(10)), "detect"), gaps=(1.0,), heard=None)

    after = adopt(profile, seen(*range(20), dated=False), "structured")

    assert (after.form.items, after.form.dated, after.form.reader, after.gaps) == (20, 0.0, "structured", (1.0,))


def test_a_repaired_source_is_read_as_it_was_repaired(a_source: Callable[..., Source]) -> None:
    source = a_source(kind="listing", selectors=Selectors("li"))
    profile = Profile(Form("detect", 1, 1.0, 1.0, ()))

    assert followed(source, None) == followed(source, profile) == source
    assert followed(source, replace(profile, kind="auto")) == replace(source, kind="auto", selectors=None)
    assert followed(source, replace(profile, items="ul > li")) == replace(source, selectors=Selectors("ul > li"))


def test_a_list_that_swells_with_what_is_no_news_is_doubted_and_not_excused(seen: Any) -> None:
    usual = form(seen(*range(3, 13)), "detect")
    swollen = [*seen(*range(3, 13), known=range(3, 13)), *seen(*range(40, 60))]

    assert doubts(usual, swollen) == ("it has 30 entries, 20 of them new and no news by their dates; it usually has 10",)
    assert not excused(usual, swollen, away=AT_ONCE)
    assert doubts(usual, [*seen(*[2] * 20), *seen(*range(3, 13), known=range(3, 13))]) == ()


def test_recurring_titles_of_a_list_with_new_addresses_are_told_apart_by_their_order(seen: Any, an_article: Callable[..., Article]) -> None:
    stored = [
        an_article(id=f"article {number}", title=title, url=f"https://north.example.edu/old/{number}", published=None)
        for number, title in enumerate(("Duffin v. Duffin", "Duffin v. Duffin", *(f"Students build robot number {n}" for n in (2, 3, 4))))
    ]
    twice = [*seen(0, 1, dated=False, title="Duffin v. Duffin"), *seen(2, 3, 4, dated=False)]
    thrice = [*seen(9, dated=False, title="Duffin v. Duffin"), *twice]

    assert again(twice, stored) == {place: f"article {place}" for place in range(5)}
    assert len(again(thrice, stored)) == 5


def test_a_long_title_is_known_by_another_date_where_the_whole_list_was_found_again(
    seen: Any, an_article: Callable[..., Article], now: datetime
) -> None:
    name = "Preston Hollow Capital v. Truist Bank, 2025 Tex. Bus. 55"
    stored = [an_article(id=f"article {n}", title=f"Students build robot number {n}", published=now - n * DAY) for n in (1, 2, 3)]
    stored.append(an_article(id="article 4", title=name, published=now - 90 * DAY))
    sights = [*seen(1, 2, 3), *seen(4, title=name)]

    assert 3 not in again(sights, stored)
    assert again(sights, stored, redated=True)[3] == "article 4"


def test_a_list_beside_the_known_one_is_another_unless_it_has_the_news_of_the_day(seen: Any) -> None:
    usual = form(seen(*range(1, 11), place="ul > li"), "detect")
    shown = seen(*range(1, 11), known=range(1, 11), place="section > div")

    assert beside(usual, [*shown, *seen(400, 401, place="aside > div")], {}) == {"aside > div"}
    assert beside(usual, [*shown, *seen(0, place="aside > div")], {}) == frozenset()
    assert beside(usual, seen(*range(20, 30), place="aside > div"), {}) == frozenset()


def test_what_is_known_in_other_clothes_raises_a_doubt_where_anything_is_new(seen: Any) -> None:
    usual = form(seen(*range(1, 11), place="ul > li"), "detect")
    shown = seen(*range(1, 11), known=range(1, 11), place="section > div")

    assert doubts(usual, shown) == ()
    assert doubts(usual, [*seen(0, place="section > div"), *shown]) == ("its list stands elsewhere on the page, with 1 new entry",)
    assert doubts(usual, [*seen(0, place="ul > li"), *seen(*range(1, 11), known=range(1, 11), place="ul > li")]) == ()


def test_what_is_known_in_other_clothes_raises_a_doubt_where_a_part_of_it_is_overlooked(seen: Any) -> None:
    usual = form(seen(*range(1, 11), place="ul > li"), "detect")
    half = seen(*range(1, 7), known=range(1, 11), place="section > div")

    assert doubts(usual, half) == ("its list stands elsewhere on the page, with 6 entries; it usually has 10",)
    assert doubts(usual, [replace(each, place="ul > li") for each in half]) == ()
