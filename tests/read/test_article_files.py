"""Which files belong to an article: those in its text, and those that the page attaches to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import Page, Source
from aggregator.read.article import extract

NOW = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
URL = "https://www.northfield.example/news/1.htm"
HOST = "https://www.northfield.example"
PROSE = (
    "<p>The river rose by two metres in the night, and the rowers carried their boats up to the chapel. By morning the lawn was a lake.</p>"
    * 3
)


def read(markup: str):
    page = f"<html><head><title>High water</title></head><body>{markup}</body></html>"
    return extract(Page(URL, page.encode(), "text/html"), Source("s", URL), now=NOW)


ATTACHED = {
    "in a list under the text of a site builder": f"""<form name="_newscontent_fromname"><h1>High water</h1><div class="v_news_content">{PROSE}</div></div>
        <ul style="list-style-type:none;"><li>附件【<a href="/system/_content/download.jsp?id=7&name=plan.pdf">水位.pdf</a>】已下载<span>12</span>次</li>
        <li>附件【<a href="/files/b.docx">b.docx</a>】</li></ul></form>""",
    "between the title and the text of a board": f"""<div class="board"><div class="head"><h2>High water</h2></div>
        <dl class="add"><dt>첨부파일</dt><dd><a href="/down.do?seq=1">수위.hwp</a></dd><dd><a href="/down.do?seq=2">수위.pdf</a></dd></dl><div class="con">{PROSE}</div></div>""",
    "under a heading of their own": f"""<main><h1>High water</h1><div class="article-text">{PROSE}</div>
        <div><h4>Downloads</h4><ul><li><a href="/f/level.pdf">Water level</a> (PDF, 2 MB)</li><li><a href="/f/plan.xlsx">Plan</a></li></ul></div></main>""",
    "in a list of uploads": f"""<main><h1>High water</h1><div class="ce-bodytext">{PROSE}</div>
        <ul class="ce-uploads"><li><img src="/i/pdf.gif"><span class="ce-uploads-fileName"><a href="/f/level.pdf">Level</a></span></li><li><a href="/f/plan.doc">Plan</a></li></ul></main>""",
    "named in Russian": f"""<div class="detail"><h1>High water</h1><div class="detail_text">{PROSE}</div>
        <p><b>Прикреплённые файлы:</b></p><p><a href="/upload/a.pdf">Уровень воды</a></p><p><a href="/upload/b.rtf">План</a></p></div>""",
    "right behind the text, without a name": f"""<div class="wrap"><h1>High water</h1><div class="article-content">{PROSE}</div>
        <div><p><a href="/f/level.pdf">Level.pdf</a></p><p><a href="/f/plan.doc">Plan.doc</a></p></div></div>""",
}


@pytest.mark.parametrize("markup", ATTACHED.values(), ids=ATTACHED)
def test_files_are_found(markup):
    entry = read(markup)

    assert len(entry.enclosures) == 2
    assert all(file.url.startswith(HOST) and file.title for file in entry.enclosures)
    assert entry.text.count("two metres") == 3


FOREIGN = {
    "forms beside the text": f"""<div><div><h1>High water</h1>{PROSE}</div></div><div class="col2"><h3>Downloads</h3><ul><li><a href="/f/form.doc">Form</a></li></ul></div>""",
    "a column beside the text": f"""<div class="wrap"><div class="left"><h1>High water</h1><div>{PROSE}</div></div><div class="right"><h3>Downloads</h3><ul class="files"><li><a href="/f/form.doc">Form</a></li></ul></div></div>""",
    "a sidebar": f"""<main><h1>High water</h1><div class="article-text">{PROSE}</div><aside><p>附件</p><a href="/f/form.doc">Form</a></aside></main>""",
    "the news that follow": f"""<main><h1>High water</h1><div class="article-text">{PROSE}</div><div class="more"><h3>Notices</h3><ul><li><a href="/2.htm">Rules for boats</a></li>
        <li><a href="/f/rules.pdf">Rules for the lake</a></li></ul></div></main>""",
    "what stands above the title": f"""<div><p>Anlagen: <a href="/f/campus.pdf">Map of the campus</a></p></div><div><h1>High water</h1>{PROSE}</div>""",
}


@pytest.mark.parametrize("markup", FOREIGN.values(), ids=FOREIGN)
def test_files_are_left_alone_in(markup):
    assert read(markup).enclosures == ()


VIEWERS = {
    "a script that hands it to a viewer": """<script>showVsbpdfIframe("/virtual_attach_file.vsb?afc=UmC&amp;nid=3&e=.pdf","100%","600");</script>""",
    "a script that hands a download to a viewer": """<script>showVsbpdfIframe('/system/_content/download.jsp?wbfileid=7','100%','600')</script>""",
    "a script that embeds it": """<div id="v"></div><script>PDFObject.embed("/files/show.php?id=7", "#v");</script>""",
    "an element that states its type": """<embed src="/files/show.php?id=7" type="application/pdf">""",
    "a frame that names it by its extension alone": """<iframe src="/virtual_attach_file.vsb?afc=UmC&amp;e=.pdf"></iframe>""",
}


@pytest.mark.parametrize("markup", VIEWERS.values(), ids=VIEWERS)
def test_a_document_is_found_in(markup):
    entry = read(f'<h1>High water</h1><p>2024-05-06</p><div class="v_news_content">{markup}</div>')

    assert [(file.url.startswith(HOST), file.type) for file in entry.enclosures] == [(True, "application/pdf")]
    assert "&amp;" not in entry.enclosures[0].url


def test_a_script_of_the_page_shows_no_document():
    entry = read(f"<h1>High water</h1>{PROSE}<script>var pdf = load(\"/api/list\"); initPdf('viewer.box');</script>")

    assert entry.enclosures == ()
