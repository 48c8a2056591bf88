"""What a newsletter says, and who may end it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import MailFile
from aggregator.mail import written
from aggregator.model import Source
from aggregator.newsletter import letter, reader_of, token

SECRET = b"s" * 32
WORDS = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=60)
SOURCES = {"north/news": Source("north/news", "https://north.example.edu/", title="North University")}


@given(WORDS, WORDS)
def test_a_token_is_for_one_reader_of_one_newsletter(newsletter, reader):
    made = token(SECRET, newsletter, reader)

    assert reader_of(SECRET, made) == (newsletter, reader)
    assert reader_of(b"t" * 32, made) is None
    assert made.replace("-", "").replace("_", "").isalnum()


@given(WORDS, WORDS, st.integers(0, 200), st.integers(1, 255))
def test_a_token_that_was_changed_anywhere_is_none(newsletter, reader, place, by):
    import base64

    made = token(SECRET, newsletter, reader)
    raw = bytearray(base64.urlsafe_b64decode(made + "=" * (-len(made) % 4)))
    raw[place % len(raw)] ^= by

    assert reader_of(SECRET, base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


@given(st.text(max_size=100))
def test_what_is_no_token_is_none(text):
    assert reader_of(SECRET, text) is None


def made(articles, title="Ice & snow"):
    return letter(
        title, articles, SOURCES, more="https://wire.example.edu/search?q=ice", leave="https://wire.example.edu/unsubscribe/abc",
        host="wire.example.edu", name="ice", zone=ZoneInfo("Asia/Shanghai"),
    )  # fmt: skip


def test_it_can_be_left_with_one_click(an_article):
    told = made([an_article()])

    assert told.headers == {
        "List-Id": "Ice & snow <ice.wire.example.edu>",
        "List-Unsubscribe": "<https://wire.example.edu/unsubscribe/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "https://wire.example.edu/unsubscribe/abc" in told.text
    assert 'href="https://wire.example.edu/unsubscribe/abc"' in told.html


def test_the_address_for_leaving_goes_over_the_wire_as_it_is_however_long(now):
    leave = f"<https://wire.example.edu/a/folder/of/a/university/unsubscribe/{'Zm9v' * 40}>"
    mail = MailFile(server="smtp://localhost", sender="wire@example.edu")

    letter = written(mail, "reader@example.edu", "Новости " * 20, "Text.", id="x", at=now, headers={"List-Unsubscribe": leave})

    lines = bytes(letter).split(b"\r\n")
    assert f"List-Unsubscribe: {leave}".encode() in lines
    assert all(len(line) <= 78 for line in lines if not line.startswith(b"List-Unsubscribe"))


def test_articles_are_told_with_their_source_day_and_summary_in_both_forms(an_article, now):
    article = replace(
        an_article(), title="机器人 on ice", summary="A walk. " * 60, published=now.replace(hour=20), first_seen=now.replace(hour=21)
    )

    told = made([article])

    assert told.subject == "Ice & snow: 1 article"
    for body in (told.text, told.html):
        assert "机器人 on ice" in body
        assert "North University · 2026-03-03" in body
        assert article.url in body
        assert " …" in body
        assert len(body) < 2_000


def test_nothing_of_an_article_becomes_markup_or_a_header(an_article):
    class Tags(HTMLParser):
        def __init__(self, markup):
            super().__init__()
            self.found = []
            self.feed(markup)

        def handle_starttag(self, tag, attrs):
            self.found.append((tag, dict(attrs)))

    evil = replace(
        an_article(), title="<script>x</script>", summary='"><img src=x onerror=y>', url='https://x.example/"onclick="y', language='en" x="'
    )

    told = made([evil], title='Ice\r\nBcc: <x@example.edu>"')

    assert {tag for tag, _ in Tags(told.html).found} <= {"html", "head", "meta", "title", "body", "h1", "p", "strong", "a", "br", "span"}
    assert not any(name.startswith("on") for _, attributes in Tags(told.html).found for name in attributes)
    assert "\n" not in told.headers["List-Id"]


def test_a_long_list_is_cut_and_leads_to_the_rest(an_article):
    told = made([an_article(number) for number in range(130)])

    assert told.subject == "Ice & snow: 130 articles"
    assert told.text.count("North University") == 100
    assert "and 30 more: https://wire.example.edu/search?q=ice" in told.text


def test_summaries_may_be_missing(an_article):
    assert made(
        [replace(an_article(), summary=None, url=None, published=None, first_seen=an_article().first_seen - timedelta(days=1))]
    ).text
