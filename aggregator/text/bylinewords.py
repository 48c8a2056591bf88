"""What bylines are made of: labels, verbs and titles in many languages. Only knowledge; the judgement is in bylines.

Phrases are separated by commas, and each is a part of a pattern. Chinese, Japanese and Korean labels are plain words, separated by spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

Role = Literal["author", "photo", "editor", "source", "translator"]

HAN_LABELS: Final[Mapping[Role, str]] = {
    "author": (
        "作者 作者单位 撰稿 撰稿人 撰文 文字 图文 文图 图/文 文/图 图片/文字 文字/图片 文字、图片 文 供稿 供稿人 供稿者 供稿单位 供稿部门 通讯员 通訊員 本网记者 本报记者 学生记者 校园记者 记者 采写 采访 "
        "投稿 投稿人 投稿者 著者 文責 报道 报送单位 撰写 執筆 執筆者 取材・文 取材 文・写真 写真・文 文・撮影 取材・写真 글 글・사진 기자 작성자 글쓴이"
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
"""What stands before a name with a colon or a slash, where no spaces stand between words."""

HAN_LEADING: Final = "投稿者 執筆者 著者 文責 学生记者 校园记者 本网记者 本报记者 通讯员 记者 文 图 供稿 摄影 撰稿 编辑"
"""The same before a name with nothing but a space."""

_TEXT: Final = "texts?, words, story, beitrag, bericht, texte[ns]?, textos?, test[oi], tekst\\w?, тексты?, teksti, κείμενο, metin, haber"
_PICTURES: Final = "photo(?:s|graphs?|graphy)?, pictures?, images?, fotos?, bild(?:er)?, fotograf\\w{1,3}, imágenes, immagini, zdjęcia, фото(?:графии)?, kuvat?, fotoğraf, φωτογραφίες"
AND: Final = "(?:&|\\+|and|und|et|y|e|i|и|та|og|och|ja|en|ve|και)"

SPACED_LABELS: Final[Mapping[Role, Mapping[str, str]]] = {
    "author": {
        "en": "written by, reported by, report by, story by, words by, text by, posted by, contributed by, authored by, by, authors?, author\\(s\\), words, texts?, story, article, report, reporters?, writers?, contributors?",
        "de": "von, ein beitrag von, veröffentlicht von, autor(?:in|en|innen|:in|\\*in)?, verfasst von, verfasser(?:in)?, geschrieben von",
        "es pt": "por, escrito por, publicado por, redactado por, autora, autores, texto",
        "fr": "par, écrit par, auteure?s?, rédigé par, texte",
        "it": "di, scritto da, autori, autore, testo",
        "nl no da sv fi": "door, geschreven door, tekst, skrevet av, skrevet af, skriven av, text av, av, af, författare, kirjoittaja, teksti",
        "hu cs pl tr": "szerző, írta, napsala?, autoři, autorka, autorzy, yazar, yazan, haber",
        "ru": "автор(?:ы|ка)?, текст, подготовил[аи]?, материал подготовил[аи]?",
        "id vi": "oleh, penulis, tác giả, bài viết",
        "ar fa el": "بقلم, الكاتب, كتب, نویسنده, συντάκτης, κείμενο",
    },
    "photo": {
        "en": "photographed by, photo(?:s|graphs?|graphy|graphers?)?(?: by| credits?| courtesy of)?, pictures?(?: by)?, images?(?: by| credits?)?, credits?",
        "de": "fotos?(?: von)?, bild(?:er)?, bildnachweis, fotograf(?:in|ie)?",
        "es pt": "fotografías?, imagen, imágenes",
        "fr": "crédit photo, crédits?, photographie",
        "it sv hu pl tr": "immagini, foto av, fotó, zdjęcia, fotoğraf",
        "ru": "фото(?:графии|граф)?, фото предоставлено",
        "id vi": "foto oleh, ảnh",
        "ar fa": "تصوير, عکس",
    },
    "editor": {
        "en": "edited by, editors?, reviewed by, proofread by",
        "de": "redakteur(?:in)?, lektorat",
        "es fr": "editado por, edición, édité par",
        "no cs ru tr": "redaktør, redaktor, redakce, редактор, ответственный редактор, editör",
    },
    "translator": {
        "en": "translated by, translation, translators?",
        "de": "übersetzung, übersetzt von",
        "es fr it": "traducción, traducido por, traduction, traduit par, traduzione",
        "ru": "перевод, переводчик",
    },
    "source": {
        "en": "sources?, originally published (?:by|in|on)",
        "de es pt": "quellen?, fuentes?, fontes?",
        "nl no sv": "bron, kilde, källa",
        "pl cs tr": "źródło, zdroj, kaynak",
        "ru uk": "источник, джерело",
        "id vi": "sumber, nguồn",
        "ar fa": "المصدر, منبع",
    },
}
"""What stands before a name with a colon or a slash, by role and language."""

LEADING: Final[Mapping[Role, Mapping[str, str]]] = {
    "author": {
        "en": "written by, reported by, report by, story by, words by, text by, posted by, contributed by, authored by, by",
        "de": "verfasst von, geschrieben von, veröffentlicht von, ein beitrag von, text von, von",
        "es pt": "escrito por, publicado por, texto de, por",
        "fr": "écrit par, texte de, texte par, par",
        "it": "scritto da, a cura di, testo di, di",
        "nl no da sv": "door, geschreven door, tekst door, skrevet av, skrevet af, skriven av, text av, av, af",
        "id": "oleh",
        "ru": "автор, текст",
    },
    "photo": {
        "en": "photographed by, photos? by, photography by, pictures by, images? by, (?:photos?|images?|pictures?) courtesy of",
        "de": "fotos? von, bilder von",
        "es pt fr": "fotos? de, photos? de, photos? par",
        "it nl no da sv": "foto di, foto door, foto av, foto af",
        "ru": "фото",
    },
    "editor": {"en": "edited by, reviewed by, proofread by", "es fr": "editado por, édité par"},
    "translator": {"en": "translated by", "de es fr it": "übersetzt von, traducido por, traduit par, tradotto da"},
}
"""What stands before a name without a colon, at the beginning of a line, a sentence or a clause only."""

LISTED: Final = (
    "(?:view |see |show )?(?:all |more )?(?:posts|articles|stories)(?: written)? (?:by|from), zeige alle (?:beiträge|artikel) von, alle (?:beiträge|artikel) von, (?:erstellt|veröffentlicht|gepostet|geschrieben) von"
    ", voir tous les articles (?:de|par), ver todas las entradas de, about the author, über den autor, author, autor(?:in)?, автор"
)
"""What else stands before the name in the value of an author field: the words of a link to all that somebody wrote."""

JOBS: Final = (
    "writers?, reporters?, editors?, correspondents?, journalists?, columnists?, contributors?, producers?, photographers?, bloggers?, authors?, analysts?, critics?"
    ", redakteur(?:in)?, korrespondent(?:in)?, volontär(?:in)?, journaliste, periodista, редактор, корреспондент"
)
GERMAN_JOBS: Final = "leiter, sprecher, referent, mitarbeiter, beauftragter, dozent, präsident, direktor"
"""The ends of compound words."""
TRAILING_JOBS: Final = (
    "writer, reporter, editor, correspondent, journalist, columnist, contributor, producer, photographer, 기자, redakteur(?:in)?"
)
RANKS: Final = "senior, staff, chief, contributing, freelance, special, deputy, associate, assistant, managing, executive, science, news, education, political, business, sports?, technology, health, guest, lead, student, gear, digital"
DEGREES: Final = "ph\\.?d, m\\.?d, m\\.?sc, m\\.?a, b\\.?a, jr, sr, esq, m\\.?p\\.?h, r\\.?n, csc, dr\\.?sc, mba, director, manager, intern, ceo, founder, co-founder"
"""What stands behind a name, often alone between commas."""
FORMS_OF_ADDRESS: Final = "prof, dr, ing, mag, dipl, univ, assoc, asst, priv, doz, mgr, bc, phdr, rndr, mudr, dott, dra, sr, mr, mrs, ms, h, c, mult, habil, nat, med, phil, rer, jur"
"""What stands with a dot before the name of a scholar."""
ABBREVIATED: Final = "Prof Ing Mag Dipl Univ Assoc Asst Priv Doz Dott Проф Доц Акад"
"""Those after whose dot no sentence begins."""

CONTROLS: Final = (
    "follow, follow us, following, folgen, seguir, suivre, subscribe, share, shares, teilen, twitter, facebook, instagram, linkedin, x, rss, email, e-mail, contact, kontakt, profile?, biography, bio, website, homepage, comments?, kommentare?, no comments"
    ", view profile, see more, read more, more, mehr, about the author, über den autor, by, von, por, par, di, da, text, texts?, words, photos?, fotos?, autor(?:in|en)?, auteur, автор, текст, фото, by the, with, and, und, on, in, at, from, for"
    ", posted by, written by, published by, story by, byline, all posts, all articles"
    ", mon, tue, wed, thu, fri, sat, sun, (?:mon|tues|wednes|thurs|fri|satur|sun)day, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag, today, yesterday, published, updated, posted"
)
"""What stands beside a name and is none: buttons, labels, days."""

NO_HAN_NAMES: Final = "著者 作者 筆者 記者 记者 文 图 编辑 執筆 取材 作成者 ライター"
"""No names, as a whole."""
NOT_IN_HAN_NAMES: Final = "を から まで する した こちら ログイン 会員 カテゴリ ジャンル シリーズ フォロー 記事 关注 发表 發表 评论 留言 删减 整理 综合 责任 转载 分享 收藏 点赞 首页 登录"
"""What no name holds."""
NO_HAN_SIGNATURE: Final = "详见 请 见 转自 摘自 来自 选自 图为 图自 图片 原载 据 注 本文 地点 截至 编者"
"""What a closing bracket begins with that is a remark."""

PARTICLES: Final = frozenset(
    "de del della der den di da do dos das du la le van von zu zum zur y e el al bin ibn ben af av ter ten st. the of and".split()
)
"""Small words in names."""

SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵇褚"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮董蕭鄧許傅盧蔣蔡賈葉閻鍾薑範譚鄒陸顧龍萬錢湯賀賴龔龐樊蘭顏嚴溫蘆韋畢聶叢齊莊"
)
"""Of the Chinese, the common ones."""

NO_NAMES: Final = frozenset(
    "page pages event events news press release releases pressemitteilung pressemeldung comments comment kommentar kommentare view views werbung anzeige protokoll front home story stories photo photos video videos update updates live opinion politics "
    "culture campus research science health sport sports faculty student students alumni international local national world business education technology art arts media symbolbild foto nachricht nachrichten artikel article articles blog post posts read more "
    "share by on from no keine latest top breaking editor's review reviews interview interviews feature features announcement announcements notice notices archive archives print email subscribe contact login search menu today miami new what how why this our your "
    "all about published updated posted category categories uncategorized aktuell aktuelles good morning evening tonight tomorrow weekly vom für mit zur zum im am bei nach über ein eine der die das les des une sur pour del los las una para".split()
)
"""Words that stand in labels, sections and sentences, and in no name."""


def phrases(table: str) -> list[str]:
    """The phrases of a table, each a part of a pattern that may be written in one with spaces for the eye."""
    return [phrase.strip().replace(" ", r"\ ") for phrase in table.split(", ")]


def of_languages(tables: Mapping[str, str]) -> list[str]:
    return [phrase for table in tables.values() for phrase in phrases(table)]


def either(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


BOTH: Final = rf"(?:(?:{either(phrases(_TEXT))})\ {AND}\ (?:{either(phrases(_PICTURES))})|(?:{either(phrases(_PICTURES))})\ {AND}\ (?:{either(phrases(_TEXT))}))"
"""What says that one made the text as well as its pictures: "Text und Fotos"."""
