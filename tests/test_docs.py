"""docs/ is a promise as the README is: its commands are run, its configuration is loaded, its code is executed, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "aggregator/serve/README.md"]
COMMAND = re.compile(r"^[$#] ((?:\S*/)?(?:aggregator|docker|uv|make|python3|systemctl|pip) .*?)(?:\s{2,}#.*)?$")


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page):
    return [match[1] for block in blocks(page, "console") for line in block.splitlines() if (match := COMMAND.match(line))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


ELSEWHERE = ("docker", "systemctl", "pip", "python3", "make", "uv run pytest")
"""Beginnings of what needs a registry, systemd or the gate: tests/gates/wheel.sh and .ci/run do the like of it."""
HELPED = ("run", "worker", "move", "check --online", "universities", "review")
"""Beginnings of what never ends, or needs another database, the internet, the catalogue or a source in doubt: it exists with its options, and its own tests
run it.
"""
SAID = sorted({command for page in PAGES if page.parent.name == "docs" for command in commands(page) if not command.startswith(ELSEWHERE)})


@pytest.fixture(scope="module")
def campus():
    from aggregator.demo.campus import Campus

    with Campus() as campus:
        yield campus


def helped(command):
    return command.partition("aggregator ")[2].startswith(HELPED)


@pytest.mark.parametrize("command", [command for command in SAID if not helped(command)])
def test_every_command_runs(command, campus, tmp_path):
    """On the miniature campus, whose Lakeside University stands for the one of the examples."""
    config = tmp_path / "config"
    campus.config(config)
    lakeside = campus.addresses["lakeside"]
    ours = re.sub(r"https://www\.example\.edu/|https://news\.lakeside\.example/", f"{lakeside}/news/feed.rss", command)
    ours = ours.replace("/opt/aggregator/bin/", "").replace("/etc/aggregator", "etc")
    if " add " in ours:
        (config / "universities/lakeside.yaml").unlink()
        ours += " --university lakeside --yes"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")} | {"PATH": path}

    done = subprocess.run(["bash", "-c", ours], cwd=tmp_path, capture_output=True, text=True, timeout=120, env=clean)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [command for command in SAID if helped(command)])
def test_every_other_command_exists_with_its_options(command):
    words = command.partition("aggregator ")[2].split()
    names = [word for word in words[: 2 if words[0] == "universities" else 1] if not word.startswith("-")]

    done = subprocess.run([sys.executable, "-m", "aggregator", *names, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in done.stdout] == []


@pytest.mark.parametrize(
    "text", [block for page in PAGES for block in blocks(page, "yaml") if re.match(r"(#.*\n)?(site|feeds|fetch|poll|name):", block)]
)
def test_every_configuration_is_valid(text, tmp_path):
    from aggregator.config import load

    (tmp_path / "universities").mkdir()
    university = text.startswith(("# config/universities", "name:"))
    (tmp_path / ("universities/example.yaml" if university else "aggregator.yaml")).write_text(text, encoding="utf-8")

    settings = load(tmp_path, {})

    assert settings.universities if university else settings.site


@pytest.mark.external
@pytest.mark.parametrize("text", blocks(ROOT / "docs/deploy.md", "nginx"))
def test_nginx_takes_its_snippets(text, tmp_path):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    inner = text.replace("/var/cache/nginx", str(tmp_path)).replace("listen 80", "listen 127.0.0.1:8999")
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{inner}}}\n")

    done = subprocess.run(["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def code(name):
    """The example of docs/extending.md that is to become the file ``name``."""
    text = next(block for block in blocks(ROOT / "docs/extending.md", "python") if block.startswith(f"# {name}\n"))
    found: dict[str, object] = {}
    exec(compile(text, name, "exec"), found)
    return found


def test_the_example_of_a_format_is_one(monkeypatch, an_article):
    from aggregator import publish
    from aggregator.model import FeedDocument
    from aggregator.publish import Format

    row = next(block for block in blocks(ROOT / "docs/extending.md", "python") if block.startswith("Format("))
    ticker = type("ticker", (), {"write": staticmethod(code("aggregator/publish/ticker.py")["write"])})
    monkeypatch.setattr(publish, "FORMATS", {**publish.FORMATS, "ticker": eval(row, {"Format": Format, "ticker": ticker})})
    document = FeedDocument("Wire", "https://wire.example/feeds/all", "https://wire.example/", articles=(an_article(1), an_article(2)))

    assert publish.render(document, "ticker") == b"Wire\nStudents build robot number 1\nStudents build robot number 2\n"


def test_the_example_of_a_kind_is_one(a_page, a_source, now):
    from aggregator.errors import ReadError
    from aggregator.refine.normalize import normalize

    read = code("aggregator/read/ticker.py")["read"]
    source = replace(a_source(), kind="ticker", language="en")

    entries = read(a_page("Robots on ice\n\nOwls counted\n"), source, now=now).entries

    assert [normalize(entry, source, now=now).title for entry in entries] == ["Robots on ice", "Owls counted"]
    with pytest.raises(ReadError, match="no line of text"):
        read(a_page(" \n"), source, now=datetime(2026, 3, 2, tzinfo=UTC))


def test_the_picture_of_the_readme_is_small_and_there():
    picture = ROOT / "docs/river.webp"

    assert picture.read_bytes()[8:12] == b"WEBP"
    assert picture.stat().st_size <= 150_000
