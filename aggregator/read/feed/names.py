"""What the elements of feeds are called: namespaces with their many spellings → one short name in lower case."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lxml import etree

Element = etree._Element  # noqa: SLF001 -- lxml has no public name for the class of its elements

ATOM: Final = "http://www.w3.org/2005/Atom"
XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RESOURCE: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"

PREFIXES: Final = MappingProxyType(
    {
        "http://www.w3.org/2005/atom": "",
        "http://purl.org/atom/ns#": "",
        "http://purl.org/atom/ns": "",
        "http://example.com/newformat#": "",
        "http://example.com/necho": "",
        "http://purl.org/echo": "",
        "uri/of/echo/namespace#": "",
        "http://purl.org/pie": "",
        "http://purl.org/rss/1.0": "",
        "http://purl.org/net/rss1.1#": "",
        "http://purl.org/net/rss1.1": "",
        "http://my.netscape.com/rdf/simple/0.9": "",
        "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
        "http://channel.netscape.com/rdf/simple/0.9": "",
        "http://blogs.law.harvard.edu/tech/rss": "",
        "http://cyber.law.harvard.edu/rss": "",
        "http://cyber.law.harvard.edu/rss/rss.html": "",
        "http://backend.userland.com/rss": "",
        "http://backend.userland.com/rss091": "",
        "http://backend.userland.com/rss2": "",
        "http://backend.userland.com/blogchannelmodule": "blogchannel:",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
        "http://purl.org/dc/elements/1.1": "dc:",
        "http://purl.org/dc/elements/1.0": "dc:",
        "http://purl.org/dc/terms": "dcterms:",
        "http://purl.org/rss/1.0/modules/content": "content:",
        "http://purl.org/rss/1.0/modules/syndication": "sy:",
        "http://purl.org/rss/1.0/modules/slash": "slash:",
        "http://purl.org/rss/1.0/modules/wiki": "wiki:",
        "http://search.yahoo.com/mrss": "media:",
        "http://tools.search.yahoo.com/mrss": "media:",
        "http://www.rssboard.org/media-rss": "media:",
        "http://video.search.yahoo.com/mrss": "media:",
        "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
        "http://example.com/dtds/podcast-1.0.dtd": "itunes:",
        "http://www.georss.org/georss": "georss:",
        "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo:",
        "http://wellformedweb.org/commentapi": "wfw:",
        "http://purl.org/syndication/thread/1.0": "thr:",
        "http://www.w3.org/1999/xhtml": "xhtml:",
        "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
        "http://webns.net/mvcb": "admin:",
        "http://prismstandard.org/namespaces/1.2/basic": "prism:",
        "http://prismstandard.org/namespaces/basic/2.0": "prism:",
        "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    }
)
"""Namespace, in lower case and without a final slash → prefix. What has none counts as part of RSS or Atom itself."""

WELL_KNOWN: Final = MappingProxyType(
    {
        "rss": "http://purl.org/rss/1.0/",
        "atom": "http://www.w3.org/2005/Atom",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "xhtml": "http://www.w3.org/1999/xhtml",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "wfw": "http://wellformedweb.org/CommentAPI/",
        "georss": "http://www.georss.org/georss",
        "thr": "http://purl.org/syndication/thread/1.0",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
    }
)
"""Prefix → the namespace that is meant where a feed forgets to say so."""


def short(element: Element) -> str:
    """``<{http://purl.org/dc/elements/1.1/}creator>`` → ``dc:creator``; elements of RSS and Atom have no prefix, those of strangers have ``?:``."""
    return short_of(element.tag)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def short_of(tag: str) -> str:
    """``short`` of the element that has this tag."""
    if tag[:1] != "{":
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    prefix = PREFIXES.get(namespace.lower().rstrip("/"), "?:")
    return prefix + local.lower()


def is_atom(element: Element) -> bool:
    """True for an element of Atom 0.3 or 1.0, whose texts say what type they are of."""
    return is_of_atom(element.tag)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def is_of_atom(tag: str) -> bool:
    """``is_atom`` of the element that has this tag."""
    if tag[:1] != "{":
        return False
    namespace = tag[1:].partition("}")[0].lower().rstrip("/")
    return namespace.endswith("/atom") or "purl.org/atom/" in namespace or "echo" in namespace or "newformat" in namespace


def adopt(root: Element) -> None:
    """A feed whose root is in a namespace that nobody knows: its elements are taken for those of RSS or Atom."""
    name = short(root)
    if name.startswith("?:") and name[2:] in ("rss", "feed", "rdf", "channel", "entry"):
        stranger = str(root.tag).partition("}")[0] + "}"
        for element in root.iter(f"{stranger}*"):
            element.tag = str(element.tag).removeprefix(stranger)
