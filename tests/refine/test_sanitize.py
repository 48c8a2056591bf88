from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from aggregator.model import Source
from aggregator.refine.normalize import (
    LONGEST_CONTENT,
    sanitize,
)

BASE = "https://north.example.edu/news/1.html"
SOURCE = Source("north/news", "https://north.example.edu/feed.xml", university="north")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

# --- sanitize ------------------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img/src/onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='javascript:alert(1)'><embed src='javascript:alert(1)'></object>",
    "<form action='javascript:alert(1)'><input type=submit></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<video poster='javascript:alert(1)' src=x onplay=alert(1)><source srcset='javascript:alert(1) 2x' onerror=alert(1)></video>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<table background='javascript:alert(1)'><td>x</td></table>",
    "<p onclick=alert(1) onmouseover='alert(1)'>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    '<a href="http://a.example/\'onmouseover=alert(1)//">x</a>',
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "<img srcset='x 1x, javascript:alert(1) 2x'>",
    "<body onload=alert(1)><p>x</p></body>",
]
DANGEROUS = frozenset("script style iframe object embed form input button svg math template noscript link meta base".split())


def dangers(content: str) -> list[str]:
    """What a browser would run or load without being asked, in the tree that a browser makes of ``content``."""
    root = lxml_html.fragment_fromstring(content, create_parent="div")
    found = []
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        found += [tag] if tag in DANGEROUS or tag == "comment" else []
        for name, value in element.attrib.items():
            low = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "class", "id"):
                found.append(name)
            if name in ("href", "src", "poster", "cite", "srcset") and not low.startswith(("http://", "https://", "mailto:", "tel:")):
                found.append(f"{name}={value}")
    return found


@pytest.mark.parametrize("payload", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "<p>fine {} fine</p>", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}"])
def test_nothing_that_a_browser_would_run_survives(payload: str, frame: str) -> None:
    safe = sanitize(frame.format(payload), BASE)

    assert dangers(safe) == []
    assert dangers(sanitize(safe, BASE)) == []


texts = st.sampled_from(["x", " ", "R&D", "&lt;b&gt;", "3 > 2", "&", "\u00a0", "哈工大"])
starts = st.sampled_from(
    [
        "<p>",
        "<div>",
        "<span>",
        "<a href='/x'>",
        "<a>",
        "<b>",
        "<figure>",
        "<ul>",
        "<li>",
        "<table>",
        "<tr>",
        "<td>",
        "<h2>",
        "<blockquote cite=/y>",
        "<IMG WIDTH = 1 src=/p.gif>",
        "<img src=pic.png alt='a>b'>",
        "<br/>",
        "<em title='<p></p>'>",
        "<font color=red>",
        "<o:p>",
        "<!-- c -->",
    ]
)
ends = st.sampled_from(["</p>", "</div>", "</span>", "</a>", "</b>", "</figure>", "</ul>", "</table>", "</h2>", "</em>", "</font>"])
fragments = st.lists(texts | starts | ends | st.sampled_from(HOSTILE), max_size=14).map("".join)


def _inside(*tags: str) -> Callable[[list[str]], st.SearchStrategy[str]]:
    return lambda parts: st.sampled_from(tags).map(lambda tag: f"<{tag}>{''.join(parts)}</{tag.split()[0].partition('>')[0]}>")


words = st.lists(texts | st.sampled_from(["<br>", "<img src=pic.png alt='a>b'>", "<IMG WIDTH = 1 src=/p.gif>", *HOSTILE[:8]]), max_size=3)
phrases = st.lists(words.flatmap(_inside("b", "span", "a href='/x'", "a", "o:p", "font color=red")) | texts, max_size=3)
blocks = st.recursive(
    phrases.flatmap(_inside("p", "h2", "figure", "ul><li", "table><tr><td")),
    lambda inner: st.lists(inner, max_size=3).flatmap(_inside("div", "blockquote cite=/y", "section", "div class=x")),
    max_leaves=8,
)


@given(blocks)
@example("<div><div><p> </p></div></div>")
@example("<IMG WIDTH = 1 src=/a.png>x")
@example("a &nbsp b")
@example(" <b>x</b> ")
def test_sanitizing_twice_is_sanitizing_once(content: str) -> None:
    """For what is nested as HTML nests; a <li> in a bare <table> comes out differently from each parse, of a browser too."""
    once = sanitize(content, BASE)

    assert sanitize(once, BASE) == once
    assert sanitize(once, "https://other.example/") == once


@given(fragments | st.text(st.characters(), max_size=60))
def test_any_content_becomes_safe_and_fit_for_xml(content: str) -> None:
    safe = sanitize(content, BASE)

    safe.encode()
    assert not safe or dangers(sanitize(safe, BASE) or "x") == []
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", safe)
    assert not safe or dangers(safe) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, ""),
        ("", ""),
        ("plain words", "plain words"),
        ("R&D", "R&amp;D"),
        ("<p>One</p><p>Two <b>bold</b></p>", "<p>One</p><p>Two <b>bold</b></p>"),
        ('<a href="/a?x=1&amp;y=2">a</a>', '<a href="https://north.example.edu/a?x=1&amp;y=2">a</a>'),
        ('<a href="mailto:a@example.edu">a</a>', '<a href="mailto:a@example.edu">a</a>'),
        ('<img src="mailto:a@example.edu" alt="a">', '<img alt="a">'),
        ('<img src="p.png" width="640">', '<img src="https://north.example.edu/news/p.png" width="640">'),
        (
            '<img srcset="s.png 1x, /l.png 2x, javascript:x 3x">',
            '<img srcset="https://north.example.edu/news/s.png 1x, https://north.example.edu/l.png 2x">',
        ),
        ('<p>seen<img src="https://count.example/p.gif" width="1" height="1"></p>', "<p>seen</p>"),
        ("<p>seen<img src=/p.gif height=0></p>", "<p>seen</p>"),
        ("<p>seen<img src=/p.gif style='display:none'></p>", "<p>seen</p>"),
        ("<p>seen<img src=/p.gif style='border:0; DISPLAY : none !important;'></p>", "<p>seen</p>"),
        ("<p>seen<img style=visibility:hidden src=/p.gif></p>", "<p>seen</p>"),
        ("<p>seen<img src=/p.gif style='width:1px;height:1px'></p>", "<p>seen</p>"),
        ("<p>seen<img src=/p.gif style='max-height:0'></p>", "<p>seen</p>"),
        ("<p>seen<img src=/p.gif hidden></p>", "<p>seen</p>"),
        ("<img src=/p.png style='width:100px; height: 10em; display:block'>", '<img src="https://north.example.edu/p.png">'),
        ("<img src=/p.png style='border-width:1px' alt='style=\"'>", '<img src="https://north.example.edu/p.png" alt="style=&quot;">'),
        ("<p style=display:none hidden>x</p>", "<p>x</p>"),
        ("<p></p><div> <span></span></div><p>x</p>", "<p>x</p>"),
        ("<p>x<!-- said to nobody --></p>", "<p>x</p>"),
        ("<p>x<style>p{}</style></p>", "<p>x</p>"),
        ("<h1 class=big id=t style='color:red'>x</h1>", "<h1>x</h1>"),
        ("<custom-box><p>kept</p></custom-box>", "<p>kept</p>"),
        ('<p lang="zh" dir="ltr">中文</p>', '<p lang="zh" dir="ltr">中文</p>'),
    ],
)
def test_what_is_harmless_stays_with_absolute_addresses(content: str | None, expected: str) -> None:
    assert sanitize(content, BASE) == expected


@pytest.mark.parametrize("piece", ["<img ", "<img width=1 ", "<p>", "<a>", "<p> ", "&", "<!--", "<a href='"])
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    """A run of what a rule waits for, long enough that a quadratic rule would not end within the time of a test run."""
    assert isinstance(sanitize(piece * (60_000 // len(piece)) * 2, BASE), str)


LEVELS = {
    "blocks": "<div>" * 40_000 + "last words",
    "blocks that are closed": "<div>" * 40_000 + "last words" + "</div>" * 40_000,
    "blocks up to the bound": "<div>" * 199_990 + "last words",
    "blocks with end tags of others": "<div></i>" * 90_000 + "last words",
    "blocks with brackets in their attributes": '<div title="<">' * 60_000 + "last words",
    "phrases": "".join(f"<b title={number}>" for number in range(30_000)) + "last words",
    "phrases in each paragraph": "<p>"
    + "".join(f"<b title={number}>" for number in range(50))
    + "</p>"
    + "<p>x</p>" * 10_000
    + "last words",
    "lists": "<ul><li>" * 60_000 + "last words",
    "tables": "<table><tr><td>" * 60_000 + "last words",
    "what is flat elsewhere, in a drawing": "<svg>" + "<td>" * 150_000 + "</svg><p>last words",
}


@pytest.mark.parametrize("content", LEVELS.values(), ids=LEVELS)
def test_elements_are_not_nested_without_end(content: str) -> None:
    """Parsers take the square of the depth: minutes for a million characters, or gigabytes. Words deeper than any text has them may be given up."""
    safe = sanitize(content, BASE)

    assert _levels(safe) <= 300
    assert len(safe) <= 2 * len(content)


@pytest.mark.parametrize("content", ["<div>" * 5_000 + "last words", "<ul><li>" * 2_000 + "last words", "<b>x<i>y" * 1_000 + "last words"])
def test_the_words_that_stand_too_deep_are_kept(content: str) -> None:
    assert "last words" in sanitize(content, BASE)


def test_a_long_table_is_not_taken_for_a_deep_one() -> None:
    table = f"<table><tbody>{'<tr><td>a</td><td><b>b</b></td></tr>' * 2_000}</tbody></table>"

    assert sanitize(table, BASE) == table


def _levels(content: str) -> int:
    deepest = level = 0
    for end, name in re.findall(r"<(/?)([a-z0-9]+)", content):
        level += 0 if name in ("br", "img") else -1 if end else 1
        deepest = max(deepest, level)
    return deepest


@pytest.mark.parametrize("sign", ["&", "&amp;", "&a ", "<", "< ", "&lt;", "&#38;"])
def test_content_of_signs_only_is_given_up_for_its_beginning(sign: str) -> None:
    safe = sanitize("<p>x" + sign * (LONGEST_CONTENT // len(sign) - 1), BASE)

    assert len(safe) <= LONGEST_CONTENT
    assert dangers(safe or "x") == []


def test_content_beyond_all_bounds_is_given_up_for_its_plain_beginning() -> None:
    safe = sanitize("<p>word</p>" * (LONGEST_CONTENT // 10), BASE)

    assert safe.startswith("<p>word word")
    assert safe.endswith("…</p>")
    assert len(safe) <= LONGEST_CONTENT // 5
