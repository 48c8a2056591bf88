"""An article page that fails once, against a site on loopback: what subscribers see before and after."""

from __future__ import annotations

from itertools import count

STORY = "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
TITLES = ("A bridge of ice opens on the river", "Robots learn to skate in winter", "Choir of the university sings abroad")
LINES = (
    "<p>Two hundred pupils of the town watched it from the bank for three hours, while the choir sang and the baker gave out bread.</p>" * 4
)


def test_an_item_gets_its_text_at_a_later_poll_under_the_same_guid(office, site):
    rows = "".join(
        f"<li><a href='/news/{number}.html'>{title}</a> <span>2026-02-1{number}</span></li>" for number, title in enumerate(TITLES)
    )
    news = site.says("/news/", f"<html><head><title>News</title></head><body><h1>News</h1><ul>{rows}</ul></body></html>")
    for number, title in enumerate(TITLES):
        site.says(f"/news/{number}.html", STORY.format(title=title, text=LINES))
    visits = count()

    def fails_once(visit):
        ok = next(visits) > 0
        visit.reply(STORY.format(title=TITLES[1], text=LINES).encode(), "text/html; charset=utf-8", 200 if ok else 503)

    site.does("/news/1.html", fails_once)
    office.university("north", news)

    office.run("poll", "--all")
    before = office.published()
    office.run("poll", "--all")
    after = office.published()
    office.run("poll", "--all")

    assert [(item.guid, item.link, item.date, item.title) for item in after] == [
        (item.guid, item.link, item.date, item.title) for item in before
    ]
    assert ["baker" in item.content for item in before] == [True, False, True]
    assert all("baker" in item.content for item in after)
    assert [site.visits(f"/news/{number}.html") for number in range(3)] == [1, 2, 1]
