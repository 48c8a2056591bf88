"""Makes ``aggregator/data/forms.tsv`` and ``words.tsv`` from the facts beside them. Run it after any change of those, or of how forms are derived.

uv run python docs/gazetteer.py           write them
uv run python docs/gazetteer.py --check   exit with 1 where they are not what they should be
"""

from __future__ import annotations

import sys
from pathlib import Path

from aggregator.refine.mentions import gazetteer
from aggregator.refine.mentions.entries import abbreviations
from aggregator.refine.mentions.spelling import Speller

DATA = Path(gazetteer.__file__).parents[2] / "data"


def written() -> dict[str, str]:
    """File → what it should say."""
    entries, places = gazetteer.facts()
    words = gazetteer.words_of(places)
    speller = Speller(words, abbreviations(entries))
    forms = gazetteer.spelled(entries, speller, places)
    return {
        "words.tsv": "".join(f"{word}\t{place}\n" for word, place in sorted(words.items())),
        "forms.tsv": "".join(f"{form}\t{gazetteer.written(owners)}\n" for form, owners in sorted(forms.items())),
    }


def main() -> int:
    wrong = []
    for name, text in written().items():
        path = DATA / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            wrong.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if wrong:
        sys.stdout.write(f"{', '.join(wrong)} {'differ' if '--check' in sys.argv else 'written'}\n")
    return int("--check" in sys.argv and bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
