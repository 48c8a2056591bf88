"""What a site calls itself: its own word for it, or the title of its front page without what every front page says. Pure."""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from aggregator.text import markup, newswords

_DECLARED: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_LONGEST: Final = 120
_BETWEEN: Final = re.compile(r"\s+[-–—|·•»›>:/]+\s+|\s*(?:[|｜»]|::|——)\s*|(?<=[^\W\d_a-zA-Z])[-_–—](?=[^\W\d_a-zA-Z])|\s*_\s*")
"""What stands between the parts of a title; a dash without spaces only where no Latin word is split by it."""

HOME: Final = {
    "en": "home|home page|homepage|main|main page|start|start page|index|welcome|official website|official site|untitled document",
    "zh": "首页|主页|网站首页|官网|官方网站|首頁|主頁|欢迎您|欢迎访问",
    "ja": "ホーム|ホームページ|トップ|トップページ|公式サイト",
    "ko": "홈|메인|홈페이지|대표홈페이지",
    "ru": "главная|главная страница|официальный сайт|добро пожаловать|начало",
    "uk": "головна|головна сторінка|офіційний сайт",
    "de": "start|startseite|home|willkommen|hauptseite",
    "fr": "accueil|page d'accueil|page d’accueil|bienvenue|site officiel",
    "es": "inicio|página principal|página de inicio|portada|bienvenidos|principal",
    "pt": "início|página inicial|principal|bem-vindo",
    "it": "home|pagina iniziale|pagina principale|benvenuti|homepage",
    "nl": "home|startpagina|welkom|hoofdpagina",
    "pl": "strona główna|strona startowa|witamy",
    "cs": "domů|úvod|úvodní stránka|hlavní stránka",
    "sk": "domov|úvod|úvodná stránka",
    "sv": "hem|start|startsida|startsidan",
    "no": "hjem|forside|forsiden|heim",
    "da": "forside|forsiden|hjem",
    "fi": "etusivu|koti",
    "hu": "főoldal|kezdőlap|nyitólap|címlap",
    "ro": "acasă|pagina principală",
    "bg": "начало|начална страница",
    "sr": "почетна|почетна страна|почетна страница|насловна|početna|naslovna",
    "hr": "naslovnica|početna stranica",
    "el": "αρχική|αρχική σελίδα",
    "tr": "anasayfa|ana sayfa|giriş",
    "ar": "الرئيسية|الصفحة الرئيسية",
    "fa": "صفحه اصلی|خانه|صفحه نخست",
    "he": "דף הבית|עמוד הבית|ראשי",
    "vi": "trang chủ",
    "id": "beranda|halaman utama",
    "th": "หน้าแรก|หน้าหลัก",
    "hi": "मुख्य पृष्ठ|होम",
}
"""What front pages are called: by language, in small letters."""
_SAYS_NOTHING: Final = frozenset(word for words in (*HOME.values(), *newswords.NEWS.values()) for word in words.split("|"))
_WELCOME: Final = re.compile(
    r"(?i)^(?:welcome to(?: the)?|willkommen (?:an der|auf|bei|beim|zur|zum)|bienvenue (?:à|sur) (?:la |le |l['’])?|欢迎(?:访问|光临|您访问)|добро пожаловать (?:в|на сайт))\s*"
)


def site_name(root: HtmlElement, title: str | None) -> str | None:
    """``title``: of the page. None where neither says anything."""
    for element in root.iter("meta"):
        if (element.get("property") or element.get("name") or "").strip().lower() in _DECLARED:
            declared = bare(markup.plain(element.get("content")) or "")
            if declared:
                return declared
    return bare(title or "") or None


def bare(title: str) -> str:
    """``title`` without the parts that only say that this is a front page, or one of news; empty where nothing else is there."""
    parts = [_WELCOME.sub("", part.strip()) for part in _BETWEEN.split(title)]
    if all(part.lower().strip(" !。.") not in _SAYS_NOTHING for part in parts if part) and len(parts) > 1:
        return _WELCOME.sub("", " ".join(title.split()))[:_LONGEST]
    return next((part for part in parts if part and part.lower().strip(" !。.") not in _SAYS_NOTHING), "")[:_LONGEST]
