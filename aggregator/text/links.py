"""What a link in a page leads to, wherever its author hid the address."""

from __future__ import annotations

import re
from typing import Final, cast
from urllib.parse import unquote

from lxml import etree
from lxml.html import HtmlElement

from aggregator.text import urls

MIRRORED: Final = ("tppabs", "data-original-href")
"""Attributes in which site copiers keep the address of the live page; they win over ``href``, which leads into the copy."""

SPARE: Final = (
    "data-href",
    "data-url",
    "data-link",
    "data-target-url",
    "data-permalink",
    "data-ajax-href",
    "data-clickable-href",
    "_href",
    "ng-href",
    "xlink:href",
)
"""Attributes in which scripts keep an address; read where ``href`` leads nowhere."""

_CONTROLS = frozenset({"a", "button", "input", "option", "select", "form", "body", "html", "area"})
_CLICKABLE = etree.XPath("//*[@onclick or " + " or ".join(f"@{name}" for name in SPARE if ":" not in name) + "]")

_SCRIPTED = re.compile(
    r"(?:window\.open|location(?:\.href|\.assign|\.replace)?|self\.location|\w{0,20}(?:open|goto|jump|link|href|url|redirect|view|detail|show)\w{0,20})"
    r"\s{0,5}[=(]\s{0,5}(['\"])([^'\"<>]{1,2000})\1",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:https?:)?//|^\.{0,2}/|^\?|[/?=]|\.(?:s?html?|jhtml|php|aspx?|jsp|do|pdf|action)\b", re.IGNORECASE)
_NOWHERE = re.compile(
    r"(?i)^(?:#|$|about:|javascript:|void\b|mailto:|tel:|sms:|fax:|data:|blob:|file:|callto:|skype:|whatsapp:|weixin:|tencent:|ftp:|view-source:|intent:)"
)
_TEMPLATE = re.compile(r"\{\{|\}\}|<%|%>|\$\{|\[%")
_ROUTE = re.compile(r"^#!?/")


def target(element: HtmlElement, base: str) -> str | None:
    """The absolute http(s) address to which a browser goes when ``element`` is clicked; None where it stays.

    Read in this order: the mirror attribute of a site copier, ``href``, the address in a script (``href="javascript:…"`` or ``onclick``), attributes
    kept for scripts. Fragments of the page itself, mail, telephone and unfilled templates lead nowhere.
    """
    for name in MIRRORED:
        mirrored = element.get(name)
        if mirrored and mirrored.startswith(("http://", "https://")):
            return urls.absolute(base, mirrored)
    href = (element.get("href") or "").strip()
    if not _NOWHERE.match(href) or _ROUTE.match(href):
        return _usable(base, href)
    found = _scripted(href) if href[:11].lower() == "javascript:" else None
    found = found or _scripted(element.get("onclick") or "")
    if found is None:
        found = next((value for name in SPARE if (value := (element.get(name) or "").strip()) and not _NOWHERE.match(value)), None)
    return _usable(base, found) if found else None


def clickables(root: HtmlElement) -> list[HtmlElement]:
    """The elements that are no ``<a>`` but work like a link: they have a script or an attribute that may hold an address."""
    return [element for element in cast("list[HtmlElement]", _CLICKABLE(root)) if element.tag not in _CONTROLS]


def _scripted(script: str) -> str | None:
    """The address in a line of JavaScript such as ``window.open('/info/1.htm')``."""
    if not script:
        return None
    text = unquote(script[:4000]) if "%27" in script or "%22" in script else script[:4000]
    for match in _SCRIPTED.finditer(text):
        if _ADDRESS.search(match[2]):
            return match[2].strip()
    return None


def _usable(base: str, reference: str) -> str | None:
    return None if _TEMPLATE.search(reference) else urls.absolute(base, reference)
