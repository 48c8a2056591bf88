from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from aggregator.text import markup

tags = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<br>",
        "<script>",
        "</script>",
        "<td>",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "<",
        ">",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&",
    ]
)
soup = st.lists(tags | st.text(max_size=6), max_size=30).map("".join) | st.text(max_size=100)
surrogates = st.text(st.characters(), max_size=40)


@given(surrogates)
@example("a\x00b\ud800c\ufffe")
def test_legal_text_goes_into_xml(text: str) -> None:
    kept = markup.legal(text)

    element = etree.Element("a")
    element.text = kept
    assert etree.fromstring(etree.tostring(element)).text in (kept or None, kept.replace("\r\n", "\n").replace("\r", "\n"))
    assert markup.legal(kept) == kept


@given(soup | surrogates)
@example("<?xml version='1.0' encoding='x'?>")
@example("<!doctype html>")
@example("<!---->")
def test_any_text_is_a_tree_with_a_text(page: str) -> None:
    root = markup.tree(page)

    assert root.tag == "html"
    assert isinstance(markup.text_of(root), str)


@pytest.mark.parametrize("depth", [50, 250, 1_000, 20_000])
def test_a_page_nested_to_hurt_does_not_hurt(depth: int) -> None:
    root = markup.tree("<div>" * depth + "x")

    assert markup.text_of(root) in ("x", "")


@given(soup | surrogates)
def test_plain_text_is_one_clean_line(piece: str) -> None:
    line = markup.plain(piece)

    assert line == " ".join(line.split())
    assert markup.legal(line) == line
    line.encode()


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (None, ""),
        ("", ""),
        ("Ice &amp; robots", "Ice & robots"),
        ("<b>Ice</b>bound", "Icebound"),
        ("one<br>two<p>three", "one two three"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("  many \n\t spaces\u00a0here ", "many spaces here"),
        ("soft\u00adhyphen\u200b and mark\ufeff", "softhyphen and mark"),
        ("a<!-- not said -->b", "ab"),
        ("哈尔滨<b>工业</b>大学", "哈尔滨工业大学"),
        ("unclosed <a href='x", "unclosed"),
    ],
)
def test_plain_takes_tags_out_and_resolves_entities_once(piece: str | None, expected: str) -> None:
    assert markup.plain(piece) == expected


@given(surrogates)
def test_a_line_of_text_resolves_nothing_and_changes_once(text: str) -> None:
    once = markup.line(text)

    assert markup.line(once) == once
    assert markup.line("&lt;b&gt; <i>") == "&lt;b&gt; <i>"


def test_the_text_of_a_page_keeps_its_paragraphs_and_lines_and_drops_what_nobody_reads() -> None:
    page = markup.tree(
        "<div><h1>Title</h1><p>First <b>bold</b>\nline.<br>Second line.</p><script>no()</script><style>no{}</style>"
        "<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table><pre>  keep\n  lines</pre></div>"
    )

    text = markup.text_of(page)

    assert text.split("\n\n")[:2] == ["Title", "First bold line.\nSecond line."]
    assert "no" not in text
    assert "one\ntwo" in text
    assert "a b" in text
    assert "keep\nlines" in text


def test_relative_addresses_become_absolute_and_others_stay() -> None:
    html = '<p><a href="/a">a</a><a href="#here">b</a><a href="https://x.example/">c</a><img src=pic.png srcset="s.png 1x, /l.png 2x"></p>'

    found = markup.absolutize(html, "https://news.example.edu/2026/1.html")

    assert 'href="https://news.example.edu/a"' in found
    assert 'href="#here"' in found
    assert 'href="https://x.example/"' in found
    assert 'src="https://news.example.edu/2026/pic.png"' in found
    assert 'srcset="https://news.example.edu/2026/s.png 1x, https://news.example.edu/l.png 2x"' in found


@pytest.mark.parametrize("sign", ["=", " =", "= ", "  = ", "\n=\n", "\t ="])
@pytest.mark.parametrize("name", ["href", "SRC", "poster", "cite", "data-src"])
def test_a_relative_address_is_found_however_its_equals_sign_is_spaced(name: str, sign: str) -> None:
    found = markup.absolutize(f'x = y <!-- kept --><i {name}{sign}"/a"></i>', "https://news.example.edu/")

    assert f'{name.lower()}="https://news.example.edu/a"' in found
    assert found.startswith("x = y <!-- kept -->")


def test_a_fragment_that_is_absolute_already_is_not_touched() -> None:
    html = "<P>not <B>re-written</b> <a HREF='https://x.example/?a=1&b=2'>x</a>"

    assert markup.absolutize(html, "https://news.example.edu/") == html


@given(soup.filter(lambda html: "script" not in html and "<!" not in html))
def test_making_addresses_absolute_happens_once(html: str) -> None:
    """But inside a script that does not end no parser reads twice what it has written; nothing that we keep holds one."""
    once = markup.absolutize(html + "<a href=/x>", "https://news.example.edu/")

    assert markup.absolutize(once, "https://other.example/") == once


def test_a_tag_of_a_hundred_thousand_attributes_is_read_without_them() -> None:
    attributes = " ".join(f"a{number}=1" for number in range(100_000))

    root = markup.tree(f"<p {attributes}>text</p><p class='b'>more</p>")

    assert [dict(element.attrib) for element in root.iter("p")] == [{}, {"class": "b"}]


@given(
    st.lists(
        st.sampled_from(["<a ", " href", "HREF", "src", "\tsrcset", " data-src", "class", "=", " = ", '"', "'", "http://a", "HTTPS://a", "/x", "#", " ", "é"]),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_the_quick_look_for_relative_addresses_misses_none(html: str) -> None:
    found = markup._RELATIVE.search(html)

    assert found is None or markup._SUSPECT.search(html)


@pytest.mark.parametrize("inside", ["", "<div>" * 600 + "deep" + "</div>" * 600])
def test_a_page_without_a_body_is_no_failure(inside: str) -> None:
    page = f'<html><head><link href=x><description>{inside}<a href="/x">x</a></description></head></html>'

    assert "x</a>" in markup.absolutize(page, "https://news.example.edu/")


def test_relative_addresses_are_found_after_any_number_of_levels() -> None:
    found = markup.absolutize("<div>" * 5_000 + "</div>" * 5_000 + '<a href="/x">x</a>', "https://news.example.edu/")

    assert 'href="https://news.example.edu/x"' in found
