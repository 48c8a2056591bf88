"""What becomes of a source when its site is redesigned: real pages, changed in the ways that sites change, polled by the real poller.

    uv run python tests/bench/redesigns.py [FOLDER with html/ and truth.jsonl] [--pages N] [--only NAME] [--show]

Each page is read twice, as it was and as it is, so that its profile is learned; then it is redesigned and publishes two more items at the same time; it is
polled again, an hour, and a day later. For each redesign:

    repaired    the two new items are published, everything else is as before
    detected    repaired, or in the state "review" or "failing": the operator is told
    wrong       articles published that are no items of the list
    duplicates  articles published that had been published before

Pages on which there is nothing to find any more (a login, an error page, an empty list, navigation, another site's list, one article) must publish nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import gzip
import json
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import lxml.html
import structlog
from lxml.html import HtmlElement

from aggregator.errors import HttpStatus, ReadError
from aggregator.fetch import Fetcher, Response
from aggregator.model import Article, Page, Source, Validators
from aggregator.offload import Offload
from aggregator.plan import Rhythm
from aggregator.poll import LEASE, Poller
from aggregator.query import parse
from aggregator.read import read
from aggregator.read.recall import selector
from aggregator.store import Store
from aggregator.text import charset, urls

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "listings"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
NEW = (
    "Rectors of five northern universities meet to plan a shared polar observatory",
    "A library of frozen seeds opens its doors to pupils",
)


@dataclass
class Item:
    title: str
    url: str
    date: datetime | None


@dataclass
class Site:
    """A page of the corpus, its items as they are read, and where they stand in it."""

    name: str
    url: str
    html: str
    items: list[Item]


# --- the pages ---------------------------------------------------------------------------------------------------------------------


def sites(folder: Path, most: int) -> Iterable[Site]:
    taken = 0
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        body = gzip.decompress((folder / told["file"]).read_bytes())
        html = charset.decode(body, content_type=None).text
        html = re.sub(r"<\?xml[^>]*\?>", "", html)
        try:
            reading = read(Page(told["url"], html.encode()), Source("x", told["url"], full_text="never"), now=NOW)
        except ReadError:
            continue
        items = [Item(each.title or "", each.url or "", each.published) for each in reading.entries]
        if len(items) < 5 or taken >= most:
            continue
        taken += 1
        yield Site(told["file"], told["url"], html, items)


def items_of(site: Site, source: Source) -> list[Item]:
    reading = read(Page(site.url, site.html.encode()), source, now=NOW)
    return [Item(each.title or "", each.url or "", each.published) for each in reading.entries]


def parsed(html: str) -> HtmlElement:
    return lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def rows_of(root: HtmlElement, site: Site) -> list[HtmlElement]:
    """The element around each item that holds no other item."""
    keys = {urls.key(item.url) for item in site.items}
    anchors = [a for a in root.iter("a") if a.get("href") and urls.key(link_of(site, root, a)) in keys]
    rows: dict[int, HtmlElement] = {}
    for anchor in anchors:
        own = urls.key(link_of(site, root, anchor))
        row = anchor
        for above in anchor.iterancestors():
            if above.tag in ("body", "html"):
                break
            inside = {urls.key(link_of(site, root, a)) for a in above.iter("a") if a.get("href")} & keys
            if inside != {own}:
                break
            row = above
        rows.setdefault(id(row), row)
    return list(rows.values())


def base_of(root: HtmlElement, site: Site) -> str:
    found = root.find(".//base")
    return (urls.absolute(site.url, found.get("href")) if found is not None else None) or site.url


def shown(root: HtmlElement) -> str:
    return "<!DOCTYPE html>" + lxml.html.tostring(root, encoding="unicode")


def before(site: Site) -> str:
    """The page as it was: without its first two items."""
    root = parsed(site.html)
    for row in rows_of(root, site)[:2]:
        if (parent := row.getparent()) is not None:
            parent.remove(row)
    return shown(root)


def published_more(site: Site) -> tuple[str, list[Item]]:
    """The page with two items more on top, built like its first one; fewer where its rows cannot be copied."""
    root = parsed(site.html)
    rows = rows_of(root, site)
    added = []
    row = first_of_most(rows)
    for number, title in enumerate(NEW):
        fresh = copy.deepcopy(row)
        links = [fresh] if fresh.tag == "a" else list(fresh.iter("a"))
        old = next((item for item in site.items if any(key_of(site, root, a) == urls.key(item.url) for a in links)), None)
        if old is None:
            continue
        url = renumbered(old.url, number)
        for link in links:
            link.set("href", url)
            if link.get("title"):
                link.set("title", title)
        retitle(fresh, old.title, title)
        row.addprevious(fresh)
        added.append(Item(title, url, old.date))
    return shown(root), added


def first_of_most(rows: Sequence[HtmlElement]) -> HtmlElement:
    """The first row of the list that holds most of them: a selector that also takes the head of a page makes no news of it."""
    lists = [tuple((above.tag, above.get("class")) for above in islice(row.iterancestors(), 2)) for row in rows]
    most = Counter(lists).most_common(1)[0][0]
    return rows[lists.index(most)]


def key_of(site: Site, root: HtmlElement, link: HtmlElement) -> str:
    return urls.key(link_of(site, root, link))


def link_of(site: Site, root: HtmlElement, link: HtmlElement) -> str:
    return urls.absolute(base_of(root, site), link.get("href")) or ""


def renumbered(url: str, number: int) -> str:
    """Another address of the same scheme."""
    digits = list(re.finditer(r"\d+", urlsplit(url).path + "?" + urlsplit(url).query))
    if digits:
        last = list(re.finditer(r"\d+", url))[-1]
        return url[: last.start()] + str(int(last[0]) + 7000 + number) + url[last.end() :]
    head, dot, tail = url.rpartition(".") if re.search(r"\.[a-z]{3,5}$", url) else (url.rstrip("/"), "", "")
    return f"{head}-again-{'abc'[number]}{dot}{tail}" if head else f"{url}/again-{number}"


def retitle(row: HtmlElement, old: str, new: str) -> None:
    plain = "".join(old.split())
    best = None
    for element in row.iter():
        if not isinstance(element.tag, str):
            continue
        text = "".join("".join(element.itertext()).split())
        if plain and (plain in text or text[:20] == plain[:20]):
            best = element
    if best is None:
        return
    for child in list(best):
        best.remove(child)
    best.text = new
    for element in row.iter():  # an item of its own tells something of its own: the same text twice is listed once
        if element is not best and element.text and len(element.text.strip()) >= 20:
            element.text = f"What is told of it: {new.lower()}."
        if element.tail and element is not row and len(element.tail.strip()) >= 20:
            element.tail = f" More of it: {new.lower()}. "


# --- the redesigns -----------------------------------------------------------------------------------------------------------------


def renamed(html: str, site: Site, items: Sequence[Item]) -> str:
    root = parsed(html)
    for element in root.iter():
        if isinstance(element.tag, str):
            for name in ("class", "id"):
                if value := element.get(name):
                    element.set(name, " ".join("c" + format(abs(hash_of(word)) % 16**6, "x") for word in value.split()))
    return shown(root)


def hash_of(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=6).digest(), "big")


def retagged(html: str, site: Site, items: Sequence[Item]) -> str:
    root = parsed(html)
    names = {
        "ul": "section",
        "ol": "section",
        "li": "article",
        "table": "div",
        "tbody": "div",
        "tr": "div",
        "td": "span",
        "dl": "div",
        "dt": "p",
        "dd": "p",
    }
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            if element.tag == "div" and element.get("class"):
                element.tag = "section"
            elif element.tag in names:
                element.tag = names[element.tag]
            for name in ("class", "id"):
                element.attrib.pop(name, None)
    return shown(root)


def wrapped(html: str, site: Site, items: Sequence[Item]) -> str:
    root = parsed(html)
    rows = rows_of(root, replace(site, items=[*site.items, *items]))
    for row in rows:
        if row.tag in ("tr", "td", "tbody", "dd", "dt"):
            continue
        outer = lxml.html.fromstring("<div class='card-outer'><div class='card-inner'></div></div>")
        row.addprevious(outer)
        tail, row.tail = row.tail, None
        outer[0].append(row)
        outer.tail = tail
    for element in root.iter("div"):
        if element.get("class") and "card" not in element.get("class", ""):
            element.set("class", "layout " + element.get("class", "")[:3])
    return shown(root)


_PAGES = (
    "<ul class='post-list'>{}</ul>",
    "<div class='view-content'>{}</div>",
    "<main><section class='grid'>{}</section></main>",
    "<table class='records'><tbody>{}</tbody></table>",
)
_ROWS = (
    "<li class='post'><time>{date}</time><h3><a href='{url}'>{title}</a></h3></li>",
    "<div class='views-row'><span class='when'>{date}</span><div class='views-field-title'><a href='{url}'>{title}</a></div></div>",
    "<article class='tile'><a href='{url}'><h2>{title}</h2></a><p class='meta'>{date}</p></article>",
    "<tr><td>{date}</td><td><a href='{url}'>{title}</a></td></tr>",
)
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%Y/%m/%d")
_MENU = (
    "About",
    "Study",
    "Research",
    "Campus life",
    "Contact",
    "Library",
    "Jobs",
    "For the press",
    "Alumni",
    "Imprint",
    "Our history",
    "Admissions",
)


def rebuilt(site: Site, items: Sequence[Item]) -> str:
    """Another system: nothing of the old page is left but its items."""
    style = hash_of(site.name) % 4
    rows = "".join(
        _ROWS[style].format(
            date=item.date.strftime(_DATES[style]) if item.date else "", url=escape(item.url, quote=True), title=escape(item.title)
        )
        for item in items
    )
    return page_of(_PAGES[style].format(rows), site)


def page_of(main: str, site: Site, title: str = "News") -> str:
    root = f"{urlsplit(site.url).scheme}://{urlsplit(site.url).netloc}"
    menu = "".join(f"<li><a href='{root}/{name.lower().replace(' ', '-')}/'>{name}</a></li>" for name in _MENU)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><header><nav><ul class='menu'>{menu}</ul></nav></header>"
        f"<div id='content'><h1>{title}</h1>{main}</div><footer><p>The university, Main street 1</p></footer></body></html>"
    )


def another_system(html: str, site: Site, items: Sequence[Item]) -> str:
    return rebuilt(site, [*items, *site.items])


def rescheme(item: Item, host: str | None = None) -> Item:
    """The same item in another scheme of addresses."""
    parts = urlsplit(item.url)
    number = hash_of(urls.key(item.url)) % 10**6
    path = f"/stories/{number}" if re.search(r"[a-z]{4,}-[a-z]", parts.path) else f"/en/posts/item-{number}-story"
    return Item(item.title, f"{parts.scheme}://{host or parts.netloc}{path}", item.date)


def readdressed(html: str, site: Site, items: Sequence[Item], host: str | None = None) -> str:
    """The same page; all its items have other addresses."""
    root = parsed(html)
    new = {urls.key(item.url): rescheme(item, host).url for item in (*items, *site.items)}
    for link in root.iter("a"):
        if link.get("href") and (target := new.get(key_of(site, root, link))):
            link.set("href", target)
    return shown(root)


def all_at_once(html: str, site: Site, items: Sequence[Item]) -> str:
    return rebuilt(site, [rescheme(item) for item in (*items, *site.items)])


def shorter(html: str, site: Site, items: Sequence[Item]) -> str:
    """Another system, that shows half as many."""
    return rebuilt(site, [*items, *site.items[: max(6, len(site.items) // 2)]])


HOST = "www.new-home.example.edu"


def host_of_all(html: str, site: Site, items: Sequence[Item]) -> str:
    return rebuilt(site, [rescheme(item, HOST) for item in (*items, *site.items)])


PAGES: dict[str, Callable[[str, Site, Sequence[Item]], str]] = {
    "classes renamed": renamed,
    "tags changed": retagged,
    "rows wrapped": wrapped,
    "another system": another_system,
    "another scheme of addresses": readdressed,
    "all at once": all_at_once,
    "another system, half as long": shorter,
}

LOGIN = "<form action='/login' method='post'><label>User name <input name='user'></label><label>Password <input type='password' name='p'></label><button>Log in</button></form>"
LOST = "<p>The page you are looking for could not be found. It may have been moved or deleted.</p>"


def nothing(site: Site, others: Sequence[Site]) -> dict[str, str]:
    other = others[hash_of(site.name) % len(others)]
    told = " ".join(["The university has opened a new building for its physicists, after three years of work."] * 12)
    menu = "".join(f"<li><a href='/{name.lower().replace(' ', '-')}'>{name} of the university</a></li>" for name in _MENU)
    return {
        "a login": page_of(LOGIN, site, "Log in"),
        "an error page": page_of(LOST, site, "Page not found"),
        "an empty list": page_of("<ul class='post-list'></ul><p>No entries.</p>", site),
        "navigation": page_of(f"<ul class='links'>{menu}</ul>", site, "Welcome"),
        "another site's list": rebuilt(other, other.items),
        "one article": page_of(f"<article><h1>A new building</h1><p>{told}</p></article>", site, "A new building"),
    }


# --- the poller --------------------------------------------------------------------------------------------------------------------


class Network:
    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.redirects: dict[str, str] = {}

    async def fetch(self, url: str, *, validators: Validators | None = None, despite_robots: bool = False) -> Response:
        target = self.redirects.get(url, url)
        if target not in self.pages:
            raise HttpStatus(f"{url}: answered 404", url=url, status=404)
        body = self.pages[target].encode()
        permanent = target if target != url else None
        return Response(Page(target, body, "text/html; charset=utf-8"), target, 200, Validators(), permanent, None, len(body), {})


class Inline:
    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)


class Life:
    """One source, its database and its site."""

    def __init__(self, source: Source, database: Path) -> None:
        self.source, self.now, self.network = source, NOW, Network()
        self.store = Store.open(f"sqlite:///{database}")
        self.store.sync([source], now=self.now)
        self.poller = Poller(
            fetcher=cast("Fetcher", self.network),
            store=self.store,
            offload=cast("Offload", Inline()),
            sources={source.id: source},
            rhythm=Rhythm(),
            pages=0,
            clock=lambda: self.now,
            jitter=lambda: 0.5,
        )

    def poll(self, later: timedelta = timedelta(hours=1)) -> None:
        self.now += later
        (state,) = self.store.claim(now=self.now, limit=1, owner="bench", lease=LEASE, untouched_since=self.now)
        asyncio.run(self.poller.poll(state))

    @property
    def state(self) -> Any:
        return self.store.states()[0]

    def articles(self) -> list[Article]:
        return list(self.store.articles(parse("", {}), limit=1000))


@dataclass
class Tally:
    cases: int = 0
    repaired: int = 0
    detected: int = 0
    wrong: int = 0
    duplicates: int = 0
    failures: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def learned(source: Source, site: Site, database: Path) -> bool:
    life = Life(source, database)
    with life.store:
        for html in (before(site), site.html):
            life.network.pages = {site.url: html}
            life.poll(timedelta(hours=3))
        return bool(life.state.state == "ok" and life.state.articles >= 5)


def redesign(
    site: Site,
    source: Source,
    learned_database: Path,
    folder: Path,
    pages: dict[str, str],
    redirects: dict[str, str],
    new: Sequence[Item],
    tally: Tally,
    label: str,
) -> None:
    database = folder / "case.db"
    for name in folder.glob("case.db*"):
        name.unlink()
    shutil.copy(learned_database, database)
    life = Life(source, database)
    life.now = NOW + timedelta(hours=6)
    life.network.pages, life.network.redirects = pages, redirects
    with life.store:
        old = {article.id: article for article in life.articles()}
        for later in (timedelta(hours=1), timedelta(hours=1), timedelta(days=1)):
            life.poll(later)
        fresh = [article for article in life.articles() if article.id not in old]
        state = life.state.state
        problem = life.state.problem
    known = {plain(article.title) for article in old.values()}
    wanted = {plain(item.title) for item in new}
    repeated = [article for article in fresh if plain(article.title) in known]
    true = wanted | {plain(item.title) for item in site.items}
    places = {urls.key(address) for item in (*new, *site.items) for address in (item.url, rescheme(item).url, rescheme(item, HOST).url)}
    wrong = [article for article in fresh if plain(article.title) not in true and urls.key(article.url or "") not in places]
    found = wanted <= {plain(article.title) for article in fresh}
    tally.cases += 1
    tally.wrong += len(wrong)
    tally.duplicates += len(repeated)
    good = state in ("ok", "silent") and found and not wrong and not repeated if new else state not in ("ok", "silent") and not fresh
    tally.repaired += good
    tally.detected += good or state in ("review", "failing", "gone")
    if not good:
        tally.failures.append(
            f"{site.name} [{source.kind}] {label}: {state}, {len(fresh)} new ({len(wrong)} wrong, {len(repeated)} repeated): {[a.title[:40] for a in wrong[:3]]} {problem or ''}"[
                :400
            ]
        )


def run(folder: Path, most: int, skip: int, *, only: str, show: bool) -> dict[str, float]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    found = list(sites(folder, most))[skip:]
    tallies: dict[str, Tally] = defaultdict(Tally)
    used = 0
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for number, held in enumerate(found, skip):
            if only not in held.name:
                continue
            site = held
            source = Source("north/news", site.url, full_text="never", country="NO", timezone="Europe/Oslo", every=timedelta(minutes=30))
            if number % 2 and (items := selector(Page(site.url, site.html.encode()), [article_of(item) for item in site.items])):
                source = replace(source, kind="listing", selectors=selectors_of(items))
                site = replace(site, items=items_of(site, source))
            database = work / f"{number}.db"
            if not learned(source, site, database):
                continue
            used += 1
            html, added = published_more(site)
            shown_now = {item.title for item in items_of(replace(site, html=html), source)}
            new = [item for item in added if item.title in shown_now]
            if not new:  # its rows cannot be copied: nothing could be told of what becomes of it
                continue
            for label, change in PAGES.items():
                redesign(site, source, database, work, {site.url: change(html, site, new)}, {}, new, tallies[label], label)
            moved = f"https://{HOST}/en/news"
            there = host_of_all(html, site, new)
            redesign(
                site, source, database, work, {moved: there}, {site.url: moved}, new, tallies["another host, redirected"], "redirected"
            )
            home = f"{urlsplit(site.url).scheme}://{urlsplit(site.url).netloc}/"
            told = page_of(f"<p>Our <a href='{moved}'>news</a> are at another address.</p>", site, "Welcome to the university")
            if home != site.url:
                redesign(
                    site,
                    source,
                    database,
                    work,
                    {moved: there, home: told},
                    {},
                    new,
                    tallies["another host, linked from the front page"],
                    "linked",
                )
            for label, page in nothing(site, [each for each in found if urlsplit(each.url).netloc != urlsplit(site.url).netloc]).items():
                redesign(site, source, database, work, {site.url: page}, {}, [], tallies[f"nothing: {label}"], label)
            for left in work.glob(f"{number}.db*"):
                left.unlink()
            if show and number % 20 == 19:
                told_of(tallies, used, show=True)
            if show:
                print(f"{number + 1}/{len(found)} {site.name}", file=sys.stderr)
    return told_of(tallies, used, show=show)


def selectors_of(items: str) -> Any:
    from aggregator.model import Selectors

    return Selectors(items)


def article_of(item: Item) -> Article:
    return Article(item.url, item.title, item.url, "x", None, NOW, item.date)


def told_of(tallies: dict[str, Tally], used: int, *, show: bool) -> dict[str, float]:
    print(f"{used} pages\n{'redesign':44}{'cases':>7}{'detected':>10}{'repaired':>10}{'wrong':>7}{'duplicates':>12}")
    for label, tally in tallies.items():
        print(
            f"{label:44}{tally.cases:7}{tally.detected / tally.cases:10.1%}{tally.repaired / tally.cases:10.1%}{tally.wrong:7}{tally.duplicates:12}"
        )
        for failure in tally.failures if show else ():
            print(f"    {failure}")
    true = [tally for label, tally in tallies.items() if not label.startswith("nothing")]
    cases = sum(tally.cases for tally in true)
    figures = {
        "redesigns": cases,
        "detected": sum(tally.detected for tally in true) / cases,
        "repaired": sum(tally.repaired for tally in true) / cases,
        "wrong": sum(tally.wrong for tally in tallies.values()),
        "duplicates": sum(tally.duplicates for tally in tallies.values()),
        "nothing_detected": sum(t.detected for label, t in tallies.items() if label.startswith("nothing"))
        / sum(t.cases for label, t in tallies.items() if label.startswith("nothing")),
    }
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
    return figures


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    arguments.add_argument("--pages", type=int, default=1000)
    arguments.add_argument("--skip", type=int, default=0)
    arguments.add_argument("--only", default="", help="pages with this in their name")
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    run(options.folder, options.pages, options.skip, only=options.only, show=options.show)
