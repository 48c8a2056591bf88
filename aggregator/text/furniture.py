"""Lines that stand around an article on every site and are none of its text: tools, breadcrumbs, data about it. Knowledge of many languages."""

from __future__ import annotations

import re
from typing import Final

from aggregator.text import counters
from aggregator.text.dates import names

_LONGEST: Final = 200

_TOOLS: Final = (
    r"print(?: this)?(?: page| article)?|send(?: by)? e-?mail|e-?mail(?: this)?(?: page| article)?|share(?: this)?(?: page| article| story| on)?|save|download pdf|pdf version|bookmark|copy link|back(?: to (?:top|list|news|overview))?|close(?: window)?|listen|text size|font size|increase|decrease|reset|zoom (?:in|out)"
    r"|drucken|druckversion|seite drucken|teilen|weiterempfehlen|vorlesen|schriftgr(?:ö|oe)ße|zurück(?: zur (?:übersicht|liste))?|nach oben|imprimer|partager|envoyer|taille du texte|retour(?: à la liste)?|imprimir|compartir|compartilhar|partilhar|enviar|tamaño de (?:la )?letra|tamanho da (?:letra|fonte)|volver|voltar"
    r"|stampa|condividi|invia|dimensione (?:del )?testo|torna indietro|печать|распечатать|версия для печати|поделиться|размер шрифта|назад|наверх|вернуться(?: к списку)?|друк|роздрукувати|поділитися|drukuj|udostępnij|wyślij|powrót|rozmiar (?:tekstu|czcionki)|tisk(?:nout)?|vytisknout|sdílet|sdílejte|zpět|velikost písma|tlačiť|zdieľať|späť"
    r"|nyomtatás|megosztás|küldés|vissza|betűméret|tipărește|tipareste|distribuie|partajează|înapoi|imprimă|mărime text|yazdır|paylaş|yazı boyutu|geri(?: dön)?|e-?posta gönder|εκτύπωση|κοινοποίηση|κοινοποιήστε|μοιραστείτε|επιστροφή|μέγεθος γραμμάτων|αποστολή"
    r"|طباعة|مشاركة|شارك|حجم الخط|رجوع|إرسال|نسخ الرابط|چاپ|اشتراک(?: ?گذاری)?|به اشتراک بگذارید|نسخه چاپی|اندازه (?:متن|قلم|فونت)|بازگشت|ارسال|کپی لینک|הדפס(?:ה)?|שתף|שתפו|שיתוף|גודל (?:טקסט|גופן)|חזרה|שלח"
    r"|พิมพ์(?:หน้านี้)?|แชร์|แบ่งปัน|ขนาดตัวอักษร|กลับ|ย้อนกลับ|in(?: bài| trang)?|chia sẻ|cỡ chữ|quay lại|gửi|về trang trước|cetak|bagikan|kembali|ukuran (?:huruf|teks)|kongsi|प्रिंट|शेयर(?: करें)?|साझा करें|फ़ॉन्ट आकार|पीछे"
    r"|afdrukken|delen|lettergrootte|terug|skriv ut|dela|tillbaka|del|udskriv|utskrift|tilbake|tilbage|tulosta|jaa|takaisin|štampaj|ispiši|podijeli|podeli|natrag|nazad|natisni|deli|принтирай|сподели|штампај"
    r"|打印(?:本页|此页)?|列印|友善列印|关闭(?:本页|窗口)?|關閉(?:視窗)?|返回(?:顶部|列表|首页|上一页)?|收藏(?:本页)?|分享(?:到)?|转发|轉寄|字体|字号|字級|大|中|小|印刷|戻る|シェア(?:する)?|ツイート|文字サイズ|인쇄(?:하기)?|공유(?:하기)?|목록(?:으로)?|글자 ?크기|확대|축소|스크랩"
    r"|facebook|fb|twitter|x|whats ?app|telegram|viber|line|linkedin|pinterest|vkontakte|vk|ok|вконтакте|одноклассники|instagram|youtube|messenger|reddit|xing|weibo|wechat|微信|微博|qq空间|qq|zalo|kakao(?:talk)?|카카오톡|카카오스토리|페이스북|트위터|네이버|밴드|블로그|feedly|hatena|はてな|pocket|e-?mail|mail|email|rss|pdf|url|a[+-]?|[+-]"
)
"""What readers can do with a page, and where they can carry it."""
TOOLS: Final = re.compile(rf"(?i)\W{{0,4}}(?:(?:{_TOOLS})(?:\W{{1,5}}|(?=$))){{1,16}}")
"""The whole of a line that offers nothing but tools; with at least one letter."""

READ_ON: Final = re.compile(
    r"(?i)^\W{0,4}(?:read (?:more|also|next|on|this|the full)|see also|also read|more (?:on|from|about|stories|news)|related(?: (?:articles?|stories|posts?|content|links?|news|topics?))?|recommended|you (?:may|might) (?:also )?like|don['’]t miss|also on|watch(?: more)?|continue reading"
    r"|lesen sie (?:auch|mehr|hier)|mehr (?:zum thema|dazu|lesen)|auch interessant|zum thema|weiterlesen|lire aussi|à lire|voir aussi|sur le même (?:sujet|thème)|leer más|lee también|te puede interesar|también te puede|ver también|leia (?:mais|também)|veja (?:também|mais)|você pode gostar|leggi anche"
    r"|читайте также|читать далее|по теме|смотрите также|相关(?:阅读|文章|新闻|链接|推荐|报道)|延伸阅读|推荐阅读|更多(?:精彩|新闻|阅读)?|阅读原文|関連(?:記事|リンク)|あわせて読みたい|관련 ?기사"
    r"|ähnliche (?:beiträge|artikel|meldungen)|weitere (?:artikel|beiträge|meldungen|nachrichten|news|themen)|mehr themen|noch mehr (?:infos|artikel|themen)|zum weiterlesen|auch lesen|das könnte (?:sie|dich|euch)|entdecken? (?:sie )?weitere|vous aimerez aussi|articles? (?:similaires?|liés?)|pour lire la suite|à découvrir aussi"
    r"|le puede interesar|puedes? ver[:：]|(?:artículos|noticias|contenidos?) relacionad[oa]s?|te recomendamos|(?:notícias|artigos|conteúdos?) relacionad[oa]s?|leia ainda|ti potrebbe interessare|articoli correlati|potrebbe interessarti|vedi anche"
    r"|(?:czytaj|zobacz|przeczytaj|sprawdź) (?:także|też|również)|powiązane (?:artykuły|wpisy)|čtěte také|mohlo by vás zajímat|souvisej[íi]cí|přečtěte si (?:také|též)|mohlo by vás zaujímať|súvisiace|kapcsolódó (?:cikk|hír|tartal)|ezt is olvassa|olvassa el ezt is|citi(?:ți|ţi|ește|t[iî]) și|articole similare|vezi și"
    r"|читайте також|дивіться також|схожі (?:новини|матеріали)|за темою|похожие (?:новости|материалы|записи)|другие новости|вижте (?:още|също)|прочетете още|lees (?:ook|verder)|gerelateerde?|läs (?:också|även)|relaterade?|les også|læs også|lue myös|loe ka|skaitykite taip pat|lasi arī"
    r"|ilgili (?:haberler|yazılar|içerikler)|ayrıca (?:okuyun|bakınız)|bunlar da ilginizi|διαβάστε (?:επίσης|ακόμα|ακόμη)|σχετικ(?:ά|ές) (?:άρθρα|ειδήσεις|νέα)|اقرأ أيض|اقرأ المزيد|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|קראו (?:גם|עוד)|עוד בנושא|כתבות (?:נוספות|קשורות)"
    r"|xem thêm|(?:tin|bài(?: viết)?) (?:liên quan|khác)|baca juga|(?:berita|artikel) (?:terkait|lainnya)|ข่าวที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง|(?:यह|ये) भी पढ़ें|संबंधित (?:खबरें|समाचार))"
)
"""What a line or a link begins with that leads to other articles."""

OTHERS: Final = re.compile(
    r"(?i)\W{0,4}(?:(?:more|other|latest|recent|further|similar|top|related|current)(?: \w{4,12})? (?:news|stories|articles|posts|headlines|announcements|items|reading|links)"
    r"|(?:weitere|andere|aktuelle|neueste|neuste|letzte|ähnliche|verwandte)s? (?:meldungen|nachrichten|news|artikel|beiträge|pressemitteilungen|themen)"
    r"|(?:autres?|dernières?|à lire|plus d['’])\s?(?:actualités?|nouvelles?|articles?|actus?)|actualités (?:liées|similaires|associées)|(?:otras|más|últimas) noticias|noticias (?:relacionadas|recientes|destacadas)"
    r"|(?:outras|mais|últimas) notícias|notícias (?:relacionadas|recentes)|(?:altre|ultime) (?:notizie|news)|notizie correlate|(?:другие|похожие|последние|ещё|еще|связанные|свежие) (?:новости|материалы|статьи|публикации)|новости по теме"
    r"|(?:інші|схожі|останні|пов['’]язані) (?:новини|матеріали)|(?:inne|pozostałe|powiązane|ostatnie) (?:aktualności|wiadomości|artykuły|wpisy)|(?:další|související|podobné) (?:aktuality|články|zprávy|novinky)|(?:további|kapcsolódó|legfrissebb) (?:hírek|cikkek)"
    r"|(?:alte|ultimele) (?:știri|stiri|articole)|știri similare|(?:diğer|ilgili|son|benzer) haberler|(?:άλλα|σχετικά|τελευταία) (?:νέα|άρθρα)|(?:andere|meer|laatste|gerelateerd) nieuws|(?:fler|andra|senaste|relaterade) nyheter|(?:flere|andre|siste|seneste|relaterte) (?:nyheter|nyheder)|lisää uutisia|muita uutisia"
    r"|(?:أخبار|مقالات|مواضيع) (?:أخرى|مشابهة|مرتبطة)|آخر الأخبار|(?:دیگر|سایر|آخرین) اخبار|(?:עוד|כתבות|חדשות) (?:חדשות|כתבות|נוספות|קשורות)|(?:tin|bài) (?:cùng chuyên mục|mới nhất|mới hơn|cũ hơn)|berita (?:lain(?:nya)?|terbaru)|ข่าวอื่น ?ๆ|ข่าวล่าสุด|अन्य समाचार"
    r"|(?:相关|相關|其他|其它|最新|热门|熱門|推荐|推薦|更多|近期)(?:新闻|新聞|文章|资讯|資訊|报道|報導|消息|动态|動態|信息|内容|内容推荐|阅读)|(?:関連|その他の|最新の?|他の)(?:記事|ニュース|お知らせ)|(?:관련|다른|최신) ?(?:기사|뉴스|소식|글))\W{0,4}"
)
"""The whole of a label over a list of other articles."""

ATTACHED: Final = re.compile(
    r"(?i)附件|附檔|附加檔案|相关附件|添付(?:ファイル|資料)|첨부 ?(?:파일|문서|자료)?|(?<!\w)(?:attach(?:ed|ments?)(?: files?| documents?)?|enclosures?|anlagen?|anh[aä]ng[e]?|dateianh[aä]nge|angeh[aä]ngte dateien"
    r"|pièces? jointes?|documents? joints?|fichiers? joints?|(?:archivos?|ficheros?|documentos?) adjuntos?|adjuntos?|(?:ficheiros?|arquivos?|documentos?) (?:em )?anexos?|anexos?|allegat[oi]|bijlagen?|vedlegg|vedhæftede filer|bilag(?:or|a)?|liitteet|viðhengi"
    r"|прикрепл[её]нн\w+ (?:файл|документ)\w*|вложени\w*|приложени[ея]|файлы для скачивания|(?:прикріплен\w+|долучен\w+) (?:файл|документ)\w*|вкладення|додат(?:ок|ки)|прикачен\w* (?:файл|документ)\w*"
    r"|załącznik\w*|příloh[ay]|prílohy|csatol(?:t|mány)\w*(?: (?:fájl|dokumentum)\w*)?|melléklet\w*|fișiere atașate|documente atașate|anexe|prilo[gz]i|priloge|lisad|manused|pielikumi|priedai"
    r"|ekl?er|ek dosya\w*|ekli dosya\w*|συνημμέν\w*|lampiran|tệp đính kèm|(?:file|tài liệu) đính kèm)(?!\w)|المرفقات|مرفقات|ملفات مرفقة|پیوست|ضمیمه|فایل پیوست|קבצים מצורפים|נספחים|ไฟล์แนบ|เอกสารแนบ|संलग्न"
)
"""What pages call the files that belong to an article."""

DOWNLOADS: Final = re.compile(
    r"(?i)\W{0,3}(?:downloads?|dokumente?|documents?|files?|dateien|zum herunterladen|téléchargements?|fichiers?|descargas?|documentos?|scarica|documenti|файлы|документы|файли|документи|pliki(?: do pobrania)?|do pobrania"
    r"|soubory|ke stažení|letölthető\w*|dosyalar|αρχεία|下载|下載|文件下载|ダウンロード|資料|다운로드|파일|تحميل|دانلود|הורדות|ดาวน์โหลด|tải về|unduh|डाउनलोड)\W{0,3}"
)
"""The whole of a label that such lists bear as well, and lists of forms beside them."""

_HOME: Final = (
    r"home(?: ?page)?|main(?: page)?|startseite|accueil|inicio|portada|início|página inicial|pagina iniziale|homepage|главная(?: страница)?|головна(?: сторінка)?|strona główna|domů|úvod(?:ní stránka)?|domov|kezdőlap|főoldal|nyitólap|acasă|prima pagină"
    r"|ana ?sayfa|αρχική(?: σελίδα)?|الرئيسية|الصفحة الرئيسية|خانه|صفحه (?:اصلی|نخست)|דף הבית|ראשי|עמוד הבית|หน้าแรก|หน้าหลัก|trang chủ|beranda|laman utama|मुख(?:्य)? ?पृष्ठ|होम|etusivu|hem|startsida|forside(?:n)?|hjem|början|pagrindinis|sākums|avaleht|početna|naslovna|начало|почетна"
    r"|首页|首頁|主页|主頁|网站首页|本站首页|ホーム|トップ(?:ページ)?|홈|메인"
)
_HERE: Final = (
    r"you are here|sie (?:sind|befinden sich) hier|vous êtes ici|(?:usted )?est[aá]s? (?:usted )?aqu[ií]|você está aqui|está em|(?:ti trovi|sei) (?:in|qui)|вы (?:здесь|находитесь)|ви (?:тут|знаходитесь)|jesteś tutaj|nacházíte se(?: zde)?|jste zde|nachádzate sa|itt (?:vagy|jár)|ești aici|buradasınız|βρίσκεστε εδώ|είστε εδώ"
    r"|أنت هنا|أنت الآن في|شما اینجا هستید|אתה נמצא(?: כאן)?|הנך נמצא|คุณอยู่ที่(?:นี่)?|bạn đang ở(?: đây)?|anda (?:di sini|berada di)|आप यहाँ? हैं|du är här|du er her|olet tässä|u bent hier|(?:您|你)?(?:现在|現在)?(?:的|所在)?(?:当前)?(?:位置|所在位置)|当前位置|目前位置|現在位置|現在地|현재 ?위치"
)
_ARROW: Final = r"(?:[>»›→⟩▸＞≫/\\<«‹]|&gt;|::)"
TRAIL: Final = re.compile(
    rf"(?i)\W{{0,4}}(?:(?:{_HERE})\s{{0,2}}(?:[:：].{{0,180}}|[^.!?。！？]{{0,60}}{_ARROW}[^.!?。！？]{{0,120}})|(?:{_HOME})\s{{0,3}}{_ARROW}[^.!?。！？]{{0,180}})"
)
"""The whole of a line that tells where on its site a page stands."""

_SPOKEN: Final = "|".join(
    sorted(
        (re.escape(word.replace("_", " ")) for word in {*names.LABELS.split(), *names.CJK["B"].split()} if len(word) > 2),
        key=len,
        reverse=True,
    )
)
_DATE_LABEL: Final = re.compile(rf"(?i)\W{{0,4}}(?:{_SPOKEN})(?!\w{{4}})")
_NUMBER: Final = re.compile(r"\d[\d.:/\-\s年月日년월일٫]{0,20}\d|\d")
_BY: Final = re.compile(
    r"โดย|ผู้เขียน|ผู้โพสต์|ผู้ประกาศ|ผู้ลงข่าว|(?<!\w)(?:bởi|người đăng|tác giả|oleh|penulis|kategori|yazar|ekleyen|od|przez|vložil|autor|napsal|írta|de către|από|συντάκτης|द्वारा|लेखक)(?!\w)|بواسطة|بقلم|الكاتب|توسط|نویسنده|מאת|כתב"
)
_FEW: Final = 60


def is_furniture(line: str) -> bool:
    """Whether a line offers tools, tells where on its site a page stands, or counts its readers."""
    line = line.strip()
    if not line or len(line) > _LONGEST:
        return False
    if TRAIL.fullmatch(line) or (TOOLS.fullmatch(line) and any(map(str.isalpha, line))):
        return True
    return counters.is_counter(line)


def is_data(line: str) -> bool:
    """Whether a line before or behind a text is about it: when it came out, who wrote it, how often it was read; not a sentence."""
    line = line.strip()
    if not line or len(line) > _LONGEST or not _NUMBER.search(line):
        return False
    if counters.counts(line):
        return True
    return (
        _DATE_LABEL.match(line) is not None
        and (len(line) < _FEW or _BY.search(line) is not None)
        and not line.endswith((".", "!", "?", "…", "।", "؟"))
    )
