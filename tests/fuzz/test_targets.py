"""The targets of the fuzzer without the fuzzer: on inputs that broke something once, and on a few that anybody would try."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOUND = sorted(path for path in (HERE / "found").glob("*/*") if path.is_file())
PLAIN = [
    b"",
    b"\0\0",
    b"\1\0<rss><channel><item><title>A</title></item></channel></rss>",
    b"\3\1" + "<p>2 марта 2026|<b>".encode() * 20,
    bytes(range(256)),
]


def _targets():
    spec = importlib.util.spec_from_file_location("fuzz_targets", HERE / "targets.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


targets = _targets()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_a_target_breaks_it_no_more(path):
    targets.run(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("target", targets.TARGETS)
@pytest.mark.parametrize("data", PLAIN, ids=len)
def test_each_target_takes_plain_garbage(target, data):
    targets.run(target, data)


def test_a_target_notices_what_it_watches_for(an_article):
    with pytest.raises(AssertionError, match="onerror"):
        targets.publishing([an_article(1, content='<p><img src="https://a.example/b.png" onerror="x"></p>')])
