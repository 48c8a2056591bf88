"""How much a list looks like news. Weights are data; what they mean stands beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from aggregator.read.detect.blocks import Block, Features
from aggregator.read.detect.nodes import Node

WEIGHTS: Final = {
    "title": 1.0,  # a title as wide as a headline; menus are narrow
    "dated": 0.9,  # a date beside the title
    "heading": 0.5,  # the title is a heading
    "told": 0.35,  # a summary beside the title
    "picture": 0.15,
    "specific": 0.5,  # addresses with a number, a date or a title in them
    "regular": 0.3,  # … all of the same shape
    "own": 0.15,  # the title is the text of the link, not something beside it
    "named": 0.4,  # the author of the page calls the list or what is above it news
}
COUNT: Final = (0.0, 0.45, 0.6, 0.75, 0.85, 0.92, 1.0)
"""By number of rows: few rows of one shape are weak evidence."""

ENOUGH: Final = 1.3
"""Below this a list is not news."""

BESIDE: Final = 0.6
"""A further list is taken where it reaches this share of the best: home pages have several blocks of news."""

BESIDE_DATED: Final = 0.78
"""The same for a list without dates beside one that has them: on one page, news is dated or it is not."""

NEWS_WORDS: Final = frozenset(
    "news newslist newsitem article articles post posts blog press media story stories headline headlines announcement announcements notice notices entry entries hentry feed "
    "xinwen xw tzgg tongzhi gonggao notification noticias actualites actualite aktuelles nachrichten meldungen novosti haber haberler duyuru duyurular aktualnosci aktuality notizie avvisi "
    "berita pengumuman tintuc artykuly wpisy uutiset nyheter nyheder nieuws teaser teasers".split()
)


@dataclass(frozen=True, slots=True)
class Score:
    value: float
    rows: int
    reason: str
    dated: float
    title: float
    shape: str
    """The most frequent shape of its addresses."""
    shapely: float
    """Share of rows with it."""
    chrome: bool
    side: float
    """How far beside the main part, on average over its rows."""


def score(block: Block) -> Score:
    rows = block.features
    count = len(rows)
    shape, times = Counter(row.shape for row in rows).most_common(1)[0]
    titled = [row for row in rows if row.title >= 4]
    node = block.records[0].node
    chrome = sum(record.node.chrome for record in block.records) > count / 2
    side = sum(record.node.side for record in block.records) / count
    parts = {
        "title": sum(_width(row.title) for row in rows) / count,
        "dated": _share(rows, "dated"),
        "heading": _share(rows, "heading"),
        "told": sum(row.told >= 60 for row in rows) / count,
        "picture": _share(rows, "picture"),
        "specific": _share(rows, "specific"),
        "regular": times / count if count > 1 else 0.0,
        "own": _share(rows, "linked"),
        "named": float(_named(node)),
    }
    value = sum(WEIGHTS[name] * part for name, part in parts.items()) * COUNT[min(count, len(COUNT) - 1)]
    value *= len(titled) / count * (len({record.url for record in block.records}) / count) ** 0.5
    if parts["title"] < 0.25 and not (parts["dated"] >= 0.8 and max(parts["specific"], parts["named"]) >= 0.8):
        value *= 0.5
    if count < 3:
        value *= _share(rows, "linked") * (parts["named"] + parts["specific"]) / 2
    strong = parts["dated"] >= 0.6 and parts["title"] >= 0.5 and count > 2
    if chrome:
        value *= 0.75 if strong else 0.3
    elif side >= 0.5:
        value *= 0.9 if strong else 0.7
    crowded = sum(record.node.anchors > 25 for record in block.records) > count / 2
    if crowded:
        value *= 0.4
    against = {
        f"only {count} row{'s' * (count > 1)}": count < 3,
        "many rows lead to one address": 2 * len({record.url for record in block.records}) < count,
        "in the site's furniture": chrome,
        "beside the main part": side >= 0.5 and not chrome,
    }
    reason = ", ".join([*(f"{name} {part:.2f}" for name, part in parts.items() if part), *(what for what, met in against.items() if met)])
    return Score(value, count, reason, parts["dated"], sum(row.title for row in rows) / count, shape, times / count, chrome, side)


def _width(title: int) -> float:
    """0 for a word, 1 for a headline."""
    return min(max((title - 8) / 24, 0.0), 1.0)


def _share(rows: list[Features], name: str) -> float:
    return sum(bool(getattr(row, name)) for row in rows) / len(rows)


def _named(node: Node) -> bool:
    above: Node | None = node
    for _ in range(5):
        if above is None:
            return False
        if above.words & NEWS_WORDS or above.tag == "article":
            return True
        above = above.parent
    return False
