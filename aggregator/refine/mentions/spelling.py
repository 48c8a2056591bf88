"""Text and names in one spelling, in which a name is found whatever its language, case and order of small words.

    „der Technischen Universität München (TUM)"   →   technical university munich . TUM .
    «Мюнхенского технического университета»       →   munich technical university
    慕尼黑工業大學                                  →   慕尼黑工业大学

Words lose case, accents and endings; the words that names of universities are made of (``_CONCEPTS``), and the names of places, become one word in all
languages; articles, prepositions and initials go. Abbreviations that the gazetteer knows keep their capitals. Scripts without spaces stay as they are,
in simplified characters. Whatever ends a clause becomes a full stop.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple, Protocol
from unicodedata import normalize

from aggregator.text.cyrillic import stem
from aggregator.text.hanzi import simplified
from aggregator.text.remembered import Remembered

HAN: Final = "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HANGUL: Final = "\uac00-\ud7af"

_CONCEPTS: Final[Mapping[str, str]] = {
    "university": "university universities uni univ universitat universitaten universite universites universita universidad universidades universidade universidades "
    "universiteit universitet universitetet universitetets universitets univerzita univerzity univerzite univerzitu univerzitet univerzitetu univerziteta univerza univerzi univerze "
    "universitas universiti universitatea universitatii uniwersytet uniwersytetu uniwersytecie uniwersytetem yliopisto yliopiston yliopistossa "
    "yliopistosta egyetem egyetemen egyetemi tudomanyegyetem ulikool ulikooli universitetas universiteto universitate universitates universitesi "
    "universitesinin universitesinde universitesinden sveuciliste sveucilista sveucilistu università haskoli haskola prifysgol unibertsitatea unibertsitateko "
    "университет університет універсітэт универзитет جامعة وجامعة بجامعة لجامعة دانشگاه πανεπιστημιο πανεπιστημιου πανεπιστημια אוניברסיטת האוניברסיטה מאוניברסיטת באוניברסיטת לאוניברסיטת ואוניברסיטת מהאוניברסיטה",
    "technical": "technical technische technischen technischer technisches techn technique techniques tecnica tecnico tecnicas tekniska tekniske tekniske teknillinen teknillisen "
    "technicka technicke technicky tehnicki tehnicka tehnickom techniczna technicznej technicznego teknik muszaki tehnica tehnikaulikool технический технічний технички тэхнічны",
    "technology": "technology technologies technological technologic technologie technologique tecnologia tecnologica tecnologico tecnologicas tecnologias teknologi teknologiske "
    "teknolojileri technologiczny technologickeho технология технологический технологічний технолошки",
    "polytechnic": "polytechnic polytechnics polytechnical polytechnique polytechniques politecnico politecnica politecnic politecnicas polytechnische polytechnischen "
    "politechnika politechniki politechnice politechnike politehnica politehnic politeknik polytekniska πολυτεχνειο πολυτεχνειου политехнический політехнічний политех политехника политехникум",
    "state": "state staatliche staatlichen etat etatique estatal estadual statale panstwowy panstwowa panstwowego stanowy statni drzavni devlet государственный державний державен дзяржаўны държавен државни щат штат",
    "national": "national nationale nationalen nationaux nationaal nacional nacionalna nazionale nasional narodowy narodni nationala kansallinen национальный національний национален нацыянальны",
    "federal": "federal federale federais федеральный",
    "research": "research recherche investigacion pesquisa ricerca forschungs исследовательский дослідницький",
    "medical": "medical medica medico medicas medicale medizinische medizinischen medizin medicine medecine medicina medyczny medycznego medycyny medicinska medisch медицинский медичний",
    "agricultural": "agricultural agriculture agronomic agronomique agricola agricole agricoltura agricultura agraria agrarian agrar landwirtschaftliche rolniczy rolniczego "
    "аграрный сельскохозяйственный сільськогосподарський аграрний",
    "science": "science sciences scienze ciencias ciencia wissenschaften wissenschaft nauk nauka наука",
    "institute": "institute institutes institut instituts institutes instituto institutos istituto institutet instytut instytutu институт інститут",
    "college": "college colleges colegio colegiul collegium колледж",
    "academy": "academy academies academia academie academies akademie akademia akademii akademi akademija accademia akademien академия академія",
    "school": "school schools schule ecole ecoles escuela escola scuola szkola szkoly skola skolen hogskolan школа училище",
    "hochschule": "hochschule hochschulen fachhochschule hogskola hogskole hoyskole hogskolen hogeschool",
    "higher": "higher superior superieure superieures superiore haute hautes hohere vysoka wyzsza wyzszej высший вищий",
    "normal": "normal normale normales normali",
    "pedagogical": "pedagogical pedagogique pedagogica pedagogico padagogische padagogischen pedagogiczny pedagogicka педагогический педагогічний",
    "engineering": "engineering ingenieria ingenierie ingegneria engenharia ingenieurwissenschaften инженерный інженерний",
    "economics": "economics economic economy economia economie economique economicas economica wirtschaft ekonomiczny ekonomicka экономика экономический економічний",
    "business": "business commerce comercio",
    "finance": "finance finances financial finanzas финансы финансовый фінансовий",
    "management": "management administration administracion amministrazione управление менеджмент",
    "law": "law laws derecho droit droits recht giurisprudenza юридический право правовой юридичний",
    "foreign": "foreign иностранный",
    "languages": "language languages langues lenguas lingue язык языковой",
    "studies": "studies estudios etudes studi studien",
    "international": "international internationale internacional internazionale международный",
    "arts": "arts art artes arte kunst kunste искусство",
    "music": "music musique musica musik музык",
    "forestry": "forestry лесотехнический лесной",
    "mining": "mining mines горный",
    "catholic": "catholic catholique catolica cattolica katholische katholischen katholieke katolicki katolickiego katolicka католический",
    "pontifical": "pontifical pontificia pontificale",
    "autonomous": "autonomous autonome autonoma",
    "applied": "applied angewandte angewandten aplicadas appliquees",
    "free": "free freie freien freier freies libre vrije libera свободный",
    "open": "open abierta aberta открытый",
    "humboldt": "humboldt гумбольдт",
    "&": "and et und y e i og och и та й і és ve és",
    "in": "at in im en em bei в во у",
    "st": "st saint sankt sint santo szent sveti санкт санк",
    "petersburg": "petersburg peterburg petersbourg petersburgo pietroburgo petersburger петербург петербургский ленинград ленинградский",
    "new": "nueva nouvelle нью",
    "state university": "госуниверситет держуніверситет",
    "technical university": "техуниверситет",
    "polytechnic university": "политехуниверситет",
    "california": "california californie kalifornien californiana kalifornia калифорния калифорнийский каліфорнійський",
    "massachusetts": "massachusetts массачусетс массачусетский",
    "columbia": "columbia колумбийский колумбия",
    "china": "china chine cina chinas chiny китай китайский",
    "russia": "russia russian russie rusia russland russisch russische россия российский",
    "japan": "japan japon giappone japao япония японский",
    "korea": "korea coree corea coreia koreas корея корейский",
    "zhejiang": "zhejiang чжэцзянский чжэцзян",
    "harvard": "harvard гарвардский гарвард",
    "stanford": "stanford стэнфордский стэнфорд стенфордский стенфорд стенфордський",
    "princeton": "princeton принстонский принстон",
    "yale": "yale йельский йель",
    "cornell": "cornell корнеллский корнелльский корнелл",
    "oxford": "oxford оксфордский оксфорд оксфордський oksford",
    "cambridge": "cambridge кембриджский кембридж кембриджський kembridz",
    "people": "people peoples",
    "lomonosov": "lomonosov lomonossow lomonossov lomonosow lomonosova ломоносов ломоносова",
    "bauman": "bauman бауман",
    "moscow": "moscow moskau moscou mosca moscu moskova moskva москва московский",
}  # fmt: skip
_CONCEPT_OF: Final[Mapping[str, str]] = {stem(form): concept for concept, forms in _CONCEPTS.items() for form in forms.split()}
"""Cyrillic words are written in full there, and looked up without their endings."""

KINDS: Final = frozenset("university institute college academy school hochschule polytechnic".split())
"""Concepts that make a phrase the name of a place of learning."""
GENERIC: Final = frozenset(
    "university technical technology polytechnic state national federal research medical agricultural science institute college academy school hochschule higher normal "
    "pedagogical engineering economics business finance management law foreign languages studies international arts music forestry mining catholic pontifical "
    "autonomous applied free open in new st north south east west central northern southern eastern western northeastern northwestern southeastern southwestern "
    "royal imperial king queen first second people city metropolitan american european global world advanced graduate institutes physics education industry "
    "& petroleum transport transportation information computer aviation aerospace textile fashion design sport sports veterinary life health women teachers teacher "
    "president public private union democratic republic republica islamic christian united".split()
)
"""Words that tell nothing alone: a name of such words only is the name of many."""

DIRECTIONS: Final = frozenset(
    "northeastern northwestern southeastern southwestern northern southern eastern western central northwest".split()
)
"""Of them those that are whole names: Northeastern University."""

_DROPPED: Final = frozenset(
    "of de la le les du des d l di del della dello dell delle dei degli da do dos das der die den dem das zu zur zum van von vom het el los las lo al the a o an s n as "
    "на им имени імені named after ім для for fur pour para per für".split()
)
_LETTER: Final = r"[^\W\d_]"


def _cutting(letter: str, runs: str) -> re.Pattern[str]:
    """What cuts a text into tokens: runs of a script without spaces, words, numbers, and what separates them.

    A word that is cut short takes its full stop along: that ends nothing within a name.
    """
    full_stop = (
        rf"(?:(?=\.)(?:(?<!{_LETTER}{_LETTER})(?:(?<=U)\. |\.)"
        rf"|(?<=(?<!{_LETTER})(?:[SsMmFf]t|[Dd]r|[ИиІі]м))\."
        rf"|(?<=(?<!{_LETTER})(?:[Ss]te|[Gg]os|[Гг]ос|[Мм]ед|[Тт]ех))\."
        rf"|(?<=(?<!{_LETTER})(?:[Uu]niv|[Ii]nst|[Tt]ech|[Pp]rof))\.))?"
    )
    word = rf"{letter}+(?:['’ʼ‘`´]{letter}+|&[A-Z](?![a-z]))*{full_stop}"
    return re.compile(rf"({runs}{word}|\d+|&|,|[.!?;:()\[\]{{}}|/\n<>…。！？；：（）【】「」『』《》、，•·*=]| [–—-]+ )")


_TOKEN: Final = _cutting(rf"[^\W\d_{HAN}{HANGUL}]", rf"[{HAN}](?:[{HAN}]|[·・‧•\-–](?=[{HAN}]))*|[{HANGUL}]+|")
_ASCII_TOKEN: Final = _cutting("[A-Za-z]", "")
"""The same, quicker."""
_UNSPACED: Final = re.compile(f"[{HAN}{HANGUL}]")
_DOTS: Final = str.maketrans("・‧•-–", "·····")
_LATIN: Final = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ə": "e"})
_MARKS: Final = re.compile("[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u064b-\u0652]")
_REMEMBERED: Final = 20_000
_LONGEST: Final = 40
_LONGEST_NUMBER: Final = 5
"""Characters of what is worth remembering: words recur, and years."""


class _Place(NamedTuple):
    """A place in a spelled text, told by the word that stands there."""

    begin: int
    """Where the word stands in the original."""
    end: int
    size: int
    """Of the word in our spelling."""
    within: int
    """How far in it the place is."""


class _Tokens:
    """A text cut into tokens. ``pieces``: what is between tokens and tokens in turns; ``words``: each token in our spelling, empty where it goes."""

    def __init__(self, pieces: list[str], words: list[str]) -> None:
        self._pieces = pieces
        self._words = words

    @property
    def text(self) -> str:
        """Its words, with single spaces between them."""
        return " ".join(filter(None, self._words))

    @cached_property
    def _places(self) -> tuple[list[int], list[int], list[int]]:
        """Of those tokens that stay: their place among all, where each begins in ``text``; of all pieces: where each ends in the original."""
        kept = [number for number, word in enumerate(self._words) if word]
        at = accumulate((len(self._words[number]) + 1 for number in kept), initial=0)
        return kept, list(at)[:-1], list(accumulate(map(len, self._pieces)))

    def place(self, at: int) -> _Place:
        kept, starts, ends = self._places
        found = bisect_right(starts, at) - 1
        number = kept[found]
        begin, end = _bare(self._pieces[2 * number + 1])
        return _Place(ends[2 * number] + begin, ends[2 * number] + end, len(self._words[number]), at - starts[found])


class Spelled:
    """A text in our spelling. Tokens stand between single spaces; the first begins at 1."""

    def __init__(self, parts: list[str], spelled: list[str], tokens: Callable[[str], _Tokens]) -> None:
        """``parts``: the original, cut at spaces; ``spelled``: each in our spelling, empty where nothing of it stays; ``tokens``: what a part is made of."""
        self.text = f" {' '.join(filter(None, spelled))} "
        self._parts = parts
        self._spelled = spelled
        self._tokens = tokens
        self._found: dict[int, _Tokens] = {}

    @cached_property
    def _places(self) -> tuple[list[int], list[int], list[int]]:
        """Of those parts of which something stays: their place among all, where each begins in ``text``; of all parts: where each begins in the original.

        Most texts name nobody, so nobody asks.
        """
        kept = [number for number, words in enumerate(self._spelled) if words]
        at = accumulate((len(self._spelled[number]) + 1 for number in kept), initial=1)
        return kept, list(at)[:-1], list(accumulate((len(part) + 1 for part in self._parts), initial=0))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind ``text[start:end]``, which begins and ends within tokens."""
        first, last = self._place(start), self._place(end - 1)
        rest = last.within + 1
        return first.begin + first.within, last.end if rest >= last.size else last.begin + rest

    def _place(self, at: int) -> _Place:
        kept, starts, begins = self._places
        found = bisect_right(starts, at) - 1
        number = kept[found]
        if number not in self._found:
            self._found[number] = self._tokens(padded(self._parts, number))
        place = self._found[number].place(at - starts[found])
        origin = begins[number] - (number > 0)
        return place._replace(begin=origin + place.begin, end=origin + place.end)


def padded(parts: list[str], number: int) -> str:
    """One part with the spaces beside it."""
    return f"{' ' if number else ''}{parts[number]}{' ' if number < len(parts) - 1 else ''}"


def _recurs(raw: str) -> bool:
    longest = _LONGEST_NUMBER if raw[:1].isdecimal() else _LONGEST
    return len(raw) <= longest and not _UNSPACED.match(raw)


class Lexicon(Protocol):
    def get(self, word: str, /) -> str | None: ...


class Speller:
    """Brings texts into our spelling. ``places``: word → the one that stands for it; ``abbreviations`` keep their capitals."""

    def __init__(self, places: Lexicon, abbreviations: Collection[str]) -> None:
        self._places = places
        self._abbreviations = abbreviations
        self._words = Remembered(self._token, most=_REMEMBERED, worth=_recurs)
        self._inner = Remembered(lambda part: self._tokens(f" {part} ").text, most=_REMEMBERED, worth=_recurs)
        """Parts of texts that have a space on either side."""

    def with_others(self, abbreviations: Collection[str]) -> Speller:
        return Speller(self._places, {*self._abbreviations, *abbreviations})

    def spell(self, text: str) -> Spelled:
        if not text.isascii() and _UNSPACED.search(text):  # its spaces, if any, cut it into what seldom recurs
            text = simplified(text)
            return Spelled([text], [self._tokens(text).text], self._tokens)
        parts = text.split(" ")
        spelled = list(map(self._inner.__getitem__, parts))
        for edge in {0, len(parts) - 1}:
            if parts[edge].endswith("U.") or not parts[edge].strip("–—-"):  # what they are depends on the spaces beside them
                spelled[edge] = self._tokens(padded(parts, edge)).text
        return Spelled(parts, spelled, self._tokens)

    def _tokens(self, text: str) -> _Tokens:
        pieces = _ASCII_TOKEN.split(text) if text.isascii() else _TOKEN.split(text)
        return _Tokens(pieces, list(map(self._words.__getitem__, pieces[1::2])))

    def _token(self, raw: str) -> str:
        if _UNSPACED.match(raw):
            return raw if raw.isalnum() else raw.translate(_DOTS)
        if raw in (",", "&") or raw[0].isdecimal():
            return raw
        return self._word(raw) if raw[0].isalnum() else "."

    def name(self, name: str) -> str:
        """The tokens of a name, with single spaces between them."""
        return self.spell(name).text.strip()

    def _word(self, raw: str) -> str:
        begin, finish = _bare(raw)
        word = raw[begin:finish]
        if len(word) == 1 and raw[-1] in ". ":  # an initial; but U. of T.
            return "university" if word == "U" and raw[-1] == " " else ""
        return word if word in self._abbreviations else self._common(_APOSTROPHE.sub("", word))

    def _common(self, raw: str) -> str:
        word = plain(raw)
        if word in _DROPPED:
            return ""
        if "\u0400" <= word[0] <= "\u052f":
            word = stem(word)
        return _CONCEPT_OF.get(word) or self._places.get(word) or slavic(word)


_SLAVIC: Final = re.compile(
    r"(?<=[a-z]{3})(?:(?<=sk)(?:iego|iemu|iej|im|a|i|y|e|eho|emu|em|ou|og|om|oj|u)|(?<=ck)(?:iego|iemu|iej|im|a|i|y|e|eho|em)|(?<=ov)(?:a|y|e|u|ou))$"
)


def slavic(word: str) -> str:
    """A word in Latin letters without the endings of Polish, Czech and Serbian adjectives: Warszawskiego, Karlovy."""
    return _SLAVIC.sub("", word) if word.isascii() else word


_APOSTROPHE: Final = re.compile("['’ʼ‘`´]")
_ELIDED: Final = frozenset("l d dell all nell sull dall un qu s j".split())
_SUFFIXED: Final = frozenset("s nin nın da de ye ya ın in".split())


def _bare(raw: str) -> tuple[int, int]:
    """Where the word itself stands in a token: without its full stop, and without what an apostrophe ties to it, as in l'Università, Harvard's; but
    Xi'an is one word.
    """
    if raw.isalpha() or not raw[0].isalnum():
        return 0, len(raw)
    begin, finish = 0, len(raw.rstrip(". "))
    parts = _APOSTROPHE.split(raw[:finish])
    while len(parts) > 1 and parts[0].lower() in _ELIDED:
        begin += len(parts.pop(0)) + 1
    while len(parts) > 1 and parts[-1].lower() in _SUFFIXED:
        finish -= len(parts.pop()) + 1
    return begin, finish


def plain(word: str) -> str:
    """One word without case and accents."""
    word = word.lower()
    if word.isascii():
        return word
    if "\u0400" <= word[0] <= "\u052f":
        return word.replace("ё", "е")
    return _MARKS.sub("", normalize("NFKD", word)).translate(_LATIN).replace("\u0307", "")
