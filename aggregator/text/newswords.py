"""How sites name their news, in forty languages, and what is no news: words of links, headings and addresses. Data for those who look for news."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NEWS: Final = {
    "en": "news|latest news|news and events|news & events|university news|campus news|newsroom|news room|news centre|news center|all news|press releases|media releases|press room|stories|announcements|media centre|media center|headlines|what's new|press|updates",
    "zh": "新闻|新闻网|新闻中心|新闻动态|学校新闻|学院新闻|校园新闻|综合新闻|要闻|学校要闻|学院动态|新闻快讯|通知公告|通知|公告|最新消息|新聞|最新公告|校園新聞|消息|资讯|动态|媒体报道|公告栏|公告欄|焦點新聞|新闻资讯|校园动态",
    "ja": "ニュース|お知らせ|新着情報|最新情報|トピックス|新着|プレスリリース|ニュース一覧|大学からのお知らせ|報道発表|ニュースリリース",
    "ko": "뉴스|소식|공지사항|새소식|보도자료|대학뉴스|학교소식|공지|알림|대학소식|캠퍼스뉴스",
    "ru": "новости|все новости|новости университета|пресс-центр|объявления|события|новости и события|лента новостей|пресс-служба|анонсы|сообщения",
    "uk": "новини|усі новини|всі новини|новини університету|оголошення|події|пресцентр|прес-центр",
    "be": "навіны|аб'явы",
    "bg": "новини|съобщения|обяви|новини и събития",
    "sr": "вести|vesti|обавештења|obaveštenja|novosti",
    "mk": "вести|соопштенија",
    "de": "aktuelles|nachrichten|news|meldungen|presse|pressemitteilungen|neuigkeiten|aktuelle meldungen|presseinformationen|newsroom|medienmitteilungen|alle meldungen",
    "fr": "actualités|actualites|toutes les actualités|actus|nouvelles|communiqués|presse|à la une|communiqués de presse|salle de presse|toute l'actualité|actualité",
    "es": "noticias|actualidad|novedades|sala de prensa|todas las noticias|prensa|comunicados|avisos|boletín de noticias|últimas noticias",
    "ca": "notícies|actualitat|novetats|sala de premsa",
    "gl": "novas|actualidade|noticias",
    "eu": "albisteak|berriak",
    "pt": "notícias|noticias|comunicados|atualidade|imprensa|todas as notícias|últimas notícias|avisos|novidades",
    "it": "notizie|news|avvisi|comunicati stampa|novità|in evidenza|ultime notizie|tutte le notizie|ufficio stampa|primo piano",
    "ro": "știri|stiri|noutăți|noutati|anunțuri|anunturi|comunicate|comunicate de presă",
    "nl": "nieuws|actueel|nieuwsberichten|alle nieuws|persberichten|nieuwsoverzicht",
    "sv": "nyheter|aktuellt|pressmeddelanden|nyhetsarkiv|press",
    "no": "nyheter|aktuelt|nyhetsarkiv|pressemeldinger|siste nytt",
    "da": "nyheder|aktuelt|pressemeddelelser|nyhedsarkiv",
    "fi": "uutiset|ajankohtaista|tiedotteet|uutishuone|ajankohtaiset",
    "is": "fréttir|tilkynningar",
    "pl": "aktualności|aktualnosci|wiadomości|komunikaty|ogłoszenia|newsy|wydarzenia|wszystkie aktualności|biuro prasowe",
    "cs": "aktuality|novinky|zprávy|tiskové zprávy|všechny aktuality|oznámení|úřední deska",
    "sk": "aktuality|novinky|správy|oznamy|tlačové správy",
    "sl": "novice|aktualno|obvestila|sporočila za javnost",
    "hr": "novosti|vijesti|obavijesti|priopćenja",
    "hu": "hírek|aktuális|közlemények|híreink|sajtóközlemények|aktualitások|hírarchívum",
    "el": "νέα|ανακοινώσεις|δελτία τύπου|νέα και ανακοινώσεις|ειδήσεις|επικαιρότητα",
    "tr": "haberler|duyurular|haber|tüm haberler|tüm duyurular|basın bültenleri|haber arşivi|güncel",
    "az": "xəbərlər|elanlar|yeniliklər",
    "kk": "жаңалықтар|хабарландырулар",
    "uz": "yangiliklar|e'lonlar|янгиликлар",
    "ar": "أخبار|الأخبار|آخر الأخبار|أخبار الجامعة|إعلانات|الإعلانات|المركز الإعلامي|جميع الأخبار",
    "fa": "اخبار|خبرها|اطلاعیه ها|اطلاعیه‌ها|تازه ها|آرشیو اخبار|رویدادها",
    "he": "חדשות|הודעות|מה חדש|חדשות ועדכונים|הודעות לעיתונות|עדכונים",
    "hi": "समाचार|ताज़ा समाचार|सूचनाएं|घोषणाएं|सूचना",
    "bn": "সংবাদ|খবর|নোটিশ|বিজ্ঞপ্তি",
    "th": "ข่าว|ข่าวสาร|ข่าวประชาสัมพันธ์|ประกาศ|ข่าวทั้งหมด|ข่าวล่าสุด",
    "vi": "tin tức|tin tuc|thông báo|tin tức sự kiện|tin mới|bản tin|tin hoạt động|tin tức - sự kiện",
    "id": "berita|pengumuman|kabar|siaran pers|berita terkini|warta|info terkini",
    "ms": "berita|pengumuman|hebahan",
    "et": "uudised|teated|kõik uudised",
    "lv": "jaunumi|aktualitātes|ziņas|visi jaunumi",
    "lt": "naujienos|skelbimai|visos naujienos|pranešimai",
    "ka": "სიახლეები|ამბები",
    "hy": "նորություններ|լուրեր",
    "mn": "мэдээ|мэдээлэл",
}
"""By language: what a link to the news is called. The whole text of a link, or the beginning of a short one."""

LESS: Final = re.compile(
    r"(?i)newsletter|events?\s*(?:calendar|list)?$|calend|kalend|jobs?\b|career|vacanc|login|subscribe|abo(?:nn|nnieren)|press\s*(?:kit|contact)|kontakt|contact|facebook|twitter|youtube|instagram|weibo|podcast|招标|采购|招聘|招生|sports?\b"
)
"""What is beside the news: letters, calendars, jobs, contacts."""

PATHS: Final = re.compile(
    r"(?i)(?:^|[/._-])(?:news(?:room|center|centre|list|events)?|latest-news|all-news|press(?:e|room|-releases?)?|media-?(?:centre|center|releases?)|stories|announcements?|notices?|articles?|xinwen|xwzx|xw|xyxw|xwdt|xxyw|yw|ywgz|xyyw|xyyx|tzgg|tongzhi|gonggao|gg|zhxw|mtjj|xwgg|kuaixun"
    r"|novosti|novini|aktuelles?|aktuell|nachrichten|meldungen|neuigkeiten|actualites?|actu|actus|noticias?|actualidad|novedades|notizie|avvisi|stiri|nieuws|actueel|nyheter|aktuellt|aktuelt|nyheder|uutiset|ajankohtaista"
    r"|aktualnosci|wiadomosci|aktuality|novinky|zpravy|hirek|haberler|haber|duyurular|duyuru|berita|pengumuman|tin-tuc|tintuc|thong-bao|uudised|jaunumi|naujienos|vesti|vijesti|novice|oshirase|topics|whatsnew|bbs/news|board/news)(?:$|[/._-]|\.\w{2,5}$)"
)
"""Words of an address that leads to news."""

CATALOGUES: Final = {
    "en": "courses|course list|course catalogue|course catalog|modules|programmes|programs|degrees|degree programmes|majors|minors|curriculum|syllabus|syllabi|departments|faculties|schools|institutes|colleges|chairs"
    "|research groups|laboratories|faculty|faculty members|faculty and staff|staff|our staff|our team|team|people|directory|profiles|professors|lecturers|leadership|administration|policies|policies and procedures|regulations"
    "|rules|bylaws|statutes|guidelines|procedures|forms|downloads|documents|publications|scholarships|services|facilities|clubs|societies|partners|vacancies|faq|a-z|links|study with us|undergraduate|postgraduate|academics|library resources|databases",
    "zh": "课程|课程设置|课程列表|专业|专业设置|专业介绍|本科专业|学位点|培养方案|人才培养|教学大纲|院系设置|院系|学院设置|教学单位|教学院部|机构设置|组织机构|职能部门|党政部门|研究机构|科研机构|实验室|师资队伍|教师队伍|师资力量|教授|副教授|讲师"
    "|导师|教职员工|教师名录|人员|领导班子|现任领导|规章制度|管理制度|政策法规|政策文件|办事指南|办事流程|下载中心|下载专区|表格下载|常用下载|资料下载|常用链接|友情链接|数据库|學系|系所|師資|課程|法規|表單下載|教職員",
    "ja": "科目|シラバス|授業|カリキュラム|学部|学科|研究科|専攻|学部・大学院|教員|教員一覧|教員紹介|スタッフ|研究室|規程|規則|様式|資料|ダウンロード|組織|施設",
    "ko": "교과목|교육과정|강의|전공|학과|학부|대학원|단과대학|교수진|교수소개|교직원|직원|연구실|연구소|규정|학칙|서식|자료실|조직|기관",
    "ru": "курсы|дисциплины|учебные планы|образовательные программы|программы|направления|направления подготовки|специальности|бакалавриат|магистратура|аспирантура|факультеты|кафедры|институты|подразделения|структура"
    "|лаборатории|преподаватели|сотрудники|руководство|персонал|персоналии|состав|положения|документы|нормативные документы|локальные акты|приказы|бланки|публикации|услуги",
    "uk": "курси|дисципліни|освітні програми|програми|спеціальності|факультети|кафедри|інститути|підрозділи|структура|викладачі|співробітники|керівництво|документи|положення|нормативні документи",
    "be": "факультэты|кафедры|дакументы|супрацоўнікі",
    "bg": "специалности|програми|факултети|катедри|преподаватели|документи|правилници",
    "sr": "факултети|катедре|студијски програми|наставници|документа|fakulteti|katedre|studijski programi|nastavnici|dokumenti|pravilnici",
    "de": "kurse|lehrveranstaltungen|module|studiengänge|studiengang|studienangebot|studium|bachelor|master|fakultäten|fachbereiche|institute|lehrstühle|professuren|arbeitsgruppen|einrichtungen|abteilungen|mitarbeiter|mitarbeitende"
    "|mitarbeiterinnen und mitarbeiter|team|personal|personen|professoren|dozenten|ansprechpartner|leitung|ordnungen|satzungen|richtlinien|prüfungsordnungen|formulare|dokumente|downloads|publikationen|dienste",
    "fr": "cours|formations|licences|masters|diplômes|programmes|facultés|départements|instituts|laboratoires|composantes|services|personnel|équipe|annuaire|enseignants|enseignants-chercheurs|direction|règlements|politiques|formulaires|documents|téléchargements|publications",
    "es": "cursos|asignaturas|grados|másteres|posgrados|carreras|programas|titulaciones|facultades|departamentos|escuelas|institutos|profesores|profesorado|docentes|personal|equipo|directorio|normativa|normativas|reglamentos|políticas|formularios|documentos|descargas|publicaciones|servicios",
    "ca": "cursos|graus|màsters|facultats|departaments|professorat|personal|normativa|documents",
    "pt": "cursos|disciplinas|licenciaturas|mestrados|graduação|pós-graduação|programas|faculdades|departamentos|institutos|escolas|docentes|professores|servidores|equipe|equipa|pessoas|regulamentos|normas|políticas|formulários|documentos|publicações|serviços",
    "it": "corsi|corsi di laurea|insegnamenti|lauree|master|dottorati|facoltà|dipartimenti|scuole|istituti|docenti|personale|persone|organi|regolamenti|statuto|modulistica|documenti|pubblicazioni|servizi",
    "ro": "cursuri|programe de studii|facultăți|departamente|catedre|profesori|cadre didactice|personal|regulamente|documente|formulare",
    "nl": "cursussen|vakken|opleidingen|bachelors|masters|faculteiten|afdelingen|instituten|medewerkers|team|personeel|hoogleraren|reglementen|beleid|formulieren|documenten|publicaties",
    "sv": "kurser|program|utbildningar|fakulteter|institutioner|avdelningar|personal|medarbetare|lärare|styrdokument|policyer|blanketter|dokument|publikationer",
    "no": "kurs|emner|studier|studieprogram|studieprogrammer|fakulteter|institutter|avdelinger|ansatte|personer|reglementer|retningslinjer|skjemaer|dokumenter|publikasjoner",
    "da": "kurser|fag|uddannelser|fakulteter|institutter|afdelinger|medarbejdere|ansatte|regler|politikker|blanketter|dokumenter|publikationer",
    "fi": "kurssit|opintojaksot|koulutukset|tutkinnot|tiedekunnat|laitokset|yksiköt|henkilökunta|henkilöstö|opettajat|säännöt|ohjeet|lomakkeet|asiakirjat|julkaisut",
    "pl": "kursy|przedmioty|kierunki|kierunki studiów|studia|wydziały|katedry|instytuty|zakłady|jednostki|pracownicy|kadra|władze|regulaminy|zarządzenia|akty prawne|formularze|dokumenty|do pobrania|publikacje",
    "cs": "kurzy|předměty|studijní programy|studijní obory|fakulty|katedry|ústavy|pracoviště|zaměstnanci|lidé|vedení|předpisy|vnitřní předpisy|směrnice|formuláře|dokumenty|ke stažení|publikace",
    "sk": "predmety|študijné programy|fakulty|katedry|ústavy|pracoviská|zamestnanci|ľudia|vedenie|predpisy|smernice|formuláre|dokumenty|publikácie",
    "sl": "predmeti|študijski programi|fakultete|oddelki|katedre|zaposleni|pravilniki|obrazci|dokumenti",
    "hr": "kolegiji|studijski programi|studiji|fakulteti|odsjeci|katedre|zavodi|djelatnici|nastavnici|pravilnici|obrasci|dokumenti",
    "hu": "kurzusok|tantárgyak|képzések|szakok|karok|tanszékek|intézetek|munkatársak|oktatók|vezetőség|szabályzatok|űrlapok|dokumentumok|publikációk",
    "el": "μαθήματα|προγράμματα σπουδών|σχολές|τμήματα|εργαστήρια|προσωπικό|μέλη δεπ|διδάσκοντες|κανονισμοί|έντυπα|έγγραφα|δημοσιεύσεις",
    "tr": "dersler|programlar|lisans programları|bölümler|fakülteler|enstitüler|yüksekokullar|akademik kadro|personel|akademik personel|öğretim üyeleri|yönetim|yönetmelikler|yönergeler|formlar|belgeler|yayınlar",
    "ar": "المقررات|المساقات|البرامج|البرامج الأكاديمية|التخصصات|الكليات|الأقسام|المعاهد|أعضاء هيئة التدريس|الموظفون|الإدارة|اللوائح|السياسات|الأنظمة|النماذج|الوثائق|المنشورات",
    "fa": "دروس|برنامه های درسی|رشته ها|رشته‌ها|دانشکده ها|دانشکده‌ها|گروه های آموزشی|گروه‌های آموزشی|اعضای هیات علمی|اعضای هیئت علمی|کارکنان|آیین نامه ها|آیین‌نامه‌ها|فرم ها|فرم‌ها",
    "he": "קורסים|תוכניות לימוד|תכניות לימודים|פקולטות|מחלקות|חוגים|סגל|סגל אקדמי|תקנונים|נהלים|טפסים|מסמכים",
    "hi": "पाठ्यक्रम|विभाग|संकाय|कर्मचारी|नियम|नीतियां|प्रपत्र",
    "th": "หลักสูตร|รายวิชา|คณะ|ภาควิชา|บุคลากร|อาจารย์|ระเบียบ|ข้อบังคับ|แบบฟอร์ม|เอกสาร|ดาวน์โหลด",
    "vi": "chương trình đào tạo|ngành đào tạo|môn học|khoa|các khoa|phòng ban|đội ngũ|giảng viên|cán bộ|quy định|quy chế|văn bản|biểu mẫu|tài liệu",
    "id": "mata kuliah|program studi|jurusan|fakultas|departemen|dosen|staf|tenaga pengajar|peraturan|kebijakan|formulir|dokumen|unduhan|publikasi",
    "ms": "kursus|program|fakulti|jabatan|kakitangan|pensyarah|dasar|borang|dokumen",
    "et": "kursused|õppekavad|teaduskonnad|instituudid|töötajad|eeskirjad|dokumendid",
    "lv": "studiju programmas|fakultātes|katedras|darbinieki|dokumenti",
    "lt": "studijų programos|fakultetai|katedros|darbuotojai|dėstytojai|dokumentai|tvarkos",
}
"""By language: what lists are called that look like news where nothing has a date: courses, people, departments, rules, papers to download."""

RECURRING: Final = {
    "en": "events|upcoming events|blog|blogs|magazine|journal|features|highlights|spotlight|in the media|media coverage|interviews|opinions|op-eds|columns|podcasts|videos|lectures|seminars|conferences|calls|tenders|decisions|results|reports|bulletin|digest|archive|jobs|success stories|what's on|latest|recent|recently",
    "zh": "学术活动|学术讲座|讲座|活动|专题|视频|媒体|招聘|招标|采购|公示|公告|简报|快讯|速递|风采|聚焦|视点|观点|人物|成果|进展|讲座预告|最新|活動|演講|徵才",
    "ja": "イベント|行事|講演会|公募|コラム|ブログ|メディア|最新|活動報告",
    "ko": "행사|채용|입찰|세미나|칼럼|블로그|언론|최신",
    "ru": "мероприятия|анонсы|конкурсы|вакансии|интервью|сми о нас|блог|журнал|газета|конференции|семинары|архив|видео|последние",
    "uk": "заходи|конкурси|вакансії|інтерв'ю|змі про нас|блог|конференції|архів|останні",
    "de": "veranstaltungen|termine|blog|magazin|stellenangebote|ausschreibungen|interviews|archiv|berichte|vorträge|presseschau",
    "fr": "événements|agenda|blog|magazine|offres d'emploi|appels d'offres|entretiens|archives|colloques|séminaires|dernières",
    "es": "eventos|agenda|blog|revista|convocatorias|entrevistas|archivo|seminarios|conferencias|últimas|destacados",
    "pt": "eventos|agenda|blog|revista|editais|entrevistas|arquivo|seminários|palestras|últimas|destaques",
    "it": "eventi|agenda|blog|rivista|bandi|interviste|archivio|seminari|convegni|ultime",
    "pl": "wydarzenia|blog|konkursy|oferty pracy|wywiady|archiwum|konferencje",
    "cs": "události|akce|blog|rozhovory|archiv|konference|výběrová řízení",
    "tr": "etkinlikler|blog|ilanlar|ihaleler|röportajlar|arşiv|seminerler|son",
    "nl": "evenementen|agenda|blog|vacatures|interviews|archief",
    "sv": "evenemang|kalender|blogg|lediga jobb|intervjuer|arkiv",
    "fi": "tapahtumat|blogi|avoimet työpaikat|arkisto",
    "hu": "események|blog|pályázatok|interjúk|archívum",
    "el": "εκδηλώσεις|προκηρύξεις|συνεντεύξεις|αρχείο",
    "ar": "الفعاليات|فعاليات|المناقصات|مقالات|أرشيف",
    "fa": "رویدادها|مقالات|آرشیو|گفتگو",
    "he": "אירועים|בלוג|מכרזים|ארכיון",
    "vi": "sự kiện|hội thảo|tuyển dụng|tuyển sinh",
    "id": "acara|agenda|kegiatan|lowongan|artikel|arsip|terbaru",
    "th": "กิจกรรม|รับสมัคร|บทความ",
}
"""By language: what other lists are called to which something is added now and then, so that they are worth following as news is."""

CATALOGUE_PATHS: Final = re.compile(
    r"(?i)/(?:[\w%~.-]{0,20}[-_])?(?:courses?|modules?|programm?e?s?|programmes-of-study|degrees?|majors|minors|curricul\w{1,4}|syllab\w{1,3}|departments?|facult(?:y|ies)|schools|institutes?|colleges|labs?|laborator\w{1,4}|research-groups|groups|staff|people|persons?|team|profiles?|directory"
    r"|professors?|lecturers|employees?|leadership|polic(?:y|ies)|regulations?|rules|bylaws|statutes|guidelines|procedures|forms?|downloads?|documents?|publications?|scholarships|academics|undergraduate|postgraduate|graduate"
    r"|studium|studiengaenge|studiengang|studienangebot|fakultaeten|fachbereiche|institute|lehrstuehle|mitarbeiter(?:innen)?|mitarbeitende|personen|personal|ordnungen|formulare|dokumente|formations?|facultes|departements|enseignants|annuaire|reglements|cursos|asignaturas|grados|carreras|titulaciones"
    r"|facultades|departamentos|profesor\w{0,4}|docentes|normativas?|reglamentos|disciplinas|faculdades|regulamentos|corsi|insegnamenti|dipartimenti|docenti|persone|personale|regolamenti|modulistica|opleidingen|faculteiten|medewerkers|utbildning\w{0,3}|institutioner|kurser|emner|studier|ansatte"
    r"|kierunki|wydzialy|katedry|pracownicy|regulaminy|dokumenty|predmety|fakulty|zamestnanci|lide|predpisy|bolumler|fakulteler|dersler|personel|yonetmelikler|kafedr\w{1,2}|fakultet\w{0,2}|facultet\w{0,2}|sotrudniki|prepodavateli|obrazovan\w{1,3}|programmy|dokument\w{0,2}|struktura|fakultas|jurusan|program-studi|dosen"
    r"|szdw|jgsz|zzjg|yxsz|xysz|zysz|zyjs|kcsz|kcjs|pyfa|rcpy|sysjs|xrld|gzzd|zcfg|bszn|xzzx|bgxz|ypdw|jsml|teachers?)(?=$|[/._-])"
)
"""Words of an address that leads to one of them."""


_WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7a3]")
"""Scripts that put no space between words."""

_AND = "and|und|et|y|e|i|a|og|och|ja|ve|en|és|și|и|та|і|και|و"


def _split(table: Mapping[str, str]) -> tuple[str, str]:
    """The words of a table as two alternations: those of scripts without spaces, and the others; the longest first."""
    words = sorted({word for said in table.values() for word in said.split("|") if len(word) > 1}, key=len, reverse=True)
    wide = [word for word in words if _WIDE.match(word)]
    return "|".join(map(re.escape, wide)), "|".join(re.escape(word) for word in words if not _WIDE.match(word))


_JOINING = ("de", "nl", "sv", "no", "da", "fi", "is", "hu", "et")
"""Languages that write words together: "Pressemeldungen", "Hochschulnachrichten"."""

_NEWS = _split({language: f"{words}|{RECURRING.get(language, '')}" for language, words in NEWS.items()})
_JOINED = _split({language: NEWS[language] for language in _JOINING})[1]
_CATALOGUES = _split(CATALOGUES)
_NAMES_NEWS = re.compile(rf"{_NEWS[0]}|(?<![^\W_])(?:{_NEWS[1]}|\w{{1,12}}(?:{_JOINED}))(?![^\W_])", re.IGNORECASE)
_NAMES_CATALOGUE = re.compile(
    rf".{{0,2}}(?:{_CATALOGUES[0]})|(?:[^\s|]{{1,24}}\s){{0,3}}?(?:{_CATALOGUES[1]})(?:\s{{0,2}}(?:[\d&/,:(]|(?:{_AND})\s).{{0,60}})?",
    re.IGNORECASE,
)


def names_news(text: str) -> bool:
    """Whether a heading, a title or a step of a breadcrumb speaks of news: "Pressemeldungen", "新闻中心", "News from the lab"."""
    return bool(_NAMES_NEWS.search(text[:120]))


def names_catalogue(text: str) -> bool:
    """Whether it is, as a whole, the name of such a list: "Undergraduate courses", "Кафедры и лаборатории", but not "Department of Physics"."""
    return bool(_NAMES_CATALOGUE.fullmatch(text[:120].strip()))
