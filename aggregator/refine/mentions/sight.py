"""Which forms really stand in a text: whole words, not parts of longer names, the longest of those that overlap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aggregator.refine.mentions.forms import Strength, is_unspaced
from aggregator.refine.mentions.gazetteer import Gazetteer, Meaning
from aggregator.refine.mentions.spelling import HANGUL, KINDS, Spelled

_PARTICLE: Final = re.compile(
    r"(?:은|는|이|가|을|를|의|와|과|에|도|로|으로|에서|에게|측|팀|총장|교수|연구팀|학생|출신|병원|캠퍼스|대학원|만|뿐|부터|까지|처럼|보다|이나|나|랑|및|발|산하|내|간|등|부설|입니다|이다|였다|에는|에도|에선|이라|라는|이라는|하고)"
)
_HANGUL: Final = re.compile(f"[{HANGUL}]")
_KANA: Final = re.compile("[\u30a1-\u30fa\u30fc]")
_NO_SHORT: Final = frozenset("寺学會会赛道街桥楼厦家使量屠地陆城海洋型小规批连雨雪风米豆众臣胆阪坂津分垣胜相关战震幅力事奖师奖型量好")
"""Characters that make something else of a 大 before them: 大会, 大桥, 大阪."""
_STUDENT: Final = re.compile("生(?![命物态理产源活医化殖])")
_INITIAL: Final = re.compile(r"[^\W\d_]{4,}[.!?;:]\s")

# Words before a name that begins with its kind, and make it another one's: *Medical* University of Vienna.
_BEFORE_KIND: Final = frozenset(
    "technical technology medical polytechnic catholic free state national agricultural pedagogical normal open applied american british german french federal autonomous pontifical "
    "metropolitan islamic christian buddhist veterinary international european economics business arts music central economic private royal islamic military defence defense".split()
)
# … and states: *Indiana* University of Pennsylvania.
_STATES: Final = frozenset(
    "alabama alaska arizona california colorado delaware florida georgia hawaii idaho illinois indiana iowa kansas michigan ohio oregon texas utah".split()
)
# Words before a name that begins with a place: *West* Virginia University.
_BEFORE_PLACE: Final = frozenset(
    "north south east west northern southern eastern western new central upper lower mid northeastern northwestern southeastern southwestern northeast northwest southeast southwest "
    "old inner outer middle george mount fort port little great san santa".split()
)
# Words after a name that ends with its kind, and go on with it: Moscow State University *of Economics*.
_AFTER_KIND: Final = frozenset(
    "technology science economics medical engineering arts mining forestry agricultural law finance management pedagogical business foreign languages music education transport "
    "aviation design culture industry sport sports physical applied "
    "геодези связ сервис туризм строительств пут пищев телекоммуникаци культур дизайн приборостроени гражданск кин печат физическ информационн психолог мвд".split()
)
# Words after a name of one word that make it a street, a town, a family.
_AFTER_WORD: Final = frozenset(
    "street st square avenue road lane boulevard drive bridge station airport hotel hall river creek hill hills heights county township city town village parish "
    "junction beach park family brothers mall theatre theater".split()
)
_PERSON: Final = re.compile(r"\b(?:Mrs?|Ms|Miss|Dr|Prof|Professor|Sir|Lord|Lady|Judge|Senator|Captain)\.?\s$")
_IN_STATE: Final = re.compile(
    r",\s(?:(?:Alaska|Arizona|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kentucky|Louisiana|Maine|Maryland|Missouri|Montana|Nebraska|Nevada|Ohio|Oregon|Texas"
    r"|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming|New (?:Hampshire|Jersey|Mexico|Brunswick|South Wales)|(?:North|South) (?:Carolina|Dakota)|Alberta"
    r"|British Columbia|Manitoba|Nova Scotia|Ontario|Saskatchewan|Queensland|Tasmania|England|Scotland|Wales)\b(?!\s(?:State|Tech|University|Institute|College|A&M))"
    r"|(?:Ala|Ark|Calif|Colo|Conn|Del|Fla|Ill|Ind|Kan|Mass|Mich|Minn|Miss|Okla|Penn|Tenn|N\.\s?[HJMYCD])\.)"
)
"""How a town is told: Princeton, New Jersey."""
_PRESS: Final = frozenset("press verlag publishing".split())
_ADJOINED: Final = re.compile(r"[-–](?=[A-ZÀ-Þ][a-zà-ÿ])")


@dataclass(frozen=True, slots=True)
class Sight:
    """One form as it stands in a text. ``start`` and ``end`` are places in the original, ``first`` and ``last`` in the spelled text."""

    start: int
    end: int
    first: int
    last: int
    meaning: Meaning
    form: str


def seen(whole: str, spelled: Spelled, known: Gazetteer) -> list[Sight]:
    """In the order of the text, without overlaps."""
    found: list[tuple[int, int, int]] = []
    text = spelled.text
    for index, start, end in known.near(text):
        if text[start] == " ":
            found.append((start + 1, end - 1, index))
        elif _whole_unspaced(text, start, end, known.forms[index]):
            found.append((start, end, index))
    found.sort(key=lambda each: (each[0] - each[1], each[0]))
    taken = bytearray(len(text) + 1)
    kept: list[Sight] = []
    for first, last, index in found:
        if any(taken[first:last]):
            continue
        taken[first:last] = b"\1" * (last - first)
        start, end = spelled.span(first, last)
        sight = Sight(start, end, first, last, known.meaning(index), known.forms[index])
        if is_unspaced(sight.form) or _stands_alone(whole, text, sight):
            kept.append(sight)
    kept.sort(key=lambda each: each.start)
    return kept


def _whole_unspaced(text: str, start: int, end: int, form: str) -> bool:
    before, after = text[start - 1], text[end]
    if _HANGUL.match(form):
        return before == " " and (after == " " or _PARTICLE.match(text, end) is not None)
    if _KANA.match(form) and _KANA.match(before):
        return False
    if form.endswith("大"):
        return after not in _NO_SHORT
    return not (form.endswith("大学") and _STUDENT.match(text, end) and len(form) > 2)


def _stands_alone(whole: str, text: str, sight: Sight) -> bool:
    original = whole[sight.start : sight.end]
    if _INITIAL.search(original):
        return False
    tokens = sight.form.split()
    if len(tokens) == 1 and _is_elsewhere(whole, text, sight):
        return False
    if sight.meaning.strength is not Strength.FULL or len(tokens) == 1:
        return original[:1].isupper() or not original[:1].islower() or "\u0400" <= original[0] <= "\u052f"
    if original.islower() and original.isascii():
        return False
    before = text[: sight.first - 1].rpartition(" ")[2]
    after = text[sight.last + 1 :].partition(" ")[0]
    if after in _PRESS:
        return False
    kind_first = tokens[0] in KINDS or tokens[0] in _BEFORE_KIND
    if kind_first and (before in _BEFORE_KIND or before in _STATES) and not _separated(whole, sight.start):
        return False  # Medical University of Vienna, Indiana University of Pennsylvania
    if not kind_first and before in _BEFORE_PLACE and not _separated(whole, sight.start) and _capital_before(whole, sight.start):
        return False
    if tokens[-1] in KINDS:
        return not (after in _AFTER_KIND and not re.match(r"\s*[,.;:()«»\"“”]", whole[sight.end :]))
    return not (kind_first and _ADJOINED.match(whole, sight.end))


def _is_elsewhere(whole: str, text: str, sight: Sight) -> bool:
    """Whether a single word is a street, a town, a person that has the name of a university."""
    after = text[sight.last + 1 :].partition(" ")[0]
    return (
        (after in _AFTER_WORD and whole[sight.end : sight.end + 1] == " ")
        or _IN_STATE.match(whole, sight.end) is not None
        or _PERSON.search(whole, max(0, sight.start - 12), sight.start) is not None
    )


def _separated(whole: str, start: int) -> bool:
    """Whether something other than a space stands before."""
    return whole[start - 1 : start] not in (" ", "-", "\u00a0", "")


def _capital_before(whole: str, start: int) -> bool:
    word = re.search(r"([^\W\d_]+)[\s-]*$", whole[max(0, start - 30) : start])
    return word is not None and word[1][0].isupper()
