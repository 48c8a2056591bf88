"""What a robots.txt means: a table after RFC 9309, section by section; and protego's opinion of the same files."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego
from steps import steps

from aggregator.fetch.robots import EVERYTHING, LONGEST, parse

SITE = "https://www.north.example.edu"


def allowed(text, path):
    return parse(text).forbids(SITE + path) is None


GROUPS = {
    "no file": ("", True),
    "no group for us": ("User-agent: otherbot\nDisallow: /\n", True),
    "everybody": ("User-agent: *\nDisallow: /\n", False),
    "us by name": ("User-agent: university-news-aggregator\nDisallow: /\n", False),
    "us in other letters": ("USER-AGENT:UNIVERSITY-News-Aggregator\nDISALLOW:/\n", False),
    "us with a version": ("User-agent: university-news-aggregator/1.0\nDisallow: /\n", False),
    "our name is not everybody's": ("User-agent: *\nDisallow: /\n\nUser-agent: university-news-aggregator\nDisallow: /x\n", True),
    "our group may be empty": ("User-agent: *\nDisallow: /\n\nUser-agent: university-news-aggregator\nDisallow:\n", True),
    "our group may end the file": ("User-agent: *\nDisallow: /\nUser-agent: university-news-aggregator", True),
    "a part of our name is not us": ("User-agent: university\nDisallow: /\n\nUser-agent: news\nDisallow: /\n", True),
    "a longer name is not us": ("User-agent: university-news-aggregator-bot\nDisallow: /\n", True),
    "several names, one group": ("User-agent: otherbot\nUser-agent: university-news-aggregator\nDisallow: /\n", False),
    "empty lines and comments between names": ("User-agent: otherbot\n\n# and\n\nUser-agent: *\nDisallow: /\n", False),
    "two groups of ours are one": ("User-agent: university-news-aggregator\nDisallow: /x\n\nUser-agent: university-news-aggregator\nDisallow: /\n", False),
    "two groups of everybody are one": ("User-agent: *\nDisallow: /x\n\nUser-agent: b\nDisallow: /y\n\nUser-agent: *\nDisallow: /", False),
    "rules before any name": ("Disallow: /\nUser-agent: otherbot\nDisallow: /", True),
    "sitemaps do not end a group": ("User-agent: *\nSitemap: https://north.example.edu/s.xml\nDisallow: /\n", False),
    "unknown lines do not end names": ("User-agent: *\nNoindex: /a\nUser-agent: b\nDisallow: /\n", False),
    "a delay ends names": ("User-agent: *\nCrawl-delay: 5\nUser-agent: badbot\nDisallow: /\n", True),
    "a mark of byte order": ("\ufeffUser-agent: *\nDisallow: /\n", True),
    "ends of lines of all systems": ("User-agent: a\r\rUser-agent: *\r\nDisallow: /\n", False),
    "white space": ("  User-agent :\t *  \n\t Disallow\t: / \n", False),
    "comments": ("User-agent: * # all\nDisallow: / # of it\n", False),
    "common mistakes": ("Useragent: *\nDissallow: /\n", False),
    "a web page": ("<!doctype html><html><title>User-agent: *</title>\nDisallow: /\n</html>", True),
    "noise": ("\x00\xff\ufffd:::\n:\n#\nUser-agent\nDisallow\n", True),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_the_group_that_speaks_to_us_is_obeyed(name):
    text, expected = GROUPS[name]

    assert allowed(text, "/news/1") is expected


PATTERNS = [
    # rules, path, whether it is allowed
    ("Disallow: /", "/", False),
    ("Disallow:", "/", True),
    ("Allow: /", "/a", True),
    ("Disallow: /news", "/news", False),
    ("Disallow: /news", "/news/1?x=y", False),
    ("Disallow: /news", "/newsroom", False),
    ("Disallow: /news", "/News", True),
    ("Disallow: /news/", "/news", True),
    ("Disallow: /news", "/a/news", True),
    ("Disallow: news", "/news", True),
    ("Disallow: /", "/robots.txt", True),
    ("Disallow: /", "/robots.txt?x", False),
    ("Disallow: /", "/a/robots.txt", False),
    # the longest match decides; Allow where two are as long (RFC 9309 §2.2.2)
    ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("Allow: /a/b\nDisallow: /a", "/a/c", False),
    ("Allow: /a\nDisallow: /a/b", "/a/b", False),
    ("Disallow: /page\nAllow: /page", "/page", True),
    ("Allow: /page\nDisallow: /page", "/page", True),
    ("Allow: /p\nDisallow: /*.html", "/p/x.html", False),
    ("Allow: /$\nDisallow: /", "/", True),
    ("Allow: /$\nDisallow: /", "/a", False),
    ("Allow: /a/*/c\nDisallow: /a/b/", "/a/b/c", True),
    # special characters (RFC 9309 §2.2.3)
    ("Disallow: /*.php", "/a/b.php?x", False),
    ("Disallow: /*.php$", "/a/b.php?x", True),
    ("Disallow: /*.php$", "/a.php/b.php", False),
    ("Disallow: /a*", "/ab", False),
    ("Disallow: *", "/ab", False),
    ("Disallow: */print", "/a/print", False),
    ("Disallow: /a*b*c", "/a-c-b", True),
    ("Disallow: /a*b*c", "/a-c-b-c", False),
    ("Disallow: /a*a$", "/a", True),
    ("Disallow: /a*a$", "/aa", False),
    ("Disallow: /a***b", "/axb", False),
    ("Disallow: /a$b", "/a$b", False),
    ("Disallow: /a$b", "/a", True),
    ("Disallow: /a%24", "/a$", False),
    ("Disallow: /a%2a", "/a*", False),
    ("Disallow: /a%2A", "/ab", True),
    ("Disallow: /*?", "/a?", False),
    ("Disallow: /*?", "/a", True),
    # escapes (the table in RFC 9309 §2.2.2)
    ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
    ("Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
    ("Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", False),
    ("Disallow: /foo/ツ", "/foo/%E3%83%84", False),
    ("Disallow: /foo/%e3%83%84", "/foo/ツ", False),
    ("Disallow: /foo/%E3%83%84", "/foo/%e3%83%84", False),
    ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
    ("Disallow: /foo/bar/baz", "/foo/bar/%62%61%7A", False),
    ("Disallow: /100%", "/100%", False),
    ("Disallow: /100%25", "/100%25", False),
    ("Disallow: /a b", "/a%20b", False),
    ("Disallow: /新闻/", "/新闻/1", False),
    ("Disallow: /a", "/b#/a", True),
]


@pytest.mark.parametrize(("rules", "path", "expected"), PATTERNS)
def test_the_longest_pattern_that_fits_decides(rules, path, expected):
    assert allowed(f"User-agent: *\n{rules}\n", path) is expected


def test_the_line_that_forbids_is_known():
    text = "# North\r\nUser-agent: *\r\nAllow: /news\r\nDisallow: /news/drafts # not yet\r\n"

    rule = parse(text).forbids(f"{SITE}/news/drafts/1")

    assert (rule.written, rule.line) == ("/news/drafts", 4)


DELAYS = [
    ("User-agent: *\nCrawl-delay: 10", 10),
    ("User-agent: *\nCrawl-delay: 2.5", 2.5),
    ("User-agent: *\ncrawl delay : 1", 1),
    ("User-agent: *\nCrawl-delay: 1\nCrawl-delay: 4\nDisallow: /x", 4),
    ("User-agent: otherbot\nCrawl-delay: 10", 0),
    ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: university-news-aggregator\nDisallow: /x", 0),
    ("User-agent: *\nCrawl-delay: 86400", 120),
    ("User-agent: *\nCrawl-delay: -1", 0),
    ("User-agent: *\nCrawl-delay: inf", 0),
    ("User-agent: *\nCrawl-delay: nan", 0),
    ("User-agent: *\nCrawl-delay: 1e9", 0),
    ("User-agent: *\nCrawl-delay: soon", 0),
    ("User-agent: *\nCrawl-delay:", 0),
]


@pytest.mark.parametrize(("text", "expected"), DELAYS)
def test_a_delay_is_for_those_whom_its_group_names_and_never_absurd(text, expected):
    assert parse(text).delay == expected


def test_a_file_that_allows_everything_costs_nothing():
    assert parse("# welcome\nUser-agent: *\nDisallow:\n") is EVERYTHING
    assert parse("User-agent: badbot\nDisallow: /\n") is EVERYTHING


HUGE = {
    "names": ("".join(f"User-agent: bot{number}\n" for number in range(20_000)) + "Disallow: /a\n" * 20_000),
    "rules": "User-agent: *\n" + "Disallow: /a\n" * 40_000,
    "stars": "User-agent: *\n" + "Disallow: *ab*\n" * 40_000,
    "one long rule": "User-agent: *\nDisallow: " + "*a" * 250_000,
    "one long line": "User-agent: *" + " " * LONGEST,
    "white space": "User-agent: *\nDisallow" + " " * LONGEST + ": /",
    "empty lines": "\n" * LONGEST,
    "colons": "User-agent: *\n" + ":" * LONGEST,
    "escapes": "User-agent: *\nDisallow: /" + "%41" * 150_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_the_work_of_a_file_grows_with_its_length_and_no_faster(name):
    half, whole = (
        steps(lambda text: parse(text).forbids(f"{SITE}/{'a' * 4000}"), HUGE[name][:length]) for length in (LONGEST // 2, LONGEST)
    )

    assert whole <= 2.2 * half + 100


LINES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: otherbot",
        "User-agent: university-news-aggregator",
        "",
        "# x",
        "Sitemap: /s.xml",
        "Disallow:",
        "Allow: /",
    ]
)
PIECES = st.lists(st.sampled_from(["/", "a", "b", "*", "ü", "%61", "%c3%bc", "?", "=", ".", "-"]), max_size=6).map("".join)
RULES = st.builds(lambda key, path, end: f"{key}: /{path}{end}", st.sampled_from(["Allow", "Disallow"]), PIECES, st.sampled_from(["", "$"]))
PATHS = st.lists(st.sampled_from(["/", "a", "b", "ü", "%61", "%C3%BC", "?", "=", ".", "-"]), max_size=8).map(
    lambda parts: re.sub("/+", "/", "/" + "".join(parts))
)


@settings(deadline=None, max_examples=300)
@given(st.lists(LINES | RULES, max_size=12), PATHS)
def test_protego_is_of_the_same_opinion(lines, path):
    text = "\n".join(["User-agent: *", "Disallow: /a", *lines])

    assert allowed(text, path) is Protego.parse(text).can_fetch(SITE + path, "university-news-aggregator")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300), st.text(max_size=60))
def test_nothing_that_can_be_written_breaks_it(text, path):
    rules = parse(f"User-agent: *\n{text}\nDisallow: {path}")

    rules.forbids(f"{SITE}/{path}")

    assert 0 <= rules.delay <= 120


def test_noise_never_breaks_it():
    chance = random.Random(20260106)
    pieces = ["User-agent", "Disallow", "Allow", "Crawl-delay", ":", "*", "/", "$", "%", "\r", "\n", " ", "9", ".", "\ud800"]
    for _ in range(2_000):
        parse("".join(chance.choices(pieces, k=30))).forbids(SITE + "/" + "".join(chance.choices(pieces[4:], k=8)).replace("\ud800", "x"))
