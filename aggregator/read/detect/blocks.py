"""Lists on a page: links with the same way down to them, and the rows around them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from aggregator.read.detect.nodes import Anchor, Node, Outline
from aggregator.text.markup import SILENT
from aggregator.text.phrases import MORE
from aggregator.text.rows import HEADINGS, LONGEST, bare, is_code, width

_NUMBER = re.compile(r"\d+")
_WORDY = re.compile(r"(?:[^\W\d_]+[-_+]|%20){2,}[^\W\d_]", re.UNICODE)
_WORD_VALUE = re.compile(r"=(?![A-Za-z_]{1,20}$).*")
"""A value that is no plain word: ``view=article`` tells addresses apart, ``id=17`` does not."""

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_FLAT = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "dt", "dd", "a", "div", "strong", "b", "span", "tr"})
"""Tags of nodes that may be only the first or last part of a row."""

_BREAKS = frozenset({"hr", "h1", "h2", "ul", "ol", "table", "form", "nav", "section"})

_PAGER = re.compile(
    r"[\[(<«‹]?\s*\d{1,4}\s*[\])>»›]?|[«»‹›<>→←\s|]+|(?:next|prev(?:ious)?|first|last|older|newer|back)(?:\s+(?:page|posts?|entries|articles))?\s*[»›>→]*|上一?页|下一?页|首页|尾页|末页|上页|下页|下一頁|上一頁",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"(?i)//(?:[\w-]+\.)*(?:facebook|twitter|x|tumblr|linkedin|pinterest|reddit|hatena|weibo|vk|telegram|whatsapp|pocket|digg|plus\.google|line)\.\w{2,3}(?:\.\w\w)?/.*(?:http|url=|u=)|//\w[^/]*/[^?#]*(?:share|sharer)\b.*http"
)
"""Addresses that hand the page on to somebody: beside every story, and never one."""

_MEDIA = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|svg|bmp|ico|mp3|mp4|css|js)(?:$|[?#])")
"""Addresses of pictures and sounds: a gallery is no list of stories."""

_SHOWS_DATE = re.compile(
    r"(?<!\d)\d{1,4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,4}(?!\d)|(?:19|20)\d\d\s{0,2}[-/.年년]\s{0,2}\d{1,2}(?!\d)|(?<![\d-])[01]?\d[-/月][0-3]?\d日?(?![\d-])"
    r"|(?<!\d)[0-3]?\d(?:st|nd|rd|th|er|º)?[.,]?\s{0,3}(?:de\s)?[^\W\d_]{3,12}\.?,?\s{0,3}(?:de\s)?\d{4}|[^\W\d_]{3}\.?\s{0,3}[0-3]?\d(?:st|nd|rd|th)?,?\s{1,3}\d{4}"
    r"|(?<!\d)\d{1,2}\s[^\W\d_]{1,4}\.\s?[^\W\d_]{1,3}\.?\s\d{2,4}"
    r"|(?<!\d)[0-3]?\d\s{1,3}[^\W\d_]{3,9}\.?(?!\w)|\d{1,2}\s?(?:hours?|days?|weeks?|months?|минут|час|дн|天|小时|分钟|週|周|日|시간|일 전|saat|gün)"
)


@dataclass(slots=True, eq=False)
class Record:
    """One row: the highest node around one link of its group."""

    node: Node
    anchor: Anchor
    others: list[Anchor]
    """Further links to the same address in it."""
    more: tuple[HtmlElement, ...] = ()
    """What belongs to the row beside its node, where rows are flat: the paragraphs under a heading, the ``<dt>`` before a ``<dd>``."""

    @property
    def url(self) -> str:
        return self.anchor.url


@dataclass(eq=False)
class Block:
    """Rows of one shape."""

    records: list[Record]

    @cached_property
    def features(self) -> list[Features]:
        return [Features.of(record) for record in self.records]


@dataclass(frozen=True, slots=True)
class Features:
    """What the score looks at in a row."""

    title: int
    """Width of what may be its title."""
    dated: bool
    heading: bool
    linked: bool
    """Whether the title is the text of the link."""
    told: int
    """Width of its text outside of the title."""
    picture: bool
    shape: str
    """Its address with numbers masked."""
    specific: bool
    """Whether the address looks like that of one article: a number, a date or a title in it."""

    @classmethod
    def of(cls, record: Record) -> Features:
        title, heading = _title(record)
        text = " ".join([record.node.text(), *(piece for element in record.more for piece in element.itertext())])
        rest = text.replace(title, " ", 1) if title else text
        shape, specific = shape_of(record.url)
        return cls(
            title=width(title),
            dated=bool(_NUMBER.search(rest, 0, 600) and _SHOWS_DATE.search(rest, 0, 600))
            or (record.node.element.find(".//time") is not None),
            heading=heading,
            linked=width(title) >= 8 and any(title == anchor.text for anchor in (record.anchor, *record.others)),
            told=max(record.node.width - width(title), 0) + sum(len(text) for element in record.more for text in element.itertext()),
            picture=record.node.pictures > 0,
            shape=shape,
            specific=specific,
        )


def _title(record: Record) -> tuple[str, bool]:
    """What may be the title of a row, and whether it is a heading: one that links elsewhere is not the title of this link."""
    own = (record.anchor, *record.others)
    texts = [anchor.text for anchor in own if anchor.text and not MORE.fullmatch(bare(anchor.text))]
    inside = {anchor.node.element for anchor in own}
    for node in record.node.element.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        said = " ".join("".join(node.itertext()).split())
        linked = [*(link for link in node.iter("a") if link.get("href")), *node.iterancestors("a")]
        if said and (not linked or any(link in inside or record.url.endswith((link.get("href") or "?").lstrip("./")) for link in linked)):
            return (said, True) if len(said) < 300 or not texts else (max(texts, key=len), True)
        if said:
            return max(texts, key=len, default=""), False
    best = max(texts, key=len, default="") or max((anchor.title for anchor in own), key=len)
    if not best or is_code(best):
        best = next(
            (text for piece in record.node.element.itertext() if width(text := " ".join(piece.split())) >= 8 and not is_code(text)), best
        )
    return best, any(anchor.node.heading for anchor in own)


def shape_of(url: str) -> tuple[str, bool]:
    """An address with its numbers and its title masked, and whether it had any: ``/2024/05/some-long-title`` → ``/N/N/S``, true."""
    parts = urlsplit(url)
    path = parts.path
    if "%" in path:
        path = _ENCODED.sub("", path)
    steps = path.rstrip("/").split("/")
    last = steps[-1]
    wordy = bool(_WORDY.search(last)) or len(last) > 30 or ("%" in parts.path and len(parts.path) - len(path) > 30)
    if wordy:
        steps[-1] = "S" + (last[last.rfind(".") :] if "." in last[-6:] else "")
    masked = _NUMBER.sub("N", "/".join(steps))
    query = "&".join(sorted(_WORD_VALUE.sub("=", pair) for pair in parts.query.split("&")[:20])) if parts.query else ""
    numbers = "".join(_NUMBER.findall(path)) + "".join(_NUMBER.findall(parts.query))
    return f"{parts.netloc}{masked}?{query}", wordy or len(numbers) >= 3


def blocks(outline: Outline, page: str) -> list[Block]:
    """Every list of two rows or more, and single rows, in no order."""
    found: list[Block] = []
    for group in _groups(outline.anchors, page):
        by_style: defaultdict[tuple[int, int], list[Record]] = defaultdict(list)
        for record in _records(group):
            above = record.node.parent
            by_style[above.style if above else 0, record.node.tag == "a"].append(record)
        for records in by_style.values():
            _extend(records[:LONGEST])
            found.append(Block(records[:LONGEST]))
    return found


def _extend(records: Sequence[Record]) -> None:
    """Give flat rows what stands between them: after each where the list begins with a row, else before each."""
    nodes = {record.node.element for record in records}
    parents = {record.node.parent for record in records}
    if len(records) < 3 or len(parents) != 1 or records[0].node.tag not in _FLAT:
        return
    between = {record.node.element: _between(record.node.element, nodes, following=True) for record in records}
    if not all(between[record.node.element] for record in records[:-1]):
        return
    before = [_between(record.node.element, nodes, following=False) for record in records]
    after_last = _between(records[-1].node.element, nodes, following=True)
    leading = bool(before[0]) and not after_last
    headed = all(before) and bool(after_last) and _are_days([ahead[0] for ahead in before])
    heads = {ahead[0] for ahead in before} if headed else set()
    for record, ahead in zip(records, before, strict=True):
        behind = (element for element in between[record.node.element] if element not in heads)
        record.more = tuple(ahead) if leading else (*ahead[: len(heads) and 1], *behind)


def _are_days(heads: Sequence[HtmlElement]) -> bool:
    """Whether what stands right before each row is a short text with its date, in the same clothes everywhere: then the row begins there."""
    if len({(head.tag, head.get("class")) for head in heads}) > 1:
        return False
    texts = (" ".join("".join(head.itertext()).split()) for head in heads)
    return all(width(text) <= 60 and _SHOWS_DATE.search(text) for text in texts)


def _between(element: HtmlElement, rows: set[HtmlElement], *, following: bool) -> list[HtmlElement]:
    """The next few sisters of a row up to the next row."""
    found: list[HtmlElement] = []
    for sister in element.itersiblings(preceding=not following):
        if sister in rows or len(found) == 6 or sister.tag in _BREAKS:
            break
        if isinstance(sister.tag, str) and sister.tag not in SILENT:
            found.append(sister)
    return found


def _groups(anchors: Iterable[Anchor], page: str) -> list[list[Anchor]]:
    """Links by the tags above them and their own class. Labels that lead to one place from many rows, and pagers, are in none."""
    times = Counter((anchor.url, anchor.node.path) for anchor in anchors)
    here = page.partition("#")[0]
    groups: defaultdict[tuple[int, str], list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        if times[anchor.url, anchor.node.path] > 3 and width(anchor.text) < 24:
            continue
        if (anchor.text and _PAGER.fullmatch(anchor.text)) or _SHARES.search(anchor.url) or _MEDIA.search(anchor.url):
            continue
        if anchor.url.partition("#")[0] == here and "#" in anchor.url and not anchor.url.partition("#")[2].startswith(("/", "!")):
            continue
        groups[anchor.node.path, _NUMBER.sub("N", anchor.node.element.get("class") or "")].append(anchor)
    return list(groups.values())


def _records(group: Sequence[Anchor]) -> list[Record]:
    """The highest node around each link that holds links to one address of the group, all at the depth of most."""
    targets: dict[Node, set[str]] = {}
    for anchor in group:
        node: Node | None = anchor.node
        while node is not None:
            targets.setdefault(node, set()).add(anchor.url)
            node = node.parent
    alone = len({anchor.url for anchor in group}) == 1
    tops = [_top(anchor.node, targets, alone=alone) for anchor in group]
    depth, times = Counter(top.depth for top in tops).most_common(1)[0]
    found: dict[Node, Record] = {}
    for anchor, top in zip(group, tops, strict=True):
        node = _at_depth(anchor.node, depth) if top.depth < depth or (top.depth > depth and times > 0.6 * len(tops)) else top
        if node in found:
            found[node].others.append(anchor)
        else:
            found[node] = Record(node, anchor, [])
    for record in found.values():
        _lead(record)
    by_list: defaultdict[int, list[Record]] = defaultdict(list)
    for record in found.values():
        row = record.node.parent
        by_list[row.parent.style if row and row.parent else 0].append(record)
    return [record for records in by_list.values() for record in _lifted(records)]


def _top(node: Node, targets: dict[Node, set[str]], *, alone: bool) -> Node:
    while node.parent is not None and len(targets[node.parent]) == 1 and not (alone and (_roomy(node.parent) or _is_headed_apart(node))):
        node = node.parent
    return node


def _is_headed_apart(node: Node) -> bool:
    """Whether a heading stands in a node and another one beside it: that one is not of its row."""
    element, above = node.element, node.element.getparent()
    if above is None or next(element.iter(*HEADINGS), None) is None:
        return False
    return any(sister is not element and next(sister.iter(*HEADINGS), None) is not None for sister in above.iterchildren(etree.Element))


def _at_depth(node: Node, depth: int) -> Node:
    """The last row of a grid is alone in its line, and a row with two links is two rows: what its sisters are decides."""
    while node.depth > depth and node.parent is not None:
        node = node.parent
    return node


def _lead(record: Record) -> None:
    """Of several links in a row, the one with the widest text leads; what goes elsewhere is no part of the record."""
    if record.others:
        every = [record.anchor, *record.others]
        record.anchor = max(every, key=lambda anchor: width(anchor.text))
        record.others = [anchor for anchor in every if anchor is not record.anchor and anchor.url == record.url]


def _lifted(records: list[Record]) -> list[Record]:
    """Rows in which each link became a record of its own, a narrow label beside a wide title: the row around them is the record."""
    rows: defaultdict[Node, list[Record]] = defaultdict(list)
    for record in records:
        if record.node.parent is not None:
            rows[record.node.parent].append(record)
    several = [row for row in rows.values() if len(row) > 1]
    if len(rows) < 3 or 2 * len(several) < len(rows) or max(len(row) for row in several) > 5:
        return records
    if sum(_is_labelled(row) for row in several) < 0.7 * len(several):
        return records
    return [Record(node, max(row, key=lambda record: width(record.anchor.text)).anchor, []) for node, row in rows.items()]


def _is_labelled(row: list[Record]) -> bool:
    widths = sorted((width(record.anchor.text) for record in row), reverse=True)
    return widths[0] >= 12 and widths[0] >= 2.5 * widths[1]


def _roomy(node: Node) -> bool:
    """Whether a node is more than one row: nothing else bounds a row that has no sisters."""
    return node.anchors > 6 or node.width > 1500 or node.tag in ("body", "main")
