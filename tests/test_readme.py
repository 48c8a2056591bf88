"""The README is a promise: every command in it is run, and every file and address that it names is there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("$ ").strip()
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
INLINE = re.findall(r"`((?:uv run )?aggregator [^`]+|make [^`]+|uv run [^`]+)`", README)

pytestmark = pytest.mark.xdist_group("readme")


def environment(**more: str) -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("AGGREGATOR_", "PYTHONDONTWRITE", "VIRTUAL_ENV", "UV_"))
    } | more


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a newcomer has, without what this machine made in it. Its environment is the one that runs the tests."""
    folder = tmp_path_factory.mktemp("readme") / "checkout"
    made, ours = shutil.ignore_patterns("__pycache__", ".*_cache"), {".git", ".venv", "data", "dist", "tests"}
    shutil.copytree(ROOT, folder, ignore=lambda where, names: made(where, names) | (ours & {*names} if Path(where) == ROOT else set()))
    return folder


def sh(command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs ``command`` as the README gives it, but in the environment that is there: ``uv run`` without a second one."""
    ours = re.sub(r"^(pip install uv && )?uv run ", "", command)
    path = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
    return subprocess.run(["bash", "-c", ours], cwd=folder, capture_output=True, text=True, timeout=120, env=environment(PATH=path, **more))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A little site with a feed."""
    (tmp_path / "index.html").write_text(
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><title>Example University</title><h1>Welcome</h1>'
    )
    items = "".join(f"<item><title>News number {number} of the term</title><link>/n/{number}</link></item>" for number in range(5))
    (tmp_path / "feed.xml").write_text(
        f'<rss version="2.0"><channel><title>Example</title><link>/</link><description>d</description>{items}</channel></rss>'
    )
    port = free_port()
    server = subprocess.Popen(
        ["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)], stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.terminate()
    server.wait()


def test_every_command_has_a_test() -> None:
    tested = {
        "pip install uv && uv run aggregator run": test_the_first_command_runs_the_main_job,
        "uv run aggregator demo": test_the_demo_serves_without_a_network,
        "uv run pytest": None,  # this
        "uv run aggregator add https://www.example.edu": test_a_university_is_added,
        "uv build --wheel && pip install dist/*.whl": None,  # tests/gates/wheel.sh
        "aggregator init /etc/aggregator": test_a_configuration_is_written_and_used,
        "aggregator --config /etc/aggregator doctor": test_a_configuration_is_written_and_used,
        "aggregator --config /etc/aggregator run": test_a_configuration_is_written_and_used,
    }

    assert set(COMMANDS) == set(tested)


def run_and_ask(command: list[str], folder: Path, address: str, **more: str) -> tuple[str, str]:
    """Start, wait for an answer at ``address``, end with SIGTERM; returns (output, answer)."""
    path = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(PATH=path, **more)
    )
    answer = ""
    until = time.monotonic() + 60
    while time.monotonic() < until and not answer:
        try:
            answer = urllib.request.urlopen(address, timeout=5).read().decode()
        except OSError:
            time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output, answer


def test_the_first_command_runs_the_main_job(checkout: Path) -> None:
    port = free_port()

    output, answer = run_and_ask(["aggregator", "run"], checkout, f"http://127.0.0.1:{port}/feeds/all.rss", AGGREGATOR_PORT=str(port))

    assert f"Feed:   http://127.0.0.1:{port}/feeds/all.rss" in output
    assert "<rss" in answer
    assert (checkout / "data").is_dir()


def test_the_demo_serves_without_a_network(checkout: Path) -> None:
    port = free_port()

    output, answer = run_and_ask(["aggregator", "demo", "--port", str(port)], checkout, f"http://127.0.0.1:{port}/feeds/all.rss")

    assert "miniature campus" in output
    assert "<rss" in answer


def test_a_university_is_added(checkout: Path, served: str) -> None:
    done = sh(f"aggregator add {served} --university example --yes", checkout, AGGREGATOR_FETCH_ALLOW_PRIVATE="true")

    assert done.returncode == 0, done.stderr
    assert f"{served}feed.xml" in (checkout / "config/universities/example.yaml").read_text()
    assert sh("aggregator check", checkout).returncode == 0


def test_a_configuration_is_written_and_used(tmp_path: Path) -> None:
    done = sh("aggregator init etc", tmp_path)
    port = free_port()
    output, answer = run_and_ask(
        ["aggregator", "--config", "etc", "run"], tmp_path, f"http://127.0.0.1:{port}/healthz", AGGREGATOR_PORT=str(port)
    )

    assert done.returncode == 0, done.stderr
    assert "aggregator --config etc run" in done.stdout
    assert "Feed:" in output
    assert f"Data:   {tmp_path}/data/aggregator.db\n" in output
    assert f"{tmp_path}/data/aggregator.db: 0 articles" in sh("aggregator --config etc doctor", tmp_path).stdout
    assert '"ok"' in answer


@pytest.mark.parametrize("command", [each for each in INLINE if each.startswith(("uv run aggregator", "aggregator"))])
def test_commands_in_the_text_exist_with_their_options(command: str, tmp_path: Path) -> None:
    words = command.removeprefix("uv run ").split()
    names = [word for word in words[1:] if not word.startswith("-") and word != "/etc/aggregator"]
    name = " ".join(names[:2]) if names[0] == "universities" else names[0]

    shown = sh(f"aggregator {name} --help", tmp_path)

    assert shown.returncode == 0, command
    assert all(word in shown.stdout for word in words if word.startswith("--")), command


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_count_of_universities_is_true() -> None:
    from aggregator.config import load

    settings = load(ROOT / "config", {})
    enabled = [university for university in settings.universities.values() if university.enabled]
    countries, all_countries = ({each.country for each in those} for those in (enabled, settings.universities.values()))

    assert f"{len(enabled)} universities of {len(countries)} countries" in README
    assert f"{len(settings.universities) - len(enabled)} more wait there, of {len(all_countries)} countries in all" in README
