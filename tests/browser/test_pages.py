"""What people do with the pages, in Chromium."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest

PAGES = [
    "/",
    "/search?q=ice",
    "/search?q=titel:x",
    "/feeds/",
    "/feeds/build?from=country:CN",
    "/universities/hit/",
    "/status",
    "/events",
    "/events.rss",
    "/feeds/all.rss",
    "/nowhere",
]
WIDTHS = (390, 820, 1440)


def titles(page):
    return page.locator("#results h3").all_text_contents()


def items(wire, feed):
    with urllib.request.urlopen(f"{wire}/feeds/{feed}.json") as answer:
        return json.load(answer)["items"]


def an_article(wire):
    return "/articles/" + items(wire, "all")[0]["id"].removeprefix("urn:uuid:")


def a_story(wire):
    """The id of one that several report."""
    return next(item["id"].removeprefix("urn:uuid:") for item in items(wire, "all.stories") if item["_aggregator"].get("also"))


def test_from_the_river_to_all_reports_and_back(look):
    page = look("/", locale="ru-RU")
    page.get_by_role("link", name="Все сообщения", exact=True).first.click()
    reports = page.locator(".reports article")

    assert "сообщени" in page.locator(".lead").inner_text()
    assert reports.count() > 1
    assert len({report.get_attribute("lang") for report in reports.locator("h2").all()}) > 1
    reports.get_by_role("link", name="Читать здесь").last.click()
    page.get_by_role("link", name="Все сообщения рядом").click()
    assert page.locator(".reports article").count() > 1


@pytest.mark.parametrize("width", WIDTHS)
def test_reports_stand_side_by_side_where_there_is_room(look, wire, width):
    page = look(f"/stories/{a_story(wire)}/", width=width)
    boxes = [report.bounding_box() for report in page.locator(".reports > li").all()]

    assert (boxes[0]["y"] == boxes[1]["y"]) == (width > 600)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_address_of_a_feed_is_copied_by_its_button(look, wire):
    page = look("/feeds/", permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy HIT and Russia, RSS").click()

    page.get_by_role("button", name="Copied HIT and Russia, RSS").wait_for()
    assert page.get_by_role("status").text_content() == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == f"{wire}/feeds/hit-and-russia.rss"


def test_an_address_is_copied_where_the_clipboard_is_not_allowed(look, wire):
    page = look("/universities/hit/")
    page.evaluate(
        "delete Navigator.prototype.clipboard; document.addEventListener('copy', () => { window.copied = String(getSelection()); })"
    )
    page.get_by_text("Subscribe", exact=True).click()

    page.get_by_role("button", name="Copy RSS").click()

    page.get_by_role("button", name="Copied RSS").wait_for()
    assert page.evaluate("window.copied") == f"{wire}/universities/hit.rss"


def test_a_search_in_chinese_answers_while_it_is_typed(look):
    page = look("/", locale="zh-CN")

    page.get_by_role("searchbox", name="搜索新闻").press_sequentially("苔藓", delay=30)
    page.get_by_text("搜索：", exact=False).first.wait_for()

    assert titles(page) == ["我校师生用回收雨水建成校园苔藓园"]
    assert page.url.endswith("/search?q=%E8%8B%94%E8%97%93")
    assert page.title().startswith("搜索：苔藓")
    assert page.get_by_role("status").text_content() == "搜索： 苔藓 – 1 篇文章"


def test_a_word_in_the_making_is_not_searched(look):
    page = look("/")
    field = page.get_by_role("searchbox")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/search" in request.url else None)

    field.dispatch_event("compositionstart")
    field.fill("tai")
    page.wait_for_timeout(600)

    assert asked == []


def test_a_filter_narrows_the_river_at_once(look):
    page = look("/")

    page.get_by_label("From", exact=True).select_option("university:bauman")
    page.wait_for_url("**from=university*")
    page.locator("#results .subscribe").wait_for()

    assert titles(page)
    assert set(page.locator("#results .who").all_text_contents()) == {"Bauman Moscow State Technical University"}


@pytest.mark.parametrize("width", [375, 1280])
def test_a_topic_is_chosen_beside_the_other_filters(look, width):
    page = look("/", width=width)

    page.get_by_label("What the news are for").select_option("research")
    page.wait_for_url("**topic=research*")

    assert page.locator("#results").text_content().strip().startswith("Search: topic:research")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("script", [True, False])
def test_the_feed_builder_leads_to_a_feed(look, wire, script):
    page = look("/feeds/build", java_script_enabled=script)

    page.get_by_text("Russia", exact=False).first.click()
    page.get_by_label("Bauman Moscow State Technical University").check()
    page.get_by_label("Russian").check()
    if script:
        page.wait_for_url("**language=ru")
    else:
        page.get_by_role("button", name="Show this feed").click()
    page.get_by_role("heading", name="Your feed").wait_for()

    address = page.get_by_label("RSS").input_value()
    with urllib.request.urlopen(address) as answer:
        feed = answer.read().decode()
    assert address.startswith(f"{wire}/search.rss?q=university%3Abauman")
    assert [title for title in titles(page) if f"<title>{title}</title>" not in feed] == []
    assert len(titles(page)) > 3


def test_everything_works_without_script(look):
    page = look("/", java_script_enabled=False)

    page.get_by_role("searchbox").fill("robot OR ice")
    page.get_by_label("Language of the news").select_option("en")
    page.get_by_role("button", name="Search").click()

    assert "language=en" in page.url
    assert set(page.locator("#results .language").all_text_contents()) == {"English"}
    page.locator("#results h3 a").first.click()
    assert page.get_by_role("link", name=re.compile("Read the original")).is_visible()


def test_a_feed_opened_in_a_browser_says_what_it_is(look, wire):
    page = look("/feeds/all.atom")

    assert page.get_by_label("Address of this feed").input_value() == f"{wire}/feeds/all.atom"
    assert page.locator("h3").count() > 20


def test_a_feed_fetched_by_a_program_in_a_browser_is_the_feed(look):
    page = look("/feeds/all.rss")

    kind, start = page.evaluate(
        "fetch('/feeds/all.rss').then(async answer => [answer.headers.get('content-type'), (await answer.text()).slice(0, 5)])"
    )

    assert (kind, start) == ("application/rss+xml; charset=utf-8", "<?xml")


def test_the_file_of_a_feed_is_readable_in_a_browser(look):
    """As a web server sends the exported file that follows our advice (aggregator/serve/README.md): as application/xml."""
    page = look("/")

    def as_xml(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-type": "application/xml; charset=utf-8"})

    page.route("**/feeds/*", as_xml)
    for path, title in (("/feeds/all.rss", "item > title"), ("/feeds/all.atom", "entry > title")):
        page.goto(page.url.partition("/feeds")[0].rstrip("/") + f"{path}?raw=1")
        assert page.evaluate(f"getComputedStyle(document.querySelector('{title}')).display") == "block"
        assert "Copy its address" in page.evaluate("getComputedStyle(document.documentElement, '::before').content")


def test_the_language_is_switched_and_stays(look):
    page = look("/", locale="en-GB")

    page.get_by_role("link", name="Русский").click()
    page.get_by_role("link", name="Ленты", exact=True).click()

    assert page.locator("h1").text_content() == "Ленты"
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_window(look, path):
    page = look(path, expected=("404", "400"), locale="ru-RU")

    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_dark_is_dark_and_light_is_light(look):
    def brightness(scheme):
        colour = look("/", color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3

    assert brightness("dark") < 60
    assert brightness("light") > 230


def test_the_keyboard_reaches_everything(look):
    page = look("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_the_status_is_sorted_by_its_columns(look):
    page = look("/status")

    page.get_by_role("columnheader", name="Articles").get_by_role("link").click()

    numbers = [int(text) for text in page.locator("td.number").all_text_contents()]
    assert numbers == sorted(numbers, reverse=True)
    assert page.get_by_role("columnheader", name="Articles").get_attribute("aria-sort") == "descending"


def test_print_is_paper(look):
    page = look("/")
    page.emulate_media(media="print")

    assert not page.get_by_role("searchbox").is_visible()
    assert page.locator("h3").first.is_visible()


@pytest.mark.parametrize(
    ("scheme", "locale", "width"), [("light", "en-GB", 1440), ("dark", "ru-RU", 390), ("light", "zh-CN", 820), ("dark", "en-GB", 1440)]
)
def test_axe_finds_nothing(look, wire, axe, scheme, locale, width):
    """WCAG 2.2 AA and good practice, with everything unfolded."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = []
    story = a_story(wire)
    for path in (*PAGES, an_article(wire), f"/articles/{story}", f"/stories/{story}"):
        page = look(path, width=width, color_scheme=scheme, locale=locale, expected=("404", "400"))
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        page.evaluate(axe)
        broken = page.evaluate("rules => axe.run({runOnly: rules}).then(result => result.violations)", rules)
        found += [(path, rule["id"], node["html"][:200], node["failureSummary"]) for rule in broken for node in rule["nodes"]]
        page.close()

    assert found == []


def test_on_a_phone_each_source_is_a_card_that_says_what_its_numbers_are(look):
    page = look("/status", width=390)
    cells = page.locator(".wide tbody tr").first.get_by_role("cell").all()

    assert page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('.wide'))")
    assert {cell.get_attribute("data-label") for cell in cells} == {"State", "Articles", "Last success", "Next poll"}
    assert len({cell.bounding_box()["x"] for cell in cells}) == 1


def test_the_heading_of_a_search_stands_in_line_with_what_is_found(look):
    page = look("/search?q=ice")

    assert page.locator("h1").bounding_box()["x"] == page.locator(".day h2").first.bounding_box()["x"]
    assert page.locator("h1").evaluate("heading => getComputedStyle(heading).paddingLeft") == "0px"
