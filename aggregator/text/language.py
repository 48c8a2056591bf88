"""Which language a text is written in: by its script, and where several share one, by their letters and most frequent words.

Own tables instead of a model: loaded in milliseconds, a few kilobytes, and honest about what is too short to tell.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from string import ascii_letters
from typing import Final

_SAMPLE: Final = 1_000
"""Characters that are looked at; more tell nothing new."""
_MOST_WORDS: Final = 140

# Script → the first and last code point of its blocks. Blocks of 128 code points are looked up, so a border within one belongs to the larger part.
_BLOCKS: Final[tuple[tuple[str, int, int], ...]] = (
    ("latin", 0x0000, 0x02FF),
    ("latin", 0x1E00, 0x1EFF),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x04FF),
    ("armenian", 0x0500, 0x057F),
    ("hebrew", 0x0580, 0x05FF),
    ("arabic", 0x0600, 0x077F),
    ("arabic", 0xFB50, 0xFDFF),
    ("devanagari", 0x0900, 0x097F),
    ("bengali", 0x0980, 0x09FF),
    ("gurmukhi", 0x0A00, 0x0A7F),
    ("gujarati", 0x0A80, 0x0AFF),
    ("odia", 0x0B00, 0x0B7F),
    ("tamil", 0x0B80, 0x0BFF),
    ("telugu", 0x0C00, 0x0C7F),
    ("kannada", 0x0C80, 0x0CFF),
    ("malayalam", 0x0D00, 0x0D7F),
    ("sinhala", 0x0D80, 0x0DFF),
    ("thai", 0x0E00, 0x0E7F),
    ("lao", 0x0E80, 0x0EFF),
    ("tibetan", 0x0F00, 0x0FFF),
    ("myanmar", 0x1000, 0x107F),
    ("georgian", 0x1080, 0x10FF),
    ("hangul", 0x1100, 0x11FF),
    ("ethiopic", 0x1200, 0x137F),
    ("khmer", 0x1780, 0x17FF),
    ("mongolian", 0x1800, 0x187F),
    ("kana", 0x3040, 0x30FF),
    ("han", 0x3400, 0x9FFF),
    ("hangul", 0xAC00, 0xD7AF),
    ("han", 0xF900, 0xFAFF),
)
_SCRIPT: Final[Mapping[int, str]] = {
    block: script for script, first, last in reversed(_BLOCKS) for block in range(first >> 7, (last >> 7) + 1)
}

_ONLY: Final[Mapping[str, str]] = {
    "greek": "el", "armenian": "hy", "bengali": "bn", "gurmukhi": "pa", "gujarati": "gu", "odia": "or", "tamil": "ta", "telugu": "te", "kannada": "kn",
    "malayalam": "ml", "sinhala": "si", "thai": "th", "lao": "lo", "tibetan": "bo", "myanmar": "my", "georgian": "ka", "hangul": "ko", "ethiopic": "am",
    "khmer": "km", "mongolian": "mn", "kana": "ja", "han": "zh", "hebrew": "he",
}  # fmt: skip
"""The language that a script stands for where nothing else is known."""

# Language → its most frequent words, in lower case. Words that several share count for each, but less.
_WORDS: Final[Mapping[str, str]] = {
    "en": "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over after also most made before through where much your well down should because each just those how too good very between being under never same another while last might years since against during without university students research how why study new",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei prozent hatte kann gegen vom können schon wenn habe seine ihre dann unter wir soll ich eines jahr zwei jahren diese dieser wieder keine uhr seiner worden will zwischen immer millionen was sagte gibt alle seit muss wurden beim doch jetzt ohne neue neuen studierende studierenden hochschule universität forschung",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou son aux à d l n s c qu été cette ont ses mais comme on tout nous sa fait être deux même aussi leur bien encore où entre peut sans dont après ans ces avait très faire si elle contre depuis était année tous notre votre université étudiants recherche premier première",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay vez puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada e vida otro después te otros aunque esa eso hace otra gobierno universidad estudiantes investigación nueva nuevo",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu às minha têm numa pelos elas havia seja qual será nós tenho universidade alunos pesquisa anos sobre",
    "it": "di e il la che in a per un è del una i si non le con da della sono al dei più nel alla come anche gli lo delle ma ha se su o dal questo ai tra degli ci nella dalla loro stato essere suo sua due hanno fra anni quando cui tutti era prima dopo solo ancora molto già fatto stata ed perché può chi nei sulla ogni senza dove così università studenti ricerca nuovo nuova",
    "nl": "de van het een en in is dat op te zijn met voor die niet aan er om ook als dan maar bij uit door nog naar over ze hij werd wordt heeft worden tot je was geen wel hebben ik zo deze meer kan zou moet al of haar hun we veel dit wat wie onder tegen na nu alle twee jaar mensen nieuwe onderzoek universiteit studenten zich onze",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara blir upp även två vad få hur min man många utan forskning studenter universitet samt bland",
    "da": "og i at det er en til af på for de der den som med har et ikke om var han men fra vi kan sig jeg blev så efter vil ved også eller nu kun skal meget hun år hvor når over bliver hvis mere alle andre end hans være få nye været mellem dem ud siden efter må her havde deres to universitet studerende forskning hvad hvordan dansk kunne uden nogen noget vej igen blandt flere",
    "nb": "og i det er til som en på for av at med de har den ikke et om var han men fra vi kan seg jeg ble så etter vil ved også eller nå bare skal mye hun år hvor når over blir hvis mer alle andre enn hans være få nye vært mellom dem ut siden må her hadde deres to universitetet studenter forskning hva hvordan norsk noen noe uten sier opp norge blant flere vei",
    "fi": "ja on ei se että oli hän mutta ovat myös kun joka mukaan kuin sen niin jo vain tai ole voi nyt sekä ollut jos mitä ne kanssa vuoden ennen tämä hänen sitä siitä vielä olla jälkeen joka jotka sitten kaikki minä olisi muun muassa noin yli vuonna suomen suomessa yliopiston tutkimus opiskelijat välillä koska uusi",
    "is": "og að í á er sem við til um en var það af með fyrir ekki hann frá eru hefur var þar þá því eftir upp út hafa þeir hún verið svo eins nú vera fyrir sé háskóli íslands",
    "et": "ja on ei et see oli ka kui mis ning oma ta aga kes või nii siis selle aasta juba pole veel eesti olid mida seda üle kuid nende kõik ülikool ülikooli teadus ma tema peale enne välja",
    "lv": "un ir ar par no ka uz to kas kā arī tas bet pēc gada latvijas vai ja tā tika lai savu nav būs pie tiek kur ko vēl līdz jau ļoti universitātes studenti tikai starp viņš bija",
    "lt": "ir kad į su iš tai yra kaip o bet ne apie buvo per jo metų lietuvos už tik jau ar dar po jie šio jos kuris kurie prie nuo tačiau universiteto studentai bus gali mokslo taip pat dėl",
    "pl": "i w na z się nie do to że jest o a jak po co za od dla są przez oraz ale tym czy tak jego który został już ich może być tylko było także roku które jej przed lub był ze przy pod między tego więc bardzo sobie lat uczelni studentów uniwersytet uniwersytetu badania która gdy",
    "cs": "a v se na je že z o s do i to k za po pro ve by jsem jako od si ale tak jsou jeho už které který byl která až které bude není při podle také být nebo však pak jen může univerzity studenti výzkum byla bylo aby má kteří mezi před ještě jeho tím",
    "sk": "a v sa na je že z o s do aj to k za po pre vo by som ako od si ale tak sú jeho už ktoré ktorý bol ktorá až bude nie pri podľa tiež byť alebo však len môže univerzity študenti výskum bola bolo aby má ktorí medzi pred ešte",
    "sl": "in je v se na da so za ki pa z s po tudi kot ne bi ali do od pri bo ni o iz še že bil kar samo leta lahko med slovenije univerza univerze študenti bila več bolj zelo kako saj",
    "hr": "i u je se na da su za od s a koji o kao ne što će ali iz bi do to po kako koje koja sve nije samo bio već bila još te ili može između hrvatske sveučilište studenti godine biti prema također nakon zbog više",
    "hu": "a az és hogy nem is egy van de ez volt meg csak már mint ha még el ki azt be vagy ezt minden pedig lehet lesz szerint után által kell kellett magyar nagyon amely aki több között egyetem hallgatók kutatás ami illetve így ahol majd első során",
    "ro": "și de la în a cu o pe că nu din un care mai au ce se pentru sunt este fi dar prin după sau fost cei până să al cele sa lui iar ca ale între foarte acest această ani universitatea studenți cercetare ne vor avea doar fără",
    "sq": "të dhe në e një i për me që nga është ka u do më si nuk së por kjo ky janë edhe pas ishte duke tij universiteti studentët ose kanë mund",
    "tr": "ve bir bu da de için ile olarak çok daha en olan gibi ne kadar o sonra var ama değil olduğu oldu ya ki göre her mi ise yeni iki ilk tarafından üniversitesi öğrenci araştırma üzere olduğunu dedi arasında önce büyük türkiye",
    "az": "və bir bu da də üçün ilə olan ki daha çox sonra görə də olaraq edib o olub azərbaycan universiteti tələbə edilib var hər ən olduğu ildə onun isə öz",
    "uz": "va bu bilan uchun bir ham deb esa oʻz o'z bo'lgan bo‘lgan yil haqida universiteti talabalar oʻzbekiston o'zbekiston qilish kerak edi",
    "id": "yang dan di dengan untuk dari ini itu pada dalam tidak akan ke juga adalah oleh sebagai kami mereka telah dapat karena bisa atau ada lebih sudah para tersebut saat mahasiswa universitas tahun bagi secara hal menjadi serta indonesia",
    "ms": "yang dan di dengan untuk dari ini itu pada dalam tidak akan ke juga adalah oleh sebagai kami mereka telah dapat kerana boleh atau ada lebih sudah para tersebut pelajar universiti tahun bagi secara menjadi serta malaysia beliau ialah iaitu",
    "vi": "của và là các có trong được cho không một những với người đã này khi từ đến về ra để cũng năm nhiều sẽ vào học tại việc đại trường nhà sinh viên nghiên cứu như trên việt nam theo hơn sau",
    "tl": "ang ng sa mga na at ay si ni para ito kung hindi nang siya may isang din rin pa kanyang mula kanilang ayon ko mo",
    "sw": "na ya wa kwa ni katika za la kuwa hiyo huo cha hii yake kama baada pia wakati watu chuo kikuu hivyo zaidi huu ambao lakini",
    "af": "die en van in is het nie n te wat vir op dat om met ook hy was aan as deur sy by uit kan sal na maar word jaar haar studente universiteit navorsing",
    "ca": "de la i el que a en els les per un amb del una no es és al més va com són o ha aquest aquesta dels si també seu entre fins però han sobre universitat estudiants recerca quan anys tot",
    "gl": "de a o e que en do da un unha para non os se por as con no na máis como é ao dos das pero foi tamén ou universidade alumnado investigación seu súa anos sobre polo",
    "eu": "eta da du ez dute bat egin dira baina den ere dela zen izan duen baino beste hori hau euskal unibertsitate ikasleak ziren ditu",
    "cy": "yn y a i ar o yr ei mae am gan bod wedi ac oedd na eu fel i'r hyn sy prifysgol myfyrwyr ymchwil",
    "ga": "an na agus ar a i go le is do bhí tá sé ag ní chun faoi sin atá mac ollscoil",
    "eo": "la de kaj en estas al ke por kun mi ne li ĝi sed aŭ per kiu tio ili ankaŭ esti pri universitato",
    "mt": "il li ta u fil ma għal tal minn fuq dan huwa biex kien din hija università",
    # Cyrillic
    "ru": "и в не на я что с он по это но как из у за от о так же для бы к или быть был была были до при уже если только его ее её их мы вы она они все всё также который которые которая было года году лет может более университета университет студенты студентов исследования ученые во со",
    "uk": "і в не на що з я у до та за як це про від він але по так й є для із був була були або при уже вже якщо тільки його її їх ми ви вона вони все також який які яка було року років може більше університету університет студенти дослідження під час",
    "be": "і ў не на што з я да як гэта па але для ад ён у за ці быў была былі яго яе іх мы вы яна яны таксама які якія універсітэта універсітэт студэнты",
    "bg": "и на в за да се от не с е че по са ще до като това той или но при има който които беше бе след още може през към как университета университет студенти които също между така",
    "mk": "и на во за да се од не со е дека ќе до како тоа тој или но при има кој кои беше по уште може преку кон универзитет студенти исто меѓу оваа овој",
    "sr": "и у је се на да су за од с а који о као не што ће али из би до то по како које која све није само био већ била још те или може између универзитета универзитет студенти године бити",
    "kk": "және мен бұл үшін бір де да бар деп болып оның еді туралы университеті студенттер қазақстан жылы осы болған арқылы",
    "ky": "жана менен бул үчүн бир да бар деп анын кыргыз университети студенттер жылы",
    "mn": "нь байна юм бол энэ гэж их монгол сургууль оюутан дээр байгаа болон өөр",
    "tg": "ва дар аз ба ки бо ин барои аст он ҳам донишгоҳи тоҷикистон",
    # Arabic script
    "ar": "في من على إلى أن التي عن مع هذا كان الذي ما هذه بين بعد لا أو قد كما كل وقال لم ذلك خلال عام أنه أكثر غير منذ قبل حيث جامعة الجامعة الطلاب و لهذا ان الى",
    "fa": "و در به از که این را با است برای آن یک خود تا بر هم نیز شده می کرد ها کند بود شد دانشگاه دانشجویان پژوهش سال ایران دو ما یا اما پس",
    "ur": "کے کی میں کا ہے سے کو اور نے کہ ہیں پر یہ اس بھی نہیں ایک تھا کر گیا ہو لیے تو یونیورسٹی طلبہ پاکستان",
    "ps": "د په او چې له ته کې دی نه یې دا سره هم پوهنتون شوی افغانستان",
    "ckb": "لە بە و کە بۆ ئەو ئەم لەگەڵ زانکۆی خوێندکار دەکات",
    "ug": "ۋە بىلەن بۇ بىر ئۈچۈن ئۇ شىنجاڭ ئۇنىۋېرسىتېتى",
    # Devanagari
    "hi": "के में की है से का को और ने पर हैं कि यह भी नहीं एक इस हो कर गया लिए तो था विश्वविद्यालय छात्र किया अपने साथ",
    "mr": "आणि आहे या ते तो ही हे मध्ये असे करण्यात आला आली आहेत विद्यापीठ विद्यार्थी होते यांनी यांच्या केले",
    "ne": "र छ को मा लाई गरेको पनि भएको यो हुन् तथा छन् विश्वविद्यालय विद्यार्थी गर्ने नेपाल",
    # Hebrew script
    "he": "של את על לא הוא עם זה גם כי או היא אל הם כל אשר אוניברסיטת סטודנטים מחקר יותר לאחר",
    "yi": "און די אין פון איז דער צו מיט האָט נישט פֿון אַז",
}

# Letters that few languages of a script use, with what they say. A letter counts as often as it occurs, up to ten times.
_LETTERS: Final[tuple[tuple[str, str], ...]] = (
    ("ß", "de"), ("ä", "de sv fi et sk"), ("ö", "de sv fi et hu tr is az"), ("ü", "de et hu tr az"), ("å", "sv da nb"), ("ø", "da nb"), ("æ", "da nb is"), ("ñ", "es gl eu"),
    ("¿", "es"), ("¡", "es"), ("ã", "pt vi"), ("õ", "pt et vi"), ("ç", "fr pt tr ca sq az"), ("œ", "fr"), ("ê", "fr pt vi"), ("è", "fr it ca"), ("ò", "it ca"), ("ù", "it fr"), ("ì", "it"),
    ("ł", "pl"), ("ą", "pl lt"), ("ę", "pl lt"), ("ż", "pl mt"), ("ś", "pl"), ("ź", "pl"), ("ć", "pl hr"), ("ě", "cs"), ("ř", "cs"), ("ů", "cs"), ("š", "cs sk sl hr lt lv et"), ("č", "cs sk sl hr lt lv"),
    ("ž", "cs sk sl hr lt lv et"), ("ľ", "sk"), ("ĺ", "sk"), ("ŕ", "sk"), ("ô", "sk fr"), ("đ", "hr vi"), ("ő", "hu"), ("ű", "hu"), ("ă", "ro vi"), ("ț", "ro"), ("ț", "ro"), ("ș", "ro"), ("ţ", "ro"), ("ş", "tr ro az"), ("î", "ro fr"),
    ("ı", "tr az"), ("ğ", "tr az"), ("ə", "az"), ("ē", "lv"), ("ā", "lv"), ("ī", "lv"), ("ū", "lv lt"), ("ķ", "lv"), ("ļ", "lv"), ("ņ", "lv"), ("ģ", "lv"), ("ė", "lt"), ("ų", "lt"), ("į", "lt"),
    ("þ", "is"), ("ð", "is"), ("ë", "sq nl"), ("ơ", "vi"), ("ư", "vi"), ("ạ", "vi"), ("ế", "vi"), ("ệ", "vi"), ("ộ", "vi"), ("ĉ", "eo"), ("ĝ", "eo"), ("ŭ", "eo"), ("ħ", "mt"), ("ġ", "mt"), ("ċ", "mt"), ("ŵ", "cy"), ("ŷ", "cy"), ("·", "ca"),
    ("ы", "ru"), ("э", "ru"), ("ё", "ru"), ("й", "ru uk bg"), ("ъ", "bg ru"), ("щ", "ru bg uk"), ("і", "uk be kk"), ("ї", "uk"), ("є", "uk"), ("ґ", "uk"), ("ў", "be"), ("ј", "sr mk"), ("љ", "sr mk"), ("њ", "sr mk"), ("џ", "sr mk"),
    ("ђ", "sr"), ("ћ", "sr"), ("ѓ", "mk"), ("ќ", "mk"), ("ѕ", "mk"), ("қ", "kk tg"), ("ғ", "kk tg"), ("ә", "kk"), ("ұ", "kk"), ("ң", "kk ky"), ("ө", "kk ky mn"), ("ү", "kk ky mn"), ("ҳ", "tg"), ("ҷ", "tg"), ("ӣ", "tg"),
    ("پ", "fa ur ps ckb"), ("چ", "fa ur ps ckb ug"), ("گ", "fa ur ckb ug"), ("ژ", "fa ckb"), ("ک", "fa ur ckb"), ("ی", "fa ur ckb ps"), ("ة", "ar"), ("ى", "ar ug"), ("ي", "ar ps"), ("ك", "ar ug"), ("ٹ", "ur"), ("ڈ", "ur"), ("ے", "ur"), ("ں", "ur"), ("ہ", "ur"),
    ("ښ", "ps"), ("ځ", "ps"), ("څ", "ps"), ("ې", "ps ug"), ("ۆ", "ckb ug"), ("ێ", "ckb"), ("ە", "ckb ug"), ("ئ", "ug ckb"), ("ۋ", "ug"), ("ळ", "mr"),
)  # fmt: skip

_WORD: Final = re.compile("[^\\W\\d_]+(?:(?:[\u0900-\u0dff\u064b-\u0652]|['’ʻ‘](?=[^\\W\\d_]))[^\\W\\d_]*)*")
_ASCII_WORD: Final = re.compile("[a-z]+(?:'[a-z]+)*")
"""The same, quicker."""
_ASCII: Final = re.compile("[\x00-\x7f]+")
_ASCII_LETTERS: Final = ascii_letters.encode()
_LETTER: Final[Mapping[str, tuple[str, ...]]] = {letter: tuple(languages.split()) for letter, languages in _LETTERS}
_NAMES: Final[Mapping[str, str]] = {
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
    "cz": "cs",
    "ua": "uk",
    "gr": "el",
    "vn": "vi",
    "se": "sv",
    "dk": "da",
    "si": "sl",
    "yue": "zh",
    "cmn": "zh",
    "fil": "tl",
}
"""What pages write in ``lang`` and mean by it, and what we tell no further apart."""
_SOUTH_SLAVIC: Final = frozenset(("hr", "bs", "sr", "sh", "me"))


@cache
def _weights() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Word → the languages it speaks for, each the more the fewer they are. Made when first needed."""
    languages: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple((language, 1.0 / len(found)) for language in found) for word, found in languages.items()}


def detect(text: str, *, hint: str | None = None) -> str | None:
    """The primary language subtag (BCP 47, RFC 5646 §2.2.1) of what ``text`` is written in; None where that cannot be told.

    ``hint`` is what the page or its source claims ("en-US", "zh_CN"). It decides what the text leaves open and is overruled where the text is plain.
    Chinese is "zh" in either script; both written forms of Norwegian are "nb".
    """
    claim = _claim(hint)
    sample = text[:_SAMPLE]
    scripts = _scripts(sample)
    script = _script(scripts)
    if script is None:
        return claim
    found = _ONLY.get(script)
    if found and script not in ("han", "hebrew"):
        return found
    if script == "han":
        return claim if claim == "ja" and scripts.total() < 40 else "zh"
    return _by_words(sample, claim)


def frequent(language: str) -> tuple[str, ...]:
    """The most frequent words of ``language`` (ISO 639-1), in lower case; empty for one that is told by its script."""
    return tuple(_WORDS.get(language, "").split())


def _claim(hint: str | None) -> str | None:
    tag = re.split(r"[-_,;\s]", hint.strip().lower(), maxsplit=1)[0] if hint else ""
    tag = _NAMES.get(tag, tag)
    return tag if tag in _WORDS or tag in _ONLY.values() or tag in _SOUTH_SLAVIC else None


def _scripts(sample: str) -> Counter[str]:
    """How many letters of each script there are. Each letter is looked up once, however often it stands there; those of ASCII are not."""
    others = "" if sample.isascii() else _ASCII.sub("", sample)
    plain = sample.encode("ascii", "ignore")
    latin = len(plain) - len(plain.translate(None, _ASCII_LETTERS))
    scripts: Counter[str] = Counter(latin=latin) if latin else Counter()
    for character, times in Counter(others).items():
        if character.isalpha() and (script := _SCRIPT.get(ord(character) >> 7)) is not None:
            scripts[script] += times
    return scripts


def _script(scripts: Counter[str]) -> str | None:
    """The script that carries the text. A little kana makes Chinese characters Japanese; an article may quote much Latin."""
    total = scripts.total()
    if total < 2:
        return None
    east = scripts["han"] + scripts["kana"] + scripts["hangul"]
    if east * 6 >= total:
        if scripts["hangul"] * 3 >= east:
            return "hangul"
        return "kana" if scripts["kana"] * 12 >= east else "han"
    others = [(count, script) for script, count in scripts.items() if script != "latin"]
    count, script = max(others, default=(0, "latin"))
    return script if count * 3 >= total else "latin" if scripts["latin"] else None


def _by_words(sample: str, claim: str | None) -> str | None:
    lowered = sample.lower()
    words = (_ASCII_WORD if lowered.isascii() else _WORD).findall(lowered)[:_MOST_WORDS]
    weights = _weights()
    scores: defaultdict[str, float] = defaultdict(float)
    for word in words:
        for language, weight in weights.get(word, ()):
            scores[language] += weight
    if not lowered.isascii():
        _add_letters(scores, lowered)
    return _winner(scores, len(words), claim)


def _add_letters(scores: defaultdict[str, float], lowered: str) -> None:
    for letter in set(lowered):
        languages = _LETTER.get(letter)
        if languages:
            times = min(lowered.count(letter), 10)
            for language in languages:
                scores[language] += 0.6 * times / len(languages)


def _winner(scores: Mapping[str, float], words: int, claim: str | None) -> str | None:
    """The language that stands out, else the claim. Croatian, Bosnian, Serbian and Montenegrin in Latin letters are told apart by the claim alone."""
    ranked = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not ranked:
        return claim
    first, top = ranked[0]
    following = ranked[1][1] if len(ranked) > 1 else 0.0
    if first == "hr" and claim in _SOUTH_SLAVIC:
        return claim
    plenty = top >= 1.2 and top >= 0.05 * words and top >= 1.2 * following
    return first if plenty or (top >= 0.5 and top >= 2 * following) else claim
