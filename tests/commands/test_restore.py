"""`restore`: what it puts aside, and how that is tidied."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed import Run


@pytest.fixture
def restored(run: Run, folder: Path) -> Path:
    """What the first restore has put aside."""
    run("backup", "copy.sqlite")
    assert run("restore", "copy.sqlite").exit_code == 0
    (kept,) = folder.glob("wire.db.2*")
    return kept


def test_restore_says_how_large_what_it_puts_aside_is(run: Run, restored: Path) -> None:
    restored.rename(restored.with_name("wire.db.20200101-000000"))
    (restored.parent / "wire.db.aside").write_text(
        (restored.parent / "wire.db.aside").read_text().replace(restored.name, "wire.db.20200101-000000")
    )

    result = run("restore", "copy.sqlite")

    assert "restored; what was there is kept as wire.db.20" in result.stdout
    assert "bytes, and 1 older one of " in result.stdout
    assert 'restore --tidy 30" deletes' in result.stdout


def test_tidying_deletes_what_is_old_enough_and_says_so(run: Run, restored: Path) -> None:
    young, old, none = run("restore", "--tidy", "1"), run("restore", "--tidy", "0"), run("restore", "--tidy", "0")

    assert (young.stdout, none.stdout) == ("nothing that a restore has put aside is that old\n",) * 2
    assert old.stdout.startswith(f"deleted {restored.name}, put aside on ")
    assert not restored.exists()
    assert (restored.parent / "wire.db").exists()


def test_restore_without_a_file_asks_for_one(run: Run) -> None:
    result = run("restore")

    assert result.exit_code == 2
    assert "name the backup FILE, or --tidy DAYS" in result.stderr


@pytest.mark.usefixtures("restored")
def test_the_doctor_says_what_was_put_aside(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object) -> list[object]:
        return []

    monkeypatch.setattr("aggregator.doctor._network", nobody)
    monkeypatch.setattr("aggregator.doctor._public", nobody)

    assert "well  put aside: 1 database put aside by restores, " in run("doctor").stdout


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_forgetting_without_a_rule_says_that_there_is_none(run: Run, options: tuple[str, ...]) -> None:
    assert "nothing is forgotten: no `keep` of the configuration names days" in run("forget", *options).stdout
