from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Enclosure, Entry, Source
from aggregator.refine import identity

SOURCE = Source("north/news", "https://north.example.edu/feed.xml")
OTHER = Source("north/all", "https://north.example.edu/all.xml")
NEXT_MINUTE = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
HOME = "https://north.example.edu/"


def met_again(before: Entry, after: Entry, source: Source = SOURCE) -> bool:
    """Whether ``after`` is known by a key of ``before``."""
    return bool(set(identity.keys(before, source)) & set(identity.keys(after, source)))


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://north.example.edu/news/1.html"},
        {"url": "https://www.north.example.edu/news/1.html?utm_source=rss"},
        {"url": "https://north.example.edu/moved/1.html"},
        {"url": None},
        {"id": "another-guid"},
        {"id": None},
        {"id": "  north-1\n"},
        {"title": "Corrected title", "content": "<p>Corrected.</p>", "published": None},
        {"url": "https://north.example.edu/news/1.html/", "id": "changed-too"},
    ],
)
def test_an_entry_that_changed_is_the_one_that_we_have(an_entry: Callable[..., Entry], change: dict[str, object]) -> None:
    assert met_again(an_entry(), an_entry(**change))


def test_a_guid_that_is_an_address_is_the_same_as_that_address(an_entry: Callable[..., Entry]) -> None:
    with_link = an_entry(id=None)
    with_permalink = an_entry(url=None, id="http://www.north.example.edu/news/1.html")

    assert met_again(with_link, with_permalink)


@pytest.mark.parametrize(
    "guid",
    [
        "tag:north.example.edu,2026:7",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "1225C695-cfb8-4ebb-aaaa-80da344efa6a",
        "doi:10.1000/7",
    ],
)
def test_a_guid_that_is_unique_in_the_world_is_known_at_every_source(an_entry: Callable[..., Entry], guid: str) -> None:
    here, there = (set(identity.keys(an_entry(id=guid, url=None), source)) for source in (SOURCE, OTHER))

    assert here == there


def test_a_plain_guid_means_something_at_its_own_source_only(an_entry: Callable[..., Entry]) -> None:
    here, there = (set(identity.keys(an_entry(id="17", url=None), source)) for source in (SOURCE, OTHER))

    assert not here & there


def test_an_address_is_the_same_article_at_every_source(an_entry: Callable[..., Entry]) -> None:
    here, there = (set(identity.keys(an_entry(id="17"), source)) for source in (SOURCE, OTHER))

    assert here & there


def test_a_guid_that_all_items_share_identifies_none_of_them(an_entry: Callable[..., Entry]) -> None:
    entries = [an_entry(number, id="same-for-all") for number in range(1, 6)]

    found = identity.identify(entries, SOURCE)

    assert len({each.id for each in found}) == 5
    assert len({key for each in found for key in each.keys}) == 5


def test_a_link_that_all_items_share_identifies_none_of_them(an_entry: Callable[..., Entry]) -> None:
    entries = [an_entry(number, url=HOME) for number in range(1, 6)]

    found = identity.identify(entries, SOURCE)

    assert len({each.id for each in found}) == 5
    assert len({key for each in found for key in each.keys}) == 5


def test_where_guid_and_link_are_shared_crosswise_the_pair_identifies(an_entry: Callable[..., Entry]) -> None:
    entries = [an_entry(url=f"{HOME}{page}", id=guid) for page in "ab" for guid in ("1", "2")]

    found = identity.identify(entries, SOURCE)

    assert len({each.id for each in found}) == 4
    assert all(len(each.keys) == 1 for each in found)


def test_an_address_with_the_number_of_a_visit_is_the_same_article_at_each_visit(an_entry: Callable[..., Entry]) -> None:
    first, second = (an_entry(url=f"{HOME}news/1?sid={visit}", id=None) for visit in (10, 20))

    assert met_again(first, second)
    assert identity.keys(first, SOURCE)[0] != identity.keys(second, SOURCE)[0]


@pytest.mark.parametrize("change", [{"title": "Another"}, {"published": NEXT_MINUTE}, {"url": f"{HOME}talks?id=2"}, {"precision": "day"}])
def test_an_address_with_a_query_is_another_article_where_title_minute_or_path_differ(
    an_entry: Callable[..., Entry], change: dict[str, Any]
) -> None:
    before = an_entry(url=f"{HOME}news?id=1", id=None, precision=change.get("precision", "minute"))

    assert not met_again(before, replace(before, **({"url": f"{HOME}news?id=2"} | change)))


def test_two_notices_of_one_minute_and_title_on_one_page_stay_two(an_entry: Callable[..., Entry]) -> None:
    found = identity.identify([an_entry(url=f"{HOME}news?id={number}", id=None) for number in (1, 2)], SOURCE)

    assert len({key for each in found for key in each.keys}) == 2 == len(found)


def test_without_link_and_guid_the_words_identify(an_entry: Callable[..., Entry]) -> None:
    one, other = an_entry(1, url=None, id=None), an_entry(2, url=None, id=None)

    assert met_again(one, replace(one, published=None))
    assert not met_again(one, other)
    assert not set(identity.keys(one, SOURCE)) & set(identity.keys(one, OTHER))


def test_an_entry_that_stands_twice_on_a_page_comes_once(an_entry: Callable[..., Entry]) -> None:
    first = an_entry()

    found = identity.identify(
        [first, an_entry(2), replace(first, title="Read more"), replace(first, url="http://www.north.example.edu/news/1.html")], SOURCE
    )

    assert [each.entry for each in found] == [first, an_entry(2)]


def test_entries_that_say_nothing_are_left_out() -> None:
    assert identity.identify([Entry(), Entry(id="7"), Entry(image="https://img.example.edu/1.jpg")], SOURCE) == ()
    assert len(identity.identify([Entry(title="Said")], SOURCE)) == 1


guids = st.sampled_from([None, "", "1", "2", "3", "tag:north.example.edu,2026:1", HOME + "news/1.html", HOME + "news/9.html"])
links = st.sampled_from(
    [
        None,
        HOME,
        HOME + "news/1.html",
        "http://www.north.example.edu/news/1.html",
        HOME + "news/2.html",
        HOME + "news/3.html?utm_source=x",
        "nonsense:",
    ]
)
entries = st.lists(
    st.builds(Entry, title=st.sampled_from([None, "One", "Two"]), url=links, id=guids, content=st.sampled_from([None, "<p>x</p>"])),
    max_size=8,
)


@given(entries, st.randoms(use_true_random=False))
def test_the_order_of_a_page_changes_nobodys_identity(listed: list[Entry], random: object) -> None:
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    before, after = ({each.id for each in identity.identify(page, SOURCE)} for page in (listed, shuffled))

    assert before == after


@given(entries)
def test_no_key_belongs_to_two_entries_of_a_page_and_every_entry_has_one(listed: list[Entry]) -> None:
    found = identity.identify(listed, SOURCE)

    keys = [key for each in found for key in set(each.keys)]
    assert len(keys) == len(set(keys))
    assert all(each.keys and all(len(key) == 16 for key in each.keys) for each in found)
    assert len({each.id for each in found}) == len(found)


@given(
    st.builds(
        Entry,
        title=st.text(st.characters(), max_size=9) | st.none(),
        url=st.text(st.characters(), max_size=30) | st.none(),
        id=st.text(st.characters(), max_size=30) | st.none(),
    )
)
def test_any_texts_have_keys(entry: Entry) -> None:
    assert identity.keys(entry, SOURCE)


@given(st.binary(min_size=16, max_size=16))
def test_an_id_is_a_valid_uuid_of_our_own_making(key: bytes) -> None:
    found = UUID(identity.uuid(key))

    assert (found.version, found.variant) == (8, RFC_4122)
    assert str(found) == identity.uuid(key)


def test_the_id_of_an_entry_is_the_same_on_every_machine_and_in_every_version(an_entry: Callable[..., Entry]) -> None:
    """A change of this value gives every article of every subscriber a new id: it must never change."""
    (found,) = identity.identify([an_entry()], SOURCE)

    assert found.id == "f515b00d-baf9-8aed-8de4-0d093514b2a6"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"url": HOME},
        {"summary": "Said"},
        {"content": "<p>Other</p>"},
        {"image": "https://img.example.edu/1.jpg"},
        {"published": None},
        {"authors": ("Somebody",)},
        {"categories": ("Press office",), "authors": ()},
        {"enclosures": (Enclosure("https://north.example.edu/a.pdf"),)},
    ],
)
def test_a_fingerprint_differs_where_subscribers_would_see_a_difference(an_entry: Callable[..., Entry], change: dict[str, object]) -> None:
    assert identity.fingerprint(an_entry()) != identity.fingerprint(an_entry(**change))


def test_a_fingerprint_does_not_differ_where_only_a_date_moved(an_entry: Callable[..., Entry], now: datetime) -> None:
    moved = an_entry(published=now - timedelta(hours=3), updated=now, id="guid", provenance={"title": "elsewhere"})

    assert identity.fingerprint(an_entry()) == identity.fingerprint(moved)


def test_an_address_with_its_parameters_in_two_orders_on_one_page_is_one_entry(an_entry: Callable[..., Entry]) -> None:
    main = an_entry(id=None, url="https://north.example.edu/news.php?lang=173&newid=13176&cat=155")
    side = replace(main, url="https://north.example.edu/news.php?lang=173&cat=155&newid=13176")

    for page in ((main, side), (side, main)):
        (one,) = identity.identify(page, SOURCE)

        assert {identity.keys(each, SOURCE)[0] for each in page} <= set(one.keys)
