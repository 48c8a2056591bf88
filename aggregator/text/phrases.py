"""Phrases that links of every site share, by language: data, and the patterns made of it."""

from __future__ import annotations

import re

MORE = re.compile(
    r"(?:(?:learn|read|find out|view|see|show|know)\s+)?(?:the\s+)?(?:full\s+)?(?:more|details?|article|story|continue reading|read)(?:\s+(?:about|on|info(?:rmation)?|news|details).{0,200})?"
    r"|(?:continue|keep)\s+reading.{0,200}|read\s+(?:more|on|full|the|this).{0,200}|click here|here|link|view|download|pdf|open|go|next|permalink|full\s+(?:text|story|article)"
    r"|(?:view|see|show|browse|read|more)\s+(?:all|our|other)\b.{0,60}|all\s+(?:news|articles|posts|stories|events)|more\s+(?:news|articles|stories|posts|events)|(?:vedi|mostra|leggi)\s+tutt[eio].{0,40}|vai\s+(?:al(?:la)?|all.)\s?\w{0,20}|ver\s+tod[oa]s.{0,40}|voir\s+tou(?:s|tes).{0,40}|tou(?:s|tes)\s+les\s+\w{0,20}"
    r"|alle\s+(?:news|nachrichten|meldungen|neuigkeiten|artikel|beiträge|termine|veranstaltungen|anzeigen).{0,20}|все\s+(?:новости|события|объявления|анонсы)|всі\s+новини|查看全部|全部(?:新闻|公告|通知)?|一覧(?:へ|を見る|はこちら)?|wszystkie.{0,30}|všechny.{0,30}|tüm(?:ü|ünü)?\s+(?:gör|haberler|duyurular).{0,20}|tümü|xem tất cả|todas?\s+as\s+notícias|lihat semua"
    r"|更多|查看更多|查看详情|查看全文|阅读全文|阅读更多|继续阅读|详细|详情|详细信息|全文|点击查看|浏览|下载|了解更多|了解详情|查看|閱讀更多|閱讀全文|詳細|詳情|more.{0,3}"
    r"|続きを読む|もっと見る|詳しくはこちら|詳細を見る|詳細はこちら|더보기|자세히\s*보기|더\s*보기|자세히"
    r"|подробнее|читать\s+(?:далее|дальше|полностью|еще|ещё)|далее|узнать больше|докладніше|детальніше|читати\s+(?:далі|більше)|далі"
    r"|(?:mehr|weiter|weiterlesen|mehr\s+lesen|mehr\s+erfahren|mehr\s+dazu|weitere\s+informationen|zum\s+artikel|artikel\s+lesen|details|zur\s+meldung|zur\s+news)"
    r"|lire\s+(?:la\s+suite|plus|l.article)|en\s+savoir\s+plus|la\s+suite|plus\s+d.infos?|voir\s+(?:plus|le\s+détail)|suite"
    r"|leer\s+m[aá]s|ver\s+m[aá]s|m[aá]s(?:\s+informaci[oó]n)?|seguir\s+leyendo|continuar\s+leyendo|ler\s+mais|leia\s+mais|saiba\s+mais|veja\s+mais|continue\s+lendo|continuar\s+a\s+ler"
    r"|leggi(?:\s+(?:tutto|di\s+più|l.articolo|ancora|la\s+notizia))?|continua(?:\s+a\s+leggere)?|vai\s+alla\s+notizia|approfondisci|scopri\s+di\s+più"
    r"|czytaj\s+(?:więcej|dalej|całość)|więcej|zobacz\s+więcej|číst\s+(?:více|dále|dál)|více|celý\s+článek|čítať\s+(?:viac|ďalej)|viac|tovább|bővebben|olvass\s+tovább|részletek"
    r"|devamı(?:nı\s+oku)?|devamını\s+gör|detaylar?|daha\s+fazla|lees\s+(?:meer|verder)|meer\s+(?:lezen|informatie)|läs\s+(?:mer|vidare|hela.{0,20})|les\s+(?:mer|meir|videre)|læs\s+(?:mere|videre)|lue\s+lisää"
    r"|διαβάστε\s+περισσότερα|περισσότερα|اقرأ\s+المزيد|المزيد|التفاصيل|ادامه\s+مطلب|بیشتر|קרא\s+עוד|למידע\s+נוסף|xem\s+(?:thêm|chi\s+tiết)|đọc\s+(?:thêm|tiếp)|chi\s+tiết|selengkapnya|baca\s+(?:selengkapnya|juga|lebih.{0,20})|อ่านต่อ|อ่านเพิ่มเติม|เพิ่มเติม|ดูเพิ่มเติม|और\s+पढ़ें|आगे\s+पढ़ें|mai\s+mult|citește\s+mai\s+(?:mult|departe)|daugiau|skaityti\s+(?:daugiau|toliau|plačiau)|plačiau|lasīt\s+(?:vairāk|tālāk)|loe\s+(?:edasi|lisaks)|više|opširnije|pročitaj(?:te)?\s+više|прочети\s+(?:още|повече)|още|повече|више|preberi\s+več|več",
    re.IGNORECASE,
)
"""The whole text of a link that only says: there is more."""

MORE_ABOUT = re.compile(
    r"(?:(?:read|learn|see|view|find\s+out|show|discover)\s+(?:more|the\s+full\s+(?:story|article))|continue\s+reading|read|more|link\s+to|go\s+to)(?:\s+(?:about|on|of|from))?\s*[:：–—-]?\s+"
    r"|(?:mehr|weiter)(?:lesen|\s+lesen|\s+erfahren|\s+informationen)?(?:\s+(?:über|zu|zum|zur))?\s*[:–—-]?\s+|(?:lire\s+(?:la\s+suite|plus)|en\s+savoir\s+plus)(?:\s+(?:de|sur|à\s+propos\s+de))?\s*[:–—-]?\s+"
    r"|(?:leer|ver|saber)\s+m[aá]s(?:\s+(?:sobre|acerca\s+de|de))?\s*[:–—-]?\s+|(?:ler|leia|saiba)\s+mais(?:\s+sobre)?\s*[:–—-]?\s+|(?:leggi|scopri|continua)(?:\s+(?:tutto|di\s+più|a\s+leggere))?(?:\s+su)?\s*[:–—-]?\s+"
    r"|(?:czytaj\s+)?więcej(?:\s+o)?\s*[:–—-]?\s+|(?:číst\s+)?více(?:\s+o)?\s*[:–—-]?\s+|lees\s+(?:meer|verder)(?:\s+over)?\s*[:–—-]?\s+|(?:läs|les|læs)\s+(?:mer|mere)(?:\s+om)?\s*[:–—-]?\s+|lue\s+lisää\s*[:–—-]?\s+|(?:подробнее|читать\s+далее)(?:\s+об?)?\s*[:–—-]?\s+",
    re.IGNORECASE,
)
"""What the label of a link for screen readers puts before the title. "read" and "more" alone may begin a title: only labels are asked."""

BADGES = frozenset(
    "new new! n h hot hot! top 新 最新 置顶 置頂 热 热门 推荐 图 새글 새 신규 공지 인기 новое neu nouveau nuevo novo nuovo nowe nové yeni updated новое! закреплено wichtig".split()
)
"""Whole texts of the little marks behind or before a title."""
