"""Which university a form means here: one of several of the same name by what else the article says, an abbreviation only with support."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from aggregator.refine.mentions.entries import Entry, plain_name
from aggregator.refine.mentions.forms import Strength, is_unspaced
from aggregator.refine.mentions.gazetteer import Gazetteer
from aggregator.refine.mentions.sight import Sight
from aggregator.refine.mentions.spelling import KINDS, Spelled
from aggregator.text.hanzi import simplified

Named = tuple[int, int, int]
"""A university by its number, and where it is named."""

_SPOKEN: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(countries.split())
    for language, countries in {
        "zh": "CN TW HK MO SG",
        "ja": "JP",
        "ko": "KR",
        "ru": "RU BY KZ KG",
        "de": "DE AT CH",
        "fr": "FR BE CH CA",
        "it": "IT CH",
        "es": "ES MX AR CO CL PE VE EC UY CU",
        "pt": "BR PT",
        "en": "US GB CA AU NZ IE",
        "pl": "PL",
        "uk": "UA",
        "nl": "NL BE",
        "sv": "SE",
        "tr": "TR",
        "cs": "CZ",
        "fa": "IR",
        "vi": "VN",
        "id": "ID",
        "bg": "BG",
        "sr": "RS",
    }.items()
}
"""Where a language is spoken: a name without more is that of a university there."""

_COUNTRY_WORDS: Final[Mapping[str, str]] = {
    "CN": "china chinese chinesische chinesischen chinois chinoise 中国 中方 중국",
    "TW": "taiwan taiwanese тайвань тайваньск 台湾 대만",
    "HK": "hong 香港 гонконг",
    "JP": "japan japanese japanische japanischen japonais japonaise 日本 일본",
    "KR": "korea korean coreen koreanische 韩国 南韩 한국 сеул",
    "RU": "russia russe russo russische russischen 俄罗斯 俄国 俄 ロシア 러시아",
    "US": "america american usa amerikanische americaine сша америк американск 美国 美 米国 米 미국",
    "GB": "britain british england uk kingdom britannique britische британ британск 英国 英 영국",
    "DE": "germany german deutschland deutsche deutschen allemagne allemand немецк герман германи 德国 德 ドイツ 독일",
    "FR": "france french frankreich franzosische франц французск 法国 法 フランス 프랑스",
    "IT": "italy italian italia italiana italiano итальянск итал 意大利 イタリア 이탈리아",
    "ES": "spain spanish espana espanol espanola испан испанск 西班牙 スペイン 스페인",
    "CA": "canada canadian канад канадск 加拿大 加 カナダ 캐나다",
    "AU": "australia australian australien австрал австралийск 澳大利亚 澳洲 澳 豪 オーストラリア 호주",
    "SG": "singapore singapour singapur сингапур 新加坡 シンガポール 싱가포르",
    "UA": "ukraine ukrainian украин украинск 乌克兰 ウクライナ 우크라이나",
    "BY": "belarus belarusian беларус белорусск 白俄罗斯 ベラルーシ 벨라루스",
    "KZ": "kazakhstan казахстан казахстанск 哈萨克斯坦 カザフスタン",
    "GE": "georgia грузи грузинск 格鲁吉亚",
    "AM": "armenia армен армянск 亚美尼亚",
    "AZ": "azerbaijan азербайджан азербайджанск 阿塞拜疆",
    "VN": "vietnam vietnamese вьетнам вьетнамск 越南 ベトナム 베트남",
    "IN": "india indian инд индийск 印度 インド 인도",
    "NO": "norway norwegian norwegen норвег норвежск 挪威 ノルウェー",
    "SE": "sweden swedish schweden швед шведск 瑞典 スウェーデン",
    "DK": "denmark danish danemark дан датск 丹麦 デンマーク",
    "NL": "netherlands dutch niederlande нидерланд 荷兰 オランダ 네덜란드",
    "CH": "switzerland swiss schweiz suisse svizzera швейцар 瑞士 スイス 스위스",
    "BR": "brazil brazilian brasil bresil бразил 巴西 ブラジル",
    "ZA": "africa 南非",
    "PK": "pakistan пакистан 巴基斯坦",
    "NZ": "zealand 新西兰 ニュージーランド",
    "IE": "ireland irish irland ирланд 爱尔兰",
}
_OF_WORD: Final[Mapping[str, str]] = {word: country for country, words in _COUNTRY_WORDS.items() for word in words.split()}
_BEFORE: Final[Mapping[str, str]] = {word: country for word, country in _OF_WORD.items() if is_unspaced(word)}
_FAR: Final[Mapping[str, str]] = {word: country for word, country in _BEFORE.items() if len(word) > 1}

_OURS: Final = re.compile(
    r"我校|本校(?!区)|本学(?!期|年|科|习|院|位|术|者|会)|我們學校|우리 ?학교|우리 ?대학|본교|"
    r"\b[Oo]ur [Uu]niversity\b|\b[Нн]аш(?:его|ему|им|ем|)? (?:университет|вуз)(?:а|у|ом|е|)\b|\b[Uu]nsere[rn]? (?:Universität|Hochschule|Uni)\b|"
    r"\b[Nn]otre (?:université|école)\b|\b[Nn]uestra [Uu]niversidad\b|\b[Nn]ossa [Uu]niversidade\b|\b[Nn]ostr[ao] (?:[Uu]niversità|[Aa]teneo)\b"
)
_SHORT_FOR: Final = re.compile(
    r"\s*[(（]\s*(?:далее\s*[–—-]\s*|im Folgenden |以下简称[“\"']?|简称[“\"']?|下称)?([A-ZА-ЯЁ][\w&/-]{1,11}?)[”\"']?\s*[)）,;，]"
)
_BETWEEN: Final = re.compile(r"\s*(?:[,、，/;；]|and|und|et|y|e|и|和|与|及|or|&)\s*(?:and |und |et |the |l['’]|[Uu]\. ?(?:de |of )?)?")
"""What stands between the names of a list."""
_HAN_BEFORE: Final = re.compile("[\u3005\u3007\u3400-\u9fff0-9０-９]\\Z")
_SLIP: Final = 0.6
"""How much alike two spellings of one word are at least, where all other words of a name are there: Bauman, Borman."""


def judge(whole: str, spelled: Spelled, sights: list[Sight], known: Gazetteer, *, language: str, publisher: Entry | None) -> list[Named]:
    """What is named where."""
    return _Case(whole, spelled, sights, known, language, publisher).named()


class _Case:
    def __init__(self, whole: str, spelled: Spelled, sights: list[Sight], known: Gazetteer, language: str, publisher: Entry | None) -> None:
        self._whole = whole
        self._spelled = spelled
        self._sights = sights
        self._known = known
        self._language = language
        self._publisher = publisher
        self._sure: set[int] = {publisher.number} if publisher else set()
        self._countries: set[str] | None = None
        self._called: dict[str, int] = {}
        self._rows: set[Sight] | None = None

    def named(self) -> list[Named]:
        for sight in self._sights:
            if sight.meaning.strength is Strength.FULL and len(sight.meaning.entries) == 1:
                self._sure.add(sight.meaning.entries[0])
        found: list[Named] = []
        slips: list[Named] = []
        for strength in (Strength.FULL, Strength.FAIR, Strength.WEAK):
            for sight in self._sights:
                if sight.meaning.strength is strength and not _taken(sight, slips) and (number := self._meant(sight)) is not None:
                    if strength is not Strength.WEAK:
                        self._sure.add(number)
                    found.append((number, sight.start, sight.end))
            if strength is Strength.FULL:
                self._abbreviated(found)
                slips = list(self._slips(found))
                found += slips
        if self._publisher:
            taken = [(start, end) for _, start, end in found]
            found += [
                (self._publisher.number, ours.start(), ours.end())
                for ours in _OURS.finditer(self._whole)
                if not any(start < ours.end() and ours.start() < end for start, end in taken)
            ]
        return found

    def _abbreviated(self, found: list[Named]) -> None:
        """What the article itself calls them: Shenyang Polytechnic University (SPU)."""
        for number, _, end in found:
            if match := _SHORT_FOR.match(self._whole, end):
                self._called.setdefault(match[1], number)

    def _meant(self, sight: Sight) -> int | None:
        entries = sight.meaning.entries
        original = self._whole[sight.start : sight.end]
        if original in self._called:
            return self._called[original]
        if sight.meaning.strength is Strength.FULL:
            return entries[0] if len(entries) == 1 else self._one_of(sight, entries)
        supported = [number for number in entries if number in self._sure]
        if self._publisher and self._publisher.number in supported:
            return self._publisher.number
        if supported:
            return supported[0] if len(supported) == 1 else None
        best = sight.meaning.best
        if sight.meaning.strength is Strength.FAIR:
            return best[0] if len(best) == 1 and self._fits(self._known.entries[best[0]]) else self._one_of(sight, best)
        return self._vouched(sight, [self._known.entries[number] for number in best])

    def _fits(self, entry: Entry) -> bool:
        return entry.known or entry.id is not None or entry.country in self._context() or entry.country in _SPOKEN.get(self._language, ())

    def _vouched(self, sight: Sight, entries: list[Entry]) -> int | None:
        """A form that proves nothing alone: in a list of universities, beside the city, or an abbreviation that the language's readers know."""
        if not entries or (len(sight.form) < 3 and not is_unspaced(sight.form)):
            return None
        original = self._whole[sight.start : sight.end]
        near = [entry for entry in entries if entry.city and self._says(entry.city) and self._known.speller.name(entry.city) != sight.form]
        if len(near) == 1 and (near[0].country in _SPOKEN.get(self._language, ()) or len(entries) == 1):
            return near[0].number
        here = [entry for entry in entries if entry.country in _SPOKEN.get(self._language, ())]
        if len(here) == 1 and self._language != "en" and len(original) >= 3 and original.isupper() and self._whole.count(original) >= 2:
            return here[0].number
        if len(here) == 1 and self._language == "ja" and is_unspaced(sight.form) and not _HAN_BEFORE.search(self._whole, 0, sight.start):
            return here[0].number  # 東大, 早大: Japanese news write little else
        if self._enumerated(sight) and len(entries) == 1:
            return entries[0].number
        return None

    def _enumerated(self, sight: Sight) -> bool:
        """Whether it stands in a row with other names of universities: 剑桥、牛津、MIT."""
        if self._rows is None:
            self._rows = _rows(self._whole, self._sights, self._sure)
        return sight in self._rows

    def _one_of(self, sight: Sight, numbers: Sequence[int]) -> int | None:
        """Of several universities of one name, the one that the article, its publisher or its language tells."""
        entries = [self._known.entries[number] for number in numbers]
        beside = self._beside(sight, entries)
        if beside:
            return beside[0].number if len(beside) == 1 else None
        if self._publisher and self._publisher in entries:
            return self._publisher.number
        original = plain_name(self._whole[sight.start : sight.end])
        spelled = [entry for entry in entries if original in map(plain_name, (entry.name, *entry.names))]
        if len(spelled) == 1:
            return spelled[0].number  # University of York, beside York University
        for choice in self._choices(entries):
            if len(choice) == 1:
                return choice[0].number
            if (
                len(choice) > 1
                and len({entry.country for entry in choice}) == 1
                and len(known := [entry for entry in choice if entry.known]) == 1
            ):
                return known[0].number
        return None

    def _choices(self, entries: list[Entry]) -> Iterator[list[Entry]]:
        here = _SPOKEN.get(self._language, frozenset())
        yield [entry for entry in entries if entry.number in self._sure]
        yield [entry for entry in entries if entry.city and self._says(entry.city)]
        yield [entry for entry in entries if entry.country in self._spoken_of() and entry.country not in here]
        yield [entry for entry in entries if entry.country in here]
        yield [entry for entry in entries if entry.country in here and entry.known]
        if self._publisher:
            yield [entry for entry in entries if entry.country == self._publisher.country]
        yield [entry for entry in entries if entry.known]

    def _says(self, city: str) -> bool:
        spelled = self._known.speller.name(city)
        if spelled and f" {spelled} " in self._spelled.text:
            return True
        return any(name in self._spelled.text for name in self._known.city(city) if len(name) > 1)

    def _beside(self, sight: Sight, entries: list[Entry]) -> list[Entry]:
        """Those whose country or city is written directly before, in Chinese, Japanese or Korean: 日本东北大学, 瀋陽の東北大学."""
        before = simplified(self._whole[max(0, sight.start - 8) : sight.start]).rstrip(" の的")
        country = next((country for word, country in _BEFORE.items() if before.endswith(word)), None)
        if country:
            return [entry for entry in entries if entry.country == country]
        return [entry for entry in entries if any(before.endswith(name) for name in self._known.city(entry.city) if len(name) > 1)]

    def _context(self) -> set[str]:
        """The countries that the article has to do with."""
        return self._spoken_of() | {self._known.entries[number].country for number in self._sure}

    def _spoken_of(self) -> set[str]:
        """The countries that it names."""
        if self._countries is None:
            text = self._spelled.text
            words = {_OF_WORD[token] for token in set(text.split()) if token in _OF_WORD}
            self._countries = words | {country for word, country in _FAR.items() if word in text}
        return self._countries

    def _slips(self, found: list[Named]) -> Iterable[Named]:
        """Misspelled names beside right ones: all words of a name but one, and that one alike."""
        text = self._spelled.text
        names = [(number, frozenset(form.split())) for number, form in dict.fromkeys(self._full_forms(found))]
        if not names:
            return
        taken = [(start, end) for _, start, end in found]
        for match in re.finditer(r"(?<= )(?:[^ .,]+ ){2,40}", text):
            tokens = match[0].split()
            if not KINDS & set(tokens):
                continue
            yield from self._slipped(match.start(), tokens, names, taken)

    def _full_forms(self, found: list[Named]) -> Iterable[tuple[int, str]]:
        numbers = {number for number, _, _ in found}
        for sight in self._sights:
            if sight.meaning.strength is Strength.FULL and not is_unspaced(sight.form) and len(sight.form.split()) >= 3:
                for number in numbers.intersection(sight.meaning.entries):
                    yield number, sight.form

    def _slipped(
        self, at: int, tokens: list[str], names: list[tuple[int, frozenset[str]]], taken: list[tuple[int, int]]
    ) -> Iterable[Named]:
        for number, words in names:
            size = len(words)
            place = at
            for index in range(len(tokens) - size + 1):
                window = tokens[index : index + size]
                lost, odd = words.difference(window), set(window) - words
                if len(lost) == len(odd) == 1 and _alike(*lost, *odd):
                    first = place
                    start, end = self._spelled.span(first, first + len(" ".join(window)))
                    if not any(begin < end and start < finish for begin, finish in taken):
                        yield number, start, end
                        return
                place += len(tokens[index]) + 1


def _taken(sight: Sight, slips: list[Named]) -> bool:
    return any(start < sight.end and sight.start < end for _, start, end in slips)


def _rows(whole: str, sights: list[Sight], sure: set[int]) -> set[Sight]:
    """Those that stand in a row in which a university is sure, or at least three are named."""
    found: set[Sight] = set()
    row: list[Sight] = []
    for sight in [*sights, None]:
        if sight is not None and row and _BETWEEN.fullmatch(whole, row[-1].end, sight.start):
            row.append(sight)
            continue
        if len(row) >= 3 or (len(row) == 2 and any(sure.intersection(each.meaning.entries) for each in row)):
            found.update(row)
        row = [sight] if sight is not None else []
    return found


def _alike(one: str, other: str) -> bool:
    return one[0] == other[0] and min(len(one), len(other)) >= 4 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SLIP
