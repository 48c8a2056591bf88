"""Fit the weights of ``aggregator.refine.stories.judge`` to labelled pairs, and tell how well they do on events that they were not fitted to.

    uv run python tests/fit/stories.py ../shared/labels

Logistic regression with signs: what speaks for a story never weighs against it. Each event counts by the root of its pairs, so that no large one decides. The folds
of the cross-validation hold whole families of events.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from aggregator.refine.stories.judge import _is_about_something, evidence, judge_copy
from aggregator.refine.stories.marks import mark

AGAINST = {"dates apart", "other days", "other years"}
RIDGE, STEPS, MARGIN = 0.1, 900, 0.25
FOLDS = 6


def main(folder: Path) -> None:
    articles = {row["id"]: row for row in map(json.loads, (folder / "articles.jsonl").read_text().splitlines())}
    marks = {id: mark(_article(row)) for id, row in articles.items()}
    pairs = [pair for pair in map(json.loads, (folder / "pairs.jsonl").read_text().splitlines()) if pair["label"] != "related"]
    for across in (False, True):
        rows = []
        chosen = [pair for pair in pairs if pair["cross_language"] == across]
        many = Counter(articles[pair["a"]]["event"] for pair in chosen if pair["label"] != "different")
        for pair in chosen:
            one, other = marks[pair["a"]], marks[pair["b"]]
            same = pair["label"] != "different"
            weight = 1 / math.sqrt(many[articles[pair["a"]]["event"]]) if same else 0.35
            families = {articles[pair[side]]["family"] for side in "ab"}
            rows.append((evidence(one, other), same, weight, families, bool(judge_copy(one, other))))
        fitted = fit([row[:3] for row in rows])
        print("across languages" if across else "one language")
        print("  fitted on all :", figures([(tells(fitted, row), row[1]) for row in rows]))
        print("  cross-validated:", figures(list(validated(rows))))
        fitted["bias"] -= MARGIN
        print("  ", {name: round(value, 2) for name, value in fitted.items() if abs(value) >= 0.005})


def _article(row):
    text = row.get("published") or ""
    published = datetime.fromisoformat(text[:10]).replace(hour=12, tzinfo=UTC) if len(text) >= 10 else None
    return SimpleNamespace(title=row["title"], text=row["text"], language=row["language"], url=row["url"], published=published)


def fit(rows):
    names = sorted({name for found, _, _ in rows for name in found})
    total = sum(weight for *_, weight in rows)
    weights = dict.fromkeys([*names, "bias"], 0.0)
    first, second = dict(weights), dict(weights)
    for step in range(1, STEPS + 1):
        slope = {name: RIDGE * 0.1 * weights[name] for name in names} | {"bias": 0.0}
        for found, same, weight in rows:
            error = weight / total * (1 / (1 + math.exp(-value(weights, found))) - same)
            slope["bias"] += error
            for name, amount in found.items():
                slope[name] += error * amount
        for name in weights:  # Adam, Kingma and Ba 2015
            first[name] = 0.9 * first[name] + 0.1 * slope[name]
            second[name] = 0.999 * second[name] + 0.001 * slope[name] ** 2
            weights[name] -= 0.05 * (first[name] / (1 - 0.9**step)) / (math.sqrt(second[name] / (1 - 0.999**step)) + 1e-9)
            if name != "bias" and (weights[name] > 0) == (name in AGAINST):
                weights[name] = 0.0
    return weights


def value(weights, found):
    return weights["bias"] + sum(weights.get(name, 0.0) * amount for name, amount in found.items())


def tells(weights, row):
    found, _, _, _, copied = row
    return copied or (value(weights, found) > MARGIN and _is_about_something(found))


def validated(rows):
    sizes = Counter(family for row in rows if row[1] for family in row[3])
    folds = defaultdict(set)
    for place, family in enumerate(sorted({family for row in rows for family in row[3]}, key=lambda family: (-sizes[family], family))):
        folds[place % FOLDS].add(family)
    for families in folds.values():
        weights = fit([row[:3] for row in rows if not row[3] & families])
        yield from ((tells(weights, row), row[1]) for row in rows if row[3] & families)


def figures(told):
    right, extra, missing = (sum(1 for each in told if each == kind) for kind in ((True, True), (True, False), (False, True)))
    return f"precision {right / max(1, right + extra):.3f} recall {right / max(1, right + missing):.3f} ({right} right, {extra} extra, {missing} missing)"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
