"""What stands among the paragraphs of an article and is none of them: bylines, dates, counters, share bars, links to the next article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from aggregator.read.article import weigh
from aggregator.read.article.title import fold
from aggregator.read.article.write import ASIDE, Paragraph
from aggregator.text import bylines, furniture

_SHORT = 120

_ANYWHERE: Final = re.compile(
    r"(?ix)^\W{0,4}(?:"
    r"advertisement|advertising|anzeige|werbung|publicidad|publicité|pubblicità|реклама|广告|広告|ad|story\s+continues\s+below.{0,40}|article\s+continues\s+(?:after|below).{0,40}|continue\s+reading.{0,60}|scroll\s+to\s+continue.{0,20}"
    r"|share(?:\s+(?:this|on|via|the)\b.{0,60})?|teilen(?:\s+.{0,40})?|compartir(?:\s+.{0,40})?|partager(?:\s+.{0,40})?|condividi(?:\s+.{0,40})?|поделиться.{0,40}|分享到?[:：]?.{0,40}|シェア(?:する)?|공유하기?"
    r"|facebook|twitter|whatsapp|linkedin|e-?mail|pinterest|reddit|tweet|copy\s+link|link\s+copied|print|drucken|imprimir|imprimer|打印(?:本页)?|关闭(?:窗口)?|【?打印】?\s?【?关闭】?|返回(?:顶部|列表)?"
    r"|loading\W{0,5}|play\s+video|(?:listen|save|follow|comments?|\d+\s+comments?|kommentare?|comentarios?|commentaires?|leave\s+a\s+(?:comment|reply)|post\s+a\s+comment|join\s+the\s+conversation|view\s+(?:all\s+)?comments)"
    r"|\d{1,3}\s?-?\s?min(?:ute)?s?\.?\s?(?:read|de\s+lectura|de\s+lecture|di\s+lettura|lesezeit|чтения)?|lesezeit.{0,30}|reading\s+time.{0,30}"
    r"|(?:上一篇|下一篇|上一条|下一条|前一篇|后一篇|前の記事|次の記事|이전글|다음글|previous(?:\s+(?:post|article|story))?|next(?:\s+(?:post|article|story))?|older|newer|vorheriger|nächster|предыдущая|следующая)\s{0,2}(?:[:：»«›‹→←].{0,120})?"
    r"|(?:tags?|keywords?|schlagw(?:ö|oe)rter|schlagworte|stichworte|themen|topics?|filed\s+under|posted\s+in|categor(?:y|ies)|etiquetas|метки|теги|标签|标签云|关键词|关键字|キーワード|タグ|태그)\s{0,2}[:：].{0,200}"
    r"|(?:subscribe|sign\s+up|newsletter|follow\s+us|get\s+the\s+latest|download\s+(?:the|our)\s+app|join\s+our|abonnieren|suscríbete|inscrivez-vous)\b.{0,80}"
    r")\W{0,4}$"
)
_CREDIT: Final = re.compile(
    r"(?i)^\W{0,3}(?:(?:image|photo|picture|video|foto|bild|illustration|screenshot|图片?|图源)s?\s?(?:credits?|sources?|by|via|courtesy of|来源)?\s{0,2}[:：/©]|credit[:：]|©|enlarge this image|hide caption|toggle caption|getty images|via getty)|(?:getty images|/reuters|/afp|/ap photo|shutterstock|istock(?:photo)?)\W{0,3}$"
)
_LEGAL: Final = re.compile(
    r"(?i)^\W{0,3}(?:copyright|©|\(c\) ?(?:19|20)\d\d|all rights reserved|版权(?:所有|声明)|alle rechte|tous droits|todos los derechos|все права|無断転載|this (?:material|article) may not be|the views expressed|disclaimer[:：]|免责声明|网站声明|本站声明)"
)
_COLON = re.compile(r"[:：;；\"»)）』」]\s*$")
_END = re.compile(r"[.!?…。！？:：;；”\"»)）』」]\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[:.]\d\d\b|\bago\b|\d{1,2}[./-]\d{1,2}|\d月")
_ZONE = re.compile(r"\((?:GMT|UTC)\s?[+-]?\d{0,2}(?::\d\d)?\)\s*$")
_MOMENT = re.compile(
    r"(?i)\W{0,3}(?:(?:first |last )?(?:published|updated|posted|modified|created)|veröffentlicht|aktualisiert|stand|erstellt|publié|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|опубликовано|обновлено|发布|更新|公開|日期|时间)"
)


def surplus(paragraphs: Sequence[Paragraph], title: str | None) -> set[Paragraph]:
    """The paragraphs that are no text of the article."""
    found = {paragraph for paragraph in paragraphs if _is_noise(paragraph)} | set(_links(paragraphs)) | set(_related(paragraphs))
    kept = [paragraph for paragraph in paragraphs if paragraph not in found]
    return found | set(_head(kept, title)) | set(_tail(kept))


def _links(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs between those of the text that are one link to another article, and lists of nothing but links."""
    if sum(map(_is_prose, paragraphs)) < 4:
        return []
    found: list[Paragraph] = []
    items: list[Paragraph] = []
    for paragraph in [*paragraphs, None]:
        if paragraph is not None and paragraph.holder == "li":
            items.append(paragraph)
            continue
        if len(items) > 2 and all(_is_link(item) for item in items):
            found += items
        items = []
        if paragraph is not None and paragraph.holder == "" and paragraph.tag == "p" and _is_link(paragraph) and len(paragraph.text) > 24:
            found.append(paragraph)
    return found


def _related(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The labels behind the text that announce other articles, each with the links and teasers under it."""
    first = next((number for number, paragraph in enumerate(paragraphs) if _is_prose(paragraph)), len(paragraphs))
    found: list[Paragraph] = []
    for number, paragraph in enumerate(paragraphs[first:], first + 1):
        if paragraph.holder == "" and len(paragraph.text) < _LABEL_LENGTH and _announces(paragraph.text):
            teasers = _teasers(paragraphs[number:])
            found += [paragraph, *teasers] if teasers else []
    return found


def _announces(text: str) -> bool:
    return furniture.OTHERS.fullmatch(text) is not None or furniture.READ_ON.match(text) is not None


def _teasers(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Those with which ``paragraphs`` begin: items of a list that is led by a link, or three links and more with a line or two between them."""
    links = [number for number, paragraph in enumerate(paragraphs) if _is_link(paragraph)]
    if not links or links[0] > _MOST_BETWEEN:
        return ()
    if paragraphs[links[0]].holder == "li":
        return paragraphs[: next((number for number, paragraph in enumerate(paragraphs) if paragraph.holder != "li"), len(paragraphs))]
    far = (number for number, (one, two) in enumerate(pairwise(links), 1) if two - one > _MOST_BETWEEN + 1)
    close = links[: next(far, len(links))]
    told = sum(bool(paragraph.text) for paragraph in paragraphs[close[0] + 1 : close[1]]) if len(close) > 2 else 0
    under = paragraphs[: close[-1] + 1 + told]
    longest = 0 if len(close) < 3 else _LONGEST_TEASER
    return () if any(len(paragraph.text) > longest and not _is_link(paragraph) for paragraph in under) else under


_LABEL_LENGTH, _LONGEST_TEASER, _MOST_BETWEEN = 40, 240, 2


def _is_link(paragraph: Paragraph) -> bool:
    return (
        bool(paragraph.text) and paragraph.linked > 0.85 * len(paragraph.text) and not _is_file(paragraph) and "://" not in paragraph.text
    )


def is_scrap(text: str) -> bool:
    """Whether a line by the title is no sentence of the article: a byline, a date, a counter, a label."""
    weight = weigh.width(text)
    if weight < 60 or (weight < 100 and not _END.search(text)):
        return True
    return bool(len(text) < _SHORT and (bylines.credits(text) or _MOMENT.match(text) or _CREDIT.search(text))) or bool(
        _ANYWHERE.match(text)
        or _LEGAL.match(text)
        or furniture.READ_ON.match(text)
        or furniture.is_furniture(text)
        or furniture.is_data(text)
    )


def is_sentence(text: str) -> bool:
    """Whether a line under the title is a sentence, however short, and not a byline, a date or a label."""
    return len(text) <= 300 and _END.search(text) is not None and weigh.width(text) >= 20 and not _COLON.search(text) and is_told(text)


def is_told(text: str) -> bool:
    """Whether a line can be one of the text, be it a sentence or not: it tells nothing of who wrote it and when, and leads nowhere."""
    return not (
        bylines.credits(text)
        or _MOMENT.match(text)
        or _CREDIT.search(text)
        or _ANYWHERE.match(text)
        or furniture.is_furniture(text)
        or furniture.is_data(text)
        or _LEGAL.search(text)
        or furniture.READ_ON.match(text)
    )


def _is_noise(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if not text or len(text) > 300:
        return False
    if _ANYWHERE.match(text) or _LEGAL.match(text) or (paragraph.holder not in _CELLS and furniture.is_furniture(text)):
        return True
    linked = paragraph.linked > 0.5 * len(text)
    if furniture.READ_ON.match(text) and (linked or len(text) < 40):
        return True
    return len(text) < _SHORT and bool(_CREDIT.search(text)) and paragraph.tag not in _HEADINGS and paragraph.holder not in ASIDE


_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())


def _head(paragraphs: Sequence[Paragraph], title: str | None) -> list[Paragraph]:
    """What precedes the first real paragraph: the title and all before it, then bylines, dates and scraps."""
    first = next((number for number, paragraph in enumerate(paragraphs) if _is_prose(paragraph)), None)
    if first is None:
        first = len(paragraphs)
    found: list[Paragraph] = []
    folded = fold(title or "")
    titled = next(
        (number for number, paragraph in enumerate(paragraphs[: first + 1]) if folded and _is_title(paragraph.text, folded)), None
    )
    for number, paragraph in enumerate(paragraphs[: max(first, (titled or -1) + 1)]):
        if (titled is not None and number <= titled) or (paragraph.text and _is_meta(paragraph, strict=titled is None)):
            found.append(paragraph)
    return found


def _is_title(text: str, folded: str) -> bool:
    """Whether a line is the title, perhaps behind a kicker of a word: 原创."""
    said = fold(text)
    return said.endswith(folded) and len(said) <= len(folded) + _KICKER


_KICKER = 4


def _is_meta(paragraph: Paragraph, *, strict: bool) -> bool:
    text = paragraph.text
    if len(text) > _SHORT or paragraph.tag in _HEADINGS or paragraph.holder in _CELLS or paragraph.holder in ASIDE:
        return False
    if bylines.credits(text) or furniture.is_data(text) or paragraph.linked > 0.7 * len(text):
        return True
    if _MOMENT.match(text) and _YEAR.search(text):
        return True
    if _YEAR.search(text) and (not _END.search(text) or _ZONE.search(text)) and weigh.width(text) < 70:
        return True
    return not strict and not _END.search(text) and weigh.width(text) < 40 and paragraph.holder == ""


def _tail(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """What follows the last real paragraph: bylines, lists of links, headings without text."""
    last = max((number for number, paragraph in enumerate(paragraphs) if _is_prose(paragraph)), default=-1)
    if last < 0:
        return []
    found: list[Paragraph] = []
    for paragraph in paragraphs[last + 1 :]:
        text = paragraph.text
        if not text or paragraph.holder in _CELLS or paragraph.holder in ASIDE:
            continue
        if (paragraph.linked > 0.7 * len(text) and not _is_file(paragraph)) or (
            len(text) < _SHORT and (bylines.credits(text) or furniture.is_data(text))
        ):
            found.append(paragraph)
    dropped = set(found)
    kept = [paragraph for paragraph in paragraphs if paragraph.text and paragraph not in dropped]
    while kept and kept[-1].tag in _HEADINGS:
        found.append(kept.pop())
    return found


def _is_file(paragraph: Paragraph) -> bool:
    return (
        paragraph.files > 0
        or furniture.ATTACHED.search(paragraph.text) is not None
        or re.search(r"(?i)\.(?:pdf|docx?|xlsx?|zip|rar|pptx?)\b", paragraph.text) is not None
    )


def _is_prose(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.tag in _HEADINGS or paragraph.holder in ASIDE:
        return False
    return (
        weigh.width(text) - paragraph.linked >= 60
        and (_END.search(text) is not None or weigh.width(text) > 140)
        and not (len(text) < _SHORT and (bylines.credits(text) or furniture.is_data(text)))
    )
