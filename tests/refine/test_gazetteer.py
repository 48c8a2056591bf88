"""The packaged facts, and what an operator's configuration adds to them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.model import University
from aggregator.refine.mentions import find
from aggregator.refine.mentions.gazetteer import build, facts
from aggregator.refine.registry import Directory, Registry, configured, edition

ROOT = Path(__file__).parents[2]


def test_the_derived_files_are_those_of_the_facts() -> None:
    ended = subprocess.run([sys.executable, "docs/gazetteer.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (0, "")


def test_thousands_of_universities_are_known_with_sound_facts() -> None:
    entries, _ = facts()

    assert len(entries) >= 8_000
    assert len({entry.country for entry in entries}) >= 160
    assert all(re.fullmatch("[A-Z]{2}", entry.country) for entry in entries)
    rors = [entry.ror for entry in entries if entry.ror]
    assert len(rors) == len(set(rors)) >= 400
    assert all(re.fullmatch(r"https://ror\.org/0[a-z0-9]{6}[0-9]{2}", ror) for ror in rors)


def test_every_row_of_names_is_of_a_university_that_is_there() -> None:
    entries, _ = facts()
    there = {(entry.name, entry.country) for entry in entries}
    rows = (ROOT / "aggregator/data/names.tsv").read_text(encoding="utf-8").splitlines()

    assert [row for row in rows if not row.startswith("#") and tuple(row.split("\t")[:2]) not in there] == []


def test_homonyms_are_marked() -> None:
    gazetteer = build()
    owners = {gazetteer.forms[number]: gazetteer.meaning(number).entries for number in range(len(gazetteer.forms))}

    assert {gazetteer.entries[number].country for number in owners["东北大学"]} == {"CN", "JP", "US"}
    assert len(owners["МГТУ"]) > 1


def test_the_universities_of_the_configuration_have_our_id_and_our_aliases() -> None:
    ours = University("hit", "Harbin Institute of Technology", aliases=("Ice City Tech",), country="CN", ror="https://ror.org/01yqg2h08")
    registry = Registry(configured([ours]))

    (found,) = find("Ice City Tech University opens a lab", "The Ice City Tech team.", language="en", gazetteer=build(registry))

    assert (found.university, found.ror, found.name) == ("hit", ours.ror, "Harbin Institute of Technology")


def test_a_university_that_nobody_else_knows_is_found() -> None:
    ours = University("onhava", "Onhava University", {"ru": "Онхавский университет", "zh": "翁哈瓦大学"}, ("OU",), "ZZ")
    gazetteer = build(Registry(configured([ours])))

    for language, text in [
        ("en", "at Onhava University"),
        ("ru", "в Онхавском университете"),
        ("zh", "访问翁哈瓦大学"),
        ("de", "Universität Onhava"),
    ]:
        assert [each.university for each in find("", text, language=language, gazetteer=gazetteer)] == ["onhava"], text


@pytest.mark.parametrize("name", ["hit", "Harbin Institute of Technology", "哈尔滨工业大学", "The Harbin Institute of Technology"])
def test_a_publisher_is_known_by_its_id_or_any_name(name: str) -> None:
    ours = University("hit", "Harbin Institute of Technology", country="CN", ror="https://ror.org/01yqg2h08")
    entry = build(Registry(configured([ours]))).entry(name)

    assert entry is not None
    assert entry.id == "hit"


@pytest.mark.parametrize(
    ("who", "name"),
    [("Univercity of Leeds", "University of Leeds"), ("harvrd university", "Harvard University"), ("Qwxz", None), ("", None)],
)
def test_a_name_that_nobody_has_is_like_one_that_is_known(who: str, name: str | None) -> None:
    directory = Directory(Registry())

    assert directory.entry(who) is None
    assert directory.nearest(who) == name


def test_an_edition_stands_for_what_is_known() -> None:
    ours = University("hit", "Harbin Institute of Technology", country="CN")

    assert edition(Registry()) == edition(Registry())
    assert edition(Registry(configured([ours]))) != edition(Registry())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_imported_file_is_read_however_its_lines_end(tmp_path: Path, end: str) -> None:
    file = tmp_path / "gazetteer.tsv"
    row = "012345678\tLakeside University\tDE\tSeestadt\tEurope/Berlin\tlakeside.example\tUniversität Seestadt\tLSU"
    file.write_text(f"# imported{end}{end}{row}{end}", encoding="utf-8", newline="")

    found = build(Registry(imported=str(file), version=len(end))).entry("Universität Seestadt")

    assert found is not None
    assert (found.name, found.ror, found.short) == ("Lakeside University", "https://ror.org/012345678", ("LSU",))
