"""Writes the generated pages of docs/, the JSON Schemas of config/schema/, and what the migrations make of an empty file: `make docs`. With --check it only says whether they are up to date."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from aggregator.cli import main
from aggregator.config import schemas
from aggregator.config.schema import SettingsFile, SourceFile, UniversityFile
from aggregator.store import migrate, sqlite

ROOT = Path(__file__).parents[1]


def commands() -> str:
    """Every command with its help."""
    parts = ["# Commands\n\nGenerated from the program: `make docs`.\n", _help(main, "aggregator")]
    parts += [part for name, command in sorted(main.commands.items()) for part in _helps(command, f"aggregator {name}")]
    return "\n".join(parts)


def _helps(command: click.Command, name: str) -> list[str]:
    inner = sorted(command.commands.items()) if isinstance(command, click.Group) else []
    return [_help(command, name), *(_help(each, f"{name} {part}") for part, each in inner)]


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, max_content_width=110, terminal_width=110, **main.context_settings)
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


def configuration() -> str:
    """Every key of every file with its default and its description."""
    parts = ["# Configuration\n\nGenerated from the program: `make docs`. Every key may be left out unless it says otherwise.\n"]
    parts.append(
        "## config/aggregator.yaml\n\nThe variable in the environment overrides the file; `AGGREGATOR_CONFIG` names another folder than `config/`, as `--config` does.\n\n"
        "A duration is a number with `ms`, `s`, `m` (or `min`), `h` or `d`, such as `90s`, `1h30m` or `7d`, or these words written out; a number alone is seconds. A size is a number "
        "with `kB`, `MB` or `GB` (or `KiB`, `MiB`, `GiB`), such as `15MB`; a number alone is bytes.\n\n"
        "| key | default | variable | what it is |\n| --- | --- | --- | --- |"
    )
    schema = SettingsFile.model_json_schema()
    for key, said in schema["properties"].items():
        inner = schema["$defs"].get(str(said.get("$ref", "")).rpartition("/")[2], {}).get("properties")
        for name, about in ({f"{key}.{part}": each for part, each in inner.items()} if inner else {key: said}).items():
            parts.append(_row(name, about, None if key in ("feeds", "newsletters") else f"AGGREGATOR_{name.replace('.', '_').upper()}"))
    parts.append("\nEach of `feeds`:\n\n| key | default | what it is |\n| --- | --- | --- |")
    parts += [_row(name, about) for name, about in schema["$defs"]["FeedFile"]["properties"].items()]
    parts.append("\nEach of `newsletters`:\n\n| key | default | what it is |\n| --- | --- | --- |")
    parts += [_row(name, about) for name, about in schema["$defs"]["NewsletterFile"]["properties"].items()]
    for title, model in (("config/universities/ID.yaml", UniversityFile), ("Each of `sources`", SourceFile)):
        parts.append(f"\n## {title}\n\n| key | default | what it is |\n| --- | --- | --- |")
        parts += [_row(name, about) for name, about in model.model_json_schema()["properties"].items()]
    return "\n".join(parts) + "\n"


def _row(name: str, about: dict[str, Any], variable: str | None = "") -> str:
    default = about.get("default")
    shown = "" if default in (None, [], {}) else f"`{_bytes(default) if 'MB' in str(about.get('examples')) else _seconds(default)}`"
    cells = [
        f"`{name}`",
        shown,
        *([f"`{variable}`" if variable else ""] if variable != "" else []),
        str(about.get("description", "")).replace("|", "\\|"),
    ]
    return f"| {' | '.join(cells)} |"


def _bytes(value: int) -> str:
    return f"{value // 1_000_000}MB" if value % 1_000_000 == 0 else str(value)


def _seconds(value: Any) -> str:
    text = str(value)
    return {"PT2S": "2s", "PT30S": "30s", "PT30M": "30m", "PT5M": "5m", "PT24H": "24h", "P1D": "24h", "False": "false"}.get(text, text)


def tables() -> str:
    """Of a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite.engine(make_url(f"sqlite:///{folder}/new.db"))
        with engine.connect().execution_options(write=True) as connection, connection.begin():
            migrate.walk(connection)
            said = migrate.whole(connection)
        engine.dispose()
    return said


def pages() -> dict[Path, str]:
    found = {ROOT / "docs/commands.md": commands(), ROOT / "docs/configuration.md": configuration(), migrate.WHOLE: tables()}
    return found | {
        ROOT / "config/schema" / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas().items()
    }


if __name__ == "__main__":
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        sys.exit("\n".join(f"{path.relative_to(ROOT)} is not up to date: run make docs" for path in stale) or 0)
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(stale)} files changed\n")
