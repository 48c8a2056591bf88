"""Lists on a page: links with the same way down to them, and the rows around them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from aggregator.read.detect.nodes import Anchor, Node, Outline
from aggregator.text.phrases import MORE
from aggregator.text.rows import bare, width

_NUMBER = re.compile(r"\d+")
_WORDY = re.compile(r"(?:[^\W\d_]+[-_+]|%20){2,}[^\W\d_]", re.UNICODE)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_PAGER = re.compile(
    r"[\[(<«‹]?\s*\d{1,4}\s*[\])>»›]?|[«»‹›<>→←\s|]+|(?:next|prev(?:ious)?|first|last|older|newer|back)(?:\s+(?:page|posts?|entries|articles))?\s*[»›>→]*|上一?页|下一?页|首页|尾页|末页|上页|下页|下一頁|上一頁",
    re.IGNORECASE,
)
_SHOWS_DATE = re.compile(
    r"(?:19|20)\d\d\s{0,2}[-/.年]\s{0,2}\d{1,2}|(?<!\d)\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)?\d\d(?!\d)|(?<![\d-])[01]?\d[-/月][0-3]?\d日?(?![\d-])"
    r"|(?<!\d)[0-3]?\d(?:st|nd|rd|th|er|º)?[.,]?\s{0,3}(?:de\s)?[^\W\d_]{3,12}\.?,?\s{0,3}(?:de\s)?(?:19|20)\d\d|[^\W\d_]{3,12}\.?\s{0,3}[0-3]?\d(?:st|nd|rd|th)?,?\s{1,3}(?:19|20)\d\d"
    r"|(?<!\d)[0-3]?\d\s{1,3}[^\W\d_]{3,9}\.?(?!\w)|\d{1,2}\s?(?:hours?|days?|weeks?|months?|минут|час|дн|天|小时|分钟|週|周|日)",
)


@dataclass(slots=True, eq=False)
class Record:
    """One row: the highest node around one link of its group."""

    node: Node
    anchor: Anchor
    others: list[Anchor]
    """Further links to the same address in it."""

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
        text = " ".join(" ".join(record.node.element.itertext()).split())[:2000]
        rest = text.replace(title, " ", 1) if title else text
        shape, specific = shape_of(record.url)
        return cls(
            title=width(title),
            dated=bool(_SHOWS_DATE.search(rest[:600])) or (record.node.element.find(".//time") is not None),
            heading=heading,
            linked=width(title) >= 8 and any(title == anchor.text for anchor in (record.anchor, *record.others)),
            told=max(record.node.width - width(title), 0),
            picture=record.node.pictures > 0,
            shape=shape,
            specific=specific,
        )


def _title(record: Record) -> tuple[str, bool]:
    texts = [anchor.text for anchor in (record.anchor, *record.others) if anchor.text and not MORE.fullmatch(bare(anchor.text))]
    heading = any(anchor.node.heading for anchor in (record.anchor, *record.others))
    for node in record.node.element.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        inside = " ".join("".join(node.itertext()).split())
        if inside:
            return (inside, True) if not texts or len(inside) < 300 else (max(texts, key=len), True)
    best = max(texts, key=len, default="") or max((anchor.title for anchor in (record.anchor, *record.others)), key=len)
    if not best:
        best = next((text for piece in record.node.element.itertext() if width(text := " ".join(piece.split())) >= 8), "")
    return best, heading


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
    query = "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&"))) if parts.query else ""
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
        found.extend(Block(records) for records in by_style.values())
    return found


def _groups(anchors: Iterable[Anchor], page: str) -> list[list[Anchor]]:
    """Links by the tags above them and their own class. Labels that lead to one place from many rows, and pagers, are in none."""
    times = Counter((anchor.url, anchor.node.path) for anchor in anchors)
    here = page.partition("#")[0]
    groups: defaultdict[tuple[int, str], list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        if times[anchor.url, anchor.node.path] > 3 and width(anchor.text) < 24:
            continue
        if anchor.text and _PAGER.fullmatch(anchor.text):
            continue
        if anchor.url.partition("#")[0] == here and "#" in anchor.url and not anchor.url.partition("#")[2].startswith(("/", "!")):
            continue
        groups[anchor.node.path, _NUMBER.sub("N", anchor.node.element.get("class") or "")].append(anchor)
    return list(groups.values())


def _records(group: Sequence[Anchor]) -> list[Record]:
    """The highest node around each link that holds links to one address of the group."""
    targets: dict[Node, set[str]] = {}
    for anchor in group:
        node: Node | None = anchor.node
        while node is not None:
            targets.setdefault(node, set()).add(anchor.url)
            node = node.parent
    alone = len({anchor.url for anchor in group}) == 1
    found: dict[Node, Record] = {}
    for anchor in group:
        node = anchor.node
        while node.parent is not None and len(targets[node.parent]) == 1 and not (alone and _roomy(node.parent)):
            node = node.parent
        if node in found:
            found[node].others.append(anchor)
        else:
            found[node] = Record(node, anchor, [])
    return list(found.values())


def _roomy(node: Node) -> bool:
    """Whether a node is more than one row: nothing else bounds a row that has no sisters."""
    return node.anchors > 6 or node.width > 1500 or node.tag in ("body", "main")
