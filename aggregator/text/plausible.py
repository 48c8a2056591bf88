"""How likely is it that a decoded text was meant that way? The judge between character sets, for texts as short as one headline.

A reading costs, per character, about the negative logarithm of that character's share in the language (in nats), plus penalties for what no orthography does:
a capital after a small letter, two alphabets in one word. The costs of different readings of the same bytes can be compared: less is better.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

Family = Literal["alphabet", "latin", "han", "kana", "hangul"]


@dataclass(frozen=True, slots=True)
class Language:
    """``letters`` are its letters beyond ASCII, or its most frequent characters, the most frequent first."""

    family: Family
    letters: str
    more: str = ""
    """Of a latin language: the letters of ASCII, the most frequent first. Of a language of characters: the codec whose first level holds those in
    daily use."""
    words: str = ""
    """Words that the pages of its universities are full of."""


_HANS: Final = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自"
    "二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条"
    "只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九"
    "区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车"
    "例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近"
    "矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族维划选标写存候亲快效院查江型王按格养易置派层片始却专状育厂京识适属包火住调满县局照参"
    "红细引听该铁价严校届赛奖获博硕士师讲座召举闻告哈尔滨复旦浙湖苏州友授培训招聘创优秀庆祝仪签署竞杯届毕迎"
)
_HANT: Final = (
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等部度家電力裡如水化高自"
    "二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條"
    "只沒結解問意建月公無系軍很情者最立代想已通並提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九"
    "區強放決西被幹做必戰先回則任取據處隊南給色光門即保治北造百規熱領七海口東導器壓志世金增爭濟階油思術極交受聯什認六共權收證改清己美再採轉更單風切打白教速花帶安場身車"
    "例真務具萬每目至達走積示議聲報鬥完類八離華名確才科張信馬節話米整空元況今集溫傳土許步群廣石記需段研界拉林律叫且究觀越織裝影算低持音眾書布復容兒須際商非驗連斷深難近"
    "千周委素技備半辦青省列習響約支般史感勞便團往歷市克何除消構府稱太準精值號率族維劃選標寫存候親快效院查江型王按格養易置派層片始卻專狀育廠京識適屬包火住調滿縣局照參"
    "紅細引聽該鐵價嚴校屆賽獎獲博碩士師講座召舉聞告臺灣灣台北香港友授培訓招創優秀慶祝儀簽署競杯畢迎"
)
_JA_KANJI: Final = (
    "日大学一国会人年本中長出同時事自行社見月分議後前民生連発間対上部東者地合市業内相方定今回新場金員入選立開手力問高代明実円関決子動京全目表経通外最言現理調体化田当約主題"
    "下意法不来作性的要用制度務強気小成期公野協取都和統機平総加山思家話世受区領多県続進正安設保改数記院女初北午指心界支第産結点教報済書府活原先共得解名交資予川向際査面委告"
    "文反元重近千考認画海参利組知案道信策集在件団別物側任引使求所次水半品論計増係感特情投示変打男基私各始島直両式確提運果西台広容必応電住能無再位置企真流格有口過局少放検校料"
    "状工建語球営空職証土送援供可役構木聞身費付施切由説転食比難防補車優研収南石足消境神番規術護展態導備配副算視究育席訪楽起万着想線率病農州声質念待試族域助例然早張限親環験追"
    "商義働形景担好準賞造英頭技毎医復個門写評課末守若極種美影命福量望松非観察整段型白深字製況音申様財識注達二三四五六七八九十百旧帝阪名屋古筑波早稲慶應義塾授奨留士博修卒講演募集催案内"
)
_HANGUL: Final = (
    "이다의는에을를가고하지은로기사도한어리서자대나인일시정스수아해그들제보부라원전장성상공주동조선구신여과만국마음관연교학생회미개물경유비문진오우모치방발안화행위무당식소영실"
    "저내업세계등분중단적있했것되된며으면게까았었렸터야년월김박최민용현명통후역간차트말바재설심외드레크프러출표양금강남북울산법료건녀직종합격습결논입처센총홍특창카타파하향초청"
    "충천체참준죠지질집추축취층친키탁탄태테토투팀팅판편평포품피필할함항호혁환활황획효훈휴흥희히술숙순스습승약얼없었에였온와왔완왕요우운움웅원육율응의임입작잘잡점접"
)
_HIRAGANA: Final = "のにをはたがでとしるいてなかられりすあこもっまさきけえくよおそだどつれめみせわろごばちげやぎじずほむふひべへねぶぼゆぞぐぬびざづぁぃぅぇぉゃゅょんう"
_KATAKANA: Final = "ンーストルイリクラアジシフドロュタプマテコレニィメキパサトバッカャグナデチュオムウェビブオセポハネモダボピツエケダズゴソヒザワヤノギホユガゲヘヨミペベゼヌァョヴゾォ"

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        "ru": Language(
            "alphabet",
            "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
            words="и в на о об с по из для от не что как это за к его до при или новости новость университет университета институт факультет кафедра наука науки студенты студентов объявления события сайт главная конференция приём вуз вузе россии московский государственный",
        ),
        "uk": Language(
            "alphabet",
            "оанівтерислкдумпзяьбгчхйюжєїцшщфґ",
            words="і в у на та з до для що не від про за як новини університет університету інститут факультет оголошення студентів події головна національний",
        ),
        "bg": Language(
            "alphabet",
            "аоеинтрсвлкдпмузябъгчжшцйхщюфь",
            words="и на в за от с се да по до новини университет факултет събития студенти обявления катедра софия",
        ),
        "sr": Language(
            "alphabet",
            "аоиенртсјувкдмплзгбчшцжњћхљђџфќѓѕ",
            words="и у на за са од је се вести новости универзитет факултет студенти обавештења београд",
        ),
        "el": Language(
            "alphabet",
            "ατοιενσρκπςμλυίόάγηδθέύφωχήώβξζψϊΐϋΰ",
            words="και το της του η ο των στο στην από για με τα την οι νέα ειδήσεις ανακοινώσεις ανακοίνωση πανεπιστήμιο πανεπιστημίου τμήμα εκδηλώσεις αθηνών σχολή ελλάδα ειδησεις νεα ανακοινωσεις πανεπιστημιο",
        ),
        "he": Language(
            "alphabet",
            "יוהלארתבמשנעםדקחפטכגסזןצךץף",
            words="של את על עם לא אוניברסיטת האוניברסיטה חדשות הודעות סטודנטים אירועים מכללת הפקולטה ישראל",
        ),
        "ar": Language(
            "alphabet",
            "اليمنرتبودعسكحقفةهجشصخطضذزثءئغىإأؤظآ",
            words="في من على إلى عن مع أخبار الأخبار جامعة الجامعة كلية إعلانات إعلان الطلاب البحث العلمي أن التي",
        ),
        "fa": Language(
            "alphabet",
            "ایرندهمتوبسشکزفگخقپعحجصچطضذغئظثآءأيكةژؤ",
            words="در از به و با که این را برای است دانشگاه دانشکده اخبار خبر اطلاعیه دانشجویان",
        ),
        "th": Language("alphabet", "านรกอเ่งวมย้ลดัตทสิีปบคแหะพจชขใไื์ผุโูศณถำซฟภฐธญึฉษฎ็ฤๆฝฮฏฆฬ๊ฑฌฒ๋", words="ข่าว ประกาศ มหาวิทยาลัย คณะ"),
        "de": Language("latin", "äüöß", "enisratdhulcgmobwfkzpvjyxq"),
        "fr": Language("latin", "éèàêçôîâùûœïë", "esaitnrulodcpmvqfbghjxyzwk"),
        "es": Language("latin", "óíáéñúü", "eaosrnidlctumpbgvyqhfzjxkw"),
        "pt": Language("latin", "ãçáéíóõêúâàô", "aeosrindmutclpvghqbfzjxkwy"),
        "it": Language("latin", "àèéùòì", "eaionlrtscdupmvghfbqzjkwxy"),
        "sv": Language("latin", "äåöé", "eantrsildomkgvhfupbcyjxwzq"),
        "da": Language("latin", "øåæéäö", "erntaidslogmkfvubhpcyjxwzq"),
        "is": Language("latin", "íáðéóöúýþæ", "arniestulgmkofhvdjbpyxczwq"),
        "nl": Language("latin", "ëéèïöüó", "enatirodslghvkmubpwjzcfxyq"),
        "ca": Language("latin", "àéóèíçòúïü·", "eaisrltnoucdmpbvqgfjxhyzkw"),
        "pl": Language("latin", "łążęśóćńź", "iaoeznrwsctykdpmujlbghfqvx"),
        "cs": Language("latin", "íáéěřšžýčůúťďňó", "eaonitslvrkdmupzycjbhgfxwq"),
        "sk": Language("latin", "áíéčšžýľúťňôďäóĺŕ", "aoeinvrstlkdmpuczyjbhgfxwq"),
        "hu": Language("latin", "éáöóőüűíú", "eatlsnkzrigmoydvbhjupfcxwq"),
        "hr": Language("latin", "čšžćđ", "aioenrsjtukdvlmpgzbchfqwxy"),
        "ro": Language("latin", "ăîâşţșț", "eiaurntlocsdpmbvgfzhjxkwyq"),
        "tr": Language("latin", "ışğüçöâîû", "aeinrlkdmuytsbogzhvcpfjwxq"),
        "lt": Language("latin", "ėšųįžūąčę", "iasoretnukmlpdvjgbyczfhxqw"),
        "lv": Language("latin", "āīēšņūžļčģķ", "aisetrunolkmpdvjzgbcfhyxqw"),
        "et": Language("latin", "äõüöšž", "aeistulnkomdrvgphjbfcyxzqw"),
        "zh-Hans": Language("han", _HANS, "gb2312", "大学 学院 新闻 通知 公告 研究 中国 教育 学校 我校 举行 校园 招生 学生"),
        "zh-Hant": Language("han", _HANT, "big5", "大學 學院 新聞 公告 研究 中國 臺灣 台灣 國立 教育 學校 學生 招生"),
        "ja": Language(
            "kana", _JA_KANJI, "euc_jp", "大学 学部 学院 研究 教授 入試 新聞 教育 開催 情報 お知らせ ニュース です ました について"
        ),
        "ko": Language("hangul", _HANGUL, "euc_kr", "대학 학교 안내 공지 연구 교육 소식 서울 한국 모집"),
    }
)
"""What texts are compared with."""

_LATIN: Final = {name: language for name, language in LANGUAGES.items() if language.family == "latin"}
_ASCII_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
ORDINARY: Final[Mapping[Family, float]] = MappingProxyType({"alphabet": 4.2, "latin": 6.3, "han": 8.0, "kana": 6.5, "hangul": 7.8})
"""How strange prose of a family is at most. Another language of the same letters may be stranger, the wrong character set always is."""

_PUNCTUATION: Final = "«»“”‘’„–—…·•№©®°§€£™\u00a0¿¡´×"
_WIDE_PUNCTUATION: Final = "、。，「」『』（）・：；！？《》【】〈〉［］～“”‘’—…·々\u3000"
_ASCII_COST: Final = 2.6
_LEVELS: Final = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "euc_jp": (0xB0, 0xCF), "euc_kr": (0xB0, 0xC8)}
"""The lead bytes of the first level of each national standard."""

_NONE, _SMALL_ASCII, _CAPITAL_ASCII, _SMALL, _CAPITAL, _LETTER, _KANA, _HALF_WIDTH, _MARK = range(9)
_CAPITAL_INSIDE: Final = 7.0
_KNOWN_LETTER: Final = 1.2
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALPHABETS_MIXED: Final = 5.0
_MARK_ALONE: Final = 6.0
_CAPITALS_FOLLOW: Final = -0.7
_CAPITAL_PRICE: Final = 1.0


def cost(text: str, language: str) -> float:
    """What ``text`` costs as a text in one of ``LANGUAGES``, in nats. Only to be compared with other readings of the same bytes."""
    known = _known(language)
    pairs = _pairs(LANGUAGES[language].family)
    total, before = 0.0, _NONE
    for character in text:
        try:
            price, kind = known[character]
        except KeyError:
            price, kind = known[character] = _unknown(character, LANGUAGES[language])
        total += price
        if kind == _MARK and before not in (_LETTER, _MARK):
            total += _MARK_ALONE
        elif kind and before:
            total += pairs[before * 9 + kind]
        before = kind
    return total - _KNOWN_LETTER * _known_letters(text, language)


def _known_letters(text: str, language: str) -> int:
    """How many letters stand in words that are known; a word says more the longer it is."""
    words = _words(language)
    if not words:
        return 0
    if LANGUAGES[language].family == "alphabet":
        return sum(len(word) for word in _WORD.findall(text.lower()) if word in words)
    return 2 * sum(len(word) * text.count(word) for word in words)


@lru_cache(maxsize=64)
def _words(language: str) -> frozenset[str]:
    return frozenset(LANGUAGES[language].words.split())


def strangeness(text: str, language: str) -> float:
    """The mean price of the characters beyond ASCII, in nats; ordinary prose stays below ``ORDINARY``. Infinite where there are none."""
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return (cost(text, language) - _ASCII_COST * (len(text) - beyond)) / beyond if beyond else math.inf


def distances(text: str) -> dict[str, float]:
    """How far the ASCII letters of ``text`` are from those of each latin language, in nats, at most 8: which of two alike alphabets is likelier."""
    letters = Counter(letter for letter in text.lower() if letter in _ASCII_LETTERS)
    prices = {
        name: sum(_share(model.more.index(letter) / 26) * count for letter, count in letters.items()) for name, model in _LATIN.items()
    }
    least = min(prices.values())
    return {name: min(8.0, 0.5 * (price - least)) for name, price in prices.items()}


def _share(rank: float) -> float:
    """The price of a letter of an alphabet, by its place among the letters as ordered by frequency (0 to 1)."""
    return 2.2 + 2.8 * rank + 2.5 * rank**6


@lru_cache(maxsize=64)
def _known(language: str) -> dict[str, tuple[float, int]]:
    model = LANGUAGES[language]
    table = dict(_common())
    if model.family in ("alphabet", "latin"):
        return table | _alphabet(model)
    table |= dict.fromkeys(_WIDE_PUNCTUATION, (5.0, _NONE))
    table |= {letter: (5.2 + 3.0 * rank / len(model.letters), _LETTER) for rank, letter in reversed(list(enumerate(model.letters)))}
    if model.family == "kana":
        table |= {letter: (3.2 + 3.5 * rank / len(_HIRAGANA), _KANA) for rank, letter in reversed(list(enumerate(_HIRAGANA)))}
        table |= {letter: (4.5 + 3.5 * rank / len(_KATAKANA), _KANA) for rank, letter in reversed(list(enumerate(_KATAKANA)))}
    return table


@lru_cache(maxsize=1)
def _common() -> Mapping[str, tuple[float, int]]:
    return {chr(code): _ascii(chr(code)) for code in range(128)} | dict.fromkeys(_PUNCTUATION, (6.5, _NONE))


def _ascii(character: str) -> tuple[float, int]:
    if character.isalpha():
        return (_ASCII_COST, _CAPITAL_ASCII if character.isupper() else _SMALL_ASCII)
    return (_ASCII_COST if character.isprintable() or character in "\t\r\n" else 14.0, _NONE)


def _alphabet(model: Language) -> dict[str, tuple[float, int]]:
    table: dict[str, tuple[float, int]] = {}
    count = len(model.letters)
    for rank, letter in enumerate(model.letters):
        share = rank / count
        price = _share(share) if model.family == "alphabet" else 4.2 + 2.5 * share
        capital = letter.upper()
        if capital == letter or len(capital) > 1:
            mark = unicodedata.category(letter) == "Mn"
            table[letter] = (price, _SMALL if len(capital) > 1 else _MARK if mark else _LETTER)
        else:
            table[letter] = (price, _SMALL)
            table[capital] = (price + _CAPITAL_PRICE, _CAPITAL)
    if "ı" in model.letters:
        table["İ"] = (5.5, _CAPITAL)
    return table


def _unknown(character: str, model: Language) -> tuple[float, int]:
    """Characters outside the frequent ones, by what they are."""
    category = unicodedata.category(character)
    if character == "\ufffd":
        return (20.0, _NONE)
    if category in ("Cc", "Cn", "Co", "Cs"):
        return (15.0, _NONE)
    if model.family in ("alphabet", "latin"):
        return _stranger(category)
    name = unicodedata.name(character, "")
    if name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO", "HANGUL SYLLABLE")):
        return (_rare(character, model, hangul=name.startswith("HANGUL")), _LETTER)
    if name.startswith("HALFWIDTH"):
        return (6.5, _HALF_WIDTH)
    if name.startswith("FULLWIDTH"):
        return (9.5, _LETTER)
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return (9.5, _KANA)
    return (11.0 if category.startswith("L") else 10.0, _NONE)


def _stranger(category: str) -> tuple[float, int]:
    if category.startswith("L"):
        return (9.5, _CAPITAL if category == "Lu" else _SMALL if category == "Ll" else _LETTER)
    return (10.0 if category.startswith(("P", "M", "N")) else 11.0, _NONE)


def _rare(character: str, model: Language, *, hangul: bool) -> float:
    if hangul != (model.family == "hangul"):
        return 13.0
    try:
        lead = character.encode(model.more)[0]
    except UnicodeEncodeError:
        return 13.5 if ord(character) < 0x20000 and not 0x3400 <= ord(character) < 0x4E00 else 16.0
    first, last = _LEVELS[model.more]
    return 9.6 if first <= lead <= last else 12.0


@lru_cache(maxsize=8)
def _pairs(family: Family) -> tuple[float, ...]:
    """The penalty for one kind of character right after another."""
    table = [0.0] * 81

    def set_price(before: tuple[int, ...], after: tuple[int, ...], price: float) -> None:
        for left in before:
            for right in after:
                table[left * 9 + right] = price

    set_price((_SMALL, _SMALL_ASCII), (_CAPITAL, _CAPITAL_ASCII), _CAPITAL_INSIDE)
    set_price((_SMALL_ASCII,), (_CAPITAL_ASCII,), 1.0)
    set_price((_CAPITAL,), (_CAPITAL,), _CAPITALS_FOLLOW)
    ascii_letters, letters = (_SMALL_ASCII, _CAPITAL_ASCII), (_SMALL, _CAPITAL, _LETTER)
    if family == "latin":
        set_price((_SMALL,), (_SMALL,), 2.0)
        set_price((_CAPITAL,), (_SMALL, _CAPITAL), 2.5)
        set_price((_SMALL, _LETTER), (_LETTER,), 2.5)
    elif family == "alphabet":
        set_price(ascii_letters, letters, _ALPHABETS_MIXED)
        set_price(letters, ascii_letters, _ALPHABETS_MIXED)
        set_price((_MARK,), (_MARK,), 1.0)
    else:
        set_price(ascii_letters, (_LETTER, _KANA, _HALF_WIDTH), 2.5)
        set_price((_LETTER, _KANA, _HALF_WIDTH), ascii_letters, 2.5)
        set_price((_HALF_WIDTH,), (_LETTER,), 2.0)
        set_price((_LETTER,), (_HALF_WIDTH,), 2.0)
    return tuple(table)
