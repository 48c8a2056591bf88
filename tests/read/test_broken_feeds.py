"""A feed that is not well-formed is read like the one that was meant: what is broken in one place changes nothing in another."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Entry, Page, Reading, Source
from aggregator.read.feed import document, read, rebuild, repair
from aggregator.text.markup import legal

FEEDS = Path(__file__).with_name("feeds")
SOURCE = Source("north/news", "https://north.example.edu/feed.xml", timezone="Asia/Shanghai")
NOW = datetime.fromisoformat("2026-03-02T12:00:00+00:00")

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>North &amp; South</title><link>http://north.example.edu/</link><description>All &lt;b&gt;news&lt;/b&gt;</description>
<language>de</language><managingEditor>chef@north.example.edu (Frau Chef)</managingEditor><ttl>60</ttl>
<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays><sy:updatePeriod>daily</sy:updatePeriod>
<atom:link rel="hub" href="https://hub.example.org/"/><image><url>http://north.example.edu/logo.png</url><title>Logo</title></image>
<!-- before the items -->
<item><title>One</title><link>http://north.example.edu/news.php?id=1&amp;lang=de</link><guid isPermaLink="false">1&amp;lang=de</guid>
<pubDate>Thu, 26 Feb 2026 08:00:00 GMT</pubDate><author>jane.doe@north.example.edu (Jane Doe)</author>
<description><![CDATA[Text <b>x</b> <img src="/pics/1.jpg">]]></description><enclosure url="/1.mp3" type="audio/mpeg" length="9"/></item>
<!--@-->
<item><title>Two: &lt;i&gt; and a &lt; b</title><link>http://north.example.edu/2</link><guid>http://north.example.edu/2</guid>
<pubDate>2026-02-26 09:00</pubDate><dc:language>en</dc:language><dc:creator>Ada</dc:creator><dc:creator>Grace</dc:creator>
<content:encoded>&lt;p&gt;Full &amp;amp; whole, &lt;a href="more.html"&gt;more&lt;/a&gt;&lt;/p&gt;</content:encoded><category domain="x">Science</category></item>
<item xml:lang="fr"><title>Trois</title><guid isPermaLink="false">3&amp;4</guid><description>no link</description><media:content url="/3.png" medium="image"/></item>
<item xml:base="http://cdn.north.example.edu/"><title>Four</title><link>/4</link><description><p xmlns="http://www.w3.org/1999/xhtml">inline <em>markup</em></p></description></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="http://north.example.edu/"><title type="html">North &amp;amp; South</title><id>urn:n</id>
<updated>2026-02-27T08:00:00Z</updated><author><name>The Office</name></author><link href="/"/><link rel="hub" href="https://hub.example.org/"/>
<entry><title>One</title><id>1&amp;a</id><updated>2026-02-26T08:00:00Z</updated><link href="/news/1"/><summary>a &lt; b</summary></entry>
<!--@-->
<entry xml:lang="en"><title type="html">Two &lt;b&gt;x&lt;/b&gt;</title><id>2</id><updated>2026-02-26T08:00:00Z</updated><link href="/news/2"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">See <img src="pic.jpg"/></div></content><author><name>Ada</name></author></entry>
<entry><title>Three</title><id>3</id><published>2026-02-25T08:00:00Z</published><link href="/news/3"/><content type="text">&lt;p&gt; is a tag</content>
<category term="x" label="X &amp; Y"/><link rel="enclosure" href="/3.pdf" type="application/pdf"/></entry>
</feed>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://north.example.edu/"><title>North</title><link>http://north.example.edu/</link><dc:language>de</dc:language>
<items><rdf:Seq><rdf:li rdf:resource="http://north.example.edu/1"/></rdf:Seq></items></channel>
<item rdf:about="http://north.example.edu/1"><title>One</title><link>http://north.example.edu/1</link><dc:date>2026-02-26T08:00:00Z</dc:date></item>
<!--@-->
<item rdf:about="http://north.example.edu/2?a=b&amp;c=d"><title>Two &amp;lt;</title><dc:creator>Ada</dc:creator><description>&lt;p&gt;x&lt;/p&gt;</description></item>
</rdf:RDF>"""
MEANT = {"rss": RSS, "atom": ATOM, "rdf": RDF}
CASES = [FEEDS / f"{name}.xml" for name in ("rss2", "rdf", "atom1", "atom03", "podcast", "prefixed")]
WELL_FORMED = [case.read_text(encoding="utf-8") for case in CASES]
HERE = "<!--@-->"

BROKEN_FIELDS = {
    "an address in angle brackets": "<category>see <http://x.example/></category>",
    "an author's address in angle brackets": "<author>Jane <http://jane.example></author>",
    "an author's mailbox": "<author>Jane <jane@north.example.edu></author>",
    "a mailbox with its scheme": "<author>Jane <mailto:jane@north.example.edu></author>",
    "a link in angle brackets": "<link><http://x.example/9></link>",
    "an empty namespace": '<o:p xmlns:o=""></o:p>',
    "a namespace that is no address": '<o:p xmlns:o="{nothing}"></o:p>',
    "a namespace that is reserved": '<o:p xmlns:o="http://www.w3.org/2000/xmlns/"/>',
    "two colons": "<category><v:shape:x></category>",
    "a prefix that is declared nowhere": "<strange:thing/>",
    "a prefix that is declared for one element only": '<s:a xmlns:s="urn:s"/><s:b/>',
    "an element that is left open": "<description>one<p>two<br>three</description>",
    "a field that is left open": "<description>one",
    "a field that is closed twice": "<category>x</category></category>",
    "a field that another closes": "<category>x</categoria>",
    "a cdata section that is left open": "<description><![CDATA[one <b>two</description>",
    "a cdata section in another": "<description><![CDATA[one <![CDATA[two]]> three]]></description>",
    "a comment that is left open": "<description>one <!-- two</description>",
    "a comment with hyphens": "<!-- one -- two -->",
    "an attribute without quotes": "<enclosure url=/9.mp3 length=9>",
    "a namespace after a quote that is left open": '<link href= xmlns="http://www.w3.org/1999/xhtml">',
    "an attribute twice": '<enclosure url="/9.mp3" url="/8.mp3"/>',
    "an attribute twice by two names": '<x dc:a="1" y:a="2" xmlns:y="http://purl.org/dc/elements/1.1/"/>',
    "a quote that is left open": '<enclosure url="/9.mp3/>',
    "a lone ampersand": "<category>R&D</category>",
    "an entity of HTML": "<category>caf&eacute;&nbsp;</category>",
    "a control character": "<category>x\x07y</category>",
    "a reference to nothing": "<category>&#0;&#xD800;&#99999999;</category>",
    "words of a script": "<description><script>if (a < b && c) { x(); }</script></description>",
    "the end of a section that never began": "<description>one ]]> two</description>",
    "the end of a comment that never began": "<description>one --> two</description>",
    "levels": f"<description>{'<div>' * 300}deep{'</div>' * 300}</description>",
    "levels of strange elements": f"{'<a>' * 2000}deep{'</a>' * 2000}",
    "a declaration": "<!DOCTYPE html><?xml version='1.0'?><category>x</category>",
    "an element named by digits": "<1>x</1>",
}


def _reading(text: str) -> Reading:
    return read(Page(SOURCE.url, text.encode()), SOURCE, now=NOW)


def _holder(kind: str) -> tuple[str, str]:
    name = "entry" if kind == "atom" else "item"
    return f"<{name}><title>Broken</title>", f"</{name}>"


def _broken(kind: str, field: str) -> str:
    start, end = _holder(kind)
    return MEANT[kind].replace(HERE, start + field + end)


def differences(meant: Reading, found: Reading) -> list[tuple[str, object, object]]:
    """Where the feed as a whole, or an entry other than the broken one, is read differently; all fields are looked at."""
    entries = [entry for entry in found.entries if not (entry.title or "").startswith("Broken")]
    pairs: list[tuple[Reading | Entry, Reading | Entry]] = [(meant, found), *zip(meant.entries, entries, strict=True)]
    return [
        (field.name, old, new)
        for one, other in pairs
        for field in fields(one)
        if field.name != "entries" and (old := getattr(one, field.name)) != (new := getattr(other, field.name))
    ]


@pytest.mark.parametrize("kind", MEANT)
@pytest.mark.parametrize("field", BROKEN_FIELDS.values(), ids=BROKEN_FIELDS)
def test_a_broken_item_changes_nothing_in_the_others_nor_in_what_the_feed_says_of_itself(kind: str, field: str) -> None:
    meant, found = _reading(MEANT[kind]), _reading(_broken(kind, field))

    assert differences(meant, found) == []
    assert len(found.entries) == len(meant.entries) + 1


@pytest.mark.parametrize("kind", MEANT)
@pytest.mark.parametrize("field", BROKEN_FIELDS.values(), ids=BROKEN_FIELDS)
def test_the_broken_item_keeps_the_fields_that_are_sound_in_it(kind: str, field: str) -> None:
    start, end = _holder(kind)
    link = '<link href="http://north.example.edu/9"/>' if kind == "atom" else "<link>http://north.example.edu/9</link>"
    found = _reading(MEANT[kind].replace(HERE, f"{start}{link}{field}{end}"))

    urls = {entry.url for entry in found.entries if entry.title == "Broken"}
    assert urls == {"http://x.example/9" if kind == "atom" and "<link>" in field else "http://north.example.edu/9"}


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        ("<author>Jane <http://jane.example></author>", ("Jane",)),
        ("<author>Jane <jane@north.example.edu></author>", ("Jane",)),
        ("<author>jane@north.example.edu (Jane Doe)</author><br>", ("Jane Doe",)),
        ("<br>", ()),
    ],
)
def test_the_author_of_a_broken_item_is_whom_it_names_and_nobody_else(field: str, authors: tuple[str, ...]) -> None:
    broken = next(entry for entry in _reading(_broken("rss", field)).entries if entry.title == "Broken")

    assert broken.authors == authors


@pytest.mark.parametrize("text", [*MEANT.values(), *WELL_FORMED], ids=[*MEANT, *(case.stem for case in CASES)])
def test_a_feed_that_is_rebuilt_from_the_ground_up_says_the_same_in_every_field(text: str) -> None:
    rebuilt = repair.with_prefixes(rebuild.rebuilt(repair.from_root_to_end(text), lambda _: False))

    assert rebuilt != text
    assert [change for change in differences(_reading(text), _reading(rebuilt)) if _flat(change[1]) != _flat(change[2])] == []


def _flat(value: object) -> object:
    """Inline XHTML stays, as the text that is made of it, in the element that Atom asks for around it."""
    return re.sub(r"^<div>|</div>$", "", value.replace(' xmlns="http://www.w3.org/1999/xhtml"', "")) if isinstance(value, str) else value


@pytest.mark.parametrize("kind", MEANT)
@pytest.mark.parametrize(
    "broken",
    [
        "<generator>x <http://y.example/></generator>",
        "<copyright>one<br>two</copyright>",
        "<rights>R&D <b></rights>",
        '<o:p xmlns:o=""/>',
        "<hr>",
    ],
)
def test_a_broken_head_changes_nothing_in_the_entries(kind: str, broken: str) -> None:
    meant = _reading(MEANT[kind])

    found = _reading(MEANT[kind].replace("<title", f"{broken}<title", 1))

    assert differences(meant, found) == []


@pytest.mark.parametrize("broken", ["</item></item>", "stray words < & >", "<item>", "</channel>", "<hr>", "<![CDATA[", "-->"])
def test_what_stands_between_the_items_changes_nothing_in_them(broken: str) -> None:
    meant = _reading(RSS)

    found = _reading(RSS.replace(HERE, broken))

    wanted = {entry.title: entry for entry in meant.entries}
    assert [entry for entry in found.entries if entry.title] == list(wanted.values())


pieces = st.sampled_from(
    [*BROKEN_FIELDS.values(), "<", ">", "&", "</", "<a", "<a:b", ' x="', "'", "]]>", "-->", "<!--", "<?", "words", "<b>", "</b>"]
)


@given(kind=st.sampled_from(sorted(MEANT)), broken=st.lists(pieces, min_size=1, max_size=6).map("".join))
def test_whatever_stands_in_a_text_of_one_item_changes_nothing_in_the_others(kind: str, broken: str) -> None:
    assert differences(_reading(MEANT[kind]), _reading(_broken(kind, f"<description>{broken}</description>"))) == []


ITEM = re.compile(r"(<item|<entry)\b[^>]*>(.*?)</(?:item|entry)>", re.DOTALL)


@given(
    data=st.data(),
    kind=st.sampled_from(sorted(MEANT)),
    instead=st.sampled_from(["", "<", ">", "&", '"', "x", "<b>", "</b>", "<a:b:c>", "<!--", "]]>"]),
)
def test_what_is_lost_in_one_item_changes_nothing_in_the_others(data: st.DataObject, kind: str, instead: str) -> None:
    text = MEANT[kind]
    items = list(ITEM.finditer(text))
    number = data.draw(st.integers(0, len(items) - 1))
    first = data.draw(st.integers(items[number].start(2), items[number].end(2)))
    last = data.draw(st.integers(first, min(first + 40, items[number].end(2))))

    meant, found = _reading(text), _reading(text[:first] + instead + text[last:])

    assert len(found.entries) == len(meant.entries)
    assert _without(number, found) == _without(number, meant)


def _without(number: int, reading: Reading) -> Reading:
    return replace(reading, entries=(*reading.entries[:number], *reading.entries[number + 1 :]))


tags = st.sampled_from(
    [*BROKEN_FIELDS.values(), "<rss>", "</rss>", "<channel>", "</channel>", "<channel/>", "<item>", "</item>", "<item/>", "<entry>", "</entry>", "<title>", "</title>", "<link", " href='x'", ' a=b"c', ">", "/>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;", "<a:b:c>", "<a:b c:d='e'>", "</a:b>", '<item kept="0"/>', "xmlns:q='", "'", '"', "x", "é", "<é>", "<_ -=1>", "<a xml:lang=' ' xmlns='rel' xmlns:b='a:b:c' xmlns:xmlns='x'>"]
)  # fmt: skip


@given(
    st.lists(tags, max_size=30).map("".join),
    st.sampled_from(["<rss>", "<rss ", "<feed><entry>", "<channel><item>", "<entry>", "<rdf:RDF>"]),
)
@example("<item kept='0'/><item>x</item><![CDATA[", "<rss>")
@example('<a xmlns:a="http://x:y/">', "<rss>")
@example("</rss><entry>", "<rss>")
def test_what_is_rebuilt_is_well_formed_whatever_it_was(text: str, root: str) -> None:
    text = repair.with_prefixes(repair.without_stray_less(repair.resolved(legal(root + text), {})))

    for is_sound in (document.is_sound, lambda _: False):
        mended = repair.with_prefixes(rebuild.rebuilt(text, is_sound))
        if "<" in mended:
            etree.fromstring(mended.encode(), etree.XMLParser(resolve_entities=False))
