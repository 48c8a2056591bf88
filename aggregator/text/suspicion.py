"""What a page is when it is not what was asked for: a login, a challenge, an error in the clothes of a page, a parked domain.

Servers send these with status 200, so only their words tell. The phrases are data; those of ``TITLES`` count in the title and the first heading only, where a
story about captchas cannot be mistaken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from aggregator.errors import ReadError
from aggregator.text import markup
from aggregator.text.document import Document


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``what`` completes "this looks like …"; ``remedy`` is what to try."""

    what: str
    remedy: str


class Suspected(ReadError):
    """The page gave itself away: whatever list stands on it is not the news that was asked for."""

    def __init__(self, url: str, suspicion: Suspicion) -> None:
        super().__init__(f"{url}: this looks like {suspicion.what}", remedy=suspicion.remedy)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


CHALLENGE: Final = Suspicion(
    "an anti-bot challenge, not the page", "ask the site to admit this reader, or use a feed of the site: challenges rarely cover those"
)
MISSING: Final = Suspicion(
    "an error page (not found) sent with status 200", "the page has moved: open the site's home page and give the address of its news"
)
BROKEN: Final = Suspicion("an error page of the server", "try again later; if it stays, open the address in a browser")
LOGIN: Final = Suspicion("a login page", "give the address of a page that is open to everybody")
CONSENT: Final = Suspicion(
    "a page that first asks for consent to cookies", "use a feed of the site, or open the address in a browser and see where it leads"
)
PARKED: Final = Suspicion("a parked or an empty domain", "the site has moved: search for its new address")
FORWARD: Final = Suspicion("a page that only leads on", "give the address that it leads to")
SCRIPTED: Final = Suspicion(
    "a page that is filled by a script", "look for a feed, a sitemap or a JSON address of the site (`aggregator add` tries the usual ones)"
)
EMPTY: Final = Suspicion("a list without entries", "nothing to do if the site has no news at the moment")
BARE: Final = Suspicion("a page without links", "give the address of the page that lists the news")
ARTICLE: Final = Suspicion("one article", "give the address of the list that links to it")
CATALOGUE: Final = Suspicion(
    "a list of courses, people, departments or papers: nothing in it has a date, and nothing calls it news",
    "give the address of the page that lists the news; if this is it, say `kind: detect`",
)
FEW: Final = Suspicion(
    "a page with one or two dated links, too few to tell a list by", "if they are the news, name the rows with `items:` (a CSS selector)"
)
MENU: Final = Suspicion("a page of navigation only", "follow its link to the news, or name the rows with `items:` (a CSS selector)")

TITLES: Final = (
    (
        CHALLENGE,
        _words(
            r"^(?:just a moment|attention required|checking your browser|one moment,? please|ddos[- ]guard|access (?:to this (?:page|site) has been )?denied|security check|are you (?:a )?(?:human|robot)|please wait\b.{0,20}$"
            r"|verif(?:y|ying) (?:you are|that you|your)|human verification|bot (?:verification|detection)|pardon our interruption|robot check|安全验证|人机验证|访问验证|请稍候|验证码|访问拦截|网站防火墙|проверка браузера|доступ ограничен|vérification de sécurité|sicherheitsprüfung)"
        ),
    ),
    (
        MISSING,
        _words(
            r"^\W{0,3}(?:error\s*|http\s*|status\s*|fehler\s*|erreur\s*|ошибка\s*|błąd\s*|hata\s*|エラー\s*)?\W{0,3}40[34]\s*(?:$|[-–—|:!,./]|error|not\b|page\b|forbidden|http|ошибк|fehler|erreur)|\b404\b.{0,30}(?:not found|error|不存在|未找到|找不到|не найден|introuvable|nicht gefunden|no encontrad|non trovat|não encontrad|nie znalez|bulunamad)"
            r"|^(?:(?:sorry|we.?re sorry|unfortunately|죄송합니다|요청하신|요청한|抱歉|很抱歉|извините|к сожалению|lo sentimos|désolé|entschuldigung|leider)\W{0,4}(?:\w{1,12}\s){0,3}?)?(?:(?:we )?(?:can.?t|cannot|could ?n.?t) find (?:the|that|this|your) page|(?:the )?(?:page|file|site|resource|url) (?:you .{0,40})?(?:(?:was|is|could|can|cannot|does)\s?(?:not|n.t)?\s?)?(?:be )?(?:not found|found|exist)|not found|page (?:missing|unavailable)|oops\b"
            r"|页面不存在|页面未找到|找不到(?:该|此|您)?(?:网页|页面)|您访问的(?:页面|网页)|对不起.{0,10}(?:不存在|找不到)|出错了|找不到網頁|頁面不存在|ページが見つかりません|お探しのページ|페이지를 찾을 수 없|страница не найдена|сторінку не знайдено"
            r"|(?:die )?seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)|página no encontrada|página não encontrada|pagina non trovata|pagina niet gevonden|sidan (?:hittades|kunde) inte|siden (?:ble|blev) ikke fundet|siden finnes ikke|sivua ei löyd"
            r"|strona nie (?:została )?znalezion|nie znaleziono strony|stránka nenalezena|stránka nebola nájdená|sayfa bulunamad|az oldal nem található|pagina nu (?:a fost|există)|stranica nije pronađena|η σελίδα δεν βρέθηκε|الصفحة غير موجودة|הדף לא נמצא|صفحه (?:یافت|پیدا) نشد|không tìm thấy trang|trang không tồn tại|halaman tidak ditemukan|ไม่พบหน้า)"
        ),
    ),
    (
        BROKEN,
        _words(
            r"^\W{0,3}(?:error\s*|http\s*)?\W{0,3}50[0-4]\s*(?:$|[-–—|:!,./]|error|internal|bad\b|service|gateway|not\b|server)|^(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|(?:site |scheduled )?(?:under )?maintenance|we.?(?:ll| will) be (?:right )?back|be back (?:soon|shortly)|fatal error|database error|error establishing a database|runtime error|server error"
            r"|(?:an |unexpected |application )error\b.{0,20}$|error$|forbidden$|bad request|request rejected|系统维护|系统错误|服务器错误|网站维护|メンテナンス|ведутся технические работы|wartungsarbeiten|en maintenance|en mantenimiento)"
        ),
    ),
    (
        LOGIN,
        _words(
            r"^(?:log ?in|sign ?in|login page|user login|please (?:log|sign) in|single sign|用户登录|用户登陆|统一身份认证|登录|登入|ログイン|로그인|вход\b.{0,20}$|авторизация|anmeldung|anmelden|connexion|iniciar sesión|entrar$|accedi$|zaloguj|přihlášení|giriş yap)"
        ),
    ),
    (
        CONSENT,
        _words(
            r"^(?:before you continue|bevor sie fortfahren|avant de continuer|antes de continuar|prima di continuare|cookie (?:consent|wall)$|your privacy choices$)"
        ),
    ),
    (
        PARKED,
        _words(
            r"(?<!\w)[\w-]{2,60}\.[a-z]{2,12} is for sale|(?:domain|website) (?:name )?(?:is |may be )?(?:for sale|parked|has expired|expired|available)|buy this domain|parked (?:free|domain)|domain parking|^welcome to nginx|^apache2? .{0,20}default page|^it works!?$|^iis windows|^test page for|^default (?:web site )?page|^index of /"
            r"|^coming soon$|^under construction$|^account suspended|域名(?:出售|停放|已过期)|该域名|网站(?:建设中|已关闭|暂未开通)|домен (?:продается|продаётся|припаркован)|diese domain (?:steht|ist)|dominio en venta"
        ),
    ),
)
"""In the title or the first heading, whatever else stands on the page: a list beside them is a consolation, not the news that was asked for."""

BRIEF: Final = 300
"""Characters of a page on which any line may say what it is: nothing else is told there."""

_BLOCKED = _words(
    r"cf-(?:challenge|browser-verification|turnstile)|challenge-platform|_incapsula_|/_guard/|g-recaptcha|h-captcha|hcaptcha|geetest|px-captcha|datadome|sucuri_cloudproxy|ddos-guard|awswaf|akamai.{0,20}denied|yundun|__jsl_clearance|acw_sc__v2"
)
_EMPTY = _words(
    r"no (?:results?|news|articles?|posts?|items?|entries|records?|content|data)(?: (?:were|was|have been|has been|are|is))?(?: (?:found|available|yet|to (?:show|display)))|nothing (?:was )?found|there (?:are|is) (?:currently )?no\b"
    r"|暂无(?:数据|内容|信息|新闻|相关|记录|文章)|没有(?:找到|相关)?(?:记录|数据|内容|信息|文章)|查無資料|目前(?:沒有|無)|尚無資料|データがありません|記事がありません|お知らせはありません|등록된 (?:게시물|글|자료)이 없|게시물이 없|ничего не найдено|новостей (?:пока )?нет|нет (?:новостей|записей|данных)"
    r"|keine (?:einträge|ergebnisse|nachrichten|beiträge|artikel|meldungen|news)|aucun(?:e)? (?:résultat|article|actualité)|(?:no hay|sin) (?:noticias|resultados|publicaciones)|nenhum(?:a)? (?:resultado|notícia|artigo)|nessun(?:a)? (?:risultato|notizia|articolo)|brak (?:wyników|aktualności|wpisów|artykułów)"
    r"|žádné (?:aktuality|články|výsledky)|kayıt bulunamad|haber bulunamad|geen (?:resultaten|nieuws|berichten)|inga (?:nyheter|träffar|resultat)|ingen (?:nyheter|nyheder|resultater)|لا توجد|لا يوجد|אין תוצאות|không có (?:tin|bài|dữ liệu)|tidak ada (?:berita|data)|ไม่พบข้อมูล"
)
_NEEDS_SCRIPT = _words(
    r"enable java ?script|java ?script (?:is |to be )?(?:required|disabled|enabled)|needs? java ?script|without java ?script|(?:启用|开启|打开) ?java ?script|javascript (?:aktivieren|activer|activar)|включите javascript"
)


def announced(parsed: Document) -> Suspicion | None:
    """What the title or the first heading says the page is; None where they say nothing of the kind."""
    heading = next((markup.plain("".join(element.itertext())) for element in parsed.root.iter("h1")), "")
    return _said((parsed.title or "", heading))


def _said(texts: Iterable[str]) -> Suspicion | None:
    told = (suspicion for text in texts for suspicion, pattern in TITLES if pattern.search(text[:200].strip()))
    return next(told, None)


def guess(parsed: Document) -> Suspicion:
    """What a page without a list most likely is."""
    root = parsed.root
    if found := announced(parsed):
        return found
    links = sum(1 for element in root.iter("a") if element.get("href"))
    text = markup.text_of(root)[:20_000]
    if len(text) < BRIEF and links < 8 and (found := _said(text.splitlines())):
        return found
    sources = " ".join(f"{element.get('src') or ''} {(element.text or '')[:2000]}" for element in root.iter("script"))[:100_000]
    marks = (
        sources
        + " ".join(f"{element.get('class') or ''} {element.get('id') or ''}" for element in root.iter("div", "form", "iframe"))[:50_000]
    )
    if links < 15 and len(text) < 2000 and _BLOCKED.search(marks):
        return CHALLENGE
    if any((element.get("type") or "").lower() == "password" for element in root.iter("input")) and links < 40:
        return LOGIN
    if (
        any(
            (element.get("http-equiv") or "").lower() == "refresh" and "url" in (element.get("content") or "").lower()
            for element in root.iter("meta")
        )
        and links < 5
    ):
        return FORWARD
    if next(root.iter("frameset"), None) is not None:
        return FORWARD
    silent = " ".join(" ".join(element.itertext()) for element in root.iter("noscript"))[:5000]
    if len(text) < 600 and (_NEEDS_SCRIPT.search(silent) or _NEEDS_SCRIPT.search(text) or len(sources) > 10 * len(text) + 200):
        return SCRIPTED
    if not links and len(text) < _BLANK and any(element.get("src") for element in root.iter("script")):
        return SCRIPTED
    if _EMPTY.search(text):
        return EMPTY
    if links < 2:
        return BARE
    return ARTICLE if prose(parsed) > 1200 else MENU


_BLANK: Final = 100
"""Characters of text below which a page without links shows nothing until a script fills it."""


def prose(parsed: Document) -> int:
    """Characters of running text in the page's paragraphs, links aside: a page of stories in full has thousands, a list has its teasers."""
    total = 0
    for element in parsed.root.iter("p"):
        text = "".join(element.itertext()).strip()
        linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
        if len(text) - linked > 80:
            total += len(text) - linked
    return total
