"""Who made an article: bylines taken apart into people, units and what each of them did. Pure knowledge about text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from aggregator.text.units import is_nobody, is_unit

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

Role = Literal["author", "photo", "editor", "source", "translator"]

LONGEST: Final = 300
"""A longer line is a sentence of the text, not a byline."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a byline. ``unit``: a department, an office, a medium; not a person."""

    name: str
    role: Role
    unit: bool = False


# What stands before a name with a colon or a slash. The first table is written without spaces between words.
_HAN_LABELS: Final[Mapping[Role, str]] = {
    "author": (
        "作者 作者单位 撰稿 撰稿人 撰文 文字 图文 文图 图/文 文/图 图片/文字 文字/图片 文字、图片 文 供稿 供稿人 供稿者 供稿单位 供稿部门 通讯员 通訊員 本网记者 本报记者 学生记者 校园记者 记者 采写 采访 "
        "投稿 投稿人 投稿者 著者 文責 报道 报送单位 撰写 執筆 執筆者 取材・文 取材 글 기자 작성자 글쓴이"
    ),
    "photo": "摄影 摄影记者 摄像 攝影 图片 图片来源 图片提供 供图 配图 照片 图 撮影 写真 写真提供 사진 사진제공",
    "editor": (
        "编辑 編輯 责任编辑 责编 编审 编校 审核 审核人 审稿 审稿人 审校 初审 复审 终审 一审 二审 三审 校对 主编 总编 排版 美编 录入 录入者 上传 发布人 发布者 监制 策划 签发 制作 監修 編集 편집"
    ),
    "translator": "翻译 翻譯 译者 译 編訳 翻訳 번역",
    "source": (
        "来源 來源 文章来源 稿件来源 信息来源 新闻来源 消息来源 内容来源 资料来源 文稿来源 来稿单位 发布单位 发布部门 发布机构 来源单位 来自 出处 转载自 转自 本文引自 发文单位 出典 出所 출처"
    ),
}
_SPACED_LABELS: Final[Mapping[Role, str]] = {
    "author": (
        "written by|reported by|report by|story by|words by|text by|texts? (?:and|&) photos?(?: by)?|posted by|contributed by|authored by|by|authors?|author\\(s\\)|words|texts?|story|article|report|reporters?|writers?|contributors?"
        "|von|ein beitrag von|veröffentlicht von|autor(?:in|en|innen|:in|\\*in)?|verfasst von|verfasser(?:in)?|geschrieben von|por|escrito por|publicado por|redactado por|autora|autores|texto|par|écrit par|auteure?s?|rédigé par|texte|di|scritto da|autori|autore|testo"
        "|door|geschreven door|tekst|skrevet av|skrevet af|skriven av|text av|av|af|författare|kirjoittaja|teksti|szerző|írta|napsala?|autoři|autorka|autorzy|yazar|yazan|haber"
        "|автор(?:ы|ка)?|текст|текст и фото|подготовил[аи]?|материал подготовил[аи]?|oleh|penulis|tác giả|bài viết|بقلم|الكاتب|كتب|نویسنده|συντάκτης|κείμενο"
    ),
    "photo": (
        "photographed by|photo(?:s|graphs?|graphy|graphers?)?(?: by| credits?| courtesy of)?|pictures?(?: by)?|images?(?: by| credits?)?|credits?|fotos?(?: von)?|bild(?:er)?|bildnachweis|fotograf(?:in|ie)?|fotografías?|imagen|imágenes"
        "|crédit photo|crédits?|photographie|immagini|zdjęcia|foto av|fotó|fotoğraf|фото(?:графии|граф)?|фото предоставлено|foto oleh|ảnh|تصوير|عکس"
    ),
    "editor": (
        "edited by|editors?|reviewed by|proofread by|redakteur(?:in)?|lektorat|editado por|edición|édité par|redaktør|redaktor|redakce|редактор|ответственный редактор|editör"
    ),
    "translator": (
        "translated by|translation|translators?|übersetzung|übersetzt von|traducción|traducido por|traduction|traduit par|traduzione|перевод|переводчик"
    ),
    "source": (
        "sources?|originally published (?:by|in|on)|quellen?|fuentes?|fontes?|bron|kilde|källa|źródło|zdroj|kaynak|источник|джерело|sumber|nguồn|المصدر|منبع"
    ),
}

# What stands before a name without a colon, and at the beginning of a line or sentence only.
_LEADING: Final = (
    "written by|reported by|report by|story by|words by|text by|text and photos by|posted by|contributed by|authored by|photographed by|photos? by|photography by|edited by|translated by|by"
    "|verfasst von|geschrieben von|veröffentlicht von|ein beitrag von|von|escrito por|publicado por|por|écrit par|par|scritto da|di|a cura di|door|geschreven door|skrevet av|skrevet af|skriven av|text av|av|af|oleh|autor|автор|текст"
)
_HAN_LEADING: Final = "投稿者|執筆者|著者|文責|学生记者|校园记者|本网记者|本报记者|通讯员|记者|文|图|供稿|摄影|撰稿|编辑"

_TITLES: Final = re.compile(
    r"(?i)^(?:(?:[\w’'&/-]+ ){0,5}(?:writers?|reporters?|editors?|correspondents?|journalists?|columnists?|contributors?|producers?|photographers?|bloggers?|authors?|analysts?|critics?|redakteur(?:in)?|korrespondent(?:in)?|volontär(?:in)?|journaliste|periodista|редактор|корреспондент)(?: .{0,60})?"
    r"|(?:ph\.?d|m\.?d|m\.?sc|m\.?a|b\.?a|jr|sr|esq|m\.?p\.?h|r\.?n|csc|dr\.?sc|mba|director|manager|intern|ceo|founder|co-founder)\.?(?: .{0,60})?"
    r"|(?:prof(?:essor(?:in)?)?|dr)\.?(?: (?:of|in|at|for|and|emeritus|für|der|des|de|&) .{0,60})?"
    r"|\w{0,30}(?:leiter|sprecher|referent|mitarbeiter|beauftragter|dozent|präsident|direktor)(?:in)?(?: .{0,60})?"
    r"|follow(?: us)?|following|folgen|seguir|suivre|subscribe|share|shares|teilen|twitter|facebook|instagram|linkedin|x|rss|email|e-mail|contact|kontakt|profile?|biography|bio|website|homepage|comments?|kommentare?|no comments|view profile|see more|read more|more|mehr|about the author|über den autor"
    r"|by|von|por|par|di|da|text|texts?|words|photos?|fotos?|autor(?:in|en)?|auteur|автор|текст|фото|by the|with|and|und|on|in|at|from|for|posted by|written by|published by|story by|byline|all posts|all articles|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|today|yesterday|published|updated|posted)$"
)
_TRAILING_TITLE: Final = re.compile(
    r"(?i)(?<=\w)\s+(?:(?:senior|staff|chief|contributing|freelance|special|deputy|associate|assistant|managing|executive|science|news|education|political|business|sports?|technology|health|guest|lead|student|gear|digital)\s+)*"
    r"(?:writer|reporter|editor|correspondent|journalist|columnist|contributor|producer|photographer|기자|redakteur(?:in)?)$"
)
_INITIALS: Final = r"(?:[^\W\d_a-zà-ÿа-яёіїєґ]\.[ -]?){1,3}"
_JOIN: Final = re.compile(
    rf"\s*(?:[、，;；|｜·•]|,(?! {_INITIALS}(?:$|[,;|]))|\s(?:and|und|et|y|e|и|och|og|en|ve|dan|&|\+|with|mit|con)\s|(?<=[\u3400-\u9fff])[/／](?=[\u3400-\u9fff]))\s*"
)
_HAN_AND: Final = re.compile("(?<=[\u3400-\u9fff])[和与及](?=[\u3400-\u9fff])")
_HAN: Final = re.compile("[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_NO_HAN_NAME: Final = re.compile(
    r"^(?:著者|作者|筆者|記者|记者|文|图|编辑|執筆|取材|作成者|ライター)$|[0-9。！？：:]|を|から|まで|する|した|こちら|ログイン|会員|カテゴリ|ジャンル|シリーズ|フォロー|記事|关注|发表|發表|评论|留言|删减|整理|综合|责任|转载|分享|收藏|点赞|首页|登录"
)
_OTHER_LABEL: Final = re.compile(r"[\s\u3000]+[^\s:：/]{1,14}\s{0,2}[:：]")
"""What follows a name on its line: a counter (点击：, 조회수:), a date, whatever a site adds."""
_ALL_HAN: Final = re.compile("[\u3400-\u9fff·•]+")
_AFTER: Final = re.compile(
    r"\s*(?:\s(?i:published|posted|updated|filed) (?:in|on|under|at)\b.*|\s\d+\s+(?:comments?|shares?|kommentare?|comentarios?|commentaires?|views?)\b.*|(?:post|leave|add) a comment.*|[(（\[【<].*|@\w+.*|[\w.+-]+@[\w.-]+.*|https?://.*|(?<=[a-zà-ÿ])\s?/\s?(?:[A-Z][A-Z.\-]{1,9}|[\w-]{2,40}\.[a-z]{2,6})$|\bfor\s+(?:the\s+)?[A-Z].*|\s[-–—|]\s.*)$"
)
_LEAD: Final = re.compile(
    rf"(?i)^\s*(?:{_LEADING}|(?:view |see |show )?(?:all |more )?(?:posts|articles|stories)(?: written)? (?:by|from)|zeige alle (?:beiträge|artikel) von|alle (?:beiträge|artikel) von|(?:erstellt|veröffentlicht|gepostet|geschrieben) von|voir tous les articles (?:de|par)|ver todas las entradas de|about the author|über den autor|author|autor(?:in)?|автор)[\s:：]+"
)
_ROLE_FIRST: Final = re.compile(r"(?i)^(?:author|autor(?:in)?|автор)\s+(?=\w)")
_INVERTED: Final = re.compile(r"[^\W\d_][\w'’-]+, [^\W\d_][\w'’-]+")
"""``Lee, Ann``: neither word is a whole name."""
_NAME_WORD: Final = re.compile(r"^(?:[^\W\d_][\w’'`´.\-]*|&)$")
_DEGREES: Final = re.compile(
    r"(?i)^(?:(?:prof|dr|ing|mag|dipl|univ|assoc|asst|priv|doz|mgr|bc|phdr|rndr|mudr|dott|dra|sr|mr|mrs|ms|h|c|mult|habil|nat|med|phil|rer|jur)\.[ -]?|(?:professor(?:in)?|dr|prof) ){1,8}(?=\w)"
)
"""What stands before the name of a scholar."""
_ABBREVIATED: Final = re.compile(r"(?i)(?:(?<!\w)(?:jr|sr|st|esq)|(?<![^\W_])[^\W\d_])$")
"""What keeps a dot at the end of a name."""
_PARTICLES: Final = frozenset(
    "de del della der den di da do dos das du la le van von zu zum zur y e el al bin ibn ben af av ter ten st. the of and".split()
)


_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵇褚"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮董蕭鄧許傅盧蔣蔡賈葉閻鍾薑範譚鄒陸顧龍萬錢湯賀賴龔龐樊蘭顏嚴溫蘆韋畢聶叢齊莊"
)
"""Of the Chinese, the common ones."""
_NO_NAMES: Final = frozenset(
    "page pages event events news press release releases pressemitteilung pressemeldung comments comment kommentar kommentare view views werbung anzeige protokoll front home story stories photo photos video videos update updates live opinion politics "
    "culture campus research science health sport sports faculty student students alumni international local national world business education technology art arts media symbolbild foto nachricht nachrichten artikel article articles blog post posts read more "
    "share by on from no keine latest top breaking editor's review reviews interview interviews feature features announcement announcements notice notices archive archives print email subscribe contact login search menu today miami new what how why this our your "
    "all about published updated posted category categories uncategorized aktuell aktuelles good morning evening tonight tomorrow weekly vom für mit zur zum im am bei nach über ein eine der die das les des une sur pour del los las una para".split()
)
"""Words that stand in labels, sections and sentences, and in no name."""


_HAN_ROLES: Final[dict[str, Role]] = {label: role for role, words in _HAN_LABELS.items() for label in words.split()}
_SPACED_ROLES: Final = tuple((role, re.compile(rf"(?i)(?:{words})")) for role, words in _SPACED_LABELS.items())
_HAN_LABEL: Final = "|".join(sorted(map(re.escape, _HAN_ROLES), key=len, reverse=True))
_SPACED_LABEL: Final = "|".join(_SPACED_LABELS.values())
_LABEL: Final = re.compile(
    rf"(?i)(?:(?P<han>{_HAN_LABEL})|(?<!\w)(?P<spaced>{_SPACED_LABEL}))[ \u3000\xa0]{{0,4}}[:：/／丨|][ \u3000\xa0/／]{{0,4}}|(?<![\w/])(?P<hanlead>{_HAN_LEADING})[ \u3000]{{1,4}}"
)
_LABEL_AFTER: Final = re.compile(
    rf"(?i)^(?P<name>.{{2,80}}?)\s{{0,3}}(?:[/／]|[(（])\s{{0,3}}(?:(?P<han>{_HAN_LABEL})|(?P<spaced>{_SPACED_LABEL}))\s{{0,3}}[)）]?$"
)
_SIGNED: Final = re.compile(
    rf"(?i)^(?P<medium>[^()（）]{{2,120}}?)\s{{0,3}}[(（](?P<inside>[^()（）]{{2,150}}[/／]\s{{0,2}}(?:{_HAN_LABEL}|{_SPACED_LABEL}))[)）]$"
)
_SENTENCE_LEAD: Final = re.compile(rf"(?i)^(?P<label>{_LEADING})\s+(?=\S)")
_LONGEST_HAN: Final = 40
_LONGEST_PIECE: Final = 90
_STOP: Final = re.compile("[。！？]")
_SENTENCE: Final = re.compile(r"[。！？!?]|[a-zа-я]{3}\.\s+[A-ZА-Я]")
_OPENING: Final = re.compile(r"[(（【\[〔](?P<inside>[^()（）【】\[\]〔〕]{2,80})[)）】\]〕]")
_CLOSING: Final = re.compile(r"[(（【\[〔](?P<inside>[^()（）【】\[\]〔〕]{2,100})[)）】\]〕]\W{0,3}$")
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
    if signed := _signed(line):
        return tuple(credit for credit in signed if not is_nobody(credit.name, sites=sites))
    pieces = list(_pieces(_unbracketed(line)))
    if any(len(piece) > _LONGEST_PIECE or _SENTENCE.search(piece) for piece, _ in pieces):
        return ()
    found = [credit for piece, role in pieces for credit in _named(piece, role)]
    return tuple(dict.fromkeys(credit for credit in found if not is_nobody(credit.name, sites=sites)))


def signature(text: str, *, sites: Collection[str] = ()) -> tuple[Credit, ...]:
    """The byline in brackets that a text begins or ends with: ``【供稿/党委宣传部】…``, ``…（通讯员 李四）``, ``… (Text: A. Author)``."""
    text = text.strip()
    for bracket in (_OPENING.match(text[:100]), _CLOSING.search(text[-120:])):
        if bracket is not None and (found := credits(bracket["inside"], sites=sites)):
            return found
    return ()


def people(value: str, *, sites: Collection[str] = (), pen_names: bool = False) -> tuple[str, ...]:
    """The names in the value of an author field, ``By Ann Lee and Bob Ray, Staff Writer`` → Ann Lee, Bob Ray.

    Units are kept as they stand where they stand alone, and left out beside people. With ``pen_names`` a single word in lower case is a name too.
    """
    value = _bare(" ".join(value.split()), " .;,|")
    if not value or len(value) > LONGEST or _STOP.search(value):
        return ()
    value = _LEAD.sub("", value)
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
        return 2 <= len(name) <= 4 and name[0] in _SURNAMES and not is_unit(name)
    words = _DEGREES.sub("", name).split()
    if not 2 <= len(words) <= 4 or is_unit(name) or name == name.upper() or not is_name(name):
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES for word in words) and not any(
        word.lower().strip(".,") in _NO_NAMES for word in words
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
    marks = list(_LABEL.finditer(line))
    if marks and marks[0].start() <= 40:
        ends = [mark.start() for mark in marks[1:]] + [len(line)]
        for mark, end in zip(marks, ends, strict=True):
            said = _OTHER_LABEL.split(line[mark.end() : end], maxsplit=1)[0]
            yield _bare(said, " ,，;；|｜/／)）】]."), _role(mark)
        return
    if marks:
        return
    captioned = False  # a name after a whole sentence is that of a photographer
    for sentence in re.split(r"(?<=[a-z)]{2})(?<!Prof)(?<!Ing)(?<!Mag)(?<!Dipl)(?<!Univ)(?<!Assoc)\.\s+(?=[A-Z])", line):
        lead = _SENTENCE_LEAD.match(sentence)
        if lead is not None:
            rest = _bare(sentence[lead.end() :], " .,")
            if all(is_person(name) or is_unit(name) or name.isupper() for name in _names(rest)):
                yield rest, "photo" if captioned else _leading_role(lead["label"])
            continue
        captioned = captioned or len(sentence) > _LONGEST_HAN
        for part in re.split(r"[,，;；、]|\s{1,3}(?=[\u3400-\u9fff]+[/／])", sentence):
            for credit in _reversed(part.strip()):
                yield credit.name, credit.role


def _role(match: re.Match[str]) -> Role:
    groups = match.groupdict()
    han = groups.get("han") or groups.get("hanlead")
    if han:
        return _HAN_ROLES.get(han, "author")
    label = groups["spaced"]
    return next(role for role, pattern in _SPACED_ROLES if pattern.fullmatch(label))


def _leading_role(label: str) -> Role:
    label = label.lower()
    return (
        "photo"
        if label.startswith("photo")
        else "editor"
        if label.startswith("edit")
        else "translator"
        if label.startswith("transl")
        else "author"
    )


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
    cased = [word for word in words if word.lower() not in _PARTICLES]
    if not cased or not any(character.isalpha() for character in text):
        return False
    if (text == text.lower() and text != text.upper()) or words[-1].lower() in _PARTICLES:
        return False
    return not cased[0][0].islower() and sum(1 for word in cased if not word[0].islower()) >= 0.5 * len(cased)
