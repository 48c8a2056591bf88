"""How sites name their news, in forty languages: words of links, and words of addresses. Data for those who look for the news of a site."""

from __future__ import annotations

import re
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
