"""Who is nobody, and who is no person: accounts of administrators, departments, offices, media. Knowledge of many languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_NOBODY: Final = frozenset(
    "admin administrator administrador administrateur amministratore webadmin siteadmin sysadmin superadmin wpadmin wp-admin root superuser webmaster web-master master editor editors moderator guest user test tester demo "
    "unknown anonymous anonym anonymus none null undefined nil n/a na nobody author authors writer staff default system support info login logout register anmelden abmelden registrieren archive archiv news nouvelles noticias presse press "
    "管理员 系统管理员 超级管理员 网站管理员 管理員 管理者 站长 佚名 匿名 无名 未知 不详 无 暂无 小编 原创 转载 网络 互联网 本站 本站原创 本网 编辑 作者 发布者 运营者 登录 注册 退出 網站管理員 運営者 관리자 운영자 편집자 "
    "администратор админ редактор модератор аноним неизвестно адміністратор адмін редакція вебмайстер анонім администраторка модераторка вебмастер вебмастър анонимен автор автора"
    " المدير مدير المشرف مشرف المحرر محرر الإدارة الادارة مجهول ادمن أدمن ادمین مدیر مدیر_سایت مدیرسایت ناشناس ویرایشگر سردبیر نویسنده מנהל המנהל עורך העורך אנונימי אדמין מערכת"
    " yönetici editör admin anonim yazar webmaster moderatör διαχειριστής συντάκτης ανώνυμος επιμελητής administrátor správce správca anonym neznámý neznámy redaktor redakce redakcia autor"
    " administrator redaktor anonim nieznany adminisztrátor rendszergazda szerkesztő szerk névtelen ismeretlen redactor anonimă necunoscut editorul beheerder redacteur redactie onbekend anoniem"
    " administratör redaktör okänd redaktør ukjent ukendt ylläpitäjä ylläpito toimittaja tuntematon administratorius redaktorius administraator toimetaja administrators redaktors urednik uredništvo nepoznat neznan"
    " quản_trị người_quản_trị quản_trị_viên khuyết_danh biên_tập_viên ผู้ดูแลระบบ แอดมิน ผู้ดูแล ผู้ดูแลเว็บไซต์ ไม่ระบุ บรรณาธิการ pengelola penulis penyunting pentadbir anonim एडमिन प्रशासक व्यवस्थापक संपादक अज्ञात".replace(
        " ", "\n"
    )
    .replace("_", " ")
    .split("\n")
) | frozenset(
    {
        "super user",
        "super admin",
        "site admin",
        "web admin",
        "web editor",
        "web team",
        "news editor",
        "site editor",
        "the editor",
        "the editors",
        "guest author",
        "guest contributor",
        "staff writer",
        "staff reporter",
        "web master",
        "no author",
        "not specified",
        "site administrator",
        "system administrator",
        "all posts",
        "all articles",
        "alle beiträge",
        "alle artikel",
        "archiv anzeigen",
        "tous les articles",
        "co. kg",
    }
)

_HAN: Final = re.compile("[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_HAN_END: Final = re.compile(
    r"(?:部|处|院|室|中心|学院|大学|学校|系|所|馆|会|站|局|台|社|网|报|团|办|组|公司|集团|厅|委|队|盟|刊|号|课|課|部門|處|學院|大學|學校|辦公室|組|團|報|網|館|會|처|팀|과|실|원|대학교|신문)$"
)
_KOREAN_NAME: Final = re.compile(
    "[김이박최정강조윤장임오서신권황안송류유홍고문양손배백허남심노하곽성차주우구민나진엄채천방현함변염여추도소][가-힣]원"
)
"""A family name and two syllables of which the last is that of an institute as well: 박지원 is a person, 대학원 a graduate school."""
_WORDS: Final = {
    "en": (
        "department dept office media center centre school college institute institut university team newsroom press news communications? relations affairs division services? bureau agency association society library museum "
        "lab laboratory committee council group staff desk board union foundation magazine times journal daily post herald tribune gazette reuters dpa afp wire editorial blog inc ltd llc radio tv online webteam secretariat programme directorate registrar"
    ),
    "de": (
        "redaktion nachrichten zeitung anzeiger kurier verlag gmbh rundfunk agentur \\w*pressestelle abteilung stabsstelle büro hochschule referat universität fakultät dekanat rektorat präsidium lehrstuhl fachbereich fachschaft dezernat zentrum "
        "\\w*kommunikation öffentlichkeitsarbeit presse- marketing institut studierendenwerk \\w*bibliothek verwaltung"
    ),
    "fr es pt it ro ca": (
        "faculté université école rectorat laboratoire service bureau direction rédaction cellule instituto facultad faculdade universidade? universitat departamento oficina gabinete secretaría secretaria prensa imprensa comunicación comunicação redacción redaccion redação "
        "vicerrectorado rectorado reitoria dirección direção assessoria escuela escola unidad coordenação núcleo centro facoltà dipartimento università ateneo ufficio comunicazione redazione facultatea universitatea departamentul catedra biroul rectoratul serviciul direcția centrul institutul redacția biblioteca comunicare"
    ),
    "ru uk be bg sr mk": (
        "отдел\\w* служба центр\\w* факультет\\w* институт\\w* университет\\w* академи[яи] колледж\\w* кафедра управление редакция пресс-\\w+ пресс-?центр медиа\\w* деканат\\w* ректорат\\w* лаборатори[яи] библиотек[аи] департамент\\w* дирекция комитет\\w* агентство сектор\\w* профком\\w* студсовет\\w* "
        "відділ\\w* інститут\\w* університет\\w* прес-\\w+ управління редакція лабораторія бібліотека факултет\\w* катедра пресцентър универзитет\\w* университет служба одељење аддзел\\w* рэктарат\\w*"
    ),
    "pl cs sk sl hr": (
        "wydział\\w* biuro katedra dział\\w* instytut\\w* uniwersytet\\w* uczelni\\w* politechnik\\w* zespół redakcja sekretariat bibliotek[ai] centrum samorząd\\w* oddělení oddelenie odbor fakult[aey] ústav univerzit[ay] rektorát děkanát dekanát redakce redakcia knihovna knižnica tiskov[éý]\\w* "
        "fakultet\\w* sveučilišt\\w* univerza odsjek odjel ured služba uredništvo knjižnica oddelek"
    ),
    "hu": "egyetem\\w* főiskola tanszék\\w* intézet\\w* \\w*iroda osztály szerkesztőség \\w*központ könyvtár hallgatói dékáni rektori kommunikációs \\w+tudományi",
    "nl sv no da fi et lv lt": (
        "faculteit afdeling universiteit redactie communicatie instituut fakultet\\w* universitet\\w* institutt institutionen avdelning\\w* avdeling\\w* kommunikasjon\\w* kommunikation\\w* redaksjonen redaktionen högskola\\w* "
        "yliopisto tiedekunta viestintä osasto toimitus ülikool teaduskond osakond universitāte fakultāte universitetas fakultetas skyrius"
    ),
    "tr az": (
        "bölümü fakültesi üniversitesi müdürlüğü başkanlığı dekanlığı rektörlüğü enstitüsü ofisi merkezi birimi koordinatörlüğü kulübü basın bürosu ajansı yüksekokulu kütüphanesi sekreterliği topluluğu fakültəsi universiteti şöbəsi"
    ),
    "el": "τμήμα\\w* σχολή πανεπιστήμιο\\w* γραφείο διεύθυνση υπηρεσία ινστιτούτο κέντρο εργαστήριο πρυτανεία γραμματεία κοσμητεία βιβλιοθήκη μονάδα τύπου",
    "ar": "(?:ال|و)?(?:كلية|قسم|إدارة|ادارة|جامعة|عمادة|مكتب|مركز|وحدة|معهد|دائرة|وكالة|مديرية|رئاسة|مكتبة|إعلام|اعلام|إعلامي|اعلامي|علاقات|لجنة|أمانة|شعبة)",
    "fa": "دانشکده دانشگاه گروه اداره دفتر معاونت پژوهشکده پژوهشگاه خبرگزاری مدیریت واحد کتابخانه پردیس موسسه روابط مرکز انجمن ستاد",
    "he": "ה?מחלקה מחלקת ה?פקולטה ה?אוניברסיטה אוניברסיטת ה?דוברות לשכת ה?מכון ה?מרכז יחידת ה?יחידה אגף מערכת ספריית ה?ספרייה ה?מכללה מכללת ה?טכניון דיקן",
    "hi": "विभाग संकाय विश्वविद्यालय कार्यालय केंद्र केन्द्र संस्थान जनसंपर्क महाविद्यालय अनुभाग प्रकोष्ठ पुस्तकालय समिति",
    "vi": "đại\\ học trung\\ tâm văn\\ phòng bộ\\ môn thư\\ viện truyền\\ thông ban\\ biên\\ tập ban\\ giám\\ hiệu ban\\ tổ\\ chức phòng\\ \\w+ đoàn\\ \\w+ hội\\ \\w+",
    "id ms": "fakultas universitas universiti fakulti jurusan prodi humas kantor biro bagian lembaga redaksi direktorat departemen jabatan pejabat politeknik perpustakaan rektorat bahagian program\\ studi tim\\ (?:redaksi|humas|media|liputan)",
}
"""Language → words that stand in the names of units and in no name of a person, as parts of a pattern; separated by spaces."""
_WORD: Final = re.compile(
    r"(?i)^the |^(?:khoa|trường|viện)\s|(?<!\w)e\. ?v(?!\w)|(?<!\w)(?:"
    + "|".join(re.sub(r"(?<!\\) ", "|", words) for words in _WORDS.values())
    + r")(?!\w)"
)
_THAI: Final = re.compile(r"^(?:งาน|ฝ่าย|กอง|ศูนย์|สำนัก|สถาบัน|คณะ|ภาควิชา|สาขา|หน่วย|กลุ่มงาน|โรงเรียน|วิทยาลัย|ทีม)|มหาวิทยาลัย|ประชาสัมพันธ์|สำนักงาน")
"""Thai writes no spaces between words: what its units begin with, or hold."""


def is_nobody(name: str, *, sites: Collection[str] = ()) -> bool:
    """Whether a name names no one: the account of an administrator, "anonymous", or the site itself."""
    folded = name.strip(" .:：()（）[]【】\"'").lower()
    if (
        len(folded) < 2
        or folded in _NOBODY
        or folded.rstrip("0123456789_- ") in _NOBODY
        or folded.isdigit()
        or "@" in folded
        or "://" in folded
    ):
        return True
    return any(folded == own.strip().lower() for own in sites)


def is_unit(name: str) -> bool:
    """Whether a name is that of a department, an office, a medium, and not of a person."""
    bare = name.replace(" ", "")
    return says_unit(name) or (len(bare) > 5 and "·" not in bare and _HAN.search(name) is not None)


def says_unit(name: str) -> bool:
    """Whether a word in the name says so; other than by it, Han names of more than five characters are no person's only by their length."""
    if not _HAN.search(name):
        return _WORD.search(name) is not None or _THAI.search(name) is not None
    bare = name.replace(" ", "")
    return len(bare) > 2 and _HAN_END.search(bare) is not None and not _KOREAN_NAME.fullmatch(bare)
