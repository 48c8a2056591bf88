"""The examples for containers say what the program understands. They are not run here: this needs a container engine."""

from __future__ import annotations

import re
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
