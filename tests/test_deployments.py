"""The examples for containers say what the program understands; they are not run here, which needs a container engine. What their own checkers are there for is
shown to them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from aggregator.cli import main

ROOT = Path(__file__).parents[1]
DOCUMENTED = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


def read(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text(encoding="utf-8"))


def ours() -> dict[str, tuple[list[str], set[str]]]:
    """Name → the command and the variables of each container that runs our program."""
    services = read("compose.yaml")["services"]
    found = {
        name: (service["command"], set(service["environment"]))
        for name, service in services.items()
        if service["image"] == "university-news-aggregator"
    }
    for item in read("docs/kubernetes.yaml")["items"]:
        if item["kind"] == "Deployment":
            (container,) = item["spec"]["template"]["spec"]["containers"]
            found[f"kubernetes {container['name']}"] = (container["args"], {variable["name"] for variable in container["env"]})
    return found


@pytest.mark.parametrize("name", ours())
def test_each_container_runs_a_command_that_exists_with_settings_that_exist(name):
    command, variables = ours()[name]

    assert CliRunner().invoke(main, [*command, "--help"]).exit_code == 0
    assert [variable for variable in variables if f"`{variable}`" not in DOCUMENTED] == []


def test_no_container_of_ours_may_write_or_become_more_than_it_is():
    for service in read("compose.yaml")["services"].values():
        if service["image"] == "university-news-aggregator":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert "no-new-privileges:true" in service["security_opt"]
    for item in read("docs/kubernetes.yaml")["items"]:
        if item["kind"] == "Deployment":
            rights = item["spec"]["template"]["spec"]["containers"][0]["securityContext"]
            assert rights["readOnlyRootFilesystem"]
            assert rights["runAsNonRoot"]
            assert not rights["allowPrivilegeEscalation"]


def test_the_image_runs_as_a_user_without_rights_and_knows_its_health():
    said = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert re.search(r"^USER (?!root|0\b)\S+", said, re.MULTILINE)
    assert "HEALTHCHECK" in said
    assert "--extra postgres" in said


def checked(*command: str) -> None:
    """A checker that is not on this machine is named and left out."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unknown" not in done.stderr  # systemd ignores what it does not know


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/deploy.md").read_text(encoding="utf-8"), re.DOTALL)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    said = (ROOT / "docs/aggregator.service").read_text(encoding="utf-8")
    unit = tmp_path / "aggregator.service"
    unit.write_text(said.replace("/opt/aggregator/bin/aggregator", shutil.which("true") or "/bin/true"), encoding="utf-8")

    checked("systemd-analyze", "verify", "--man=no", str(unit))


def test_prometheus_understands_the_alert_rules() -> None:
    checked("promtool", "check", "rules", str(ROOT / "docs/alerts.yaml"))


@pytest.mark.parametrize("number", range(len(blocks("caddyfile"))))
def test_caddy_understands_its_example(tmp_path: Path, number: int) -> None:
    (tmp_path / "Caddyfile").write_text(blocks("caddyfile")[number], encoding="utf-8")

    checked("caddy", "adapt", "--validate", "--config", str(tmp_path / "Caddyfile"))


@pytest.mark.parametrize("number", range(len(blocks("nginx"))))
def test_nginx_understands_each_of_its_examples(tmp_path: Path, number: int) -> None:
    said = (
        blocks("nginx")[number]
        .replace("/var/cache/nginx/aggregator", str(tmp_path / "cache"))
        .replace("listen 80", f"listen unix:{tmp_path}/socket")
    )
    places = "".join(f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ access_log off; {places}{said} }}"
    (tmp_path / "nginx.conf").write_text(config, encoding="utf-8")

    checked("nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))
