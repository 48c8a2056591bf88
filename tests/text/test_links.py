from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from aggregator.text import links, markup

BASE = "https://north.example.edu/news/"


@pytest.mark.parametrize(
    ("element", "wanted"),
    [
        ('<a href="1.htm">', "https://north.example.edu/news/1.htm"),
        ('<a href="../info/1.htm">', "https://north.example.edu/info/1.htm"),
        ('<a href=" /n/1 ">', "https://north.example.edu/n/1"),
        ('<a href="//sister.example/n">', "https://sister.example/n"),
        ('<a href="https://mp.weixin.example/s/AbC">', "https://mp.weixin.example/s/AbC"),
        ('<a href="?id=7">', "https://north.example.edu/news/?id=7"),
        ('<a href="#/news/7">', "https://north.example.edu/news/#/news/7"),
        ("<a href=\"javascript:window.open('/info/2.htm')\">", "https://north.example.edu/info/2.htm"),
        ('<a href=\'javascript:window.open("/info/2.htm","_blank")\'>', "https://north.example.edu/info/2.htm"),
        ('<a href="javascript:void(0)" onclick="location.href=\'show.php?id=3\'">', "https://north.example.edu/news/show.php?id=3"),
        ('<a href="#" onclick="goto_view(\'/board/view.do?no=3\')">', "https://north.example.edu/board/view.do?no=3"),
        ('<a href="#" data-href="/n/4">', "https://north.example.edu/n/4"),
        ('<a data-url="/n/5">', "https://north.example.edu/n/5"),
        ('<a href="copy/5.htm" tppabs="http://live.example/5.htm">', "http://live.example/5.htm"),
        ("<div onclick=\"window.location='/n/6'\">", "https://north.example.edu/n/6"),
        ('<a href="">', None),
        ("<a>", None),
        ('<a href="#top">', None),
        ('<a href="mailto:press@north.example.edu">', None),
        ('<a href="tel:+4912345">', None),
        ('<a href="javascript:history.back()">', None),
        ('<a href="JavaScript:;">', None),
        ('<a href="{{ item.url }}">', None),
        ('<a href="data:text/html,x">', None),
        ('<a href="http://[broken">', None),
        ("<a href=\"javascript:show('tab1')\">", None),
    ],
)
def test_where_a_link_leads(element, wanted):
    assert links.target(fragment_fromstring(element), BASE) == wanted


def test_a_script_of_a_megabyte_is_read_only_at_its_beginning():
    element = fragment_fromstring(f'<a href="#" onclick="{"go(" * 200_000}">x</a>')

    assert links.target(element, BASE) is None


def test_elements_that_work_like_links():
    root = markup.tree(
        "<div onclick=\"location='/a'\">a</div><li data-href='/b'>b</li><button onclick=\"location='/c'\">c</button><p>d</p>"
    )

    assert [element.tag for element in links.clickables(root)] == ["div", "li"]
