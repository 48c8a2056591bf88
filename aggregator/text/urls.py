"""Addresses: resolved as a browser does, cleaned of tracking, reduced to what identifies a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

LONGEST = 4_000
"""Longer addresses are not published: no browser and no feed reader is sure to take them."""

_WEB = frozenset({"http", "https"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_TRACKING = re.compile(
    r"(?:utm_\w+|itm_\w+|mtm_\w+|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|mc_[ce]id|fb_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|yclid|ysclid|ymclid|_openstat"
    r"|msclkid|twclid|ttclid|igshid|igsh|li_fat_id|srsltid|vero_\w+|_hs\w+|hsctatracking|wickedid|oly_\w+|rb_clickid|s_cid|mkt_tok|trk_\w+|spm|from_source"
    r"|jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken|sid_session|zenid|session_?id|sessid|_ga|_gl|ga_\w+|zanpid|guce\w*|at_(?:campaign|medium|custom\w*)|cmpid|wt_mc|wt_zmc|xtor)",
    re.IGNORECASE,
)
_FEED = re.compile(r"(?i)(^|[/._-])(rss|atom|feed|feeds)([/._-][a-z0-9]{0,5})?/?$|\.(xml|rss|atom|rdf)$")
"""Paths that promise a feed."""
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9-]{1,63}\.){1,9}[a-z0-9-]{1,63}(?::[1-9][0-9]{0,3})?/(?!\.)[A-Za-z0-9/_.~%+,;:!$'()*@&=-]*(?:\?[A-Za-z0-9/_.~%+,;:!$'()*@&=-]+)?(?:#[A-Za-z0-9/_.~%+,;:!$'()*@&=-]+)?"
)
_ROOTED = re.compile(r"/(?:[A-Za-z0-9_~%+,:!$'()*@&=-][A-Za-z0-9/_~%+,:!$'()*@&=-]*(?:\.[A-Za-z0-9_~%+,;:!$'()*@&=-]+)*)?")
"""The path of a page on the same host, without anything to mend or to resolve: no empty or dotted segment at its begin, no query."""
_UNSAFE = re.compile('[\\s"<>\\\\^`{|}\ud800-\udfff\ufffe\uffff]')


def absolute(base: str, reference: str | None) -> str | None:
    """``reference`` as a browser standing on ``base`` follows it; None unless that is an http(s) address with a host.

    Follows the URL Standard where it matters to pages in the wild: white space around, line ends and tabs inside, and backslashes are mended.
    """
    if reference is None:
        return None
    if len(reference) <= LONGEST and _PLAIN.fullmatch(reference):
        return reference
    reference = _CONTROLS.sub("", reference.strip())
    if not reference:
        return None
    if _ROOTED.fullmatch(reference) and (origin := _origin(base)) and len(origin) + len(reference) <= LONGEST:
        return origin + reference
    if "\\" in reference and not reference.lower().startswith("data:"):
        head, mark, tail = reference.partition("?")
        reference = head.replace("\\", "/") + mark + tail
    if reference[:6].lower() in ("http:/", "https:") and not re.match(r"(?i)https?://", reference):
        reference = re.sub(r"(?i)^(https?):/*", r"\1://", reference)
    try:
        joined = urljoin(base, reference)
        parts = urlsplit(joined)
        if parts.scheme.lower() not in _WEB or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    found = _safe(parts)
    return found if len(found) <= LONGEST else None


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    """Scheme and host of a page, where they are such that nothing need be mended in them."""
    found = _ORIGIN.match(base)
    return found[0][:-1] if found else None


_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]{1,63}\.){1,9}[a-z0-9-]{1,63}(?::[1-9][0-9]{0,3})?/")


def _safe(parts: SplitResult) -> str:
    """Characters that no address may hold are percent-encoded, and passwords are taken out; the rest stays as the origin wrote it."""
    netloc = parts.netloc.rpartition("@")[2]
    path = parts.path or "/"
    while path.startswith(("/../", "/./")):
        path = path[path.index("/", 1) :]
    text = urlunsplit((parts.scheme.lower(), netloc.lower(), path, parts.query, parts.fragment))
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode(errors="replace")), text)


_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[A-Za-z0-9!._~-]*", re.IGNORECASE)
"""Java servers write the visitor into the path; without cookies each visit has another one."""


def clean(url: str) -> str:
    """The address without parameters that only count visitors. What remains is in its own order."""
    if ";" in url:
        url = _SESSION.sub("", url)
    if "?" not in url and "#" not in url:
        return url
    parts = urlsplit(url)
    query = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.fullmatch(pair.partition("=")[0]))
    fragment = "" if _TRACKING.match(parts.fragment) else parts.fragment
    return urlunsplit(parts._replace(query=query, fragment=fragment))


_BARE = re.compile(r"https?://(?:www\.)?((?:[a-z0-9-]+\.)+[a-z0-9-]+(?::(?!(?:80|443)/)[1-9][0-9]{0,3})?)(/[A-Za-z0-9/_.~-]*)")
"""An address that is its own key, but for its scheme, ``www.`` and its final slash."""


@lru_cache(maxsize=4_096)  # an entry, its guid and its source are asked for one after the other
def key(url: str) -> str:
    """What identifies the page behind an address: the same for http and https, with and without ``www.``, final slash, tracking, default port;
    and however its path is escaped.

    The fragment is dropped unless it routes (``#/news/1``, ``#!news``).
    """
    if bare := _BARE.fullmatch(url):
        return f"{bare[1]}{bare[2].rstrip('/')}"
    try:
        parts = urlsplit(clean(url))
        port = parts.port
    except ValueError:  # no address at all, such as http://site:page.html/
        return url
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = unquote(parts.path.rstrip("/")) if "%" in parts.path else parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{host}{path}{query}{fragment}"


def is_above(url: str, page: str) -> bool:
    """Whether ``url`` is a folder in which ``page`` lies, or the front page of its site: a link that leads up, and to no item of a list."""
    up = key(url)
    return "?" not in up and "#" not in up and key(page).startswith(f"{up}/")


def promises_feed(url: str) -> bool:
    """Whether a feed is to be expected there, as far as an address can tell."""
    return _FEED.search(url.partition("://")[2].partition("/")[2].partition("?")[0]) is not None


class Server(NamedTuple):
    """Whom an address asks."""

    scheme: str
    host: str | None
    """Lower case."""
    port: int | None
    """None: that of the scheme."""


_SERVER = re.compile(r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::([0-9]{1,4}))?(?=[/?#]|\Z)")


@lru_cache(maxsize=1024)  # asked by the guard, for robots.txt and for the turn of the host, one after the other
def server(url: str) -> Server:
    """Raises ValueError where it cannot be read as an address."""
    if plain := _SERVER.match(url):
        return Server(plain[1], plain[2], int(plain[3]) if plain[3] else None)
    parts = urlsplit(url)
    return Server(parts.scheme, parts.hostname, parts.port)


@lru_cache(maxsize=4_096)
def host(url: str) -> str:
    """The host to be polite to: lower case, with its port where that is not the default; empty where there is none."""
    try:
        _, name, port = server(url)
    except ValueError:
        return ""
    name = (name or "").rstrip(".")
    return name if port in (None, 80, 443) else f"{name}:{port}"
