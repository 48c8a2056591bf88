"""Finding universities in articles: ours, beside a plain automaton over the listed names."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from ahocorasick_rs import AhoCorasick
from kit import measure

from aggregator.refine.mentions import build, find
from aggregator.refine.mentions.gazetteer import facts

STORY = {
    "en": "Harbin Institute of Technology and Bauman Moscow State Technical University opened a joint laboratory, and guests from HIT came. ",
    "zh": "哈尔滨工业大学与莫斯科国立鲍曼技术大学共建实验室，哈工大校长与清华大学代表出席揭牌仪式。",
    "ru": "Харбинский политехнический университет и МГТУ им. Баумана открыли лабораторию; приехали гости из Томского политехнического университета. ",
    "de": "Die Technische Universität München und die Universität Zürich haben mit der Tsinghua-Universität ein Labor eröffnet. ",
}


def main() -> None:
    started = time.process_time()
    gazetteer = build()
    print(f"loaded in {1000 * (time.process_time() - started):.0f} ms: {len(gazetteer.entries)} universities, {len(gazetteer.forms)} forms")
    plain = AhoCorasick([name for entry in facts()[0] for name in (entry.name, *entry.names)])
    for language, sentence in STORY.items():
        text = sentence * (3_000 // len(sentence))
        subjects: dict[str, Callable[[], object]] = {
            "aggregator": partial(find, sentence, text, language=language),
            "plain automaton": partial(plain.find_matches_as_strings, text),
        }
        measure.table(f"one article of {len(text)} characters: {language}", measure.calls(subjects), reference="plain automaton")


if __name__ == "__main__":
    main()
