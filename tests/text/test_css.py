from __future__ import annotations

import pytest

from aggregator.text import css, markup

ROOT = markup.tree('<ul class="a b" id="u"><li id="line_1"><p><a href="/x">1</a></p></li><li class="c"><a rel="next top">2</a></li></ul>')


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ("li", 2),
        ("ul.b > li", 2),
        ("ul > a", 0),
        ("ul a", 2),
        ("li > a", 1),
        ("#u .c", 1),
        ("li[id^=line_]", 1),
        ("[id]", 2),
        ("a[rel~=top]", 1),
        ("a[rel~=to]", 0),
        ('a[href="/x"]', 1),
        ("[class*=b]", 1),
        ("p, li.c", 2),
        (".a.b", 1),
    ],
)
def test_selectors_find_what_they_find_in_a_browser(selector, count):
    assert len(css.compiled(selector)(ROOT)) == count


@pytest.mark.parametrize("selector", ["li:first-child", "a + b", "", "ul >", "[x", "a ~ b"])
def test_what_is_not_known_is_refused(selector):
    with pytest.raises(ValueError):
        css.compiled(selector)
