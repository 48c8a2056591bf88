"""Fuzz one target with atheris: ``uv run --group fuzz python tests/fuzz/fuzz.py read --seconds 600``.

Coverage of our own code leads the search. It begins at what is under ``found/`` and in the tests, and at the files of ``../shared/corpus`` where these are.
A find ends the run with status 1 and is left as a file whose name is printed: make it small, mend the fault, and keep the file in ``found/TARGET/``.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import atheris

HERE = Path(__file__).parent
TESTS = HERE.parent
CORPUS = TESTS.parent.parent / "shared" / "corpus"
sys.path.insert(0, str(HERE))

with atheris.instrument_imports(include=["aggregator"]):
    import targets

_MOST_BYTES = 20_000
_MOST_SEEDS = 1_500
_SEEDS = {
    "read": ("read/feeds/*.xml", "read/cases/**/*.html", "../aggregator/demo/sites/**/*.*", "feeds/**/*", "listings/**/*", "hostile/*"),
    "extract": ("read/articles/*/*.html", "../aggregator/demo/sites/**/*.html", "articles/**/*", "hostile/*"),
    "charset": ("feeds/**/*", "hostile/*"),
}
_DATES = "2026-03-02 12:00|2 марта 2026|2026年3月2日 星期一|3天前|٢٠٢٦/٣/٢|Mon, 02 Mar 2026 12:00:00 GMT|發布日期：115-03-02|2 มี.ค. 2569|۱۴۰۴/۱۲/۱۱|28 2024-09".split(
    "|"
)
_STRINGS = [
    "Robots walk|https://a.example/1|Ann Lee|A summary|<p>Text <img src=x onerror=y></p>|News|en|id-1",
    "\0\ud800\ufffe|javascript:1|]]>|<![CDATA[|<svg/onload=a>|\x1b|zh|",
]
_QUERIES = [
    'university:hit -sport "two words"',
    "country:RU after:2024-01-01 (a OR b)",
    "title:нов* has:image",
    "人工智能 OR робот",
    "(((((",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*targets.TARGETS])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the randomness: the same one searches the same way")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = 0
        for count, seed in enumerate(_seeds(options.target, random.Random(options.seed)), 1):
            (Path(folder) / f"{count:06}").write_bytes(seed)
        print(f"{options.target}: {count} seeds, {options.seconds} s", flush=True)
        flags = [
            f"-max_total_time={options.seconds}",
            f"-max_len={_MOST_BYTES}",
            f"-seed={options.seed}",
            "-timeout=60",
            "-rss_limit_mb=4000",
            f"-dict={HERE / 'words.dict'}",
            f"-artifact_prefix={tempfile.gettempdir()}/fuzz-{options.target}-",
            "-print_final_stats=1",
            "-verbosity=0",
        ]
        atheris.Setup([sys.argv[0], *flags, folder], lambda data: targets.run(options.target, data))
        atheris.Fuzz()


def _seeds(target: str, chance: random.Random) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted((HERE / "found" / target).glob("*")))
    if target == "parse_date":
        yield from (bytes([number % 16, number % 4]) + text.encode() for number, text in enumerate(_DATES))
    elif target == "render":
        yield from (text.encode("utf-8", "surrogatepass") for text in _STRINGS)
    elif target == "query":
        yield from (text.encode() for text in _QUERIES)
    files = [
        path
        for pattern in _SEEDS.get(target, ())
        for root in (TESTS, CORPUS)
        if root.is_dir()
        for path in sorted(root.glob(pattern))
        if path.is_file()
    ]
    chance.shuffle(files)
    for path in files[:_MOST_SEEDS]:
        body = path.read_bytes()[:_MOST_BYTES]
        yield b"utf-8\n" + body if target == "charset" else bytes([chance.randrange(8), chance.randrange(10)]) + body


if __name__ == "__main__":
    main()
