"""Who signs an article: from what the page states for machines, or else from the line by its title or at its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.article import facts, weigh
from aggregator.read.article.facts import Facts, Node
from aggregator.read.article.lines import Around, Line, is_caption
from aggregator.text import bylines, markup, urls

_META = (
    "author article:author parsely-author sailthru.author dc.creator dc.creator.name dcterms.creator dc:creator byl byline citation_author "
    "article:author_name authors article.author creator cxenseparse:author"
).split()
_NAMES = "byline bylines by-line author authors authorname autor autoren auteur auteurs autore writer reporter contributor contributors creator zuozhe"
"""Words of the classes and ids of elements that hold a byline, …"""
_OTHER_NAMES = "follow button btn bio biography image img avatar photo social link links summary heading comment description desc role title job date nav more card"
"""… and of those that stand beside one."""
_NAMED, _NOT_NAMED = (re.compile(rf"(?<![a-z])(?:{names.replace(' ', '|')})(?![a-z])") for names in (_NAMES, _OTHER_NAMES))
_LABEL = re.compile(
    r"""(?ix)(?:
    (?:written\ |posted\ |story\ )?by | authors? | von | verfasst\ von | geschrieben\ von | autor(?:in)? | par | écrit\ par | auteur | por | escrito\ por
    | scritto\ da | автор | текст | 作者 | 记者 | 文
    )\s{0,2}[:：]?"""
)
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"\s*[|•·/»]\s*|\s+[-–—]\s+|\s{2,}")
_HANDLE = re.compile(r"\s@\w+")
_PERSONS_PAGE = re.compile(
    r"""(?ix)
    /(?:authors? | autor(?:es|en)? | auteurs? | autori? | writers? | reporters? | contributors? | profile | users? | staff | journalists?)
    /[^/?\#]{2,80} /?$"""
)
"""Where the path of a link leads to the page of a person."""
_NETWORKS = ("youtube.com", "facebook.com", "twitter.com", "instagram.com", "linkedin.com", "github.com")
_LINKED = "link to the page of an author"
_LONGEST_HOLDER = 120
_FEW_WORDS = 3
_MOST_MARKS = 60

Undated = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Byline:
    authors: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that says of itself that it names an author. ``sure``: by a standard attribute, not only by a class."""

    element: HtmlElement
    rule: str
    sure: bool


_Candidate = tuple[str, tuple[str, ...]]


def marks(root: HtmlElement) -> list[Mark]:
    """Asked before chrome is dropped from the tree: many bylines stand in it."""
    return list(islice((mark for mark in _marks(root) if not _is_elsewhere(mark.element)), _MOST_MARKS))


def find(said: Facts, found: Sequence[Mark], around: Around, *, url: str, undated: Undated) -> Byline:
    """Who signs the article; ``found`` are the ``marks``.

    ``undated`` takes the dates out of a line. People go before units, wherever they stand; the site itself is nobody.
    """
    sites = _sites(said, url)
    units: _Candidate | None = None
    short: _Candidate | None = None
    for rule, names in _candidates(said, found, around, sites, undated):
        persons = tuple(name for name in names if not bylines.is_unit(name) and not _is_own(name, sites))
        if short is not None:
            if len(persons) == 1 and _is_short_for(short[1][0], persons[0]):
                return Byline(persons, rule)
        elif len(persons) == 1 and len(persons[0].split()) == 1 and persons[0].isascii():
            short = (rule, persons)
        elif persons:
            return Byline(persons, rule)
        signing = tuple(name for name in names if not _is_own(name, sites))
        if signing and units is None:
            units = (rule, signing)
    if short or units:
        rule, names = short or units or ("", ())
        return Byline(names, rule)
    return next(
        (Byline(editors, "editor, where nobody signs as author") for line in around.after if (editors := _editors(line, sites))), Byline()
    )


def _is_short_for(short: str, name: str) -> bool:
    """Whether a single word, a first name or the name of an account, stands for the whole name: ``ann.lee`` or ``Ann`` for Ann Lee."""
    words = name.lower().split()
    pieces = re.split(r"[._-]", short.lower())
    return len(words) > 1 and (all(piece in words for piece in pieces) or "".join(words) == "".join(pieces))


def _editors(line: Line, sites: Collection[str]) -> tuple[str, ...]:
    found = bylines.credits(line.text, sites=sites) or bylines.signature(line.text, sites=sites)
    return tuple(credit.name for credit in found if credit.role == "editor" and not credit.unit)


def _candidates(said: Facts, found: Sequence[Mark], around: Around, sites: Collection[str], undated: Undated) -> Iterator[_Candidate]:
    for node in said.articles[:1] or said.pages[:1]:
        yield "JSON-LD author", _json(node, said, sites)
    for number in "12":
        if _LABEL.fullmatch(said.first(f"twitter:label{number}") or ""):
            yield f"meta twitter:data{number}", bylines.people(said.first(f"twitter:data{number}") or "", sites=sites, pen_names=True)
    for name in _META:
        values = said.meta.get(name, ())[:20]
        found_in = (person for value in values for person in bylines.people(value, sites=sites))
        yield (
            f"meta {name}",
            tuple(
                dict.fromkeys(
                    person
                    for person in found_in
                    if not bylines.is_unit(person) and (_is_plausible(person) or (person.isascii() and " " not in person))
                )
            ),
        )
    near, others = _by_place(found, around.before)
    behind, far = _by_place(others, around.after)
    yield from _read(near, sites)
    yield from _lines("line by the title", around.before, sites)
    yield from _read(behind, sites)
    yield from _dated(around.before[:12], sites, undated)
    yield from _read(far[:3], sites)
    yield from _lines("line at the end", around.after, sites)


def _lines(rule: str, lines: Sequence[Line], sites: Collection[str]) -> Iterator[_Candidate]:
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        if is_caption(line.block):
            continue
        text = f"{line.text} {following.text}" if following is not None and _LABEL.fullmatch(line.text) else line.text
        found = bylines.credits(text, sites=sites) or bylines.signature(text, sites=sites)
        yield rule, bylines.authors(found)


def _dated(lines: Sequence[Line], sites: Collection[str], undated: Undated) -> Iterator[_Candidate]:
    """Names that share a line with the date: ``Ann Lee - December 21, 2023``, ``11.12.2019 | by Ann Lee``."""
    beside = False
    for line in lines:
        if line.long or len(line.text) > 120:
            beside = False
            continue
        rest = undated(line.text) if _DIGIT.search(line.text) else line.text
        was_beside, beside = beside, rest != line.text
        if not beside and not was_beside and not _HANDLE.search(line.text):
            continue
        for part in _PARTS.split(rest):
            names = bylines.authors(bylines.credits(part, sites=sites)) or bylines.roster(part, sites=sites)
            if names and all(map(bylines.is_person, names)):
                yield ("line with the date" if beside else "line beside the date"), names


def _json(node: Node, said: Facts, sites: Collection[str]) -> tuple[str, ...]:
    value = node.get("author") or node.get("creator")
    found: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict) and "name" not in item and item.get("@id") in said.nodes:
            item = said.nodes[item["@id"]]  # noqa: PLW2901  # the node that the reference names
        if not isinstance(item, dict) or "rganization" not in str(item.get("@type")):
            found.extend(bylines.people(facts.text(item), sites=sites, pen_names=True))
    return tuple(dict.fromkeys(found))


def _marks(root: HtmlElement) -> Iterator[Mark]:
    for element in root.iter(etree.Element):
        if (element.get("itemprop") or "").lower() == "author":
            yield Mark(element, "itemprop author", sure=True)
        elif "author" in (element.get("rel") or "").lower().split():
            yield Mark(element, "rel author", sure=True)
        elif element.tag == "a" and _leads_to_person(element):
            yield Mark(element, _LINKED, sure=True)
        elif (classes := element.get("class")) and _is_named(weigh.words(classes, element.get("id"))):
            yield Mark(element, f"class {' '.join(classes.split())[:60]}", sure=False)


def _leads_to_person(link: HtmlElement) -> bool:
    """Whether it leads to the page of an author of this site; not from within a paragraph of the text."""
    address = link.get("href") or ""
    if not _PERSONS_PAGE.search(address) or any(site in address for site in _NETWORKS):
        return False
    parent = link.getparent()
    return parent is None or len("".join(parent.itertext())) < _LONGEST_HOLDER


@lru_cache(maxsize=4096)
def _is_named(shape: str) -> bool:
    return _NAMED.search(shape) is not None and _NOT_NAMED.search(shape) is None


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether it stands in comments, related articles and the like, or on a card that leads to another article."""
    for ancestor in element.iterancestors():
        if weigh.chrome(ancestor) == 2 or (ancestor.tag == "a" and ancestor.get("href") and _is_part(element, ancestor)):
            return True
    return False


def _is_part(element: HtmlElement, link: HtmlElement) -> bool:
    """Whether the link says more than who wrote it: a headline, a teaser."""
    return len("".join(link.itertext()).split()) > len("".join(element.itertext()).split()) + _FEW_WORDS


def _by_place(found: Sequence[Mark], lines: Sequence[Line]) -> tuple[list[Mark], list[Mark]]:
    """Those in or around the lines, and the others."""
    zone = {ancestor for line in lines for ancestor in (line.block, *list(line.block.iterancestors())[:2])}
    near = [
        mark
        for mark in found
        if mark.element in zone
        or mark.element.getparent() in zone
        or any(inner in zone for inner in list(mark.element.iter(etree.Element))[:20])
    ]
    return near, [mark for mark in found if mark not in near]


def _read(found: Sequence[Mark], sites: Collection[str]) -> Iterator[_Candidate]:
    """The first of the marks that names somebody, with its neighbours of the same kind."""
    for mark in sorted(found, key=lambda mark: not mark.sure):
        names = _names(mark, sites)
        if not names:
            continue
        parent = mark.element.getparent()
        beside = [
            other
            for other in found
            if other is not mark and other.rule == mark.rule and parent is not None and parent in list(other.element.iterancestors())[:2]
        ]
        yield mark.rule, tuple(dict.fromkeys([*names, *(name for other in beside[:10] for name in _names(other, sites))]))


def _names(mark: Mark, sites: Collection[str]) -> tuple[str, ...]:
    stated = mark.element.get("content")
    text = stated or markup.text_of(mark.element)
    if len(text) > 400:
        return ()
    linked = [] if stated else ["".join(link.itertext()) for link in mark.element.iter("a")]
    names = [
        name
        for link in linked[:10]
        for name in bylines.people(link, sites=sites, pen_names=mark.sure)
        if not bylines.is_unit(name) and (mark.sure or _is_plausible(name))
    ]
    if names:
        return tuple(dict.fromkeys(names))
    if together := _each(mark.element):
        return together
    for line in text.split("\n"):
        found = bylines.authors(bylines.credits(line, sites=sites)) or bylines.people(line, sites=sites, pen_names=mark.sure)
        if found and (mark.sure or all(map(_is_plausible, found))):
            return found
    return ()


def _each(element: HtmlElement) -> tuple[str, ...]:
    """The people in an element whose children each hold one, with no comma in between."""
    texts = [" ".join("".join(child.itertext()).split()) for child in islice(element.iter("span", "li", "div"), 1, 20) if not len(child)]
    return tuple(dict.fromkeys(texts)) if len(texts) > 1 and all(map(bylines.is_person, texts)) else ()


def _is_plausible(name: str) -> bool:
    """Whether a text in an element that is a byline by its class alone can be taken for a name."""
    return bylines.is_person(name) or (bylines.is_unit(name) and len(name) < 60) or (name.isupper() and " " in name)


def _sites(said: Facts, url: str) -> tuple[str, ...]:
    """What the site calls itself."""
    tail = re.split(r"\s[-–—|·»]\s|[|_｜-]", said.title)[-1].strip()
    names = [
        tail if len(tail) < 0.5 * len(said.title) else None,
        said.first("og:site_name"),
        said.first("application-name"),
        said.first("publisher"),
        said.first("dc.publisher", "dcterms.publisher"),
        *(facts.text(node.get("publisher")) for node in said.articles[:1]),
    ]
    return (*(name.partition("(")[0].strip().lstrip("@") for name in names if name), _label(url))


def _label(url: str) -> str:
    """The word that names a host: "furche" of www.furche.example."""
    parts = [
        part for part in urls.host(url).partition(":")[0].split(".") if part not in ("www", "co", "com", "org", "net", "edu", "ac", "gov")
    ]
    return max(parts[:-1] or parts or [""], key=len)


def _is_own(name: str, sites: Collection[str]) -> bool:
    folded = re.sub(r"\W+", "", name).lower()
    rest = next(
        (folded.replace(own, "", 1) for own in (re.sub(r"\W+", "", site).lower() for site in sites) if len(own) > 2 and own in folded), None
    )
    return rest is not None and (not rest or rest in _OWN_REST)


_OWN_REST = frozenset(
    "the die der das le la el il online digital redaktion news staff team com de org net at ch en web editorial newsroom desk 新闻 新闻网 网 在线 频道".split()
)
