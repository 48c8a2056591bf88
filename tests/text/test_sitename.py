"""The name of a site is not what every front page is called."""

from __future__ import annotations

import pytest
from lxml import html

from aggregator.text.sitename import HOME, bare, site_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Home - Northwood University", "Northwood University"),
        ("Northwood University | Home", "Northwood University"),
        ("Home", ""),
        ("", ""),
        ("Northwood University", "Northwood University"),
        ("Welcome to the University of Northwood", "University of Northwood"),
        ("News | Northwood University", "Northwood University"),
        ("首页-北木大学", "北木大学"),
        ("北木大学_首页", "北木大学"),
        ("欢迎访问北木大学", "北木大学"),
        ("Главная страница — Северный университет", "Северный университет"),
        ("Startseite - Université Paris-Saclay", "Université Paris-Saclay"),
        ("Northwood University - Research and teaching since 1901", "Northwood University - Research and teaching since 1901"),
        ("École polytechnique - Accueil", "École polytechnique"),
        ("Trang chủ | Đại học Bắc", "Đại học Bắc"),
    ],
)
def test_a_title_without_the_words_for_a_front_page(title: str, name: str) -> None:
    assert bare(title) == name


def test_the_own_word_of_a_site_counts_for_more_than_its_title() -> None:
    root = html.fromstring('<html><head><meta property="og:site_name" content="Northwood  University"><title>x</title></head></html>')

    assert site_name(root, "Apply now! - NU") == "Northwood University"


def test_a_site_that_calls_itself_home_has_its_title() -> None:
    root = html.fromstring('<html><head><meta property="og:site_name" content="Home"></head></html>')

    assert site_name(root, "Home - Northwood University") == "Northwood University"
    assert site_name(root, "Home") is None


def test_front_pages_are_known_in_more_than_twenty_languages() -> None:
    assert len(HOME) > 20
    assert [word for words in HOME.values() for word in words.split("|") if word != word.lower()] == []
