"""Who made an article: bylines taken apart into people, units and what each of them did. Pure knowledge about text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.text import bylinewords
from aggregator.text.bylinewords import Role, either, of_languages, phrases
from aggregator.text.units import is_nobody, is_unit, says_unit

__all__ = [
    "LONGEST",
    "Credit",
    "Role",
    "authors",
    "credits",
    "is_name",
    "is_nobody",
    "is_person",
    "is_unit",
    "people",
    "roster",
    "signature",
]

LONGEST: Final = 300
"""A longer line is a sentence of the text, not a byline."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a byline. ``unit``: a department, an office, a medium; not a person."""

    name: str
    role: Role
    unit: bool = False


_HAN_ROLES: Final[dict[str, Role]] = {label: role for role, table in bylinewords.HAN_LABELS.items() for label in table.split()}
_HAN_LABEL: Final = either(sorted(map(re.escape, _HAN_ROLES), key=len, reverse=True))
_HAN_LEADING: Final = either(bylinewords.HAN_LEADING.split())
_SPACED_LABELS: Final = {role: either(of_languages(tables)) for role, tables in bylinewords.SPACED_LABELS.items()}
_SPACED_LABELS["author"] = rf"{bylinewords.BOTH}(?:\ by|\ von)?|{_SPACED_LABELS['author']}"
_SPACED_ROLES: Final = tuple((role, re.compile(rf"(?ix){labels}")) for role, labels in _SPACED_LABELS.items())
_SPACED_LABEL: Final = either(_SPACED_LABELS.values())
_LEADS: Final[Sequence[tuple[Role, str]]] = (
    ("author", rf"{bylinewords.BOTH}\ (?:by|von|de|par|di|av|af|door)"),
    *((role, phrase) for role, tables in bylinewords.LEADING.items() for phrase in of_languages(tables)),
)
_LEADING: Final = either(phrase for _, phrase in _LEADS)
_LEAD_ROLES: Final = tuple((role, re.compile(rf"(?ix){phrase}")) for role, phrase in _LEADS)

_LABEL: Final = re.compile(
    rf"""(?ix)
    (?:(?P<han>{_HAN_LABEL}) | (?<!\w)(?P<spaced>{_SPACED_LABEL})) [\ \u3000\xa0]{{0,4}} [:：/／丨|] [\ \u3000\xa0/／]{{0,4}}
    | (?<![\w/])(?P<hanlead>{_HAN_LEADING}) [\ \u3000]{{1,4}}
    """
)
_LABEL_AFTER: Final = re.compile(
    rf"""(?ix)
    ^(?P<name>.{{2,80}}?) \s{{0,3}} (?:[/／]|[(（]) \s{{0,3}}
    (?:(?P<han>{_HAN_LABEL}) | (?P<spaced>{_SPACED_LABEL})) \s{{0,3}} [)）]?$
    """
)
_SIGNED: Final = re.compile(
    rf"""(?ix)
    ^(?P<medium>[^()（）]{{2,120}}?) \s{{0,3}}
    [(（](?P<inside>[^()（）]{{2,150}} [/／] \s{{0,2}} (?:{_HAN_LABEL}|{_SPACED_LABEL}))[)）]$
    """
)
_LEAD: Final = re.compile(rf"(?ix)^(?P<label>{_LEADING})\s+(?=\S)")
_CLAUSE: Final = re.compile(
    rf"""(?ix)
    [,;·|/]? \s+ (?:{bylinewords.AND}\s+)?
    (?=(?:{either(phrase for role, phrase in _LEADS if role != "author" or " " in phrase)})\s)
    """
)
"""Between "by one" and "photographed by another"."""
_FIELD_LEAD: Final = re.compile(rf"(?ix)^\s*(?:{_LEADING}|{either(phrases(bylinewords.LISTED))})[\s:：]+")
_ROLE_FIRST: Final = re.compile(r"(?i)^(?:author|autor(?:in)?|автор)\s+(?=\w)")

_TITLES: Final = re.compile(
    rf"""(?ix)^(?:
    (?:[\w’'&/-]+\ ){{0,5}} (?:{either(phrases(bylinewords.JOBS))}) (?:\ .{{0,60}})?
    | (?:{either(phrases(bylinewords.DEGREES))}) \.? (?:\ .{{0,60}})?
    | (?:prof(?:essor(?:in)?)?|dr) \.? (?:\ (?:of|in|at|for|and|emeritus|für|der|des|de|&)\ .{{0,60}})?
    | \w{{0,30}} (?:{either(phrases(bylinewords.GERMAN_JOBS))}) (?:in)? (?:\ .{{0,60}})?
    | {either(phrases(bylinewords.CONTROLS))}
    )$"""
)
"""What stands among names and is none: jobs, degrees, buttons."""
_TRAILING_TITLE: Final = re.compile(
    rf"(?ix)(?<=\w)\s+ (?:(?:{either(phrases(bylinewords.RANKS))})\s+)* (?:{either(phrases(bylinewords.TRAILING_JOBS))})$",
)
_AFTER: Final = re.compile(
    r"""(?x)\s*(?:
    \s (?i:published|posted|updated|filed)\ (?:in|on|under|at)\b .*
    | \s\d+\s+ (?:comments?|shares?|kommentare?|comentarios?|commentaires?|views?)\b .*
    | (?:post|leave|add)\ a\ comment .*
    | [(（\[【<] .*
    | @\w+ .*
    | [\w.+-]+@[\w.-]+ .*
    | https?:// .*
    | (?<=[a-zà-ÿ]) \s?/\s? (?:[A-Z][A-Z.\-]{1,9}|[\w-]{2,40}\.[a-z]{2,6})$
    | \bfor\s+(?:the\s+)?[A-Z] .*
    | \s[-–—|]\s .*
    )$"""
)
"""What follows a name: a date, a counter, an address, a medium."""
_DEGREES: Final = re.compile(
    rf"(?ix)^(?: (?:{either(phrases(bylinewords.FORMS_OF_ADDRESS))})\.[\ -]? | (?:professor(?:in)?|dr|prof)\  ){{1,8}} (?=\w)"
)
"""What stands before the name of a scholar."""
_ABBREVIATED: Final = re.compile(r"(?i)(?:(?<!\w)(?:jr|sr|st|esq)|(?<![^\W_])[^\W\d_])$")
"""What keeps a dot at the end of a name."""

_INITIALS: Final = r"(?:[^\W\d_a-zà-ÿа-яёіїєґ]\.[\ -]?){1,3}"
_JOIN: Final = re.compile(
    rf"""(?x)\s*(?:
    [、，;；|｜·•]
    | ,(?!\ {_INITIALS}(?:$|[,;|]))
    | \s(?:and|und|et|y|e|и|och|og|en|ve|dan|&|\+|with|mit|con)\s
    | (?<=[\u3400-\u9fff])[/／](?=[\u3400-\u9fff])
    )\s*"""
)
_HAN_AND: Final = re.compile("(?<=[\u3400-\u9fff])[和与及](?=[\u3400-\u9fff])")
_HAN: Final = re.compile("[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_ALL_HAN: Final = re.compile("[\u3400-\u9fff·•]+")
_NO_HAN_NAME: Final = re.compile(
    rf"^(?:{either(bylinewords.NO_HAN_NAMES.split())})$ | [0-9。！？：:] | {either(bylinewords.NOT_IN_HAN_NAMES.split())}", re.VERBOSE
)
_OTHER_LABEL: Final = re.compile(r"[\s\u3000]+[^\s:：/]{1,14}\s{0,2}[:：]")
"""What follows a name on its line: a counter (点击：, 조회수:), a date, whatever a site adds."""
_INVERTED: Final = re.compile(r"[^\W\d_][\w'’-]+, [^\W\d_][\w'’-]+")
"""``Lee, Ann``: neither word is a whole name."""
_NAME_WORD: Final = re.compile(r"^(?:[^\W\d_][\w’'`´.\-]*|&)$")
_LONGEST_HAN: Final = 40
_LONGEST_PIECE: Final = 90
_STOP: Final = re.compile("[。！？]")
_NOT_ABBREVIATED: Final = "".join(f"(?<!{short})" for word in bylinewords.ABBREVIATED.split() for short in (word, word.lower()))
_SENTENCE: Final = re.compile(rf"[。！？!?]|[a-zа-я]{{3}}{_NOT_ABBREVIATED}\.\s+[A-ZА-Я]")
_HAN_PARTS: Final = re.compile(r"[,，;；、]|\s{1,3}(?=[\u3400-\u9fff]+[/／])")
_SENTENCE_END: Final = re.compile(rf"(?<=[a-z)]{{2}}){_NOT_ABBREVIATED}\.\s+(?=[A-Z])")
_OPENING: Final = re.compile(r"[(（【\[〔](?P<inside>[^()（）【】\[\]〔〕]{2,80})[)）】\]〕]")
_CLOSING: Final = re.compile(r"[(（【\[〔](?P<inside>[^()（）【】\[\]〔〕]{2,100})[)）】\]〕]\W{0,3}$")
_ENDED: Final = re.compile(r"[.!?。！？”\"»]\s{0,4}$")
_NO_SIGNATURE: Final = re.compile(rf"^(?:{either(bylinewords.NO_HAN_SIGNATURE.split())})|[\d:：,，。]|\.$")
_PEN_NAME: Final = re.compile(r"[a-z][\w.\-]{2,24}")
_BRACKETS: Final = {"(": ")", "（": "）", "【": "】", "[": "]", "〔": "〕"}


def credits(line: str, *, sites: Collection[str] = ()) -> tuple[Credit, ...]:  # noqa: A001  # the field's word
    """The names in a line, in its order; empty where the line is no byline.

    ``sites`` are the names of the site, which are nobody. A unit that stands in front of a bracket with its own department signs as a whole:
    ``Campus Media (Press Office/text)`` is one credit.
    """
    line = " ".join(line.split())
    if line.endswith("。") and len(line) > _LONGEST_HAN:
        return ()
    line = _bare(line, " .。;；,，|")
    if not 2 <= len(line) <= LONGEST or _is_begun_by_bracket(line):
        return ()
    found = _signed(line) or _credited(inside := _unbracketed(line)) or (_signing(inside) if inside != line else ())
    return tuple(credit for credit in found if not is_nobody(credit.name, sites=sites))


def _credited(line: str) -> tuple[Credit, ...]:
    """The names that labels and verbs tell of."""
    pieces = list(_pieces(line))
    if any(len(piece) > _LONGEST_PIECE or _SENTENCE.search(piece) for piece, _ in pieces):
        return ()
    return tuple(dict.fromkeys(credit for piece, role in pieces for credit in _named(piece, role)))


def _signing(inside: str) -> tuple[Credit, ...]:
    """The unit that alone, or with its people, is all that a bracket holds: ``(Press Office)``, ``（机电学院 李四）``."""
    if len(inside) > _LONGEST_PIECE or _NO_SIGNATURE.search(inside):
        return ()
    names = [name for part in _joined(inside) for name in (part.split() if _HAN.search(part) else [part]) if name]
    found = tuple(Credit(name, "author", _is_called_unit(name)) for name in names)
    return found if any(credit.unit for credit in found) and all(credit.unit or is_person(credit.name) for credit in found) else ()


def _is_called_unit(name: str) -> bool:
    """Whether it begins or ends with the word that says so, as names of units do and remarks do not."""
    return (
        says_unit(name)
        if _HAN.search(name)
        else is_name(name) and any(map(says_unit, (name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1])))
    )


def signature(text: str, *, sites: Collection[str] = ()) -> tuple[Credit, ...]:
    """The byline in brackets that a text begins or ends with: ``【供稿/党委宣传部】…``, ``…（通讯员 李四）``, ``… (Text: A. Author)``.

    What closes a text may be the unit alone: ``….（国际合作处）``.
    """
    text = text.strip()
    opening, closing = _OPENING.match(text[:100]), _CLOSING.search(text[-120:])
    for bracket in (opening, closing):
        if bracket is not None and (found := credits(bracket["inside"], sites=sites)):
            return found
    if closing is None or not _ENDED.search(text[-120:][: closing.start()]):
        return ()
    return tuple(credit for credit in _signing(closing["inside"]) if not is_nobody(credit.name, sites=sites))


def people(value: str, *, sites: Collection[str] = (), pen_names: bool = False) -> tuple[str, ...]:
    """The names in the value of an author field, ``By Ann Lee and Bob Ray, Staff Writer`` → Ann Lee, Bob Ray.

    Units are kept as they stand where they stand alone, and left out beside people. With ``pen_names`` a single word in lower case is a name too.
    """
    value = _bare(" ".join(value.split()), " .;,|")
    if not value or len(value) > LONGEST or _STOP.search(value):
        return ()
    value = _FIELD_LEAD.sub("", value)
    if any(value.lower() == own.strip().lower() for own in sites):
        return ()
    if pen_names and _PEN_NAME.fullmatch(value) and not is_nobody(value, sites=sites):
        return (value,)
    found = [name for name in _names(value) if not is_nobody(name, sites=sites)]
    persons = [name for name in found if not is_unit(name)]
    if len(persons) == 2 and _INVERTED.fullmatch(value):
        return (f"{persons[1]} {persons[0]}",)
    return tuple(dict.fromkeys(_without_shouting(persons or found)))


def _without_shouting(names: list[str]) -> list[str]:
    """Without those in capitals where others are not: ``Ann Lee, NORTHFIELD RADIO`` is one person and a medium."""
    spoken = [name for name in names if not (name.isupper() and name.isascii()) and name != name.upper()]
    return spoken if spoken and not _HAN.search(names[0]) else names


def roster(line: str, *, sites: Collection[str] = ()) -> tuple[str, ...]:
    """The people in a line that names nothing but people, ``Ann Lee and Bob Ray``; none of one that goes on as a sentence.

    For lines that only their place makes likely to be bylines. A language that writes nouns in capitals begins sentences that look like names.
    """
    parts = [part for part in _joined(_bare(" ".join(line.split()), " .;,|")) if part]
    if not parts or any(_AFTER.sub("", part) and not _TITLES.match(part) and not tuple(_names(part)) for part in parts):
        return ()
    found = people(line, sites=sites)
    return found if all(map(is_person, found)) else ()


def authors(found: tuple[Credit, ...]) -> tuple[str, ...]:
    """Who signs the text: its authors; where no person does, the unit that does."""
    signing = [credit for credit in found if credit.role == "author"]
    persons = [credit.name for credit in signing if not credit.unit]
    return tuple(dict.fromkeys(persons or [credit.name for credit in signing]))


def is_person(name: str) -> bool:
    """Whether a bare line can only be the name of a person: two to four capitalized words, or a Chinese surname with one or two characters after it."""
    if _ALL_HAN.fullmatch(name):
        return 2 <= len(name) <= 4 and name[0] in bylinewords.SURNAMES and not is_unit(name)
    words = _DEGREES.sub("", name).split()
    if not 2 <= len(words) <= 4 or is_unit(name) or name == name.upper() or not is_name(name):
        return False
    return all(word[0].isupper() or word.lower() in bylinewords.PARTICLES for word in words) and not any(
        word.lower().strip(".,") in bylinewords.NO_NAMES for word in words
    )


def _signed(line: str) -> tuple[Credit, ...]:
    match = _SIGNED.match(line)
    if match is None:
        return ()
    inside = [credit for part in re.split(r"[,，;；、]", match["inside"]) for credit in _reversed(part.strip())]
    if inside and all(credit.unit for credit in inside) and len(inside) == 1:
        return (Credit(line, inside[0].role, unit=True),)
    medium = match["medium"].strip()
    return (*inside, Credit(medium, "source", unit=True)) if inside and is_unit(medium) else tuple(inside)


def _reversed(part: str) -> tuple[Credit, ...]:
    match = _LABEL_AFTER.match(part)
    if match is None:
        return ()
    return tuple(Credit(name, _role(match), unit=is_unit(name)) for name in _names(match["name"]))


def _is_begun_by_bracket(line: str) -> bool:
    """Whether a bracket opens the line and closes well before its end: then a text follows."""
    close = _BRACKETS.get(line[0])
    return close is not None and 0 < line.find(close) < len(line) - 12


def _unbracketed(line: str) -> str:
    close = _BRACKETS.get(line[0])
    return line[1:-1].strip() if close and line.endswith(close) and line.count(line[0]) == 1 else line


def _pieces(line: str) -> Iterator[tuple[str, Role]]:
    """What is said of names in a line, with the role of those that are named there."""
    labels = list(_LABEL.finditer(line))
    if labels and labels[0].start() <= _LONGEST_HAN:
        yield from _led(line[: labels[0].start()])
        yield from _labelled(line, labels)
    elif not labels:
        yield from _sentences(line)


def _labelled(line: str, labels: Sequence[re.Match[str]]) -> Iterator[tuple[str, Role]]:
    """What stands behind each label. In ``Text/Photo: Ann Lee`` two labels are one: who wrote as well is an author."""
    roles: list[Role] = []
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        said = _OTHER_LABEL.split(line[label.end() : following.start() if following else len(line)], maxsplit=1)[0]
        first, *clauses = _CLAUSE.split(_bare(said, _LABEL_EDGES), maxsplit=1)
        roles.append(_role(label))
        if not first and label[0].rstrip().endswith(("/", "／")):
            continue
        yield first, "author" if "author" in roles else roles[-1]
        for clause in clauses:
            yield from _led(clause)
        roles.clear()


def _sentences(line: str) -> Iterator[tuple[str, Role]]:
    captioned = False  # a name after a whole sentence is that of a photographer
    for sentence in _SENTENCE_END.split(line):
        if _LEAD.match(sentence):
            for piece, role in _led(sentence):
                yield piece, "photo" if captioned else role
            continue
        captioned = captioned or len(sentence) > _LONGEST_HAN
        for part in _HAN_PARTS.split(sentence):
            for credit in _reversed(part.strip()):
                yield credit.name, credit.role


def _led(sentence: str) -> Iterator[tuple[str, Role]]:
    """The names behind the words that begin a sentence and its clauses: ``Reported by Ann Lee, photographed by Bob Ray``."""
    lead = _LEAD.match(sentence)
    if lead is None:
        return
    first, *clauses = _CLAUSE.split(sentence[lead.end() :], maxsplit=1)
    first = _bare(first, " .,;")
    if all(is_person(name) or is_unit(name) or name.isupper() for name in _names(first)):
        yield first, next(role for role, pattern in _LEAD_ROLES if pattern.fullmatch(lead["label"]))
    for clause in clauses:
        yield from _led(clause)


def _role(match: re.Match[str]) -> Role:
    groups = match.groupdict()
    han = groups.get("han") or groups.get("hanlead")
    if han:
        return _HAN_ROLES.get(han, "author")
    label = groups["spaced"]
    return next(role for role, pattern in _SPACED_ROLES if pattern.fullmatch(label))


def _named(piece: str, role: Role) -> Iterator[Credit]:
    if role == "source":
        name = re.split(r"\s{1,3}(?=\S{2,6}[:：])|[|｜]", piece)[0].strip(" ,，。.)）")
        if 2 <= len(name) <= 60:
            yield Credit(name, role, unit=True)
        return
    for name in _names(piece):
        yield Credit(name, role, unit=is_unit(name))


def _names(value: str) -> Iterator[str]:
    for number, part in enumerate(_joined(value)):
        name = _ROLE_FIRST.sub("", _bare(_AFTER.sub("", part or ""), _EDGES))
        if not name or _TITLES.match(name):
            continue
        name = _bare(_TRAILING_TITLE.sub("", name), _EDGES)
        if _HAN.search(name):
            found = list(_han_names(name))
            yield from found
            if not found and number == 0:
                return
        elif is_name(name):
            yield name
        elif number == 0:  # a list of names begins with a name
            return


def _joined(value: str) -> Iterator[str]:
    """What is joined by marks and by words for "and". 材料科学与工程学院 is one school: its "and" stands between subjects."""
    for part in _JOIN.split(value):
        sides = _HAN_AND.split(part or "")
        one_unit = len(sides) > 1 and is_unit(part) and not (is_unit(sides[0]) or is_person(sides[0]))
        yield from [part] if one_unit else sides


_EDGES: Final = ' .,;:：|-–—/"“”'
_LABEL_EDGES: Final = " ,，;；|｜/／)）】]."


def _bare(text: str, edges: str) -> str:
    """Without the ``edges`` at its ends; but a dot stays that belongs to an initial or to an abbreviation."""
    bare = text.strip(edges)
    end = text.rfind(bare) + len(bare) if bare else 0
    return f"{bare}." if text[end : end + 1] == "." and _ABBREVIATED.search(bare) else bare


_ACCOUNT: Final = re.compile(r"_[A-Za-z]{0,6}\d{1,9}$")
"""The number of an editor's account behind the name."""


def _han_names(part: str) -> Iterator[str]:
    pieces = part.split()
    if all(len(piece) == 1 for piece in pieces) or (len(pieces) == 2 and all(len(piece) == 1 for piece in pieces)):
        pieces = ["".join(pieces)]
    for piece in pieces:
        piece = _ACCOUNT.sub("", piece).strip("()（）【】[]:：。，")  # noqa: PLW2901  # the same piece, cleaned
        if 2 <= len(piece) <= 30 and not _NO_HAN_NAME.search(piece):
            yield piece


def is_name(text: str) -> bool:
    """Whether a text in a spaced script can be the name of a person or unit: a few words, most of them capitalized."""
    words = text.split()
    if not 1 <= len(words) <= 9 or len(text) > 80 or any(not _NAME_WORD.match(word.strip('"“”(),')) for word in words):
        return False
    cased = [word for word in words if word.lower() not in bylinewords.PARTICLES]
    if not cased or not any(character.isalpha() for character in text):
        return False
    if (text == text.lower() and text != text.upper()) or words[-1].lower() in bylinewords.PARTICLES:
        return False
    return not cased[0][0].islower() and sum(1 for word in cased if not word[0].islower()) >= 0.5 * len(cased)
