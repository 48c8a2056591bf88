from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.text import markup, rows

NOW = datetime(2024, 10, 1, 12, tzinfo=UTC)


def _entries(*bodies: str, language: str | None = None):
    found = []
    for body in bodies:
        element = markup.tree(f"<div>{body}</div>").find("body")[0]
        link = next(element.iter("a"))
        found.append(rows.Row((element,), link, f"https://north.example.edu{link.get('href')}"))
    return rows.entries(found, clock=rows.Clock(NOW, "Europe/Helsinki", language), base="https://north.example.edu/", reader="test")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ('<a href="/1">Bridge of timber</a>', "Bridge of timber"),
        ('<a href="/1">· Bridge of timber »</a>', "Bridge of timber"),
        ('<a href="/1" title="Bridge of recycled timber">Bridge of rec…</a>', "Bridge of recycled timber"),
        ('<a href="/1" title="Bridge of timber">Bridge of timber...</a>', "Bridge of timber"),
        ('<a href="/1" title="Open in a new window">Bridge of timber</a>', "Bridge of timber"),
        ('<a href="/1"><img src="/b.jpg" alt="Bridge of timber"></a>', "Bridge of timber"),
        ('<a href="/1"><span>Bri</span>dge <b>of</b> timber</a>', "Bridge of timber"),
        ('<h3>Bridge of timber</h3><p>Long text about it that nobody takes for a title.</p><a href="/1">Read more</a>', "Bridge of timber"),
        ('<a href="/1"><time>2024-09-28</time><h3>Bridge of timber</h3><p>Told at length.</p></a>', "Bridge of timber"),
        ('<a href="/1">Bridge of timber <span class="n">(12)</span></a>', "Bridge of timber"),
        ('<a href="/1">2024-15</a> <span>Bridge of recycled timber</span>', "Bridge of recycled timber"),
        ('<a href="/1">Bridge of timber - Read more</a>', "Bridge of timber - Read more"),
        ('<a href="/1">Wedding <b>Details</b> revealed</a>', "Wedding Details revealed"),
        ('<a href="/1">Bridge of timber <span class="newIcon">새글</span></a>', "Bridge of timber"),
        ('<a href="/1">Bridge of timber <sup class="badge">NEW</sup></a>', "Bridge of timber"),
        ('<a href="/1"><span class="w">Old</span> <span class="w">New</span> <span class="w">bridge</span></a>', "Old New bridge"),
    ],
)
def test_the_title_of_a_row(body, title):
    (entry,) = _entries(body)

    assert entry.title == title


LINES = {
    "before each, on its line": "<p>28.09.2024 - <a href='/1'>Bridge of timber</a><br>20.09.2024 - <a href='/2'>Choir sings</a><br></p>",
    "behind each, on its line": "<p><a href='/1'>Bridge of timber</a> (28.09.2024)<br><a href='/2'>Choir sings</a> (20.09.2024)</p>",
    "behind each, and one above them": "<p>As of 01.10.2024:<br><a href='/1'>Bridge</a> (28.09.2024)<br><a href='/2'>Choir</a> (20.09.2024)</p>",
    "before each, on a line of its own": "<p>28.09.2024<br><a href='/1'>Bridge</a><br><br>20.09.2024<br><a href='/2'>Choir</a><br></p>",
    "behind each, with nothing in between": "<p><a href='/1'>Bridge</a> 9/28/2024 <a href='/2'>Choir</a> 9/20/2024</p>",
}


def _beside(markup_of_list):
    lines = markup.tree(f"<div>{markup_of_list}</div>").find("body")[0]
    found = [rows.Row((link,), link, f"https://north.example.edu{link.get('href')}") for link in lines.iter("a")]
    return rows.entries(found, clock=rows.Clock(NOW, "Europe/Helsinki"), base="https://north.example.edu/", reader="test")


@pytest.mark.parametrize("markup_of_list", LINES.values(), ids=LINES)
def test_dates_in_bare_text_are_those_of_the_links_beside_them(markup_of_list):
    found = _beside(markup_of_list)

    assert [entry.published.date().isoformat() for entry in found] == ["2024-09-28", "2024-09-20"]


@pytest.mark.parametrize(
    "markup_of_list",
    [
        "<p><a href='/1'>Bridge</a> (28.09.2024)<br><a href='/2'>Choir</a><br><a href='/3'>Rowers</a></p>",
        "<p>Since the flood of 28.09.2024 the whole of the harbour is closed, says <a href='/1'>Bridge</a><br>and since 20.09.2024 there is no lake either, tells us <a href='/2'>Choir</a></p>",
    ],
)
def test_a_date_that_only_one_line_or_a_sentence_tells_is_none_of_the_rows(markup_of_list):
    assert all(entry.published is None for entry in _beside(markup_of_list))


def test_a_date_at_the_edge_of_titles_is_that_of_the_rows():
    first, second = _entries('<a href="/1">Bridge of timber - 28.09.2024</a>', '<a href="/2">Choir sings - 20.09.2024</a>')

    assert (first.title, first.published.date().isoformat()) == ("Bridge of timber", "2024-09-28")
    assert (second.title, second.published.date().isoformat()) == ("Choir sings", "2024-09-20")


@pytest.mark.parametrize(
    "date",
    [
        "<b>28</b><i>Sep</i>",
        "<span>28</span>\n<span>Sep</span>",
        "<span>Sep</span><span>28</span>",
        "<div>28</div><div>Sep</div>",
        "<b>28</b><i>9月</i>",
        "<b>28</b><i>сен</i>",
        "<span>28 Sep</span>",
        "<span>28</span><span>Sep</span><span>2024</span>",
    ],
)
def test_a_day_and_its_month_above_the_title_in_a_link_around_the_whole_card_are_its_date(date):
    (entry,) = _entries(
        f'<a href="/1"><div class="x">{date}</div><h4>Bridge of recycled timber</h4><p>Told at length for whoever asks.</p></a>'
    )

    assert (entry.title, entry.published.date().isoformat()) == ("Bridge of recycled timber", "2024-09-28")


@pytest.mark.parametrize("link", ["<b>28</b> <i>Sep</i>", "<b>28 Sep</b> in short", "<h4>28 Sep</h4><p>What the town remembers of it.</p>"])
def test_a_title_that_is_a_day_or_begins_with_one_is_no_date_of_the_card(link):
    (entry,) = _entries(f'<a href="/1">{link}</a>')

    assert entry.published is None
    assert "28" in entry.title


def test_a_date_in_one_title_is_part_of_it():
    first, second, third = _entries(
        '<a href="/1">Choir sings on 12 December 2024</a>', '<a href="/2">Bridge of timber</a>', '<a href="/3">Lost keys</a>'
    )

    assert (first.title, first.published) == ("Choir sings on 12 December 2024", None)
    assert (second.published, third.published) == (None, None)


def test_a_day_is_noon_in_the_zone_of_the_source():
    (entry,) = _entries('<a href="/1">Bridge of timber</a> <span>28.9.2024</span>')

    assert entry.published == datetime(2024, 9, 28, 9, tzinfo=UTC)
    assert entry.precision == "day"
    assert "28.9.2024" in entry.provenance["published"]


def test_days_that_running_text_tells_of_are_not_the_date():
    text = "On 3 May 2023 the mayor had promised a bridge, and on 4 June 2023 the first tree was cut down for it, to the surprise of those who live beside the river."

    (entry,) = _entries(f'<a href="/1">Bridge of timber</a><p>{text}</p>')

    assert entry.published is None
    assert entry.summary == text


def test_the_address_names_the_day_where_nothing_else_does():
    (entry,) = _entries('<a href="/2024/09/28/bridge">Bridge of timber</a>')

    assert entry.published is not None
    assert entry.published.date().isoformat() == "2024-09-28"
    assert "address" in entry.provenance["published"]


def test_the_rows_of_a_page_vote_on_the_order_of_day_and_month():
    first, _ = _entries('<a href="/1">Bridge of timber</a> 09/10/2024', '<a href="/2">Choir sings again</a> 09/28/2024')

    assert first.published.date().isoformat() == "2024-09-10"


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        ('<img src="/b.jpg">', "https://north.example.edu/b.jpg"),
        ('<img src="data:image/gif;base64,x" data-src="/b.jpg">', "https://north.example.edu/b.jpg"),
        ('<img src="/img/loading.gif" data-original="b.jpg">', "https://north.example.edu/b.jpg"),
        ('<picture><source srcset="/b.webp 1x, /c.webp 2x"></picture>', "https://north.example.edu/b.webp"),
        ("<div style=\"background-image: url('/b.jpg')\"></div>", "https://north.example.edu/b.jpg"),
        ('<img src="/icons/arrow.png">', None),
    ],
)
def test_the_picture_of_a_row(picture, wanted):
    (entry,) = _entries(f'<a href="/1">Bridge of timber</a>{picture}')

    assert entry.image == wanted


def test_authors_only_where_the_page_marks_them_up():
    marked, plain = _entries(
        '<a href="/1">Bridge of timber</a> <span class="author">By Ada Berg</span>', '<a href="/2">Choir sings</a> <span>Ole Lind</span>'
    )

    assert (marked.authors, plain.authors) == (("Ada Berg",), ())


def test_an_address_that_comes_twice_is_one_entry_with_the_date_of_either():
    (entry,) = _entries('<a href="/1">Bridge of timber</a>', '<a href="/1">Bridge</a> <span>2024-09-28</span>')

    assert entry.title == "Bridge of timber"
    assert entry.published is not None


@pytest.mark.parametrize(("text", "wide"), [("abc", 3), ("新闻", 4), ("ニュース", 8), ("뉴스", 4), ("Привет", 6), ("", 0)])
def test_width_counts_a_wide_character_as_two(text, wide):
    assert rows.width(text) == wide


def test_what_the_whole_row_is_called_says_nothing_of_its_pieces():
    element = markup.tree(
        '<article class="post status-published date-2024"><h2><a href="/1">Bridge of timber</a></h2><p>Told by those who built it, over soup.</p></article>'
    ).find("body")[0]

    (entry,) = rows.entries(
        [rows.Row((element,), next(element.iter("a")), "https://north.example.edu/1")],
        clock=rows.Clock(NOW),
        base="https://north.example.edu/",
        reader="test",
    )

    assert entry.title == "Bridge of timber"


@pytest.mark.parametrize(
    ("markup_of_it", "wanted"),
    [
        ('<time datetime="2024-09-28T08:00:00+02:00">28 September</time>', "2024-09-28T08:00:00+02:00"),
        (
            '<time class="updated" datetime="2024-09-30">30 September</time><time class="published" datetime="2024-09-28T08:00:00+02:00">28</time>',
            "2024-09-28T08:00:00+02:00",
        ),
        ('<abbr class="published" title="2024-09-27T21:30:00Z">28.09.2024 00:30</abbr>', "2024-09-28T00:30:00+03:00"),
        ('<abbr class="published" title="2024-09-27T21:30:00Z">27 September</abbr>', "2024-09-27T21:30:00+00:00"),
        ('<abbr title="United Nations">UN</abbr> <span>28.09.2024</span>', "2024-09-28T12:00:00+03:00"),
        ('<meta itemprop="datePublished" content="2024-09-28">', "2024-09-28T12:00:00+03:00"),
    ],
)
def test_what_machines_are_told_goes_before_what_people_read(markup_of_it, wanted):
    (entry,) = _entries(f'<a href="/1">Bridge of timber</a> {markup_of_it}')

    assert entry.published is not None
    assert entry.published.isoformat() == wanted
