"""Pages that are no article, and what they look like instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from aggregator.errors import ReadError
from aggregator.model import Page
from aggregator.read.article.body import Body
from aggregator.read.article.lines import Line
from aggregator.text import foreign

_FEED = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)


class _Look(NamedTuple):
    """What a page that is no article shows: words in its title or, where it is short, among its lines."""

    name: str
    remedy: str
    title: re.Pattern[str]
    line: re.Pattern[str]


_LOOKS: Final = (
    _Look(
        "an anti-bot challenge",
        "ask the site to let the aggregator in, or publish the items from their rows: full_text: never",
        re.compile(
            r"(?i)^(?:just a moment|attention required|please wait|checking your browser|access denied|verify(?:ing)? (?:you are|that you)|are you (?:a )?(?:human|robot)|robot check|security check|one moment|ddos-guard|请稍候|安全验证|访问验证|人机验证|滑动验证|проверка браузера|un momento)"
        ),
        re.compile(
            r"(?i)checking (?:if the site connection is secure|your browser before)|enable javascript and cookies to continue|verify(?:ing)? (?:that )?you are (?:a )?human|unusual traffic from your|complete the (?:captcha|security check)|ddos protection by|cf-browser-verification|请完成(?:安全)?验证|拖动滑块|您的访问(?:过于频繁|被拦截)|request unsuccessful\. incapsula|your request has been blocked|pardon our interruption"
        ),
    ),
    _Look(
        "a login page",
        "the text is not public: publish the items from their rows: full_text: never",
        re.compile(
            r"(?i)^(?:log ?in|sign ?in|anmeld(?:en|ung)|einloggen|connexion|se connecter|iniciar sesión|accedi|entrar|вход|войти|авторизация|登录|登錄|用户登录|统一身份认证|统一认证|ログイン|로그인|giriş|central authentication service|single sign.?on|web login service|shibboleth)\b"
        ),
        re.compile(
            r"(?i)^(?:please (?:log|sign) in|you (?:must|need to) (?:be logged|log|sign) in|sie müssen (?:sich anmelden|angemeldet sein)|请(?:先)?登录|统一身份认证|校内(?:用户|访问)|仅限校内|对不起，您(?:没有|无)权|非校内地址|当前ip(?:地址)?(?:并非|不在|未)|您所访问的内容仅限校内)"
        ),
    ),
    _Look(
        "an error page",
        "the article may have been removed: check its address in the list",
        re.compile(
            r"(?i)^(?:(?:error )?(?:404|403|410|500|502|503)\b.{0,30}$|page (?:not|was not|could not be) found|not found|file not found|object not found|oops|error\b.{0,20}$|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada|pagina non trovata|страница не найдена|ошибка 404|页面不存在|找不到(?:页面|网页)|404错误|出错啦?|错误提示|信息不存在|ページが見つかりません|페이지를 찾을 수|sayfa bulunamadı|service unavailable|internal server error|bad gateway|forbidden)"
        ),
        re.compile(
            r"(?i)^(?:.{0,30}\b404\b.{0,40}(?:not found|error|错误|页面)|(?:sorry, )?(?:the|this) (?:page|document|article|content|resource|file)(?: that)?(?: you (?:requested|are looking for|were looking for|have requested))? (?:could not be|was not|cannot be|can't be|does not|doesn't|has been|is no longer|no longer|may have been).{0,60}|we (?:can't|cannot|couldn't) (?:seem to )?find the page.{0,60}|die (?:angeforderte |gewünschte )?seite (?:wurde|konnte|existiert).{0,60}|(?:对不起|抱歉)?[，,]?\s?您(?:要)?访问的(?:页面|网页|内容|信息|文章).{0,20}(?:不存在|已(?:被)?删除|找不到)|该(?:信息|文章|页面|内容)(?:不存在|已(?:被)?删除|已过期)|запрашиваемая страница не найдена.{0,40})"
        ),
    ),
    _Look(
        "a parked domain",
        "the site has moved or lapsed: find its new address",
        re.compile(
            r"(?i)(?:domain (?:is )?for sale|this domain|buy this domain|domain parking|parked domain|域名出售|domain default page|apache2? .{0,20}default page|welcome to nginx|iis windows)"
        ),
        re.compile(
            r"(?i)(?:this domain (?:name )?(?:is|may be) (?:for sale|parked|available)|buy this domain|the domain .{3,60} (?:is|may be) for sale|related searches:?$|domain has expired|该域名(?:正在|可)出售|account (?:has been )?suspended)"
        ),
    ),
)
_FEW_LINES = 40
_LITTLE = 1_500
_NOTHING = 120


def refuse_files(page: Page) -> None:
    """Raises ReadError where the body is empty, or is no HTML at all."""
    head = page.body[:2048].lstrip()
    if not head:
        raise ReadError(f"{page.url}: the page is empty", remedy="open it in a browser: a page that scripts fill has its text elsewhere")
    kind = foreign.kind_of(page.body, content_type=page.content_type)
    if kind is None and _FEED.match(head):
        kind = "a feed or a sitemap"
    if kind is None and head[:1] in (b"{", b"[") and b"<" not in head:
        kind = "JSON"
    if kind is not None:
        raise ReadError(
            f"{page.url}: this is {kind}, not an article page", remedy="publish the item from its row in the list: full_text: never"
        )


def refuse_looks(page: Page, title: str, lines: Sequence[Line], root: HtmlElement) -> None:
    """Raises ReadError where the page is a challenge, a login, an error or a parked domain. ``title`` is that of the document.

    A page with much text is none of them, whatever its title says: articles are written about logins and errors, too.
    """
    if sum(len(line.text) for line in lines) > _LITTLE * 4:
        return
    little = sum(len(line.text) for line in lines) < _LITTLE and len(lines) < _FEW_LINES
    for look in _LOOKS:
        shown = next((line.text for line in lines[:_FEW_LINES] if look.line.search(line.text[:200])), None) if little else None
        if look.title.search(title.strip()) and (little or shown) and not _is_prose(lines):
            raise ReadError(f"{page.url}: this looks like {look.name}: “{title.strip()[:80]}”", remedy=look.remedy)
        if shown and not _is_prose(lines):
            raise ReadError(f"{page.url}: this looks like {look.name}: “{shown[:80]}”", remedy=look.remedy)
    if _asks_password(root) and little and not _is_prose(lines):
        raise ReadError(f"{page.url}: this looks like a login page: it asks for a password and says little else", remedy=_LOOKS[1].remedy)


def refuse_nothing(page: Page, body: Body, lines: Sequence[Line]) -> None:
    """Raises ReadError where neither text nor a file nor an image was found, and the page says nothing around it either."""
    if not (body.text or body.images or body.enclosures) and sum(len(line.text) for line in lines) < _NOTHING:
        raise ReadError(
            f"{page.url}: no article was found: the page shows next to nothing",
            remedy="open it in a browser: a page that scripts fill has its text elsewhere",
        )


def _asks_password(root: HtmlElement) -> bool:
    return any((field.get("type") or "").lower() == "password" for field in root.iter("input"))


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether the page holds several sentences that could be an article's."""
    return sum(1 for line in lines if line.long or (len(line.text) > 100 and line.text[-1] in '.!?…。！？”"')) >= 3
