"""Entry → Article: sanitized, canonical, bounded, with an id for life."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta

import nh3

from aggregator.model import Article, Enclosure, Entry, Precision, Source, Topic
from aggregator.refine import identity, topics
from aggregator.text import language, markup, unseen, urls

LONGEST_TITLE = 500
LONGEST_SUMMARY = 500
LONGEST_CONTENT = 1_000_000
"""Characters. Titles and summaries are cut at a word; content beyond its bound is given up for its plain beginning."""
MOST_REFERENCES = 50_000
MOST_TAGS = 200_000
"""Signs of content that begin a reference and a tag. More are given up for the plain beginning too: no text has them, and they take a parser seconds."""
MOST_AUTHORS = 20
MOST_CATEGORIES = 30
MOST_ENCLOSURES = 30

_EARLIEST = 1980
"""Dates before the web's prehistory are defaults of broken software, not publication dates."""
_LEAD = timedelta(days=2)
"""How far ahead a date may lie and still be called a publication date: clocks and zones are wrong by hours, not by weeks."""

_TAGS = frozenset(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th "
    "thead time tr tt u ul var wbr source audio video track".split()
)
_DROPPED = frozenset(
    "script style template noscript iframe object embed applet form button select textarea option svg math head title canvas frame frameset".split()
)
"""Elements that go with all that stands in them."""
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height", "srcset", "sizes", "style", "hidden"},
    "source": {"src", "srcset", "type", "media", "sizes"},
    "audio": {"src", "controls"},
    "video": {"src", "controls", "poster", "width", "height"},
    "track": {"src", "kind", "srclang", "label"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "time": {"datetime"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
_ADDRESSES = frozenset({"href", "src", "cite", "poster"})
_SCHEMES = {"http", "https", "mailto", "tel"}
_IMAGE = re.compile(r"<img [^<>]*>")
_REFERENCE = re.compile(r"&#?\w{1,32};")
_PIXEL = re.compile(r'\s(?:(?:width|height)="[01](?:px)?"|style="|hidden=")')
_CLOSED = re.compile("(?<=[。！？；：，、）」』】》]) ")
"""Such a mark has its space within: where a paragraph ends with it, the next one follows without another."""
_MOST_FILES = 20
_LABEL = re.compile(
    r"(?i)(?:\b(?:attachments?|anhang|anlagen?|pi[eè]ces? jointes?|adjuntos?|anexos?|allegat[oi]|załączniki?|приложени[ея]|файлы?)|附件|添付(?:ファイル)?|첨부(?:파일)?)?"
    r"\s?\d{0,2}\s?[:：.]?\s{0,3}$"
)
_LABEL_LENGTH = 40
_FILE = re.compile(
    r'(?i)<a href="[^"<>]{1,2000}\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|rar|7z)(?:[?#][^"<>]{0,500})?"[^<>]{0,300}>[^<>]{0,300}</a>(?:\s|</?\w{1,10}>)*'
)
"""A link to a file, with nothing but tags behind it; what stands before it is looked at only where there is one."""
_EMPTY = re.compile(r"<(p|div|span|figure|a)>\s*</\1>")
_HOLLOW = re.compile(r"(</?(?:p|div|span|figure|a)>)")
"""These three read what nh3 has written: lower case, quoted, no bracket inside an attribute."""


def normalize(
    entry: Entry, source: Source, *, now: datetime, key: bytes | None = None, hint: str | None = None, shelf: str | None = None
) -> Article:
    """What is stored of ``entry``. Deterministic: the same entry gives the same article, but for ``first_seen``, which is ``now``.

    ``key`` is what the entry is known by where its reading has told (see ``identity.identify``); None: found from the entry alone.
    ``hint`` is the language that its page claims as a whole: it decides only what the words leave open.
    ``shelf`` is what the list calls itself in which it stands: it tells what the article is for.
    ``published`` is None where the source does not say or says something impossible; then ``provenance`` tells.
    """
    provenance = dict(entry.provenance)
    base = entry.url or source.url
    content = sanitize(entry.content, base)
    summary = _summary(entry, content)
    text = entry.text if entry.text and entry.content is not None else _text(content)
    published, precision = _date(entry.published, entry.precision, now, provenance, "published")
    updated, _ = _date(entry.updated, None, now, provenance, "updated")
    title = _title(entry, summary or text, provenance)
    url = urls.clean(found) if entry.url and (found := urls.absolute(source.url, entry.url)) else None
    return Article(
        id=identity.uuid(key or identity.keys(entry, source)[0]),
        title=title,
        url=url,
        source=source.id,
        university=source.university,
        first_seen=now,
        published=published,
        updated=updated if updated and (published is None or updated > published) else None,
        precision=precision,
        authors=_names(entry.authors, MOST_AUTHORS),
        summary=summary or None,
        content=content or None,
        text=markup.legal(text or "") or None,
        image=urls.absolute(base, entry.image),
        language=_language(entry, source, f"{markup.plain(entry.title)} {text[:1000] or summary}", hint, provenance),
        categories=_names(entry.categories, MOST_CATEGORIES),
        topic=_topic(title, url, source, shelf, provenance),
        enclosures=_enclosures(entry.enclosures, base),
        provenance=provenance,
    )


def sanitize(content: str | None, base: str) -> str:
    """HTML that is safe to show anywhere: a fixed set of elements and attributes, absolute http(s) addresses, no scripts, styles, forms, frames, trackers.

    Addresses that are still relative are resolved against ``base``.
    """
    if not content:
        return ""
    content = markup.short_tags(markup.legal(content))
    if len(content) > LONGEST_CONTENT or content.count("&") > MOST_REFERENCES or content.count("<") > MOST_TAGS:
        content = f"<p>{nh3.clean_text(cut(markup.plain(content[:LONGEST_CONTENT]), LONGEST_CONTENT // 10))}</p>"
    if "<" not in content:
        return content if "&" not in content else markup.legal(nh3.clean(content))
    _BASE.set(base)
    cleaned = markup.legal(_CLEANER.clean(markup.untangled(content)))
    if "<img " in cleaned:
        cleaned = _IMAGE.sub(lambda image: "" if _PIXEL.search(image[0]) else image[0], cleaned)
    return _without_empty(cleaned).strip()


def _without_empty(cleaned: str) -> str:
    """Without elements that hold nothing, nor only such elements."""
    if not _EMPTY.search(cleaned):
        return cleaned
    kept: list[str] = []
    for number, piece in enumerate(_HOLLOW.split(cleaned)):
        ends = number % 2 and piece.startswith("</")
        if ends and (start := _start(kept)) >= 0 and kept[start] == piece.replace("/", ""):
            del kept[start:]
        elif piece:
            kept.append(piece)
    return "".join(kept)


def _start(kept: list[str]) -> int:
    """The place of the last piece that is not blank; -1 where there is none."""
    last = len(kept) - 1
    while last >= 0 and not kept[last].strip():
        last -= 1
    return last


def _attribute(name: str, value: str, base: str) -> str | None:
    if name in _ADDRESSES:
        if value.lower().startswith(("mailto:", "tel:")):
            return value if name == "href" else None
        return urls.absolute(base, value)
    if name == "srcset":
        return _srcset(value, base)
    if name == "style":  # stays where it hides its picture, and goes with it
        return "" if unseen.is_unseen(value) else None
    return value


_BASE: ContextVar[str] = ContextVar("base")
"""Of the content that is being cleaned."""
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes=_ATTRIBUTES,
    attribute_filter=lambda _, name, value: _attribute(name, value, _BASE.get()),
    url_schemes=_SCHEMES,
    strip_comments=True,
    link_rel=None,
)
"""Made once: making it takes twice as long as cleaning an article."""


def _srcset(value: str, base: str) -> str | None:
    """Candidates of an image (HTML §4.8.4.2.1), those with a usable address."""
    found = ((urls.absolute(base, address), size) for address, size in markup.candidates(value))
    return ", ".join(f"{address} {size}".strip() for address, size in found if address) or None


def _title(entry: Entry, text: str, provenance: dict[str, str]) -> str:
    """Readers need something to click on: without a title the first words of the text serve, then the address."""
    if title := cut(_resolved(markup.plain(entry.title)), LONGEST_TITLE):
        return title
    provenance["title"] = "none given: the beginning of the text" if text else "none given: its address"
    address = (entry.url or entry.id or "").partition("://")[2]
    return markup.legal(cut(" ".join(text.split()), 100) or cut(address, 100)) or "…"


def _resolved(title: str) -> str:
    """Without references that its origin escaped twice or three times: "Q&amp;amp;A" is no rarity. Only whole ones, which end with a semicolon."""
    for _ in range(2):
        if "&" not in title or (plainer := markup.line(_REFERENCE.sub(lambda found: html.unescape(found[0]), title))) == title:
            break
        title = plainer
    return title


def _summary(entry: Entry, content: str) -> str:
    """Plain text: the origin's own summary where it has one, else the beginning of the content."""
    if summary := _untagged(markup.plain(entry.summary)):
        return cut(summary, LONGEST_SUMMARY)
    beginning = _unattached(content) if len(content) <= LONGEST_SUMMARY * 20 else content[: LONGEST_SUMMARY * 20]
    return cut(_CLOSED.sub("", _untagged(markup.plain(beginning) or markup.plain(content))), LONGEST_SUMMARY)


def _unattached(content: str) -> str:
    """``content`` without the links to files with which it ends: those are attachments, and name no more than that."""
    for _ in range(_MOST_FILES):
        start = content.rfind("<a ")
        if start < 0 or not _FILE.fullmatch(content, start):
            break
        label = max(0, start - _LABEL_LENGTH)
        content = content[:label] + _LABEL.sub("", content[label:start])
    return content


def _untagged(text: str) -> str:
    """Text that shows tags, escaped once or more often by its origin. In a summary they are noise, and a danger where somebody takes it for HTML."""
    for _ in range(3):
        if ("<" not in text and "&" not in text) or (plainer := markup.plain(text)) == text:
            break
        text = plainer
    return text


def cut(text: str, most: int) -> str:
    """At most ``most`` characters, cut at a space where one is near, with an ellipsis where something is missing."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    space = head.rfind(" ", most * 3 // 4)
    return f"{head[:space] if space > 0 else head}…"


def _text(content: str) -> str:
    return markup.text_in(content) if "<" in content else markup.plain(content)


def _date(
    value: datetime | None, precision: Precision | None, now: datetime, provenance: dict[str, str], name: str
) -> tuple[datetime | None, Precision | None]:
    if value is None:
        return None, None
    if value.year < _EARLIEST or value > now + _LEAD:
        provenance[name] = f"not believed: {value.isoformat()}"
        return None, None
    return value, precision if name == "published" else None


def _names(values: Iterable[str], most: int) -> tuple[str, ...]:
    names = (cut(markup.plain(value), 200) for value in values)
    return tuple(dict.fromkeys(name for name in names if name))[:most]


def _topic(title: str, url: str | None, source: Source, shelf: str | None, provenance: dict[str, str]) -> Topic:
    """What the operator says of all its articles, else what the article itself looks like."""
    if source.topic is not None:
        provenance["topic"] = "configuration"
        return source.topic
    found = topics.classify(title, url=url, shelf=" | ".join(filter(None, (source.title, shelf))))
    if found != "news":
        provenance["topic"] = "words of its title, its list or its address"
    return found


def _enclosures(files: Iterable[Enclosure], base: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for file in files:
        if (address := urls.absolute(base, file.url)) is not None:
            kind = file.type if file.type and re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,80}", file.type) else None
            length = file.length if file.length is not None and 0 < file.length < 1 << 50 else None
            found.setdefault(address, replace(file, url=address, type=kind, length=length, title=markup.plain(file.title) or None))
    return tuple(found.values())[:MOST_ENCLOSURES]


_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _language(entry: Entry, source: Source, text: str, hint: str | None, provenance: dict[str, str]) -> str | None:
    """What the operator says, then what the entry says of itself, then what its words look like."""
    for said, where in ((source.language, "configuration"), (entry.language, provenance.get("language", "the source"))):
        tag = (said or "").strip().replace("_", "-")
        if _TAG.fullmatch(tag):
            provenance["language"] = where
            return tag
    found = language.detect(text, hint=hint)
    if found:
        provenance["language"] = "detected from the text"
    return found


def merge(row: Entry, page: Entry) -> Entry:
    """One entry from its row in a list and from its article page. The page knows better, except for the address and a guid given by the row.

    A title that the list gives in full beats a page's; a date with a time beats a day.
    """
    provenance: Mapping[str, str] = {**row.provenance, **page.provenance}
    published, precision = row.published, row.precision
    if page.published and (
        row.published is None or (row.precision == "day" and page.precision != "day" and page.published.date() == row.published.date())
    ):
        published, precision = page.published, page.precision
    elif row.published:
        provenance = {**provenance, "published": row.provenance.get("published", "the list")}
    if row.title and not row.title.endswith(("…", "...")):
        provenance = {**provenance, "title": row.provenance.get("title", "the list")}
        title: str | None = row.title
    else:
        title = page.title or row.title
    return replace(
        page,
        title=title,
        url=row.url or page.url,
        id=row.id,
        published=published,
        precision=precision,
        authors=page.authors or row.authors,
        summary=row.summary or page.summary,
        image=page.image or row.image,
        language=page.language or row.language,
        categories=tuple(dict.fromkeys((*row.categories, *page.categories))),
        enclosures=page.enclosures or row.enclosures,
        provenance=provenance,
    )
